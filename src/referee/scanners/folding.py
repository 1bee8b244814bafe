"""A text as a reader takes it: what is invisible left out, look-alikes as the plain letters they imitate.

Rule 1: every character of the folded text knows the characters of the original it stands for.
Rule 2: an ASCII text folds to itself.

>>> fold("ig\u200bn\u043ere").text
'ignore'
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

import msgspec

_FOREIGN = re.compile(r"[^\x00-\x7f]")
_TAGS = range(0xE0020, 0xE007F)
_LETTER_ROWS = (0x1F150, 0x1F170, 0x1F1E6)  # negative circled, negative squared, regional indicators

# Cyrillic, Greek, Armenian, Cherokee, small capitals and others that read as an ASCII letter
_LOOK_ALIKES = {
    "a": "\u0430\u03b1\u0251\u1d00",
    "b": "\u0184\u042c\u044c\u0299",
    "c": "\u0441\u03f2\u1d04",
    "d": "\u0501\u1d05\u0257",
    "e": "\u0435\u0454\u03b5\u1d07\u0259\u04bd",
    "f": "\ua730\u0192\u03dd",
    "g": "\u0261\u0581\u0262",
    "h": "\u04bb\u0570\u029c",
    "i": "\u0456\u03b9\u0131\u026a\u04cf",
    "j": "\u0458\u03f3\u1d0a",
    "k": "\u043a\u03ba\u1d0b",
    "l": "\u04c0\u029f\u01c0\u2223",
    "m": "\u043c\u1d0d",
    "n": "\u0578\u057c\u0274\u043f\u03b7",
    "o": "\u043e\u03bf\u03c3\u0585\u1d0f\u00f8",
    "p": "\u0440\u03c1\u1d18",
    "q": "\u051b\u0563\u0566",
    "r": "\u0433\u0280\u1d26",
    "s": "\u0455\ua731\u0282",
    "t": "\u0442\u03c4\u1d1b",
    "u": "\u03c5\u057d\u1d1c\u028b",
    "v": "\u03bd\u0475\u1d20",
    "w": "\u051d\u0461\u1d21\u03c9",
    "x": "\u0445\u03c7",
    "y": "\u0443\u04af\u03b3\u028f",
    "z": "\u1d22\u0290",
    "A": "\u0410\u0391\u13aa",
    "B": "\u0412\u0392\u13f4",
    "C": "\u0421\u03f9\u13df",
    "D": "\u13a0",
    "E": "\u0415\u0395\u13ac",
    "G": "\u050c\u13c0",
    "H": "\u041d\u0397\u13bb",
    "I": "\u0406\u0399",
    "J": "\u0408\u13ab",
    "K": "\u041a\u039a\u13e6",
    "L": "\u13de",
    "M": "\u041c\u039c\u13b7",
    "N": "\u039d",
    "O": "\u041e\u039f\u0555",
    "P": "\u0420\u03a1\u13e2",
    "S": "\u0405\u054f\u13da",
    "T": "\u0422\u03a4\u13a2",
    "V": "\u13d9",
    "W": "\u051c\u13b3",
    "X": "\u0425\u03a7",
    "Y": "\u04ae\u03a5",
    "Z": "\u0396\u13c3",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2212\u00ad",
    "'": "\u2018\u2019\u201b\u02bc\u00b4",
    '"': "\u201c\u201d\u201e\u00ab\u00bb",
    "/": "\u2044\u2215",
    ".": "\u3002\u0701",
    ":": "\u02d0\ua789\u2236",
    "@": "\uff20",
}
_PLAIN = {ord(like): plain for plain, many in _LOOK_ALIKES.items() for like in many if like != "\u00ad"}


class Folded(msgspec.Struct, frozen=True):
    """A folded text and where its pieces come from.

    ``pieces`` are (start in the folded text, start in the original, length in the original) for each run that is the
    same in both (length -1) and for each character that folded into others.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Find the span of the original that a span of the folded text stands for."""
        return self._place(start)[0], self._place(max(start, end - 1))[1]

    def _place(self, index: int) -> tuple[int, int]:
        at, origin, length = self.pieces[bisect_right(self.pieces, index, key=lambda piece: piece[0]) - 1]
        if length < 0:
            return origin + index - at, origin + index - at + 1
        return origin, origin + length


def fold(text: str) -> Folded | None:
    """Fold a text, or return ``None`` where folding changes nothing."""
    if text.isascii():
        return None
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    folded_at = 0
    copied = 0
    for match in _FOREIGN.finditer(text):
        place = match.start()
        plain = _fold_character(match.group())
        if plain == match.group():
            continue
        if copied < place:
            pieces.append((folded_at, copied, -1))
            parts.append(text[copied:place])
            folded_at += place - copied
        if plain:
            pieces.append((folded_at, place, 1))
            parts.append(plain)
            folded_at += len(plain)
        copied = place + 1
    if not copied:
        return None
    if copied < len(text):
        pieces.append((folded_at, copied, -1))
        parts.append(text[copied:])
    return Folded("".join(parts), tuple(pieces))


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    code = ord(character)
    if code in _PLAIN:
        return _PLAIN[code]
    if code in _TAGS:
        return chr(code - 0xE0000)
    for row in _LETTER_ROWS:
        if row <= code < row + 26:
            return chr(ord("A") + code - row)
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    if _invisible(character):
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) != "Mn")
    return "".join(_PLAIN.get(ord(c), c) for c in plain)


def _invisible(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in {"Cf", "Mn", "Me"}
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
        or code in {0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800}
    )
