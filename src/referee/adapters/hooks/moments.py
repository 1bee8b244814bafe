"""The moments at which coding agents start a hook, and what is said there when nothing else can be said.

Rule 1: standard library alone: this is what is left when the rest cannot be imported, and what a quick client needs.
Rule 2: an event that is not in the table is refused, in the form of a call that is refused.
Rule 3: a last word that refuses is also an exit with 2 wherever the agent takes that for a refusal; where it does not,
the exit is 0, so that what is printed is read.
"""

from __future__ import annotations

import json
from typing import Any, Final

CALL: Final = "call"
"""A tool is about to be called."""

RESULT: Final = "result"
"""A tool has been called; the model has not read the result."""

PROMPT: Final = "prompt"
"""The user's words are about to be sent to the model."""

NOTHING: Final = "nothing"
"""Nothing that a policy has a say in."""

Said = tuple[bytes, bytes, int]
"""Standard output, standard error and the exit code of a hook."""


def _table(calls: str, results: str, prompts: str, others: str) -> dict[str, str]:
    words = ((CALL, calls), (RESULT, results), (PROMPT, prompts), (NOTHING, others))
    return {name: moment for moment, names in words for name in names.split()}


MOMENTS: Final[dict[str, dict[str, str]]] = {
    "claude-code": _table(
        "PreToolUse",
        "PostToolUse",
        "UserPromptSubmit",
        "PostToolUseFailure PostToolBatch Notification UserPromptExpansion SessionStart SessionEnd Stop StopFailure "
        "SubagentStart SubagentStop PreCompact PostCompact PreModelSwitch PostModelSwitch PermissionRequest "
        "PermissionDenied Setup TeammateIdle TaskCreated TaskCompleted Elicitation ElicitationResult ConfigChange "
        "WorktreeCreate WorktreeRemove InstructionsLoaded CwdChanged FileChanged DirectoryAdded MessageDisplay",
    ),
    "codex": _table(
        "PreToolUse",
        "PostToolUse",
        "UserPromptSubmit",
        "SessionStart SessionEnd PermissionRequest PreCompact PostCompact SubagentStart SubagentStop Stop Interrupt",
    ),
    "gemini": _table(
        "BeforeTool",
        "AfterTool",
        "BeforeAgent",
        "SessionStart SessionEnd AfterAgent BeforeModel AfterModel BeforeToolSelection PreCompress Notification",
    ),
    "copilot": _table(
        "preToolUse PreToolUse",
        "postToolUse PostToolUse",
        "userPromptSubmitted UserPromptSubmit",
        "sessionStart sessionEnd permissionRequest postToolUseFailure agentStop subagentStart subagentStop "
        "errorOccurred preCompact notification SessionStart SessionEnd PermissionRequest PostToolUseFailure Stop "
        "SubagentStart SubagentStop PreCompact Notification",
    ),
    "cursor": _table(
        "preToolUse beforeShellExecution beforeMCPExecution beforeReadFile beforeTabFileRead",
        "postToolUse afterMCPExecution",
        "beforeSubmitPrompt",
        "afterShellExecution afterFileEdit afterTabFileEdit afterAgentResponse afterAgentThought postToolUseFailure "
        "subagentStart subagentStop sessionStart sessionEnd preCompact stop workspaceOpen",
    ),
    "windsurf": _table(
        "pre_read_code pre_write_code pre_run_command pre_mcp_tool_use",
        "",
        "pre_user_prompt",
        "post_read_code post_write_code post_run_command post_mcp_tool_use post_cascade_response "
        "post_cascade_response_with_transcript post_setup_worktree",
    ),
    "cline": _table(
        "tool_call PreToolUse",
        "tool_result PostToolUse",
        "prompt_submit UserPromptSubmit",
        "agent_start agent_resume agent_abort agent_end agent_error session_shutdown pre_compact TaskStart TaskResume "
        "TaskCancel TaskComplete TaskError PreCompact SessionShutdown",
    ),
    "opencode": _table("tool.execute.before", "tool.execute.after", "", ""),
}
HOSTS: Final = tuple(MOMENTS)


def moment(host: str, event: str) -> str | None:
    """Say what an event of a host is about; ``None``: nobody knows.

    >>> moment("gemini", "BeforeTool"), moment("gemini", "SessionEnd"), moment("gemini", "AfterTomorrow")
    ('call', 'nothing', None)
    """
    return MOMENTS.get(host, {}).get(event)


def last_word(host: str, event: str, reason: str) -> Said:
    r"""Refuse without any knowledge of the payload. Results are withheld where the host lets a hook do that.

    >>> last_word("windsurf", "pre_run_command", "no")
    (b'', b'no\n', 2)
    """
    about = moment(host, event) or CALL
    body, code = refusal(host, event, about, reason, None)
    printed = b"" if body is None else json.dumps(body).encode() + b"\n"
    return printed, reason.encode() + b"\n", code


def refusal(host: str, event: str, about: str, reason: str, instead: Any) -> tuple[dict[str, Any] | None, int]:
    """Return what a host has to read, and the exit code, so that nothing goes on.

    ``instead`` replaces a result in its own shape; ``None``: nobody knows its shape.
    """
    match host:
        case "gemini":
            return {"decision": "deny", "reason": reason}, 2
        case "copilot":
            return _copilot(event, about, reason, instead)
        case "cursor":
            return _cursor(about, reason, instead)
        case "windsurf":
            return None, 2
        case "cline":
            return {"cancel": True, "errorMessage": reason}, 0
        case "opencode":
            return {"effect": "deny", "reason": reason}, 0
        case _:
            return _claude(host, about, reason, instead)


def _claude(host: str, about: str, reason: str, instead: Any) -> tuple[dict[str, Any], int]:
    if about == PROMPT:
        return {"decision": "block", "reason": reason}, 2
    if about == CALL:
        return {"hookSpecificOutput": permission("deny", reason)}, 2
    said: dict[str, Any] = {"decision": "block", "reason": reason}
    if host == "codex":
        return said, 2
    if instead is None:
        return {"continue": False, "stopReason": reason, **said}, 0
    return {**said, "hookSpecificOutput": {"hookEventName": "PostToolUse", "updatedToolOutput": instead}}, 0


def permission(verdict: str, reason: str) -> dict[str, Any]:
    """Answer the question whether a tool may be called, as Claude Code and those who speak its dialect read it."""
    return {"hookEventName": "PreToolUse", "permissionDecision": verdict, "permissionDecisionReason": reason}


def _copilot(event: str, about: str, reason: str, instead: Any) -> tuple[dict[str, Any], int]:
    if about == PROMPT:
        return {"decision": "block", "reason": reason}, 0
    if event[:1].isupper():
        return _claude("copilot", about, reason, instead)
    if about == CALL:
        said: dict[str, Any] = {"permissionDecision": "deny", "permissionDecisionReason": reason}
        return (said if event else {**said, "hookSpecificOutput": permission("deny", reason)}), 2
    unknown = {"resultType": "failure", "textResultForLlm": f"[withheld: {reason}]"}
    return {"modifiedResult": unknown if instead is None else instead}, 0


def _cursor(about: str, reason: str, instead: Any) -> tuple[dict[str, Any], int]:
    if about == PROMPT:
        return {"continue": False, "user_message": reason}, 2
    if about == CALL:
        return {"permission": "deny", "user_message": reason, "agent_message": reason}, 2
    return {"updated_mcp_tool_output": f"[withheld: {reason}]" if instead is None else instead}, 0
