"""Why a rule matched, did not match or is in error: the same judgement again, test by test, in words.

Rule 1: the judgement is the engine's own, one compiled test at a time, so that an explanation cannot disagree with it.
Rule 2: a value is shown only if it is short, harmless in kind and no scanner found anything in it; else its length is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from referee.engine import origins
from referee.engine.attributes import ABSENT, TOO_BIG, UNGATHERED, fact_of, getter
from referee.engine.conditions import compile_condition
from referee.engine.truth import ERROR, FALSE, TRUE, UNKNOWN
from referee.model.facts import Fact, Failed, Finding, Origins, ToolFacet
from referee.model.programs import Condition, Exact, Limit, Not, Pieces, Rule, Scan, Test
from referee.model.request import Request
from referee.model.sql import SqlFacet
from referee.model.value import show_path

Masked = Callable[[str, str], bool]

_PLAIN: Final = (
    "tool",
    "kind",
    "phase",
    "environment",
    "agent",
    "session",
    "model",
    "provider",
    "time",
    "counter",
    "cost",
)
_LONGEST: Final = 60
_LONGEST_NUMBER: Final = 8
"""Longer numbers could be those of cards, accounts or telephones."""
_WORDS: Final = {TRUE: "holds", FALSE: "does not hold", ERROR: "cannot be decided", UNKNOWN: "is not known"}


class Line(msgspec.Struct, frozen=True):
    """One test of a rule: what it asks, what it met, how it came out, and its line in the rule's file."""

    test: str
    value: str
    outcome: str
    line: int = 0
    why: str = ""

    def __str__(self) -> str:
        met = f" (it is {self.value})" if self.value else ""
        return f"{self.test} {self.outcome}{met}" + (f": {self.why}" if self.why else "")


def why_in_error(part: Rule | Limit, request: Request, facts: Mapping[str, Fact]) -> str:
    """Say in one sentence, without any value, why a rule or limit cannot be decided."""
    conditions = (part.when, part.unless) if isinstance(part, Rule) else (part.when,)
    for condition in conditions:
        for test in _tests(condition):
            judge = compile_condition(test, named=part.named, timezone=part.timezone)
            for facts_seen in _each_file(test, facts):
                if judge(request, facts_seen) == ERROR:
                    return _trouble(test, request, facts_seen, part.timezone)
    return "the time is not known" if isinstance(part, Rule) and part.expires else "a condition cannot be decided"


def _each_file(test: Test, facts: Mapping[str, Fact]) -> Iterator[Mapping[str, Fact]]:
    files = facts.get("file")
    if test.attribute.root.startswith("file.") and isinstance(files, tuple) and len(files) > 1:
        for file in files:
            yield {**facts, "file": (file,)}  # type: ignore[dict-item]
    else:
        yield facts


