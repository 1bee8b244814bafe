"""The compiled forms of policies, in files and in memory, so that the next process or decision starts quickly.

Rule 1: a cache is used only if it was made from the very texts at hand, by this version, and is as it was written.
Rule 2: a cache that others could have written is not read: whoever writes it decides.
Rule 3: a cache that cannot be read or written is done without.
Rule 4: a text is the name of its compiled form: a policy that changed is another policy, never an old one.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from referee._version import __version__
from referee.engine.program import Program

_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
"""What is there is opened at once or not at all: a pipe would wait for a writer."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    key: str
    counters: tuple[str, ...]
    program: bytes
    digest: bytes


class Programs:
    """The compiled forms of many policies: those used last in memory, more of them in a folder of this user alone."""

    def __init__(self, folder: Path | None, *, in_memory: int = 16, in_folder: int = 64) -> None:
        self.folder = folder
        self._in_memory = in_memory
        self._in_folder = in_folder
        self._held: dict[str, tuple[Program, tuple[str, ...]]] = {}

    def find(self, key: str) -> tuple[Program, tuple[str, ...]] | None:
        """Return the compiled form of the texts of this name, if there is one that can be trusted."""
        held = self._held.get(key)
        if held is None and self.folder is not None and is_private(self.folder):
            held = read_cache(self._file(self.folder, key), key)
        if held is not None:
            self._remember(key, held)
        return held

    def keep(self, key: str, program: Program, counters: tuple[str, ...]) -> None:
        """Keep a compiled form; the ones that were not used for longest make room."""
        self._remember(key, (program, counters))
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if is_private(self.folder):
                write_cache(self._file(self.folder, key), key, program, counters)
                files = sorted(self.folder.glob("*.program"), key=lambda file: file.stat().st_mtime_ns)
                for file in files[: -self._in_folder]:
                    file.unlink(missing_ok=True)

    def _remember(self, key: str, held: tuple[Program, tuple[str, ...]]) -> None:
        self._held.pop(key, None)
        self._held[key] = held
        while len(self._held) > self._in_memory:
            self._held.pop(next(iter(list(self._held))), None)

    @staticmethod
    def _file(folder: Path, key: str) -> Path:
        return folder / f"{key[:40]}-{__version__}.program"


def read_cache(path: Path, key: str) -> tuple[Program, tuple[str, ...]] | None:
    """Return what was kept for these texts, if it can be trusted."""
    data = read_own(path)
    if data is None:
        return None
    try:
        kept = msgspec.msgpack.decode(data, type=_Kept)
        if kept.key != key or kept.digest != _digest(key, counters=kept.counters, program=kept.program):
            return None
        return Program.loads(kept.program), kept.counters
    except ValueError:
        return None


def read_own(path: Path) -> bytes | None:
    """Return what a file holds, if nobody else could have written it."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _AT_ONCE), "rb") as file:
            return file.read() if _ours(os.fstat(file.fileno())) else None
    except OSError:
        return None


def write_cache(path: Path, key: str, program: Program, counters: tuple[str, ...]) -> None:
    """Keep a program for the next start."""
    image = program.dumps()
    kept = _Kept(key, counters, image, _digest(key, counters=counters, program=image))
    write_own(path, msgspec.msgpack.encode(kept))


def write_own(path: Path, data: bytes) -> None:
    """Write a file that nobody else can write, whole or not at all."""
    new = path.with_name(f"{path.name}.{os.urandom(6).hex()}.new")
    try:
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(file, "wb") as stream:
            stream.write(data)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _digest(key: str, *, counters: tuple[str, ...], program: bytes) -> bytes:
    return sha256(b"\0".join([key.encode(), *(name.encode() for name in counters), program])).digest()


def is_private(folder: Path) -> bool:
    """Tell whether a folder is this user's and nobody else can put files there; a link to one is not."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and _is_mine(status)


def _ours(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and _is_mine(status)


def _is_mine(status: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
