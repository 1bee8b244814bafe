"""Coding agents as seen from a hook: what they send (recorded), and what they make of an answer (their fail modes).

The recordings of Cursor, Windsurf and the plugin of opencode follow their documentation; the others were captured.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent.parent / "adapters" / "recordings"
TOKEN = "ghp_" + "A1b2C3d4E5f6G7h8I9j0" + "K1l2M3n4O5p6Q7r8"


def recorded(host: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((FOLDER / f"{host}.json").read_text())
    return found


class Agent(NamedTuple):
    """One agent: its events, and where in their payloads command, arguments, result, prompt and session stand."""

    call: str
    result: str | None
    prompt: str | None
    command: tuple[str, ...]
    output: tuple[str | int, ...] = ()
    said: tuple[str, ...] = ()
    session: str = "session_id"
    listed: bool = False


AGENTS = {
    "claude-code": Agent(
        "PreToolUse",
        "PostToolUse",
        "UserPromptSubmit",
        ("tool_input", "command"),
        ("tool_response", "stdout"),
        ("prompt",),
    ),
    "codex": Agent(
        "PreToolUse", "PostToolUse", "UserPromptSubmit", ("tool_input", "command"), ("tool_response",), ("prompt",)
    ),
    "gemini": Agent(
        "BeforeTool",
        "AfterTool",
        "BeforeAgent",
        ("tool_input", "command"),
        ("tool_response", "llmContent"),
        ("prompt",),
    ),
    "copilot": Agent(
        "preToolUse",
        "postToolUse",
        "userPromptSubmitted",
        ("toolArgs", "command"),
        ("toolResult", "textResultForLlm"),
        ("prompt",),
        "sessionId",
    ),
    "cursor": Agent(
        "preToolUse",
        "postToolUse",
        "beforeSubmitPrompt",
        ("tool_input", "command"),
        ("tool_output",),
        ("prompt",),
        "conversation_id",
    ),
    "windsurf": Agent(
        "pre_run_command",
        None,
        "pre_user_prompt",
        ("tool_info", "command_line"),
        (),
        ("tool_info", "user_prompt"),
        "trajectory_id",
    ),
    "cline": Agent(
        "tool_call",
        "tool_result",
        "prompt_submit",
        ("tool_call", "input", "commands"),
        ("tool_result", "output", 0, "result"),
        ("userPromptSubmit", "prompt"),
        "taskId",
        listed=True,
    ),
    "opencode": Agent(
        "tool.execute.before", "tool.execute.after", None, ("args", "command"), ("output",), (), "sessionID"
    ),
}
_ARGUMENT = {"cline": "commands"}


def _put(payload: Any, place: tuple[str | int, ...], value: Any) -> None:
    for step in place[:-1]:
        payload = payload[step]
    payload[place[-1]] = value


def call(host: str, command: str, session: str = "s1") -> dict[str, Any]:
    agent = AGENTS[host]
    payload = copy.deepcopy(recorded(host)[agent.call])
    _put(payload, agent.command, [command] if agent.listed else command)
    payload[agent.session] = session
    return payload


def result(host: str, output: str, session: str = "s1") -> dict[str, Any]:
    agent = AGENTS[host]
    assert agent.result is not None
    payload = copy.deepcopy(recorded(host)[agent.result])
    _put(payload, agent.output, output)
    if host == "cline":
        payload["postToolUse"]["result"] = output
    payload[agent.session] = session
    return payload


def prompt(host: str, words: str, session: str = "s1") -> dict[str, Any]:
    agent = AGENTS[host]
    assert agent.prompt is not None
    if host == "cline":
        payload = {
            **recorded(host)["agent_start"],
            "hookName": "prompt_submit",
            "userPromptSubmit": {"attachments": []},
        }
    else:
        payload = copy.deepcopy(recorded(host)[agent.prompt])
    _put(payload, agent.said, words)
    payload[agent.session] = session
    return payload


def event_of(host: str, payload: dict[str, Any]) -> str | None:
    """Say what the settings of an agent name the event, where its payloads do not."""
    if host != "copilot":
        return None
    own = (("postToolUse", "toolResult"), ("preToolUse", "toolName"), ("userPromptSubmitted", "prompt"))
    return next((name for name, key in own if key in payload), None)


def policy(host: str) -> str:
    """Write a policy that decides a command by its first word."""
    name = _ARGUMENT.get(host, "command")
    new = "[echo safe]" if AGENTS[host].listed else "echo safe"
    return f"""
version: 1
default: allow
policies:
  - {{id: deny, when: {{shell: {{runs: rm -rf}}}}, action: deny, message: no}}
  - {{id: ask, when: {{shell: {{runs: terraform apply}}}}, action: require_approval, message: look}}
  - {{id: grant, when: {{shell: {{runs: [make, wget]}}}}, action: allow}}
  - {{id: change, when: {{shell: {{runs: [curl, wget]}}}}, action: modify, set: {{args.{name}: {new}}}}}
  - {{id: stop, when: {{shell: {{runs: shutdown}}}}, action: terminate, message: over}}
  - {{id: mask, phase: [post], action: redact, kinds: [secret]}}
  - {{id: hold, phase: [post], when: {{text: {{contains: poison}}}}, action: deny, message: held}}
  - {{id: words, when: {{kind: message, text: {{contains: forbidden}}}}, action: deny, message: no}}
  - {{id: clean, when: {{kind: message}}, action: redact, kinds: [secret]}}
