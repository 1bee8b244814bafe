"""A journal that is written behind the caller's back: by a thread of its own, soon, and in order.

Rule 1: an entry reaches the file within ``delay`` seconds, whether others follow or not; at once when many wait.
Rule 2: nobody waits for the disk, unless entries come quicker than the thread writes: then callers write a batch themselves.
Rule 3: a failure is told to the next caller, who tries again; until that succeeds every ``add`` raises.
Rule 4: what waits is written when the interpreter or a process of ``multiprocessing`` ends, and never by a child of a fork;
what comes later still is written at once, as it is where no thread can be had.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections import deque
from contextlib import suppress
from itertools import islice
from threading import Event, Lock, Thread
from time import sleep
from typing import Final
from weakref import WeakSet, finalize, ref

from referee.audit.journal import MAX_WAITING, FileJournal
from referee.audit.record import Entry
from referee.errors import AuditError

DELAY: Final = 0.05
"""How long an entry waits for others at most, in seconds."""
BATCH: Final = 128
"""How many entries are written at a time; with twice as many waiting callers help."""
_FAR_BEHIND: Final = 16 * BATCH
"""With so many entries waiting, callers do not go on before a batch is written."""


class BehindJournal:
    """A file journal written by a thread. Safe for threads; what has to be durable at once is written directly."""

    def __init__(self, journal: FileJournal, *, delay: float = DELAY) -> None:
        self._journal = journal
        self._delay = delay
        self._end: finalize[..., BehindJournal] | None = None
        self.renew()
        _OPEN.add(self)

    def renew(self) -> None:
        """Begin with nothing waiting and nobody at work."""
        if self._end is not None:
            self._end.detach()
            self._journal.renew()
        self._waiting: deque[Entry] = deque()
        self._writing = Lock()
        self._starting = Lock()
        self._pending = Event()
        self._full = Event()
        self._awake = False
        self._problem = False
        self._patience = 2 * BATCH
        self._thread: Thread | None = None
        self._end = finalize(self, _finish, self._journal, self._waiting, self._writing, self._pending)

    def add(self, entry: Entry) -> None:
        """Take an entry.

        Raises:
            AuditError: what waits cannot be written. This entry waits too, unless ``MAX_WAITING`` do already.
        """
        many = len(self._waiting)
        if many >= MAX_WAITING:
            raise AuditError("too many records wait to be written")
        self._waiting.append(entry)
        if not self._awake:
            self._wake()
        if many >= BATCH:
            self._full.set()
        if self._problem or many >= self._patience:
            self._help(wait=self._problem or not self._patience or many >= _FAR_BEHIND)

    def flush(self) -> None:
        """Write everything that waits.

        Raises:
            AuditError: it could not be written; it still waits.
        """
        while self._waiting:
            self._help(wait=True)

    def end(self) -> None:
        """Write what waits, and from now on what is added at once: the interpreter ends, and the thread with it."""
        self._patience = 0
        with suppress(AuditError):
            self.flush()

    def _help(self, *, wait: bool) -> None:
        """Write one batch, if there is one; unless told to wait, only if nobody else writes."""
        if not self._writing.acquire(blocking=wait):
            return
        try:
            _write(self._journal, self._waiting)
            self._problem = False
        except BaseException:
            self._problem = True
            raise
        finally:
            self._writing.release()

    def _wake(self) -> None:
        self._awake = True
        if self._thread is None and not self._begin():
            self._awake = False
            self._help(wait=True)
            return
        self._pending.set()

    def _begin(self) -> bool:
        """Start the thread, if there is none; tell whether there is one."""
        with self._starting:
            if self._thread is None:
                work = (ref(self), self._pending, self._full, self._delay)
                thread = Thread(target=_work, args=work, name="referee-journal", daemon=True)
                try:
                    thread.start()
                except RuntimeError:
                    return False
                self._thread = thread
                processes = sys.modules.get("multiprocessing.util")
                if processes is not None:
                    processes.Finalize(self, _end_of, args=(ref(self),), exitpriority=0)
        return True

    def turn(self) -> None:
        """Write what waits, once; a failure is left to the next caller. Between two batches others have their turn."""
        self._pending.clear()
        self._full.clear()
        self._awake = False
        with suppress(Exception):
            while self._waiting:
                self._help(wait=True)
                sleep(0)


def _write(journal: FileJournal, waiting: deque[Entry]) -> None:
    entries = list(islice(waiting, BATCH))
    if entries:
        journal.write(entries)
    for _ in entries:
        waiting.popleft()


def _work(journal: ref[BehindJournal], pending: Event, full: Event, delay: float) -> None:
    """Write for a journal as long as there is one."""
    while True:
        pending.wait()
        full.wait(delay)
        found = journal()
        if found is None:
            return
        found.turn()
        del found


def _finish(journal: FileJournal, waiting: deque[Entry], writing: Lock, pending: Event) -> None:
    """Write what waits when nobody holds the journal any longer, or the interpreter ends; let the thread go."""
    with writing, suppress(AuditError):
        while waiting:
            _write(journal, waiting)
    pending.set()


_OPEN: Final[WeakSet[BehindJournal]] = WeakSet()


def _end_of(journal: ref[BehindJournal]) -> None:
    found = journal()
    if found is not None:
        found.end()


@atexit.register
def _end_all() -> None:
    for journal in list(_OPEN):
        journal.end()


def _after_fork() -> None:
    """The parent writes what waits; a child begins anew."""
    for journal in list(_OPEN):
        journal.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
