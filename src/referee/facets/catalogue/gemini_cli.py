"""Gemini CLI, Google's coding agent.

``web_fetch`` takes a prompt and fetches every URL that it names. Tools of MCP servers are called ``mcp_<server>_<tool>``.
"""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import ASK, PLAN, READ_RESOURCE, SEARCH_WEB, Family, entry

GEMINI_CLI: Final = Family(
    name="gemini-cli",
    source="@google/gemini-cli-core 0.61.0, dist/src/tools/definitions",
    tools={
        "run_shell_command": entry("shell.exec", runs="command", cwd="dir_path|directory"),
        "read_file": entry("file.read", reads="file_path|absolute_path"),
        "read_many_files": entry("file.read", reads="include[*]|paths[*]"),
        "write_file": entry("file.write", writes="file_path"),
        "replace": entry("file.write", writes="file_path"),
        "list_directory": entry("file.list", reads="dir_path|path"),
        "glob": entry("file.list", reads="dir_path|path?"),
        "grep_search": entry("file.search", reads="dir_path|path?", glob="include_pattern|include"),
        "search_file_content": entry("file.search", reads="dir_path|path?", glob="include_pattern|include"),
        "web_fetch": (entry("http.fetch", links="prompt"), entry("http.fetch", http="url")),
        "google_web_search": SEARCH_WEB,
        "save_memory": entry("memory.write"),
        "write_todos": PLAN,
        "activate_skill": PLAN,
        "get_internal_docs": PLAN,
        "enter_plan_mode": PLAN,
        "exit_plan_mode": PLAN,
        "update_topic": PLAN,
        "complete_task": PLAN,
        "ask_user": ASK,
        "list_mcp_resources": READ_RESOURCE,
        "read_mcp_resource": READ_RESOURCE,
    },
)
