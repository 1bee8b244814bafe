"""Which session the code that runs now belongs to."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from referee.enforce.front import Front

_CURRENT: Final[ContextVar[Front | None]] = ContextVar("referee_session", default=None)
"""Set by ``with`` and ``async with``; tasks and threads started through ``contextvars`` inherit it."""


def current_session() -> Front | None:
    """Return the innermost session whose ``with`` block this is; ``None`` outside of all."""
    return _CURRENT.get()


def enter(session: Front) -> object:
    """Make a session the current one; returns what ``leave`` needs."""
    return _CURRENT.set(session)


def leave(token: object) -> None:
    """Make the session before it the current one again."""
    _CURRENT.reset(token)  # type: ignore[arg-type]  # it is what `enter` returned
