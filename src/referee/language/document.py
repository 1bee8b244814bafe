"""Text to nodes: the only module that knows the YAML library.

Rule 1: libyaml gives events, the tree is built here, so that depth, size and aliases have bounds that hold.
Rule 2: no tags, no merge keys, no second document, no duplicate keys.
Rule 3: every problem has a position, also those of bytes that are no text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

import yaml

from referee.language.nodes import Mapping, Mark, Node, Point, Scalar, Sequence
from referee.language.problems import Enough, Flaw, Problems, shorten

MAX_BYTES: Final = 10_000_000
MAX_DEPTH: Final = 64
MAX_ALIASED: Final = 10_000
LAST_CONTROL: Final = 0x9F
MAX_NODES: Final = 2_000_000

_YAML: Final = "tag:yaml.org,2002:"
_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")

_PLAIN_WORDS: Final[dict[str, tuple[str, str | None]]] = {
    "found character that cannot start any token": ("this character cannot begin a value", "put the text in quotes"),
    "mapping values are not allowed in this context": (
        "a key and its `:` cannot stand here",
        "check the indentation, and put text that contains `: ` in quotes",
    ),
    "did not find expected key": (
        "a key or the end of the mapping is expected here",
        "check the indentation and the quotes above",
    ),
    "could not find expected ':'": ("a `:` is expected after the key", "check the indentation and the quotes above"),
    "did not find expected '-' indicator": ("a `-` or the end of the list is expected here", "check the indentation"),
    "did not find expected ',' or ']'": ("a `,` or `]` is expected here", None),
    "did not find expected ',' or '}'": ("a `,` or `}` is expected here", None),
    "found unexpected end of stream": ("the text ends inside of quotes", "close the quotes"),
    "found invalid Unicode character escape code": ("this escape is not a character", None),
    "found unknown escape character": ("this escape is not known", "use single quotes for text with backslashes"),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin here",
        "begin it on a line of its own",
    ),
    "exceeded maximum nesting depth": (f"the text is nested more than {MAX_DEPTH} levels deep", None),
    "found undefined tag handle": ("tags are not part of the language", "leave the tag out"),
    "did not find expected <document start>": ("the document has ended here", "check the indentation"),
    "did not find expected node content": ("a value is expected here", None),
    "did not find expected alphabetic or numeric character": (
        "a name is expected here",
        "put names and texts with `*` or `&` in quotes",
    ),
}
"""What libyaml says, in plain words, with help."""


def read_document(path: str, text: bytes | str) -> tuple[Problems, Node | None]:
    """Read a text as a tree; ``None`` if it has none, and why is among the problems."""
    problems = Problems(path, [])
    try:
        whole = decode(text)
        problems.lines = _BREAK.split(whole)
        _check_characters(whole)
        composer = _Composer(yaml.CLoader(whole), problems.lines)
        root = composer.run()
    except Flaw as flaw:
        problems.add(flaw)
        return problems, None
    problems.root = root
    with suppress(Enough):
        for found in composer.flaws:
            problems.add(found)
    return problems, root


def decode(text: bytes | str) -> str:
    """Read bytes as text.

    Raises:
        Flaw: they are too many, or not UTF-8.
    """
    if len(text) > MAX_BYTES:
        raise Flaw("too-large", f"a policy file must have at most {MAX_BYTES // 1_000_000} MB", _at(0, 0))
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Flaw("encoding", "the file is encoded as UTF-16", _at(0, 0), "save it as UTF-8")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = text[: problem.start].decode("utf-8", "replace").removeprefix("\ufeff")
        message = f"the byte 0x{text[problem.start]:02x} is not UTF-8"
        raise Flaw("encoding", message, _after(before), "save the file as UTF-8") from None


def _check_characters(text: str) -> None:
    found = _CONTROL.search(text)
    if found is not None:
        message = f"the control character U+{ord(found[0]):04X} is not allowed"
        code = ord(found[0])
        escaped = f"\\x{code:02x}" if code <= LAST_CONTROL else ""
        told = f'take it out, or write `"{escaped}"` in double quotes' if escaped else "take it out"
        raise Flaw("encoding", message, _after(text[: found.start()]), told)


def _after(text: str) -> Scalar:
    lines = _BREAK.split(text)
    return _at(len(lines) - 1, len(lines[-1]))


def _at(line: int, column: int) -> Scalar:
    return Scalar(Point(line, column), Point(line, column + 1), "")


class _Open:
    """A mapping or list whose end is not yet reached."""

    __slots__ = ("anchor", "entries", "height", "items", "key", "size", "start")

    def __init__(self, start: Mark, anchor: str | None, *, mapping: bool) -> None:
        self.start = start
        self.anchor = anchor
        self.entries: dict[str, tuple[Scalar, Node]] | None = {} if mapping else None
        self.items: list[Node] = []
        self.key: Scalar | None = None
        self.size = 1
        self.height = 1


class _Composer:
    """Builds the tree from events, iteratively."""

    def __init__(self, loader: yaml.CLoader, lines: list[str]) -> None:
        self.loader = loader
        self.lines = lines
        self.flaws: list[Flaw] = []
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        self.pending: set[str] = set()
        self.aliased = 0
        self.root: Node | None = None
        self.documents = 0

    def run(self) -> Node:
        """Read all events.

        Raises:
            Flaw: the text is not YAML, is empty, or is beyond a bound.
        """
        steps: dict[Any, Callable[[Any], None]] = {
            yaml.ScalarEvent: self.scalar,
            yaml.SequenceStartEvent: self.begin,
            yaml.MappingStartEvent: self.begin,
            yaml.SequenceEndEvent: self.end,
            yaml.MappingEndEvent: self.end,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }
        following = self.loader.get_event
        try:
            while type(event := following()) is not yaml.StreamEndEvent:
                step = steps.get(type(event))
                if step is not None:
                    step(event)
        except yaml.YAMLError as problem:
            raise _syntax(problem, self.lines) from None
        if self.root is None or (isinstance(self.root, Scalar) and self.root.plain and not self.root.text):
            raise Flaw("empty", "the file is empty", _at(0, 0), "write at least `version: 1` and `policies:`")
        return self.root

    def document(self, event: Any) -> None:
        """Begin a document: the only one."""
        self.documents += 1
        if self.documents > 1:
            raise Flaw(
                "unsupported", "a file holds one document", _mark(event), "put the second one into a file of its own"
            )
        if event.version or event.tags:
            raise Flaw(
                "unsupported", "directives are not part of the language", _mark(event), "leave the `%` lines out"
            )

    def scalar(self, event: Any) -> None:
        """Add a scalar."""
        if event.tag is not None:
            raise _tagged(event)
        node = Scalar(event.start_mark, event.end_mark, event.value, not event.style)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, 1, 0)
        if self.open:
            top = self.open[-1]
            if top.entries is not None and top.key is None:
                top.key = node
                return
        self.put(node, 1, 0)

    def begin(self, event: Any) -> None:
        """Open a mapping or a list."""
        if event.tag is not None:
            raise _tagged(event)
        if len(self.open) >= MAX_DEPTH:
            raise Flaw("too-deep", f"the text is nested more than {MAX_DEPTH} levels deep", _mark(event))
        if event.anchor is not None:
            self.pending.add(event.anchor)
            self.anchors.pop(event.anchor, None)
        self.check_key(event)
        self.open.append(_Open(event.start_mark, event.anchor, mapping=type(event) is yaml.MappingStartEvent))

    def check_key(self, event: Any) -> None:
        """Refuse a list or mapping where a key is expected."""
        if self.open and self.open[-1].entries is not None and self.open[-1].key is None:
            raise Flaw("wrong-type", "a key must be text", _mark(event))

    def end(self, event: Any) -> None:
        """Close a mapping or a list."""
        top = self.open.pop()
        end = event.end_mark
        if top.entries is None:
            node: Node = Sequence(top.start, end, tuple(top.items))
        else:
            node = Mapping(top.start, end, top.entries)
        if top.anchor is not None:
            self.pending.discard(top.anchor)
            self.anchors[top.anchor] = (node, top.size, top.height)
        self.put(node, top.size, top.height)

    def alias(self, event: Any) -> None:
        """Add the node that an alias names."""
        found = self.anchors.get(event.anchor)
        if event.anchor in self.pending:
            raise Flaw(
                "too-many-aliases", f"the alias `*{shorten(event.anchor)}` stands inside of what it names", _mark(event)
            )
        if found is None:
            message = f"no anchor `&{shorten(event.anchor)}` stands before this alias"
            raise Flaw("syntax", message, _mark(event), "put a text that begins with `*` in quotes")
        node, size, height = found
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            raise Flaw("too-many-aliases", f"aliases repeat more than {MAX_ALIASED} values", _mark(event))
        if len(self.open) + height > MAX_DEPTH:
            raise Flaw("too-deep", f"the text is nested more than {MAX_DEPTH} levels deep", _mark(event))
        top = self.open[-1] if self.open else None
        if top is not None and top.entries is not None and top.key is None:
            if not isinstance(node, Scalar):
                raise Flaw("wrong-type", "a key must be text", _mark(event))
            top.key = Scalar(event.start_mark, event.end_mark, node.text, node.plain)
            return
        self.put(node, size, height)

    def put(self, node: Node, size: int, height: int) -> None:
        """Add a node to the innermost open one."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        top.size += size
        if height >= top.height:
            top.height = height + 1
        if top.entries is None:
            top.items.append(node)
            return
        key = top.key
        assert key is not None
        top.key = None
        if key.text == "<<" and key.plain:
            flaw = Flaw("unsupported", "merge keys are not part of the language", key, "write the entries out")
            self.flaws.append(flaw)
            return
        first = top.entries.get(key.text)
        if first is None:
            top.entries[key.text] = (key, node)
        else:
            message = f"the key `{shorten(key.text)}` stands twice in this mapping"
            told = f"the first is on line {first[0].start.line + 1}"
            self.flaws.append(Flaw("duplicate-key", message, key, told, first[0]))


