"""What a hook remembers from one process to the next: accounts of limits and counters, ended sessions, labels.

Rule 1: one process at a time. The lock is held from reading to writing, so two hooks never spend the same money.
Rule 2: a file that cannot be read is an error, never an empty memory.
Rule 3: after a restart of the machine what a sliding window holds counts from now, which is longer than it would have.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from time import sleep
from typing import Final

import msgspec

from referee.errors import StateError
from referee.state.protocol import Account, Amount, Posting, Receipt
from referee.state.windows import Calendar, Event, Sliding, Total, Window, open_window

MONTH: Final = 30 * 86_400.0
"""How long a session that is silent is remembered, in seconds."""

MINUTE: Final = 60.0
"""How exactly is remembered when a session was last heard of, so that what changes nothing else need not be written."""

MAX_BYTES: Final = 64 << 20
"""The largest file that is taken for what was remembered."""

Remaining = Callable[[], float | None]
"""Tells how many seconds are left; ``None``: as many as it takes."""

_REPEATED: Final = "counter.repeated_calls:"


class Seen(msgspec.Struct):
    """What is remembered of one session: when it was last heard of and began, why it is over (if it is), its labels.

    ``asked`` are the calls whose user is being asked, with the limits they would draw from and the amounts. ``marks`` names the
    file with the fingerprints of its labelled values; it is empty if there are none yet, ``None`` if nobody has kept them.
    """

    at: float
    began: float
    ended: str = ""
    labels: tuple[str, ...] = ()
    asked: dict[str, list[tuple[str, str]]] = {}
    marks: str | None = None


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    boot: str
    key: str
    accounts: list[tuple[Account, list[tuple[float, str]]]] = []
    sessions: dict[str, Seen] = {}


class Memory:
    """Accounts and sessions, as a store. ``wall`` and ``monotonic`` are its clocks, ``boot`` names this start of the machine.

    ``repeated`` names the call that is being decided for the count of its repetitions; it is made with ``key``.
    """

    def __init__(self, wall: Callable[[], float], monotonic: Callable[[], float], boot: str) -> None:
        self.sessions: dict[str, Seen] = {}
        self.key = os.urandom(16).hex()
        self.repeated = ""
        self.path: Path | None = None
        self.tidy = False
        self._wall = wall
        self._monotonic = monotonic
        self._boot = boot
        self._windows: dict[Account, Window] = {}

    def session(self, name: str) -> Seen:
        """Find what is remembered of a session; one that is new begins now."""
        now = self._wall()
        seen = self.sessions.setdefault(name, Seen(now, now))
        if not 0 <= now - seen.at < MINUTE:
            seen.at = now
        return seen

    def read(self, accounts: Sequence[Account]) -> tuple[Amount, ...]:
        """Tell how much each account holds now.

        Raises:
            StateError: the clock shows a time outside the calendar.
        """
        return tuple(
            0 if (window := self._windows.get(self._own(account))) is None else window.used(self._moment(window))
            for account in accounts
        )

    def apply(self, postings: Sequence[Posting]) -> Receipt | None:
        """Add all postings, or none of them and return ``None`` if one conflicts.

        Raises:
            StateError: the clock shows a time outside the calendar, or a window is not known.
        """
        ready: list[tuple[Window, Amount]] = []
        for account, amount, cap, below in postings:
            window = self._window(account)
            after = window.used(self._moment(window)) + amount
            if (cap is not None and after > cap) or (below is not None and after >= below):
                return None
            ready.append((window, amount))
        return Receipt(tuple(postings), tuple(window.add(amount, self._moment(window)) for window, amount in ready))

    def settle(self, receipt: Receipt, amounts: Sequence[Amount]) -> Receipt:
        """Replace the amounts of a receipt by those really used, without any condition.

        Raises:
            StateError: the clock shows a time outside the calendar.
        """
        for posting, mark, amount in zip(receipt.postings, receipt.marks, amounts, strict=True):
            window = self._window(posting.account)
            window.change(mark, amount - posting.amount, self._moment(window))
        settled = zip(receipt.postings, amounts, strict=True)
        return Receipt(tuple(posting._replace(amount=amount) for posting, amount in settled), receipt.marks)

    def draw(self, amounts: Iterable[tuple[Account, Amount]]) -> None:
        """Add what has been used up already, whatever the bounds.

        Raises:
            StateError: the clock shows a time outside the calendar.
        """
        self.apply([Posting(account, amount) for account, amount in amounts])

    def forget(self, run: str) -> None:
        """Keep everything: the end of a process is not the end of the agent's session."""

    def load(self, data: bytes) -> None:
        """Take over what an earlier process kept.

        Raises:
            StateError: it was not written by this program.
        """
        try:
            kept = msgspec.json.decode(data, type=_Kept)
            bytes.fromhex(kept.key)
            moved = not self._boot or kept.boot != self._boot
            for account, entries in kept.accounts:
                self._windows[account] = self._restored(account, entries, moved=moved)
        except (msgspec.DecodeError, ValueError, ArithmeticError, StateError):
            raise StateError("what was remembered cannot be read") from None
        self.sessions, self.key = kept.sessions, kept.key

    def oldest(self) -> float:
        """Tell since when a session has to have been heard of to be remembered."""
        return self._wall() - MONTH

    def dump(self) -> bytes:
        """Write everything down, but sessions that have been silent for a month."""
        oldest = self.oldest()
        sessions = {name: seen for name, seen in self.sessions.items() if seen.at >= oldest}
        gone = self.sessions.keys() - sessions.keys()
        self.tidy = self.tidy or any(self.sessions[name].marks for name in gone)
        accounts = [(account, _entries(window)) for account, window in self._windows.items() if account.run not in gone]
        return msgspec.json.encode(_Kept(self._boot, self.key, [entry for entry in accounts if entry[1]], sessions))

    def _moment(self, window: Window) -> float:
        return self._wall() if isinstance(window, Calendar) else self._monotonic()

    def _own(self, account: Account) -> Account:
        """Name a repeated call by a key that outlives the process."""
        return account._replace(name=_REPEATED + self.repeated) if account.name.startswith(_REPEATED) else account

    def _window(self, account: Account) -> Window:
        account = self._own(account)
        if account not in self._windows:
            self._windows[account] = open_window(account.window, account.timezone)
        return self._windows[account]

    def _restored(self, account: Account, entries: list[tuple[float, str]], *, moved: bool) -> Window:
        window = open_window(account.window, account.timezone)
        for at, text in entries:
            amount = _amount(text)
            if isinstance(window, Sliding):
                window.events.append(Event(self._monotonic() if moved else at, amount))
                window.sum += amount
            elif isinstance(window, Calendar):
                window.sums[at] = amount
            else:
                window.sum += amount
        return window


