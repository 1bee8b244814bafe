"""Cline, the command line and the editor extension, whose older tools are in XML and still in use.

``run_commands`` takes one command or several. ``use_mcp_tool`` carries a call of another tool, which hooks unpack.
"""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import ASK, MESSAGE, PLAN, READ_RESOURCE, SPAWN, Family, entry

CLINE: Final = Family(
    name="cline",
    source="@cline/core 0.0.86, extensions/tools/schemas (Cline CLI 3.0.65); tool list of the extension 3.x",
    tools={
        "run_commands": entry("shell.exec", runs="commands|command|cmd", cwd="cwd"),
        "execute_command": entry("shell.exec", runs="command"),
        "read_files": entry(
            "file.read",
            reads="files[*].path|files[*].file_path|files[*].filePath|files[*]|files.path|files|path|file_path|filePath|paths[*]",
        ),
        "read_file": entry("file.read", reads="path"),
        "editor": entry("file.write", writes="path|file_path"),
        "write_to_file": entry("file.write", writes="path|absolutePath"),
        "replace_in_file": entry("file.write", writes="path|absolutePath"),
        "new_rule": entry("agent.config file.write", writes="path|absolutePath"),
        "apply_patch": entry("file.write", patch="input|patch"),
        "search_codebase": entry("file.search"),
        "search_files": entry("file.search", reads="path", glob="file_pattern"),
        "list_files": entry("file.list", reads="path"),
        "list_code_definition_names": entry("file.read", reads="path"),
        "fetch_web_content": entry("http.fetch", http="requests[*].url|requests.url|url"),
        "web_fetch": entry("http.fetch", http="url"),
        "browser_action": (
            entry("browser.open", http="url", given="action=launch"),
            entry("browser.act", given="action!=launch"),
        ),
        "use_mcp_tool": entry("mcp.call"),
        "access_mcp_resource": READ_RESOURCE,
        "new_task": SPAWN,
        "use_subagents": SPAWN,
        "skills": PLAN,
        "plan_mode_respond": PLAN,
        "condense": PLAN,
        "attempt_completion": entry("user.ask", runs="command?"),
        "ask_question": ASK,
        "ask_followup_question": ASK,
        "submit_and_exit": MESSAGE,
    },
)
