"""Questions to humans: what is kept of one, and the shelf they stand on.

Rule 1: a shelf decides nothing; who may answer, and what an answer is good for, is said in ``enforce``.
Rule 2: everything done between ``changing`` and its end happens at once, or not at all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Literal, Protocol

import msgspec

State = Literal["pending", "approved", "rejected", "expired", "used"]


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
    """Whether one action may happen. ``digest`` names the request as it would run, ``policy`` the policy that asks.

    ``details`` is what it would run with, without secrets. ``asked`` and ``deadline`` are times of the clock that never
    goes back.
    """

    id: str
    digest: str
    policy: str
    session: str
    requesters: tuple[str, ...]
    demands: tuple[Demand, ...]
    subject: str
    reason: str
    details: str = ""
    asked: float = 0.0
    deadline: float | None = None
    on_timeout: Literal["deny", "terminate"] = "deny"
    state: State = "pending"
    answers: tuple[Answer, ...] = ()
    message: str = ""

    @property
    def approvers(self) -> tuple[str, ...]:
        """Everyone who is named by a demand."""
        return tuple(sorted({who for demand in self.demands for who in demand.approvers}))


class Table(Protocol):
    """Questions by their name, and by what they are about; several may have been asked about the same, one at a time."""

    def get(self, name: str) -> Question | None:
        """Find a question by its name."""
        ...

    def about(self, digest: str, policy: str) -> Question | None:
        """Find the question that stands for an action now."""
        ...

    def put(self, question: Question, *, stands: bool) -> None:
        """Keep a question; ``stands``: it is the one about its action."""
        ...

    def drop(self, question: Question) -> None:
        """Forget a question."""
        ...

    def every(self) -> list[Question]:
        """List all questions, oldest first."""
        ...

    def count(self) -> int:
        """Tell how many there are."""
        ...


class Shelf(Protocol):
    """Whatever keeps questions: memory, a file."""

    def looking(self) -> AbstractContextManager[Table]:
        """Look at the questions as they are at one moment.

        Raises:
            StateError: they cannot be read.
        """
        ...

    def changing(self) -> AbstractContextManager[Table]:
        """Change questions, alone.

        Raises:
            StateError: they cannot be changed.
        """
        ...

    @property
    def is_empty(self) -> bool:
        """Whether it is known without looking that there is no question."""
        ...


class MemoryShelf:
    """Questions in the memory of one process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self._questions: OrderedDict[str, Question] = OrderedDict()
        self._standing: dict[tuple[str, str], str] = {}

    @contextmanager
    def changing(self) -> Generator[Table]:
        """Change questions, alone."""
        with self.lock:
            yield self

    looking = changing

    @property
    def is_empty(self) -> bool:
        """Whether there is no question."""
        return not self._standing

    def get(self, name: str) -> Question | None:
        """Find a question by its name."""
        return self._questions.get(name)

    def about(self, digest: str, policy: str) -> Question | None:
        """Find the question that stands for an action now."""
        name = self._standing.get((digest, policy))
        return None if name is None else self._questions[name]

    def put(self, question: Question, *, stands: bool) -> None:
        """Keep a question; ``stands``: it is the one about its action."""
        self._questions[question.id] = question
        key = (question.digest, question.policy)
        if stands:
            self._standing[key] = question.id
        elif self._standing.get(key) == question.id:
            del self._standing[key]

    def drop(self, question: Question) -> None:
        """Forget a question."""
        self.put(question, stands=False)
        del self._questions[question.id]

    def every(self) -> list[Question]:
        """List all questions, oldest first."""
        return list(self._questions.values())

    def count(self) -> int:
        """Tell how many there are."""
        return len(self._questions)
