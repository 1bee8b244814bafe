"""JSON text to the same tree as YAML: for the files that tools come in, which policy files only name.

Rule 1: what is no JSON has a place and a word for it; nothing is repaired.
Rule 2: depth, size and duplicate keys have the bounds of policy files.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Final

from referee.language.document import MAX_DEPTH, MAX_NODES, decode
from referee.language.nodes import Mapping, Node, Point, Scalar, Sequence
from referee.language.problems import Flaw, Problems, shorten

_TOKEN: Final = re.compile(
    r"[ \t\r\n]*(?:(?P<mark>[\[\]{},:])|(?P<text>\"(?:[^\"\\\x00-\x1f]|\\.)*\")|(?P<word>-?[0-9A-Za-z][0-9A-Za-z.+-]*))"
)
_WORD: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_BLANK: Final = re.compile(r"[ \t\r\n]*")


def read_json(path: str, text: bytes | str) -> tuple[Problems, Node | None]:
    """Read a text as a tree; ``None`` if it is none, and why is among the problems.

    >>> read_json("t.json", '{"tools": []}')[1].get("tools").items
    ()
    """
    problems = Problems(path, [])
    try:
        whole = decode(text)
        problems.lines = whole.split("\n")
        problems.root = _Reader(whole).read()
    except Flaw as flaw:
        problems.add(flaw)
        return problems, None
    return problems, problems.root


class _Level:
    """A list or mapping whose end is not yet reached."""

    __slots__ = ("entries", "items", "key", "start")

    def __init__(self, start: Point, *, mapping: bool) -> None:
        self.start = start
        self.entries: dict[str, tuple[Scalar, Node]] | None = {} if mapping else None
        self.items: list[Node] = []
        self.key: Scalar | None = None


class _Reader:
    """One pass over a text, without recursion."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._at = 0
        self._count = 0
        self._open: list[_Level] = []

    def read(self) -> Node:
        """Read the one value of the text.

        Raises:
            Flaw: it is not JSON, or beyond a bound.
        """
        done: Node | None = None
        while done is None:
            done = self._value()
        end = _BLANK.match(self._text, self._at)
        if end is not None and end.end() < len(self._text):
            raise self._flaw("something stands after the end of the value", end.end())
        return done

    def _value(self) -> Node | None:
        """Read one value or the beginning of one; give the whole when it is complete."""
        kind, piece, start = self._next("a value")
        if kind == "mark" and piece in "[{":
            if len(self._open) >= MAX_DEPTH:
                raise Flaw("too-deep", f"the text is nested more than {MAX_DEPTH} levels deep", self._spot(start))
            self._open.append(_Level(self._point(start), mapping=piece == "{"))
            return self._opened()
        if kind == "mark":
            raise self._flaw("a value is expected here", start)
        return self._placed(self._scalar(kind, piece, start))

    def _opened(self) -> Node | None:
        """Go on after a bracket: with its end, or the key of a first entry."""
        level = self._open[-1]
        closing = "]" if level.entries is None else "}"
        before = self._at
        kind, piece, _ = self._next(f"a value or `{closing}`")
        if kind == "mark" and piece == closing:
            return self._closed()
        self._at = before
        if level.entries is not None:
            self._key()
        return None

    def _closed(self) -> Node | None:
        level = self._open.pop()
        end = self._point(self._at)
        if level.entries is None:
            return self._placed(Sequence(level.start, end, tuple(level.items)))
        return self._placed(Mapping(level.start, end, level.entries))

    def _placed(self, node: Node) -> Node | None:
        """Put a complete value where it belongs, and read on to the next."""
        self._count += 1
        if self._count > MAX_NODES:
            raise Flaw("too-large", f"the file has more than {MAX_NODES} values", node)
        if not self._open:
            return node
        level = self._open[-1]
        if level.entries is None:
            level.items.append(node)
        else:
            assert level.key is not None
            level.entries[level.key.text] = (level.key, node)
        closing = "]" if level.entries is None else "}"
        kind, piece, start = self._next(f"`,` or `{closing}`")
        if kind == "mark" and piece == closing:
            return self._closed()
        if piece != ",":
            raise self._flaw(f"a `,` or `{closing}` is expected here", start)
        if level.entries is not None:
            self._key()
        return None

    def _key(self) -> None:
        level = self._open[-1]
        kind, piece, start = self._next("a key")
        if kind != "text":
            raise self._flaw("a key in double quotes is expected here", start)
        key = self._scalar(kind, piece, start)
        assert level.entries is not None
        if key.text in level.entries:
            raise Flaw("duplicate-key", f"the key `{shorten(key.text)}` stands twice", key)
        level.key = key
        _, colon, after = self._next("a `:`")
        if colon != ":":
            raise self._flaw("a `:` is expected after the key", after)

    def _scalar(self, kind: str, piece: str, start: int) -> Scalar:
        if kind == "word":
            if not _WORD.fullmatch(piece):
                raise self._flaw(f"`{shorten(piece)}` is not JSON", start, "put texts in double quotes")
            return Scalar(self._point(start), self._point(self._at), piece)
        try:
            text: str = json.loads(piece)
        except ValueError:
            raise self._flaw("this text has an escape that is not JSON", start) from None
        return Scalar(self._point(start), self._point(self._at), text, plain=False)

    def _next(self, wanted: str) -> tuple[str, str, int]:
        """Take the next piece, as (kind, piece, where it begins)."""
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            blank = _BLANK.match(self._text, self._at)
            at = self._at if blank is None else blank.end()
            ended = at >= len(self._text)
            raise self._flaw(f"the text ends where {wanted} is expected" if ended else f"{wanted} is expected here", at)
        kind = str(found.lastgroup)
        self._at = found.end()
        return kind, found[kind], found.start(kind)

    def _point(self, at: int) -> Point:
        line = bisect_right(self._starts, at) - 1
        return Point(line, at - self._starts[line])

    def _spot(self, at: int) -> Scalar:
        point = self._point(min(at, len(self._text)))
        return Scalar(point, Point(point.line, point.column + 1), "")

    def _flaw(self, message: str, at: int, told: str | None = None) -> Flaw:
        return Flaw("syntax", message, self._spot(at), told)
