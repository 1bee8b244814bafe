"""Whatever breaks, every agent is refused: the commands that ``install`` writes, run as their hosts run them."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import shlex
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from referee.adapters.hooks import client
from referee.adapters.hooks.answering import answer
from referee.adapters.hooks.moments import HOSTS
from referee.adapters.hooks.options import Options
from referee.adapters.hooks.settings.installing import install
from referee.adapters.hooks.settings.places import PLACES
from referee.cli.hook import hook_command
from referee.enforce.compiled import Programs
from tests.support.agents import AGENTS, REFUSED, RUNS, Fate, call, event_of, fate, policy, prompt, result

SECRET = "the private part"
LAUNCH = str(Path(client.__file__).with_name("launch.py"))
STARTED = shlex.join([sys.executable, "-I", "-S", LAUNCH])


class Machine:
    """A project in which all hooks are installed, and the ways to break what they need."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "REFEREE_NO_DAEMON": "1"}
        self.prepare: Callable[[], None] | None = None
        self.commands = {host: self.installed(host) for host in HOSTS}

    def policy(self, host: str) -> Path:
        return self.folder / host / "policy.yaml"

    def state(self, host: str) -> Path:
        return self.folder / host / "state.json"

    def installed(self, host: str) -> dict[str, str]:
        """Install the hooks of a host and read its commands back from the settings."""
        place, folder = PLACES[host], self.folder / host
        folder.mkdir()
        self.policy(host).write_text(policy(host))
        path = folder / place.project
        install(host, path, hook_command(host, (str(self.policy(host)),), str(self.state(host))))
        if place.form == "scripts":
            return {event: shlex.quote(str(path / event)) for event in place.events}
        if place.form == "plugin":
            words = json.loads(re.findall(r"^const COMMAND = (.*)$", path.read_text(), re.MULTILINE)[0])
            return {event: shlex.join([*words, "--event", event]) for event in place.events}
        hooks = json.loads(path.read_text())["hooks"]
        handlers = {event: (entries[0].get("hooks") or entries)[0] for event, entries in hooks.items()}
        return {event: handler.get("command") or handler["bash"] for event, handler in handlers.items()}

    def edit(self, change: Callable[[str], str]) -> None:
        """Change every command, where it stands."""
        for host, commands in self.commands.items():
            if PLACES[host].form == "scripts":
                for command in commands.values():
                    script = Path(shlex.split(command)[0])
                    script.write_text(change(script.read_text()))
            else:
                self.commands[host] = {event: change(command) for event, command in commands.items()}

    def disturb(self, code: str) -> None:
        """Run something in the interpreter before the client."""
        program = self.folder / "program"
        run = f"import sys\nsys.argv[0] = {LAUNCH!r}\n__file__ = {LAUNCH!r}\nexec(open(__file__).read())\n"
        program.write_text(f"#!{sys.executable}\n{code}\n{run}")
        program.chmod(0o755)
        self.edit(lambda text: text.replace(STARTED, str(program)))

    def run(self, host: str, payload: dict[str, Any] | bytes, event: str) -> tuple[bytes, bytes, int]:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        process = subprocess.Popen(
            ["/bin/sh", "-c", self.commands[host][named(host, event)]],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/", env=self.environment,
            preexec_fn=self.prepare,  # noqa: PLW1509 - it sets a limit and touches no lock
        )  # fmt: skip
        out, err = process.communicate(data, timeout=60)
        return out, err, process.returncode

    def fates(
        self, *, command: str = "ls", results: bool = False, prompts: bool = False
    ) -> dict[tuple[str, str], Fate]:
        """Let every host make a call, a harmless one unless told, and optionally hand on a result and a prompt."""
        asked: list[tuple[str, str, dict[str, Any]]] = [
            (host, AGENTS[host].call, call(host, command)) for host in HOSTS
        ]
        if results:
            asked += [(h, a.result, result(h, SECRET)) for h, a in AGENTS.items() if a.result and h != "cursor"]
        if prompts:
            asked += [(h, a.prompt, prompt(h, "go")) for h, a in AGENTS.items() if a.prompt]
        with ThreadPoolExecutor(3) as pool:
            said = list(pool.map(lambda one: self.run(one[0], one[2], one[1]), asked))
        for out, err, _ in said:
            assert SECRET.encode() not in out + err
            assert b"Traceback" not in err
        return {(h, e): fate(h, e, *one) for (h, e, _), one in zip(asked, said, strict=True)}


