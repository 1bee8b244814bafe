"""One round over the rules: what it brought up, and the names of the facts that a second round asks for anew.

Rule 1: facts that depend on the arguments are renewed after a change; their names begin with ``again/`` then.
"""

from __future__ import annotations

from typing import Any, Final

from referee.model.decision import Charge, RuleError
from referee.model.facts import Fact
from referee.model.programs import Rule

AGAIN: Final = "again/"
RENEWED: Final = ("http", "file", "shell", "sql", "tool")
UNLIKE: Final = object()
"""The key of an outcome that depends on more than a key can say."""


def renamed(name: str, prefix: str) -> str:
    """Name a fact as it is asked for in a round."""
    return prefix + name if prefix and (name in RENEWED or name.startswith(("scan.", "labels."))) else name


class Outcome:
    """What one round over the rules brought up."""

    __slots__ = (
        "at_fault",
        "charges",
        "drawn",
        "errors",
        "facts",
        "in_error",
        "key",
        "limited",
        "matched",
        "names_",
        "observed",
        "positions",
        "prefix",
    )

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.matched: list[Rule] = []
        self.positions: list[int] = []
        self.drawn: list[Any] = []
        self.in_error: list[Rule] = []
        self.observed: list[Rule] = []
        self.limited: list[Rule] = []
        self.charges: list[Charge] = []
        self.errors: list[RuleError] = []
        self.at_fault: list[Rule] = []
        self.key: Any = UNLIKE
        self.names_: set[str] = set()
        self.facts: dict[str, Fact] = {}

    def names(self) -> set[str]:
        """Name the facts that the counted rules and limits mention."""
        return {renamed(name, self.prefix) for name in self.names_}
