"""The quick way from a hook to its answer: ask the daemon of this user, and decide here if it does not answer.

Rule 1: nothing is imported but what every interpreter has built in, and ``_socket``: the whole answer may cost no more
than a start of the interpreter, so the rest of Referee is loaded only when there is no daemon.
Rule 2: an answer counts only if it came whole, from a process of this very user, through a folder of this user alone.
Rule 3: a daemon that is gone, hangs, is of another version or sees another file system is done without, and mended.
Rule 4: standard input is read once, and an answer is given once; no decision in time is a refusal in the agent's protocol.
"""

import _imp
import _signal  # type: ignore[import-not-found]  # built in, without types
import _socket
import posix
import sys
import time
from _frozen_importlib_external import SourceFileLoader

leave = posix._exit  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 - the system's call; nothing is left to tidy up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import FrameType
    from typing import Any, NoReturn

    Said = tuple[bytes, bytes, int]

MAX_PAYLOAD = 16_000_000
"""As much of a payload is passed on, and one byte more, by which it is refused as too large."""

DEADLINE = 20.0
"""Seconds until there is a refusal, unless ``--deadline`` says otherwise."""

LONGEST = 3600.0
"""Seconds that may be said there."""

_MARGIN = 0.8
"""The part of the deadline in which a decision may come; the rest is for the refusal."""

_WAKE = 1.0
"""Seconds in which a daemon that is well says that it has the request."""

_NAMES = ("HOME", "PWD", "USER", "LOGNAME", "TMPDIR")
_STARTS = (
    "XDG_",
    "REFEREE_",
    "CLAUDE_",
    "CODEX_",
    "GEMINI_",
    "COPILOT_",
    "CURSOR_",
    "WINDSURF_",
    "CLINE_",
    "OPENCODE_",
)
_PRIVATE = ("KEY", "TOKEN", "SECRET", "PASS", "AUTH", "CREDENTIAL", "HEADER")
_PACKAGE = -len("/adapters/hooks/launch.py")
HELD, ELSEWHERE = b"+", b"-"


class Unheard(Exception):  # noqa: N818 - a daemon that does not answer is no failure
    """There is no answer of a daemon that counts; ``hangs`` says that one is there and silent."""

    hangs = False


class Late(BaseException):
    """The time is over. Not an ``Exception``: nobody on the way may take it for a failure of his own."""


class Hangs(Unheard):
    """There is a daemon, and it is silent."""

    hangs = True


# The place of the daemon


def folder(environment: "Mapping[bytes, bytes]") -> bytes:
    """Say where this user's daemon has its socket: as told, in the user's folder of this boot, or beside it in ``/tmp``."""
    told = environment.get(b"REFEREE_RUNTIME_DIR")
    if told:
        return told
    session = environment.get(b"XDG_RUNTIME_DIR")
    return session + b"/referee" if session else b"/tmp/referee-%d" % posix.geteuid()


def name_of(package: str) -> bytes:
    """Name the daemon of an installation: two of them do not disturb each other."""
    return b"hook-" + _imp.source_hash(0x5265666572656500, package.encode("utf-8", "surrogateescape")).hex().encode()


def entered(place: bytes) -> int:
    """Open the folder; only one that is this user's, and that nobody else can write to or look into, is entered.

    Raises:
        OSError: it cannot be opened, or is not such a folder.
    """
    opened = posix.open(place, posix.O_RDONLY | posix.O_DIRECTORY | posix.O_NOFOLLOW | posix.O_CLOEXEC)
    status = posix.fstat(opened)
    if status.st_uid != posix.geteuid() or status.st_mode & 0o077:
        posix.close(opened)
        raise OSError("the folder of the daemon is open to others")
    return opened


def address(opened: int, place: bytes, name: bytes) -> bytes:
    """Write a socket's address so that it is short, and in the very folder that was looked at."""
    return b"/proc/self/fd/%d/%s.sock" % (opened, name) if sys.platform == "linux" else place + b"/" + name + b".sock"


def peer(sock: "_socket.socket") -> tuple[int, int] | None:
    """Say which user and process are at the other end, as the system knows it; ``None`` where it does not."""
    if sys.platform == "linux":
        found = sock.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
        return int.from_bytes(found[4:8], sys.byteorder), int.from_bytes(found[:4], sys.byteorder)
    if sys.platform == "darwin":
        found = sock.getsockopt(0, 1, 76)
        return (int.from_bytes(found[4:8], sys.byteorder), 0) if len(found) >= 8 and not any(found[:4]) else None
    return None


def identity(package: str) -> bytes:
    """Name what is installed: a new version is written to a new file."""
    status = posix.stat(package + "/_version.py")
    return b"1:%d:%d:%d" % (status.st_mtime_ns, status.st_size, status.st_ino)


def standing(place: bytes) -> bytes:
    """Name the file that a path leads to, so that two processes can tell whether they see the same."""
    try:
        status = posix.stat(place)
    except OSError:
        return b"-"
    return b"%d:%d" % (status.st_dev, status.st_ino)


# What is said


