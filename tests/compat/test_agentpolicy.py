"""The calls printed by AgentPolicy run with only the import changed; where the original is unsafe, this is safe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from referee.compat.agentpolicy import (
    AgentPolicy,
    ApprovalRequired,
    DecisionType,
    InvalidPolicy,
    PolicyDenied,
    PolicySession,
    parse_money,
)
from referee.compat.agentpolicy.types import Action, ActionType, generate_session_id

QUICKSTART = """
budget:
  max_spend: 5.00

tools:
  allow:
    - search_docs
    - read_file
    - send_email
  block:
    - delete_prod_db

network:
  allow:
    - docs.python.org
  block:
    - twitter.com

approval:
  require_for:
    - tool: send_email
    - cost_gt: 1.00
"""


def test_the_quickstart_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policy.yaml").write_text(QUICKSTART)
    policy = AgentPolicy.from_yaml("policy.yaml")

    with policy.session() as session:
        session.check_tool("search_docs", cost=0.02)
        session.check_http("https://docs.python.org/3/", cost=0.01)

        try:
            session.check_tool("send_email")
            raise AssertionError("send_email needs an approval")
        except ApprovalRequired:
            session.check_tool("send_email", approved=True)
        with pytest.raises(PolicyDenied):
            session.check_http("https://twitter.com/")

    report = session.report()
    assert json.loads(json.dumps(report)) == report
    assert {key: report[key] for key in ("budget", "spent", "remaining")} == {
        "budget": 5.0,
        "spent": 0.03,
        "remaining": 4.97,
    }
    assert report["session_id"].startswith("pol_")
    assert report["decision_summary"] == {
        "allow": 3, "deny": 1, "require_approval": 1, "by_action_type": {"tool": 3, "http": 2},
    }  # fmt: skip
    assert report["cost_summary"]["by_action_type"] == {"tool": 0.02, "http": 0.01}
    assert report["policy_hits"] == {
        "denied_tools": [], "denied_domains": ["twitter.com"], "approval_required": ["send_email"],
    }  # fmt: skip
    assert report["duration_seconds"] >= 0
    assert [decision["decision_type"] for decision in report["decisions"]] == [
        "allow", "allow", "require_approval", "allow", "deny",
    ]  # fmt: skip


def test_the_python_api_runs() -> None:
    policy = AgentPolicy(
        budget="$5.00",
        allowed_tools=["search_docs", "read_file"],
        blocked_domains=["twitter.com"],
        approval_rules=[
            {"tool": "send_email"},
            {"cost_gt": 1.00},
        ],
    )

    with policy.session() as session:
        session.check_tool("search_docs", cost=0.02)
        session.check_http("https://docs.python.org/3/", cost=0.01)
        with pytest.raises(PolicyDenied):
            session.check_tool("send_email")
        with pytest.raises(ApprovalRequired):
            session.check_tool("read_file", cost=1.01)
    assert policy.budget == 5.0
    assert isinstance(session, PolicySession)


def test_every_policy_type_of_the_document() -> None:
    assert AgentPolicy(budget="$3.00").budget == 3.0
    tools = AgentPolicy(allowed_tools=["search_docs", "read_file"], blocked_tools=["delete_prod_db"]).session()
    network = AgentPolicy(
        allowed_domains=["docs.python.org", "api.openai.com"],
        blocked_domains=["twitter.com", "facebook.com"],
    ).session()
    approval = AgentPolicy(
        approval_rules=[
            {"tool": "send_email"},
            {"domain": "api.stripe.com"},
            {"cost_gt": 1.00},
        ]
    ).session()
    tools.check_tool("read_file")
    network.check_http("https://api.openai.com/v1")
    approval.check_tool("anything", cost=1.0)
    for refused in (
        lambda: tools.check_tool("delete_prod_db"),
        lambda: tools.check_tool("other"),
        lambda: network.check_http("https://facebook.com"),
        lambda: network.check_http("https://example.com"),
    ):
        with pytest.raises(PolicyDenied):
            refused()
    for asked in (
        lambda: approval.check_tool("send_email"),
        lambda: approval.check_http("https://api.stripe.com/v1/charges"),
        lambda: approval.check_cost(1.5, source="llm"),
    ):
        with pytest.raises(ApprovalRequired):
            asked()


def test_approval_rules_by_kind_and_source() -> None:
    session = AgentPolicy(
        approval_rules=[{"action_type": "http"}, {"source": "expensive"}, {"action_type": "tool", "cost_gt": 2}]
    ).session()
    session.check_tool("search", cost=2)
    session.check_cost(9, source="cheap")
    for asked in (
        lambda: session.check_http("https://example.com"),
        lambda: session.check_cost(0.1, source="expensive"),
        lambda: session.check_tool("search", cost=2.01),
    ):
        with pytest.raises(ApprovalRequired):
            asked()


def test_an_approval_rule_without_conditions_asks_about_everything() -> None:
    session = AgentPolicy(approval_rules=[{}]).session()
    with pytest.raises(ApprovalRequired):
        session.check_tool("search")
    assert session.check_tool("search", approved=True).decision_type is DecisionType.ALLOW


@pytest.mark.parametrize(
    "url",
    [
        "https://twitter.com:443/a", "https://www.twitter.com/", "https://user@twitter.com/", "https://twitter.com./",
        "https://TWITTER.com/", "http://twitter.com:8080", "https://user:pass@mobile.twitter.com/x",
        "https:\\\\twitter.com/", "https://%74witter.com/", "https://twitter\u3002com/", "not a url", "",
    ],
)  # fmt: skip
def test_a_blocked_domain_is_blocked_however_it_is_spelled(url: str) -> None:
    session = AgentPolicy(blocked_domains=["twitter.com"]).session()
    with pytest.raises(PolicyDenied):
        session.check_http(url)


@pytest.mark.parametrize(
    "url", ["https://nottwitter.com/", "https://twitter.com.example.org/", "https://example.org/twitter.com"]
)
def test_a_look_alike_of_a_blocked_domain_passes(url: str) -> None:
    AgentPolicy(blocked_domains=["twitter.com"]).session().check_http(url)


@pytest.mark.parametrize(
    "url", ["https://evil.com\\@docs.python.org/", "https://docs.python.org@evil.com/", "https://sub.docs.python.org/"]
)
def test_an_allowed_domain_is_that_host_alone(url: str) -> None:
    session = AgentPolicy(allowed_domains=["docs.python.org"]).session()
    session.check_http("https://docs.python.org:443/3/")
    with pytest.raises(PolicyDenied):
        session.check_http(url)


@pytest.mark.parametrize("cost", [float("nan"), float("inf"), -1.0, -0.01, "much", None, True])
def test_a_cost_that_is_none_is_refused(cost: object) -> None:
    session = AgentPolicy(budget=5).session()
    with pytest.raises(PolicyDenied):
        session.check_tool("search", cost=cost)  # type: ignore[arg-type]
    assert session.spent == 0.0


def test_the_budget_holds_to_the_cent_and_a_refused_call_costs_nothing() -> None:
    session = AgentPolicy(budget="$1.00").session()
    for _ in range(10):
        session.check_tool("search", cost=0.1)
    with pytest.raises(PolicyDenied):
        session.check_tool("search", cost=0.01)
    assert (session.spent, session.remaining) == (1.0, 0.0)
    session.check_tool("search")


def test_more_than_ten_paid_calls_of_one_tool_are_no_loop() -> None:
    session = AgentPolicy(budget=100).session()
    for _ in range(50):
        session.check_tool("search", cost=0.01)
    assert session.report()["decision_summary"]["allow"] == 50


def test_a_budget_of_nothing_and_no_budget_are_not_the_same() -> None:
    nothing = AgentPolicy(budget=0).session()
    nothing.check_tool("search")
    with pytest.raises(PolicyDenied):
        nothing.check_tool("search", cost=0.01)
    without = AgentPolicy().session()
    without.check_tool("search", cost=1_000_000)
    assert AgentPolicy().budget == 0.0


def test_approved_answers_one_call_and_never_lifts_a_refusal() -> None:
    session = AgentPolicy(blocked_tools=["drop"], approval_rules=[{"tool": "mail"}], budget=1).session()
    assert session.check_tool("mail", approved=True).reason == "Action allowed"
    with pytest.raises(ApprovalRequired):
        session.check_tool("mail")
    with pytest.raises(PolicyDenied):
        session.check_tool("drop", approved=True)
    with pytest.raises(PolicyDenied):
        session.check_tool("mail", cost=2, approved=True)


def test_evaluate_records_and_spends_nothing() -> None:
    session = AgentPolicy(budget=1, approval_rules=[{"tool": "mail"}]).session("pol_test")
    action = Action(ActionType.TOOL, tool_name="mail", cost=0.5)
    assert session.evaluate(action).decision_type is DecisionType.REQUIRE_APPROVAL
    assert session.evaluate(action, approved=True).decision_type is DecisionType.ALLOW
    assert session.evaluate(Action(ActionType.TOOL)).decision_type is DecisionType.DENY
    assert session.evaluate(Action(ActionType.HTTP, domain="example.com")).decision_type is DecisionType.ALLOW
    assert (session.spent, session.decisions, session.session_id) == (0.0, [], "pol_test")
    assert session.enforce(action, approved=True).to_dict()["action"]["tool_name"] == "mail"


def test_guarded_functions_run_only_when_allowed() -> None:
    session = AgentPolicy(blocked_tools=["drop"]).session()
    ran: list[str] = []

    @session.guard_tool(cost=0.25)
    def search(query: str) -> str:
        ran.append(query)
        return query.upper()

    @session.guard_tool("drop")
    def other() -> None:
        ran.append("dropped")

    assert search("a") == "A"
    with pytest.raises(PolicyDenied):
        other()
    assert (ran, session.spent) == (["a"], 0.25)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"budget": -1}, "negative"),
        ({"budget": "five"}, "number"),
        ({"budget": float("nan")}, "finite"),
        ({"allowed_tools": "search"}, "tools.allow must be a list"),
        ({"allowed_tools": [1]}, "tools.allow must be a list"),
        ({"allowed_tools": ["a"], "blocked_tools": ["a"]}, "cannot be both"),
        ({"approval_rules": {"tool": "a"}}, "must be a list"),
        ({"approval_rules": ["mail"]}, "approval rule 1"),
        ({"approval_rules": [{"tol": "mail"}]}, "approval rule 1"),
        ({"approval_rules": [{"action_type": "shell"}]}, "action_type"),
        ({"approval_rules": [{"source": "llm", "tool": "mail"}]}, "can never hold"),
        ({"blocked_domains": ["https://twitter.com/"]}, "host"),
    ],
)
def test_what_is_not_a_policy_is_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidPolicy, match=said):
        AgentPolicy(**arguments)  # type: ignore[arg-type]


def test_a_broken_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("budget:\n  max_spent: 5\n")
    with pytest.raises(InvalidPolicy, match=r"p\.yaml:2:3(.|\n)*did you mean `max_spend`"):
        AgentPolicy.from_yaml(tmp_path / "p.yaml")
    with pytest.raises(InvalidPolicy):
        AgentPolicy.from_yaml(tmp_path / "missing.yaml")
    with pytest.raises(InvalidPolicy):
        AgentPolicy.from_dict([])  # type: ignore[arg-type]


def test_from_dict_and_money() -> None:
    policy = AgentPolicy.from_dict({"budget": {"max_spend": "$2.50"}, "tools": {"allow": []}})
    assert policy.budget == 2.5
    with pytest.raises(PolicyDenied):
        policy.session().check_tool("anything")
    assert [parse_money(value) for value in ("$5.00", " 1,000 ", 3, 0.5)] == [5.0, 1000.0, 3.0, 0.5]
    assert generate_session_id() != generate_session_id()


def test_one_flag_does_not_stand_for_named_approvers() -> None:
    policy = AgentPolicy.from_dict({"policies": [
        {"id": "pay", "when": {"tool": "pay"}, "action": "require_approval", "approvers": ["finance"]},
        {"id": "two", "when": {"tool": "two"}, "action": "require_approval", "quorum": 2},
    ]})  # fmt: skip
    session = policy.session()
    for tool in ("pay", "two"):
        with pytest.raises(ApprovalRequired):
            session.check_tool(tool, approved=True)
    with pytest.raises(ApprovalRequired):
        AgentPolicy(approval_rules=[{"tool": "mail"}]).session().check_tool("mail", approved="false")  # type: ignore[arg-type]


def test_unanswered_questions_do_not_pile_up() -> None:
    policy = AgentPolicy(approval_rules=[{"tool": "mail"}])
    for _ in range(50):
        with pytest.raises(ApprovalRequired):
            policy.session().check_tool("mail")
    assert policy._policy.approvals.pending == ()


def test_a_session_id_used_again_starts_afresh() -> None:
    policy = AgentPolicy(budget=1)
    policy.session("x").check_tool("search", cost=1)
    assert policy.session("x").check_tool("search", cost=1).decision_type is DecisionType.ALLOW


def test_lists_of_hosts_are_about_http_requests_only() -> None:
    session = AgentPolicy(allowed_domains=["docs.python.org"], approval_rules=[{"domain": "api.stripe.com"}]).session()
    assert session.check_tool("fetch").decision_type is DecisionType.ALLOW
    assert AgentPolicy.from_dict({"network": {"block": ["a.com"]}}).session().check_tool("WebFetch")


def test_from_dict_takes_what_the_constructor_takes() -> None:
    data = {"approval": {"require_for": [{"action_type": "http"}, {"source": "llm"}]}}
    with pytest.raises(ApprovalRequired):
        AgentPolicy.from_dict(data).session().check_cost(0.1)
    with pytest.raises(InvalidPolicy, match="cannot be both"):
        AgentPolicy.from_dict({"tools": {"allow": ["a"], "block": ["a"]}})
    with pytest.raises(InvalidPolicy, match="did you mean"):
        AgentPolicy.from_dict({"tools": {"alow": ["a"]}})
    with pytest.raises(InvalidPolicy):
        AgentPolicy(budget=None)  # type: ignore[arg-type]


def test_a_report_is_json_and_holds_no_password() -> None:
    session = AgentPolicy(blocked_domains=["twitter.com"]).session()
    for call in (
        lambda: session.check_http("https://user:hunter2@twitter.com/"),
        lambda: session.check_http("no url"),
        lambda: session.check_tool("search", cost=float("nan")),
        lambda: session.enforce(Action(ActionType.HTTP, url="https://ok.com/", domain="twitter.com")),
    ):
        with pytest.raises(PolicyDenied):
            call()
    text = json.dumps(session.report(), allow_nan=False)
    assert "hunter2" not in text
    assert session.report()["policy_hits"]["denied_domains"] == ["twitter.com", "?", "twitter.com"]
