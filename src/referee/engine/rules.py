"""Rules and limits ready to be judged.

Rule 1: a rule is compiled when a request first brings it up; what is compiled never changes, but for what is remembered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from referee.engine import operators, sql
from referee.engine.conditions import (
    Truth,
    before,
    compile_condition,
    facts_of,
    of_every_access,
    of_every_command,
    tests,
)
from referee.engine.index import conjuncts, filing, tool_test
from referee.engine.patterns import glob
from referee.model.decision import Decision
from referee.model.names import Phase
from referee.model.programs import ALWAYS, NEVER, All, Condition, Limit, Not, Rule, Scope
from referee.model.request import Request

COMMANDS: Final = ("shell", "shell.commands", "shell.programs")
"""What is about single commands of a shell text: a grant has to fit each of them."""
_PHASES: Final[dict[tuple[Phase, ...], tuple[Phase, ...]]] = {}
"""One tuple for all rules of the same phases."""


class Compiled(msgspec.Struct, eq=False, gc=False):
    """One rule ready to be judged. Make one with ``compile_rule``.

    ``fits`` is ``None`` without a scope, ``truth`` is ``None`` without a condition, ``names`` judges the tool of a rule with
    a glob. A ``plain`` rule only gives a verdict or is noted: it changes nothing and is not observed. One that is
    ``usual`` looks at calls of tools before they happen; if it is ``always`` that is all it asks. ``alone`` is the decision
    about such a call that only this rule matches, once it was made; ``after`` is what its glob begins with behind the part
    the index has found, if there is no more to it.

    Fields lie in memory in this order: what a rule of names needs comes first, and together.
    """

    alone: Decision | None
    after: str | None
    always: bool
    usual: bool
    truth: Truth | None
    fits: Callable[[Request], bool] | None
    plain: bool
    files: bool
    position: int
    names: operators.Check | None
    phases: tuple[Phase, ...]
    kinds: tuple[str, ...]
    observed: bool
    facts: frozenset[str]
    rule: Rule


def compile_rule(rule: Rule, position: int, *, sure: bool = False) -> Compiled:
    """Make a rule ready to be judged; of one that is ``sure`` the conjuncts the index filed it under are not judged again."""
    fits = compile_scopes(rule.scopes)
    condition = _residue(rule, sure=sure)
    files = any(test.attribute.root.startswith("file.") for test in tests(condition))
    truth: Truth | None = None
    if condition != ALWAYS or rule.expires:
        truth = compile_condition(condition, named=rule.named, timezone=rule.timezone)
        if rule.action == "allow" and any(test.attribute.root in COMMANDS for test in tests(condition)):
            truth = of_every_command(truth)
        roots = frozenset(test.attribute.root for test in tests(condition)).intersection(sql.GRANTED)
        if rule.action == "allow" and roots:
            truth = of_every_access(truth, roots)
        truth = before(truth, rule.expires, f"time@{rule.timezone}") if rule.expires else truth
    plain = not (rule.mode == "observe" or files or rule.action in ("modify", "redact"))
    usual = "pre" in rule.phases and (not rule.kinds or "tool_call" in rule.kinds)
    return Compiled(
        alone=None,
        after=None,
        always=usual and plain and fits is None and truth is None,
        usual=usual,
        truth=truth,
        fits=fits,
        plain=plain,
        files=files,
        position=position,
        names=_names(rule),
        phases=_PHASES.setdefault(rule.phases, rule.phases),
        kinds=rule.kinds,
        observed=rule.mode == "observe",
        facts=frozenset(_facts_of_rule(rule)),
        rule=rule,
    )


class CompiledLimit:
    """One limit ready to be judged: ``fact`` names its usage, ``least`` is its first threshold.

    What a ``steady`` limit is drawn by is the same for every action: one call. As long as less than ``room`` calls were
    made, one more reaches nothing.
    """

    __slots__ = (
        "cap", "enforced", "fact", "facts", "files", "fits", "least", "limit", "measure", "room", "steady", "truth",
    )  # fmt: skip

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.fact = f"limit.{limit.full}"
        self.facts = frozenset({self.fact, *facts_of(limit.when, limit.timezone)})
        self.cap = operators.whole(limit.cap.value)
        self.least = min((operators.whole(threshold.at.value) for threshold in limit.thresholds), default=None)
        self.measure = limit.measure
        self.enforced = limit.mode == "enforce"
        self.files = any(test.attribute.root.startswith("file.") for test in tests(limit.when))
        self.fits = compile_scopes(limit.scopes)
        self.truth = (
            None if limit.when == ALWAYS else compile_condition(limit.when, named=limit.named, timezone=limit.timezone)
        )
        self.steady = self.fits is None and self.truth is None and self.measure == "calls"
        self.room = math.floor(self.cap) if self.least is None else min(math.floor(self.cap), math.ceil(self.least) - 1)


def _names(rule: Rule) -> operators.Check | None:
    test = tool_test(rule)
    return operators.build("glob", test.operand) if test is not None and test.op == "glob" else None


def _residue(rule: Rule, *, sure: bool) -> Condition:
    """Return what is left to judge when the index has found the tool, or for sure the arguments it files by."""
    test = tool_test(rule)
    chosen = filing(rule) if sure else None
    done = () if chosen is None else chosen[1]
    if test is not None:
        done = (test,)
    left = tuple(part for part in conjuncts(rule.when) if not any(part is one for one in done))
    when = All(left) if done else rule.when
    if rule.unless == NEVER:
        return when
    return All((*conjuncts(when), Not(rule.unless)))


def compile_scopes(scopes: Sequence[Scope]) -> Callable[[Request], bool] | None:
    """Compile scopes into one test of a request, or ``None`` if they leave everything in."""
    tests: list[Callable[[Request], bool]] = []
    for scope in scopes:
        for name, read in _READERS.items():
            entries = getattr(scope, name)
            if entries:
                tests.append(_fit([glob(entry) for entry in entries], read))
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda request: all(test(request) for test in tests)


def _fit(
    globs: list[Callable[[str], bool]], read: Callable[[Request], tuple[str | None, ...]]
) -> Callable[[Request], bool]:
    def fits(request: Request) -> bool:
        return any(value is not None and matches(value) for value in read(request) for matches in globs)

    return fits


_READERS: Final[dict[str, Callable[[Request], tuple[str | None, ...]]]] = {
    "agents": lambda request: (request.agent.id,),
    "tags": lambda request: request.agent.tags,
    "teams": lambda request: (request.agent.team,),
    "roles": lambda request: (request.agent.role, *request.user.roles),
    "users": lambda request: (request.user.id,),
    "owners": lambda request: (request.agent.owner,),
    "environments": lambda request: (request.environment,),
}


def _facts_of_rule(rule: Rule) -> set[str]:
    names = {*facts_of(rule.when, rule.timezone), *facts_of(rule.unless, rule.timezone)}
    return names | {f"time@{rule.timezone}"} if rule.expires else names
