"""The small tree that shell text becomes.

Rule 1: words, assignments and targets stay as they are written; ``words`` reads them when they are followed.
"""

from __future__ import annotations

import msgspec


class Redirect(msgspec.Struct, frozen=True):
    """A redirection: its operator, its target as written, the text of a here-document, and the descriptor."""

    operator: str
    target: str
    body: str | None = None
    descriptor: str = ""


class Simple(msgspec.Struct, frozen=True):
    """A simple command as written: assignments before it, words, redirections."""

    assignments: tuple[str, ...]
    words: tuple[str, ...]
    redirects: tuple[Redirect, ...] = ()


class Pipe(msgspec.Struct, frozen=True):
    """Commands whose outputs feed the next."""

    parts: tuple[Node, ...]


class Block(msgspec.Struct, frozen=True):
    """Statements one after the other; ``kind`` is ``all``, ``chain`` (``&&``, ``||``), ``scope``, ``maybe`` or ``loop``."""

    kind: str
    parts: tuple[Node, ...]
    redirects: tuple[Redirect, ...] = ()


class For(msgspec.Struct, frozen=True):
    """A loop over words; ``words`` is ``None`` for a loop over the positional parameters."""

    name: str
    words: tuple[str, ...] | None
    body: Block


class Function(msgspec.Struct, frozen=True):
    """The definition of a function."""

    name: str
    body: Node


class Expression(msgspec.Struct, frozen=True):
    """A test or arithmetic: only its substitutions run; ``names`` are variables it may change."""

    raws: tuple[str, ...]
    names: tuple[str, ...] = ()


Node = Simple | Pipe | Block | For | Function | Expression
