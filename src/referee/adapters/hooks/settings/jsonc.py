r"""JSON text, with comments where they are allowed, changed in place: everything else stays as it is written.

Rule 1: text that is not JSON, or names a key twice, is an error with no change.
Rule 2: whoever edits reads the result again and compares it with what he wanted.

>>> text = '{"a": [1] // one\n}'
>>> edited(text, grow(text, parse(text, comments=True).at("a"), "2"))
'{"a": [1,\n  2\n] // one\n}'
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

_DEEPEST: Final = 100
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SCALAR: Final = re.compile(r"[-+.0-9A-Za-z]+")

Edit = tuple[int, int, str]
"""Replace the text from one position to another."""


class NotJson(ValueError):  # noqa: N818 - what came in is no JSON, nothing broke
    """The text is not JSON."""


class Node(NamedTuple):
    """A value and where it stands.

    ``members`` are the values in it by key or number, ``begins`` where each of them begins with its key, ``commas`` the
    places of the commas.
    """

    value: Any
    start: int
    end: int
    members: tuple[tuple[str | int, Node], ...] = ()
    begins: tuple[int, ...] = ()
    commas: tuple[int, ...] = ()

    def at(self, *keys: str | int) -> Node:
        """Find a value in this one.

        Raises:
            KeyError: there is none.
        """
        node = self
        for key in keys:
            node = dict(node.members)[key]
        return node


def parse(text: str, *, comments: bool) -> Node:
    """Read text as JSON.

    Raises:
        NotJson: it is none.
    """
    reader = _Reader(text, comments=comments)
    node = reader.value(0, 0)
    if reader.skip(node.end) != len(text):
        raise NotJson
    return node


class _Reader:
    def __init__(self, text: str, *, comments: bool) -> None:
        self.text = text
        self.comments = comments

    def skip(self, at: int) -> int:
        """Pass over space and comments."""
        while True:
            match = _SPACE.match(self.text, at)
            at = match.end() if match else at
            comment = _COMMENT.match(self.text, at) if self.comments else None
            if comment is None:
                return at
            at = comment.end()

    def value(self, at: int, depth: int) -> Node:
        at = self.skip(at)
        mark = self.text[at : at + 1]
        if mark in ("{", "["):
            return self.container(at, depth + 1, is_object=mark == "{")
        match = (_STRING if mark == '"' else _SCALAR).match(self.text, at)
        if match is None:
            raise NotJson
        try:
            return Node(json.loads(match[0], parse_constant=_refuse), at, match.end())
        except ValueError:
            raise NotJson from None

    def container(self, start: int, depth: int, *, is_object: bool) -> Node:
        if depth > _DEEPEST:
            raise NotJson
        members: list[tuple[str | int, Node]] = []
        begins: list[int] = []
        commas: list[int] = []
        closing = "}" if is_object else "]"
        at = self.skip(start + 1)
        while self.text[at : at + 1] != closing:
            if members and (len(commas) < len(members)):
                raise NotJson
            begins.append(at)
            key: str | int = len(members)
            if is_object:
                key, at = self.key(at)
            node = self.value(at, depth)
            members.append((key, node))
            at = self.skip(node.end)
            if self.text[at : at + 1] == ",":
                commas.append(at)
                at = self.skip(at + 1)
        if len(commas) >= len(members) > 0 and not self.comments:
            raise NotJson
        if len({key for key, _ in members}) < len(members):
            raise NotJson
        found = {key: node.value for key, node in members}
        return Node(
            found if is_object else list(found.values()), start, at + 1, tuple(members), tuple(begins), tuple(commas)
        )

    def key(self, at: int) -> tuple[str, int]:
        match = _STRING.match(self.text, at)
        if match is None:
            raise NotJson
        colon = self.skip(match.end())
        if self.text[colon : colon + 1] != ":":
            raise NotJson
        try:
            return json.loads(match[0]), colon + 1
        except ValueError:
            raise NotJson from None


def _refuse(_constant: str) -> None:
    raise NotJson


def grow(text: str, node: Node, value: str, key: str | None = None) -> list[Edit]:
    """Add a value, written as text, to the end of a list, or under a key to the end of an object."""
    inner = _indent(text, node)
    said = value if key is None else f"{json.dumps(key, ensure_ascii=False)}: {value}"
    closing = node.end - 1
    end = len(text[:closing].rstrip())
    tail = text[end:closing]
    tail = tail if "\n" in tail else "\n" + _margin(text, node.start)
    trails = len(node.commas) == len(node.members) > 0
    new = "\n" + inner + said.replace("\n", "\n" + inner) + ("," if trails else "") + tail
    if not node.members or trails:
        return [(end, closing, new)]
    last = node.members[-1][1].end
    return [(end, closing, "," + new)] if last == end else [(last, last, ","), (end, closing, new)]


def cut(text: str, node: Node, key: str | int) -> list[Edit]:
    """Take one value out of a list or an object, with its comma and its line."""
    position = [name for name, _ in node.members].index(key)
    child, start = node.members[position][1], node.begins[position]
    begin = len(text[:start].rstrip())
    if "//" in text[text.rfind("\n", 0, begin) + 1 : begin]:
        begin = start
    edits: list[Edit] = [(begin, child.end, "")]
    if position < len(node.commas):
        edits.append((node.commas[position], node.commas[position] + 1, ""))
    elif position:
        edits.append((node.commas[position - 1], node.commas[position - 1] + 1, ""))
    return edits


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Carry edits out, the last first, so that positions stay true."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _margin(text: str, at: int) -> str:
    """Say how far the line of a place is indented."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _indent(text: str, node: Node) -> str:
    """Say how far what stands in a list or an object is indented."""
    if node.members:
        at = node.members[0][1].start
        if "\n" in text[node.start : at]:
            return _margin(text, at)
    return _margin(text, node.start) + _step(text)


def _step(text: str) -> str:
    """Say by how much a text indents."""
    found = re.search(r"\n([ \t]+)\S", text)
    return found[1] if found else "  "
