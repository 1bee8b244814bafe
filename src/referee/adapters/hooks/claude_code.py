"""The hook protocol of Claude Code: payloads in, answers out, no input or output of its own.

Rule 1: ``read`` takes what the agent wrote and checks it; what is not understood raises ``BadPayload``.
Rule 2: an ``allow`` by default is no objection and no answer. Only a matched ``allow`` rule answers the agent's own
permission question; changed arguments without such a rule are shown to the user (``ask``).
Rule 3: where nobody can be asked (``bypassPermissions``, ``dontAsk``) an approval is a refusal.
Rule 4: after a failure nothing goes through: calls and prompts are blocked, results are withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from referee.model.decision import Decision
from referee.model.request import ABSENT, Agent, Request, Run

AGENT: Final = "claude-code"
EVENTS: Final = ("PreToolUse", "PostToolUse", "UserPromptSubmit")
MAX_PAYLOAD: Final = 16_000_000
_JSON: Final = msgspec.json.Encoder(decimal_format="number")
_UNATTENDED: Final = frozenset({"bypassPermissions", "dontAsk"})
_ADVICE: Final = {
    "PreToolUse": "It was not carried out. Do not try to reach the same end another way; tell the user instead.",
    "PostToolUse": "The result is withheld. Do not try to get at it another way; tell the user instead.",
    "UserPromptSubmit": "The prompt was not sent.",
}


class BadPayload(Exception):  # noqa: N818 - what came in is bad, nothing broke
    """What the agent sent is not a payload of this protocol."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One moment in the agent's work. ``name`` is the protocol's word; other events than ``EVENTS`` need no decision."""

    name: str
    session: str | None = None
    cwd: str | None = None
    mode: str = "default"
    tool: str = ""
    args: dict[str, Any] = {}
    call: str | None = None
    result: Any = None
    prompt: str = ""
    agent: str | None = None

    @property
    def decided(self) -> bool:
        """Whether a policy has a say in this event."""
        return self.name in EVENTS


class Answer(msgspec.Struct, frozen=True):
    """What the hook prints and how it exits: ``body`` on standard output, ``problem`` on standard error."""

    body: dict[str, Any] = {}
    problem: str = ""
    code: int = 0


def read(data: bytes) -> Event:
    """Read one payload.

    Raises:
        BadPayload: it is too large, not JSON, or lacks what its event must have.
    """
    if len(data) > MAX_PAYLOAD:
        raise BadPayload(f"the payload is larger than {MAX_PAYLOAD // 1_000_000} MB")
    try:
        payload = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise BadPayload("the payload is not valid JSON") from None
    if not isinstance(payload, dict):
        raise BadPayload("the payload is not a JSON object")
    name = _text(payload, "hook_event_name", required=True) or ""
    is_tool = name in ("PreToolUse", "PostToolUse")
    args = payload.get("tool_input", {} if not is_tool else None)
    if is_tool and not isinstance(args, dict):
        raise BadPayload("`tool_input` is not an object")
    if name == "PostToolUse" and "tool_response" not in payload:
        raise BadPayload("`tool_response` is missing")
    return Event(
        name=name,
        session=_text(payload, "session_id", required=name in EVENTS),
        cwd=_text(payload, "cwd"),
        mode=_text(payload, "permission_mode") or "default",
        tool=_text(payload, "tool_name", required=is_tool) or "",
        args=args if isinstance(args, dict) else {},
        call=_text(payload, "tool_use_id"),
        result=payload.get("tool_response"),
        prompt=_text(payload, "prompt", required=name == "UserPromptSubmit", empty=True) or "",
        agent=_text(payload, "agent_type"),
    )


def _text(payload: Mapping[str, Any], key: str, *, required: bool = False, empty: bool = False) -> str | None:
    value = payload.get(key)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not (value or empty):
        raise BadPayload(f"`{key}` is missing or not text")
    return value


def request(event: Event) -> Request:
    """Say what the event attempts as a request. Prompts are messages; results are the post phase of their call.

    >>> request(Event(name="UserPromptSubmit", session="s", prompt="go")).kind
    'message'
    """
    post = event.name == "PostToolUse"
    is_prompt = event.name == "UserPromptSubmit"
    return Request(
        kind="message" if is_prompt else "tool_call",
        tool=None if is_prompt else event.tool,
        args=event.args,
        text=event.prompt if is_prompt else None,
        phase="post" if post else "pre",
        result=event.result if post else ABSENT,
        agent=Agent(id=AGENT, role=event.agent),
        session=Run(id=event.session),
        id=event.call,
        context={"cwd": event.cwd, "permission_mode": event.mode},
    )


def answer(event: Event, decision: Decision, value: Any) -> Answer:
    """Say in the protocol what was decided. ``value`` is what shall go on: arguments, result or prompt after all effects."""
    match event.name:
        case "PreToolUse":
            return _before(event, decision, value)
        case "PostToolUse":
            return _after(event, decision, value)
        case _:
            return _prompt(event, decision, value)


