"""Texts as the windows that the model sees, and matrices of them.

Rule 1: windows and features come from ``referee.scanners``, so training and scanning cannot part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from referee.scanners import wording
from referee.scanners.likeness import SCALES
from training.corpus import Text

_LONGEST: Final = 12_000
Place = tuple[int, int]
Floats = NDArray[np.float64]


@dataclass
class Read:
    """A text with the features of its words, its windows, and where among the words its attack stands."""

    text: Text
    words: list[NDArray[np.int32]]
    windows: list[Place]
    attack: Place = (0, 0)
    weight: float = field(default=1.0)


def read(text: Text, weight: float = 1.0) -> Read:
    """Read a text."""
    shown = text.text[:_LONGEST]
    words = [np.array(found, np.int32) for found in wording.features(shown)]
    starts = [match.start() for match in wording.split(shown)]
    first, last = (int(np.searchsorted(starts, place)) for place in text.span)
    return Read(text, words, places(len(words)), (first, last), weight)


def places(count: int) -> list[Place]:
    """List the windows of so many words, as the scanner has them."""
    found: list[Place] = []
    for size in SCALES if count else ():
        width = min(size, count)
        found += [(first, first + width) for first in range(0, count - width, size // 2)]
        found.append((count - width, count))
        if count <= size:
            break
    return found


def labelled(one: Read) -> list[Place]:
    """List the windows that have the label of their text: those of an attack hold a good part of it."""
    if not one.text.attack:
        return one.windows
    start, end = one.attack
    return [
        place
        for place in one.windows
        if min(place[1], end) - max(place[0], start) >= min(0.5 * (place[1] - place[0]), 0.8 * (end - start), 12)
    ]


def matrix(items: Iterable[tuple[Read, Place]]) -> sparse.csr_matrix:
    """Count the features of windows; a window weighs by the root of its length, as in the scanner."""
    columns: list[NDArray[np.int32]] = []
    values: list[Floats] = []
    rows = [0]
    for one, (first, last) in items:
        found, counts = np.unique(np.concatenate(one.words[first:last]), return_counts=True)
        columns.append(found)
        values.append(counts / np.sqrt(last - first))
        rows.append(rows[-1] + len(found))
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), rows), shape=(len(rows) - 1, wording.SIZE)
    )


def totals(one: Read, weights: Floats) -> list[float]:
    """Add up every window of a text."""
    sums = np.concatenate([[0.0], np.cumsum([weights[found].sum() for found in one.words])])
    return [float((sums[last] - sums[first]) / np.sqrt(last - first)) for first, last in one.windows]


def worst(texts: Iterable[Read], weights: Floats, bias: float) -> Floats:
    """Say what the worst window of each size adds up to in each text; sizes that a text is too short for: -99."""
    found = [[-99.0] * len(SCALES)]
    for one in texts:
        best = [-99.0] * len(SCALES)
        for total, (first, last) in zip(totals(one, weights), one.windows, strict=True):
            scale = scale_of(last - first)
            best[scale] = max(best[scale], total + bias)
        found.append(best)
    return np.array(found[1:])


def scale_of(width: int) -> int:
    """Number the size that a window of so many words is of: a whole text counts as the size it does not fill."""
    return next(number for number, size in enumerate(SCALES) if width <= size)
