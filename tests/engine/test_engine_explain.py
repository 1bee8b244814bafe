"""Explanations agree with the decision, name every part, and show no value that could be anybody's secret."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from referee.engine.evaluate import decide
from referee.engine.explain import Line, explain, why_in_error
from referee.engine.program import Program
from referee.model.facts import Clock, Failed, FileFacet, Finding, HttpFacet, ShellFacet, ToolFacet
from referee.model.names import KINDS
from referee.model.programs import (
    ALWAYS,
    NEVER,
    All,
    Any_,
    Attribute,
    Condition,
    Exact,
    Layer,
    Limit,
    Not,
    Policies,
    Rule,
    Scan,
    Test,
)
from referee.model.request import Request

SECRET = "hunter2-hunter2"
HTTP = HttpFacet(f"https://a.b/{SECRET}", "https", "a.b", "a.b", None, "/", "GET", "name")


def rule(when: Condition = ALWAYS, unless: Condition = NEVER, **more: Any) -> Rule:
    return Rule(id="r", file="f", source="f:1", action="deny", when=when, unless=unless, **more)


def args(path: str, op: str, operand: Any = None) -> Test:
    return Test(Attribute("args", (path,)), op, operand, 7)


@pytest.mark.parametrize(
    ("test", "text"),
    [
        (args("x", "eq", None), "`args.x` eq null"),
        (args("x", "eq", True), "`args.x` eq true"),
        (args("x", "eq", False), "`args.x` eq false"),
        (args("x", "eq", 5), "`args.x` eq 5"),
        (args("x", "eq", "a"), '`args.x` eq "a"'),
        (args("x", "gt", Exact("0.50")), "`args.x` gt 0.50"),
        (args("x", "in", ("a", 1, None, Exact("2.5"))), '`args.x` in ["a", 1, null, 2.5]'),
        (args("x", "in", ()), "`args.x` in []"),
        (args("x", "scan", Scan("pii")), "`args.x` scan pii"),
        (args("x", "scan", Scan("secret", ("jwt", "key"), wanted=False)), "`args.x` scan not secret of jwt, key"),
    ],
)
def test_a_test_is_written_as_it_was_meant(test: Test, text: str) -> None:
    line = explain(rule(test), Request.tool_call("t", x="a"), {"scan.pii": (), "scan.secret": ()})[0]
    assert (line.test, line.line) == (text, 7)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (5, "5"),
        (700.5, "700.5"),
        (Decimal("12.50"), "12.50"),
        (12345678, "12345678"),
        (123456789, "a number of 9 characters"),
        (4111111111111111, "a number of 16 characters"),
        (-(10**5000), "a long number"),
        (10**70, "a long number"),
        (Decimal("1e999999999"), "a number of 12 characters"),
        (SECRET, "text of 15 characters"),
        ("", "text of 0 characters"),
        ([SECRET], "a list of 1"),
        ((), "a list of 0"),
        ({SECRET: SECRET}, "a mapping"),
        (SECRET.encode(), "a value of another kind"),
        ({SECRET}, "a value of another kind"),
    ],
    ids=range(18),
)
def test_a_value_is_shown_only_if_it_cannot_be_a_secret(value: Any, shown: str) -> None:
    line = explain(rule(args("x", "eq", "other")), Request.tool_call("t", x=value), {})[0]
    assert line.value == shown
    assert SECRET not in str(line)


def test_short_text_is_shown_when_somebody_vouches_for_it() -> None:
    test = rule(args("x", "eq", "other"))
    finding = Finding("pii", "name", "args.x", 0, 3)
    seen: list[tuple[str, str]] = []

    def masked(path: str, text: str) -> bool:
        seen.append((path, text))
        return text in {"hide", "1234"}

    def shown(value: Any, facts: dict[str, Any]) -> str:
        return explain(test, Request.tool_call("t", x=value), facts, masked=masked)[0].value

    assert shown("tell", {}) == '"tell"'
    assert shown("hide", {}) == "text of 4 characters"
    assert shown("tell", {"scan.pii": (finding,), "scan.x": 5}) == "text of 4 characters"
    assert shown("tell", {"scan.pii": (Finding("pii", "name", "args.y", 0, 3),)}) == '"tell"'
    assert shown("x" * 61, {}) == "text of 61 characters"
    assert shown(1234, {}) == "a number of 4 characters"
    assert shown(1235, {}) == "1235"
    assert ("args.x", "1235") in seen


@pytest.mark.parametrize(
    ("attribute", "facts", "shown"),
    [
        (Attribute("tool"), {}, '"t"'),
        (Attribute("agent.id"), {}, "absent"),
        (Attribute("text"), {}, ""),
        (Attribute("http.url"), {"http": HTTP}, "text of 27 characters"),
        (Attribute("http.port"), {"http": HTTP}, "absent"),
        (Attribute("http.host"), {"http": Failed("no URL")}, "not known"),
        (Attribute("http.host"), {}, "not known"),
        (Attribute("http.host"), {"http": None}, "absent"),
        (Attribute("shell.programs"), {"shell": ShellFacet()}, ""),
        (Attribute("time.weekday"), {"time@UTC": Clock(9, "monday", "2026-11-24")}, '"monday"'),
        (Attribute("counter", ("cost_in_run",)), {"counter.cost_in_run": Decimal("12345678.90")}, "12345678.90"),
        (Attribute("file.path"), {"file": (FileFacet(f"/{SECRET}", "read"),)}, "text of 16 characters"),
        (Attribute("context", ("deep", "**")), {}, "not known"),
    ],
)
def test_what_is_met_is_told_by_its_kind(attribute: Attribute, facts: dict[str, Any], shown: str) -> None:
    deep: Any = SECRET
    for _ in range(70):
        deep = [deep]
    line = explain(rule(Test(attribute, "eq", "other")), Request("tool_call", "t", context={"deep": deep}), facts)[0]
    assert line.value == shown


SHELL = ShellFacet(missing=("effect: eval",))
FILES = (FileFacet("/a", "read", inside_workspace=True), FileFacet("../b", "read"))


@pytest.mark.parametrize(
    ("condition", "facts", "why"),
    [
        (args("gone", "eq", 1), {}, "`args.gone` is absent"),
        (args("x", "gt", 1), {}, "`args.x` has a value that `gt` cannot judge"),
        (All((args("y", "eq", 1), args("x", "gt", 1))), {}, "`args.x` has a value that `gt` cannot judge"),
        (Not(args("x", "within", "/")), {}, "`args.x` has a value that `within` cannot judge"),
        (args("x", "scan", Scan("pii")), {"scan.pii": Failed("it timed out")}, "the `pii` scanner failed: it timed out"),
        (args("gone", "scan", Scan("pii")), {"scan.pii": ()}, "`args.gone` is absent"),
        (Test(Attribute("http.host"), "eq", "a"), {"http": Failed("no URL")}, "`http.host` cannot be known: no URL"),
        (Test(Attribute("http.host"), "eq", "a"), {}, "`http.host` cannot be known: not gathered"),
        (Test(Attribute("shell"), "runs", "rm"), {"shell": SHELL}, "`shell` is not wholly known: the shell text is not resolved"),
        (Test(Attribute("shell.paths"), "eq", "/"), {"shell": SHELL}, "`shell.paths` is not wholly known: the shell text is not resolved"),
        (Test(Attribute("file.path"), "within", "/w"), {"file": FILES}, "`file.path` has a value that `within` cannot judge"),
        (Test(Attribute("file.inside_workspace"), "eq", False), {"file": FILES}, "`file.inside_workspace` is absent"),
        (Test(Attribute("args", ("deep", "**")), "eq", "a"), {}, "`args.deep.**` cannot be known: a value is too deep or too large"),
    ],
)  # fmt: skip
def test_an_error_says_why_without_any_value(condition: Condition, facts: dict[str, Any], why: str) -> None:
    deep: Any = SECRET
    for _ in range(70):
        deep = {SECRET: deep}
    ours = rule(condition, named=True)
    request = Request.tool_call("t", x=SECRET, y=1, deep=deep)
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), (ours,)))
    decision = decide(program, request, facts)
    assert decision.decision == "deny"
    assert [error.why for error in decision.errors] == [why]
    assert SECRET not in str(decision.to_dict())


@pytest.mark.parametrize("clock", [None, Failed("the clock failed")])
def test_a_rule_that_expires_at_an_unknown_time_says_so(clock: Any) -> None:
    ours = rule(args("x", "eq", 1), expires="2026-12-01")
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), (ours,)))
    decision = decide(program, Request.tool_call("t", x=1), {"time@UTC": clock})
    assert (decision.decision, decision.errors[0].why) == ("deny", "the time is not known")


def test_a_limit_in_error_names_its_condition() -> None:
    limit = Limit(id="l", file="f", source="f:1", measure="calls", cap=Exact("5"), when=args("x", "gt", 1), named=True)
    assert why_in_error(limit, Request.tool_call("t"), {}) == "`args.x` is absent"
    assert why_in_error(limit, Request.tool_call("t", x=1), {}) == "a condition cannot be decided"


def test_a_line_reads_as_a_sentence() -> None:
    assert str(Line("`args.x` gt 5", "7", "holds")) == "`args.x` gt 5 holds (it is 7)"
    assert (
        str(Line("`args.x` gt 5", "", "cannot be decided", 3, "it is absent"))
        == "`args.x` gt 5 cannot be decided: it is absent"
    )
    ours = rule(
        Any_((args("x", "eq", 1), Not(args("x", "eq", 2)))), unless=All((Test(Attribute("http.host"), "exists", True),))
    )
    assert [str(line) for line in explain(ours, Request.tool_call("t", x=1), {"http": HTTP})] == [
        "`args.x` eq 1 holds (it is 1)",
        "`args.x` eq 2 does not hold (it is 1)",
        "unless `http.host` exists true holds (it is text of 3 characters)",
    ]
    assert explain(ours, Request.tool_call("t"), {})[2].outcome == "is not known"


@pytest.mark.parametrize(
    ("facet", "said"),
    [
        (ToolFacet((("shell.exec",),)), '`tool.canonical` eq "shell.exec" holds (it is shell.exec)'),
        (None, '`tool.canonical` eq "shell.exec" does not hold (it is no tool of the catalogue)'),
        (
            ToolFacet((("shell.exec",),), sure=False),
            '`tool.canonical` eq "shell.exec" cannot be decided (it is shell.exec): the tool is only known by its name',
        ),
        (
            ToolFacet((("shell.exec",), ("file.read", "file.write"))),
            (
                '`tool.canonical` eq "shell.exec" cannot be decided (it is shell.exec or file.read and file.write): '
                "agents use this tool's name for different things"
            ),
        ),
    ],
)
def test_what_a_tool_is_can_be_said(facet: ToolFacet | None, said: str) -> None:
    rule = Rule(
        id="r", file="f", source="f:1", action="deny", when=Test(Attribute("tool.canonical"), "eq", "shell.exec")
    )
    assert [str(line) for line in explain(rule, Request.tool_call("x"), {"tool": facet})] == [said]
