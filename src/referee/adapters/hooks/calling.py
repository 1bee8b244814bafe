"""One call of a hook with everything that differs between callers: words, payload, folder, environment, time.

Rule 1: nothing of the process that decides counts, only what the caller brought: a daemon decides as the hook itself would.
Rule 2: paths are the caller's; they are made whole before anything looks at them.
"""

from __future__ import annotations

import os
import posix
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from referee.adapters.hooks.answering import answer as answer_host
from referee.adapters.hooks.client import current, surrounding
from referee.adapters.hooks.moments import Said
from referee.adapters.hooks.options import BadOptions, Options, options
from referee.enforce.compiled import Programs
from referee.enforce.policies import home_of

_FOLDERS: Final = ("_DIR", "_HOME")


class Caller(NamedTuple):
    """Who calls: agent and arguments, the folder and the environment, and the moment when it is too late.

    That moment is of the clock that never goes back; ``None``: the caller sees to it.
    """

    words: tuple[str, ...]
    folder: str | None
    environment: Mapping[str, str]
    until: float | None = None


def this_process(words: list[str]) -> Caller:
    """Describe this process as a caller."""
    return Caller(tuple(words), os.fsdecode(current()) or None, strings(surrounding(posix.environ)))


def strings(environment: Mapping[bytes, bytes]) -> dict[str, str]:
    """Read the names and values of an environment."""
    return {os.fsdecode(name): os.fsdecode(value) for name, value in environment.items()}


def answer_here(words: list[str], payload: bytes) -> Said:
    """Answer in this process, which does nothing else."""
    caller = this_process(words)
    return answer(caller, payload, Programs(cache_folder(caller.environment)))


def answer(caller: Caller, payload: bytes, programs: Programs) -> Said:
    """Answer one payload: standard output, standard error, exit code. Never raises."""
    host = caller.words[0] if caller.words else ""
    return answer_host(host, payload, given(caller), programs)


def given(caller: Caller) -> Options:
    """Read a caller's arguments, with whole paths."""
    said = options(caller.words[1:], _places(caller))._replace(until=caller.until)
    try:
        policies = tuple(_whole(caller, path) for path in said.policies)
        return said._replace(policies=policies, state=None if said.state is None else _whole(caller, said.state))
    except BadOptions as problem:
        return said._replace(problem=said.problem or str(problem))


def _places(caller: Caller) -> dict[str, str]:
    """Make the folders whole that an environment names; one that cannot be is left out."""
    return {
        name: value
        if value.startswith("/") or not name.endswith(_FOLDERS)
        else os.path.normpath(f"{caller.folder}/{value}")
        for name, value in caller.environment.items()
        if value.startswith("/") or caller.folder is not None or not name.endswith(_FOLDERS)
    }


def _whole(caller: Caller, path: str) -> str:
    if path.startswith("/"):
        return path
    if caller.folder is None:
        raise BadOptions("the folder that paths are relative to is gone")
    return os.path.normpath(f"{caller.folder}/{path}")


def cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Say where compiled policies are kept; nowhere if the user has no folder.

    >>> str(cache_folder({"XDG_CACHE_HOME": "/c"})), str(cache_folder({"HOME": "/h", "XDG_CACHE_HOME": "c"}))
    ('/c/referee', '/h/.cache/referee')
    """
    told = environment.get("XDG_CACHE_HOME", "")
    if told.startswith("/"):
        return Path(told) / "referee"
    home = home_of(environment)
    return Path(home) / ".cache" / "referee" if home else None
