"""Comments of a policy text, and the entries of its tree they belong to.

Rule 1: no comment is lost: each belongs to exactly one entry, before it, beside it or after it.
Rule 2: an entry is a key with its value, or a member of a list. Entries form the tree that the formatter writes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from referee.language.nodes import Mapping, Node, Scalar, Sequence


class Place(NamedTuple):
    """A line and a column, counted from 0."""

    line: int
    column: int


class Comment(NamedTuple):
    """A comment, with its ``#``, and whether it has its line for itself."""

    place: Place
    text: str
    alone: bool


class Entry:
    """A key with its value, or a member of a list, with its comments. The root has neither key nor parent.

    In ``before`` an empty text is an empty line.
    """

    __slots__ = ("after", "before", "below", "beside", "end", "flow", "key", "node", "parent", "start")

    def __init__(self, node: Node, key: Scalar | None, parent: Entry | None, lines: list[str]) -> None:
        self.node = node
        self.key = key
        self.parent = parent
        self.before: list[str] = []
        self.beside = ""
        self.after: list[str] = []
        self.flow = _is_flow(node, lines)
        self.start = _start(node, key, lines)
        self.below: list[Entry] = [Entry(value, name, self, lines) for name, value in _members(node)]
        self.end = _end(self)

    @property
    def commented(self) -> bool:
        """Whether a comment stands anywhere in it."""
        own = self.before or self.beside or self.after
        return bool(own) or any(entry.commented for entry in self.below)

    def walk(self) -> Iterator[Entry]:
        """Yield all entries below, in the order of the text."""
        for entry in self.below:
            yield entry
            yield from entry.walk()


def _members(node: Node) -> list[tuple[Scalar | None, Node]]:
    if isinstance(node, Mapping):
        return list(node.entries.values())
    return [(None, item) for item in node.items] if isinstance(node, Sequence) else []


def _is_flow(node: Node, lines: list[str]) -> bool:
    if isinstance(node, Scalar):
        return True
    rest = lines[node.start.line][node.start.column :]
    if rest.startswith("&"):
        rest = rest.partition(" ")[2].lstrip()
    return rest.startswith(("{", "["))


def _start(node: Node, key: Scalar | None, lines: list[str]) -> Place:
    """Give where an entry begins: at its key, or at the dash of a list's member."""
    mark = key.start if key is not None else node.start
    before = lines[mark.line][: mark.column]
    dash = before.rfind("-")
    if key is None and dash >= 0 and not before[dash + 1 :].strip():
        return Place(mark.line, dash)
    return Place(mark.line, mark.column)


def _end(entry: Entry) -> Place:
    if entry.below and not entry.flow:
        return max(below.end for below in entry.below)
    return Place(entry.node.end.line, entry.node.end.column)


class _Known:
    """All entries in the order of the text, found by their lines."""

    def __init__(self, whole: Entry) -> None:
        self.whole = whole
        self.entries = sorted(whole.walk(), key=lambda entry: entry.start)
        self.starts = [entry.start for entry in self.entries]
        self.starting: defaultdict[int, list[Entry]] = defaultdict(list)
        self.ending: defaultdict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self.starting[entry.start.line].append(entry)
            self.ending[entry.end.line].append(entry)

    def around(self, place: Place) -> tuple[Entry | None, Entry | None]:
        """Give the last entry that begins before a place, and the largest that begins next."""
        at = bisect_left(self.starts, place)
        return (
            self.entries[at - 1] if at else None,
            self.entries[at] if at < len(self.entries) else None,
        )


def entries(root: Node, lines: list[str]) -> Entry:
    """Give the tree of entries of a text, with its comments."""
    whole = Entry(root, None, None, lines)
    known = _Known(whole)
    for comment in _comments(root, lines):
        _attach(comment, known, lines)
    return whole


def _comments(root: Node, lines: list[str]) -> Iterator[Comment]:
    """Find what begins with ``#`` after a blank, outside of keys and values."""
    taken = _taken(root, lines)
    for number, line in enumerate(lines):
        at = line.find("#")
        while at >= 0:
            end = next((stop for start, stop in taken.get(number, ()) if start <= at < stop), None)
            if end is None and (at == 0 or line[at - 1] in " \t"):
                yield Comment(Place(number, at), line[at:].rstrip(), alone=not line[:at].strip())
                break
            at = line.find("#", at + 1 if end is None else end)


def _taken(root: Node, lines: list[str]) -> dict[int, list[tuple[int, int]]]:
    """Give the stretches of every line that belong to keys and values."""
    taken: dict[int, list[tuple[int, int]]] = {}
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        waiting.extend(member for pair in _members(node) for member in pair if member is not None)
        if isinstance(node, Scalar):
            for number in range(node.start.line, min(node.end.line, len(lines) - 1) + 1):
                start = node.start.column if number == node.start.line else 0
                stop = node.end.column if number == node.end.line else len(lines[number])
                if number == node.start.line and is_block(node, lines):
                    stop = start + 1
                taken.setdefault(number, []).append((start, stop))
    return taken


def is_block(node: Scalar, lines: list[str]) -> bool:
    """Whether a text was written as a block, after ``|`` or ``>``."""
    return not node.plain and lines[node.start.line][node.start.column : node.start.column + 1] in {"|", ">"}


def _attach(comment: Comment, known: _Known, lines: list[str]) -> None:
    if not comment.alone:
        beside = _beside(comment.place, known)
        if beside is not None:
            beside.beside = f"{beside.beside}  {comment.text}".strip()
            return
    before, following = known.around(comment.place)
    ended = _ended(comment.place, before, 0 if following is None else following.start.column)
    if ended is not None:
        ended.after.append(comment.text)
    elif following is not None:
        _precede(comment, following, lines)
    else:
        known.whole.after.append(comment.text)


def _beside(place: Place, known: _Known) -> Entry | None:
    """Find the entry that a comment at the end of a line is about: the largest one that is whole on it."""
    here = [entry for entry in known.starting.get(place.line, ()) if entry.start.column < place.column]
    whole = [entry for entry in here if entry.end.line == place.line]
    if whole:
        return whole[0]
    if here:
        return here[-1]
    ending = [entry for entry in known.ending.get(place.line, ()) if entry.end.column <= place.column]
    return next((entry for entry in ending if isinstance(entry.node, Scalar)), None)


def _ended(place: Place, before: Entry | None, column: int) -> Entry | None:
    """Find the entry that a comment closes: it is indented like it, and what follows is indented less."""
    entry = before
    while entry is not None and entry.parent is not None and entry.start.column > place.column:
        entry = entry.parent
    if place.column <= column or entry is None or entry.parent is None or entry.start.column <= column:
        return None
    return entry


def _precede(comment: Comment, entry: Entry, lines: list[str]) -> None:
    entry.before.append(comment.text)
    below = comment.place.line + 1
    if below < len(lines) and not lines[below].strip():
        entry.before.append("")
