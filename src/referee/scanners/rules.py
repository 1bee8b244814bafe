"""A pattern ready to run: where it can begin, what it is, and whether what it matched counts.

Rule 1: what is found depends on the text around the match alone, not on who looked for places where it may begin.
Rule 2: an expression compiles when the first place is tried.
Rule 3: a rejected match costs one step: the search goes on with the next character, so nothing hides behind it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from referee.model.packs import Pattern
from referee.scanners.doubts import kind_of
from referee.scanners.folding import fold
from referee.scanners.superset import narrow
from referee.scanners.validators import validators

OVERLAP: Final = 1 << 14
"""No match is longer."""
BEFORE, AFTER = 64, 32
"""How far from a match its context and its keywords may stand."""
_FEW: Final = 8
_SHORT: Final = 1 << 12
_DENSE: Final = 16
"""A word that stands at every so many-th character is near anything."""
_LETTER: Final = re.compile("[A-Za-z]")

Spans = Iterable[tuple[int, int]]
"""Where a match may begin: from a character up to and with another, in the order of their ends."""


class Reading:
    """A text that is being scanned, in the forms that scanning needs; nothing keeps it longer than that."""

    __slots__ = ("_lowered", "_starts", "found", "narrow", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.narrow = narrow(text)
        self.found: dict[str, list[tuple[int, Spans]]] | None = None
        self._lowered: bytes | None = None
        self._starts: set[tuple[int, int, int]] | None = None

    @property
    def lowered(self) -> bytes:
        """The text in lower case, as bytes, one a character."""
        if self._lowered is None:
            self._lowered = self.narrow.lower()
        return self._lowered

    @property
    def starts(self) -> set[tuple[int, int, int]]:
        """All that stands in three characters one after the other."""
        if self._starts is None:
            lowered = self.lowered
            self._starts = set(zip(lowered, lowered[1:], lowered[2:], strict=False))
        return self._starts


def _cases(words: tuple[str, ...]) -> tuple[bytes, ...]:
    """Write words as bytes in lower case; of letters that are not ASCII, the capitals are other bytes."""
    return tuple(dict.fromkeys(narrow(form).lower() for word in words for form in _forms(word)))


def _forms(word: str) -> tuple[str, ...]:
    """Give a word as it may stand in a text, and in a folded one, where letters are those they look like."""
    if word.isascii():
        return (word,)
    plain = (word, word.upper(), word.title())
    return (*plain, *(folded.text for folded in map(fold, plain) if folded is not None))


def _between(places: list[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] < last


class Rule:
    """A pattern of a scanner that comes with Referee, compiled on first use."""

    def __init__(self, scanner: str, pattern: Pattern) -> None:
        self.scanner = scanner
        self.pattern = pattern
        self.kind = kind_of(pattern)
        self.valid = None if pattern.validator is None else validators()[pattern.validator]
        self.keywords = _cases(pattern.keywords)
        self.reach = OVERLAP
        self._at_start = pattern.pattern.startswith("\\A")

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The pattern's own expression, which has the last word."""
        return re.compile(self.pattern.pattern, re.ASCII)

    @cached_property
    def group(self) -> str | int:
        """The group that is the hit."""
        return "value" if "value" in self.expression.groupindex else 0

    @cached_property
    def context(self) -> re.Pattern[str]:
        """The words of which one must stand near a match."""
        forms = dict.fromkeys(form for word in self.pattern.context for form in _forms(word))
        words = "|".join(re.escape(form).replace(r"\ ", r"[\s_-]{0,2}") for form in forms)
        return re.compile(rf"(?<![a-z])(?:{words})(?![a-z])", re.IGNORECASE)

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """Bytes of which one stands in every text that the pattern finds something in, near it; none if there are none."""
        return self.keywords or _cases(tuple(word.split()[0] for word in self.pattern.context))

    def near(self, reading: Reading, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Keep the spans that have one of the words near, if there must be one."""
        lowered = reading.lowered
        words = [word for word in self.words if word in lowered]
        if not words:
            return [] if self.words else spans
        if len(lowered) < _SHORT and (self.keywords or self.pattern.linear):
            return spans
        if any(lowered.count(word) * _DENSE > len(lowered) for word in words):
            return spans
        places = sorted(at for word in words for at in self._places(lowered, word))
        return [span for span in spans if _between(places, span[0] - BEFORE, span[1] + self.reach + AFTER)]

    def _places(self, lowered: bytes, word: bytes) -> Iterator[int]:
        """Find a word; one that gives context is not the end of a longer word."""
        at = lowered.find(word)
        while at >= 0:
            if self.keywords or not lowered[at - 1 : at].isalpha():
                yield at
            at = lowered.find(word, at + 1)

    def accepts(self, reading: Reading, match: re.Match[str]) -> bool:
        """Tell whether a match counts."""
        start, end = max(0, match.start() - BEFORE), match.end() + AFTER
        if self.keywords:
            near = reading.lowered[start:end]
            if not any(word in near for word in self.keywords):
                return False
        if self.pattern.context and not self._in_context(reading.text, start, end):
            return False
        return self.valid is None or self.valid(match.group(self.group))

    def _in_context(self, text: str, start: int, end: int) -> bool:
        """Tell whether one of the words of the context stands between two places, as a whole word."""
        found = self.context.search(text, start, end)
        while found is not None:
            if found.end() < end or not _LETTER.match(text, end):
                return True
            found = self.context.search(text, found.start() + 1, end)
        return False

    def hits(self, reading: Reading, spans: Spans) -> Iterator[tuple[int, int]]:
        """Yield the hits whose match begins in one of the spans."""
        reached = 0
        for first, last in [(0, 0)] if self._at_start else spans:
            start = max(first, reached)
            while start <= last:
                match = self._first(reading.text, start, last)
                if match is None:
                    start = last + 1
                elif self.accepts(reading, match):
                    yield match.span(self.group)
                    start = max(match.end(), match.start() + 1)
                else:
                    start = match.start() + 1
            reached = max(reached, start)

    def _first(self, text: str, start: int, last: int) -> re.Match[str] | None:
        """Find the first match that begins between two places."""
        matches, end = self.expression.match, len(text)
        if last - start > _FEW:
            return self._search(text, start, last)
        for at in range(start, last + 1):
            match = matches(text, at, min(end, at + OVERLAP))
            if match is not None:
                return match
        return None

    def _search(self, text: str, start: int, last: int) -> re.Match[str] | None:
        """Find it by searching: quicker over a stretch, as long as it does not run on behind it."""
        end = len(text)
        limit = min(end, last + self.reach)
        while start <= last:
            found = self.expression.search(text, start, limit)
            if found is None or found.start() > last:
                return None
            match = self.expression.match(text, found.start(), min(end, found.start() + OVERLAP))
            if match is not None:
                return match
            start = found.start() + 1
        return None
