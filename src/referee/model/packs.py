"""Patterns as data: how a kind of thing is written, and what proves that a pattern does what it says.

Rule 1: a pattern is bounded: every repeat has an upper limit or runs over one character class, and a repeat inside another stands
between marks, so that it can match in one way only.
Rule 2: a pattern says what must match and what must not, and a test or the compiler runs every line.
Rule 3: no example stands in a file in the form of a live key; ``spelled`` puts it together.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec


class Pattern(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way a kind of thing is written.

    One of ``keywords`` (lower case) must occur in the text for the pattern to be tried at all. The group ``value`` is
    the hit, or the whole match without such a group. The ``validator`` judges the hit. One of the ``context`` words must
    stand near the match. A space in a context word also stands for ``_``, ``-`` or nothing. ``regions`` are the
    countries and bodies of law whose data it is. A ``doubt`` is no finding: a finding of its kind inside its match counts
    its ``score`` at most, and with 0 not at all. ``linear``: nobody has measured it, so it runs in an engine that takes
    linear time whatever it is.
    """

    id: str
    kind: str
    pattern: str
    title: str = ""
    keywords: tuple[str, ...] = ()
    validator: str | None = None
    context: tuple[str, ...] = ()
    score: float = 1.0
    doubt: bool = False
    regions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    linear: bool = False


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """Patterns of one scanner that are kept together."""

    name: str
    scanner: str
    patterns: tuple[Pattern, ...]


ALPHABETS: Final = {
    "body": "Zk3vQ9wLx7Rt2Np8Hd5Yc1Mf6Bj4Gs0TaUeVi",
    "hex": "3f9a0c7e15d8b264",
    "upper": "QZ7WX2KD5RM4NJ6TBVGH3YPLCF",
    "digits": "7391640285",
    "letters": "ZkvQwLxRtNpHdYcMfBjGsTaUeViW",
    "lower": "zk3vq9wlx7rt2np8hd5yc1mf6bj4gs0aeu",
    "base32": "QZWXKDRMNJTBVGHYPLCF234567",
    "bech32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}
"""What ``<<name n>>`` in an example is made of."""
_SPELL: Final = re.compile("<<(?:(" + "|".join(ALPHABETS) + r") (\d{1,5}))?>>")


def body(length: int, letters: str = ALPHABETS["body"]) -> str:
    """Make a random-looking text of ``length`` characters, always the same one."""
    return "".join(letters[(i * 7 + i * i // 3) % len(letters)] for i in range(length))


def spelled(text: str) -> str:
    """Write an example out: ``<<body 12>>`` is a random-looking text, and ``<<>>`` nothing.

    >>> spelled("ghp_<<hex 8>> AK<<>>IA")
    'ghp_3ef7dbc8 AKIA'
    """
    return _SPELL.sub(lambda found: body(int(found[2]), ALPHABETS[found[1]]) if found[1] else "", text)
