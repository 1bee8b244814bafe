"""avakill's PolicyEngine: rules in order, the first that fits decides. Argument conditions are substrings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from avakill.core.models import Decision, ToolCall
from avakill.core.policy import PolicyEngine

from bench.timing import Decide, Read
from bench.workload import Rule


def config(rules: Sequence[Rule]) -> dict[str, Any]:
    """Write the rules in avakill's form."""
    return {"version": "1.0", "default_action": "allow", "policies": [_rule(rule) for rule in rules]}


def _rule(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {"name": rule.name, "tools": [rule.tool or "all"], "action": "deny"}
    if rule.tests:
        said["conditions"] = {"args_match": {key: [operand] for key, _, operand in rule.tests}}
    return said


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    evaluate = PolicyEngine.from_dict(config(rules)).evaluate

    def ask(tool: str, args: dict[str, Any]) -> Decision:
        return evaluate(ToolCall(tool_name=tool, arguments=args))

    return ask, read


def read(decision: Decision) -> str | None:
    return None if decision.allowed else decision.policy_name or decision.reason
