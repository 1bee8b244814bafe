"""Starting a daemon from a hook that found none, apart from the agent that started the hook.

Rule 1: whoever gets the lock starts one, and hands the lock on to it; whoever does not get it does nothing.
Rule 2: no stream, no session and no folder of the agent is kept by what is started.
"""

from __future__ import annotations

import fcntl
import posix
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from referee.adapters.hooks.client import coded, entered, folder, leave, name_of, surrounding


def mend(package: str, *, hangs: bool) -> None:
    """Start a daemon, or one that replaces a daemon that hangs; nothing if another process is at it."""
    place = folder(posix.environ)
    with suppress(OSError):
        posix.mkdir(place, 0o700)
    opened = entered(place)
    kind = b".mending" if hangs else b".lock"
    flags = posix.O_RDWR | posix.O_CREAT | posix.O_NOFOLLOW | posix.O_CLOEXEC
    lock = posix.open(name_of(package) + kind, flags, 0o600, dir_fd=opened)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        posix.close(lock)
        return
    posix.ftruncate(lock, 0)
    child = posix.fork()
    if not child:
        _detached(lock, ["--mending" if hangs else "--lock", "3"])
    posix.waitpid(child, 0)
    posix.close(lock)
    posix.close(opened)


def _detached(lock: int, options: list[str]) -> NoReturn:
    """Become the daemon, apart from the agent: no stream of it is kept open."""
    try:
        posix.setsid()
        if posix.fork():
            leave(0)
        posix.chdir("/")
        nowhere = posix.open("/dev/null", posix.O_RDWR)
        kept = fcntl.fcntl(lock, fcntl.F_DUPFD, 10)
        for stream in (0, 1, 2):
            posix.dup2(nowhere, stream)
        posix.dup2(kept, 3)
        posix.closerange(4, 65536)
        signal.setitimer(signal.ITIMER_REAL, 0)
        environment = surrounding(posix.environ)
        program = coded(sys.executable)
        words = [program, b"-I", b"-m", b"referee.cli", b"daemon", b"run", *[coded(word) for word in options]]
        posix.execve(program, words, environment)
    finally:
        leave(1)
