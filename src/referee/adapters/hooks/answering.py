"""From the bytes a host wrote to the bytes it reads: the one way through, in this process or in another that waits for work.

Rule 1: ``answer`` never raises. Whatever goes wrong, what comes back refuses in the host's own protocol.
Rule 2: an event or a payload that is not recognised is refused; only events known to need no decision pass without one.
Rule 3: after a failure nothing goes through: calls and prompts are refused, results withheld where the host allows that.
"""

from __future__ import annotations

from typing import Final

import msgspec

from referee.adapters.hooks import claude_code, cline, codex, copilot, cursor, gemini, opencode, windsurf
from referee.adapters.hooks.deciding import decide
from referee.adapters.hooks.moments import RESULT, Said, last_word, moment, refusal
from referee.adapters.hooks.options import BadOptions, Options
from referee.adapters.hooks.protocol import Answer, BadPayload, Event, Host, Ruling, load, written
from referee.enforce.compiled import Programs
from referee.errors import RefereeError

HOSTS: Final[dict[str, Host]] = {
    page.HOST.name: page.HOST for page in (claude_code, codex, gemini, copilot, cursor, windsurf, cline, opencode)
}
_LONGEST: Final = 500


class Late(BaseException):
    """The deadline is over. Not an ``Exception``: nobody on the way may take it for a failure of his own."""


def answer(host: str, payload: bytes, options: Options, programs: Programs) -> Said:
    """Answer one payload of a host: standard output, standard error, exit code.

    ``programs`` keeps compiled policies; a process that stays alive keeps them in memory.
    """
    event: Event | None = None
    try:
        spoken = HOSTS[host]
        event = recognise(spoken, payload, options)
        if not event.decided:
            return _printed(spoken.say(event, Ruling("nothing")))
        if options.problem:
            return refused(host, options, options.problem, event)
        return _printed(decide(spoken, event, options, programs))
    except BaseException as problem:  # noqa: BLE001 - rule 1
        return refused(host, options, _said(problem, options), event)


def recognise(host: Host, payload: bytes, options: Options) -> Event:
    """Read a payload as an event of a host.

    Raises:
        BadPayload: it is none, or of another event than the settings say.
    """
    fields = load(payload)
    named = next((fields[key] for key in host.event if key in fields), None)
    name = options.event if named is None else named
    about = moment(host.name, name) if isinstance(name, str) else None
    if about is None:
        keys = " or ".join(f"`{key}`" for key in host.event)
        raise BadPayload(f"{keys} is missing or names an event that this version does not know")
    assert isinstance(name, str)
    if named is not None and options.event and moment(host.name, options.event) != about:
        raise BadPayload("the payload is of another event than the settings of the agent say")
    event = host.read(name, about, fields)
    return msgspec.structs.replace(event, attended=options.attended)


def refused(host: str, options: Options, problem: str, event: Event | None = None) -> Said:
    """Refuse because something broke here; ``event`` is ``None`` when not even that could be read."""
    reason = f"Referee could not decide, so it refuses: {problem}"
    if event is None:
        return last_word(host, options.event or "", reason)
    try:
        instead = HOSTS[host].withhold(event, reason) if event.about == RESULT else None
        body, code = refusal(host, event.name, event.about, reason, instead)
        return _printed(Answer(body or {}, reason, code))
    except Exception:  # noqa: BLE001 - rule 1
        return last_word(host, event.name, reason)


def _printed(said: Answer) -> Said:
    out = written(said.body) + b"\n" if said.body else b""
    return out, said.problem.encode() + b"\n" if said.problem else b"", said.code


def _said(problem: BaseException, options: Options) -> str:
    """Say what went wrong in one line, without a value of the request."""
    if isinstance(problem, Late):
        return f"no decision within {options.deadline:g} seconds"
    if isinstance(problem, (BadPayload, BadOptions, RefereeError)):
        return " ".join(str(problem).split())[:_LONGEST]
    return f"internal failure ({type(problem).__name__})"
