import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from referee import ApprovalRequired, Denied, InvalidRequest, Policy, Request, SessionTerminated
from tests.enforce.worlds import Turned

SUPPORT = """
version: 1
id: support
default: deny
policies:
  - {id: search, when: {tool: "search_*"}, action: allow}
  - {id: refund, when: {tool: refund, args.amount: {lte: 100}}, action: allow}
  - {id: big, when: {tool: refund, args.amount: {gt: 100}}, action: require_approval, approvers: [finance]}
  - {id: drop, when: {tool: drop_database}, action: terminate, message: "never"}
  - {id: docs, when: {http.host: {host: python.org}}, action: allow}
  - {id: talk, when: {kind: message}, action: allow}
  - {id: no-mail, when: {kind: message, text: {contains_pii: [email]}}, action: redact}
  - {id: model, when: {kind: model_call}, action: allow}
  - {id: cap, when: {tool: search_web}, action: modify, cap: {args.limit: 10}}
  - {id: hide, when: {tool: "search_*", result: {contains_pii: true}}, phase: post, action: redact}
  - {id: leak, when: {tool: "search_*", text: {contains: TOP SECRET}}, phase: post, action: deny}
"""


@pytest.fixture
def policy():
    return Policy.load(SUPPORT)


def limited(limits, rest="", world=None):
    more = {} if world is None else {"world": world}
    return Policy.load(f"id: l\ndefault: allow\nlimits:\n{limits}\n{rest}", **more)


def test_an_allowed_call_comes_back_with_its_arguments(policy):
    with policy.session(agent="a") as session:
        outcome = session.check_tool("search_docs", {"q": "refunds"}, cost="0.02")
    assert outcome.allowed
    assert outcome.args == {"q": "refunds"}
    assert outcome.decision.policy_ids == ("search",)
    assert outcome.decision.timestamp
    assert outcome.decision.policy_digest == policy.digest
    assert session.spent == Decimal("0.02")


def test_a_refused_call_raises_with_the_decision(policy):
    with policy.session() as session, pytest.raises(Denied) as refused:
        session.check_tool("delete", {})
    assert refused.value.decision.decision == "deny"
    assert not isinstance(refused.value, SessionTerminated)


def test_arguments_are_changed_as_the_policy_says(policy):
    with policy.session() as session:
        given = {"q": "x", "limit": 500}
        assert session.check_tool("search_web", given).args == {"q": "x", "limit": 10}
        assert given["limit"] == 500


def test_a_message_is_redacted_before_it_is_sent(policy):
    with policy.session() as session:
        text = session.check_message("write to bob@example.org, please").text
    assert "bob@" not in text
    assert text.endswith(", please")


def test_a_result_is_redacted_and_keeps_its_shape(policy):
    with policy.session() as session:
        result = session.check_result("search_docs", {"rows": [{"mail": "bob@example.org", "n": 3}], "ok": True})
    assert "bob" not in str(result)
    assert result["rows"][0]["n"] == 3
    assert result["ok"] is True


def test_a_forbidden_result_is_refused(policy):
    with policy.session() as session, pytest.raises(Denied):
        session.check_result("search_docs", "this is TOP SECRET")


def test_an_http_request_is_decided_by_where_it_goes(policy):
    with policy.session() as session:
        assert session.check_http("https://docs.python.org/3/").allowed
        for url in ("https://python.org.evil.com/", "https://evil.com/python.org", "http://evil.com\\@python.org/"):
            with pytest.raises(Denied):
                session.check_http(url)


def test_after_terminate_everything_is_refused(policy):
    with policy.session() as session:
        with pytest.raises(SessionTerminated):
            session.check_tool("drop_database")
        for check in (
            lambda: session.check_tool("search_docs"),
            lambda: session.check_http("https://python.org/"),
            lambda: session.check_cost(1),
            lambda: session.check_message("hi"),
            lambda: session.check_result("search_docs", 1),
            lambda: session.enforce({"tool": "search_docs"}),
        ):
            with pytest.raises(SessionTerminated):
                check()
        assert session.evaluate({"tool": "search_docs"}).decision == "terminate"
        assert session.terminated
    with policy.session() as other:
        assert other.check_tool("search_docs").allowed


def test_a_closed_session_refuses(policy):
    with policy.session() as session:
        pass
    with pytest.raises(Denied):
        session.check_tool("search_docs")
    assert session.evaluate({"tool": "search_docs"}).decision == "deny"


