"""``referee hook``: put a coding agent under a policy, and what it calls then."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import click

from referee.adapters.hooks import client
from referee.adapters.hooks.moments import HOSTS
from referee.adapters.hooks.settings import installing
from referee.adapters.hooks.settings.places import PLACES
from referee.cli.app import group
from referee.cli.exits import Exit
from referee.cli.hooking import serve
from referee.cli.reading import check, report
from referee.cli.render import bold, print_json
from referee.facets.classes import classes

_SETTINGS = click.option("--settings", type=click.Path(), help="The agent's settings, if not those of the project.")
_USER = click.option("--user", is_flag=True, help="The settings of the user, for all projects.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_AGENT = click.argument("agent", type=click.Choice(HOSTS))


@group("hook")
def main() -> None:
    """Put a coding agent under a policy."""


def _decide(host: str) -> click.Command:
    """Make the command that a host calls; it is answered before this tree of commands is even built."""

    def decide(arguments: tuple[str, ...]) -> int:
        return serve(host, list(arguments))

    return click.Command(
        host,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        callback=decide,
        short_help=f"Decide a payload of {host}.",
        help=f"""Decide the payload on standard input, in the protocol of {host}.

        Takes --policy PATH (again for further layers), --state FILE, --event NAME, --deadline SECONDS and --attended.
        Denies explicitly whatever goes wrong.
        """,
        context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]},
    )


for _host in HOSTS:
    main.add_command(_decide(_host))


@main.command("install")
@_AGENT
@click.option(
    "--policy", "policies", multiple=True, required=True, type=click.Path(), help="A policy; again for layers."
)
@click.option("--state", type=click.Path(dir_okay=False), help="Where limits and ended sessions are remembered.")
@click.option("--attended", is_flag=True, help="Somebody sits at the agent and can be asked (Gemini CLI).")
@_SETTINGS
@_USER
@_JSON
def install(
    agent: str,
    policies: tuple[str, ...],
    state: str | None,
    settings: str | None,
    *,
    attended: bool,
    user: bool,
    as_json: bool,
) -> int:
    """Write the hooks into the agent's settings. A policy that does not compile is not installed."""
    checked = check(policies, layered=True)
    if checked.policies is None:
        report(checked.diagnostics, "json" if as_json else None)
        return Exit.USAGE
    path = Path(settings) if settings else installing.where(agent, user=user)
    done = installing.install(agent, path, hook_command(agent, policies, state, attended=attended))
    _say(agent, path, done, as_json=as_json)
    for policy in policies:
        if "agent_config" not in classes(str(Path(policy).absolute())):
            _note(f"rules about `agent_config` files do not cover `{policy}`; in a folder `.referee` they do")
    if PLACES[agent].note:
        _note(PLACES[agent].note)
    if not as_json:
        click.echo("  the hooks are in force from the agent's next start on")
        click.echo(f"  referee hook uninstall {agent} takes them out again")
    return Exit.OK


def _note(text: str) -> None:
    click.echo(f"  note: {text}", err=True)


@main.command("uninstall", short_help="Take the hooks out again.")
@_AGENT
@_SETTINGS
@_USER
@_JSON
def uninstall(agent: str, settings: str | None, *, user: bool, as_json: bool) -> int:
    """Take the hooks out of the agent's settings and restore what was there before."""
    path = Path(settings) if settings else installing.where(agent, user=user)
    _say(agent, path, installing.uninstall(agent, path), as_json=as_json)
    return Exit.OK


@main.command("status")
@_AGENT
@_SETTINGS
@_USER
@_JSON
def status(agent: str, settings: str | None, *, user: bool, as_json: bool) -> int:
    """Say whether the hooks are installed. Exit codes: 0 they are · 1 they are absent, outdated or damaged."""
    path = Path(settings) if settings else installing.where(agent, user=user)
    state, trouble = installing.status(agent, path)
    _say(agent, path, state, trouble, as_json=as_json)
    return Exit.OK if state == "installed" else Exit.REFUSED


def hook_command(
    agent: str, policies: tuple[str, ...], state: str | None, *, attended: bool = False
) -> Callable[[str], str]:
    """Write the command that the agent shall run at an event, with whole paths: it runs anywhere.

    It is the quick client, which asks the daemon first.
    """
    words = [sys.executable, "-I", "-S", str(Path(client.__file__).with_name("launch.py"))]
    given: list[str] = []
    for policy in policies:
        given += ["--policy", str(Path(policy).absolute())]
    given += ["--state", str(Path(state).absolute())] if state else []
    given += ["--attended"] if attended else []
    return lambda event: shlex.join([*words, "hook", agent, "--event", event, *given])


def _say(agent: str, path: Path, done: str, trouble: str = "", *, as_json: bool) -> None:
    if as_json:
        print_json({"agent": agent, "settings": str(path), "hooks": done, **({"trouble": trouble} if trouble else {})})
    else:
        click.echo(f"{bold(str(path))}: hooks of {agent} {done}{': ' if trouble else ''}{trouble}")
