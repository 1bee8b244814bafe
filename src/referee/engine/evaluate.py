"""Decide one request: a generator that asks for facts in tiers, and drivers that already have them.

Rule 1: nothing here gathers anything. What is missing is asked for by yielding a ``Need``.
Rule 2: a tier is asked only if a rule that could match depends on it: free, then state, then scanners.
Rule 3: the same program, request and facts give an equal decision.
Rule 4: no request and no fact raises an exception. What cannot even be judged, because its own code fails, is denied.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from referee._version import __version__
from referee.engine import modify, usage
from referee.engine.combine import Found, as_rule, combine, ordered, settle_errors, stricter
from referee.engine.conditions import Truth
from referee.engine.explain import why_in_error
from referee.engine.operators import as_number
from referee.engine.program import Program
from referee.engine.recall import quick
from referee.engine.redaction import Unknown, redactions, scanners_of
from referee.engine.rounds import AGAIN, RENEWED, UNLIKE, Outcome, renamed
from referee.engine.rules import Compiled, CompiledLimit
from referee.engine.truth import ERROR, FALSE, TRUE, UNKNOWN, both, either
from referee.model.decision import Charge, Decision, RuleError
from referee.model.facts import Fact, Failed, Grant
from referee.model.names import STRICTNESS, Verdict
from referee.model.programs import Change, Rule
from referee.model.request import Request

Tier = Literal["free", "state", "scanner"]
_TIERS: Final[tuple[Tier, ...]] = ("free", "state", "scanner")
_NOT_GATHERED: Final = Failed("not gathered")
_UNDECIDED: Final = "a change or redaction that must be made cannot be decided"
_UNDECIDABLE: Final = "the request cannot be decided"


class Need(msgspec.Struct, frozen=True):
    """A question to whoever drives the decision: these facts, about this request.

    After a change of the arguments the request is the changed one and the names begin with ``again/``.
    """

    names: tuple[str, ...]
    tier: Tier
    request: Request


Asking = Generator[Need, Mapping[str, Fact], Decision]


def tier_of(name: str) -> Tier:
    """Return the cost tier of a fact.

    >>> tier_of("counter.cost_in_run"), tier_of("again/scan.pii"), tier_of("shell")
    ('state', 'scanner', 'free')
    """
    name = name.removeprefix(AGAIN)
    if name.startswith(("counter.", "limit.", "labels.")):
        return "state"
    return "scanner" if name.startswith("scan.") else "free"


def decide(program: Program, request: Request, facts: Mapping[str, Fact]) -> Decision:
    """Decide with the facts given; one that is not among them counts as failed.

    >>> from referee.model.programs import Layer, Policies
    >>> program = Program.build(Policies(layers=(Layer("policy", {"tool_call": "deny"}),)))
    >>> decide(program, Request.tool_call("refund"), {}).decision
    'deny'
    """
    try:
        found = quick(program, request, facts)
        if isinstance(found, Decision):
            return found
        asking = _thorough(program, request, {})
        need = next(asking)
        while True:
            need = asking.send({name: facts.get(name, _NOT_GATHERED) for name in need.names})
    except StopIteration as done:
        decision: Decision = done.value
        return decision
    except Exception:  # noqa: BLE001 - rule 4
        return _undecidable(program)


def _undecidable(program: Program) -> Decision:
    return Decision("deny", problem=_UNDECIDABLE, policy_digest=program.policies_digest, engine_version=__version__)


def evaluate(program: Program, request: Request, known: Mapping[str, Fact] | None = None) -> Asking:
    """Decide by asking: yield ``Need`` until all is known, return the decision. ``known`` are facts at hand."""
    facts: dict[str, Fact] = dict(known) if known else {}
    try:
        while True:
            found = quick(program, request, facts)
            if isinstance(found, Decision):
                return found
            if not found:
                return (yield from _thorough(program, request, facts))
            yield from _ask(found, request, facts, "")
    except Exception:  # noqa: BLE001 - rule 4
        return _undecidable(program)


def _ask(
    missing: set[str], request: Request, facts: dict[str, Fact], prefix: str
) -> Generator[Need, Mapping[str, Fact], None]:
    """Ask for those of the missing facts that cost least."""
    tiers = {name: tier_of(name) for name in missing}
    tier: Tier = next(tier for tier in _TIERS if tier in tiers.values())
    names = tuple(sorted(name for name in missing if tiers[name] == tier))
    asked = tuple(renamed(name, prefix) for name in names)
    got = yield Need(asked, tier, request)
    for name, question in zip(names, asked, strict=True):
        facts[name] = got.get(question, _NOT_GATHERED)


def _thorough(program: Program, request: Request, facts: dict[str, Fact]) -> Asking:
    """Decide with everything that can play a part."""
    first = yield from _round(program, request, facts, "")
    running, problem, at_fault = request, "", list(first.at_fault)
    changes: tuple[Change, ...] = ()
    rounds = [first]
    if at_fault:
        problem = _UNDECIDED
    modifying = [rule for rule in first.matched if rule.action == "modify"]
    if modifying and request.phase == "pre":
        try:
            changes = modify.merge(modifying, (yield from _rewritten(modifying, request, facts)))
            if changes:
                running = msgspec.structs.replace(request, args=modify.apply_changes(request.args, changes))
        except modify.Conflict as conflict:
            changes, problem = (), str(conflict)
            at_fault += modifying
        if changes:
            rounds.append((yield from _round(program, running, _carried(facts), AGAIN)))
            at_fault += [rule for rule in rounds[1].at_fault if rule not in at_fault]
            problem = problem or (_UNDECIDED if at_fault else "")
    (removed, scans), trouble, blamed = yield from _redacted(rounds, running)
    decision = _weigh(program, request, rounds, problem or trouble, at_fault + blamed, changes)
    used = {name for outcome in rounds for name in outcome.names()} | scans | modify.rewrites(modifying)
    decision = msgspec.structs.replace(decision, redactions=removed, facts_used=tuple(sorted(used)))
    if decision.decision == "require_approval":
        grant = facts["grant"] if "grant" in facts else (yield Need(("grant",), "free", running)).get("grant")
        if isinstance(grant, Grant):
            return msgspec.structs.replace(decision, decision="allow", granted=grant.id)
    elif first.key is not UNLIKE:
        program.remember(request, first.key, decision)
    return decision


def _rewritten(
    rules: Sequence[Rule], request: Request, facts: dict[str, Fact]
) -> Generator[Need, Mapping[str, Fact], tuple[Change, ...]]:
    """Ask for the SQL text as the rules want it. It is a fact, for the engine reads no SQL."""
    names = modify.rewrites(rules)
    for name in names:
        if name not in facts:
            facts[name] = (yield Need((name,), "free", request)).get(name, _NOT_GATHERED)
    return tuple(change for name in names for change in modify.as_changes(facts[name]))


def _carried(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Take over the facts that do not depend on the arguments; those given for the second round lose their prefix."""
    carried = {
        name: fact
        for name, fact in facts.items()
        if name not in RENEWED and not name.startswith(("scan.", "labels.", AGAIN))
    }
    return carried | {name.removeprefix(AGAIN): fact for name, fact in facts.items() if name.startswith(AGAIN)}


