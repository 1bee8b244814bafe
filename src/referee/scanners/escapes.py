"""Characters written as escapes: of URLs, HTML, programming languages, mail.

Rule 1: an escape of an escape is undone with it (``%2541``, ``&amp;#65;``), so that no depth is needed for them.
Rule 2: what does not stand for a printable character, a tab or a line break is left as it is.
Rule 3: a run that stands for plain letters knows which of its characters is which; any other is one whole.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from referee.scanners.rewriting import Run
from referee.scanners.shadow import linear

_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_ONE: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "/": "/", "`": "`"}


def _octets(digits: str) -> str:
    return bytes.fromhex(digits).decode(errors="replace")


def _url(run: str) -> str:
    return _octets(re.sub(r"%(?:25)*", "", run))


def _entities(run: str) -> str:
    return html.unescape(re.sub(r"&(?:amp;)+", "&", run))


def _units(run: str) -> str:
    units = [unit[:8] for unit in re.split(r"\\+u\{?|\\+U|%u|U\+|\}", run)[1:] if unit]
    try:
        text = "".join(chr(int(unit, 16)) for unit in units)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except ValueError:
        return ""


def _hexadecimal(run: str) -> str:
    return _octets(re.sub(r"\\+x", "", run))


def _octal(run: str) -> str:
    return bytes(int(digits, 8) & 255 for digits in re.findall(r"[0-7]{3}", run)).decode(errors="replace")


def _signs(run: str) -> str:
    return "".join(_ONE[sign] for sign in re.findall(r"\\+([^\\])", run))


def _mail(run: str) -> str:
    return _octets(re.sub(r"=\r?\n|=", "", run))


_FORMS: Final[dict[str, tuple[str, Callable[[str], str], int]]] = {
    "url": (r"(?:%(?:25){0,9}[0-9A-Fa-f]{2})+", _url, 3),
    "html": (r"&(?:amp;){0,9}(?:#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});?|[A-Za-z]{2,24}[0-9]{0,2};)", _entities, 0),
    "unicode": (r"(?:\\+u[0-9A-Fa-f]{4}|\\+u\{[0-9A-Fa-f]{1,6}\}|\\+U000[0-9A-Fa-f]{5}|%u[0-9A-Fa-f]{4})+", _units, 6),
    "hexadecimal": (r"(?:\\+x[0-9A-Fa-f]{2})+", _hexadecimal, 4),
    "octal": (r"(?:\\+0?[0-3][0-7]{2})+", _octal, 4),
    "sign": (r"(?:\\+[ntr\"'/`])+", _signs, 2),
    "soft_break": (r"=[ \t]{0,8}\r?\n", lambda _run: "", 0),
    "mail": (r"(?:=[0-9A-F]{2})+", _mail, 3),
}  # fmt: skip
_MAIL_FORMS: Final = {"soft_break", "mail"}
_AFTER: Final = {"u": "unicode", "U": "unicode", "x": "hexadecimal"} | dict.fromkeys("0123", "octal")


@cache
def _pattern(*, mail: bool, signs: bool) -> str:
    left_out = (set() if mail else _MAIL_FORMS) | (set() if signs else {"sign"})
    return "|".join(form for name, (form, *_) in _FORMS.items() if name not in left_out)


def _form(run: str) -> str:
    """Name the form of a run by how it begins."""
    if run[0] == "%":
        return "unicode" if run[1] == "u" else "url"
    if run[0] == "=":
        return "mail" if run[1:].isalnum() or len(run.split("=")) > 2 else "soft_break"
    return "html" if run[0] == "&" else _AFTER.get(run.lstrip("\\")[0], "sign")


def escapes(text: str, shadow: bytes, *, mail: bool, signs: bool) -> Iterator[Run]:
    """Yield the escapes of a text with what they stand for.

    ``mail``: quoted-printable too; ``signs``: line breaks and quotes behind a backslash too.

    >>> list(escapes("%61%40b &lt;", b"%61%40b &lt;", mail=False, signs=True))
    [(0, 6, 'a@', 3), (8, 12, '<', 0)]
    """
    for match in linear(_pattern(mail=mail, signs=signs)).finditer(shadow):
        start, end = match.span()
        run = text[start:end]
        name = _form(run)
        _, undo, each = _FORMS[name]
        meant = undo(run)
        if name == "soft_break":
            yield start, end, "", 0
        elif meant and meant != run and not _UNPRINTABLE.search(meant):
            yield start, end, meant, each if len(run) == each * len(meant) and meant.isascii() else 0
