"""Functions whose every call is decided first.

Rule 1: arguments are bound by name, as the function's signature says; rules see them under those names.
Rule 2: the function runs with the arguments as decided; its result is checked before anybody sees it. A generator's is checked
piece by piece, and the call when the first piece is asked for.
Rule 3: a call outside of any session is refused. So is a change that cannot be carried over to the real arguments.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from referee.enforce.current import current_session
from referee.enforce.front import Front, Money
from referee.enforce.outcome import Outcome
from referee.enforce.plain import plain
from referee.enforce.rebuilt import rebuilt
from referee.enforce.redactor import passed, passed_async
from referee.errors import Denied
from referee.model.decision import Decision

if TYPE_CHECKING:
    from referee.enforce.policies import Policy
    from referee.enforce.streams import Passing

_VARIADIC: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_OPEN: Final = (str, int, float, bool, list, tuple, dict, type(None))
"""Types whose values a ``modify`` may replace by one of another shape."""
_RESULT: Final = "the result holds something that must be removed and cannot be"


def guard(
    function: Callable[..., Any] | None = None,
    *,
    tool: str | None = None,
    cost: Money | None = None,
    session: Front | None = None,
) -> Any:
    """Decorate a function, of any sort: each call is a tool call of the session, named ``tool`` or as the function."""
    if function is None:
        return functools.partial(guard, tool=tool, cost=cost, session=session)
    call = _Call(function, tool or function.__name__, cost, session)
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def guarded_stream(*args: Any, **kwargs: Any) -> Any:
            return (yield from call.stream(args, kwargs))

        return guarded_stream
    if inspect.isasyncgenfunction(function):

        @functools.wraps(function)
        async def guarded_async_stream(*args: Any, **kwargs: Any) -> Any:
            stream: AsyncGenerator[Any, None] = call.stream_async(args, kwargs)
            try:
                async for piece in stream:
                    yield piece
            finally:
                await stream.aclose()

        return guarded_async_stream
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def guarded_async(*args: Any, **kwargs: Any) -> Any:
            return await call.run_async(args, kwargs)

        return guarded_async

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return call.run(args, kwargs)

    return guarded


def protect(policy: Policy, *, tool: str | None = None, cost: Money | None = None, **who: Any) -> Any:
    """Decorate a function with a policy of its own: its calls share one session, unless they happen in one already."""
    own = policy.session(**who)

    def decorate(function: Callable[..., Any]) -> Any:
        return guard(function, tool=tool, cost=cost, session=own)

    return decorate


class _Call:
    """One guarded function."""

    def __init__(self, function: Callable[..., Any], tool: str, cost: Money | None, session: Front | None) -> None:
        self.function = function
        self.tool = tool
        self.cost = cost
        self.session = session
        self.signature = inspect.signature(function)

    def find(self) -> Any:
        session = self.session or current_session()
        if session is None:
            raise Denied(Decision("deny", problem="this function runs in a session only, and there is none"))
        return session

    def bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[inspect.BoundArguments, dict[str, Any]]:
        """Return the arguments as bound and as rules see them, by name."""
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        seen: dict[str, Any] = {}
        for place, (name, value) in enumerate(bound.arguments.items()):
            kind = self.signature.parameters[name].kind
            if place == 0 and name in ("self", "cls"):
                continue
            if kind is inspect.Parameter.VAR_KEYWORD:
                seen.update({key: _seen(member) for key, member in value.items() if key not in seen})
            else:
                seen[name] = _seen(value)
        return bound, seen

    def put_back(self, bound: inspect.BoundArguments, seen: Mapping[str, Any], decided: Mapping[str, Any]) -> None:
        """Carry what was changed over to the real arguments.

        Raises:
            ValueError: a change does not fit the signature.
        """
        if decided is seen or decided == seen:
            return
        extra = next((n for n, p in self.signature.parameters.items() if p.kind is inspect.Parameter.VAR_KEYWORD), None)
        for name, value in decided.items():
            if name in seen and seen[name] == value:
                continue
            if name in seen:
                value = self.real(bound, name, seen[name], value)  # noqa: PLW2901 - the same value, in its own type
            parameter = self.signature.parameters.get(name)
            if parameter is not None and parameter.kind not in _VARIADIC:
                bound.arguments[name] = value
            elif parameter is not None and parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                bound.arguments[name] = tuple(value)
            elif extra is not None:
                bound.arguments[extra] = {**bound.arguments.get(extra, {}), name: value}
            else:
                raise ValueError(name)
        for name in seen.keys() - decided.keys():
            self.leave_out(bound, name, extra)

    def real(self, bound: inspect.BoundArguments, name: str, seen: Any, decided: Any) -> Any:
        """Return an argument as decided, in the type it has.

        Raises:
            ValueError: its type cannot carry the change.
        """
        parameter = self.signature.parameters.get(name)
        if parameter is not None and parameter.kind is not inspect.Parameter.VAR_KEYWORD:
            return _carried(bound.arguments[name], seen, decided)
        extra = next(n for n, p in self.signature.parameters.items() if p.kind is inspect.Parameter.VAR_KEYWORD)
        return _carried(bound.arguments[extra][name], seen, decided)

    def leave_out(self, bound: inspect.BoundArguments, name: str, extra: str | None) -> None:
        """Take an argument away: its default takes its place.

        Raises:
            ValueError: it has none.
        """
        parameter = self.signature.parameters.get(name)
        if parameter is not None and parameter.kind not in _VARIADIC:
            if parameter.default is inspect.Parameter.empty:
                raise ValueError(name)
            bound.arguments[name] = parameter.default
        elif extra is not None:
            bound.arguments[extra] = {key: value for key, value in bound.arguments[extra].items() if key != name}

    def ready(self, bound: inspect.BoundArguments, seen: dict[str, Any], outcome: Outcome) -> None:
        try:
            self.put_back(bound, seen, outcome.args)
        except (ValueError, TypeError):
            raise Denied(Decision("deny", problem="the changed arguments do not fit the function")) from None

    def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        session, bound, outcome = self.checked(args, kwargs)
        result = self.function(*bound.args, **bound.kwargs)
        if inspect.isgenerator(result):
            return passed(self.passing(session, outcome), result)
        if inspect.isasyncgen(result):
            return passed_async(self.passing(session, outcome), result)
        if inspect.isawaitable(result):
            return self.later(session, result, outcome)
        return self.judged(session, result, outcome)

    def checked(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, inspect.BoundArguments, Outcome]:
        """Decide a call of a plain function or generator.

        Raises:
            Refused: it may not happen.
        """
        session = self.find()
        if inspect.iscoroutinefunction(session.check_tool):
            raise Denied(Decision("deny", problem="a plain function cannot wait for an asynchronous session"))
        bound, seen = self.bind(args, kwargs)
        outcome = session.check_tool(self.tool, seen, cost=self.cost)
        self.ready(bound, seen, outcome)
        return session, bound, outcome

    def judged(self, session: Any, result: Any, outcome: Outcome) -> Any:
        view = _seen(result)
        return _handed_on(
            result, view, session.check_result(self.tool, view, call_id=outcome.call_id, args=outcome.args)
        )

    async def later(self, session: Any, result: Any, outcome: Outcome) -> Any:
        """Wait for what a plain function has only begun, and check it then."""
        return self.judged(session, await result, outcome)

    def passing(self, session: Any, outcome: Outcome) -> Passing:
        """Begin the stream of a call that may happen."""
        begun: Passing = session.passing(self.tool, outcome.args, outcome.call_id)
        return begun

    def stream(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        session, bound, outcome = self.checked(args, kwargs)
        return (yield from passed(self.passing(session, outcome), self.function(*bound.args, **bound.kwargs)))

    async def stream_async(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> AsyncGenerator[Any, None]:
        session = self.find()
        bound, seen = self.bind(args, kwargs)
        outcome = await _awaited(session.check_tool(self.tool, seen, cost=self.cost))
        self.ready(bound, seen, outcome)
        stream = passed_async(self.passing(session, outcome), self.function(*bound.args, **bound.kwargs))
        try:
            async for piece in stream:
                yield piece
        finally:
            await stream.aclose()

    async def run_async(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        session = self.find()
        bound, seen = self.bind(args, kwargs)
        outcome = await _awaited(session.check_tool(self.tool, seen, cost=self.cost))
        self.ready(bound, seen, outcome)
        result = await self.function(*bound.args, **bound.kwargs)
        if inspect.isasyncgen(result) or inspect.isgenerator(result):
            return passed_async(self.passing(session, outcome), result)
        view = _seen(result)
        return _handed_on(
            result,
            view,
            await _awaited(session.check_result(self.tool, view, call_id=outcome.call_id, args=outcome.args)),
        )


def _seen(value: Any) -> Any:
    """Show a value as rules see it; one that cannot be shown is refused."""
    try:
        return plain(value)
    except Exception:  # noqa: BLE001 - a value's own code may run here
        raise Denied(Decision("deny", problem="an argument or result cannot be looked into")) from None


async def _awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def _carried(value: Any, view: Any, decided: Any) -> Any:
    """Return an argument as decided in its own type; one that was given another shape is what it was set to."""
    try:
        return rebuilt(value, view, decided)
    except ValueError:
        if type(value) in _OPEN or type(view) is not type(decided):
            return decided
        raise


def _handed_on(result: Any, view: Any, decided: Any) -> Any:
    """Return the result as decided: the very object if nothing was removed from it, else a copy of its type."""
    try:
        return rebuilt(result, view, decided)
    except Exception:  # noqa: BLE001 - a value's own code may run here
        raise Denied(Decision("deny", problem=_RESULT)) from None
