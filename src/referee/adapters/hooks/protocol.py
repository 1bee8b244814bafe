"""What all hook protocols have in common: an event read from a payload, a word about it, an answer.

Rule 1: a host is a page: it says how its payloads are read and how its answers are written, and decides nothing.
Rule 2: what is read is checked; what is not understood raises ``BadPayload``, which is a refusal.
Rule 3: an ``allow`` by default is no objection. Only a matched ``allow`` rule answers the agent's own permission question.
Rule 4: what a host cannot carry out, a question or a change, is refused there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import msgspec

from referee.adapters.hooks.moments import CALL, PROMPT, RESULT
from referee.model.decision import Decision

MAX_PAYLOAD: Final = 16_000_000
_JSON: Final = msgspec.json.Encoder(decimal_format="number")
_ADVICE: Final = {
    CALL: "It was not carried out. Do not try to reach the same end another way; tell the user instead.",
    RESULT: "The result is withheld. Do not try to get at it another way; tell the user instead.",
    PROMPT: "The prompt was not sent.",
}

Word = Literal["nothing", "grant", "change", "ask", "deny", "stop"]


class BadPayload(Exception):  # noqa: N818 - what came in is bad, nothing broke
    """What the agent sent is not a payload of its protocol."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One moment in the agent's work. ``name`` is the host's word for it, ``about`` what it is (see ``moments``).

    ``alone``: nobody can be asked; ``attended``: the installation says that somebody sits there. ``dialect`` is the form
    of the payload where a host has several. ``seen_again``: another event of the same call draws from its limits.
    """

    name: str
    about: str
    session: str | None = None
    cwd: str | None = None
    workspace: str | None = None
    mode: str = "default"
    alone: bool = False
    attended: bool = False
    seen_again: bool = False
    dialect: str = ""
    tool: str = ""
    args: dict[str, Any] = {}
    call: str | None = None
    result: Any = None
    prompt: str = ""
    agent: str | None = None

    @property
    def decided(self) -> bool:
        """Whether a policy has a say in this event."""
        return self.about in _ADVICE

    @property
    def asked(self) -> Any:
        """What shall go on: arguments, result or prompt."""
        return {CALL: self.args, RESULT: self.result}.get(self.about, self.prompt)


class Answer(msgspec.Struct, frozen=True):
    """What the hook prints and how it exits: ``body`` on standard output, ``problem`` on standard error."""

    body: dict[str, Any] = {}
    problem: str = ""
    code: int = 0


class Ruling(msgspec.Struct, frozen=True):
    """What a host has to be told: the word, why, and what shall go on (with ``change``, and ``ask`` if it differs).

    ``granted``: a rule allowed it, so that the host need not ask its user.
    """

    word: Word
    reason: str = ""
    value: Any = None
    changed: bool = False
    granted: bool = False


def withhold(result: Any, reason: str) -> Any:
    """Empty a tool's result without changing its shape; the first text says why.

    >>> withhold({"stdout": "secret", "stderr": "", "isImage": False}, "no")
    {'stdout': '[withheld: no]', 'stderr': '', 'isImage': False}
    """
    said = iter((f"[withheld: {reason}]",))

    def emptied(value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return next(said, "") if value else ""
        if depth > 64:
            return None
        if isinstance(value, dict):
            return {key: emptied(member, depth + 1) for key, member in value.items()}
        if isinstance(value, list):
            return [emptied(member, depth + 1) for member in value]
        return value if value is None or isinstance(value, bool) else 0

    return emptied(result, 0)


def withheld(event: Event, reason: str) -> Any:
    """Empty the result of an event in its own shape."""
    return withhold(event.result, reason)


def never(_event: Event) -> bool:
    """Say no."""
    return False


def called(event: Event) -> bool:
    """Say yes to calls and their results."""
    return event.about in (CALL, RESULT)


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """One coding agent.

    ``event`` are the keys of a payload that may name the event. ``takes`` says whether it takes a changed value at an
    event, ``asks`` whether it would really ask its user. ``change_grants``: a changed call counts as permitted there,
    so that one which no rule allowed is refused. ``withhold`` empties a result and says why. ``projects`` name
    environment variables with the folder of the project.
    """

    name: str
    event: tuple[str, ...]
    read: Callable[[str, str, dict[str, Any]], Event]
    say: Callable[[Event, Ruling], Answer]
    takes: Callable[[Event], bool] = never
    asks: Callable[[Event], bool] = never
    change_grants: bool = False
    withhold: Callable[[Event, str], Any] = withheld
    projects: tuple[str, ...] = ()


def load(data: bytes) -> dict[str, Any]:
    """Read a payload as a JSON object.

    Raises:
        BadPayload: it is too large or not a JSON object.
    """
    if len(data) > MAX_PAYLOAD:
        raise BadPayload(f"the payload is larger than {MAX_PAYLOAD // 1_000_000} MB")
    try:
        payload = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise BadPayload("the payload is not valid JSON") from None
    if not isinstance(payload, dict):
        raise BadPayload("the payload is not a JSON object")
    return payload


def text(payload: Mapping[str, Any], key: str, *, required: bool = False, empty: bool = False) -> str | None:
    """Read a text, which may be absent unless it is required, and empty if that is said.

    Raises:
        BadPayload: it is required and absent, or something else.
    """
    value = payload.get(key)
    if value is None and not required:
        return None
    if not isinstance(value, str) or not (value or empty):
        raise BadPayload(f"`{key}` is missing or not text")
    return value


def needed(payload: Mapping[str, Any], key: str, *, empty: bool = False) -> str:
    """Read a text that has to be there.

    Raises:
        BadPayload: it is not.
    """
    return text(payload, key, required=True, empty=empty) or ""


def mapping(payload: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Read an object that has to be there.

    Raises:
        BadPayload: it is not.
    """
    value = payload.get(key)
    if not isinstance(value, dict):
        raise BadPayload(f"`{key}` is not an object")
    return value


