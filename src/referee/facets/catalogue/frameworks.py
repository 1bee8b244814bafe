"""Tools that go by the same name in many agent frameworks and editors, under the argument names seen there.

These are the names that models were trained on: the tools of Anthropic's API, of VS Code, of OpenHands, Goose, Roo Code,
Amazon Q, Aider-like agents and of countless scripts. Where an agent of these tables has the name too, either may be meant.
"""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import Family, entry
from referee.model.catalogue import Tool

_PATH: Final = "file_path|path|filePath|absolute_path|filename|file|file_name|target_file|filepath|notebook_path|target_notebook|uri"
_FOLDER: Final = "path|dir_path|directory|folder|dir|dir_name|directory_name|folder_name|folder_path"
_SHELL: Final = entry(
    "shell.exec", runs="command|cmd|script|commands|code", cwd="cwd|workdir|working_directory|directory"
)
_READ: Final = entry("file.read", reads=_PATH)
_WRITE: Final = entry("file.write", writes=_PATH)
_DELETE: Final = entry("file.delete", deletes=_PATH)
_LIST: Final = entry("file.list", reads=f"{_FOLDER}?")
_SEARCH: Final = entry("file.search", reads=f"{_FOLDER}?", glob="glob|include|file_pattern")
_FETCH: Final = entry("http.fetch", http="url|uri|href", method="method")
_PATCH: Final = entry("file.write", patch="input|patch|diff|patch_text|patchText|command")
_EDITOR: Final = (
    entry("file.read", reads="path", given="command=view"),
    entry("file.write", writes="path", given="command!=view"),
)


def _all(names: str, tool: Tool) -> dict[str, Tool]:
    return dict.fromkeys(names.split(), tool)


FRAMEWORKS: Final = Family(
    name="frameworks",
    source="names that agent frameworks and editors use, not checked against each",
    tools={
        **_all(
            "Bash bash shell Shell sh zsh run_shell run_bash shell_command exec execute_shell terminal "
            "run_terminal_command runTerminalCommand run_in_terminal runInTerminal execute_command run_command "
            "run_commands run_shell_command exec_command local_shell execute_bash bash_tool shell_exec shell_tool "
            "execute_shell_command run_terminal terminal_exec run_script executeBash ssh_exec execute_in_terminal "
            "developer__shell run_process",
            _SHELL,
        ),
        **_all("start_process", entry("shell.exec", runs="command|cmd")),
        **_all("python execute_python run_python python_repl", entry("code.exec", line="python -c <code|script|input|query>")),
        **_all("ipython run_ipython execute_ipython_cell", entry("code.exec", line="python -c <code>")),
        **_all("run_javascript execute_javascript run_node", entry("code.exec", line="node -e <code|script>")),
        **_all(
            "Read read read_file read_text_file view View readFile open_file cat_file get_file_contents view_file "
            "fs_read read_notebook NotebookRead file_read load_file",
            _READ,
        ),
        **_all(
            "Write write write_file Edit edit edit_file replace MultiEdit multiedit NotebookEdit edit_notebook "
            "write_to_file replace_in_file search_replace create writeFile create_file createFile save_file "
            "new_file append_file append_to_file editFile str_replace multi_edit insert_edit_into_file file_write "
            "fs_write update_file replace_string_in_file multi_replace_string_in_file insert_content "
            "search_and_replace apply_diff edit_file_content overwrite_file edit_notebook_file "
            "create_new_jupyter_notebook",
            _WRITE,
        ),
        **_all(
            "deleteFile delete_file remove_file rm_file file_delete unlink_file delete_path",
            _DELETE,
        ),
        **_all("delete_directory remove_directory rmdir", entry("file.delete", deletes=_FOLDER)),
        **_all("create_directory mkdir make_directory createDirectory", entry("file.write", writes=_FOLDER)),
        **_all(
            "LS Glob glob list ls list_dir list_directory list_files listFiles find_files glob_files "
            "directory_tree tree",
            _LIST,
        ),
        **_all(
            "Grep grep grep_search codebase_search search_file_content search_files searchFiles grep_files "
            "code_search find_in_files ripgrep",
            _SEARCH,
        ),
        **_all(
            "move_file rename_file moveFile renameFile",
            entry("file.write file.delete", deletes="source|from|old_path|src", writes="destination|to|new_path|dst"),
        ),
        **_all(
            "copy_file copyFile",
            entry("file.write file.read", reads="source|from|src", writes="destination|to|dst"),
        ),
        **_all(
            "read_multiple_files ReadManyFiles read_files readFiles",
            entry("file.read", reads="paths[*]|include[*]|files[*].path|files[*]"),
        ),
        **dict.fromkeys(("str_replace_based_edit_tool", "str_replace_editor", "text_editor"), _EDITOR),
        **_all(
            "apply_patch ApplyPatch patch applyPatch git_apply",
            _PATCH,
        ),
        **_all(
            "WebFetch webfetch web_fetch fetch http_request http_get http_post fetch_url http fetchWebpage "
            "fetch_webpage open_url http_fetch request_url visit_page fetch_page url_fetch get_url requests_get "
            "requests_post scrape_url crawl",
            _FETCH,
        ),
        **_all("web_search search_web google_search tavily_search duckduckgo_search", entry("web.search")),
        **_all("todo_write update_plan think sequentialthinking", entry("agent.plan")),
    },
)  # fmt: skip
