"""Policy files from the command line, and the printing of what is wrong with them.

Rule 1: a name on the command line is a file or a folder, never a policy text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from referee.cli.render import has_colours, paint, print_json
from referee.enforce.sources import read_all
from referee.language import render
from referee.language.compile import Checked, Source
from referee.language.compile import check as check_sources
from referee.model.source import Diagnostic


def check(paths: Sequence[str], *, layered: bool = False) -> Checked:
    """Check the files of all paths; ``layered`` makes a layer of each path, the first the outermost.

    Raises:
        PolicyError: a file cannot be read.
    """
    texts = read_all([Path(path) for path in paths])
    sources = [Source(text.path, text.text, text.layer if layered else 0) for text in texts]
    return check_sources(sources, tuple(paths) if layered else ("policy",))


def texts_of(paths: Sequence[str]) -> dict[str, str]:
    """Return the text of every policy file of the paths, by the name that findings give it.

    Raises:
        PolicyError: a file cannot be read.
    """
    read = read_all([Path(path) for path in paths])
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
        click.echo(_coloured(render.render_text(diagnostics)), err=any(d.level == "error" for d in diagnostics))
    if otherwise and not diagnostics:
        click.echo(otherwise)


def _coloured(text: str) -> str:
    if not has_colours():
        return text
    lines = text.split("\n")
    return "\n".join(
        paint(line, line.split("[", 1)[0]) if line.startswith(("error[", "warning[")) else line for line in lines
    )
