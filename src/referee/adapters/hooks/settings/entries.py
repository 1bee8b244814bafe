"""Hooks as entries of a JSON file: put in at the end of what is there, found again by their command, taken out.

Rule 1: an entry is Referee's if its command starts Referee's hook of this very host.
Rule 2: the result is read again before it is written, and must hold what was there and ours, no more and no less.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from referee.adapters.hooks.options import options
from referee.adapters.hooks.settings.jsonc import Node, NotJson, cut, edited, grow, parse
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
from referee.adapters.hooks.settings.places import Place, text

Command = Callable[[str], str]
"""Writes the command for an event."""

_KEYS = ("command", "bash")


def install(host: str, place: Place, path: Path, command: Command) -> Done:
    """Put a hook at every event that needs a decision; what an earlier installation wrote is replaced.

    Raises:
        SettingsError: the settings are not understood, or cannot be written.
    """
    before = read(path)
    written = _text(path, before)
    wanted = {event: place.entry(event, command(event)) for event in place.events}
    _check(host, wanted)
    if _found(host, place, _tree(path, place, written)) == {event: [entry] for event, entry in wanted.items()}:
        return "unchanged"
    bare = _without(host, place, path, written)
    foreign = _tree(path, place, bare).value
    new = bare
    for key, value in place.top.items():
        if key not in _tree(path, place, new).value:
            new = edited(new, grow(new, _tree(path, place, new), text(value, "  "), key))
    for event, entry in wanted.items():
        new = _put(place, path, new, event, entry)
    _compare(path, _tree(path, place, _without(host, place, path, new)).value, {**place.top, **foreign})
    if _found(host, place, _tree(path, place, new)) != {event: [entry] for event, entry in wanted.items()}:
        raise SettingsError(f"`{path}` cannot be changed safely; put the hooks in by hand")
    return put(path, before, _bytes(new, written))


def uninstall(host: str, place: Place, path: Path) -> Done:
    """Take the entries of Referee out and restore what was there before it.

    Raises:
        SettingsError: the settings are not understood, or cannot be written.
    """
    now = read(path)
    if put_back(path, now):
        return "restored"
    written = _text(path, now)
    new = _without(host, place, path, written)
    forget(path)
    if new == written:
        return "absent"
    write(path, _bytes(new, written), path.stat().st_mode & 0o777)
    return "removed"


def status(host: str, place: Place, path: Path) -> tuple[State, str]:
    """Say whether the hooks are there as this version writes them, and what is wrong if not."""
    now = read(path)
    try:
        found = _found(host, place, _tree(path, place, _text(path, now)))
    except SettingsError as problem:
        return "damaged", str(problem)
    return judge(host, place, found, as_written=now is not None and untouched(path, now))


def judge(host: str, place: Place, found: dict[str, list[dict[str, Any]]], *, as_written: bool) -> tuple[State, str]:
    """Say of hooks by event whether they are as this version writes them; ``as_written``: nobody changed the file since."""
    if not found:
        return "absent", ""
    missing = [event for event in place.events if event not in found]
    if missing:
        return "damaged", f"no hook at {', '.join(f'`{event}`' for event in missing)}"
    for event, entries in found.items():
        inner = _inner(_command(_handler(entries[0])))
        if event not in place.events or [place.entry(event, inner)] != entries:
            old: State = "outdated" if as_written else "damaged"
            return old, f"the hook at `{event}` is not as this version writes it; install it again"
        trouble = trouble_of(host, inner)
        if trouble:
            return "damaged", trouble
    return "installed", ""


def trouble_of(host: str, command: str) -> str:
    """Say what keeps a command from working, without running it."""
    try:
        words = shlex.split(command)
        at = words.index("hook")
        given = options(words[at + 2 :], {})
    except ValueError:
        return "the command of the hook is not one"
    if words[at + 1 : at + 2] != [host] or given.problem:
        return given.problem or "the command of the hook is of another agent"
    files = [word for word in words[:at] if word.startswith("/")]
    gone = next((name for name in (*files, *given.policies) if not Path(name).exists()), None)
    return f"`{gone}` is gone" if gone else ""


def _check(host: str, wanted: dict[str, dict[str, Any]]) -> None:
    """Refuse what a host is known to misread: Cursor takes ``//`` in a text for a comment."""
    if host == "cursor" and any("//" in str(entry) for entry in wanted.values()):
        raise SettingsError("Cursor cannot read `//` in its settings; name the policies by paths without it")


