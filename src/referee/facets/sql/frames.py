"""What names mean at a place in a query: the tables and subqueries that are in sight, from the inside out.

Rule 1: a name that one source surely has is its column; one that several may have may be of each of them.
Rule 2: without a schema a table may have any column.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

PSEUDO = ("excluded", "inserted", "deleted", "new", "old")
"""Names of the row that a statement changes, before or after."""


class Source(msgspec.Struct):
    """Something in a FROM: a table, or what has columns of its own. ``columns`` is ``None`` if they are not known."""

    table: str = ""
    columns: frozenset[str] | None = None
    renamed: bool = False


class Frame(msgspec.Struct):
    """The sources of one query, and those around it. ``aliases`` are names that its projections give."""

    outer: Frame | None = None
    sources: dict[str, Source] = msgspec.field(default_factory=dict)
    with_: dict[str, frozenset[str] | None] = msgspec.field(default_factory=dict)
    aliases: frozenset[str] = frozenset()
    target: Source | None = None
    operation: str = "select"

    def chain(self) -> Iterator[Frame]:
        """Give this frame and those around it."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.outer

    def named(self, alias: str) -> Source | None:
        """Find a source by its name."""
        for frame in self.chain():
            found = frame.sources.get(alias)
            if found is not None:
                return found
        if alias in PSEUDO:
            return next((frame.target for frame in self.chain() if frame.target is not None), None)
        return None

    def known_as(self, parts: list[str]) -> list[Source]:
        """Find the sources that a qualifier such as ``customers`` or ``hr.customers`` may mean."""
        alias = parts[-1]
        for frame in self.chain():
            found = [one for name, one in frame.sources.items() if name.rstrip("'") == alias]
            if found:
                whole = ".".join(parts)
                fitting = [one for one in found if f".{one.table}".endswith(f".{whole}")]
                return fitting if len(parts) > 1 and fitting else found
        named = self.named(alias)
        return [] if named is None else [named]

    def common(self, name: str) -> tuple[bool, frozenset[str] | None]:
        """Find what WITH calls a name: whether it does, and the columns that has."""
        for frame in self.chain():
            if name in frame.with_:
                return True, frame.with_[name]
        return False, None

    def place(self, alias: str, source: Source) -> None:
        """Add a source; two of one name are both kept."""
        while alias in self.sources:
            alias += "'"
        self.sources[alias] = source

    def owners(self, name: str) -> tuple[list[Source], bool]:
        """Find whose column an unqualified name is, and whether that is sure."""
        possible: list[Source] = []
        for frame in self.chain():
            sure = [one for one in frame.sources.values() if one.columns is not None and name in one.columns]
            if sure:
                return sure, True
            possible += [one for one in frame.sources.values() if one.columns is None]
        if possible:
            return possible, len(possible) == 1
        return [one for frame in self.chain() for one in frame.sources.values() if one.table], False
