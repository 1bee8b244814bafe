"""The program ``referee``: runs a command and turns every failure into an exit code.

Rule 1: a hook that fails in any way, while starting too, refuses explicitly in its agent's protocol.
Rule 2: no failure prints a traceback unless ``REFEREE_TRACEBACK`` is set; its text never holds a request's values.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import NoReturn

from referee.cli.exits import Exit

_BROKEN = "Referee could not start, so it refuses"
_HOOKS = ("claude-code", "codex", "gemini", "copilot", "cursor", "windsurf", "cline", "opencode")


def run() -> NoReturn:
    """Run the command that the program's arguments name, and exit."""
    unheard = not _are_open("stdout", "stderr")
    arguments = sys.argv[1:]
    decides = arguments[:1] == ["hook"] and arguments[1:2] and arguments[1] in _HOOKS and "--help" not in arguments
    code = _hook(arguments[1], arguments[2:]) if decides else _command()
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = Exit.USAGE if decides else code
    sys.exit(Exit.USAGE if decides and unheard else code)


def _are_open(*names: str) -> bool:
    """Tell whether all streams are there; one that its starter closed is replaced, so that writing never fails."""
    closed = [name for name in names if getattr(sys, name) is None]
    for name in closed:
        setattr(sys, name, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    return not closed


def _hook(host: str, arguments: list[str]) -> int:
    try:
        from referee.cli.hooking import serve  # rule 1: a failure to import is one of the hook's

        return serve(host, arguments)
    except BaseException:  # noqa: BLE001 - whatever it is, the answer is no
        return _last_word(host, arguments)


def _last_word(host: str, arguments: list[str]) -> int:
    code: int = Exit.USAGE
    with suppress(BaseException):
        from referee.adapters.hooks.moments import (
            last_word,
        )  # the last thing that may work, of the standard library alone

        event = arguments[arguments.index("--event") + 1] if "--event" in arguments[:-1] else ""
        out, err, code = last_word(host, event, _BROKEN)
        sys.stderr.write(err.decode())
        sys.stdout.write(out.decode())
    return code


def _command() -> int:
    from referee.cli.app import call  # start-up time: a hook needs no command line

    return call()


if __name__ == "__main__":
    run()
