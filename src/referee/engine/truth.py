"""True, false, in error, and not known yet.

Rule 1: ``all``, ``any`` and ``not`` are Kleene's, with ``ERROR`` as his third value.
Rule 2: ``UNKNOWN`` means that a fact has not been asked for yet; it stands above ``ERROR`` and is gone once it was.
"""

from __future__ import annotations

from typing import Final

FALSE: Final = 0
TRUE: Final = 1
ERROR: Final = 2
UNKNOWN: Final = 3

NEGATED: Final = (TRUE, FALSE, ERROR, UNKNOWN)


def of(holds: bool) -> int:  # noqa: FBT001 - a truth is what it is about
    """Turn a plain answer into a truth."""
    return TRUE if holds else FALSE


def both(left: int, right: int) -> int:
    """Combine two truths with Kleene's and.

    >>> both(ERROR, FALSE), both(ERROR, TRUE)
    (0, 2)
    """
    if not left or not right:
        return FALSE
    return max(left, right)


def either(left: int, right: int) -> int:
    """Combine two truths with Kleene's or.

    >>> either(ERROR, TRUE), either(ERROR, FALSE)
    (1, 2)
    """
    if TRUE in {left, right}:
        return TRUE
    return max(left, right)
