"""The hook protocol of Claude Code: payloads in, answers out, no input or output of its own.

Rule 1: where nobody can be asked (``bypassPermissions``, ``dontAsk``) an approval is a refusal.
Rule 2: a prompt cannot be changed, so one that must be is blocked.
"""

from __future__ import annotations

from typing import Any, Final

from referee.adapters.hooks.dialect import say
from referee.adapters.hooks.moments import NOTHING, PROMPT, RESULT
from referee.adapters.hooks.protocol import Event, Host, called, mapping, needed, present, text

_UNATTENDED: Final = frozenset({"bypassPermissions", "dontAsk"})


def read(name: str, about: str, payload: dict[str, Any]) -> Event:
    """Read a payload.

    Raises:
        BadPayload: it lacks what its event must have.
    """
    if about == NOTHING:
        return Event(name=name, about=about)
    mode = text(payload, "permission_mode") or "default"
    is_tool = about != PROMPT
    return Event(
        name=name,
        about=about,
        session=needed(payload, "session_id"),
        cwd=text(payload, "cwd"),
        mode=mode,
        alone=mode in _UNATTENDED,
        tool=needed(payload, "tool_name") if is_tool else "",
        args=mapping(payload, "tool_input") if is_tool else {},
        call=text(payload, "tool_use_id"),
        result=present(payload, "tool_response") if about == RESULT else None,
        prompt=needed(payload, "prompt", empty=True) if about == PROMPT else "",
        agent=text(payload, "agent_type"),
    )


HOST: Final = Host(
    name="claude-code",
    event=("hook_event_name",),
    read=read,
    say=say,
    takes=called,
    asks=lambda _event: True,
    projects=("CLAUDE_PROJECT_DIR",),
)
