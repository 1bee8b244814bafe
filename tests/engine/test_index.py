"""The index never withholds a rule that is true or in error, and a stored program is the same program."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from referee.engine.conditions import compile_condition
from referee.engine.evaluate import decide
from referee.engine.index import build_index
from referee.engine.patterns import glob
from referee.engine.program import Program
from referee.engine.truth import FALSE
from referee.model.names import KINDS
from referee.model.programs import All, Attribute, Exact, Layer, Policies, Rule, Test
from referee.model.request import Request

VALUES = ["a", "ab", "abc", "5", "5.0", "05", " 5 ", "", 5, 5.0, Decimal("5.00"), 0, -1, 10**30, 1e300, float("nan"),
          float("inf"), True, False, None, [], ["a"], ["ab", 5], {}, {"a": 1}, "é", "\u0000"]  # fmt: skip
OPERANDS = ["a", "ab", "5", "5.0", 5, 0, Exact("5.00"), Exact("0.1"), Exact(str(10**30)), "é", True, None]
PATHS = [("x",), ("y", "z"), ("l", 0)]


def a_test(rng: random.Random) -> Test:
    attribute = Attribute("args", rng.choice(PATHS))
    op = rng.choice(["eq", "in", "gt", "gte", "lt", "lte", "between", "starts_with", "ne"])
    numbers = [5, 0, -3, Exact("5.00"), Exact("0.1"), Exact(str(10**30))]
    operand: object = rng.choice(OPERANDS)
    if op == "in":
        operand = tuple(rng.sample(OPERANDS, rng.randrange(1, 4)))
    elif op in ("gt", "gte", "lt", "lte"):
        operand = rng.choice(numbers)
    elif op == "between":
        operand = (rng.choice(numbers), rng.choice(numbers))
    elif op == "starts_with":
        operand = rng.choice(["a", "ab", ("a", "ab", "5"), ""])
    return Test(attribute, op, operand)


def a_rule(rng: random.Random, number: int) -> Rule:
    parts: list[Test] = [a_test(rng) for _ in range(rng.randrange(1, 4))]
    named = rng.random() < 0.3
    if named:
        op, operand = rng.choice(
            [
                ("eq", "t"),
                ("in", ("t", "u")),
                ("glob", "t*"),
                ("glob", "*t"),
                ("glob", "*"),
                ("glob", "t?[a-z]*"),
                ("glob", "t*b"),
                ("glob", "*a*"),
            ]
        )
        parts.insert(rng.randrange(len(parts) + 1), Test(Attribute("tool"), op, operand))
    return Rule(id=f"r{number}", file="f", source=f"f:{number}", action="deny", when=All(tuple(parts)), named=named)


@pytest.mark.parametrize("seed", range(30))
def test_no_rule_that_could_match_is_withheld(seed: int) -> None:
    rng = random.Random(seed)
    rules = tuple(a_rule(rng, number) for number in range(40))
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), rules))
    truths = [compile_condition(rule.when, named=rule.named) for rule in rules]
    met = 0
    for _ in range(150):
        args = {"x": rng.choice(VALUES), "y": {"z": rng.choice(VALUES)}, "l": [rng.choice(VALUES)]}
        for key in rng.sample(list(args), rng.randrange(3)):
            del args[key]
        request = Request.tool_call(rng.choice(["t", "tt", "tab", "u", "other"]), args)
        offered = [compiled.rule.id for compiled in program.candidates(request)]
        assert len(offered) == len(set(offered))
        matched = {rule.id for rule in decide(program, request, {}).rules}
        for rule, truth in zip(rules, truths, strict=True):
            assert (rule.id in matched) == (truth(request, {}) != FALSE), (rule, args)
            if truth(request, {}) != FALSE:
                met += 1
                assert rule.id in offered, (rule, args)
    assert met > 100


def test_the_index_looks_at_few_rules() -> None:
    rules = tuple(
        Rule(id=f"r{n}", file="f", source=f"f:{n}", action="deny", named=True, when=Test(Attribute("tool"), "eq", f"tool_{n}"))
        for n in range(5000)
    ) + tuple(
        Rule(id=f"s{n}", file="f", source=f"f:{n}", action="deny", when=All((
            Test(Attribute("args", ("amount",)), "gt", n * 10), Test(Attribute("args", ("amount",)), "lt", n * 10 + 5))))
        for n in range(5000)
    )  # fmt: skip
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), rules))
    offered = program.candidates(Request.tool_call("tool_7", amount=72))
    assert {compiled.rule.id for compiled in offered} == {"r7", "s7"}


def test_overlapping_intervals_do_not_explode() -> None:
    rules = [
        Rule(
            id=f"r{n}",
            file="f",
            source=f"f:{n}",
            action="deny",
            when=Test(Attribute("args", ("n",)), "between", (n, 10_000 - n)),
        )
        for n in range(3000)
    ]
    index = build_index(rules)
    assert sum(map(len, index.groups[0].cells)) <= 8 * 3000 + 4096
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), tuple(rules)))
    assert len(decide(program, Request.tool_call("t", n=100), {}).rules) == 101


def test_a_stored_program_decides_the_same() -> None:
    rng = random.Random(7)
    rules = tuple(a_rule(rng, number) for number in range(60))
    policies = Policies((Layer("p", dict.fromkeys(KINDS, "deny")),), rules, digest="d")
    program = Program.build(policies)
    stored = Program.loads(program.dumps())
    assert stored.rules == program.rules
    for _ in range(100):
        request = Request.tool_call("t", {"x": rng.choice(VALUES), "y": {"z": rng.choice(VALUES)}})
        assert decide(stored, request, {}) == decide(program, request, {})


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x80", b"not msgpack at all", b"\x93\x01\x02\x03"])
def test_what_is_not_a_program_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a compiled policy"):
        Program.loads(data)


def test_a_program_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("referee.engine.program.__version__", "0.0.0")
    data = Program.build(Policies((Layer("p", {}),))).dumps()
    monkeypatch.undo()
    with pytest.raises(ValueError, match=r"version 0\.0\.0"):
        Program.loads(data)


ENDINGS = ["?", "??", "*", "**", "?*", "[!a]", "[ab]", "[ab]*", "*_x", "", "a", "a?", "a*", "]", "é*", "\n*"]
TOOLS = ["", "_", "_a", "_b", "_ab", "_abc", "_a_x", "_]", "_é", "_ée", "_\n", "_\nx", "_A", "é", "A"]


@pytest.mark.parametrize("head", ["t", "tool", "admin", "a_rather_long_name_of_a_server"])
@pytest.mark.parametrize("seed", range(8))
def test_a_glob_of_tools_means_the_same_however_it_is_found(head: str, seed: int) -> None:
    rng = random.Random(seed)
    globs = [f"{head}_{ending}" for ending in (rng.sample(ENDINGS, 3) if seed else ENDINGS)]
    for chosen in [[one] for one in globs] + [globs]:
        rules = tuple(
            Rule(
                id=f"r{n}",
                file="f",
                source=f"f:{n}",
                action="deny",
                named=True,
                when=Test(Attribute("tool"), "glob", one),
            )
            for n, one in enumerate(chosen)
        )
        program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), rules))
        for _ in range(3):
            for tool in [head + ending for ending in TOOLS] + ["t", "o", head[:-1] or "x"]:
                found = {rule.id for rule in decide(program, Request("tool_call", tool), {}).rules}
                assert found == {rule.id for rule in rules if glob(str(rule.when.operand))(tool)}, (chosen, tool)  # type: ignore[union-attr]
