"""Policy files from the command line, and the printing of what is wrong with them.

Rule 1: a name on the command line is a file or a folder, never a policy text; ``-`` is standard input.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import click

from referee.cli.render import has_colours, paint, print_json
from referee.enforce.sources import read_all
from referee.language import render
from referee.language.compile import Checked, Source
from referee.language.compile import check as check_sources
from referee.model.source import Diagnostic


def sources(paths: Sequence[str]) -> list[Path | bytes]:
    """Give what names on the command line mean: files and folders, and ``-`` what standard input has.

    Raises:
        click.UsageError: standard input is asked for twice.
    """
    if paths.count("-") > 1:
        raise click.UsageError("standard input can only be read once")
    return [_whole(sys.stdin.buffer) if path == "-" else Path(path) for path in paths]


@lru_cache(1)
def _whole(stream: BinaryIO) -> bytes:
    return stream.read() + b"\n"


def check(paths: Sequence[str], *, layered: bool = False) -> Checked:
    """Check the files of all paths; ``layered`` makes a layer of each path, the first the outermost.

    Raises:
        PolicyError: a file cannot be read.
    """
    read = [Source(it.path, it.text, it.layer if layered else 0, it.attached) for it in read_all(sources(paths))]
    return check_sources(read, tuple(paths) if layered else ("policy",))


def texts_of(paths: Sequence[str]) -> dict[str, str]:
    """Return the text of every policy file of the paths, by the name that findings give it.

    Raises:
        PolicyError: a file cannot be read.
    """
    read = read_all(sources(paths))
    return {text.path: text.text.decode() if isinstance(text.text, bytes) else text.text for text in read}


def files(path: str) -> list[Path]:
    """List the policy files that a path means.

    Raises:
        PolicyError: there is none, or one cannot be read.
    """
    return [Path(text.path) for text in read_all([Path(path)])]


def report(diagnostics: Sequence[Diagnostic], form: str | None, *, otherwise: str = "") -> None:
    """Print diagnostics as text, JSON or SARIF; as text ``otherwise`` says that all is well."""
    if form is not None:
        made: Any = render.to_json(diagnostics) if form == "json" else render.to_sarif(diagnostics)
        print_json(made)
        return
    if diagnostics:
        err = any(d.level == "error" for d in diagnostics)
        click.echo(_coloured(render.render_text(diagnostics), err=err), err=err)
    if otherwise and not diagnostics:
        click.echo(otherwise)


def _coloured(text: str, *, err: bool) -> str:
    if not has_colours(err=err):
        return text
    lines = text.split("\n")
    return "\n".join(
        paint(line, line.split("[", 1)[0], err=err) if line.startswith(("error[", "warning[")) else line
        for line in lines
    )
