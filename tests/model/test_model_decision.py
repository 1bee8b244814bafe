"""What a decision says of itself: reason, message, score, labels, and the record that may be stored."""

from __future__ import annotations

import json
from typing import Any

import pytest

from referee.model.decision import Charge, Decision, Redaction, RuleError
from referee.model.programs import Change, Labels, Rule


def rule(name: str, action: Any = "deny", /, **more: Any) -> Rule:
    return Rule(id=name, file="f", source=f"f.yaml:{name}", action=action, **more)


def decided(verdict: Any, *rules: Rule, **more: Any) -> Decision:
    return Decision(verdict, deciding=tuple(r for r in rules if r.action == verdict), rules=rules, **more)


@pytest.mark.parametrize(
    ("decision", "score", "severity"),
    [
        (Decision("allow"), 0, None),
        (Decision("require_approval"), 40, None),
        (Decision("deny"), 50, None),
        (Decision("terminate"), 90, None),
        (decided("allow", rule("a", "allow", severity="critical")), 0, "critical"),
        (decided("deny", rule("a", severity="low")), 15, "low"),
        (decided("deny", rule("a", severity="medium")), 40, "medium"),
        (decided("deny", rule("a", severity="high")), 70, "high"),
        (decided("deny", rule("a", severity="critical")), 90, "critical"),
        (decided("deny", rule("a")), 60, None),
        (decided("terminate", rule("a", "terminate")), 90, None),
        (decided("require_approval", rule("a", "require_approval")), 40, None),
        (decided("allow", rule("a", "log"), rule("b", "label")), 5, None),
        (decided("allow", rule("a", "redact"), rule("b", "modify"), rule("c", "alert")), 20, None),
        (decided("deny", rule("a"), rule("b", severity="medium")), 65, "medium"),
        (decided("deny", *(rule(f"r{n}") for n in range(9))), 70, None),
        (decided("deny", *(rule(f"r{n}", severity="critical") for n in range(9)), signals=10), 100, "critical"),
        (decided("deny", rule("a"), signals=7), 67, None),
        (Decision("allow", signals=10), 10, None),
        (Decision("deny", deciding=(rule("m", "modify"),), problem="it cannot be done"), 70, "high"),
        (decided("deny", rule("a", severity="critical"), problem="x"), 95, "critical"),
        (decided("deny", rule("a", severity="low"), problem="x"), 70, "high"),
    ],
)  # fmt: skip
def test_the_score_follows_its_formula(decision: Decision, score: int, severity: str | None) -> None:
    assert (decision.risk_score, decision.severity) == (score, severity)


@pytest.mark.parametrize(
    ("decision", "reason", "message"),
    [
        (Decision("allow"), "no rule matched; the default is to allow", ""),
        (decided("allow", rule("a", "log")), "no rule forbids it", ""),
        (Decision("deny"), "no rule matched; the default is to deny", "no rule matched; the default is to deny"),
        (Decision("require_approval"), "no rule matched; the default is to ask for approval",
         "no rule matched; the default is to ask for approval"),
        (Decision("terminate"), "no rule matched; the default is to terminate", "no rule matched; the default is to terminate"),
        (decided("deny", rule("a", "log")), "no rule matched; the default is to deny", "no rule matched; the default is to deny"),
        (decided("deny", rule("a")), "denied by `a` (f.yaml:a)", "denied by `a` (f.yaml:a)"),
        (decided("allow", rule("a", "allow")), "allowed by `a` (f.yaml:a)", ""),
        (decided("allow", rule("a", "allow", message="go on")), "allowed by `a` (f.yaml:a): go on", "go on"),
        (decided("terminate", rule("a", "terminate", name="Stop")), "terminated by `a` (f.yaml:a): Stop",
         "terminated by `a` (f.yaml:a): Stop"),
        (decided("require_approval", rule("a", "require_approval", message="ask", name="Asking")),
         "approval required by `a` (f.yaml:a): ask", "ask"),
        (decided("deny", rule("b", message="second"), rule("a", message="first"), rule("c", message="first")),
         "denied by `a` (f.yaml:a), `b` (f.yaml:b), `c` (f.yaml:c): first", "first; second"),
        (decided("deny", *(rule(f"r{n}") for n in range(5))),
         "denied by `r0` (f.yaml:r0), `r1` (f.yaml:r1), `r2` (f.yaml:r2) and 2 more",
         "denied by `r0` (f.yaml:r0), `r1` (f.yaml:r1), `r2` (f.yaml:r2) and 2 more"),
        (decided("deny", rule("a", message="x"), problem="two rules disagree"), "two rules disagree", "two rules disagree"),
        (Decision("allow", deciding=(rule("a", "require_approval"),), granted="g1"), "approved (g1)", ""),
    ],
)  # fmt: skip
def test_a_decision_says_why(decision: Decision, reason: str, message: str) -> None:
    assert (decision.reason, decision.message) == (reason, message)
    assert decision.allowed == (decision.decision == "allow")


