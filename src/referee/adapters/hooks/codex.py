"""The hook protocol of Codex: Claude Code's payloads, fewer of its answers.

Rule 1: what Codex does not support it takes for a failed hook and goes on, so nothing of that is ever said: no
``ask``, no ``continue: false``, no bare ``allow``, no ``deny`` without a reason.
Rule 2: a session that is over is remembered here; Codex itself cannot be stopped.
Rule 3: ``block`` after a call puts its reason in the place of the result.
"""

from __future__ import annotations

from typing import Any, Final

from referee.adapters.hooks import claude_code
from referee.adapters.hooks.moments import CALL, permission
from referee.adapters.hooks.protocol import Answer, Event, Host, Ruling, called, written


def say(event: Event, ruling: Ruling) -> Answer:
    """Say a ruling in the protocol."""
    if ruling.word in ("nothing", "grant"):
        return Answer()
    if event.about == CALL:
        refused = ruling.word != "change"
        said = permission("deny" if refused else "allow", ruling.reason)
        return Answer({"hookSpecificOutput": said if refused else {**said, "updatedInput": ruling.value}})
    return Answer({"decision": "block", "reason": _shown(ruling.value) if ruling.word == "change" else ruling.reason})


def _shown(result: Any) -> str:
    """Write a result as the model shall read it; a refusal needs some text."""
    return (result if isinstance(result, str) else written(result).decode()) or "(empty)"


HOST: Final = Host(
    name="codex",
    event=("hook_event_name",),
    read=claude_code.read,
    say=say,
    takes=called,
)
