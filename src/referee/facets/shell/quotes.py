r"""The backslash escapes of ``$'…'``, ``echo -e``, ``printf`` and ``%b``.

Rule 1: a zero byte ends or vanishes wherever bash lets it; where a program prints one, it is ``ZERO`` in what is printed.
"""

from __future__ import annotations

import re
from typing import Final

ZERO: Final = "\U0010ffff"
"""Stands for a zero byte in what a program prints; no text of a shell can contain one, and this is no character."""

_ANSI: Final = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|c.|.)", re.DOTALL)
_PRINTED: Final = re.compile(
    r"\\(0[0-7]{0,3}|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|c|.)", re.DOTALL
)
_BYTES: Final = re.compile(r"[\x80-\xff]+")
_LETTERS: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
    "E": "\x1b",
}


def ansi(text: str) -> str:
    r"""Read the escapes of ``$'…'``, which a zero byte ends.

    >>> ansi(r"r\x6d\040-rf"), ansi(r"r\0m")
    ('rm -rf', 'r')
    """
    return _joined(_ANSI.sub(_escape, text)).partition(ZERO)[0]


def printed(text: str) -> str:
    r"""Read the escapes of ``echo -e`` and ``%b``: an octal number may have a zero before it, and ``\c`` is the end.

    >>> printed(r"r\0155\x20-rf\c never"), printed(r"a\0") == "a" + ZERO
    ('rm -rf', True)
    """
    end = re.search(r"(?<!\\)(?:\\\\)*\\c", text)
    return _joined(_PRINTED.sub(_escape, text if end is None else text[: end.end() - 2]))


def form(text: str) -> str:
    r"""Read the escapes of the format of ``printf``; what they give is no directive.

    >>> form(r"\162m\x25s")
    'rm%%s'
    """
    return _joined(_ANSI.sub(lambda found: _escape(found).replace("%", "%%"), text))


def _joined(text: str) -> str:
    """Put bytes that were written one by one together to the letter they are in UTF-8."""
    if text.isascii():
        return text
    return _BYTES.sub(_decoded, text)


def _decoded(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _escape(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "xuU" and len(code) > 1:
        return _letter(int(code[1:], 16))
    if code[0] in "01234567":
        return _letter(int(code, 8) & 0xFF)
    if code[0] == "c" and len(code) > 1:
        return _letter(ord(code[1].upper()) & 0x1F)
    return _LETTERS.get(code, code if code in "\\'\"?" else "\\" + code)


def _letter(number: int) -> str:
    if number == 0:
        return ZERO
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
