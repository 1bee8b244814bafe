"""Lints tell what they can prove, and what they prove holds for every request."""

from __future__ import annotations

import random
import re
import time
from decimal import Decimal
from itertools import product
from typing import Any

import msgspec
import pytest

import reference
from referee.engine.conditions import compile_condition
from referee.engine.truth import ERROR, FALSE, TRUE
from referee.language import lint as lint_module
from referee.language.compile import Source, check
from referee.language.implication import Prover, Sense, always, every, never, normal
from referee.language.lint import LINTS, lint
from referee.language.literals import Literal, covers, glob_within
from referee.language.render import render_text
from referee.model.decision import Decision
from referee.model.facts import Command, Failed, Finding, ShellFacet
from referee.model.programs import All, Any_, Attribute, Condition, Exact, Not, Policies, Rule, Scan, Test
from referee.model.request import Agent, Request
from tests.support import generate


def lints(text: str) -> list[tuple[str, int]]:
    checked = check([Source("p.yaml", text)])
    assert checked.policies is not None, render_text(checked.diagnostics)
    return [(found.code, found.span.line) for found in lint(checked.policies, {"p.yaml": text})]


RULES: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "the same rule twice": ("- {id: a, when: {tool: x}, action: deny}\n- {id: b, when: {tool: x}, action: deny}", [("shadowed", 2)]),
    "a narrower deny after a wider one": (
        "- {id: a, when: {tool: {glob: 'db.*'}}, action: deny}\n- {id: b, when: {tool: db.drop, cost: {gt: 5}}, action: deny}",
        [("shadowed", 2)],
    ),
    "a narrower deny before a wider one": (
        "- {id: b, when: {tool: x, args.n: {gt: 5}}, action: deny}\n- {id: a, when: {tool: x, args.n: {gt: 3}}, action: deny}",
        [("shadowed", 1)],
    ),
    "a deny for whom another holds": (
        "- {id: a, scope: {teams: ['*']}, when: {tool: x}, action: deny}\n- {id: b, scope: {teams: [t]}, when: {tool: x}, action: deny}",
        [("shadowed", 2)],
    ),
    "an unknown argument is an error that only one of them has": (
        "- {id: a, when: {args.n: {gt: 3}}, action: deny}\n- {id: b, when: {tool: x, args.n: {gt: 5}}, action: deny}",
        [],
    ),
    "another tool": ("- {id: a, when: {tool: x}, action: deny}\n- {id: b, when: {tool: y}, action: deny}", []),
    "another phase": ("- {id: a, when: {tool: x}, action: deny}\n- {id: b, phase: post, when: {tool: x}, action: deny}", []),
    "an exception makes it wider": (
        "- {id: a, when: {tool: x}, unless: {user.roles: {contains: s}}, action: deny}\n- {id: b, when: {tool: x}, action: deny}",
        [("shadowed", 1)],
    ),
    "an observing rule hides nothing": (
        "- {id: a, mode: observe, when: {tool: x}, action: deny}\n- {id: b, when: {tool: x}, action: deny}",
        [],
    ),
    "an approval by others is not the same": (
        "- {id: a, when: {tool: x}, action: require_approval, approvers: [p]}\n- {id: b, when: {tool: x}, action: require_approval, approvers: [q]}",
        [],
    ),
    "other changes are not the same": (
        "- {id: a, when: {tool: x}, action: modify, cap: {args.n: 5}}\n- {id: b, when: {tool: x}, action: modify, cap: {args.n: 6}}",
        [],
    ),
    "an allow below a deny": (
        "- {id: a, when: {tool: [x, y]}, action: deny}\n- {id: b, priority: 9, when: {tool: x}, action: allow}",
        [("unreachable", 2)],
    ),
    "an approval below a deny": (
        "- {id: a, when: {tool: [x, y]}, action: deny}\n- {id: b, when: {tool: x}, action: require_approval}",
        [("unreachable", 2)],
    ),
    "an allow below an approval": (
        "- {id: a, when: {tool: x}, action: require_approval}\n- {id: b, when: {tool: x, args.n: 1}, action: allow}",
        [("unreachable", 2)],
    ),
    "an allow above an approval": (
        "- {id: a, when: {tool: x, args.n: 1}, action: require_approval}\n- {id: b, priority: 1, when: {tool: x}, action: allow}",
        [("relaxes-approval", 2)],
    ),
    "an allow that takes from an approval": (
        "- {id: a, when: {tool: x}, action: require_approval}\n- {id: b, priority: 1, when: {tool: x, args.n: 1}, action: allow}",
        [("relaxes-approval", 2)],
    ),
    "an allow beside an approval": (
        "- {id: a, when: {tool: x, args.n: 1}, action: require_approval}\n- {id: b, when: {tool: x}, action: allow}",
        [],
    ),
    "two tools at once": ("- {id: a, when: {all: [{tool: x}, {tool: y}]}, action: deny}", [("contradiction", 1)]),
    "no number": ("- {id: a, when: {args.n: {gt: 5, lt: 3}}, action: deny}", [("contradiction", 1)]),
    "some number": ("- {id: a, when: {args.n: {gt: 3, lt: 5}}, action: deny}", []),
    "a name that no pattern fits": ("- {id: a, when: {all: [{tool: x}, {tool: 'db.*'}]}, action: deny}", [("contradiction", 1)]),
    "present and missing": (
        "- {id: a, when: {all: [{args.n: {missing: true}}, {args.n: 5}]}, action: deny}",
        [("contradiction", 1)],
    ),
    "everything is excepted": (
        "- {id: a, when: {tool: x, args.n: 5}, unless: {any: [{tool: [x, y]}, {cost: 1}]}, action: deny}",
        [("contradiction", 1)],
    ),
    "two members of a set": ("- {id: a, when: {all: [{agent.tags: x}, {agent.tags: y}]}, action: deny}", []),
    "every kind": (
        "- {id: a, when: {kind: [tool_call, http_request, model_call, message]}, action: deny}",
        [("always-true", 1)],
    ),
    "one or the other": ("- {id: a, when: {any: [{kind: message}, {not: {kind: message}}]}, action: deny}", [("always-true", 1)]),
    "one or the other, which may be in error": ("- {id: a, when: {any: [{args.n: 1}, {not: {args.n: 1}}]}, action: deny}", []),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_rules_without_effect(name):
    text, expected = RULES[name]
    quiet = "\n".join(line.replace(", action:", ", message: m, action:") for line in text.splitlines())
    assert lints(quiet) == expected


