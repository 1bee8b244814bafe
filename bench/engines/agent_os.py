"""agent_os.policies.PolicyEvaluator of the Agent Governance Toolkit: one condition a rule, the first that fits decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agent_os.policies import PolicyDecision, PolicyDocument, PolicyEvaluator

from bench.timing import Decide, Read
from bench.workload import Rule


def _condition(rule: Rule) -> dict[str, Any]:
    if rule.tool is None:
        ((key, op, operand),) = rule.tests
        return {"field": key, "operator": op, "value": operand}
    if "*" in rule.tool:
        return {
            "field": "tool_name",
            "operator": "matches",
            "value": "^" + re.escape(rule.tool).replace(r"\*", ".*") + "$",
        }
    return {"field": "tool_name", "operator": "eq", "value": rule.tool}


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    said = [{"name": rule.name, "condition": _condition(rule), "action": "deny"} for rule in rules]
    document = PolicyDocument.model_validate({"name": "bench", "rules": said, "defaults": {"action": "allow"}})
    evaluate = PolicyEvaluator(policies=[document]).evaluate

    def ask(tool: str, args: dict[str, Any]) -> PolicyDecision:
        return evaluate({"tool_name": tool, **args})

    return ask, read


def read(decision: PolicyDecision) -> str | None:
    return None if decision.allowed else decision.matched_rule or decision.reason
