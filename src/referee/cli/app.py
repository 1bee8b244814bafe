"""The tree of commands, each imported when it is called.

Rule 1: the table says what there is; a command is a function of the module of its name.
Rule 2: rich help costs start-up time, so it is there for those who ask for help.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

import click

from referee._version import __version__
from referee.cli.exits import Exit
from referee.errors import PolicyError, RefereeError

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS: Final = {
    "init": "Write a policy to begin with.",
    "validate": "Say everything that is wrong with policies.",
    "lint": "Find rules that are not what was meant.",
    "fmt": "Lay policies out the same way everywhere.",
    "explain": "Say what policies do, or why they decide so.",
    "check": "Decide one request, or a file of them.",
    "test": "Run the tests of policies.",
    "approvals": "Answer for actions that wait for a human.",
    "audit": "Look into a journal of decisions.",
    "catalog": "Show what tools are, and what a call of one does.",
    "scan": "Look for secrets, personal data and orders to models in files.",
    "scanners": "Show what the scanners find.",
    "demo": "See three agents under a policy.",
    "schema": "Print the JSON Schema of policies.",
    "hook": "Put a coding agent under a policy.",
    "daemon": "Keep policies ready for hooks.",
    "completion": "Print a shell's completion script.",
}
_CONTEXT: Final = {"help_option_names": ["-h", "--help"]}


def _asks_for_help() -> bool:
    return len(sys.argv) < 2 or any(word in ("-h", "--help") for word in sys.argv[1:])


def _classes() -> tuple[type[click.Command], type[click.Group]]:
    if _asks_for_help() and sys.stdout.isatty():
        from rich_click import RichCommand, RichGroup  # start-up time: only help on a terminal is rich

        return RichCommand, RichGroup
    return click.Command, click.Group


_COMMAND, _GROUP = _classes()


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function; its docstring is the help."""
    return click.command(name, cls=_COMMAND, context_settings=_CONTEXT, short_help=COMMANDS[name])


def group(name: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Group]:
    """Make a group of commands of a function."""
    return click.group(name, cls=_GROUP, context_settings=_CONTEXT, **settings)


class Commands(_GROUP):  # type: ignore[misc, valid-type]  # the class depends on whether help is asked for
    """The root of the tree."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """List the commands in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"referee.cli.{cmd_name}").main)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; of an unknown one, say which may be meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from referee.language.suggest import meant  # start-up time

            near = meant(args[0], COMMANDS)
            told = f" Did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"No such command '{args[0]}'.{told}", ctx)
        found: tuple[str | None, click.Command | None, list[str]] = super().resolve_command(ctx, args)
        return found


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if wanted and not ctx.resilient_parsing:
        click.echo(f"referee {__version__}")
        ctx.exit()


@click.command("referee", cls=Commands, context_settings=_CONTEXT)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Say the version.")
def app() -> None:
    """Decide what AI agents may do, before they do it.

    Exit codes: 0 allowed or in order · 1 refused or problems found · 2 usage error or invalid policy · 3 internal failure.
    """


def call() -> int:
    """Run the command line and say how it ended; never raises."""
    try:
        code = app.main(prog_name="referee", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        return Exit.OK
    except Exception as problem:  # noqa: BLE001 - the last net: an exit code, not a traceback
        return _failed(problem)
    return code if isinstance(code, int) else Exit.OK


def _failed(problem: Exception) -> int:
    if os.environ.get("REFEREE_TRACEBACK"):
        raise problem
    if isinstance(problem, PolicyError):
        click.echo(str(problem), err=True)
        return Exit.USAGE
    if isinstance(problem, RefereeError):
        click.echo(f"referee: {problem}", err=True)
        return Exit.USAGE
    if isinstance(problem, (OSError, UnicodeDecodeError)):
        click.echo(f"referee: {_trouble(problem)}", err=True)
        return Exit.USAGE
    click.echo(f"referee: internal failure ({type(problem).__name__}); set REFEREE_TRACEBACK=1 to see more", err=True)
    return Exit.INTERNAL


def _trouble(problem: OSError | UnicodeDecodeError) -> str:
    if isinstance(problem, UnicodeDecodeError):
        return "a file is not UTF-8 text"
    name = "a file" if problem.filename is None else f"`{problem.filename}`"
    return f"{name} cannot be used: {(problem.strerror or 'unknown').lower()}"
