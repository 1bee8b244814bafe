"""Canonical names under ``tool``: what they become, and how specific a rule with one is."""

from __future__ import annotations

from typing import Any

import pytest

from referee.language.canonical import known_names, lowered
from referee.language.compile import Source, check
from referee.model.catalogue import CANONICAL, Tool
from referee.model.programs import All, Any_, Attribute, Condition, Not, Rule, Test

KNOWN = frozenset(CANONICAL)
TOOL, KIND, COST = Attribute("tool"), Attribute("tool.canonical"), Attribute("cost")


def one(op: str, operand: Any) -> Condition:
    return lowered(Test(TOOL, op, operand), KNOWN)


@pytest.mark.parametrize(
    ("op", "operand", "expected"),
    [
        ("eq", "shell.exec", Test(KIND, "eq", "shell.exec")),
        ("ne", "shell.exec", Test(KIND, "ne", "shell.exec")),
        ("eq", "Bash", Test(TOOL, "eq", "Bash")),
        ("eq", "shell.exce", Test(TOOL, "eq", "shell.exce")),
        ("in", ("shell.exec", "file.read"), Test(KIND, "in", ("shell.exec", "file.read"))),
        ("in", ("a", "file.read"), Any_((Test(TOOL, "in", ("a",)), Test(KIND, "in", ("file.read",))))),
        ("not_in", ("a", "file.read"), All((Test(TOOL, "not_in", ("a",)), Test(KIND, "not_in", ("file.read",))))),
        ("glob", "file.*", Any_((Test(TOOL, "glob", "file.*"), Test(KIND, "glob", "file.*")))),
        (
            "glob",
            ("file.*", "db.*", "shell.exec"),
            Any_((Test(TOOL, "glob", ("file.*", "db.*")), Test(KIND, "glob", ("file.*", "shell.exec")))),
        ),
        ("glob", "*.read", Test(TOOL, "glob", "*.read")),
        ("starts_with", ("file.",), Test(TOOL, "starts_with", ("file.",))),
        ("eq", None, Test(TOOL, "eq", None)),
        ("exists", True, Test(TOOL, "exists", True)),
    ],
)
def test_one_comparison(op: str, operand: Any, expected: Condition) -> None:
    assert one(op, operand) == expected


def test_a_tree_without_canonical_names_stays_the_same_object() -> None:
    tree = All((Not(Test(TOOL, "eq", "a")), Any_((Test(COST, "gt", 1), Test(TOOL, "in", ("b",))))))
    assert lowered(tree, KNOWN) is tree
    deep = All((Not(Test(TOOL, "eq", "shell.exec")), Test(COST, "gt", 1)))
    assert lowered(deep, KNOWN) == All((Not(Test(KIND, "eq", "shell.exec")), Test(COST, "gt", 1)))


def rules(text: str) -> tuple[Rule, ...]:
    checked = check([Source("p.yaml", text)])
    assert checked.policies is not None, checked.diagnostics
    return checked.policies.rules


@pytest.mark.parametrize(
    ("when", "tool"),
    [
        ("{tool: Bash}", 3),
        ("{tool: shell.exec}", 2),
        ("{tool: [Bash, shell.exec]}", 2),
        ("{tool: 'file.*'}", 2),
        ("{all: [{tool: Bash}, {tool: shell.exec}]}", 3),
        ("{any: [{tool: shell.exec}, {cost: 1}]}", 0),
        ("'tool == \"shell.exec\"'", 2),
    ],
)
def test_specificity_and_names(when: str, tool: int) -> None:
    (rule,) = rules(f"policies: [{{id: r, when: {when}, action: log}}]")
    assert rule.specificity[1] == tool
    assert rule.named is (tool > 0)


def test_limits_and_other_forms_know_canonical_names_too() -> None:
    checked = check(
        [Source("p.yaml", "limits: [{id: l, calls: 5, when: {tool: web.search}}]\ntools: {block: [shell.exec]}")]
    )
    assert checked.policies is not None
    assert checked.policies.limits[0].when == Test(KIND, "eq", "web.search", 1)
    assert checked.policies.rules[0].when == Test(KIND, "in", ("shell.exec",), 2)


def test_a_catalog_adds_names() -> None:
    own = {"pay": Tool(name="pay", canonical="money.out", also=("money.move",))}
    assert {"money.out", "money.move", "shell.exec"} <= known_names(own)
    (rule,) = rules("catalog: {pay: {canonical: money.out}}\npolicies: [{id: r, when: {tool: 'money.*'}, action: log}]")
    assert isinstance(rule.when, Any_)
