"""The interface of AgentPolicy 0.1: budgets, tools, network and approvals for an agent's session.

>>> policy = AgentPolicy(budget="$5.00", allowed_tools=["search_docs"])
>>> with policy.session() as session:
...     session.check_tool("search_docs", cost=0.02).decision_type.value
'allow'
"""

from referee.compat.agentpolicy.exceptions import AgentPolicyError, ApprovalRequired, InvalidPolicy, PolicyDenied
from referee.compat.agentpolicy.policy import AgentPolicy, parse_money
from referee.compat.agentpolicy.session import PolicySession
from referee.compat.agentpolicy.types import Action, ActionType, Decision, DecisionType

__all__ = [
    "Action",
    "ActionType",
    "AgentPolicy",
    "AgentPolicyError",
    "ApprovalRequired",
    "Decision",
    "DecisionType",
    "InvalidPolicy",
    "PolicyDenied",
    "PolicySession",
    "parse_money",
]
