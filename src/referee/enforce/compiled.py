"""The compiled form of a policy in a file, so that the next process starts quickly.

Rule 1: a cache is used only if it was made from the very texts at hand, by this version, and is as it was written.
Rule 2: a cache that others could have written is not read: whoever writes it decides.
Rule 3: a cache that cannot be read or written is done without.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from referee.engine.program import Program

_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
"""What is there is opened at once or not at all: a pipe would wait for a writer."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    key: str
    counters: tuple[str, ...]
    program: bytes
    digest: bytes


def read_cache(path: Path, key: str) -> tuple[Program, tuple[str, ...]] | None:
    """Return what was kept for these texts, if it can be trusted."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _AT_ONCE), "rb") as file:
            if not _ours(os.fstat(file.fileno())):
                return None
            kept = msgspec.msgpack.decode(file.read(), type=_Kept)
        if kept.key != key or kept.digest != _digest(key, counters=kept.counters, program=kept.program):
            return None
        return Program.loads(kept.program), kept.counters
    except (OSError, ValueError):
        return None


def write_cache(path: Path, key: str, program: Program, counters: tuple[str, ...]) -> None:
    """Keep a program for the next start."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        image = program.dumps()
        kept = _Kept(key, counters, image, _digest(key, counters=counters, program=image))
        data = msgspec.msgpack.encode(kept)
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(file, "wb") as stream:
            stream.write(data)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _digest(key: str, *, counters: tuple[str, ...], program: bytes) -> bytes:
    return sha256(b"\0".join([key.encode(), *(name.encode() for name in counters), program])).digest()


def _ours(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode):
        return False
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