def named(host: str, event: str) -> str:
    """Say under which name the settings of Cline have an event."""
    return {"tool_call": "PreToolUse", "tool_result": "PostToolUse", "prompt_submit": "UserPromptSubmit"}.get(
        event, event
    )


def all_refused(fates: dict[tuple[str, str], Fate]) -> None:
    assert {at: seen for at, seen in fates.items() if seen.word == "runs"} == {}
    for (host, event), seen in fates.items():
        assert seen == REFUSED or event == AGENTS[host].result
        assert SECRET not in str(seen.value)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_nothing_is_refused_while_nothing_is_broken(machine: Machine) -> None:
    assert set(machine.fates(results=True, prompts=True).values()) == {RUNS}


def test_a_policy_that_is_gone(machine: Machine) -> None:
    for host in HOSTS:
        machine.policy(host).unlink()
    all_refused(machine.fates(results=True, prompts=True))


def test_a_policy_that_cannot_be_read(machine: Machine) -> None:
    for host in HOSTS:
        machine.policy(host).unlink()
        machine.policy(host).symlink_to(machine.policy(host))
    all_refused(machine.fates())


def test_a_policy_that_does_not_compile(machine: Machine) -> None:
    for host in HOSTS:
        machine.policy(host).write_text("version: 1\npolicies:\n  - {id: r, action: forbid}\n")
    all_refused(machine.fates())


def test_a_policy_that_never_comes(machine: Machine) -> None:
    for host in HOSTS:
        machine.policy(host).unlink()
        os.mkfifo(machine.policy(host))
    machine.edit(lambda text: text.replace("--policy", "--deadline 0.1 --policy"))
    all_refused(machine.fates())


def test_a_full_disk(machine: Machine) -> None:
    machine.prepare = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    all_refused(machine.fates(results=True))


def test_a_memory_that_is_damaged(machine: Machine) -> None:
    for host in HOSTS:
        machine.state(host).write_text("{")
    all_refused(machine.fates())


