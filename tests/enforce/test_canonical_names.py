"""One rule for all shells, whatever an agent calls its own: from the policy text to the decision."""

from __future__ import annotations

from typing import Any

import pytest

from referee import Policy, Request

POLICY = """
version: 1
default: allow
policies:
  - {id: no-shell, when: {tool: shell.exec}, action: deny, message: no shell here}
  - {id: no-writes, when: {tool: [file.write, publish]}, action: deny, message: nothing is written}
"""
GRANTING = """
version: 1
default: deny
policies:
  - {id: reads, when: {tool: [file.read, "git.*"]}, action: allow}
"""


@pytest.mark.parametrize(
    ("tool", "args"),
    [
        ("Bash", {"command": "ls"}),
        ("shell", {"command": ["ls"]}),
        ("run_shell_command", {"command": "ls"}),
        ("run_commands", {"commands": ["ls"]}),
        ("mcp__desktop-commander__start_process", {"command": "ls"}),
        ("mcp__unheard-of__execute_command", {"command": "ls"}),
        ("apply_patch", {"input": "*** Begin Patch\n*** Add File: a\n+x\n*** End Patch"}),
        ("NotebookEdit", {"notebook_path": "n.ipynb"}),
        ("publish", {}),
    ],
)
def test_every_name_of_a_kind_is_refused(tool: str, args: dict[str, Any]) -> None:
    with Policy.load(POLICY).session() as session:
        assert session.evaluate(Request.tool_call(tool, args)).decision == "deny"


@pytest.mark.parametrize(("tool", "args"), [("Read", {"file_path": "a"}), ("refund", {"amount": 1}), ("TodoWrite", {})])
def test_other_tools_go_on(tool: str, args: dict[str, Any]) -> None:
    with Policy.load(POLICY).session() as session:
        assert session.evaluate(Request.tool_call(tool, args)).decision == "allow"


@pytest.mark.parametrize(
    ("tool", "args", "decision"),
    [
        ("Read", {"file_path": "a"}, "allow"),
        ("read_file", {"path": "a"}, "allow"),
        ("mcp__filesystem__read_text_file", {"path": "a"}, "allow"),
        ("mcp__git__git_log", {"repo_path": "/r"}, "allow"),
        ("mcp__evil__read_file", {"path": "a"}, "deny"),
        ("git.push_everything", {}, "allow"),
        ("Edit", {"file_path": "a"}, "deny"),
    ],
)
def test_a_grant_holds_for_tools_that_are_surely_known(tool: str, args: dict[str, Any], decision: str) -> None:
    with Policy.load(GRANTING).session() as session:
        assert session.evaluate(Request.tool_call(tool, args)).decision == decision
