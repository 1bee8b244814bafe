"""The one seam to the world: two clocks and a source of names.

Rule 1: nothing else in this room looks at a clock or a random source.
Rule 2: a name is a random prefix of this process and a count; after a fork the prefix is new.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from referee.model.facts import Clock
from referee.model.names import WEEKDAYS
from referee.state.windows import period, zone


class World:
    """The clocks and names of this process. Tests derive from it and turn the clocks by hand."""

    def __init__(self) -> None:
        self.number: Callable[[], int] = itertools.count(1).__next__
        self.prefix = os.urandom(8).hex()
        self._clocks: dict[str, tuple[float, float, Clock]] = {}
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self.prefix = os.urandom(8).hex()

    wall: Callable[[], float] = staticmethod(time.time)
    """Tells the time in seconds since 1970."""

    monotonic: Callable[[], float] = staticmethod(time.monotonic)
    """Tells a time in seconds that never goes back."""

    def secret(self) -> str:
        """Make a name that cannot be guessed."""
        return os.urandom(12).hex()

    def clock(self, timezone: str) -> Clock:
        """Tell hour, weekday and date in a time zone.

        Raises:
            StateError: the time zone is not known, or the clock shows a time outside the calendar.
        """
        moment = self.wall()
        held = self._clocks.get(timezone)
        if held is not None and held[0] <= moment < held[1]:
            return held[2]
        begins, ends = period("hour", timezone, moment)
        local = datetime.fromtimestamp(moment, zone(timezone))
        clock = Clock(local.hour, WEEKDAYS[local.weekday()], local.date().isoformat())
        self._clocks[timezone] = (begins, ends, clock)
        return clock


SYSTEM: Final = World()
