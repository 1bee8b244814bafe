"""One layout for all policy files.

Rule 1: formatting never changes what a file means, and a formatted file stays as it is.
Rule 2: keys stand in the order of the vocabulary; what was written on one line stays there if it fits, all else is
indented by two; quotes stand where they are needed; a comment goes where its entry goes.
Rule 3: a file with errors is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from referee.errors import PolicyError
from referee.language import vocabulary
from referee.language.comments import Entry, entries
from referee.language.compile import Source, check
from referee.language.document import read_document
from referee.language.nodes import Mapping, Node, Scalar, Sequence
from referee.language.packs import PATTERN_KEYS
from referee.language.render import render_text
from referee.language.scalars import ANSWERS, WORDS

WIDTH: Final = 120

_ORDERS: Final[dict[str, tuple[str, ...]]] = {
    "file": tuple(vocabulary.FILE_KEYS),
    "rule": tuple(vocabulary.RULE_KEYS),
    "limit": tuple(vocabulary.LIMIT_KEYS),
    "threshold": tuple(vocabulary.THRESHOLD_KEYS),
    "scope": tuple(vocabulary.SCOPE_KEYS),
    "tool": tuple(vocabulary.TOOL_KEYS),
    "class": tuple(vocabulary.CLASS_KEYS),
    "region": tuple(vocabulary.REGION_KEYS),
    "scanner": tuple(vocabulary.OWN_SCANNER_KEYS),
    "pattern": tuple(PATTERN_KEYS),
}
"""The order of keys, by what a mapping is."""

_BELOW: Final[dict[tuple[str, str], str]] = {
    ("file", "policies"): "rule",
    ("file", "rules"): "rule",
    ("file", "limits"): "limit",
    ("file", "scope"): "scope",
    ("file", "catalog"): "catalog",
    ("rule", "scope"): "scope",
    ("rule", "match"): "scope",
    ("limit", "scope"): "scope",
    ("limit", "match"): "scope",
    ("limit", "thresholds"): "threshold",
    ("catalog", ""): "tool",
    ("file", "classes"): "classes",
    ("file", "regions"): "regions",
    ("classes", ""): "class",
    ("regions", ""): "region",
    ("file", "scanners"): "scanners",
    ("scanners", ""): "scanner",
    ("scanner", "patterns"): "pattern",
}
"""What the value of a key, or each member of its list, is. ``""`` stands for any key."""

_SPACED: Final = frozenset({"rule", "limit"})
_WORD: Final = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@+=()-]*(?: [A-Za-z0-9_./@+=()-]+)*")
_LINE: Final = re.compile(
    r"[ \t]*[^\x00-\x20\x7f-\xa0\u2028\u2029\ufeff][^\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff]*"
)


def format_text(text: str, path: str = "policy.yaml") -> str:
    r"""Lay a policy file out.

    Raises:
        PolicyError: the file has errors.

    >>> print(format_text("policies:\n- {action: deny,   id: 'no-drops'}  # never\n"), end="")
    policies:
      - {id: no-drops, action: deny}  # never
    """
    checked = check([Source(path, text, attached=None)])
    problems, root = read_document(path, text)
    if checked.policies is None or root is None:
        raise PolicyError(checked.diagnostics, render_text(checked.diagnostics))
    whole = entries(root, problems.lines)
    laid = "\n".join(_file(whole)) + "\n"
    _, again = read_document(path, laid)
    return laid if again is not None and _same(root, again) else text


def _same(one: Node, other: Node) -> bool:
    """Whether two trees say the same; a text without quotes is the same as in quotes if it can only be text."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.entries.keys() == other.entries.keys() and all(
            _same(value, other.entries[name][1]) for name, (_, value) in one.entries.items()
        )
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        return len(one.items) == len(other.items) and all(map(_same, one.items, other.items))
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text and (one.plain == other.plain or _needs_no_quotes(one.text))
    return False


def _file(root: Entry) -> Iterator[str]:
    kind = "file" if isinstance(root.node, Mapping) else "rule"
    yield from _header(root)
    yield from _spaced([list(_entry(entry, kind, 0)) for entry in _ordered(root, kind)])
    yield from root.after


def _header(root: Entry) -> Iterator[str]:
    """Take the comments at the top that an empty line parts from the first key: they are about the file."""
    first = min(root.below, key=lambda entry: entry.start, default=None)
    if first is not None and "" in first.before:
        last = len(first.before) - first.before[::-1].index("")
        yield from first.before[:last]
        del first.before[:last]


def _ordered(entry: Entry, kind: str) -> list[Entry]:
    """Give the members of a mapping in the order of the vocabulary; others stay as they are."""
    order = {name: at for at, name in enumerate(_ORDERS.get(kind, ()))}
    if not isinstance(entry.node, Mapping) or not order:
        return entry.below
    return sorted(entry.below, key=lambda member: order.get(_name(member), len(order)))


