"""Actions and decisions of the AgentPolicy form."""

from __future__ import annotations

import math
import re
import time
import uuid
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

_USER: Final = re.compile(r"[/\\\\]{2}[^/\\\\?#]*@")


class ActionType(Enum):
    """What is attempted."""

    TOOL = "tool"
    HTTP = "http"
    COST = "cost"


class DecisionType(Enum):
    """What was decided."""

    ALLOW = "allow"
    DENY = "deny"
    REQUIRE_APPROVAL = "require_approval"


def generate_session_id() -> str:
    """Make a session id: ``pol_`` and twelve hexadecimal digits."""
    return f"pol_{uuid.uuid4().hex[:12]}"


@dataclass(frozen=True)
class Action:
    """One action of an agent. ``cost`` is in dollars, ``timestamp`` in seconds since 1970."""

    action_type: ActionType
    cost: float = 0.0
    tool_name: str | None = None
    url: str | None = None
    domain: str | None = None
    source: str | None = None
    metadata: dict[str, Any] | None = None
    timestamp: float = field(default_factory=time.time)

    def to_dict(self) -> dict[str, Any]:
        """Return the action as JSON types, without what is absent, and without the user and password of a URL."""
        optional = ("tool_name", "url", "domain", "source", "metadata")
        present = {name: getattr(self, name) for name in optional if getattr(self, name) is not None}
        if self.url is not None:
            present["url"] = _USER.sub("//", str(self.url), count=1)
        finite = isinstance(self.cost, (int, float)) and math.isfinite(self.cost)
        cost = self.cost if finite else None
        return {"action_type": self.action_type.value, "cost": cost, "timestamp": self.timestamp, **present}


@dataclass(frozen=True)
class Decision:
    """The answer to one action."""

    decision_type: DecisionType
    reason: str
    action: Action
    timestamp: float = field(default_factory=time.time)

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as JSON types."""
        return {
            "decision_type": self.decision_type.value,
            "reason": self.reason,
            "timestamp": self.timestamp,
            "action": self.action.to_dict(),
        }
