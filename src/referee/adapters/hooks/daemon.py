"""The daemon: one process of a user that keeps policies compiled and answers hooks at once.

Rule 1: it decides nothing by itself: every question goes the way it would go in the hook's own process, with the caller's
words, folder and environment. Policy files are read for every question, so an edited policy counts from the next call on.
Rule 2: only processes of this user are heard, on a socket of this user alone, in a folder of this user alone.
Rule 3: one question never harms another. Each has a worker, a bound in size and time, and an end; a question that cannot be
answered gets no answer, and the hook decides itself.
Rule 4: it holds a lock as long as it lives, so there is one. It goes when it is idle, outdated, unreachable, too large or
stuck; the next hook starts another.
"""

from __future__ import annotations

import fcntl
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic, sleep
from types import FrameType
from typing import Final

from referee.adapters.hooks import client
from referee.adapters.hooks.calling import Caller, answer, cache_folder, strings
from referee.adapters.hooks.client import MAX_PAYLOAD
from referee.adapters.hooks.moments import Said
from referee.enforce.compiled import Programs
from referee.errors import RefereeError

IDLE: Final = 1800.0
"""Seconds without a question after which it goes."""

WORKERS: Final = 32
BACKLOG: Final = 128
MAX_QUESTION: Final = MAX_PAYLOAD + (4 << 20)
HEARING: Final = 5.0
"""Seconds a caller may take to say its question, and to hear the answer."""

STUCK: Final = 60.0
"""Seconds past a question's time after which its worker is given up."""

MAX_RESIDENT: Final = 600 << 20
PACKAGE: Final = str(Path(__file__).parents[2])

Answering = Callable[[Caller, bytes], Said]


class DaemonError(RefereeError):
    """The daemon cannot be started or reached."""


class Place:
    """The folder of this user's daemon, entered, and the names in it. Raises ``DaemonError`` if it cannot be used."""

    def __init__(self, package: str = PACKAGE) -> None:
        path = client.folder(os.environb)
        with suppress(OSError):
            os.mkdir(path, 0o700)  # noqa: PTH102 - the path is bytes
        self.name = client.name_of(package)
        self.path = path
        try:
            self.opened = client.entered(path)
        except OSError as problem:
            why = problem.strerror or str(problem)
            raise DaemonError(f"the folder `{os.fsdecode(path)}` cannot be used: {why.lower()}") from None
        self.address = client.address(self.opened, path, self.name)

    def lock(self, kind: str = "lock") -> int | None:
        """Take a lock of the folder; ``None`` if another process has it."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        lock = os.open(self.name + b"." + kind.encode(), flags, 0o600, dir_fd=self.opened)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return lock

    def holder(self) -> int | None:
        """Say which process is, or was, the daemon by its own word; it is one only while it has the lock."""
        try:
            lock = os.open(self.name + b".lock", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self.opened)
        except OSError:
            return None
        try:
            return int(os.read(lock, 32))
        except (OSError, ValueError):
            return None
        finally:
            os.close(lock)

    def standing(self) -> bytes:
        """Name the file that the socket's path leads to now."""
        return client.standing(self.path + b"/" + self.name + b".sock")

    def clear(self) -> None:
        """Take away what is at the socket's place."""
        with suppress(FileNotFoundError):
            os.unlink(self.name + b".sock", dir_fd=self.opened)


class Sources:
    """The files this process was made from, as they were when it began."""

    def __init__(self) -> None:
        names = (getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if _is_ours(name))
        self._known = {os.fsencode(name): self._mark(os.fsencode(name)) for name in names if name}
        self._looked = monotonic()

    def changed(self) -> bool:
        """Tell whether another version was written over this one; looked at once a second at most."""
        if monotonic() - self._looked < 1.0:
            return False
        self._looked = monotonic()
        return any(self._mark(name) != mark for name, mark in self._known.items())

    @staticmethod
    def _mark(name: bytes) -> tuple[int, ...]:
        try:
            status = os.stat(name)  # noqa: PTH116 - the name is bytes
        except OSError:
            return ()
        return status.st_mtime_ns, status.st_size, status.st_ino


def _is_ours(name: str) -> bool:
    return name == "referee" or name.startswith("referee.")


