"""``python -m bench.run``: measure Referee beside its peers and against its goals, in one run."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from bench import probes
from bench.goals import Run, judge
from bench.peers import DECIDE, ENGINES, SESSION, Absent, Engine, interpreter
from bench.race import Effort, race
from bench.report import goal_lines, probe_lines, race_tables, remark_lines, split_table
from bench.workload import WORKLOADS

PARTS: Final = (*WORKLOADS, *probes.SHOWN)
SIZES: Final = (10, 100, 1_000, 10_000)
QUICK: Final = Effort(repeats=1, seconds=0.1, least=30, warming=0.5, checked=32)


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    reader = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    reader.add_argument("--quick", action="store_true", help="one short repeat, 10 and 1 000 rules: for orientation")
    reader.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured to FILE")
    reader.add_argument(
        "--only", action="append", choices=PARTS, metavar="PART", help=f"one of {', '.join(PARTS)}; repeat for more"
    )
    reader.add_argument(
        "--engine", action="append", metavar="WORD", help="only Referee and the engines whose name contains WORD"
    )
    reader.add_argument("--no-peers", action="store_true", help="only Referee")
    reader.add_argument(
        "--rules", type=int, action="append", metavar="N", help="numbers of rules (10, 100, 1 000, 10 000)"
    )
    return reader.parse_args(words)


def chosen(options: argparse.Namespace) -> list[Engine]:
    """Pick the engines that take part."""
    words = options.engine or [""]
    own = (DECIDE, SESSION)
    peers = [] if options.no_peers else [one for one in ENGINES if any(word in one.name for word in words)]
    return [engine for engine in ENGINES if engine in own or engine in peers]


def present(engines: Sequence[Engine]) -> list[Engine]:
    """Make the environments that are missing; say which engines are absent."""
    there = []
    for engine in engines:
        try:
            interpreter(engine.pins)
        except Absent as reason:
            print(f"absent: {engine.name}: {reason}")
        else:
            there.append(engine)
    return there


def probe(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Run probes; what fails is kept as ``failed``."""
    results: dict[str, dict[str, Any]] = {}
    for name in names:
        tell(name)
        try:
            results[name] = probes.run(name)
        except probes.Broken as reason:
            results[name] = {"failed": str(reason)}
    return results


def tell(what: str) -> None:
    """Say on standard error what is being measured."""
    print(f"… {what}", file=sys.stderr, flush=True)


def machine() -> dict[str, Any]:
    """Describe where the run took place."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        "at": time.strftime("%Y-%m-%d %H:%M:%S %z"),
    }


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and write them as JSON if asked. The exit code is 0 whatever the figures are."""
    options = arguments(words)
    parts = options.only or PARTS
    effort = QUICK if options.quick else Effort()
    sizes = sorted(options.rules or ((10, 1_000) if options.quick else SIZES))
    where = machine()
    print("Referee's bench: Python {python}, {system}, {processors} processors, load {load:.1f}, {at}".format(**where))
    workloads = [part for part in parts if part in WORKLOADS]
    cells = race(present(chosen(options)), workloads, sizes, effort, tell) if workloads else []
    run = Run(cells, probe([part for part in parts if part in probes.SHOWN]))
    outcomes = judge(run)
    for lines in (race_tables(run), remark_lines(run), split_table(run), probe_lines(run.probes), goal_lines(outcomes)):
        print("\n".join(lines), flush=True)
    if options.json:
        everything = {"machine": where, "effort": effort, "cells": cells, "probes": run.probes, "goals": outcomes}
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(everything)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
