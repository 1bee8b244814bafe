"""What a policy does, for people and as data: its defaults, its rules by action, its limits."""

from __future__ import annotations

from typing import Any, Final

from referee.cli import wording
from referee.cli.render import bold, dim, paint
from referee.model.names import KINDS
from referee.model.programs import All, Any_, Condition, Limit, Policies, Rule, Test

_VERDICTS: Final = {"allow": "allow", "deny": "deny", "terminate": "deny", "require_approval": "require_approval"}
_NAMING: Final = ("eq", "in", "glob", "host")
_ORDER: Final = ("terminate", "deny", "require_approval", "allow", "modify", "redact", "alert", "label", "log")


def summary(policies: Policies) -> dict[str, Any]:
    """Sum a policy up as JSON types."""
    return {
        "digest": policies.digest,
        "layers": [{"name": layer.name, "defaults": dict(layer.defaults)} for layer in policies.layers],
        "tools": _named(policies, "tool"),
        "hosts": _named(policies, "http.host"),
        "budget": {limit.full: limit.cap.text for limit in policies.limits if limit.measure == "spend"},
        "counts": {action: len(found) for action, found in _by_action(policies).items()},
        "rules": [_rule(rule) for rule in policies.rules],
        "limits": [_limit(limit) for limit in policies.limits],
    }


def _named(policies: Policies, attribute: str) -> dict[str, list[str]]:
    """List the names that the rules of an action name outright; what else they ask is in the rules."""
    found: dict[str, list[str]] = {}
    for rule in policies.rules:
        if rule.mode == "enforce" and rule.action in _VERDICTS:
            names = found.setdefault(_VERDICTS[rule.action], [])
            names += [name for name in _texts(rule.when, attribute) if name not in names]
    return {verdict: sorted(names) for verdict, names in found.items() if names}


def _texts(condition: Condition, attribute: str) -> list[str]:
    if isinstance(condition, (All, Any_)):
        return [text for part in condition.parts for text in _texts(part, attribute)]
    if (
        not isinstance(condition, Test)
        or condition.op not in _NAMING
        or wording.attribute(condition.attribute) != attribute
    ):
        return []
    operand = condition.operand if isinstance(condition.operand, tuple) else (condition.operand,)
    return [text for text in operand if isinstance(text, str)]


def _by_action(policies: Policies) -> dict[str, list[Rule]]:
    found = {action: [rule for rule in policies.rules if rule.action == action] for action in _ORDER}
    return {action: rules for action, rules in found.items() if rules}


def _rule(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": rule.id, "name": rule.name, "file": rule.file, "source": rule.source, "action": rule.action, "mode": rule.mode,
        "when": wording.condition(rule.when), "unless": None if rule.unless == Any_() else wording.condition(rule.unless),
        "scope": [wording.scope(scope) for scope in rule.scopes], "phases": list(rule.phases), "kinds": list(rule.kinds),
        "priority": rule.priority, "severity": rule.severity, "message": rule.message, "approvers": list(rule.approvers),
        "references": list(rule.references),
    }  # fmt: skip
    return said


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "id": limit.id, "file": limit.file, "source": limit.source, "measure": limit.measure, "cap": limit.cap.text,
        "per": limit.per, "window": limit.window, "action": limit.action, "when": wording.condition(limit.when),
        "message": limit.message, "thresholds": [{"at": t.at.text, "action": t.action} for t in limit.thresholds],
    }  # fmt: skip


def lines(policies: Policies) -> list[str]:
    """Sum a policy up for people."""
    said: list[str] = []
    for layer in policies.layers:
        defaults = layer.defaults
        name = f"{bold('Default')}" + (f" of layer {layer.name}" if len(policies.layers) > 1 else "")
        if len(set(defaults.values())) == 1:
            verdict = next(iter(defaults.values()))
            said.append(f"{name}: {paint(verdict, verdict)}")
        else:
            said.append(f"{name}: " + ", ".join(f"{kind} {paint(defaults[kind], defaults[kind])}" for kind in KINDS))
    for action, rules in _by_action(policies).items():
        said += ["", f"{paint(action, action)} ({len(rules)})"]
        for rule in rules:
            said += _said(rule)
    if policies.limits:
        said += ["", f"{bold('limits')} ({len(policies.limits)})"]
    for limit in policies.limits:
        said += [f"  {bold(limit.id)}  {dim(limit.source)}", f"    {wording.limit(limit)}, else {limit.action}"]
        if wording.matters(limit) != "always":
            said.append(f"    counts: {wording.matters(limit)}")
        said += [f"    from {threshold.at.text}: {threshold.action}" for threshold in limit.thresholds]
    return said


def _said(rule: Rule) -> list[str]:
    mode = "" if rule.mode == "enforce" else f"  [{rule.mode}]"
    said = [f"  {bold(rule.id)}  {dim(rule.source)}{mode}", f"    when {wording.matters(rule)}"]
    if rule.approvers:
        said.append(f"    approvers: {', '.join(rule.approvers)}")
    if rule.message:
        said.append(f"    says: {rule.message}")
    return said
