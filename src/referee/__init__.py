"""Referee: the runtime policy engine for AI agents.

Rule 1: a name is loaded when it is first used; importing the package loads nothing but itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from referee._version import __version__

if TYPE_CHECKING:
    from referee.enforce.async_session import AsyncSession
    from referee.enforce.current import current_session
    from referee.enforce.guard import guard, protect
    from referee.enforce.logs import RedactingFilter
    from referee.enforce.outcome import Outcome
    from referee.enforce.policies import Policy
    from referee.enforce.session import Session
    from referee.errors import (
        ApprovalRequired,
        Denied,
        InvalidRequest,
        PolicyError,
        RefereeError,
        Refused,
        SessionTerminated,
    )
    from referee.model.decision import Decision
    from referee.model.request import Request

__all__ = [
    "ApprovalRequired",
    "AsyncSession",
    "Decision",
    "Denied",
    "InvalidRequest",
    "Outcome",
    "Policy",
    "PolicyError",
    "RedactingFilter",
    "RefereeError",
    "Refused",
    "Request",
    "Session",
    "SessionTerminated",
    "__version__",
    "current_session",
    "guard",
    "protect",
]

_ERRORS: Final = "referee.errors"
_HOMES: Final = {
    "ApprovalRequired": _ERRORS,
    "AsyncSession": "referee.enforce.async_session",
    "Decision": "referee.model.decision",
    "Denied": _ERRORS,
    "InvalidRequest": _ERRORS,
    "Outcome": "referee.enforce.outcome",
    "Policy": "referee.enforce.policies",
    "PolicyError": _ERRORS,
    "RedactingFilter": "referee.enforce.logs",
    "RefereeError": _ERRORS,
    "Refused": _ERRORS,
    "Request": "referee.model.request",
    "Session": "referee.enforce.session",
    "SessionTerminated": _ERRORS,
    "current_session": "referee.enforce.current",
    "guard": "referee.enforce.guard",
    "protect": "referee.enforce.guard",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module `referee` has no attribute `{name}`")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
