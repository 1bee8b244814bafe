"""What a rule can refer to: lists and groups by ``$name``, scanners and their kinds, tools of the catalog.

Rule 1: ``$name`` stands for its values wherever a value can stand; ``$$name`` is the text ``$name``.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from referee.language.groups import GROUPS
from referee.language.kinds import GROUPS as GROUPS_OF_KINDS
from referee.language.kinds import SCANNERS
from referee.language.nodes import Node, Scalar, Sequence, describe
from referee.language.problems import Enough, Flaw, Problems, shorten, unknown
from referee.language.scalars import text_of
from referee.language.vocabulary import SCANNER_ALIASES, SCANNER_NAMES
from referee.model.catalogue import Tool

_REFERENCE: Final = re.compile(r"\$([A-Za-z_][A-Za-z0-9_-]*)")
OPEN_KINDS: Final = "*"
"""Stands among the kinds of a scanner that may have others."""
_OF_DATA: Final = ("pii", "secret")
"""The scanners whose findings can be taken out."""
MAX_VALUES: Final = 10_000
MAX_REPEATED: Final = 500_000
_ESCAPED: Final = re.compile(r"\$\$[A-Za-z_]")


class Listing(msgspec.Struct, frozen=True):
    """Which tools there are: ``known`` are all names, if ``closed``; ``servers`` are those of which all are listed."""

    known: frozenset[str] = frozenset()
    closed: bool = False
    servers: frozenset[str] = frozenset()


OPEN: Final = Listing()


class Frame(msgspec.Struct):
    """What is known while a file is read: its problems, its named values, and the tools a condition is about.

    ``words`` are those that attributes can be because of the file's own classes and regions; ``asked`` are the labels of values
    that its conditions mention, and where; ``scanners`` are those that can be named, with their kinds.
    """

    problems: Problems
    lists: dict[str, tuple[Scalar, ...]] = {}
    groups: dict[str, tuple[Scalar, ...]] = {}
    catalog: dict[str, Tool] = {}
    words: dict[str, tuple[str, ...]] = {}
    tools: tuple[Tool, ...] = ()
    listing: Listing = OPEN
    asked: dict[str, Scalar] = {}
    scanners: dict[str, tuple[str, ...]] = msgspec.field(default_factory=lambda: SCANNERS)


def reference(node: Node) -> str | None:
    """Give the name that a ``$name`` refers to; ``None`` if the node is not one."""
    if not isinstance(node, Scalar) or not node.text.startswith("$"):
        return None
    found = _REFERENCE.fullmatch(node.text)
    return found[1] if found else None


def expand(node: Node, frame: Frame, what: str = "a value") -> tuple[Scalar, ...]:
    """Give the scalars of a list or of one value, with the values of lists and groups in place of their names.

    Raises:
        Flaw: a member is a list or a mapping, or a name is unknown.
    """
    if isinstance(node, Scalar):
        if not node.text.startswith("$"):
            return (node,)
        name = reference(node)
        if name is not None:
            return named(name, node, frame)
        return (Scalar(node.start, node.end, node.text[1:], plain=False) if _ESCAPED.match(node.text) else node,)
    if not isinstance(node, Sequence):
        raise Flaw("wrong-type", f"expected {what} or a list, found {describe(node)}", node)
    found: list[Scalar] = []
    for item in node.items:
        if not isinstance(item, Scalar):
            raise Flaw("wrong-type", f"expected {what}, found {describe(item)}", item)
        found.extend(expand(item, frame, what))
        if len(found) > MAX_VALUES:
            raise Flaw("too-many-aliases", f"a list has more than {MAX_VALUES} values", node)
    return tuple(found)


def named(name: str, node: Scalar, frame: Frame) -> tuple[Scalar, ...]:
    """Give the values of a list or a group.

    Raises:
        Flaw: there is none of this name.
        Enough: names repeat so many values that reading on would take too long.
    """
    values = frame.lists.get(name)
    values = frame.groups.get(name) if values is None else values
    if values is not None:
        frame.problems.repeated += len(values)
        if frame.problems.repeated > MAX_REPEATED:
            frame.problems.add(Flaw("too-many-aliases", f"names repeat more than {MAX_REPEATED} values", node))
            raise Enough
        return values
    if name in GROUPS:
        return tuple(Scalar(node.start, node.end, text, plain=False) for text in GROUPS[name])
    flaw = unknown("unknown-name", "list or group", name, node, (*frame.lists, *frame.groups, *GROUPS))
    told = flaw.help or ""
    separator = " " if told.endswith("?") else "; " if told else ""
    raise Flaw(flaw.code, flaw.message, node, f"{told}{separator}write `$${name}` for the text `${name}`")


def scanner_of(node: Node, frame: Frame) -> str:
    """Read the name of a scanner, in any of its spellings.

    Raises:
        Flaw: there is none of this name.
    """
    name = text_of(node, "the name of a scanner")
    name = SCANNER_ALIASES.get(name, name)
    if name not in frame.scanners:
        raise unknown("unknown-scanner", "scanner", name, node, dict.fromkeys((*SCANNER_NAMES, *frame.scanners)))
    return name


def kinds_of(nodes: tuple[Scalar, ...], scanner: str, frame: Frame) -> tuple[str, ...]:
    """Read kinds of findings of one scanner, or groups of them; tell those that it does not know."""
    found = frame.problems.each(lambda node: _kinds(node, scanner, frame), nodes)
    return tuple(dict.fromkeys(kind for kinds in found for kind in kinds))


def _kinds(node: Scalar, scanner: str, frame: Frame) -> tuple[str, ...]:
    kind = text_of(node, "a kind of finding")
    if kind in frame.scanners[scanner] or OPEN_KINDS in frame.scanners[scanner]:
        return (kind,)
    groups = GROUPS_OF_KINDS if scanner == "pii" else {}
    if kind in groups:
        return groups[kind]
    flaw = unknown("unknown-kind", "kind", kind, node, (*frame.scanners[scanner], *groups))
    raise Flaw(flaw.code, f"the scanner `{scanner}` has no kind `{shorten(kind)}`", node, flaw.help)


def sorted_kinds(nodes: tuple[Scalar, ...], frame: Frame) -> dict[str, tuple[str, ...]]:
    """Read kinds of data (personal, secret, one's own), by scanner; a scanner's name stands for all its kinds (``()``)."""
    found: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        frame.problems.attempt(_sort_kind, node, found, frame)
    return found


def _sort_kind(node: Scalar, found: dict[str, tuple[str, ...]], frame: Frame) -> None:
    kind = text_of(node, "a kind of finding")
    scanner = SCANNER_ALIASES.get(kind, kind)
    known = {name: kinds for name, kinds in frame.scanners.items() if name in _OF_DATA or name not in SCANNERS}
    if scanner in known:
        found[scanner] = ()
        return
    owner = next((name for name, kinds in known.items() if kind in kinds), None)
    group = GROUPS_OF_KINDS.get(kind, ()) if owner is None else ()
    owner = owner or ("pii" if group else next((name for name, kinds in known.items() if OPEN_KINDS in kinds), None))
    if owner is None:
        words = (word for kinds in known.values() for word in kinds)
        raise unknown("unknown-kind", "kind of data", kind, node, (*words, *known, *GROUPS_OF_KINDS))
    if found.get(owner, (kind,)):
        found[owner] = tuple(dict.fromkeys((*found.get(owner, ()), *(group or (kind,)))))
