"""A condition tree, compiled once into (request, facts) → truth.

Rule 1: a fact that failed is ``ERROR``; an absent value is ``ERROR`` in a rule that names its tool or kind, else ``FALSE``.
Rule 2: that comes before any negation: ``ne`` on an absent value is not true.
Rule 3: of several values one is enough, and one that cannot be judged is an error unless another is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import msgspec

from referee.engine import operators, origins, runs, sql
from referee.engine.attributes import ABSENT, TOO_BIG, UNGATHERED, fact_of, getter, is_many, is_set
from referee.engine.truth import ERROR, FALSE, NEGATED, TRUE, UNKNOWN, both, of
from referee.model.facts import Clock, Fact, Failed, Finding, Origins, ShellFacet, ToolFacet
from referee.model.programs import All, Asked, Attribute, Condition, Not, Policies, Scan, Test
from referee.model.request import Request
from referee.model.sql import SqlFacet
from referee.model.value import show_path

Truth = Callable[[Request, Mapping[str, Fact]], int]

_NEVER_ABSENT: Final = ("tool", "tool.canonical", "kind", "phase")
_NEGATIONS: Final = {"ne": "eq", "not_in": "in", "count.ne": "count.eq"}


def tests(condition: Condition) -> Iterator[Test]:
    """Yield every test of a tree, in order."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests(condition.part)
    else:
        for part in condition.parts:
            yield from tests(part)


def facts_of(condition: Condition, timezone: str) -> Iterator[str]:
    """Yield the names of the facts a condition mentions."""
    for test in tests(condition):
        if isinstance(test.operand, Scan):
            yield f"scan.{test.operand.scanner}"
        elif test.op in origins.OPERATORS:
            yield origins.fact(test.attribute)
        else:
            fact = fact_of(test.attribute, timezone)
            if fact is not None:
                yield fact


def asked(policies: Policies) -> Asked:
    """Name the labels of values that the conditions of policies ask about."""
    conditions = [condition for rule in policies.rules if rule.mode != "off" for condition in (rule.when, rule.unless)]
    conditions += [limit.when for limit in policies.limits if limit.mode != "off"]
    whole, pieces, whole_at, pieces_at = set[str](), set[str](), set[str](), set[str]()
    for test in (test for condition in conditions for test in tests(condition)):
        if test.op in origins.OPERATORS:
            labels, places = (pieces, pieces_at) if test.op == "never_from" else (whole, whole_at)
            labels.update(origins.labels(test.operand))
            places.add(origins.place(test.attribute))
    return Asked(*(tuple(sorted(names)) for names in (whole, pieces, whole_at, pieces_at)))


def compile_condition(condition: Condition, *, named: bool, timezone: str = "UTC") -> Truth:
    """Compile a tree. ``named`` says that the rule names its tool or kind.

    Raises:
        KeyError: an attribute or operator does not exist.
        ValueError: an operand does not compile.
    """
    if isinstance(condition, Test):
        return _shared(condition.attribute, condition.op, _Operand(condition.operand), named, timezone)
    if isinstance(condition, Not):
        part = compile_condition(condition.part, named=named, timezone=timezone)
        return lambda request, facts: NEGATED[part(request, facts)]
    parts = tuple(compile_condition(part, named=named, timezone=timezone) for part in condition.parts)
    if len(parts) == 1:
        return parts[0]
    return _all(parts) if isinstance(condition, All) else _any(parts)


class _Operand:
    """An operand as part of a key: ``1``, ``True`` and ``1.0`` are equal, but do not mean the same."""

    __slots__ = ("_key", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        members = value if isinstance(value, tuple) else (value,)
        self._key = (value, *map(type, members))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Operand) and self._key == other._key


@lru_cache(4096)
def _shared(attribute: Attribute, op: str, operand: _Operand, named: bool, timezone: str) -> Truth:  # noqa: FBT001 - private
    """Compile a test once for all rules that make it: what many rules share stays close at hand."""
    return _test(Test(attribute, op, operand.value), named, timezone)


def _all(parts: tuple[Truth, ...]) -> Truth:
    def every(request: Request, facts: Mapping[str, Fact]) -> int:
        truth = TRUE
        for part in parts:
            found = part(request, facts)
            if not found:
                return FALSE
            truth = max(truth, found)
        return truth

    return every


