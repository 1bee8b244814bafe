"""Windows: a run, a sliding span, and the hours, days, weeks and months of a time zone.

Rule 1: sliding spans follow the monotonic clock, so that no jump of the wall clock lets more through.
Rule 2: calendar spans follow the wall clock, and each keeps its own sum: a clock set back finds what was used then.
Rule 3: sums are exact, whatever precision the program around us has set for its own.
Rule 4: memory is bounded. What has to be merged is counted longer than it lasted, never shorter.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from referee.engine.usage import less, total
from referee.errors import StateError
from referee.state.protocol import Amount

MAX_EVENTS: Final = 4096
"""The most postings a sliding window tells apart; beyond that neighbours are merged into the later one."""

MAX_PERIODS: Final = 8
"""How many periods a calendar window remembers; an older one is answered by the oldest that is left."""


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo:
    """Find a time zone by its name.

    Raises:
        StateError: there is none of that name here.
    """
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # start-up time: most policies live in UTC

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise StateError("the time zone is not known on this machine") from None


def _start(window: str, local: datetime) -> datetime:
    hour = local.replace(minute=0, second=0, microsecond=0)
    if window == "hour":
        return hour
    day = hour.replace(hour=0, fold=0)
    if window == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if window == "month" else day


_LONGEST: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


def period(window: str, timezone: str, wall: float) -> tuple[float, float]:
    """Tell when the calendar span around a moment begins and ends, in seconds since 1970.

    Raises:
        StateError: the moment is outside the calendar or the time zone is not known.

    >>> period("day", "UTC", 90_000.0)
    (86400.0, 172800.0)
    """
    place = zone(timezone)
    try:
        local = datetime.fromtimestamp(wall, place)
        first = _start(window, local)
        if window == "hour":
            begins = first.timestamp()
            return begins, begins + 3600.0
        after = _start(window, first + _LONGEST[window]) if window in _LONGEST else _next_month(first)
        return first.timestamp(), after.timestamp()
    except (OverflowError, ValueError, OSError):
        raise StateError("the clock shows a time outside the calendar") from None


def _next_month(first: datetime) -> datetime:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)


class Total:
    """A sum that only a run bounds."""

    __slots__ = ("sum",)

    def __init__(self) -> None:
        self.sum: Amount = 0

    def used(self, _moment: float) -> Amount:
        """Tell the sum."""
        return self.sum

    def add(self, amount: Amount, _moment: float) -> None:
        """Add to the sum."""
        self.sum = total(self.sum, amount)

    def change(self, _mark: object, amount: Amount, _moment: float) -> None:
        """Correct an earlier posting by a difference."""
        self.sum = total(self.sum, amount)


class Event:
    """One posting in a sliding window, or several merged: when it happened and how much it was."""

    __slots__ = ("amount", "at", "into")

    def __init__(self, at: float, amount: Amount) -> None:
        self.at = at
        self.amount = amount
        self.into: Event | None = None


class Sliding:
    """What was used in the last ``span`` seconds. Moments come from a monotonic clock."""

    __slots__ = ("events", "span", "sum")

    def __init__(self, span: float) -> None:
        self.span = span
        self.events: deque[Event] = deque()
        self.sum: Amount = 0

    def used(self, moment: float) -> Amount:
        """Tell how much lies in the window that ends now, and drop what has left it."""
        events = self.events
        while events and moment - events[0].at >= self.span:
            self.sum = less(self.sum, events.popleft().amount)
        return self.sum

    def add(self, amount: Amount, moment: float) -> Event:
        """Add a posting that happens now."""
        event = Event(moment, amount)
        self.events.append(event)
        self.sum = total(self.sum, amount)
        if len(self.events) > MAX_EVENTS:
            self._merge()
        return event

    def change(self, mark: Event, amount: Amount, moment: float) -> None:
        """Correct an earlier posting by a difference, at the time it happened; more than it was counts from now."""
        while mark.into is not None:
            mark = mark.into
        if amount > 0:
            self.add(amount, moment)
        elif self.events and mark.at >= self.events[0].at:
            mark.amount = total(mark.amount, amount)
            self.sum = total(self.sum, amount)

    def _merge(self) -> None:
        kept: deque[Event] = deque()
        pending: Event | None = None
        for event in self.events:
            if pending is None:
                pending = event
                continue
            pending.into = event
            event.amount = total(event.amount, pending.amount)
            kept.append(event)
            pending = None
        if pending is not None:
            kept.append(pending)
        self.events = kept


class Calendar:
    """What was used in each of the latest periods. Moments come from the wall clock."""

    __slots__ = ("begins", "ends", "sums", "timezone", "window")

    def __init__(self, window: str, timezone: str) -> None:
        self.window = window
        self.timezone = timezone
        self.begins = 0.0
        self.ends = 0.0
        self.sums: dict[float, Amount] = {}

    def _period(self, moment: float) -> float:
        if not self.begins <= moment < self.ends:
            self.begins, self.ends = period(self.window, self.timezone, moment)
        if len(self.sums) >= MAX_PERIODS and self.begins not in self.sums:
            return max(self.begins, min(self.sums))
        return self.begins

    def used(self, moment: float) -> Amount:
        """Tell how much was used in the period of this moment."""
        begins = self.begins
        if begins <= moment < self.ends and begins in self.sums:
            return self.sums[begins]
        return self.sums.get(self._period(moment), 0)

    def add(self, amount: Amount, moment: float) -> float:
        """Add to the period of this moment."""
        begins = self.begins
        if begins <= moment < self.ends and begins in self.sums:
            self.sums[begins] = total(self.sums[begins], amount)
            return begins
        begins = self._period(moment)
        self.sums[begins] = total(self.sums.get(begins, 0), amount)
        if len(self.sums) > MAX_PERIODS:
            del self.sums[min(self.sums)]
        return begins

    def change(self, mark: float, amount: Amount, _moment: float) -> None:
        """Correct an earlier posting by a difference, in the period it was made in."""
        if mark in self.sums:
            self.sums[mark] = total(self.sums[mark], amount)


Window = Total | Sliding | Calendar


def open_window(window: str, timezone: str) -> Window:
    """Make the empty window that a name stands for.

    Raises:
        StateError: the name is not that of a window.
    """
    if window == "run":
        return Total()
    if window in {"hour", "day", "week", "month"}:
        return Calendar(window, timezone)
    try:
        span = float(window.removesuffix("s"))
    except ValueError:
        span = 0.0
    if not 0 < span < 1e10:
        raise StateError("the window of a limit is not known")
    return Sliding(span)