def test_the_other_layer_is_left_alone():
    text = "- {id: a, when: {tool: x}, action: deny, message: m}"
    policies = check([Source("p.yaml", text), Source("q.yaml", text, layer=1)]).policies
    assert policies is not None
    assert lint(policies) == ()


def test_whom_the_agent_cannot_ask():
    text = "- {id: a, when: {tool: x}, action: %s}"
    assert [lints(text % action) for action in ("deny", "terminate", "require_approval")] == [[("no-message", 1)]] * 3
    assert [lints(text % action) for action in ("allow", "log", "alert")] == [[]] * 3


def test_a_file_says_what_happens_to_all_else():
    grant = "policies:\n- {id: a, when: {tool: x}, action: allow}\n"
    assert lints(grant) == [("no-default", 1)]
    assert lints("policies: []\nversion: 1\n") == [("no-default", 2)]
    assert lints("default: deny\n" + grant) == []
    assert lints("tools: {allow: [x]}\nblock_pii: true\nrequire_approval: financial_actions\n") == []


def test_a_warning_says_where_and_what_to_do():
    text = "policies:\n  - {id: a, when: {tool: x}, action: deny, message: m}\n  - {id: b, when: {tool: x}, action: deny, message: m}\n"
    policies = check([Source("p.yaml", text)]).policies
    assert policies is not None
    assert render_text(lint(policies, {"p.yaml": text})) == (
        "warning[shadowed]: `b` adds nothing: `a` (p.yaml:2) denies all that it denies\n"
        " --> p.yaml:3:3  $\n"
        "  |\n"
        "3 |   - {id: b, when: {tool: x}, action: deny, message: m}\n"
        "  |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  = help: remove it, or narrow `a`"
    )


def test_every_lint_is_tried():
    told = {code for _, found in RULES.values() for code, _ in found} | {"no-message", "no-default"}
    assert told == set(LINTS)


# ── what is claimed of single tests holds for every value ────────────────────────────────────────────────────────────

