import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from referee import ApprovalRequired, Denied, InvalidRequest, Policy, SessionTerminated
from tests.enforce.worlds import Turned

ASK = """
version: 1
id: ask
policies:
  - {id: refund, when: {tool: refund}, action: require_approval, approvers: [finance, bea], message: "ask finance"}
  - {id: free, when: {tool: free}, action: require_approval}
  - {id: pay, when: {tool: pay}, action: require_approval, approvers: [finance], quorum: 2}
  - {id: slow, when: {tool: slow}, action: require_approval, timeout: 60s}
  - {id: stern, when: {tool: stern}, action: require_approval, timeout: 60s, on_timeout: terminate}
  - {id: never, when: {tool: refund, args.amount: {gt: 1000}}, action: deny}
"""


@pytest.fixture
def world():
    return Turned()


@pytest.fixture
def policy(world):
    return Policy.load(ASK, world=world)


@pytest.fixture
def session(policy):
    with policy.session(agent="bot", user="ulla") as session:
        yield session


def ask(session, tool="refund", args=None, **more):
    with pytest.raises(ApprovalRequired) as asked:
        session.check_tool(tool, args or {"amount": 7}, **more)
    return asked.value.approval_id


def test_the_question_says_who_may_answer(session, policy):
    with pytest.raises(ApprovalRequired) as asked:
        session.check_tool("refund", {"amount": 7})
    assert asked.value.approvers == ("bea", "finance")
    question = policy.approvals.get(asked.value.approval_id)
    assert question.state == "pending"
    assert policy.approvals.pending == (question,)
    assert question.approvers == ("bea", "finance")


def test_an_approved_call_passes_exactly_once(session, policy):
    policy.approvals.approve(ask(session), by="bea")
    outcome = session.check_tool("refund", {"amount": 7})
    assert outcome.decision.granted
    assert "approved" in outcome.decision.reason
    ask(session)


def test_asking_again_is_the_same_question(session, policy):
    assert ask(session) == ask(session)
    assert len(policy.approvals.pending) == 1


def test_another_action_is_another_question(session, policy):
    first = ask(session)
    policy.approvals.approve(first, by="bea")
    assert ask(session, args={"amount": 8}) != first
    assert ask(session, args={"amount": 7, "to": "x"}) != first
    assert ask(session, "free") != first
    assert session.check_tool("refund", {"amount": 7}).allowed


def test_an_approval_is_not_for_another_session_or_agent(session, policy):
    policy.approvals.approve(ask(session), by="bea")
    with policy.session(agent="bot", user="ulla") as other:
        ask(other)
    with pytest.raises(ApprovalRequired):
        session.enforce({"tool": "refund", "args": {"amount": 7}, "agent": {"id": "other"}})
    assert session.check_tool("refund", {"amount": 7}).allowed


def test_an_approval_does_not_outlive_its_policy(tmp_path, world):
    file = tmp_path / "p.yaml"
    file.write_text(ASK)
    policy = Policy.load(file, world=world)
    with policy.session(agent="bot") as session:
        policy.approvals.approve(ask(session), by="bea")
        file.write_text(ASK.replace("ask finance", "ask them"))
        assert policy.reload()
        ask(session)


def test_a_denial_is_checked_again_when_the_action_runs(session, policy):
    with pytest.raises(Denied):
        session.check_tool("refund", {"amount": 2000})


@pytest.mark.parametrize("by", ["bot", "ulla", ""])
def test_the_requester_never_approves(session, policy, by):
    for tool in ("free", "refund"):
        with pytest.raises(InvalidRequest):
            policy.approvals.approve(ask(session, tool), by=by, roles=["finance"])
        ask(session, tool)


def test_only_those_named_approve_by_name_or_role(session, policy):
    question = ask(session)
    with pytest.raises(InvalidRequest):
        policy.approvals.approve(question, by="mallory")
    with pytest.raises(InvalidRequest):
        policy.approvals.approve(question, by="mallory", roles=["sales"])
    assert policy.approvals.approve(question, by="carl", roles=["finance"]).state == "approved"


def test_a_quorum_needs_different_people(session, policy):
    question = ask(session, "pay")
    assert policy.approvals.approve(question, by="a", roles=["finance"]).state == "pending"
    with pytest.raises(InvalidRequest):
        policy.approvals.approve(question, by="a", roles=["finance"])
    ask(session, "pay")
    assert policy.approvals.approve(question, by="b", roles=["finance"]).state == "approved"
    assert session.check_tool("pay", {"amount": 7}).allowed