def _name(entry: Entry) -> str:
    return entry.key.text if entry.key is not None else ""


def _kind_below(kind: str, entry: Entry) -> str:
    if entry.key is None:
        return kind
    return _BELOW.get((kind, entry.key.text)) or _BELOW.get((kind, "")) or ""


def _entry(entry: Entry, kind: str, indent: int) -> Iterator[str]:
    """Write an entry with its comments, indented."""
    margin = " " * indent
    kind = _kind_below(kind, entry)
    head = "-" if entry.key is None else _scalar(entry.key) + ":"
    beside = f"  {entry.beside}" if entry.beside else ""
    yield from (f"{margin}{comment}".rstrip() for comment in _without_gaps(entry.before, indent))
    lines = list(_value(entry, kind, indent, len(head) + 1))
    if entry.below and lines[0].startswith(" "):
        yield from _nested(lines, margin + head, beside, member=entry.key is None)
    else:
        first, *rest = lines
        yield f"{margin}{head}{' ' if first else ''}{first}{beside}"
        yield from rest
    yield from (margin + comment for comment in entry.after)


def _without_gaps(comments: list[str], indent: int) -> list[str]:
    """Leave empty lines only between comments at the margin."""
    while comments and not comments[-1]:
        comments = comments[:-1]
    return [comment for comment in comments if comment or indent == 0]


def _nested(lines: list[str], head: str, beside: str, *, member: bool) -> Iterator[str]:
    if not member:
        yield head + beside
        yield from lines
        return
    margin = head[:-1]
    if beside:
        yield margin + beside.strip()
    while lines[0].lstrip().startswith("#"):
        yield margin + lines.pop(0).lstrip()
    yield f"{head} {lines[0].lstrip()}"
    yield from lines[1:]


def _value(entry: Entry, kind: str, indent: int, used: int) -> Iterator[str]:
    """Write a value: its first line beginning with blanks if it stands below its key."""
    node = entry.node
    if isinstance(node, Scalar):
        yield from _text(node, indent)
        return
    spaced = kind in _SPACED and isinstance(node, Sequence)
    short = None if spaced and entry.below else _flow(entry, kind)
    if short is not None and (not entry.below or indent + used + len(short) <= WIDTH):
        yield short
        return
    members = [list(_entry(member, kind, indent + 2)) for member in _ordered(entry, kind)]
    if spaced:
        yield from _spaced(members)
    else:
        yield from (line for lines in members for line in lines)


def _spaced(members: list[list[str]]) -> Iterator[str]:
    """Part members of more than one line from their neighbours by an empty line."""
    spread = False
    for at, lines in enumerate(members):
        if at and (spread or len(lines) > 1):
            yield ""
        yield from lines
        spread = sum(line[:1] != "" and not line.lstrip().startswith("#") for line in lines) > 1


def _flow(entry: Entry, kind: str) -> str | None:
    """Write a value on one line, if it was written between brackets and has no comments and no lines within."""
    node = entry.node
    if isinstance(node, Scalar):
        return None if "\n" in node.text or (node.plain and not node.text) else _scalar(node)
    if not entry.flow and entry.below:
        return None
    parts: list[str] = []
    for member in _ordered(entry, kind):
        part = None if member.commented else _flow(member, _kind_below(kind, member))
        if part is None:
            return None
        parts.append(part if member.key is None else f"{_scalar(member.key)}: {part}")
    return ("{%s}" if isinstance(node, Mapping) else "[%s]") % ", ".join(parts)


def _text(node: Scalar, indent: int) -> list[str]:
    """Write a text after its key; one of several lines as a block."""
    lines = node.text.removesuffix("\n").split("\n")
    fit = all(_LINE.fullmatch(line) or not line for line in lines) and lines[0][:1] not in {"", " ", "\t"} and lines[-1]
    if node.plain or "\n" not in node.text or not fit:
        return [_scalar(node)]
    margin = " " * (indent + 2)
    sign = "|" if node.text.endswith("\n") else "|-"
    return [sign, *(margin + line if line else "" for line in lines)]


def _scalar(node: Scalar) -> str:
    """Write a text on one line, with quotes if it needs them."""
    text = node.text
    if node.plain or _needs_no_quotes(text):
        return text
    if ('"' in text or "\\" in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in quoted)


def _escaped(sign: str) -> str:
    code = ord(sign)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _needs_no_quotes(text: str) -> bool:
    """Whether a text is the same without quotes, to this language and to every other reader of YAML.

    >>> _needs_no_quotes("no-drops"), _needs_no_quotes("no"), _needs_no_quotes("1.0")
    (True, False, False)
    """
    return bool(_WORD.fullmatch(text)) and text not in WORDS and text.lower() not in ANSWERS
