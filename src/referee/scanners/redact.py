"""Taking out what scanners found, and nothing else.

Rule 1: structure and types stay: a string remains a string, a list its length, a mapping its entries.
Rule 2: what is put in place gives nothing back: no style keeps enough of a value to recover it.
Rule 3: a redaction that cannot be made is an error, not a value left in place.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from referee.model.decision import Redaction
from referee.model.facts import Finding
from referee.model.names import Style
from referee.model.value import MAX_DEPTH

_Span = tuple[int, int, str]


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
    wanted: dict[tuple[str, bool], list[Finding]] = {}
    for finding in findings:
        if finding.path == path or finding.path.startswith((f"{path}.", f"{path}[")):
            wanted.setdefault((finding.path, finding.key), []).append(finding)
    work = _Work(wanted, _STYLES[style], salt or _process_salt())
    changed = work.walk(value, path, 0)
    if work.left:
        raise ValueError(f"nothing to redact at `{min(work.left)[0][:200]}`")
    return changed, [Redaction(at, kind, count) for (at, kind), count in work.counts.items()]


class _Work:
    """One redaction on its way: what is wanted, what was done."""

    def __init__(self, wanted: dict[tuple[str, bool], list[Finding]], write: _Writer, salt: bytes) -> None:
        self.wanted = wanted
        self.left = set(wanted)
        self.write = write
        self.salt = salt
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
        return value

    def mapping(self, value: Mapping[Any, Any], path: str, depth: int) -> dict[Any, Any]:
        changed: dict[Any, Any] = {}
        for key, member in value.items():
            name = f"{path}.{key}" if path else str(key)
            new_key = self.text(str(key), name, key=True) if (name, True) in self.wanted else key
            changed[_unused(new_key, changed)] = self.walk(member, name, depth + 1)
        return changed

    def text(self, text: str, path: str, *, key: bool) -> str:
        findings = self.wanted.get((path, key))
        if findings is None:
            return text
        self.left.discard((path, key))
        parts: list[str] = []
        at = 0
        for start, end, kind in merge(findings, len(text)):
            parts += (text[at:start], self.write(kind, text[start:end], self.salt))
            self.counts[path, kind] += 1
            at = end
        return "".join((*parts, text[at:]))


def merge(findings: Iterable[Finding], length: int) -> list[_Span]:
    """Join findings that overlap into spans of one text, each of the kind of its surest finding.

    >>> merge([Finding("a", "x", "p", 0, 4, 0.5), Finding("b", "y", "p", 2, 9)], 6)
    [(0, 6, 'y')]
    """
    spans: list[tuple[int, int, Finding]] = []
    for finding in sorted(findings, key=lambda f: (f.start, f.end, f.kind)):
        start, end = max(0, finding.start), min(finding.end, length)
        if start >= end:
            continue
        if spans and start < spans[-1][1]:
            first, last, best = spans[-1]
            surer = max(best, finding, key=lambda f: (f.score, f.end - f.start))
            spans[-1] = (first, max(last, end), surer)
        else:
            spans.append((start, end, finding))
    return [(start, end, finding.kind) for start, end, finding in spans]


def _unused(key: Any, taken: Mapping[Any, Any]) -> Any:
    if key not in taken:
        return key
    number = 2
    while f"{key}_{number}" in taken:
        number += 1
    return f"{key}_{number}"


_Writer = Callable[[str, str, bytes], str]


def _placeholder(kind: str, _text: str, _salt: bytes) -> str:
    return f"[REDACTED:{kind}]"


def _mask(kind: str, text: str, _salt: bytes) -> str:
    if kind == "email" and "@" in text:
        return f"{text[0]}***@***.{text.rsplit('.', 1)[-1]}"
    stars = "*" * next(size for size in (4, 8, 16, 32, 64) if size >= min(len(text), 64))
    return stars + text[-4:] if kind == "credit_card" and text[-4:].isdigit() else stars


def _digest(kind: str, text: str, salt: bytes) -> str:
    key = hashlib.blake2b(salt).digest()
    return hashlib.blake2b(f"{kind}\0{text}".encode("utf-8", "surrogatepass"), key=key, digest_size=8).hexdigest()


def _hash(kind: str, text: str, salt: bytes) -> str:
    return f"[{kind}#{_digest(kind, text, salt)}]"


def _remove(_kind: str, _text: str, _salt: bytes) -> str:
    return ""


def _pseudonym(kind: str, text: str, salt: bytes) -> str:
    return f"{kind}_{_digest(kind, text, salt)[:8]}"


@cache
def _process_salt() -> bytes:
    return secrets.token_bytes(32)


_STYLES: Final[dict[Style, _Writer]] = {
    "placeholder": _placeholder,
    "mask": _mask,
    "hash": _hash,
    "remove": _remove,
    "pseudonym": _pseudonym,
}
