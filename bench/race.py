"""All engines side by side: the same rules, the same calls, answers checked before a time counts.

Rule 1: every engine answers a sample of calls first; one wrong answer and its times are not taken.
Rule 2: the repeats go round the engines, so that a busy moment of the machine hits all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any

import msgspec

from bench.peers import Absent, Engine, Process
from bench.workload import WORKLOADS, answer


class Effort(msgspec.Struct, frozen=True):
    """How long to measure: repeats, seconds and least calls of a repeat, most seconds of warming, calls checked."""

    repeats: int = 3
    seconds: float = 0.3
    least: int = 50
    warming: float = 2.0
    checked: int = 64


class Cell(msgspec.Struct, frozen=True):
    """One engine at one workload and number of rules. Times in microseconds; without times, ``note`` says why.

    ``hit`` and ``miss`` are the medians of the calls that match a rule and of those that match none, ``first`` of the
    first calls that rules ever met.
    """

    engine: str
    workload: str
    rules: int
    calls: int = 0
    mean: float | None = None
    p50: float | None = None
    p99: float | None = None
    hit: float | None = None
    miss: float | None = None
    first: float | None = None
    build: float | None = None
    note: str = ""


def expected(workload: str, rules: int, turn: int, many: int) -> list[str | None]:
    """Decide a round the slow way, and make sure that the workload knows its own answers.

    Raises:
        AssertionError: the workload and the slow way disagree.
    """
    held = WORKLOADS[workload].rules(rules)
    right = []
    for call in WORKLOADS[workload].calls(rules, turn, many):
        right.append(answer(held, call))
        assert right[-1] == call.expected, f"{workload}: {call.tool} {call.args}"
    return right


def compare(got: Sequence[str | None], right: Sequence[str | None]) -> str:
    """Say how an engine's answers differ from the right ones; nothing if they are equal.

    >>> compare(["r1", None], ["r1", "r2"])
    'wrong: call 1 gave None instead of r2 (1 of 2)'
    """
    if len(got) != len(right):
        return f"wrong: {len(got)} answers to {len(right)} calls"
    wrong = [at for at, (mine, best) in enumerate(zip(got, right, strict=True)) if mine != best]
    if not wrong:
        return ""
    first = wrong[0]
    return f"wrong: call {first} gave {got[first]} instead of {right[first]} ({len(wrong)} of {len(right)})"


def race(
    engines: Sequence[Engine],
    workloads: Iterable[str],
    sizes: Sequence[int],
    effort: Effort,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Cell]:
    """Measure every engine at every workload and size."""
    cells: list[Cell] = []
    for workload in workloads:
        with ExitStack() as stack:
            running, absent = start([engine for engine in engines if workload in engine.workloads], stack)
            cells += [Cell(name, workload, sizes[0], note=why) for name, why in absent.items()]
            for rules in sizes:
                tell(f"{workload}, {rules} rules")
                cells += _field(running, workload, rules, effort)
    return cells


def start(engines: Iterable[Engine], stack: ExitStack) -> tuple[list[Process], dict[str, str]]:
    """Start a process for each engine; name those that cannot be started, and why."""
    running: list[Process] = []
    absent: dict[str, str] = {}
    for engine in engines:
        try:
            running.append(stack.enter_context(Process(engine)))
        except Absent as reason:
            absent[engine.name] = f"absent: {reason}"
    return running, absent


class Lane:
    """One engine at one size: what it took, or why it takes no part any more."""

    def __init__(self, process: Process, workload: str, rules: int) -> None:
        self.process, self.workload, self.rules = process, workload, rules
        self.note = f"not asked beyond {process.engine.most} rules" if rules > process.engine.most else ""
        self.built: float | None = None
        self.first: float | None = None
        self.times: list[dict[str, Any]] = []

    def ask(self, **job: Any) -> dict[str, Any]:
        """Give the engine a job unless it is out; an engine that fails is out, and its process starts anew."""
        if self.note:
            return {}
        try:
            return self.process.ask(**job)
        except Absent as reason:
            self.note = f"absent: {reason}"
            self.process.restart()
            return {}

    def qualify(self, right: Sequence[str | None], warming: float) -> None:
        """Load the rules, answer the sample, and meet the rules once."""
        self.built = self.ask(do="build", workload=self.workload, count=self.rules).get("seconds")
        got = self.ask(do="answers", turn=0, many=len(right))
        self.note = self.note or compare(got["answers"], right)
        self.first = self._right(self.ask(do="warm", seconds=warming)).get("p50")

    def _right(self, took: dict[str, Any]) -> dict[str, Any]:
        """Put the engine out if a timed answer was wrong."""
        if took.get("wrong"):
            self.note = f"wrong: {took['example']} ({took['wrong']} of {took['calls']})"
        return took

    def run(self, turn: int, effort: Effort) -> None:
        """Time one repeat; a wrong answer in it puts the engine out."""
        took = self._right(self.ask(do="time", turn=turn, seconds=effort.seconds, least=effort.least))
        if took:
            self.times.append(took)

    def cell(self) -> Cell:
        """Sum up: the medians of the repeats, or the note."""
        name = self.process.engine.name
        if self.note:
            return Cell(name, self.workload, self.rules, build=self.built, note=self.note)
        middle = {key: median(one[key] for one in self.times) for key in ("mean", "p50", "p99", "hit", "miss")}
        calls = sum(one["calls"] for one in self.times)
        return Cell(name, self.workload, self.rules, calls, build=self.built, first=self.first, **middle)


def _field(running: Sequence[Process], workload: str, rules: int, effort: Effort) -> list[Cell]:
    right = expected(workload, rules, 0, effort.checked)
    lanes = [Lane(process, workload, rules) for process in running]
    for lane in lanes:
        lane.qualify(right, effort.warming)
    for turn in range(1, effort.repeats + 1):
        for lane in lanes:
            lane.run(turn, effort)
    return [lane.cell() for lane in lanes]
