"""The straight way answers, draws, records and remembers exactly what the long way does."""

import random
import threading
from contextlib import suppress
from decimal import Decimal, localcontext

import pytest

from referee import Denied, Policy, Request
from referee.audit.journal import MemoryJournal
from referee.enforce.lane import Lane
from referee.errors import AuditError, RefereeError
from referee.state.memory import MemoryStore
from tests.enforce.worlds import Turned

POLICIES = {
    "names": """
id: p
default: allow
policies:
  - {id: no-drop, when: {tool: [drop, wipe]}, action: deny}
  - {id: no-admin, when: {tool: "admin_*"}, action: deny}
  - {id: see, when: {tool: "search_*"}, action: alert}
  - {id: ask, when: {tool: refund}, action: require_approval}
""",
    "counted": """
id: p
default: allow
limits:
  - {id: calls, calls: 40, per: agent, window: 1d, thresholds: [{at: 80%, action: alert}]}
  - {id: run, calls: 60, per: run, window: run}
  - {id: minute, calls: 25, per: all, window: 60s}
policies:
  - {id: many, when: {counter.tool_calls_in_run: {gt: 30}}, action: alert}
  - {id: refused, when: {counter.denials_in_run: {gte: 3}, tool: write}, action: deny}
  - {id: no-drop, when: {tool: [drop, wipe]}, action: deny}
""",
    "paid": """
id: p
default: allow
limits:
  - {id: day, spend: 3.00, per: agent, window: 1d, thresholds: [{at: 50%, action: alert}]}
  - {id: calls, calls: 50, per: user, window: 1h, when: {tool: "search_*"}}
policies:
  - {id: dear, when: {counter.cost_in_run: {gt: 2}}, action: alert}
  - {id: no-big, when: {args.amount: {gt: 500}}, action: deny}
""",
    "labelled": """
id: p
default: allow
policies:
  - {id: mark, when: {tool: read_mail}, action: label, add: [untrusted]}
  - {id: shut, when: {session.labels: {contains: untrusted}, tool: write}, action: deny}
  - {id: end, when: {tool: wipe}, action: terminate}
""",
    "per-tool": """
id: p
default: allow
limits:
  - {id: each, calls: 5, per: tool, window: 1h}
policies:
  - {id: again, when: {counter.repeated_calls: {gt: 3}}, action: deny}
""",
}  # fmt: skip
TOOLS = ["search_web", "search_docs", "write", "drop", "wipe", "admin_x", "refund", "read_mail", "other"]


class Long(Lane):
    def own(self, request):
        return None


def opened(text, world, **more):
    journal = MemoryJournal()
    policy = Policy.load(text, journal=journal, world=world, store=MemoryStore(world.wall, world.monotonic), **more)
    return policy, policy.session(agent="a", user="u"), journal


def act(session, rng):
    tool = rng.choice(TOOLS)
    args = {"amount": rng.choice([1, 700])} if rng.random() < 0.3 else {}
    cost = rng.choice([None, None, "0.02", "0.1", 0])
    outcome = None
    try:
        if rng.random() < 0.8:
            outcome = session.check_tool(tool, args, cost=cost)
        else:
            outcome = session.check_cost(cost or "0.01", "gpt", input_tokens=5)
        done = ("allow", outcome.args, outcome.bare)
    except RefereeError as refusal:
        done = (type(refusal).__name__, str(refusal))
    if outcome is not None and rng.random() < 0.2:
        session.release(outcome.call_id)
    elif outcome is not None and rng.random() < 0.2:
        session.meter(outcome, cost="0.03")
    return done


def same_but_names(report):
    for one in report["decisions"]:
        for name in ("decision_id", "action_id", "timestamp", "approval_id"):
            one.pop(name)
    return {name: value for name, value in report.items() if name != "session_id"}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", POLICIES)
def test_both_ways_are_one(name, seed, monkeypatch):
    worlds, ways = (Turned(), Turned()), []
    taken = []
    own = Lane.own

    def counting(lane, request):
        found = own(lane, request)
        taken.append(found is not None)
        return found

    monkeypatch.setattr(Lane, "own", counting)
    for world, lane in zip(worlds, (Lane, Long), strict=True):
        monkeypatch.setattr("referee.enforce.front.Lane", lane)
        policy, session, journal = opened(POLICIES[name], world)
        rng = random.Random(seed)
        done = []
        for _ in range(150):
            world.pass_(rng.choice([0, 0, 1, 30]))
            done.append(act(session, rng))
        accounts = [*policy._desk.store._ledger.windows]
        held = dict(zip(accounts, policy._desk.store.read(accounts), strict=True))
        held = {(account.name, account.owner == session.id): used for account, used in held.items() if used}
        entries = [(entry.decision, entry.request.tool, entry.request.args, entry.note) for entry in journal.entries]
        ways.append((done, same_but_names(session.report()), held, entries))
    straight, long = ways
    for one, other in zip(straight, long, strict=True):
        assert one == other
    assert any(taken) or name in ("per-tool", "labelled")
    assert not any(taken) or name != "per-tool"


