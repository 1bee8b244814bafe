"""Where each coding agent keeps its hooks, and how an entry looks there: tables.

Rule 1: a hook that fails in any way refuses, by the host's own switch where it has one that works, else by the shell.
Rule 2: every hook ends by itself before its host stops waiting: the deadline of a hook is shorter than every timeout here.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple

from referee.adapters.hooks.moments import CALL, RESULT, last_word, moment

TIMEOUT: Final = 30
"""Seconds a host is told to wait."""

_SILENT: Final = "Referee did not run, so it refuses"
_REFUSES: Final = "Referee refuses"

Form = Literal["grouped", "flat", "scripts", "plugin"]
"""How hooks are written down: in groups with a matcher, one by one, as files named after events, as one plugin."""


class Place(NamedTuple):
    """Where a host looks for hooks.

    ``project`` and ``user`` are the files (or the folder of scripts) of a project and of a user. ``events`` are those
    that a policy has a say in, ``entry`` writes one, ``top`` is what else such a file needs, ``comments`` says whether it
    may hold comments, ``note`` what the user has to do or know.
    """

    form: Form
    project: str
    user: str | None
    events: tuple[str, ...]
    entry: Callable[[str, str], dict[str, Any]]
    top: Mapping[str, Any] = {}
    comments: bool = False
    note: str = ""


def closed(host: str, event: str, command: str) -> str:
    """Wrap a command for hosts that go on when a hook breaks: then what refuses is said by the shell.

    >>> closed("codex", "PreToolUse", "referee hook codex")[:41]
    "/bin/sh -c 'referee hook codex || { echo "
    """
    out, _, code = last_word(host, event, _SILENT)
    if code:
        script = f"{command} || {{ echo '{_REFUSES}' >&2; exit 2; }}"
    else:
        script = f"said=$({command}) || said={shlex.quote(out.decode().strip())}; printf '%s\\n' \"$said\""
    return f"/bin/sh -c {shlex.quote(script)}"


def _claude(event: str, command: str) -> dict[str, Any]:
    said = closed("claude-code", event, command) if moment("claude-code", event) == RESULT else command
    handler = {"type": "command", "command": said, "timeout": TIMEOUT, "onFailure": "block"}
    return _group("claude-code", event, "*", handler)


def _codex(event: str, command: str) -> dict[str, Any]:
    handler = {"type": "command", "command": closed("codex", event, command), "timeout": TIMEOUT}
    return _group("codex", event, ".*", handler)


def _gemini(event: str, command: str) -> dict[str, Any]:
    said = closed("gemini", event, command)
    return _group(
        "gemini", event, ".*", {"type": "command", "name": "referee", "command": said, "timeout": TIMEOUT * 1000}
    )


def _group(host: str, event: str, every: str, handler: dict[str, Any]) -> dict[str, Any]:
    matched = {"matcher": every} if moment(host, event) in (CALL, RESULT) else {}
    return {**matched, "hooks": [handler]}


def _copilot(event: str, command: str) -> dict[str, Any]:
    return {"type": "command", "bash": closed("copilot", event, command), "timeoutSec": TIMEOUT}


def _cursor(_event: str, command: str) -> dict[str, Any]:
    return {"command": command, "timeout": TIMEOUT, "failClosed": True}


def _windsurf(event: str, command: str) -> dict[str, Any]:
    return {"command": closed("windsurf", event, command), "show_output": True}


def _none(_event: str, _command: str) -> dict[str, Any]:
    return {}


_TOOLS: Final = ("PreToolUse", "PostToolUse", "UserPromptSubmit")

PLACES: Final[dict[str, Place]] = {
    "claude-code": Place("grouped", ".claude/settings.json", "~/.claude/settings.json", _TOOLS, _claude),
    "codex": Place(
        "grouped",
        ".codex/hooks.json",
        "~/.codex/hooks.json",
        _TOOLS,
        _codex,
        note="Codex runs hooks only once they are trusted: open Codex, say `/hooks` and trust them; until then nothing is decided",
    ),
    "gemini": Place(
        "grouped",
        ".gemini/settings.json",
        "~/.gemini/settings.json",
        ("BeforeTool", "AfterTool", "BeforeAgent"),
        _gemini,
        comments=True,
        note="Gemini CLI runs hooks of a project only in a trusted folder; with `--user` they always run",
    ),
    "copilot": Place(
        "flat",
        ".github/hooks/referee.json",
        "~/.copilot/hooks/referee.json",
        ("preToolUse", "postToolUse", "userPromptSubmitted"),
        _copilot,
        {"version": 1},
    ),
    "cursor": Place(
        "flat",
        ".cursor/hooks.json",
        "~/.cursor/hooks.json",
        ("preToolUse", "beforeReadFile", "postToolUse", "beforeSubmitPrompt"),
        _cursor,
        {"version": 1},
        note="Cursor runs hooks of a project only in a trusted workspace; with `--user` they always run",
    ),
    "windsurf": Place(
        "flat",
        ".windsurf/hooks.json",
        "~/.codeium/windsurf/hooks.json",
        ("pre_read_code", "pre_write_code", "pre_run_command", "pre_mcp_tool_use", "pre_user_prompt"),
        _windsurf,
        note="Windsurf shows no hook what a tool returned, so nothing is removed from results",
    ),
    "cline": Place(
        "scripts",
        ".clinerules/hooks",
        None,
        _TOOLS,
        _none,
        note="a refusal ends Cline's run: it has no other way to stop a call",
    ),
    "opencode": Place(
        "plugin",
        ".opencode/plugin/referee.js",
        "~/.config/opencode/plugin/referee.js",
        ("tool.execute.before", "tool.execute.after"),
        _none,
        note="opencode has no hook for prompts, so only calls and results are decided",
    ),
}


def text(entry: dict[str, Any], step: str) -> str:
    """Write an entry as text."""
    return json.dumps(entry, indent=step, ensure_ascii=False)
