"""The exceptions of the AgentPolicy form.

::

    AgentPolicyError
    ├── InvalidPolicy       a policy, a cost or an action is not one
    ├── PolicyDenied        an action was refused
    └── ApprovalRequired    an action needs ``approved=True``
"""

from __future__ import annotations


class AgentPolicyError(Exception):
    """The root of this form's errors."""


class InvalidPolicy(AgentPolicyError):  # noqa: N818 - the name users of the original know
    """A policy does not compile, or a cost or action is not one."""


class PolicyDenied(AgentPolicyError):  # noqa: N818 - the name users of the original know
    """An action was refused, for ``reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ApprovalRequired(AgentPolicyError):  # noqa: N818 - the name users of the original know
    """An action needs somebody's approval, for ``reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
