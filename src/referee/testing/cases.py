"""What a test of a policy is: who acts where and when, what is attempted step by step, what is expected.

Rule 1: everything a decision depends on is said in the test or has a fixed value; no test looks at this machine or its clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from referee.model.names import Verdict
from referee.model.source import Span

NOON: Final = "2026-01-05T12:00:00Z"
"""The time of a test that says none: a Monday."""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts in a test, when (seconds since 1970), and where."""

    who: Mapping[str, Any] = {}
    now: float | None = None
    place: Mapping[str, str] = {}


class Expect(msgspec.Struct, frozen=True, kw_only=True):
    """What a step shall come to. ``None``: whatever it is.

    ``rules`` are exactly those that gave the verdict, ``matched`` are among those that matched, ``not_matched`` are not.
    ``errors`` are the rules that could not be decided, ``labels`` those of the session afterwards. ``redacted`` are the
    kinds removed at a path. ``args``, ``result``, ``text`` and ``url`` are as the action runs. ``never`` must not be in it.
    """

    decision: Verdict | None = None
    rules: frozenset[str] | None = None
    matched: frozenset[str] = frozenset()
    not_matched: frozenset[str] = frozenset()
    message: str | None = None
    message_contains: str | None = None
    approvers: frozenset[str] | None = None
    alerts: frozenset[str] | None = None
    errors: frozenset[str] | None = None
    would_have: frozenset[str] | None = None
    labels: frozenset[str] | None = None
    redacted: Mapping[str, frozenset[str]] | None = None
    runs: Mapping[str, Any] = {}
    never: tuple[str, ...] = ()


Between = Literal["wait", "approve", "reject", "settle"]
"""What happens between two actions."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happens: an action with facts of its own and what is expected, or something between actions.

    ``given`` are the arguments of ``wait`` (seconds), ``approve`` and ``reject`` (by whom), ``settle`` (the real cost).
    An action is decided ``times`` times; what is expected is expected of the last.
    """

    does: Literal["request"] | Between
    span: Span
    given: Mapping[str, Any] = {}
    facts: Mapping[str, Any] = {}
    times: int = 1
    expect: Expect | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One test: its name, its scene and its steps, all in one session."""

    name: str
    span: Span
    scene: Scene
    steps: tuple[Step, ...]


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """A file of tests, and the policies it is about: each a layer, the first the outermost."""

    path: str
    policies: tuple[str, ...]
    cases: tuple[Case, ...]


class Failed(msgspec.Struct, frozen=True):
    """A step that did not come to what was expected: what differs, and why the rules came out as they did."""

    span: Span
    step: int
    differs: tuple[str, ...]
    why: tuple[str, ...] = ()


class Result(msgspec.Struct, frozen=True):
    """How a test ended; without ``failed`` it passed."""

    case: Case
    seconds: float
    failed: Failed | None = None
