"""``referee fmt``: one layout for every policy file."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.reading import files
from referee.cli.render import print_json
from referee.language.format import format_text


@command("fmt")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--check", is_flag=True, help="Change nothing; say what would change.")
@click.option("--diff", is_flag=True, help="Change nothing; print the difference.")
@click.option("--json", "as_json", is_flag=True, help="Print the names of changed files as JSON.")
def main(paths: tuple[str, ...], *, check: bool, diff: bool, as_json: bool) -> int:
    """Lay policy files out the same way everywhere. `-` reads standard input and prints the result.

    Exit codes: 0 laid out · 1 with --check or --diff: something would change · 2 a policy does not compile.
    """
    if paths == ("-",):
        click.echo(format_text(sys.stdin.read()), nl=False)
        return Exit.OK
    changed: list[str] = []
    for path in _files(paths):
        before = path.read_text(encoding="utf-8")
        after = format_text(before)
        if after == before:
            continue
        changed.append(str(path))
        if diff:
            click.echo(_difference(str(path), before, after), nl=False)
        elif not check:
            path.write_text(after, encoding="utf-8")
    if as_json:
        print_json({"changed": changed})
    elif not diff:
        for name in changed:
            click.echo(f"{'would change' if check else 'changed'} {name}")
    return Exit.REFUSED if changed and (check or diff) else Exit.OK


def _files(paths: tuple[str, ...]) -> list[Path]:
    return [file for path in paths for file in files(path)]


def _difference(name: str, before: str, after: str) -> str:
    return "".join(
        difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (new)")
    )
