"""What was found in a SQL text so far.

Rule 1: what was found once stays found; two readings unite, and of two answers the stricter holds.
"""

from __future__ import annotations

from typing import Final

from referee.model.sql import Access, SqlFacet

Schema = tuple[tuple[str, tuple[str, ...]], ...]
_MOST: Final = 2_000


class Tally:
    """The accesses, functions and gaps of a text."""

    __slots__ = ("accesses", "functions", "has_where", "limit", "missing", "statements")

    def __init__(self) -> None:
        self.accesses: dict[Access, None] = {}
        self.functions: dict[str, None] = {}
        self.missing: dict[str, None] = {}
        self.statements = 0
        self.has_where = True
        self.limit: int | None = None

    def add(self, operation: str, table: str = "", column: str = "", *, write: bool = False, certain: bool = True,
            excepted: tuple[str, ...] = ()) -> None:  # fmt: skip
        """Note one access."""
        if len(self.accesses) < _MOST:
            self.accesses[Access(operation, table, column, write, certain, excepted)] = None
        else:
            self.missing["operation: the text does too much"] = None

    def hide(self, what: str) -> None:
        """Note something that could not be read."""
        self.missing[what] = None

    def narrowed(self, *, by: bool) -> None:
        """Note whether a statement that changes rows leaves some out."""
        self.has_where = self.has_where and by

    def unite(self, other: Tally, *, first: bool) -> None:
        """Take over what another reading found."""
        self.accesses.update(other.accesses)
        self.functions.update(other.functions)
        self.missing.update(other.missing)
        self.statements = max(self.statements, other.statements)
        self.narrowed(by=other.has_where)
        if first:
            self.limit = other.limit
        elif self.limit is not None:
            self.limit = None if other.limit is None else max(self.limit, other.limit)

    def facet(self) -> SqlFacet:
        """Give what was found as a value."""
        return SqlFacet(
            accesses=tuple(self.accesses),
            functions=tuple(self.functions),
            statements=self.statements,
            has_where=self.has_where,
            limit=self.limit,
            missing=tuple(self.missing),
        )
