r"""What else a path can mean to a tool that decodes or cleans it first.

Rule 1: the readings are those of tools that exist: percent-decoding (also twice, also of overlong bytes), removal of
``../`` (so that ``....//`` is ``../``), backslashes and ``;`` as separators, Unicode normalisation, removal of what is
not seen, and cutting off at a zero byte.
Rule 2: a reading counts as climbing if it has a ``..`` with something after it that the text itself does not have, or
begins at the root where the text does not, or was cut off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from referee.facets.classes import INVISIBLE

_ROUNDS: Final = 3
_PERCENT: Final = re.compile(
    r"%[0-9A-Fa-f]{2}|%u[0-9A-Fa-f]{4}|\\[xu][0-9A-Fa-f]{2,4}|0x2[ef5]|&#(?:46|47|92|x2[ef]|x5c);", re.IGNORECASE
)
_OVERLONG: Final = re.compile(
    r"%(?:c0|e0%80|f0%80%80|f8%80%80%80|fc%80%80%80%80)%(?:25)?(ae|af|2e|2f|5c|9v|qf)|%c1%(?:25)?(1c|9c|8s|pc|af)",
    re.IGNORECASE,
)
_UNICODE: Final = re.compile(
    r"%u([0-9a-fA-F]{4})|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|0x(2e|2f|5c)|&#(?:x(2e|2f|5c)|(46|47|92));",
    re.IGNORECASE,
)
_SLASHES: Final = "\u2215\u2044\u29f8\u2571\u29f6\uff0f\u2216\ufe68\uff3c\u29f5\u29f9"
_DOTS: Final = "\u2024\uff0e\u3002\uff61\u06d4\u0701"
_LIKE: Final = {ord(letter): "/" for letter in _SLASHES} | {ord(letter): "." for letter in _DOTS}
_CLIMB: Final = re.compile(r"(?:^|/)\.\./+[^/]")


def other_readings(text: str, path: str) -> Iterator[tuple[str, bool]]:
    """Yield other readings of a path, each with whether it climbs where the path itself does not.

    >>> list(other_readings("....//....//etc/passwd", "....//....//etc/passwd"))
    [('../../etc/passwd', True)]
    """
    seen = {path}
    own = len(_CLIMB.findall(path))
    for one, cut in _all(text):
        if one and one not in seen and len(seen) < 16:
            seen.add(one)
            yield one, cut or len(_CLIMB.findall(one)) > own or (one[0] == "/" and not path.startswith(("/", "file:")))


def _all(text: str) -> Iterator[tuple[str, bool]]:
    """Yield every reading, with whether a zero byte was in it."""
    forms = [text]
    for _ in range(_ROUNDS):
        decoded = _decoded(forms[-1])
        if decoded == forms[-1]:
            break
        forms.append(decoded)
    plain = _plain(forms[-1])
    if plain != forms[-1]:
        forms.append(plain)
    for form in forms:
        whole, cut, _ = form.partition("\0")
        for one in (whole, form.replace("\0", "")):
            slashed = one.replace("\\", "/")
            for reading in (one, slashed, *_filtered(slashed)):
                yield reading, bool(cut)


def _decoded(text: str) -> str:
    """Decode one layer of percent signs and escapes, overlong bytes included."""
    if not _PERCENT.search(text):
        return text
    text = _OVERLONG.sub(lambda found: _overlong(found[1] or found[2]), text)
    text = _UNICODE.sub(lambda found: chr(_code(found)), text)
    return unquote(text, errors="replace") if "%" in text else text


def _overlong(last: str) -> str:
    return "." if last.lower() in {"ae", "2e"} else "/"


def _code(found: re.Match[str]) -> int:
    digits = found[1] or found[2] or found[3] or found[4] or found[5]
    code = int(digits, 16) if digits else int(found[6])
    return code if not 0xD800 <= code < 0xE000 else 0xFFFD


def _plain(text: str) -> str:
    """Take away what is not seen, and write what looks like dots and slashes as such."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(INVISIBLE).translate(_LIKE)).translate(_LIKE)


def _filtered(text: str) -> Iterator[str]:
    """Yield a path as it is after a tool has taken ``../`` or ``./`` out of it once, or read ``..;`` as ``..``."""
    if "..;" in text:
        text = text.replace("..;", "..")
        yield text
    if "..." in text or ".././" in text:
        yield text.replace("....//", "../").replace("..././", "../").replace(".../...//", "../")
        yield text.replace("../", "")
        yield re.sub(r"\.{3,}(?=/)", "..", text)
