"""Patterns run over the readings of a text.

Rule 1: the patterns load with the first scan; where they may begin is the engine's business.
Rule 2: what is found in another reading of a text is told at its place in the original.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from referee.model.facts import Finding
from referee.model.packs import Pattern
from referee.scanners.doubts import is_doubt, weigh
from referee.scanners.engine import Engine
from referee.scanners.folding import fold
from referee.scanners.protocol import Hit
from referee.scanners.request import scan_request
from referee.scanners.views import Budget, Reading, Views, readings

_ENCODINGS = Views()


class PatternScanner:
    """A scanner made of patterns, loaded by the first scan."""

    def __init__(self, name: str, load: Callable[[], Engine], views: Views = _ENCODINGS) -> None:
        self.name = name
        self.views = views
        self._load = load

    @classmethod
    def of(cls, name: str, patterns: Iterable[Pattern], views: Views = _ENCODINGS) -> PatternScanner:
        """Make a scanner of these patterns alone."""
        engine = Engine((name, pattern) for pattern in patterns)
        return cls(name, lambda: engine, views)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns it is made of."""
        return tuple(rule.pattern for rule in self._load().rules if rule.scanner == self.name)

    def scan(self, text: str) -> list[Hit]:
        """Find everything in ``text``, however it is spelled, in the order of the text.

        Raises:
            TooBig: more is hidden in the text than may be read.
        """
        return self.scan_within(text, Budget(len(text)))

    def scan_within(self, text: str, budget: Budget) -> list[Hit]:
        """Find everything in ``text`` within what may still be read of the request it belongs to."""
        hits: list[Hit] = []
        for reading in readings(text, self.views, budget):
            found = (hit for hit in self._read(reading) if hit.score >= reading.least or is_doubt(hit))
            hits += _placed(found, reading.original)
        return _best(hits)

    def scan_request(self, strings: list[tuple[str, str, bool]]) -> list[Finding]:
        """Find everything in the strings of a request, also what is split over several of them."""
        return scan_request(self, strings)

    def scan_labelled(self, label: str, text: str) -> list[Hit]:
        """Find what ``text`` carries when read as ``label: text``."""
        shift = len(label) + 2
        whole = f"{label}: {text}"
        hits = list(self._plain(whole))
        folded = fold(whole)
        if folded is not None:
            hits += _placed(self._plain(folded.text), folded.original)
        return _best([Hit(max(0, h.start - shift), h.end - shift, h.kind, h.score) for h in hits if h.end > shift])

    def _read(self, reading: Reading) -> Iterator[Hit]:
        return self._plain(reading.text)

    def _plain(self, text: str) -> Iterator[Hit]:
        return self._load().scan(self.name, text)


def _placed(hits: Iterable[Hit], original: Callable[[int, int], tuple[int, int] | None]) -> Iterator[Hit]:
    """Put hits where they stand in the original text; those that an outer reading has go."""
    for hit in hits:
        span = original(hit.start, hit.end)
        if span is not None:
            yield Hit(*span, hit.kind, hit.score)


def _best(hits: list[Hit]) -> list[Hit]:
    """Keep one hit a place and kind: the widest, with the highest score of those inside it."""
    kept: dict[str, list[Hit]] = {}
    for hit in sorted(weigh(hits), key=lambda hit: (hit.start, -hit.end, -hit.score)):
        same = kept.setdefault(hit.kind, [])
        if same and hit.end <= same[-1].end:
            same[-1] = msgspec.structs.replace(same[-1], score=max(same[-1].score, hit.score))
        else:
            same.append(hit)
    return sorted(hit for same in kept.values() for hit in same)
