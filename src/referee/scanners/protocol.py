"""The seam every scanner stands behind.

Rule 1: a hit is a kind, a place and a score; it never carries the text.
Rule 2: a scanner never raises for any text, and the same text gives the same hits in the same order.
Rule 3: this module is cheap to import; a pack is loaded by the first scan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol, runtime_checkable

import msgspec

from referee.model.facts import Finding

_SAY_NOTHING = frozenset(
    {"", "args", "body", "content", "data", "input", "message", "note", "output", "query", "result", "text", "value"}
)
LABELLED_LENGTH = 512
"""The longest text read together with the name it stands under; longer texts bring their own context."""


class Hit(msgspec.Struct, frozen=True, order=True):
    """Something recognised between two characters of one text."""

    start: int
    end: int
    kind: str
    score: float = 1.0


class Scanner(Protocol):
    """Whatever finds things in a text: a built-in pack, a model, somebody's service."""

    @property
    def name(self) -> str:
        """The name a policy calls it by."""
        ...

    def scan(self, text: str) -> Iterable[Hit]:
        """Find everything this scanner knows in ``text``."""
        ...


@runtime_checkable
class LabelReader(Protocol):
    """A scanner that can also use the name a value stands under: ``{"ssn": "123456789"}``."""

    def scan_labelled(self, label: str, text: str) -> Iterable[Hit]:
        """Find what ``text`` carries given that it is called ``label``."""
        ...


def scan_strings(scanner: Scanner, strings: Iterable[tuple[str, str, bool]]) -> tuple[Finding, ...]:
    """Scan the strings of a request, each given as its path, its text and whether it is a mapping key."""
    return tuple(
        Finding(scanner.name, hit.kind, path, hit.start, hit.end, hit.score, key)
        for path, text, key in strings
        for hit in _hits(scanner, path, text, key=key)
    )


def _hits(scanner: Scanner, path: str, text: str, *, key: bool) -> list[Hit]:
    hits = set(scanner.scan(text))
    if not key and 0 < len(text) <= LABELLED_LENGTH and isinstance(scanner, LabelReader):
        label = label_of(path)
        if label in _SAY_NOTHING:
            return sorted(hits)
        seen = {(hit.kind, hit.start, hit.end) for hit in hits}
        labelled = scanner.scan_labelled(label, text)
        hits.update(hit for hit in labelled if (hit.kind, hit.start, hit.end) not in seen)
    return sorted(hits)


@lru_cache(maxsize=1024)
def label_of(path: str) -> str:
    """Name what stands at a path in plain words.

    >>> label_of("args.people[2].dateOfBirth")
    'date of birth'
    >>> label_of("args.api_keys[0]")
    'api keys'
    """
    name = re.sub(r"(?:\[[^\]]{0,64}\])+$", "", path).rsplit(".", 1)[-1]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", " ", name[-64:])
    return words.strip().lower()
