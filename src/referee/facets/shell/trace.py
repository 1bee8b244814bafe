"""What is found out about a shell text while it is followed, and how far it is followed.

Rule 1: every limit ends in an entry of ``missing``; running out is never the same as finding nothing.
Rule 2: ``missing`` names variables and programs, never their values.
Rule 3: an entry that starts with ``effect:`` means that commands or effects may be incomplete; one that starts with
``word:`` means that only words, paths or hosts of known commands are.
"""

from __future__ import annotations

from typing import Final

import msgspec

UNKNOWN: Final = "\0"
"""Stands for text that cannot be known, inside a word; a real word cannot contain it."""

HOLE: Final = '"${_unknown_}"'
"""Stands for one argument that cannot be known, inside shell text."""

TEXT_LIMIT: Final = 64 * 1024
STEP_LIMIT: Final = 4000
DEPTH_LIMIT: Final = 24
WORD_LIMIT: Final = 16 * 1024
FIELD_LIMIT: Final = 256
COMMAND_LIMIT: Final = 1000


class Exhausted(Exception):  # noqa: N818 - not an error but the end of a walk
    """A limit was reached; what was found so far stands."""


class Touch(msgspec.Struct, frozen=True):
    """A file that a command touches: read, write, delete, execute, or ``""`` for no more than its name."""

    path: str | None
    access: str


class Trace:
    """The findings so far, in order and without repetition."""

    __slots__ = (
        "away",
        "commands",
        "depth",
        "effects",
        "guesses",
        "hosts",
        "kept",
        "missing",
        "raw",
        "steps",
        "touched",
    )

    def __init__(self) -> None:
        self.commands: dict[tuple[str | None, ...], None] = {}
        self.effects: dict[str, None] = {}
        self.hosts: dict[str, None] = {}
        self.touched: dict[Touch, None] = {}
        self.missing: dict[str, None] = {}
        self.steps = 0
        self.guesses = 0
        self.depth = 0
        self.raw = False
        self.kept = False
        self.away = 0

    def step(self, cost: int = 1) -> None:
        """Count work done.

        Raises:
            Exhausted: it is enough.
        """
        self.steps += cost
        if self.steps > STEP_LIMIT or len(self.commands) > COMMAND_LIMIT:
            raise Exhausted

    def command(self, words: list[str]) -> None:
        """Record a command that runs."""
        if any(len(word) > WORD_LIMIT for word in words) or len(words) > FIELD_LIMIT * 4:
            self.missing["word: a very long command"] = None
        shown = [None if UNKNOWN in word else word for word in words]
        if words and shown[0] is None and UNKNOWN not in (name := words[0].rpartition("/")[2]):
            shown[0] = name
        self.commands[tuple(shown)] = None

    def touch(self, path: str | None, access: str) -> None:
        """Record a touched file; ``None`` is one that cannot be known."""
        self.touched[Touch(path, access)] = None
        if access in _ACCESS_EFFECTS:
            self.effects[_ACCESS_EFFECTS[access]] = None

    def effect(self, *names: str) -> None:
        """Record effects."""
        for name in names:
            self.effects[name] = None

    @property
    def computed(self) -> bool:
        """Whether something is not known because it is only computed when the text runs."""
        return any(not entry.startswith("word: the variable ") for entry in self.missing)

    def foreign(self) -> None:
        """Record that code runs which is not known; behind a download or a connection it may be what comes from there."""
        if self.raw:
            self.effects["remote_shell"] = None
        elif "network" in self.effects:
            self.effects["remote_code"] = None

    def miss(self, what: str) -> None:
        """Record that something cannot be known."""
        if len(self.missing) < FIELD_LIMIT:
            self.missing[what] = None


_ACCESS_EFFECTS: Final = {"read": "read", "write": "write", "delete": "delete", "execute": "execute"}
