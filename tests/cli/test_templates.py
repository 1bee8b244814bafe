"""Every rule of every template names what it serves, fires when it should, and leaves alone what it should."""

from __future__ import annotations

import json
from typing import Any

import pytest

from referee import Policy, templates
from referee.language.compile import Source, check
from referee.language.format import format_text
from referee.language.lint import lint

TOKEN = "ghp_" + "A1b2C3d4E5f6G7h8I9j0" + "K1l2M3n4O5p6Q7r8"
NAMES = templates.names()


def cases(name: str) -> list[dict[str, Any]]:
    text = templates.path(name).with_suffix(".cases.jsonl").read_text(encoding="utf-8")
    return [json.loads(line.replace("{{github_token}}", TOKEN)) for line in text.splitlines()]


def compiled(name: str) -> Any:
    checked = check([Source(f"{name}.yaml", templates.path(name).read_text(encoding="utf-8"))])
    assert checked.policies is not None
    assert checked.diagnostics == ()
    return checked.policies


def test_the_list_of_templates_is_the_documented_one() -> None:
    assert NAMES == (
        "coding-agent", "customer-support", "data-analyst", "deny-by-default", "eu-ai-act", "gdpr", "hipaa",
        "owasp-agentic", "soc2",
    )  # fmt: skip
    with pytest.raises(KeyError):
        templates.path("../pyproject")


@pytest.mark.parametrize("name", NAMES)
def test_templates_are_laid_out(name: str) -> None:
    text = templates.path(name).read_text(encoding="utf-8")
    assert format_text(text) == text


@pytest.mark.parametrize("name", NAMES)
def test_rules_are_complete(name: str) -> None:
    policies = compiled(name)
    for rule in policies.rules:
        assert rule.references, rule.id
        assert rule.name, rule.id
        if rule.action in ("deny", "terminate", "require_approval"):
            assert rule.message, rule.id
            assert rule.severity, rule.id


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_by_lint(name: str) -> None:
    assert [(found.code, found.message) for found in lint(compiled(name))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_a_case_that_fires_and_one_that_does_not(name: str) -> None:
    policies = compiled(name)
    known = {rule.id for rule in policies.rules} | {limit.id for limit in policies.limits}
    shown = {(case["rule"], case["fires"]) for case in cases(name)}
    assert {rule for rule, _ in shown} == known
    assert {(rule, fires) for rule in known for fires in (True, False)} == shown


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in NAMES for case in cases(name)])
def test_a_case(name: str, case: dict[str, Any]) -> None:
    requests = case.get("requests") or [case["request"]] * case.get("repeat", 1)
    with Policy.load(templates.path(name)).session() as session:
        outcomes = [session.decide(request) for request in requests]
    decision = outcomes[-1].decision
    fired = {rule.id for rule in decision.rules}
    assert (case["rule"] in fired, decision.decision) == (case["fires"], case["decision"]), decision.reason


ADVISED = [(name, case) for name in NAMES for case in cases(name) if "instead" in case]


@pytest.mark.parametrize(("name", "case"), ADVISED)
def test_what_a_refusal_advises_is_itself_allowed(name: str, case: dict[str, Any]) -> None:
    rule = next(rule for rule in compiled(name).rules if rule.id == case["rule"])
    assert case["instead"] in rule.message
    with Policy.load(templates.path(name)).session() as session:
        assert session.decide(case["request"]).decision.decision == "allow"


def test_every_refusal_of_the_coding_agent_advises_something() -> None:
    stops = {
        rule.id for rule in compiled("coding-agent").rules if rule.action in ("deny", "terminate", "require_approval")
    }
    assert stops - {case["rule"] for _, case in ADVISED} == {"repeated-denials"}
