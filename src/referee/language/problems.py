"""Collecting everything that is wrong with a file, instead of stopping at the first.

Rule 1: a reader that cannot go on raises ``Flaw``; whoever reads the entries of a mapping or list catches it and goes
on with the next entry, so that one problem gives one diagnostic.
Rule 2: a diagnostic of the same code at the same place is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, ParamSpec, TypeVar

from referee.language.nodes import Mapping, Node, Scalar, Sequence, span_of
from referee.language.suggest import meant
from referee.model.source import Diagnostic, Level, Span

P = ParamSpec("P")
T = TypeVar("T")
N = TypeVar("N")


class Flaw(Exception):  # noqa: N818 - a signal from a reader to the collector, not an error of the program
    """Something is wrong at a node; ``beside`` is a node of the tree that tells the place if its own is not one."""

    def __init__(
        self,
        code: str,
        message: str,
        node: Node,
        help: str | None = None,  # noqa: A002 - its name in a diagnostic
        beside: Node | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.node = node
        self.help = help
        self.beside = beside


def unknown(code: str, what: str, word: str, node: Node, known: Iterable[str]) -> Flaw:
    """Make the flaw of a word that is not among ``known``, with the nearest ones as help."""
    words = sorted(known) if isinstance(known, frozenset) else list(known)
    near = meant(word, words)
    strange = next(
        (char for char in word if char in "\u00ad\u200b\u2060\ufeff" or (char.isspace() and char != " ")), None
    )
    if strange is not None:
        told: str | None = (
            f"there is an invisible character U+{ord(strange):04X} in it; type it again with plain blanks"
        )
    elif near:
        told = "did you mean " + " or ".join(f"`{name}`" for name in near) + "?"
    elif 0 < len(words) <= MAX_LISTED:
        told = "one of " + ", ".join(f"`{name}`" for name in words)
    else:
        told = None
    return Flaw(code, f"unknown {what} `{shorten(word)}`", node, told)


def shorten(text: str, most: int = 60) -> str:
    """Cut a long piece of a policy text, on one line, for a message."""
    text = "".join(char if char.isprintable() else " " for char in text[: 4 * most])
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


class Enough(Exception):  # noqa: N818 - a signal to stop reading, not an error of the program
    """A file has so many problems that reading on helps nobody."""


MAX_PROBLEMS: Final = 200
MAX_LISTED: Final = 16
MAX_EXCERPT: Final = 2_000


class Problems:
    """What was found in one file so far."""

    def __init__(self, path: str, lines: list[str], root: Node | None = None) -> None:
        self.path = path
        self.lines = lines
        self.root = root
        self.found: list[Diagnostic] = []
        self.repeated = 0
        self._places: dict[int, str] = {}
        self._seen: set[tuple[str, Span, str]] = set()

    def attempt(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Call a reader; keep its flaw and give ``None`` if it has one."""
        try:
            return function(*args, **kwargs)
        except Flaw as flaw:
            self.add(flaw)
            return None

    def each(self, function: Callable[[N], T], nodes: Iterable[N]) -> list[T]:
        """Call a reader with every node; keep the flaws, and give what could be read."""
        found: list[T] = []
        for node in nodes:
            try:
                found.append(function(node))
            except Flaw as flaw:
                self.add(flaw)
        return found

    def add(self, flaw: Flaw, level: Level = "error") -> None:
        """Keep a flaw as a diagnostic.

        Raises:
            Enough: there are as many as anybody reads.
        """
        span = span_of(flaw.node, self.path)
        key = (flaw.code, span, flaw.message)
        if key in self._seen:
            return
        self._seen.add(key)
        line = self.lines[span.line - 1] if span.line <= len(self.lines) else ""
        self.found.append(
            Diagnostic(
                code=flaw.code,
                message=flaw.message,
                span=span,
                level=level,
                where=self._where(flaw.beside or flaw.node),
                help=flaw.help,
                excerpt=line if len(line) <= MAX_EXCERPT else "",
            )
        )
        if len(self.found) >= MAX_PROBLEMS:
            raise Enough

    def _where(self, node: Node) -> str:
        if not self._places and self.root is not None:
            _index(self.root, "$", self._places)
        return self._places.get(id(node), "$")


def _index(root: Node, place: str, places: dict[int, str]) -> None:
    """Note the first place of every node: a key stands where its value does."""
    waiting: list[tuple[Node, str]] = [(root, place)]
    while waiting:
        node, place = waiting.pop()
        if id(node) in places:
            continue
        places[id(node)] = place
        if isinstance(node, Mapping):
            for name, (key, value) in reversed(node.entries.items()):
                below = place + _step(name)
                places.setdefault(id(key), below)
                waiting.append((value, below))
        elif isinstance(node, Sequence):
            waiting.extend((item, f"{place}[{at}]") for at, item in reversed(list(enumerate(node.items))))


def _step(name: str) -> str:
    if name.isascii() and name.replace("_", "a").replace("-", "a").isalnum() and not name[0].isdigit():
        return f".{name}"
    return "['" + shorten(name).replace("'", "\\'") + "']"


def key_of(mapping: Mapping, name: str) -> Scalar:
    """Give the key node of an entry that is there."""
    return mapping.entries[name][0]
