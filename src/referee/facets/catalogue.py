"""What the tools of coding agents and common MCP servers are.

Rule 1: an entry of a policy file wins over one of these.
Rule 2: ``a|b`` names alternatives, of which the first that is present counts; ``a?`` may be absent.
Rule 3: a tool of an MCP server is found by its full name or, whatever the server is called, by its own.
"""

from __future__ import annotations

import re
from typing import Final

from referee.model.catalogue import Catalogue, FileArgument, Tool

_PATH: Final = "file_path|path|filePath|absolute_path|filename|file|target_file|filepath|notebook_path|uri"

_SHELL: Final = {
    "command|cmd|script|commands|code": (
        "Bash bash shell Shell sh zsh run_shell run_bash shell_command exec_command exec local_shell "
        "execute_shell terminal run_terminal_cmd run_terminal_command runTerminalCommand run_in_terminal "
        "runInTerminal execute_command run_command execute_bash bash_tool run_commands container.exec "
        "shell_exec shell_tool run_shell_command execute_shell_command Monitor"
    ),
}
_FILES: Final[tuple[tuple[str, str, str, str], ...]] = (
    (
        "file.read",
        "read",
        _PATH,
        (
            "Read read view View read_file readFile open_file cat_file read_text_file read_media_file "
            "get_file_contents NotebookRead view_file fs_read get_file_info read_notebook LSP"
        ),
    ),
    (
        "file.write",
        "write",
        _PATH,
        (
            "Write write write_file writeFile create create_file createFile write_to_file save_file new_file "
            "append_file Edit edit edit_file editFile replace str_replace MultiEdit multiedit multi_edit "
            "NotebookEdit edit_notebook replace_in_file insert_edit_into_file str_replace_editor "
            "str_replace_based_edit_tool search_replace file_write fs_write update_file replace_string_in_file "
            "insert_content search_and_replace apply_diff"
        ),
    ),
    (
        "file.delete",
        "delete",
        _PATH,
        ("delete_file deleteFile remove_file rm_file file_delete unlink_file"),
    ),
    (
        "file.list",
        "read",
        "path?",
        (
            "Glob glob Grep grep LS ls list list_directory list_dir list_files search_file_content search_files "
            "directory_tree grep_search file_search list_directory_with_sizes codebase_search"
        ),
    ),
    (
        "file.write",
        "write",
        "path|dir_path|directory",
        ("create_directory mkdir make_directory"),
    ),
)
_HTTP: Final = (
    "WebFetch webfetch fetch http_request http_get http_post web_fetch fetch_url http fetchWebpage "
    "browser_navigate puppeteer_navigate open_url http_fetch request_url visit_page fetch_page "
    "playwright_navigate fetch_html fetch_markdown fetch_txt fetch_json url_fetch get_url"
)
_MCP: Final = re.compile(r"mcp__(?P<server>.+?)__(?P<tool>.+)")


def _entries() -> Catalogue:
    found: Catalogue = {}
    for argument, names in _SHELL.items():
        for name in names.split():
            found[name] = Tool(
                name=name,
                canonical="shell.exec",
                shell=argument,
                cwd="cwd|workdir|working_directory|dir_path|directory",
            )
    for canonical, access, argument, names in _FILES:
        for name in names.split():
            found[name] = Tool(name=name, canonical=canonical, files=(FileArgument(argument, access),))
    for name in _HTTP.split():
        found[name] = Tool(name=name, canonical="http.fetch", http="url|uri|href|prompt", method="method")
    for name in ("apply_patch", "ApplyPatch", "patch", "applyPatch"):
        found[name] = Tool(name=name, canonical="file.write", patch="input|patch|command|patchText|patch_text|diff")
    for name in ("move_file", "rename_file", "moveFile"):
        moved = (
            FileArgument("source|from|old_path|src", "delete"),
            FileArgument("destination|to|new_path|dst", "write"),
        )
        found[name] = Tool(name=name, canonical="file.write", files=moved)
    for name in ("copy_file", "copyFile"):
        copied = (FileArgument("source|from|src", "read"), FileArgument("destination|to|dst", "write"))
        found[name] = Tool(name=name, canonical="file.write", files=copied)
    for name in ("read_many_files", "read_multiple_files", "ReadManyFiles"):
        found[name] = Tool(
            name=name, canonical="file.read", files=(FileArgument("paths[*]|include[*]|files[*]", "read"),)
        )
    return found


BUILT_IN: Final[Catalogue] = {
    **_entries(),
    "git_add": Tool(name="git_add", canonical="git.add"),
    "git_reset": Tool(name="git_reset", canonical="git.reset"),
    "get_file_info": Tool(name="get_file_info", canonical="file.list", files=(FileArgument("path?", "read"),)),
}


def lookup(tool: str, own: Catalogue) -> Tool | None:
    """Return the entry of a tool: the policy file's, the built-in one, or that of an MCP tool of the same name.

    >>> lookup("Bash", {}).canonical, lookup("mcp__files__read_file", {}).canonical, lookup("refund", {})
    ('shell.exec', 'file.read', None)
    """
    found = own.get(tool) or BUILT_IN.get(tool)
    if found is not None:
        return found
    name = _MCP.fullmatch(tool)
    if name is not None:
        return own.get(name["tool"]) or BUILT_IN.get(name["tool"])
    if tool.startswith("mcp_"):
        return next((BUILT_IN[rest] for rest in _tails(tool[4:]) if rest in BUILT_IN), None)
    return None


def _tails(name: str) -> list[str]:
    """List what may be the tool in ``server_tool``, as Gemini CLI writes it."""
    pieces = name.split("_")
    return ["_".join(pieces[at:]) for at in range(1, len(pieces))]
