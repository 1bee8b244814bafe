"""JSONLogic through datalogic-py: all rules in one compiled ``if``, a session that reuses its memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datalogic_py import Engine

from bench.timing import Decide, Read
from bench.workload import Rule

_OPERATORS = {"eq": "===", "gt": ">", "lt": "<", "prefix": "starts_with"}


def _condition(rule: Rule) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    if rule.tool is not None:
        glob = rule.tool.endswith("*")
        parts.append({"starts_with" if glob else "===": [{"var": "tool"}, rule.tool.rstrip("*")]})
    parts += [{_OPERATORS[op]: [{"var": f"args.{key}"}, operand]} for key, op, operand in rule.tests]
    return parts[0] if len(parts) == 1 else {"and": parts}


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    engine = Engine()
    branches = [part for rule in rules for part in (_condition(rule), rule.name)]
    compiled = engine.compile({"if": [*branches, None]})
    evaluate = engine.session().evaluate

    def ask(tool: str, args: dict[str, Any]) -> str | None:
        return evaluate(compiled, {"tool": tool, "args": args})

    return ask, lambda outcome: outcome
