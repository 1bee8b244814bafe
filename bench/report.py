"""What a run measured, as text for a terminal. Times in microseconds, ratios over Referee's ``decide``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.goals import Outcome, Run
from bench.peers import DECIDE, ENGINES, GUARD, SESSION
from bench.race import Cell
from bench.workload import WORKLOADS


def number(value: float | None) -> str:
    """Write a number with three digits that matter.

    >>> [number(value) for value in (0.5312, 12.345, 5152.2, 99.97, None)]
    ['0.531', '12.3', '5 152', '100', '-']
    """
    if value is None:
        return "-"
    if value >= 99.95:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}" if value >= 0.9995 else f"{value:.3f}"


def times(value: float) -> str:
    """Write a ratio so that a small one reads as a fraction.

    >>> times(0.004), times(1.25), times(0.7)
    ('1/250', '1.25x', '0.700x')
    """
    return f"1/{number(1 / value)}" if 0 < value < 0.5 else f"{number(value)}x"


def table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Set rows in columns: the first to the left, the others to the right; the first row is a heading."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for place, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()
        if place == 0:
            yield "  ".join("─" * width for width in widths)


def race_tables(run: Run) -> Iterable[str]:
    """Draw a table for each workload: p50 and p99 by number of rules, and the ratio to Referee's p50."""
    for name, workload in WORKLOADS.items():
        cells = [cell for cell in run.cells if cell.workload == name]
        if not cells:
            continue
        sizes = sorted({cell.rules for cell in cells})
        rows = [["", *(f"{_thousands(size)} rules" for size in sizes)]]
        notes: list[str] = []
        for engine in ENGINES:
            mine = {cell.rules: cell for cell in cells if cell.engine == engine.name}
            if not mine:
                continue
            base = SESSION.name if engine in (SESSION, GUARD) else DECIDE.name
            rows.append([engine.name, *(_figures(run, base, mine[size]) if size in mine else "-" for size in sizes)])
            notes += _notes(engine.name, mine.values())
        yield f"\n{name}: {workload.about} (p50 (p99) in µs, times Referee's p50)"
        yield from table(rows)
        yield from notes


def _notes(name: str, cells: Iterable[Cell]) -> Iterable[str]:
    """Say why times are missing; the same reason at several sizes is said once."""
    sizes: dict[str, list[str]] = {}
    for cell in cells:
        if cell.note:
            sizes.setdefault(cell.note, []).append(_thousands(cell.rules))
    for note, those in sizes.items():
        yield f"  {name}, {', '.join(those)} rules: {note}"


def _thousands(count: int) -> str:
    return f"{count:,}".replace(",", " ")


def _figures(run: Run, base: str, cell: Cell) -> str:
    if cell.p50 is None:
        return "-"
    own = run.time(base, cell.workload, cell.rules)
    over = f" {number(cell.p50 / own)}x" if own and cell.engine != base else ""
    return f"{number(cell.p50)} ({number(cell.p99)}){over}"


def remark_lines(run: Run) -> Iterable[str]:
    """Say of each engine what its row cannot."""
    there = {cell.engine for cell in run.cells}
    remarks = [f"  {engine.name}: {engine.remark}" for engine in ENGINES if engine.name in there and engine.remark]
    return ["", *remarks] if remarks else []


def split_table(run: Run) -> Iterable[str]:
    """Draw Referee's calls that match a rule and those that match none."""
    mine = [cell for cell in run.cells if cell.engine in (DECIDE.name, SESSION.name) and cell.p50 is not None]
    if mine:
        yield "\nReferee, calls that match a rule, match none (p50 µs), all (mean), first to meet a rule (p50), and loading the rules (ms)"
        yield from table(
            [["", "rules", "match", "none", "mean", "first", "load"]]
            + [
                [
                    f"{c.engine}, {c.workload}",
                    _thousands(c.rules),
                    number(c.hit),
                    number(c.miss),
                    number(c.mean),
                    number(c.first),
                    number((c.build or 0) * 1_000),
                ]
                for c in mine
            ]
        )


def probe_lines(probes: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """Write what the probes gave, one line each."""
    if probes:
        yield "\nReferee alone"
    for name, result in probes.items():
        said = result.get("failed")
        parts = [f"{key} {number(value)}" for key, value in result.items() if key != "failed"]
        yield f"  {name}: " + (f"not measured: {said}" if said else ", ".join(parts))


def goal_lines(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """Draw the table of goals."""
    rows = [["goals", "bound", "figure", ""]]
    for outcome in outcomes:
        bound = ("≥ " if outcome.least else "≤ ") + _with_unit(outcome.bound, outcome.unit)
        figure = "-" if outcome.figure is None else _with_unit(outcome.figure, outcome.unit)
        rows.append([outcome.what, bound, figure, outcome.state])
    yield ""
    yield from table(rows)
    met = sum(outcome.state == "met" for outcome in outcomes)
    yield f"{met} of {len(outcomes)} met"


def _with_unit(value: float, unit: str) -> str:
    return times(value) if unit == "x" else f"{number(value)} {unit}"
