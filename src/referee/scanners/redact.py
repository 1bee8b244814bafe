"""Taking out what scanners found, and nothing else.

Rule 1: structure and types stay: a string remains a string, a number a number, a list its length, a mapping its entries, and JSON
inside of a text JSON.
Rule 2: what is put in place gives nothing back: no style keeps enough of a value to recover it.
Rule 3: of findings that overlap the longest names what is removed, and the style that leaves least writes what stands there.
Rule 4: a redaction that cannot be made is an error, not a value left in place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from referee.model.decision import Redaction
from referee.model.facts import Finding
from referee.model.names import STYLES, Style
from referee.model.value import MAX_DEPTH, text_of
from referee.scanners.inner_json import Cursor, Piece, escape, unescape, unescaped_places
from referee.scanners.pseudonyms import Vault
from referee.scanners.styles import Writer, least

WHOLE: Final = 1 << 40
"""The end of a finding that covers a value whatever its length."""
FIELD: Final = "field"
"""The kind of what is removed because of its place, whatever it is."""
_BLANKING: Final = ("placeholder", "remove")
_NESTED: Final = 8
"""How deep JSON is looked for in strings of JSON in strings of JSON."""


class Marked(NamedTuple):
    """A finding and the style it is removed in."""

    finding: Finding
    style: Style


class Span(NamedTuple):
    """A part of a text that is removed, as what, and in which style."""

    start: int
    end: int
    kind: str
    style: Style


def redact(
    value: Any, findings: Iterable[Finding], style: Style, path: str = "args", salt: bytes = b""
) -> tuple[Any, list[Redaction]]:
    """Copy ``value`` with the findings under ``path`` taken out, and say how many of each kind where.

    ``salt`` keys the styles ``hash`` and ``pseudonym``; without one they hold for this process only. A finding under
    another path is left alone: it speaks of another value.

    Raises:
        ValueError: a finding names a place that is not in the value.
        KeyError: the style is unknown.

    >>> redact({"to": "a@acme.io"}, [Finding("pii", "email", "args.to", 0, 9)], "placeholder")
    ({'to': '[REDACTED:email]'}, [Redaction(path='args.to', kind='email', count=1)])
    """
    if style not in STYLES:
        raise KeyError(style)
    writer = Writer(salt, Vault(salt) if salt else None)
    return redact_marked(value, (Marked(finding, style) for finding in findings), writer, path)


def redact_marked(
    value: Any, marked: Iterable[Marked], writer: Writer, path: str = "args"
) -> tuple[Any, list[Redaction]]:
    """As ``redact``, each finding in a style of its own.

    Raises:
        ValueError: a finding names a place that is not in the value, or there is no pseudonym left.
    """
    wanted: dict[tuple[str, bool], list[Marked]] = {}
    for mark in marked:
        finding = mark.finding
        if finding.path == path or finding.path.startswith((f"{path}.", f"{path}[")):
            wanted.setdefault((finding.path, finding.key), []).append(mark)
    work = _Work(wanted, writer)
    changed = work.walk(value, path, 0)
    if work.left:
        raise ValueError("what was found is not where it was found")
    return changed, [Redaction(at, kind, count) for (at, kind), count in work.counts.items()]


class _Work:
    """One redaction on its way: what is wanted, what was done."""

    def __init__(self, wanted: dict[tuple[str, bool], list[Marked]], writer: Writer) -> None:
        self.wanted = wanted
        self.left = set(wanted)
        self.writer = writer
        self.counts: Counter[tuple[str, str]] = Counter()

    def walk(self, value: Any, path: str, depth: int) -> Any:
        if isinstance(value, str):
            return self.text(value, path, key=False)
        if depth > MAX_DEPTH:
            return value
        if isinstance(value, Mapping):
            return self.mapping(value, path, depth)
        if isinstance(value, (list, tuple)):
            members = [self.walk(member, f"{path}[{at}]", depth + 1) for at, member in enumerate(value)]
            return tuple(members) if isinstance(value, tuple) else members
        if isinstance(value, (bytes, bytearray)):
            text = text_of(bytes(value))
            changed = self.text(text, path, key=False)
            return value if changed == text else changed.encode()
        marked = self.wanted.get((path, False))
        return value if marked is None or value is None else self.other(value, path, marked)

    def mapping(self, value: Mapping[Any, Any], path: str, depth: int) -> dict[Any, Any]:
        changed: dict[Any, Any] = {}
        for key, member in value.items():
            name = f"{path}.{key}" if path else str(key)
            new_key = self.text(str(key), name, key=True) if (name, True) in self.wanted else key
            changed[_unused(new_key, changed)] = self.walk(member, name, depth + 1)
        return changed

    def text(self, text: str, path: str, *, key: bool) -> str:
        marked = self.wanted.get((path, key))
        if marked is None:
            return text
        self.left.discard((path, key))
        spans = merge(marked, len(text))
        for span in spans:
            self.counts[path, span.kind] += 1
        return splice(text, spans, self.writer)

    def other(self, value: Any, path: str, marked: list[Marked]) -> Any:
        """Remove a value that is no text: in place of a number stands a number, unless its whole field is blanked."""
        number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        spans = merge(marked, WHOLE)
        field = any(span.kind == FIELD for span in spans)
        if not number and not field:
            return value
        self.left.discard((path, False))
        for span in spans:
            self.counts[path, span.kind] += 1
        style = spans[0].style
        for span in spans:
            style = least(style, span.style)
        if not number or (field and style in _BLANKING):
            return None
        return self.writer.number(style, max(spans, key=lambda span: span.end - span.start).kind, value)


def merge(marked: Iterable[Marked], length: int) -> list[Span]:
    """Join findings that overlap into spans of one text, each of the kind of its longest finding, then its surest.

    >>> merge([Marked(Finding("a", "x", "p", 0, 4), "mask"), Marked(Finding("b", "y", "p", 2, 9), "remove")], 6)
    [Span(start=0, end=6, kind='y', style='remove')]
    """
    spans: list[tuple[int, int, Finding, Style]] = []
    for finding, style in sorted(marked, key=lambda m: (m.finding.start, m.finding.end, m.finding.kind)):
        start, end = max(0, finding.start), min(finding.end, length)
        if start >= end:
            continue
        if spans and start < spans[-1][1]:
            first, last, best, held = spans[-1]
            longest = max(best, finding, key=lambda f: (f.end - f.start, f.score))
            spans[-1] = (first, max(last, end), longest, least(held, style))
        else:
            spans.append((start, end, finding, style))
    return [Span(start, end, finding.kind, style) for start, end, finding, style in spans]


def splice(text: str, spans: list[Span], writer: Writer, depth: int = 0) -> str:
    """Copy a text with its spans, which do not overlap and stand in order, written over; what is JSON stays JSON.

    Raises:
        ValueError: there is no pseudonym left.
    """
    cursor = Cursor()
    parts: list[str] = []
    at = 0
    left = list(reversed(spans))
    while left:
        span = left.pop()
        cursor.advance(text, span.start)
        string = cursor.string(text) if depth < _NESTED else None
        inner = text[string[0] : string[1]] if string is not None and text[string[0]] in "{[\\ " else ""
        if string is not None and "\\" in inner and unescape(inner).lstrip()[:1] in ("{", "["):
            within = [span]
            while left and left[-1].start < string[1]:
                within.append(left.pop())
            if within[-1].end > string[1]:
                left.append(within[-1]._replace(start=string[1]))
            parts += (text[at : string[0]], _nested(inner, within, string[0], writer, depth))
            at = string[1]
            continue
        for piece in cursor.pieces(text, max(span.start, at), span.end):
            start = max(piece.start, at)
            if start < piece.end:
                parts += (text[at:start], over(text, Piece(start, piece.end, piece.sort), span, writer))
                at = piece.end
    return "".join((*parts, text[at:]))


def over(text: str, piece: Piece, span: Span, writer: Writer) -> str:
    """Write what stands in place of a piece of a span.

    Raises:
        ValueError: there is no pseudonym left.
    """
    raw = text[piece.start : piece.end]
    if piece.sort == "text":
        return writer.text(span.style, span.kind, raw)
    if piece.sort == "string":
        return escape(writer.text(span.style, span.kind, unescape(raw)), raw)
    if piece.sort == "literal":
        return "null"
    number = 0 if len(raw) > 64 else int(raw) if raw.lstrip("-").isdigit() else Decimal(raw)
    return str(writer.number(span.style, span.kind, number))


def _nested(content: str, spans: list[Span], opened: int, writer: Writer, depth: int) -> str:
    """Write over the spans of JSON that is the content of a JSON string."""
    places = unescaped_places(content)
    inner: list[Span] = []
    for span in spans:
        start = bisect_right(places, max(0, span.start - opened)) - 1
        end = bisect_left(places, min(len(content), span.end - opened))
        inner.append(span._replace(start=start, end=max(end, start + 1)))
    return escape(splice(unescape(content), inner, writer, depth + 1), content)


def _unused(key: Any, taken: Mapping[Any, Any]) -> Any:
    if key not in taken:
        return key
    number = 2
    while f"{key}_{number}" in taken:
        number += 1
    return f"{key}_{number}"
