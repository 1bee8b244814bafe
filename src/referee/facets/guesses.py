"""What a tool that no table knows may do, by the names of its arguments.

Rule 1: a guess only adds what a rule may refuse: files that are secret or tell an agent what to do, and commands of programs
that are known. A tool of which nothing of that kind can be seen has no facet, as before.
Rule 2: what cannot be read is no command; most arguments of that name are none.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final

from referee.facets import shell
from referee.facets.file import TOLD, every_file
from referee.facets.shell.effects import is_known
from referee.facets.surroundings import Surroundings
from referee.model.facts import Failed, FileFacet, ShellFacet

_COMMANDS: Final = re.compile(r"(?i)(?:shell_?)?(?:command|cmd)s?(?:_?line)?|bash|shell|argv|script")
_PATHS: Final = re.compile(r"(?i)path|file|folder|ur[il]$|target|sour?ce?$|dest|document|location|input$|resource")
_READS: Final = re.compile(
    r"(?i)read|get|list|search|view|fetch|show|find|open|cat(?![a-z])|stat|info|load|describe|grep|glob"
)
_DELETES: Final = re.compile(r"(?i)delete|remove|unlink|destroy|(?<![a-z])rm(?![a-z])")
_MOST: Final = 2000
_LONGEST: Final = 4096
_DEEPEST: Final = 16


def commands(args: Mapping[str, Any], surroundings: Surroundings) -> ShellFacet | None:
    """Return what the arguments say to a shell, if they say something to one."""
    code = _code(args)
    if code is None:
        return None
    found = shell.parse(code, surroundings)
    names = (command.words[0] or "" for command in found.commands if command.words)
    padded = len(code) > _LONGEST and bool(found.missing)
    return found if padded or any(is_known(name.rpartition("/")[2]) for name in names) else None


def named(tool: str, args: Mapping[str, Any], surroundings: Surroundings) -> tuple[FileFacet, ...] | Failed | None:
    """Return the files that the arguments name or a command in them touches, as far as rule 1 goes."""
    found: list[FileFacet] = []
    if commands(args, surroundings) is not None:
        touched = shell.files(_code(args) or "", surroundings)
        if isinstance(touched, Failed):
            return touched
        found += touched or ()
    accesses = _accesses(tool)
    for path in dict.fromkeys(_paths(args)):
        for access in accesses:
            files = every_file(path, access, surroundings)
            found += () if isinstance(files, Failed) else files
    return tuple(dict.fromkeys(file for file in found if not TOLD.isdisjoint(file.classes))) or None


def _accesses(tool: str) -> tuple[str, ...]:
    """Say what a tool may do to a file: what its name says, else anything."""
    own = tool.rpartition("__")[2]
    if _DELETES.search(own):
        return ("delete",)
    return ("read",) if _READS.search(own) else ("read", "write")


def _code(args: Mapping[str, Any]) -> str | None:
    """Return the texts of all arguments that are called like commands, with the words that go with them."""
    found: list[str] = []
    for key, given in args.items():
        if not _COMMANDS.fullmatch(key):
            continue
        words = [given] if isinstance(given, str) else given
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            continue
        more = args.get("args", args.get("arguments"))
        if isinstance(given, str) and isinstance(more, list) and all(isinstance(word, str) for word in more):
            found.append(f"{given} {shlex.join(more)}")
            continue
        several = len(words) == 1 or any(" " in word for word in words[:1])
        found.append("\n".join(words) if several else shlex.join(words))
    return "\n".join(found) or None


def _paths(args: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that may be paths, by the name of the argument that they stand in."""
    waiting: list[tuple[str, Any, int]] = [(str(key), value, 0) for key, value in args.items()]
    count = 0
    while waiting and count < _MOST:
        key, value, depth = waiting.pop()
        count += 1
        if isinstance(value, str):
            is_path = (
                "\n" not in value and len(value) <= _LONGEST and ("://" not in value or value[:5].lower() == "file:")
            )
            if value and is_path and _PATHS.search(key):
                yield value
        elif depth < _DEEPEST and isinstance(value, dict):
            waiting += [(str(inner), one, depth + 1) for inner, one in value.items()]
        elif depth < _DEEPEST and isinstance(value, list):
            waiting += [(key, one, depth + 1) for one in value[:_MOST]]
