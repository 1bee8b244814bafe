"""The plugin that ``install`` writes for opencode, loaded and called by a small host as opencode does it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from referee.adapters.hooks.settings.installing import install
from referee.cli.hook import hook_command
from tests.support.agents import TOKEN, policy

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="the plugin runs in a JavaScript engine, and there is none")

HOST = """
import { readFileSync } from "node:fs"
const plugin = await import(process.argv[2])
const made = Object.values(plugin)
if (made.length !== 1) throw new Error("opencode takes everything that is exported for a plugin")
const hooks = await made[0]({ directory: "/home/dev/project", worktree: "/home/dev/project" })
const steps = JSON.parse(readFileSync(0, "utf8"))
const seen = []
for (const { hook, input, output } of steps) {
  const kept = output.args
  try {
    await hooks[hook](input, output)
    seen.push({ output, same: output.args === kept })
  } catch (problem) {
    seen.push({ thrown: problem.message, output })
  }
}
console.log(JSON.stringify(seen))
"""
CALL = {"tool": "bash", "sessionID": "ses_1", "callID": "call_1"}


class Opencode:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policy = folder / "policy.yaml"
        self.policy.write_text(policy("opencode"))
        self.plugin = folder / "plugin" / "referee.js"
        (folder / "package.json").write_text('{"type": "module"}')
        (folder / "host.mjs").write_text(HOST)
        install("opencode", self.plugin, hook_command("opencode", (str(self.policy),), str(folder / "state.json")))

    def play(self, *steps: dict[str, Any]) -> list[dict[str, Any]]:
        assert NODE is not None
        done = subprocess.run(
            [NODE, str(self.folder / "host.mjs"), str(self.plugin)],
            input=json.dumps(steps).encode(), capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        seen: list[dict[str, Any]] = json.loads(done.stdout)
        return seen

    def pretend(self, answer: str) -> None:
        """Put a program in the place of Referee."""
        program = self.folder / "program"
        program.write_text(f"#!/bin/sh\n{answer}\n")
        program.chmod(0o755)
        text = self.plugin.read_text()
        line = next(line for line in text.splitlines() if line.startswith("const COMMAND"))
        self.plugin.write_text(text.replace(line, f"const COMMAND = {json.dumps([str(program)])}"))


@pytest.fixture
def opencode(tmp_path: Path) -> Opencode:
    return Opencode(tmp_path)


def before(command: str, call: str = "call_1") -> dict[str, Any]:
    return {
        "hook": "tool.execute.before",
        "input": {**CALL, "callID": call},
        "output": {"args": {"command": command, "description": "d"}},
    }


def after(**output: Any) -> dict[str, Any]:
    return {"hook": "tool.execute.after", "input": {**CALL, "args": {"command": "ls"}}, "output": output}


def test_calls_run_are_changed_or_throw(opencode: Opencode) -> None:
    ran, denied, asked, changed = opencode.play(
        before("ls"), before("rm -rf x"), before("terraform apply"), before("curl x")
    )
    assert ran == {"output": {"args": {"command": "ls", "description": "d"}}, "same": True}
    assert denied["thrown"].startswith("Referee: denied by `deny`")
    assert "nobody can be asked" in asked["thrown"]
    assert changed == {"output": {"args": {"command": "echo safe", "description": "d"}}, "same": True}


def test_results_pass_are_changed_or_withheld(opencode: Opencode) -> None:
    plain, masked, held, listed = opencode.play(
        after(title="t", output="fine", metadata={}),
        after(title="t", output=f"a {TOKEN} b", metadata={"exit": 0}),
        after(title="poison", output="poison", metadata={"output": "poison"}),
        after(content=[{"type": "text", "text": f"a {TOKEN} b"}], isError=False),
    )
    assert plain["output"]["output"] == "fine"
    assert masked["output"] == {"title": "t", "output": "a [REDACTED:github_token] b", "metadata": {"exit": 0}}
    assert "held" in held["thrown"]
    assert "poison" not in json.dumps(held)
    assert listed["output"] == {"content": [{"type": "text", "text": "a [REDACTED:github_token] b"}], "isError": False}


def test_a_session_that_is_over_stays_over(opencode: Opencode) -> None:
    ended, later = opencode.play(before("shutdown now"), before("ls"))
    assert "terminated" in ended["thrown"]
    assert "the session is over" in later["thrown"]


@pytest.mark.parametrize(
    "answer",
    [
        "exit 1",
        "exit 0",
        "kill -9 $$",
        "echo '{'",
        "echo null",
        "echo '[]'",
        "echo '{}'",
        "echo '\"allow\"'",
        """echo '{"effect": "alow"}'""",
        """echo '{"effect": "allow"}'; exit 3""",
        """echo '{"effect": "change"}'""",
        """echo '{"effect": "change", "args": [], "output": 1}'""",
        """echo '{"effect": "allow"}{"effect": "allow"}'""",
    ],
)
def test_everything_but_a_known_answer_throws(opencode: Opencode, answer: str) -> None:
    opencode.pretend(answer)
    call, result, listed = opencode.play(
        before("ls"), after(title="t", output="private", metadata={"x": "private"}), after(content=["private"])
    )
    for seen in (call, result, listed):
        assert "Referee" in seen["thrown"]
        assert "private" not in json.dumps(seen)


def test_a_program_that_is_gone_or_too_slow_throws(opencode: Opencode) -> None:
    opencode.pretend("sleep 60")
    opencode.plugin.write_text(opencode.plugin.read_text().replace("PATIENCE = 30000", "PATIENCE = 200"))
    (slow,) = opencode.play(before("ls"))
    assert "took too long" in slow["thrown"]
    (opencode.folder / "program").unlink()
    (gone,) = opencode.play(before("ls"))
    assert "could not be started" in gone["thrown"]


def test_what_cannot_be_written_as_json_throws(opencode: Opencode) -> None:
    host = (opencode.folder / "host.mjs").read_text()
    (opencode.folder / "host.mjs").write_text(
        host.replace("const kept", "output.args.self = output.args\n  const kept").replace(
            "seen.push({ thrown: problem.message, output })", "seen.push({ thrown: problem.message })"
        )
    )
    (seen,) = opencode.play(before("ls"))
    assert "could not be started" in seen["thrown"]


def test_a_payload_of_50_megabytes_throws(opencode: Opencode) -> None:
    (seen,) = opencode.play(before("ls " + "x" * 50_000_000))
    assert "larger than 16 MB" in seen["thrown"]


def test_the_plugin_is_python_s_own_file(opencode: Opencode) -> None:
    text = opencode.plugin.read_text()
    assert sys.executable in text
    assert "{{" not in text
