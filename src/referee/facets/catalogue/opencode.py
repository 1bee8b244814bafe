"""opencode, the open coding agent. Its argument names are in camel case; ``patch`` and ``apply_patch`` take V4A."""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import ASK, PLAN, SEARCH_WEB, SPAWN, Family, entry

OPENCODE: Final = Family(
    name="opencode",
    source="opencode-linux-x64 1.18.33, parameter schemas in the bundle",
    tools={
        "bash": entry("shell.exec", runs="command", cwd="workdir"),
        "shell": entry("shell.exec", runs="command", cwd="workdir"),
        "read": entry("file.read", reads="filePath|path"),
        "write": entry("file.write", writes="filePath|path"),
        "edit": entry("file.write", writes="filePath|path"),
        "multiedit": entry("file.write", writes="filePath edits[*].filePath?"),
        "apply_patch": entry("file.write", patch="patchText"),
        "patch": entry("file.write", patch="patchText"),
        "list": entry("file.list", reads="path?"),
        "glob": entry("file.list", reads="path?"),
        "grep": entry("file.search", reads="path?", glob="include"),
        "lsp": entry("file.read", reads="filePath"),
        "webfetch": entry("http.fetch", http="url"),
        "websearch": SEARCH_WEB,
        "codesearch": SEARCH_WEB,
        "task": SPAWN,
        "question": ASK,
        "todowrite": PLAN,
        "todoread": PLAN,
        "skill": PLAN,
        "plan_enter": PLAN,
        "plan_exit": PLAN,
        "invalid": PLAN,
    },
)
