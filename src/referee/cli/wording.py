"""Conditions in words, as a person would say them.

Rule 1: every part of a condition is said; nothing is summed up that could matter.
"""

from __future__ import annotations

from typing import Final

from referee.model.programs import All, Any_, Attribute, Condition, Exact, Limit, Not, Operand, Rule, Scan, Scope, Test
from referee.model.value import show_path

_OPERATORS: Final = {
    "eq": "is", "ne": "is not", "in": "is one of", "not_in": "is none of", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤",
    "between": "is between", "contains": "contains", "contains_any": "contains any of", "contains_all": "contains all of",
    "starts_with": "starts with", "ends_with": "ends with", "glob": "fits", "regex": "matches", "host": "is at or below host",
    "within": "is within", "cidr": "is in network", "runs": "runs", "reads": "reads", "writes": "writes",
    "count.eq": "has a count of", "count.ne": "has a count other than", "count.gt": "has a count >", "count.gte": "has a count ≥",
    "count.lt": "has a count <", "count.lte": "has a count ≤",
}  # fmt: skip
_SPANS: Final = {"run": "a run", "hour": "an hour", "day": "a day", "week": "a week", "month": "a month"}


def condition(what: Condition) -> str:
    """Say a condition.

    >>> condition(Test(Attribute("args", ("amount",)), "gt", 500))
    'args.amount > 500'
    >>> condition(All())
    'always'
    """
    match what:
        case Test():
            return _test(what)
        case Not(part=part):
            return f"not ({condition(part)})"
        case All(parts=parts):
            return _joined(parts, " and ") or "always"
        case Any_(parts=parts):
            return _joined(parts, " or ") or "never"


def _joined(parts: tuple[Condition, ...], word: str) -> str:
    if len(parts) == 1:
        return condition(parts[0])
    return word.join(f"({condition(part)})" if isinstance(part, (All, Any_)) else condition(part) for part in parts)


def attribute(what: Attribute) -> str:
    """Say an attribute as it is written in a file."""
    return show_path(what.root, what.path)


def _test(test: Test) -> str:
    name = attribute(test.attribute)
    if isinstance(test.operand, Scan):
        return f"{name} {_scan(test.operand)}"
    if test.op in ("exists", "missing"):
        there = (test.op == "exists") == bool(test.operand)
        return f"{name} is {'there' if there else 'absent'}"
    return f"{name} {_OPERATORS.get(test.op, test.op)} {_operand(test.operand)}"


def _scan(scan: Scan) -> str:
    kinds = f" ({', '.join(scan.kinds)})" if scan.kinds else ""
    return f"{'holds' if scan.wanted else 'does not hold'} what scanner {scan.scanner} finds{kinds}"


def _operand(value: Operand) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_operand, value))
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return value.text if isinstance(value, Exact) else str(value) or '""'


def scope(what: Scope) -> str:
    """Say to whom a rule applies."""
    fields = ((name, getattr(what, name)) for name in what.__struct_fields__)
    return " and ".join(f"{name} {', '.join(members)}" for name, members in fields if members)


def matters(rule: Rule | Limit) -> str:
    """Say when and to whom a rule or a limit applies, in one line."""
    excepts = isinstance(rule, Rule) and rule.unless != Any_()
    said = [condition(rule.when)] if rule.when != All() or excepts else []
    if isinstance(rule, Rule) and excepts:
        said.append(f"unless {condition(rule.unless)}")
    said += [f"for {scope(part)}" for part in rule.scopes if scope(part)]
    if isinstance(rule, Limit) and rule.kinds:
        said.append(f"kinds {', '.join(rule.kinds)}")
    if isinstance(rule, Rule) and rule.phases != ("pre",):
        said.append(f"in phase {', '.join(rule.phases)}")
    return ", ".join(said) or "always"


def limit(what: Limit) -> str:
    """Say how much may be used."""
    window = _SPANS.get(what.window, what.window)
    amount = f"{what.cap.text} {'' if what.measure == 'spend' else what.measure}".strip()
    return f"{what.measure if what.measure == 'spend' else 'at most'} {amount} per {what.per} in {window}"