def test_a_journal_that_fails_refuses_and_gives_back():
    class Broken(MemoryJournal):
        broken = False

        def add(self, entry):
            if self.broken:
                raise AuditError("no")
            super().add(entry)

    journal, world = Broken(), Turned()
    policy = Policy.load(POLICIES["counted"], journal=journal, world=world)
    session = policy.session(agent="a")
    for _ in range(3):
        session.check_tool("other")
    journal.broken = True
    for _ in range(3):
        with pytest.raises(Denied, match="could not be recorded"):
            session.check_tool("other")
    journal.broken = False
    session.check_tool("other")
    (account,) = [account for account in policy._desk.store._ledger.windows if account.name == "limit.p/run"]
    assert policy._desk.store.read([account]) == (4,)


def test_threads_never_draw_more_than_a_limit_has():
    policy = Policy.load("id: p\ndefault: allow\nlimits:\n  - {id: l, calls: 500, per: agent, window: 1d}\n")
    allowed = []

    def work():
        with policy.session(agent="a") as session:
            for _ in range(200):
                with suppress(Denied):
                    allowed.append(session.check_tool("t"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 500


def test_a_new_policy_holds_from_the_next_action_on(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("default: allow\n")
    policy = Policy.load(path)
    session = policy.session(agent="a")
    for _ in range(3):
        session.check_tool("t")
    path.write_text("default: deny\n")
    assert policy.reload()
    with pytest.raises(Denied):
        session.check_tool("t")


def test_windows_that_the_store_drops_are_found_anew():
    world = Turned()
    store = MemoryStore(world.wall, world.monotonic)
    policy = Policy.load(
        "id: p\ndefault: allow\nlimits:\n  - {id: l, calls: 3, per: agent, window: 60s}\n", store=store, world=world
    )
    session = policy.session(agent="a")
    for _ in range(2):
        session.check_tool("t")
    world.pass_(61)
    store._ledger.prune_at = 0
    store._ledger.prune()
    assert not store._ledger.windows
    other = policy.session(agent="a")
    for each in (session, other, session):
        each.check_tool("t")
    for each in (session, other):
        with pytest.raises(Denied):
            each.check_tool("t")


def test_an_action_of_somebody_else_goes_the_long_way():
    policy = Policy.load(
        "id: p\ndefault: allow\npolicies:\n  - {id: d, scope: {agents: [b]}, when: {tool: t}, action: deny}\n"
    )
    session = policy.session(agent="a")
    for _ in range(3):
        session.check_tool("t")
    assert session.decide({"tool": "t", "agent": {"id": "b"}}).verdict == "deny"
    assert session.decide(Request.tool_call("t")).verdict == "allow"
    assert session.spent == Decimal(0)


def test_sums_are_exact_whatever_precision_the_program_has_set():
    policy = Policy.load(
        "id: p\ndefault: allow\nlimits:\n  - {id: l, spend: 101, per: agent, window: 1d}\n  - {id: h, spend: 101, per: agent,"
        " window: 1h}\npolicies:\n  - {id: dear, when: {counter.cost_in_run: {gt: 100.5}}, action: alert}\n"
    )
    session = policy.session(agent="a")
    with localcontext(prec=3):
        session.check_tool("t", cost="100")
        for _ in range(25):
            session.check_tool("t", cost="0.04")
        with pytest.raises(Denied):
            session.check_tool("t", cost="0.04")
        session.meter(session.outcomes[-2], cost="0.01")
        session.release(session.outcomes[-3])
    assert session.spent == Decimal("100.93")
    assert {*policy._desk.store.read([*policy._desk.store._ledger.windows])} == {Decimal("100.93")}


def test_windows_of_the_straight_way_are_dropped_when_they_are_empty():
    world = Turned()
    store = MemoryStore(world.wall, world.monotonic)
    store._ledger.prune_at = 10
    policy = Policy.load(
        "id: p\ndefault: allow\nlimits:\n  - {id: l, calls: 3, per: agent, window: 1s}\n", store=store, world=world
    )
    for number in range(100):
        with policy.session(agent=f"a{number}") as session:
            for _ in range(3):
                session.check_tool("t")
            world.pass_(2)
        store._ledger.prune_at = min(store._ledger.prune_at, 10)
        assert len(store._ledger.windows) <= 10
