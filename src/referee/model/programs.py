"""What a policy means once it is checked: conditions, rules, limits, layers.

The compiler writes these, the engine and the reference read them.

Rule 1: nothing here is text to be interpreted. Attributes are split into root and path, numbers are exact, names are final.
Rule 2: everything here can be written as MessagePack and read back equal.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import msgspec

from referee.model.catalogue import Tool
from referee.model.names import Action, Mode, OnError, Phase, Severity, Style, Verdict
from referee.model.packs import Pattern
from referee.model.sql import SqlChange


class Exact(msgspec.Struct, frozen=True, gc=False, tag="exact"):
    """A number with a fraction, or beyond 64 bits, kept exactly as text."""

    text: str

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.text)


class Scan(msgspec.Struct, frozen=True, gc=False, tag="scan", omit_defaults=True):
    """The operand of a scan: which scanner, which of its kinds (none: all), and the least score that counts.

    ``wanted`` is false in ``contains_pii: false``, which holds when nothing is found.
    """

    scanner: str
    kinds: tuple[str, ...] = ()
    min_score: Exact = Exact("0.5")
    wanted: bool = True


class Pieces(msgspec.Struct, frozen=True, gc=False, tag="pieces"):
    """The operand of ``from``, ``from_only`` and ``never_from`` about some shapes of words or pieces alone, such as ``link``."""

    labels: tuple[str, ...]
    shapes: tuple[str, ...]


Scalar = None | bool | int | str | Exact
Operand = Scalar | Scan | Pieces | tuple[Scalar, ...]


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """What a test looks at: ``args`` with a path, or a name without one such as ``agent.id``, ``http.host``.

    Roots that take a path are ``args``, ``result``, ``context`` and ``signals``; ``counter`` takes the counter's name.
    """

    root: str
    path: tuple[str | int, ...] = ()


class Test(msgspec.Struct, frozen=True, gc=False, tag="test", omit_defaults=True):
    """One comparison: ``attribute op operand``. ``line`` is where it stands in the rule's file."""

    __test__ = False

    attribute: Attribute
    op: str
    operand: Operand = None
    line: int = 0


class All(msgspec.Struct, frozen=True, gc=False, tag="all"):
    """Every part holds. No parts: always true."""

    parts: tuple[Test | All | Any_ | Not, ...] = ()


class Any_(msgspec.Struct, frozen=True, gc=False, tag="any"):  # noqa: N801 - `Any` is taken
    """Some part holds. No parts: never true."""

    parts: tuple[Test | All | Any_ | Not, ...] = ()


class Not(msgspec.Struct, frozen=True, gc=False, tag="not"):
    """The part does not hold; an error stays an error."""

    part: Test | All | Any_ | Not


Condition = Test | All | Any_ | Not

ALWAYS = All()
NEVER = Any_()


class Scope(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """To whom a rule applies: lists are any-of, fields are all-of, entries are globs.

    ``tags`` and ``roles`` hold when one of the agent's tags, the agent's role or one of the user's roles fits. An
    absent value fits nothing.
    """

    agents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, gc=False):
    """One step of a ``modify``: ``set``, ``append``, ``floor``, ``cap`` or ``remove`` at a path of the arguments."""

    op: Literal["set", "append", "floor", "cap", "remove"]
    path: tuple[str | int, ...]
    value: Any = None


