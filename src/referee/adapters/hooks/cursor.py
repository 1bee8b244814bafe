"""The hook protocol of Cursor.

Rule 1: ``preToolUse`` decides every tool. There ``ask`` is not honoured, so an approval is a refusal; the gates of
shell and MCP calls do ask, for those who install them instead.
Rule 2: no answer is no opinion; ``allow`` would answer the user's own question, so it is said for an ``allow`` rule only,
and a change that no rule allowed is refused.
Rule 3: of results only those of MCP tools can be replaced. What a file holds is there before it is read, at
``beforeReadFile``: what would have to be removed from it refuses the reading.
"""

from __future__ import annotations

from typing import Any, Final

from referee.adapters.hooks.moments import CALL, NOTHING, PROMPT, RESULT
from referee.adapters.hooks.protocol import Answer, Event, Host, Ruling, arguments, needed, present, text, withhold

_GATES: Final = frozenset({"beforeShellExecution", "beforeMCPExecution"})
_READS: Final = frozenset({"beforeReadFile", "beforeTabFileRead"})


def read(name: str, about: str, payload: dict[str, Any]) -> Event:
    """Read a payload.

    Raises:
        BadPayload: it lacks what its event must have.
    """
    if about == NOTHING:
        return Event(name=name, about=about)
    roots = payload.get("workspace_roots")
    root = roots[0] if isinstance(roots, list) and roots and isinstance(roots[0], str) else None
    tool, args = _called(name, payload) if about != PROMPT else ("", {})
    return Event(
        name=name,
        about=about,
        session=needed(payload, "conversation_id" if "conversation_id" in payload else "session_id"),
        cwd=text(payload, "cwd", empty=True) or text(args, "cwd", empty=True) or root,
        workspace=root,
        tool=tool,
        args=args,
        call=text(payload, "tool_use_id"),
        result=_result(name, payload) if about == RESULT or name in _READS else None,
        seen_again=name in _READS,
        prompt=needed(payload, "prompt", empty=True) if about == PROMPT else "",
    )


def _called(name: str, payload: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if name == "beforeShellExecution":
        folder = text(payload, "cwd", empty=True)
        return "Shell", {"command": needed(payload, "command"), **({"cwd": folder} if folder else {})}
    if name in _READS:
        return "Read", {"file_path": needed(payload, "file_path")}
    return needed(payload, "tool_name").removeprefix("MCP:"), arguments(payload, "tool_input")


def _result(name: str, payload: dict[str, Any]) -> Any:
    keys = {"afterMCPExecution": "result_json"}
    return present(payload, "content" if name in _READS else keys.get(name, "tool_output"))


def say(event: Event, ruling: Ruling) -> Answer:
    """Say a ruling in the protocol."""
    if ruling.word == "nothing" or (ruling.word == "grant" and event.about != CALL):
        return Answer()
    if event.about == PROMPT:
        return Answer({"continue": False, "user_message": ruling.reason})
    if event.about == RESULT:
        changed = ruling.word == "change"
        return Answer({"updated_mcp_tool_output": ruling.value if changed else withhold(event.result, ruling.reason)})
    if ruling.word in ("grant", "change"):
        return Answer({"permission": "allow", **({"updated_input": ruling.value} if ruling.changed else {})})
    return Answer(_permission("ask" if ruling.word == "ask" else "deny", ruling.reason))


def _permission(verdict: str, reason: str) -> dict[str, Any]:
    return {"permission": verdict, "user_message": reason, "agent_message": reason}


HOST: Final = Host(
    name="cursor",
    event=("hook_event_name",),
    read=read,
    say=say,
    takes=lambda event: event.name not in _GATES and event.name not in _READS,
    asks=lambda event: event.name in _GATES,
    change_grants=True,
    projects=("CURSOR_PROJECT_DIR",),
)