def test_evaluate_never_raises_and_never_consumes(policy):
    policy = limited("  - {id: three, calls: 3, per: run}")
    with policy.session() as session:
        for _ in range(10):
            assert session.evaluate(Request.tool_call("x")).allowed
        assert session.report()["decisions"] == []
        for asked in ({}, {"tool": 3}, {"tool": "x", "cost": "NaN"}, {"nonsense": 1}, None, 7, "tool"):
            assert session.evaluate(asked).decision == "deny"
        assert [session.decide({"tool": "x"}).verdict for _ in range(4)] == ["allow"] * 3 + ["deny"]
        assert session.evaluate({"tool": "x"}).decision == "deny"


@pytest.mark.parametrize("cost", ["NaN", float("nan"), float("inf"), -1, "-0.01", "1e99", "much", True, object()])
def test_an_absurd_cost_is_refused(policy, cost):
    with policy.session() as session:
        with pytest.raises(Denied) as refused:
            session.check_tool("search_docs", cost=cost)
        assert "cost" in str(refused.value)
        with pytest.raises(Denied):
            session.check_cost(cost, source="gpt")
        assert session.spent == 0


@pytest.mark.parametrize("name", ["", None, 3, b"search_docs", ["search_docs"]])
def test_a_name_that_is_none_is_refused(policy, name):
    with policy.session() as session, pytest.raises(Denied):
        session.check_tool(name)


@pytest.mark.parametrize("args", ["q", 3, [("q", 1)], object()])
def test_arguments_that_are_no_mapping_are_refused(policy, args):
    with policy.session() as session, pytest.raises(Denied):
        session.check_tool("search_docs", args)


def test_arguments_that_hold_themselves_are_decided_without_an_exception(policy):
    args = {}
    args["self"] = args
    with policy.session() as session:
        assert session.decide(Request.tool_call("search_docs", args, call="1")).verdict in ("allow", "deny")
        with pytest.raises(Denied):
            session.check_tool("search_docs", args, call_id="c1")


def test_a_call_id_is_decided_and_charged_once():
    policy = limited("  - {id: two, calls: 2, per: run}")
    with policy.session() as session:
        first = session.check_tool("x", {"a": 1}, cost=1, call_id="c1")
        for _ in range(5):
            assert session.check_tool("x", {"a": 1}, cost=1, call_id="c1") is first
        assert session.spent == 1
        session.check_tool("x", {"a": 1}, cost=1, call_id="c2")
        with pytest.raises(Denied):
            session.check_tool("x", {"a": 1}, cost=1, call_id="c3")
        assert session.check_tool("x", {"a": 1}, cost=1, call_id="c2").allowed


@pytest.mark.parametrize("other", [("x", {"a": 2}, 1), ("y", {"a": 1}, 1), ("x", {"a": 1}, 2), ("x", {"a": "1"}, 1)])
def test_a_call_id_with_another_action_is_refused(other):
    with Policy.load("default: allow\nid: p\n").session() as session:
        session.check_tool("x", {"a": 1}, cost=1, call_id="c1")
        tool, args, cost = other
        with pytest.raises(Denied) as refused:
            session.check_tool(tool, args, cost=cost, call_id="c1")
        assert "call id" in str(refused.value)
        assert session.spent == 1


def test_racing_calls_of_one_id_are_charged_once():
    policy = limited("  - {id: many, calls: 1000, per: run}")
    with policy.session() as session:
        barrier = threading.Barrier(8)

        def call(_):
            barrier.wait()
            return session.check_tool("x", {"a": 1}, cost=1, call_id="c1")

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(call, range(8)))
        assert all(outcome is outcomes[0] for outcome in outcomes)
        assert session.spent == 1


@pytest.mark.parametrize("per", ["run", "agent", "all"])
def test_a_budget_is_never_overspent_by_threads(per):
    policy = limited(f"  - {{id: b, spend: 10.00, per: {per}}}")
    with policy.session(agent="a") as session:

        def work(_):
            return sum(session.decide({"tool": "x", "cost": "0.07"}).allowed for _ in range(60))

        with ThreadPoolExecutor(6) as pool:
            allowed = sum(pool.map(work, range(6)))
        assert allowed == 142
        assert session.spent == Decimal("9.94")


def test_a_budget_per_team_is_shared_by_sessions_and_one_per_run_is_not():
    policy = limited("  - {id: t, calls: 3, per: team, window: 1d}")
    with policy.session(team="a") as one, policy.session(team="a") as two, policy.session(team="b") as other:
        assert [s.decide({"tool": "x"}).allowed for s in (one, two, one, two)] == [True, True, True, False]
        assert other.decide({"tool": "x"}).allowed
    policy = limited("  - {id: t, calls: 1, per: run}")
    with policy.session() as one, policy.session() as two:
        assert [s.decide({"tool": "x"}).allowed for s in (one, two, one)] == [True, True, False]


