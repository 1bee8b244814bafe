"""Standard input as a policy, streams that are closed or full, other locales, and slips of the hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

POLICY = "version: 1\ndefault: deny\n\npolicies:\n  - {id: look-up, when: {tool: search}, action: allow}\n"
BROKEN = "version: 1\nmod: off\n"
POSIX = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def shell(line: str, text: str | bytes = "", **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        ["/bin/sh", "-c", line.replace("referee", f'"{sys.executable}" -m referee.cli')],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("referee validate -", 0, "in order: 1 rule, 0 limits"),
        ("referee lint -", 0, "nothing found"),
        ("referee explain -", 0, "look-up  <text>:5"),
        ("referee check - --tool search", 0, "allowed by `look-up`"),
        ("referee check - --tool other", 1, "denied"),
        ("referee explain - --tool search", 0, "<text>:5"),
        ("referee fmt - --check", 0, ""),
        ("referee fmt -", 0, POLICY),
    ],
)
def test_a_policy_may_come_from_standard_input(line: str, code: int, says: str) -> None:
    found, out, err = shell(line, POLICY)
    assert (found, err) == (code, "")
    assert says in out


def test_standard_input_is_read_once_only(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(POLICY)
    for line in ("validate - -", "check - --requests -", f"fmt - {file}", f"fmt {file} -"):
        code, out, err = shell(f"referee {line}", POLICY)
        assert (code, out) == (2, "")
        assert "Error: " in err


def test_formatting_standard_input_can_check_and_compare() -> None:
    assert shell("referee fmt - --check", "id:   a\npolicies: []\n")[:2] == (1, "")
    code, out, _ = shell("referee fmt - --diff", "id:   a\npolicies: []\n")
    assert code == 1
    assert out.startswith("--- <stdin>\n+++ <stdin> (new)\n")
    assert "-id:   a\n+id: a\n" in out


def test_formatting_names_the_file_that_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(BROKEN)
    assert f"--> {file}:2:1" in shell(f"referee fmt {file}")[2]
    assert "--> <stdin>:2:1" in shell("referee fmt -", BROKEN)[2]
    file.write_bytes(b"id: a\nname: \xff\n")
    code, _, err = shell(f"referee fmt {file}")
    assert code == 2
    assert f"--> {file}:2:7" in err


def test_text_beyond_ascii_passes_any_locale() -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, out, _ = shell("referee fmt -", "id:   réglé-🎉\npolicies: []\n", **plain)
    assert (code, "réglé-🎉" in out) == (0, True)
    code, _, err = shell("referee validate -", "policies:\n  - {id: é🎉, actoin: deny}\n", **plain)
    assert code == 2
    assert "did you mean `action`?" in err


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_changes_no_exit_code(closed: str) -> None:
    assert shell(f"referee validate - {closed}", BROKEN)[0] == 2
    assert shell(f"referee check - --tool other {closed}", POLICY)[0] == 1
    assert shell(f"referee check - --tool search {closed}", POLICY)[0] == 0


@POSIX
@pytest.mark.parametrize("gone", [">/dev/full", ">&-", ">/dev/full 2>/dev/full", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    "payload",
    ['{"session_id": "s", "cwd": "/tmp", "hook_event_name": "PreToolUse", "tool_name": "T", "tool_input": {}}', "{"],
)
def test_a_hook_that_cannot_be_heard_refuses(gone: str, payload: str, tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("version: 1\ndefault: deny\n")
    code, _, err = shell(f"referee hook claude-code --policy {file} --state {tmp_path / 's.json'} {gone}", payload)
    assert code == 2
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("referee validat x", "Did you mean validate?"),
        ("referee explain - --rule look-pu", "did you mean `look-up`?"),
        ("referee explain - --rule look-pu --tool search", "did you mean `look-up`?"),
        ("referee check - --request ''", "not valid JSON"),
    ],
)
def test_slips_of_the_hand_get_help(line: str, says: str) -> None:
    code, _, err = shell(line, POLICY)
    assert code == 2
    assert says in err


def test_an_empty_message_is_a_message() -> None:
    assert shell("referee check - --text ''", "version: 1\ndefault: allow\n")[:2] == (
        0,
        "allowed: no rule matched; the default is to allow\n",
    )
