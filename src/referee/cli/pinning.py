"""``referee catalog inspect``, ``pin`` and ``check``: definitions of tools, what is wrong with them, and whether they changed.

Rule 1: nothing of a definition is printed as it stands: what a terminal would obey is escaped, secrets are taken out.
Rule 2: what is suspicious is not approved by accident: ``pin`` refuses it unless it is told to go on.
Exit codes: 0 in order · 1 something was found or is not as approved · 2 a file that is wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from referee.cli.exits import Exit
from referee.cli.render import bold, dim, paint, print_json
from referee.errors import PolicyError
from referee.scanners.tools.definitions import ToolDefinition, definitions
from referee.scanners.tools.inspection import KINDS, LEAST, ToolFinding, inspect
from referee.scanners.tools.pins import BadLock, Drift, Lock, clean, read, written

LOCK: Final = "referee-tools.lock"
_FILES: Final = click.argument("files", nargs=-1, required=True, type=click.Path())
_SERVER: Final = click.option("--server", default="", help="The MCP server whose tools the files list.")
_LOCKED: Final = click.option(
    "--lock", "lock_path", default=LOCK, show_default=True, type=click.Path(), help="The lock file."
)
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_WORDS: Final = {"same": "allow", "changed": "error", "new": "warning", "removed": "warning"}


@click.command("inspect")
@_FILES
@_SERVER
@click.option(
    "--min-score", default=LEAST, show_default=True, type=click.FloatRange(0, 1), help="The least score that counts."
)
@_JSON
def inspected(files: tuple[str, ...], server: str, min_score: float, *, as_json: bool) -> int:
    """Look for poisoned definitions in FILES of tools, such as answers to MCP's `tools/list`."""
    found = [one for one in inspect(_tools(files, server)) if one.score >= min_score]
    if as_json:
        print_json([_told(one) for one in found])
    else:
        _say(found)
    return Exit.REFUSED if found else Exit.OK


@click.command("pin")
@_FILES
@_SERVER
@_LOCKED
@click.option("--accept-findings", is_flag=True, help="Approve definitions although something was found in them.")
@click.option("--prune", is_flag=True, help="Forget tools that their server no longer lists.")
@_JSON
def pinned(
    files: tuple[str, ...], server: str, lock_path: str, *, accept_findings: bool, prune: bool, as_json: bool
) -> int:
    """Approve the tools that FILES list: write their definitions to the lock file."""
    tools = _tools(files, server)
    found = [one for one in inspect(tools) if one.score >= LEAST]
    if found and not accept_findings:
        if as_json:
            print_json({"pinned": 0, "findings": [_told(one) for one in found]})
        else:
            _say(found)
            click.echo("nothing was approved; look at what was found, then use --accept-findings", err=True)
        return Exit.REFUSED
    path = Path(lock_path)
    old = _lock(path) if path.exists() else Lock()
    drifts = old.check(tools)
    try:
        lock = old.with_tools(tools)
    except BadLock as problem:
        raise PolicyError((), f"referee: {problem}") from None
    _write(path, written(lock.without(drifts) if prune else lock))
    if as_json:
        print_json({"pinned": len(tools), "findings": [_told(one) for one in found]})
    else:
        click.echo(f"approved {len(tools)} tools in {lock_path}")
    return Exit.OK


@click.command("check")
@_FILES
@_SERVER
@_LOCKED
@_JSON
def checked(files: tuple[str, ...], server: str, lock_path: str, *, as_json: bool) -> int:
    """Compare the tools that FILES list with those that were approved, and say what changed."""
    tools = _tools(files, server)
    drifts = _lock(Path(lock_path)).check(tools, {server} if server else None)
    moved = [one for one in drifts if one.status != "same"]
    names = {(one.server, one.tool) for one in moved}
    found = [one for one in inspect(tools) if one.score >= LEAST and (one.server, one.tool) in names]
    if as_json:
        print_json({"tools": msgspec.to_builtins(drifts), "findings": [_told(one) for one in found]})
        return Exit.REFUSED if moved else Exit.OK
    for one in moved:
        _say_drift(one)
    _say(found)
    click.echo(f"{len(drifts) - len(moved)} tools are as approved" + (f", {len(moved)} are not" if moved else ""))
    return Exit.REFUSED if moved else Exit.OK


def _tools(files: Sequence[str], server: str) -> list[ToolDefinition]:
    """Read the tools of all files; each of several files without a server is a server by its name.

    Raises:
        PolicyError: a file cannot be read, or lists no tools.
    """
    found: list[ToolDefinition] = []
    for name in files:
        try:
            data: Any = json.loads(Path(name).read_bytes())
        except OSError as problem:
            raise PolicyError((), f"the file `{name}` cannot be read ({problem.strerror})") from None
        except (ValueError, RecursionError):
            raise PolicyError((), f"the file `{name}` is not JSON") from None
        tools = definitions(data, server or (Path(name).stem if len(files) > 1 else ""))
        if not tools:
            raise PolicyError(
                (), f"the file `{name}` lists no tools; it is an answer to `tools/list`, or a list of tools"
            )
        found += tools
    return found


def _lock(path: Path) -> Lock:
    try:
        return read(path.read_bytes())
    except OSError as problem:
        raise PolicyError((), f"the lock file `{path}` cannot be read ({problem.strerror})") from None
    except BadLock as problem:
        raise PolicyError((), f"the lock file `{path}` cannot be used: {problem}") from None


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise PolicyError((), f"the lock file `{path}` cannot be written ({problem.strerror})") from None


def _told(one: ToolFinding) -> dict[str, Any]:
    return {**msgspec.to_builtins(one), "why": one.why}


def _name(one: ToolFinding | Drift) -> str:
    return clean(f"{one.server}/{one.tool}" if one.server else one.tool)


def _say(found: Sequence[ToolFinding]) -> None:
    for one in found:
        place = f"{clean(one.path)}:{one.start}" if one.path else "definition"
        told = f"{paint(one.kind, 'error')} ({one.score:g}): {KINDS[one.kind]}"
        click.echo(f"{bold(_name(one))} {dim(place)}  {told}")


def _say_drift(one: Drift) -> None:
    click.echo(f"{paint(one.status, _WORDS[one.status])} {bold(_name(one))}")
    for change in one.changes:
        click.echo(f"  {change.path or 'definition'}")
        for mark, text in (("-", change.before), ("+", change.after)):
            if text is not None:
                click.echo(f"    {mark} {text}")
