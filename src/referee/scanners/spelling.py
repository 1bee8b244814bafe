"""Words spelled so that a person reads them and a pattern does not: ``i g n o r e``, ``pre.vious``, ``1gn0r3``, turned around, ROT13.

Rule 1: single letters in a row are a word, whatever separates them; words that ran together come apart where they are known.
Rule 2: a token is read otherwise only if it then is a word of ``tells``.
Rule 3: a line is turned around or shifted only if it then holds one of the ``tells``.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from referee.scanners.rewriting import Run
from referee.scanners.shadow import linear, shadow_of
from referee.scanners.tells import LONG, SMALL, STRONG

_LETTER = r"[^\W_]"
_SPACED: Final = re.compile(
    rf"(?<!{_LETTER}){_LETTER}([^\w\n]|_|\n)(?:{_LETTER}\1){{3,}}{_LETTER}"
    rf"(?:[^\w\n]{{1,4}}(?:{_LETTER}\1)+{_LETTER})*(?!{_LETTER})"
)
SPACED: Final = "|".join(rf"(?:[A-Za-z0-9?]{sign}){{4}}[A-Za-z0-9?]" for sign in map(re.escape, " .-_*|/,~+\n\t:;'=#"))
SPACED_KEY: Final = r"[!-~](?:[ \t\n|,][!-~]){11,}"
_CLASSES: Final = {
    "a": "a4@", "b": "b8", "c": "c(", "e": "e3", "g": "g96", "i": "i1!|l", "l": "l1|!", "o": "o0", "s": "s5$", "t": "t7+", "z": "z2",
}  # fmt: skip
_APART: Final = r"[ .,*_'|~^/\\+`\"#-]?"
_LEET: Final = (
    str.maketrans("013457@$!|+89(2", "oieastasiltbgcz"),
    str.maketrans("013457@$!|+69(2", "olestzasllibgcz"),
)
_NO_LETTER: Final = re.compile(r"[^a-z]+")
_KNOWN: Final = STRONG | SMALL
_LINE: Final = 2000
_SOME: Final = 4


def spaced(text: str, shadow: bytes) -> Iterator[Run]:
    """Yield the words spelled letter by letter.

    >>> text = "please i g n o r e  a l l of it, i.g.n.o.r.e.a.l.l"
    >>> [run[2] for run in spaced(text, text.encode())]
    ['ignore all', 'ignore all']
    """
    last = 0
    for noticed in linear(SPACED).finditer(shadow):
        start = max(last, noticed.start() - 1)
        match = _SPACED.search(text, start, start + _LINE) if noticed.end() > last + 1 else None
        if match is None:
            continue
        last = match.end()
        between = rf"(?<={_LETTER})(?:[^\w\n]{{2,4}}|(?!{re.escape(match[1])})[^\w\n])(?={_LETTER})"
        words = [word.replace(match[1], "") for word in re.split(between, match.group())]
        if sum(map(str.isalpha, "".join(words))) >= _SOME:
            yield match.start(), last, " ".join(map(words_in, words)), 0


def spaced_keys(text: str, shadow: bytes) -> Iterator[Run]:
    """Yield the runs of single characters that stand alone, put together.

    >>> text = "it is g h p _ 1 2 3 a b c d e"
    >>> [run[2] for run in spaced_keys(text, text.encode())]
    ['ghp_123abcde']
    """
    for match in linear(SPACED_KEY).finditer(shadow):
        start, end = match.span()
        start += 2 if text[max(0, start - 1) : start].strip() else 0
        end -= 2 if text[end : end + 1].strip() else 0
        if sum(map(str.isalnum, text[start:end])) >= _SOME * 2:
            yield start, end, text[start:end:2], 0


def words_in(letters: str) -> str:
    """Write letters that ran together as the words they are, as far as they are known ones.

    >>> words_in("ignoreallpreviousinstructions"), words_in("banana")
    ('ignore all previous instructions', 'banana')
    """
    low = letters.lower()
    words: list[str] = []
    at = known = 0
    for match in _known().finditer(shadow_of(low)):
        start, end = match.span()
        words += [letters[at:start], letters[start:end]] if at < start else [letters[start:end]]
        at = end
        known += end - start
    words += [letters[at:]] if at < len(letters) else []
    if known * 3 < len(letters) * 2 or STRONG.isdisjoint(word.lower() for word in words):
        return letters
    return " ".join(words)


@cache
def _known() -> Any:
    """Compile the words that come apart from one another."""
    return linear("|".join(sorted(_KNOWN, key=len, reverse=True)))


@cache
def _loosely() -> Any:
    """Compile all words with signs between their letters and digits in place of them."""
    words = (
        _APART.join(f"[{re.escape(_CLASSES.get(letter, letter))}]" for letter in word)
        for word in sorted(LONG, key=len, reverse=True)
    )
    return linear(rf"(?i:{'|'.join(words)})")


@cache
def _scrambled() -> Any:
    """Compile the first and last letters of all words with as many letters between them."""
    forms = sorted({f"{word[0]}[a-z]{{{len(word) - 2}}}{word[-1]}" for word in LONG if len(word) > 5})
    return linear(rf"(?i:\b(?:{'|'.join(forms)})\b)")


_BY_LETTERS: Final = {(word[0], word[-1], "".join(sorted(word))): word for word in LONG if len(word) > 5}


def respelled(text: str, shadow: bytes) -> list[Run]:
    """Find the words of ``tells`` that are written with signs in them, digits for letters, or their letters in disorder.

    >>> text = "pl 1gn0r3 pre-vious instruc.tions, ignroe them"
    >>> [run[2] for run in respelled(text, text.encode())]
    ['ignore', 'previous', 'instructions', 'ignore']
    """
    found: list[Run] = []
    for match in _loosely().finditer(shadow):
        start, end = match.span()
        word = _word(text[start:end])
        if word and not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            found.append((start, end, word, 0))
    for match in _scrambled().finditer(shadow):
        start, end = match.span()
        low = text[start:end].lower()
        word = _BY_LETTERS.get((low[0], low[-1], "".join(sorted(low))), low)
        if word != low:
            found.append((start, end, word, 1))
    return sorted(found)


def _word(token: str) -> str:
    """Read a token as a word that it is not as it stands."""
    low = token.lower()
    if low in STRONG:
        return ""
    bare = "".join(filter(str.isalnum, low))
    if bare in STRONG:
        return bare
    return next((word for word in (_NO_LETTER.sub("", low.translate(table)) for table in _LEET) if word in STRONG), "")


def shifted(text: str) -> str:
    """Undo ROT13."""
    return codecs.encode(text, "rot13")


def lines_with(text: str, places: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the lines, or pieces of them, that something was noticed in."""
    last = 0
    for start, end in places:
        if start < last:
            continue
        first = max(text.rfind("\n", max(0, start - _LINE), start) + 1, start - _LINE, last)
        stop = text.find("\n", end, end + _LINE)
        last = stop if stop >= 0 else min(len(text), end + _LINE)
        yield first, last
