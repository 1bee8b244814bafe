import json
import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal

import pytest

from referee.audit.chain import Flaw, Head
from referee.audit.journal import FileJournal, MemoryJournal, verify
from referee.audit.record import Entry, Stamp
from referee.errors import AuditError
from referee.model.decision import Decision
from referee.model.request import Agent, Request


def entry(number=1, **more):
    request = Request.tool_call("refund", {"card": "4111 1111 1111 1111"})
    return Entry(Decision("deny", problem="no"), request, Stamp("ab", number, 1_700_000_000.5, 3, "digest"), **more)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = FileJournal(path, batch=3)
    for number in range(10):
        journal.add(entry(number))
    journal.flush()
    return path


def test_a_record_says_what_was_decided_and_holds_no_argument(path):
    text = path.read_text()
    record = json.loads(text.splitlines()[7])
    assert "4111" not in text
    assert record["decision_id"] == "dec_ab00000007"
    assert record["decision"] == "deny"
    assert record["reason"] == "no"
    assert record["timestamp"] == "2023-11-14T22:13:20.500000Z"
    assert record["request"]["tool"] == "refund"
    assert record["policy_digest"] == "digest"


def test_a_whole_chain_is_told_with_its_head(path):
    head = verify(path)
    assert isinstance(head, Head)
    assert head.count == 10
    assert head.hash == json.loads(path.read_text().splitlines()[-1])["hash"]


def test_every_changed_byte_shows(path):
    data = path.read_bytes()
    for place in range(0, len(data), 97):
        changed = bytearray(data)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert isinstance(verify(path), Flaw), place


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: lines[:4] + lines[5:], 5),
        (lambda lines: lines[1:], 1),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
        (lambda lines: [*lines, b"{}\n"], 11),
        (lambda lines: [*lines, lines[0][:20]], 11),
    ],
)
def test_a_removed_moved_or_added_line_shows_where_it_is(path, change, line):
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    flaw = verify(path)
    assert isinstance(flaw, Flaw)
    assert flaw.line == line


def test_a_shortened_chain_shows_against_a_head_kept_elsewhere(path):
    head = verify(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    assert verify(path) == Head(8, json.loads(lines[7])["hash"])
    assert verify(path, head) == Flaw(9, "records that were here are missing")


def test_a_chain_that_went_on_still_holds_its_old_head(path):
    head = verify(path)
    FileJournal(path, batch=1).add(entry(11))
    assert verify(path, head).count == 11


def test_a_journal_written_anew_does_not_hold_the_old_head(path):
    head = verify(path)
    path.unlink()
    journal = FileJournal(path, batch=1)
    for number in range(20):
        journal.add(entry(number + 100))
    assert verify(path).count == 20
    assert isinstance(verify(path, head), Flaw)


def test_a_half_written_line_is_set_aside_and_the_chain_goes_on(path):
    with path.open("ab") as file:
        file.write(b'{"decision_id":"dec_')
    FileJournal(path, batch=1).add(entry(11))
    assert verify(path).count == 11
    assert path.with_name("journal.jsonl.torn").read_bytes() == b'{"decision_id":"dec_\n'


def test_a_file_that_is_no_journal_is_not_continued(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("dear diary\n")
    with pytest.raises(AuditError):
        FileJournal(path, batch=1).add(entry())
    assert path.read_text() == "dear diary\n"


def test_what_cannot_be_written_waits_and_is_written_later(tmp_path):
    folder = tmp_path / "later"
    journal = FileJournal(folder / "journal.jsonl", batch=2)
    journal.add(entry(1))
    with pytest.raises(AuditError):
        journal.add(entry(2))
    folder.mkdir()
    journal.add(entry(3))
    assert verify(folder / "journal.jsonl").count == 3


def test_a_journal_is_only_for_its_owner(path):
    assert path.stat().st_mode & 0o777 == 0o600


def test_money_in_a_record_is_exact(tmp_path):
    path = tmp_path / "j.jsonl"
    request = Request(tool="x", cost=Decimal("0.10"), agent=Agent(id="a"))
    FileJournal(path, batch=1).add(Entry(Decision("allow"), request, Stamp("ab", 1, 0.0, 3, "")))
    record = json.loads(path.read_text())
    assert record["cost"] == "0.10"
    assert record["request"]["agent"] == "a"


def test_memory_keeps_the_latest():
    journal = MemoryJournal(keep=2)
    for number in range(3):
        journal.add(entry(number))
    assert [kept.stamp.number for kept in journal.entries] == [1, 2]


WRITER = """
import sys
sys.path.insert(0, {tests!r})
from test_journal import entry
from referee.audit.journal import FileJournal
journal = FileJournal(sys.argv[1], batch=int(sys.argv[3]))
print("ready", flush=True)
for number in range(int(sys.argv[2])):
    journal.add(entry(number))
journal.flush()
"""


def writer(path, count, batch):
    code = WRITER.format(tests=os.path.dirname(__file__))
    return subprocess.Popen([sys.executable, "-c", code, str(path), str(count), str(batch)], stdout=subprocess.PIPE)


def test_processes_write_one_chain(tmp_path):
    path = tmp_path / "journal.jsonl"
    writers = [writer(path, 200, 7) for _ in range(3)]
    assert [process.wait(60) for process in writers] == [0, 0, 0]
    for process in writers:
        process.stdout.close()
    assert verify(path).count == 600


def test_a_killed_writer_leaves_a_chain_that_others_continue(tmp_path):
    path = tmp_path / "journal.jsonl"
    for _ in range(4):
        with writer(path, 10_000_000, 3) as process:
            process.stdout.readline()
            size = path.stat().st_size if path.exists() else 0
            deadline = time.monotonic() + 30
            while (path.stat().st_size if path.exists() else 0) < size + 20_000:
                assert time.monotonic() < deadline
            process.send_signal(signal.SIGKILL)
    journal = FileJournal(path, batch=1)
    journal.add(entry(1))
    head = verify(path)
    assert isinstance(head, Head)
    assert head.count > 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_forked_while_a_batch_is_written_does_not_keep_the_lock(tmp_path, monkeypatch):
    journal = FileJournal(tmp_path / "j", batch=1)
    write, ends, children = os.write, os.pipe(), []

    def forking(file, data):
        if not children:
            children.append(os.fork())
            if not children[0]:
                os.close(ends[1])
                os.read(ends[0], 1)
                os._exit(0)
        return write(file, data)

    monkeypatch.setattr(os, "write", forking)
    journal.add(entry())
    done = threading.Thread(target=journal.add, args=(entry(),), daemon=True)
    done.start()
    done.join(5)
    waiting = done.is_alive()
    os.close(ends[1])
    os.waitpid(children[0], 0)
    assert not waiting
    assert verify(tmp_path / "j") == Head(2, json.loads((tmp_path / "j").read_bytes().splitlines()[-1])["hash"])


def test_who_interrupts_a_write_leaves_nothing_that_is_written_again(tmp_path, monkeypatch):
    journal = FileJournal(tmp_path / "j", batch=1, durable=True)
    sync = os.fsync

    def interrupted(file):
        monkeypatch.setattr(os, "fsync", sync)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        journal.add(entry())
    journal.flush()
    assert verify(tmp_path / "j").count == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_of_a_fork_does_not_write_what_waits_in_the_parent(tmp_path):
    journal = FileJournal(tmp_path / "j", batch=10)
    journal.add(entry(0))
    child = os.fork()
    if not child:
        journal.flush()
        os._exit(0)
    os.waitpid(child, 0)
    journal.flush()
    assert verify(tmp_path / "j").count == 1
