"""The ``scanners`` of a file: patterns of one's own, for a scanner of one's own or for one that comes with Referee.

Rule 1: whoever names a scanner sees what its own layer and the layers outside of it say of it, and nothing of those inside.
Rule 2: an inner layer adds scanners, and changes none that it did not add: what another layer's rules find stays what it was.
Rule 3: a pattern runs in linear time, and every example of it is tried when the file is read.
Rule 4: ``from`` names files of patterns; one that is missing or wrong is a flaw, never an empty scanner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

import msgspec

from referee.language.attachments import Attached
from referee.language.document import read_document
from referee.language.fields import read_fields
from referee.language.kinds import SCANNERS
from referee.language.names import OPEN_KINDS, Frame
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe
from referee.language.packs import KIND, OWN_PACK_KEYS, read_patterns
from referee.language.problems import Enough, Flaw, Problems, shorten
from referee.language.scalars import text_of
from referee.language.vocabulary import OWN_SCANNER_KEYS, SCANNER_ALIASES, TOOL_CALLS
from referee.model.packs import Pattern

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+){0,7}")
MAX_PATTERNS: Final = 2_000


class OwnScanner(msgspec.Struct):
    """What one file says of a scanner: patterns, and kinds that a registered scanner finds without any.

    ``open`` says that a file of patterns was not looked at, so that there may be others.
    """

    key: Scalar
    patterns: tuple[Pattern, ...] = ()
    kinds: tuple[str, ...] = ()
    open: bool = False


Own = dict[str, OwnScanner]


def read_scanners(node: Node, frame: Frame, attached: Attached | None, beside: list[Problems]) -> Own:
    """Read all scanners. ``attached`` are the files at hand; ``None`` if they are not looked at.

    Raises:
        Flaw: the node is not a mapping.
    """
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from scanners to patterns, found {describe(node)}", node)
    found: Own = {}
    for name, (key, value) in node.entries.items():
        scanner = frame.problems.attempt(_scanner, name, key, value, frame, attached, beside)
        if scanner is not None:
            found[SCANNER_ALIASES.get(name, name)] = scanner
    return found


def _scanner(
    name: str, key: Scalar, node: Node, frame: Frame, attached: Attached | None, beside: list[Problems]
) -> OwnScanner:
    if _NAME.fullmatch(name) is None or name == TOOL_CALLS:
        raise Flaw("unknown-value", f"`{shorten(name)}` cannot be the name of a scanner", key,
                   "write lower-case words with `_`")  # fmt: skip
    fields: dict[str, Any] = read_fields(node, OWN_SCANNER_KEYS, frame, "a scanner")
    assert isinstance(node, Mapping)
    if not node.entries:
        raise Flaw("empty", "a scanner must not be empty", key, "write `patterns`, `from` or `kinds`")
    scanner = OwnScanner(key)
    if "patterns" in fields:
        scanner.patterns += frame.problems.attempt(read_patterns, fields["patterns"], frame, linear=True) or ()
    if "kinds" in fields:
        scanner.kinds = tuple(frame.problems.each(_kind, _items(fields["kinds"])))
    for item in _items(fields["from"]) if "from" in fields else ():
        scanner.patterns += frame.problems.attempt(_file, item, attached, beside) or ()
        scanner.open = attached is None
    if len(scanner.patterns) > MAX_PATTERNS:
        raise Flaw("too-large", f"a scanner has at most {MAX_PATTERNS} patterns of one's own", key)
    return scanner


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def _kind(node: Node) -> str:
    kind = text_of(node, "a kind of finding")
    if KIND.fullmatch(kind) is None:
        raise Flaw("unknown-value", f"`{shorten(kind)}` cannot be a kind", node, "write lower-case words with `_`")
    return kind


def _file(node: Node, attached: Attached | None, beside: list[Problems]) -> tuple[Pattern, ...]:
    path = text_of(node, "the path of a file of patterns")
    if attached is None:
        return ()
    given = attached.get(path)
    if given is None or given.problem:
        reason = "it is not at hand" if given is None else given.problem
        told = "paths are relative to the policy file"
        raise Flaw("missing-file", f"the file `{shorten(path)}` cannot be read: {reason}", node, told)
    problems, root = read_document(given.path, given.text)
    found: tuple[Pattern, ...] = ()
    if root is not None:
        with suppress(Enough):
            found = problems.attempt(_listed, root, Frame(problems)) or ()
    if given.outside:
        problems.found = [msgspec.structs.replace(diagnostic, excerpt="") for diagnostic in problems.found]
    beside.append(problems)
    return found


def _listed(root: Node, frame: Frame) -> tuple[Pattern, ...]:
    """Read a file of patterns: a list, or a mapping with ``patterns``."""
    if isinstance(root, Sequence):
        return read_patterns(root, frame, linear=True)
    fields = read_fields(root, OWN_PACK_KEYS, frame, "a file of patterns")
    if "patterns" not in fields:
        raise Flaw("missing-key", "a file of patterns needs the key `patterns`", root)
    return read_patterns(fields["patterns"], frame, linear=True)


class Scanners:
    """What all files say of scanners, put together from the outermost layer to the innermost."""

    def __init__(self) -> None:
        self.patterns: dict[str, tuple[Pattern, ...]] = {}
        self._kinds: dict[str, tuple[str, ...]] = {}
        self._layers: dict[str, int] = dict.fromkeys(SCANNERS, 0)

    def add(self, own: Own, layer: int, problems: Problems) -> None:
        """Add what a file says; files of outer layers come first."""
        for name, scanner in own.items():
            owner = self._layers.setdefault(name, layer)
            if owner < layer:
                message = f"the scanner `{name}` belongs to a layer further out"
                problems.add(
                    Flaw("duplicate-id", message, scanner.key, "give the patterns to a scanner of another name")
                )
                continue
            known = {pattern.id for pattern in self.patterns.get(name, ())}
            for pattern in scanner.patterns:
                if pattern.id in known:
                    message = f"another file has a pattern `{pattern.id}` of this scanner"
                    problems.add(Flaw("duplicate-id", message, scanner.key))
            self.patterns[name] = (*self.patterns.get(name, ()), *scanner.patterns)
            more = ((OPEN_KINDS,) if scanner.open else ()) + (
                *scanner.kinds,
                *(pattern.kind for pattern in scanner.patterns),
            )
            self._kinds[name] = tuple(dict.fromkeys((*self._kinds.get(name, ()), *more)))

    def kinds(self, layer: int) -> dict[str, tuple[str, ...]]:
        """Give the scanners that rules of a layer can name, with their kinds."""
        return {name: (*SCANNERS.get(name, ()), *self._new(name)) for name in self._seen(layer)}

    def _seen(self, layer: int) -> Iterable[str]:
        return (name for name, owner in self._layers.items() if owner <= layer)

    def _new(self, name: str) -> tuple[str, ...]:
        return tuple(kind for kind in self._kinds.get(name, ()) if kind not in SCANNERS.get(name, ()))
