"""Cedar through cedarpy: policy set and entities parsed once, a request a call; every policy is looked at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cedarpy import AuthzResult, Entities, PolicySet, is_authorized

from bench.timing import Decide, Read
from bench.workload import Rule

_TESTS = {"eq": "{} == {}", "gt": "{} > {}", "lt": "{} < {}", "prefix": "{} like {}"}


def _policy(rule: Rule) -> str:
    resource, parts = "resource", []
    if rule.tool is not None and "*" in rule.tool:
        parts.append(f"context.tool like {json.dumps(rule.tool)}")
    elif rule.tool is not None:
        resource = f"resource == Tool::{json.dumps(rule.tool)}"
    for key, op, operand in rule.tests:
        right = json.dumps(operand + "*" if op == "prefix" else operand)
        parts.append(_TESTS[op].format(f"context.args.{key}", right))
    when = f" when {{ {' && '.join(parts)} }}" if parts else ""
    return f"@id({json.dumps(rule.name)})\nforbid (principal, action, {resource}){when};"


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    policies = PolicySet.from_str("permit (principal, action, resource);\n" + "\n".join(map(_policy, rules)))
    entities = Entities.from_json_str("[]")
    principal, action = {"type": "Agent", "id": "bench"}, {"type": "Action", "id": "call"}

    def ask(tool: str, args: dict[str, Any]) -> AuthzResult:
        request = {
            "principal": principal,
            "action": action,
            "resource": {"type": "Tool", "id": tool},
            "context": {"tool": tool, "args": args},
        }
        return is_authorized(request, policies, entities)

    return ask, read


def read(result: AuthzResult) -> str | None:
    if result.allowed:
        return None
    return ",".join(result.diagnostics.id_annotations_by_reason.values()) or str(result.diagnostics.errors)
