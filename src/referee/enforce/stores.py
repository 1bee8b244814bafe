"""Where limits are kept, by name: a file that processes share.

Rule 1: a store that cannot be opened is a failure of the policy that wants it, never a store in memory instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from referee.enforce.world import SYSTEM, World

if TYPE_CHECKING:
    from referee.state.protocol import Store
    from referee.state.questions import Shelf
    from referee.state.sqlite import SqliteStore


def open_store(where: Store | str | os.PathLike[str], world: World) -> Store:
    """Return a store as it is, or the one in a file, which is made if there is none.

    Raises:
        StateError: the file cannot be used.
    """
    return sqlite(Path(where), world) if isinstance(where, (str, os.PathLike)) else where


def sqlite(path: Path, world: World, *, durable: bool = False) -> SqliteStore:
    """Open the store in a file.

    Raises:
        StateError: the file cannot be used.
    """
    from referee.state.sqlite import SqliteStore  # start-up time: only who keeps limits in a file needs SQLite

    store = SqliteStore(path.absolute(), world.wall, world.monotonic, boot=boot_id(), durable=durable)
    store.read(())
    return store


def shelf_of(store: Store) -> Shelf | None:
    """Return the shelf of questions that a store has; most have none."""
    make = getattr(store, "shelf", None)
    return None if make is None else make()


def boot_id(read: Callable[[], str] = lambda: Path("/proc/sys/kernel/random/boot_id").read_text()) -> str:
    """Name this start of the machine; where it has no name, by the minute it began, as far as the clocks can tell."""
    try:
        return read().strip()
    except OSError:
        return f"since {round((SYSTEM.wall() - SYSTEM.monotonic()) / 60)}"