def _any(parts: tuple[Truth, ...]) -> Truth:
    def some(request: Request, facts: Mapping[str, Fact]) -> int:
        truth = FALSE
        for part in parts:
            found = part(request, facts)
            if found == TRUE:
                return TRUE
            truth = max(truth, found)
        return truth

    return some


def _test(test: Test, named: bool, timezone: str) -> Truth:  # noqa: FBT001 - private
    attribute = test.attribute
    absent = ERROR if named and attribute.root not in _NEVER_ABSENT else FALSE
    if isinstance(test.operand, Scan):
        return _scan(test.operand, attribute, absent)
    get = getter(attribute, timezone)
    if test.op in origins.OPERATORS:
        return _origin(test, get, absent)
    if test.op in ("exists", "missing"):
        return _presence(get, attribute, wanted=(test.operand is not False) == (test.op == "exists"))
    check = _check(test, attribute)
    if attribute.root in sql.SETS:
        check = sql.membership(test, check)
        get = getter(Attribute("sql"))
    if attribute.root == "args" and not is_many(attribute):
        return _argument(get, check, absent)

    def judge(request: Request, facts: Mapping[str, Fact]) -> int:
        value = get(request, facts)
        if value is ABSENT:
            return absent
        if value is UNGATHERED:
            return UNKNOWN
        if value.__class__ is Failed:
            return ERROR
        return check(value)

    return _partly_known(judge, test) if attribute.root.startswith("shell.") else judge


def _argument(get: Any, check: operators.Check, absent: int) -> Truth:
    """Judge a plain argument, which is never a fact: the commonest test by far."""

    def judge(request: Request, facts: Mapping[str, Fact]) -> int:
        value = get(request, facts)
        return absent if value is ABSENT else check(value)

    return judge


def _check(test: Test, attribute: Attribute) -> operators.Check:
    if test.op == "runs":
        return runs.runs(test.operand)
    if test.op in ("reads", "writes"):
        return sql.touches(test.operand, write=test.op == "writes")
    positive = _NEGATIONS.get(test.op, test.op)
    check = operators.build(positive, test.operand)
    if attribute.root == "tool.canonical":
        check = _named(check)
    elif is_many(attribute) and not (is_set(attribute) and positive in operators.WHOLE):
        check = _each(check)
    return check if positive == test.op else _not(check)


def _each(check: operators.Check) -> operators.Check:
    def each(values: Any) -> int:
        truth = FALSE
        for value in values:
            found = check(value)
            if found == TRUE:
                return TRUE
            truth = max(truth, found)
        return truth

    return each


def _named(check: operators.Check) -> operators.Check:
    """Judge what a tool is: by every meaning of the call alike, and for certain only if the tool is known for certain."""
    each = _each(check)

    def judge(facet: Any) -> int:
        found = {each(names) for names in facet.readings} or {FALSE}
        truth = found.pop() if len(found) == 1 else ERROR
        return truth if facet.sure or not truth else ERROR

    return judge


def _not(check: operators.Check) -> operators.Check:
    return lambda value: NEGATED[check(value)]


def _presence(get: Any, attribute: Attribute, *, wanted: bool) -> Truth:
    many = is_many(attribute)

    def present(request: Request, facts: Mapping[str, Fact]) -> int:
        value = get(request, facts)
        if value is UNGATHERED:
            return UNKNOWN
        here = value is not ABSENT and value.__class__ is not Failed and not (many and not value)
        here = here and (not isinstance(value, ToolFacet) or bool(value.readings))
        return of(here == wanted)

    return present


def _partly_known(judge: Truth, test: Test) -> Truth:
    """Turn "not there" into an error where the shell text is not wholly known."""
    part = test.attribute.root.partition(".")[2]
    if part == "resolved":
        return judge
    negative = test.op in _NEGATIONS

    def careful(request: Request, facts: Mapping[str, Fact]) -> int:
        truth = judge(request, facts)
        shell = facts.get("shell")
        if truth == (TRUE if negative else FALSE) and isinstance(shell, ShellFacet):
            hidden = not (shell.complete if part in ("programs", "effects") else shell.resolved)
            return ERROR if hidden else truth
        return truth

    return careful


