"""A store in a file: it holds what the store in memory holds, whoever shares it, and whatever happens to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from referee import Policy
from referee.errors import StateError
from referee.state import shared_file, windows
from referee.state import sqlite as sqlite_store
from referee.state.memory import MemoryStore
from referee.state.protocol import Account, Posting
from referee.state.sqlite import SqliteStore

RUN = Account("limit.f/a", "s1", "run", "UTC", "s1")
OTHER = Account("limit.f/a", "s2", "run", "UTC", "s2")
DAY = Account("limit.f/b", "team", "day", "Europe/Berlin")
MINUTE = Account("limit.f/c", "agent \" ' \u00e9", "60s")
ACCOUNTS = (RUN, OTHER, DAY, MINUTE, Account("limit.f/c", "b", "60s"), Account("counter.x", "", "hour"))


class Clocks:
    def __init__(self):
        self.wall = 1_700_000_000.0
        self.monotonic = 5.0

    def stores(self, path, **more):
        clocks = (lambda: self.wall, lambda: self.monotonic)
        return MemoryStore(*clocks), SqliteStore(path, *clocks, boot="b", **more)


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def store(clocks, tmp_path):
    return clocks.stores(tmp_path / "s.db")[1]


class Same(RuleBasedStateMachine):
    """Whatever is done to both, they hold the same; another process sees it too."""

    receipts = Bundle("receipts")
    amounts = st.one_of(
        st.integers(0, 9), st.decimals(0, 9, places=4, allow_nan=False), st.just(Decimal("1e-7")), st.integers(0, 2**70)
    )
    folder: Path

    def __init__(self):
        super().__init__()
        self.clocks = Clocks()
        self.path = self.folder / f"{time.monotonic_ns()}.db"
        self.model, self.store = self.clocks.stores(self.path)

    @rule(
        target=receipts,
        postings=st.lists(
            st.builds(
                Posting,
                st.sampled_from(ACCOUNTS),
                amounts,
                st.none() | st.integers(0, 30),
                st.none() | st.integers(1, 30),
            ),
            min_size=1,
            max_size=4,
            unique_by=lambda posting: posting.account,
        ),
    )
    def apply(self, postings):
        expected, got = self.model.apply(postings), self.store.apply(postings)
        assert (expected is None) == (got is None)
        return expected, got

    @rule(pair=receipts, amounts=st.lists(amounts, min_size=4, max_size=4))
    def settle(self, pair, amounts):
        expected, got = pair
        if expected is not None:
            amounts = amounts[: len(expected.postings)]
            assert self.model.settle(expected, amounts).postings == self.store.settle(got, amounts).postings

    @rule(run=st.sampled_from(["s1", "s2", ""]))
    def forget(self, run):
        self.model.forget(run)
        self.store.forget(run)

    @rule(seconds=st.sampled_from([0.5, 7, 30, 59.9, 60, 3600, 86_400]))
    def wait(self, seconds):
        self.clocks.wall += seconds
        self.clocks.monotonic += seconds

    @rule(seconds=st.sampled_from([-86_400, -3600, 3600, 40 * 86_400]))
    def jump(self, seconds):
        self.clocks.wall += seconds

    @rule()
    def reopen(self):
        self.store.close()
        self.store = self.clocks.stores(self.path)[1]

    @invariant()
    def equal(self):
        assert self.model.read(ACCOUNTS) == self.store.read(ACCOUNTS)

    def teardown(self):
        self.store.close()


@pytest.mark.parametrize("most", [4096, 4])
def test_a_file_holds_what_memory_holds(tmp_path, monkeypatch, most):
    monkeypatch.setattr(windows, "MAX_EVENTS", most)
    monkeypatch.setattr(sqlite_store, "MAX_EVENTS", most)
    machine = type("Machine", (Same,), {"folder": tmp_path})
    machine.TestCase.settings = settings(
        max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    result = machine.TestCase("runTest")
    result.runTest()


def test_what_was_used_is_there_after_a_restart(clocks, tmp_path):
    _, store = clocks.stores(tmp_path / "s.db")
    assert store.apply([Posting(RUN, Decimal("0.10"), 1), Posting(MINUTE, 5), Posting(DAY, 7)])
    store.close()
    clocks.monotonic += 30
    again = clocks.stores(tmp_path / "s.db")[1]
    assert again.read([RUN, MINUTE, DAY]) == (Decimal("0.10"), 5, 7)
    assert again.apply([Posting(RUN, Decimal("0.91"), 1)]) is None
    clocks.monotonic += 30
    assert again.read([MINUTE]) == (0,)


def test_after_a_restart_of_the_machine_a_sliding_window_counts_from_then(clocks, tmp_path):
    _, store = clocks.stores(tmp_path / "s.db")
    clocks.monotonic = 900_000.0
    store.apply([Posting(MINUTE, 5)])
    store.close()
    clocks.monotonic = 3.0
    again = SqliteStore(tmp_path / "s.db", lambda: clocks.wall, lambda: clocks.monotonic, boot="another")
    assert again.read([MINUTE]) == (5,)
    clocks.monotonic = 62.0
    assert again.read([MINUTE]) == (5,)
    clocks.monotonic = 63.0
    assert again.read([MINUTE]) == (0,)


def test_the_runs_of_sessions_that_are_silent_for_a_month_are_dropped(clocks, tmp_path):
    _, store = clocks.stores(tmp_path / "s.db")
    store.apply([Posting(RUN, 5), Posting(DAY, 5)])
    store.close()
    clocks.wall += 365 * 86_400
    assert clocks.stores(tmp_path / "s.db")[1].read([RUN]) == (5,), "one jump of the clock is no month of silence"
    clocks.wall -= 365 * 86_400
    held = []
    for _ in range(32):
        clocks.wall += 86_400
        again = clocks.stores(tmp_path / "s.db")[1]
        held.append(again.read([RUN])[0])
        again.close()
    assert held == [5] * 29 + [0] * 3
    assert list(apsw.Connection(str(tmp_path / "s.db")).execute("SELECT run FROM sums")) == [("",)]


def test_the_file_is_for_its_owner_alone(store, tmp_path):
    store.apply([Posting(RUN, 1)])
    assert {name.name: name.stat().st_mode & 0o077 for name in tmp_path.iterdir()} == {
        "s.db": 0, "s.db.lock": 0, "s.db-wal": 0, "s.db-shm": 0,
    }  # fmt: skip


def spend(path, count, done):
    """Spend one at a time until the cap of 200 stops it; tell how often it was allowed."""
    store = SqliteStore(path, time.time, time.monotonic, boot="b", patience=20)
    done.put(sum(store.apply([Posting(RUN, 1, 200), Posting(MINUTE, 1)]) is not None for _ in range(count)))


def test_processes_never_spend_more_than_there_is(tmp_path):
    context = get_context("fork")
    done = context.Queue()
    workers = [context.Process(target=spend, args=(tmp_path / "s.db", 60, done)) for _ in range(6)]
    for worker in workers:
        worker.start()
    spent = [done.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(20)
    store = SqliteStore(tmp_path / "s.db", time.time, time.monotonic, boot="b")
    assert (sum(spent), store.read([RUN, MINUTE])) == (200, (200, 200))


def test_threads_share_a_store(store):
    counts = []

    def work():
        counts.append(sum(store.apply([Posting(RUN, 1, 50)]) is not None for _ in range(30)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(counts), store.read([RUN])) == (50, (50,))


def test_a_child_of_a_fork_has_a_connection_of_its_own(store):
    store.apply([Posting(RUN, 1)])
    child = os.fork()
    if not child:
        try:
            ok = store.apply([Posting(RUN, 1)]) is not None and store.read([RUN]) == (2,)
            os._exit(0 if ok else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.apply([Posting(RUN, 1, 3)]) is not None
    assert store.read([RUN]) == (3,)


SPENDER = """
import sys, time
from pathlib import Path
from referee.state.protocol import Account, Posting
from referee.state.sqlite import SqliteStore
store = SqliteStore(Path(sys.argv[1]), time.time, time.monotonic, boot="b", patience=20)
run = Account("limit.f/a", "s1", "run", "UTC", "s1")
while store.apply([Posting(run, 1, 1000000), Posting(Account("limit.f/c", "agent", "60s"), 1)]):
    print("x", end="", flush=True)
