"""Accounts in a SQLite file: of many processes on one machine, and after they have ended.

Rule 1: what was acknowledged is in the file, also if the process is killed; with ``durable`` it is on the disk.
Rule 2: an account holds here what it would hold in memory: sums of runs and calendars are rows, sliding windows are events.
Rule 3: a clock that jumps, once or a few times, gives no run its budget back: what is silent is told by days that were seen.
Rule 4: after a restart of the machine a sliding window counts from now, which is longer than it would have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import apsw
import msgspec

from referee.engine.usage import less, total
from referee.state.protocol import Account, Amount, Posting, Receipt
from referee.state.shared_file import SharedFile
from referee.state.sqlite_questions import TABLES, SqliteShelf, expire
from referee.state.windows import MAX_EVENTS, Calendar, Sliding, Total, Window, open_window

PATIENCE: Final = 0.8
"""Seconds a writer waits for others before it fails."""

SILENT: Final = 30
"""Days on which the file was opened, since anybody touched the account of a run, after which it is dropped."""

_DAY: Final = 86_400

_MARK: Final = 0x52465245
_TABLES: Final = """
CREATE TABLE sums (key TEXT NOT NULL, begins REAL NOT NULL, amount TEXT NOT NULL, run TEXT NOT NULL, touched REAL NOT NULL,
  PRIMARY KEY (key, begins)) STRICT, WITHOUT ROWID;
CREATE INDEX runs ON sums (run) WHERE run <> '';
CREATE TABLE slides (key TEXT PRIMARY KEY, amount TEXT NOT NULL, events INTEGER NOT NULL,
  gone INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, at REAL NOT NULL, amount TEXT NOT NULL) STRICT;
