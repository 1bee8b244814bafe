"""A plain loop over the rules in Python, the first that fits decides: what an afternoon's work gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.timing import Decide, Read
from bench.workload import Call, Rule, answer


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    def ask(tool: str, args: dict[str, Any]) -> str | None:
        return answer(rules, Call(tool, args, None))

    return ask, lambda outcome: outcome
