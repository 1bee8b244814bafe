"""``referee daemon``: the process that answers hooks at once. Hooks start it by themselves."""

from __future__ import annotations

import os
from contextlib import suppress
from time import monotonic, sleep
from typing import Final

import click

from referee.adapters.hooks.daemon import IDLE, PACKAGE, DaemonError, Place, end, is_well, listening, question, serve
from referee.adapters.hooks.starting import mend
from referee.cli.app import group
from referee.cli.exits import Exit
from referee.cli.render import print_json

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_PATIENCE: Final = 10.0


@group("daemon")
def main() -> None:
    """Keep policies compiled for the hooks of coding agents. Hooks start the daemon when there is none."""


@main.command("run")
@click.option("--idle", default=IDLE, show_default=True, envvar="REFEREE_DAEMON_IDLE", help="Seconds until it goes.")
@click.option("--lock", type=int, hidden=True, help="The lock, taken by the hook that started this process.")
@click.option("--mending", type=int, hidden=True, help="The lock of a hook that found a daemon that hangs.")
def run(idle: float, lock: int | None, mending: int | None) -> int:
    """Be the daemon, in the foreground."""
    place = Place()
    if mending is not None and is_well(place):
        return Exit.OK
    held = lock if lock is not None and _is_lock(place, lock) else _taken(place, replacing=mending is not None)
    if mending is not None:
        with suppress(OSError):
            os.close(mending)
    if held is None:
        raise DaemonError("a daemon runs already")
    serve(place, held, idle)
    os._exit(Exit.OK)


@main.command("start")
@_JSON
def start(*, as_json: bool) -> int:
    """Start the daemon, if there is none."""
    place = Place()
    if question(b"status") is None:
        mend(PACKAGE, hangs=listening(place) is not None)
    ends = monotonic() + _PATIENCE
    while (found := question(b"status", 0.5)) is None and monotonic() < ends:
        sleep(0.05)
    return _say(place, found, as_json=as_json)


@main.command("stop")
@_JSON
def stop(*, as_json: bool) -> int:
    """Stop the daemon; hooks start another when they need one."""
    place = Place()
    if not end(place):
        raise DaemonError("the daemon cannot be stopped")
    _say(place, None, as_json=as_json)
    return Exit.OK


@main.command("status")
@_JSON
def status(*, as_json: bool) -> int:
    """Say whether the daemon answers. Exit codes: 0 it does · 1 it does not."""
    place = Place()
    return _say(place, question(b"status"), as_json=as_json)


def _taken(place: Place, *, replacing: bool) -> int | None:
    """Take the lock; of a daemon that hangs, after it was ended."""
    lock = place.lock()
    ends = monotonic() + _PATIENCE
    while lock is None and replacing and monotonic() < ends:
        end(place)
        lock = place.lock()
    return lock


def _is_lock(place: Place, lock: int) -> bool:
    """Tell whether an inherited lock is the one in the folder."""
    try:
        mine, there = os.fstat(lock), os.stat(place.name + b".lock", dir_fd=place.opened, follow_symlinks=False)
    except OSError:
        return False
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


def _say(place: Place, found: list[bytes] | None, *, as_json: bool) -> int:
    socket = os.fsdecode(place.path + b"/" + place.name + b".sock")
    process, answered = (int(found[0]), int(found[1])) if found else (None, 0)
    if as_json:
        print_json({"running": found is not None, "process": process, "answered": answered, "socket": socket})
    elif found is None:
        click.echo("no daemon runs")
    else:
        click.echo(f"the daemon runs: process {process}, {answered} answers since its start, {socket}")
    return Exit.OK if found else Exit.REFUSED
