"""``referee audit``: it finds what was asked for, sums up rightly, and is not fooled by a journal that was changed."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from referee import Policy
from referee.audit.reading import NoRecord, Query, records, tally

POLICY = """
version: 1
id: p
default: deny
limits:
  - {id: calls, calls: 2, per: session, when: {tool: mail}}
policies:
  - {id: search, when: {tool: search}, action: allow}
  - {id: mail, when: {tool: mail}, action: allow}
  - {id: large, when: {tool: refund, args.amount: {gt: 100}}, action: require_approval, severity: high, message: "=finance asks"}
  - {id: hide, phase: [post], action: redact, kinds: [email]}
  - {id: never, when: {tool: nothing}, action: deny}
"""


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "j.jsonl"
    policy = Policy.load(POLICY, journal=path)
    with policy.session(agent="a", user="u", id="s1") as session:
        for _ in range(3):
            session.decide({"tool": "mail"})
        session.decide({"tool": "refund", "args": {"amount": 700}, "id": "c1"})
        session.decide({"tool": "search", "phase": "post", "result": "x@y.io and z@y.io"})
    with policy.session(agent="b\x1b[31m") as session:
        session.decide({"tool": "search", "cost": "0.02"})
        session.decide({"tool": "refund"})
    return path


def audit(*words: str | Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "referee.cli", "audit", *words],
        capture_output=True, text=True, check=False, timeout=60, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def found(journal: Path, *words: str) -> list[dict[str, Any]]:
    _, out, err = audit("query", journal, *words, "--json")
    assert not err
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ([], 7), (["--decision", "deny"], 2), (["--tool", "m*l"], 3), (["--tool", "mail", "--decision", "allow"], 2),
        (["--rule", "calls"], 1), (["--rule", "large"], 2), (["--agent", "a"], 5), (["--user", "u"], 5), (["--session", "s1"], 5),
        (["--action", "c1"], 1), (["--severity", "medium"], 1), (["--severity", "critical"], 0), (["--since", "1h"], 7),
        (["--until", "1h"], 0), (["--since", "2000-01-01", "--until", "2001-01-01T00:00+02:00"], 0),
    ],
)  # fmt: skip
def test_a_query_finds_what_fits(journal: Path, words: list[str], count: int) -> None:
    assert len(found(journal, *words)) == count
    assert audit("query", journal, *words)[0] == (0 if count else 1)


def test_the_latest_decisions(journal: Path) -> None:
    code, out, _ = audit("tail", journal, "-n", "2")
    assert code == 0
    first, second = (line[24:] for line in out.splitlines())
    assert first == "allowed        search by b?[31m: allowed by `search` (<text>:8)"
    assert second.startswith("denied         refund by b?[31m: ")
    assert audit("tail", journal, "-n", "1", "--tool", "mail")[1].count("\n") == 1


def test_following_shows_what_comes(journal: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "referee.cli", "audit", "tail", str(journal), "-n", "0", "-f", "--decision", "allow"],
        stdout=subprocess.PIPE, text=True,
    ) as following:  # fmt: skip
        try:
            assert following.stdout is not None
            policy = Policy.load(POLICY, journal=journal)
            seen: list[str] = []
            import threading

            reader = threading.Thread(target=lambda: seen.append(following.stdout.readline()))  # type: ignore[union-attr]
            reader.start()
            while reader.is_alive():
                with policy.session(agent="later") as session:
                    session.decide({"tool": "nothing"})
                    session.decide({"tool": "search"})
                reader.join(0.3)
            assert "search by later" in seen[0]
        finally:
            following.terminate()


def test_one_decision_whole(journal: Path) -> None:
    code, out, _ = audit("show", journal, "c1")
    assert code == 0
    assert json.loads(out)["policy_ids"] == ["large"]
    assert audit("show", journal, json.loads(out)["decision_id"])[1] == out
    code, out, err = audit("show", journal, "gone")
    assert (code, out) == (1, "")
    assert "there is no decision `gone`" in err


def test_the_sums(journal: Path) -> None:
    _, out, _ = audit("stats", journal, "--json")
    told = json.loads(out)
    assert (told["records"], told["decisions"]) == (7, {"allow": 4, "deny": 2, "require_approval": 1})
    assert told["rules"]["mail"] == {"allow": 2, "deny": 1}
    assert told["rules"]["calls"] == {"deny": 1}
    assert told["tools"]["search"] == {"allow": 2}
    assert told["removed"] == {"email": 2}
    assert told["errors"] == {"large": 1}
    assert told["evaluation_us"]["p50"] <= told["evaluation_us"]["p99"]
    (journal.parent / "p.yaml").write_text(POLICY)
    code, out, _ = audit("stats", journal, "--policy", journal.parent / "p.yaml")
    assert code == 0
    assert "never spoke: never" in out
    assert "7 decisions from" in out
    assert "\x1b" not in out
    assert audit("stats", journal, "--agent", "nobody")[1].strip() == "no record fits"


def test_a_table_for_spreadsheets_has_no_formulas(journal: Path) -> None:
    _, out, _ = audit("export", journal)
    rows = list(csv.DictReader(out.splitlines()))
    assert len(rows) == 7
    assert rows[3]["reason"].startswith("approval required by `large`")
    assert rows[4]["redactions"] == "result:email:2"
    assert rows[5]["cost"] == "0.02"
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    _, out, _ = audit("export", journal, "--format", "jsonl", "--decision", "deny")
    assert [json.loads(line)["decision"] for line in out.splitlines()] == ["deny", "deny"]


def test_a_journal_that_was_changed_does_not_hold(journal: Path) -> None:
    code, out, _ = audit("verify", journal)
    assert (code, "holds, 7 records" in out) == (0, True)
    head = out.split("--head ")[1].split(" ")[0]
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]))
    assert audit("verify", journal)[0] == 0, "a shortened journal is whole as far as it goes"
    code, out, _ = audit("verify", journal, "--head", head)
    assert (code, "records that were here are missing" in out) == (1, True)
    journal.write_bytes(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))
    code, out, _ = audit("verify", journal, "--json")
    assert (code, json.loads(out)["holds"], json.loads(out)["line"]) == (1, False, 2)
    assert audit("verify", journal, "--head", "x")[0] == 2


def test_lines_that_are_no_records_are_told(journal: Path) -> None:
    with journal.open("ab") as file:
        file.write(b'{"half": \n[1]\n{"decision_id": "x"}\n\xff\n')
    code, out, err = audit("tail", journal, "-n", "100")
    assert (code, len(out.splitlines())) == (0, 7)
    assert [f"line {number} of" in err for number in (8, 9, 10, 11)] == [True] * 4
    assert tally(journal).broken == 4
    assert sum(isinstance(one, NoRecord) for one in records(journal)) == 4


def test_what_cannot_be_asked(journal: Path) -> None:
    assert audit("tail", journal, "--since", "yesterday")[0] == 2
    assert audit("tail", journal, "--decision", "maybe")[0] == 2
    assert audit("tail", journal.parent / "gone.jsonl")[0] == 2


def test_a_query_of_nothing_fits_everything() -> None:
    assert Query().fits({"decision": "allow"})
    assert not Query(tool="*x").fits({"decision": "allow", "request": {"model": "m"}})
