"""The straight way of the commonest actions: decided before in the same manner, with nothing to be asked or changed.

Rule 1: a lane decides by the engine alone, and takes only what the engine remembers; all else goes the long way.
Rule 2: what it leaves to the long way has had no effect yet.
Rule 3: what it does carry out is the same, in the same order, as on the long way: draw, record, remember.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from referee.audit.record import Entry, Stamp
from referee.enforce.book import Call
from referee.enforce.gather import Gathering
from referee.enforce.outcome import Outcome
from referee.engine.recall import quick
from referee.engine.usage import total
from referee.model.decision import Decision
from referee.model.request import Request
from referee.state.protocol import Amount, Page, Posting, Receipt

if TYPE_CHECKING:
    from referee.enforce.book import Book
    from referee.enforce.desk import Desk

_PLANS: Final = 4096
_PATIENCE: Final = 8
_REST: Final = 64
"""After ``_PATIENCE`` actions in a row that had to go the long way, ever more of them go there at once, up to this many."""
_NOTHING: Final = Decimal(0)
_UNREAD: Final = (0, 0.0)
_KEPT: Final = ("allow", "deny")


class Plan(NamedTuple):
    """What a decision draws: the amounts by the row of their account, and as postings. The decision itself is held on to."""

    decision: Decision
    amounts: tuple[tuple[int, Amount], ...]
    postings: tuple[Posting, ...]


class Lane:
    """The way of one session under one policy, as long as neither the policy nor its labels change."""

    __slots__ = ("_book", "_desk", "_missed", "_pages", "_plans", "_wait", "loaded", "run")

    def __init__(self, desk: Desk, book: Book) -> None:
        self._desk = desk
        self._book = book
        self.loaded = desk.loaded
        self.run = book.run
        self._plans: dict[Any, Plan] = {}
        self._pages: dict[str, Page | None] = {}
        self._missed = self._wait = 0

    def decide(self, request: Request) -> Outcome | None:
        """Decide and carry out any request, or return ``None`` for the long way."""
        book = self._book
        if request.id is not None or request.phase != "pre" or request.agent is not book.agent:
            return None
        if request.session is not self.run or request.user is not book.user or request.environment != book.environment:
            return None
        return self.own(request)

    def own(self, request: Request) -> Outcome | None:
        """As ``decide``, for an action without an id of its own, before it happens, by whom the session is about."""
        if self._wait:
            self._wait -= 1
            return None
        desk, book, world = self._desk, self._book, self._desk.world
        try:
            began = world.monotonic()
            page = self._pages[request.kind] if request.kind in self._pages else self._open(request)
            ticket, facts = page.read() if page is not None else (_UNREAD, {})
            if request.cost is not None:
                for name in self.loaded.meters.paid:
                    facts[name] = total(facts[name], request.cost)
            decision = quick(self.loaded.program, request, facts)
            if not isinstance(decision, Decision) or decision.decision not in _KEPT:
                self._miss()
                return None
            plan = self._plan(decision, request, facts) if page is not None else None
            with book.lock:
                if book.ended or desk.over(book) is not None:
                    return None
                receipt: Receipt | None = None
                micros = max(0, int((world.monotonic() - began) * 1e6))
                stamp = Stamp(world.prefix, world.number(), world.wall(), micros, self.loaded.policy_digest)
                if plan is not None and page is not None:
                    marks = page.add(ticket, plan.amounts)
                    if marks is None:
                        return None
                    receipt = Receipt(plan.postings, marks)
                if desk.journal is not None:
                    try:
                        desk.journal.add(Entry(decision, request, stamp))
                    except Exception:  # noqa: BLE001 - as on the long way
                        broken = Gathering(desk, self.loaded, request, None)
                        decision, receipt = desk.unrecorded(broken, decision, receipt)
                self._missed = 0
                return self._keep(Outcome(decision, request, stamp), receipt)
        except Exception:  # noqa: BLE001 - rule 2: the long way fails in the same manner, and says so
            return None

    def _open(self, request: Request) -> Page | None:
        """Find the accounts of a kind of action."""
        meters = self.loaded.meters
        if not meters.used:
            self._pages[request.kind] = None
            return None
        rows = meters.rows(request)
        open_page = getattr(self._desk.store, "page", None)
        if rows is None or open_page is None:
            self._wait = 1 << 62
            raise LookupError("what this policy counts has no straight way")
        page: Page = open_page(rows)
        self._pages[request.kind] = page
        return page

    def _miss(self) -> None:
        """Be ready for more that has to go the long way."""
        self._missed = min(self._missed + 1, _REST)
        self._wait = self._missed if self._missed > _PATIENCE else 0

    def _plan(self, decision: Decision, request: Request, facts: dict[str, Any]) -> Plan | None:
        """Say what a decision draws; ``None``: nothing. It is worked out once for all actions of the same cost."""
        key = id(decision) if request.cost is None else (id(decision), request.cost)
        plan = self._plans.get(key)
        if plan is None:
            meters = self.loaded.meters
            allowed = decision.decision == "allow"
            postings = meters.postings(decision, request, facts, "") if allowed else meters.denials(request)
            places = {account: place for place, account in enumerate(meters.upfront_accounts(request).values())}
            amounts = tuple([(places[posting.account], posting.amount) for posting in postings])
            if len(self._plans) >= _PLANS:
                self._plans.clear()
            plan = self._plans[key] = Plan(decision, amounts, tuple(postings))
        return plan if plan.amounts else None

    def _keep(self, outcome: Outcome, receipt: Receipt | None) -> Outcome:
        """Remember what was done."""
        book, decision, request = self._book, outcome.bare, outcome.request
        if decision.decision == "allow" and self.loaded.meters.used:
            book.remember(outcome.stamp.number, Call("", outcome, receipt, request.cost or _NOTHING))
        if decision.rules:
            book.label(decision, request, self.loaded.program.asked)
        book.tally.count(decision, request)
        book.outcomes.append(outcome)
        return outcome
