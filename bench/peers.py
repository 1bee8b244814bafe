"""Who takes part, and the environments they live in.

Rule 1: every peer has its own environment under ``bench/.envs``, made from its pinned list in ``bench/peers``.
Rule 2: a peer that cannot be installed or built is reported as absent with the reason; the run goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

HERE: Final = Path(__file__).resolve().parent
ALL: Final = ("exact", "glob", "single", "conditions")
SPREAD: Final = ("exact spread", "glob spread")


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine in the tables: its module in ``bench.engines`` (or ``package.module:name``), its pinned list (none: Referee's own environment).

    ``most`` is the greatest number of rules it is asked to hold; ``remark`` says what the tables cannot.
    """

    name: str
    module: str
    pins: str | None = None
    workloads: tuple[str, ...] = ALL
    most: int = 10_000
    remark: str = ""


DECIDE: Final = Engine(
    "referee", "referee_decide", workloads=ALL + SPREAD, remark="`decide`, all matched rules reported"
)
SESSION: Final = Engine("referee session", "referee_session", remark="`check_tool`: limit, counter, journal")
GUARD: Final = Engine("avakill Guard", "avakill_guard", "avakill", ALL[:3], remark="no audit logger, no limit")

ENGINES: Final = (
    DECIDE,
    Engine("a plain loop", "naive", remark="a loop in Python over the rules, stops at the first"),
    Engine("agentpolicy block set", "agentpolicy_block", "agentpolicy", ALL[:1], remark="exact names only, no rule id"),
    Engine("datalogic-py", "datalogic", "datalogic", remark="Rust JSONLogic, one `if`, stops at the first rule"),
    Engine("agent-os-kernel 3.7", "agent_os", "agent-os", ALL[:3], remark="one condition a rule"),
    Engine("agent-os (AGT 5.0)", "agent_os", "agt", ALL[:3], remark="one condition a rule"),
    Engine("avakill PolicyEngine", "avakill_engine", "avakill", ALL[:3], remark="argument conditions are substrings"),
    Engine("cedarpy", "cedar", "cedarpy", remark="policies and entities parsed before"),
    Engine("regorus Rvm", "regorus_rvm", "regorus", remark="Rust Rego, compiled to its virtual machine"),
    Engine("regorus Engine", "regorus_engine", "regorus", remark="Rust Rego, interpreted"),
    Engine("regopy", "regopy_bundle", "regopy", most=1_000, remark="C++ Rego, compiled bundle"),
    SESSION,
    GUARD,
)


class Absent(Exception):  # noqa: N818 - a state of a peer, reported and not raised further
    """A peer cannot take part, and why."""


def interpreter(pins: str | None) -> Path:
    """Find the Python of an environment; make the environment first if it is missing or its pins have changed.

    Raises:
        Absent: the environment cannot be made.
    """
    if pins is None:
        return Path(sys.executable)
    listed = HERE / "peers" / f"{pins}.txt"
    place = HERE / ".envs" / pins
    python, ready = place / "bin" / "python", place / "ready"
    mark = hashlib.sha256(listed.read_bytes() + sys.version.encode()).hexdigest()
    if ready.is_file() and ready.read_text() == mark:
        return python
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        raise Absent("uv is not installed")
    _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(place)])
    _run([uv, "pip", "install", "--quiet", "--python", str(python), "--requirement", str(listed)])
    ready.write_text(mark)
    return python


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Absent(f"{Path(command[0]).name} {command[1]}: {type(problem).__name__}") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise Absent(lines[-1].strip(" ╰─▶│\u00d7")[:200])


class Process:
    """A worker with one engine in it. Use it in ``with``."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.place = interpreter(engine.pins)

    def __enter__(self) -> Self:
        world = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        self.child = subprocess.Popen(
            [str(self.place), "-m", "bench.worker", self.engine.module],
            cwd=HERE.parent, env=world | {"PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *problem: object) -> None:
        with suppress(OSError, subprocess.TimeoutExpired):
            self.child.communicate(timeout=3)
        self.child.kill()
        self.child.communicate()

    def restart(self) -> None:
        """End a worker that may hang or be dead, and start it anew."""
        self.__exit__()
        self.__enter__()

    def ask(self, patience: float = 120, **job: Any) -> dict[str, Any]:
        """Give the worker a job and wait for its reply.

        Raises:
            Absent: the engine failed, its process died, or the reply took longer than ``patience`` seconds.
        """
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        try:
            self.child.stdin.write(json.dumps(job) + "\n")
            self.child.stdin.flush()
        except OSError:
            raise Absent("its process died") from None
        if not select.select([self.child.stdout], [], [], patience)[0]:
            self.child.kill()
            raise Absent(f"no answer to `{job['do']}` in {patience:.0f} s")
        line = self.child.stdout.readline()
        if not line:
            raise Absent(f"its process died in `{job['do']}`")
        reply: dict[str, Any] = json.loads(line)
        if "failed" in reply:
            raise Absent(reply["failed"])
        return reply
