"""Entries of Referee in the settings of Claude Code: put in, taken out, the rest left alone.

Rule 1: settings that cannot be read as JSON are not touched.
Rule 2: what stood there before is kept beside the file; taking out an untouched installation restores it byte for byte.
Rule 3: in settings changed since, only entries of Referee are taken out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

from referee.errors import RefereeError

EVENTS: Final = ("PreToolUse", "PostToolUse", "UserPromptSubmit")
MARK: Final = "hook claude-code"
TIMEOUT: Final = 30
_SUFFIX: Final = ".before-referee"

T = TypeVar("T")
Done = Literal["installed", "unchanged", "restored", "removed", "absent"]


class SettingsError(RefereeError):
    """The agent's settings cannot be read or written as they stand."""


class _Kept(msgspec.Struct, frozen=True):
    """What stood in the settings (``None``: there was no file), and the digest of what was written instead."""

    original: str | None
    installed: str


def install(path: Path, command: str) -> Done:
    """Put ``command`` before and after every action; what an earlier installation wrote is replaced.

    Raises:
        SettingsError: the settings are not a JSON object with hooks as this program writes them, or cannot be written.
    """
    before = _read(path)
    settings = _parse(path, before)
    _take_out(settings)
    hooks = settings.setdefault("hooks", {})
    for event in EVENTS:
        hooks.setdefault(event, []).append(_entry(event, command))
    after = _text(settings, before)
    if after == before:
        return "unchanged"
    original = _kept_original(path, before)
    _write(_beside(path), msgspec.json.encode(_Kept(original, _digest(after))), 0o600)
    _write(path, after, _mode(path))
    return "installed"


def uninstall(path: Path) -> Done:
    """Take the entries of Referee out and restore what was there before it.

    Raises:
        SettingsError: the settings cannot be read or written.
    """
    now = _read(path)
    kept = _kept(path)
    if kept is not None and now is not None and _digest(now) == kept.installed:
        if kept.original is None:
            path.unlink()
        else:
            _write(path, base64.b64decode(kept.original), _mode(path))
        _beside(path).unlink()
        return "restored"
    _beside(path).unlink(missing_ok=True)
    settings = _parse(path, now)
    if not _take_out(settings):
        return "absent"
    _write(path, _text(settings, now), _mode(path))
    return "removed"


def installed(path: Path) -> bool:
    """Tell whether every event that needs a decision has an entry of Referee.

    Raises:
        SettingsError: the settings cannot be read.
    """
    hooks = _parse(path, _read(path)).get("hooks", {})
    return all(
        any(_is_ours(handler) for entry in hooks.get(event, ()) for handler in entry["hooks"]) for event in EVENTS
    )


def _entry(event: str, command: str) -> dict[str, Any]:
    handler = {"type": "command", "command": command, "timeout": TIMEOUT, "onFailure": "block"}
    return {"matcher": "*", "hooks": [handler]} if "Tool" in event else {"hooks": [handler]}


def _is_ours(handler: Any) -> bool:
    command = handler.get("command") if isinstance(handler, dict) else None
    return isinstance(command, str) and "referee" in command and MARK in command


def _take_out(settings: dict[str, Any]) -> bool:
    """Remove our handlers, and the entries and lists that this leaves empty; tell whether there were any."""
    hooks: dict[str, list[Any]] = settings.get("hooks", {})
    found = False
    for event, entries in list(hooks.items()):
        rest: list[Any] = []
        for entry in entries:
            others = [handler for handler in entry["hooks"] if not _is_ours(handler)]
            found |= len(others) < len(entry["hooks"])
            if others or not entry["hooks"]:
                rest.append({**entry, "hooks": others})
        hooks[event] = rest
        if not rest and entries:
            del hooks[event]
    if found and not hooks:
        del settings["hooks"]
    return found


def _parse(path: Path, data: bytes | None) -> dict[str, Any]:
    try:
        settings = json.loads(data) if data and data.strip() else {}
    except (ValueError, RecursionError):
        raise SettingsError(f"`{path}` is not valid JSON; mend it first") from None
    if not _has_shape(settings):
        raise SettingsError(f"`{path}` has hooks in a form this version does not know")
    return settings


def _has_shape(settings: Any) -> bool:
    hooks = settings.get("hooks", {}) if isinstance(settings, dict) else None
    if not isinstance(hooks, dict) or not all(isinstance(entries, list) for entries in hooks.values()):
        return False
    entries = [entry for entries in hooks.values() for entry in entries]
    return all(isinstance(entry, dict) and isinstance(entry.get("hooks"), list) for entry in entries)


def _text(settings: dict[str, Any], before: bytes | None) -> bytes:
    """Write the settings in the indentation the file had."""
    second = (before or b"").split(b"\n")[1:2]
    indent = len(second[0]) - len(second[0].lstrip()) if second else 2
    return (json.dumps(settings, indent=indent or 2, ensure_ascii=False) + "\n").encode()


def _kept_original(path: Path, before: bytes | None) -> str | None:
    """Keep what an earlier installation kept, as long as nobody changed the file since."""
    kept = _kept(path)
    if kept is not None and before is not None and _digest(before) == kept.installed:
        return kept.original
    return None if before is None else base64.b64encode(before).decode()


def _kept(path: Path) -> _Kept | None:
    data = _read(_beside(path))
    try:
        return None if data is None else msgspec.json.decode(data, type=_Kept)
    except msgspec.DecodeError:
        return None


def _beside(path: Path) -> Path:
    return path.with_name(path.name + _SUFFIX)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777 if path.exists() else 0o600


def _read(path: Path) -> bytes | None:
    return _try(path, lambda: path.read_bytes() if path.exists() else None)


def _write(path: Path, data: bytes, mode: int) -> None:
    """Replace a file in one step, so that no reader sees half of it; a link is followed."""
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
