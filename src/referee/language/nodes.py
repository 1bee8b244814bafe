"""The tree of a policy text: mappings, sequences and scalars that know where they stand.

Rule 1: a node is never changed. An alias is the node it names, met in a second place.
Rule 2: a scalar keeps its text; what the text means is decided where it is used (``scalars``).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import msgspec

from referee.model.source import Span


class Mark(Protocol):
    """A position in a text, counted from 0."""

    @property
    def line(self) -> int:
        """Lines before it."""
        ...

    @property
    def column(self) -> int:
        """Characters before it in its line."""
        ...


class Point(NamedTuple):
    """A position of a node that no text stands behind, or that was computed."""

    line: int = 0
    column: int = 0


class Scalar(msgspec.Struct, frozen=True, eq=False):
    """A piece of text. ``plain`` says that it was written without quotes, so that it may be a number or a boolean."""

    start: Mark
    end: Mark
    text: str
    plain: bool = True


class Sequence(msgspec.Struct, frozen=True, eq=False):
    """A list of nodes."""

    start: Mark
    end: Mark
    items: tuple[Scalar | Sequence | Mapping, ...]


class Mapping(msgspec.Struct, frozen=True, eq=False):
    """Entries by the text of their key, in the order of the text, each with its key and its value."""

    start: Mark
    end: Mark
    entries: dict[str, tuple[Scalar, Scalar | Sequence | Mapping]]

    def get(self, name: str) -> Scalar | Sequence | Mapping | None:
        """Give the value under a key."""
        entry = self.entries.get(name)
        return None if entry is None else entry[1]


Node = Scalar | Sequence | Mapping

_NAMES = {Scalar: "text", Sequence: "a list", Mapping: "a mapping"}


def line_of(node: Node) -> int:
    """Give the line of a node, counted from 1."""
    return node.start.line + 1


def span_of(node: Node, path: str) -> Span:
    """Give the stretch of text a node was written in."""
    start, end = node.start, node.end
    return Span(path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def describe(node: Node) -> str:
    """Name what a node is, for messages."""
    if isinstance(node, Scalar) and node.plain and node.text in {"", "~", "null"}:
        return "nothing"
    return _NAMES[type(node)]
