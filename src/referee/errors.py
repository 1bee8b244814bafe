"""Every exception of Referee.

::

    RefereeError
    ├── PolicyError            a policy text does not compile; carries every diagnostic
    ├── InvalidRequest         a request that cannot be decided because it is not one
    ├── Refused                an action was not allowed; carries the decision
    │   ├── Denied
    │   │   └── SessionTerminated
    │   └── ApprovalRequired
    ├── StateError             a store could not be read or written
    └── AuditError             a record could not be written

Rule 1: the text of an exception never holds the value of an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from referee.model.decision import Decision
    from referee.model.source import Diagnostic


class RefereeError(Exception):
    """The root of all errors this package raises."""


class PolicyError(RefereeError):
    """A policy text does not compile. ``diagnostics`` lists every problem of all its files."""

    def __init__(self, diagnostics: Sequence[Diagnostic], text: str) -> None:
        super().__init__(text)
        self.diagnostics = tuple(diagnostics)


class InvalidRequest(RefereeError, ValueError):  # noqa: N818 - the name users of the field know
    """A request has an unknown key, a wrong type, a negative cost, or does not say what is attempted."""


class Refused(RefereeError):  # noqa: N818 - it is an answer, not a fault
    """An action was not allowed. ``decision`` says why; the text is made when it is read."""

    def __init__(self, decision: Decision | Callable[[], Decision], text: str | None = None) -> None:
        self._decision = decision
        self._text = text

    @property
    def decision(self) -> Decision:
        """The decision to refuse."""
        if callable(self._decision):
            self._decision = self._decision()
            self.args = (self._decision, self._text)
        return self._decision

    def __str__(self) -> str:
        return self._text or self.decision.message or self.decision.reason

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class Denied(Refused):
    """The action is refused."""


class SessionTerminated(Denied):
    """The action is refused and the session is over: every further action of it is refused too."""


class ApprovalRequired(Refused):
    """The action waits for a human. ``approvers`` says who may decide; ``approval_id`` names the question."""

    def __init__(
        self, decision: Decision | Callable[[], Decision], text: str | None = None, approval_id: str | None = None
    ) -> None:
        super().__init__(decision, text)
        self.approval_id = approval_id

    @property
    def approvers(self) -> tuple[str, ...]:
        """Roles or people who may approve."""
        return self.decision.approvers


class StateError(RefereeError):
    """A store of counters and limits could not be read or written."""


class AuditError(RefereeError):
    """A decision record could not be written."""