def _mark(event: Any) -> Scalar:
    """Give the place of an event; the end of its first line if it is long."""
    start, end = event.start_mark, event.end_mark
    stop = end if end.line == start.line and end.column > start.column else Point(start.line, start.column + 1)
    return Scalar(start, stop, "")


def _tagged(event: Any) -> Flaw:
    return Flaw(
        "unsupported",
        f"the tag `{shorten(event.tag.replace(_YAML, '!!'))}` is not part of the language",
        _mark(event),
        "leave the tag out" + ("" if event.tag.startswith(_YAML) else ", or put a text that begins with `!` in quotes"),
    )


def _syntax(problem: yaml.YAMLError, lines: list[str]) -> Flaw:
    said = str(getattr(problem, "problem", "the text is not YAML"))
    code = "too-deep" if "nesting depth" in said else "syntax"
    message, hint = _PLAIN_WORDS.get(said, (said, None))
    marks = [getattr(problem, "problem_mark", None), getattr(problem, "context_mark", None)]
    if said == "found unexpected end of stream":
        marks.reverse()
    line, column = next(((mark.line, mark.column) for mark in marks if mark is not None), (0, 0))
    if said == "found character that cannot start any token" and lines[line][column : column + 1] == "\t":
        message, hint = "a tab cannot indent", "indent with spaces"
    while line > 0 and (line >= len(lines) or not lines[line].strip()):
        line -= 1
        column = len(lines[line].rstrip()) if line < len(lines) else 0
    return Flaw(code, message, _at(line, column), hint)


