"""Payloads become requests, decisions become answers, and what is wrong becomes a refusal."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from referee.adapters.hooks import deciding
from referee.adapters.hooks.answering import recognise, refused
from referee.adapters.hooks.claude_code import HOST
from referee.adapters.hooks.options import Options
from referee.adapters.hooks.protocol import MAX_PAYLOAD, Answer, BadPayload, Event, rule_on, withhold, written
from referee.model.decision import Decision, Redaction
from referee.model.programs import Rule
from referee.model.request import Request

COMMON = {"session_id": "s1", "transcript_path": "/t", "cwd": "/home/dev/project", "permission_mode": "default"}
PRE = {
    **COMMON,
    "hook_event_name": "PreToolUse",
    "tool_name": "Bash",
    "tool_input": {"command": "ls", "description": "d"},
    "tool_use_id": "toolu_1",
}
RESULT = {"stdout": "hello", "stderr": "", "interrupted": False, "isImage": False, "noOutputExpected": False}
POST = {**PRE, "hook_event_name": "PostToolUse", "tool_response": RESULT, "duration_ms": 28}
PROMPT = {**COMMON, "hook_event_name": "UserPromptSubmit", "prompt": "go"}


def rule(action: str, **more: Any) -> Rule:
    return Rule(id=f"r-{action}", file="f", source="f.yaml:3", action=action, **more)  # type: ignore[arg-type]


def decided(verdict: str, *, by_rule: bool = True, **more: Any) -> Decision:
    rules = (rule(verdict, message="because"),) if by_rule else ()
    return Decision(verdict, deciding=rules, rules=rules, **more)  # type: ignore[arg-type]


def read(payload: bytes) -> Event:
    return recognise(HOST, payload, Options())


def event(payload: dict[str, Any]) -> Event:
    return read(json.dumps(payload).encode())


def request(of: Event) -> Request:
    return deciding.request(HOST, of)


def answer(of: Event, decision: Decision, value: Any) -> Answer:
    return HOST.say(of, rule_on(HOST, of, decision, value))


def failure(of: Event | None, problem: str) -> Answer:
    out, err, code = refused("claude-code", Options(), problem, of)
    return Answer(json.loads(out), err.decode(), code)


def test_a_call_becomes_a_request() -> None:
    made = request(event({**PRE, "agent_type": "explorer"}))
    assert (made.kind, made.phase, made.tool, made.args) == ("tool_call", "pre", "Bash", PRE["tool_input"])
    assert (made.agent.id, made.agent.role, made.session.id, made.id) == ("claude-code", "explorer", "s1", "toolu_1")


def test_a_result_is_the_post_phase_of_its_call() -> None:
    made = request(event(POST))
    assert (made.phase, made.id, made.result) == ("post", "toolu_1", RESULT)


def test_a_prompt_is_a_message() -> None:
    made = request(event(PROMPT))
    assert (made.kind, made.text, made.tool) == ("message", "go", None)


@pytest.mark.parametrize("name", ["SessionStart", "Stop", "SessionEnd", "PostToolBatch", "Notification"])
def test_other_events_need_no_decision(name: str) -> None:
    assert not event({"hook_event_name": name}).decided


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "`hook_event_name`"),
        (json.dumps({**PRE, "hook_event_name": 7}).encode(), "`hook_event_name`"),
        (json.dumps({**PRE, "hook_event_name": "FutureEvent"}).encode(), "event that this version does not know"),
        (json.dumps({**PRE, "tool_name": ""}).encode(), "`tool_name`"),
        (json.dumps({**PRE, "tool_name": ["Bash"]}).encode(), "`tool_name`"),
        (json.dumps({**PRE, "tool_input": "rm -rf /"}).encode(), "`tool_input`"),
        (json.dumps({k: v for k, v in PRE.items() if k != "tool_input"}).encode(), "`tool_input`"),
        (json.dumps({k: v for k, v in PRE.items() if k != "session_id"}).encode(), "`session_id`"),
        (json.dumps({k: v for k, v in POST.items() if k != "tool_response"}).encode(), "`tool_response`"),
        (json.dumps({**PROMPT, "prompt": None}).encode(), "`prompt`"),
        (b" " * (MAX_PAYLOAD + 1), "larger than"),
    ],
)
def test_what_is_not_a_payload_is_refused(payload: bytes, says: str) -> None:
    with pytest.raises(BadPayload, match=says):
        read(payload)


def output(made: Any) -> dict[str, Any]:
    return made.body["hookSpecificOutput"]


def test_a_denial_names_the_rule_and_its_line() -> None:
    made = answer(event(PRE), decided("deny"), PRE["tool_input"])
    assert output(made)["permissionDecision"] == "deny"
    assert "`r-deny` (f.yaml:3): because" in output(made)["permissionDecisionReason"]
    assert (made.code, "continue" in made.body) == (0, False)


def test_no_objection_is_no_answer() -> None:
    assert answer(event(PRE), decided("allow", by_rule=False), PRE["tool_input"]).body == {}


def test_only_an_allow_rule_grants() -> None:
    assert output(answer(event(PRE), decided("allow"), PRE["tool_input"]))["permissionDecision"] == "allow"


def test_an_approval_asks_and_where_nobody_is_there_refuses() -> None:
    asked = answer(event(PRE), decided("require_approval"), PRE["tool_input"])
    assert output(asked)["permissionDecision"] == "ask"
    for mode in ("bypassPermissions", "dontAsk"):
        alone = answer(event({**PRE, "permission_mode": mode}), decided("require_approval"), PRE["tool_input"])
        assert output(alone)["permissionDecision"] == "deny"


def test_terminate_denies_and_stops() -> None:
    made = answer(event(PRE), decided("terminate"), PRE["tool_input"])
    assert made.body["continue"] is False
    assert "r-terminate" in made.body["stopReason"]
    assert output(made)["permissionDecision"] == "deny"


def test_changed_arguments_are_whole_and_shown_unless_granted() -> None:
    changed = {"command": "ls -l", "description": "d"}
    asked = answer(event(PRE), Decision("allow", rules=(rule("modify"),)), changed)
    assert (output(asked)["permissionDecision"], output(asked)["updatedInput"]) == ("ask", changed)
    assert "r-modify" in output(asked)["permissionDecisionReason"]
    granted = answer(event(PRE), decided("allow"), changed)
    assert (output(granted)["permissionDecision"], output(granted)["updatedInput"]) == ("allow", changed)


def test_a_question_about_changed_arguments_carries_them() -> None:
    changed = {"command": "ls -l", "description": "d"}
    asked = answer(event(PRE), decided("require_approval"), changed)
    assert output(asked)["updatedInput"] == changed


def test_results_pass_are_replaced_or_withheld() -> None:
    assert answer(event(POST), decided("allow", by_rule=False), RESULT).body == {}
    cleaned = {**RESULT, "stdout": "[REDACTED:email]"}
    assert output(answer(event(POST), decided("allow", by_rule=False), cleaned))["updatedToolOutput"] == cleaned
    for verdict in ("deny", "require_approval"):
        refused = answer(event(POST), decided(verdict), RESULT)
        assert refused.body["decision"] == "block"
        assert "hello" not in json.dumps(refused.body)
        assert set(output(refused)["updatedToolOutput"]) == set(RESULT)
    ended = answer(event(POST), decided("terminate"), RESULT)
    assert ended.body["continue"] is False
    assert "hello" not in json.dumps(ended.body)


def test_prompts_are_blocked_when_refused_or_not_changeable() -> None:
    assert answer(event(PROMPT), decided("allow", by_rule=False), "go").body == {}
    assert answer(event(PROMPT), decided("deny"), "go").body["decision"] == "block"
    ended = answer(event(PROMPT), decided("terminate"), "go").body
    assert (ended["continue"], ended["decision"]) == (False, "block")
    decision = Decision("allow", rules=(rule("redact"),), redactions=(Redaction("text", "email", 1),))
    unchangeable = answer(event(PROMPT), decision, "[REDACTED:email]").body
    assert unchangeable["decision"] == "block"
    assert "email" in unchangeable["reason"]
    assert "`r-redact` (f.yaml:3)" in unchangeable["reason"]


def test_withholding_keeps_the_shape_and_nothing_else() -> None:
    value = {"a": ["secret", 7, True, None, {"b": "other"}], "c": 1.5}
    assert withhold(value, "no") == {"a": ["[withheld: no]", 0, True, None, {"b": ""}], "c": 0}
    deep: Any = "secret"
    for _ in range(500):
        deep = [deep]
    assert "secret" not in json.dumps(withhold(deep, "no"))


def test_failures_refuse_in_every_event() -> None:
    unknown = failure(None, "x")
    assert (output(unknown)["permissionDecision"], unknown.code) == ("deny", 2)
    assert output(failure(event(PRE), "x"))["permissionDecision"] == "deny"
    assert failure(event(PRE), "x").code == 2
    prompt = failure(event(PROMPT), "x")
    assert (prompt.body["decision"], prompt.code) == ("block", 2)
    result = failure(event(POST), "x")
    assert (result.body["decision"], result.code) == ("block", 0)
    assert "hello" not in json.dumps(result.body)
    assert "x" in result.problem


def test_values_that_only_look_equal_are_changes() -> None:
    payload = event({**PRE, "tool_input": {"deep": 1}})
    made = answer(payload, Decision("allow", rules=(rule("modify"),)), {"deep": True})
    assert output(made)["updatedInput"] == {"deep": True}
    assert written({"limit": Decimal("0.5")}) == b'{"limit":0.5}'
