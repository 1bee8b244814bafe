"""The figures Referee sets itself, and whether this run met them.

Rule 1: a goal is a ratio of two things of the same run wherever it can be; the worst case of a run counts.
Rule 2: what could not be measured is ``unknown``, which is not ``met``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from bench.peers import DECIDE, GUARD, SESSION
from bench.race import Cell


class Goal(msgspec.Struct, frozen=True):
    """One figure: what is measured, the bound, and how it is had from a run.

    ``least`` is set where more is better. ``unit`` follows the number.
    """

    what: str
    bound: float
    figure: Callable[[Run], float | None]
    unit: str = "x"
    least: bool = False


class Run(msgspec.Struct, frozen=True):
    """What one run measured: the cells of the race and the results of the probes."""

    cells: Sequence[Cell] = ()
    probes: Mapping[str, Mapping[str, Any]] = {}

    def time(self, engine: str, workload: str, rules: int, which: str = "p50") -> float | None:
        """Find a time; ``None`` if it was not measured."""
        for cell in self.cells:
            if (cell.engine, cell.workload, cell.rules) == (engine, workload, rules):
                value: float | None = getattr(cell, which)
                return value
        return None

    def probe(self, name: str, key: str) -> float | None:
        """Find a probe's figure; ``None`` if it was not measured."""
        return self.probes.get(name, {}).get(key)


class Outcome(msgspec.Struct, frozen=True):
    """A goal after a run."""

    what: str
    bound: float
    unit: str
    least: bool
    figure: float | None
    state: str


def ratio(above: float | None, below: float | None) -> float | None:
    """Divide; unknown if either side is.

    >>> ratio(3.0, 2.0), ratio(None, 2.0)
    (1.5, None)
    """
    return above / below if above is not None and below else None


def _worst(ratios: Iterable[float | None]) -> float | None:
    return max((one for one in ratios if one is not None), default=None)


def _growth(workload: str) -> Callable[[Run], float | None]:
    """Take the median of all calls, half of which match a rule, with many rules over that with few."""
    return lambda run: ratio(run.time(DECIDE.name, workload, 10_000), run.time(DECIDE.name, workload, 10))


def _against(mine: str, peer: str, which: str = "p50", rules: int = 1_000) -> Callable[[Run], float | None]:
    """Take the worst ratio over the workloads in which both took part."""

    def figure(run: Run) -> float | None:
        workloads = {cell.workload for cell in run.cells}
        return _worst(ratio(run.time(mine, one, rules, which), run.time(peer, one, rules, which)) for one in workloads)

    return figure


def _nothing(run: Run) -> float | None:
    """Take the worst workload's calls that match nothing, over its calls that match."""
    workloads = {cell.workload for cell in run.cells}
    return _worst(
        ratio(run.time(DECIDE.name, one, 1_000, "miss"), run.time(DECIDE.name, one, 1_000, "hit")) for one in workloads
    )


def _probe(name: str, key: str) -> Callable[[Run], float | None]:
    return lambda run: run.probe(name, key)


def _hook(key: str) -> Callable[[Run], float | None]:
    return lambda run: ratio(run.probe("hook", key), run.probe("hook", "bare"))


def _load(key: str) -> Callable[[Run], float | None]:
    return lambda run: ratio(run.probe("load", key), run.probe("load", "yaml"))


def _scan(mine: str, theirs: str) -> Callable[[Run], float | None]:
    """Take how many times longer a scanner takes for a text of 2 KB."""
    return lambda run: ratio(run.probe("scanning", f"{theirs}, 2000"), run.probe("scanning", f"{mine}, 2000"))


def _linear(run: Run) -> float | None:
    """Take what a character costs in a text of 10 MB, over what it costs in one of 100 kB."""
    long, short = (run.probe("scanning", f"referee, ns a character at {size}") for size in (10_000_000, 100_000))
    return ratio(long, short)


