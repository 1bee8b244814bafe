"""A text with some of its runs replaced, that still knows where everything in it comes from.

Rule 1: a place in the new text leads to characters of the old one; a place inside a run that has to be taken as a whole leads to
all of that run.
Rule 2: only the neighbourhood of what was replaced is kept, since the rest says what the old text said.
Rule 3: a span far from everything replaced, or over a gap between two neighbourhoods, leads nowhere.

>>> new = rewrite("to %61%40%62", [(3, 12, "a@b", 3)])
>>> new.text, new.original(4, 5), rewrite("%61" + "." * 99, [(0, 3, "a", 3)]).original(90, 91)
('to a@b', (6, 9), None)
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

Run = tuple[int, int, str, int]
"""What a run of the old text stands for: its start and end, the new text, and how many old characters each new one has.

0: they cannot be told apart; ``TURNED``: the last one comes first.
"""

REACH: Final = 512
"""How many characters on each side of a replaced run are kept."""
NEAR: Final = 64
"""How far a replaced run can change what is found beside it: by what a pattern wants around its match."""
_GAP: Final = "\n\x00\n"
_COPIED: Final = -1
_NOWHERE: Final = -2
TURNED: Final = -3


class Rewritten:
    """A new text and its pieces: where each starts, where it comes from, how long that is, and how it is counted."""

    __slots__ = ("_counted", "_lengths", "_origins", "_starts", "text")

    def __init__(self) -> None:
        self.text = ""
        self._starts = array("I")
        self._origins = array("I")
        self._lengths = array("I")
        self._counted = array("b")

    def add(self, start: int, origin: int, length: int, counted: int) -> None:
        """Note a piece."""
        self._starts.append(start)
        self._origins.append(origin)
        self._lengths.append(length)
        self._counted.append(counted)

    def original(self, start: int, end: int) -> tuple[int, int] | None:
        """Find what a span of the new text stands for in the old one (rule 3)."""
        first = self._piece(start)
        if self._counted[first] == _COPIED and self._piece(max(start, end - 1)) == first:
            before = start - self._starts[first] <= NEAR and first > 0 and self._counted[first - 1] != _NOWHERE
            after = first + 1 < len(self._starts) and self._counted[first + 1] != _NOWHERE
            if not before and not (after and self._starts[first + 1] - end <= NEAR):
                return None
        return self.covered(start, end)

    def covered(self, start: int, end: int) -> tuple[int, int] | None:
        """Find what a span stands for, whether it was replaced or not."""
        first, last = self._piece(start), self._piece(max(start, end - 1))
        if _NOWHERE in self._counted[first : last + 1]:
            return None
        one, other = self._place(first, start), self._place(last, max(start, end - 1))
        return min(one[0], other[0]), max(one[1], other[1])

    def touches(self, start: int, end: int) -> bool:
        """Tell whether anything of a span was replaced."""
        first = self._piece(start)
        return self._counted[first] != _COPIED or self._piece(max(start, end - 1)) != first

    def _piece(self, index: int) -> int:
        return bisect_right(self._starts, index) - 1

    def _place(self, piece: int, index: int) -> tuple[int, int]:
        origin, length, counted = self._origins[piece], self._lengths[piece], self._counted[piece]
        if not counted:
            return origin, origin + length
        if counted == TURNED:
            at = origin + length - 1 - (index - self._starts[piece])
            return at, at + 1
        at = origin + (index - self._starts[piece]) * abs(counted)
        return at, at + abs(counted)


def rewrite(text: str, runs: Iterable[Run], reach: int | None = REACH) -> Rewritten | None:
    """Replace runs, given in order and apart from each other; ``None`` where there are none.

    ``reach`` is how much around them is kept; ``None`` keeps everything.
    """
    new = Rewritten()
    parts: list[str] = []
    length = copied = 0

    def put(piece: str, origin: int, old: int, counted: int) -> None:
        nonlocal length
        if piece:
            new.add(length, origin, old, counted)
            parts.append(piece)
            length += len(piece)

    seen = False
    for start, end, replacement, counted in runs:
        if reach is not None and start - copied > (2 * reach if seen else reach):
            if seen:
                put(text[copied : copied + reach], copied, reach, _COPIED)
                put(_GAP, copied, 0, _NOWHERE)
            copied = start - reach
        put(text[copied:start], copied, start - copied, _COPIED)
        put(replacement, start, end - start, counted)
        copied, seen = end, True
    if not seen:
        return None
    tail = text[copied:] if reach is None else text[copied : copied + reach]
    put(tail, copied, len(tail), _COPIED)
    new.text = "".join(parts)
    return new


def apart(runs: Iterable[Run]) -> list[Run]:
    """Order runs and leave out those that overlap an earlier or longer one."""
    kept: list[Run] = []
    for run in sorted(runs, key=lambda run: (run[0], -run[1])):
        if not kept or run[0] >= kept[-1][1]:
            kept.append(run)
    return kept