SCALARS: list[Any] = [None, True, False, 0, 1, 5, 5.0, Decimal("5.00"), "5", "5.0", " 5 ", "6", 7, "", "a", "ab", "b", "A", "true", "True",
                      "db.read", "db.", "/work", "/work/a", "/work2", "/work/../x", "example.com", "a.example.com", "u@example.com", "10.0.0.1", "10.1.0.1"]  # fmt: skip
VALUES = [
    *SCALARS,
    [],
    {},
    [5],
    ["a"],
    ["a", "b"],
    ["5", "ab"],
    [True],
    [None],
    {"k": "a"},
    {"k": 5},
    [["a"]],
    ["db.read", 5],
    ["a"] * 6,
]

OPERANDS: dict[str, list[Any]] = {
    "eq": [None, True, 1, 5, Exact("5.5"), "5", "5.0", "a", "true", "db.read", "example.com", "/work/a"],
    "ne": [None, True, 1, 5, "5", "a"],
    "in": [("a", "ab"), ("a",), (5, 7), (5, "a"), ("5", 5), (True, 1), ("db.read", "db.")],
    "not_in": [("a", "ab"), (5, 7), ("5",), (True,)],
    "gt": [3, 5, Exact("5.5")],
    "gte": [3, 5],
    "lt": [3, 5, 7],
    "lte": [5],
    "between": [(3, 7), (5, 5), (6, 8)],
    "contains": ["a", 5, "5"],
    "contains_any": [("a", "b"), ("a",), (5, "a")],
    "contains_all": [("a", "b"), ("a",), ("a", 5)],
    "count.eq": [0, 1, 5],
    "count.ne": [1],
    "count.gt": [0, 1],
    "count.lte": [1],
    "starts_with": ["a", "ab", ("a", "d"), "/work", ""],
    "ends_with": ["a", "ad"],
    "glob": ["a*", "*", "db.*", "?", "d*", "[ab]", ("a*", "db.*"), "*a", "*read"],
    "regex": ["a", "^a"],
    "host": ["example.com", "=example.com", "*.example.com", "=a.example.com", "com", ("example.com", "evil.test")],
    "within": ["/work", "/work/a", "/"],
    "cidr": ["10.0.0.0/8", "10.0.0.0/16", "10.0.0.1/32"],
    "exists": [True, False],
    "missing": [True, False],
    "scan": [Scan("pii"), Scan("pii", ("email",)), Scan("pii", ("email", "ssn")), Scan("pii", min_score=Exact("0.9")), Scan("pii", wanted=False)],
}  # fmt: skip


def singles_on(attribute: Attribute) -> list[Test]:
    return [Test(attribute, op, operand) for op, operands in OPERANDS.items() for operand in operands]


FOUND = (
    (),
    Failed("down"),
    (Finding("pii", "email", "args.x", 0, 3, 0.7),),
    (Finding("pii", "ssn", "args.x", 0, 3, 1.0), Finding("pii", "phone_number", "text", 0, 3, 1.0)),
)


def situations(attribute: Attribute) -> list[tuple[Request, dict[str, Any]]]:
    if attribute.root == "agent.tags":
        sets = [(), ("a",), ("a", "b"), ("5",), ("db.read",), ("ab", "true")]
        return [(Request("tool_call", "t", {}, agent=Agent(tags=tags)), {}) for tags in sets]
    if attribute.root == "shell.programs":
        shells = [None, Failed("down"), *(ShellFacet(tuple(Command((name,)) for name in names), missing=missing)
                  for names in ((), ("a",), ("a", "b"), (None,), (None, "a")) for missing in ((), ("x",)))]  # fmt: skip
        return [(Request("tool_call", "t", {}), {"shell": shell}) for shell in shells]
    several = attribute.path[-1] == "*"
    requests = [Request("tool_call", "t", {}), *(Request("tool_call", "t", {"x": value}) for value in VALUES)]
    requests += [Request("tool_call", "t", {"x": list(pair)}) for pair in product(SCALARS, SCALARS)] if several else []
    return [(request, {"scan.pii": found}) for request in requests for found in (FOUND if not several else FOUND[:1])]


def truths(condition: Condition, named: bool, cases: list[tuple[Request, dict[str, Any]]]) -> list[int]:
    judge = compile_condition(condition, named=named)
    return [judge(request, facts) for request, facts in cases]


def holds(left: list[int], right: list[int], sense: Sense) -> bool:
    if sense is Sense.SURELY:
        return all(b == TRUE for a, b in zip(left, right, strict=True) if a == TRUE)
    return all(b in (TRUE, ERROR) for a, b in zip(left, right, strict=True) if a in (TRUE, ERROR))


