"""Questions to humans: who may answer, what exactly was asked, and what the answer is good for.

Rule 1: an answer is good for one action: the same request, as it would run, under the same policy, once.
Rule 2: the requester never answers: neither the agent nor the user it acts for.
Rule 3: every deciding rule is satisfied on its own: its approvers, its quorum. A rejection by one of them ends the question.
Rule 4: a question whose time is over is refused.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final, Literal

import msgspec

from referee.enforce.forks import renewed
from referee.enforce.world import World
from referee.errors import InvalidRequest
from referee.model.decision import Decision
from referee.model.facts import Grant
from referee.model.request import Request

State = Literal["pending", "approved", "rejected", "expired", "used"]

MAX_QUESTIONS: Final = 10_000


class Demand(msgspec.Struct, frozen=True):
    """What one rule asks for: ``quorum`` approvals by different people among ``approvers`` (none: anybody)."""

    rule: str
    approvers: tuple[str, ...]
    quorum: int = 1


class Answer(msgspec.Struct, frozen=True):
    """What one person said, and the roles they said it in."""

    by: str
    roles: tuple[str, ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one action may happen. ``digest`` names the request as it would run, ``policy`` the policy that asks."""

    id: str
    digest: str
    policy: str
    session: str
    requesters: tuple[str, ...]
    demands: tuple[Demand, ...]
    subject: str
    reason: str
    deadline: float | None = None
    on_timeout: Literal["deny", "terminate"] = "deny"
    state: State = "pending"
    answers: tuple[Answer, ...] = ()
    message: str = ""

    @property
    def approvers(self) -> tuple[str, ...]:
        """Everyone who is named by a demand."""
        return tuple(sorted({who for demand in self.demands for who in demand.approvers}))


