"""agentpolicy's block set: exact tool names only; it names the tool, not a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agentpolicy import AgentPolicy
from agentpolicy.types import Action, ActionType, Decision, DecisionType

from bench.timing import Decide, Read
from bench.workload import Rule


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    names = {rule.tool: rule.name for rule in rules}
    evaluate = AgentPolicy(blocked_tools=[str(rule.tool) for rule in rules]).session().evaluate
    tool_action = ActionType.TOOL

    def ask(tool: str, args: dict[str, Any]) -> Decision:
        return evaluate(Action(action_type=tool_action, tool_name=tool, metadata=args))

    def read(decision: Decision) -> str | None:
        return None if decision.decision_type == DecisionType.ALLOW else names[decision.action.tool_name]

    return ask, read
