"""Calls of the hook as an agent makes them: a process, a payload on its standard input, a daemon of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from referee import templates
from referee.adapters.hooks import daemon

CODING = str(templates.path("coding-agent"))
LAUNCH = str(Path(daemon.__file__).with_name("launch.py"))


def pre(command: str, **more: Any) -> dict[str, Any]:
    called = {"tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": "t1"}
    return {"session_id": "s1", "cwd": "/tmp", "hook_event_name": "PreToolUse", **called, **more}


class Caller:
    """Runs the quick hook in a folder, with a daemon that belongs to this folder."""

    def __init__(self, folder: Path, policy: str = CODING, launch: str = LAUNCH) -> None:
        self.folder = folder
        self.launch = launch
        self.host = "claude-code"
        self.words = ["--policy", policy, "--state", str(folder / "state.json")]
        self.environment = {
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "REFEREE_RUNTIME_DIR": str(folder / "run"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def command(self) -> list[str]:
        return [sys.executable, "-I", "-S", self.launch, "hook", self.host, *self.words]

    def start(self, **more: Any) -> subprocess.Popen[bytes]:
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(self.command(), cwd=self.folder, env=self.environment, **{**piped, **more})

    def run(self, payload: dict[str, Any] | bytes, **more: Any) -> tuple[int, dict[str, Any], str]:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        with self.start(**more) as process:
            out, err = process.communicate(data, timeout=60)
        assert b"Traceback" not in err, err
        return process.returncode, json.loads(out or b"{}"), err.decode()

    def verdict(self, payload: dict[str, Any] | bytes, **more: Any) -> str:
        code, body, problem = self.run(payload, **more)
        assert (code, problem) == (0, ""), problem
        return str(body.get("hookSpecificOutput", {}).get("permissionDecision", "none"))

    def refused(self, payload: dict[str, Any] | bytes, **more: Any) -> str:
        """Check that a call is refused by its output and by its exit code, and return the reason."""
        code, body, _ = self.run(payload, **more)
        assert code == 2
        assert body["hookSpecificOutput"]["permissionDecision"] == "deny"
        return str(body["hookSpecificOutput"]["permissionDecisionReason"])

    def referee(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "referee.cli", *words],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def process(self) -> int | None:
        """Say which process listens for this caller."""
        return daemon.listening(self.place())

    def place(self) -> daemon.Place:
        before = os.environ.get("REFEREE_RUNTIME_DIR")
        os.environ["REFEREE_RUNTIME_DIR"] = self.environment["REFEREE_RUNTIME_DIR"]
        try:
            return daemon.Place(str(Path(self.launch).parents[2]))
        finally:
            if before is None:
                del os.environ["REFEREE_RUNTIME_DIR"]
            else:
                os.environ["REFEREE_RUNTIME_DIR"] = before

    def answered(self) -> int:
        """Say how many answers the daemon has given."""
        said = json.loads(self.referee("daemon", "status", "--json").stdout)
        return int(said["answered"])

    def warm(self) -> int:
        """Have a daemon that listens, and say which process it is."""
        if self.process() is None:
            with self.start() as process:
                process.communicate(json.dumps(pre("ls", session_id="warming")).encode(), timeout=60)
            until(lambda: self.process() is not None)
        found = self.process()
        assert found is not None
        return found

    def end(self) -> None:
        """End every daemon of this folder, and check that none is left."""
        until(lambda: self._ended() and not self._left())

    def _ended(self) -> bool:
        for process in self._left():
            os.kill(process, 9)
        return True

    def _left(self) -> list[int]:
        mark = b"REFEREE_RUNTIME_DIR=" + os.fsencode(self.environment["REFEREE_RUNTIME_DIR"]) + b"\0"
        return [
            process for process in map(int, filter(str.isdigit, os.listdir("/proc"))) if mark in _environment(process)
        ]


def _environment(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return b""


def until(holds: Callable[[], object], patience: float = 20.0) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < ends, "it never came to hold"
        time.sleep(0.02)


def exists(process: int) -> bool:
    """Tell whether a process lives; one that is dead and not yet buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
