r"""The interface of Shield: rule-list policies, ``validate_action`` and ``@protect``.

Rule 1: a blocked action raises ``ShieldBlockedError``, or returns ``None`` with ``on_block="none"``.
Rule 2: rules with ``alert`` and ``log`` never stop an action; they are events.
Rule 3: without any policy everything is blocked.
Rule 4: nothing is fetched: ``api_key`` is accepted and not used, policies are local files and texts.

>>> shield = Shield(api_key="unused")
>>> shield.add_policy('version: "1.0"\nrules:\n  - {name: no-rm, type: tool_denylist, tools: [rm_rf], action: block}\n')
>>> shield.validate_action("search").allowed
True
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from referee.enforce.guard import guard
from referee.enforce.outcome import Outcome
from referee.enforce.policies import Policy
from referee.enforce.session import Session
from referee.enforce.sources import Given
from referee.enforce.world import SYSTEM
from referee.errors import Refused
from referee.model.decision import Decision
from referee.model.programs import Rule
from referee.model.request import Agent, Request
from referee.state.memory import MemoryStore

if TYPE_CHECKING:
    from referee.enforce.streams import Passing

Direction = Literal["input", "output"]
_LOG: Final = logging.getLogger("referee.shield")
_KEEP: Final = 10_000
_NONE: Final[dict[str, Any]] = {
    "default": "deny",
    "policies": [
        {"id": "no-policy", "phase": ["pre", "mid", "post"], "action": "deny", "message": "the shield has no policy"}
    ],
}


class ShieldBlockedError(Exception):
    """An action was blocked. ``decision`` says by which rules and why."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.message or decision.reason)
        self.decision = decision

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules that blocked it."""
        return self.decision.policy_ids

    @property
    def severity(self) -> str | None:
        """The highest severity of the rules that matched."""
        return self.decision.severity


class Event:
    """An ``alert`` or ``log`` rule that matched, or a block. ``tool`` is ``None`` for text."""

    __slots__ = ("action", "decision_id", "rule", "severity", "tool")

    def __init__(self, rule: Rule, outcome: Outcome) -> None:
        self.rule = rule.id
        self.action = "block" if rule.action in ("deny", "terminate") else rule.action
        self.severity = rule.severity
        self.tool = outcome.request.tool
        self.decision_id = outcome.decision.decision_id

    def __repr__(self) -> str:
        return f"<Event {self.action} {self.rule} {self.tool or 'text'}>"


class Result:
    """The answer to an action that was not blocked: run it with ``arguments``, hand on ``output``."""

    __slots__ = ("arguments", "decision", "output")

    allowed = True

    def __init__(self, outcome: Outcome) -> None:
        self.decision = outcome.decision
        self.arguments = outcome.args
        self.output = outcome.text if outcome.request.kind == "message" else outcome.result


class Shield:
    """Local policies in the rule-list form, and the actions they decide.

    ``local_policies_path`` is a file or a folder of policy files. ``on_alert`` is called with every alert.
    """

    def __init__(
        self,
        api_key: str | None = None,
        local_policies_path: str | Path | None = None,
        *,
        agent_id: str | None = None,
        tags: Iterable[str] = (),
        default_agent_id: str | None = None,
        default_agent_tags: Iterable[str] = (),
        on_block: Literal["raise", "none"] = "raise",
        on_alert: Callable[[Event], None] | None = None,
    ) -> None:
        del api_key
        if on_block not in ("raise", "none"):
            raise ValueError("`on_block` is `raise` or `none`")
        self._agent = Agent(
            id=default_agent_id if agent_id is None else agent_id, tags=tuple(tags) or tuple(default_agent_tags)
        )
        self._returns_none = on_block == "none"
        self._on_alert = on_alert
        self._store = MemoryStore(SYSTEM.wall, SYSTEM.monotonic)
        self._sources: list[Given] = [] if local_policies_path is None else [Path(local_policies_path)]
        self._session_id = f"shield_{SYSTEM.secret()}"
        self.events: deque[Event] = deque(maxlen=_KEEP)
        self._load()

    def _load(self) -> None:
        self._policy = Policy.load(*(self._sources or [_NONE]), store=self._store)

    def add_policy(self, policy: str | Mapping[str, Any]) -> None:
        """Add a policy, as text or mapping. What was counted stays counted.

        Raises:
            PolicyError: it does not compile; the policies before stay in force.
        """
        sources = list(self._sources)
        self._sources.append(f"{policy}\n" if isinstance(policy, str) else policy)
        try:
            self._load()
        except Exception:
            self._sources = sources
            raise

    def validate_action(
        self,
        action: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        *,
        text: str | None = None,
        output: Any = None,
        direction: Direction = "input",
        agent_id: str | None = None,
        tags: Iterable[str] | None = None,
    ) -> Result | None:
        """Decide a call of the tool ``action``, its ``output``, or a ``text`` that comes in or goes out.

        Raises:
            ShieldBlockedError: it is blocked (``on_block="none"``: ``None`` is returned).
        """
        agent = Agent(
            id=agent_id if agent_id is not None else self._agent.id,
            tags=self._agent.tags if tags is None else tuple(tags),
        )
        return self._decide(_request(action, arguments, text, output, direction), agent)

    def _decide(self, request: Mapping[str, Any] | Request, agent: Agent) -> Result | None:
        outcome = self._outcome(request, agent)
        if outcome.allowed:
            return Result(outcome)
        if self._returns_none:
            return None
        raise ShieldBlockedError(outcome.decision) from None

    def _outcome(self, request: Mapping[str, Any] | Request, agent: Agent) -> Outcome:
        outcome = self._session(agent).decide(request)
        self._tell(outcome)
        return outcome

    def _session(self, agent: Agent | None = None) -> Session:
        return self._policy.session(agent=agent or self._agent, id=self._session_id)

    def _tell(self, outcome: Outcome) -> None:
        for rule in outcome.bare.rules:
            if rule.action == "allow":
                continue
            event = Event(rule, outcome)
            self.events.append(event)
            if event.action == "alert":
                self._alert(event)
            elif event.action == "log":
                _LOG.info("rule %s matched a call of %s", event.rule, event.tool or "text")

    def _alert(self, event: Event) -> None:
        try:
            if self._on_alert is not None:
                self._on_alert(event)
        except Exception:  # noqa: BLE001 - a listener's fault is not the action's
            _LOG.exception("on_alert failed for rule %s", event.rule)

    def protect(self, function: Callable[..., Any] | None = None, *, tool: str | None = None) -> Any:
        """Decorate a function, synchronous or not: its arguments are decided before it runs, its result after.

        It runs with the arguments as decided, and returns what may be handed on. A blocked call raises
        ``ShieldBlockedError``, or returns ``None``.
        """
        if function is None:
            return functools.partial(self.protect, tool=tool)
        front: Any = _Calls(self._call, self._session, self._tell)
        guarded = guard(function, tool=tool or getattr(function, "__name__", "function"), session=front)
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def protected_async(*args: Any, **kwargs: Any) -> Any:
                try:
                    return await guarded(*args, **kwargs)
                except Refused as blocked:
                    return self._blocked(blocked)

            return protected_async
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def protected_stream(*args: Any, **kwargs: Any) -> Any:
                try:
                    return (yield from guarded(*args, **kwargs))
                except Refused as blocked:
                    return self._blocked(blocked)

            return protected_stream
        if inspect.isasyncgenfunction(function):

            @functools.wraps(function)
            async def protected_async_stream(*args: Any, **kwargs: Any) -> Any:
                try:
                    async for piece in guarded(*args, **kwargs):
                        yield piece
                except Refused as blocked:
                    self._blocked(blocked)

            return protected_async_stream

        @functools.wraps(function)
        def protected(*args: Any, **kwargs: Any) -> Any:
            try:
                return guarded(*args, **kwargs)
            except Refused as blocked:
                return self._blocked(blocked)

        return protected

    def _call(self, request: Mapping[str, Any]) -> Outcome:
        return self._outcome(request, self._agent)

    def _blocked(self, blocked: Refused) -> None:
        if not self._returns_none:
            raise ShieldBlockedError(blocked.decision) from None


class _Calls:
    """What a guarded function needs of a session: each call is decided under the policies of the moment."""

    def __init__(
        self,
        decide: Callable[[Mapping[str, Any]], Outcome],
        session: Callable[[], Session],
        tell: Callable[[Outcome], None],
    ) -> None:
        self._decide = decide
        self._session = session
        self._tell = tell

    def check_tool(self, name: str, args: Mapping[str, Any], *, cost: object = None) -> Outcome:
        del cost
        return self._decide({"tool": name, "args": dict(args)}).raise_if_refused()

    def check_result(self, name: str, result: Any, *, call_id: str, args: Mapping[str, Any]) -> Any:
        del call_id
        request = {"tool": name, "args": dict(args), "phase": "post", "result": result}
        return self._decide(request).raise_if_refused().result

    def passing(self, tool: str, args: Mapping[str, Any], call_id: str) -> Passing:
        passing = self._session().passing(tool, args, call_id)
        passing.told = self._tell
        return passing


def _request(
    action: str | None, arguments: Mapping[str, Any] | None, text: str | None, output: Any, direction: str
) -> dict[str, Any]:
    """Say what is attempted as a request."""
    if direction not in ("input", "output"):
        raise ValueError("`direction` is `input` or `output`")
    phase = "post" if direction == "output" else "pre"
    if action is None:
        return {"kind": "message", "text": text if text is not None else "", "phase": phase}
    request: dict[str, Any] = {"tool": action, "args": dict(arguments or {}), "phase": phase}
    if text is not None:
        request["text"] = text
    if phase == "post":
        request["result"] = output
    return request
