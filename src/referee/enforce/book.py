"""What one session remembers: who it is, how it stands, which calls it has made.

Rule 1: every change happens under ``lock``; a book is shared by threads and tasks.
Rule 2: memory is bounded: the latest calls and decisions are kept, the sums are of all.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from decimal import Decimal
from threading import RLock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from referee.enforce.forks import renewed
from referee.enforce.outcome import Outcome
from referee.engine.usage import total
from referee.model.decision import Decision
from referee.model.names import KINDS, VERDICTS
from referee.model.programs import Asked
from referee.model.request import Agent, Request, Run, User
from referee.state.protocol import Receipt

if TYPE_CHECKING:
    from referee.enforce.marks import Marks
    from referee.scanners.pseudonyms import Vault

KEEP_CALLS: Final = 10_000
KEEP_DECISIONS: Final = 10_000
_NOBODY: Final = Agent()
_NO_USER: Final = User()


_NUMBER: Final = len("act_") + 16
"""Where in a made name the number of its stamp begins; before it stands the prefix of the process."""
_FREE: Final = Decimal(0)


class Call(msgspec.Struct, eq=False, gc=False):
    """One call: what it was, what was answered, what was charged for it, and the money of that."""

    digest: str
    outcome: Outcome
    receipt: Receipt | None
    cost: Decimal = _FREE


class Tally:
    """Sums over all decisions of a session."""

    def __init__(self) -> None:
        self.verdicts: dict[str, int] = dict.fromkeys(VERDICTS, 0)
        self.kinds: dict[str, int] = dict.fromkeys(KINDS, 0)
        self.costs: dict[str, Decimal] = {}
        self.spent = Decimal(0)
        self.denied_tools: dict[str, None] = {}
        self.denied_hosts: dict[str, None] = {}
        self.asked: dict[str, None] = {}
        self.alerts: Counter[str] = Counter()

    def spend(self, kind: str, amount: int | Decimal) -> None:
        """Add money that was spent, or take back what was not."""
        self.spent = Decimal(total(self.spent, amount))
        self.costs[kind] = Decimal(total(self.costs.get(kind, _FREE), amount))

    def count(self, decision: Decision, request: Request) -> None:
        """Count a decision."""
        self.verdicts[decision.decision] += 1
        if request.phase == "pre":
            self.kinds[request.kind] += 1
        if decision.decision == "allow":
            if request.cost is not None and request.phase == "pre":
                self.spend(request.kind, request.cost)
        elif decision.decision == "require_approval":
            _note(self.asked, _subject(request))
        elif request.tool is not None:
            if len(self.denied_tools) < KEEP_DECISIONS:
                self.denied_tools[request.tool] = None
        elif request.url is not None:
            _note(self.denied_hosts, _host(request.url))
        for rule in decision.rules:
            if rule.action == "alert":
                self.alerts[rule.id] += 1


def _note(names: dict[str, None], name: str) -> None:
    if len(names) < KEEP_DECISIONS:
        names[name] = None


def _subject(request: Request) -> str:
    return request.tool or (_host(request.url) if request.url else None) or request.model or request.kind


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


class Book:
    """The memory of one session."""

    def __init__(self, run: Run, agent: Agent, user: User, environment: str | None, context: dict[str, Any]) -> None:
        self.lock = RLock()
        renewed(self, "lock", RLock)
        self.run = run
        self.agent = agent
        self.user = user
        self.environment = environment
        self.context = context
        self.permissions: tuple[str, ...] = ()
        self.calls: OrderedDict[str | int, Call] = OrderedDict()
        self.outcomes: deque[Outcome] = deque(maxlen=KEEP_DECISIONS)
        self.tally = Tally()
        self.terminated: Decision | None = None
        self.ended = False
        self.vault: Vault | None = None
        self.named = False
        self.marks: Marks | None = None

    def complete(self, request: Request) -> Request:
        """Fill in who acts, for whom and where; what the request says itself stays, but its session is always this one."""
        labels = request.session.labels
        run = Run(id=self.run.id, labels=tuple(sorted({*self.run.labels, *labels}))) if labels else self.run
        return msgspec.structs.replace(
            request,
            agent=self.agent if request.agent == _NOBODY else request.agent,
            user=self.user if request.user == _NO_USER else request.user,
            environment=self.environment if request.environment is None else request.environment,
            session=run,
            context={**self.context, **request.context} if self.context else request.context,
            permissions=request.permissions or self.permissions,
        )

    def call(self, name: str) -> Call | None:
        """Find a call by the name the caller gave it, or else by the one that was made for it."""
        known = self.calls.get(name)
        if known is None and name.startswith("act_"):
            try:
                known = self.calls.get(int(name[_NUMBER:], 16))
            except ValueError:
                return None
        return known if known is None or known.outcome.call_id == name else None

    def remember(self, name: str | int, call: Call) -> None:
        """Keep a call under its own name or the number of its stamp, and drop the oldest when there are too many."""
        self.calls[name] = call
        if len(self.calls) > KEEP_CALLS:
            self.calls.popitem(last=False)

    def join(self, other: Book) -> None:
        """Begin with the labels of another session, and remember labelled values together with it."""
        self.run = Run(id=self.run.id, labels=tuple(sorted({*other.run.labels, *self.run.labels})))
        if other.marks is not None:
            self.marks = other.marks

    def marks_for(self, asked: Asked) -> Marks | None:
        """Find what is remembered of labelled values; nothing is where no condition asks.

        What happened before anything was remembered is not known.
        """
        marks = self.marks
        if marks is None:
            if not (asked.whole or asked.pieces):
                return None
            from referee.enforce.marks import Marks  # start-up time: only policies about values need them

            marks = self.marks = Marks(asked, complete=not self.outcomes)
        elif marks.asked is not asked and marks.asked != asked:
            marks.follow(asked)
        return marks

    def label(self, decision: Decision, request: Request, asked: Asked) -> None:
        """Change the labels of the session, and of the values of a request, as the decision says."""
        for rule in decision.rules:
            if rule.labels is not None:
                break
        else:
            return
        if any(rule.labels is not None and rule.labels.on == "value" for rule in decision.rules):
            marks = self.marks_for(asked)
            if marks is not None:
                marks.note(decision, request)
        added, removed = decision.labels
        labels = tuple(sorted(({*self.run.labels} - {*removed}) | {*added}))
        if labels != self.run.labels:
            self.run = Run(id=self.run.id, labels=labels)
