"""Questions in the file of a ``SqliteStore``: asked by one process, answered by another.

Rule 1: a row that cannot be read is a failure, never a question that was not asked.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import apsw
import msgspec

from referee.errors import StateError
from referee.state.questions import Question, Table
from referee.state.shared_file import SharedFile

TABLES: Final = """
CREATE TABLE IF NOT EXISTS questions (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
  policy TEXT NOT NULL, stands INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS standing ON questions (digest, policy) WHERE stands;
"""
_DECODE: Final = msgspec.json.Decoder(Question).decode


class SqliteShelf:
    """The questions in a file."""

    is_empty = False

    def __init__(self, file: SharedFile) -> None:
        self._file = file

    @contextmanager
    def looking(self) -> Generator[Table]:
        """Look at the questions as they are at one moment.

        Raises:
            StateError: they cannot be read.
        """
        with self._file.reading() as database:
            yield _Rows(database)

    @contextmanager
    def changing(self) -> Generator[Table]:
        """Change questions, alone.

        Raises:
            StateError: they cannot be changed.
        """
        with self._file.writing() as database:
            yield _Rows(database)


class _Rows:
    """The table, within one transaction."""

    def __init__(self, database: apsw.Connection) -> None:
        self._database = database

    def get(self, name: str) -> Question | None:
        """Find a question by its name."""
        return self._first("SELECT body FROM questions WHERE name = ?", (name,))

    def about(self, digest: str, policy: str) -> Question | None:
        """Find the question that stands for an action now."""
        return self._first("SELECT body FROM questions WHERE digest = ? AND policy = ? AND stands", (digest, policy))

    def _first(self, words: str, values: tuple[str, ...]) -> Question | None:
        for (body,) in list(self._database.execute(words, values)):
            return _read(body)
        return None

    def put(self, question: Question, *, stands: bool) -> None:
        """Keep a question; ``stands``: it is the one about its action."""
        self._database.execute(
            "INSERT INTO questions (name, digest, policy, stands, body) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET stands = excluded.stands, body = excluded.body",
            (question.id, question.digest, question.policy, int(stands), msgspec.json.encode(question).decode()),
        )

    def drop(self, question: Question) -> None:
        """Forget a question."""
        self._database.execute("DELETE FROM questions WHERE name = ?", (question.id,))

    def every(self) -> list[Question]:
        """List all questions, oldest first."""
        return [_read(body) for (body,) in list(self._database.execute("SELECT body FROM questions ORDER BY number"))]

    def count(self) -> int:
        """Tell how many there are."""
        for (count,) in self._database.execute("SELECT count(*) FROM questions"):
            return int(count)
        return 0


def expire(database: apsw.Connection) -> None:
    """Close the questions that have a deadline: the clock it was told by has begun anew."""
    rows = _Rows(database)
    for question in rows.every():
        if question.deadline is not None and question.state in ("pending", "approved"):
            rows.put(msgspec.structs.replace(question, state="expired"), stands=True)


def _read(body: str) -> Question:
    try:
        return _DECODE(body)
    except (msgspec.DecodeError, ValueError):
        raise StateError("a question that was asked cannot be read") from None
