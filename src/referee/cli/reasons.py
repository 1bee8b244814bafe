"""Why a request is decided as it is: the rules that matched, test by test, or one rule and why it did not.

Rule 1: the facts are those of the decision itself; nothing is consumed.
Rule 2: a value in which a scanner finds something is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click
import msgspec

from referee.cli.reading import sources
from referee.cli.render import bold, dim, lines, paint, print_json
from referee.cli.wording import scope
from referee.enforce.desk import Desk, Loaded
from referee.enforce.explained import tests_of
from referee.enforce.gather import Gathering, drive
from referee.enforce.marks import Marks
from referee.enforce.meters import mentioned
from referee.enforce.policies import Policy, here
from referee.enforce.world import SYSTEM
from referee.engine.evaluate import evaluate
from referee.engine.explain import Line
from referee.engine.program import Program
from referee.engine.rules import compile_scopes
from referee.language.suggest import nearest
from referee.model.decision import Decision
from referee.model.programs import Policies, Rule
from referee.model.request import Request
from referee.state.memory import MemoryStore


def no_rule(rule_id: str, rules: Sequence[Rule]) -> click.UsageError:
    """Say that there is no rule of a name, and which one may be meant."""
    near = nearest(rule_id, sorted({rule.id for rule in rules}))
    told = f"; did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    return click.UsageError(f"there is no rule `{rule_id}`{told}")


def show(paths: Sequence[str], request: Request, rule_id: str | None, *, as_json: bool) -> None:
    """Print the decision and the reasons.

    Raises:
        click.UsageError: there is no rule of that name.
    """
    program = Policy.load(*sources(paths)).program
    gathering = _gathering(program, request)
    decision: Decision = drive(evaluate(program, request), gathering.answer)
    counted = {rule.full for rule in (*decision.rules, *decision.would_have)}
    failed = {(error.id, error.source) for error in decision.errors}
    chosen = [
        rule
        for rule in program.rules
        if (rule.id == rule_id if rule_id else rule.full in counted or (rule.id, rule.source) in failed)
    ]
    if rule_id and not chosen:
        raise no_rule(rule_id, program.rules)
    explained = [(rule, _outcome(rule, counted, failed), _tests(rule, gathering)) for rule in chosen]
    if as_json:
        print_json({"decision": decision.to_dict(), "rules": [_data(*each) for each in explained]})
        return
    click.echo("\n".join(lines(decision)))
    for each in explained:
        click.echo("\n".join(_said(*each)))
    rest = len(program.rules) - len(chosen)
    if rest and not rule_id:
        click.echo(f"\n{rest} more rule{'s do' if rest > 1 else ' does'} not match; ask about one with --rule ID")


def _gathering(program: Program, request: Request) -> Gathering:
    policies = Policies(layers=(), rules=program.rules, limits=program.limits)
    desk = Desk(
        Loaded(program, mentioned(policies)),
        world=SYSTEM,
        store=MemoryStore(SYSTEM.wall, SYSTEM.monotonic),
        journal=None,
        surroundings=here(),
    )
    return Gathering(desk, desk.loaded, request, SYSTEM.monotonic(), marks=Marks(program.asked))


def _outcome(rule: Rule, counted: set[str], failed: set[tuple[str, str]]) -> str:
    if (rule.id, rule.source) in failed:
        return "cannot be decided"
    return "matches" if rule.full in counted else "does not match"


def _tests(rule: Rule, gathering: Gathering) -> tuple[Line, ...]:
    return (*_barred(rule, gathering.request), *tests_of(rule, gathering))


def _barred(rule: Rule, request: Request) -> Iterator[Line]:
    """Say what keeps a rule from being asked at all."""
    if rule.mode == "off":
        yield Line("the rule's mode", "off", "does not hold")
    if request.phase not in rule.phases:
        yield Line(f"the phase is {' or '.join(rule.phases)}", request.phase, "does not hold")
    if rule.kinds and request.kind not in rule.kinds:
        yield Line(f"the kind is {' or '.join(rule.kinds)}", request.kind, "does not hold")
    fits = compile_scopes(rule.scopes)
    if fits is not None and not fits(request):
        yield Line(f"the scope is {' and '.join(map(scope, rule.scopes))}", "", "does not hold")


def _data(rule: Rule, outcome: str, tests: Sequence[Line]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "source": rule.source,
        "action": rule.action,
        "mode": rule.mode,
        "outcome": outcome,
        "tests": [msgspec.to_builtins(test) for test in tests],
    }


def _said(rule: Rule, outcome: str, tests: Sequence[Line]) -> list[str]:
    head = f"{bold(rule.id)}  {dim(rule.source)}  {paint(rule.action, rule.action)}: {outcome}"
    return ["", head, *(f"  {_mark(test)} {test}" for test in tests)]


def _mark(test: Line) -> str:
    return {"holds": "+", "does not hold": "-"}.get(test.outcome, "?")
