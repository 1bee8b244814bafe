"""How a call is timed. Standard library only; runs inside the environments of the peers.

Rule 1: the clock's own cost is subtracted; what is timed goes from the agent's plain values to the engine's decision.
Rule 2: every answer of a timed call is compared with the right one afterwards, outside the timed stretch.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bench.workload import Call


def overhead() -> int:
    """Measure what reading the clock twice costs, in nanoseconds."""
    clock = time.perf_counter_ns
    spent = []
    for _ in range(2_000):
        begin = clock()
        spent.append(clock() - begin)
    return sorted(spent)[len(spent) // 2]


def quantile(values: Sequence[float], share: float) -> float:
    """Take the value below which ``share`` of the values lie (nearest rank).

    >>> quantile([3, 1, 2, 4], 0.5), quantile([1, 2, 3, 4], 0.99)
    (2, 4)
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1_000) * len(ordered) // 1_000) - 1))]


Decide = Callable[[str, dict[str, Any]], Any]
Read = Callable[[Any], str | None]


def measure(decide: Decide, read: Read, rounds: Iterable[Iterable[Call]], seconds: float, least: int) -> dict[str, Any]:
    """Time calls until ``seconds`` are spent in them and at least ``least`` are timed, or the rounds are at an end."""
    clock, cost = time.perf_counter_ns, overhead()
    hits: list[int] = []
    misses: list[int] = []
    wrong: list[str] = []
    left = int(seconds * 1e9)
    for calls in rounds:
        fresh = list(calls)
        gc.collect()
        for call in fresh:
            tool, args = call.tool, call.args
            begin = clock()
            outcome = decide(tool, args)
            spent = clock() - begin - cost
            (misses if call.expected is None else hits).append(max(spent, 0))
            got = read(outcome)
            if got != call.expected:
                wrong.append(f"{call.tool}: {got} instead of {call.expected}")
            left -= spent
            if left < 0 and len(hits) + len(misses) >= least:
                break
        if left < 0 and len(hits) + len(misses) >= least:
            break
    every = hits + misses
    return {
        "calls": len(every),
        "wrong": len(wrong),
        "example": wrong[0] if wrong else "",
        "mean": sum(every) / len(every) / 1_000,
        "p50": quantile(every, 0.5) / 1_000,
        "p99": quantile(every, 0.99) / 1_000,
        "hit": quantile(hits, 0.5) / 1_000 if hits else None,
        "miss": quantile(misses, 0.5) / 1_000 if misses else None,
    }