@pytest.mark.parametrize("name", ["args.x", "args.x.*", "agent.tags", "shell.programs"])
def test_what_follows_from_one_test_follows_for_every_value(name):
    root, path = {"args.x": ("args", ("x",)), "args.x.*": ("args", ("x", "*"))}.get(name, (name, ()))
    attribute = Attribute(root, path)
    singles: list[Condition] = [test for test in singles_on(attribute) if name.startswith("args") or test.op != "scan"]
    forms = [(one, normal(one)) for single in singles for one in (single, Not(single))]
    cases = situations(attribute)
    table = {(at, named): truths(one, named, cases) for at, (one, _) in enumerate(forms) for named in (False, True)}
    claims = 0
    for (a, (left, one)), (b, (right, two)) in product(enumerate(forms), enumerate(forms)):
        for names, sense in product(((False, False), (True, True), (True, False), (False, True)), Sense):
            if a != b and Prover(*names).follows(one, two, sense):
                claims += 1
                assert holds(table[a, names[0]], table[b, names[1]], sense), (left, right, names, sense)
        if never(every((one, two))):
            assert all(
                max(x, y) != TRUE or FALSE in (x, y) for x, y in zip(table[a, False], table[b, False], strict=True)
            ), (left, right)
    assert claims > 300


def random_condition(chooser: random.Random, depth: int = 0) -> Condition:
    kind = chooser.random()
    if depth < 3 and kind < 0.5:
        parts = tuple(random_condition(chooser, depth + 1) for _ in range(chooser.choice((1, 2, 2, 3))))
        return All(parts) if kind < 0.25 else Any_(parts)
    if depth < 3 and kind < 0.6:
        return Not(random_condition(chooser, depth + 1))
    return chooser.choice(SMALL)


SMALL = [
    *(Test(Attribute("args", ("x",)), op, operand) for op, operand in (("gt", 3), ("gt", 5), ("lt", 4), ("eq", 5), ("ne", 5), ("exists", True), ("in", (5, 7)))),
    *(Test(Attribute("args", ("y",)), op, operand) for op, operand in (("eq", "a"), ("starts_with", "a"), ("missing", True))),
    Test(Attribute("kind"), "eq", "tool_call"),
    Test(Attribute("kind"), "in", ("message", "model_call", "http_request")),
]  # fmt: skip
CASES = [
    (Request(kind, "t" if kind == "tool_call" else None, {k: v for k, v in (("x", x), ("y", y)) if v != "-"}), {})
    for kind in ("tool_call", "message")
    for x, y in product(("-", 2, 5, "6", "n", None), ("-", "a", "ab", 3))
]


def test_what_follows_from_a_tree_follows_for_every_request():
    chooser = random.Random(7)
    claims = 0
    for _ in range(1500):
        left, right = random_condition(chooser), random_condition(chooser)
        if chooser.random() < 0.5:
            left = All((left, right)) if chooser.random() < 0.7 else All((right, Not(left)))
        names = (chooser.random() < 0.5, chooser.random() < 0.5)
        a, b = truths(left, names[0], CASES), truths(right, names[1], CASES)
        one, two = normal(left), normal(right)
        for sense in Sense:
            if Prover(*names).follows(one, two, sense):
                claims += 1
                assert holds(a, b, sense), (left, right, names, sense)
        if never(one):
            assert TRUE not in a, left
        if always(one):
            assert set(a) == {TRUE}, left
    assert claims > 300


# ── what is claimed of rules holds for every decision ────────────────────────────────────────────────────────────────


def crowded(seed: int) -> Policies:
    """Make policies with rules that are copies of others, narrowed or given another action."""
    generator = generate.Generator(seed)
    policies = generator.policies()
    rules = list(policies.rules)
    for at, rule in enumerate(policies.rules):
        other = generator.pick(policies.rules)
        narrowed = msgspec.structs.replace(
            rule,
            id=f"copy{at}",
            when=All((rule.when, other.when)) if generator.chance(0.5) else rule.when,
            unless=generator.pick((rule.unless, rule.unless, other.when)),
            action=rule.action if rule.action not in VERDICTS or generator.chance(0.4) else generator.pick(VERDICTS),
            priority=generator.pick((rule.priority, rule.priority + 1)),
            mode="enforce",
        )
        rules.append(narrowed)
    return generate.with_rules(policies, tuple(generator.random.sample(rules, len(rules))))


