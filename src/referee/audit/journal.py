"""An append-only file of decision records, one JSON object a line, chained by hashes.

Rule 1: a batch is written whole, under a lock that all processes respect; readers see whole lines.
Rule 2: what a killed process left half-written is set aside in `FILE.torn` before the chain goes on.
Rule 3: what could not be written stays in the batch; ``AuditError`` says so, and the next flush tries again.
Rule 4: a child of a fork begins with an empty batch: the parent writes what waits.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final, Protocol
from weakref import WeakSet

from referee.audit.chain import START, Flaw, Head, check_lines, link, unlink
from referee.audit.record import Entry, writer
from referee.errors import AuditError
from referee.model.request import Request

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

_TORN: Final = ".torn"
_TAIL_BYTES: Final = 1 << 16
MAX_WAITING: Final = 100_000
"""The most entries that wait for a journal that cannot be written; beyond that ``add`` raises."""


class Journal(Protocol):
    """Whatever keeps decision records."""

    def add(self, entry: Entry) -> None:
        """Take an entry; it may be written later.

        Raises:
            AuditError: nothing can be recorded.
        """
        ...

    def flush(self) -> None:
        """Write everything that waits.

        Raises:
            AuditError: it could not be written; it still waits.
        """
        ...


class MemoryJournal:
    """The latest entries, in memory."""

    def __init__(self, keep: int = 10_000) -> None:
        self._entries: deque[Entry] = deque(maxlen=keep)

    def add(self, entry: Entry) -> None:
        """Keep an entry, and drop the oldest when there are too many."""
        self._entries.append(entry)

    def flush(self) -> None:
        """Do nothing: an entry is kept when it is added."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is kept, oldest first."""
        return tuple(self._entries)


class FileJournal:
    """A journal in one file, shared by threads and processes.

    ``batch`` entries are gathered before they are written; ``durable`` waits until the disk has them.
    """

    def __init__(self, path: str | os.PathLike[str], *, batch: int = 64, durable: bool = False) -> None:
        self.path = Path(path)
        self._batch = max(1, batch)
        self._durable = durable
        self._waiting: list[Entry] = []
        self._lock = Lock()
        self._writer = writer()
        self._known: tuple[int, int, str] | None = None
        _OPEN.add(self)

    def add(self, entry: Entry) -> None:
        """Take an entry and write the batch when it is full.

        Raises:
            AuditError: the batch could not be written, or too many entries wait already.
        """
        with self._lock:
            if len(self._waiting) >= MAX_WAITING:
                raise AuditError("too many records wait to be written")
            self._waiting.append(entry)
            if len(self._waiting) >= self._batch:
                self._write_waiting()

    def flush(self) -> None:
        """Write everything that waits.

        Raises:
            AuditError: the file could not be written; the entries still wait.
        """
        with self._lock:
            self._write_waiting()

    def write(self, entries: Sequence[Entry]) -> None:
        """Write entries now, behind those that wait: all of them, or none.

        Raises:
            AuditError: the file could not be written.
        """
        with self._lock:
            self._write_waiting()
            self._write(entries)

    def renew(self) -> None:
        """Begin anew in the child of a fork, with nothing waiting: the parent writes what does."""
        self._waiting = []
        self._lock = Lock()
        self._known = None

    def _write_waiting(self) -> None:
        if self._waiting:
            self._write(self._waiting)
            self._waiting.clear()

    def _write(self, entries: Sequence[Entry]) -> None:
        bodies = [self._body(entry) for entry in entries]
        try:
            file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
            try:
                self._append(file, bodies)
            finally:
                _let_go(file)
        except OSError as problem:
            raise AuditError(f"the journal cannot be written ({problem.strerror or 'input/output error'})") from None

    def _body(self, entry: Entry) -> bytes:
        """Write one entry; what of a request cannot be written down does not keep the decision from being recorded."""
        try:
            return self._writer.body(entry)
        except Exception:  # noqa: BLE001 - the fields of a request that was made directly can be anything
            return self._writer.body(
                Entry(entry.decision, Request(tool="?"), entry.stamp, "the request could not be written down")
            )

    def _append(self, file: int, bodies: list[bytes]) -> None:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        status = os.fstat(file)
        end = status.st_size
        if self._known is not None and self._known[:2] == (status.st_ino, end):
            previous, whole = self._known[2], end
        else:
            previous, whole = _last(file, end)
        if whole < end:
            self._set_aside(file, whole, end)
        pieces: list[bytes] = []
        for body in bodies:
            previous = link(previous, body, pieces)
        data = memoryview(b"".join(pieces))
        done = 0
        try:
            while done < len(data):
                done += os.write(file, data[done:])
            if self._durable:
                os.fsync(file)
        except BaseException:
            self._known = None
            os.ftruncate(file, whole)
            raise
        self._known = (status.st_ino, whole + len(data), previous)

    def _set_aside(self, file: int, whole: int, end: int) -> None:
        """Move what a killed process left half-written into a file beside the journal."""
        rest = os.pread(file, end - whole, whole)
        aside = os.open(f"{self.path}{_TORN}", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(aside, rest + b"\n")
        finally:
            os.close(aside)
        os.ftruncate(file, whole)


_OPEN: Final[WeakSet[FileJournal]] = WeakSet()


def _after_fork() -> None:
    for journal in list(_OPEN):
        journal.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _let_go(file: int) -> None:
    """Close a file. Its lock is given up first: a child forked meanwhile holds the same file, and would hold the lock."""
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_UN)
    finally:
        os.close(file)


def _last(file: int, end: int) -> tuple[str, int]:
    """Find the hash of the last whole line and where that line ends.

    Raises:
        OSError: the last line is not a record; the chain cannot be continued.
    """
    span = _TAIL_BYTES
    while True:
        start = max(0, end - span)
        tail = os.pread(file, end - start, start)
        stop = tail.rfind(b"\n")
        first = tail.rfind(b"\n", 0, max(stop, 0))
        if (stop >= 0 and first >= 0) or start == 0:
            break
        span *= 4
    if stop < 0:
        return START, 0
    parts = unlink(tail[first + 1 : stop])
    if parts is None:
        raise OSError(0, "its last line is not a record")
    return parts[1], start + stop + 1


def verify(path: str | os.PathLike[str], head: Head | None = None) -> Head | Flaw:
    """Check the chain of a journal; tell where it stands, or its first flaw.

    Raises:
        AuditError: the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            return check_lines(file, head)
    except OSError as problem:
        raise AuditError(f"the journal cannot be read ({problem.strerror or 'input/output error'})") from None
