"""Decisions that were made before, found again without making them.

Rule 1: the like of a request is one that the same plain rules match, and that draws the same from the same limits
without reaching anything. Its decision is the same.
Rule 2: whatever is out of the ordinary - an error, a change, a file, a signal, something observed - is not remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from referee.engine import usage
from referee.engine.operators import as_number
from referee.engine.program import Program
from referee.engine.rules import Compiled
from referee.engine.truth import ERROR, TRUE, UNKNOWN
from referee.model.decision import Decision
from referee.model.facts import Fact
from referee.model.request import Request


def quick(program: Program, request: Request, facts: Mapping[str, Fact]) -> Decision | set[str] | None:
    """Return the decision if the like was decided before, the names of missing facts, or ``None``.

    ``None``: a rule is in error, observed, about files, or changes something; or this is the first time.
    """
    kind, phase = request.kind, request.phase
    if request.signals:
        return None
    usual = kind == "tool_call" and phase == "pre"
    if usual:
        settled = program.tools_by_name.settled(request.tool)
        if settled is not None:
            return settled
    missing: set[str] | None = None
    matched: list[Compiled] = []
    for compiled in program.candidates(request):
        if not (compiled.usual if usual else _applies(compiled, kind, phase)):
            continue
        fits = compiled.fits
        if fits is not None and not fits(request):
            continue
        if compiled.files:
            return None
        judge = compiled.truth
        if judge is not None:
            truth = judge(request, facts)
            if not truth:
                continue
            if truth != TRUE:
                if truth != UNKNOWN:
                    return None
                names = {name for name in compiled.facts if name not in facts}
                missing = names if missing is None else missing | names
                continue
        if not compiled.plain:
            return None
        matched.append(compiled)
    drawn: tuple[Any, ...] | None = ()
    if phase == "pre" and program.limits_of[kind] and not _roomy(program, kind, facts):
        drawn, lacking = _drawn(program, request, facts)
        missing = lacking | missing if missing else lacking
    if missing or drawn is None:
        return missing or None
    outcomes = program.outcomes[kind][phase]
    if drawn:
        return outcomes.combined.get((tuple([compiled.position for compiled in matched]), *drawn))
    if not matched:
        return outcomes.single.get(None)
    if len(matched) > 1:
        return outcomes.combined.get(tuple([compiled.position for compiled in matched]))
    compiled = matched[0]
    if not usual:
        return outcomes.single.get(compiled.position)
    if compiled.alone is None:
        compiled.alone = outcomes.single.get(compiled.position)
    return compiled.alone


def _applies(compiled: Compiled, kind: str, phase: str) -> bool:
    return phase in compiled.phases and (not compiled.kinds or kind in compiled.kinds)


def _roomy(program: Program, kind: str, facts: Mapping[str, Fact]) -> bool:
    """Tell whether all limits are about calls, known, and far from being reached: the commonest case."""
    if not program.steady[kind]:
        return False
    for compiled in program.limits_of[kind]:
        used: Any = facts.get(compiled.fact)
        if used.__class__ is not int or used >= compiled.room:
            return False
    return True


def _drawn(program: Program, request: Request, facts: Mapping[str, Fact]) -> tuple[tuple[Any, ...] | None, set[str]]:
    """Return what is drawn from limits, as far as it differs from action to action, and the missing facts.

    ``None`` in place of the former: a limit is in error, about files, or something is reached.
    """
    drawn: list[Any] = []
    missing: set[str] = set()
    steady = program.steady[request.kind]
    for number, compiled in enumerate(program.limits_of[request.kind]):
        if not compiled.steady:
            if compiled.fits is not None and not compiled.fits(request):
                continue
            if compiled.files:
                return None, missing
            truth = TRUE if compiled.truth is None else compiled.truth(request, facts)
            if not truth:
                continue
            if truth == ERROR:
                return None, missing
            if truth == UNKNOWN:
                missing.update(name for name in compiled.facts if name not in facts)
                continue
        if compiled.fact not in facts:
            missing.update(name for name in compiled.facts if name not in facts)
            continue
        used = as_number(facts[compiled.fact])
        if used is None:
            return None, missing
        amount = 1 if compiled.steady else usage.amount(compiled.measure, request)
        total = usage.total(used, amount)
        if total > compiled.cap or (compiled.least is not None and total >= compiled.least):
            return None, missing
        if not steady:
            drawn += (number, usage.spelled(amount))
    return tuple(drawn), missing