def _entries(window: Window) -> list[tuple[float, str]]:
    if isinstance(window, Sliding):
        return [(event.at, str(event.amount)) for event in window.events]
    if isinstance(window, Calendar):
        return [(begins, str(amount)) for begins, amount in window.sums.items()]
    assert isinstance(window, Total)
    return [(0.0, str(window.sum))] if window.sum else []


def _amount(text: str) -> Amount:
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError
    return int(amount) if text.lstrip("-").isdigit() else amount


@contextmanager
def remembered(path: Path, memory: Memory, time: Remaining = lambda: None) -> Generator[Memory]:
    """Fill ``memory`` from a file, and write it back when all went well. Nobody else has the file meanwhile.

    ``time`` says how many seconds are left; with none left nothing is written. ``None``: somebody else sees to that.

    Raises:
        StateError: the file cannot be read, locked or written, or not in time.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise StateError(f"`{path}` cannot be used: {_why(problem)}") from None
    try:
        _lock(lock, path, time)
        memory.path = path
        before = _fill(memory, path)
        yield memory
        after = memory.dump()
        left = time()
        if left is not None and left <= 0:
            raise StateError("the time for the decision is over")
        if after != before:
            write_whole(path, after)
        if memory.tidy:
            _tidy(path, memory)
    finally:
        os.close(lock)


def _lock(lock: int, path: Path, time: Remaining) -> None:
    """Wait until nobody else has the file, but no longer than there is time."""
    pause = 0.0005
    while (left := time()) is not None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if left <= 0:
                raise StateError(f"`{path}` is in use by another process all the time") from None
            sleep(min(pause, left))
            pause = min(pause * 1.5, 0.02)
        else:
            return
    fcntl.flock(lock, fcntl.LOCK_EX)


def _fill(memory: Memory, path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return b""
    except OSError as problem:
        raise StateError(f"`{path}` cannot be read: {_why(problem)}") from None
    if len(data) > MAX_BYTES:
        raise StateError(f"`{path}` is larger than {MAX_BYTES >> 20} MB; remove it to begin anew")
    try:
        memory.load(data)
    except StateError:
        raise StateError(f"`{path}` is damaged; remove it to begin anew") from None
    return data


def _tidy(path: Path, memory: Memory) -> None:
    """Remove the marks that no session refers to any more. What cannot be removed does no harm."""
    oldest = memory.oldest()
    named = {seen.marks for seen in memory.sessions.values() if seen.at >= oldest}
    with suppress(OSError):
        for file in path.with_name(f"{path.name}.marks").iterdir():
            if file.name not in named:
                file.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one step: it is there as a whole, or as it was.

    Raises:
        StateError: it cannot be written.
    """
    new = path.with_name(f"{path.name}.{os.urandom(6).hex()}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as problem:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise StateError(f"`{path}` cannot be written: {_why(problem)}") from None


def _why(problem: OSError) -> str:
    return (problem.strerror or "unknown").lower()
