"""What the world contributes to a decision, as typed values.

Rule 1: a fact is a value. Nothing here looks at a clock, a file, a socket or a counter.
Rule 2: a fact that could not be had is ``Failed`` with the reason; it is never left out and never an exception.
Rule 3: no fact carries the raw value of a secret or of personal data; a finding is a kind, a place and a length.

Facts are keyed by name: ``time@Europe/Rome``, ``counter.cost_today@UTC``, ``limit.support/daily``, ``http``, ``file``,
``shell``, ``sql``, ``rewrite.<change>``, ``tool``, ``scan.<scanner>``, ``labels.<attribute>`` and ``grant``. A facet the request
does not have is ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from referee.model.sql import SqlFacet


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """A fact that could not be had, and why in one lower-case sentence."""

    reason: str


class Finding(msgspec.Struct, frozen=True, tag="finding"):
    """Something a scanner recognised in one string of a request.

    ``path`` names the string as an attribute would (``args.to``, ``args.lines[2]``, ``result``, ``text``); a finding in
    a mapping key has ``key`` set and the path of the mapping entry. ``start`` and ``end`` count characters of the
    original string. ``score`` is between 0 and 1.
    """

    scanner: str
    kind: str
    path: str
    start: int
    end: int
    score: float = 1.0
    key: bool = False


class Clock(msgspec.Struct, frozen=True, tag="clock"):
    """The moment of the decision in one time zone.

    ``hour`` counts from 0 to 23, ``weekday`` is ``monday`` to ``sunday``, ``date`` is ``2026-11-24``.
    """

    hour: int
    weekday: str
    date: str


class HttpFacet(msgspec.Struct, frozen=True, tag="http"):
    """Where an HTTP request goes, after parsing and normalisation.

    ``host`` is lower case, IDNA-encoded, without trailing dot, user info or default port. ``domain`` is the
    registrable domain, or the host where there is none. ``address`` is ``public``, ``private``, ``loopback``,
    ``link_local``, ``metadata`` or ``reserved`` for an IP address or a name that means one, ``name`` for any other name.
    ``lookalike`` says that the name is drawn like another one.
    """

    url: str
    scheme: str
    host: str
    domain: str
    port: int | None
    path: str
    method: str
    address: str
    region: str | None = None
    lookalike: bool = False


class FileFacet(msgspec.Struct, frozen=True, tag="file"):
    """One file an action touches: its resolved path and how it is touched.

    ``access`` is ``read``, ``write``, ``delete`` or ``execute``; ``classes`` are names such as ``secret``,
    ``private_key``, ``env_file``, ``ci_cd``. ``inside_workspace`` is unknown (``None``) without a workspace.
    """

    path: str
    access: str
    classes: tuple[str, ...] = ()
    inside_workspace: bool | None = None


class Command(msgspec.Struct, frozen=True, tag="command"):
    """One program a shell text runs: its words after expansion; ``None`` is a word that cannot be known."""

    words: tuple[str | None, ...]


class ShellFacet(msgspec.Struct, frozen=True, tag="shell"):
    """What a shell text does, however it is spelled.

    ``effects`` are names such as ``delete``, ``network``, ``privilege``. ``missing`` says what could not be resolved:
    an entry ``effect: …`` hides commands or effects, any other only words, paths or hosts. The text is resolved when it is
    empty.
    """

    commands: tuple[Command, ...] = ()
    effects: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def resolved(self) -> bool:
        """Whether every part of the text is known."""
        return not self.missing

    @property
    def complete(self) -> bool:
        """Whether every command and effect is known, though perhaps not every word."""
        return None not in self.programs and not any(entry.startswith("effect:") for entry in self.missing)

    @property
    def programs(self) -> tuple[str | None, ...]:
        """The program of every command, without its folder; ``None`` where it cannot be known."""
        names = [command.words[0] if command.words else None for command in self.commands]
        return tuple(None if name is None else name.rsplit("/", 1)[-1] for name in names)


class ToolFacet(msgspec.Struct, frozen=True, tag="tool"):
    """What the tool of a call is, in canonical names such as ``shell.exec``.

    ``readings`` are the meanings that the call can have, each with all its names; there is more than one where agents use
    one name for different things. ``sure`` is false for a tool that is only known by its name, on a server that is not.
    """

    readings: tuple[tuple[str, ...], ...] = ()
    sure: bool = True


class Rewrite(msgspec.Struct, frozen=True, tag="rewrite"):
    """A SQL text as a change of it would have it: where it stands in the arguments, and the new text."""

    path: tuple[str | int, ...]
    text: str


class Grant(msgspec.Struct, frozen=True, tag="grant"):
    """An approval that covers exactly this request: who gave it, and under which id."""

    id: str
    by: str = ""


class Piece(msgspec.Struct, frozen=True, tag="piece"):
    """A piece of a value that carries a label: ``how`` says by what it was recognised, never what it is.

    ``how`` is ``value`` (the whole of it), ``address``, ``link``, ``account``, ``number`` or ``id`` (one word of that shape), or
    ``text`` (a stretch of it); ``encoded`` says that it had to be decoded first.
    """

    label: str
    how: str
    encoded: bool = False


class Word(msgspec.Struct, frozen=True, tag="word"):
    """The labels under which a word was seen before that is an ``address``, ``link``, ``account``, ``number`` or ``id``."""

    how: str
    labels: tuple[str, ...] = ()


class Origins(msgspec.Struct, frozen=True, tag="origins"):
    """Where the strings and numbers at or below an attribute came from, by the labels of values seen before.

    ``pieces`` are the labels of which they carry a piece. ``words`` has, for all their words, every different set of labels under
    which one was seen; ``()`` is a word seen under none. ``shaped`` is the same for the words that have a shape. Labels in ``lost``
    are not remembered in full any more.
    """

    pieces: tuple[Piece, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    shaped: tuple[Word, ...] = ()
    lost: tuple[str, ...] = ()


Number = int | float | Decimal
Fact = (
    Failed
    | Clock
    | HttpFacet
    | ShellFacet
    | SqlFacet
    | Rewrite
    | ToolFacet
    | Origins
    | Grant
    | tuple[FileFacet, ...]
    | tuple[Finding, ...]
    | Number
    | None
)
Facts = Mapping[str, Fact]
