"""``referee approvals``: questions in a file, asked by one process and answered by another, by who the system says it is."""

from __future__ import annotations

import getpass
import grp
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from referee import Policy
from referee.enforce.approvals import Approvals
from referee.enforce.stores import boot_id, open_store, shelf_of
from referee.enforce.world import SYSTEM, World
from referee.errors import InvalidRequest, StateError
from referee.state.sqlite import SqliteStore

ME = getpass.getuser()
GROUP = grp.getgrgid(os.getgid()).gr_name
POLICY = """
version: 1
id: p
default: allow
policies:
  - {id: any, when: {tool: refund}, action: require_approval, message: look at it}
  - {id: mine, when: {tool: mine}, action: require_approval, approvers: [GROUP]}
  - {id: other, when: {tool: other}, action: require_approval, approvers: [somebody-else]}
  - {id: soon, when: {tool: soon}, action: require_approval, timeout: 10m}
""".replace("GROUP", GROUP)


def ask(file: Path, tool: str = "refund", agent: str = "bot", **args: Any) -> Any:
    policy = Policy.load(POLICY, store=file)
    return policy.session(agent=agent, id="s1").decide({"tool": tool, "args": args})


def referee(file: Path, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "referee.cli", "approvals", *words],
        capture_output=True, text=True, check=False, timeout=60, env={**os.environ, "NO_COLOR": "1", "REFEREE_STORE": str(file)},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


def test_a_question_is_answered_by_another_process_and_good_once(file: Path) -> None:
    outcome = ask(file, order="A1")
    assert outcome.verdict == "require_approval"
    code, out, _ = referee(file, "list", "--json")
    [question] = json.loads(out)
    assert (code, question["id"], question["requesters"]) == (0, outcome.approval_id, ["bot"])
    assert referee(file, "approve", question["id"])[0] == 0
    assert ask(file, order="A2").verdict == "require_approval", "another action is another question"
    assert ask(file, order="A1").allowed
    assert ask(file, order="A1").verdict == "require_approval", "an approval is good once"
    states = [one["state"] for one in json.loads(referee(file, "list", "--all", "--json")[1])]
    assert states == ["used", "pending", "pending"]


def test_who_answers_is_who_the_system_says(file: Path) -> None:
    outcome = ask(file, "mine")
    code, out, _ = referee(file, "approve", outcome.approval_id, "--json")
    assert code == 0
    [answer] = json.loads(out)["answers"]
    assert answer["by"] == ME
    assert GROUP in answer["roles"]
    assert ask(file, "mine").allowed


def test_who_may_not_answer_is_told_so(file: Path) -> None:
    other = ask(file, "other")
    code, _, err = referee(file, "approve", other.approval_id)
    assert (code, "only somebody-else may answer" in err) == (1, True)
    own = ask(file, agent=ME)
    code, _, err = referee(file, "approve", own.approval_id)
    assert (code, "whoever asks does not answer" in err) == (1, True)
    assert referee(file, "approve", "apr_gone")[0] == 1
    assert not ask(file, "other").allowed
    assert not ask(file, agent=ME).allowed


def test_a_rejection_tells_the_agent_why_and_stays(file: Path) -> None:
    outcome = ask(file)
    assert referee(file, "reject", outcome.approval_id, "-m", "not this month")[0] == 0
    again = ask(file)
    assert again.verdict == "deny"
    assert "not this month" in again.decision.reason
    assert referee(file, "approve", outcome.approval_id)[0] == 1


def test_an_approval_can_be_taken_back(file: Path) -> None:
    outcome = ask(file)
    referee(file, "approve", outcome.approval_id)
    assert referee(file, "revoke", outcome.approval_id)[0] == 0
    assert ask(file).verdict == "deny"
    assert referee(file, "revoke", outcome.approval_id)[0] == 1


def test_what_is_shown_has_no_secret_and_moves_no_cursor(file: Path) -> None:
    token = "ghp_" + "Zk3vQ9wLx7Rt2Np8Hd5Yc1Mf6Bj4Gs0TaUeV"
    outcome = ask(file, agent="b\x1b[2J", to="ann@acme.io", key=token, note="\x1b[31mred", order="A1")
    for words in (("list",), ("list", "--json"), ("show", outcome.approval_id)):
        code, out, _ = referee(file, *words)
        assert code == 0
        assert "A1" in out
        assert not [word for word in (token, "ann@acme.io", "\x1b") if word in out]
    assert token.encode() not in file.read_bytes() + file.with_name("desk.db-wal").read_bytes()


