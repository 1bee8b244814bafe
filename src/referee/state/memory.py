"""Accounts in the memory of one process.

Rule 1: one lock guards everything; nothing is called while it is held but the clocks.
Rule 2: what a session with a name of its own has used stays until the process ends; a session that made up its name
takes its accounts with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Final

from referee.state.protocol import Account, Amount, Posting, Receipt
from referee.state.windows import Calendar, Sliding, Total, Window, open_window

_PRUNE_EVERY: Final = 4096


class MemoryStore:
    """A store that is as quick as it is forgetful. Safe for threads; ``wall`` and ``monotonic`` are its clocks."""

    def __init__(self, wall: Callable[[], float], monotonic: Callable[[], float]) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._windows: dict[Account, Window] = {}
        self._runs: dict[str, list[Account]] = {}
        self._prune_at = _PRUNE_EVERY
        self._lock = Lock()

    def read(self, accounts: Sequence[Account]) -> tuple[Amount, ...]:
        """Tell how much each account holds now.

        Raises:
            StateError: the clock shows a time outside the calendar.
        """
        get = self._windows.get
        with self._lock:
            return tuple([0 if window is None else window.used(self._moment(window)) for window in map(get, accounts)])

    def apply(self, postings: Sequence[Posting]) -> Receipt | None:
        """Add all postings, or none of them and return ``None`` if one conflicts.

        Raises:
            StateError: the clock shows a time outside the calendar, or a window is not known.
        """
        with self._lock:
            if len(self._windows) >= self._prune_at:
                self._prune()
            ready: list[tuple[Window, Amount, float]] = []
            for account, amount, cap, below in postings:
                window = self._windows.get(account) or self._open(account)
                moment = self._moment(window)
                after = window.used(moment) + amount
                if (cap is not None and after > cap) or (below is not None and after >= below):
                    return None
                ready.append((window, amount, moment))
            marks: list[Any] = [window.add(amount, moment) for window, amount, moment in ready]
        return Receipt(tuple(postings), tuple(marks))

    def settle(self, receipt: Receipt, amounts: Sequence[Amount]) -> Receipt:
        """Replace the amounts of a receipt by those really used, without any condition.

        Raises:
            StateError: the clock shows a time outside the calendar.
        """
        with self._lock:
            for posting, mark, amount in zip(receipt.postings, receipt.marks, amounts, strict=True):
                window = self._windows.get(posting.account) or self._open(posting.account)
                window.change(mark, amount - posting.amount, self._moment(window))
        settled = zip(receipt.postings, amounts, strict=True)
        return Receipt(tuple(posting._replace(amount=amount) for posting, amount in settled), receipt.marks)

    def forget(self, run: str) -> None:
        """Drop the ``run`` accounts of a session that will not come back."""
        with self._lock:
            for account in self._runs.pop(run, ()):
                self._windows.pop(account, None)

    def _moment(self, window: Window) -> float:
        """Tell the time by the clock that a window follows."""
        if type(window) is Total:
            return 0.0
        return self._wall() if type(window) is Calendar else self._monotonic()

    def _open(self, account: Account) -> Window:
        window = open_window(account.window, account.timezone)
        self._windows[account] = window
        if account.run:
            self._runs.setdefault(account.run, []).append(account)
        return window

    def _prune(self) -> None:
        """Drop sliding windows that are empty; everything else still matters."""
        moment = self._monotonic()
        for account, window in list(self._windows.items()):
            if isinstance(window, Sliding):
                window.used(moment)
                if not window.events:
                    del self._windows[account]
        self._prune_at = max(_PRUNE_EVERY, 2 * len(self._windows))
