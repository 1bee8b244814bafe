"""``referee hook``: put a coding agent under a policy, and what it calls then."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from referee.adapters.hooks import settings as claude_settings
from referee.adapters.hooks.moments import MOMENTS
from referee.cli.app import group
from referee.cli.exits import Exit
from referee.cli.hooking import serve
from referee.cli.reading import check, report
from referee.cli.render import bold, print_json
from referee.facets.classes import classes

_SETTINGS = click.option(
    "--settings", default=".claude/settings.json", show_default=True, type=click.Path(), help="The agent's settings."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_AGENT = click.argument("agent", type=click.Choice(["claude-code"]))


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


for _host in MOMENTS:
    main.add_command(_decide(_host))


@main.command("install")
@_AGENT
@click.option(
    "--policy", "policies", multiple=True, required=True, type=click.Path(), help="A policy; again for layers."
)
@click.option("--state", type=click.Path(dir_okay=False), help="Where limits and ended sessions are remembered.")
@_SETTINGS
@_JSON
def install(agent: str, policies: tuple[str, ...], state: str | None, settings: str, *, as_json: bool) -> int:
    """Write the hooks into the agent's settings. A policy that does not compile is not installed."""
    checked = check(policies, layered=True)
    if checked.policies is None:
        report(checked.diagnostics, "json" if as_json else None)
        return Exit.USAGE
    path = Path(settings)
    done = claude_settings.install(path, hook_command(agent, policies, state))
    _say(agent, path, done, as_json=as_json)
    for policy in policies:
        if "agent_config" not in classes(str(Path(policy).absolute())):
            click.echo(
                f"  note: rules about `agent_config` files do not cover `{policy}`; in a folder `.referee` they do",
                err=True,
            )
    if not as_json:
        click.echo("  every tool call, result and prompt is decided from the agent's next start on")
        click.echo(f"  referee hook uninstall {agent} takes it out again")
    return Exit.OK


@main.command("uninstall", short_help="Take the hooks out again.")
@_AGENT
@_SETTINGS
@_JSON
def uninstall(agent: str, settings: str, *, as_json: bool) -> int:
    """Take the hooks out of the agent's settings and restore what was there before."""
    path = Path(settings)
    _say(agent, path, claude_settings.uninstall(path), as_json=as_json)
    return Exit.OK


@main.command("status")
@_AGENT
@_SETTINGS
@_JSON
def status(agent: str, settings: str, *, as_json: bool) -> int:
    """Say whether the hooks are installed. Exit codes: 0 they are · 1 they are not."""
    path = Path(settings)
    there = claude_settings.installed(path)
    _say(agent, path, "installed" if there else "absent", as_json=as_json)
    return Exit.OK if there else Exit.REFUSED


def hook_command(agent: str, policies: tuple[str, ...], state: str | None) -> str:
    """Write the command that the agent shall run, with whole paths: it runs anywhere."""
    program = Path(sys.executable).with_name("referee")
    words = [str(program)] if program.exists() else [sys.executable, "-P", "-m", "referee.cli"]
    words += ["hook", agent]
    for policy in policies:
        words += ["--policy", str(Path(policy).absolute())]
    return shlex.join([*words, *(["--state", str(Path(state).absolute())] if state else [])])


def _say(agent: str, path: Path, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"agent": agent, "settings": str(path), "hooks": done})
    else:
        click.echo(f"{bold(str(path))}: hooks of {agent} {done}")
