"""Text as it is compared: folded, cut into words and values, shapes told, simple encodings undone.

Rule 1: what is written differently and means the same is folded to the same: case, width, accents, blanks, invisible characters,
punctuation around words, schemes of links, separators in numbers and accounts.
Rule 2: everything here is linear in the text and bounded; nothing here raises.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote

from referee.state.everyday import EVERYDAY

LONGEST_WORD: Final = 400
"""Longer words are cut; of links and tokens that is more than enough."""
LONGEST_VALUE: Final = 80
MOST_DECODED: Final = 65_536
_LAYERS: Final = 24
"""How many encoded pieces of one text are looked into."""

_UNSEEN: Final = re.compile(
    "[\u00ad\u0300-\u036f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_DENSE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_NOISE: Final = re.compile(r"[\W_]+")
_WORD: Final = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[,'\u2019]\d{3})+(?:\.\d+)?(?![\w]|[.,]\d)|(?<![\w.,])\d+,\d{1,2}(?![\w]|[.,]\d)"
    r"|[^\s,;|<>\"'`(){}\[\]\u00ab\u00bb\u2018-\u201f\u3001\u3002\uff0c]+"
)
_SPLIT: Final = re.compile(r"[^\s,;|<>\"'`(){}\[\]]+")
_STEM: Final = re.compile(r"\S+")
_SIGN: Final = re.compile(r"[\d@./\\_:]")
"""A word that can have a shape has a digit or one of a few signs in it."""
_SOFT: Final = "!?*:\u2026\u00b7\u2022\u2013\u2014"
_BEFORE: Final = _SOFT + "#$=\u20ac\u00a3\u00a5"
_AFTER: Final = _SOFT + ".~$=/\\%-_\u20ac\u00a3\u00a5"
"""What stands before and after words. A dot, a slash or a line before a word is part of it: ``.env`` is not ``env``."""
_SCHEME: Final = re.compile(r"^(?:https?:[/\\]{0,4}|mailto:|tel:)?(?:www\.)?")
_ADDRESS: Final = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LINK: Final = re.compile(r"(?:[a-z][a-z0-9+.-]{1,11}://|www\.)[^\s<>\"'`(){}\[\]|\\^]{3,400}")
_HOST: Final = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:[/\\].*)?")
_ACCOUNT: Final = re.compile(r"[a-z]{2}\d{2}[a-z0-9]{10,30}")
_SPACED: Final = re.compile(
    r"\b[A-Z]{2}\d{2}(?:[ \u00a0-][A-Z0-9]{4}){2,7}(?:[ \u00a0-][A-Z0-9]{1,3})?\b"
    r"|(?<![\w.])(?!\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)|\d{1,3}(?:\.\d{1,3}){3})"
    r"\+?\(?\d(?:[ ()./\u00a0-]{0,2}\d){7,18}(?![\w])"
)
"""Accounts and telephone or card numbers that are written in groups."""
_DIGITS: Final = re.compile(r"\d.?.?\d")
_NUMBER: Final = re.compile(r"[-+]?\d[\d,'\u2019]*(?:\.\d+)?")
_DATE: Final = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4}))(?:t[\d:.z+-]*)?")
_COMMA: Final = re.compile(r"\d+,\d{1,2}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[ :]?){8,}")
_ESCAPED: Final = re.compile(r"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})")
_ROT13: Final = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm"
)
_QUOTED: Final = re.compile(r'"((?:[^"\\]++|\\.)*+)"(\s{0,8}:)?')
_IDEOGRAPHIC: Final = re.compile(r"(?<=[a-z0-9])\u3002(?=[a-z0-9])")
"""Browsers take it for a dot in a name of a host."""
_LINE: Final = re.compile(r"^[ \t>*+-]*(?:[\w .-]{1,40}:[ \t]+)?(\S[^\n]{1,79})$", re.MULTILINE)


def fold(text: str) -> str:
    """Fold case, width, accents and what cannot be seen.

    >>> fold("Jos\u00e9\u200b \uff21")
    'jose a'
    """
    if text.isascii():
        return text.lower()
    folded = _UNSEEN.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return _IDEOGRAPHIC.sub(".", folded) if "\u3002" in folded else folded


def compact(folded: str) -> str:
    """Keep letters and digits alone; a sign that is worth a word counts for three.

    >>> compact("a-b, c")
    'abc'
    """
    bare = _NOISE.sub("", folded)
    return bare if bare.isascii() else _DENSE.sub(r"\g<0>\0\0", bare)


def normal(word: str) -> str:
    """Bring a folded word into the form in which it is compared.

    >>> [normal(word) for word in ("https://www.a.com/", "1,000.50:", "$98.70.", "#general", "mailto:a@b.com", "--")]
    ['a.com', '1000.5', '98.7', 'general', 'a@b.com', '']
    """
    if "@" in word[1:]:
        word = word[:LONGEST_WORD].lstrip(_SOFT).rstrip(_SOFT + ".")
    else:
        word = word[:LONGEST_WORD].lstrip(_BEFORE).lstrip("@").rstrip(_AFTER)
    if not word:
        return ""
    if ":" in word or word.startswith("www."):
        word = _SCHEME.sub("", word, count=1).rstrip("/")
    elif (word[0].isdigit() or word[-1].isdigit()) and not word.isdigit() and _NUMBER.fullmatch(word):
        word = word.replace("'", "").replace("\u2019", "")
        word = word.replace(",", ".") if _COMMA.fullmatch(word) else word.replace(",", "")
        word = word.rstrip("0").rstrip(".") if "." in word else word
    return word if word.isalnum() or any(map(str.isalnum, word)) else ""


def number(value: float | Decimal) -> str:
    """Write a number as the word it would be in a text.

    >>> number(98.70), number(1000), number(Decimal("5E+2"))
    ('98.7', '1000', '500')
    """
    if isinstance(value, int):
        return str(value) if value.bit_length() < 400 else ""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite() or abs(exact.adjusted()) > 60:
        return ""
    return normal(format(exact, "f"))


def words(text: str) -> Iterator[str]:
    """Yield every word of a text, once as it is written, in its compared form; what is written in groups of digits or letters is one word.

    >>> list(words("Pay DE89 3704 0044 0532 0130 00, 98,70 EUR!"))
    ['de89370400440532013000', 'pay', '98.7', 'eur']
    """
    if _DIGITS.search(text):
        yield from (_NOISE.sub("", match[0].lower()) for match in _SPACED.finditer(text))
        text = _SPACED.sub(" ", text)
    yield from filter(None, map(normal, dict.fromkeys(_WORD.findall(fold(text)))))


def phrases(text: str) -> set[str]:
    """Give every two to five words in a row that are long enough to be a value of their own.

    >>> sorted(phrases("ask Dora Hazel now"))
    ['ask dora', 'ask dora hazel', 'ask dora hazel now', 'dora hazel', 'dora hazel now', 'hazel now']
    """
    found = [*filter(None, map(normal, _WORD.findall(fold(text))))]
    rows = {" ".join(found[at : at + size]) for size in range(2, 6) for at in range(len(found) - size + 1)}
    return {row for row in rows if 8 <= len(row) <= LONGEST_VALUE}


def grouped(text: str) -> Iterator[str]:
    """Yield also the parts of what ``words`` takes for one word, and what stands in the middle of others.

    >>> list(grouped("to:a@b.com 12 34 56 78"))
    ['12', '34', '56', '78', 'a@b.com']
    """
    if _DIGITS.search(text):
        for match in _SPACED.finditer(text):
            yield from filter(None, map(normal, fold(match[0]).split()))
    folded = fold(text)
    if "@" not in folded and "://" not in folded and "www." not in folded:
        return
    for found in (*_addresses(folded), *(match[0] for match in _LINK.finditer(folded))):
        word = normal(found)
        if word:
            yield word


def _addresses(folded: str) -> Iterator[str]:
    """Find addresses within words; of a word that is longer than any address the beginning is looked at."""
    for word in _SPLIT.findall(folded):
        if "@" in word:
            yield from _ADDRESS.findall(word[: 10 * LONGEST_WORD])


def telling(text: str) -> Iterator[tuple[str, str]]:
    """Yield every word that has a shape, with the shape.

    >>> list(telling("Mail bob@a.com about INV-2041 at 10"))
    [('bob@a.com', 'address'), ('inv-2041', 'id')]
    """
    for match in _SPACED.finditer(text) if _DIGITS.search(text) else ():
        yield (found := _NOISE.sub("", match[0].lower())), "account" if found[0].isalpha() else "number"
    folded = fold(text)
    seen: set[str] = set()
    for word in filter(_SIGN.search, dict.fromkeys(_WORD.findall(folded))):
        found = normal(word)
        seen.add(found)
        kind = shape(found, linked="://" in word or "www." in word) if found else ""
        if kind:
            yield found, kind
    if "@" in folded or "://" in folded:
        for found in {*grouped(text)} - seen:
            kind = shape(found, linked="@" not in found)
            if kind:
                yield found, kind


def shape(word: str, *, linked: bool = False) -> str:
    """Say what a word looks like: ``address``, ``link``, ``account``, ``number``, ``id``, or nothing in particular.

    >>> [shape(word) for word in ("a@b.com", "a.com/x", "de89370400440532013000", "12345", "inv-2041", "tomorrow", "10")]
    ['address', 'link', 'account', 'number', 'id', '', '']
    """
    if "@" in word:
        return "address" if _ADDRESS.fullmatch(word) else "id"
    if linked or (
        "." in word and _HOST.fullmatch(word.lstrip("/\\") if word[:1] in "/\\" and word[1:2] in "/\\" else word)
    ):
        return "link"
    if word[:1].isdigit() and _DATE.fullmatch(word):
        return ""
    digits = sum(map(str.isdigit, word))
    if digits == sum(map(str.isalnum, word)):
        return "number" if digits >= 5 else ""
    if digits and _ACCOUNT.fullmatch(word):
        return "account"
    if len(word) >= 6 and digits:
        return "id"
    return "id" if len(word) >= 8 and any(sign in word for sign in "._/\\") else ""


def whole(text: str) -> str:
    """Give a short text as the one value it is; nothing if it is long, or says too little to be recognised by.

    >>> whole(" Emma  Johnson "), whole("yes"), whole("7"), whole("120")
    ('emma johnson', '', '', '120')
    """
    if len(text) > 2 * LONGEST_VALUE or not any(map(str.isalnum, text)):
        return ""
    joined = [_NOISE.sub("", match[0].lower()) for match in _SPACED.finditer(text)]
    rest = _WORD.findall(fold(_SPACED.sub(" ", text) if joined else text))
    value = " ".join((*joined, *filter(None, map(normal, rest))))
    size = sum(map(str.isalnum, value))
    if size < 3 or size > LONGEST_VALUE or _DATE.fullmatch(value) or EVERYDAY.issuperset(value.split()):
        return ""
    return value


def values(text: str) -> Iterator[str]:
    r"""Yield the values that stand in a text: the whole of it if it is short, what stands alone on a line or behind a name, and in JSON.

    >>> list(values("name: Fred\nrole: guest user")), list(values('["Dora Hazel"]'))
    (['fred', 'guest user'], ['dora hazel', 'dora hazel'])
    """
    if text.lstrip()[:1] in ("{", "["):
        yield from filter(None, map(whole, _strings(text)))
    if "\n" not in text and ": " not in text:
        found = whole(text)
        if found:
            yield found
        return
    for match in _LINE.finditer(text):
        found = whole(match[1])
        if found:
            yield found


def _strings(text: str) -> Iterator[str]:
    """Yield the strings of a text of JSON, whole or cut off, that are no names of members."""
    for match in _QUOTED.finditer(text):
        if not match[2] and len(match[1]) <= 2 * LONGEST_VALUE:
            try:
                yield str(json.loads(f'"{match[1]}"', strict=False)) if "\\" in match[1] else match[1]
            except ValueError:
                yield match[1]


def rare(text: str) -> bool:
    """Whether a stretch of words says something that not every letter says.

    >>> rare("please let me know when you"), rare("the Kestrel budget of")
    (False, True)
    """
    found = [word for word in words(text) if word not in EVERYDAY and (len(word) >= 4 or any(map(str.isdigit, word)))]
    return bool(found)


def turned(text: str) -> tuple[str, ...]:
    """Give a text backwards and by ROT13, where it has enough letters to hide something."""
    return (text[::-1], text.translate(_ROT13)) if len(text) >= 6 else ()


def decoded(text: str, depth: int = 2) -> Iterator[str]:
    """Yield what base64, hexadecimal, percent signs, entities and escapes in a text stand for.

    >>> list(decoded("see Ym9iQGV4YW1wbGUuY29tIHNheXM="))
    ['bob@example.com says']
    """
    left = _LAYERS
    layer = [text[:MOST_DECODED]]
    for _ in range(depth):
        found: list[str] = []
        for piece in layer:
            for plain in _once(piece):
                if left <= 0:
                    return
                left -= 1
                yield plain
                found.append(plain)
        layer = found


def _once(text: str) -> Iterator[str]:
    if "%" in text:
        plain = unquote(text, errors="replace")
        if plain != text:
            yield plain
    if "&" in text:
        plain = html.unescape(text)
        if plain != text:
            yield plain
    if "\\" in text:
        plain = _ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
        if plain != text:
            yield plain
    for match in _HEX.finditer(text):
        yield from _readable(_unhex(re.sub("[ :]", "", match[0])))
    for match in _BASE64.finditer(text):
        yield from _readable(_unbase(match[0]))


def _unhex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _unbase(text: str) -> bytes:
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    text = text[: len(text) - 1] if len(text) % 4 == 1 else text
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _readable(data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    if (
        text
        and sum(1 for char in text if char.isprintable() or char.isspace()) >= 0.9 * len(text)
        and "\ufffd" not in text
    ):
        yield text


def leaf(value: Any) -> str | None:
    """Give the text of a string or a number; ``None`` of anything else.

    >>> leaf("a"), leaf(98.70), leaf(b"a")
    ('a', '98.7', None)
    """
    if isinstance(value, str):
        return value
    return number(value) if isinstance(value, (int, float, Decimal)) else None


def stems(folded: str) -> Iterator[tuple[int, int]]:
    """Yield where in a folded text its words are."""
    for match in _STEM.finditer(folded):
        yield match.span()
