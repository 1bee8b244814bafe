"""What a hook remembers of labelled values from one process to the next: a file a session, beside what else is remembered.

Rule 1: a file is written whole under a name of its own before anything refers to it; its name tells its content.
Rule 2: a file that is gone or not as it was written is an error, never an empty memory.
Rule 3: of a session in which nobody has kept anything from the beginning, nothing is known.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from referee.adapters.hooks.memory import Memory, Seen, write_whole
from referee.errors import StateError
from referee.model.programs import Asked

if TYPE_CHECKING:
    from referee.enforce.marks import Marks

MAX_BYTES = 64 << 20


def marks_of(memory: Memory, seen: Seen, asked: Asked, *, new: bool) -> Marks | None:
    """Find what is remembered of a session's labelled values; ``None`` if the policy asks for none.

    Raises:
        StateError: it cannot be read.
    """
    if not (asked.whole or asked.pieces):
        return None
    from referee.enforce.marks import Marks  # start-up time: only policies about values need them
    from referee.state.prints import keyed  # as above

    hasher = keyed(bytes.fromhex(memory.key))
    if not seen.marks:
        if new:
            seen.marks = ""
        return Marks(asked, hasher, complete=seen.marks is not None)
    path = _folder(memory) / seen.marks
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES)
        marks = Marks.load(data if _named(data) == seen.marks.rpartition("-")[2] else b"", hasher)
    except (OSError, ValueError):
        raise StateError(f"what was remembered of labelled values in `{path}` cannot be read") from None
    marks.follow(asked)
    return marks


def keep(memory: Memory, session: str, seen: Seen, marks: Marks) -> None:
    """Write down what has changed.

    Raises:
        StateError: it cannot be written.
    """
    if not marks.changes:
        return
    data = marks.dump()
    folder = _folder(memory)
    who = hashlib.blake2b(session.encode("utf-8", "replace"), key=bytes.fromhex(memory.key), digest_size=8).hexdigest()
    name = f"{who}-{_named(data)}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        raise StateError(f"`{folder}` cannot be used") from None
    write_whole(folder / name, data)
    seen.marks = name
    memory.tidy = True


def _folder(memory: Memory) -> Path:
    if memory.path is None:
        raise StateError("there is no place where labelled values are remembered")
    return memory.path.with_name(f"{memory.path.name}.marks")


def _named(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
