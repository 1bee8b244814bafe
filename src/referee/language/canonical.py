"""A pass over conditions: where ``tool`` is compared with a canonical name, what the tool *is* is compared.

``tool: shell.exec`` is every tool that runs command lines, whatever an agent calls it; ``tool: "file.*"`` is all that have to
do with files, and every tool whose name begins so.

Rule 1: canonical names are the well-known ones and those that a catalog gives; everything else is the name of a tool.
Rule 2: a rule that says several things of the tool by names of both sorts says it of either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec

from referee.language.patterns import is_wild
from referee.language.traits import specificity
from referee.model.catalogue import CANONICAL, Tool
from referee.model.programs import All, Any_, Attribute, Condition, Limit, Not, Rule, Test

_TOOL: Final = Attribute("tool")
_KIND: Final = Attribute("tool.canonical")
_POSITIVE: Final = {"eq": "eq", "in": "in", "glob": "glob", "ne": "eq", "not_in": "in"}

Part = TypeVar("Part", Rule, Limit)


def known_names(tools: Mapping[str, Tool]) -> frozenset[str]:
    """Give the canonical names that rules can use."""
    return frozenset(CANONICAL).union(name for tool in tools.values() for name in tool.canonicals)


def with_canonical(parts: Iterable[Part], known: frozenset[str]) -> tuple[Part, ...]:
    """Rewrite the conditions of rules or limits."""
    return tuple(_part(part, known) for part in parts)


def _part(part: Part, known: frozenset[str]) -> Part:
    changed: dict[str, Any] = {}
    for name in ("when", "unless") if isinstance(part, Rule) else ("when",):
        before: Condition = getattr(part, name)
        after = lowered(before, known)
        if after is not before:
            changed[name] = after
    if not changed:
        return part
    if isinstance(part, Rule) and "when" in changed:
        agent, tool, environment = part.specificity
        exact = specificity(changed["when"], (), ())[1]
        changed["specificity"] = (agent, min(tool, max(exact, 2)), environment)
    return msgspec.structs.replace(part, **changed)


def lowered(condition: Condition, known: frozenset[str]) -> Condition:
    """Rewrite one condition; one without canonical names is given back as it is.

    >>> lowered(Test(_TOOL, "eq", "shell.exec"), frozenset({"shell.exec"})).attribute.root
    'tool.canonical'
    """
    if isinstance(condition, Test):
        return _test(condition, known) if condition.attribute == _TOOL and condition.op in _POSITIVE else condition
    if isinstance(condition, Not):
        part = lowered(condition.part, known)
        return condition if part is condition.part else Not(part)
    parts = tuple(lowered(part, known) for part in condition.parts)
    if all(after is before for after, before in zip(parts, condition.parts, strict=True)):
        return condition
    return All(parts) if isinstance(condition, All) else Any_(parts)


def _test(test: Test, known: frozenset[str]) -> Condition:
    operands: tuple[Any, ...] = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    wild = test.op == "glob"
    canonical = tuple(one for one in operands if isinstance(one, str) and _is_canonical(one, known, wild=wild))
    if not canonical:
        return test
    other = tuple(one for one in operands if one not in canonical or (wild and is_wild(one)))
    kind = Test(_KIND, test.op, canonical if isinstance(test.operand, tuple) else canonical[0], test.line)
    if not other:
        return kind
    name = Test(_TOOL, test.op, other if isinstance(test.operand, tuple) else other[0], test.line)
    return Any_((name, kind)) if test.op == _POSITIVE[test.op] else All((name, kind))


def _is_canonical(text: str, known: frozenset[str], *, wild: bool) -> bool:
    """Tell a canonical name, or a pattern that begins as one, with the family and a dot.

    >>> _is_canonical("file.*", frozenset({"file.read"}), wild=True), _is_canonical("f*", frozenset({"file.read"}), wild=True)
    (True, False)
    """
    if not wild or not is_wild(text):
        return text in known
    family, dot, _ = text.partition(".")
    return bool(dot) and not is_wild(family) and any(name.startswith(f"{family}.") for name in known)
