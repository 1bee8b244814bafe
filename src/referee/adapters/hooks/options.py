"""What the settings of an agent say to its hook.

Rule 1: standard library alone, so that a quick client can read and pass them on.
Rule 2: options that are wrong are a ``problem``, and a problem is a refusal of whatever comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

DEADLINE: Final = 20.0
"""Seconds until a refusal, less than what the hosts are told to wait."""

_LONGEST: Final = 3600.0


class BadOptions(Exception):  # noqa: N818 - what came in is bad, nothing broke
    """The command in the agent's settings is not one."""


class Options(NamedTuple):
    """The policies as layers, where to remember, which event it is (unless the payload says), whether somebody sits there.

    ``environment`` is that of the hook, also where another process decides; ``until`` is when that is too late there, by
    the clock that never goes back.
    """

    policies: tuple[str, ...] = ()
    state: str | None = None
    event: str | None = None
    attended: bool = False
    deadline: float = DEADLINE
    environment: Mapping[str, str] = {}
    problem: str = ""
    until: float | None = None


def options(arguments: Sequence[str], environment: Mapping[str, str]) -> Options:
    """Read the arguments of a hook; never raises.

    >>> options(["--policy", "a.yaml", "--state=s.json"], {})[:2]
    (('a.yaml',), 's.json')
    >>> options(["--polcy", "a.yaml"], {}).problem
    'the hook knows `--policy`, `--state`, `--event`, `--deadline` and `--attended` only'
    """
    try:
        return _options(arguments, environment)
    except BadOptions as problem:
        return Options(environment=environment, event=_event(arguments), problem=str(problem))


def _options(arguments: Sequence[str], environment: Mapping[str, str]) -> Options:
    found: dict[str, list[str]] = {"--policy": [], "--state": [], "--event": [], "--deadline": []}
    attended = False
    words = iter(arguments)
    for word in words:
        if word == "--attended":
            attended = True
            continue
        name, equals, value = word.partition("=")
        if name not in found:
            raise BadOptions("the hook knows `--policy`, `--state`, `--event`, `--deadline` and `--attended` only")
        given = value if equals else next(words, "")
        if not given:
            raise BadOptions(f"`{name}` needs a value")
        found[name].append(given)
    if not found["--policy"]:
        raise BadOptions("no policy is named (`--policy`)")
    last = {name: values[-1] if values else None for name, values in found.items()}
    deadline = _seconds(last["--deadline"])
    return Options(tuple(found["--policy"]), last["--state"], last["--event"], attended, deadline, environment)


def _seconds(given: str | None) -> float:
    try:
        seconds = DEADLINE if given is None else float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST:
        raise BadOptions(f"`--deadline` needs a number of seconds up to {_LONGEST:.0f}")
    return seconds


def _event(arguments: Sequence[str]) -> str | None:
    """Find the event among arguments that are wrong elsewhere: a refusal has to be in its form."""
    pairs = zip(arguments, (*arguments[1:], ""), strict=True)
    found = [value for word, value in pairs if word == "--event" and value]
    return found[-1] if found else next((w[8:] for w in arguments if w.startswith("--event=")), None)
