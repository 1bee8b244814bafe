"""All strings of a request read by one scanner: each alone, numbers, and values that somebody split.

Rule 1: one budget holds for all of them.
Rule 2: what is found in one value is not found again in two.
Rule 3: a finding that is split is told as one for each value it lies in, so that each can be taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from referee.model.facts import Finding
from referee.model.value import Digits
from referee.scanners.leaves import joined
from referee.scanners.protocol import Hit, findings
from referee.scanners.views import LIKELY, SURE, Budget, Views

_SHORTEST_NUMBER: Final = 8
_LONGEST_NUMBER: Final = 19


class LayerReader(Protocol):
    """A scanner that says which readings of a text it wants, and keeps to what may be read of all texts together."""

    @property
    def name(self) -> str:
        """The name a policy calls it by."""
        ...

    @property
    def views(self) -> Views:
        """What it wants to read."""
        ...

    def scan(self, text: str) -> Iterable[Hit]:
        """Find everything in ``text``."""
        ...

    def scan_within(self, text: str, budget: Budget) -> Iterable[Hit]:
        """Find everything in ``text`` as far as the budget goes."""
        ...


def scan_request(scanner: LayerReader, strings: list[tuple[str, str, bool]]) -> list[Finding]:
    """Find everything in the strings of a request.

    Raises:
        TooBig: more is hidden in them than may be read.
    """
    budget = Budget(sum(len(text) for _, text, _ in strings))
    found: list[Finding] = []
    for path, text, key in strings:
        if not isinstance(text, Digits):
            found += findings(scanner, scanner.scan_within(text, budget), path, text, key=key)
        elif scanner.views.digits:
            found += _of_number(scanner, path, text)
    if scanner.views.glue is not None:
        found += _apart(scanner, scanner.name, strings, found, budget)
    return found


def _of_number(scanner: LayerReader, path: str, text: str) -> list[Finding]:
    """Scan a number: what is found must be all of it."""
    if not _SHORTEST_NUMBER <= len(text) <= _LONGEST_NUMBER:
        return []
    found = findings(scanner, scanner.scan(text), path, text, key=False)
    return [one for one in found if (one.start, one.end) == (0, len(text)) and one.score >= SURE]


def _apart(
    scanner: LayerReader, name: str, strings: list[tuple[str, str, bool]], whole: list[Finding], budget: Budget
) -> Iterator[Finding]:
    """Find what is split over several values, and is not found in one of them already."""
    views = scanner.views
    values = [value for value in strings if not isinstance(value[1], Digits)]
    held: dict[tuple[str, str], list[Finding]] = {}
    for finding in whole:
        held.setdefault((finding.path, finding.kind), []).append(finding)
    seen: set[Finding] = set()
    least = LIKELY if views.glue else SURE
    for one in joined(values, views.glue or ""):
        budget.read(len(one.text))
        for hit in scanner.scan_within(one.text, budget):
            parts = one.parts(hit.start, hit.end)
            believed = hit.score >= least and (not views.apart or hit.kind in views.apart)
            known = any(f.start < p.end and p.start < f.end for p in parts for f in held.get((p.path, hit.kind), ()))
            if len(parts) > 1 and believed and not known:
                seen.update(Finding(name, hit.kind, p.path, p.start, p.end, hit.score) for p in parts)
    yield from sorted(seen, key=lambda finding: (finding.path, finding.start, finding.end, finding.kind))
