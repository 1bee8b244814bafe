"""The rules as a Rego module: a set of the names of the rules that deny."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bench.workload import Rule

_TESTS = {"eq": "{} == {}", "gt": "{} > {}", "lt": "{} < {}", "prefix": "startswith({}, {})"}


def module(rules: Sequence[Rule]) -> str:
    """Write the module."""
    return "package bench\n\n" + "\n".join(map(_rule, rules)) + "\n"


def _rule(rule: Rule) -> str:
    parts = []
    if rule.tool is not None and "*" in rule.tool:
        parts.append(f"startswith(input.tool, {json.dumps(rule.tool.rstrip('*'))})")
    elif rule.tool is not None:
        parts.append(f"input.tool == {json.dumps(rule.tool)}")
    parts += [_TESTS[op].format(f"input.args.{key}", json.dumps(operand)) for key, op, operand in rule.tests]
    return f"deny contains {json.dumps(rule.name)} if {{ {'; '.join(parts)} }}"
