"""The hook protocol of Cline.

Rule 1: the only refusal is ``cancel``, which ends the whole run; the model does not learn the reason, the user does.
Rule 2: ``review`` is passed over when calls are approved by themselves, so an approval is a refusal.
Rule 3: ``use_mcp_tool`` is a call of the tool it names; what it holds cannot be changed.
Rule 4: results cannot be changed. One that must be ends the run, before the model reads it.
"""

from __future__ import annotations

from typing import Any, Final

from referee.adapters.hooks.moments import CALL, NOTHING, PROMPT, RESULT
from referee.adapters.hooks.protocol import (
    Answer,
    BadPayload,
    Event,
    Host,
    Ruling,
    arguments,
    mapping,
    needed,
    present,
    text,
)

_MCP: Final = "use_mcp_tool"
_PARTS: Final = {CALL: ("tool_call", "preToolUse"), RESULT: ("tool_result", "postToolUse")}


def read(name: str, about: str, payload: dict[str, Any]) -> Event:
    """Read a payload.

    Raises:
        BadPayload: it lacks what its event must have.
    """
    if about == NOTHING:
        return Event(name=name, about=about)
    roots = payload.get("workspaceRoots")
    root = roots[0] if isinstance(roots, list) and roots and isinstance(roots[0], str) else None
    session, parent = needed(payload, "taskId"), text(payload, "parent_agent_id")
    role = "subagent" if parent else None
    if about == PROMPT:
        prompt = needed(mapping(payload, "userPromptSubmit"), "prompt", empty=True)
        return Event(name=name, about=about, session=session, cwd=root, workspace=root, prompt=prompt, agent=role)
    tool, args, call, result = _called(about, payload)
    return Event(
        name=name,
        about=about,
        session=session,
        cwd=root,
        workspace=root,
        tool=tool,
        args=args,
        call=call,
        result=result,
        agent=role,
        dialect=_MCP if tool.startswith("mcp__") else "",
    )


def _called(about: str, payload: dict[str, Any]) -> tuple[str, dict[str, Any], str | None, Any]:
    """Read the call from the part that holds its arguments as they are, or from the older one that has them as texts."""
    whole, older = _PARTS[about]
    after = about == RESULT
    if whole in payload:
        part = mapping(payload, whole)
        result = present(part, "output") if after else None
        return *_unpacked(needed(part, "name"), arguments(part, "input")), text(part, "id"), result
    part = mapping(payload, older)
    if "toolName" not in part:
        raise BadPayload("`toolName` is missing")
    tool, args = _unpacked(needed(part, "toolName"), mapping(part, "parameters"))
    return tool, args, None, present(part, "result") if after else None


def _unpacked(tool: str, args: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Find the tool that is really called, and its arguments."""
    if tool != _MCP:
        return tool, args
    return f"mcp__{needed(args, 'server_name')}__{needed(args, 'tool_name')}", arguments(args, "arguments")


def say(_event: Event, ruling: Ruling) -> Answer:
    """Say a ruling in the protocol."""
    match ruling.word:
        case "nothing" | "grant":
            return Answer()
        case "change":
            return Answer({"overrideInput": ruling.value})
        case _:
            return Answer({"cancel": True, "errorMessage": ruling.reason})


HOST: Final = Host(
    name="cline",
    event=("hookName",),
    read=read,
    say=say,
    takes=lambda event: event.about == CALL and event.dialect != _MCP,
)