def _round(
    program: Program, request: Request, facts: dict[str, Fact], prefix: str
) -> Generator[Need, Mapping[str, Fact], Outcome]:
    """Judge every rule that could match; ask for what is missing, the cheapest tier first."""
    candidates = program.candidates(request)
    while True:
        outcome = Outcome(prefix)
        outcome.facts = facts
        unknown = _judge(candidates, request, facts, outcome)
        limits = program.limits_of[request.kind] if request.phase == "pre" else ()
        missing = {name for compiled in unknown for name in compiled.facts if name not in facts}
        missing |= _judge_limits(limits, request, facts, outcome)
        if not missing:
            break
        yield from _ask(missing, request, facts, prefix)
    _conclude(outcome, request, steady=program.steady[request.kind])
    return outcome


def _judge(
    candidates: Iterable[Compiled], request: Request, facts: Mapping[str, Fact], outcome: Outcome
) -> list[Compiled]:
    """Sort the candidates into matched, in error and observed; return those whose facts are missing."""
    kind, phase = request.kind, request.phase
    unknown: list[Compiled] = []
    for compiled in candidates:
        if phase not in compiled.phases or (compiled.kinds and kind not in compiled.kinds):
            continue
        fits = compiled.fits
        if fits is not None and not fits(request):
            continue
        judge = compiled.truth
        if judge is None:
            truth = TRUE
        elif compiled.files:
            truth = _judge_files(judge, request, facts, grant=compiled.rule.action == "allow")
        else:
            truth = judge(request, facts)
        if not truth:
            continue
        rule = compiled.rule
        if truth == UNKNOWN:
            unknown.append(compiled)
            continue
        if compiled.observed:
            if truth != TRUE and rule.action == "allow":
                continue
            outcome.observed.append(rule)
        elif truth == TRUE:
            outcome.matched.append(rule)
            outcome.positions.append(compiled.position)
        else:
            outcome.in_error.append(rule)
        outcome.names_ |= compiled.facts
    return unknown


def _judge_files(judge: Truth, request: Request, facts: Mapping[str, Fact], *, grant: bool) -> int:
    """Judge a rule about files once for each file: a grant needs all of them, anything else one."""
    files = facts.get("file")
    if not isinstance(files, tuple) or len(files) < 2:
        return judge(request, facts)
    join = both if grant else either
    truth = TRUE if grant else FALSE
    for file in files:
        truth = join(truth, judge(request, {**facts, "file": (file,)}))  # type: ignore[dict-item]
    return truth


