"""MCP servers for the file system and the desktop: the reference server, and Desktop Commander, which also runs commands."""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import PLAN, Family, entry

_MOVE: Final = entry("file.write file.delete", deletes="source", writes="destination")

FILESYSTEM: Final = Family(
    name="filesystem",
    source="@modelcontextprotocol/server-filesystem 2026.8.31, dist/index.js",
    servers=(
        "filesystem",
        "file-system",
        "file_system",
        "fs",
        "files",
        "secure-filesystem-server",
        "server-filesystem",
    ),
    tools={
        "read_file": entry("file.read", reads="path"),
        "read_text_file": entry("file.read", reads="path"),
        "read_media_file": entry("file.read", reads="path"),
        "read_multiple_files": entry("file.read", reads="paths[*]"),
        "write_file": entry("file.write", writes="path"),
        "edit_file": entry("file.write", writes="path"),
        "create_directory": entry("file.write", writes="path"),
        "list_directory": entry("file.list", reads="path"),
        "list_directory_with_sizes": entry("file.list", reads="path"),
        "directory_tree": entry("file.list", reads="path"),
        "search_files": entry("file.list", reads="path"),
        "get_file_info": entry("file.list", reads="path"),
        "list_allowed_directories": entry("file.list"),
        "move_file": _MOVE,
    },
)

DESKTOP_COMMANDER: Final = Family(
    name="desktop-commander",
    source="@wonderwhy-er/desktop-commander 0.2.52, dist/tools/schemas.js",
    servers=("desktop-commander", "desktop_commander", "desktopcommander", "commander"),
    tools={
        "start_process": entry("shell.exec", runs="command"),
        "execute_command": entry("shell.exec", runs="command"),
        "interact_with_process": entry("shell.input", runs="input"),
        "read_process_output": entry("process.read"),
        "list_sessions": entry("process.read"),
        "list_processes": entry("process.read"),
        "force_terminate": entry("process.kill"),
        "kill_process": entry("process.kill", line="kill <pid>"),
        "read_file": (entry("file.read", reads="path"), entry("http.fetch", http="path", given="isUrl")),
        "read_multiple_files": entry("file.read", reads="paths[*]"),
        "write_file": entry("file.write", writes="path"),
        "write_pdf": entry("file.write", writes="outputPath|path", reads="content[*].sourcePdfPath?"),
        "edit_block": entry("file.write", writes="file_path"),
        "create_directory": entry("file.write", writes="path"),
        "list_directory": entry("file.list", reads="path"),
        "get_file_info": entry("file.list", reads="path"),
        "start_search": entry("file.search", reads="path", glob="filePattern"),
        "get_more_search_results": entry("file.search"),
        "stop_search": PLAN,
        "list_searches": PLAN,
        "move_file": _MOVE,
        "set_config_value": entry("agent.config"),
        "get_config": PLAN,
        "get_usage_stats": PLAN,
        "get_recent_tool_calls": PLAN,
        "get_prompts": PLAN,
        "give_feedback_to_desktop_commander": entry("user.ask"),
    },
)
