"""Referee's whole pipeline: ``session.check_tool`` with a limit, a counter in a condition, and the audit journal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.engines import referee_decide
from bench.timing import Decide, Read
from bench.workload import Rule, as_policy
from referee import Denied, Outcome, Policy

LIMIT = """limits:
  - {id: daily, calls: 1000000000, per: agent, window: 1d}"""
COUNTER = "  - {id: burst, when: {counter.tool_calls_in_run: {gt: 1000000000}}, action: deny}\n"


def build(rules: Sequence[Rule], parts: Sequence[str] = ("limit", "counter", "journal")) -> tuple[Decide, Read]:
    folder = TemporaryDirectory(prefix="referee-bench-")
    text = as_policy(rules, LIMIT if "limit" in parts else "") + (COUNTER if "counter" in parts else "")
    policy = Policy.load(text, journal=Path(folder.name) / "audit.jsonl" if "journal" in parts else None)
    check = policy.session(agent="bench").check_tool

    def ask(tool: str, args: dict[str, Any]) -> Outcome | Denied:
        try:
            return check(tool, args)
        except Denied as refusal:
            return refusal

    def read(outcome: Outcome | Denied) -> str | None:
        assert Path(folder.name).is_dir(), "the folder of the journal lives as long as the session"
        return referee_decide.read(outcome.decision)

    return ask, read
