"""The hook protocol of Windsurf: an exit with 2 refuses, the reason is what stands on standard error.

Rule 1: there is no other answer. What needs an approval or a change is refused.
Rule 2: results are not seen: the hooks after an action cannot hold anything back.
"""

from __future__ import annotations

from typing import Any, Final

from referee.adapters.hooks.moments import NOTHING, PROMPT
from referee.adapters.hooks.protocol import Answer, Event, Host, Ruling, arguments, mapping, needed, text

_TOOLS: Final = {"pre_read_code": "view_file", "pre_write_code": "edit_file", "pre_run_command": "run_command"}


def read(name: str, about: str, payload: dict[str, Any]) -> Event:
    """Read a payload.

    Raises:
        BadPayload: it lacks what its event must have.
    """
    if about == NOTHING:
        return Event(name=name, about=about)
    told = mapping(payload, "tool_info")
    tool, args = _called(name, told) if about != PROMPT else ("", {})
    return Event(
        name=name,
        about=about,
        session=needed(payload, "trajectory_id"),
        cwd=text(told, "cwd", empty=True),
        tool=tool,
        args=args,
        prompt=needed(told, "user_prompt", empty=True) if about == PROMPT else "",
    )


def _called(name: str, told: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if name == "pre_mcp_tool_use":
        tool = f"mcp__{needed(told, 'mcp_server_name')}__{needed(told, 'mcp_tool_name')}"
        return tool, arguments(told, "mcp_tool_arguments")
    if name == "pre_run_command":
        folder = text(told, "cwd", empty=True)
        return _TOOLS[name], {"command": needed(told, "command_line"), **({"cwd": folder} if folder else {})}
    needed(told, "file_path")
    return _TOOLS[name], told


def say(_event: Event, ruling: Ruling) -> Answer:
    """Say a ruling in the protocol."""
    return Answer() if ruling.word in ("nothing", "grant") else Answer({}, ruling.reason, 2)


HOST: Final = Host(name="windsurf", event=("agent_action_name",), read=read, say=say)
