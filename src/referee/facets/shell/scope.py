"""What a shell remembers while a text is followed: variables, functions, aliases, written files, working folder.

Rule 1: where two courses of events differ, a variable is unknown afterwards.
"""

from __future__ import annotations

from typing import Final, Protocol

import msgspec

from referee.facets.shell.trace import UNKNOWN, Trace
from referee.facets.shell.tree import Node
from referee.facets.surroundings import Surroundings

IFS: Final = " \t\n"
INPUTS: Final = frozenset({"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"})
"""Names of what a command reads from."""

_NUMBERS: Final = frozenset(
    {"?", "$", "!", "RANDOM", "SECONDS", "LINENO", "UID", "EUID", "PPID", "BASHPID", "SHLVL", "-"}
)


class Scope:
    """The memory of one shell; a subshell works on a copy.

    ``references`` are names that stand for others (``declare -n``); ``guessed`` are variables that have the value given here
    unless the surroundings had set them before (``${x:=w}``).
    """

    __slots__ = (
        "aliases",
        "files",
        "functions",
        "guessed",
        "name",
        "positional",
        "references",
        "surroundings",
        "values",
    )

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.values: dict[str, str] = {}
        self.functions: dict[str, Node] = {}
        self.aliases: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.positional: tuple[str, ...] = ()
        self.name = "bash"
        self.references: dict[str, str] = {}
        self.guessed: frozenset[str] = frozenset()

    def copy(self) -> Scope:
        """Return a scope that can change without changing this one; written files are shared, as on a disk."""
        other = Scope(self.surroundings)
        other.values = dict(self.values)
        other.functions = dict(self.functions)
        other.aliases = dict(self.aliases)
        other.files = self.files
        other.positional = self.positional
        other.name = self.name
        other.references = dict(self.references)
        other.guessed = self.guessed
        return other

    def merge(self, before: dict[str, str]) -> bool:
        """Make unknown what had another value, or none, before; return whether anything changed."""
        changed = [name for name, value in self.values.items() if before.get(name) != value]
        for name in changed:
            self.values[name] = UNKNOWN
        return bool(changed)

    def value(self, name: str) -> str | None:
        """Return the value of a variable; ``None`` if nothing is known of it."""
        name = self.references.get(name, name)
        found = self.values.get(name)
        if found is not None:
            return found
        if name in _NUMBERS:
            return UNKNOWN
        if name.isdigit() or name in {"@", "*", "#"}:
            return self._position(name)
        return self._place(name)

    def _position(self, name: str) -> str:
        if name == "#":
            return str(len(self.positional))
        if name in {"@", "*"}:
            return " ".join(self.positional)
        if name == "0":
            return self.name
        number = int(name[:6])
        return self.positional[number - 1] if 0 < number <= len(self.positional) else ""

    def _place(self, name: str) -> str | None:
        known = self.surroundings.variables.get(name)
        if known is not None:
            return known
        if name == "HOME":
            return self.surroundings.home
        if name == "PWD":
            return self.surroundings.cwd
        return IFS if name == "IFS" else None

    def change_folder(self, folder: str | None) -> None:
        """Go to another working folder; ``None`` is one that cannot be known."""
        self.surroundings = msgspec.structs.replace(self.surroundings, cwd=folder)


class Runner(Protocol):
    """Whatever follows commands; what wrappers, builtins and interpreters hand their inner commands to."""

    trace: Trace
    scope: Scope

    def text(self, code: str, stdin: str | None = None) -> str:
        """Follow shell text in this shell and return what it prints."""
        ...

    def argv(self, words: list[str], stdin: str | None = None) -> str:
        """Follow one command given by its words and return what it prints."""
        ...

    def apart(
        self, code: str, stdin: str | None = None, positional: tuple[str, ...] | None = None, name: str | None = None
    ) -> str:
        """Follow shell text in a shell of its own and return what it prints.

        With ``positional`` it is another shell with these parameters and ``$0``, otherwise a copy of this one.
        """
        ...
