"""What can go wrong with the daemon, its folder, its files, its time: the answer is right, or it is a refusal."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from referee.adapters.hooks import client, daemon
from tests.adapters.callers import Caller, exists, pre, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests look into /proc")
RM = pre("rm -rf build")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="another user is needed")
LIMITED = (
    "version: 1\ndefault: allow\nlimits:\n  - {id: calls, calls: 99, per: session, window: run, message: enough}\n"
)


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    made = Caller(tmp_path)
    yield made
    made.end()


def limited(caller: Caller) -> None:
    policy = caller.folder / "policy.yaml"
    policy.write_text(LIMITED)
    caller.words[1] = str(policy)


def took(step: Callable[[], object]) -> float:
    began = time.monotonic()
    step()
    return time.monotonic() - began


class Held:
    """The lock of what is remembered, held by somebody who takes his time."""

    def __init__(self, caller: Caller) -> None:
        self._lock = os.open(caller.folder / "state.json.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def release(self) -> None:
        os.close(self._lock)


def test_a_daemon_that_is_killed_is_done_without_and_replaced(caller: Caller) -> None:
    process = caller.warm()
    os.kill(process, signal.SIGKILL)
    until(lambda: not exists(process))
    assert caller.verdict(RM) == "deny"
    until(lambda: caller.process() not in (None, process))
    assert caller.verdict(RM) == "deny"


def test_a_daemon_that_is_killed_while_it_decides_is_done_without(caller: Caller) -> None:
    process = caller.warm()
    held = Held(caller)
    calls = [caller.start() for _ in range(3)]
    for call in calls:
        assert call.stdin is not None
        call.stdin.write(json.dumps(RM).encode())
        call.stdin.close()
        call.stdin = None
    time.sleep(0.3)
    os.kill(process, signal.SIGKILL)
    time.sleep(0.2)
    held.release()
    for call in calls:
        out, _ = call.communicate(timeout=30)
        assert json.loads(out)["hookSpecificOutput"]["permissionDecision"] == "deny"
        assert call.returncode == 0


def test_a_daemon_that_hangs_is_done_without_and_replaced(caller: Caller) -> None:
    process = caller.warm()
    os.kill(process, signal.SIGSTOP)
    assert took(lambda: caller.verdict(RM)) < 8
    assert caller.verdict(pre("pytest -q")) == "none"
    until(lambda: not exists(process) and caller.process() not in (None, process))
    assert caller.verdict(RM) == "deny"


def test_a_daemon_that_hangs_with_as_many_waiting_as_can_is_replaced_too(caller: Caller) -> None:
    process = caller.warm()
    os.kill(process, signal.SIGSTOP)
    address = caller.place().address
    waiting: list[socket.socket] = []
    for _ in range(daemon.BACKLOG + 2):
        sock = socket.socket(socket.AF_UNIX)
        sock.setblocking(False)
        with suppress(BlockingIOError):
            sock.connect(address)
        waiting.append(sock)
    assert caller.verdict(RM) == "deny"
    until(lambda: not exists(process) and caller.process() not in (None, process))
    assert caller.verdict(RM) == "deny"
    for sock in waiting:
        sock.close()


def test_a_daemon_that_hangs_over_a_short_deadline_is_a_refusal_in_time(caller: Caller) -> None:
    process = caller.warm()
    os.kill(process, signal.SIGSTOP)
    held = Held(caller)
    caller.words += ["--deadline", "0.3"]
    assert took(lambda: caller.refused(RM)) < 1.5
    held.release()


@pytest.mark.parametrize("warm", [True, False])
def test_no_decision_within_100_ms_is_a_refusal(caller: Caller, warm: bool) -> None:
    if warm:
        caller.warm()
    held = Held(caller)
    caller.words.append("--deadline=0.1")
    for payload in (RM, pre("ls")):
        assert took(lambda payload=payload: caller.refused(payload)) < 1.0  # type: ignore[misc]
    code, body, _ = caller.run({**RM, "hook_event_name": "PostToolUse", "tool_response": {"stdout": "private"}})
    assert (code, body["decision"]) == (0, "block")
    assert "private" not in json.dumps(body)
    assert body["continue"] is False
    code, body, _ = caller.run({"session_id": "s", "hook_event_name": "UserPromptSubmit", "prompt": "go"})
    assert (code, body["decision"]) == (2, "block")
    held.release()


def test_a_deadline_that_is_over_in_the_daemon_changes_nothing(caller: Caller) -> None:
    limited(caller)
    caller.warm()
    before = (caller.folder / "state.json").read_text()
    held = Held(caller)
    caller.words += ["--deadline", "0.2"]
    caller.refused(pre("ls"))
    held.release()
    time.sleep(0.5)
    assert (caller.folder / "state.json").read_text() == before


@pytest.mark.parametrize("warm", [True, False])
def test_50_mb_are_refused(caller: Caller, warm: bool) -> None:
    if warm:
        caller.warm()
    data = json.dumps(pre("x" * 50_000_000)).encode()
    assert "larger than" in caller.refused(data)


def test_a_large_payload_is_decided(caller: Caller) -> None:
    caller.warm()
    before = caller.answered()
    assert caller.verdict(pre("rm -rf build", note="x" * 3_000_000)) == "deny"
    assert caller.answered() == before + 1


def test_a_socket_nobody_listens_at_is_replaced(caller: Caller) -> None:
    place = caller.place()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(place.address)
    assert caller.verdict(RM) == "deny"
    until(lambda: caller.process() is not None)


def test_something_else_at_the_place_of_the_socket_is_replaced(caller: Caller) -> None:
    place = caller.place()
    Path(os.fsdecode(place.path + b"/" + place.name + b".sock")).write_text("no socket")
    assert caller.verdict(RM) == "deny"
    until(lambda: caller.process() is not None)


def test_a_daemon_whose_socket_is_taken_away_goes(caller: Caller) -> None:
    process = caller.warm()
    for socket_ in (caller.folder / "run").glob("*"):
        socket_.unlink()
    assert caller.verdict(RM) == "deny"
    until(lambda: not exists(process))
    until(lambda: caller.process() is not None)


class Liar:
    """A process that listens where the daemon should, and lets everything through."""

    def __init__(self, place: daemon.Place, *words: bytes, user: int | None = None) -> None:
        self.process = os.fork()
        if not self.process:
            try:
                signal.alarm(60)
                nowhere = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(nowhere, stream)
                with socket.socket(socket.AF_UNIX) as listener:
                    listener.bind(place.address)
                    if user is not None:
                        os.chmod(place.address, 0o666)
                        os.setuid(user)
                    listener.listen(8)
                    while True:
                        with listener.accept()[0] as caller:
                            for word in words:
                                caller.sendall(word)
                            caller.settimeout(5)
                            while caller.recv(1 << 16):
                                pass
            finally:
                os._exit(0)
        self.place = place
        until(lambda: place.standing() != b"-")
        time.sleep(0.1)

    def end(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


YES = client.HELD + client.packed([b"0", b"", b""])


def test_a_folder_that_others_can_write_to_is_not_entered(caller: Caller) -> None:
    place = caller.place()
    liar = Liar(place, YES)
    (caller.folder / "run").chmod(0o777)
    assert caller.verdict(RM) == "deny"
    assert caller.referee("daemon", "start").returncode == 2
    assert "cannot be used" in caller.referee("daemon", "status").stderr
    liar.end()


def test_a_link_to_a_folder_is_not_entered(caller: Caller) -> None:
    place = caller.place()
    liar = Liar(place, YES)
    (caller.folder / "run").rename(caller.folder / "moved")
    (caller.folder / "run").symlink_to(caller.folder / "moved")
    assert caller.verdict(RM) == "deny"
    liar.end()
    (caller.folder / "run").unlink()


@as_root
def test_a_folder_of_another_user_is_not_entered(caller: Caller) -> None:
    liar = Liar(caller.place(), YES)
    os.chown(caller.folder / "run", 65534, 65534)
    assert caller.verdict(RM) == "deny"
    liar.end()
    os.chown(caller.folder / "run", 0, 0)


@as_root
def test_another_user_at_the_socket_is_not_believed(caller: Caller) -> None:
    liar = Liar(caller.place(), YES, user=65534)
    assert caller.verdict(RM) == "deny"
    liar.end()


@as_root
def test_another_user_is_not_heard(caller: Caller) -> None:
    caller.warm()
    place = caller.place()
    asked = client.packed([client.identity(daemon.PACKAGE), b"status"])
    os.chmod(caller.folder / "run", 0o711)
    os.chmod(place.address, 0o666)
    for folder in (caller.folder, *caller.folder.parents[:3]):
        os.chmod(folder, folder.stat().st_mode | 0o111)
    child = os.fork()
    if not child:
        os.setuid(65534)
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(5)
            sock.connect(place.path + b"/" + place.name + b".sock")
            try:
                sock.sendall(asked)
                heard = sock.recv(1)
            except OSError:
                heard = b""
            os._exit(1 if heard else 0)
    assert os.waitpid(child, 0)[1] == 0
    os.chmod(caller.folder / "run", 0o700)


@pytest.mark.parametrize(
    "words",
    [
        (b"",), (b"-",), (b"?",), (b"+",), (b"+", b"\xff\xff\xff\xff"), (b"+", b"\x02\0\0\0ab"), (b"+", b"\0\0\0\0"),
        (client.HELD + client.packed([b"x", b"", b""]),), (client.HELD + client.packed([b"0", b""]),),
    ],
    ids=["silence", "elsewhere", "noise", "held", "endless", "no parts", "nothing", "no code", "short"],
)  # fmt: skip
def test_an_answer_that_is_not_whole_does_not_count(caller: Caller, words: tuple[bytes, ...]) -> None:
    liar = Liar(caller.place(), *words)
    caller.words += ["--deadline", "6"]
    assert caller.verdict(RM) == "deny"
    liar.end()


def test_noise_harms_nobody(caller: Caller) -> None:
    process = caller.warm()
    place = caller.place()
    mine = client.identity(daemon.PACKAGE)
    noise = [
        b"", b"\0", b"\xff" * 8, b"\x04\0\0\0abcd", os.urandom(4096), client.packed([]), client.packed([b"x"]),
        client.packed([mine, b"answer"]), client.packed([mine, b"unknown"]), client.packed([mine, b"answer", *[b"x"] * 6]),
        client.packed([mine, b"answer", *[b"x"] * 6])[:-3],
    ]  # fmt: skip
    open_: list[socket.socket] = []
    for data in noise:
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(place.address)
        sock.sendall(data)
        open_.append(sock)
    assert caller.verdict(RM) == "deny"
    assert caller.process() == process
    for sock in open_:
        sock.close()
    assert caller.answered() >= 1


def test_a_question_from_another_file_system_is_not_answered(caller: Caller) -> None:
    caller.warm()
    parts = [
        client.identity(daemon.PACKAGE),
        b"answer",
        b"claude-code",
        b"/",
        b"",
        b"1:1,1:1",
        b"1000",
        json.dumps(RM).encode(),
    ]
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(caller.place().address)
        sock.sendall(client.packed(parts))
        assert sock.recv(1) == client.ELSEWHERE


def test_a_damaged_cache_is_made_anew_and_one_that_others_can_write_to_is_not_read(caller: Caller) -> None:
    caller.environment["REFEREE_NO_DAEMON"] = "1"
    assert caller.verdict(RM) == "deny"
    folder = caller.folder / "cache" / "referee"
    (kept,) = folder.glob("*.program")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert kept.stat().st_mode & 0o777 == 0o600
    whole = kept.read_bytes()
    for damaged in (b"", b"\x00", whole[:-1], whole[: len(whole) // 2], whole.replace(b"no-rm-rf", b"no-rm-rx")):
        kept.write_bytes(damaged)
        assert caller.verdict(RM) == "deny"
        assert kept.read_bytes() == whole
    kept.chmod(0o666)
    assert caller.verdict(RM) == "deny"
    assert kept.stat().st_mode & 0o777 == 0o600
    folder.chmod(0o777)
    kept.write_bytes(b"by others")
    assert caller.verdict(RM) == "deny"
    assert kept.read_bytes() == b"by others"


def full(process: int | None = None) -> None:
    """Let a process write no file: as on a full disk, every write fails."""
    if process is None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    else:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_what_cannot_be_remembered_is_refused_by_the_daemon(caller: Caller) -> None:
    limited(caller)
    full(caller.warm())
    assert "cannot be written" in caller.refused(pre("ls"))


def test_what_cannot_be_remembered_is_refused_by_the_hook_itself(caller: Caller) -> None:
    limited(caller)
    caller.environment["REFEREE_NO_DAEMON"] = "1"
    assert "cannot be written" in caller.refused(pre("ls"), preexec_fn=full)


def fill(path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while os.write(file, b"x" * 512):
            pass
    os.close(file)


@as_root
def test_a_full_disk_is_a_refusal(caller: Caller) -> None:
    disk = caller.folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        limited(caller)
        caller.words[3] = str(disk / "state.json")
        caller.warm()
        fill(disk / "filling")
        assert "cannot be" in caller.refused(pre("ls"))
        caller.environment["REFEREE_NO_DAEMON"] = "1"
        assert "cannot be" in caller.refused(pre("ls"))
        assert not [file.name for file in disk.iterdir() if file.name.endswith(".new")]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def test_without_a_home(caller: Caller) -> None:
    del caller.environment["HOME"], caller.environment["XDG_CACHE_HOME"]
    assert caller.verdict(RM) == "deny"
    caller.warm()
    assert caller.verdict(RM) == "deny"


def test_with_a_home_that_cannot_be_written(caller: Caller) -> None:
    caller.environment |= {"HOME": "/proc", "XDG_CACHE_HOME": "/proc/none"}
    assert caller.verdict(RM) == "deny"
    caller.warm()
    assert caller.verdict(RM) == "deny"


def test_with_a_folder_of_a_long_name(caller: Caller) -> None:
    deep = caller.folder / ("d" * 120) / ("e" * 120)
    deep.mkdir(parents=True)
    caller.environment["REFEREE_RUNTIME_DIR"] = str(deep / "run")
    caller.warm()
    before = caller.answered()
    assert caller.verdict(RM) == "deny"
    assert caller.answered() == before + 1


def test_with_no_folder_for_the_daemon(caller: Caller) -> None:
    caller.environment["REFEREE_RUNTIME_DIR"] = "/proc/none"
    assert caller.verdict(RM) == "deny"


def test_from_a_folder_that_is_gone(caller: Caller) -> None:
    caller.warm()
    gone = caller.folder / "gone"
    gone.mkdir()
    assert caller.verdict(RM, preexec_fn=lambda: (os.chdir(gone), os.rmdir(gone))) == "deny"


def test_a_stream_that_is_closed_is_a_refusal_by_the_exit_code(caller: Caller) -> None:
    caller.warm()
    process = caller.start(stdout=None, preexec_fn=lambda: os.close(1))
    process.communicate(json.dumps(RM).encode(), timeout=30)
    assert process.returncode == 2


def test_a_client_that_cannot_be_loaded_is_a_refusal(caller: Caller, tmp_path: Path) -> None:
    hooks = tmp_path / "referee" / "adapters" / "hooks"
    hooks.mkdir(parents=True)
    launch = hooks / "launch.py"
    launch.write_bytes(Path(caller.launch).read_bytes())
    caller.launch = str(launch)
    assert "could not start" in caller.refused(RM)
    (hooks / "client.py").write_text("raise MemoryError('x')\n")
    assert "could not start" in caller.refused(RM)
    (hooks / "client.py").write_text("def run(\n")
    assert "could not start" in caller.refused(RM)


def test_a_package_that_cannot_be_imported_is_a_refusal_in_the_form_of_its_event(
    caller: Caller, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(Path(daemon.PACKAGE), site / "referee", ignore=shutil.ignore_patterns("__pycache__"))
    (site / "msgspec.py").write_text("raise ImportError('no wheel')\n")
    caller.launch = str(site / "referee" / "adapters" / "hooks" / "launch.py")
    assert "ImportError" in caller.refused(RM)
    code, body, _ = caller.run({**RM, "hook_event_name": "PostToolUse", "tool_response": {"stdout": "private"}})
    assert (code, body["decision"]) == (0, "block")
    assert body["continue"] is False
