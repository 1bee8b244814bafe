"""The scanners of a policy at work: shared within a decision, and quicker once their patterns are a database.

Rule 1: a database is loaded if one is kept. It is made, in a thread of its own, only for a process that scans a lot.
Rule 2: a database that others could have written is not read: whoever writes it decides what is found.
Rule 3: nothing waits for a database: without one everything is found as well, only later.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Final

from referee.enforce.compiled import is_private, read_own, write_own
from referee.engine.program import Program
from referee.model.packs import Pattern
from referee.scanners.builtin import VIEWS
from referee.scanners.engine import Engine
from referee.scanners.joined import JoinedScanner
from referee.scanners.matching import PatternScanner
from referee.scanners.protocol import Scanner
from referee.scanners.views import Views

PATIENCE: Final = 300
"""So many texts are scanned without a database before one is made."""
_KEEP: Final = 16


class Shelf:
    """A folder of this user alone that keeps databases."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        """Return what was kept under a name, if it can be trusted."""
        if self._folder is None or not is_private(self._folder):
            return None
        data = read_own(self._folder / f"{name}.patterns")
        if data is None or sha256(data[32:]).digest() != data[:32]:
            return None
        return data[32:]

    def write(self, name: str, data: bytes) -> None:
        """Keep something; if that is not possible, nothing happens."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if is_private(self._folder):
                write_own(self._folder / f"{name}.patterns", sha256(data).digest() + data)
                files = sorted(self._folder.glob("*.patterns"), key=lambda file: file.stat().st_mtime_ns)
                for file in files[:-_KEEP]:
                    file.unlink(missing_ok=True)


class Warming:
    """The patterns of an engine on their way into a database."""

    def __init__(self, engine: Engine, shelf: Shelf) -> None:
        self._engine = engine
        self._shelf = shelf
        self._left = PATIENCE
        self._settled = False
        self._process = os.getpid()
        engine.load(shelf)

    def seen(self, texts: int) -> None:
        """Note that texts were scanned; after many, a database is made."""
        if self._settled and self._process == os.getpid():
            return
        self._left -= texts
        if self._engine.ready:
            self._settled = True
        elif self._left <= 0:
            self._settled, self._process = True, os.getpid()
            Thread(target=self._engine.make, args=(self._shelf,), name="referee-patterns", daemon=True).start()


def joined(name: str, first: Scanner | None, program: Program) -> Scanner | None:
    """Return a scanner with the patterns that a policy adds to it; as it is where it adds none."""
    patterns = program.scanners[name]
    if not patterns:
        return first
    return JoinedScanner(name, first, _scanner(name, patterns))


@lru_cache(64)
def _scanner(name: str, patterns: tuple[Pattern, ...]) -> PatternScanner:
    return PatternScanner.of(name, patterns, VIEWS.get(name, Views()))


@cache
def warming(folder: Path | None) -> Warming:
    """Return the built-in patterns on their way into a database that is kept in a folder."""
    from referee.scanners.builtin import engine  # start-up time: packs are large

    return Warming(engine(), Shelf(folder))