VERDICTS = ("allow", "require_approval", "deny", "terminate")


def without(policies: Policies, rule: Rule) -> Policies:
    return generate.with_rules(policies, tuple(other for other in policies.rules if other is not rule))


def placed(policies: Policies) -> Policies:
    """Give every rule a line of its own, so that a warning names exactly one."""
    rules = tuple(msgspec.structs.replace(rule, source=f"p.yaml:{at + 1}") for at, rule in enumerate(policies.rules))
    return generate.with_rules(policies, rules)


def in_error(rule: Rule, decision: Decision) -> bool:
    return rule.source in {error.source for error in decision.errors}


def check_claims(seeds: range) -> dict[str, int]:
    counted = dict.fromkeys(("shadowed", "unreachable", "relaxes-approval", "contradiction"), 0)
    for seed in seeds:
        policies = placed(crowded(seed))
        generator = generate.Generator(seed)
        told = [(found.code, policies.rules[found.span.line - 1], found.message) for found in lint(policies)]
        for code, rule, message in told:
            if code not in counted:
                continue
            counted[code] += 1
            for _ in range(12):
                generator.tool = generator.pick(generate.TOOLS)
                request, facts = generator.request(), generator.facts(policies)
                decision = reference.decide(policies, request, facts)
                if code == "shadowed":
                    fewer = reference.decide(without(policies, rule), request, facts)
                    assert fewer.decision == decision.decision, (seed, message)
                elif code == "unreachable" and rule.action == "allow":
                    assert decision.decision != "allow" or rule not in decision.deciding, (seed, message)
                elif code == "contradiction":
                    assert rule not in decision.rules or in_error(rule, decision), (seed, message)
                elif "allows all that" in message:
                    line = int(re.findall(r"p\.yaml:(\d+)", message)[0])
                    asking = policies.rules[line - 1]
                    assert asking not in decision.deciding or in_error(asking, decision), (seed, message)
    return counted


def test_what_is_told_of_rules_holds_for_every_decision():
    counted = check_claims(range(100))
    assert counted["shadowed"] > 30
    assert counted["unreachable"] > 5


@pytest.mark.long
def test_what_is_told_of_rules_holds_for_very_many_decisions():
    counted = check_claims(range(150, 6_000))
    assert min(counted.values()) > 10


def test_a_proof_and_a_comparison_are_bounded(monkeypatch):
    condition = normal(All(tuple(SMALL[:4])))
    assert Prover(False, False).follows(condition, condition, Sense.SURELY)
    assert not Prover(False, False, steps=3).follows(condition, condition, Sense.SURELY)
    text = "\n".join(f"- {{id: r{n}, when: {{tool: x}}, action: deny, message: m}}" for n in range(9))
    assert len(lints(text)) == 8
    monkeypatch.setattr(lint_module, "PER_RULE", 1)
    assert len(lints(text)) == 8
    monkeypatch.setattr(lint_module, "PROOFS", 4)
    assert len(lints(text)) == 3


def test_patterns_within_patterns():
    assert not glob_within("a", "[")
    assert not glob_within("a*b", "a?b")
    assert glob_within("*.read", "*read")
    assert covers(
        Literal.of("http.host", "host", ("Example.com.",)),
        Literal.of("http.host", "host", ("example.com",)),
        surely=False,
    )


def test_clocks_of_two_zones_are_not_compared():
    late = normal(Test(Attribute("time.hour"), "gt", 20))
    assert Prover(False, False).follows(late, late, Sense.SURELY)
    assert not Prover(False, False, same_clock=False).follows(late, late, Sense.SURELY)


def test_ten_thousand_rules_take_seconds():
    lines = [
        f"- {{id: r{n}, when: {{tool: t{n % 97}, args.n: {{gt: {n}}}}}, action: deny, message: m}}"
        for n in range(5_000)
    ]
    lines += [f"- {{id: s{n}, when: {{args.path: {{glob: 'x{n}*'}}}}, action: deny, message: m}}" for n in range(5_000)]
    policies = check([Source("p.yaml", "\n".join(lines))]).policies
    assert policies is not None
    start = time.process_time()
    found = lint(policies)
    assert time.process_time() - start < 12
    assert len(found) > 90
