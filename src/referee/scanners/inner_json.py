r"""JSON inside of a text: where in it a removed span lies, so that what is JSON before is JSON after.

Rule 1: a text is taken for JSON from its first ``{`` or ``[`` for as long as it reads as JSON, and never again after that; what is
said of a place depends on the text before it alone, so that a stream is told the same as the whole.
Rule 2: time is linear; a cursor only goes on.

>>> text = '{"card": 4111111111111111, "to": "a@b.io"}'
>>> [(piece.start, piece.end, piece.sort) for piece in Cursor().pieces(text, 9, 40)]
[(9, 25, 'number'), (28, 30, 'string'), (34, 40, 'string')]
>>> [(piece.start, piece.end, piece.sort) for piece in Cursor().pieces("no JSON", 3, 7)]
[(3, 7, 'text')]
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

Sort = Literal["text", "string", "number", "literal"]

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_OUTSIDE: Final = re.compile(r'[ \t\r\n]+|[{}\[\],:"]|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)')
_ESCAPE: Final = r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^u])"
_INSIDE: Final = re.compile(rf'(?:[^"\\]++|{_ESCAPE})*+', re.DOTALL)
_UNIT: Final = re.compile(rf"{_ESCAPE}|[^\\]+", re.DOTALL)
_LONGEST_NUMBER: Final = 64
_LONGEST_ESCAPE: Final = 12


class Piece(NamedTuple):
    """A part of a span: of plain text, of the content of one JSON string, or one whole JSON number or word."""

    start: int
    end: int
    sort: Sort


class Cursor:
    """A reader of one text from its start. ``shift`` tells it that characters before its place were dropped."""

    __slots__ = ("_after_value", "_at", "_mode", "_opened", "_told")

    def __init__(self) -> None:
        self._mode: Literal["start", "outside", "inside", "off"] = "start"
        self._at = 0
        self._opened = 0
        self._told = -1
        self._after_value = False

    def copy(self) -> Cursor:
        """Return a cursor that stands where this one does."""
        other = Cursor()
        other._mode, other._at, other._opened = self._mode, self._at, self._opened
        other._told, other._after_value = self._told, self._after_value
        return other

    @property
    def at(self) -> int:
        """How far the text was read; nothing before this is looked at again."""
        return self._at

    def shift(self, count: int) -> None:
        """Go on with a text of which the first ``count`` characters were dropped."""
        self._at -= count
        self._opened -= count
        self._told -= count

    def pieces(self, text: str, start: int, end: int) -> Iterator[Piece]:
        """Yield the parts of a span that carry values.

        A piece may be wider than its part of the span: a number, or the escape sequence of a character, goes as a whole.
        Braces, brackets, commas, colons and the quotes of strings carry none.
        """
        self.advance(text, start)
        at = start
        while at < end:
            if self._mode in ("start", "off"):
                yield Piece(at, end, "text")
                return
            piece = self._in_string(text, at, end) if self._mode == "inside" else self._token(text)
            if piece is not None and piece.start < piece.end:
                yield piece
                at = piece.end
            at = max(at, self._at)

    def string(self, text: str) -> tuple[int, int] | None:
        """Return where the content of the string at the cursor begins and ends, the first time that its place is asked for."""
        if self._mode != "inside" or self._told == self._opened:
            return None
        self._told = self._opened
        stop = _inside_end(text, self._at, len(text))
        return (self._opened, stop) if text[stop : stop + 1] == '"' else None

    def _in_string(self, text: str, at: int, end: int) -> Piece | None:
        """Read the part of a span that is in the open string, and the closing quote if the span goes beyond it."""
        stop = _inside_end(text, self._at, min(len(text), end + _LONGEST_ESCAPE))
        if stop < end and text[stop] != '"':
            self._mode = "off"
            return None
        low, high = _whole_units(text, self._at, at, min(end, stop))
        if stop >= end:
            self._at = high = max(high, end)
        else:
            self._at = stop
            self._step(text, len(text))
        return Piece(low, high, "string")

    def _token(self, text: str) -> Piece | None:
        """Read one token outside of strings; a number or a word is a piece."""
        found = _OUTSIDE.match(text, self._at)
        if not self._step(text, len(text)):
            self._mode = "off"
        elif found is not None and (found[1] or found[2]):
            return Piece(found.start(), found.end(), "number" if found[1] else "literal")
        return None

    def advance(self, text: str, upto: int) -> None:
        """Read on to a place, or to the start of the token that it is in."""
        if self._mode == "start":
            blank = _BLANK.match(text, self._at)
            first = self._at if blank is None else blank.end()
            if first >= min(upto + 1, len(text)):
                self._at = min(first, upto)
                return
            self._at = first
            self._mode = "outside" if text[first] in "{[" else "off"
        while self._at < upto and self._step(text, upto):
            pass
        if self._mode == "off":
            self._at = max(self._at, upto)

    def _step(self, text: str, upto: int) -> bool:
        """Read one token that ends before ``upto``; false if there is none."""
        if self._mode == "inside":
            stop = _inside_end(text, self._at, upto)
            self._at = stop
            if stop >= upto or text[stop] != '"':
                self._mode = "off" if upto - stop >= _LONGEST_ESCAPE else self._mode
                return False
            self._mode, self._at, self._after_value = "outside", stop + 1, True
            return True
        if self._mode != "outside":
            return False
        found = _OUTSIDE.match(text, self._at)
        word = "" if found is None else found.group()
        if found is not None and (found[1] or found[2]):
            if found.end() > upto and len(word) <= _LONGEST_NUMBER:
                return False
            found = None if self._after_value else found
            self._after_value = True
        elif word == '"':
            found = None if self._after_value else found
            self._mode, self._opened = "inside", self._at + 1
        elif word and word in "{[,:":
            self._after_value = False
        elif word and word in "}]":
            self._after_value = True
        if found is None:
            self._mode = "off"
            return False
        self._at = found.end()
        return True


def _inside_end(text: str, at: int, upto: int) -> int:
    found = _INSIDE.match(text, at, upto)
    return at if found is None else found.end()


def _whole_units(text: str, known: int, start: int, end: int) -> tuple[int, int]:
    """Widen a part of a string's content to whole characters: an escape sequence is one. None is cut at ``known``."""
    for found in _UNIT.finditer(text, known, min(len(text), end + _LONGEST_ESCAPE)):
        if found.start() >= end:
            break
        if text[found.start()] == "\\":
            if found.start() < start < found.end():
                start = found.start()
            end = max(end, found.end()) if found.end() > end else end
    return start, end


def unescape(content: str) -> str:
    """Read the content of a JSON string, or return it as it is if it is none."""
    if "\\" not in content:
        return content
    try:
        return str(json.loads(f'"{content}"', strict=False))
    except ValueError:
        return content


def escape(text: str, like: str) -> str:
    """Write a text as the content of a JSON string; ``like`` says whether what is not ASCII is escaped."""
    return json.dumps(text, ensure_ascii=like.isascii())[1:-1]


def unescaped_places(content: str) -> list[int]:
    r"""Say for each character of the unescaped content where in the content it begins, and where it ends.

    >>> unescaped_places("a\\nb")
    [0, 1, 3, 4]
    """
    places: list[int] = []
    for found in _UNIT.finditer(content):
        if found.group()[0] == "\\":
            places.append(found.start())
        else:
            places.extend(range(found.start(), found.end()))
    return [*places, len(content)]
