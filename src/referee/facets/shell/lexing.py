"""Where words, quotes and substitutions of a shell text end.

Rule 1: a construct that does not end is ``Unreadable``, never guessed.
"""

from __future__ import annotations

import re
from typing import Final

_DEPTH: Final = 40
_WORD_STOP: Final = re.compile(r"[\s;&|()<>\\'\"$`]")
_QUOTE_STOP: Final = re.compile(r"[\\\"$`]")
_PAREN_STOP: Final = re.compile(r"[\\'\"$`()#\n]")
_BRACE_STOP: Final = re.compile(r"[\\'\"$`}]")
_NO_DOLLAR: Final = ("'", '"')
META: Final = frozenset(" \t\r\n;&|()<>")


class Unreadable(Exception):  # noqa: N818 - the text is at fault, not the program
    """A quote or a substitution does not end, or they are nested too deeply."""


def skip(text: str, start: int, depth: int = 0) -> int:
    r"""Return the place after the quote, escape or substitution that begins at ``start``.

    Raises:
        Unreadable: it does not end.

    >>> skip("'a b' c", 0), skip("$(echo a) x", 0)
    (5, 9)
    """
    if depth > _DEPTH:
        raise Unreadable
    letter = text[start]
    after = text[start + 1 : start + 2]
    if letter == "\\":
        return min(start + 2, len(text))
    if letter == "'":
        return _found(text.find("'", start + 1)) + 1
    if letter == '"':
        return _until(text, start + 1, '"', _QUOTE_STOP, depth)
    if letter == "`":
        return _backtick(text, start + 1)
    if letter == "$" and after == "'":
        return _ansi(text, start + 2)
    if letter == "$" and after == '"':
        return _until(text, start + 2, '"', _QUOTE_STOP, depth)
    if letter == "$" and after == "{":
        return _until(text, start + 2, "}", _BRACE_STOP, depth)
    if letter in "$<>=" and after == "(":
        return _parens(text, start + 2, depth)
    return start + 1


def word_end(text: str, start: int) -> int:
    """Return the place where the word that begins at ``start`` ends.

    Raises:
        Unreadable: a quote in it does not end.
    """
    place = start
    while found := _WORD_STOP.search(text, place):
        place = found.start()
        letter = text[place]
        if letter in META and not (letter in "<>" and text[place + 1 : place + 2] == "("):
            return place
        place = skip(text, place)
    return len(text)


def _found(place: int) -> int:
    if place < 0:
        raise Unreadable
    return place


def _until(text: str, place: int, end: str, stop: re.Pattern[str], depth: int) -> int:
    while found := stop.search(text, place):
        place = found.start()
        if text[place] == end:
            return place + 1
        plain = end == '"' and text[place] == "$" and text[place + 1 : place + 2] in _NO_DOLLAR
        place = place + 1 if plain else skip(text, place, depth + 1)
    raise Unreadable


def _backtick(text: str, place: int) -> int:
    while place < len(text):
        if text[place] == "`":
            return place + 1
        place += 2 if text[place] == "\\" else 1
    raise Unreadable


def _ansi(text: str, place: int) -> int:
    while place < len(text):
        if text[place] == "'":
            return place + 1
        place += 2 if text[place] == "\\" else 1
    raise Unreadable


def _parens(text: str, place: int, depth: int) -> int:
    """Find the closing parenthesis; comments are skipped, for they may hold quotes."""
    open_ = 1
    while found := _PAREN_STOP.search(text, place):
        place = found.start()
        letter = text[place]
        if letter in "()":
            open_ += 1 if letter == "(" else -1
            place += 1
            if not open_:
                return place
        elif letter == "#" and text[place - 1] in " \t\n;&|(":
            end = text.find("\n", place)
            place = len(text) if end < 0 else end
        else:
            place = place + 1 if letter in "\n#" else skip(text, place, depth + 1)
    raise Unreadable