def test_a_threshold_that_asks_is_not_passed_by_threads():
    policy = limited("  - {id: b, calls: 100, per: run, thresholds: [{at: 50, action: require_approval}]}")
    with policy.session() as session:

        def work(_):
            return [session.decide({"tool": "x"}).verdict for _ in range(20)]

        with ThreadPoolExecutor(6) as pool:
            verdicts = [verdict for batch in pool.map(work, range(6)) for verdict in batch]
    assert verdicts.count("allow") == 49
    assert set(verdicts) == {"allow", "require_approval"}


def test_a_refused_call_uses_nothing_up():
    policy = limited("  - {id: b, calls: 2, per: run}", "policies:\n  - {id: no, when: {tool: bad}, action: deny}")
    with policy.session() as session:
        for _ in range(5):
            assert not session.decide({"tool": "bad"}).allowed
        assert [session.decide({"tool": "x"}).allowed for _ in range(3)] == [True, True, False]


def test_two_limits_are_drawn_together_or_not_at_all():
    policy = limited("  - {id: a, calls: 5, per: run}\n  - {id: b, spend: 1.00, per: run}")
    with policy.session() as session:
        assert session.decide({"tool": "x", "cost": "0.9"}).allowed
        for _ in range(9):
            assert not session.decide({"tool": "x", "cost": "0.9"}).allowed
        assert [session.decide({"tool": "x"}).allowed for _ in range(5)] == [True] * 4 + [False]


def test_a_sliding_limit_opens_again_and_ignores_the_wall_clock():
    world = Turned()
    policy = limited("  - {id: b, calls: 2, per: agent, window: 60s}", world=world)
    with policy.session(agent="a") as session:
        assert [session.decide({"tool": "x"}).allowed for _ in range(3)] == [True, True, False]
        world.seconds += 31_536_000
        assert not session.decide({"tool": "x"}).allowed
        world.seconds -= 63_072_000
        assert not session.decide({"tool": "x"}).allowed
        world.ticks += 60
        assert session.decide({"tool": "x"}).allowed


def test_a_daily_limit_opens_the_next_day_in_its_zone():
    world = Turned()
    policy = limited("  - {id: b, calls: 1, per: all, window: 1d}", world=world)
    with policy.session() as session:
        assert [session.decide({"tool": "x"}).allowed for _ in range(2)] == [True, False]
        world.pass_(7 * 3600)
        assert not session.decide({"tool": "x"}).allowed
        world.pass_(3600)
        assert session.decide({"tool": "x"}).allowed


def test_counters_include_the_action_that_is_decided():
    rules = "policies:\n  - {id: enough, when: {tool_calls_in_run: {gt: 3}}, action: deny}"
    with Policy.load(f"id: c\ndefault: allow\n{rules}\n").session() as session:
        assert [session.decide({"tool": "x"}).allowed for _ in range(5)] == [True, True, True, False, False]


def test_a_counter_of_money_is_exact_and_per_agent():
    rules = "policies:\n  - {id: enough, when: {cost_today: {gt: 1}}, action: deny}"
    policy = Policy.load(f"id: c\ndefault: allow\n{rules}\n")
    with policy.session(agent="a") as one, policy.session(agent="a") as two, policy.session(agent="b") as other:
        assert all(session.decide({"tool": "x", "cost": 0.1}).allowed for session in (one, two) * 5)
        assert not one.decide({"tool": "x", "cost": "0.000001"}).allowed
        assert other.decide({"tool": "x", "cost": 1}).allowed


def test_repeated_calls_are_the_same_tool_with_the_same_arguments():
    rules = "policies:\n  - {id: loop, when: {repeated_calls: {gte: 3}}, action: deny}"
    with Policy.load(f"id: c\ndefault: allow\n{rules}\n").session() as session:
        assert session.decide({"tool": "x", "args": {"a": 1, "b": 2}}).allowed
        assert session.decide({"tool": "x", "args": {"b": 2, "a": 1}}).allowed
        assert session.decide({"tool": "x", "args": {"a": 2}}).allowed
        assert session.decide({"tool": "y", "args": {"a": 1, "b": 2}}).allowed
        assert not session.decide({"tool": "x", "args": {"a": 1, "b": 2}}).allowed


