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
from referee.enforce.lane import Lane
from referee.enforce.outcome import Outcome
from referee.enforce.sound import sound, text, texts
from referee.errors import InvalidRequest
from referee.model.decision import Decision
from referee.model.request import Agent, Request, Run, Tokens, User, money

if TYPE_CHECKING:
    from referee.enforce.approvals import Approvals
    from referee.enforce.desk import Desk
    from referee.enforce.marks import Marks
    from referee.enforce.streams import Passing

Money = Decimal | int | float | str
Asked = Request | Mapping[str, Any]


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts in a session, for whom and where.

    ``id`` is made up unless given. Sessions of one policy that are given the same id go on where the last one stood:
    its limits, its labels, and its end if it was terminated. A session ``within`` another one begins with that one's labels, and
    both see what either reads.
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
    within: Front | None = None

    def book(self, made_up: str) -> Book:
        """Open the book of a session.

        Raises:
            InvalidRequest: a field is not of the type it should be.
        """
        try:
            return self._book(made_up)
        except Exception:  # noqa: BLE001 - whatever was passed in
            raise InvalidRequest("who acts in the session must be told in names and lists of names") from None

    def _book(self, made_up: str) -> Book:
        agent = self.agent if type(self.agent) is Agent else Agent(
            id=text(self.agent), tags=texts(self.tags), team=text(self.team), role=text(self.role), owner=text(self.owner),
            parent=text(self.parent),
        )  # fmt: skip
        user = self.user if type(self.user) is User else User(id=text(self.user), roles=texts(self.roles))
        run = Run(id=text(self.id) or made_up, labels=tuple(sorted({*texts(self.labels)})))
        book = Book(run, agent, user, text(self.environment), dict(self.context))
        book.permissions = texts(self.permissions)
        sound(book.complete(Request(tool="?")))
        return book


