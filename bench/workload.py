"""What every engine is asked: rules in a neutral form, calls that are fresh each round, and the right answers.

Rule 1: standard library only; this module also runs inside the environments of the peers.
Rule 2: every call matches at most one rule, so that first-match and all-match engines must agree.
Rule 3: half the calls match one rule, at any position; half match none, many of them by a hair.
Rule 4: a round never repeats the texts of another round: who remembers the last round gains nothing.
Rule 5: an agent has a box of tools, as many with ten rules as with ten thousand: the rules that the calls of a repeat are about
stand anywhere in the list, and are ``TOOLS`` at most. The workloads named ``… spread`` have no box: every call is about another rule.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

Test = tuple[str, str, Any]

TOOLS: Final = 64
"""How many rules the calls of one repeat are about; more tools than most agents have."""
REPEAT: Final = 1_000
"""Turns of one repeat."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Deny the calls whose tool fits ``tool`` (none: any; ``*`` is a glob) and whose arguments pass all ``tests``."""

    name: str
    tool: str | None = None
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call and the rule that denies it (``None``: it is allowed)."""

    tool: str
    args: dict[str, Any]
    expected: str | None


def _exact(at: int) -> Rule:
    return Rule(f"r{at}", f"svc{at}.delete_records")


def _glob(at: int) -> Rule:
    return Rule(f"r{at}", f"svc{at}.admin_*")


def _single(at: int) -> Rule:
    return Rule(f"r{at}", None, (("account", "eq", f"acct-{at:06}"),))


def _conditions(at: int) -> Rule:
    low = 1_000_000 + at * 100
    shapes: tuple[tuple[Test, ...], ...] = (
        (("region", "eq", f"zone-{at:06}"), ("amount", "gt", 500)),
        (("amount", "gt", low), ("amount", "lt", low + 100), ("count", "lt", 5)),
        (("path", "prefix", f"/data/t{at:06}/"),),
    )
    return Rule(f"r{at}", None, shapes[at % 3])


def _word(source: random.Random, length: int = 8) -> str:
    return "".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=length))


def _plain(source: random.Random) -> dict[str, Any]:
    """Arguments that no rule of any workload matches."""
    return {
        "account": f"acct-{source.randrange(500_000, 999_999)}",
        "region": f"zone-{_word(source)}",
        "amount": source.randrange(1, 100_000),
        "count": source.randrange(5, 1_000),
        "path": f"/home/{_word(source)}/{_word(source)}.csv",
        "note": " ".join(_word(source, source.randrange(2, 9)) for _ in range(6)),
    }


def _call_exact(source: random.Random, at: int, hit: bool) -> tuple[str, dict[str, Any]]:
    return f"svc{at}.delete_records" if hit else f"svc{at}.read_{_word(source)}", _plain(source)


def _call_glob(source: random.Random, at: int, hit: bool) -> tuple[str, dict[str, Any]]:
    return f"svc{at}.{'admin' if hit else 'user'}_{_word(source)}", _plain(source)


def _call_single(source: random.Random, at: int, hit: bool) -> tuple[str, dict[str, Any]]:
    return f"svc{at}.{_word(source)}", _plain(source) | ({"account": f"acct-{at:06}"} if hit else {})


def _call_conditions(source: random.Random, at: int, hit: bool) -> tuple[str, dict[str, Any]]:
    within = 1_000_000 + at * 100 + source.randrange(1, 100)
    changes: tuple[dict[str, Any], ...] = (
        {"region": f"zone-{at:06}", "amount": source.randrange(501, 100_000) if hit else source.randrange(1, 501)},
        {"amount": within, "count": source.randrange(5) if hit else source.randrange(5, 50)},
        {"path": f"/data/{'t' if hit else 'u'}{at:06}/{_word(source)}.csv"},
    )
    return f"svc{at}.{_word(source)}", _plain(source) | changes[at % 3]


@dataclass(frozen=True, slots=True)
class Workload:
    """A kind of rules and the calls that go with them."""

    name: str
    about: str
    rule: Callable[[int], Rule]
    call: Callable[[random.Random, int, bool], tuple[str, dict[str, Any]]]
    tools: int | None = TOOLS

    def rules(self, count: int) -> list[Rule]:
        """Make the first ``count`` rules."""
        return [self.rule(at) for at in range(count)]

    def calls(self, count: int, turn: int, many: int = 512) -> Iterator[Call]:
        """Make the calls of one round against ``count`` rules: hit and miss by turns, positions at random."""
        source = random.Random(f"{self.name}/{count}/{turn}")
        box = self._box(count, turn // REPEAT)
        for number in range(many):
            at, hit = source.choice(box), number % 2 == 0
            tool, args = self.call(source, at, hit)
            yield Call(tool, args, f"r{at}" if hit else None)

    def _box(self, count: int, repeat: int) -> Sequence[int]:
        """Pick the rules that a repeat is about."""
        if self.tools is None or self.tools >= count:
            return range(count)
        return random.Random(f"{self.name}/{count}/box {repeat}").sample(range(count), self.tools)

    def tour(self, count: int) -> Iterator[Call]:
        """Make one call to each of ``count`` rules, in random order."""
        source = random.Random(f"{self.name}/{count}/tour")
        for at in source.sample(range(count), count):
            yield Call(*self.call(source, at, True), f"r{at}")


WORKLOADS: Final = {
    workload.name: workload
    for workload in (
        Workload("exact", "rule i names tool i", _exact, _call_exact),
        Workload("glob", "rule i is `svc{i}.admin_*`", _glob, _call_glob),
        Workload("single", "no tool; one argument equals a value", _single, _call_single),
        Workload("conditions", "no tool; equality and bound, two bounds, path prefix", _conditions, _call_conditions),
        Workload("exact spread", "as exact, every call about another rule", _exact, _call_exact, None),
        Workload("glob spread", "as glob, every call about another rule", _glob, _call_glob, None),
    )
}

_TESTS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda value, operand: value == operand,
    "gt": lambda value, operand: value > operand,
    "lt": lambda value, operand: value < operand,
    "prefix": lambda value, operand: value.startswith(operand),
}


def answer(rules: Sequence[Rule], call: Call) -> str | None:
    """Decide the slow and obvious way: the first rule that fits."""
    for rule in rules:
        if (rule.tool is None or fnmatchcase(call.tool, rule.tool)) and all(
            _TESTS[op](call.args[key], operand) for key, op, operand in rule.tests
        ):
            return rule.name
    return None


_WRITTEN: Final = {"eq": "{}", "gt": "{{gt: {}}}", "lt": "{{lt: {}}}", "prefix": "{{starts_with: {}}}"}


def as_policy(rules: Sequence[Rule], more: str = "", *, wordy: bool = False) -> str:
    """Write rules as a Referee policy file; ``wordy`` adds the name, severity and message a real file has."""
    lines = ["version: 1", "id: bench", "default: allow", *([more] if more else []), "policies:"]
    for rule in rules:
        lines.append(f"  - id: {rule.name}")
        if wordy:
            lines += [f"    name: Rule {rule.name} of the bench", "    severity: high"]
        lines.append("    when:")
        if rule.tool is not None:
            lines.append(f'      tool: "{rule.tool}"')
        lines += [f"      args.{key}: {said}" for key, said in _conditions_of(rule)]
        lines.append("    action: deny")
        if wordy:
            lines.append(f'    message: "this is what rule {rule.name} says to the agent"')
    return "\n".join(lines) + "\n"


def _conditions_of(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield an argument and its condition in YAML; two bounds of one argument become one mapping."""
    together: dict[str, list[Test]] = {}
    for test in rule.tests:
        together.setdefault(test[0], []).append(test)
    for key, tests in together.items():
        said = [
            _WRITTEN[op].format(f'"{operand}"' if isinstance(operand, str) else operand) for _, op, operand in tests
        ]
        yield key, said[0] if len(said) == 1 else "{" + ", ".join(one[1:-1] for one in said) + "}"
