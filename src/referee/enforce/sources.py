"""Where policy texts come from: files, folders, texts, mappings.

Rule 1: a file is read once and whole; what is read is what is compiled.
Rule 2: a folder is all its ``.yaml``, ``.yml`` and ``.json`` files at any depth, in the order of their names; hidden ones are left
out, and so are tests of policies (``NAME.test.yaml``).
Rule 3: what cannot be read is an error, never an empty policy.
Rule 4: files that a policy takes tools or patterns from are read with it, and are no policies themselves; one that takes some is one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from referee.errors import PolicyError
from referee.model.source import Attachment

MAX_BYTES: Final = 10 * 1024 * 1024
_ENDINGS: Final = (".yaml", ".yml", ".json")
_TESTS: Final = (".test.yaml", ".test.yml", ".test.json")

Given = str | bytes | os.PathLike[str] | Mapping[str, Any]


class Text(msgspec.Struct, frozen=True):
    """One policy text, where it came from and in which layer it stands, and the files that it names."""

    path: str
    text: bytes | str
    layer: int = 0
    mapping: Mapping[str, Any] | None = None
    attached: Mapping[str, Attachment] = {}


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
        name = "<mapping>" if not layer else f"<mapping {layer + 1}>"
        return [Text(name, _as_json(source), layer, source, _attached(source, Path()))]
    if isinstance(source, (bytes, str)) and _is_text(source):
        return [Text("<text>" if not layer else f"<text {layer + 1}>", source, layer, None, _attached(source, Path()))]
    path = Path(os.fsdecode(source))
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if _is_policy(file, path))
        if not files:
            raise PolicyError((), f"the folder `{path}` has no policy file")
        texts = [_file(file, layer) for file in files]
        named = {_same(one.path) for text in texts for one in text.attached.values()}
        return [text for text in texts if text.attached or _same(text.path) not in named]
    return [_file(path, layer)]


def _same(path: str) -> str:
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - a text to compare, whatever the links are


def _is_text(source: bytes | str) -> bool:
    marks = (b"\n", b": ", b"{") if isinstance(source, bytes) else ("\n", ": ", "{")
    return any(mark in source for mark in marks) or not source.strip()  # type: ignore[operator]  # both or neither are bytes


def _is_policy(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.suffix in _ENDINGS and not hidden and not file.name.endswith(_TESTS)


def _file(path: Path, layer: int) -> Text:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise PolicyError((), f"the policy `{path}` cannot be read ({problem.strerror})") from None
    if len(data) > MAX_BYTES:
        raise PolicyError((), f"the policy `{path}` is larger than {MAX_BYTES >> 20} MB")
    return Text(str(path), data, layer, None, _attached(data, path.parent))


def _attached(text: bytes | str | Mapping[str, Any], folder: Path) -> dict[str, Attachment]:
    """Read the files that a policy names; their paths are relative to its folder, or to the current one."""
    if isinstance(text, (bytes, str)) and not _may_name(text):
        return {}
    from referee.language.attachments import attached  # start-up time: most policies name no files

    return {name: _attachment(folder / name, folder) for name in attached(text)}


def _may_name(text: bytes | str) -> bool:
    """Tell cheaply that a text names no files, as most do not."""
    if isinstance(text, bytes):
        return b"from" in text and (b"catalog" in text or b"scanners" in text)
    return "from" in text and ("catalog" in text or "scanners" in text)


def _attachment(path: Path, folder: Path) -> Attachment:
    try:
        if not path.is_file():
            return Attachment(str(path), problem="it is no file" if path.exists() else "there is no such file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        outside = not path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError) as problem:
        return Attachment(str(path), problem=(getattr(problem, "strerror", None) or "its name is not valid").lower())
    if len(data) > MAX_BYTES:
        return Attachment(str(path), problem=f"it is larger than {MAX_BYTES >> 20} MB")
    return Attachment(str(path), data, outside=outside)


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
        for name, one in sorted(text.attached.items()):
            digest.update(f"{name}\0{one.problem}\0{len(one.text)}\0".encode("utf-8", "surrogatepass") + one.text)
    return digest.hexdigest()
