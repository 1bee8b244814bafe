"""Where policy texts come from: files, folders, texts, mappings.

Rule 1: a file is read once and whole; what is read is what is compiled.
Rule 2: a folder is all its ``.yaml``, ``.yml`` and ``.json`` files at any depth, in the order of their names; hidden ones are left out.
Rule 3: what cannot be read is an error, never an empty policy.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from referee.errors import PolicyError

MAX_BYTES: Final = 10 * 1024 * 1024
_ENDINGS: Final = (".yaml", ".yml", ".json")

Given = str | bytes | os.PathLike[str] | Mapping[str, Any]


class Text(msgspec.Struct, frozen=True):
    """One policy text, where it came from and in which layer it stands."""

    path: str
    text: bytes | str
    layer: int = 0
    mapping: Mapping[str, Any] | None = None


def read_all(given: Sequence[Given]) -> tuple[Text, ...]:
    """Read every source; each is a layer, the first the outermost.

    Raises:
        PolicyError: a source cannot be read, is too large, or is an empty folder.
    """
    if not given:
        raise PolicyError((), "a policy needs at least one source")
    return tuple(text for layer, source in enumerate(given) for text in _read(source, layer))


def _read(source: Given, layer: int) -> list[Text]:
    if isinstance(source, Mapping):
        return [Text("<mapping>" if not layer else f"<mapping {layer + 1}>", _as_json(source), layer, source)]
    if isinstance(source, (bytes, str)) and _is_text(source):
        return [Text("<text>" if not layer else f"<text {layer + 1}>", source, layer)]
    path = Path(os.fsdecode(source))
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in _ENDINGS and not _hidden(file, path))
        if not files:
            raise PolicyError((), f"the folder `{path}` has no policy file")
        return [_file(file, layer) for file in files]
    return [_file(path, layer)]


def _is_text(source: bytes | str) -> bool:
    marks = (b"\n", b": ", b"{") if isinstance(source, bytes) else ("\n", ": ", "{")
    return any(mark in source for mark in marks) or not source.strip()  # type: ignore[operator]  # both or neither are bytes


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _file(path: Path, layer: int) -> Text:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise PolicyError((), f"the policy `{path}` cannot be read ({problem.strerror})") from None
    if len(data) > MAX_BYTES:
        raise PolicyError((), f"the policy `{path}` is larger than {MAX_BYTES >> 20} MB")
    return Text(str(path), data, layer)


def _as_json(mapping: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(mapping)
    except (TypeError, ValueError, RecursionError, OverflowError):
        raise PolicyError((), "the mapping has something in it that a policy file cannot have") from None


def digest_texts(texts: Sequence[Text]) -> str:
    """Name a set of texts with their places and layers."""
    digest = hashlib.sha256()
    for text in texts:
        data = text.text.encode("utf-8", "surrogatepass") if isinstance(text.text, str) else text.text
        digest.update(f"{text.layer}\0{text.path}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
    return digest.hexdigest()
