"""The laws of the language, tried on random policies, requests and facts.

Rule 1: the engine and the reference interpreter agree on every field of every decision.
Rule 2: each law of ``spec/language.md`` is a test of the engine; a law is never weakened by leaving out what breaks it,
        only by the exceptions that the law itself names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

import operators
from referee.engine import runs
from referee.engine.evaluate import decide
from referee.engine.program import Program
from referee.model.decision import Decision
from referee.model.facts import Command, Fact, Failed, Origins, ShellFacet
from referee.model.names import STRICTNESS
from referee.model.programs import All, Any_, Condition, Layer, Not, Policies, Rule, Test
from referee.model.request import Request
from reference import decide as judge
from tests.support.differ import difference, essence, told
from tests.support.generate import KINDS, TOOLS, Generator, arguments
from tests.support.words import LABELS

SEEDS = 800
REQUEST_FACTS = ("http", "file", "shell", "sql", "tool")


def ran(policies: Policies, request: Request, facts: Mapping[str, Fact]) -> Decision:
    return decide(Program.build(policies), request, facts)


def rank(decision: Decision) -> int:
    return STRICTNESS[decision.decision]


def without_grant(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {**facts, "grant": None}


def comparisons(condition: Condition) -> list[Test]:
    match condition:
        case All(parts) | Any_(parts):
            return [test for part in parts for test in comparisons(part)]
        case Not(part):
            return comparisons(part)
        case _:
            return [condition]


def every_test(policies: Policies) -> list[Test]:
    conditions = [condition for rule in policies.rules for condition in (rule.when, rule.unless)]
    return [
        test
        for condition in (*conditions, *(limit.when for limit in policies.limits))
        for test in comparisons(condition)
    ]


def extra_rule(generator: Generator, policies: Policies, **fields: Any) -> Rule:
    """Make one more rule that fits the layers there are."""
    rule = generator.rule(99, len(policies.layers))
    plain: dict[str, Any] = {"id": "extra", "changes": (), "redact": None, "labels": None}
    return msgspec.structs.replace(rule, **{**plain, **fields})


# ── the engine is what the reference says ────────────────────────────────────────────────────────────────────────────


def disagreements(seeds: range) -> list[str]:
    found = []
    for seed in seeds:
        policies, request, facts = arguments(seed)
        if difference(ran(policies, request, facts), judge(policies, request, facts)):
            found.append(f"seed {seed}\n{told(policies, request, facts, ran, judge)}")
            if len(found) == 3:
                break
    return found


def test_engine_agrees_with_the_reference():
    assert not disagreements(range(2_000))


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_engine_agrees_with_the_reference_at_length(part: int):
    assert not disagreements(range(10_000 + part * 20_000, 10_000 + (part + 1) * 20_000))


def test_one_program_agrees_on_many_requests():
    """What a program remembers of one request must not show in the next."""
    for seed in range(400):
        generator = Generator(seed)
        policies = generator.policies()
        program = Program.build(policies)
        for _ in range(8):
            generator.tool = generator.pick(TOOLS)
            request, facts = generator.request(), generator.facts(policies)
            assert not difference(decide(program, request, facts), judge(policies, request, facts)), seed


def test_the_index_withholds_nothing():
    """Among many rules about the same arguments, none that matches or is in error may be overlooked."""
    matched = 0
    for seed in range(150):
        generator = Generator(seed)
        policies = generator.crowd()
        program = Program.build(policies)
        for _ in range(10):
            request, facts = generator.request(), generator.facts(policies)
            decision = decide(program, request, facts)
            matched += len(decision.rules)
            assert not difference(decision, judge(policies, request, facts)), seed
    assert matched > 1_000


def test_commands_are_matched_as_the_reference_matches_them():
    """Random commands from a small vocabulary of programs, subcommands and flags."""
    patterns = ("rm -rf", "rm -r", "rm --recursive --force", "git push --force", "git push", "git push -f", "git push -d",
                "kubectl delete", "kubectl delete -f", "terraform destroy", "mkfs*", "git branch *", "docker rm -f")  # fmt: skip
    words = ("push", "delete", "destroy", "branch", "rm", "-f", "-r", "-rf", "-fr", "-R", "-d", "--force", "--recursive", "--delete",
             "--force=yes", "--", "-", "-C", "/x", "x", None, None, "-n", "--namespace", "-i")  # fmt: skip
    programs = ("rm", "/bin/rm", "git", "kubectl", "terraform", "mkfs.ext4", "docker", "git.exe", "echo", None)
    generator = Generator(0)
    seen: Counter[str] = Counter()
    for _ in range(20_000):
        command = (generator.pick(programs), *(generator.pick(words) for _ in range(generator.pick((0, 1, 2, 3, 4)))))
        pattern = generator.pick(patterns)
        slow = operators.runs(command, pattern)
        fast = runs.runs(pattern)(ShellFacet((Command(command),)))
        assert fast == (2 if isinstance(slow, operators.Error) else int(slow)), (command, pattern, slow)
        seen[str(fast)] += 1
    assert min(seen.values()) > 200, seen


def test_the_arguments_are_worth_deciding():
    """The generator must not make the laws true by never coming near them."""
    seen: Counter[str] = Counter()
    rules = 0
    for seed in range(1_000):
        policies, request, facts = arguments(seed)
        decision = judge(policies, request, facts)
        rules += len(policies.rules)
        seen[decision.decision] += 1
        seen["matched"] += len(decision.rules)
        for part in (
            "errors",
            "problem",
            "modifications",
            "redactions",
            "charges",
            "would_have",
            "granted",
            "deciding",
        ):
            seen[part] += bool(getattr(decision, part))
    assert all(seen[verdict] > 80 for verdict in STRICTNESS), seen
    assert seen["matched"] > rules * 0.15, seen
    assert seen["errors"] > 100, seen
    assert all(
        seen[part] > 20 for part in ("problem", "modifications", "redactions", "charges", "would_have", "deciding")
    ), seen
    assert seen["granted"] > 5, seen


# ── a broken engine is caught ────────────────────────────────────────────────────────────────────────────────────────


def allow_pierces_deny(matched: Any, default: Any) -> Any:
    granting = [rule for rule in matched if rule.action == "allow"]
    return ("allow", granting) if granting else _combining.decide_layer(matched, default)


def priority_is_forgotten(matched: Any, default: Any) -> Any:
    flat = [msgspec.structs.replace(rule, priority=0) for rule in matched]
    return _combining.decide_layer(flat, default)


def specificity_is_forgotten(matched: Any, default: Any) -> Any:
    flat = [msgspec.structs.replace(rule, specificity=(0, 0, 0)) for rule in matched]
    return _combining.decide_layer(flat, default)


def approval_beats_deny(matched: Any, default: Any) -> Any:
    asking = [rule for rule in matched if rule.action == "require_approval"]
    return ("require_approval", asking) if asking else _combining.decide_layer(matched, default)


def errors_do_not_match(matched: Any, in_error: Any, tightening: Any) -> Any:
    return _combining.settle_errors(matched, [], tightening)


def errors_always_match(matched: Any, in_error: Any, tightening: Any) -> Any:
    return _combining.settle_errors(
        [*matched, *(rule for rule in in_error if rule.action == "allow")], in_error, tightening
    )


class _Combining:
    """The working functions, kept before a test replaces them."""

    from referee.engine.combine import decide_layer, settle_errors

    decide_layer = staticmethod(decide_layer)
    settle_errors = staticmethod(settle_errors)


_combining = _Combining()
BROKEN: dict[str, tuple[str, Callable[..., Any]]] = {
    "allow pierces deny": ("referee.engine.combine.decide_layer", allow_pierces_deny),
    "approval beats deny": ("referee.engine.combine.decide_layer", approval_beats_deny),
    "priority is forgotten": ("referee.engine.combine.decide_layer", priority_is_forgotten),
    "specificity is forgotten": ("referee.engine.combine.decide_layer", specificity_is_forgotten),
    "rules in error do not match": ("referee.engine.evaluate.settle_errors", errors_do_not_match),
    "an allow in error matches": ("referee.engine.evaluate.settle_errors", errors_always_match),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_combiner_is_caught(fault: str, monkeypatch: pytest.MonkeyPatch):
    target, replacement = BROKEN[fault]
    monkeypatch.setattr(target, replacement)
    assert disagreements(range(2_000))


def test_the_difference_told_is_the_smallest(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("referee.engine.combine.decide_layer", allow_pierces_deny)
    for seed in range(2_000):
        policies, request, facts = arguments(seed)
        if ran(policies, request, facts).decision != judge(policies, request, facts).decision:
            text = told(policies, request, facts, ran, judge)
            assert text.count("\nRule(") < len(policies.rules) or len(policies.rules) < 3
            assert " != " in text.splitlines()[0]
            return
    pytest.fail("the fault was not found")


# ── the laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_order_and_repetition_do_not_matter():
    for seed in range(SEEDS):
        policies, request, facts = arguments(seed)
        mixed = [*policies.rules, *policies.rules[: seed % 4]]
        Generator(seed + 1).random.shuffle(mixed)
        other = msgspec.structs.replace(policies, rules=tuple(mixed), limits=policies.limits[::-1])
        assert not difference(ran(policies, request, facts), ran(other, request, facts)), seed


def test_the_order_of_facts_and_arguments_does_not_matter():
    for seed in range(SEEDS):
        policies, request, facts = arguments(seed)
        turned = msgspec.structs.replace(request, args=dict(reversed(request.args.items())))
        backwards = dict(reversed(facts.items()))
        assert not difference(ran(policies, request, facts), ran(policies, turned, backwards)), seed


def test_adding_a_deny_never_loosens():
    for seed in range(SEEDS):
        policies, request, facts = arguments(seed)
        facts = without_grant(facts)
        deny = extra_rule(Generator(seed + 10**6), policies, action="deny", mode="enforce")
        more = msgspec.structs.replace(policies, rules=(*policies.rules, deny))
        before, after = ran(policies, request, facts), ran(more, request, facts)
        assert rank(after) >= rank(before), seed


def test_adding_an_approval_never_loosens_what_was_allowed_or_refused_by_a_rule():
    for seed in range(SEEDS):
        policies, request, facts = arguments(seed)
        facts = without_grant(facts)
        approval = extra_rule(Generator(seed + 10**6), policies, action="require_approval", mode="enforce")
        more = msgspec.structs.replace(policies, rules=(*policies.rules, approval))
        before, after = ran(policies, request, facts), ran(more, request, facts)
        if before.decision == "allow":
            assert after.decision in {"allow", "require_approval"}, seed
        if before.problem or any(
            rule.action in {"deny", "terminate"} for rule in before.rules if rule.on_error == "deny"
        ):
            by_default = before.decision == "terminate" and not before.deciding  # which an approval may replace
            assert rank(after) == rank(before) or (by_default and rank(after) >= STRICTNESS["deny"]), seed


def test_deny_trumps():
    denied = 0
    for seed in range(SEEDS):
        policies, request, facts = arguments(seed)
        program = Program.build(policies)
        decision = decide(program, request, facts)
        asked = {rule.full for rule in policies.rules if rule.on_error == "require_approval"}
        refusing = [rule for rule in decision.rules if rule.action in {"deny", "terminate"} and rule.full not in asked]
        if refusing:
            denied += 1
            assert rank(decision) >= STRICTNESS["deny"], seed
            assert not decision.granted, seed
        if any(rule.action == "terminate" for rule in refusing):
            assert decision.decision == "terminate", seed
    assert denied > SEEDS // 10


def strict_only(policies: Policies) -> Policies:
    """Leave out what the law of errors excepts: softer answers to an error, and limits that end the session."""
    return msgspec.structs.replace(
        policies,
        rules=tuple(msgspec.structs.replace(rule, on_error="deny") for rule in policies.rules),
        limits=tuple(
            limit
            for limit in policies.limits
            if "terminate" not in {limit.action, *(threshold.action for threshold in limit.thresholds)}
        ),
    )


def asks_for_presence(policies: Policies, *, facts_only: bool) -> bool:
    """Say whether a condition asks for presence, which is never in error."""
    requested = ("args", "result", "context", "signals")
    return any(
        test.op in {"exists", "missing"} and not (facts_only and test.attribute.root in requested)
        for test in every_test(policies)
    )


def test_a_failed_fact_never_widens():
    tried = 0
    for seed in range(SEEDS):
        policies, request, facts = arguments(seed)
        policies = strict_only(policies)
        if asks_for_presence(policies, facts_only=True):
            continue
        before = rank(ran(policies, request, facts))
        for name in before_failing(policies, request, facts):
            tried += 1
            assert rank(ran(policies, request, {**facts, name: Failed("away")})) >= before, (seed, name)
        assert rank(ran(policies, request, {name: Failed("away") for name in facts})) >= before, seed
    assert tried > SEEDS // 2


def before_failing(policies: Policies, request: Request, facts: Mapping[str, Fact]) -> list[str]:
    """Name some facts worth failing: those that were used, and a few that were not."""
    used = [name for name in ran(policies, request, facts).facts_used if name in facts]
    return [*used, *sorted(facts)[:: max(1, len(facts) // 4)]]


def only_plain_arguments(rule: Rule) -> bool:
    """Say whether a rule knows its tool and looks at plain arguments and nothing of their text."""
    tests = [*comparisons(rule.when), *comparisons(rule.unless)]
    return (
        rule.named
        and rule.action not in {"modify", "redact"}
        and all(test.op not in {"exists", "missing"} for test in tests)
        and all(
            test.attribute.root != "text"
            and (test.attribute.root != "args" or (bool(test.attribute.path) and "**" not in test.attribute.path))
            for test in tests
        )
    )


def test_a_missing_argument_never_widens_in_a_rule_that_names_its_tool():
    tried = 0
    for seed in range(4 * SEEDS):
        policies, request, facts = arguments(seed)
        policies = strict_only(policies)
        rules = tuple(rule for rule in policies.rules if only_plain_arguments(rule))
        policies = msgspec.structs.replace(policies, rules=rules, limits=())
        if not rules:
            continue
        before = rank(ran(policies, request, facts))
        for name in request.args:
            tried += 1
            fewer = {key: value for key, value in request.args.items() if key != name}
            dropped = msgspec.structs.replace(request, args=fewer)
            assert rank(ran(policies, dropped, facts)) >= before, (seed, name)
    assert tried > SEEDS


def test_a_layer_never_loosens():
    for seed in range(SEEDS):
        policies, request, facts = arguments(seed)
        facts = without_grant(facts)
        generator = Generator(seed + 10**6)
        number = len(policies.layers)
        added = tuple(
            msgspec.structs.replace(rule, id=f"extra-{at}", layer=number)
            for at, rule in enumerate(generator.rule(99, 1) for _ in range(4))
            if rule.action != "modify"
        )
        stacked = msgspec.structs.replace(
            policies,
            layers=(*policies.layers, Layer("added", generator.defaults())),
            rules=(*policies.rules, *added),
        )
        assert rank(ran(stacked, request, facts)) >= rank(ran(policies, request, facts)), seed


def test_observed_rules_never_matter():
    shown = 0
    for seed in range(SEEDS):
        policies, request, facts = arguments(seed)
        generator = Generator(seed + 10**6)
        watching = tuple(
            msgspec.structs.replace(generator.rule(99, len(policies.layers)), id=f"extra-{at}", mode="observe")
            for at in range(4)
        )
        more = msgspec.structs.replace(policies, rules=(*policies.rules, *watching))
        before, after = essence(ran(policies, request, facts)), essence(ran(more, request, facts))
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= {"would_have", "facts_used"}, (seed, changed)
        shown += "would_have" in changed
    assert shown > SEEDS // 10


def test_rules_that_are_off_never_matter():
    for seed in range(SEEDS // 2):
        policies, request, facts = arguments(seed)
        off = extra_rule(Generator(seed + 10**6), policies, mode="off")
        more = msgspec.structs.replace(policies, rules=(*policies.rules, off))
        assert ran(more, request, facts) == ran(policies, request, facts), seed


def test_the_same_arguments_give_an_equal_decision():
    for seed in range(SEEDS // 2):
        policies, request, facts = arguments(seed)
        program = Program.build(policies)
        first = decide(program, request, facts)
        assert decide(program, request, facts) == first, seed
        assert decide(Program.loads(program.dumps()), request, facts) == first, seed


def test_nothing_matches_where_there_is_nothing():
    empty = Policies(layers=(Layer("policy", dict.fromkeys(KINDS, "deny")),))
    for seed in range(50):
        _, request, facts = arguments(seed)
        assert ran(empty, request, facts).decision == ("deny" if request.phase == "pre" else "allow")


def test_what_is_lost_never_widens():
    """Labels of values that are not remembered in full any more make no decision milder."""
    tried = 0
    for seed in range(2 * SEEDS):
        policies, request, facts = arguments(seed)
        policies = strict_only(policies)
        before = rank(ran(policies, request, facts))
        lost = {
            name: msgspec.structs.replace(fact, lost=LABELS) if isinstance(fact, Origins) else fact
            for name, fact in facts.items()
        }
        tried += any(test.op in {"from", "from_only", "never_from"} for test in every_test(policies))
        assert rank(ran(policies, request, lost)) >= before, seed
    assert tried > SEEDS // 2
