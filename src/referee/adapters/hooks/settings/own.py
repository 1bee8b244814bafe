"""Hooks as files of their own: scripts named after events (Cline), or a plugin (opencode).

Rule 1: a file that Referee did not write is never replaced and never removed.
Rule 2: a script answers in its host's protocol whatever happens to the program it calls, and so does the plugin.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final

from referee.adapters.hooks.moments import last_word
from referee.adapters.hooks.settings.entries import trouble_of
from referee.adapters.hooks.settings.kept import Done, SettingsError, State, missing, read, unmake, write
from referee.adapters.hooks.settings.places import Place

_MARK: Final = "Written by `referee hook install {host}`; `referee hook uninstall {host}` takes it out. Folders made: "
_MADE: Final = re.compile(r"Folders made: (\d+)")
_SCRIPT: Final = """\
#!/bin/sh
# {mark}{made}
said=$({command}) || said={refusal}
printf '%s\\n' "$said"
"""
_CALLED: Final = re.compile(r"said=\$\((.*)\) \|\| said=")
_COMMAND: Final = re.compile(r"^const COMMAND = (\[.*\])$", re.MULTILINE)

Command = Callable[[str], str]


def install(host: str, place: Place, path: Path, command: Command) -> Done:
    """Write the files; those of an earlier installation are replaced.

    Raises:
        SettingsError: a file is somebody else's, or cannot be written.
    """
    there = {file: _ours(host, file) for file in _files(place, path)}
    old = next((text for text in there.values() if text), "")
    found = _MADE.search(old)
    made = int(found[1]) if found else missing(next(iter(there)))
    done: Done = "unchanged"
    for event, file in zip(place.events, there, strict=False):
        new = _written(host, place, event, command(event), made)
        if there[file] != new:
            write(file, new.encode(), 0o755 if place.form == "scripts" else 0o644)
            done = "installed"
    return done


def uninstall(host: str, place: Place, path: Path) -> Done:
    """Remove the files, and the folders that were made for them as far as they are empty.

    Raises:
        SettingsError: a file cannot be read or removed.
    """
    there = {file: text for file in _files(place, path) if (text := _ours(host, file, strict=False))}
    for file in there:
        _remove(file)
    for file, text in there.items():
        found = _MADE.search(text)
        unmake(file, min(int(found[1]), 8) if found else 0)
    return "restored" if there else "absent"


def status(host: str, place: Place, path: Path) -> tuple[State, str]:
    """Say whether the files are there as this version writes them, and what is wrong if not."""
    try:
        texts = [_ours(host, file, strict=False) for file in _files(place, path)]
    except SettingsError as problem:
        return "damaged", str(problem)
    if not any(texts):
        return "absent", ""
    for file, event, text in zip(_files(place, path), place.events, texts, strict=False):
        if not text:
            return "damaged", f"`{file}` is gone or is not Referee's"
        command = _command(place, text)
        found = _MADE.search(text)
        if text != _written(host, place, event, command, int(found[1]) if found else 0):
            return "outdated", f"`{file}` is not as this version writes it; install it again"
        if place.form == "scripts" and not file.stat().st_mode & 0o100:
            return "damaged", f"`{file}` cannot be run"
        trouble = trouble_of(host, command)
        if trouble:
            return "damaged", trouble
    return "installed", ""


def _files(place: Place, path: Path) -> list[Path]:
    return [path / event for event in place.events] if place.form == "scripts" else [path]


def _ours(host: str, file: Path, *, strict: bool = True) -> str:
    """Read a file that Referee wrote; empty if there is none."""
    data = read(file)
    text = (data or b"").decode("utf-8", "replace")
    if data is None or _MARK.format(host=host) in text:
        return text
    if strict:
        raise SettingsError(f"`{file}` is somebody else's hook; move it away, or call Referee from it")
    return ""


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError as problem:
        raise SettingsError(f"`{file}` cannot be removed: {(problem.strerror or 'unknown').lower()}") from None


def _command(place: Place, text: str) -> str:
    if place.form == "scripts":
        found = _CALLED.search(text)
        return found[1] if found else ""
    listed = _COMMAND.search(text)
    try:
        words = json.loads(listed[1]) if listed else []
    except ValueError:
        return ""
    return shlex.join(words) if all(isinstance(word, str) for word in words) else ""


def _written(host: str, place: Place, event: str, command: str, made: int) -> str:
    mark = _MARK.format(host=host)
    if place.form == "scripts":
        out = last_word(host, event, "Referee did not run, so it refuses")[0].decode().strip()
        return _SCRIPT.format(mark=mark, made=made, command=command, refusal=shlex.quote(out))
    template = (Path(__file__).parent / "plugin.js").read_text(encoding="utf-8")
    words = shlex.split(command)
    return template.replace("{{mark}}", f"{mark}{made}").replace("{{command}}", json.dumps(words, ensure_ascii=False))
