"""Patterns run over the readings of a text.

Rule 1: a pattern is compiled when one of its keywords first occurs in a text.
Rule 2: a long text is read in windows that overlap by more than the longest match; a match belongs to the window it starts in.
Rule 3: a rejected match costs one step: the search goes on with the next character, so nothing hides behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import msgspec

from referee.model.packs import Pattern
from referee.scanners.folding import fold
from referee.scanners.protocol import Hit
from referee.scanners.validators import validators
from referee.scanners.views import Budget, Views, readings

WINDOW = 1 << 16
OVERLAP = 1 << 14
BEFORE, AFTER = 64, 32
_ENCODINGS = Views()


class _Rule:
    """A pattern ready to run, compiled on first use."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.valid = None if pattern.validator is None else validators()[pattern.validator]
        self.keywords = pattern.keywords or tuple(word.split()[0] for word in pattern.context)

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(self.pattern.pattern, re.ASCII)

    @cached_property
    def context(self) -> re.Pattern[str]:
        words = "|".join(re.escape(word).replace(r"\ ", r"[\s_-]{0,2}") for word in self.pattern.context)
        return re.compile(rf"(?<![a-z])(?:{words})(?![a-z])", re.ASCII | re.IGNORECASE)

    @cached_property
    def group(self) -> str | int:
        return "value" if "value" in self.expression.groupindex else 0

    def accepts(self, text: str, match: re.Match[str]) -> bool:
        if self.valid is not None and not self.valid(match.group(self.group)):
            return False
        if not self.pattern.context:
            return True
        near = text[max(0, match.start() - BEFORE) : match.end() + AFTER]
        return self.context.search(near) is not None

    def matches(self, text: str, start: int, stop: int, limit: int) -> Iterator[tuple[int, int]]:
        """Yield the hits whose match starts between ``start`` and ``stop`` and ends before ``limit``."""
        search = self.expression.search
        while start < stop and (match := search(text, start, limit)) is not None and match.start() < stop:
            if self.accepts(text, match):
                yield match.span(self.group)
                start = max(match.end(), match.start() + 1)
            else:
                start = match.start() + 1


class PatternScanner:
    """A scanner made of patterns, loaded by the first scan."""

    def __init__(self, name: str, load: Callable[[], tuple[Pattern, ...]], views: Views = _ENCODINGS) -> None:
        self.name = name
        self.views = views
        self._load = load

    @cached_property
    def _rules(self) -> tuple[_Rule, ...]:
        return tuple(_Rule(pattern) for pattern in self._load())

    @cached_property
    def _by_keyword(self) -> dict[str, list[int]]:
        table: dict[str, list[int]] = {}
        for index, rule in enumerate(self._rules):
            for word in rule.keywords or ("",):
                table.setdefault(word, []).append(index)
        return table

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns it is made of."""
        return tuple(rule.pattern for rule in self._rules)

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
            found = (hit for hit in self._plain(reading.text) if hit.score >= reading.least)
            hits += _placed(found, reading.original)
        return _best(hits)

    def scan_labelled(self, label: str, text: str) -> list[Hit]:
        """Find what ``text`` carries when read as ``label: text``."""
        shift = len(label) + 2
        whole = f"{label}: {text}"
        hits = list(self._plain(whole))
        folded = fold(whole)
        if folded is not None:
            hits += _placed(self._plain(folded.text), folded.original)
        return _best([Hit(max(0, h.start - shift), h.end - shift, h.kind, h.score) for h in hits if h.end > shift])

    def _plain(self, text: str) -> Iterator[Hit]:
        reached: dict[int, int] = {}
        for start in range(0, len(text), WINDOW):
            stop, limit = min(start + WINDOW, len(text)), min(start + WINDOW + OVERLAP, len(text))
            for index in self._wanted(text[max(0, start - BEFORE) : limit].lower()):
                rule = self._rules[index]
                for first, last in rule.matches(text, max(start, reached.get(index, 0)), stop, limit):
                    reached[index] = last
                    yield Hit(first, last, rule.pattern.kind, rule.pattern.score)

    def _wanted(self, lowered: str) -> list[int]:
        return sorted({index for word, indices in self._by_keyword.items() if word in lowered for index in indices})


def _placed(hits: Iterable[Hit], original: Callable[[int, int], tuple[int, int] | None]) -> Iterator[Hit]:
    """Put hits where they stand in the original text; those that an outer reading has go."""
    for hit in hits:
        span = original(hit.start, hit.end)
        if span is not None:
            yield Hit(*span, hit.kind, hit.score)


def _best(hits: list[Hit]) -> list[Hit]:
    """Keep one hit a place and kind: the widest, with the highest score of those inside it."""
    kept: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, -hit.score)):
        same = kept.setdefault(hit.kind, [])
        if same and hit.end <= same[-1].end:
            same[-1] = msgspec.structs.replace(same[-1], score=max(same[-1].score, hit.score))
        else:
            same.append(hit)
    return sorted(hit for same in kept.values() for hit in same)
