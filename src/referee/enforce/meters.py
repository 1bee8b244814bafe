"""Limits and built-in counters as accounts of a store.

Rule 1: a counter that a rule reads includes the action that is being decided.
Rule 2: only what the loaded rules mention is counted, and only from the moment they are loaded.
Rule 3: what a decision read is a condition of its postings: if somebody else spent in between, it is decided again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, NamedTuple

from referee.engine.conditions import facts_of
from referee.engine.operators import whole
from referee.engine.usage import total
from referee.model.decision import Decision
from referee.model.facts import Fact
from referee.model.programs import Limit, Policies, Rule
from referee.model.request import Request
from referee.state.protocol import Account, Amount, Posting, Row

_COUNTER: Final = "counter."
_LIMIT: Final = "limit."
_REPEATED: Final = "counter.repeated_calls"
_MEMO: Final = 4096


class Recipe(NamedTuple):
    """How a built-in counter is kept: its window, whether its owner is the run or the agent, and what it adds."""

    window: str
    per_run: bool
    adds: str


_RECIPES: Final[dict[str, Recipe]] = {
    "cost_in_run": Recipe("run", True, "cost"),
    "cost_this_hour": Recipe("hour", False, "cost"),
    "cost_today": Recipe("day", False, "cost"),
    "cost_this_month": Recipe("month", False, "cost"),
    "tool_calls_in_run": Recipe("run", True, "tool_call"),
    "calls_last_minute": Recipe("60s", False, "call"),
    "denials_in_run": Recipe("run", True, "denial"),
    "repeated_calls": Recipe("run", True, "repeat"),
}
_CALLS: Final = frozenset({"tool_call", "http_request", "model_call"})


def mentioned(policies: Policies) -> tuple[str, ...]:
    """Name the counter facts that any rule or limit reads."""
    names: set[str] = set()
    for rule in policies.rules:
        names.update(_counters(rule))
    for limit in policies.limits:
        names.update(name for name in facts_of(limit.when, limit.timezone) if name.startswith(_COUNTER))
    return tuple(sorted(names))


def _counters(rule: Rule) -> Iterable[str]:
    for condition in (rule.when, rule.unless):
        for name in facts_of(condition, rule.timezone):
            if name.startswith(_COUNTER):
                yield name


class Meter(NamedTuple):
    """One limit with what does not change about it."""

    limit: Limit
    cap: Amount
    marks: tuple[Amount, ...]
    owner: Callable[[Request], str | None]
    in_run: bool


_OWNERS: Final[dict[str, Callable[[Request], str | None]]] = {
    "run": lambda request: request.session.id,
    "session": lambda request: request.session.id,
    "agent": lambda request: request.agent.id,
    "team": lambda request: request.agent.team,
    "user": lambda request: request.user.id,
    "tool": lambda request: request.tool,
    "environment": lambda request: request.environment,
    "all": lambda _: "",
}
_UPFRONT: Final = 8
"""With no more limits and counters than these, all are read before the decision begins; that is quicker than being asked."""


class Meters:
    """The limits and counters of one program: which account each is for a request, and what a request adds to it."""

    def __init__(self, limits: Iterable[Limit], counters: Iterable[str]) -> None:
        self.limits = {limit.full: _meter(limit) for limit in limits}
        self.facts = {f"{_LIMIT}{name}": meter for name, meter in self.limits.items()}
        self.counters = tuple(name for name in counters if _recipe(name) is not None)
        self.used = bool(self.limits or self.counters)
        active = tuple(name for name, meter in self.facts.items() if meter.limit.mode != "off")
        counted = tuple(name for name in self.counters if name != _REPEATED)
        self.upfront = (*active, *counted) if len(active) + len(counted) <= _UPFRONT else ()
        self._adding = tuple((name, recipe.adds) for name in counted if (recipe := _recipe(name)) is not None)
        self.paid = tuple(name for name, adds in self._adding if adds == "cost")
        self._by_tool = any(meter.limit.per == "tool" for meter in self.limits.values())
        self._sets: dict[tuple[str | None, ...], dict[str, Account]] = {}
        self._accounts: dict[tuple[str, str, str], Account] = {}

    def account(self, name: str, request: Request, repeat: str = "") -> Account:
        """Return the account behind a fact.

        Raises:
            KeyError: the fact is not an account of this program.
        """
        meter = self.facts.get(name)
        if meter is None:
            return _counter(name, request, repeat)
        owner = meter.owner(request) or ""
        run = (request.session.id or "") if meter.in_run else ""
        held = self._accounts.get((name, owner, run))
        if held is None:
            if len(self._accounts) >= _MEMO:
                self._accounts.clear()
            held = self._accounts[name, owner, run] = Account(
                name, owner, meter.limit.window, meter.limit.timezone, run
            )
        return held

    def upfront_accounts(self, request: Request) -> dict[str, Account]:
        """Return the accounts that are read before the decision begins, by the names of their facts."""
        agent = request.agent
        tool = request.tool if self._by_tool else None
        key = (request.session.id, agent.id, agent.team, request.user.id, tool, request.environment)
        held = self._sets.get(key)
        if held is None:
            if len(self._sets) >= _MEMO:
                self._sets.clear()
            held = self._sets[key] = {name: self.account(name, request) for name in self.upfront}
        return held

    def rows(self, request: Request) -> list[Row] | None:
        """Return the accounts that are read before, with what an action of the kind adds itself, apart from its cost.

        ``None``: the accounts are not the same for all actions of a session.
        """
        adding = {name: adds for name, adds in self._adding if adds != "cost"}
        if self.repeats or self._by_tool or not self.upfront:
            return None
        return [
            Row(name, account, int(_own(adding[name], request)) if name in adding else 0)
            for name, account in self.upfront_accounts(request).items()
        ]

    def add_own(self, facts: dict[str, Fact], request: Request) -> None:
        """Add to the counters that were read before the decision what the action itself adds to them."""
        for name, adds in self._adding:
            held = facts[name]
            own = _own(adds, request)
            if own and isinstance(held, (int, Decimal)):
                facts[name] = total(held, own)

    def own(self, name: str, request: Request) -> Amount:
        """Tell what the action itself adds to a counter."""
        recipe = _recipe(name)
        return 0 if recipe is None else _own(recipe.adds, request)

    def postings(self, decision: Decision, request: Request, facts: Mapping[str, Fact], repeat: str) -> list[Posting]:
        """Return what an allowed action adds, on condition that nothing it was decided by has grown meanwhile."""
        postings: list[Posting] = []
        accounts = self.upfront_accounts(request) if self.upfront else {}
        for charge in decision.charges:
            name = f"{_LIMIT}{charge.limit}"
            account = accounts.get(name) or self.account(name, request)
            postings.append(_conditional(account, _amount(charge.amount), self.facts[name], facts.get(name)))
        for name in self.counters:
            amount = self.own(name, request)
            if amount:
                known = facts.get(name)
                cap = known if isinstance(known, (int, Decimal)) else None
                account = accounts.get(name) or self.account(name, request, _if_repeat(name, repeat))
                postings.append(Posting(account, amount, cap))
        return postings

    def denials(self, request: Request) -> list[Posting]:
        """Return what a refused action adds."""
        names = [name for name in self.counters if name == "counter.denials_in_run"]
        return [Posting(self.account(name, request), 1) for name in names]

    @property
    def repeats(self) -> bool:
        """Whether repeated calls are counted."""
        return _REPEATED in self.counters


def _meter(limit: Limit) -> Meter:
    marks = tuple(sorted(whole(threshold.at.value) for threshold in limit.thresholds))
    return Meter(limit, whole(limit.cap.value), marks, _OWNERS.get(limit.per, _OWNERS["all"]), limit.window == "run")


def _counter(name: str, request: Request, repeat: str) -> Account:
    counter, _, timezone = name[len(_COUNTER) :].partition("@")
    recipe = _RECIPES[counter]
    base = f"{_COUNTER}{counter}:{repeat}" if repeat else f"{_COUNTER}{counter}"
    if recipe.per_run:
        run = request.session.id or ""
        return Account(base, run, "run", "UTC", run)
    return Account(base, request.agent.id or "", recipe.window, timezone or "UTC")


def _recipe(name: str) -> Recipe | None:
    return _RECIPES.get(name[len(_COUNTER) :].partition("@")[0])


def _if_repeat(name: str, repeat: str) -> str:
    return repeat if name == _REPEATED else ""


def _own(adds: str, request: Request) -> Amount:
    if request.phase != "pre":
        return 0
    if adds == "cost":
        return request.cost or 0
    if adds == "call":
        return int(request.kind in _CALLS)
    return int(request.kind == "tool_call" and adds != "denial")


@lru_cache(maxsize=1024)
def _amount(text: str) -> Amount:
    try:
        return int(text) if text.isdigit() else Decimal(text)
    except InvalidOperation:
        return 0


def _conditional(account: Account, amount: Amount, meter: Meter, used: Fact) -> Posting:
    """Bound a posting by the cap and by the next threshold that the decision did not know to be reached."""
    if not isinstance(used, (int, Decimal)):
        return Posting(account, amount)
    after = total(used, amount)
    below = next((mark for mark in meter.marks if mark > after), None) if meter.marks else None
    return Posting(account, amount, meter.cap if after <= meter.cap else None, below)
