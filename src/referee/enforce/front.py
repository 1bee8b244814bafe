"""What both kinds of session have in common: who acts, what is asked, what is reported.

Rule 1: whatever a caller passes in, the answer is a decision; a value that is no request is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from referee.enforce.book import Book
from referee.enforce.gather import Gathering
from referee.enforce.outcome import Outcome
from referee.errors import InvalidRequest
from referee.model.decision import Decision
from referee.model.request import Agent, Request, Run, Tokens, User, money

if TYPE_CHECKING:
    from referee.enforce.approvals import Approvals
    from referee.enforce.desk import Desk

Money = Decimal | int | float | str
Asked = Request | Mapping[str, Any]


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts in a session, for whom and where.

    ``id`` is made up unless given. Sessions of one policy that are given the same id go on where the last one stood:
    its limits, its labels, and its end if it was terminated.
    """

    agent: str | Agent | None = None
    tags: Iterable[str] = ()
    team: str | None = None
    role: str | None = None
    owner: str | None = None
    parent: str | None = None
    user: str | User | None = None
    roles: Iterable[str] = ()
    environment: str | None = None
    labels: Iterable[str] = ()
    permissions: Iterable[str] = ()
    context: Mapping[str, Any] = {}
    id: str | None = None

    def book(self, made_up: str) -> Book:
        """Open the book of a session."""
        agent = self.agent if isinstance(self.agent, Agent) else Agent(
            id=self.agent, tags=tuple(self.tags), team=self.team, role=self.role, owner=self.owner, parent=self.parent
        )  # fmt: skip
        user = self.user if isinstance(self.user, User) else User(id=self.user, roles=tuple(self.roles))
        run = Run(id=self.id or made_up, labels=tuple(sorted({*self.labels})))
        book = Book(run, agent, user, self.environment, dict(self.context))
        book.permissions = tuple(self.permissions)
        return book