def test_denials_and_seconds_are_counted():
    world = Turned()
    rules = """policies:
  - {id: bad, when: {tool: bad}, action: deny}
  - {id: tired, when: {denials_in_run: {gte: 2}}, action: terminate}
  - {id: late, when: {seconds_in_run: {gt: 60}}, action: deny}"""
    policy = Policy.load(f"id: c\ndefault: allow\n{rules}\n", world=world)
    with policy.session() as session:
        assert [session.decide({"tool": t}).verdict for t in ("x", "bad", "x", "bad", "x")] == [
            "allow", "deny", "allow", "deny", "terminate",
        ]  # fmt: skip
    with policy.session() as session:
        assert session.decide({"tool": "x"}).allowed
        world.pass_(61)
        assert not session.decide({"tool": "x"}).allowed


def test_a_counter_read_by_a_rule_is_not_passed_by_threads():
    rules = "policies:\n  - {id: enough, when: {cost_in_run: {gt: 5}}, action: deny}"
    with Policy.load(f"id: c\ndefault: allow\n{rules}\n").session() as session:

        def work(_):
            return sum(session.decide({"tool": "x", "cost": "0.1"}).allowed for _ in range(30))

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(work, range(6))) == 50


def test_the_real_cost_is_recorded_even_when_it_is_too_much():
    policy = limited("  - {id: b, spend: 1.00, per: run}")
    with policy.session() as session:
        call = session.check_tool("x", cost="0.10")
        session.meter(call, cost="0.30")
        assert session.spent == Decimal("0.30")
        unknown = session.check_tool("x", call_id="c2")
        session.meter("c2", cost="5")
        assert session.spent == Decimal("5.30")
        assert not session.decide({"tool": "x", "cost": "0.01"}).allowed
        session.meter(unknown, cost="0.20")
        assert session.spent == Decimal("0.50")
        assert session.decide({"tool": "x", "cost": "0.50"}).allowed
        assert not session.decide({"tool": "x", "cost": "0.01"}).allowed


def test_tokens_are_settled():
    policy = limited("  - {id: b, tokens: 1000, per: run}")
    with policy.session() as session:
        call = session.check_cost("0.01", source="gpt", input_tokens=500, output_tokens=100)
        session.meter(call, input_tokens=500, output_tokens=490)
        assert session.decide({"model": "gpt", "tokens": {"input": 10}}).allowed
        assert not session.decide({"model": "gpt", "tokens": {"input": 1}}).allowed


def test_a_call_that_did_not_happen_gives_back_what_it_drew():
    policy = limited("  - {id: b, calls: 1, per: run}\n  - {id: s, spend: 1.00, per: run}")
    with policy.session() as session:
        call = session.check_tool("x", cost=1)
        assert not session.decide({"tool": "x"}).allowed
        session.release(call)
        session.release(call)
        assert session.spent == 0
        assert session.decide({"tool": "x", "cost": 1}).allowed
        assert not session.decide({"tool": "x"}).allowed


@pytest.mark.parametrize("amounts", [{"cost": "NaN"}, {"cost": -1}, {"input_tokens": -5}, {"input_tokens": 1.5}])
def test_absurd_real_amounts_are_an_error_and_change_nothing(amounts):
    with limited("  - {id: b, spend: 1.00, per: run}").session() as session:
        call = session.check_tool("x", cost="0.5")
        with pytest.raises(InvalidRequest):
            session.meter(call, **amounts)
        with pytest.raises(InvalidRequest):
            session.meter("nobody", cost=1)
        assert session.spent == Decimal("0.5")


def test_labels_stick_to_the_session():
    policy = Policy.load("""
id: l
default: allow
policies:
  - {id: taint, when: {tool: read_web}, action: label, add: [untrusted]}
  - {id: clean, when: {tool: endorse}, action: label, remove: [untrusted]}
  - {id: stop, when: {tool: send, session.labels: {contains: untrusted}}, action: deny}
""")
    with policy.session(labels=["start"]) as session:
        assert session.check_tool("send").allowed
        session.check_tool("read_web")
        assert session.labels == ("start", "untrusted")
        with pytest.raises(Denied):
            session.check_tool("send")
        session.check_tool("endorse")
        assert session.labels == ("start",)
        assert session.check_tool("send").allowed


def test_a_request_cannot_leave_its_session():
    policy = limited("  - {id: one, calls: 1, per: run}")
    with policy.session(id="mine") as session:
        asked = {"tool": "x", "session": {"id": "another"}}
        assert [session.decide(asked).allowed for _ in range(2)] == [True, False]


def test_a_named_session_goes_on_where_it_was():
    policy = limited("  - {id: one, calls: 1, per: run}")
    with policy.session(id="mine") as session:
        assert session.check_tool("x").allowed
    with policy.session(id="mine") as session, pytest.raises(Denied):
        session.check_tool("x")