"""


@pytest.mark.parametrize("kills", [pytest.param(24), pytest.param(300, marks=pytest.mark.long)])
def test_nothing_that_was_acknowledged_is_lost_when_processes_are_killed(tmp_path, kills):
    path = tmp_path / "s.db"
    acknowledged, started = 0, 0
    running = []
    while started < kills or running:
        while started < kills and len(running) < 4:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-c", SPENDER, str(path)], stdout=subprocess.PIPE, start_new_session=True
                )
            )
            started += 1
        victim = running.pop(0)
        assert victim.stdout is not None
        assert victim.stdout.read(1) == b"x", "it works in spite of what happened to the others"
        time.sleep(0.003 * (started % 7))
        victim.send_signal(signal.SIGKILL)
        acknowledged += 1 + len(victim.stdout.read())
        victim.wait()
    store = SqliteStore(path, time.time, time.monotonic, boot="b", patience=20)
    used = store.read([RUN])[0]
    assert acknowledged <= used <= acknowledged + kills, "at most the last of each was spent without a word"
    assert list(apsw.Connection(str(path)).execute("PRAGMA integrity_check")) == [("ok",)]


def test_a_writer_that_hangs_is_waited_for_no_longer_than_patience(tmp_path):
    path = tmp_path / "s.db"
    with subprocess.Popen([sys.executable, "-c", SPENDER, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.read(1)
        store = SqliteStore(path, time.time, time.monotonic, boot="b", patience=0.3)
        held = os.open(path.with_name("s.db.lock"), os.O_RDWR)
        other.kill()
    import fcntl

    fcntl.flock(held, fcntl.LOCK_EX)
    began = time.monotonic()
    with pytest.raises(StateError, match="in use by another process all the time"):
        store.apply([Posting(OTHER, 1)])
    assert time.monotonic() - began < 1.0
    os.close(held)
    assert store.apply([Posting(OTHER, 1)]) is not None, "it recovers by itself"


def test_a_file_that_was_taken_away_is_an_error_and_not_a_new_budget(store, tmp_path):
    store.apply([Posting(RUN, 5, 5)])
    (tmp_path / "s.db").rename(tmp_path / "hidden.db")
    for _ in range(2):
        with pytest.raises(StateError, match="removed or replaced while it was in use"):
            store.apply([Posting(RUN, 5, 5)])
        with pytest.raises(StateError, match="removed or replaced"):
            store.read([RUN])
    (tmp_path / "s.db").write_bytes(b"")
    with pytest.raises(StateError, match="removed or replaced"):
        store.apply([Posting(RUN, 5, 5)])


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_an_error(clocks, tmp_path, content):
    (tmp_path / "s.db").write_bytes(content)
    store = clocks.stores(tmp_path / "s.db")[1]
    with pytest.raises(StateError, match="damaged"):
        store.read([RUN])
    with pytest.raises(StateError, match="damaged"):
        store.apply([Posting(RUN, 1)])
    assert (tmp_path / "s.db").read_bytes() == content


def test_a_database_of_another_program_is_not_touched(clocks, tmp_path):
    other = apsw.Connection(str(tmp_path / "s.db"))
    other.execute("CREATE TABLE sums (a)")
    other.close()
    with pytest.raises(StateError, match="of another program"):
        clocks.stores(tmp_path / "s.db")[1].read([RUN])


def test_what_cannot_be_made_is_an_error(clocks, tmp_path):
    with pytest.raises(StateError, match="no such file or directory"):
        clocks.stores(tmp_path / "gone" / "s.db")[1].read([RUN])
    with pytest.raises(StateError):
        clocks.stores(tmp_path)[1].read([RUN])


def test_a_version_that_damages_files_is_refused(clocks, tmp_path, monkeypatch):
    monkeypatch.setattr(shared_file.apsw, "sqlite_lib_version", lambda: "3.46.1")
    with pytest.raises(StateError, match=r"SQLite 3\.46\.1 can damage files .* install apsw"):
        clocks.stores(tmp_path / "s.db")[1].read([RUN])


def test_a_full_disk_is_a_refusal_and_passes(tmp_path):
    """A file system with a size of its own, as far as one can be mounted here; else a limit on the size of files."""
    code = """
