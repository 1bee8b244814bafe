"""Windsurf's Cascade. Its hooks speak of actions (``pre_run_command``); these are the tools behind them."""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import SEARCH_WEB, Family, entry

WINDSURF: Final = Family(
    name="windsurf",
    source="hook documentation of 2026-11; tool names of Cascade not checked against the program",
    tools={
        "run_command": entry("shell.exec", runs="command_line|CommandLine|command", cwd="cwd|Cwd"),
        "command_status": entry("process.read"),
        "read_code": entry("file.read", reads="file_path"),
        "write_code": entry("file.write", writes="file_path"),
        "view_file": entry("file.read", reads="AbsolutePath|file_path|path"),
        "view_line_range": entry("file.read", reads="AbsolutePath"),
        "view_code_item": entry("file.read", reads="File"),
        "view_file_outline": entry("file.read", reads="AbsolutePath"),
        "write_to_file": entry("file.write", writes="TargetFile"),
        "replace_file_content": entry("file.write", writes="TargetFile"),
        "propose_code": entry("file.write", writes="TargetFile"),
        "edit_file": entry("file.write", writes="TargetFile"),
        "list_dir": entry("file.list", reads="DirectoryPath"),
        "find_by_name": entry("file.list", reads="SearchDirectory|SearchPath?"),
        "grep_search": entry("file.search", reads="SearchPath|SearchDirectory?"),
        "codebase_search": entry("file.search", reads="TargetDirectories[*]?"),
        "read_url_content": entry("http.fetch", http="Url"),
        "open_browser_url": entry("browser.open", http="Url"),
        "browser_preview": entry("browser.open", http="Url"),
        "search_web": SEARCH_WEB,
        "create_memory": entry("memory.write"),
        "deploy_web_app": entry("http.fetch", reads="ProjectPath?"),
    },
)
