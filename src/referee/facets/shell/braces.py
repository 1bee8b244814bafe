"""Brace expansion, which bash does first and on the text as written.

Rule 1: quoted braces, ``${`` and braces without comma or range stay as they are.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from referee.facets.shell.lexing import Unreadable, skip
from referee.facets.shell.trace import FIELD_LIMIT, Trace

_RANGE: Final = re.compile(r"(-?\d{1,9}|[A-Za-z])\.\.(-?\d{1,9}|[A-Za-z])(?:\.\.(-?\d{1,9}))?")
_STOP: Final = re.compile(r"[\\'\"$`{},]|[<>](?=\()")


def expand_braces(raw: str, trace: Trace) -> list[str]:
    """Return the words that braces in ``raw`` make of it.

    >>> expand_braces("{rm,-rf}", Trace()), expand_braces("a{1..3}", Trace()), expand_braces("'{a,b}'", Trace())
    (['rm', '-rf'], ['a1', 'a2', 'a3'], ["'{a,b}'"])
    """
    done: list[str] = []
    waiting = [raw]
    while waiting:
        word = waiting.pop()
        trace.step(1 + len(word) // 64)
        try:
            found = _first(word)
        except Unreadable:
            found = None
        if found is None:
            done.append(word)
        else:
            start, end, pieces = found
            waiting += [word[:start] + piece + word[end:] for piece in reversed(pieces)]
        if len(done) + len(waiting) > FIELD_LIMIT:
            trace.miss("word: more words than are followed")
            return [*done, *waiting][:FIELD_LIMIT]
    return done


def _first(word: str) -> tuple[int, int, list[str]] | None:
    """Find the first braces that expand: their place and what stands between the commas."""
    stack: list[tuple[int, list[int]]] = []
    best: tuple[int, int, list[str]] | None = None
    place = 0
    while found := _STOP.search(word, place):
        place = found.start()
        letter = word[place]
        if letter == "{":
            stack.append((place, []))
        elif letter == "," and stack:
            stack[-1][1].append(place)
        elif letter == "}" and stack:
            start, commas = stack.pop()
            pieces = _pieces(word, start, place, commas)
            if pieces is not None and (best is None or start < best[0]):
                best = (start, place + 1, pieces)
        if letter in "\\'\"$`<>":
            place = skip(word, place)
        else:
            place += 1
    return best


def _pieces(word: str, start: int, end: int, commas: list[int]) -> list[str] | None:
    if commas:
        edges = [start, *commas, end]
        return [word[a + 1 : b] for a, b in pairwise(edges)]
    found = _RANGE.fullmatch(word, start + 1, end)
    return None if found is None else _range(found[1], found[2], found[3])


def _range(first: str, last: str, step: str | None) -> list[str] | None:
    letters = first.isalpha() and last.isalpha()
    if not letters and (first.isalpha() or last.isalpha()):
        return None
    a, b = (ord(first), ord(last)) if letters else (int(first), int(last))
    by = max(abs(int(step or 1)), 1)
    numbers = range(a, b + 1, by) if a <= b else range(a, b - 1, -by)
    width = max(len(first), len(last)) if not letters and re.match(r"-?0\d", f"{first} {last}") else 0
    return [chr(number) if letters else str(number).zfill(width) for number in numbers[: FIELD_LIMIT + 1]]
