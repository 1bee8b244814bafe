"""A text as the injection model reads it: words, marks, and which meanings stand near each other.

Rule 1: a feature is a number below ``SIZE``: words and the pieces of three and four letters they hold, runs of two and three
words, and pairs of meanings (``lexicon``), which are the same in every language.
Rule 2: every feature belongs to the word it ends with, so the features of any stretch are those of its words.
Rule 3: what is read depends on nothing but the text: the training script and the scanner use these very functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final
from zlib import crc32

import msgspec

from referee.scanners.lexicon import beginnings, words

BITS: Final = 18
SIZE: Final = 1 << BITS
_MASK: Final = SIZE - 1
_NEAR: Final = 3
_FAR: Final = 10
_LONGEST: Final = 24

# One character each: Han, kana and their marks. Words of scripts whose vowel signs are no letters to Python: Indic, Thai, Arabic.
_SINGLE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f"
_JOINED = "\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f"
_LATIN = "A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff"
WORD: Final = re.compile(
    r"https?://[^\s<>\"')\]]{3,400}|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}"
    rf"|[{_LATIN}]+(?:['\u2019_-][{_LATIN}]+){{0,4}}"
    rf"|[{_SINGLE}]|[{_JOINED}]+|(?:(?![{_SINGLE}{_JOINED}])[^\W\d_])+"
    r"|\d+|\n\s*"
    r"|<!--|-->|<\|/?|\|>|</?(?=[A-Za-z])|`{3}|\[\[|\]\]|\{\{|\}\}|#{2,9}|[-=_*~]{3,200}|!{2,40}|\?{2,40}"
    r"|[!?:;.\"<>\[\](){}|#*=\\/`$%&@]"
)
_ACCENTED: Final = re.compile(r"[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")


class Word(msgspec.Struct, frozen=True):
    """One word or mark: its number, its meaning (0: none), and the features it has by itself."""

    number: int
    meaning: int
    features: tuple[int, ...]


def understand(written: str) -> Word:
    """Read one word as it is written.

    >>> understand("IGNORING").meaning == understand("ignorez").meaning == understand("忽略").meaning
    True
    """
    plain, marks = _plain(written)
    number = _number(plain)
    features = [number, *(_number(mark) for mark in marks)]
    if plain[:1].isalpha():
        framed = f"^{plain[:_LONGEST]}$"
        features += [_number(framed[i : i + 3]) for i in range(len(framed) - 2)]
        features += [_number(framed[i : i + 4]) for i in range(len(framed) - 3)]
    meaning = meaning_of(plain)
    if meaning:
        features.append(meant(meaning))
    return Word(number, meaning, tuple(features))


def meaning_of(plain: str) -> int:
    """Find the meaning of a word in lower case without accents; 0 where it has none."""
    known = words().get(plain)
    if known is not None:
        return known
    table = beginnings()
    for length in range(min(len(plain), _LONGEST), 1, -1):
        known = table.get(plain[:length])
        if known is not None:
            return known
    return 0


def is_single(written: str) -> bool:
    """Tell whether a word is one character of a script without spaces."""
    return len(written) == 1 and written >= "\u3040"


def two(before: int, word: int) -> int:
    """Number two words that follow each other."""
    return (before * 1021 ^ word * 3 + 7) & _MASK


def three(first: int, before: int, word: int) -> int:
    """Number three words that follow each other."""
    return (first * 4093 ^ before * 1021 ^ word * 5 + 11) & _MASK


def around(first: int, word: int) -> int:
    """Number two words with another between them."""
    return (first * 2039 ^ word * 7 + 13) & _MASK


@cache
def meant(meaning: int) -> int:
    """Number a meaning by itself."""
    return _number(f"\x02{meaning}")


def meanings(first: int, second: int, distance: int) -> int:
    """Number two meanings that stand near each other, in their order."""
    return ((first * 64 + second) * 2 + (distance <= _NEAR)) * 2654435761 >> 7 & _MASK


def chain(first: int, second: int, third: int) -> int:
    """Number three meanings that follow each other."""
    return ((first * 64 + second) * 64 + third) * 2246822519 >> 7 & _MASK


def near(place: int, other: int) -> bool:
    """Tell whether two places are near enough for their meanings to belong together."""
    return place - other <= _FAR


def split(text: str) -> Iterator[re.Match[str]]:
    """Split a text into words and marks."""
    return WORD.finditer(text)


def with_pairs(tokens: list[str], marked: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Add the meanings of pairs of characters, which stand where the second one does, to those of words."""
    found = dict(marked)
    last = ""
    for place, token in enumerate(tokens):
        if place not in found and is_single(token) and is_single(last):
            meaning = words().get(last + token)
            if meaning:
                found[place] = meaning
        last = token
    return sorted(found.items())


def features(text: str) -> list[list[int]]:
    """List the features of every word of a text: the slow and plain form of what ``likeness`` adds up."""
    tokens = WORD.findall(text)
    known = [understand(token) for token in tokens]
    found: list[list[int]] = []
    first = before = 0
    for word in known:
        number = word.number
        found.append([*word.features, two(before, number), three(first, before, number), around(first, number)])
        first, before = before, number
    marked = with_pairs(tokens, [(place, word.meaning) for place, word in enumerate(known) if word.meaning])
    for at, (place, meaning) in enumerate(marked):
        close = [one for one in marked[max(0, at - 3) : at] if near(place, one[0])]
        found[place] += [] if known[place].meaning else [meant(meaning)]
        found[place] += [meanings(other, meaning, place - there) for there, other in close]
        found[place] += [chain(close[-2][1], close[-1][1], meaning)] if len(close) > 1 else []
    return found


def _number(written: str) -> int:
    return crc32(written.encode("utf-8", "surrogatepass")) & _MASK


def _plain(written: str) -> tuple[str, tuple[str, ...]]:
    first = written[0]
    if first == "\n":
        return ("\n\n" if written.count("\n") > 1 else "\n"), ()
    if first.isdigit():
        return "0", (f"\x03{min(len(written), 6)}",)
    if "@" in written and len(written) > 1:
        return "\x01mail", ()
    if written.startswith(("http://", "https://")):
        return "\x01url", (("\x01url?",) if "?" in written else ())
    if not first.isalpha():
        return written[:3], ()
    lower = written.lower().replace("\u2019", "'")
    if _ACCENTED.search(lower):
        lower = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    if len(lower) > _LONGEST:
        return lower[:_LONGEST], ("\x01long",)
    capital = ("\x01CAPS",) if len(written) > 2 and written.isupper() else ()
    return lower, capital
