"""All patterns as one database of hyperscan, which finds in one pass where each may begin.

Rule 1: the database knows supersets of the patterns; it never says that something was found, only where to look.
Rule 2: it is made in seconds and loaded in milliseconds, so it is kept by whoever has a place for it (``Shelf``), under a name that
changes with the patterns, with hyperscan, and with the way supersets are made.
Rule 3: several threads may ask at once: each has scratch space of its own.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from referee.scanners.rules import OVERLAP, Reading, Rule, Spans
from referee.scanners.superset import superset

_OTHER_CASE: Final = re.compile("[\u017f\u212a]")
"""A long s and the sign for kelvin: letters in another case to RE2 alone, so that no superset knows them."""


class Shelf(Protocol):
    """A place where databases are kept from one process to the next, safe from others."""

    def read(self, name: str) -> bytes | None:
        """Return what was kept under a name, if it can be trusted."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Keep something; if that is not possible, nothing happens."""
        ...


class _Shape(msgspec.Struct, frozen=True, array_like=True):
    """How far before the end of an event a pattern begins, at least and at most, and how far it looks."""

    shortest: int
    longest: int
    reach: int


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """A database as it is kept; a rule without a shape is not in it."""

    database: bytes
    shapes: list[_Shape | None]


class Database:
    """Finds places by hyperscan."""

    def __init__(self, rules: Sequence[Rule], kept: _Kept) -> None:
        hyperscan: Any = import_module("hyperscan")
        self._database = hyperscan.loadb(kept.database, hyperscan.HS_MODE_BLOCK)
        self._new: Callable[[], Any] = lambda: hyperscan.Scratch(self._database)
        self._free: list[Any] = [self._new()]
        self._shapes = kept.shapes
        self._rules = rules
        self._scanners = [rule.scanner for rule in rules]
        self._linear = [at for at, rule in enumerate(rules) if rule.pattern.linear]
        self._everywhere = [at for at, shape in enumerate(kept.shapes) if shape is None]
        if len(kept.shapes) != len(rules):
            raise ValueError("this is a database of other patterns")
        for rule, shape in zip(rules, kept.shapes, strict=True):
            rule.reach = OVERLAP if shape is None else min(OVERLAP, shape.reach)

    def find(self, scanner: str, reading: Reading) -> list[tuple[int, Spans]]:
        """Give the rules of a scanner that may match, each with the places where it may begin."""
        found = reading.found
        if found is None:
            found = reading.found = self._ask(reading)
        return found.get(scanner, [])

    def _ask(self, reading: Reading) -> dict[str, list[tuple[int, Spans]]]:
        shapes, scanners = self._shapes, self._scanners
        spans: dict[int, Spans] = {}
        for rule, ends in self._events(reading.narrow).items():
            shape = shapes[rule]
            assert shape is not None
            places = [(end - shape.longest if end > shape.longest else 0, end - shape.shortest) for end in ends]
            spans[rule] = self._rules[rule].near(reading, places)
        everywhere = [(0, len(reading.text) - 1)]
        spans |= dict.fromkeys(self._everywhere, everywhere)
        if self._linear and _OTHER_CASE.search(reading.text):
            spans |= dict.fromkeys(self._linear, everywhere)
        found: dict[str, list[tuple[int, Spans]]] = {}
        for rule, where in spans.items():
            found.setdefault(scanners[rule], []).append((rule, where))
        return found

    def _events(self, data: bytes) -> dict[int, list[int]]:
        events: dict[int, list[int]] = {}

        def note(rule: int, _start: int, end: int, _flags: int, _context: object) -> None:
            known = events.get(rule)
            if known is None:
                events[rule] = [end]
            else:
                known.append(end)

        try:
            scratch = self._free.pop()
        except IndexError:
            scratch = self._new()
        try:
            self._database.scan(data, match_event_handler=note, scratch=scratch)
        finally:
            self._free.append(scratch)
        return events


def load(rules: Sequence[Rule], shelf: Shelf) -> Database | None:
    """Load the database of these rules, if one is kept and fits this machine."""
    try:
        kept = shelf.read(name_of(rules))
        return None if kept is None else Database(rules, msgspec.msgpack.decode(kept, type=_Kept))
    except Exception:  # noqa: BLE001 - not installed, of another machine, damaged: done without
        return None


def make(rules: Sequence[Rule], shelf: Shelf | None = None) -> Database | None:
    """Make the database of these rules, and keep it."""
    try:
        kept = _compiled(rules)
        made = Database(rules, kept)
        if shelf is not None:
            shelf.write(name_of(rules), msgspec.msgpack.encode(kept))
    except Exception:  # noqa: BLE001 - not installed, or it cannot: done without
        return None
    return made


def _compiled(rules: Sequence[Rule]) -> _Kept:
    hyperscan: Any = import_module("hyperscan")
    shapes: list[_Shape | None] = []
    expressions: list[bytes] = []
    numbers: list[int] = []
    for at, rule in enumerate(rules):
        found = superset(rule.pattern.pattern)
        longest = OVERLAP if found is None or found.longest is None else min(OVERLAP, found.longest)
        shapes.append(None if found is None else _Shape(found.shortest, longest, found.reach))
        if found is not None:
            expressions += (expression.encode() for expression in found.expressions)
            numbers += [at] * len(found.expressions)
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=expressions, ids=numbers, elements=len(numbers), flags=[0] * len(numbers))
    return _Kept(hyperscan.dumpb(database), shapes)


_MAKER: Final = Path(__file__).with_name("superset.py")


def name_of(rules: Sequence[Rule]) -> str:
    """Name the database of these rules on this machine.

    Raises:
        ImportError: hyperscan is not installed.
    """
    digest = sha256(_MAKER.read_bytes() + Path(__file__).read_bytes())
    version: str = import_module("hyperscan").__version__
    digest.update(f"{version}\0{platform.machine()}\0{platform.python_version()}".encode())
    for rule in rules:
        digest.update(b"\0" + rule.pattern.pattern.encode())
    return f"patterns-{digest.hexdigest()[:40]}"
