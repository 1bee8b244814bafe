"""Running tests of policies: each on a stage of its own, by the session that agents get.

Rule 1: a test stops at its first step that is not as expected, and says what differs and why the rules came out so.
Rule 2: nothing raises out of a test: what breaks is a test that failed.
Rule 3: what is reported of a value is what ``explain`` shows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import msgspec

from referee.enforce.explained import tests_of
from referee.enforce.outcome import Outcome
from referee.enforce.policies import Policy
from referee.engine.program import Program
from referee.errors import RefereeError
from referee.model.decision import Decision
from referee.model.programs import Rule
from referee.testing.cases import Case, Expect, Failed, Result, Step, Suite
from referee.testing.coverage import Coverage
from referee.testing.files import read
from referee.testing.stage import Stage

_SHOWN: Final = 3
"""So many rules are explained below a failure."""


class Policies:
    """The policies of test files, each compiled once."""

    def __init__(self) -> None:
        self._programs: dict[tuple[str, ...], Program] = {}

    def program(self, paths: tuple[str, ...]) -> Program:
        """Compile layers, the first the outermost.

        Raises:
            PolicyError: they cannot be read or do not compile.
        """
        if paths not in self._programs:
            self._programs[paths] = Policy.load(*map(Path, paths)).program
        return self._programs[paths]

    def names(self, paths: tuple[str, ...]) -> set[str]:
        """List the rules and limits of layers.

        Raises:
            PolicyError: they cannot be read or do not compile.
        """
        program = self.program(paths)
        return {rule.id for rule in program.rules} | {limit.id for limit in program.limits}


def load(path: Path, policies: Policies) -> Suite:
    """Read a file of tests.

    Raises:
        SuiteError: it cannot be read, or something is wrong in it.
        PolicyError: a policy it is about does not compile.
    """
    return read(path, policies.names)


def run(
    suite: Suite, policies: Policies, coverage: Coverage | None = None, wanted: Callable[[Case], bool] = lambda _: True
) -> Iterator[Result]:
    """Run the tests of a file that are wanted, in their order."""
    program = policies.program(suite.policies)
    if coverage is not None:
        coverage.about(program)
    for case in filter(wanted, suite.cases):
        yield play(case, program, coverage)


def play(case: Case, program: Program, coverage: Coverage | None = None) -> Result:
    """Run one test."""
    began = perf_counter()
    at, step = 0, case.steps[0]
    try:
        stage = Stage(program, case.scene)
        last: Outcome | None = None
        for at, step in enumerate(case.steps, 1):
            if step.does != "request":
                last = _between(stage, step, last)
                continue
            for _ in range(step.times):
                last = stage.decide(step.given, step.facts)
            assert last is not None
            if coverage is not None and stage.session.seen is not None:
                coverage.add(last.decision, stage.session.seen)
            failed = _judge(stage, step, at, last)
            if failed is not None:
                return Result(case, perf_counter() - began, failed)
    except RefereeError as problem:
        return Result(case, perf_counter() - began, Failed(step.span, at, (str(problem),)))
    except Exception as problem:  # noqa: BLE001 - rule 2
        broken = f"internal failure ({type(problem).__name__})"
        return Result(case, perf_counter() - began, Failed(step.span, at, (broken,)))
    return Result(case, perf_counter() - began)


class StepError(RefereeError):
    """A step between two actions cannot be made."""


def _between(stage: Stage, step: Step, last: Outcome | None) -> Outcome | None:
    given = step.given
    if step.does == "wait":
        stage.world.now += given["seconds"]
    elif step.does == "settle":
        if last is None or not last.allowed:
            raise StepError("there is no allowed action before this step that could be settled")
        stage.session.meter(last, **given)
    else:
        pending = stage.desk.approvals.pending
        if not pending:
            raise StepError("no question waits for an answer")
        answer = stage.desk.approvals.approve if step.does == "approve" else stage.desk.approvals.reject
        answer(pending[-1].id, **given)
    return last


def _judge(stage: Stage, step: Step, at: int, outcome: Outcome) -> Failed | None:
    if step.expect is None:
        return None
    differs = tuple(differences(step.expect, outcome, stage.session.labels))
    if not differs:
        return None
    return Failed(step.span, at, differs, tuple(_why(stage, step.expect, outcome.decision)))


def differences(expect: Expect, outcome: Outcome, labels: tuple[str, ...]) -> Iterator[str]:
    """Say in words what of an outcome is not as expected."""
    decision = outcome.decision
    if expect.decision is not None and decision.decision != expect.decision:
        yield f"expected {expect.decision}, got {decision.decision}: {decision.reason}"
    matched = {rule.id for rule in decision.rules} | set(decision.policy_ids)
    sets: dict[str, tuple[frozenset[str] | None, set[str]]] = {
        "rules": (expect.rules, set(decision.policy_ids)),
        "approvers": (expect.approvers, set(decision.approvers)),
        "alerts": (expect.alerts, set(decision.alerts)),
        "errors": (expect.errors, {error.id for error in decision.errors}),
        "would_have": (expect.would_have, {rule.id for rule in decision.would_have}),
        "labels": (expect.labels, set(labels)),
    }
    for name, (wanted, got) in sets.items():
        if wanted is not None and wanted != got:
            yield f"{name}: expected {_listed(wanted)}, got {_listed(got)}"
    for name in sorted(expect.matched - matched):
        yield f"`{name}` did not match"
    for name in sorted(expect.not_matched & matched):
        yield f"`{name}` matched"
    if expect.message is not None and decision.message != expect.message:
        yield f"message: expected {expect.message!r}, got {decision.message!r}"
    if expect.message_contains is not None and expect.message_contains not in decision.message:
        yield f"message: expected {expect.message_contains!r} in {decision.message!r}"
    yield from _values(expect, outcome, decision)


def _values(expect: Expect, outcome: Outcome, decision: Decision) -> Iterator[str]:
    if expect.redacted is not None:
        got = _redacted(decision)
        for path in sorted({*expect.redacted, *got}):
            wanted, there = expect.redacted.get(path, frozenset()), got.get(path, set())
            if wanted != there:
                yield f"redacted at {path}: expected {_listed(wanted)}, got {_listed(there)}"
    for name, value in expect.runs.items():
        if not outcome.allowed and name != "args":
            yield f"{name}: nothing is handed on, the action was not allowed"
        elif not same(value, getattr(outcome, name)):
            yield f"{name} is not as expected"
    whole = _written([decision.to_dict(), outcome.args, outcome.text, outcome.url, outcome.result])
    for place, text in enumerate(expect.never, 1):
        if text in whole:
            yield f"text {place} of `never` is in the decision or in what is handed on"


def _redacted(decision: Decision) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in decision.redactions:
        found.setdefault(one.path, set()).add(one.kind)
    return found


def same(wanted: Any, got: Any) -> bool:
    """Tell whether two values are the same as JSON; numbers by their amount.

    >>> same({"a": [Decimal("1.0")]}, {"a": (1,)}), same(True, 1)
    (True, False)
    """
    if isinstance(wanted, Mapping):
        return (
            isinstance(got, Mapping)
            and wanted.keys() == got.keys()
            and all(same(value, got[key]) for key, value in wanted.items())
        )
    if isinstance(wanted, (list, tuple)):
        return isinstance(got, (list, tuple)) and len(wanted) == len(got) and all(map(same, wanted, got))
    if isinstance(wanted, bool) or isinstance(got, bool) or wanted is None or isinstance(wanted, str):
        return type(wanted) is type(got) and wanted == got
    return isinstance(got, (int, float, Decimal)) and Decimal(str(wanted)) == Decimal(str(got))


def _written(value: Any) -> str:
    try:
        return msgspec.json.encode(value, enc_hook=str).decode()
    except (TypeError, ValueError, RecursionError):
        return repr(value)


def _listed(names: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _why(stage: Stage, expect: Expect, decision: Decision) -> Iterator[str]:
    """Explain the rules that were expected and did not match, and those that decided instead."""
    seen = stage.session.seen
    if seen is None:
        return
    got = {rule.full for rule in (*decision.rules, *decision.would_have)}
    asked = (expect.rules or frozenset()) | expect.matched
    missing = [rule for rule in stage.program.rules if rule.id in asked and rule.full not in got]
    unwanted = [rule for rule in decision.rules if rule.id in expect.not_matched]
    instead = [rule for rule in decision.deciding if isinstance(rule, Rule) and rule.id not in asked]
    for rule in dict.fromkeys((*missing[:_SHOWN], *unwanted[:_SHOWN], *instead[:_SHOWN])):
        yield f"`{rule.id}` ({rule.source}) {'matched' if rule.full in got else 'did not match'}:"
        for line in tests_of(rule, seen):
            yield f"  {_MARKS.get(line.outcome, '?')} {line}"
    for error in decision.errors:
        yield f"`{error.id}` ({error.source}) could not be decided: {error.why}"


_MARKS: Final = {"holds": "+", "does not hold": "-"}
