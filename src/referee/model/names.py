"""The words of the language that are closed sets, in one place.

Rule 1: order is meaning. ``VERDICTS`` and ``SEVERITIES`` go from the mildest to the strictest.
"""

from __future__ import annotations

from typing import Final, Literal

Kind = Literal["tool_call", "http_request", "model_call", "message"]
Phase = Literal["pre", "mid", "post"]
Verdict = Literal["allow", "require_approval", "deny", "terminate"]
Severity = Literal["low", "medium", "high", "critical"]
Action = Literal["allow", "require_approval", "deny", "terminate", "modify", "redact", "alert", "log", "label"]
Mode = Literal["enforce", "observe", "off"]
OnError = Literal["deny", "require_approval"]
Style = Literal["placeholder", "mask", "last_four", "hash", "pseudonym", "remove"]

KINDS: Final[tuple[Kind, ...]] = ("tool_call", "http_request", "model_call", "message")
PHASES: Final[tuple[Phase, ...]] = ("pre", "mid", "post")
VERDICTS: Final[tuple[Verdict, ...]] = ("allow", "require_approval", "deny", "terminate")
SEVERITIES: Final[tuple[Severity, ...]] = ("low", "medium", "high", "critical")
ACTIONS: Final[tuple[Action, ...]] = (*VERDICTS, "modify", "redact", "alert", "log", "label")
MODES: Final[tuple[Mode, ...]] = ("enforce", "observe", "off")
STYLES: Final[tuple[Style, ...]] = ("placeholder", "mask", "last_four", "hash", "pseudonym", "remove")

ACTION_ALIASES: Final[dict[str, Action]] = {"block": "deny", "escalate": "require_approval", "endorse": "label"}

STRICTNESS: Final[dict[str, int]] = {verdict: position for position, verdict in enumerate(VERDICTS)}
SEVERITY_RANK: Final[dict[str | None, int]] = {
    None: -1,
    **{severity: position for position, severity in enumerate(SEVERITIES)},
}

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

SCOPES: Final = ("agents", "tags", "teams", "roles", "users", "owners", "environments")

SHAPES: Final = ("value", "address", "link", "account", "number", "id", "text")
"""By what a piece of a labelled value is recognised."""

COUNTERS: Final[dict[str, bool]] = {
    "cost_in_run": False,
    "cost_this_hour": True,
    "cost_today": True,
    "cost_this_month": True,
    "tool_calls_in_run": False,
    "calls_last_minute": False,
    "denials_in_run": False,
    "seconds_in_run": False,
    "repeated_calls": False,
}
"""The built-in counters, and whether they follow the calendar of a time zone."""
