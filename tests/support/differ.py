"""What two decisions have to agree on, and the smallest policies on which two ways of deciding do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from referee.model.decision import Decision
from referee.model.facts import Fact
from referee.model.programs import Policies, Rule
from referee.model.request import Request

Decide = Callable[[Policies, Request, Mapping[str, Fact]], Decision]


def essence(decision: Decision) -> dict[str, Any]:
    """Reduce a decision to what the language fixes; order and words that it leaves open are taken away."""
    return {
        "decision": decision.decision,
        "policy_ids": decision.policy_ids,
        "deciding": _rules(decision.deciding),
        "rules": _rules(decision.rules),
        "would_have": _rules(decision.would_have),
        "errors": sorted({(error.id, error.source) for error in decision.errors}),
        "problem": decision.problem != "",
        "modifications": [(change.op, change.path, repr(change.value)) for change in decision.modifications],
        "redactions": [(item.path, item.kind, item.count) for item in decision.redactions],
        "charges": sorted((charge.limit, Decimal(charge.amount), Decimal(charge.cap)) for charge in decision.charges),
        "labels": decision.labels,
        "value_labels": decision.value_labels,
        "marks": sorted({repr(rule.labels) for rule in decision.rules if rule.labels is not None}),
        "alerts": decision.alerts,
        "approvers": decision.approvers,
        "severity": decision.severity,
        "facts_used": decision.facts_used,
        "granted": decision.granted,
    }


def _rules(rules: tuple[Rule, ...]) -> list[tuple[str, str, int, str, str]]:
    return sorted({(rule.full, rule.source, rule.layer, rule.action, rule.message) for rule in rules})


def difference(one: Decision, other: Decision) -> dict[str, tuple[Any, Any]]:
    """Give the fields on which two decisions differ, with both values."""
    left, right = essence(one), essence(other)
    return {name: (left[name], right[name]) for name in left if left[name] != right[name]}


def shrunk(policies: Policies, request: Request, facts: Mapping[str, Fact], one: Decide, other: Decide) -> Policies:
    """Drop every rule and limit without which the two still differ."""
    for name in ("limits", "rules"):
        at = 0
        while at < len(getattr(policies, name)):
            parts = getattr(policies, name)
            smaller = msgspec.structs.replace(policies, **{name: parts[:at] + parts[at + 1 :]})
            if difference(one(smaller, request, facts), other(smaller, request, facts)):
                policies = smaller
            else:
                at += 1
    return policies


def told(policies: Policies, request: Request, facts: Mapping[str, Fact], one: Decide, other: Decide) -> str:
    """Tell the smallest difference, for a failing test."""
    small = shrunk(policies, request, facts, one, other)
    differing = difference(one(small, request, facts), other(small, request, facts))
    lines = [f"{name}: {left!r} != {right!r}" for name, (left, right) in differing.items()]
    parts: list[Any] = [*small.layers, *small.rules, *small.limits, request]
    relevant = sorted(facts.items())
    return "\n".join([*lines, *map(repr, parts), *(f"{name} = {fact!r}" for name, fact in relevant)])
