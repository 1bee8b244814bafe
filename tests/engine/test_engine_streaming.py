"""The rules for pieces remove at least what the rules for the whole remove, and refuse at least as much."""

from __future__ import annotations

import pytest

from referee.engine.evaluate import decide
from referee.engine.program import Program
from referee.engine.streaming import for_streams, scanners_in
from referee.language.compile import Source, compile_policies
from referee.model.facts import Finding
from referee.model.request import Request


def ready(rules, head="default: allow"):
    text = f"id: p\n{head}\npolicies:\n" + "".join(f"  - {rule}\n" for rule in rules)
    return for_streams(Program.build(compile_policies([Source("p.yaml", text, 0, {})], ("policy",))))


def decided(program, facts=None, **more):
    request = Request("tool_call", "t", {"a": 1}, phase="post", result="x", **more)
    return decide(
        program, request, {"scan.pii": (Finding("pii", "email", "result", 0, 1),), "scan.secret": (), **(facts or {})}
    )


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        ("{id: r, action: redact, phase: post, when: {text: {contains: later}}}", True),
        ("{id: r, action: redact, phase: mid, when: {tool: t, result: later}}", True),
        ("{id: r, action: redact, phase: post, unless: {text: {contains: x}}}", True),
        ("{id: r, action: redact, phase: post, when: {not: {text: {contains_pii: true}}}}", True),
        ("{id: r, action: redact, phase: post, when: {any: [{tool: other}, {text: {contains: later}}]}}", True),
        ("{id: r, action: redact, phase: post, when: {all: [{tool: other}, {text: {contains: later}}]}}", False),
        ("{id: r, action: redact, phase: post, when: {tool: t}, unless: {args.a: 1}}", False),
        ("{id: r, action: redact, when: {phase: mid, result: {exists: true}}}", True),
        ("{id: r, action: redact, phase: pre}", False),
        ("{id: r, action: redact, phase: post, mode: 'off'}", False),
    ],
)
def test_a_redaction_does_not_wait_for_the_rest(rule, matches):
    decision = decided(ready([rule]))
    assert [one.id for one in decision.rules] == (["r"] if matches else [])
    assert bool(decision.redactions) == matches


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("{id: r, action: deny, phase: post, when: {text: {contains: x}}}", "deny"),
        ("{id: r, action: deny, phase: mid, when: {text: {contains: x}}}", "deny"),
        ("{id: r, action: deny, phase: [mid, post], when: {text: {contains: y}}}", "allow"),
        ("{id: r, action: deny, phase: [mid, post], when: {phase: mid}}", "deny"),
        ("{id: r, action: deny, phase: [mid, post], when: {not: {phase: post}}}", "deny"),
        ("{id: r, action: deny, phase: post, when: {tool: t}, unless: {phase: post}}", "deny"),
        ("{id: r, action: deny, when: {tool: t}}", "allow"),
    ],
)
def test_any_other_rule_is_asked_of_each_piece(rule, verdict):
    assert decided(ready([rule])).decision == verdict


def test_the_scanners_of_conditions_and_redactions_are_known():
    program = ready([
        "{id: a, action: deny, phase: post, when: {text: {contains_injection: true}}}",
        "{id: b, action: redact, phase: post, kinds: [email]}",
        "{id: c, action: deny, phase: pre, when: {text: {contains_secret: true}}}",
    ])  # fmt: skip
    assert scanners_in(program) == {"injection", "pii"}
    assert scanners_in(ready(["{id: a, action: allow, when: {tool: t}}"])) == frozenset()
