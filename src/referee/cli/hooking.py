"""What a coding agent's hook does: read a payload, have it decided, print the answer.

Rule 1: an answer is always printed, within the deadline; whatever goes wrong, it is a refusal.
Rule 2: the policy and the state are looked at only for events that need a decision.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import BinaryIO, Final

import msgspec

from referee.adapters.hooks.claude_code import MAX_PAYLOAD, Answer, BadPayload, Event, failure, read, written
from referee.errors import RefereeError

DEADLINE: Final = 20
_LONGEST: Final = 500


class Options(msgspec.Struct, frozen=True):
    """What the settings of the agent say: the policies as layers, and where to remember."""

    policies: tuple[str, ...]
    state: str | None = None


class BadOptions(Exception):  # noqa: N818 - what came in is bad, nothing broke
    """The command in the agent's settings is not one."""


class Late(BaseException):
    """The deadline is over. Not an ``Exception``: nobody on the way may take it for a failure of his own."""


def options(arguments: list[str]) -> Options:
    """Read the arguments of the hook.

    Raises:
        BadOptions: an argument is unknown, a value is missing, or no policy is named.

    >>> options(["--policy", "a.yaml", "--state=s.json"])
    Options(policies=('a.yaml',), state='s.json')
    """
    found: dict[str, list[str]] = {"--policy": [], "--state": []}
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if name not in found:
            raise BadOptions("the hook knows `--policy` and `--state` only")
        given = value if equals else next(words, "")
        if not given:
            raise BadOptions(f"`{name}` needs a value")
        found[name].append(given)
    if not found["--policy"]:
        raise BadOptions("no policy is named (`--policy`)")
    return Options(tuple(found["--policy"]), found["--state"][-1] if found["--state"] else None)


def serve(arguments: list[str]) -> int:
    """Answer the payload on standard input, and say how to exit."""
    answer = respond(arguments, sys.stdin.buffer, os.environ)
    try:
        if answer.body:
            sys.stdout.buffer.write(written(answer.body) + b"\n")
        sys.stdout.flush()
    except Exception:  # noqa: BLE001 - rule 1: an answer that nobody hears is a refusal by its exit
        return 2
    if answer.problem:
        with suppress(Exception):
            sys.stderr.write(answer.problem + "\n")
    return answer.code


def respond(arguments: list[str], source: BinaryIO, environment: Mapping[str, str]) -> Answer:
    """Answer one payload; never raises."""
    event: Event | None = None
    try:
        with _deadline():
            event = read(source.read(MAX_PAYLOAD + 1))
            return _decided(event, options(arguments), environment) if event.decided else Answer()
    except BaseException as problem:  # noqa: BLE001 - rule 1
        return failure(event, _said(problem))


def _decided(event: Event, given: Options, environment: Mapping[str, str]) -> Answer:
    from referee.adapters.hooks.deciding import decide  # start-up time: events without a decision need none of it

    return decide(event, [Path(path) for path in given.policies], state_path(given.state, environment), environment)


def state_path(given: str | None, environment: Mapping[str, str]) -> Path:
    """Say where to remember: as told, in the project, or in the user's own folder.

    >>> str(state_path(None, {"CLAUDE_PROJECT_DIR": "/p"}))
    '/p/.referee/claude-code.json'
    """
    if given is not None:
        return Path(given)
    project = environment.get("CLAUDE_PROJECT_DIR")
    if project:
        return Path(project) / ".referee" / "claude-code.json"
    home = environment.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "referee" / "claude-code.json"


def _said(problem: BaseException) -> str:
    """Say what went wrong in one line, without a value of the request."""
    if isinstance(problem, Late):
        return f"no decision within {DEADLINE} seconds"
    if isinstance(problem, (BadPayload, BadOptions, RefereeError)):
        return " ".join(str(problem).split())[:_LONGEST]
    return f"internal failure ({type(problem).__name__})"


def _late(_number: int, _frame: FrameType | None) -> None:
    raise Late


@contextmanager
def _deadline() -> Generator[None]:
    before = signal.signal(signal.SIGALRM, _late)
    signal.alarm(DEADLINE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
