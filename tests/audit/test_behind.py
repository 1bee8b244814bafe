import gc
import json
import os
import subprocess
import sys
import threading
import time

import pytest

from referee.audit import behind
from referee.audit.behind import BehindJournal
from referee.audit.chain import Head
from referee.audit.journal import FileJournal, verify
from referee.audit.record import Entry, Stamp
from referee.errors import AuditError
from referee.model.decision import Decision
from referee.model.request import Request


def entry(number=1):
    return Entry(
        Decision("deny", problem="no"), Request.tool_call("refund"), Stamp("ab", number, 1_700_000_000.5, 3, "digest")
    )


def within(seconds, holds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.005)
    return False


def lines(path):
    return path.read_bytes().splitlines() if path.exists() else []


def test_an_entry_is_written_soon_although_no_other_follows(tmp_path):
    path = tmp_path / "j"
    journal = BehindJournal(FileJournal(path), delay=0.02)
    for number in range(3):
        journal.add(entry(number))
        assert within(5, lambda many=number + 1: len(lines(path)) == many)
    assert verify(path) == Head(3, json.loads(lines(path)[-1])["hash"])


def test_many_entries_do_not_wait_for_the_delay(tmp_path):
    path = tmp_path / "j"
    journal = BehindJournal(FileJournal(path), delay=60)
    for number in range(behind.BATCH + 1):
        journal.add(entry(number))
    assert within(5, lambda: len(lines(path)) > behind.BATCH)


def test_entries_of_all_threads_are_written_once_and_in_order(tmp_path):
    path = tmp_path / "j"
    journal = BehindJournal(FileJournal(path), delay=0.001)

    def work(thread):
        for number in range(2000):
            journal.add(entry(thread * 10_000 + number))

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.flush()
    numbers = [int(json.loads(line)["decision_id"][6:], 16) for line in lines(path)]
    assert isinstance(verify(path), Head)
    assert len(numbers) == len(set(numbers)) == 8000
    for thread in range(4):
        own = [number for number in numbers if number // 10_000 == thread]
        assert own == sorted(own)


def test_a_failure_is_told_until_writing_succeeds_and_nothing_is_lost(tmp_path):
    folder = tmp_path / "folder"
    journal = BehindJournal(FileJournal(folder / "j"), delay=0.001)
    journal.add(entry(0))
    assert within(5, lambda: journal._problem)
    for number in (1, 2):
        with pytest.raises(AuditError, match="cannot be written"):
            journal.add(entry(number))
    folder.mkdir()
    journal.add(entry(3))
    assert [json.loads(line)["decision_id"] for line in lines(folder / "j")] == [f"dec_ab{n:08x}" for n in range(4)]
    journal.add(entry(4))
    journal.flush()
    assert len(lines(folder / "j")) == 5


def test_what_waits_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(behind, "MAX_WAITING", 3)
    journal = BehindJournal(FileJournal(tmp_path / "no" / "j"), delay=60)
    for number in range(3):
        journal.add(entry(number))
    with pytest.raises(AuditError, match="too many records"):
        journal.add(entry(3))


def test_a_caller_helps_when_the_thread_is_too_slow(tmp_path, monkeypatch):
    monkeypatch.setattr(behind, "BATCH", 5)
    monkeypatch.setattr(BehindJournal, "turn", lambda journal: None)
    path = tmp_path / "j"
    journal = BehindJournal(FileJournal(path), delay=60)
    for number in range(11):
        journal.add(entry(number))
    assert len(lines(path)) == 5


def test_a_journal_that_nobody_holds_is_written_and_its_thread_ends(tmp_path):
    path = tmp_path / "j"
    journal = BehindJournal(FileJournal(path), delay=0.01)
    journal.add(entry())
    thread = journal._thread
    del journal
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()
    assert len(lines(path)) == 1


ENDING = """
import atexit, multiprocessing, os, sys
if sys.argv[2] == "late":
    atexit.register(lambda: add(200))
from referee.audit.behind import BehindJournal
from referee.audit.journal import FileJournal
from referee.audit.record import Entry, Stamp
from referee.model.decision import Decision
from referee.model.request import Request

journal = BehindJournal(FileJournal(sys.argv[1]), delay=60)
def add(number):
    journal.add(Entry(Decision("allow"), Request.tool_call("t"), Stamp("ab", number, 0.0, 1, "")))
for number in range(5):
    add(number)
if sys.argv[2] == "fork":
    child = os.fork()
    if not child:
        add(100)
        sys.exit(0)
    os.waitpid(child, 0)
if sys.argv[2] == "process":
    child = multiprocessing.get_context("fork").Process(target=add, args=(100,))
    child.start()
    child.join()
"""


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("end", [0, 1, 2, 3, 4]),
        ("late", [0, 1, 2, 3, 4, 200]),
        ("fork", [100, 0, 1, 2, 3, 4]),
        ("process", [100, 0, 1, 2, 3, 4]),
    ],
)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is nothing to fork")
def test_what_waits_is_written_at_the_end_and_by_one_process(tmp_path, how, expected):
    path = tmp_path / "j"
    subprocess.run([sys.executable, "-c", ENDING, path, how], check=True)
    assert [int(json.loads(line)["decision_id"][6:], 16) for line in lines(path)] == expected
    assert isinstance(verify(path), Head)


def test_without_a_thread_entries_are_written_at_once_until_there_is_one(tmp_path, monkeypatch):
    path = tmp_path / "j"
    journal = BehindJournal(FileJournal(path), delay=0.01)
    start = threading.Thread.start

    def refused(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    for number in range(3):
        journal.add(entry(number))
        assert len(lines(path)) == number + 1
    monkeypatch.setattr(threading.Thread, "start", start)
    journal.add(entry(3))
    assert within(5, lambda: len(lines(path)) == 4)


def test_the_thread_outlives_whatever_goes_wrong(tmp_path, monkeypatch):
    path = tmp_path / "j"
    journal = BehindJournal(FileJournal(path), delay=0.01)
    write = FileJournal.write

    def failing(file, entries):
        monkeypatch.setattr(FileJournal, "write", write)
        raise MemoryError

    monkeypatch.setattr(FileJournal, "write", failing)
    journal.add(entry(0))
    assert within(5, lambda: journal._problem)
    journal.add(entry(1))
    journal.add(entry(2))
    assert within(5, lambda: len(lines(path)) == 3)
    assert journal._thread.is_alive()
