"""Somebody else is faster: between what a decision read and what it draws, another one draws."""

import pytest

from referee import Policy
from referee.enforce import approvals
from referee.enforce.desk import ATTEMPTS
from referee.state.memory import MemoryStore
from referee.state.protocol import Posting
from tests.enforce.worlds import Turned


class Racing(MemoryStore):
    """Right after a read, somebody else draws the next amount of ``others`` from the account that was read."""

    def __init__(self, others):
        world = Turned()
        super().__init__(world.wall, world.monotonic)
        self.others = list(others)

    def read(self, accounts):
        amounts = super().read(accounts)
        if self.others:
            super().apply([Posting(accounts[0], self.others.pop(0))])
        return amounts


@pytest.mark.parametrize(
    ("limit", "others", "verdict"),
    [
        ("calls: 5", [4], "allow"),
        ("calls: 5", [5], "deny"),
        ("calls: 5, thresholds: [{at: 3, action: require_approval}]", [1], "allow"),
        ("calls: 5, thresholds: [{at: 3, action: require_approval}]", [2], "require_approval"),
        ("calls: 9, thresholds: [{at: 3, action: deny}, {at: 5, action: terminate}]", [2], "deny"),
        ("calls: 9, thresholds: [{at: 3, action: alert}, {at: 5, action: terminate}]", [2, 2], "terminate"),
        ("calls: 5, action: alert", [5], "allow"),
    ],
)
def test_the_decision_is_the_one_that_the_usage_at_the_end_asks_for(limit, others, verdict):
    policy = Policy.load(f"id: l\ndefault: allow\nlimits:\n  - {{id: b, per: run, {limit}}}\n", store=Racing(others))
    with policy.session() as session:
        assert session.decide({"tool": "x"}).verdict == verdict


def test_a_counter_that_grew_meanwhile_is_read_again():
    rule = "policies:\n  - {id: enough, when: {cost_today: {gt: 5}}, action: deny}\n"
    for other, verdict in ((3, "allow"), (5, "deny")):
        policy = Policy.load(f"id: c\ndefault: allow\n{rule}", store=Racing([other]))
        with policy.session() as session:
            assert session.decide({"tool": "x", "cost": 1}).verdict == verdict


def test_a_decision_that_never_comes_to_rest_is_refused():
    rule = "policies:\n  - {id: enough, when: {cost_today: {gt: 5000}}, action: deny}\n"
    policy = Policy.load(f"id: c\ndefault: allow\n{rule}", store=Racing([1] * (ATTEMPTS + 5)))
    with policy.session() as session:
        outcome = session.decide({"tool": "x", "cost": 1})
        assert outcome.verdict == "deny"
        assert "try again" in outcome.decision.reason
        assert session.spent == 0


def test_answered_questions_make_room_and_open_ones_do_not(monkeypatch):
    monkeypatch.setattr(approvals, "MAX_QUESTIONS", 3)
    policy = Policy.load("version: 1\nid: a\npolicies:\n  - {id: a, when: {tool: x}, action: require_approval}\n")
    with policy.session() as session:
        asked = [session.decide({"tool": "x", "args": {"n": n}}) for n in range(4)]
        assert [outcome.verdict for outcome in asked] == ["require_approval"] * 3 + ["deny"]
        policy.approvals.reject(asked[0].approval_id, by="bea")
        assert session.decide({"tool": "x", "args": {"n": 9}}).verdict == "require_approval"