def test_nothing_waits(file: Path) -> None:
    ask(file, "free")
    code, out, _ = referee(file, "list")
    assert (code, out.strip()) == (1, "no question waits for an answer")
    assert referee(file.with_name("gone.db"), "list")[0] == 2


def test_watching_prints_what_is_asked(file: Path) -> None:
    ask(file, order="first")
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "referee.cli", "approvals", "watch", "--store", str(file), "--json"],
        stdout=subprocess.PIPE, text=True,
    ) as watching:  # fmt: skip
        try:
            assert watching.stdout is not None
            assert "first" in watching.stdout.readline()
            ask(file, order="second")
            assert "second" in watching.stdout.readline()
        finally:
            watching.terminate()


def opened(file: Path, world: World = SYSTEM) -> Approvals:
    return Approvals(world, shelf_of(open_store(file, world)))


def test_fifty_answers_at_once_are_one_transition(file: Path) -> None:
    name = ask(file).approval_id
    shared = [opened(file) for _ in range(5)]

    def click(at: int) -> str:
        answer: Callable[..., Any] = shared[at % 5].approve if at % 2 else shared[at % 5].reject
        try:
            return str(answer(name, by=f"p{at}").state)
        except InvalidRequest:
            return "late"

    with ThreadPoolExecutor(10) as pool:
        states = list(pool.map(click, range(50)))
    assert states.count("late") == 49
    assert opened(file).get(name).state == next(state for state in states if state != "late")


def test_fifty_calls_at_once_use_one_approval_once(file: Path) -> None:
    name = ask(file, n=1).approval_id
    opened(file).approve(name, by="ada")
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: ask(file, n=1).allowed, range(50)))
    assert sum(outcomes) == 1


class Hands(World):
    now = 1_000.0

    def monotonic(self) -> float:  # type: ignore[override]
        return self.now


def test_a_deadline_passes_for_every_process_and_with_the_machine(file: Path) -> None:
    world = Hands()

    def at(seconds: float, boot: str = "b") -> str:
        store = SqliteStore(file, world.wall, world.monotonic, boot=boot)
        world.now = 1_000.0 + seconds
        return Approvals(world, store.shelf()).every[0].state

    store = SqliteStore(file, world.wall, world.monotonic, boot="b")
    policy = Policy.load(POLICY, store=store, world=world)
    assert policy.session(agent="bot").decide({"tool": "soon"}).verdict == "require_approval"
    assert [at(599), at(600)] == ["pending", "expired"]
    assert at(1, boot="another") == "expired"
    assert at(1, boot="another") == "expired", "it stays so"


def test_a_row_that_cannot_be_read_is_a_refusal(file: Path) -> None:
    name = ask(file).approval_id
    opened(file).approve(name, by="ada")
    import apsw

    apsw.Connection(str(file)).execute("UPDATE questions SET body = '{'")
    outcome = ask(file)
    assert outcome.verdict == "deny"
    with pytest.raises(StateError):
        opened(file).get(name)


def test_waiting_ends_with_the_answer(file: Path) -> None:
    name = ask(file).approval_id
    waiting = opened(file)
    assert waiting.wait(name, timeout=0.05).state == "pending"
    timer = threading.Timer(0.2, lambda: opened(file).approve(name, by="ada"))
    timer.start()
    assert waiting.wait(name, timeout=30).state == "approved"
    with pytest.raises(InvalidRequest):
        waiting.wait("apr_gone")


async def _both(file: Path, name: str) -> list[str]:
    import asyncio

    async def answer() -> str:
        await asyncio.sleep(0.1)
        return str(opened(file).reject(name, by="ada").state)

    found = await asyncio.gather(opened(file).wait_async(name, timeout=30), answer())
    return [found[0].state, found[1]]


def test_a_task_waits_while_others_go_on(file: Path) -> None:
    import asyncio

    assert asyncio.run(_both(file, ask(file).approval_id)) == ["rejected", "rejected"]


def test_an_agent_with_a_shell_does_not_answer_for_itself() -> None:
    from referee import templates

    policy = Policy.load(templates.path("coding-agent"))
    for command in ("referee approvals approve apr_1", "REFEREE_STORE=x python -m referee.cli approvals revoke apr_1"):
        assert not policy.session().decide({"tool": "Bash", "args": {"command": command}}).allowed
    assert policy.session().decide({"tool": "Bash", "args": {"command": "referee approvals list"}}).verdict == "allow"


def test_a_machine_without_a_name_for_its_start_has_one_all_the_same() -> None:
    def fails() -> str:
        raise OSError

    assert boot_id(fails).startswith("since ")
    assert boot_id(lambda: " x \n") == "x"
