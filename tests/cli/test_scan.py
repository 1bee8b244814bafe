"""``referee scan`` and ``referee scanners``: every kind of file, places that are true, and never a value."""

from __future__ import annotations

import base64
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REFEREE = str(Path(sys.executable).parent / "referee")
KEY = "ghp_" + "".join("aB3dE5gH7jK9"[i % 12] for i in range(36))
MAIL = "bob.builder@acme.io"


def run(*args: str, cwd: Path | None = None, stdin: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run([REFEREE, *args], input=stdin, capture_output=True, check=False, cwd=cwd, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def found(*args: str, cwd: Path, stdin: bytes = b"") -> list[tuple[str, int, int, str]]:
    _, out, _ = run("scan", *args, "--json", cwd=cwd, stdin=stdin)
    return [(f["path"], f["line"], f["column"], f["kind"]) for f in json.loads(out)["findings"]]


def test_a_text_has_lines_and_columns_and_no_value(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"one\n  \u00e9 {KEY}\nto {MAIL}\n")
    code, out, err = run("scan", "a.txt", "--kind", "github_token", "--kind", "email", cwd=tmp_path)
    assert code == 1
    assert out.splitlines() == [
        "a.txt:2:5: secret github_token ******** (40 characters)",
        "a.txt:3:4: pii email ******** (19 characters)",
    ]
    for form in ("--json", "--sarif"):
        _, told, _ = run("scan", "a.txt", form, cwd=tmp_path)
        assert KEY not in told + out + err
        assert MAIL not in told + out + err


def test_nothing_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    assert run("scan", "a.txt", cwd=tmp_path) == (0, "nothing found\n", "")
    assert run("scan", "-", cwd=tmp_path, stdin=b"")[0] == 0
    assert found("-", cwd=tmp_path, stdin=MAIL.encode()) == [("-", 1, 1, "email")]


def test_json_is_read_by_its_values(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{\n "m": "x\\n\\u0041 '
        + MAIL
        + '",\n "card": 4111111111111111,\n "x": ["'
        + KEY[:9]
        + '", "'
        + KEY[9:]
        + '"]}'
    )
    assert found("a.json", "--scanner", "pii", cwd=tmp_path) == [
        ("a.json", 2, 18, "email"),
        ("a.json", 3, 10, "credit_card"),
    ]
    assert found("a.json", "--kind", "github_token", cwd=tmp_path) == [
        ("a.json", 4, 9, "github_token"),
        ("a.json", 4, 22, "github_token"),
    ]
    _, out, _ = run("scan", "a.json", "--scanner", "secrets", "--kind", "github_token", "--json", cwd=tmp_path)
    assert [f["at"] for f in json.loads(out)["findings"]] == ["x[0]", "x[1]"]


def test_a_key_of_json_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({KEY: {"b": MAIL}}))
    _, out, _ = run("scan", "a.json", "--json", cwd=tmp_path)
    assert KEY not in out
    assert {f["kind"] for f in json.loads(out)["findings"]} >= {"github_token", "email"}


@pytest.mark.parametrize(
    "text", ['{"a": ', "[" * 100_000, '{"a": 1, "a": "' + MAIL + '"}', "", "null", '"' + MAIL + '"']
)
def test_what_only_ends_in_json_is_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    assert len(found("a.json", "--kind", "email", cwd=tmp_path)) == (MAIL in text)


def test_lines_of_json(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"to": "{MAIL}"}}\nno json {MAIL}\n\n{{"x": 1}}\n["{MAIL}"]\n')
    assert found("a.jsonl", "--kind", "email", cwd=tmp_path) == [
        ("a.jsonl", 1, 9, "email"),
        ("a.jsonl", 2, 9, "email"),
        ("a.jsonl", 5, 3, "email"),
    ]


def test_a_folder_is_walked_with_sense(tmp_path: Path) -> None:
    for name in ("a.txt", "src/b.py", ".env", ".git/c.txt", "node_modules/d.txt", "src/__pycache__/e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(MAIL)
    (tmp_path / "f.bin").write_bytes(b"\x00" + MAIL.encode())
    (tmp_path / "g.txt").symlink_to("a.txt")
    (tmp_path / "src" / "loop").symlink_to("..")
    os.mkfifo(tmp_path / "pipe")
    assert sorted(path for path, *_ in found(".", "--kind", "email", cwd=tmp_path)) == [".env", "a.txt", "src/b.py"]


@pytest.mark.parametrize("path", ["pipe", "/dev/zero", "nothing"])
def test_what_is_no_file_is_refused(path: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    code, _, err = run("scan", path, cwd=tmp_path)
    assert code == 2
    assert path in err


def test_octets_of_any_kind_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xc3 " + MAIL.encode() + b" \x80\xed\xa0\x80")
    (tmp_path / "b.txt").write_bytes(f"\ufeff{MAIL}".encode("utf-16-le"))
    (tmp_path / "c.txt").write_bytes(b"\xef\xbb\xbf" + MAIL.encode())
    assert found(".", "--kind", "email", cwd=tmp_path) == [
        ("a.txt", 1, 4, "email"),
        ("b.txt", 1, 1, "email"),
        ("c.txt", 1, 1, "email"),
    ]


def test_what_hides_too_much_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(base64.b64encode(gzip.compress(bytes(9_000_000))))
    code, _, err = run("scan", "a.txt", "--scanner", "pii", cwd=tmp_path)
    assert code == 1
    assert "`a.txt` was not scanned: it hides more than may be read" in err


def test_a_large_file_is_read_in_windows(tmp_path: Path) -> None:
    line = "the quick brown fox jumps over the lazy dog\n"
    with (tmp_path / "a.txt").open("w") as file:
        for _ in range(2):
            file.write(line * 50_000 + f"x {MAIL}\n")
    assert found("a.txt", "--scanner", "pii", cwd=tmp_path) == [("a.txt", n * 50_001, 3, "email") for n in (1, 2)]


def test_sarif(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{KEY}\n")
    _, out, _ = run("scan", "a.txt", "--kind", "github_token", "--sarif", cwd=tmp_path)
    log = json.loads(out)
    (result,) = log["runs"][0]["results"]
    assert log["version"] == "2.1.0"
    assert (result["ruleId"], result["level"]) == ("secret/github_token", "error")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a.txt"}, "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 41},
    }  # fmt: skip


def test_a_kind_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    code, _, err = run("scan", "a.txt", "--kind", "emial", cwd=tmp_path)
    assert code == 2
    assert "did you mean `email`?" in err


def test_an_interrupt_ends_it(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [REFEREE, "scan", "-"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_the_scanners_are_listed_and_shown() -> None:
    code, out, _ = run("scanners", "list")
    assert code == 0
    assert out.startswith("pii ")
    assert "engine: " in out
    told = json.loads(run("scanners", "list", "--json")[1])
    assert {one["name"] for one in told["scanners"]} >= {"pii", "secret", "injection"}
    shown = json.loads(run("scanners", "show", "secrets", "--json")[1])
    tokens = [one for one in shown["found_by"] if one["kind"] == "github_token"]
    assert tokens
    assert all("*" in example for one in tokens for example in one["examples"])
    code, _, err = run("scanners", "show", "secrt")
    assert code == 2
    assert "did you mean `secret" in err
    assert "email" in run("scanners", "show", "pii")[1].splitlines()
