"""The hook protocol of Gemini CLI.

Rule 1: ``ask`` makes a run without a terminal wait for ever, so it is said only if the installation says that somebody
sits there (``--attended``); else an approval is a refusal.
Rule 2: changed arguments are merged over the old ones by some versions, so a change that takes a key away is a refusal.
Rule 3: ``deny`` after a call puts its reason in the place of the result.
"""

from __future__ import annotations

from typing import Any, Final

from referee.adapters.hooks.moments import NOTHING, PROMPT, RESULT
from referee.adapters.hooks.protocol import Answer, Event, Host, Ruling, called, mapping, needed, present, text, written


def read(name: str, about: str, payload: dict[str, Any]) -> Event:
    """Read a payload.

    Raises:
        BadPayload: it lacks what its event must have.
    """
    if about == NOTHING:
        return Event(name=name, about=about)
    is_tool = about != PROMPT
    return Event(
        name=name,
        about=about,
        session=needed(payload, "session_id"),
        cwd=text(payload, "cwd"),
        tool=needed(payload, "tool_name") if is_tool else "",
        args=mapping(payload, "tool_input") if is_tool else {},
        result=present(payload, "tool_response") if about == RESULT else None,
        prompt=needed(payload, "prompt", empty=True) if about == PROMPT else "",
    )


def say(event: Event, ruling: Ruling) -> Answer:
    """Say a ruling in the protocol."""
    match ruling.word:
        case "nothing" | "grant":
            return Answer()
        case "ask":
            changed = _input(ruling.value) if ruling.changed else {}
            return Answer({"decision": "ask", "reason": ruling.reason, "systemMessage": ruling.reason, **changed})
        case "stop":
            return Answer({"continue": False, "stopReason": ruling.reason, **_deny(ruling.reason)})
        case "change" if event.about == RESULT:
            return Answer(_deny(_shown(ruling.value)))
        case "change" if event.args.keys() <= ruling.value.keys():
            return Answer({"decision": "allow", "reason": ruling.reason, **_input(ruling.value)})
        case _:
            return Answer(_deny(ruling.reason))


def _deny(reason: str) -> dict[str, Any]:
    return {"decision": "deny", "reason": reason}


def _input(args: dict[str, Any]) -> dict[str, Any]:
    return {"hookSpecificOutput": {"hookEventName": "BeforeTool", "tool_input": args}}


def _shown(result: Any) -> str:
    """Write a result as the model shall read it."""
    said = result.get("llmContent", result) if isinstance(result, dict) else result
    return (said if isinstance(said, str) else written(said).decode()) or "(empty)"


HOST: Final = Host(
    name="gemini",
    event=("hook_event_name",),
    read=read,
    say=say,
    takes=called,
    asks=lambda event: event.attended,
    projects=("GEMINI_PROJECT_DIR",),
)