def _judge_limits(
    limits: Sequence[CompiledLimit], request: Request, facts: Mapping[str, Fact], outcome: Outcome
) -> set[str]:
    """Judge the limits; return the facts that are missing."""
    missing: set[str] = set()
    for number, compiled in enumerate(limits):
        limit = compiled.limit
        if compiled.fits is not None and not compiled.fits(request):
            continue
        truth = TRUE if compiled.truth is None else _judge_files(compiled.truth, request, facts, grant=False)
        if not truth:
            continue
        if truth == UNKNOWN:
            missing |= {name for name in compiled.facts if name not in facts}
            continue
        if compiled.fact not in facts:
            missing.add(compiled.fact)
            continue
        amount = usage.amount(limit.measure, request)
        outcome.names_ |= compiled.facts
        outcome.drawn += (number, usage.spelled(amount))
        fact = facts[compiled.fact]
        used = as_number(fact)
        if compiled.enforced and amount > 0:
            outcome.charges.append(Charge(limit.full, str(amount), limit.cap.text))
        if used is None:
            outcome.limited.append(msgspec.structs.replace(as_rule(limit), action="deny"))
        elif usage.total(used, amount) > compiled.cap:
            outcome.limited.append(as_rule(limit))
        if compiled.enforced and (truth == ERROR or used is None):
            why = why_in_error(limit, request, facts) if truth == ERROR else usage.trouble(fact)
            outcome.errors.append(RuleError(limit.id, limit.source, why))
        if used is not None:
            reached = [t for t in limit.thresholds if usage.total(used, amount) >= t.at.value]
            outcome.limited += [as_rule(limit, threshold) for threshold in reached]
    return missing


def _conclude(outcome: Outcome, request: Request, *, steady: bool) -> None:
    """Say what went wrong, and, if nothing out of the ordinary plays a part, under which key the decision is kept."""
    outcome.at_fault = [rule for rule in outcome.in_error if rule.action in ("modify", "redact")]
    outcome.errors += [
        RuleError(rule.id, rule.source, why_in_error(rule, request, outcome.facts)) for rule in outcome.in_error
    ]
    changing = any(rule.action in ("modify", "redact") for rule in outcome.matched)
    if not (outcome.errors or outcome.limited or outcome.observed or changing or request.signals):
        positions = outcome.positions
        if outcome.drawn and not steady:
            outcome.key = (tuple(positions), *outcome.drawn)
        else:
            outcome.key = None if not positions else positions[0] if len(positions) == 1 else tuple(positions)


def _redacted(
    rounds: Sequence[Outcome], running: Request
) -> Generator[Need, Mapping[str, Fact], tuple[tuple[Any, set[str]], str, list[Rule]]]:
    """Return what is removed with the facts that took, what stood in the way, and whose fault it is."""
    rules = [rule for outcome in rounds for rule in outcome.matched if rule.action == "redact"]
    if not rules:
        return ((), set()), "", []
    last = rounds[-1]
    wanted = {f"scan.{scanner}" for rule in rules if rule.redact is not None for scanner in scanners_of(rule.redact)}
    missing = tuple(sorted(name for name in wanted if name not in last.facts))
    if missing:
        asked = tuple(renamed(name, last.prefix) for name in missing)
        got = yield Need(asked, "scanner", running)
        last.facts.update(
            {name: got.get(question, _NOT_GATHERED) for name, question in zip(missing, asked, strict=True)}
        )
    used = {renamed(name, last.prefix) for name in wanted}
    try:
        return (redactions(rules, running, last.facts), used), "", []
    except Unknown as unknown:
        return ((), used), str(unknown), rules


def _weigh(
    program: Program,
    request: Request,
    rounds: Sequence[Outcome],
    problem: str,
    at_fault: Sequence[Rule],
    changes: tuple[Change, ...],
) -> Decision:
    """Turn what the rounds brought up into a decision, apart from redactions and grants."""
    verdict: Verdict = "allow"
    deciding: Sequence[Rule] = ()
    rules: list[Rule] = []
    for number, outcome in enumerate(rounds):
        found, errs = _found(outcome)
        answer = combine(program.layers, request.kind, request.phase, found)
        verdict, deciding = stricter((verdict, deciding), answer) if number else answer
        rules += [*found.matched, *found.tightening, *found.counted, *errs]
    if problem and STRICTNESS[verdict] < STRICTNESS["deny"]:
        verdict, deciding = "deny", at_fault
    errors = {(error.source, error.id): error for outcome in rounds for error in outcome.errors}
    charges = {charge.limit: charge for outcome in rounds for charge in outcome.charges}
    return Decision(
        decision=verdict,
        deciding=ordered(deciding),
        rules=ordered(rules),
        would_have=ordered(rule for outcome in rounds for rule in _observed(outcome)),
        errors=tuple(errors[place] for place in sorted(errors)),
        problem=problem,
        modifications=changes,
        charges=tuple(charges[name] for name in sorted(charges)),
        signals=usage.signals(request),
        policy_digest=program.policies_digest,
        engine_version=__version__,
    )


def _found(outcome: Outcome) -> tuple[Found, list[Rule]]:
    fired = [rule for rule in outcome.limited if rule.mode == "enforce"]
    tightening = [rule for rule in fired if rule.action == "require_approval"]
    matched = outcome.matched + [rule for rule in fired if rule.action != "require_approval"]
    found, at_fault = settle_errors(matched, outcome.in_error, tightening)
    return found, at_fault


def _observed(outcome: Outcome) -> list[Rule]:
    return outcome.observed + [rule for rule in outcome.limited if rule.mode == "observe"]
