"""The report of a session, as JSON types.

Rule 1: no argument, result or text is in it; money is exact text.
Rule 2: the sums are over the whole session; ``decisions`` has the latest ones.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from referee.model.names import VERDICTS

if TYPE_CHECKING:
    from referee.enforce.book import Book
    from referee.enforce.desk import Desk
    from referee.enforce.outcome import Outcome
    from referee.model.programs import Limit

_KINDS: Final = {"tool_call": "tool", "http_request": "http", "model_call": "cost", "message": "message"}


def report(desk: Desk, book: Book) -> dict[str, Any]:
    """Sum up a session."""
    with book.lock:
        tally = book.tally
        budget = _budget(desk.loaded.program.limits)
        return {
            "session_id": book.run.id,
            "budget": None if budget is None else str(budget),
            "spent": str(tally.spent),
            "remaining": None if budget is None else str(max(Decimal(0), budget - tally.spent)),
            "terminated": desk.over(book) is not None,
            "labels": list(book.run.labels),
            "decision_summary": {
                **{verdict: tally.verdicts[verdict] for verdict in VERDICTS},
                "by_action_type": {_KINDS[kind]: count for kind, count in sorted(tally.kinds.items()) if count},
            },
            "cost_summary": {
                "by_action_type": {_KINDS[kind]: str(cost) for kind, cost in sorted(tally.costs.items())},
            },
            "policy_hits": {
                "denied_tools": sorted(tally.denied_tools),
                "denied_domains": sorted(tally.denied_hosts),
                "approval_required": sorted(tally.asked),
                "alerts": dict(sorted(tally.alerts.items())),
            },
            "decisions": [_entry(outcome) for outcome in book.outcomes],
        }


def _budget(limits: tuple[Limit, ...]) -> Decimal | None:
    """Return the least that a run may spend in all, if anything bounds that for everybody."""
    caps = [
        limit.cap.value
        for limit in limits
        if limit.measure == "spend" and limit.window == "run" and limit.mode == "enforce" and not limit.scopes
    ]
    return min(caps, default=None)


def _entry(outcome: Outcome) -> dict[str, Any]:
    request = outcome.request
    decision = outcome.decision
    return {
        "decision_id": decision.decision_id,
        "action_id": decision.action_id,
        "timestamp": decision.timestamp,
        "action_type": _KINDS[request.kind],
        "phase": request.phase,
        "tool": request.tool,
        "model": request.model,
        "cost": None if request.cost is None else str(request.cost),
        "decision": decision.decision,
        "reason": decision.reason,
        "policy_ids": list(decision.policy_ids),
        "risk_score": decision.risk_score,
        "approval_id": outcome.approval_id,
    }
