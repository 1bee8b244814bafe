"""Copilot CLI, GitHub's coding agent. Its shell tools work on named sessions; ``view`` shows files and folders."""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import ASK, PLAN, SEARCH_WEB, SPAWN, Family, entry

COPILOT_CLI: Final = Family(
    name="copilot-cli",
    source="payloads of @github/copilot 1.0.102; tool names not checked against the program",
    tools={
        "bash": entry("shell.exec", runs="command"),
        "powershell": entry("shell.exec", runs="command"),
        "write_bash": entry("shell.input", runs="input"),
        "write_powershell": entry("shell.input", runs="input"),
        "read_bash": entry("process.read"),
        "read_powershell": entry("process.read"),
        "list_bash": entry("process.read"),
        "list_powershell": entry("process.read"),
        "stop_bash": entry("process.kill"),
        "stop_powershell": entry("process.kill"),
        "view": entry("file.read", reads="path"),
        "show_file": entry("file.read", reads="path"),
        "create": entry("file.write", writes="path"),
        "edit": entry("file.write", writes="path"),
        "str_replace_editor": (
            entry("file.read", reads="path", given="command=view"),
            entry("file.write", writes="path", given="command!=view"),
        ),
        "apply_patch": entry("file.write", patch="input|patch"),
        "grep": entry("file.search", reads="path?", glob="glob"),
        "rg": entry("file.search", reads="path?", glob="glob"),
        "glob": entry("file.list", reads="path?"),
        "web_fetch": entry("http.fetch", http="url"),
        "web_search": SEARCH_WEB,
        "task": SPAWN,
        "store_memory": entry("memory.write"),
        "report_intent": PLAN,
        "update_todo": PLAN,
        "skill": PLAN,
        "exit_plan_mode": PLAN,
        "ask_user": ASK,
    },
)
