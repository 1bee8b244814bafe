"""The process in which one engine is built, asked and timed: JSON lines in, JSON lines out.

``{"do": "build", "workload": "exact", "count": 10}``, ``{"do": "answers", "turn": 0, "many": 64}``,
``{"do": "time", "turn": 1, "seconds": 0.3, "least": 50}``. What fails is answered as ``{"failed": "..."}``.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from typing import Any

from bench.timing import Decide, Read, measure
from bench.workload import REPEAT, WORKLOADS


def find(name: str) -> Any:
    """Import an engine: a module of ``bench.engines``, or ``package.module:name``."""
    module, _, inner = name.partition(":")
    found = importlib.import_module(module if "." in module else f"bench.engines.{module}")
    return getattr(found, inner) if inner else found


class Worker:
    """One engine, and the rules it holds at the moment."""

    def __init__(self, module: str) -> None:
        self.engine = find(module)
        self.decide: Decide | None = None
        self.read: Read | None = None
        self.workload, self.count = WORKLOADS["exact"], 0

    def build(self, workload: str, count: int) -> dict[str, Any]:
        """Load ``count`` rules into the engine."""
        gc.unfreeze()
        self.decide = self.read = None
        gc.collect()
        self.workload, self.count = WORKLOADS[workload], count
        rules = self.workload.rules(count)
        begin = time.perf_counter()
        self.decide, self.read = self.engine.build(rules)
        spent = time.perf_counter() - begin
        gc.collect()
        gc.freeze()
        return {"seconds": spent}

    def warm(self, seconds: float) -> dict[str, Any]:
        """Meet every rule once, or as many as fit: engines may put off work until a rule is met. Timed apart."""
        assert self.decide is not None
        assert self.read is not None
        return measure(self.decide, self.read, [self.workload.tour(self.count)], seconds, 1)

    def answers(self, turn: int, many: int) -> dict[str, Any]:
        """Decide ``many`` calls of a round, untimed."""
        assert self.decide is not None
        assert self.read is not None
        calls = self.workload.calls(self.count, turn, many)
        return {"answers": [self.read(self.decide(call.tool, call.args)) for call in calls]}

    def time(self, turn: int, seconds: float, least: int) -> dict[str, Any]:
        """Time calls of fresh rounds, beginning with ``turn``."""
        assert self.decide is not None
        assert self.read is not None
        rounds = (self.workload.calls(self.count, turn * REPEAT + part) for part in range(40))
        return measure(self.decide, self.read, rounds, seconds, least)


def serve(module: str) -> None:
    """Answer jobs until the input ends. What the engine prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker: Worker | None = None
    for line in sys.stdin:
        job = json.loads(line)
        try:
            worker = worker or Worker(module)
            reply = getattr(worker, job.pop("do"))(**job)
        except BaseException as problem:
            said = (str(problem).strip().splitlines() or [""])[0]
            reply = {"failed": f"{type(problem).__name__}: {said}"[:300]}
        out.write(json.dumps(reply) + "\n")
        out.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
