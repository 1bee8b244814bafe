"""The hook protocol of Copilot CLI, in its own words and in Claude Code's, which VS Code sends to the same hooks.

Rule 1: payloads in Copilot's own words do not name their event; the settings do (``--event``).
Rule 2: a change that no rule allowed is refused: it is taken together with ``allow`` only, which answers the user's
own question too.
Rule 3: Copilot cannot be stopped; a session that is over is remembered here.
"""

from __future__ import annotations

from typing import Any, Final

from referee.adapters.hooks import dialect
from referee.adapters.hooks.moments import CALL, NOTHING, PROMPT, RESULT
from referee.adapters.hooks.protocol import (
    Answer,
    Event,
    Host,
    Ruling,
    arguments,
    called,
    needed,
    present,
    text,
    withhold,
)

_OWN: Final = ("toolName", "toolArgs", "toolResult", "sessionId")
_CLAUDE: Final = ("tool_name", "tool_input", "tool_result", "session_id")


def read(name: str, about: str, payload: dict[str, Any]) -> Event:
    """Read a payload.

    Raises:
        BadPayload: it lacks what its event must have.
    """
    if about == NOTHING:
        return Event(name=name, about=about)
    own = "tool_name" not in payload and "hook_event_name" not in payload and "hookEventName" not in payload
    tool, args, result, session = _OWN if own else _CLAUDE
    if not own and "tool_response" in payload:
        result = "tool_response"
    is_tool = about != PROMPT
    return Event(
        name=name,
        about=about,
        session=needed(payload, session if session in payload else "sessionId"),
        cwd=text(payload, "cwd"),
        mode=text(payload, "permission_mode") or "default",
        tool=needed(payload, tool) if is_tool else "",
        args=arguments(payload, args) if is_tool else {},
        call=text(payload, "tool_use_id"),
        result=present(payload, result) if about == RESULT else None,
        prompt=needed(payload, "prompt", empty=True) if about == PROMPT else "",
        dialect="own" if own else "claude",
    )


def say(event: Event, ruling: Ruling) -> Answer:
    """Say a ruling in the protocol."""
    if event.dialect != "own":
        return dialect.say(event, ruling)
    if ruling.word == "nothing" or (ruling.word == "grant" and event.about != CALL):
        return Answer()
    if event.about == PROMPT:
        return Answer({"decision": "block", "reason": ruling.reason})
    if event.about == RESULT:
        kept = ruling.word == "change"
        return Answer({"modifiedResult": ruling.value if kept else withheld(event, ruling.reason)})
    return Answer(_call(ruling))


def withheld(event: Event, reason: str) -> Any:
    """Empty a result; its type says whether the tool succeeded and stays."""
    if event.dialect != "own" or not isinstance(event.result, dict):
        return withhold(event.result, reason)
    kept = {key: value for key, value in event.result.items() if key == "resultType"}
    return {**kept, "textResultForLlm": f"[withheld: {reason}]"}


def _call(ruling: Ruling) -> dict[str, Any]:
    verdict = {"grant": "allow", "change": "allow", "ask": "ask"}.get(ruling.word, "deny")
    said = {"permissionDecision": verdict, "permissionDecisionReason": ruling.reason}
    return {**said, "modifiedArgs": ruling.value} if ruling.changed else said


HOST: Final = Host(
    name="copilot",
    event=("hookEventName", "hook_event_name"),
    read=read,
    say=say,
    takes=called,
    asks=lambda _event: True,
    change_grants=True,
    withhold=withheld,
)
