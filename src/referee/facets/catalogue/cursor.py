"""Cursor, the editor and its command line. Hooks name tools as ``Shell``; the model knows them as ``run_terminal_cmd``."""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import PLAN, SEARCH_WEB, SPAWN, Family, entry

CURSOR: Final = Family(
    name="cursor",
    source="hook payloads of build 2026.09.18; tool names not checked against the program",
    tools={
        "Shell": entry("shell.exec", runs="command", cwd="cwd|working_directory"),
        "run_terminal_cmd": entry("shell.exec", runs="command", cwd="cwd|working_directory"),
        "Read": entry("file.read", reads="file_path|path|target_file"),
        "read_file": entry("file.read", reads="target_file|path"),
        "Write": entry("file.write", writes="file_path|path"),
        "edit_file": entry("file.write", writes="target_file"),
        "search_replace": entry("file.write", writes="file_path"),
        "StrReplace": entry("file.write", writes="path|file_path"),
        "reapply": entry("file.write", writes="target_file"),
        "edit_notebook": entry("file.write", writes="target_notebook"),
        "EditNotebook": entry("file.write", writes="target_notebook"),
        "Delete": entry("file.delete", deletes="path|file_path|target_file"),
        "delete_file": entry("file.delete", deletes="target_file|path"),
        "list_dir": entry("file.list", reads="target_directory|relative_workspace_path?"),
        "LS": entry("file.list", reads="target_directory|path?"),
        "glob_file_search": entry("file.list", reads="target_directory?"),
        "file_search": entry("file.list"),
        "Grep": entry("file.search", reads="path?", glob="glob"),
        "grep": entry("file.search", reads="path?", glob="glob"),
        "grep_search": entry("file.search", glob="include_pattern"),
        "codebase_search": entry("file.search", reads="target_directories[*]?"),
        "SemanticSearch": entry("file.search", reads="target_directories[*]?"),
        "ReadLints": entry("file.read", reads="paths[*]?"),
        "read_lints": entry("file.read", reads="paths[*]?"),
        "WebFetch": entry("http.fetch", http="url"),
        "WebSearch": SEARCH_WEB,
        "web_search": SEARCH_WEB,
        "Task": SPAWN,
        "TodoWrite": PLAN,
        "todo_write": PLAN,
        "update_memory": entry("memory.write"),
    },
)