def _before(event: Event, decision: Decision, args: Any) -> Answer:
    if decision.decision == "terminate":
        return Answer({**_stop(decision), **_permission("deny", tell(event, decision))})
    if decision.decision == "deny":
        return Answer(_permission("deny", tell(event, decision)))
    if decision.decision == "require_approval":
        if event.mode in _UNATTENDED:
            return Answer(_permission("deny", f"{tell(event, decision)} (nobody can be asked in mode `{event.mode}`)"))
        return Answer(_permission("ask", _question(decision), args if _differ(args, event.args) else None))
    granted = bool(decision.deciding)
    if _differ(args, event.args):
        verdict = "allow" if granted or event.mode in _UNATTENDED else "ask"
        return Answer(_permission(verdict, _changed(decision), args))
    return Answer(_permission("allow", f"Referee: {decision.reason}")) if granted else Answer()


def _permission(verdict: str, reason: str, args: Any = None) -> dict[str, Any]:
    output = {"hookEventName": "PreToolUse", "permissionDecision": verdict, "permissionDecisionReason": reason}
    return {"hookSpecificOutput": output if args is None else {**output, "updatedInput": args}}


def _after(event: Event, decision: Decision, result: Any) -> Answer:
    if decision.decision == "terminate":
        return Answer({**_stop(decision), **_withheld(event.result, tell(event, decision))})
    if decision.decision != "allow":
        return Answer(
            {"decision": "block", "reason": tell(event, decision), **_withheld(event.result, tell(event, decision))}
        )
    if _differ(result, event.result):
        return Answer({"hookSpecificOutput": {"hookEventName": "PostToolUse", "updatedToolOutput": result}})
    return Answer()


def _differ(one: Any, other: Any) -> bool:
    """Tell whether two values are different JSON: 1 is neither true nor 1.0."""
    return written(one) != written(other)


def written(value: Any) -> bytes:
    """Write a value as the agent reads it; numbers stay numbers."""
    return _JSON.encode(value)


def _withheld(result: Any, reason: str) -> dict[str, Any]:
    return {"hookSpecificOutput": {"hookEventName": "PostToolUse", "updatedToolOutput": withhold(result, reason)}}


def withhold(result: Any, reason: str) -> Any:
    """Empty a tool's result without changing its shape; the first text says why.

    >>> withhold({"stdout": "secret", "stderr": "", "isImage": False}, "no")
    {'stdout': '[withheld: no]', 'stderr': '', 'isImage': False}
    """
    said = iter((f"[withheld: {reason}]",))

    def emptied(value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return next(said, "") if value else ""
        if depth > 64:
            return None
        if isinstance(value, dict):
            return {key: emptied(member, depth + 1) for key, member in value.items()}
        if isinstance(value, list):
            return [emptied(member, depth + 1) for member in value]
        return value if value is None or isinstance(value, bool) else 0

    return emptied(result, 0)


def _prompt(event: Event, decision: Decision, text: Any) -> Answer:
    if decision.decision == "terminate":
        return Answer({**_stop(decision), "decision": "block", "reason": tell(event, decision)})
    if decision.decision != "allow":
        return Answer({"decision": "block", "reason": tell(event, decision)})
    if _differ(text, event.prompt):
        kinds = ", ".join(sorted({redaction.kind for redaction in decision.redactions})) or "values"
        rules = ", ".join(f"`{r.id}` ({r.source})" for r in decision.rules if r.action in ("redact", "modify"))
        return Answer(
            {
                "decision": "block",
                "reason": f"Referee: {rules} removes {kinds} from prompts, and this program cannot change"
                " a prompt. Take it out and send the prompt again.",
            }
        )
    return Answer()


def _stop(decision: Decision) -> dict[str, Any]:
    return {"continue": False, "stopReason": f"Referee: {decision.reason}"}


def tell(event: Event, decision: Decision) -> str:
    """Say why it may not be, and what not to do about it."""
    return f"Referee: {decision.reason.rstrip('.')}. {_ADVICE[event.name]}"


def _question(decision: Decision) -> str:
    who = f" (approvers: {', '.join(decision.approvers)})" if decision.approvers else ""
    return f"Referee: {decision.reason}{who}"


def _changed(decision: Decision) -> str:
    rules = ", ".join(f"`{r.id}` ({r.source})" for r in decision.rules if r.action in ("redact", "modify"))
    return f"Referee: the arguments were changed by {rules or 'the policy'}"


def failure(event: Event | None, problem: str) -> Answer:
    """Refuse because something broke here. ``event`` is ``None`` when not even that could be read.

    A blocked call also exits with 2, which the protocol takes as a refusal whatever happens to the output. A result is
    withheld by output alone, for an exit with 2 would let the original through.
    """
    reason = f"Referee could not decide, so it refuses: {problem}"
    if event is None or event.name == "PreToolUse":
        return Answer(_permission("deny", reason), reason, 2)
    if event.name == "PostToolUse":
        return Answer({"decision": "block", "reason": reason, **_withheld(event.result, reason)}, reason)
    if event.name == "UserPromptSubmit":
        return Answer({"decision": "block", "reason": reason}, reason, 2)
    return Answer({}, reason)
