"""The stage a test plays on: a session of its own with clocks that are turned by hand and facts that are given.

Rule 1: nothing of this machine counts: no clock, no file, no environment variable, no random name.
Rule 2: an amount that is given is put into the store, so that it is drawn from like any other; a failure is given as it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from referee.enforce.desk import Desk, Loaded
from referee.enforce.front import Who
from referee.enforce.gather import Gathering, drive
from referee.enforce.meters import mentioned
from referee.enforce.outcome import Outcome
from referee.enforce.session import Session
from referee.enforce.world import World
from referee.engine.evaluate import Need
from referee.engine.program import Program
from referee.facets.surroundings import Surroundings
from referee.model.facts import Fact, Failed, Finding
from referee.model.programs import Policies
from referee.model.request import Request
from referee.state.memory import MemoryStore
from referee.state.protocol import Posting
from referee.testing.cases import NOON, Scene

_AGAIN = "again/"


class Hands(World):
    """A world whose clocks are turned by hand."""

    def __init__(self, now: float) -> None:
        self.number = itertools.count(1).__next__
        self.prefix = "0" * 16
        self._clocks = {}
        self._secret = itertools.count(1).__next__
        self.now = now

    def wall(self) -> float:
        """Tell the time of the test."""
        return self.now

    def monotonic(self) -> float:
        """Tell the same time: nothing here goes back."""
        return self.now

    def secret(self) -> str:
        """Make a name that is the same in every run."""
        return f"{self._secret():024x}"


class Given(Gathering):
    """Facts, of which some are given."""

    __slots__ = ("given",)

    def __init__(self, session: Staged, request: Request) -> None:
        super().__init__(session.desk, session.desk.loaded, request, session.began)
        self.given = session.given

    def answer(self, need: Need) -> Mapping[str, Fact]:
        """Answer with what is given, else with what is so."""
        given = {name: self.given[plain] for name in need.names if (plain := name.removeprefix(_AGAIN)) in self.given}
        rest = tuple(name for name in need.names if name not in given)
        if rest:
            super().answer(Need(rest, need.tier, need.request))
        self.facts.update(given)
        return self.facts

    def known(self) -> None:
        """Read nothing before it is asked for."""


class Staged(Session):
    """A session on a stage. ``seen`` are the facts of the action that was decided last."""

    def __init__(self, desk: Desk, who: Who) -> None:
        super().__init__(desk, who)
        self.desk = desk
        self.began = desk.world.monotonic()
        self.given: dict[str, Fact] = {}
        self.seen: Given | None = None

    def complete(self, request: Request) -> Request:
        """Fill in who acts."""
        return self._book.complete(request)

    def _gather(self, request: Request) -> Gathering:
        self.seen = Given(self, request)
        return self.seen

    def _decide(self, request: Request) -> Outcome:
        gathering = self._gather(request)
        outcome: Outcome = drive(self._desk.deciding(self._book, request, gathering), gathering.answer)
        return outcome


class Stage:
    """Everything one test needs, made anew for it."""

    def __init__(self, program: Program, scene: Scene) -> None:
        self.program = program
        self.world = Hands(datetime.fromisoformat(NOON).timestamp() if scene.now is None else scene.now)
        self.store = MemoryStore(self.world.wall, self.world.monotonic)
        counters = mentioned(Policies(layers=(), rules=program.rules, limits=program.limits))
        self.desk = Desk(
            Loaded(program, counters),
            world=self.world,
            store=self.store,
            journal=None,
            surroundings=msgspec.convert(scene.place, Surroundings),
        )
        self.session = Staged(self.desk, Who(**scene.who))

    def decide(self, request: Mapping[str, Any], facts: Mapping[str, Any]) -> Outcome:
        """Decide an action with the facts that are given for it alone."""
        self.session.given = {}
        complete = self.session.complete(Request.from_dict(request))
        for name, value in facts.items():
            for full in self._full(name):
                if isinstance(value, (int, float, Decimal)):
                    self._put(full, value, complete)
                else:
                    self.session.given[full] = _fact(full, value)
        return self.session.decide(request)

    def _full(self, name: str) -> list[str]:
        """List the facts that a name means: limits of that id, a counter in every time zone it is read in."""
        head, _, short = name.partition(".")
        if head == "limit" and "/" not in short:
            return [f"limit.{limit.full}" for limit in self.program.limits if limit.id == short]
        if head == "counter" and "@" not in short:
            return [one for one in self.desk.loaded.meters.counters if one.partition("@")[0] == name] or [name]
        return [name]

    def _put(self, name: str, amount: Any, request: Request) -> None:
        """Let an account hold an amount before the action."""
        meters = self.desk.loaded.meters
        repeat = (
            Gathering(self.desk, self.desk.loaded, request, None).repetition()
            if name.endswith("repeated_calls")
            else ""
        )
        try:
            account = meters.account(name, request, repeat)
        except KeyError:
            self.session.given[name] = amount
            return
        held = self.store.read([account])[0]
        missing = Decimal(str(amount)) - held
        self.store.apply([Posting(account, int(missing) if missing == int(missing) else missing)])


def _fact(name: str, value: Any) -> Fact:
    if isinstance(value, dict):
        return Failed(value["failed"])
    scanner = name.removeprefix("scan.")
    return tuple(
        Finding(
            scanner=scanner,
            kind=str(one["kind"]),
            path=str(one.get("path", "args")),
            start=at,
            end=at + 1,
            score=float(one.get("score", 1.0)),
        )
        for at, one in enumerate(value)
    )
