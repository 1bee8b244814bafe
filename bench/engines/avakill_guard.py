"""avakill's Guard, its whole pipeline, with its defaults: self-protection on, no audit logger, no rate limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from avakill.core.engine import Guard
from avakill.core.models import Decision

from bench.engines.avakill_engine import config, read
from bench.timing import Decide, Read
from bench.workload import Rule


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    evaluate = Guard(policy=config(rules), agent_id="bench").evaluate

    def ask(tool: str, args: dict[str, Any]) -> Decision:
        return evaluate(tool, args)

    return ask, read
