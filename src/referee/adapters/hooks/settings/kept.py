"""Files of settings: read, written in one step, and put back as they were.

Rule 1: what stood in a file is kept beside it until it is taken out again.
Rule 2: a file is put back only if it is still what was written; whoever changed it since keeps his changes.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from referee.errors import RefereeError

_SUFFIX: Final = ".before-referee"
_LARGEST: Final = 16 << 20

T = TypeVar("T")
Done = Literal["installed", "unchanged", "restored", "removed", "absent"]
State = Literal["installed", "outdated", "damaged", "absent"]


class SettingsError(RefereeError):
    """The agent's settings cannot be read or written as they stand."""


class _Kept(msgspec.Struct, frozen=True):
    """What stood in the settings (``None``: there was no file), the digest of what was written instead, folders made."""

    original: str | None
    installed: str
    made: int = 0


def read(path: Path) -> bytes | None:
    """Read a file; ``None``: there is none.

    Raises:
        SettingsError: it cannot be read, or is no file of settings by its size.
    """
    data = _try(path, lambda: path.read_bytes() if path.exists() else None)
    if data is not None and len(data) > _LARGEST:
        raise SettingsError(f"`{path}` is too large for settings")
    return data


def put(path: Path, before: bytes | None, after: bytes, mode: int = 0o600) -> Done:
    """Write a file, and keep what an earlier installation kept as long as nobody changed the file since.

    Raises:
        SettingsError: it cannot be written.
    """
    if after == before:
        return "unchanged"
    kept = _kept(path)
    if kept is None or before is None or _digest(before) != kept.installed:
        original = None if before is None else base64.b64encode(before).decode()
        kept = _Kept(original, "", missing(path))
    kept = msgspec.structs.replace(kept, installed=_digest(after))
    write(_beside(path), msgspec.json.encode(kept), 0o600)
    write(path, after, _mode(path, mode))
    return "installed"


def put_back(path: Path, now: bytes | None) -> bool:
    """Restore what stood in a file if it is still what was written there; tell whether it was.

    Raises:
        SettingsError: it cannot be written.
    """
    kept = _kept(path)
    if kept is None or now is None or _digest(now) != kept.installed:
        return False
    if kept.original is None:
        _try(path, path.unlink)
    else:
        write(path, base64.b64decode(kept.original), _mode(path, 0o600))
    forget(path)
    unmake(path, kept.made)
    return True


def forget(path: Path) -> None:
    """Drop what was kept of a file."""
    _try(path, lambda: _beside(path).unlink(missing_ok=True))


def untouched(path: Path, now: bytes) -> bool:
    """Tell whether a file is still what an installation wrote."""
    kept = _kept(path)
    return kept is not None and _digest(now) == kept.installed


def _kept(path: Path) -> _Kept | None:
    data = read(_beside(path))
    try:
        return None if data is None else msgspec.json.decode(data, type=_Kept)
    except msgspec.DecodeError:
        return None


def missing(path: Path) -> int:
    """Count the folders that have to be made for a file."""
    return sum(1 for folder in path.absolute().parents if not folder.exists())


def unmake(path: Path, made: int) -> None:
    """Take away the folders that were made, as far as nobody else uses them."""
    for folder in list(path.absolute().parents)[:made]:
        try:
            folder.rmdir()
        except OSError:
            return


def _beside(path: Path) -> Path:
    return path.with_name(path.name + _SUFFIX)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _mode(path: Path, new: int) -> int:
    return path.stat().st_mode & 0o777 if path.exists() else new


def write(path: Path, data: bytes, mode: int) -> None:
    """Replace a file in one step, so that no reader sees half of it; a link is followed.

    Raises:
        SettingsError: it cannot be written.
    """
    _try(path, lambda: _replace(path.resolve(), data, mode))


def _replace(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(name, mode)  # noqa: PTH101 - mkstemp gives a name
        os.replace(name, path)  # noqa: PTH105 - as above
    except OSError:
        os.unlink(name)  # noqa: PTH108 - as above
        raise


def _try(path: Path, step: Callable[[], T]) -> T:
    try:
        return step()
    except OSError as problem:
        raise SettingsError(f"`{path}` cannot be used: {(problem.strerror or 'unknown').lower()}") from None