def test_a_memory_that_somebody_holds(machine: Machine) -> None:
    machine.edit(lambda text: text.replace("--policy", "--deadline 0.3 --policy"))
    code = "import fcntl, sys, time; f = [open(p, 'w') for p in sys.argv[1:]]; [fcntl.flock(x, 2) for x in f]; print(flush=True); time.sleep(60)"
    locks = [str(machine.state(host)) + ".lock" for host in HOSTS]
    with subprocess.Popen([sys.executable, "-c", code, *locks], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        all_refused(machine.fates())
        holder.kill()


def test_an_engine_that_raises(machine: Machine) -> None:
    machine.disturb(
        "import referee.enforce.desk as desk\ndef broken(*a, **k): raise RuntimeError('x')\ndesk.evaluate = broken\n"
    )
    all_refused(machine.fates(results=True))


@pytest.mark.parametrize("how", ["os._exit(1)", "os.kill(os.getpid(), 9)"])
def test_a_program_that_ends_before_it_begins(machine: Machine, how: str) -> None:
    machine.disturb(f"import os\n{how}\n")
    all_refused(machine.fates(results=True, prompts=True))


def test_a_program_that_is_gone(machine: Machine) -> None:
    machine.edit(lambda text: text.replace(LAUNCH, "/nowhere/launch.py"))
    all_refused(machine.fates(results=True, prompts=True))


def test_an_interpreter_that_is_gone(machine: Machine) -> None:
    machine.edit(lambda text: text.replace(sys.executable, "/nowhere/python"))
    all_refused(machine.fates(results=True, prompts=True))


def test_a_package_that_does_not_import(machine: Machine) -> None:
    machine.disturb("import sys\nsys.modules['msgspec'] = None\n")
    all_refused(machine.fates(results=True, prompts=True))


def test_a_decision_that_takes_too_long(machine: Machine) -> None:
    machine.disturb(
        "import time\nimport referee.adapters.hooks.answering as answering\nanswering.decide = lambda *a: time.sleep(30)\n"
    )
    machine.edit(lambda text: text.replace("--policy", "--deadline 0.1 --policy"))
    all_refused(machine.fates(results=True))


def test_a_decision_that_does_not_even_hear_the_deadline(machine: Machine) -> None:
    """What never comes back to the interpreter is ended by the system, and the shell says no."""
    machine.disturb(
        "import signal\n"
        "import referee.adapters.hooks.answering as answering\n"
        "def deaf(*a):\n    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n    while True: pass\n"
        "answering.decide = deaf\n"
    )
    machine.edit(lambda text: text.replace("--policy", "--deadline 0.1 --policy"))
    all_refused(machine.fates())


def test_settings_that_somebody_bent(machine: Machine) -> None:
    machine.edit(lambda text: text.replace("--policy", "--polcy"))
    all_refused(machine.fates(results=True))


def test_nobody_who_hears(machine: Machine) -> None:
    """Close the standard output of the program; where a shell speaks for it, the shell's own stays open."""
    machine.edit(lambda text: re.sub(r"(--state \S+?)(?=[ ')]|$)", r"\1 >&-", text))
    all_refused(machine.fates(command="rm -rf x"))


@pytest.mark.parametrize("host", HOSTS)
def test_a_payload_of_50_megabytes_is_taken_in_and_refused(machine: Machine, host: str) -> None:
    data = json.dumps(call(host, "ls " + "x" * 50_000_000)).encode()
    process = subprocess.Popen(
        ["/bin/sh", "-c", machine.commands[host][named(host, AGENTS[host].call)]],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/", env=machine.environment,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.close()
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = process.stdout.read(), process.stderr.read()
    assert fate(host, AGENTS[host].call, out, err, process.wait(60)) == REFUSED
    assert b"larger than 16 MB" in out + err
    process.stdout.close()
    process.stderr.close()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\x00", b"[" * 100_000], ids=repr)
def test_what_is_no_payload(machine: Machine, data: bytes) -> None:
    data = data[:100_000]
    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda host: machine.run(host, data, AGENTS[host].call), HOSTS))
    for host, one in zip(HOSTS, said, strict=True):
        assert fate(host, AGENTS[host].call, *one) == REFUSED


def mutated(chance: random.Random, value: Any) -> Any:
    """Change one thing anywhere in a payload."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(list(value))
        how = chance.random()
        if how < 0.2:
            return {name: one for name, one in value.items() if name != key}
        return {**value, key: mutated(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.5:
        return [mutated(chance, value[0]), *value[1:]]
    return chance.choice([None, 0, -1, 1e308, True, "", "x", [], {}, [value], {"a": value}, "é" * 50, "\u0000"])


@pytest.mark.parametrize("host", HOSTS)
def test_no_mutation_of_a_refused_payload_lets_it_through(host: str, tmp_path: Path) -> None:
    """A payload is refused, or it no longer says what made it dangerous: never does damage make a call run."""
    chance = random.Random(host)
    path = tmp_path / "policy.yaml"
    path.write_text(policy(host) + "  - {id: others, when: {kind: tool_call, phase: pre}, action: deny}\n")
    options = Options((str(path),), str(tmp_path / "state.json"), environment={"HOME": "/home/dev"})
    agent = AGENTS[host]
    payload = call(host, "rm -rf x")
    event = event_of(host, payload)
    passing = {"hook_event_name", "agent_action_name", "hookName", "hook", "hookEventName"}
    for number in range(150):
        new = payload
        for _ in range(chance.randrange(1, 4)):
            new = mutated(chance, new)
        if not isinstance(new, dict):
            new = {"x": new}
        data = json.dumps(new).encode()
        if number % 3 == 0:
            data = data[: chance.randrange(len(data))]
        elif number % 3 == 1:
            at = chance.randrange(len(data))
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        said = answer(host, data, options._replace(event=event), Programs(None))
        assert fate(host, agent.call, *said) == REFUSED, (data, passing)


@pytest.mark.parametrize("host", HOSTS)
def test_no_scribble_raises_or_passes(host: str, tmp_path: Path) -> None:
    chance = random.Random(host)
    options = Options(("/nowhere.yaml",), str(tmp_path / "state.json"))
    for _ in range(400):
        data = chance.randbytes(chance.randrange(60))
        if chance.random() < 0.5:
            words = ["{", "}", "[", "]", ":", ",", '"', "null", "1", '"hook"', '"hookName"', "\\u0000", "\\ud800", " "]
            data = "".join(chance.choices(words, k=chance.randrange(30))).encode()
        said = answer(host, data, options, Programs(None))
        assert fate(host, AGENTS[host].call, *said) == REFUSED
