"""What people see: the only room that knows colours.

Rule 1: a colour repeats what a word says; without it nothing is lost.
Rule 2: colours are for terminals, unless ``NO_COLOR`` is set.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Final

import click
import msgspec

from referee.model.decision import Decision

_COLOURS: Final = {
    "allow": "green", "require_approval": "yellow", "deny": "red", "terminate": "magenta",
    "modify": "cyan", "redact": "cyan", "alert": "yellow", "log": "blue", "label": "blue",
    "error": "red", "warning": "yellow", "observe": "blue", "off": "blue",
}  # fmt: skip
PAST: Final = {"allow": "allowed", "require_approval": "needs approval", "deny": "denied", "terminate": "terminated"}


def has_colours(*, err: bool = False) -> bool:
    """Tell whether what is printed, or told as an error, goes to somebody who sees colours."""
    return (
        (sys.stderr if err else sys.stdout).isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )


def paint(text: str, word: str, *, err: bool = False) -> str:
    """Colour a text as its word is coloured."""
    return click.style(text, fg=_COLOURS.get(word), bold=True) if has_colours(err=err) else text


def bold(text: str) -> str:
    """Make a text stand out."""
    return click.style(text, bold=True) if has_colours() else text


def dim(text: str) -> str:
    """Make a text step back."""
    return click.style(text, dim=True) if has_colours() else text


def print_json(value: Any) -> None:
    """Print a value as JSON for programs."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def verdict(decision: Decision) -> str:
    """Say the verdict in a word of fixed width."""
    return paint(f"{PAST[decision.decision]:<14}", decision.decision)


def lines(decision: Decision) -> list[str]:
    """Say everything a person wants to know about a decision, a line each."""
    said = [f"{verdict(decision).rstrip()}: {decision.reason}"]
    if decision.approvers:
        said.append(f"  approvers: {', '.join(decision.approvers)}")
    said += [f"  changed: {change.op} args.{'.'.join(map(str, change.path))}" for change in decision.modifications]
    said += [f"  removed: {r.count} {r.kind} at {r.path}" for r in decision.redactions]
    said += [f"  alert: `{r.id}` ({r.source}): {r.message or r.name}" for r in decision.rules if r.action == "alert"]
    said += [f"  could not be decided: `{error.id}` ({error.source}): {error.why}" for error in decision.errors]
    said += [f"  would have: {rule.action} by `{rule.id}` ({rule.source})" for rule in decision.would_have]
    return said
