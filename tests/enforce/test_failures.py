"""Whatever breaks inside, the answer is a refusal with a reason."""

import asyncio
import json

import pytest

from referee import Denied, Policy
from referee.audit.journal import FileJournal, verify
from referee.errors import AuditError, StateError
from referee.scanners.protocol import Hit
from referee.state.memory import MemoryStore
from tests.enforce.worlds import Turned

LIMITED = "id: l\ndefault: allow\nlimits:\n  - {id: b, calls: 5, per: run}\n"
SCANNED = "id: s\ndefault: allow\npolicies:\n  - {id: no, when: {text: {contains_pii: true}}, action: deny}\n"


class Broken(MemoryStore):
    """A store that fails at one of its doors."""

    def __init__(self, door, error):
        world = Turned()
        super().__init__(world.wall, world.monotonic)
        self.door = door
        self.error = error

    def read(self, accounts):
        if self.door == "read":
            raise self.error
        return super().read(accounts)

    def apply(self, postings):
        if self.door == "apply":
            raise self.error
        return super().apply(postings)


@pytest.mark.parametrize("door", ["read", "apply"])
@pytest.mark.parametrize("error", [StateError("down"), OSError("down"), RuntimeError("bug"), RecursionError()])
def test_a_store_that_fails_denies(door, error):
    with Policy.load(LIMITED, store=Broken(door, error)).session() as session:
        with pytest.raises(Denied) as refused:
            session.check_tool("x")
        assert "down" not in str(refused.value)
        assert session.evaluate({"tool": "x"}).decision == ("deny" if door == "read" else "allow")
        assert session.spent == 0


def test_a_store_that_fails_may_be_passed_over_if_the_file_says_so():
    text = LIMITED + "on_failure: {store: allow-with-alert}\n"
    for door in ("read", "apply"):
        with Policy.load(text, store=Broken(door, StateError("down"))).session() as session:
            assert session.check_tool("x").allowed


def test_a_store_that_always_conflicts_denies_in_the_end():
    class Busy(MemoryStore):
        tries = 0

        def apply(self, postings):
            self.tries += 1

    world = Turned()
    store = Busy(world.wall, world.monotonic)
    with Policy.load(LIMITED, store=store).session() as session, pytest.raises(Denied, match="try again"):
        session.check_tool("x")
    assert 1 < store.tries <= 64


class Scanner:
    name = "pii"

    def __init__(self, error=None):
        self.error = error
        self.calls = 0

    def scan(self, text):
        self.calls += 1
        if self.error:
            raise self.error
        return [Hit(0, 3, "email", 1.0)] if "bad" in text else []


@pytest.mark.parametrize("error", [ValueError("hunter2"), MemoryError(), TimeoutError()])
def test_a_scanner_that_fails_denies_and_tells_no_text(error):
    with Policy.load(SCANNED, scanners={"pii": Scanner(error)}).session() as session:
        with pytest.raises(Denied) as refused:
            session.check_message("hunter2")
        assert "hunter2" not in json.dumps(refused.value.decision.to_dict())


def test_a_scanner_that_fails_asks_a_human_if_the_file_says_so():
    policy = Policy.load(SCANNED + "on_failure: {scanner: require_approval}\n", scanners={"pii": Scanner(OSError())})
    with policy.session() as session:
        outcome = session.decide({"text": "x"})
        assert outcome.verdict == "require_approval"
        policy.approvals.approve(outcome.approval_id, by="bea")
        assert session.decide({"text": "x"}).allowed
        assert session.decide({"text": "x"}).verdict == "require_approval"


def test_a_scanner_of_ones_own_is_used_once_a_decision():
    scanner = Scanner()
    policy = Policy.load(SCANNED + LIMITED.split("allow\n")[1], scanners={"pii": scanner})
    with policy.session() as session:
        assert session.check_message("good").allowed
        assert scanner.calls == 1
        with pytest.raises(Denied):
            session.check_message("bad")

    async def main():
        async with policy.async_session() as session:
            assert (await session.check_message("good")).allowed
            with pytest.raises(Denied):
                await session.check_message("bad")

    asyncio.run(main())


