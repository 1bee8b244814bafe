"""``referee completion``: the script that makes a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from referee.cli.app import app, command


@command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def main(shell: str) -> None:
    """Print the completion script for a shell.

    Put `eval "$(referee completion bash)"` into ~/.bashrc, or the like into ~/.zshrc; for fish write the output to
    ~/.config/fish/completions/referee.fish.
    """
    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(app, {}, "referee", "_REFEREE_COMPLETE").source())
