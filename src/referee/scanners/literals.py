"""Texts cut into pieces by the language they stand in: ``"gh" + "p_…"``, lists that are joined, values of a JSON text.

Rule 1: pieces are put together by leaving out what stands between them; nothing else changes.
Rule 2: of a JSON text only the ends of its values are read together, since each value has been read where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from referee.scanners.rewriting import Run, apart
from referee.scanners.shadow import linear

_QUOTE: Final = "(?:\"\"\"|'''|[\"'`])"
_PUT_TOGETHER: Final = (
    rf"{_QUOTE}\s{{0,40}}(?:\+|\.\.?|&|\|\|)\s{{0,40}}(?:[_\\]\s{{0,8}}\n\s{{0,40}})?[A-Za-z]?{_QUOTE}"
    rf"|{_QUOTE}(?:\s{{1,40}}|\s{{0,8}}\\\r?\n\s{{0,40}})[rbfuRBFU]?{_QUOTE}|\"\"|''|\\\r?\n"
)
_LISTED: Final = rf"{_QUOTE}\s{{0,40}},\s{{0,40}}{_QUOTE}"
NOTICED: Final = (
    rf"{_QUOTE}\s{{0,40}}(?:\+|\.\.?|&|\|\|)\s{{0,40}}(?:[_\\]\s{{0,8}}\n\s{{0,40}})?[A-Za-z]?{_QUOTE}"
    rf"|[0-9A-Za-z_]{_QUOTE}(?:\s{{1,40}}|\s{{0,8}}\\\r?\n\s{{0,40}})[rbfuRBFU]?{_QUOTE}[0-9A-Za-z_]"
    r"|[0-9A-Za-z_](?:\"\"|''|\\\r?\n)[0-9A-Za-z_]|\b(?:join|concat|implode|cat|paste0?)\("
)
_JOINS: Final = r"\b(?:join|concat|implode|cat|paste0?)\b"
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(\s{0,40}:)?', re.DOTALL)
_END: Final = 96


def literals(text: str, shadow: bytes) -> list[Run]:
    """Find what stands between literals that are put together.

    >>> literals('key = "gh" + "p_"', b'key = "gh" + "p_"')
    [(9, 14, '', 0)]
    """
    spans = [match.span() for match in linear(_PUT_TOGETHER).finditer(shadow)]
    runs: list[Run] = [(a, b, "", 0) for a, b in spans if _inside(text, a, b)]
    if linear(_JOINS).search(shadow):
        runs += [(*match.span(), "", 0) for match in linear(_LISTED).finditer(shadow)]
    return apart(runs)


def _inside(text: str, start: int, end: int) -> bool:
    """Tell whether a run stands in the middle of something, where it could also mean two things side by side."""
    if text[start] in "\"'`" and any(sign in text[start:end] for sign in "+.&|"):
        return True
    return text[max(0, start - 1) : start].isalnum() and text[end : end + 1].isalnum()


def is_json(text: str) -> bool:
    """Tell whether a text begins and ends as a JSON object or list does."""
    ends = text[:64].lstrip()[:1] + text[-64:].rstrip()[-1:]
    return ends in {"{}", "[]"} and '"' in text


def values(text: str) -> Iterator[Run]:
    """Yield what stands between the string values of a JSON text, and the middle of long ones."""
    last = 0
    for match in _STRING.finditer(text):
        if match[2]:
            continue
        start, end = match.span(1)
        yield last, start, "", 0
        if end - start > 2 * _END:
            yield start + _END, end - _END, "\n\x00\n", 0
        last = end
    yield last, len(text), "", 0