def test_a_named_session_keeps_its_labels_and_its_end():
    policy = Policy.load("""
id: n
default: allow
policies:
  - {id: taint, when: {tool: read}, action: label, add: [untrusted]}
  - {id: send, when: {tool: send, session.labels: {contains: untrusted}}, action: deny}
  - {id: end, when: {tool: end}, action: terminate}
""")
    with policy.session(id="mine") as session:
        session.check_tool("read")
    with policy.session(id="mine") as session:
        assert session.decide({"tool": "send"}).verdict == "deny"
        with policy.session(id="mine") as twin:
            assert twin.decide({"tool": "end"}).verdict == "terminate"
        assert session.terminated
        assert session.decide({"tool": "read"}).verdict == "terminate"
    with policy.session(id="mine") as session:
        assert session.evaluate({"tool": "read"}).decision == "terminate"
    with policy.session(id="other") as session:
        assert session.check_tool("send").allowed


def test_who_acts_reaches_the_rules():
    policy = Policy.load("""
version: 1
id: w
policies:
  - {id: one, when: {tool: x}, scope: {agents: ["sup*"], tags: [vip], teams: [t], environments: [prod]}, action: allow}
  - {id: two, when: {tool: y, user.roles: {contains: boss}, context.region: eu}, action: allow}
""")
    who = {"agent": "sup1", "tags": ["vip"], "team": "t", "environment": "prod"}
    with policy.session(**who, user="u", roles=["boss"], context={"region": "eu"}) as session:
        assert session.check_tool("x").allowed
        assert session.check_tool("y").allowed
        assert session.decide({"tool": "y", "context": {"region": "us"}}).verdict == "deny"
    with policy.session(**{**who, "environment": "dev"}) as session:
        assert session.decide({"tool": "x"}).verdict == "deny"


def test_the_report_sums_everything_up(policy):
    with policy.session(agent="a") as session:
        session.check_tool("search_docs", cost="0.02")
        session.check_http("https://docs.python.org/3/", cost="0.01")
        for refused in (lambda: session.check_tool("delete_all"), lambda: session.check_http("https://twitter.com/")):
            with pytest.raises(Denied):
                refused()
        with pytest.raises(ApprovalRequired):
            session.check_tool("refund", {"amount": 500})
    report = session.report()
    assert report["session_id"] == session.id
    assert report["spent"] == "0.03"
    assert report["decision_summary"] == {
        "allow": 2, "deny": 2, "require_approval": 1, "terminate": 0, "by_action_type": {"http": 2, "tool": 3},
    }  # fmt: skip
    assert report["cost_summary"] == {"by_action_type": {"http": "0.01", "tool": "0.02"}}
    assert report["policy_hits"]["denied_tools"] == ["delete_all"]
    assert report["policy_hits"]["denied_domains"] == ["twitter.com"]
    assert report["policy_hits"]["approval_required"] == ["refund"]
    assert [d["decision"] for d in report["decisions"]] == ["allow", "allow", "deny", "deny", "require_approval"]
    assert len({d["decision_id"] for d in report["decisions"]}) == 5


def test_the_report_tells_what_is_left_of_a_budget():
    policy = Policy.load("budget:\n  max_spend: 5.00\ntools:\n  allow: [x]\n")
    with policy.session() as session:
        session.check_tool("x", cost="0.03")
    assert {k: session.report()[k] for k in ("budget", "spent", "remaining")} == {
        "budget": "5.00", "spent": "0.03", "remaining": "4.97",
    }  # fmt: skip


def test_the_report_is_json_and_holds_no_argument(policy):
    import json

    with policy.session() as session:
        session.decide({"tool": "search_docs", "args": {"q": "hunter2-secret"}})
        session.decide({"tool": "nope", "args": {"q": "hunter2-secret"}})
        session.decide({"url": "https://u:hunter2-secret@evil.example/hunter2-secret"})
        session.decide({"text": "hunter2-secret"})
    assert "hunter2" not in json.dumps(session.report())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_of_a_fork_waits_for_no_thread_of_its_parent():
    policy = Policy.load("id: p\ndefault: allow\npolicies:\n  - {id: a, when: {tool: t}, action: require_approval}\n")
    session = policy.session(agent="a")
    held, done = threading.Event(), threading.Event()

    def hold():
        with session._book.lock, policy.approvals._shelf.lock:
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    child = os.fork()
    if not child:
        signal.alarm(5)
        os._exit(0 if session.decide({"tool": "t"}).verdict == "require_approval" else 1)
    ended = os.waitpid(child, 0)[1]
    done.set()
    thread.join()
    assert ended == 0