def packed(parts: "Iterable[bytes]") -> bytes:
    r"""Write parts so that they can be told apart.

    >>> packed([b"ab", b""])
    b'\n\x00\x00\x00\x02\x00\x00\x00ab\x00\x00\x00\x00'
    """
    body = b"".join([len(part).to_bytes(4, "little") + part for part in parts])
    return len(body).to_bytes(4, "little") + body


def unpacked(body: bytes) -> list[bytes]:
    """Read what ``packed`` wrote, without its first length.

    Raises:
        ValueError: it was not written by it.
    """
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        ends = at + 4 + int.from_bytes(body[at : at + 4], "little")
        if at + 4 > len(body) or ends > len(body):
            raise ValueError("a part is cut off")
        parts.append(body[at + 4 : ends])
        at = ends
    return parts


def received(sock: "_socket.socket", count: int) -> bytes:
    """Read so many bytes.

    Raises:
        OSError: the other end is silent, or gone.
    """
    held: list[bytes] = []
    while count > 0:
        data = sock.recv(min(count, 1 << 20))
        if not data:
            raise OSError("the other end is gone")
        held.append(data)
        count -= len(data)
    return b"".join(held)


def surrounding(environment: "Mapping[bytes, bytes]") -> dict[bytes, bytes]:
    """Choose from the environment what a decision may look at: places, never keys."""
    return {
        name: value
        for name, value in environment.items()
        if (word := name.decode("utf-8", "surrogateescape")) in _NAMES
        or (word.startswith(_STARTS) and not any(private in word for private in _PRIVATE))
    }


def current() -> bytes:
    """Say where this process is; nothing if its folder is gone."""
    try:
        return posix.getcwdb()
    except OSError:
        return b""


def ask(package: str, words: list[str], payload: bytes, until: float) -> "Said":
    """Have the daemon answer until a moment of the clock that never goes back, which all processes share.

    Raises:
        Unheard: no daemon gave an answer that counts.
    """
    environment = surrounding(posix.environ)
    cwd = current()
    question = packed(
        [
            identity(package),
            b"answer",
            b"\0".join([coded(word) for word in words]),
            cwd,
            b"\0".join([name + b"=" + value for name, value in environment.items()]),
            standing(b"/") + b"," + standing(cwd or b"/"),
            b"%d" % int(until * 1000),
            payload,
        ]
    )
    left = max(0.001, until - time.monotonic())
    said = told(package, question, posix.environ, min(_WAKE, left * 0.3), left * 0.5)
    if len(said) != 3 or not (said[0].isdigit() and len(said[0]) <= 3):
        raise Unheard
    return said[1], said[2], int(said[0])


def told(
    package: str, question: bytes, environment: "Mapping[bytes, bytes]", wake: float, patience: float
) -> list[bytes]:
    """Say something to the daemon and hear what it says.

    Raises:
        Unheard: none is there, or its answer does not count.
    """
    place = folder(environment)
    try:
        opened = entered(place)
        sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        sock.settimeout(wake)
        sock.connect(address(opened, place, name_of(package)))
        posix.close(opened)
        other = peer(sock)
        if other is None or other[0] != posix.geteuid():
            raise Unheard
    except (TimeoutError, BlockingIOError):
        raise Hangs from None
    except OSError:
        raise Unheard from None
    try:
        sock.sendall(question)
        heard = sock.recv(1)
    except TimeoutError:
        raise Hangs from None
    except OSError:
        raise Unheard from None
    if heard != HELD:
        raise Unheard
    try:
        sock.settimeout(patience)
        return unpacked(received(sock, int.from_bytes(received(sock, 4), "little")))
    except TimeoutError:
        raise Hangs from None
    except (OSError, ValueError):
        raise Unheard from None


def coded(word: str) -> bytes:
    """Write a word as the system does."""
    return word.encode(sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())


# From standard input to the exit


class _Hook:
    """One call of the agent: what it said, and whether it is being refused already."""

    def __init__(self, words: list[str], package: str) -> None:
        self.words = words
        self.package = package
        self.payload = b""
        self.refusing = False
        self.grace = 0.0
        self.warnings = 0

    def late(self, _number: int, _frame: "FrameType | None") -> None:
        """Stop whatever is going on, so that it is refused; what does not even hear that is refused over its head."""
        if self.refusing:
            return
        self.warnings += 1
        if self.warnings > 3:
            self.say(self.refusal("no decision within the deadline"))
        _signal.setitimer(_signal.ITIMER_REAL, self.grace)
        loaded = sys.modules.get("referee.adapters.hooks.answering")
        raise getattr(loaded, "Late", Late)

    def refusal(self, why: str) -> "Said":
        """Refuse in the agent's protocol, by what little is known."""
        self.refusing = True
        moments = neighbour(self.package, "moments")
        host = self.words[0] if self.words else ""
        event = option(self.words, "--event") or _named(moments["json"], self.payload)
        said: Said = moments["last_word"](host, event, f"Referee could not decide, so it refuses: {why}")
        return said

    def say(self, said: "Said") -> "NoReturn":
        """Answer, and end: what cannot be said is refused by the exit code."""
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        out, problem, code = said
        try:
            _write(1, out)
        except OSError:
            code = 2
        try:  # noqa: SIM105 - rule 1
            _write(2, problem)
        except OSError:
            pass
        leave(code)


