"""What each agent sends becomes exactly the answer that its protocol has for the decision."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from referee.adapters.hooks.answering import HOSTS as PAGES
from referee.adapters.hooks.answering import answer, recognise
from referee.adapters.hooks.moments import CALL, HOSTS, MOMENTS, NOTHING, last_word
from referee.adapters.hooks.options import Options
from referee.enforce.compiled import Programs
from tests.support.agents import AGENTS, REFUSED, RUNS, TOKEN, call, event_of, fate, policy, prompt, recorded, result

WITH_RESULTS = [host for host in HOSTS if AGENTS[host].result]
WITH_PROMPTS = [host for host in HOSTS if AGENTS[host].prompt]


class Hook:
    def __init__(self, host: str, folder: Path, *, attended: bool = False) -> None:
        self.host = host
        self.policy = folder / "policy.yaml"
        self.policy.write_text(policy(host))
        self.options = Options(
            (str(self.policy),), str(folder / "state.json"), attended=attended, environment={"HOME": "/home/dev"}
        )

    def said(self, payload: dict[str, Any], event: str | None = None) -> tuple[bytes, bytes, int]:
        named = event or event_of(self.host, payload)
        return answer(self.host, json.dumps(payload).encode(), self.options._replace(event=named), Programs(None))

    def body(self, payload: dict[str, Any], event: str | None = None) -> Any:
        out, err, code = self.said(payload, event)
        shown = shape(json.loads(out or b"{}"))
        return shown if code == 0 else (shown, shape(err.decode().strip()), code)

    def fate(self, payload: dict[str, Any], event: str) -> Any:
        out, err, code = self.said(payload)
        return fate(self.host, event, out, err, code)


def shape(value: Any) -> Any:
    """Replace every explanation by WHY, and every text that holds one."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    if isinstance(value, str):
        return re.sub(r"^(\[withheld: )?Referee.*?(\]?)$", r"\1WHY\2", value, flags=re.DOTALL)
    return value


@pytest.fixture
def hook(request: pytest.FixtureRequest, tmp_path: Path) -> Hook:
    return Hook(request.param, tmp_path)


