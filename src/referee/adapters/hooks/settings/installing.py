"""Putting hooks into the settings of any agent, taking them out, and saying how they are.

Rule 1: which form an agent's settings have is said in ``places``; here it is only looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from referee.adapters.hooks.settings import entries, own, toml
from referee.adapters.hooks.settings.kept import Done, SettingsError, State
from referee.adapters.hooks.settings.places import PLACES

Command = Callable[[str], str]
"""Writes the command for an event."""


def install(host: str, path: Path, command: Command) -> Done:
    """Put a hook at every event that needs a decision; what an earlier installation wrote is replaced.

    Raises:
        SettingsError: the settings are not understood, or cannot be written.
    """
    place = PLACES[host]
    if _is_toml(host, path):
        return toml.install(place, path, command)
    if place.form in ("scripts", "plugin"):
        return own.install(host, place, path, command)
    return entries.install(host, place, path, command)


def uninstall(host: str, path: Path) -> Done:
    """Take out what ``install`` wrote; what was there before is there again.

    Raises:
        SettingsError: the settings are not understood, or cannot be written.
    """
    place = PLACES[host]
    if _is_toml(host, path):
        return toml.uninstall(path)
    if place.form in ("scripts", "plugin"):
        return own.uninstall(host, place, path)
    return entries.uninstall(host, place, path)


def status(host: str, path: Path) -> tuple[State, str]:
    """Say whether the hooks are there, and what is wrong with them if something is; never raises ``SettingsError``."""
    place = PLACES[host]
    try:
        if _is_toml(host, path):
            return toml.status(place, path)
        if place.form in ("scripts", "plugin"):
            return own.status(host, place, path)
        return entries.status(host, place, path)
    except SettingsError as problem:
        return "damaged", str(problem)


def where(host: str, *, user: bool) -> Path:
    """Say where a host keeps the hooks of a project, or of a user.

    Raises:
        SettingsError: it has no such place for a user.
    """
    place = PLACES[host]
    if not user:
        return Path(place.project)
    if place.user is None:
        raise SettingsError(f"{host} has no folder for hooks of a user; name one with `--settings`")
    return Path(place.user).expanduser()


def _is_toml(host: str, path: Path) -> bool:
    return host == "codex" and path.suffix == ".toml"
