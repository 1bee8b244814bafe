"""Reading sets of labelled rows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

Row = dict[str, Any]

_LEFT_OUT: Final = ("ambiguous", "weak")


def read(path: Path) -> Iterator[Row]:
    """Read the rows of a set that count."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row: Row = json.loads(line)
            if not any(map(row.get, _LEFT_OUT)):
                yield row


def sets(folder: Path, only: str | None = None) -> Iterator[tuple[str, Path]]:
    """List the sets of a topic by name."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        if not only or only in name:
            yield name, path