class Approvals:
    """The open and answered questions of one policy, in memory."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._questions: OrderedDict[str, Question] = OrderedDict()
        self._by_content: dict[tuple[str, str], str] = {}
        self._lock = Lock()
        renewed(self, "_lock", Lock)

    @property
    def pending(self) -> tuple[Question, ...]:
        """The questions that wait for an answer, oldest first."""
        with self._lock:
            return tuple(q for q in map(self._now, list(self._questions.values())) if q.state == "pending")

    def get(self, approval_id: str) -> Question:
        """Return a question.

        Raises:
            InvalidRequest: there is none of that name.
        """
        with self._lock:
            return self._find(approval_id)

    def grant(self, digest: str, policy: str) -> Grant | None:
        """Return the grant that covers exactly this action now, if there is one."""
        if not self._by_content:
            return None
        with self._lock:
            question = self._about(digest, policy)
        if question is None or question.state != "approved":
            return None
        return Grant(question.id, ", ".join(answer.by for answer in question.answers))

    def ask(self, decision: Decision, request: Request, digest: str, policy: str) -> Question:
        """Open a question about an action, or return the one that was asked before about the same.

        Raises:
            InvalidRequest: too many questions are open.
        """
        with self._lock:
            held = self._about(digest, policy)
            if held is not None and held.state != "used":
                if held.state == "expired":
                    self._drop(held)
                return held
            if len(self._questions) >= MAX_QUESTIONS:
                self._make_room()
            question = _question(self._world, decision, request, digest, policy)
            self._questions[question.id] = question
            self._by_content[digest, policy] = question.id
            return question

    def approve(self, approval_id: str, *, by: str, roles: Sequence[str] = ()) -> Question:
        """Record that somebody approves.

        Raises:
            InvalidRequest: there is no such open question, or this person may not answer it.
        """
        with self._lock:
            question = self._answerable(approval_id, by, roles)
            if any(answer.by == by for answer in question.answers):
                raise InvalidRequest("this person has approved already")
            answers = (*question.answers, Answer(by, tuple(roles)))
            state: State = "approved" if all(_met(demand, answers) for demand in question.demands) else "pending"
            return self._put(msgspec.structs.replace(question, answers=answers, state=state))

    def reject(self, approval_id: str, *, by: str, roles: Sequence[str] = (), message: str = "") -> Question:
        """Record that somebody rejects; the agent is told ``message``. The same action stays refused.

        Raises:
            InvalidRequest: there is no such open question, or this person may not answer it.
        """
        with self._lock:
            question = self._answerable(approval_id, by, roles)
            return self._put(msgspec.structs.replace(question, state="rejected", message=message))

    def revoke(self, approval_id: str) -> Question:
        """Take back an approval that has not been used.

        Raises:
            InvalidRequest: there is no such question, or it is closed.
        """
        with self._lock:
            question = self._find(approval_id)
            if question.state not in ("pending", "approved"):
                raise InvalidRequest(f"the question is {question.state}")
            return self._put(msgspec.structs.replace(question, state="rejected", message="the approval was revoked"))

    def use(self, approval_id: str) -> bool:
        """Use a grant up; false if it is not there to be used."""
        with self._lock:
            question = self._questions.get(approval_id)
            if question is None or self._now(question).state != "approved":
                return False
            self._put(msgspec.structs.replace(question, state="used"))
            self._by_content.pop((question.digest, question.policy), None)
            return True

    def _about(self, digest: str, policy: str) -> Question | None:
        name = self._by_content.get((digest, policy))
        return None if name is None else self._now(self._questions[name])

    def _find(self, approval_id: str) -> Question:
        question = self._questions.get(approval_id)
        if question is None:
            raise InvalidRequest("there is no question of that name")
        return self._now(question)

    def _answerable(self, approval_id: str, by: str, roles: Sequence[str]) -> Question:
        question = self._find(approval_id)
        if question.state != "pending":
            raise InvalidRequest(f"the question is {question.state}")
        if not by or by in question.requesters:
            raise InvalidRequest("whoever asks does not answer: the approver must be somebody else")
        if not any(_may(demand, by, roles) for demand in question.demands):
            raise InvalidRequest(f"only {', '.join(question.approvers)} may answer this question")
        return question

    def _now(self, question: Question) -> Question:
        """Close the question if its time is over."""
        late = question.deadline is not None and self._world.monotonic() >= question.deadline
        if late and question.state in ("pending", "approved"):
            return self._put(msgspec.structs.replace(question, state="expired"))
        return question

    def _put(self, question: Question) -> Question:
        self._questions[question.id] = question
        return question

    def _drop(self, question: Question) -> None:
        del self._questions[question.id]
        self._by_content.pop((question.digest, question.policy), None)

    def _make_room(self) -> None:
        for question in list(self._questions.values()):
            if self._now(question).state not in ("pending", "approved"):
                self._questions.pop(question.id)
                if self._by_content.get((question.digest, question.policy)) == question.id:
                    del self._by_content[question.digest, question.policy]
        if len(self._questions) >= MAX_QUESTIONS:
            raise InvalidRequest("too many questions wait for an answer")


def _may(demand: Demand, by: str, roles: Sequence[str]) -> bool:
    return not demand.approvers or by in demand.approvers or any(role in demand.approvers for role in roles)


def _met(demand: Demand, answers: Sequence[Answer]) -> bool:
    return sum(_may(demand, answer.by, answer.roles) for answer in answers) >= max(1, demand.quorum)


def _question(world: World, decision: Decision, request: Request, digest: str, policy: str) -> Question:
    rules = [rule for rule in decision.deciding if rule.action == "require_approval"]
    times = [rule.timeout for rule in rules if rule.timeout is not None]
    strict = any(rule.on_timeout == "terminate" for rule in rules)
    people = (request.agent.id, request.user.id)
    return Question(
        id=f"apr_{world.secret()}",
        digest=digest,
        policy=policy,
        session=request.session.id or "",
        requesters=tuple(who for who in people if who),
        demands=tuple(Demand(rule.full, rule.approvers, rule.quorum) for rule in rules) or (Demand("", ()),),
        subject=request.tool or request.model or request.kind,
        reason=decision.reason,
        deadline=world.monotonic() + min(times) if times else None,
        on_timeout="terminate" if strict else "deny",
    )
