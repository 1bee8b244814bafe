"""How much a text is like orders to a model: a linear model over ``wording``, added up window by window.

Rule 1: a text is as suspicious as its worst window, so a sentence inside a long document is found and a long document does not add up.
Rule 2: a score of 0.5 stands where one harmless text in a hundred is, 0.9 where one in a thousand is, by a curve for each size of window;
what a tool returned has curves of its own.
Rule 3: the weights are whole numbers in a file with a checksum; the same text has the same score on every machine.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final

import msgspec

from referee.scanners import wording
from referee.scanners.protocol import Hit

FILE: Final = Path(__file__).parent / "packs" / "injection.model"
MAGIC: Final = b"referee linear model 1\n"
KIND: Final = "model"
SCALES: Final = (16, 40, 110)
COUNTS: Final = 0.5
"""From this score on a policy counts a finding that says nothing else."""

_FEWEST: Final = 3
"""Fewer words give no orders."""
_PIECE: Final = 1 << 13
_OVERLAP: Final = 1 << 10
_MASK: Final = wording.SIZE - 1
_REMEMBERED: Final = 1 << 15
_ANSWERS: Final = 256
_MOST: Final = 16


class Curve(msgspec.Struct, frozen=True):
    """From what a window adds up to, in hundredths, to a score: straight lines between knots."""

    sums: tuple[int, ...]
    scores: tuple[float, ...]

    def score(self, total: float) -> float:
        """Read the curve."""
        at = bisect_right(self.sums, total)
        if at == 0:
            return 0.0
        if at == len(self.sums):
            return self.scores[-1]
        low, high = self.sums[at - 1], self.sums[at]
        share = (total - low) / (high - low)
        return round(self.scores[at - 1] + share * (self.scores[at] - self.scores[at - 1]), 3)

    def least(self, score: float) -> float:
        """Find the least sum with at least this score, give or take the rounding; infinite if there is none."""
        at = bisect_left(self.scores, score)
        if at == len(self.scores):
            return math.inf
        if at == 0 or self.scores[at] == self.scores[at - 1]:
            return self.sums[at] - 1
        share = (score - self.scores[at - 1]) / (self.scores[at] - self.scores[at - 1])
        return self.sums[at - 1] + share * (self.sums[at] - self.sums[at - 1]) - 1


class Head(msgspec.Struct, frozen=True):
    """What stands before the weights: how large one step of a weight is, the bias, and the curves by place."""

    step: float
    bias: float
    curves: dict[str, tuple[Curve, ...]]


class Likeness:
    """A model that was read from a file."""

    def __init__(self, head: Head, weights: memoryview) -> None:
        self.head = head
        self._weights = weights
        self._words: dict[str, tuple[int, int, int, int, int, int]] = {}
        self._known: dict[tuple[str, bytes], list[Hit]] = {}

    def hits(self, text: str, place: str = "") -> list[Hit]:
        """Find the windows that count, else the worst one if it is not quite harmless; ``place`` chooses the curves.

        Two scanners ask about the same texts, so the last answers are kept under digests of what was asked.
        """
        key = place, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).digest()
        known = self._known.get(key)
        if known is None:
            known = self._hits(text, place)
            if len(self._known) >= _ANSWERS:
                self._known = {}
            self._known[key] = known
        return known

    def _hits(self, text: str, place: str) -> list[Hit]:
        curves = self.head.curves.get(place) or self.head.curves[""]
        found: list[tuple[float, int, int, int]] = []
        for start in range(0, max(len(text), 1), _PIECE):
            worst = self._worst(text[start : start + _PIECE + _OVERLAP], curves)
            found += ((score, start, first, last) for score, first, last in worst)
        counted = [one for one in found if one[0] >= COUNTS] or sorted(found, key=lambda one: -one[0])[:1]
        return _apart(text, sorted(counted, key=lambda one: -one[0]))

    def _worst(self, text: str, curves: tuple[Curve, ...]) -> list[tuple[float, int, int]]:
        """Score the windows of a text by their first and last words: those that count, else the worst one."""
        sums = list(accumulate(self._sums(text), initial=0))
        count = len(sums) - 1
        if count < _FEWEST:
            return []
        found: list[tuple[float, int, int]] = []
        for curve, size in zip(curves, SCALES, strict=True):
            width = min(size, count)
            root = self.head.step * 100 / width**0.5
            bias = self.head.bias * 100
            firsts = (*range(0, count - width, size // 2), count - width)
            totals = [sums[first + width] - sums[first] for first in firsts]
            best = max(totals)
            score = curve.score(best * root + bias)
            if score >= COUNTS:
                least = curve.least(COUNTS)
                scored = [(total * root + bias, first) for total, first in zip(totals, firsts, strict=True)]
                found += ((curve.score(x), first, first + width - 1) for x, first in scored if x >= least)
            elif score:
                first = firsts[totals.index(best)]
                found.append((score, first, first + width - 1))
            if count <= size:
                break
        return found

    def _sums(self, text: str) -> list[int]:
        """Return what each word of a text weighs, with what it forms together with the words before it."""
        weights, words, learn = self._weights, self._words, self._learn
        tokens = wording.WORD.findall(text)
        if not tokens:
            return []
        own, numbers, pairs, triples, around, meant = zip(
            *[words.get(one) or learn(one) for one in tokens], strict=True
        )
        sums = [
            mine
            + weights[(b * 1021 ^ two) & _MASK]
            + weights[(a * 4093 ^ b * 1021 ^ three) & _MASK]
            + weights[(a * 2039 ^ over) & _MASK]
            for mine, a, b, two, three, over in zip(
                own, (0, 0, *numbers), (0, *numbers), pairs, triples, around, strict=False
            )
        ]
        marked = [(place, meaning) for place, meaning in enumerate(meant) if meaning]
        if not text.isascii():
            marked = wording.with_pairs(tokens, marked)
        for at, (place, meaning) in enumerate(marked):
            close = [one for one in marked[max(0, at - 3) : at] if wording.near(place, one[0])]
            if not meant[place]:
                sums[place] += weights[wording.meant(meaning)]
            for other, before in close:
                sums[place] += weights[wording.meanings(before, meaning, place - other)]
            if len(close) > 1:
                sums[place] += weights[wording.chain(close[-2][1], close[-1][1], meaning)]
        return sums

    def _learn(self, written: str) -> tuple[int, int, int, int, int, int]:
        word = wording.understand(written)
        own = sum(self._weights[feature] for feature in word.features)
        number = word.number
        known = (own, number, number * 3 + 7, number * 5 + 11, number * 7 + 13, word.meaning)
        if len(self._words) >= _REMEMBERED:
            self._words.clear()
        self._words[written] = known
        return known


def _apart(text: str, found: list[tuple[float, int, int, int]]) -> list[Hit]:
    """Keep the worst hit of each place."""
    kept: list[Hit] = []
    spans: dict[int, list[tuple[int, int]]] = {}
    for score, at, first, last in found:
        if len(kept) == _MOST:
            break
        if at not in spans:
            spans[at] = [match.span() for match in wording.split(text[at : at + _PIECE + _OVERLAP])]
        start, end = at + spans[at][first][0], at + spans[at][last][1]
        if all(end <= other.start or start >= other.end for other in kept):
            kept.append(Hit(start, end, KIND, score))
    return sorted(kept)


def written(head: Head, weights: bytes) -> bytes:
    """Write a model as its file."""
    body = MAGIC + msgspec.json.encode(head) + b"\n" + zlib.compress(weights, 9)
    return body + hashlib.sha256(body).digest()


def read(data: bytes) -> Likeness:
    """Read a model from its file.

    Raises:
        ValueError: this is no such file, or it was damaged.
    """
    body, digest = data[:-32], data[-32:]
    if not body.startswith(MAGIC) or hashlib.sha256(body).digest() != digest:
        raise ValueError("the file of the injection model is damaged")
    head, _, packed = body[len(MAGIC) :].partition(b"\n")
    weights = memoryview(zlib.decompress(packed)).cast("b")
    if len(weights) != wording.SIZE:
        raise ValueError("the file of the injection model is of another size")
    return Likeness(msgspec.json.decode(head, type=Head), weights)


@cache
def shipped() -> Likeness:
    """Read the model that comes with the package."""
    return read(FILE.read_bytes())
