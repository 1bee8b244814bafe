"""Referee's pure function: a request is made from the call and decided. All matched rules are reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.timing import Decide, Read
from bench.workload import Rule, as_policy
from referee.engine.evaluate import decide
from referee.engine.program import Program
from referee.language.compile import Source, compile_policies
from referee.model.decision import Decision
from referee.model.facts import Facts
from referee.model.request import Request


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    program = Program.build(compile_policies([Source("bench.yaml", as_policy(rules))]))
    tool_call = Request.tool_call
    nothing: Facts = {}

    def ask(tool: str, args: dict[str, Any]) -> Decision:
        return decide(program, tool_call(tool, args), nothing)

    return ask, read


def read(decision: Decision) -> str | None:
    """Name the denying rule; an error or two deciding rules are a wrong answer."""
    if decision.allowed and not decision.errors:
        return None
    return ",".join(decision.policy_ids) if decision.decision == "deny" else decision.reason
