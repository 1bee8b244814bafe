"""Questions to humans: who may answer, what exactly was asked, and what the answer is good for.

Rule 1: an answer is good for one action: the same request, as it would run, under the same policy, once.
Rule 2: the requester never answers: neither the agent nor the user it acts for.
Rule 3: every deciding rule is satisfied on its own: its approvers, its quorum. A rejection by one of them ends the question.
Rule 4: a question whose time is over is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from time import sleep
from typing import Final

import msgspec

from referee.enforce.forks import renewed
from referee.enforce.world import World
from referee.errors import InvalidRequest
from referee.model.decision import Decision
from referee.model.facts import Grant
from referee.model.request import Request
from referee.state.questions import Answer, Demand, MemoryShelf, Question, Shelf, State, Table

MAX_QUESTIONS: Final = 10_000
_LONGEST: Final = 2_000
"""The most characters of an action that a question shows."""
_EVERY: Final = 0.2


class Approvals:
    """The open and answered questions of one policy, or of all that share a file."""

    def __init__(self, world: World, shelf: Shelf | None = None) -> None:
        self._world = world
        self._shelf = MemoryShelf() if shelf is None else shelf
        if isinstance(self._shelf, MemoryShelf):
            renewed(self._shelf, "lock", Lock)

    @property
    def pending(self) -> tuple[Question, ...]:
        """The questions that wait for an answer, oldest first.

        Raises:
            StateError: they cannot be read.
        """
        return tuple(question for question in self.every if question.state == "pending")

    @property
    def every(self) -> tuple[Question, ...]:
        """All questions that are kept, oldest first.

        Raises:
            StateError: they cannot be read.
        """
        with self._shelf.looking() as table:
            return tuple(map(self._now, table.every()))

    def get(self, approval_id: str) -> Question:
        """Return a question.

        Raises:
            InvalidRequest: there is none of that name.
            StateError: it cannot be read.
        """
        with self._shelf.looking() as table:
            return self._find(table, approval_id)

    def grant(self, digest: str, policy: str) -> Grant | None:
        """Return the grant that covers exactly this action now, if there is one.

        Raises:
            StateError: it cannot be known.
        """
        if self._shelf.is_empty:
            return None
        with self._shelf.looking() as table:
            question = table.about(digest, policy)
        if question is None or self._now(question).state != "approved":
            return None
        return Grant(question.id, ", ".join(answer.by for answer in question.answers))

    def ask(self, decision: Decision, request: Request, digest: str, policy: str) -> Question:
        """Open a question about an action, or return the one that was asked before about the same.

        Raises:
            InvalidRequest: too many questions are open.
            StateError: the question cannot be kept.
        """
        with self._shelf.changing() as table:
            held = table.about(digest, policy)
            if held is not None:
                held = self._now(held)
                if held.state == "expired":
                    table.drop(held)
                return held
            if table.count() >= MAX_QUESTIONS:
                self._make_room(table)
            question = _question(self._world, decision, request, digest, policy)
            table.put(question, stands=True)
            return question

    def approve(self, approval_id: str, *, by: str, roles: Sequence[str] = ()) -> Question:
        """Record that somebody approves.

        Raises:
            InvalidRequest: there is no such open question, or this person may not answer it.
            StateError: the answer cannot be kept.
        """
        with self._shelf.changing() as table:
            question = self._answerable(table, approval_id, by, roles)
            if any(answer.by == by for answer in question.answers):
                raise InvalidRequest("this person has approved already")
            answers = (*question.answers, Answer(by, tuple(roles)))
            state: State = "approved" if all(_met(demand, answers) for demand in question.demands) else "pending"
            return _put(table, msgspec.structs.replace(question, answers=answers, state=state))

    def reject(self, approval_id: str, *, by: str, roles: Sequence[str] = (), message: str = "") -> Question:
        """Record that somebody rejects; the agent is told ``message``. The same action stays refused.

        Raises:
            InvalidRequest: there is no such open question, or this person may not answer it.
            StateError: the answer cannot be kept.
        """
        with self._shelf.changing() as table:
            question = self._answerable(table, approval_id, by, roles)
            return _put(table, msgspec.structs.replace(question, state="rejected", message=message))

    def revoke(self, approval_id: str) -> Question:
        """Take back an approval that has not been used.

        Raises:
            InvalidRequest: there is no such question, or it is closed.
            StateError: it cannot be kept.
        """
        with self._shelf.changing() as table:
            question = self._find(table, approval_id)
            if question.state not in ("pending", "approved"):
                raise InvalidRequest(f"the question is {question.state}")
            return _put(table, msgspec.structs.replace(question, state="rejected", message="the approval was revoked"))

    def use(self, approval_id: str) -> bool:
        """Use a grant up; false if it is not there to be used.

        Raises:
            StateError: it cannot be kept that it is used.
        """
        with self._shelf.changing() as table:
            question = table.get(approval_id)
            if question is None or self._now(question).state != "approved":
                return False
            table.put(msgspec.structs.replace(question, state="used"), stands=False)
            return True

    def wait(self, approval_id: str, timeout: float | None = None) -> Question:
        """Wait until a question is answered or its time is over, ``timeout`` seconds at most; return it as it is then.

        Raises:
            InvalidRequest: there is none of that name.
            StateError: it cannot be read.
        """
        ends = None if timeout is None else self._world.monotonic() + timeout
        while (question := self.get(approval_id)).state == "pending":
            if ends is not None and self._world.monotonic() >= ends:
                break
            sleep(_EVERY)
        return question

    async def wait_async(self, approval_id: str, timeout: float | None = None) -> Question:  # noqa: ASYNC109 - as ``wait``
        """Wait as ``wait`` does, while other tasks go on. Raises as ``wait``."""
        import asyncio  # start-up time: synchronous programs never need it

        ends = None if timeout is None else self._world.monotonic() + timeout
        while (question := await asyncio.to_thread(self.get, approval_id)).state == "pending":
            if ends is not None and self._world.monotonic() >= ends:
                break
            await asyncio.sleep(_EVERY)
        return question

    def _find(self, table: Table, approval_id: str) -> Question:
        question = table.get(approval_id)
        if question is None:
            raise InvalidRequest("there is no question of that name")
        return self._now(question)

    def _answerable(self, table: Table, approval_id: str, by: str, roles: Sequence[str]) -> Question:
        question = self._find(table, approval_id)
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
            return msgspec.structs.replace(question, state="expired")
        return question

    def _make_room(self, table: Table) -> None:
        for question in table.every():
            if self._now(question).state not in ("pending", "approved"):
                table.drop(question)
        if table.count() >= MAX_QUESTIONS:
            raise InvalidRequest("too many questions wait for an answer")


def _put(table: Table, question: Question) -> Question:
    table.put(question, stands=True)
    return question


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
        details=_details(request),
        asked=world.monotonic(),
        deadline=world.monotonic() + min(times) if times else None,
        on_timeout="terminate" if strict else "deny",
    )


def _details(request: Request) -> str:
    """Show what an action would run with, secrets and personal data masked; nothing where that cannot be done."""
    from referee.enforce.gather import texts  # start-up time: only questions need scanners
    from referee.scanners.builtin import builtin
    from referee.scanners.protocol import scan_strings
    from referee.scanners.redact import redact

    try:
        strings = texts(request)
        found = [finding for name in ("pii", "secret") for finding in scan_strings(builtin()[name], strings)]
        shown = {"args": request.args, "text": request.text, "url": request.url}
        said = {root: redact(value, found, "mask", root)[0] for root, value in shown.items() if value}
        text = msgspec.json.encode(said, enc_hook=str).decode() if said else ""
    except Exception:  # noqa: BLE001 - a question is asked all the same
        return ""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
