"""What follows from a condition: whether it names its tool, for which kinds and phases it is, how specific it is.

Rule 1: only what the top-level conjunction of ``when`` says counts; an alternative settles nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from referee.language.patterns import is_wild
from referee.model.names import KINDS, PHASES
from referee.model.programs import All, Condition, Not, Scope, Test

ALL_PHASES: Final = PHASES
AFTER: Final = ("mid", "post")
_NAMING: Final = frozenset({"tool", "tool.canonical", "kind"})
_FIXING: Final = frozenset({"eq", "in", "glob"})


def conjuncts(condition: Condition) -> Iterator[Test]:
    """Give the tests that must all hold.

    >>> from referee.model.programs import Attribute
    >>> [test.op for test in conjuncts(All((Test(Attribute("tool"), "eq", "a"), Not(All()))))]
    ['eq']
    """
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, All):
        for part in condition.parts:
            yield from conjuncts(part)


def every_test(condition: Condition) -> Iterator[Test]:
    """Give every test of a condition."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from every_test(condition.part)
    else:
        for part in condition.parts:
            yield from every_test(part)


def stated(when: Condition, root: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Give the values that the conjunction leaves to an attribute of a closed set; ``()`` if it says nothing."""
    left: set[Any] | None = None
    for test in conjuncts(when):
        if test.attribute.root == root and test.op in {"eq", "in"}:
            said = set(test.operand) if isinstance(test.operand, tuple) else {test.operand}
            left = said if left is None else left & said
    return () if left is None else tuple(word for word in known if word in left)


def kinds_of(when: Condition) -> tuple[str, ...]:
    """Give the kinds of request a condition is about; ``()`` if it names none."""
    return stated(when, "kind", KINDS)


def is_named(when: Condition) -> bool:
    """Tell whether a condition names its tool or kind, so that it knows the arguments."""
    return any(test.attribute.root in _NAMING and test.op in _FIXING for test in conjuncts(when))


def phases_of(when: Condition, unless: Condition, *, everywhere: bool = False, result: bool = False) -> tuple[Any, ...]:
    """Give the phases of a rule that states none. ``everywhere`` and ``result`` say what its action is about."""
    said = stated(when, "phase", PHASES)
    if said:
        return said
    found = [*every_test(when), *every_test(unless)]
    if result or any(test.attribute.root == "result" for test in found):
        return AFTER
    if everywhere or (found and all(test.attribute.root == "text" and test.op == "scan" for test in found)):
        return ALL_PHASES
    return ("pre",)


def specificity(when: Condition, scopes: tuple[Scope, ...], kinds: tuple[str, ...]) -> tuple[int, int, int]:
    """Say how specific a rule is in its agent, its tool and its environment."""
    found = list(conjuncts(when))
    agent = max((_agent(scope) for scope in scopes), default=0)
    agent = max(agent, _name(found, "agent.id"), *(1 for test in found if test.attribute.root in _AGENT), 0)
    facet = any(test.attribute.root.split(".", 1)[0] in _FACETS for test in found)
    tool = max(_name(found, "tool"), min(2, _name(found, "tool.canonical")), 1 if facet or kinds else 0)
    environment = any(scope.environments for scope in scopes) or _name(found, "environment") > 0
    return (agent, tool, int(environment))


_AGENT: Final = frozenset({"agent.tags", "agent.team", "agent.role"})
_FACETS: Final = frozenset({"http", "file", "shell", "sql", "kind"})


def _agent(scope: Scope) -> int:
    if scope.agents:
        return 2 if any(is_wild(agent) for agent in scope.agents) else 3
    return 1 if scope.tags or scope.teams or scope.roles else 0


def _name(found: list[Test], root: str) -> int:
    """Give 3 if a test fixes the name exactly, 2 if by a glob, else 0."""
    ops = {test.op for test in found if test.attribute.root == root and test.op in _FIXING and test.operand is not None}
    return 3 if ops & {"eq", "in"} else 2 if ops else 0
