"""The generator asks in tiers, only for what could matter, and never raises."""

from __future__ import annotations

from typing import Any

import pytest

from referee.engine.evaluate import Need, decide, evaluate
from referee.engine.explain import explain
from referee.engine.program import Program
from referee.model.decision import Decision
from referee.model.facts import Clock, Failed, FileFacet, Finding, Grant
from referee.model.names import KINDS
from referee.model.programs import (
    All,
    Attribute,
    Change,
    Condition,
    Exact,
    Layer,
    Limit,
    Policies,
    Redact,
    Rule,
    Scan,
    Test,
    Threshold,
)
from referee.model.request import Request

TOOL = Attribute("tool")


def tool(name: str) -> Test:
    return Test(TOOL, "eq", name)


def rule(name: str, action: str, when: Condition, **more: Any) -> Rule:
    return Rule(id=name, file="f", source=f"f.yaml:{name}", action=action, when=when, named=True, **more)


def program(*rules: Rule, limits: tuple[Limit, ...] = (), default: str = "allow") -> Program:
    return Program.build(Policies((Layer("policy", dict.fromkeys(KINDS, default)),), rules, limits))


def drive(asking: Any, facts: dict[str, Any]) -> tuple[Any, list[Need]]:
    needs: list[Need] = []
    answer: Any = None
    try:
        while True:
            need = asking.send(answer)
            needs.append(need)
            answer = {name: facts[name] for name in need.names}
    except StopIteration as done:
        return done.value, needs


SCANNED = rule(
    "s",
    "deny",
    All((tool("mail"), Test(Attribute("time.hour"), "gt", 20), Test(Attribute("text"), "scan", Scan("pii")))),
)


def test_a_request_that_no_rule_concerns_asks_for_nothing() -> None:
    decision, needs = drive(evaluate(program(SCANNED), Request.tool_call("search")), {})
    assert needs == []
    assert decision.decision == "allow"


def test_tiers_are_asked_in_order_of_cost() -> None:
    facts = {"time@UTC": Clock(22, "monday", "2026-11-24"), "scan.pii": (Finding("pii", "email", "args.to", 0, 3),)}
    decision, needs = drive(evaluate(program(SCANNED), Request.tool_call("mail", to="x")), facts)
    assert [(need.tier, need.names) for need in needs] == [("free", ("time@UTC",)), ("scanner", ("scan.pii",))]
    assert decision.policy_ids == ("s",)
    assert decision.facts_used == ("scan.pii", "time@UTC")


def test_a_tier_that_cannot_matter_stays_closed() -> None:
    _, needs = drive(
        evaluate(program(SCANNED), Request.tool_call("mail")), {"time@UTC": Clock(9, "monday", "2026-11-24")}
    )
    assert [need.tier for need in needs] == ["free"]


def test_after_a_change_the_changed_request_is_asked_about() -> None:
    changing = rule("m", "modify", tool("query"), changes=(Change("cap", ("limit",), 10),))
    scanning = rule("s", "deny", All((tool("query"), Test(Attribute("args", ("q",)), "scan", Scan("secret")))))
    facts = {"scan.secret": (), "again/scan.secret": (Finding("secret", "jwt", "args.q", 0, 9),)}
    decision, needs = drive(evaluate(program(changing, scanning), Request.tool_call("query", q="x", limit=99)), facts)
    assert [need.names for need in needs] == [("scan.secret",), ("again/scan.secret",)]
    assert needs[1].request.args == {"q": "x", "limit": 10}
    assert decision.decision == "deny"
    assert decision.facts_used == ("again/scan.secret",)


def test_a_grant_is_asked_for_only_when_it_is_needed() -> None:
    asking = rule("a", "require_approval", tool("refund"), approvers=("finance",))
    decision, needs = drive(evaluate(program(asking), Request.tool_call("refund")), {"grant": Grant("g1", "ada")})
    assert [need.names for need in needs] == [("grant",)]
    assert decision.allowed
    assert decision.reason == "approved (g1)"
    assert drive(evaluate(program(asking), Request.tool_call("search")), {})[1] == []


def test_a_fact_that_is_missing_counts_as_failed() -> None:
    decision = decide(
        program(SCANNED), Request.tool_call("mail", to="x"), {"time@UTC": Clock(22, "monday", "2026-11-24")}
    )
    assert decision.decision == "deny"
    assert [(error.id, error.why) for error in decision.errors] == [("s", "the `pii` scanner failed: not gathered")]


def test_a_limit_reports_what_it_would_charge() -> None:
    limit = Limit(
        id="l", file="f", source="f.yaml:9", measure="spend", cap=Exact("1.00"), window="run",
        thresholds=(Threshold(Exact("0.80"), "alert"), Threshold(Exact("0.90"), "require_approval")),
    )  # fmt: skip
    ours = program(limits=(limit,))
    request = Request.from_dict({"tool": "t", "cost": "0.10"})
    for used, decision, alerts in (
        ("0", "allow", ()),
        ("0.7", "allow", ("l",)),
        ("0.8", "require_approval", ("l",)),
        ("0.91", "deny", ("l",)),
    ):
        found = decide(ours, request, {"limit.f/l": __import__("decimal").Decimal(used)})
        assert (found.decision, found.alerts) == (decision, alerts)
        assert [(charge.limit, charge.amount) for charge in found.charges] == [("f/l", "0.10")]
    assert decide(ours, request, {"limit.f/l": Failed("the store is away")}).decision == "deny"


