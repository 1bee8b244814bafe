"""Text that no reader sees at all, in characters that are drawn as nothing.

Rule 1: variation selectors stand for octets, two kinds of invisible characters for bits, tag characters for letters.
Rule 2: a run counts when it is long enough not to be an emoji and stands for text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from referee.scanners.rewriting import Run

_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_DRAWN_AS_NOTHING = (
    "\u200b-\u200f\u2060-\u2064\u206a-\u206f\u180e\ufeff\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\uffa0"
)
_UNSEEN: Final = re.compile(f"[{_DRAWN_AS_NOTHING}]{{24,}}")
_TAGS: Final = re.compile("[\U000e0000-\U000e007f]+")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")


def hidden(text: str) -> Iterator[Run]:
    """Yield the unseen runs of a text with what they say."""
    runs = [*_selectors(text), *_bits(text)]
    yield from sorted(runs)


def _selectors(text: str) -> Iterator[Run]:
    for match in _SELECTORS.finditer(text):
        octets = bytes(code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16 for code in map(ord, match.group()))
        meant = octets.decode(errors="replace")
        if not _UNPRINTABLE.search(meant):
            yield match.start(), match.end(), meant, 1 if len(meant) == len(octets) else 0


def _bits(text: str) -> Iterator[Run]:
    for match in _UNSEEN.finditer(text):
        kinds = sorted(set(match.group()))
        pairs = [(zero, one) for zero in kinds for one in kinds if zero != one] if len(kinds) in {2, 3} else []
        said = (_said(match.group(), zero, one, width) for zero, one in pairs for width in (8, 7))
        meant = next(filter(None, said), "")
        if meant:
            yield match.start(), match.end(), meant, 0


def _said(run: str, zero: str, one: str, width: int) -> str:
    """Read two kinds of characters as bits, beginning at any of the first ones."""
    digits = "".join("0" if character == zero else "1" for character in run if character in (zero, one))
    for start in range(width):
        if _printable(_characters(digits[start : start + 3 * width], width)):
            meant = _characters(digits[start:], width)
            if _printable(meant):
                return meant
    return ""


def _characters(digits: str, width: int) -> str:
    return "".join(chr(int(digits[at : at + width], 2)) for at in range(0, len(digits) - width + 1, width))


def _printable(text: str) -> bool:
    return len(text) > 2 and text.isascii() and not _UNPRINTABLE.search(text)


def without_tags(text: str) -> Iterator[Run]:
    """Yield the tag characters of a text, to be left out; ``folding`` reads them as letters."""
    for match in _TAGS.finditer(text):
        yield match.start(), match.end(), "", 0
