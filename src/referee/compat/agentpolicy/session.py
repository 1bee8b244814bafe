"""The session of the AgentPolicy form.

Rule 1: ``approved=True`` answers a question about this one call; it never lifts a refusal.
Rule 2: a cost that is not a finite number, or negative, is refused.
"""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from types import TracebackType
from typing import Any, Final, ParamSpec, Self, TypeVar
from urllib.parse import urlsplit

from referee.compat.agentpolicy.exceptions import ApprovalRequired, PolicyDenied
from referee.compat.agentpolicy.types import Action, ActionType, Decision, DecisionType, generate_session_id
from referee.enforce.outcome import Outcome
from referee.enforce.policies import Policy
from referee.errors import InvalidRequest
from referee.facets.hosts import normal_host
from referee.model import decision as model
from referee.model.request import Request, money

P = ParamSpec("P")
R = TypeVar("R")

_VERDICTS: Final = {
    "allow": DecisionType.ALLOW,
    "require_approval": DecisionType.REQUIRE_APPROVAL,
    "deny": DecisionType.DENY,
    "terminate": DecisionType.DENY,
}
_ALLOWED: Final = "Action allowed"
_APPROVER: Final = "the caller of approved=True"


class PolicySession:
    """The actions of one agent run, each decided and recorded."""

    def __init__(self, policy: Policy, budget: Decimal | None = None, session_id: str | None = None) -> None:
        self._policy = policy
        self._budget = budget
        self._session_id = session_id or generate_session_id()
        self._session = policy.session()
        self._decisions: list[Decision] = []
        self._started: float | None = None
        self._ended: float | None = None

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = time.monotonic()
        self._session.close()

    @property
    def session_id(self) -> str:
        """The name of the session."""
        return self._session_id

    @property
    def spent(self) -> float:
        """What the allowed actions cost, in dollars."""
        return float(self._session.spent)

    @property
    def remaining(self) -> float:
        """What is left of the budget, in dollars; 0.0 without a budget, as in the original."""
        return float(max(Decimal(0), (self._budget or Decimal(0)) - self._session.spent))

    @property
    def decisions(self) -> list[Decision]:
        """All decisions that were enforced, oldest first."""
        return list(self._decisions)

    def evaluate(self, action: Action, approved: bool = False) -> Decision:  # noqa: FBT001, FBT002 - the original's call
        """Return what would be decided; nothing is recorded or spent."""
        try:
            request = _request(action)
        except InvalidRequest as problem:
            return Decision(DecisionType.DENY, str(problem), action)
        found = self._session.evaluate(request)
        if approved is True and found.decision == "require_approval" and not found.approvers:
            return Decision(DecisionType.ALLOW, _ALLOWED, action)
        return _decision(found, action)

    def enforce(self, action: Action, approved: bool = False) -> Decision:  # noqa: FBT001, FBT002 - the original's call
        """Decide an action, record the decision, and raise unless it is allowed.

        Raises:
            PolicyDenied: the action is refused.
            ApprovalRequired: the action needs ``approved=True``.
        """
        decision = self._decided(action, approved=approved)
        self._decisions.append(decision)
        if decision.decision_type is DecisionType.DENY:
            raise PolicyDenied(decision.reason)
        if decision.decision_type is DecisionType.REQUIRE_APPROVAL:
            raise ApprovalRequired(decision.reason)
        return decision

    def _decided(self, action: Action, *, approved: bool) -> Decision:
        try:
            request = _request(action)
        except InvalidRequest as problem:
            return Decision(DecisionType.DENY, str(problem), action)
        if approved is not True:
            found = self._session.evaluate(request)
            if found.decision == "require_approval":
                return _decision(found, action)
        outcome = self._session.decide(request)
        if outcome.verdict == "require_approval" and outcome.approval_id is not None:
            outcome = self._approved(request, outcome, outcome.approval_id, granted=approved is True)
        return _decision(outcome.decision, action)

    def _approved(self, request: Request, asked: Outcome, question: str, *, granted: bool) -> Outcome:
        """Answer a question as the caller, who has no role, and take back what the answer did not serve."""
        approvals = self._policy.approvals
        try:
            if granted:
                approvals.approve(question, by=_APPROVER)
                asked = self._session.decide(request)
        except InvalidRequest:
            granted = False
        if approvals.get(question).state in ("pending", "approved"):
            approvals.revoke(question)
        return asked

    def check_tool(
        self,
        tool_name: str,
        cost: float = 0.0,
        metadata: dict[str, Any] | None = None,
        approved: bool = False,  # noqa: FBT001, FBT002 - the original's call
    ) -> Decision:
        """Decide a tool call. Raises as ``enforce``."""
        return self.enforce(
            Action(ActionType.TOOL, tool_name=tool_name, cost=cost, metadata=metadata), approved=approved
        )

    def check_http(
        self,
        url: str,
        cost: float = 0.0,
        metadata: dict[str, Any] | None = None,
        approved: bool = False,  # noqa: FBT001, FBT002 - the original's call
    ) -> Decision:
        """Decide an HTTP request. Raises as ``enforce``."""
        action = Action(ActionType.HTTP, url=url, domain=_domain(url), cost=cost, metadata=metadata)
        return self.enforce(action, approved=approved)

    def check_cost(
        self,
        cost: float,
        source: str = "llm",
        metadata: dict[str, Any] | None = None,
        approved: bool = False,  # noqa: FBT001, FBT002 - the original's call
    ) -> Decision:
        """Decide an expense, such as a call of a model. Raises as ``enforce``."""
        return self.enforce(Action(ActionType.COST, source=source, cost=cost, metadata=metadata), approved=approved)

    def guard_tool(
        self,
        tool_name: str | None = None,
        cost: float = 0.0,
        metadata: dict[str, Any] | None = None,
        approved: bool = False,  # noqa: FBT001, FBT002 - the original's call
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Decorate a function: each call is decided before it runs."""

        def decorate(function: Callable[P, R]) -> Callable[P, R]:
            name = tool_name or function.__name__

            @functools.wraps(function)
            def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
                self.check_tool(name, cost=cost, metadata=metadata, approved=approved)
                return function(*args, **kwargs)

            return guarded

        return decorate

    def report(self) -> dict[str, Any]:
        """Sum up the session."""
        allowed = [d for d in self._decisions if d.decision_type is DecisionType.ALLOW]
        denied = [d.action for d in self._decisions if d.decision_type is DecisionType.DENY]
        asked = [d.action for d in self._decisions if d.decision_type is DecisionType.REQUIRE_APPROVAL]
        duration = None
        if self._started is not None:
            duration = round((self._ended or time.monotonic()) - self._started, 2)
        return {
            "session_id": self._session_id,
            "budget": float(self._budget or 0),
            "spent": round(self.spent, 6),
            "remaining": round(self.remaining, 6),
            "decision_summary": {
                "allow": len(allowed),
                "deny": len(denied),
                "require_approval": len(asked),
                "by_action_type": dict(Counter(d.action.action_type.value for d in self._decisions)),
            },
            "cost_summary": {
                "by_action_type": _costs(allowed),
                "attempted_by_action_type": _costs(self._decisions),
            },
            "policy_hits": {
                "denied_tools": [action.tool_name for action in denied if action.tool_name is not None],
                "denied_domains": [a.domain or "?" for a in denied if a.action_type is ActionType.HTTP],
                "approval_required": [a.tool_name or a.domain or a.action_type.value for a in asked],
            },
            "duration_seconds": duration,
            "decisions": [decision.to_dict() for decision in self._decisions],
        }


def _costs(decisions: list[Decision]) -> dict[str, float]:
    sums: dict[str, Decimal] = {}
    for decision in decisions:
        name = decision.action.action_type.value
        sums[name] = sums.get(name, Decimal(0)) + _cost(decision.action)
    return {name: round(float(cost), 6) for name, cost in sums.items()}


def _cost(action: Action) -> Decimal:
    try:
        return money(action.cost)
    except InvalidRequest:
        return Decimal(0)


def _domain(url: str) -> str | None:
    """Return the host a URL names, for the report; decisions read the URL themselves."""
    try:
        return urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None


def _request(action: Action) -> Request:
    """Turn an action into a request.

    Raises:
        InvalidRequest: the action does not say what is attempted, or its cost is not one.
    """
    cost = money(action.cost)
    match action.action_type:
        case ActionType.TOOL:
            return Request.from_dict({"tool": action.tool_name, "kind": "tool_call", "cost": cost})
        case ActionType.HTTP:
            url = action.url if action.url is not None else f"https://{action.domain}/" if action.domain else None
            if action.url and action.domain and normal_host(action.domain) != normal_host(_domain(action.url) or ""):
                raise InvalidRequest("the domain of the action is not that of its URL")
            return Request.from_dict({"url": url, "kind": "http_request", "method": "GET", "cost": cost})
        case ActionType.COST:
            return Request.from_dict({"model": action.source or "llm", "kind": "model_call", "cost": cost})


def _decision(found: model.Decision, action: Action) -> Decision:
    kind = _VERDICTS[found.decision]
    return Decision(kind, _ALLOWED if kind is DecisionType.ALLOW else found.reason, action)
