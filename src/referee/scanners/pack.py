"""What a pattern is, and the words its examples are made of.

Rule 1: a pattern is bounded: every repeat has an upper limit or runs over one character class, and a repeat inside another stands
between marks, so that it can match in one way only.
Rule 2: a pattern says what must match and what must not; ``tests/scanners/test_pack_examples.py`` runs every line.
Rule 3: no example stands in the source in the form of a live key; ``spell`` and ``body`` put it together.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """One way a kind of thing is written.

    One of ``keywords`` (lower case) must occur in the text for the pattern to be tried at all. The group ``value`` is
    the hit, or the whole match without such a group. ``valid`` judges the hit. One of the ``context`` words must stand
    near the match. A space in a context word also stands for ``_``, ``-`` or nothing.
    """

    kind: str
    pattern: str
    keywords: tuple[str, ...] = ()
    valid: Callable[[str], bool] | None = None
    context: tuple[str, ...] = ()
    score: float = 1.0
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...] = ()


_LETTERS = "Zk3vQ9wLx7Rt2Np8Hd5Yc1Mf6Bj4Gs0TaUeVi"


def spell(*parts: str) -> str:
    """Join the parts of an example that must not stand in the source in one piece."""
    return "".join(parts)


def body(length: int, letters: str = _LETTERS) -> str:
    """Make a random-looking text of ``length`` characters, always the same one."""
    return "".join(letters[(i * 7 + i * i // 3) % len(letters)] for i in range(length))


def hexadecimal(length: int) -> str:
    """Make a random-looking text of hexadecimal digits."""
    return body(length, "3f9a0c7e15d8b264")


def upper(length: int) -> str:
    """Make a random-looking text of capitals and digits."""
    return body(length, "QZ7WX2KD5RM4NJ6TBVGH3YPLCF")