class Redact(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a ``redact`` removes: findings of ``scanners`` limited to ``kinds`` (none: all), and whole ``fields``."""

    scanners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    fields: tuple[Attribute, ...] = ()
    style: Style = "placeholder"


class Labels(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Which labels a ``label`` adds and removes, on the session or on values.

    Values are those at ``fields``, or, if there are none, what the attribute ``text`` stands for. A label that is not ``sure``,
    because the rule is in error, says that a value may be what it says, and never that it is.
    """

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    on: Literal["session", "value"] = "session"
    fields: tuple[Attribute, ...] = ()
    sure: bool = True


class Rule(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One rule, final: scopes of file and rule are both in ``scopes`` (all must hold).

    ``named`` says that the rule names its tool or kind, so that an absent argument is an error and not false.
    ``specificity`` is (agent, tool, environment), each compared in turn. ``source`` is ``file:line``. ``id`` is unique
    in its file, ``file`` is the file's id; ``layer`` counts from 0, the outermost.
    """

    id: str
    file: str
    source: str
    action: Action
    layer: int = 0
    mode: Mode = "enforce"
    priority: int = 0
    specificity: tuple[int, int, int] = (0, 0, 0)
    kinds: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ("pre",)
    scopes: tuple[Scope, ...] = ()
    when: Condition = ALWAYS
    unless: Condition = NEVER
    named: bool = False
    on_error: OnError = "deny"
    timezone: str = "UTC"
    severity: Severity | None = None
    name: str = ""
    message: str = ""
    approvers: tuple[str, ...] = ()
    quorum: int = 1
    timeout: int | None = None
    on_timeout: Literal["deny", "terminate"] = "deny"
    changes: tuple[Change, ...] = ()
    sql: SqlChange | None = None
    redact: Redact | None = None
    channels: tuple[str, ...] = ()
    labels: Labels | None = None
    references: tuple[str, ...] = ()
    owner: str = ""
    expires: str = ""
    description: str = ""

    @property
    def full(self) -> str:
        """The rule's name among all files: ``file/id``."""
        return f"{self.file}/{self.id}"


class Threshold(msgspec.Struct, frozen=True, gc=False):
    """What happens when usage reaches ``at``, an amount in the limit's measure."""

    at: Exact
    action: Action
    message: str = ""


class Limit(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """How much may be used, by whom, in which window.

    ``measure`` is ``calls``, ``spend`` or ``tokens``; ``cap`` is the most that may be used. ``window`` is ``run``,
    a sliding span ``60s`` (seconds), or a calendar span ``hour``, ``day``, ``week``, ``month`` in ``timezone``.
    ``per`` is one of run, session, agent, team, user, tool, environment, all.
    """

    id: str
    file: str
    source: str
    measure: Literal["calls", "spend", "tokens"]
    cap: Exact
    layer: int = 0
    per: str = "run"
    window: str = "run"
    timezone: str = "UTC"
    action: Action = "deny"
    mode: Mode = "enforce"
    severity: Severity | None = None
    kinds: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    when: Condition = ALWAYS
    named: bool = False
    message: str = ""
    name: str = ""
    approvers: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()

    @property
    def full(self) -> str:
        """The limit's name among all files: ``file/id``, which is also its fact (``limit.file/id``)."""
        return f"{self.file}/{self.id}"


class Asked(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The labels of values that conditions ask about: ``whole`` by ``from`` and ``from_only``, ``pieces`` by ``never_from``.

    ``whole_at`` and ``pieces_at`` are the attributes of which they ask it.
    """

    whole: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    whole_at: tuple[str, ...] = ()
    pieces_at: tuple[str, ...] = ()


class Layer(msgspec.Struct, frozen=True, gc=False):
    """One of the stacked sets of files: what happens when nothing in it matches, by kind of request."""

    name: str
    defaults: dict[str, Verdict]


class Policies(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """All checked files of all layers: what a program is compiled from, and what the reference interpreter runs.

    ``digest`` names the texts it was made from; ``on_failure`` says per component (store, scanner, audit, approvals)
    what a failure of it does; ``tools`` is the catalogue the files add, ``scanners`` the patterns they add, by scanner.
    """

    layers: tuple[Layer, ...]
    rules: tuple[Rule, ...] = ()
    limits: tuple[Limit, ...] = ()
    tools: dict[str, Tool] = {}
    on_failure: dict[str, str] = {}
    digest: str = ""
    scanners: dict[str, tuple[Pattern, ...]] = {}