def _tests(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from _tests(condition.part)
    else:
        for part in condition.parts:
            yield from _tests(part)


def _trouble(test: Test, request: Request, facts: Mapping[str, Fact], timezone: str) -> str:
    shown = show_path(test.attribute.root, test.attribute.path)
    if isinstance(test.operand, Scan):
        fact = facts.get(f"scan.{test.operand.scanner}", UNGATHERED)
        if isinstance(fact, Failed):
            return f"the `{test.operand.scanner}` scanner failed: {fact.reason}"
    value = getter(test.attribute, timezone)(request, facts)
    if value is ABSENT:
        return f"`{shown}` is absent"
    if isinstance(value, Failed):
        return f"`{shown}` cannot be known: {value.reason}"
    known = facts.get(origins.fact(test.attribute)) if test.op in origins.OPERATORS else None
    if isinstance(known, (Failed, Origins)):
        return f"where `{shown}` came from cannot be known: {_lost(known, test.operand)}"
    if isinstance(value, ToolFacet):
        return (
            "the tool is only known by its name"
            if not value.sure
            else "agents use this tool's name for different things"
        )
    if test.attribute.root.partition(".")[0] == "shell":
        return f"`{shown}` is not wholly known: the shell text is not resolved"
    if test.attribute.root.partition(".")[0] == "sql":
        return f"`{shown}` is not wholly known: {_hidden(facts)}"
    return f"`{shown}` has a value that `{test.op}` cannot judge"


def _hidden(facts: Mapping[str, Fact]) -> str:
    """Say what of a SQL text is not known; the entries quote nothing of it."""
    facet = facts.get("sql")
    missing = facet.missing if isinstance(facet, SqlFacet) else ()
    return missing[0].partition(": ")[2] if missing else "a column may be of another table"


def explain(
    rule: Rule, request: Request, facts: Mapping[str, Fact], *, masked: Masked | None = None
) -> tuple[Line, ...]:
    """Explain a rule test by test. ``masked`` says for (path, text) whether a value must not be shown.

    >>> from referee.model.programs import Attribute
    >>> rule = Rule(id="r", file="f", source="f:1", action="deny", when=Test(Attribute("tool"), "eq", "refund"))
    >>> str(explain(rule, Request.tool_call("search"), {})[0])
    '`tool` eq "refund" does not hold (it is "search")'
    """
    lines = [_line(test, rule, request, facts, masked, negated=False) for test in _tests(rule.when)]
    lines += [_line(test, rule, request, facts, masked, negated=True) for test in _tests(rule.unless)]
    return tuple(lines)


def _line(
    test: Test, rule: Rule, request: Request, facts: Mapping[str, Fact], masked: Masked | None, *, negated: bool
) -> Line:
    judge = compile_condition(test, named=rule.named, timezone=rule.timezone)
    truth = judge(request, facts)
    shown = show_path(test.attribute.root, test.attribute.path)
    text = ("unless " if negated else "") + f"`{shown}` {test.op} {_operand(test.operand)}".rstrip()
    known = facts.get(origins.fact(test.attribute)) if test.op in origins.OPERATORS else None
    if isinstance(known, Origins):
        value = origins.told(known, test.op, test.operand)
    else:
        value = "" if isinstance(test.operand, Scan) else _value(test, request, facts, rule.timezone, masked)
    why = _trouble(test, request, facts, rule.timezone) if truth == ERROR else ""
    return Line(text, value, _WORDS[truth], test.line, why)


def _lost(known: Failed | Origins, operand: Any) -> str:
    if isinstance(known, Failed):
        return known.reason
    return (
        f"not all of {origins.named(label for label in origins.labels(operand) if label in known.lost)} is remembered"
    )


def _operand(operand: Any) -> str:
    if isinstance(operand, Pieces):
        return f"{' or '.join(operand.shapes)} of {_operand(operand.labels)}"
    if isinstance(operand, Scan):
        kinds = f" of {', '.join(operand.kinds)}" if operand.kinds else ""
        return f"{'' if operand.wanted else 'not '}{operand.scanner}{kinds}"
    if isinstance(operand, Exact):
        return operand.text
    if isinstance(operand, tuple):
        return "[" + ", ".join(_operand(member) for member in operand) + "]"
    if operand is None or isinstance(operand, bool):
        return {None: "null", True: "true", False: "false"}[operand]
    return f'"{operand}"' if isinstance(operand, str) else str(operand)


def _value(test: Test, request: Request, facts: Mapping[str, Fact], timezone: str, masked: Masked | None) -> str:
    attribute = test.attribute
    value = getter(attribute, timezone)(request, facts)
    if value is ABSENT:
        return "absent"
    if value is UNGATHERED or value is TOO_BIG or isinstance(value, Failed):
        return "not known"
    if attribute.root in ("shell", "sql", "text") or fact_of(attribute) == "shell":
        return ""
    if isinstance(value, ToolFacet):
        return " or ".join(" and ".join(names) for names in value.readings) or "no tool of the catalogue"
    if isinstance(value, (tuple, list)):
        return f"a list of {len(value)}"
    shown = show_path(attribute.root, attribute.path)
    safe = attribute.root.partition(".")[0] in _PLAIN
    if isinstance(value, str):
        if len(value) <= _LONGEST and (
            safe or (not _found_in(shown, facts) and masked is not None and not masked(shown, value))
        ):
            return f'"{value}"'
        return f"text of {len(value)} characters"
    if value is None or isinstance(value, bool):
        return _operand(value)
    if isinstance(value, (int, float, Decimal)):
        return _number(value, safe, lambda text: masked is not None and masked(shown, text))
    return "a mapping" if isinstance(value, Mapping) else "a value of another kind"


def _number(value: float | Decimal, safe: bool, masked: Callable[[str], bool]) -> str:  # noqa: FBT001 - private
    """Show a number that is short and not masked; else only that it is one."""
    huge = isinstance(value, int) and value.bit_length() > 256
    text = "" if huge else str(value)
    if not text or len(text) > _LONGEST:
        return "a long number"
    if safe or (len(text) <= _LONGEST_NUMBER and not masked(text)):
        return text
    return f"a number of {len(text)} characters"


def _found_in(path: str, facts: Mapping[str, Fact]) -> bool:
    return any(
        isinstance(finding, Finding) and finding.path == path
        for fact in facts.values()
        if isinstance(fact, tuple)
        for finding in fact
    )
