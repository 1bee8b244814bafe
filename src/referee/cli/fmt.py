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
from referee.language.compile import Source, compile_policies
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
    if "-" in paths:
        return _stream(paths, check=check, diff=diff)
    changed: list[str] = []
    for path in _files(paths):
        before, after = _laid_out(path.read_bytes(), str(path))
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


def _stream(paths: tuple[str, ...], *, check: bool, diff: bool) -> int:
    if len(paths) > 1:
        raise click.UsageError("`-` stands alone")
    before, after = _laid_out(sys.stdin.buffer.read(), "<stdin>")
    if diff:
        click.echo(_difference("<stdin>", before, after), nl=False)
    elif not check:
        click.echo(after, nl=False)
    return Exit.REFUSED if (check or diff) and before != after else Exit.OK


def _laid_out(data: bytes, name: str) -> tuple[str, str]:
    """Give a text as it is, with the line ends of the platform's texts, and as it should be."""
    compile_policies([Source(name, data, attached=None)])  # tells what is wrong, also with the bytes
    before = data.decode("utf-8").replace("\r\n", "\n")
    return before, format_text(before, name)


def _files(paths: tuple[str, ...]) -> list[Path]:
    return [file for path in paths for file in files(path)]


def _difference(name: str, before: str, after: str) -> str:
    return "".join(
        difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (new)")
    )
