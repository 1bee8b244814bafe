"""What was decided, and everything there is to say about it.

Rule 1: a decision holds the rules that matched, not copies of their words; text is made when somebody reads it.
Rule 2: no field ever holds the raw value of an argument. ``record`` is what may be stored, sent and shown.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from referee.model.names import SEVERITIES, SEVERITY_RANK, Verdict
from referee.model.programs import Change, Rule


class RuleError(msgspec.Struct, frozen=True, gc=False):
    """A rule whose condition could not be decided, and why."""

    id: str
    source: str
    why: str


class Redaction(msgspec.Struct, frozen=True, gc=False):
    """How many values of one kind were removed at one place."""

    path: str
    kind: str
    count: int


class Charge(msgspec.Struct, frozen=True, gc=False):
    """An amount to be drawn from a limit if the action happens, provided that no more than ``cap`` is used then."""

    limit: str
    amount: str
    cap: str


class Match(msgspec.Struct, frozen=True, gc=False):
    """A matched rule as shown to people. ``why`` lists one line per test that holds."""

    id: str
    action: str
    mode: str
    source: str
    severity: str | None = None
    message: str = ""
    why: tuple[str, ...] = ()


_WEIGHT: Final = {"low": 15, "medium": 40, "high": 70, "critical": 90}
_UNSTATED: Final = {
    "terminate": 90, "deny": 60, "require_approval": 40, "modify": 20, "redact": 20, "alert": 20, "label": 5, "log": 5, "allow": 0,
}  # fmt: skip
_DEFAULTS: Final = {"allow": 0, "require_approval": 40, "deny": 50, "terminate": 90}


class Decision(msgspec.Struct, frozen=True, gc=False):
    """The answer to one request.

    ``decision`` is the verdict. ``deciding`` are the rules that gave it (none: the default did), ``rules`` all that
    matched, ``would_have`` the observe rules that matched. The other fields are as in the language, §8.
    """

    decision: Verdict
    deciding: tuple[Rule, ...] = ()
    rules: tuple[Rule, ...] = ()
    would_have: tuple[Rule, ...] = ()
    errors: tuple[RuleError, ...] = ()
    problem: str = ""
    modifications: tuple[Change, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    charges: tuple[Charge, ...] = ()
    facts_used: tuple[str, ...] = ()
    signals: int = 0
    decision_id: str = ""
    action_id: str = ""
    timestamp: str = ""
    policy_digest: str = ""
    engine_version: str = ""
    evaluation_us: int = 0
    granted: str = ""

    def __repr__(self) -> str:
        return f"<Decision {self.decision}: {self.reason}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("decision", self.decision), ("reason", self.reason)]

    @property
    def allowed(self) -> bool:
        """Whether the action may happen now."""
        return self.decision == "allow"

    @property
    def policy_ids(self) -> tuple[str, ...]:
        """The rules that gave the verdict, in order of their names; empty if the default did."""
        return tuple(sorted({rule.id for rule in self.deciding}))

    @property
    def severity(self) -> str | None:
        """The highest severity that a matched rule states; at least high when an effect could not be carried out."""
        rank = max((SEVERITY_RANK[rule.severity] for rule in self.rules), default=-1)
        rank = max(rank, 2) if self.problem else rank
        return SEVERITIES[rank] if rank >= 0 else None

    @property
    def risk_score(self) -> int:
        """From 0 to 100: the weightiest matched rule, 5 for each further weighty one (at most 10), 10 × the highest signal.

        A severity weighs low 15, medium 40, high 70, critical 90; a rule without one weighs by its action: terminate 90,
        deny 60, approval 40, redact, modify and alert 20, log and label 5. A default deny weighs 50. The formula is ours.
        """
        weights = [
            _WEIGHT[r.severity] if r.severity else _UNSTATED[r.action] for r in self.rules if r.action != "allow"
        ]
        if not self.deciding:
            weights.append(_DEFAULTS[self.decision])
        if self.problem:
            weights.append(_WEIGHT["high"])
        weights.sort()
        top = weights.pop() if weights else 0
        further = 5 * sum(1 for weight in weights if weight >= 40)
        return min(100, top + min(further, 10) + self.signals)

    @property
    def reason(self) -> str:
        """Why, in one sentence for people who read logs."""
        if self.problem:
            return self.problem
        if self.granted:
            return f"approved ({self.granted})"
        if not self.deciding:
            if self.rules and self.decision == "allow":
                return "no rule forbids it"
            return "no rule matched; the default is to " + _VERBS[self.decision]
        rules = sorted(self.deciding, key=lambda rule: (rule.id, rule.source))
        named = ", ".join(f"`{rule.id}` ({rule.source})" for rule in rules[:3])
        more = f" and {len(rules) - 3} more" if len(rules) > 3 else ""
        said = next((rule.message or rule.name for rule in rules if rule.message or rule.name), "")
        return f"{_PAST[self.decision]} by {named}{more}" + (f": {said}" if said else "")

    @property
    def message(self) -> str:
        """What the agent is told: the messages of the deciding rules, or a plain sentence."""
        said = sorted({rule.message for rule in self.deciding if rule.message})
        if said and not self.problem:
            return "; ".join(said)
        return "" if self.decision == "allow" else self.reason

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who may approve: everyone that a deciding approval rule names."""
        return tuple(sorted({who for rule in self.deciding for who in rule.approvers}))

    @property
    def alerts(self) -> tuple[str, ...]:
        """The rules that raise an alert."""
        return tuple(sorted({rule.id for rule in self.rules if rule.action == "alert"}))

    @property
    def labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The session labels to add and to remove. What is not allowed removes none."""
        return self._labels("session")

    @property
    def value_labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The labels to put on values of the request, and to take off. What is not allowed takes none off."""
        return self._labels("value")

    def _labels(self, on: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        changes = [rule.labels for rule in self.rules if rule.labels is not None and rule.labels.on == on]
        added = {label for change in changes for label in change.add}
        removed = {label for change in changes for label in change.remove} if self.decision == "allow" else set[str]()
        return tuple(sorted(added)), tuple(sorted(removed - added))

    @property
    def matched(self) -> tuple[Match, ...]:
        """All matched rules, without the reasons; ``referee.engine.explain`` adds them."""
        return tuple(
            Match(r.id, r.action, r.mode, r.source, r.severity, r.message)
            for r in sorted((*self.rules, *self.would_have), key=lambda rule: (rule.source, rule.id))
        )

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON types, with every field of the language's §8."""
        added, removed = self.labels
        marked, endorsed = self.value_labels
        return {
            "decision_id": self.decision_id,
            "action_id": self.action_id,
            "timestamp": self.timestamp,
            "decision": self.decision,
            "policy_ids": list(self.policy_ids),
            "reason": self.reason,
            "message": self.message,
            "risk_score": self.risk_score,
            "severity": self.severity,
            "approvers": list(self.approvers),
            "redactions": [msgspec.to_builtins(redaction) for redaction in self.redactions],
            "modifications": [{"op": c.op, "path": ".".join(["args", *map(str, c.path)])} for c in self.modifications],
            "alerts": list(self.alerts),
            "labels": {"add": list(added), "remove": list(removed)},
            "value_labels": {"add": list(marked), "remove": list(endorsed)},
            "matched": [{**msgspec.to_builtins(match), "why": list(match.why)} for match in self.matched],
            "errors": [msgspec.to_builtins(error) for error in self.errors],
            "would_have": sorted({rule.id for rule in self.would_have}),
            "facts_used": list(self.facts_used),
            "charges": [msgspec.to_builtins(charge) for charge in self.charges],
            "policy_digest": self.policy_digest,
            "engine_version": self.engine_version,
            "evaluation_us": self.evaluation_us,
        }


_VERBS: Final = {"allow": "allow", "require_approval": "ask for approval", "deny": "deny", "terminate": "terminate"}
_PAST: Final = {
    "allow": "allowed",
    "require_approval": "approval required",
    "deny": "denied",
    "terminate": "terminated",
}