def from_mapping(data: object, path: str) -> tuple[Problems, Node | None]:
    """Read plain values (mappings, lists, texts, numbers, booleans) as a tree without positions."""
    problems = Problems(path, [])
    try:
        root = _Planter().plant(data, 0)
    except Flaw as flaw:
        problems.add(flaw)
        return problems, None
    problems.root = root
    return problems, root


class _Planter:
    """Builds a tree from plain values, with the bounds of a text."""

    def __init__(self) -> None:
        self.count = 0

    def plant(self, data: object, depth: int) -> Node:
        """Make the node of a value.

        Raises:
            Flaw: it is of a type that no text has, or beyond a bound.
        """
        self.count += 1
        here = Point()
        if depth > MAX_DEPTH:
            raise Flaw("too-deep", f"the policy is nested more than {MAX_DEPTH} levels deep", _at(0, 0))
        if self.count > MAX_NODES:
            raise Flaw("too-large", f"a policy must have at most {MAX_NODES} values", _at(0, 0))
        if isinstance(data, AnyMapping):
            entries: dict[str, tuple[Scalar, Node]] = {}
            for name, value in data.items():
                if not isinstance(name, str):
                    raise Flaw("wrong-type", "a key must be text", _at(0, 0))
                entries[name] = (Scalar(Point(), Point(0, 1), name), self.plant(value, depth + 1))
            return Mapping(here, here, entries)
        if isinstance(data, (list, tuple, set, frozenset)):
            items: list[object] = sorted(data, key=str) if isinstance(data, (set, frozenset)) else list(data)
            return Sequence(here, here, tuple(self.plant(item, depth + 1) for item in items))
        if isinstance(data, str):
            return Scalar(here, here, data, plain=False)
        return Scalar(here, here, _written(data))


def _written(data: object) -> str:
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, float):
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}.get(repr(data), repr(data))
    if isinstance(data, Decimal):
        return format(data, "f") if data.is_finite() and abs(data.adjusted()) < 100 else ".nan"
    if isinstance(data, int) and abs(data) < 10**100:
        return str(data)
    raise Flaw("wrong-type", "a policy holds mappings, lists, texts, numbers and booleans only", _at(0, 0))