def test_a_redaction_that_cannot_be_known_denies() -> None:
    removing = rule("r", "redact", tool("mail"), redact=Redact(("pii",), ("email",)))
    found = decide(
        program(removing), Request.tool_call("mail", to="x"), {"scan.pii": (Finding("pii", "email", "args.to", 0, 1),)}
    )
    assert [(item.path, item.kind, item.count) for item in found.redactions] == [("args.to", "email", 1)]
    broken = decide(program(removing), Request.tool_call("mail", to="x"), {"scan.pii": Failed("it timed out")})
    assert (broken.decision, broken.policy_ids) == ("deny", ("r",))
    assert broken.problem == "what must be redacted cannot be known: it timed out"
    assert broken.severity == "high"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ((Change("cap", ("limit",), 1), Change("floor", ("limit",), 2)), "in different ways"),
        ((Change("set", ("a",), 1), Change("set", ("a", "b"), 2)), "in different ways"),
        ((Change("cap", ("q",), 1),), "is not a number"),
        ((Change("append", ("n",), 1),), "is neither a list nor text"),
        ((Change("set", ("l", 7), 1),), "is beyond the end of its list"),
        ((Change("set", ("q", "x"), 1),), "is not where a value can stand"),
        ((Change("set", (0,), 1),), "is a position in a mapping"),
    ],
)
def test_a_change_that_cannot_be_made_denies_and_names_its_rule(changes: tuple[Change, ...], why: str) -> None:
    ours = program(rule("m", "modify", tool("t"), changes=changes))
    decision = decide(ours, Request.tool_call("t", q="x", n=4, l=[1]), {})
    assert (decision.decision, decision.policy_ids, decision.modifications) == ("deny", ("m",), ())
    assert why in decision.problem


def test_the_arguments_given_are_never_touched() -> None:
    args = {"list": [{"a": 1}], "n": 500}
    changing = rule("m", "modify", tool("t"), changes=(
        Change("set", ("list", 0, "a"), 2), Change("cap", ("n",), 5), Change("append", ("more",), Exact("0.5"))))  # fmt: skip
    decision, needs = drive(evaluate(program(changing), Request.tool_call("t", args)), {})
    assert needs == []
    assert decision.allowed
    assert args == {"list": [{"a": 1}], "n": 500}


def test_decisions_with_ten_thousand_matches_are_made() -> None:
    rules = tuple(rule(f"r{n}", "log", tool("t")) for n in range(10_000))
    assert len(decide(program(*rules), Request.tool_call("t"), {}).rules) == 10_000


def test_an_explanation_shows_no_value_that_may_be_secret() -> None:
    secret = "hunter2-hunter2"
    checking = rule(
        "c",
        "deny",
        All(
            (
                tool("login"),
                Test(Attribute("args", ("password",)), "eq", "other"),
                Test(Attribute("args", ("n",)), "gt", 5),
            )
        ),
    )
    lines = explain(checking, Request.tool_call("login", password=secret, n="many"), {})
    assert [str(line) for line in lines] == [
        '`tool` eq "login" holds (it is "login")',
        '`args.password` eq "other" does not hold (it is text of 15 characters)',
        "`args.n` gt 5 cannot be decided (it is text of 4 characters): `args.n` has a value that `gt` cannot judge",
    ]
    shown = explain(checking, Request.tool_call("login", password=secret), {}, masked=lambda path, text: False)
    assert f'"{secret}"' in str(shown[1])


def test_a_key_in_which_something_was_found_is_not_told() -> None:
    removing = rule("r", "redact", tool("mail"), redact=Redact(("pii",), ("email",)))
    request = Request.tool_call("mail", {"jane@example.com": {"to": ["bob@example.com"]}, "n": "al@example.com"})
    found = (
        Finding("pii", "email", "args.jane@example.com", 0, 16, 1.0, True),
        Finding("pii", "email", "args.jane@example.com.to[0]", 0, 15),
        Finding("pii", "email", "args.n", 0, 14),
    )
    decision = decide(program(removing), request, {"scan.pii": found})
    assert [(item.path, item.count) for item in decision.redactions] == [("args", 2), ("args.n", 1)]
    assert "example.com" not in str(decision.to_dict())


def test_a_limit_about_files_looks_at_each_of_them_whatever_was_decided_before() -> None:
    limit = Limit(
        id="l",
        file="p",
        source="p:1",
        measure="calls",
        cap=Exact("2"),
        when=Test(Attribute("file.path"), "glob", "/etc/**"),
    )
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), limits=(limit,)))
    request = Request.tool_call("mv")

    def decided(*paths: str) -> Decision:
        files = tuple(FileFacet(path, "write") for path in paths)
        return decide(program, request, {"file": files, "limit.p/l": 2})

    for _ in range(2):
        assert decided("/tmp/a").decision == "allow"
        assert decided("/tmp/a", "/etc/b").decision == decided("/etc/b", "/tmp/a").decision == "deny"
