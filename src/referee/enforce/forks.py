"""Locks in the child of a fork: the threads that held them in the parent are not there to give them up.

Rule 1: a child has new locks. What a thread of the parent was changing may be half done there: drawn, and not remembered.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

_LOCKS: Final[WeakKeyDictionary[Any, tuple[str, Callable[[], Any]]]] = WeakKeyDictionary()


def renewed(holder: object, name: str, make: Callable[[], Any]) -> None:
    """Have the lock of that name made anew in every child of a fork, for as long as its holder lives."""
    _LOCKS[holder] = (name, make)


def _after_fork() -> None:
    for holder, (name, make) in list(_LOCKS.items()):
        setattr(holder, name, make())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