def _put(place: Place, path: Path, written: str, event: str, entry: dict[str, Any]) -> str:
    for keys, empty in (((), "{}"), (("hooks",), "[]")):
        tree = _tree(path, place, written).at(*keys)
        key = "hooks" if not keys else event
        if key not in tree.value:
            written = edited(written, grow(written, tree, empty, key))
    return edited(written, grow(written, _tree(path, place, written).at("hooks", event), text(entry, "  ")))


def _without(host: str, place: Place, path: Path, written: str) -> str:
    """Take out our entries, and the groups, lists and objects that this leaves empty."""
    while True:
        tree = _tree(path, place, written)
        keys = _first(host, place, tree)
        if keys is None:
            return written
        for depth in (4, 2, 1):
            if len(keys) == depth + 1 and len(tree.at(*keys[:depth]).members) == 1:
                keys = keys[: min(depth, 3)]
        written = edited(written, cut(written, tree.at(*keys[:-1]), keys[-1]))


def _first(host: str, place: Place, tree: Node) -> tuple[str | int, ...] | None:
    for event, entries in tree.value.get("hooks", {}).items():
        for at, entry in enumerate(entries):
            if place.form == "flat":
                if _is_ours(host, entry):
                    return ("hooks", event, at)
                continue
            for number, handler in enumerate(entry["hooks"]):
                if _is_ours(host, handler):
                    return ("hooks", event, at, "hooks", number)
    return None


def _found(host: str, place: Place, tree: Node) -> dict[str, list[dict[str, Any]]]:
    """Collect our entries by event; of a group only what is ours."""
    found: dict[str, list[dict[str, Any]]] = {}
    for event, entries in tree.value.get("hooks", {}).items():
        ours = [entry for entry in entries if _is_ours(host, entry)]
        if place.form == "grouped":
            parts = [(entry, [h for h in entry["hooks"] if _is_ours(host, h)]) for entry in entries]
            ours = [{**entry, "hooks": handlers} for entry, handlers in parts if handlers]
        if ours:
            found[event] = ours
    return found


def _handler(entry: dict[str, Any]) -> dict[str, Any]:
    handler: dict[str, Any] = entry["hooks"][0] if "hooks" in entry else entry
    return handler


def _command(handler: Any) -> str:
    found = [handler[key] for key in _KEYS if isinstance(handler, dict) and isinstance(handler.get(key), str)]
    return found[0] if found else ""


def _is_ours(host: str, handler: Any) -> bool:
    command = _command(handler)
    return "referee" in command.lower() and f"hook {host}" in command


def _inner(command: str) -> str:
    """Find the command in the shell that guards it."""
    try:
        words = shlex.split(command)
    except ValueError:
        return command
    if words[:2] != ["/bin/sh", "-c"] or len(words) != 3:
        return command
    return words[2].removeprefix("said=$(").partition(" || {")[0].partition(") || said=")[0]


def _tree(path: Path, place: Place, written: str) -> Node:
    try:
        tree = parse(written, comments=place.comments)
    except (NotJson, RecursionError):
        raise SettingsError(f"`{path}` is not valid JSON; mend it first") from None
    if not _has_shape(place, tree.value):
        raise SettingsError(f"`{path}` has hooks in a form this version does not know")
    return tree


def _has_shape(place: Place, settings: Any) -> bool:
    hooks = settings.get("hooks", {}) if isinstance(settings, dict) else None
    if not isinstance(hooks, dict) or not all(isinstance(entries, list) for entries in hooks.values()):
        return False
    entries = [entry for entries in hooks.values() for entry in entries]
    grouped = place.form == "grouped"
    return all(isinstance(e, dict) and (not grouped or isinstance(e.get("hooks"), list)) for e in entries)


def _compare(path: Path, got: Any, wanted: Any) -> None:
    if _plain(got) != _plain(wanted):
        raise SettingsError(f"`{path}` cannot be changed safely; put the hooks in by hand")


def _plain(settings: dict[str, Any]) -> dict[str, Any]:
    """Leave out what says nothing: events without hooks."""
    hooks = {event: entries for event, entries in settings.get("hooks", {}).items() if entries}
    return {**{key: value for key, value in settings.items() if key != "hooks"}, **({"hooks": hooks} if hooks else {})}


def _text(path: Path, data: bytes | None) -> str:
    try:
        written = (data or b"").decode()
    except UnicodeDecodeError:
        raise SettingsError(f"`{path}` is not UTF-8 text") from None
    return written if written.strip() else "{}\n"


def _bytes(new: str, before: str) -> bytes:
    """Write with the line ends that the file had."""
    if "\r\n" in before:
        new = new.replace("\r\n", "\n").replace("\n", "\r\n")
    return new.encode()