CREATE INDEX places ON events (key, id);
CREATE TABLE days (day INTEGER PRIMARY KEY) STRICT;
CREATE TABLE boot (name TEXT NOT NULL) STRICT;
INSERT INTO boot VALUES ('');
"""


class SqliteStore:
    """A store in a file. Safe for threads, processes and forks; ``wall`` and ``monotonic`` are its clocks.

    ``boot`` names this start of the machine: after another one the monotonic clock has begun anew.
    """

    def __init__(
        self,
        path: Path,
        wall: Callable[[], float],
        monotonic: Callable[[], float],
        *,
        boot: str = "",
        durable: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._boot = boot
        self._file = SharedFile(
            path, mark=_MARK, tables=_TABLES, opened=self._begin, durable=durable, patience=patience
        )

    def read(self, accounts: Sequence[Account]) -> tuple[Amount, ...]:
        """Tell how much each account holds now.

        Raises:
            StateError: the file cannot be read.
        """
        with self._file.reading() as database:
            return tuple([self._used(database, account) for account in accounts])

    def apply(self, postings: Sequence[Posting]) -> Receipt | None:
        """Add all postings, or none of them and return ``None`` if one conflicts.

        Raises:
            StateError: the file cannot be written, or is in use by others all the time.
        """
        with self._file.writing() as database:
            if not all(self._fits(database, posting) for posting in postings):
                return None
            marks = tuple([self._add(database, posting.account, posting.amount) for posting in postings])
        return Receipt(tuple(postings), marks)

    def settle(self, receipt: Receipt, amounts: Sequence[Amount]) -> Receipt:
        """Replace the amounts of a receipt by those really used, without any condition.

        Raises:
            StateError: the file cannot be written, or is in use by others all the time.
        """
        with self._file.writing() as database:
            for posting, mark, amount in zip(receipt.postings, receipt.marks, amounts, strict=True):
                self._change(database, posting.account, mark, less(amount, posting.amount))
        settled = zip(receipt.postings, amounts, strict=True)
        return Receipt(tuple(posting._replace(amount=amount) for posting, amount in settled), receipt.marks)

    def forget(self, run: str) -> None:
        """Drop the ``run`` accounts of a session that will not come back.

        Raises:
            StateError: the file cannot be written, or is in use by others all the time.
        """
        with self._file.writing() as database:
            database.execute("DELETE FROM sums WHERE run = ? AND run <> ''", (run,))

    def shelf(self) -> SqliteShelf:
        """Return the questions to humans in the same file."""
        return SqliteShelf(self._file)

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        self._file.close()

    def _begin(self, database: apsw.Connection) -> None:
        """See whether the machine has started anew, and drop what nobody will ask for."""
        database.execute(TABLES)
        before = next(database.execute("SELECT name FROM boot"))[0]
        if not self._boot or before != self._boot:
            database.execute("UPDATE events SET at = ?", (self._monotonic(),))
            expire(database)
            database.execute("UPDATE boot SET name = ?", (self._boot,))
        database.execute("INSERT OR IGNORE INTO days VALUES (?)", (int(self._wall() // _DAY),))
        for (day,) in list(database.execute("SELECT day FROM days ORDER BY day DESC LIMIT 1 OFFSET ?", (SILENT,))):
            database.execute("DELETE FROM sums WHERE run <> '' AND touched < ?", (day * _DAY,))
            database.execute("DELETE FROM days WHERE day < ?", (day,))

    def _fits(self, database: apsw.Connection, posting: Posting) -> bool:
        after = total(self._used(database, posting.account), posting.amount)
        return (posting.cap is None or after <= posting.cap) and (posting.below is None or after < posting.below)

    def _used(self, database: apsw.Connection, account: Account) -> Amount:
        window = open_window(account.window, account.timezone)
        key = _key(account)
        if not isinstance(window, Sliding):
            return self._sums(database, key, window).used(self._moment(window))
        used = self._slide(database, key)[0]
        for _, amount in self._gone(database, key, window):
            used = less(used, amount)
        return used

    def _moment(self, window: Window) -> float:
        return self._wall() if isinstance(window, Calendar) else 0.0

    def _add(self, database: apsw.Connection, account: Account, amount: Amount) -> Any:
        window = open_window(account.window, account.timezone)
        key = _key(account)
        if isinstance(window, Sliding):
            return self._event(database, key, window, amount)
        sums = self._sums(database, key, window)
        mark = sums.add(amount, self._moment(window))
        self._keep(database, key, account, sums)
        return mark

    def _change(self, database: apsw.Connection, account: Account, mark: Any, amount: Amount) -> None:
        window = open_window(account.window, account.timezone)
        key = _key(account)
        if not isinstance(window, Sliding):
            sums = self._sums(database, key, window)
            sums.change(mark, amount, 0.0)
            self._keep(database, key, account, sums)
        elif amount > 0:
            self._event(database, key, window, amount)
        elif amount < 0:
            self._correct(database, key, mark, amount)

    # Sums: a row for the run, or for each of the latest periods

    def _sums(self, database: apsw.Connection, key: str, window: Window) -> Total | Calendar:
        """Fill a window with the sums that are kept of it."""
        assert isinstance(window, (Total, Calendar))
        for begins, amount in database.execute("SELECT begins, amount FROM sums WHERE key = ?", (key,)):
            if isinstance(window, Total):
                window.sum = _amount(amount)
            else:
                window.sums[begins] = _amount(amount)
        return window

    def _keep(self, database: apsw.Connection, key: str, account: Account, sums: Total | Calendar) -> None:
        rows = {0.0: sums.sum} if isinstance(sums, Total) else sums.sums
        now = self._wall()
        database.execute("DELETE FROM sums WHERE key = ?", (key,))
        for begins, amount in rows.items():
            database.execute("INSERT INTO sums VALUES (?, ?, ?, ?, ?)", (key, begins, str(amount), account.run, now))

    # Slides: a sum, and the events in it. ``gone`` is the last event that has left.

    def _slide(self, database: apsw.Connection, key: str) -> tuple[Amount, int, int]:
        for amount, events, gone in database.execute("SELECT amount, events, gone FROM slides WHERE key = ?", (key,)):
            return _amount(amount), events, gone
        return 0, 0, 0

    def _put(self, database: apsw.Connection, key: str, amount: Amount, events: int, gone: int) -> None:
        database.execute("INSERT OR REPLACE INTO slides VALUES (?, ?, ?, ?)", (key, str(amount), events, gone))

    def _gone(self, database: apsw.Connection, key: str, window: Sliding) -> list[tuple[int, Amount]]:
        """List the events that have left the window: they come first, for its clock never goes back."""
        found: list[tuple[int, Amount]] = []
        moment = self._monotonic()
        for event, at, amount in database.execute(
            "SELECT id, at, amount FROM events WHERE key = ? ORDER BY id", (key,)
        ):
            if moment - at < window.span:
                break
            found.append((event, _amount(amount)))
        return found

    def _event(self, database: apsw.Connection, key: str, window: Sliding, amount: Amount) -> int:
        """Add a posting that happens now, and drop those that have left the window."""
        used, events, last = self._slide(database, key)
        gone = self._gone(database, key, window)
        if gone:
            last = gone[-1][0]
            database.execute("DELETE FROM events WHERE key = ? AND id <= ?", (key, last))
            for _, left in gone:
                used = less(used, left)
        database.execute("INSERT INTO events (key, at, amount) VALUES (?, ?, ?)", (key, self._monotonic(), str(amount)))
        mark = database.last_insert_rowid()
        events += 1 - len(gone)
        if events > MAX_EVENTS:
            events = self._merge(database, key)
        self._put(database, key, total(used, amount), events, last)
        return mark

    def _merge(self, database: apsw.Connection, key: str) -> int:
        """Merge neighbours into the later one, and tell how many are left."""
        rows = list(database.execute("SELECT id, amount FROM events WHERE key = ? ORDER BY id", (key,)))
        for (early, less_), (late, more) in zip(rows[0::2], rows[1::2], strict=False):
            database.execute("DELETE FROM events WHERE id = ?", (early,))
            both = total(_amount(less_), _amount(more))
            database.execute("UPDATE events SET amount = ? WHERE id = ?", (str(both), late))
        return len(rows) - len(rows) // 2

    def _correct(self, database: apsw.Connection, key: str, mark: int, amount: Amount) -> None:
        """Correct a posting, or what it was merged into, if it has not left."""
        used, events, gone = self._slide(database, key)
        if mark <= gone:
            return
        found = "SELECT id, amount FROM events WHERE key = ? AND id >= ? ORDER BY id LIMIT 1"
        for event, held in list(database.execute(found, (key, mark))):
            database.execute("UPDATE events SET amount = ? WHERE id = ?", (str(total(_amount(held), amount)), event))
            self._put(database, key, total(used, amount), events, gone)


def _key(account: Account) -> str:
    return msgspec.json.encode(tuple(account)).decode()


def _amount(text: str) -> Amount:
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)