"""


class Fate(NamedTuple):
    """What becomes of an action: it ``runs``, is ``refused``, ``asks`` its user, or goes on ``changed``."""

    word: str
    value: Any = None


RUNS = Fate("runs")
REFUSED = Fate("refused")


def fate(host: str, event: str, out: bytes, err: bytes, code: int) -> Fate:
    """Read an answer as the host does, with the settings that ``install`` writes."""
    try:
        body = json.loads(out) if out.strip() else {}
    except ValueError:
        body = None
    return _READERS[host](event, body, err.strip(), code)


def _claude(event: str, body: Any, err: bytes, code: int) -> Fate:
    if code != 0:
        return RUNS if event == "PostToolUse" else REFUSED
    if not isinstance(body, dict):
        return RUNS
    more = body.get("hookSpecificOutput", {})
    if event == "PostToolUse":
        if body.get("continue") is False:
            return REFUSED
        return Fate("changed", more["updatedToolOutput"]) if "updatedToolOutput" in more else RUNS
    if body.get("continue") is False or body.get("decision") == "block":
        return REFUSED
    return _permitted(more.get("permissionDecision"), more.get("updatedInput"))


def _permitted(verdict: Any, changed: Any) -> Fate:
    if verdict == "deny":
        return REFUSED
    if verdict == "ask":
        return Fate("asks", changed)
    return RUNS if changed is None else Fate("changed", changed)


def _codex(event: str, body: Any, err: bytes, code: int) -> Fate:
    if code == 2 and err:
        return Fate("changed", err.decode()) if event == "PostToolUse" else REFUSED
    if code != 0 or not isinstance(body, dict):
        return RUNS
    assert "continue" not in body, "Codex takes this for a failed hook and goes on"
    if event != "PreToolUse":
        blocked = body.get("decision") == "block" and body.get("reason")
        return RUNS if not blocked else Fate("changed", body["reason"]) if event == "PostToolUse" else REFUSED
    more = body.get("hookSpecificOutput", {})
    verdict, changed = more.get("permissionDecision"), more.get("updatedInput")
    assert verdict in (None, "deny", "allow"), "Codex takes this for a failed hook and goes on"
    assert verdict != "deny" or more["permissionDecisionReason"]
    assert (verdict == "allow") == (changed is not None)
    return _permitted(verdict, changed)


def _gemini(event: str, body: Any, err: bytes, code: int) -> Fate:
    if body == {} and err:
        try:
            body = json.loads(err)
        except ValueError:
            body = None
    if not isinstance(body, dict):
        body = {} if code in (0, 1) else {"decision": "deny", "reason": err.decode()}
    if event == "AfterTool" and body.get("decision") == "deny" and body["reason"]:
        return Fate("changed", body["reason"])
    if body.get("continue") is False or body.get("decision") in ("deny", "block"):
        return REFUSED
    changed = body.get("hookSpecificOutput", {}).get("tool_input")
    return Fate("asks", changed) if body.get("decision") == "ask" else _permitted(None, changed)


def _copilot(event: str, body: Any, err: bytes, code: int) -> Fate:
    if event[0].isupper():
        return _claude(event, body, err, code)
    if event == "preToolUse":
        if code != 0 or not isinstance(body, dict):
            return REFUSED
        return _permitted(body.get("permissionDecision"), body.get("modifiedArgs"))
    if not isinstance(body, dict):
        return RUNS
    if event == "postToolUse":
        return Fate("changed", body["modifiedResult"]) if "modifiedResult" in body and code == 0 else RUNS
    return REFUSED if body.get("decision") == "block" else RUNS


def _cursor(event: str, body: Any, err: bytes, code: int) -> Fate:
    if event in ("postToolUse", "afterMCPExecution"):
        return Fate("changed", body["updated_mcp_tool_output"]) if body and "updated_mcp_tool_output" in body else RUNS
    if code != 0 or not isinstance(body, dict) or body.get("continue") is False:
        return REFUSED
    verdict, changed = body.get("permission"), body.get("updated_input")
    if verdict == "ask" and event == "preToolUse":
        return RUNS
    return _permitted(verdict, changed if verdict == "allow" and event == "preToolUse" else None)


def _windsurf(event: str, body: Any, err: bytes, code: int) -> Fate:
    return REFUSED if code == 2 else RUNS


def _cline(event: str, body: Any, err: bytes, code: int) -> Fate:
    if code != 0 or not isinstance(body, dict):
        return RUNS
    if body.get("cancel") is True:
        return REFUSED
    return _permitted(None, body.get("overrideInput"))


def _opencode(event: str, body: Any, err: bytes, code: int) -> Fate:
    """Read as the plugin does; the plugin itself is run by ``test_opencode_plugin.py``."""
    if code != 0 or not isinstance(body, dict):
        return REFUSED
    if body.get("effect") == "change":
        return Fate("changed", body["args" if event == "tool.execute.before" else "output"])
    return RUNS if body.get("effect") == "allow" else REFUSED


_READERS = {
    "claude-code": _claude,
    "codex": _codex,
    "gemini": _gemini,
    "copilot": _copilot,
    "cursor": _cursor,
    "windsurf": _windsurf,
    "cline": _cline,
    "opencode": _opencode,
}
