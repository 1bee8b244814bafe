"""Hooks in Codex's ``config.toml``: one block at the end of the file, between two lines that say whose it is.

Rule 1: the block is put in and taken out as text; nothing else in the file is rewritten.
Rule 2: the result is read again, and must hold what was there and the block, no more and no less.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from referee.adapters.hooks.settings.entries import judge
from referee.adapters.hooks.settings.kept import (
    Done,
    SettingsError,
    State,
    forget,
    put,
    put_back,
    read,
    untouched,
    write,
)
from referee.adapters.hooks.settings.places import Place

_BEGINS: Final = "# >>> hooks of Referee, written by `referee hook install codex`"
_ENDS: Final = "# <<< hooks of Referee"

Command = Callable[[str], str]


def install(place: Place, path: Path, command: Command) -> Done:
    """Put the block at the end of the file; that of an earlier installation is replaced.

    Raises:
        SettingsError: the file is not TOML, or has hooks in a form that cannot be added to.
    """
    before = read(path)
    old = _text(path, before)
    bare = _bare(path, old)
    block = _block(place, command)
    gap = "" if not bare or bare.endswith("\n\n") else "\n" if bare.endswith("\n") else "\n\n"
    new = f"{bare}{gap}{block}"
    if _parse(path, new) != _joined(path, _parse(path, bare), place, command):
        raise SettingsError(f"`{path}` has hooks in a form this version does not know")
    return put(path, before, new.encode())


def _joined(path: Path, settings: dict[str, Any], place: Place, command: Command) -> dict[str, Any]:
    hooks = settings.setdefault("hooks", {})
    for event in place.events:
        entries = hooks.setdefault(event, []) if isinstance(hooks, dict) else None
        if not isinstance(entries, list):
            raise SettingsError(f"`{path}` has hooks in a form this version does not know")
        entries.append(place.entry(event, command(event)))
    return settings


def uninstall(path: Path) -> Done:
    """Take the block out and restore what was there before it.

    Raises:
        SettingsError: the file cannot be read or written.
    """
    now = read(path)
    if put_back(path, now):
        return "restored"
    old = _text(path, now)
    new = _bare(path, old)
    forget(path)
    if new == old:
        return "absent"
    _parse(path, new)
    write(path, new.encode(), path.stat().st_mode & 0o777)
    return "removed"


def status(place: Place, path: Path) -> tuple[State, str]:
    """Say whether the hooks are there as this version writes them, and what is wrong if not."""
    try:
        now = read(path)
        text = _text(path, now)
        if _BEGINS not in text:
            return "absent", ""
        _parse(path, text)
        found = _parse(path, text[text.index(_BEGINS) :].partition(_ENDS)[0]).get("hooks", {})
    except SettingsError as problem:
        return "damaged", str(problem)
    return judge("codex", place, found, as_written=now is not None and untouched(path, now))


def _block(place: Place, command: Command) -> str:
    lines = [_BEGINS]
    for event in place.events:
        entry = place.entry(event, command(event))
        lines.append(f"[[hooks.{event}]]")
        lines += [f"{key} = {_scalar(value)}" for key, value in entry.items() if key != "hooks"]
        for handler in entry["hooks"]:
            lines += ["", f"[[hooks.{event}.hooks]]", *(f"{key} = {_scalar(value)}" for key, value in handler.items())]
        lines.append("")
    return "\n".join([*lines[:-1], _ENDS, ""])


def _scalar(value: Any) -> str:
    """Write a text or a number; texts of TOML are written as in JSON."""
    return json.dumps(value, ensure_ascii=False)


def _bare(path: Path, text: str) -> str:
    """Take the block out of a text."""
    if _BEGINS not in text:
        return text
    before, _, rest = text.partition(_BEGINS)
    _, mark, after = rest.partition(_ENDS)
    if not mark:
        raise SettingsError(f"`{path}` holds the beginning of Referee's hooks and no end; take them out by hand")
    return before + after.removeprefix("\n") if after.strip() else before


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise SettingsError(f"`{path}` is not valid TOML, or has hooks in a form that cannot be added to") from None


def _text(path: Path, data: bytes | None) -> str:
    try:
        return (data or b"").decode()
    except UnicodeDecodeError:
        raise SettingsError(f"`{path}` is not UTF-8 text") from None
