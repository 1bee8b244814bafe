"""What a session answers: the decision, and the action as it shall run.

Rule 1: an outcome that is not allowed carries no changed action; there is nothing to run.
"""

from __future__ import annotations

from typing import Any

import msgspec

from referee.audit.record import Stamp
from referee.errors import ApprovalRequired, Denied, Refused, SessionTerminated
from referee.model.decision import Decision
from referee.model.names import Verdict
from referee.model.request import ABSENT, Request


class Outcome(msgspec.Struct, eq=False, gc=False):
    """The answer to one action: run it with ``args`` (or ``text``, ``url``), hand on ``result``.

    ``bare`` is the decision as the engine gave it, ``stamp`` says when that was; ``approval_id`` names the question if the
    action waits for a human.
    """

    bare: Decision
    request: Request
    stamp: Stamp
    approval_id: str | None = None
    _stamped: Decision | None = None

    def __repr__(self) -> str:
        return f"<Outcome {self.verdict} {self.call_id}>"

    @property
    def decision(self) -> Decision:
        """The decision, with its id and time."""
        if self._stamped is None:
            self._stamped = self.stamp.apply(self.bare, self.request)
        return self._stamped

    @property
    def verdict(self) -> Verdict:
        """What was decided."""
        return self.bare.decision

    @property
    def allowed(self) -> bool:
        """Whether the action may happen now."""
        return self.bare.decision == "allow"

    @property
    def call_id(self) -> str:
        """The name under which the call can be settled, and its result checked."""
        return self.stamp.action_id(self.request)

    @property
    def args(self) -> dict[str, Any]:
        """The arguments to run with."""
        return self.request.args

    @property
    def text(self) -> str | None:
        """The text to send."""
        return self.request.text

    @property
    def url(self) -> str | None:
        """The address to call."""
        return self.request.url

    @property
    def result(self) -> Any:
        """The result to hand on; ``None`` if there is none."""
        return None if self.request.result is ABSENT else self.request.result

    def raise_if_refused(self) -> Outcome:
        """Return the outcome if the action may happen.

        Raises:
            Denied: it may not.
            ApprovalRequired: a human has to decide first.
            SessionTerminated: it may not, and neither may anything after it.
        """
        if self.bare.decision == "allow":
            return self
        raise self.refusal()

    def refusal(self) -> Refused:
        """Make the exception of a refused action."""
        verdict = self.bare.decision
        if verdict == "deny":
            return Denied(self._later)
        if verdict == "require_approval":
            return ApprovalRequired(self.decision, approval_id=self.approval_id)
        return SessionTerminated(self.decision)

    def _later(self) -> Decision:
        return self.decision
