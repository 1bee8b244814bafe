"""The values of a request read as one: what somebody split over the fields of an object or the items of a list.

Rule 1: values are read together in the order of the document, all of them and by twos and threes, whose neighbours may hide their
edges; and those of one container too where others stand between them.
Rule 2: of a long value only its ends are read again.
Rule 3: a place leads to a part of each value it lies in; one that reaches over left-out text leads nowhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

END: Final = 256
"""How much of the beginning and the end of a value is read together with its neighbours."""
_FEW: Final = 256
_GAP: Final = "\n\x00\n"
_LAST_STEP: Final = re.compile(r"(?:\.[^.\[\]]*|\[\d+\])$")


class Part(NamedTuple):
    """A stretch of one value: its path, and where it starts and ends there."""

    path: str
    start: int
    end: int


class Joined:
    """Values put together, and where each part of them begins."""

    __slots__ = ("_parts", "_starts", "text")

    def __init__(self, groups: Iterable[Sequence[tuple[str, str]]], glue: str) -> None:
        self._parts: list[Part | None] = []
        self._starts: list[int] = []
        pieces: list[str] = []
        length = 0
        for part, piece in _pieces(groups, glue):
            self._parts.append(part)
            self._starts.append(length)
            pieces.append(piece)
            length += len(piece)
        self.text = "".join(pieces)

    def parts(self, start: int, end: int) -> list[Part]:
        """Find the parts that a span of the text lies in; none if there is left-out text between them."""
        found: list[Part] = []
        for at in range(bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1)):
            part, first = self._parts[at], self._starts[at]
            if part is None:
                return []
            one = max(start, first) - first + part.start
            other = min(end - first + part.start, part.end)
            if one < other:
                found.append(Part(part.path, one, other))
        return found


def _pieces(groups: Iterable[Sequence[tuple[str, str]]], glue: str) -> Iterator[tuple[Part | None, str]]:
    for values in groups:
        for path, text in values:
            if len(text) <= 2 * END:
                yield Part(path, 0, len(text)), text
            else:
                yield Part(path, 0, END), text[:END]
                yield None, _GAP
                yield Part(path, len(text) - END, len(text)), text[-END:]
            if glue:
                yield Part(path, len(text), len(text)), glue
        yield None, _GAP


def joined(strings: Iterable[tuple[str, str, bool]], glue: str) -> Iterator[Joined]:
    r"""Yield what values say when they are read together, ``glue`` between them.

    >>> [one.text.strip("\n\0") for one in joined([("args[0]", "sk-", False), ("args[1]", "live", False)], "")]
    ['sk-live']
    """
    values = [(path, text) for path, text, key in strings if text and not key]
    if len(values) < 2:
        return
    yield from _runs(values, glue)
    containers: dict[str, list[int]] = {}
    for at, (path, _) in enumerate(values):
        containers.setdefault(_LAST_STEP.sub("", path), []).append(at)
    for places in containers.values():
        if len(places) > 1 and places[-1] - places[0] >= len(places):
            yield from _runs([values[at] for at in places], glue)


def _runs(values: list[tuple[str, str]], glue: str) -> Iterator[Joined]:
    """Join all, and what stands side by side."""
    yield Joined([values], glue)
    if len(values) > 2:
        few = [values[at : at + 3] for at in range(len(values) - 2)] if 3 < len(values) <= _FEW else []
        yield Joined([*(values[at : at + 2] for at in range(len(values) - 1)), *few], glue)
