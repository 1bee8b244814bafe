"""Kingfisher beside one's own patterns: a scanner made of the rules of another project. It needs the extra ``kingfisher``.

Rule 1: nothing of it is imported before a scanner is made.
Rule 2: it reads the text alone: no key is tried out, nothing goes over the network.
Rule 3: what it cannot finish in time is an error of the scanner, not a text without secrets.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from referee.scanners.protocol import Hit

_SURE: Final = {"high": 1.0, "medium": 0.8}


class KingfisherScanner:
    """The rules of Kingfisher that look at the secret alone; those that only help others are left out."""

    def __init__(
        self, name: str = "kingfisher", kind: str = "secret_key", *, seconds: float = 1.0, cache: bool = False
    ) -> None:
        """Load the rules, which takes seconds without a ``cache``: a folder of the user where Kingfisher keeps them compiled.

        ``kind`` is what all findings are called, for a policy names the kinds of a scanner that it is handed.

        Raises:
            ImportError: the package is not installed.
        """
        try:
            sdk: Any = import_module("kingfisher_sdk")
        except ImportError:
            raise ImportError("install `referee[kingfisher]` to scan with the rules of Kingfisher") from None
        self.name = name
        self.kind = kind
        self._seconds = seconds
        self._scanner: Any = sdk.Scanner(sdk.Rules(cache=cache))

    def scan(self, text: str) -> list[Hit]:
        """Find what its rules find.

        Raises:
            TimeoutError: the text takes too long.
        """
        data = text.encode("utf-8", "replace")
        found: set[Hit] = set()
        for finding in self._scanner.scan(data, timeout=self._seconds):
            if finding.visible:
                first, last = finding.location["start_offset"], finding.location["end_offset"]
                start = len(data[:first].decode("utf-8", "ignore"))
                end = start + len(data[first:last].decode("utf-8", "ignore"))
                if start < end <= len(text):
                    found.add(Hit(start, end, self.kind, _SURE.get(finding.confidence, 0.5)))
        return sorted(found)
