"""The seam every scanner stands behind.

Rule 1: a hit is a kind, a place and a score; it never carries the text.
Rule 2: a scanner raises nothing but ``TooBig``, for a text that hides more than may be read: the fact has failed then. The same
text gives the same hits in the same order.
Rule 3: this module is cheap to import; a pack is loaded by the first scan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol, runtime_checkable

import msgspec

from referee.model.facts import Finding
from referee.model.value import Digits

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


@runtime_checkable
class RequestReader(Protocol):
    """A scanner that reads all strings of a request together: what is split over several, and what may be read in all."""

    def scan_request(self, strings: list[tuple[str, str, bool]]) -> Iterable[Finding]:
        """Find everything in the strings; numbers among them are ``Digits``.

        Raises:
            TooBig: more is hidden in them than may be read.
        """
        ...


def scan_strings(scanner: Scanner, strings: Iterable[tuple[str, str, bool]]) -> tuple[Finding, ...]:
    """Scan the strings of a request, each given as its path, its text and whether it is a mapping key.

    Raises:
        TooBig: more is hidden in them than may be read.
    """
    if isinstance(scanner, RequestReader):
        return tuple(scanner.scan_request([*strings]))
    return tuple(
        finding
        for path, text, key in strings
        if not isinstance(text, Digits)
        for finding in findings(scanner, scanner.scan(text), path, text, key=key)
    )


def findings(scanner: Scanner, hits: Iterable[Hit], path: str, text: str, *, key: bool) -> list[Finding]:
    """Say where in a request hits in one of its strings are, and find what the name of the value tells."""
    hits = set(hits)
    if not key and 0 < len(text) <= LABELLED_LENGTH and isinstance(scanner, LabelReader):
        label = label_of(path)
        if label not in _SAY_NOTHING:
            seen = {(hit.kind, hit.start, hit.end) for hit in hits}
            labelled = scanner.scan_labelled(label, text)
            hits.update(hit for hit in labelled if (hit.kind, hit.start, hit.end) not in seen)
    return [Finding(scanner.name, hit.kind, path, hit.start, hit.end, hit.score, key) for hit in sorted(hits)]


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