class Daemon:
    """Answers until it has to go. ``answering`` is what answers; tests put something else there."""

    def __init__(self, place: Place, idle: float = IDLE, answering: Answering | None = None) -> None:
        self._place = place
        self._idle = idle
        self._programs = Programs(cache_folder(strings(client.surrounding(os.environb))))
        self._answering = answering or self._answer_by_policy
        self._identity = client.identity(PACKAGE)
        self._sources = Sources()
        self._stop = Event()
        self._guard = Lock()
        self._busy: dict[object, float] = {}
        self._last = monotonic()
        self.answered = 0

    def run(self) -> None:
        """Listen, answer, and go when it is time. The caller holds the lock.

        Raises:
            DaemonError: the socket cannot be made.
        """
        self._place.clear()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            try:
                before = os.umask(0o177)
                listener.bind(self._place.address)
                os.umask(before)
                listener.listen(BACKLOG)
            except OSError as problem:
                raise DaemonError(f"the socket cannot be made: {(problem.strerror or 'unknown').lower()}") from None
            mine = self._place.standing()
            for number in range(WORKERS):
                Thread(target=self._work, args=(listener,), name=f"referee-{number}", daemon=True).start()
            _prepare()
            self._watch(mine)
            if self._place.standing() == mine:
                self._place.clear()
            listener.shutdown(socket.SHUT_RDWR)
        self._finish()

    def retire(self) -> None:
        """Answer what was asked, and go."""
        self._stop.set()

    def _watch(self, mine: bytes) -> None:
        """Wait until there is a reason to go."""
        while not self._stop.wait(max(0.05, min(2.0, self._idle / 4))):
            now = monotonic()
            with self._guard:
                late = min(self._busy.values(), default=now + 1)
                is_idle = not self._busy and now - self._last > self._idle
            if is_idle or now > late + STUCK or self._place.standing() != mine or _resident() > MAX_RESIDENT:
                return

    def _finish(self) -> None:
        """Give what is being answered a moment."""
        ends = monotonic() + HEARING
        while self._busy and monotonic() < ends:
            sleep(0.01)

    def _work(self, listener: socket.socket) -> None:
        while not self._stop.is_set():
            try:
                caller, _ = listener.accept()
            except OSError:
                if listener.fileno() < 0 or self._stop.is_set():
                    return
                sleep(0.05)
                continue
            with suppress(Exception), caller, self._counted() as token:
                self._serve(caller, token)

    @contextmanager
    def _counted(self) -> Generator[object]:
        token = object()
        with self._guard:
            self._busy[token] = monotonic() + HEARING
        try:
            yield token
        finally:
            with self._guard:
                del self._busy[token]
                self._last = monotonic()

    def _serve(self, caller: socket.socket, token: object) -> None:
        """Hear one question and answer it; whatever is wrong with it, there is no answer."""
        caller.settimeout(HEARING)
        other = client.peer(caller)
        if other is None or other[0] != os.geteuid():
            return
        size = int.from_bytes(client.received(caller, 4), "little")
        if size > MAX_QUESTION:
            return
        identity, verb, *parts = client.unpacked(client.received(caller, size))
        if identity != self._identity or client.identity(PACKAGE) != identity or self._sources.changed():
            caller.sendall(client.ELSEWHERE)
            self.retire()
        elif verb == b"answer" and len(parts) == 6:
            self._answer(caller, token, parts)
        elif verb == b"stop":
            caller.sendall(client.HELD + client.packed([b"%d" % os.getpid()]))
            self.retire()
        elif verb == b"status":
            caller.sendall(client.HELD + client.packed([b"%d" % os.getpid(), b"%d" % self.answered]))

    def _answer_by_policy(self, caller: Caller, payload: bytes) -> Said:
        return answer(caller, payload, self._programs)

    def _answer(self, caller: socket.socket, token: object, parts: list[bytes]) -> None:
        words, cwd, environment, standing, moment, payload = parts
        if standing != client.standing(b"/") + b"," + client.standing(cwd or b"/"):
            caller.sendall(client.ELSEWHERE)
            return
        until = min(int(moment) / 1000, monotonic() + client.LONGEST)
        self._busy[token] = until
        caller.sendall(client.HELD)
        pairs = (pair.partition(b"=") for pair in environment.split(b"\0") if pair)
        asked = Caller(
            words=tuple(os.fsdecode(word) for word in words.split(b"\0")),
            folder=os.fsdecode(cwd) or None,
            environment=strings({name: value for name, _, value in pairs}),
            until=until,
        )
        out, problem, code = self._answering(asked, payload)
        caller.sendall(client.packed([b"%d" % code, out, problem]))
        self.answered += 1


def _prepare() -> None:
    """Load what the first questions will need, and let no collection of garbage look at it again."""
    from referee.facets import compute
    from referee.scanners.builtin import builtin

    assert compute.compute is not None
    assert builtin()
    gc.collect()
    gc.freeze()


def _resident() -> int:
    """Read how much memory this process holds; nothing where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def serve(place: Place, lock: int, idle: float = IDLE) -> None:
    """Be the daemon until it has to go, then end the process: a stuck worker does not keep it.

    Raises:
        DaemonError: the socket cannot be made.
    """
    os.umask(0o077)
    os.ftruncate(lock, 0)
    os.pwrite(lock, b"%d" % os.getpid(), 0)
    daemon = Daemon(place, idle)
    os.environ.pop("HOME", None)  # rule 1: it was somebody else's

    def go(_number: int, _frame: FrameType | None) -> None:
        daemon.retire()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, go)
    daemon.run()
    os.close(lock)


def question(verb: bytes, patience: float = 2.0) -> list[bytes] | None:
    """Say a word to the daemon: ``status``, ``stop``. ``None``: nobody answers."""
    asked = client.packed([client.identity(PACKAGE), verb])
    try:
        return client.told(PACKAGE, asked, os.environb, patience, patience)
    except client.Unheard:
        return None


def listening(place: Place) -> int | None:
    """Say which process listens at the socket, whether it answers or not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(0.5)
        try:
            sock.connect(place.address)
            other = client.peer(sock)
        except OSError:
            return None
    return other[1] or None if other is not None and other[0] == os.geteuid() else None


def is_well(place: Place, patience: float = 10.0) -> bool:
    """Tell whether the daemon answers, if not at once; one that was stopped will not."""
    return question(b"status", 0.5 if _is_stopped(place.holder()) else patience) is not None


def _is_stopped(process: int | None) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0] in (b"T", b"t")
    except (OSError, IndexError):
        return False


def end(place: Place, patience: float = 5.0) -> bool:
    """End the daemon: ask it to go, and if it does not, make it. True if there is none any more."""
    ends = monotonic() + patience
    while (lock := place.lock()) is None and monotonic() < ends:
        asked = question(b"stop", 0.5)
        process = place.holder()
        if asked is None and process is not None and monotonic() > ends - patience / 2:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        sleep(0.05)
    if lock is None:
        return False
    os.close(lock)
    return True