GOALS: Final = (
    Goal("growth 10 → 10 000 rules, exact tool names", 1.2, _growth("exact")),
    Goal("growth 10 → 10 000 rules, globs", 1.3, _growth("glob")),
    Goal("growth 10 → 10 000 rules, exact tool names, every call another rule", 2, _growth("exact spread")),
    Goal("growth 10 → 10 000 rules, globs, every call another rule", 2, _growth("glob spread")),
    Goal("growth 10 → 10 000 rules, one condition", 2, _growth("single")),
    Goal("growth 10 → 10 000 rules, conditions", 2, _growth("conditions")),
    Goal("decide, 1 000 rules, over agent-os (AGT 5.0)", 1 / 150, _against(DECIDE.name, "agent-os (AGT 5.0)")),
    Goal("decide, 1 000 rules, over cedarpy", 1 / 250, _against(DECIDE.name, "cedarpy")),
    Goal("decide, 1 000 rules, over datalogic-py", 1 / 8, _against(DECIDE.name, "datalogic-py")),
    Goal("decide, 1 000 rules, over agentpolicy's block set", 0.7, _against(DECIDE.name, "agentpolicy block set")),
    Goal("whole pipeline, 1 000 rules, over avakill's Guard", 1 / 50, _against(SESSION.name, GUARD.name)),
    Goal("the same by means, the journal's thread included", 1 / 50, _against(SESSION.name, GUARD.name, "mean")),
    Goal("nothing applies, over a match, 1 000 rules", 1.5, _nothing),
    Goal("load 1 000 rules from text, over PyYAML's C loader", 3, _load("cold")),
    Goal("load 1 000 rules from the cache, over PyYAML's C loader", 1 / 100, _load("cached")),
    Goal("`import referee` over a bare interpreter", 60, _probe("start", "import referee"), "ms"),
    Goal(
        "`from referee import Policy` over a bare interpreter", 60, _probe("start", "from referee import Policy"), "ms"
    ),
    Goal("10 000 rules compiled, over a bare interpreter", 60, _probe("memory", "from text"), "MiB"),
    Goal("shell text to effects, ordinary command, p50", 150, _probe("shell", "p50"), "µs"),
    Goal("shell text to effects, ordinary command, p99", 1_000, _probe("shell", "p99"), "µs"),
    Goal(
        "SQL facet of an ordinary query, over sqlglot's parse and qualify",
        1.5,
        lambda run: ratio(run.probe("sql", "facet"), run.probe("sql", "sqlglot")),
    ),
    Goal("URL to where it leads, p50", 5, _probe("url", "p50"), "µs"),
    Goal("path to files and their kinds, p50", 50, _probe("path", "p50"), "µs"),
    Goal("the injection model, 2 KB, p50", 1_000, _probe("injection", "p50"), "µs"),
    Goal("the injection model, growth 1 → 10 MB", 13, _probe("injection", "growth")),
    Goal("`referee check --requests`", 50_000, _probe("check", "per_second"), "/s", least=True),
    Goal("a hook that asks the daemon, over `python -I -S -c pass`", 1.25, _hook("daemon")),
    Goal("a hook that decides alone, over `python -I -S -c pass`", 2, _hook("alone")),
    Goal("scanning 2 KB, Presidio's recognisers over all packs", 25, _scan("referee", "presidio"), least=True),
    Goal("scanning 2 KB, detect-secrets over all packs", 100, _scan("referee", "detect-secrets"), least=True),
    Goal("scanning 2 KB, `re` in sequence over all packs", 250, _scan("referee", "re in sequence"), least=True),
    Goal(
        "scanning 2 KB without hyperscan, Presidio's recognisers over all packs",
        4,
        _scan("referee without hyperscan", "presidio"),
        least=True,
    ),
    Goal("scanning, a character of 10 MB over one of 100 kB", 1.5, _linear),
    Goal("the daemon, idle, every scanner loaded", 120, _probe("hook", "daemon_mib"), "MiB"),
)


def judge(run: Run, goals: Sequence[Goal] = GOALS) -> list[Outcome]:
    """Hold the goals against a run."""
    return [_judge(goal, goal.figure(run)) for goal in goals]


def _judge(goal: Goal, figure: float | None) -> Outcome:
    reached = figure is not None and (figure >= goal.bound if goal.least else figure <= goal.bound)
    state = "met" if reached else "unknown" if figure is None else "NOT MET"
    return Outcome(goal.what, goal.bound, goal.unit, goal.least, figure, state)
