"""The packs that come with Referee, as they are loaded.

Rule 1: a pack is written in ``packs/*.yaml``. ``make packs`` checks it and writes ``packs/*.jsonl``, which loads quickly;
``tests/scanners/test_packs.py`` compares the two.
Rule 2: examples and references stay in the YAML: nobody needs them to find anything.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from referee.model.packs import Pack, Pattern

FOLDER: Final = Path(__file__).parent / "packs"


class _Head(msgspec.Struct):
    scanner: str


@cache
def packs() -> tuple[Pack, ...]:
    """Load all packs, in the order of their names."""
    return tuple(_load(path) for path in sorted(FOLDER.glob("*.jsonl")))


def _load(path: Path) -> Pack:
    head, _, rest = path.read_bytes().partition(b"\n")
    patterns = msgspec.json.Decoder(Pattern).decode_lines(rest)
    return Pack(name=path.stem, scanner=msgspec.json.decode(head, type=_Head).scanner, patterns=tuple(patterns))


def quick(pack: Pack) -> bytes:
    """Write a pack in the form that loads quickly: a line for its scanner, and one a pattern."""
    lines: list[_Head | Pattern] = [_Head(pack.scanner)]
    lines += (
        msgspec.structs.replace(pattern, examples=(), counterexamples=(), references=()) for pattern in pack.patterns
    )
    return msgspec.json.Encoder().encode_lines(lines)
