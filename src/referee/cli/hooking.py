"""What a coding agent's hook does in its own process: take a payload in, have it answered, print the answer.

Rule 1: an answer is always printed, within the deadline; whatever goes wrong, it is a refusal.
Rule 2: all of the payload is taken in, also what is too much of it: an agent that cannot finish writing may go on.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import BinaryIO, Final

from referee.adapters.hooks.answering import Late, answer, refused
from referee.adapters.hooks.calling import cache_folder, this_process
from referee.adapters.hooks.calling import given as options_of
from referee.adapters.hooks.moments import Said
from referee.adapters.hooks.options import Options
from referee.adapters.hooks.protocol import MAX_PAYLOAD
from referee.enforce.compiled import Programs

_CHUNK: Final = 1 << 20
_GRACE: Final = 5.0


def serve(host: str, arguments: Sequence[str]) -> int:
    """Answer the payload on standard input, and say how to exit."""
    out, err, code = respond(host, options(host, arguments), sys.stdin.buffer)
    try:
        sys.stdout.buffer.write(out)
        sys.stdout.flush()
    except Exception:  # noqa: BLE001 - rule 1: an answer that nobody hears is a refusal by its exit
        err, code = b"Referee could not answer, so it refuses\n", 2
    with suppress(Exception):
        sys.stderr.buffer.write(err)
        sys.stderr.flush()
    return code


def options(host: str, arguments: Sequence[str]) -> Options:
    """Read the arguments of the hook, with whole paths and what a decision may look at."""
    return options_of(this_process([host, *arguments]))


def respond(host: str, given: Options, source: BinaryIO) -> Said:
    """Answer one payload; never raises."""
    try:
        with _deadline(given.deadline):
            return answer(host, _all_of(source), given, Programs(cache_folder(given.environment)))
    except Late:
        return refused(host, given, f"no decision within {given.deadline:g} seconds")
    except BaseException as problem:  # noqa: BLE001 - rule 1
        return refused(host, given, f"internal failure ({type(problem).__name__})")


def _all_of(source: BinaryIO) -> bytes:
    """Read everything, and keep as much of it as shows that it is too large."""
    data = source.read(MAX_PAYLOAD + 1)
    if len(data) > MAX_PAYLOAD:
        while source.read(_CHUNK):
            pass
    return data


def _late(_number: int, _frame: FrameType | None) -> None:
    raise Late


@contextmanager
def _deadline(seconds: float) -> Generator[None]:
    """Raise ``Late`` when time is over; what does not even hear that is ended by the system some seconds later."""
    before = signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_PROF, seconds + _GRACE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGALRM, before)