def test_a_value_too_deep_to_be_scanned_denies():
    value = "x"
    for _ in range(100):
        value = [value]
    with Policy.load(SCANNED).session() as session, pytest.raises(Denied):
        session.check_tool("x", {"deep": value})


def test_an_engine_that_raises_denies(monkeypatch):
    from referee.enforce import desk, lane

    def broken(*_):
        raise ZeroDivisionError("hunter2")
        yield

    with Policy.load("id: p\ndefault: allow\n").session() as session:
        assert session.check_tool("x").allowed
        monkeypatch.setattr(desk, "evaluate", broken)
        monkeypatch.setattr(lane, "quick", broken)
        with pytest.raises(Denied, match="internal failure") as refused:
            session.check_tool("x")
        assert "hunter2" not in str(refused.value)
        assert session.evaluate({"tool": "x"}).decision == "deny"


def test_a_clock_that_fails_denies():
    class Stopped(Turned):
        broken = False

        def wall(self):
            if self.broken:
                raise OSError
            return super().wall()

    world = Stopped()
    rule = "policies:\n  - {id: night, when: {time.hour: {lt: 6}}, action: deny}\n"
    with Policy.load(f"id: t\ndefault: allow\n{rule}", world=world).session() as session:
        assert session.check_tool("x").allowed
        world.broken = True
        with pytest.raises(Denied):
            session.check_tool("x")


def test_nothing_is_allowed_that_cannot_be_recorded(tmp_path):
    policy = Policy.load(LIMITED, journal=FileJournal(tmp_path / "no" / "where", batch=1))
    session = policy.session()
    for _ in range(7):
        with pytest.raises(Denied, match="recorded"):
            session.check_tool("x")
    with pytest.raises(AuditError):
        session.close()
    session = policy.session()
    (tmp_path / "no").mkdir()
    assert [session.decide({"tool": "x"}).allowed for _ in range(6)] == [True] * 5 + [False]
    session.close()
    assert verify(tmp_path / "no" / "where").count == 13


def test_recording_may_fail_if_the_file_says_so(tmp_path):
    policy = Policy.load(
        LIMITED + "on_failure: {audit: allow-with-alert}\n", journal=FileJournal(tmp_path / "no" / "x", batch=1)
    )
    session = policy.session()
    assert session.check_tool("x").allowed


def test_every_decision_is_in_the_journal_and_no_value_is(tmp_path):
    path = tmp_path / "journal.jsonl"
    policy = Policy.load(SCANNED, journal=path)
    with policy.session(agent="a") as session:
        session.check_tool("x", {"q": "hunter2"})
        session.decide({"text": "hunter2 bob@example.org"})
        session.decide({"tool": ""})
        session.evaluate({"tool": "x"})
    text = path.read_text()
    records = [json.loads(line) for line in text.splitlines()]
    assert [record["decision"] for record in records] == ["allow", "deny", "deny"]
    assert "hunter2" not in text
    assert "bob@" not in text
    assert records[0]["request"]["session"] == session.id
    assert verify(path).count == 3


def test_a_redaction_that_cannot_be_made_denies(monkeypatch):
    from referee.enforce import desk

    def broken(*_):
        raise ValueError

    rule = "policies:\n  - {id: r, when: {text: {contains_pii: true}}, action: redact}\n"
    with Policy.load(f"id: r\ndefault: allow\n{rule}").session() as session:
        assert session.check_message("x bob@example.org").text != "x bob@example.org"
        monkeypatch.setattr(desk, "as_it_runs", broken)
        with pytest.raises(Denied):
            session.check_message("x bob@example.org")


def test_a_time_zone_this_machine_does_not_know_denies(monkeypatch):
    import referee.enforce.world as world

    def unknown(_):
        raise StateError("no")

    rule = "timezone: Europe/Rome\npolicies:\n  - {id: night, when: {time.hour: {lt: 0}}, action: deny}\n"
    policy = Policy.load(f"id: t\ndefault: allow\n{rule}")
    with policy.session() as session:
        assert session.check_tool("x").allowed
        policy._desk.world._clocks.clear()
        monkeypatch.setattr(world, "period", lambda *_: unknown(_))
        with pytest.raises(Denied):
            session.check_tool("x")
