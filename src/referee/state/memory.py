"""Accounts in the memory of one process.

Rule 1: one lock guards everything; nothing is called while it is held but the clocks.
Rule 2: what a session with a name of its own has used stays until the process ends; a session that made up its name
takes its accounts with it.
Rule 3: every change has a number; a page adds without looking again if the number is still that of its ticket.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Final
from weakref import WeakSet

from referee.engine.usage import less, total
from referee.state.protocol import Account, Amount, Posting, Receipt, Row, Ticket
from referee.state.windows import Calendar, Sliding, Total, Window, open_window

_PRUNE_EVERY: Final = 4096


class _Ledger:
    """The windows of a store, and the lock that whoever looks at them holds. Both of its numbers only grow.

    ``changes`` counts what was added or corrected, ``dropped`` how often windows were dropped.
    """

    __slots__ = ("__weakref__", "changes", "dropped", "lock", "monotonic", "prune_at", "runs", "wall", "windows")

    def __init__(self, wall: Callable[[], float], monotonic: Callable[[], float]) -> None:
        self.wall = wall
        self.monotonic = monotonic
        self.windows: dict[Account, Window] = {}
        self.runs: dict[str, list[Account]] = {}
        self.lock = Lock()
        self.changes = 0
        self.dropped = 0
        self.prune_at = _PRUNE_EVERY
        _LEDGERS.add(self)

    def moment(self, window: Window) -> float:
        """Tell the time by the clock that a window follows."""
        if type(window) is Total:
            return 0.0
        return self.wall() if type(window) is Calendar else self.monotonic()

    def open(self, account: Account) -> Window:
        """Make the window of an account.

        Raises:
            StateError: its window is not known.
        """
        window = open_window(account.window, account.timezone)
        self.windows[account] = window
        if account.run:
            self.runs.setdefault(account.run, []).append(account)
        return window

    def prune(self) -> None:
        """Drop sliding windows that are empty, if there are many windows; everything else still matters."""
        if len(self.windows) < self.prune_at:
            return
        moment = self.monotonic()
        self.dropped += 1
        for account, window in list(self.windows.items()):
            if isinstance(window, Sliding):
                window.used(moment)
                if not window.events:
                    del self.windows[account]
        self.prune_at = max(_PRUNE_EVERY, 2 * len(self.windows))


_LEDGERS: Final[WeakSet[_Ledger]] = WeakSet()


def _after_fork() -> None:
    """A child has none of the threads that may have held a lock."""
    for ledger in list(_LEDGERS):
        ledger.lock = Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class MemoryStore:
    """A store that is as quick as it is forgetful. Safe for threads; ``wall`` and ``monotonic`` are its clocks."""

    def __init__(self, wall: Callable[[], float], monotonic: Callable[[], float]) -> None:
        self._ledger = _Ledger(wall, monotonic)

    def read(self, accounts: Sequence[Account]) -> tuple[Amount, ...]:
        """Tell how much each account holds now.

        Raises:
            StateError: the clock shows a time outside the calendar.
        """
        get = self._ledger.windows.get
        with self._ledger.lock:
            return tuple(
                [0 if window is None else window.used(self._ledger.moment(window)) for window in map(get, accounts)]
            )

    def apply(self, postings: Sequence[Posting]) -> Receipt | None:
        """Add all postings, or none of them and return ``None`` if one conflicts.

        Raises:
            StateError: the clock shows a time outside the calendar, or a window is not known.
        """
        with self._ledger.lock:
            self._ledger.prune()
            ready: list[tuple[Window, Amount, float]] = []
            for account, amount, cap, below in postings:
                window = self._ledger.windows.get(account) or self._ledger.open(account)
                moment = self._ledger.moment(window)
                after = total(window.used(moment), amount)
                if (cap is not None and after > cap) or (below is not None and after >= below):
                    return None
                ready.append((window, amount, moment))
            self._ledger.changes += 1
            marks: list[Any] = [window.add(amount, moment) for window, amount, moment in ready]
        return Receipt(tuple(postings), tuple(marks))

    def settle(self, receipt: Receipt, amounts: Sequence[Amount]) -> Receipt:
        """Replace the amounts of a receipt by those really used, without any condition.

        Raises:
            StateError: the clock shows a time outside the calendar.
        """
        with self._ledger.lock:
            self._ledger.changes += 1
            for posting, mark, amount in zip(receipt.postings, receipt.marks, amounts, strict=True):
                window = self._ledger.windows.get(posting.account) or self._ledger.open(posting.account)
                window.change(mark, less(amount, posting.amount), self._ledger.moment(window))
        settled = zip(receipt.postings, amounts, strict=True)
        return Receipt(tuple(posting._replace(amount=amount) for posting, amount in settled), receipt.marks)

    def page(self, rows: Sequence[Row]) -> _Page:
        """Find accounts once, for many decisions.

        Raises:
            StateError: the window of an account is not known.
        """
        return _Page(self._ledger, rows)

    def forget(self, run: str) -> None:
        """Drop the ``run`` accounts of a session that will not come back."""
        with self._ledger.lock:
            self._ledger.dropped += 1
            for account in self._ledger.runs.pop(run, ()):
                self._ledger.windows.pop(account, None)


class _Page:
    """Some windows of the store. Once the store has dropped any window they are found anew."""

    __slots__ = ("_clocks", "_dropped", "_ledger", "_lines", "_rows")

    def __init__(self, ledger: _Ledger, rows: Sequence[Row]) -> None:
        self._ledger = ledger
        self._rows = tuple(rows)
        self._lines: list[tuple[str, Window, int, int]] = []
        self._clocks = (False, False)
        self._dropped = -1

    def read(self) -> tuple[Ticket, dict[str, Amount]]:
        """Tell how much each account holds now.

        Raises:
            StateError: the clock shows a time outside the calendar, or a window is not known.
        """
        ledger = self._ledger
        with ledger.lock:
            if self._dropped != ledger.dropped:
                self._find()
            calendars, slidings = self._clocks
            wall = ledger.wall() if calendars else 0.0
            now = (0.0, wall, ledger.monotonic() if slidings else 0.0)
            held = {
                name: total(window.used(now[clock]), more) if more else window.used(now[clock])
                for name, window, clock, more in self._lines
            }
            return (ledger.changes, wall), held

    def add(self, ticket: Ticket, amounts: Sequence[tuple[int, Amount]]) -> tuple[Any, ...] | None:
        """Add amounts if nothing has changed since the ticket was given; return the marks.

        A calendar window takes them for the period that was read, a sliding one for this very moment.
        """
        ledger = self._ledger
        with ledger.lock:
            changes, wall = ticket
            if changes != ledger.changes or self._dropped != ledger.dropped:
                return None
            now = (0.0, wall, ledger.monotonic() if self._clocks[1] else 0.0)
            ledger.changes += 1
            marks: list[Any] = []
            for place, more in amounts:
                _, window, clock, _ = self._lines[place]
                marks.append(window.add(more, now[clock]))
            return tuple(marks)

    def _find(self) -> None:
        ledger = self._ledger
        ledger.prune()
        self._lines = []
        for name, account, more in self._rows:
            window = ledger.windows.get(account) or ledger.open(account)
            self._lines.append((name, window, _CLOCKS[type(window)], more))
        clocks = {clock for _, _, clock, _ in self._lines}
        self._clocks = (1 in clocks, 2 in clocks)
        self._dropped = ledger.dropped


_CLOCKS: Final[dict[type[Window], int]] = {Total: 0, Calendar: 1, Sliding: 2}
