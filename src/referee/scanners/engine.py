"""All patterns at once: where each may begin is found in one pass over a text, then each has the last word on its own.

Rule 1: what finds the places is a matter of speed alone. A multi-pattern database, where there is one, and the search for keywords
give the same hits, in the same order.
Rule 2: a text is read once for all scanners that share a decision, and forgotten with it.
Rule 3: a database that cannot be made, loaded or asked is done without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Protocol

from referee.model.packs import Pattern
from referee.scanners.database import Database, Shelf, load, make
from referee.scanners.linear import LinearRule
from referee.scanners.protocol import Hit
from referee.scanners.rules import AFTER, BEFORE, OVERLAP, Reading, Rule, Spans
from referee.scanners.sharing import once
from referee.scanners.sieve import sieve

SETTLED: Final = 200
"""A process that has scanned so many texts will scan more: from there on sieves pay."""


class Finder(Protocol):
    """Whatever knows where patterns may begin."""

    def find(self, scanner: str, reading: Reading) -> Iterable[tuple[int, Spans]]:
        """Give the rules of a scanner that may match, each with the places where it may begin; none is left out."""
        ...


class Engine:
    """The patterns of several scanners."""

    def __init__(self, patterns: Iterable[tuple[str, Pattern]]) -> None:
        self.rules = tuple(
            LinearRule(scanner, pattern) if pattern.linear else Rule(scanner, pattern) for scanner, pattern in patterns
        )
        self.finder: Finder = Keywords(self.rules)

    @property
    def ready(self) -> bool:
        """Whether the patterns run in a database."""
        return isinstance(self.finder, Database)

    def load(self, shelf: Shelf) -> bool:
        """Use the database that is kept, if there is one."""
        self.finder = load(self.rules, shelf) or self.finder
        return self.ready

    def make(self, shelf: Shelf | None = None) -> bool:
        """Make the database, which takes seconds, use it and keep it. Scans go on meanwhile."""
        self.finder = make(self.rules, shelf) or self.finder
        return self.ready

    def scan(self, scanner: str, text: str) -> Iterator[Hit]:
        """Find what the patterns of a scanner find in a text as it stands."""
        reading = once((self, text), lambda: Reading(text))
        for at, spans in self.finder.find(scanner, reading):
            rule = self.rules[at]
            for start, end in rule.hits(reading, spans):
                yield Hit(start, end, rule.kind, rule.pattern.score)


class Keywords:
    """Finds places by the words that must stand near them, and by sieves once many texts were scanned."""

    def __init__(self, rules: tuple[Rule, ...], settled: int = SETTLED) -> None:
        self._left = settled
        self._rules = rules
        self._sieves: dict[int, Callable[[bytes], Any] | None] = {}
        self._scanners: dict[str, _Words] = {}
        for at, rule in enumerate(rules):
            self._scanners.setdefault(rule.scanner, _Words()).add(at, rule.words)

    def find(self, scanner: str, reading: Reading) -> Iterator[tuple[int, Spans]]:
        """Give the stretches around the words of each rule; the whole text if it has none."""
        self._left -= 1
        found = self._scanners[scanner].found(reading) if scanner in self._scanners else {}
        for at in sorted(found):
            spans = _around(found[at], reading)
            if spans and (self._left > 0 or self._passes(at, reading.narrow)):
                yield at, spans

    def _passes(self, at: int, data: bytes) -> bool:
        if self._rules[at].pattern.linear:
            return True
        if at not in self._sieves:
            self._sieves[at] = sieve(self._rules[at].pattern.pattern)
        search = self._sieves[at]
        return search is None or search(data) is not None


class _Words:
    """The words of a scanner's rules, by the three characters they begin with: a text has few of those that there are."""

    def __init__(self) -> None:
        self._always: list[int] = []
        self._short: list[tuple[bytes, int]] = []
        self._by_start: dict[tuple[int, int, int], list[tuple[bytes, int]]] = {}

    def add(self, at: int, words: tuple[bytes, ...]) -> None:
        """Learn the words of a rule, one of which must occur if there are any."""
        if not words:
            self._always.append(at)
        for word in words:
            where = self._short if len(word) < 3 else self._by_start.setdefault((word[0], word[1], word[2]), [])
            where.append((word, at))

    def found(self, reading: Reading) -> dict[int, list[bytes]]:
        """Give the rules that a text may concern, each with those of its words that occur."""
        lowered = reading.lowered
        found: dict[int, list[bytes]] = {at: [] for at in self._always}
        known = [word for start in self._by_start.keys() & reading.starts for word in self._by_start[start]]
        for word, at in (*self._short, *known):
            if word in lowered:
                found.setdefault(at, []).append(word)
        return found


def _around(words: list[bytes], reading: Reading) -> list[tuple[int, int]]:
    lowered, end = reading.lowered, len(reading.text) - 1
    if end < 0:
        return []
    if not words or end < OVERLAP:
        return [(0, end)]
    return _merged(
        (max(0, at - BEFORE - OVERLAP), min(end, at + len(word) + max(BEFORE, AFTER)))
        for word in words
        for at in _places(lowered, word)
    )


def _places(text: bytes, word: bytes) -> Iterator[int]:
    """Find a word; of places whose stretches touch, the first and the last are enough."""
    at = text.find(word)
    while at >= 0:
        yield at
        last = text.rfind(word, at + 1, at + OVERLAP)
        if last > at:
            yield last
            at = last
        at = text.find(word, at + 1)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches that touch."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
