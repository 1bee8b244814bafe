"""Patterns that nobody has measured: those of policies, run by RE2, which takes linear time whatever they are.

Rule 1: a match is at most ``LONGEST`` characters long, and is judged by these alone, wherever the text was cut before.
Rule 2: after a match that does not count the search goes on behind it, so that rejecting costs no more than finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from referee.scanners.rules import AFTER, BEFORE, Reading, Rule, Spans

LONGEST: Final = 1 << 12
_WINDOW: Final = 1 << 16
_LONE: Final = re.compile("[\ud800-\udfff]")


class LinearRule(Rule):
    """A pattern of a policy, compiled on first use."""

    @cached_property
    def _linear(self) -> Any:
        import re2  # start-up time: policies without patterns need it elsewhere, if at all

        options = re2.Options()
        options.log_errors = False
        options.max_mem = 8 << 20
        return re2.compile(self.pattern.pattern, options=options)

    @cached_property
    def group(self) -> str | int:
        """The group that is the hit."""
        return int(self._linear.groupindex.get("value", 0))

    def hits(self, reading: Reading, spans: Spans) -> Iterator[tuple[int, int]]:
        """Yield the hits whose match begins in one of the spans."""
        reached = 0
        for first, last in spans:
            start = max(first, reached)
            while start <= last:
                found = self._next(reading.text, start, min(last, start + _WINDOW))
                if found is None:
                    start = min(last, start + _WINDOW) + 1
                    continue
                at, end, hit = found
                if hit is not None and hit[0] >= 0 and self._counts(reading, at, end, hit):
                    yield hit
                start = max(end, at + 1)
            reached = max(reached, start)

    def _next(self, text: str, start: int, last: int) -> tuple[int, int, tuple[int, int] | None] | None:
        """Find the next match that begins between two places: where it begins and ends, and the hit in it."""
        base = max(0, start - 1)
        found = self._linear.search(_plain(text[base : last + LONGEST]), start - base)
        if found is None or base + found.start() > last:
            return None
        at = base + found.start()
        before = max(0, at - 1)
        match = self._linear.match(_plain(text[before : at + LONGEST]), at - before)
        if match is None or match.end() == match.start():
            return at, at + 1, None
        first, stop = match.span(self.group)
        return at, before + match.end(), (before + first, before + stop) if first >= 0 else None

    def _counts(self, reading: Reading, at: int, end: int, hit: tuple[int, int]) -> bool:
        start, stop = max(0, at - BEFORE), end + AFTER
        if self.keywords and not any(word in reading.lowered[start:stop] for word in self.keywords):
            return False
        if self.pattern.context and not self._in_context(reading.text, start, stop):
            return False
        return self.valid is None or self.valid(reading.text[hit[0] : hit[1]])


def _plain(text: str) -> str:
    """Replace halves of characters, which are no text to RE2."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)
