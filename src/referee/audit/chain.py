"""The chain of records: every line carries the hash of itself and of all before it.

Rule 1: the hash covers the bytes that are stored, not a re-written form of them.
Rule 2: whoever changes, removes, inserts or reorders a line breaks the chain from there on. Cutting off the end does
not show in the file alone; keep the last hash elsewhere (``Head``) to see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

import msgspec

START: Final = "0" * 64
_EMPTY: Final = sha256()
"""What every hash begins as: to copy it is quicker than to make it."""
_TAIL: Final = b',"hash":"'
_END: Final = b'"}\n'
_TAIL_LENGTH: Final = len(_TAIL) + 64 + len(b'"}')


class Head(msgspec.Struct, frozen=True):
    """Where a chain stands: how many records it has and the hash of the last."""

    count: int = 0
    hash: str = START


class Flaw(msgspec.Struct, frozen=True):
    """The first line of a journal that does not hold, and why."""

    line: int
    why: str


def link(previous: str, body: bytes, pieces: list[bytes]) -> str:
    r"""Put the line of a record, given as a JSON object, behind others, in pieces; tell its hash.

    >>> pieces = []
    >>> digest = link(START, b'{"a":1}', pieces)
    >>> line = b"".join(pieces)
    >>> line[:8], line.endswith(digest.encode() + b'"}\n'), len(digest)
    (b'{"a":1,"', True, 64)
    """
    hashed = _EMPTY.copy()
    hashed.update(previous.encode() + body)
    digest = hashed.hexdigest()
    pieces += (body[:-1], _TAIL, digest.encode(), _END)
    return digest


def unlink(line: bytes) -> tuple[bytes, str] | None:
    """Take a line apart into the record and its hash; ``None`` if it is not one.

    >>> unlink(b'{"a":1,"hash":"' + b"0" * 64 + b'"}')[0]
    b'{"a":1}'
    """
    cut = len(line) - _TAIL_LENGTH
    if cut < 1 or line[cut : cut + len(_TAIL)] != _TAIL or not line.endswith(b'"}'):
        return None
    try:
        return line[:cut] + b"}", line[cut + len(_TAIL) : -2].decode("ascii")
    except UnicodeDecodeError:
        return None


def check_lines(lines: Iterable[bytes], head: Head | None = None) -> Head | Flaw:
    """Walk a chain from its start; tell where it stands or where it breaks.

    With ``head`` it must also reach at least that record with that hash: a shortened chain is a flaw.
    """
    count, previous = 0, START
    met = head is None or head == Head()
    for line in lines:
        count += 1
        parts = unlink(line.rstrip(b"\n") if line.endswith(b"\n") else b"")
        if parts is None:
            return Flaw(count, "the line is not a whole record")
        body, digest = parts
        if sha256(previous.encode() + body).hexdigest() != digest:
            return Flaw(count, "the record does not follow the one before it")
        previous = digest
        met = met or (head is not None and head.count == count and head.hash == digest)
    return Head(count, previous) if met else Flaw(count + 1, "records that were here are missing")