class Front:
    """The part of a session that waits for nothing."""

    def __init__(self, desk: Desk, who: Who) -> None:
        self._desk = desk
        self._book = who.book(f"ses_{desk.world.prefix}{desk.world.number():08x}")
        self._book.named = who.id is not None
        if self._book.named:
            desk.resume(self._book)
        if who.within is not None:
            self._book.join(who.within._book)  # noqa: SLF001 - one class
        self._book.marks_for(desk.loaded.program.asked)
        self._started = desk.world.monotonic()
        self._tokens: list[object] = []
        self._lane: Lane | None = None

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

    def remember(self, marks: Marks) -> None:
        """Go on with what was remembered of labelled values elsewhere."""
        self._book.marks = marks

    def release(self, call: Outcome | str) -> None:
        """Give back what a call drew from limits, because it did not happen.

        Raises:
            InvalidRequest: ``call`` is neither an outcome nor a name.
            StateError: the store failed.
        """
        self._desk.releasing(self._book, _name(call))

    def reveal(self, text: str, key: bytes) -> str:
        """Return a text with the values that this session's pseudonyms in it stand for; ``key`` is that of ``Policy.load``.

        Raises:
            InvalidRequest: this is not the key.
        """
        from referee.scanners.pseudonyms import Vault  # start-up time: only redacting policies need it

        vault = self._book.vault or Vault(self._desk.key, self.id)
        try:
            return vault.reveal(text, key)
        except ValueError as problem:
            raise InvalidRequest(str(problem)) from None

    def _lane_now(self) -> Lane:
        """The straight way as it is under the policy and the labels of now."""
        lane = self._lane
        if lane is None or lane.loaded is not self._desk.loaded or lane.run is not self._book.run:
            lane = self._lane = Lane(self._desk, self._book)
        return lane

    def _gather(self, request: Request) -> Gathering:
        loaded, book = self._desk.loaded, self._book
        marks = book.marks_for(loaded.program.asked)
        return Gathering(self._desk, loaded, request, self._started, book.vault, marks)

    def _refuse(self, request: Request, problem: Exception) -> Outcome:
        why = str(problem) if isinstance(problem, InvalidRequest) else "the action is not one that can be decided"
        return self._desk.refuse(self._book, request, why)

    def _request(self, asked: Asked) -> Request:
        """Read a request and fill in who acts.

        Raises:
            InvalidRequest: it is not one.
        """
        return self._book.complete(sound(asked) if type(asked) is Request else Request.from_dict(asked))  # type: ignore[arg-type]

    def _tool(self, name: str, args: Mapping[str, Any] | None, cost: Money | None, call_id: str | None) -> Request:
        if type(name) is not str or not name:
            raise InvalidRequest("a tool call needs the name of its tool")
        if args is None:
            args = {}
        elif type(args) is not dict:
            if not isinstance(args, Mapping):
                raise InvalidRequest("the arguments of a tool call must be a mapping")
            args = dict(args)
        if call_id is not None and type(call_id) is not str:
            call_id = text(call_id)
        book = self._book
        amount = None if cost is None else money(cost)
        request = Request(
            "tool_call", name, args, book.agent, book.environment, book.run, book.user, "pre", amount, call_id
        )
        return book.complete(request) if book.context or book.permissions else request

    def _http(self, url: str, method: str, cost: Money | None, call_id: str | None, args: Any) -> Request:
        address, verb = text(url), text(method)
        if not address or verb is None:
            raise InvalidRequest("an HTTP request needs an address and a method")
        amount = None if cost is None else money(cost)
        sent = {} if args is None else dict(args)
        return self._book.complete(
            Request("http_request", url=address, method=verb, cost=amount, id=text(call_id), args=sent)
        )

    def _spend(self, cost: Money, source: str, provider: str | None, tokens: Tokens, call_id: str | None) -> Request:
        for count in (tokens.input, tokens.output):
            if count is not None and (type(count) is not int or not 0 <= count < 1 << 53):
                raise InvalidRequest("a number of tokens must be a whole number that is not negative")
        model = text(source)
        if not model:
            raise InvalidRequest("a cost needs its source")
        return self._book.complete(
            Request(
                "model_call", model=model, provider=text(provider), cost=money(cost), tokens=tokens, id=text(call_id)
            )
        )

    def _message(self, said: str, call_id: str | None, role: str | None) -> Request:
        message = text(said)
        if message is None:
            raise InvalidRequest("a message must be text")
        context = {} if role is None else {"role": text(role)}
        return self._book.complete(Request("message", text=message, id=text(call_id), context=context))

    def _result(self, name: str, result: Any, call_id: str | None, phase: str, args: Any) -> Request:
        if type(name) is not str or not name or type(phase) is not str or phase not in ("mid", "post"):
            raise InvalidRequest("a result needs the name of its tool")
        call_id = text(call_id)
        known = self._book.call(call_id) if call_id is not None else None
        args = dict(args) if args is not None else known.outcome.request.args if known is not None else {}
        request = Request("tool_call", name, args, phase=phase, result=result, id=call_id)  # type: ignore[arg-type]  # checked above
        return self._book.complete(request)

    def passing(self, tool: str | None, args: Any, call_id: str | None, hold: int | None = None) -> Passing:
        """Begin a stream: the result of a tool, or a message.

        Raises:
            InvalidRequest: that is not what was passed in.
        """
        from referee.enforce.streams import Passing  # start-up time: only streams need it

        if tool is None:
            request = msgspec.structs.replace(self._message("", call_id, None), phase="post")
        else:
            request = self._result(tool, "", call_id, "post", args)
        if hold is not None and (type(hold) is not int or hold < 1):
            raise InvalidRequest("what is held back is a number of characters")
        return Passing(self._desk, self._book, request, self._started, hold)

    def _real(
        self, call: Outcome | str, cost: Money | None, input_tokens: int | None, output_tokens: int | None
    ) -> tuple[str, Request]:
        """Return the name of a call and its request as it turned out.

        Raises:
            InvalidRequest: the call is not known, was not allowed, or the amounts are none.
        """
        name = _name(call)
        known = self._book.call(name)
        outcome = known.outcome if known is not None else call
        if not isinstance(outcome, Outcome) or not outcome.allowed:
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


def _name(call: Any) -> str:
    name = call.call_id if type(call) is Outcome else text(call)
    if name is None:
        raise InvalidRequest("a call is named by its outcome or its id")
    return name