def run(arguments: list[str], launched: str) -> "NoReturn":
    """Answer the payload on standard input. ``arguments`` are ``hook AGENT …``, ``launched`` the file that was started."""
    hook = _Hook(arguments[1:], launched[:_PACKAGE])
    limit = deadline(arguments)
    until = time.monotonic() + limit * _MARGIN
    hook.grace = limit * 0.1
    try:
        _signal.signal(_signal.SIGALRM, hook.late)
        _signal.setitimer(_signal.ITIMER_REAL, limit * _MARGIN)
        _signal.setitimer(_signal.ITIMER_PROF, limit)  # what never comes back to the interpreter is ended by the system
        said = _answered(hook, until)
        _signal.setitimer(_signal.ITIMER_REAL, 0)
    except BaseException as problem:  # noqa: BLE001 - whatever it is, it is refused
        name = type(problem).__name__
        said = hook.refusal("no decision within the deadline" if name == "Late" else f"internal failure ({name})")
    hook.say(said)


def _answered(hook: _Hook, until: float) -> "Said":
    hook.payload = _read()
    hangs: bool | None = None
    if len(hook.payload) <= MAX_PAYLOAD and b"REFEREE_NO_DAEMON" not in posix.environ:
        try:
            return ask(hook.package, hook.words, hook.payload, until)
        except Unheard as silence:
            hangs = silence.hangs
    _find_packages(hook.package)
    if hangs is not None:
        _start(hook.package, hangs=hangs)
    from referee.adapters.hooks.calling import answer_here

    return answer_here(hook.words, hook.payload)


def deadline(arguments: list[str]) -> float:
    """Read how long the agent waits; what is not a number of seconds is refused later, where options are read.

    >>> deadline(["hook", "claude-code", "--deadline", "0.5"]), deadline(["--deadline=2"]), deadline([])
    (0.5, 2.0, 20.0)
    """
    try:
        seconds = float(option(arguments, "--deadline") or DEADLINE)
    except ValueError:
        return DEADLINE
    return seconds if 0 < seconds <= LONGEST else DEADLINE


def option(arguments: list[str], name: str) -> str:
    """Find the value of an option; nothing if it is not given. The last one counts."""
    found = ""
    for at, word in enumerate(arguments):
        if word.startswith(name + "="):
            found = word[len(name) + 1 :]
        elif word == name:
            found = "".join(arguments[at + 1 : at + 2])
    return found


def _named(json: "Any", payload: bytes) -> str:
    """Find the event that a payload is of; nothing if it cannot be told."""
    try:
        fields = json.loads(payload)
    except (ValueError, RecursionError):
        return ""
    keys = ("hook_event_name", "hookEventName", "hookName", "agent_action_name", "hook")
    names = [fields[key] for key in keys if key in fields] if isinstance(fields, dict) else []
    return names[0] if names and isinstance(names[0], str) else ""


def neighbour(package: str, name: str) -> "dict[str, Any]":
    """Load a file beside this one that rests on the standard library alone."""
    full = f"referee.adapters.hooks.{name}"
    code = SourceFileLoader(full, f"{package}/adapters/hooks/{name}.py").get_code(full)
    assert code is not None
    found: dict[str, Any] = {"__name__": full}
    exec(code, found)  # noqa: S102 - our own neighbour
    return found


def _read() -> bytes:
    """Read the payload to its end, so that the agent never writes into nothing; what is too much is not kept."""
    held: list[bytes] = []
    size = 0
    while data := posix.read(0, 1 << 20):
        if size <= MAX_PAYLOAD:
            held.append(data)
            size += len(data)
    return b"".join(held)[: MAX_PAYLOAD + 1]


def _write(stream: int, data: bytes) -> None:
    while data:
        data = data[posix.write(stream, data) :]


def _start(package: str, *, hangs: bool) -> None:
    """Start a daemon for those who come later; without one it is slower, nothing else."""
    try:
        from referee.adapters.hooks.starting import mend

        mend(package, hangs=hangs)
    except Exception:  # noqa: BLE001, S110 - as above
        pass


def _find_packages(package: str) -> None:
    """Make packages known: where this one is, else where the interpreter looks; and leave out what one answer does not need."""
    import gc

    gc.disable()
    sys.path.insert(0, package[: package.rindex("/")])
    site = f"{_parent(_parent(sys.executable))}/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    if standing(coded(sys.path[0] + "/msgspec")) == b"-":
        if standing(coded(site + "/msgspec")) != b"-":
            sys.path.append(site)
        else:
            import site as finding

            finding.main()
    known = "typing_extensions"
    if known not in sys.modules:
        sys.modules[known] = None  # type: ignore[assignment]  # not to be found; msgspec then takes what the interpreter has
        try:
            import msgspec as _  # noqa: F401 - it is found loaded
        finally:
            del sys.modules[known]


def _parent(path: str) -> str:
    return path[: path.rfind("/")] if "/" in path else "."
