"""Which rules tests made match, and which of their conditions came out both ways.

Rule 1: a rule that is off is not counted; a limit is covered by a decision that it gave.
Rule 2: a condition is covered when it held in one decision and did not hold in another.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from referee.enforce.explained import views_of
from referee.enforce.gather import Gathering
from referee.engine.explain import explain
from referee.engine.program import Program
from referee.model.decision import Decision
from referee.model.programs import Limit, Rule
from referee.model.request import Request

Part = Rule | Limit


class Uncovered(msgspec.Struct, frozen=True):
    """A rule that never matched, or a condition of it that only came out one way (``only``)."""

    id: str
    source: str
    condition: str = ""
    only: str = ""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the policies the tests have seen."""

    rules: int
    rules_matched: int
    conditions: int
    conditions_both_ways: int
    uncovered: tuple[Uncovered, ...]

    @property
    def percent(self) -> float:
        """The covered share of rules and conditions together; 100 if there are none.

        >>> Summary(rules=2, rules_matched=1, conditions=2, conditions_both_ways=2, uncovered=()).percent
        75.0
        """
        of = self.rules + self.conditions
        return 100 * (self.rules_matched + self.conditions_both_ways) / of if of else 100.0


class Coverage:
    """What the tests of several files have seen, by the place of each rule."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str], Part] = {}
        self._matched: set[tuple[str, str]] = set()
        self._seen: dict[tuple[str, str], dict[tuple[int, str], set[str]]] = {}
        self._rules: dict[int, list[Rule]] = {}

    def about(self, program: Program) -> None:
        """Take the rules and limits of a program into account."""
        rules = [rule for rule in program.rules if rule.mode != "off"]
        self._rules[id(program)] = rules
        parts: list[Part] = [*rules, *(limit for limit in program.limits if limit.mode != "off")]
        for part in parts:
            self._parts.setdefault((part.full, part.source), part)

    def add(self, decision: Decision, gathering: Gathering) -> None:
        """See what one decision shows."""
        for part in (*decision.rules, *decision.would_have, *decision.deciding):
            self._matched.add((part.full, part.source))
        request = gathering.request
        for rule in self._rules[id(gathering.loaded.program)]:
            if request.phase not in rule.phases:
                continue
            known = self._seen.setdefault((rule.full, rule.source), {})
            for view in views_of(rule, gathering):
                for line in view:
                    known.setdefault((line.line, line.test), set()).add(line.outcome)

    def summary(self) -> Summary:
        """Sum up."""
        uncovered: list[Uncovered] = []
        conditions = both = 0
        for key, part in self._parts.items():
            if key not in self._matched:
                uncovered.append(Uncovered(part.id, part.source))
            for (line, test), outcomes in self._outcomes(key, part).items():
                conditions += 1
                ways = outcomes & {"holds", "does not hold"}
                if len(ways) == 2:
                    both += 1
                    continue
                place = f"{part.source.rpartition(':')[0]}:{line}" if line else part.source
                uncovered.append(Uncovered(part.id, place, test, _only(ways, outcomes)))
        return Summary(
            rules=len(self._parts),
            rules_matched=len(self._matched & self._parts.keys()),
            conditions=conditions,
            conditions_both_ways=both,
            uncovered=tuple(uncovered),
        )

    def _outcomes(self, key: tuple[str, str], part: Part) -> dict[tuple[int, str], set[str]]:
        """Give the outcomes of every condition of a rule, also of those that no decision asked."""
        if not isinstance(part, Rule):
            return {}
        asked = {(line.line, line.test): set[str]() for line in explain(part, _NOTHING, {})}
        return asked | self._seen.get(key, {})


def _only(ways: set[str], outcomes: set[str]) -> str:
    return next(iter(ways)) if ways else "cannot be decided" if outcomes else ""


_NOTHING: Final = Request()


def as_json(summary: Summary) -> dict[str, Any]:
    """Give a summary as JSON types."""
    told: dict[str, Any] = msgspec.to_builtins(summary)
    return {**told, "percent": round(summary.percent, 1)}
