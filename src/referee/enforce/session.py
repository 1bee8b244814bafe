"""A session: one agent at work, every action of it decided here.

Rule 1: ``check_*`` and ``enforce`` consume and raise; ``decide`` consumes and never raises; ``evaluate`` does neither.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from referee.enforce.current import enter, leave
from referee.enforce.front import Asked, Front, Money
from referee.enforce.gather import drive
from referee.enforce.outcome import Outcome
from referee.errors import InvalidRequest
from referee.model.decision import Decision
from referee.model.request import Request, Tokens

if TYPE_CHECKING:
    from referee.enforce.redactor import Redactor

P = ParamSpec("P")
R = TypeVar("R")


class Session(Front):
    """The actions of one agent run. Use it in a ``with`` block; it is safe for threads."""

    def __enter__(self) -> Self:
        self._tokens.append(enter(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        leave(self._tokens.pop())
        self.close()

    def close(self) -> None:
        """End the session: every further action of it is refused.

        Raises:
            AuditError: the last records could not be written.
        """
        self._end()

    def check_tool(
        self,
        name: str,
        args: Mapping[str, Any] | None = None,
        *,
        cost: Money | None = None,
        call_id: str | None = None,
    ) -> Outcome:
        """Decide a tool call; run the tool with the ``args`` of the outcome, which nobody may change in between.

        Raises:
            Denied: it may not happen.
            ApprovalRequired: a human has to decide first; the same call passes once after that.
            SessionTerminated: it may not happen, and nothing after it.
        """
        try:
            request = self._tool(name, args, cost, call_id)
        except Exception as problem:  # noqa: BLE001 - whatever was passed in is refused
            request = Request("tool_call", name if type(name) is str else "?", session=self._book.run)
            return self._refuse(request, problem).raise_if_refused()
        outcome = (self._lane_now().own(request) if call_id is None else None) or self._decide(request)
        if outcome.bare.decision == "allow":
            return outcome
        raise outcome.refusal()

    def check_http(
        self,
        url: str,
        method: str = "GET",
        *,
        cost: Money | None = None,
        call_id: str | None = None,
        args: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Decide an HTTP request; ``args`` is what is sent. Raises as ``check_tool``."""
        return self._checked(lambda: self._http(url, method, cost, call_id, args), "http_request")

    def check_cost(
        self,
        cost: Money,
        source: str = "model",
        *,
        provider: str | None = None,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
        call_id: str | None = None,
    ) -> Outcome:
        """Decide an expense, such as a call of a model; ``source`` is the model. Raises as ``check_tool``."""
        tokens = Tokens(input=input_tokens, output=output_tokens)
        return self._checked(lambda: self._spend(cost, source, provider, tokens, call_id), "model_call")

    def check_message(self, text: str, *, call_id: str | None = None, role: str | None = None) -> Outcome:
        """Decide a message; send the ``text`` of the outcome. Raises as ``check_tool``.

        ``role`` says who speaks, such as ``user``; rules see it as ``context.role``.
        """
        return self._checked(lambda: self._message(text, call_id, role), "message")

    def check_result(
        self,
        name: str,
        result: Any,
        *,
        call_id: str | None = None,
        phase: str = "post",
        args: Mapping[str, Any] | None = None,
    ) -> Any:
        """Decide a result and return it as it may be handed on. Raises as ``check_tool``.

        ``args`` are those the tool ran with; they are known already if ``call_id`` names a call that was given an id.
        """
        outcome = self._checked(lambda: self._result(name, result, call_id, phase, args), "tool_call")
        return outcome.result

    def enforce(self, request: Asked) -> Outcome:
        """Decide any request. Raises as ``check_tool``."""
        return self.decide(request).raise_if_refused()

    def decide(self, request: Asked) -> Outcome:
        """Decide any request with all consequences, and never raise: the outcome says what happened."""
        try:
            complete = self._request(request)
        except Exception as problem:  # noqa: BLE001 - whatever was passed in is refused
            return self._refuse(Request(tool="?", session=self._book.run), problem)
        return self._decide(complete)

    def evaluate(self, request: Asked) -> Decision:
        """Tell what would be decided: nothing is consumed, recorded or raised."""
        over = self._over()
        if over is not None:
            return over
        try:
            complete = self._request(request)
        except InvalidRequest as problem:
            return Decision("deny", problem=str(problem))
        except Exception:  # noqa: BLE001 - whatever was passed in is refused
            return Decision("deny", problem="the action is not one that can be decided")
        gathering = self._gather(complete)
        decision: Decision = drive(self._desk.trying(complete, gathering), gathering.answer)
        return decision

    def meter(
        self,
        call: Outcome | str,
        cost: Money | None = None,
        *,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
    ) -> None:
        """Record what an allowed call really cost. More than a limit allows is recorded too, and counts for what follows.

        Raises:
            InvalidRequest: there is no such call, or the amounts are none.
            StateError: the store failed.
        """
        name, real = self._real(call, cost, input_tokens, output_tokens)
        gathering = self._gather(real)
        drive(self._desk.settling(self._book, name, real, gathering), gathering.answer)

    def stream(
        self,
        chunks: Iterable[Any],
        *,
        tool: str | None = None,
        args: Mapping[str, Any] | None = None,
        call_id: str | None = None,
        hold: int | None = None,
    ) -> Generator[Any, None, Any]:
        """Hand on a result or a message that comes piece by piece; each piece leaves as soon as nothing to be removed can be in it.

        The pieces are texts, or bytes, or values that are decided each for itself. With a ``tool`` they are its result, else a
        message. At most ``hold`` characters are held back, twice of it at most while something is found in them. There is one
        decision in the end. What ``chunks`` returns, if it is a generator, is decided and returned too.

        Raises:
            Denied: a piece may not leave. Nothing after it does.
            SessionTerminated: so, and the session is over.
        """
        from referee.enforce.redactor import passed  # start-up time: only streams need it

        return passed(self.passing(tool, args, call_id, hold), chunks)

    def redactor(
        self,
        *,
        tool: str | None = None,
        args: Mapping[str, Any] | None = None,
        call_id: str | None = None,
        hold: int | None = None,
    ) -> Redactor:
        """As ``stream``, for a text whose pieces are pushed: ``feed`` each, ``finish`` in the end."""
        from referee.enforce.redactor import Redactor  # start-up time: only streams need it

        return Redactor(self.passing(tool, args, call_id, hold))

    def guard(
        self, function: Callable[P, R] | None = None, *, tool: str | None = None, cost: Money | None = None
    ) -> Any:
        """Decorate a function: each call of it is a tool call of this session, its result is checked."""
        from referee.enforce.guard import guard  # start-up time: reads signatures

        return guard(function, tool=tool, cost=cost, session=self)

    guard_tool = guard

    def _decide(self, request: Request) -> Outcome:
        outcome = self._lane_now().decide(request)
        if outcome is None:
            gathering = self._gather(request)
            outcome = drive(self._desk.deciding(self._book, request, gathering), gathering.answer)
        return outcome

    def _checked(self, build: Callable[[], Request], kind: Any) -> Outcome:
        try:
            request = build()
        except Exception as problem:  # noqa: BLE001 - whatever was passed in is refused
            request = Request(kind, session=self._book.run)
            return self._refuse(request, problem).raise_if_refused()
        return self._decide(request).raise_if_refused()