def test_every_deciding_rule_is_satisfied(world):
    policy = Policy.load(
        """
version: 1
id: two
policies:
  - {id: a, when: {tool: x}, action: require_approval, approvers: [finance]}
  - {id: b, when: {tool: x}, action: require_approval, approvers: [security]}
""",
        world=world,
    )
    with policy.session(agent="bot") as session:
        question = ask(session, "x")
        assert policy.approvals.approve(question, by="f", roles=["finance"]).state == "pending"
        assert policy.approvals.approve(question, by="s", roles=["security"]).state == "approved"


def test_a_rejection_stays_and_tells_the_agent_why(session, policy):
    policy.approvals.reject(ask(session), by="bea", message="use store credit")
    for _ in range(3):
        with pytest.raises(Denied) as refused:
            session.check_tool("refund", {"amount": 7})
        assert "use store credit" in str(refused.value)
    with pytest.raises(InvalidRequest):
        policy.approvals.approve(session.outcomes[0].approval_id, by="bea")


def test_a_revoked_approval_is_refused(session, policy):
    question = ask(session)
    policy.approvals.approve(question, by="bea")
    policy.approvals.revoke(question)
    with pytest.raises(Denied):
        session.check_tool("refund", {"amount": 7})


def test_a_timeout_denies_and_may_be_asked_again(session, policy, world):
    question = ask(session, "slow")
    world.pass_(60)
    with pytest.raises(InvalidRequest):
        policy.approvals.approve(question, by="bea")
    with pytest.raises(Denied) as refused:
        session.check_tool("slow", {"amount": 7})
    assert "in time" in str(refused.value)
    assert ask(session, "slow") != question


def test_an_approval_that_is_used_too_late_is_none(session, policy, world):
    policy.approvals.approve(ask(session, "slow"), by="bea")
    world.pass_(60)
    with pytest.raises(Denied):
        session.check_tool("slow", {"amount": 7})


def test_a_timeout_can_end_the_session(session, world):
    ask(session, "stern")
    world.pass_(60)
    with pytest.raises(SessionTerminated):
        session.check_tool("stern", {"amount": 7})
    assert session.terminated


def test_an_unknown_question_is_an_error(policy):
    for act in (policy.approvals.approve, policy.approvals.reject):
        with pytest.raises(InvalidRequest):
            act("apr_nobody", by="bea")


def test_a_call_id_passes_after_approval_and_stays_passed(session, policy):
    policy.approvals.approve(ask(session, call_id="c1"), by="bea")
    first = session.check_tool("refund", {"amount": 7}, call_id="c1")
    assert session.check_tool("refund", {"amount": 7}, call_id="c1") is first


def test_looking_does_not_use_the_approval_up(session, policy):
    policy.approvals.approve(ask(session), by="bea")
    for _ in range(3):
        assert session.evaluate({"tool": "refund", "args": {"amount": 7}}).decision == "allow"
    assert session.check_tool("refund", {"amount": 7}).allowed
    assert session.evaluate({"tool": "refund", "args": {"amount": 7}}).decision == "require_approval"


def test_fifty_racing_calls_use_one_approval_once(session, policy):
    policy.approvals.approve(ask(session), by="bea")
    barrier = threading.Barrier(10)

    def call(_):
        barrier.wait()
        return [session.decide({"tool": "refund", "args": {"amount": 7}}).allowed for _ in range(5)]

    with ThreadPoolExecutor(10) as pool:
        assert sum(map(sum, pool.map(call, range(10)))) == 1


def test_racing_clicks_make_one_transition(session, policy):
    question = ask(session)
    barrier = threading.Barrier(10)

    def click(number):
        barrier.wait()
        try:
            if number % 2:
                policy.approvals.approve(question, by=f"p{number}", roles=["finance"])
            else:
                policy.approvals.reject(question, by=f"p{number}", roles=["finance"])
        except InvalidRequest:
            return 0
        return 1

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(click, range(10))) == 1


def test_an_approved_call_still_needs_its_budget(world):
    policy = Policy.load(ASK + "limits:\n  - {id: b, calls: 1, per: run}\n", world=world)
    with policy.session(agent="bot") as session:
        question = ask(session)
        policy.approvals.approve(question, by="bea")
        policy.approvals.approve(ask(session, args={"amount": 8}), by="bea")
        assert session.check_tool("refund", {"amount": 7}).allowed
        with pytest.raises(Denied):
            session.check_tool("refund", {"amount": 8})


def test_the_question_is_about_the_action_as_it_runs(world):
    policy = Policy.load(
        """
version: 1
id: m
policies:
  - {id: ask, when: {tool: x}, action: require_approval}
  - {id: cap, when: {tool: x}, action: modify, cap: {args.n: 10}}
""",
        world=world,
    )
    with policy.session(agent="bot") as session:
        policy.approvals.approve(ask(session, "x", {"n": 50}), by="bea")
        assert session.check_tool("x", {"n": 60}).args == {"n": 10}
