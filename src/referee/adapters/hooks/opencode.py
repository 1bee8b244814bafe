"""What the plugin in opencode and this program say to each other. The form is ours; the plugin is made by ``install``.

Rule 1: every answer names its ``effect``. The plugin throws at anything else, and opencode takes that for a refusal.
Rule 2: opencode asks by its own permissions only, so an approval is a refusal.
"""

from __future__ import annotations

from typing import Any, Final

from referee.adapters.hooks.moments import CALL, RESULT
from referee.adapters.hooks.protocol import Answer, Event, Host, Ruling, mapping, needed, present, text


def read(name: str, about: str, payload: dict[str, Any]) -> Event:
    """Read a payload.

    Raises:
        BadPayload: it lacks what its event must have.
    """
    return Event(
        name=name,
        about=about,
        session=needed(payload, "sessionID"),
        cwd=text(payload, "directory"),
        workspace=text(payload, "worktree"),
        tool=needed(payload, "tool"),
        args=mapping(payload, "args"),
        call=text(payload, "callID"),
        result=present(payload, "output") if about == RESULT else None,
    )


def say(event: Event, ruling: Ruling) -> Answer:
    """Say a ruling in the form of the plugin."""
    match ruling.word:
        case "nothing" | "grant":
            return Answer({"effect": "allow"})
        case "change":
            return Answer({"effect": "change", ("args" if event.about == CALL else "output"): ruling.value})
        case _:
            return Answer({"effect": "deny", "reason": ruling.reason})


HOST: Final = Host(name="opencode", event=("hook",), read=read, say=say, takes=lambda _event: True)
