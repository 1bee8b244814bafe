"""What is written like a kind of thing and is none: patterns that doubt what others find.

Rule 1: a hit that lies inside a doubt about its kind counts the doubt's score at most, and with 0 not at all.
Rule 2: a doubt never is a finding.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

import msgspec

from referee.model.packs import Pattern
from referee.scanners.protocol import Hit

_MARK: Final = "?"
"""Stands before the kind of a hit that is a doubt, until it is weighed."""
_LOOK_BACK: Final = 32
"""So many doubts that begin before a hit are asked whether they cover it; they are short and few."""


def kind_of(pattern: Pattern) -> str:
    """Name the kind of a pattern's hits, marked if they are doubts."""
    return _MARK + pattern.kind if pattern.doubt else pattern.kind


def is_doubt(hit: Hit) -> bool:
    """Tell whether a hit is a doubt."""
    return hit.kind.startswith(_MARK)


def weigh(found: list[Hit]) -> list[Hit]:
    """Lower the hits that are doubted, and leave the doubts out.

    >>> weigh([Hit(0, 9, "?email", 0.4), Hit(2, 6, "email"), Hit(2, 6, "other")])
    [Hit(start=2, end=6, kind='email', score=0.4), Hit(start=2, end=6, kind='other', score=1.0)]
    """
    doubts: dict[str, list[Hit]] = {}
    for hit in sorted(filter(is_doubt, found)):
        doubts.setdefault(hit.kind.removeprefix(_MARK), []).append(hit)
    if not doubts:
        return found
    hits: list[Hit] = []
    for hit in found:
        if is_doubt(hit):
            continue
        most = min((doubt.score for doubt in _around(hit, doubts.get(hit.kind, []))), default=1.0)
        if most > 0:
            hits.append(msgspec.structs.replace(hit, score=min(hit.score, most)))
    return hits


def _around(hit: Hit, doubts: list[Hit]) -> Iterator[Hit]:
    """Give the doubts, which are in the order of their starts, that a hit lies inside."""
    end = bisect_right(doubts, hit.start, key=_start)
    return (doubt for doubt in doubts[max(0, end - _LOOK_BACK) : end] if hit.end <= doubt.end)


def _start(hit: Hit) -> int:
    return hit.start