def arguments(payload: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Read an object that has to be there and may be written as a text of JSON; ``null`` says that there are none.

    Raises:
        BadPayload: it is not.
    """
    value = present(payload, key)
    if value is None:
        return {}
    return load(value.encode("utf-8", "replace")) if isinstance(value, str) else mapping(payload, key)


def present(payload: Mapping[str, Any], key: str) -> Any:
    """Read a value of any kind that has to be there.

    Raises:
        BadPayload: it is not.
    """
    if key not in payload:
        raise BadPayload(f"`{key}` is missing")
    return payload[key]


def rule_on(host: Host, event: Event, decision: Decision, value: Any) -> Ruling:
    """Say in a word what was decided, as far as the host can carry it out. ``value`` is what shall go on after all effects."""
    if decision.decision in ("terminate", "deny"):
        return Ruling("stop" if decision.decision == "terminate" else "deny", tell(event, decision))
    changed = _differ(value, event.asked)
    if decision.decision == "require_approval":
        return _question(host, event, decision, Ruling("ask", "", value, changed=changed))
    granted = bool(decision.deciding)
    if changed:
        if not host.takes(event) or (event.about == CALL and host.change_grants and not granted):
            return Ruling("deny", _unchangeable(host, event, decision))
        return Ruling("change", _changed(event, decision), value, changed=True, granted=granted)
    return Ruling("grant", f"Referee: {decision.reason}", granted=True) if granted else Ruling("nothing")


def _question(host: Host, event: Event, decision: Decision, ruling: Ruling) -> Ruling:
    if event.about != CALL:
        return Ruling("deny", tell(event, decision))
    if event.alone or not host.asks(event):
        where = f"in mode `{event.mode}`" if event.alone else f"by a hook of {host.name}"
        return Ruling("deny", f"{tell(event, decision)} (nobody can be asked {where})")
    if ruling.changed and (not host.takes(event) or host.change_grants):
        return Ruling("deny", _unchangeable(host, event, decision))
    who = f" (approvers: {', '.join(decision.approvers)})" if decision.approvers else ""
    return msgspec.structs.replace(ruling, reason=f"Referee: {decision.reason}{who}")


def tell(event: Event, decision: Decision) -> str:
    """Say why it may not be, and what not to do about it."""
    return f"Referee: {decision.reason.rstrip('.')}. {_ADVICE[event.about]}"


def _unchangeable(host: Host, event: Event, decision: Decision) -> str:
    kinds = ", ".join(sorted({redaction.kind for redaction in decision.redactions})) or "values"
    rules = _changers(decision) or "the policy"
    match event.about:
        case "call":
            what, end = "calls", "a hook cannot change this call. Leave it out and try again."
        case "result":
            what, end = "results", "a hook cannot change this result, so it is withheld."
        case _:
            what, end = "prompts", "a hook cannot change a prompt. Take it out and send the prompt again."
    return f"Referee: {rules} removes or changes {kinds} in {what}, and in {host.name} {end}"


def _changed(event: Event, decision: Decision) -> str:
    what = {CALL: "arguments were", RESULT: "result was"}.get(event.about, "prompt was")
    return f"Referee: the {what} changed by {_changers(decision) or 'the policy'}"


def _changers(decision: Decision) -> str:
    return ", ".join(f"`{r.id}` ({r.source})" for r in decision.rules if r.action in ("redact", "modify"))


def _differ(one: Any, other: Any) -> bool:
    """Tell whether two values are different JSON: 1 is neither true nor 1.0."""
    return written(one) != written(other)


def written(value: Any) -> bytes:
    """Write a value as the agent reads it; numbers stay numbers."""
    return _JSON.encode(value)
