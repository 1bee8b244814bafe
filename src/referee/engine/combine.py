"""From matched rules to a verdict: layers, priority, specificity, and what an error does.

Rule 1: in a layer any ``terminate``, then any ``deny``, decides; then the highest of ``allow`` and ``require_approval``,
        the stricter among equals; then the default, which speaks only before the action.
Rule 2: the strictest layer wins.
Rule 3: a rule in error counts as matched or not matched, whichever is stricter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from referee.model.names import STRICTNESS, Verdict
from referee.model.programs import Layer, Limit, Rule, Threshold

GRANTS: Final = ("allow", "require_approval")


class Found(msgspec.Struct):
    """What a request brought up, before it is weighed.

    ``tightening`` are rules that turn an allowed action into a question but never grant: limits, and denials in error
    that ask for approval instead; ``counted`` are the approval rules in error that made a layer stricter.
    """

    matched: list[Rule]
    in_error: list[Rule]
    tightening: list[Rule]
    counted: list[Rule] = []


def key(rule: Rule) -> tuple[int, str, str, str, str]:
    """Order rules by layer, file, name and place."""
    return rule.layer, rule.file, rule.id, rule.source, rule.action


def ordered(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Sort rules and drop repetitions."""
    return tuple({(*key(rule), rule.labels): rule for rule in sorted(rules, key=key)}.values())


def settle_errors(matched: list[Rule], in_error: Iterable[Rule], tightening: list[Rule]) -> tuple[Found, list[Rule]]:
    """Count every rule in error the stricter way; return also the ``modify`` and ``redact`` rules at fault."""
    found = Found(matched, [], tightening)
    at_fault: list[Rule] = []
    for rule in in_error:
        if rule.action in ("modify", "redact"):
            at_fault.append(rule)
        elif rule.action == "require_approval":
            found.in_error.append(rule)
        elif rule.action in ("deny", "terminate") and rule.on_error == "require_approval":
            tightening.append(rule)
        elif rule.action == "label":
            labels = rule.labels and msgspec.structs.replace(rule.labels, remove=(), sure=False)
            matched.append(msgspec.structs.replace(rule, labels=labels))
        elif rule.action != "allow":
            matched.append(rule)
    return found, at_fault


def combine(layers: Sequence[Layer], kind: str, phase: str, found: Found) -> tuple[Verdict, list[Rule]]:
    """Return the verdict over all layers and the rules that gave it."""
    overall: Verdict = "allow"
    deciding: list[Rule] = []
    for number, layer in enumerate(layers):
        verdict, rules = _layer(number, layer, kind, phase, found)
        if STRICTNESS[verdict] > STRICTNESS[overall]:
            overall, deciding = verdict, rules
        elif verdict == overall:
            deciding = deciding + rules
    return overall, deciding


def _layer(number: int, layer: Layer, kind: str, phase: str, found: Found) -> tuple[Verdict, list[Rule]]:
    default: Verdict = layer.defaults.get(kind, "deny") if phase == "pre" else "allow"
    matched = [rule for rule in found.matched if rule.layer == number]
    verdict, deciding = decide_layer(matched, default)
    doubtful = [rule for rule in found.in_error if rule.layer == number]
    if doubtful:
        other, others = decide_layer(matched + doubtful, default)
        if STRICTNESS[other] > STRICTNESS[verdict]:
            verdict, deciding = other, others
            found.counted += [rule for rule in doubtful if rule in others]
    tightening = [rule for rule in found.tightening if rule.layer == number]
    if tightening and verdict == "allow":
        return "require_approval", tightening
    return verdict, deciding


def decide_layer(matched: Sequence[Rule], default: Verdict) -> tuple[Verdict, list[Rule]]:
    """Return the verdict of one layer and the rules that gave it."""
    for verdict in ("terminate", "deny"):
        refusing = [rule for rule in matched if rule.action == verdict]
        if refusing:
            return ("terminate" if default == "terminate" else verdict), refusing
    granting = [rule for rule in matched if rule.action in GRANTS]
    if not granting:
        return default, []
    top = max((rule.priority, rule.specificity) for rule in granting)
    best = [rule for rule in granting if (rule.priority, rule.specificity) == top]
    asking = [rule for rule in best if rule.action == "require_approval"]
    return ("require_approval", asking) if asking else ("allow", best)


def stricter(
    first: tuple[Verdict, Sequence[Rule]], second: tuple[Verdict, Sequence[Rule]]
) -> tuple[Verdict, Sequence[Rule]]:
    """Return the stricter of two verdicts; equal ones unite their rules."""
    if first[0] == second[0]:
        return first[0], (*first[1], *second[1])
    return max(first, second, key=lambda answer: STRICTNESS[answer[0]])


def as_rule(limit: Limit, threshold: Threshold | None = None) -> Rule:
    """Show a limit that was reached as a rule that matched."""
    return Rule(
        id=limit.id,
        file=limit.file,
        source=limit.source,
        layer=limit.layer,
        mode=limit.mode,
        action=threshold.action if threshold else limit.action,
        severity=limit.severity,
        name=limit.name,
        message=(threshold.message if threshold else "") or limit.message,
        approvers=limit.approvers,
    )