import resource, sys, time
from pathlib import Path
from referee.errors import StateError
from referee.state.protocol import Account, Posting
from referee.state.sqlite import SqliteStore
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SqliteStore(Path(sys.argv[1]), time.time, time.monotonic, boot="b")
used = 0
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    for at in range(20_000):
        used += store.apply([Posting(Account("limit", "o" * 200 + str(at), "run", "UTC", "r"), 1)]) is not None
except StateError as problem:
    print(problem)
else:
    sys.exit("the limit did not hold")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
owners = [Account("limit", "o" * 200 + str(at), "run", "UTC", "r") for at in range(used + 1)]
assert store.read(owners) == (1,) * used + (0,), "all that was acknowledged, and nothing else"
assert store.apply([Posting(owners[-1], 1)]) is not None, "it recovers by itself"
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "s.db")], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "cannot be used: the disk" in done.stdout


POLICY = """
version: 1
id: p
default: allow
limits:
  - {id: calls, calls: 3, per: agent, window: 1d}
"""


def test_a_policy_keeps_its_limits_in_a_file(tmp_path):
    for at in range(4):
        policy = Policy.load(POLICY, store=tmp_path / "s.db")
        with policy.session(agent="a") as session:
            assert session.decide({"tool": "t"}).allowed == (at < 3)
    policy = Policy.load(POLICY, store=str(tmp_path / "s.db"))
    assert policy.session(agent="b").decide({"tool": "t"}).allowed


def test_a_store_that_fails_denies_and_says_so(tmp_path):
    policy = Policy.load(POLICY, store=tmp_path / "s.db")
    session = policy.session(agent="a")
    assert session.decide({"tool": "t"}).allowed
    (tmp_path / "s.db").unlink()
    decision = session.decide({"tool": "t"}).decision
    assert decision.decision == "deny"
    assert "store" in " ".join([decision.reason, *(error.why for error in decision.errors)])
    with pytest.raises(StateError, match="no such file"):
        Policy.load(POLICY, store=tmp_path / "gone" / "s.db")
