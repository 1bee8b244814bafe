"""Codex CLI, OpenAI's coding agent.

It shows its shell tool to hooks as ``Bash``, and its patches are V4A: ``*** Update File: a.py``. Models also pass a patch as
the here-document of a command, ``apply_patch <<'EOF'``, which is the shell facet's to see.
"""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import ASK, MESSAGE, PLAN, READ_RESOURCE, SEARCH_WEB, SPAWN, Family, entry

_SHELL: Final = entry("shell.exec", runs="command|cmd", cwd="workdir")

CODEX: Final = Family(
    name="codex",
    source="@openai/codex 0.171.0, tool descriptions and hook schemas in the binary; payloads of 0.169",
    tools={
        "Bash": _SHELL,
        "shell": _SHELL,
        "shell_command": _SHELL,
        "local_shell": _SHELL,
        "container.exec": _SHELL,
        "exec_command": entry("shell.exec", runs="cmd|command", cwd="workdir"),
        "unified_exec": entry("shell.exec", runs="cmd|command|input", cwd="workdir"),
        "write_stdin": (
            entry("shell.input", runs="chars|input", given="chars|input"),
            entry("process.read", given="!chars|input"),
        ),
        "apply_patch": entry("file.write", patch="input|patch|command"),
        "view_image": entry("file.read", reads="path"),
        "read_file": entry("file.read", reads="file_path|path"),
        "list_dir": entry("file.list", reads="dir_path|path"),
        "grep_files": entry("file.search", reads="path?", glob="include"),
        "web_search": SEARCH_WEB,
        "update_plan": PLAN,
        "request_user_input": ASK,
        "request_permissions": entry("agent.config"),
        "spawn_agent": SPAWN,
        "resume_agent": SPAWN,
        "send_input": MESSAGE,
        "wait_agent": PLAN,
        "close_agent": MESSAGE,
        "list_mcp_resources": READ_RESOURCE,
        "list_mcp_resource_templates": READ_RESOURCE,
        "read_mcp_resource": READ_RESOURCE,
        "tool_search": PLAN,
    },
)