def test_labels_that_are_added_are_not_removed() -> None:
    rules = (
        rule("a", "label", labels=Labels(("x", "b"), ("y",))),
        rule("b", "label", labels=Labels(("a",), ("x", "z"))),
        rule("c", "log"),
    )
    assert decided("allow", *rules).labels == (("a", "b", "x"), ("y", "z"))
    assert Decision("allow").labels == ((), ())


def test_labels_of_values_are_no_labels_of_the_session_and_only_what_is_allowed_removes_any() -> None:
    rules = (
        rule("a", "label", labels=Labels(("x",), ("y",), "value")),
        rule("b", "label", labels=Labels(("s",), ("x", "t"))),
    )
    found = decided("allow", *rules)
    assert (found.labels, found.value_labels) == ((("s",), ("t", "x")), (("x",), ("y",)))
    for verdict in ("require_approval", "deny", "terminate"):
        found = decided(verdict, *rules)
        assert (found.labels, found.value_labels) == ((("s",), ()), (("x",), ()))


def test_approvers_and_alerts_are_named_once() -> None:
    found = decided(
        "require_approval",
        rule("a", "require_approval", approvers=("ops", "finance")),
        rule("b", "require_approval", approvers=("ops",)),
        rule("z", "alert"),
        rule("y", "alert"),
    )
    assert found.approvers == ("finance", "ops")
    assert found.alerts == ("y", "z")
    assert found.policy_ids == ("a", "b")


def test_the_record_holds_every_field_as_json() -> None:
    found = Decision(
        "deny",
        deciding=(rule("d", message="no", severity="high"),),
        rules=(rule("d", message="no", severity="high"), rule("l", "label", labels=Labels(("seen",)))),
        would_have=(rule("o", mode="observe"),),
        errors=(RuleError("e", "f.yaml:e", "`args.x` is absent"),),
        modifications=(Change("set", ("a", 0, "b"), "a value that is not shown"),),
        redactions=(Redaction("args.to", "email", 2),),
        charges=(Charge("f/l", "0.10", "1.00"),),
        facts_used=("scan.pii",),
        decision_id="d1",
        action_id="a1",
        timestamp="2026-11-24T00:00:00Z",
        policy_digest="sha256:0",
        engine_version="1",
        evaluation_us=7,
    )
    record = found.to_dict()
    assert json.loads(json.dumps(record)) == record
    assert "not shown" not in json.dumps(record)
    assert record == {
        "decision_id": "d1", "action_id": "a1", "timestamp": "2026-11-24T00:00:00Z", "decision": "deny",
        "policy_ids": ["d"], "reason": "denied by `d` (f.yaml:d): no", "message": "no", "risk_score": 70,
        "severity": "high", "approvers": [], "redactions": [{"path": "args.to", "kind": "email", "count": 2}],
        "modifications": [{"op": "set", "path": "args.a.0.b"}], "alerts": [], "labels": {"add": ["seen"], "remove": []},
        "value_labels": {"add": [], "remove": []},
        "matched": [
            {"id": "d", "action": "deny", "mode": "enforce", "source": "f.yaml:d", "severity": "high", "message": "no", "why": []},
            {"id": "l", "action": "label", "mode": "enforce", "source": "f.yaml:l", "severity": None, "message": "", "why": []},
            {"id": "o", "action": "deny", "mode": "observe", "source": "f.yaml:o", "severity": None, "message": "", "why": []},
        ],
        "errors": [{"id": "e", "source": "f.yaml:e", "why": "`args.x` is absent"}], "would_have": ["o"],
        "facts_used": ["scan.pii"], "charges": [{"limit": "f/l", "amount": "0.10", "cap": "1.00"}],
        "policy_digest": "sha256:0", "engine_version": "1", "evaluation_us": 7,
    }  # fmt: skip
