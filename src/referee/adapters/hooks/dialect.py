"""The answers of Claude Code's protocol, which other agents read too.

Rule 1: a call whose arguments were changed is shown to the user unless a rule allowed it; ``updatedInput`` is whole.
Rule 2: a result is withheld in its own shape.
"""

from __future__ import annotations

from typing import Any

from referee.adapters.hooks.moments import CALL, PROMPT, permission
from referee.adapters.hooks.protocol import Answer, Event, Ruling, withhold

_VERDICTS = {"grant": "allow", "ask": "ask", "deny": "deny", "stop": "deny"}


def say(event: Event, ruling: Ruling) -> Answer:
    """Say a ruling in the protocol."""
    if ruling.word == "nothing" or (ruling.word == "grant" and event.about != CALL):
        return Answer()
    stop = {"continue": False, "stopReason": ruling.reason} if ruling.word == "stop" else {}
    if event.about == CALL:
        return Answer({**stop, "hookSpecificOutput": _call(event, ruling)})
    if event.about == PROMPT:
        return Answer({**stop, "decision": "block", "reason": ruling.reason})
    if ruling.word == "change":
        return Answer(result(ruling.value))
    return Answer(
        {**(stop or {"decision": "block", "reason": ruling.reason}), **result(withhold(event.result, ruling.reason))}
    )


def _call(event: Event, ruling: Ruling) -> dict[str, Any]:
    verdict = _VERDICTS.get(ruling.word) or ("allow" if ruling.granted or event.alone else "ask")
    said = permission(verdict, ruling.reason)
    return {**said, "updatedInput": ruling.value} if ruling.changed else said


def result(instead: Any) -> dict[str, Any]:
    """Replace a result."""
    return {"hookSpecificOutput": {"hookEventName": "PostToolUse", "updatedToolOutput": instead}}
