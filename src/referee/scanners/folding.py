"""A text as a reader takes it: what is invisible left out, look-alikes as the plain letters they imitate.

Rule 1: every character of the folded text knows the characters of the original it stands for.
Rule 2: an ASCII text folds to itself.
Rule 3: a tag character is the letter it stands for; what is left without them is another reading (``hidden``).

>>> fold("ig\u200bn\u043ere").text
'ignore'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from referee.scanners.confusables import PLAIN
from referee.scanners.rewriting import Rewritten, Run, rewrite

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_TAGS = range(0xE0020, 0xE007F)
_LETTER_ROWS = (0x1F150, 0x1F170, 0x1F1E6)  # negative circled, negative squared, regional indicators
_BLANK: Final = frozenset({0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800})


def fold(text: str) -> Rewritten | None:
    """Fold a text, or return ``None`` where folding changes nothing."""
    return rewrite(text, folds(text), reach=None)


def folds(text: str) -> Iterator[Run]:
    """Yield the runs of a text that a reader takes for something else."""
    if text.isascii():
        return
    for match in _FOREIGN.finditer(text):
        run = match.group()
        plain = run.translate(_CHARACTERS)
        if plain == run:
            continue
        if not plain:
            yield match.start(), match.end(), "", 0
        elif len(plain) == len(run) and all(len(_CHARACTERS[ord(character)]) == 1 for character in run):
            yield match.start(), match.end(), plain, 1
        else:
            yield from _one_by_one(run, match.start())


def _one_by_one(run: str, start: int) -> Iterator[Run]:
    for at, character in enumerate(run, start):
        plain = _CHARACTERS[ord(character)]
        if plain != character:
            yield at, at + 1, plain, 0


class _Characters(dict[int, str]):
    """What each character reads as, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = _fold_character(chr(code))
        if len(self) < 1 << 15:
            self[code] = plain
        return plain


_CHARACTERS: Final = _Characters()


def _fold_character(character: str) -> str:
    code = ord(character)
    if code in PLAIN:
        return PLAIN[code]
    if code in _TAGS:
        return chr(code - 0xE0000)
    for row in _LETTER_ROWS:
        if row <= code < row + 26:
            return chr(ord("A") + code - row)
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    if _invisible(character):
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) not in {"Mn", "Me"})
    return "".join(PLAIN.get(ord(c), c) for c in plain)


def _invisible(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in {"Cf", "Mn", "Me"}
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
        or code in _BLANK
    )
