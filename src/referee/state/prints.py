"""Sets of fingerprints: what was seen, without what it was.

Rule 1: a fingerprint is a number made with a key; the text it was made of is not kept and cannot be read from it.
Rule 2: a set has a bound. What comes after it is not added, and the set says that it is no longer complete.
Rule 3: looking up takes as long as the text that is looked up, and hardly longer for a full set.
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Final

SPAN: Final = 14
"""How many letters and digits a stretch of text has to have in common at the least."""
STEP: Final = 7
"""A stretch of ``SPAN + STEP - 1`` is recognised wherever it stands: one of its parts was taken."""
_LEAST: Final = 1 << 14
_SLOTS: Final = 4

Hasher = Callable[[Sequence[str]], list[int]]


def _here(texts: Sequence[str]) -> list[int]:
    return list(map(hash, texts))


def keyed(key: bytes) -> Hasher:
    """Make fingerprints that are the same in every process that has the key."""

    def prints(texts: Sequence[str]) -> list[int]:
        made = hashlib.blake2b
        return [
            int.from_bytes(
                made(text.encode("utf-8", "replace"), key=key, digest_size=8).digest(), "little", signed=True
            )
            for text in texts
        ]

    return prints


def of_process(secret: bytes) -> Hasher:
    """Make fingerprints for this process alone: by the key that Python draws for its own, or, without one, by a secret."""
    return _here if sys.flags.hash_randomization else keyed(secret)


def stretches(compact: str) -> list[str]:
    """Cut a text into the parts that are kept of it.

    >>> stretches("abcdefghijklmnopqrstuvwxyz")
    ['abcdefghijklmn', 'hijklmnopqrstu']
    """
    return [compact[at : at + SPAN] for at in range(0, len(compact) - SPAN + 1, STEP)]


def every_stretch(compact: str) -> list[str]:
    """Cut a text into every part that could have been kept of another."""
    return [compact[at : at + SPAN] for at in range(len(compact) - SPAN + 1)]


class Prints:
    """A set of fingerprints with a bound. New ones are in a set, old ones in a sorted row, which takes 12 to 16 bytes each."""

    __slots__ = ("_fresh", "_gate", "_mask", "_old", "bound", "complete")

    def __init__(self, bound: int, *, complete: bool = True) -> None:
        self.bound = bound
        self.complete = complete
        self._fresh: set[int] = set()
        self._old = array("q")
        self._gate = bytearray(1)
        self._mask = 0

    def __len__(self) -> int:
        return len(self._fresh) + len(self._old)

    def __contains__(self, one: int) -> bool:
        return one in self._fresh or self._is_old(one)

    def add(self, prints: Iterable[int]) -> None:
        """Add fingerprints, as long as there is room."""
        new = {*prints} - self._fresh
        if self._old:
            new = {one for one in new if not self._is_old(one)}
        room = self.bound - len(self)
        if len(new) > room:
            self.complete = False
            new = set(sorted(new)[: max(room, 0)])
        self._fresh |= new
        if len(self._fresh) > max(_LEAST, len(self._old) // 4):
            self._settle(array("q", sorted([*self._old, *self._fresh])))
            self._fresh = set()

    def among(self, prints: Sequence[int]) -> list[int]:
        """Give the places of those that are in the set."""
        if not self._old:
            if self._fresh.isdisjoint(prints):
                return []
            return [at for at, one in enumerate(prints) if one in self._fresh]
        gate, mask, fresh = self._gate, self._mask, self._fresh
        return [at for at, one in enumerate(prints) if one in fresh or (gate[one & mask] and self._is_old(one))]

    def _settle(self, old: array[int]) -> None:
        """Take a sorted row, and open a gate for what can be in it: most of what is not is told there."""
        self._old = old
        self._mask = (1 << (_SLOTS * len(old)).bit_length()) - 1
        gate, mask = bytearray(self._mask + 1), self._mask
        for one in old:
            gate[one & mask] = 1
        self._gate = gate

    def _is_old(self, one: int) -> bool:
        if not self._gate[one & self._mask]:
            return False
        old = self._old
        at = bisect_left(old, one)
        return at < len(old) and old[at] == one

    def dump(self) -> bytes:
        """Write the set down."""
        return array("q", sorted([*self._old, *self._fresh])).tobytes()

    def load(self, data: bytes) -> None:
        """Take over a set that was written down. Its gate stands open: opening it anew takes longer than a few look-ups.

        Raises:
            ValueError: it cannot be one.
        """
        old = array("q")
        old.frombytes(data)
        if len(old) > self.bound:
            raise ValueError("these are too many fingerprints")
        self._old, self._gate, self._mask = old, bytearray(b"\1"), 0