def _scan(scan: Scan, attribute: Attribute, absent: int) -> Truth:
    name = f"scan.{scan.scanner}"
    kinds = frozenset(scan.kinds)
    least = float(Decimal(scan.min_score.text))
    whole = attribute.root == "text"
    get = getter(attribute)
    place = show_path(attribute.root, attribute.path)
    below = _below(place, attribute.path)

    def found(request: Request, facts: Mapping[str, Fact]) -> int:
        if not whole:
            value = get(request, facts)
            if value is ABSENT:
                return absent
            if value is TOO_BIG:
                return ERROR
        findings: Any = facts.get(name, UNGATHERED)
        if findings is UNGATHERED:
            return UNKNOWN
        if not isinstance(findings, tuple):
            return ERROR
        hit = any(
            finding.score >= least and (not kinds or finding.kind in kinds) and (whole or below(finding))
            for finding in findings
        )
        return of(hit == scan.wanted)

    return found


def _origin(test: Test, get: Any, absent: int) -> Truth:
    name = origins.fact(test.attribute)
    judge = origins.judge(test.op, test.operand)

    def came(request: Request, facts: Mapping[str, Fact]) -> int:
        value = get(request, facts)
        if value is ABSENT:
            return absent
        if value is TOO_BIG:
            return ERROR
        fact: Any = facts.get(name, UNGATHERED)
        if fact is UNGATHERED:
            return UNKNOWN
        return judge(fact) if isinstance(fact, Origins) else ERROR

    return came


def of_every_command(truth: Truth) -> Truth:
    """Narrow a grant to shell texts of which every single command is granted, and none is hidden."""

    def every(request: Request, facts: Mapping[str, Fact]) -> int:
        shell = facts.get("shell", UNGATHERED)
        if shell is UNGATHERED:
            return both(truth(request, facts), UNKNOWN)
        if isinstance(shell, Failed):
            return both(ERROR, truth(request, facts))
        if not isinstance(shell, ShellFacet) or not shell.commands:
            return truth(request, facts)
        found = TRUE if shell.complete else ERROR
        for command in shell.commands:
            alone = msgspec.structs.replace(shell, commands=(command,))
            found = both(found, truth(request, {**facts, "shell": alone}))
        return found

    return every


def of_every_access(truth: Truth, roots: frozenset[str]) -> Truth:
    """Narrow a grant to SQL of which every single access is granted, and none is hidden."""

    def every(request: Request, facts: Mapping[str, Fact]) -> int:
        facet = facts.get("sql", UNGATHERED)
        if facet is UNGATHERED:
            return both(truth(request, facts), UNKNOWN)
        if isinstance(facet, Failed):
            return both(ERROR, truth(request, facts))
        if not isinstance(facet, SqlFacet) or not facet.accesses:
            return truth(request, facts)
        parts = sql.alone(facet, functions="sql.functions" in roots)
        found = TRUE if parts is not None and sql.known(facet, roots) else ERROR
        for part in parts or ():
            found = both(found, truth(request, {**facts, "sql": part}))
        return found

    return every


def before(truth: Truth, date: str, fact: str) -> Truth:
    """Narrow a condition to the days before a date, by the clock in a fact."""

    def valid(request: Request, facts: Mapping[str, Fact]) -> int:
        clock = facts.get(fact, UNGATHERED)
        if clock is UNGATHERED:
            return both(truth(request, facts), UNKNOWN)
        now = TRUE if isinstance(clock, Clock) and clock.date < date else FALSE if isinstance(clock, Clock) else ERROR
        return both(truth(request, facts), now)

    return valid


_STEP: Final = r"(?=[.\[]|\Z)"


def _below(place: str, path: tuple[str | int, ...]) -> Callable[[Finding], bool]:
    """Say whether a finding lies at or under a place."""
    if "*" in path or "**" in path:
        return _under_any(place)
    return lambda finding: finding.path == place or finding.path.startswith((place + ".", place + "["))


def _under_any(place: str) -> Callable[[Finding], bool]:
    """As ``_below``, for a place with ``*``: a member is everything up to some next step.

    The first place where a piece fits is as good as any later one, so that a path is read once, however many ``*`` there
    are.
    """
    first, *pieces = place.removesuffix(".**").split(".*")
    head = re.compile(re.escape(first) + _STEP)
    steps = [re.compile(re.escape(piece) + _STEP) for piece in pieces]

    def under(finding: Finding) -> bool:
        path = finding.path
        found = head.match(path)
        for step in steps:
            if found is None or found.end() + 2 > len(path):
                return False
            found = step.search(path, found.end() + 2)
        return found is not None

    return under
