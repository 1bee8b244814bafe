"""What depends on who looks: colours and rich help on a terminal, plain text elsewhere."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest


def on_terminal(*arguments: str, **environment: str) -> str:
    """Run the program with a terminal as its output, and return what it wrote there."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    with subprocess.Popen(
        [sys.executable, "-m", "referee.cli", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**plain, "TERM": "xterm-256color", "COLUMNS": "120", **environment},
    ) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                chunk = os.read(ours, 65_536)
            except OSError:
                break
            if not chunk:
                break
            written += chunk
        process.wait(timeout=60)
    os.close(ours)
    return written.decode()


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.yaml"
    path.write_text("default: deny\npolicies: [{id: r, when: {tool: a}, action: allow}]\n")
    return str(path)


def test_colours_on_a_terminal_only_and_not_against_the_users_wish(policy: str) -> None:
    arguments = ("check", policy, "--tool", "b")
    assert "\x1b[31m" in on_terminal(*arguments)
    assert "\x1b" not in on_terminal(*arguments, NO_COLOR="1")
    assert "\x1b" not in on_terminal(*arguments, TERM="dumb")
    coloured, plain = on_terminal("explain", policy), on_terminal("explain", policy, NO_COLOR="1")
    assert "\x1b" in coloured
    assert "\x1b" not in plain
    assert "\x1b" in on_terminal("demo", "--agent", "support")


def test_json_has_no_colours_even_on_a_terminal(policy: str) -> None:
    assert "\x1b" not in on_terminal("check", policy, "--tool", "b", "--json")


def test_help_on_a_terminal_is_rich() -> None:
    assert "╭" in on_terminal("--help")
    assert "╭" in on_terminal("check", "--help")