class Front:
    """The part of a session that waits for nothing."""

    def __init__(self, desk: Desk, who: Who) -> None:
        self._desk = desk
        self._book = who.book(f"ses_{desk.world.prefix}{desk.world.number():08x}")
        self._book.named = who.id is not None
        if self._book.named:
            desk.resume(self._book)
        self._started = desk.world.monotonic()
        self._tokens: list[object] = []

    @property
    def id(self) -> str:
        """The session's name."""
        return self._book.run.id or ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels the session carries now."""
        return self._book.run.labels

    @property
    def terminated(self) -> bool:
        """Whether a decision has ended the session."""
        return self._desk.over(self._book) is not None

    @property
    def spent(self) -> Decimal:
        """The money all allowed actions cost."""
        return self._book.tally.spent

    @property
    def approvals(self) -> Approvals:
        """The questions to humans of this session's policy."""
        return self._desk.approvals

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The latest answers, oldest first."""
        with self._book.lock:
            return tuple(self._book.outcomes)

    def report(self) -> dict[str, Any]:
        """Sum up the session: what was decided, what it cost, what was refused, and every decision."""
        from referee.enforce.report import report  # start-up time: made at the end, if at all

        return report(self._desk, self._book)

    def release(self, call: Outcome | str) -> None:
        """Give back what a call drew from limits, because it did not happen.

        Raises:
            StateError: the store failed.
        """
        self._desk.releasing(self._book, call if isinstance(call, str) else call.call_id)

    def _gather(self, request: Request) -> Gathering:
        return Gathering(self._desk, self._desk.loaded, request, self._started)

    def _refuse(self, request: Request, problem: Exception) -> Outcome:
        why = str(problem) if isinstance(problem, InvalidRequest) else "the action is not one that can be decided"
        return self._desk.refuse(self._book, request, why)

    def _request(self, asked: Asked) -> Request:
        """Read a request and fill in who acts.

        Raises:
            InvalidRequest: it is not one.
        """
        return self._book.complete(asked if isinstance(asked, Request) else Request.from_dict(asked))

    def _tool(self, name: str, args: Mapping[str, Any] | None, cost: Money | None, call_id: str | None) -> Request:
        if type(name) is not str or not name:
            raise InvalidRequest("a tool call needs the name of its tool")
        if args is None:
            args = {}
        elif type(args) is not dict:
            if not isinstance(args, Mapping):
                raise InvalidRequest("the arguments of a tool call must be a mapping")
            args = dict(args)
        book = self._book
        amount = None if cost is None else money(cost)
        request = Request(
            "tool_call", name, args, book.agent, book.environment, book.run, book.user, "pre", amount, call_id
        )
        return book.complete(request) if book.context or book.permissions else request

    def _http(self, url: str, method: str, cost: Money | None, call_id: str | None, args: Any) -> Request:
        if not (isinstance(url, str) and url and isinstance(method, str)):
            raise InvalidRequest("an HTTP request needs an address and a method")
        amount = None if cost is None else money(cost)
        return self._book.complete(
            Request("http_request", url=url, method=method, cost=amount, id=call_id, args=dict(args or {}))
        )

    def _spend(self, cost: Money, source: str, provider: str | None, tokens: Tokens, call_id: str | None) -> Request:
        for count in (tokens.input, tokens.output):
            if count is not None and (type(count) is not int or not 0 <= count < 1 << 53):
                raise InvalidRequest("a number of tokens must be a whole number that is not negative")
        if not (isinstance(source, str) and source):
            raise InvalidRequest("a cost needs its source")
        request = Request("model_call", model=source, provider=provider, cost=money(cost), tokens=tokens, id=call_id)
        return self._book.complete(request)

    def _message(self, text: str, call_id: str | None) -> Request:
        if not isinstance(text, str):
            raise InvalidRequest("a message must be text")
        return self._book.complete(Request("message", text=text, id=call_id))

    def _result(self, name: str, result: Any, call_id: str | None, phase: str, args: Any) -> Request:
        if type(name) is not str or not name or phase not in ("mid", "post"):
            raise InvalidRequest("a result needs the name of its tool")
        known = self._book.calls.get(call_id) if call_id is not None else None
        args = dict(args) if args is not None else known.outcome.request.args if known is not None else {}
        request = Request("tool_call", name, args, phase=phase, result=result, id=call_id)  # type: ignore[arg-type]  # checked above
        return self._book.complete(request)

    def _real(
        self, call: Outcome | str, cost: Money | None, input_tokens: int | None, output_tokens: int | None
    ) -> tuple[str, Request]:
        """Return the name of a call and its request as it turned out.

        Raises:
            InvalidRequest: the call is not known, was not allowed, or the amounts are none.
        """
        name = call if isinstance(call, str) else call.call_id
        known = self._book.calls.get(name)
        outcome = known.outcome if known is not None else call
        if isinstance(outcome, str) or not outcome.allowed:
            raise InvalidRequest("there is no allowed call of that name in this session")
        planned = outcome.request
        tokens = Tokens(
            input=planned.tokens.input if input_tokens is None else input_tokens,
            output=planned.tokens.output if output_tokens is None else output_tokens,
        )
        if any(count is not None and (type(count) is not int or count < 0) for count in (tokens.input, tokens.output)):
            raise InvalidRequest("a number of tokens must be a whole number that is not negative")
        real = planned.cost if cost is None else money(cost)
        return name, msgspec.structs.replace(planned, cost=real, tokens=tokens)

    def _over(self) -> Decision | None:
        """Return the refusal that every action meets when the session is over."""
        from referee.enforce.desk import refusal  # start-up time: the engine is loaded with the policy

        over = self._desk.over(self._book)
        if over is not None:
            return refusal(f"the session was terminated: {over.reason}", "terminate")
        return refusal("the session has ended") if self._book.ended else None

    def _end(self) -> None:
        """Close the session and write what waits."""
        with self._book.lock:
            self._book.ended = True
        if not self._book.named:
            self._desk.store.forget(self.id)
        if self._desk.journal is not None:
            self._desk.journal.flush()
