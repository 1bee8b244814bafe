"""A quick look whether a pattern can match in a text at all, where there is no database of all patterns.

Rule 1: the sieve knows the superset of a pattern: it lets through whatever the pattern would find, and more.
Rule 2: it takes linear time, whatever the text and the pattern are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from referee.scanners.superset import superset

_MEMORY = 1 << 20


def sieve(pattern: str) -> Callable[[bytes], Any] | None:
    """Make the sieve of a pattern; ``None`` if there is none."""
    import re2  # start-up time: a process that scans little needs no sieve

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    try:
        found = superset(pattern)
        if found is None:
            return None
        searches = [
            re2.compile(expression.encode("latin-1"), options=options).search for expression in found.expressions
        ]
    except (re2.error, RecursionError, OverflowError):
        return None
    if len(searches) == 1:
        return searches[0]  # type: ignore[no-any-return]  # the library has no types
    return lambda data: any(search(data) is not None for search in searches) or None
