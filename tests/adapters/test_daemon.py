"""The daemon answers as the hook itself would, at once, and goes when it should."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import referee
from referee.adapters.hooks import calling, client
from referee.enforce.compiled import Programs
from referee.facets.classes import classes
from tests.adapters.callers import CODING, Caller, exists, pre, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tests look into /proc")
RECORDED = Path(referee.__file__).parent / "cli" / "recordings" / "coding-agent.jsonl"


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    made = Caller(tmp_path)
    yield made
    made.end()


def write(folder: Path, text: str) -> str:
    path = folder / "policy.yaml"
    path.write_text(text)
    return str(path)


def test_the_first_call_decides_itself_and_the_next_is_answered(caller: Caller) -> None:
    assert caller.process() is None
    assert caller.verdict(pre("rm -rf build")) == "deny"
    until(lambda: caller.process() is not None)
    before = caller.answered()
    assert caller.verdict(pre("rm -rf build")) == "deny"
    assert caller.verdict(pre("pytest -q")) == "none"
    assert caller.answered() == before + 2
    assert (caller.folder / "run").stat().st_mode & 0o777 == 0o700
    (socket,) = (caller.folder / "run").glob("*.sock")
    assert socket.stat().st_mode & 0o777 == 0o600


def test_a_call_can_do_without(caller: Caller) -> None:
    caller.environment["REFEREE_NO_DAEMON"] = "1"
    assert caller.verdict(pre("rm -rf build")) == "deny"
    assert not (caller.folder / "run").exists()


def payloads() -> list[bytes]:
    recorded = RECORDED.read_text(encoding="utf-8").replace("{{github_token}}", "ghp_" + "A1b2C3d4E5" * 4)
    bad = [b"", b"{", b"[]", b"null", b'{"hook_event_name": "PreToolUse"}', b"\xff\xfe", b"[" * 100_000]
    return [*(line.encode() for line in recorded.splitlines()), *bad]


def test_the_daemon_answers_what_the_hook_itself_would(caller: Caller, tmp_path: Path) -> None:
    caller.warm()
    own = ["claude-code", "--policy", CODING, "--state", str(tmp_path / "own.json")]
    environment = calling.strings(
        client.surrounding({os.fsencode(k): os.fsencode(v) for k, v in caller.environment.items()})
    )
    here = calling.Caller(tuple(own), str(tmp_path), environment)
    programs = Programs(None)
    kinds = set()
    for payload in payloads():
        with caller.start() as process:
            said = process.communicate(payload, timeout=60)
        out, problem, code = calling.answer(here, payload, programs)
        assert (*said, process.returncode) == (out, problem, code), payload
        kinds.add(out[:60])
    assert len(kinds) > 3
    assert caller.answered() == len(payloads())


CALL = {"session_id": "s", "cwd": "/tmp", "tool_use_id": "t"}
HOSTS: dict[str, list[dict[str, Any]]] = {
    "codex": [{**CALL, "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "rm -rf x"}}],
    "gemini": [
        {
            **CALL,
            "hook_event_name": "BeforeTool",
            "tool_name": "run_shell_command",
            "tool_input": {"command": "rm -rf x"},
        },
        {
            **CALL,
            "hook_event_name": "AfterTool",
            "tool_name": "x",
            "tool_input": {},
            "tool_response": {"llmContent": "ok"},
        },
    ],
    "copilot": [{**CALL, "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "rm -rf x"}}],
    "cursor": [{**CALL, "conversation_id": "c", "hook_event_name": "beforeShellExecution", "command": "rm -rf x"}],
    "windsurf": [
        {
            "agent_action_name": "pre_run_command",
            "trajectory_id": "t",
            "tool_info": {"command_line": "rm -rf x", "cwd": "/tmp"},
        }
    ],
    "cline": [
        {
            "hookName": "tool_call",
            "taskId": "t",
            "tool_call": {"id": "1", "name": "x", "input": {"commands": ["rm -rf x"]}},
        }
    ],
    "opencode": [
        {
            "hook": "tool.execute.before",
            "tool": "bash",
            "sessionID": "s",
            "callID": "c",
            "args": {"command": "rm -rf x"},
        }
    ],
    "nobody": [{}],
}


@pytest.mark.parametrize("host", HOSTS)
def test_every_agent_is_answered_alike(caller: Caller, tmp_path: Path, host: str) -> None:
    caller.host = host
    caller.warm()
    here = calling.Caller(
        (host, "--policy", CODING, "--state", str(tmp_path / "own.json")), str(tmp_path), {"HOME": str(tmp_path)}
    )
    programs = Programs(None)
    before = caller.answered()
    told = [*(json.dumps(payload).encode() for payload in HOSTS[host]), b"", b"{}", b'{"hook_event_name": "Unheard"}']
    refusing = 0
    for payload in told:
        with caller.start() as process:
            said = process.communicate(payload, timeout=60)
        answer = calling.answer(here, payload, programs)
        assert (*said, process.returncode) == answer, payload
        refusing += answer[2] == 2 or any(word in answer[0] for word in (b"deny", b"cancel", b"block"))
    assert refusing >= len(told) - 1
    assert caller.answered() == before + len(told)


def test_what_differs_between_callers_travels_with_the_call(caller: Caller, tmp_path: Path) -> None:
    caller.words = ["--policy", "policy.yaml", "--state", "state.json"]
    for name, verdict in (("one", "allow"), ("two", "deny")):
        folder = tmp_path / name
        folder.mkdir()
        write(
            folder,
            f"version: 1\ndefault: deny\npolicies:\n  - {{id: r, when: {{file.path: /home/two/notes}}, action: {verdict}}}\n",
        )
    caller.warm()
    read = {"tool_name": "Read", "tool_input": {"file_path": "~/notes"}}
    seen = []
    for name, home in (("one", "/home/one"), ("one", "/home/two"), ("two", "/home/two")):
        caller.folder = tmp_path / name
        caller.environment["HOME"] = home
        seen.append(caller.verdict(pre("", **read)))
        assert (tmp_path / name / "state.json").exists()
    caller.folder = tmp_path
    assert seen == ["deny", "allow", "deny"]


def test_folders_of_an_environment_are_the_callers(tmp_path: Path) -> None:
    said = calling.given(
        calling.Caller(("codex", "--policy", "p.yaml"), str(tmp_path), {"CLAUDE_PROJECT_DIR": "sub/..", "USER": "u"})
    )
    assert said.environment == {"CLAUDE_PROJECT_DIR": str(tmp_path), "USER": "u"}
    assert said.policies == (str(tmp_path / "p.yaml"),)
    gone = calling.given(
        calling.Caller(("codex", "--policy", "/p.yaml"), None, {"CLAUDE_PROJECT_DIR": "sub", "XDG_STATE_HOME": "/x"})
    )
    assert (gone.environment, gone.problem) == ({"XDG_STATE_HOME": "/x"}, "")
    assert calling.given(calling.Caller(("codex", "--policy", "p.yaml"), None, {})).problem


def test_a_home_is_the_callers_and_never_that_of_the_first(caller: Caller) -> None:
    home = pwd.getpwuid(os.getuid()).pw_dir
    text = f"version: 1\ndefault: allow\npolicies:\n  - {{id: no, when: {{file.path: {home}/notes}}, action: deny}}\n"
    caller.words[1] = write(caller.folder, text)
    caller.warm()
    del caller.environment["HOME"]
    assert caller.verdict(pre("", tool_name="Read", tool_input={"file_path": "~/notes"})) == "deny"


def test_links_that_each_process_has_of_its_own_are_not_followed(caller: Caller) -> None:
    caller.words[1] = write(
        caller.folder,
        "version: 1\ndefault: allow\npolicies:\n  - {id: no, when: {file.path: {glob: '/proc/*'}}, action: deny}\n",
    )
    caller.warm()
    for path in ("/proc/self/exe", "/dev/fd/0", "/dev/stdin"):
        payload = pre("", tool_name="Read", tool_input={"file_path": path})
        quick = caller.run(payload)
        caller.environment["REFEREE_NO_DAEMON"] = "1"
        assert caller.run(payload) == quick
        del caller.environment["REFEREE_NO_DAEMON"]


def test_an_edited_policy_counts_from_the_next_call_on(caller: Caller) -> None:
    texts = [f"version: 1\ndefault: {word}\n" for word in ("allow", "deny ")]
    policy = write(caller.folder, texts[0])
    caller.words[1] = policy
    process = caller.warm()
    for turn in range(12):
        Path(policy).write_text(texts[turn % 2])
        os.utime(policy, (1, 1))
        assert caller.verdict(pre("ls")) == ("none", "deny")[turn % 2]
    Path(policy).write_text("version: 1\npolicies:\n  - {id: r, action: forbid}\n")
    assert "unknown-action" in caller.refused(pre("ls"))
    Path(policy).unlink()
    assert "policy.yaml" in caller.refused(pre("ls"))
    write(caller.folder, texts[0])
    assert caller.verdict(pre("ls")) == "none"
    assert caller.process() == process


def test_a_folder_of_policies_is_looked_through_for_each_call(caller: Caller) -> None:
    policies = caller.folder / "policies"
    policies.mkdir()
    (policies / "a.yaml").write_text("version: 1\ndefault: allow\n")
    caller.words[1] = str(policies)
    caller.warm()
    assert caller.verdict(pre("ls")) == "none"
    (policies / "b.yaml").write_text("version: 1\nid: b\npolicies:\n  - {id: no, when: {tool: Bash}, action: deny}\n")
    assert caller.verdict(pre("ls")) == "deny"
    (policies / "b.yaml").unlink()
    assert caller.verdict(pre("ls")) == "none"


def test_many_callers_at_once_spend_a_limit_once(caller: Caller) -> None:
    caller.words[1] = write(
        caller.folder,
        "version: 1\ndefault: allow\nlimits:\n  - {id: calls, calls: 20, per: session, window: run, message: enough}\n",
    )
    caller.warm()
    with ThreadPoolExecutor(64) as pool:
        verdicts = list(pool.map(lambda at: caller.verdict(pre(f"echo {at}", tool_use_id=f"t{at}")), range(64)))
    assert (verdicts.count("none"), verdicts.count("deny")) == (20, 44)


def test_it_goes_when_nobody_asks(caller: Caller) -> None:
    caller.environment["REFEREE_DAEMON_IDLE"] = "0.4"
    process = caller.warm()
    until(lambda: not exists(process))
    assert not list((caller.folder / "run").glob("*.sock"))
    caller.warm()


def test_there_is_one_however_many_want_it(caller: Caller) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: caller.verdict(pre("rm -rf x")), range(8))) == {"deny"}
    until(lambda: caller.process() is not None)
    assert len(caller._left()) == 1
    assert caller.referee("daemon", "run").returncode == 2


def test_it_is_started_and_stopped_and_asked_by_hand(caller: Caller) -> None:
    assert caller.referee("daemon", "status").returncode == 1
    assert caller.referee("daemon", "stop").returncode == 0
    started = caller.referee("daemon", "start", "--json")
    assert started.returncode == 0, started.stderr
    process = json.loads(started.stdout)["process"]
    assert caller.process() == process
    assert json.loads(caller.referee("daemon", "start", "--json").stdout)["process"] == process
    assert str(process) in caller.referee("daemon", "status").stdout
    assert caller.referee("daemon", "stop").returncode == 0
    until(lambda: not exists(process))
    assert caller.process() is None


def test_an_upgrade_replaces_it(caller: Caller, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(Path(referee.__file__).parent, site / "referee", ignore=shutil.ignore_patterns("__pycache__"))
    caller.launch = str(site / "referee" / "adapters" / "hooks" / "launch.py")
    daemon = subprocess.Popen(
        [sys.executable, "-m", "referee.cli", "daemon", "run"],
        env={**caller.environment, "PYTHONPATH": str(site)}, cwd=tmp_path,
    )  # fmt: skip
    until(lambda: caller.process() is not None)
    assert caller.verdict(pre("rm -rf x")) == "deny"
    assert caller.process() == daemon.pid
    version = site / "referee" / "_version.py"
    text = version.read_text()
    version.unlink()
    version.write_text(text.replace('"0', '"90'))
    assert caller.verdict(pre("rm -rf x")) == "deny"
    assert daemon.wait(20) == 0


def test_it_goes_when_its_sources_change(caller: Caller, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(Path(referee.__file__).parent, site / "referee", ignore=shutil.ignore_patterns("__pycache__"))
    caller.launch = str(site / "referee" / "adapters" / "hooks" / "launch.py")
    daemon = subprocess.Popen(
        [sys.executable, "-m", "referee.cli", "daemon", "run"],
        env={**caller.environment, "PYTHONPATH": str(site)}, cwd=tmp_path,
    )  # fmt: skip
    until(lambda: caller.process() is not None)
    with (site / "referee" / "engine" / "evaluate.py").open("a") as file:
        file.write("# changed\n")
    time.sleep(1.1)
    assert caller.verdict(pre("rm -rf x")) == "deny"
    assert daemon.wait(20) == 0


def test_no_stream_of_the_agent_is_kept_open(caller: Caller) -> None:
    process = caller.warm()
    for number in (0, 1, 2):
        assert os.readlink(f"/proc/{process}/fd/{number}") == "/dev/null"
    assert os.getsid(process) != os.getsid(0)
    assert os.readlink(f"/proc/{process}/cwd") == "/"
    os.kill(process, signal.SIGTERM)
    until(lambda: not exists(process))


def test_keys_in_the_environment_stay_with_the_caller() -> None:
    given: dict[bytes, bytes] = {
        b"HOME": b"/h", b"GEMINI_API_KEY": b"k", b"CLAUDE_PROJECT_DIR": b"/p", b"AWS_SECRET": b"s", b"CODEX_AUTH": b"a",
        b"CURSOR_PROJECT_DIR": b"/c", b"PATH": b"/bin", b"REFEREE_RUNTIME_DIR": b"/r",
    }  # fmt: skip
    assert set(client.surrounding(given)) == {
        b"HOME",
        b"CLAUDE_PROJECT_DIR",
        b"CURSOR_PROJECT_DIR",
        b"REFEREE_RUNTIME_DIR",
    }


@pytest.mark.parametrize(
    "path",
    ["/run/user/1000/referee/{}.sock", "/tmp/referee-1000/{}.lock", "/home/u/.cache/referee/a.program",
     "/home/u/.local/state/referee/codex.json"],
)  # fmt: skip
def test_rules_about_agent_config_cover_its_files(path: str) -> None:
    assert "agent_config" in classes(path.format(client.name_of("/x").decode()))


def test_packed_parts_come_back(tmp_path: Path) -> None:
    parts: list[Any]
    for parts in ([], [b""], [b"a", b"", b"bc" * 999]):
        body = client.packed(parts)
        assert client.unpacked(body[4:]) == parts
    with pytest.raises(ValueError):
        client.unpacked(b"\x05\0\0\0ab")
    with pytest.raises(ValueError):
        client.unpacked(b"\x05\0")
