"""How ``xargs`` and ``parallel`` cut what they read into arguments.

Rule 1: a text too long to cut, or cut by what is not understood, is one ``UNKNOWN`` argument.
"""

from __future__ import annotations

import re
import shlex

from referee.facets.shell.quotes import ZERO, ansi
from referee.facets.shell.trace import FIELD_LIMIT, UNKNOWN


def cut(options: list[str], sign: str | None, text: str | None, *, lines: bool) -> list[str]:
    """Cut at zero bytes, at the sign of ``-d``, at lines, or at blanks, where quotes are read.

    >>> cut([], None, "a 'b c'", lines=False), cut(["-0"], None, f"a b{ZERO}c{ZERO}", lines=False), cut([], ",", "a,b", lines=False)
    (['a', 'b c'], ['a b', 'c'], ['a', 'b'])
    """
    if text is None or len(text) >= 8192:
        return [UNKNOWN]
    if any(re.fullmatch(r"-[a-zA-Z]*0[a-zA-Z0-9]*|--null", word) for word in options):
        return [part for part in text.split(ZERO) if part][:FIELD_LIMIT]
    if sign is not None:
        sign = ansi(sign)
        return [part for part in text.split(sign) if part][:FIELD_LIMIT] if len(sign) == 1 else [UNKNOWN]
    read = [line.strip() for line in text.splitlines() if line.strip()] if lines else [text]
    return [piece for one in read for piece in _unquoted(one, split=not lines)][:FIELD_LIMIT]


def _unquoted(text: str, *, split: bool) -> list[str]:
    if not any(mark in text for mark in "'\"\\"):
        return text.split() if split else [text]
    try:
        parts = shlex.split(text)
    except ValueError:
        return [UNKNOWN]
    return parts if split else [" ".join(parts)]
