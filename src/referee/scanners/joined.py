"""A scanner and what a policy adds to it.

Rule 1: a policy adds findings and takes none away.
"""

from __future__ import annotations

from collections.abc import Iterable

from referee.scanners.matching import PatternScanner
from referee.scanners.protocol import Hit, LabelReader, Scanner


class JoinedScanner:
    """A scanner together with patterns of a policy."""

    def __init__(self, name: str, first: Scanner | None, added: PatternScanner) -> None:
        self.name = name
        self._first = first
        self._added = added

    def scan(self, text: str) -> list[Hit]:
        """Find what either finds in ``text``."""
        first: Iterable[Hit] = () if self._first is None else self._first.scan(text)
        return sorted({*first, *self._added.scan(text)})

    def scan_labelled(self, label: str, text: str) -> list[Hit]:
        """Find what ``text`` carries given that it is called ``label``."""
        found = {*self._added.scan_labelled(label, text)}
        if isinstance(self._first, LabelReader):
            found.update(self._first.scan_labelled(label, text))
        return sorted(found)
