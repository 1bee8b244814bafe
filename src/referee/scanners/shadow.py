"""A text as octets of ASCII, each character in its place, for searches in linear time.

Rule 1: what is not ASCII is a question mark in the shadow, so that places in both are the same.
Rule 2: RE2 is loaded by the first search, not by an import.
"""

from __future__ import annotations

from functools import cache
from typing import Any


def shadow_of(text: str) -> bytes:
    """Write a text as ASCII, a question mark for every other character.

    >>> shadow_of("a\u043eb")
    b'a?b'
    """
    return text.encode("ascii", "replace")


@cache
def linear(pattern: str) -> Any:
    """Compile a pattern for shadows."""
    import re2  # start-up time: only scans need it

    options: Any = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = 64 << 20
    return re2.compile(pattern.encode("latin-1"), options=options)
