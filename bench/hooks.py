"""What a hook of a coding agent costs: a process from its start to its answer, with the daemon and without.

Rule 1: the answers of all ways are compared before a time counts.
Rule 2: the processes are started in turns beside ``python -I -S -c pass``, so that a busy moment hits all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.workload import WORKLOADS, as_policy

_BARE: Final = [sys.executable, "-I", "-S", "-c", "pass"]
_PATIENCE: Final = 20.0


def payload(command: str, session: str = "s") -> bytes:
    """Write a call as Claude Code does."""
    called = {"tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": "t1"}
    return json.dumps({"session_id": session, "cwd": "/tmp", "hook_event_name": "PreToolUse", **called}).encode()


def result(text: str) -> bytes:
    """Write a result as Claude Code does, so that every scanner looks at it."""
    fields = json.loads(payload("make"))
    return json.dumps({**fields, "hook_event_name": "PostToolUse", "tool_response": {"stdout": text}}).encode()


class Hook:
    """A hook of a folder: its policy, its daemon, its environment."""

    def __init__(self, folder: Path, policy: str) -> None:
        from referee.adapters.hooks import client

        launch = str(Path(client.__file__).with_name("launch.py"))
        given = ["hook", "claude-code", "--policy", policy, "--state", str(folder / "state.json")]
        self.quick = [sys.executable, "-I", "-S", launch, *given]
        self.whole = [sys.executable, "-m", "referee.cli", *given]
        self.environment = {
            "HOME": str(folder),
            "REFEREE_RUNTIME_DIR": str(folder / "run"),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def run(self, command: list[str], data: bytes, *, daemon: bool = True) -> tuple[float, bytes]:
        """Time one process from its start to its end, in milliseconds."""
        environment = self.environment if daemon else {**self.environment, "REFEREE_NO_DAEMON": "1"}
        begin = time.perf_counter()
        done = subprocess.run(command, input=data, capture_output=True, env=environment, check=False)
        return (time.perf_counter() - begin) * 1_000, done.stdout

    def status(self) -> dict[str, Any]:
        """Ask the daemon how it is."""
        done = subprocess.run(
            [sys.executable, "-m", "referee.cli", "daemon", "status", "--json"],
            capture_output=True, env=self.environment, check=False,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@contextmanager
def hooked(policy_text: str | None = None) -> Iterator[Hook]:
    """Set a hook up in a folder of its own, with a daemon that answers; end the daemon afterwards."""
    from referee import templates

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        policy = str(templates.path("coding-agent"))
        if policy_text is not None:
            policy = str(folder / "policy.yaml")
            Path(policy).write_text(policy_text)
        hook = Hook(folder, policy)
        try:
            hook.run(hook.quick, payload("ls"))
            ends = time.monotonic() + _PATIENCE
            while not hook.status()["running"]:
                assert time.monotonic() < ends, "the daemon does not answer"
            yield hook
        finally:
            subprocess.run(
                [sys.executable, "-m", "referee.cli", "daemon", "stop"],
                env=hook.environment,
                check=False,
                capture_output=True,
            )


def hook(repeats: int = 25, rules: int = 1_000) -> dict[str, Any]:
    """Time a call's way to its answer in milliseconds (medians, started in turns), and the daemon's memory in MiB."""
    with hooked() as agent, hooked(as_policy(WORKLOADS["exact"].rules(rules), wordy=True)) as large:
        ways = {
            "bare": (agent, _BARE, True),
            "daemon": (agent, agent.quick, True),
            "daemon, refusing": (agent, agent.quick, True),
            "alone": (agent, agent.quick, False),
            "`referee hook`": (agent, agent.whole, False),
            f"daemon, {rules} rules": (large, large.quick, True),
            f"alone, {rules} rules": (large, large.quick, False),
        }
        spent: dict[str, list[float]] = {name: [] for name in ways}
        for turn in range(repeats + 2):
            said: dict[str, set[bytes]] = {}
            for name, (one, command, daemon) in ways.items():
                refusing = "refusing" in name
                text = f"rm -rf build-{turn}" if refusing else f"pytest -q tests/test_{turn}.py"
                took, out = one.run(command, payload(text, f"s{turn}" if refusing else "s"), daemon=daemon)
                if turn >= 2:
                    spent[name].append(took)
                if refusing:
                    assert b'"deny"' in out, "nothing was refused"
                elif command is not _BARE:
                    said.setdefault(command[-3], set()).add(out)
            assert all(len(outs) == 1 for outs in said.values()), "the ways do not agree"
        mask = Path(agent.environment["HOME"]) / "mask.yaml"
        mask.write_text("version: 1\ndefault: allow\npolicies:\n  - {id: mask, action: redact, phase: [post]}\n")
        scanned = [word if word != agent.quick[-3] else str(mask) for word in agent.quick]
        _, out = agent.run(scanned, result("an address: jane@example.com, " * 40))
        assert b"[REDACTED" in out, "nothing was scanned"
        process = agent.status()["process"]
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return {
            **{name: median(times) for name, times in spent.items()},
            "daemon_mib": pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        }