def each(hosts: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("hook", hosts, indirect=True)


def permission(verdict: str, **more: Any) -> dict[str, Any]:
    said = {"hookEventName": "PreToolUse", "permissionDecision": verdict, "permissionDecisionReason": "WHY"}
    return {"hookSpecificOutput": {**said, **more}}


def own(verdict: str, **more: Any) -> dict[str, Any]:
    return {"permissionDecision": verdict, "permissionDecisionReason": "WHY", **more}


def gate(verdict: str) -> dict[str, Any]:
    return {"permission": verdict, "user_message": "WHY", "agent_message": "WHY"}


SAFE = {"command": "echo safe", "description": "d"}
DENIED = {"decision": "deny", "reason": "WHY"}
CANCELLED = {"cancel": True, "errorMessage": "WHY"}
EXIT = ({}, "WHY", 2)
THROWN = {"effect": "deny", "reason": "WHY"}
TAKEN = {
    "decision": "allow",
    "reason": "WHY",
    "hookSpecificOutput": {"hookEventName": "BeforeTool", "tool_input": SAFE},
}
STOPPED = {"continue": False, "stopReason": "WHY"}

CALLS: dict[str, dict[str, Any]] = {
    "rm -rf x": {
        "claude-code": permission("deny"),
        "codex": permission("deny"),
        "gemini": DENIED,
        "copilot": own("deny"),
        "cursor": gate("deny"),
        "windsurf": EXIT,
        "cline": CANCELLED,
        "opencode": THROWN,
    },
    "terraform apply": {
        "claude-code": permission("ask"),
        "codex": permission("deny"),
        "gemini": DENIED,
        "copilot": own("ask"),
        "cursor": gate("deny"),
        "windsurf": EXIT,
        "cline": CANCELLED,
        "opencode": THROWN,
    },
    "make all": {
        "claude-code": permission("allow"),
        "codex": {},
        "gemini": {},
        "copilot": own("allow"),
        "cursor": {"permission": "allow"},
        "windsurf": {},
        "cline": {},
        "opencode": {"effect": "allow"},
    },
    "curl x": {
        "claude-code": permission("ask", updatedInput=SAFE),
        "codex": permission("allow", updatedInput={"command": "echo safe"}),
        "gemini": TAKEN,
        "copilot": own("deny"),
        "cursor": gate("deny"),
        "windsurf": EXIT,
        "cline": {"overrideInput": {"commands": ["echo safe"]}},
        "opencode": {"effect": "change", "args": SAFE},
    },
    "wget x": {
        "claude-code": permission("allow", updatedInput=SAFE),
        "codex": permission("allow", updatedInput={"command": "echo safe"}),
        "gemini": TAKEN,
        "copilot": own("allow", modifiedArgs=SAFE),
        "cursor": {"permission": "allow", "updated_input": {"command": "echo safe", "cwd": "/home/dev/project"}},
        "windsurf": EXIT,
        "cline": {"overrideInput": {"commands": ["echo safe"]}},
        "opencode": {"effect": "change", "args": SAFE},
    },
    "shutdown now": {
        "claude-code": {**STOPPED, **permission("deny")},
        "codex": permission("deny"),
        "gemini": {**STOPPED, **DENIED},
        "copilot": own("deny"),
        "cursor": gate("deny"),
        "windsurf": EXIT,
        "cline": CANCELLED,
        "opencode": THROWN,
    },
    "ls -l": {host: {} for host in HOSTS} | {"opencode": {"effect": "allow"}},
}


@pytest.mark.parametrize("command", CALLS)
@each(HOSTS)
def test_calls(hook: Hook, command: str) -> None:
    hook.options = hook.options._replace(environment={"HOME": "/home/dev"})
    payload = call(hook.host, command)
    if hook.host == "codex":
        payload["permission_mode"] = "default"
    assert hook.body(payload) == CALLS[command][hook.host]


BASH = {"stdout": "", "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": False}
CLEAN = "a [REDACTED:github_token] b"
HELD = "[withheld: WHY]"


def updated(value: Any) -> dict[str, Any]:
    return {"hookSpecificOutput": {"hookEventName": "PostToolUse", "updatedToolOutput": value}}


RESULTS: dict[str, dict[str, Any]] = {
    f"a {TOKEN} b": {
        "claude-code": updated({**BASH, "stdout": CLEAN}),
        "codex": {"decision": "block", "reason": CLEAN},
        "gemini": {"decision": "deny", "reason": CLEAN},
        "copilot": {"modifiedResult": {"resultType": "success", "textResultForLlm": CLEAN}},
        "cursor": {"updated_mcp_tool_output": CLEAN},
        "cline": CANCELLED,
        "opencode": {"effect": "change", "output": CLEAN},
    },
    "poison": {
        "claude-code": {"decision": "block", "reason": "WHY", **updated({**BASH, "stdout": HELD})},
        "codex": {"decision": "block", "reason": "WHY"},
        "gemini": DENIED,
        "copilot": {"modifiedResult": {"resultType": "success", "textResultForLlm": HELD}},
        "cursor": {"updated_mcp_tool_output": HELD},
        "cline": CANCELLED,
        "opencode": THROWN,
    },
    "fine": {host: {} for host in HOSTS} | {"opencode": {"effect": "allow"}},
}


@pytest.mark.parametrize("output", RESULTS, ids=["secret", "poison", "fine"])
@each(WITH_RESULTS)
def test_results(hook: Hook, output: str) -> None:
    assert hook.body(result(hook.host, output)) == RESULTS[output][hook.host]


BLOCKED = {"decision": "block", "reason": "WHY"}
PROMPTS = {
    "claude-code": BLOCKED,
    "codex": BLOCKED,
    "gemini": DENIED,
    "copilot": BLOCKED,
    "cursor": {"continue": False, "user_message": "WHY"},
    "windsurf": EXIT,
    "cline": CANCELLED,
}


@each(WITH_PROMPTS)
def test_prompts(hook: Hook) -> None:
    assert hook.body(prompt(hook.host, "forbidden")) == PROMPTS[hook.host]
    assert hook.body(prompt(hook.host, f"use {TOKEN}")) == PROMPTS[hook.host]
    assert TOKEN not in str(hook.said(prompt(hook.host, f"use {TOKEN}")))
    assert hook.body(prompt(hook.host, "go")) == {}


@each(HOSTS)
def test_the_agent_does_what_was_decided(hook: Hook) -> None:
    """Read the answers as the agents do: nothing that is refused, asked or changed may run as it was."""
    agent = AGENTS[hook.host]
    words = {
        command: hook.fate(call(hook.host, command), agent.call).word for command in CALLS if "shutdown" not in command
    }
    assert words["rm -rf x"] == "refused"
    assert words["terraform apply"] in ("refused", "asks")
    assert words["curl x"] in ("refused", "asks", "changed")
    assert words["wget x"] in ("refused", "changed")
    assert (words["make all"], words["ls -l"]) == ("runs", "runs")
    if agent.result and hook.host != "cursor":
        for output in ("poison", f"a {TOKEN} b"):
            seen = hook.fate(result(hook.host, output), agent.result)
            assert seen.word != "runs"
            assert "poison" not in str(seen.value)
            assert TOKEN not in str(seen.value)
    if agent.prompt:
        assert hook.fate(prompt(hook.host, "forbidden"), agent.prompt) == REFUSED


@each(HOSTS)
def test_a_session_that_is_over_stays_over_in_every_agent(hook: Hook) -> None:
    agent = AGENTS[hook.host]
    assert hook.fate(call(hook.host, "shutdown now"), agent.call) == REFUSED
    assert hook.fate(call(hook.host, "ls"), agent.call) == REFUSED
    if agent.prompt:
        assert hook.fate(prompt(hook.host, "go"), agent.prompt) == REFUSED
    assert hook.fate(call(hook.host, "ls", session="s2"), agent.call) == RUNS


@pytest.mark.parametrize("host", HOSTS)
def test_what_needs_no_decision_passes_and_what_is_not_known_does_not(host: str, tmp_path: Path) -> None:
    options = Options(("/nowhere.yaml",), str(tmp_path / "state.json"))
    for name, payload in recorded(host).items():
        if MOMENTS[host].get(name) == NOTHING:
            out, err, code = answer(host, json.dumps(payload).encode(), options._replace(event=name), Programs(None))
            assert (out, err, code) == (b"", b"", 0)
    agent = AGENTS[host]
    for key in PAGES[host].event:
        payload = {**call(host, "ls"), key: "SomethingNew"}
        out, err, code = answer(host, json.dumps(payload).encode(), options, Programs(None))
        assert fate(host, agent.call, out, err, code) == REFUSED
        assert b"SomethingNew" not in out + err


@pytest.mark.parametrize("host", HOSTS)
def test_a_payload_of_another_event_than_the_settings_say_is_refused(host: str, tmp_path: Path) -> None:
    agent = AGENTS[host]
    other = agent.result or agent.prompt
    assert other is not None
    out, err, code = answer(host, json.dumps(call(host, "ls")).encode(), Options((), None, other), Programs(None))
    assert fate(host, other, out, err, code).word != "runs" or host == "cursor"
    assert b"another event" in out + err or host == "copilot"


def test_gemini_asks_where_somebody_sits(tmp_path: Path) -> None:
    hook = Hook("gemini", tmp_path, attended=True)
    asked = {"decision": "ask", "reason": "WHY", "systemMessage": "WHY"}
    assert hook.body(call("gemini", "terraform apply")) == asked


def test_gemini_cannot_take_an_argument_away(tmp_path: Path) -> None:
    hook = Hook("gemini", tmp_path)
    hook.policy.write_text(
        "version: 1\ndefault: allow\npolicies:\n  - {id: drop, action: modify, remove: [args.description]}\n"
    )
    assert hook.body(call("gemini", "ls")) == DENIED


def test_vs_code_sends_another_dialect_to_the_hooks_of_copilot(tmp_path: Path) -> None:
    hook = Hook("copilot", tmp_path)
    base = {"timestamp": "t", "cwd": "/home/dev/project", "sessionId": "s1", "tool_name": "bash", "tool_use_id": "c1"}
    before = {**base, "hookEventName": "PreToolUse", "tool_input": {"command": "rm -rf x"}}
    assert hook.body(before, "preToolUse") == permission("deny")
    assert hook.body({**before, "tool_input": {"command": "curl x"}}, "preToolUse") == permission("deny")
    after = {**base, "hookEventName": "PostToolUse", "tool_input": {"command": "ls"}, "tool_response": f"a {TOKEN} b"}
    assert hook.body(after, "postToolUse") == updated(CLEAN)
    snake = {
        "hook_event_name": "PreToolUse",
        "session_id": "s1",
        "tool_name": "Bash",
        "tool_input": {"command": "rm -rf x"},
    }
    assert hook.body(snake) == permission("deny")
    assert hook.body({**call("copilot", ""), "toolArgs": json.dumps({"command": "rm -rf x"})}) == own("deny")


def test_cursor_asks_at_its_gates_and_sees_files_before_they_are_read(tmp_path: Path) -> None:
    hook = Hook("cursor", tmp_path)
    shell = {**recorded("cursor")["beforeShellExecution"], "command": "terraform apply"}
    assert hook.body(shell) == gate("ask")
    assert hook.body({**shell, "command": "wget x"}) == gate("deny")
    assert hook.body({**shell, "command": "make all"}) == {"permission": "allow"}
    read = recorded("cursor")["beforeReadFile"]
    assert hook.body(read) == {}
    assert hook.body({**read, "content": f"key: {TOKEN}"}) == gate("deny")
    assert hook.body({**read, "content": "poison"}) == gate("deny")
    asked = {**recorded("cursor")["beforeMCPExecution"], "tool_input": "not json"}
    assert hook.said(asked)[2] == 2


def test_reading_a_file_in_cursor_draws_from_limits_once(tmp_path: Path) -> None:
    hook = Hook("cursor", tmp_path)
    hook.policy.write_text(
        "version: 1\ndefault: allow\nlimits:\n  - {id: calls, calls: 2, per: session, window: run, message: enough}\n"
    )
    before = {
        **recorded("cursor")["preToolUse"],
        "tool_name": "Read",
        "tool_input": {"file_path": "/home/dev/project/a"},
    }
    assert hook.body({**before, "tool_use_id": "c1"}) == {}
    assert hook.body(recorded("cursor")["beforeReadFile"]) == {}
    assert hook.body({**before, "tool_use_id": "c2"}) == {}
    assert hook.body({**before, "tool_use_id": "c3"}) == gate("deny")


def test_a_call_that_cline_wraps_is_the_call_it_wraps(tmp_path: Path) -> None:
    hook = Hook("cline", tmp_path)
    payload = call("cline", "")
    wrapped = {"server_name": "box", "tool_name": "execute_command", "arguments": json.dumps({"command": "rm -rf x"})}
    payload["tool_call"] = {"id": "1", "name": "use_mcp_tool", "input": wrapped}
    assert hook.body(payload) == CANCELLED
    wrapped["arguments"] = json.dumps({"command": "curl x"})
    hook.policy.write_text(policy("codex"))
    assert hook.body(payload) == CANCELLED
    wrapped["arguments"] = "{"
    assert hook.body(payload) == CANCELLED
    wrapped["arguments"] = json.dumps({"command": "ls"})
    assert hook.body(payload) == {}


def test_every_one_of_several_commands_counts(tmp_path: Path) -> None:
    hook = Hook("cline", tmp_path)
    payload = call("cline", "")
    payload["tool_call"]["input"] = {"commands": ["ls", "rm -rf x"]}
    assert hook.body(payload) == CANCELLED


def test_a_tool_without_arguments_is_a_call_like_others(tmp_path: Path) -> None:
    hook = Hook("windsurf", tmp_path)
    payload = recorded("windsurf")["pre_mcp_tool_use"]
    payload["tool_info"]["mcp_tool_arguments"] = None
    assert hook.body(payload) == {}
    del payload["tool_info"]["mcp_tool_arguments"]
    assert hook.body(payload) == EXIT


def test_windsurf_names_tools_of_servers(tmp_path: Path) -> None:
    payload = json.dumps(recorded("windsurf")["pre_mcp_tool_use"]).encode()
    event = recognise(PAGES["windsurf"], payload, Options())
    assert (event.tool, event.args) == ("mcp__db__query", {"sql": "select 1"})


@pytest.mark.parametrize("host", HOSTS)
def test_last_words_refuse(host: str) -> None:
    for event, about in MOMENTS[host].items():
        seen = fate(host, event, *last_word(host, event, "Referee is gone"))
        if about == CALL:
            assert seen == REFUSED
    agent = AGENTS[host]
    assert fate(host, agent.call, *last_word(host, "", "Referee is gone")) == REFUSED
    if agent.result and host != "cursor":
        assert fate(host, agent.result, *last_word(host, agent.result, "Referee is gone")).word != "runs"
    if agent.prompt:
        assert fate(host, agent.prompt, *last_word(host, agent.prompt, "Referee is gone")) == REFUSED
