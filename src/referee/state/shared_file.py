"""One SQLite file that many threads and processes use: how it is opened, locked, and refused when it cannot be trusted.

Rule 1: whoever writes holds the lock of the file beside it (``NAME.lock``). SQLite's own waiting lets some writers starve.
Rule 2: nobody waits longer than the patience; then it is a failure, which the next call does not inherit.
Rule 3: a file that was taken away or replaced while it was in use, or that another program made, is an error, never a new file.
Rule 4: a connection is not carried over a fork, nor used again after the disk failed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Final

import apsw

from referee.errors import StateError

SOUND: Final = (3, 51, 3)
"""Before this version several processes could damage a file in WAL mode: https://sqlite.org/wal.html#walresetbug."""

_HELD: Final[list[object]] = []
"""What a child got from its parent and must not close: closing would take the parent's locks away."""


class SharedFile:
    """A SQLite file. ``mark`` is its application id, ``tables`` makes a new one, ``opened`` is done under the lock at opening.

    ``durable``: what is committed is on the disk, not only in the hands of the system.
    """

    def __init__(
        self,
        path: Path,
        *,
        mark: int,
        tables: str,
        opened: Callable[[apsw.Connection], None],
        durable: bool,
        patience: float,
    ) -> None:
        self.path = path
        self._mark = mark
        self._tables = tables
        self._opened = opened
        self._durable = durable
        self._patience = patience
        self._guard = Lock()
        self._process = os.getpid()
        self._database: apsw.Connection | None = None
        self._lock = -1
        self._identity = (0, 0)

    @contextmanager
    def reading(self) -> Generator[apsw.Connection]:
        """Look at the file as it is at one moment.

        Raises:
            StateError: it cannot be read.
        """
        with self._ours(), self._translated():
            database = self._connection()
            database.execute("BEGIN")
            try:
                yield database
            finally:
                self._leave(database, "COMMIT")

    @contextmanager
    def writing(self) -> Generator[apsw.Connection]:
        """Change the file: all of it when the block ends well, nothing when it raises.

        Raises:
            StateError: it cannot be written, or others use it all the time.
        """
        with self._ours() as ends, self._translated():
            database = self._connection()
            with self._locked(ends):
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                except BaseException:
                    self._leave(database, "ROLLBACK")
                    raise
                database.execute("COMMIT")

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        with self._guard:
            self._drop()

    @contextmanager
    def _ours(self) -> Generator[float]:
        """Have the file for this thread; yields the moment at which patience ends."""
        ends = monotonic() + self._patience
        if self._process != os.getpid():
            self._after_fork()
        if not self._guard.acquire(timeout=self._patience):
            raise StateError(f"`{self.path}` is in use by other threads all the time")
        try:
            yield ends
        finally:
            self._guard.release()

    def _after_fork(self) -> None:
        _HELD.append(self._database)
        self._guard = Lock()
        self._process = os.getpid()
        self._database, self._lock = None, -1

    @contextmanager
    def _translated(self) -> Generator[None]:
        """Tell what the disk and the library say in our words, and begin anew after it."""
        try:
            yield
        except apsw.BusyError:
            raise StateError(f"`{self.path}` is in use by others all the time") from None
        except apsw.Error as problem:
            self._drop()
            raise StateError(f"`{self.path}` cannot be used: {_plain(problem)}") from None
        except OSError as problem:
            self._drop()
            raise StateError(f"`{self.path}` cannot be used: {(problem.strerror or 'unknown').lower()}") from None

    @contextmanager
    def _locked(self, ends: float) -> Generator[None]:
        pause = 0.0001
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if monotonic() >= ends:
                    raise StateError(f"`{self.path}` is in use by another process all the time") from None
                sleep(pause)
                pause = min(pause * 1.2, 0.001)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _leave(self, database: apsw.Connection, word: str) -> None:
        """End a transaction that may have ended by itself."""
        if database.in_transaction:
            try:
                database.execute(word)
            except apsw.Error:
                self._drop()

    def _connection(self) -> apsw.Connection:
        if self._database is not None:
            if _identity(self.path) != self._identity:
                raise StateError(f"`{self.path}` was removed or replaced while it was in use; start anew")
            return self._database
        self._database = self._open()
        return self._database

    def _open(self) -> apsw.Connection:
        version = tuple(map(int, apsw.sqlite_lib_version().split(".")))
        if version < SOUND:
            raise StateError(
                f"SQLite {apsw.sqlite_lib_version()} can damage files that several processes use; install apsw 3.51.3 or newer"
            )
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        if self._lock < 0:
            self._lock = os.open(self.path.with_name(self.path.name + ".lock"), flags, 0o600)
        os.close(os.open(self.path, flags, 0o600))
        database = apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            database.set_busy_timeout(int(self._patience * 1000))
            with self._locked(monotonic() + self._patience):
                self._prepare(database)
        except BaseException:
            database.close()
            raise
        self._identity = _identity(self.path)
        return database

    def _prepare(self, database: apsw.Connection) -> None:
        """Make the tables of a new file, and see that an old one is ours.

        Raises:
            StateError: it is not, or it cannot be shared.
        """
        mark = database.pragma("application_id")
        tables = next(database.execute("SELECT count(*) FROM sqlite_schema"))[0]
        if mark != self._mark and (mark or tables):
            raise StateError(f"`{self.path}` is a file of another program")
        if database.pragma("journal_mode", "wal") != "wal":
            raise StateError(f"`{self.path}` is on a file system that several processes cannot share")
        database.pragma("synchronous", "full" if self._durable else "normal")
        database.execute("BEGIN IMMEDIATE")
        try:
            if not tables:
                database.execute(self._tables)
                database.execute(f"PRAGMA application_id = {self._mark}")
            self._opened(database)
        except BaseException:
            self._leave(database, "ROLLBACK")
            raise
        database.execute("COMMIT")

    def _drop(self) -> None:
        """Let go of the connection; what it has open is closed as well as can be."""
        database, self._database = self._database, None
        if database is not None:
            with suppress(apsw.Error):
                database.close(force=True)


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return found.st_dev, found.st_ino


def _plain(problem: apsw.Error) -> str:
    """Say what SQLite says, without its own class names; no value is in it, for values are never part of a statement."""
    words: dict[type[apsw.Error], str] = {
        apsw.FullError: "the disk is full",
        apsw.CorruptError: "it is damaged",
        apsw.NotADBError: "it is damaged, or a file of another program",
        apsw.ReadOnlyError: "it cannot be written",
        apsw.CantOpenError: "it cannot be opened",
        apsw.IOError: "the disk failed",
    }
    return words.get(type(problem), "the database failed")
