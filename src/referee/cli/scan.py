"""``referee scan``: secrets, personal data and orders to models in files.

Rule 1: a finding is told by its kind, place and length; what was found is never printed.
Rule 2: what could not be scanned counts as a problem: the exit code is 1 then too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from referee._version import __version__
from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.render import bold, dim, print_json
from referee.cli.scanning import Found, Problem, files, scan_file, scan_stream
from referee.scanners.builtin import ALIASES, SCANNERS, builtin
from referee.scanners.protocol import Scanner

_SHOWN: Final = 8
"""So many characters are masked by a star each; longer findings by their length."""


@command("scan")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "--scanner", "scanners", multiple=True, type=click.Choice([*SCANNERS, *ALIASES]), help="Only this scanner."
)
@click.option("--kind", "kinds", multiple=True, help="Only findings of this kind.")
@click.option(
    "--min-score", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Only findings as sure as this."
)
@click.option("--json", "form", flag_value="json", help="Print the findings as JSON.")
@click.option("--sarif", "form", flag_value="sarif", help="Print the findings as SARIF 2.1.0.")
def main(
    paths: tuple[str, ...], scanners: tuple[str, ...], kinds: tuple[str, ...], min_score: float, form: str | None
) -> int:
    """Look for secrets, personal data and orders to models in files and folders; `-` is standard input.

    Exit codes: 0 nothing found · 1 findings, or files that cannot be read · 2 a path that is none.
    """
    chosen = [builtin()[name] for name in dict.fromkeys(ALIASES.get(name, name) for name in scanners or SCANNERS[:5])]
    _check_kinds(kinds)
    found: list[Found] = []
    problems: list[Problem] = []
    for one in _scanned(paths, chosen):
        if isinstance(one, Problem):
            problems.append(one)
        elif one.score >= min_score and (not kinds or one.kind in kinds):
            found.append(one)
            if form is None:
                click.echo(_line(one))
    if form == "json":
        print_json({"findings": found, "problems": problems})
    elif form == "sarif":
        print_json(_sarif(found, problems))
    else:
        for problem in problems:
            click.echo(f"referee: `{problem.path}` was not scanned: {problem.why}", err=True)
        if not found and not problems:
            click.echo("nothing found")
    return Exit.REFUSED if found or problems else Exit.OK


def _check_kinds(kinds: Iterable[str]) -> None:
    from referee.language.suggest import meant  # start-up time: only mistakes need it

    known = {pattern.kind for name in SCANNERS for pattern in getattr(builtin()[name], "patterns", ())}
    for kind in kinds:
        if kind not in known:
            near = meant(kind, known)
            raise click.UsageError(f"no scanner finds `{kind}`" + (f"; did you mean `{near[0]}`?" if near else ""))


def _scanned(paths: tuple[str, ...], scanners: list[Scanner]) -> Iterator[Found | Problem]:
    todo: list[Path] = []
    for path in dict.fromkeys(paths):
        if path == "-":
            yield from scan_stream(sys.stdin.buffer, "-", "", scanners)
            continue
        place = Path(path)
        if place.is_dir():
            todo += files(place)
        elif not place.exists():
            raise click.UsageError(f"there is no file `{path}`")
        elif not place.is_file():
            raise click.UsageError(f"`{path}` is no file but a pipe or a device")
        else:
            todo.append(place)
    for file in _progress(todo):
        yield from scan_file(file, scanners)


def _progress(todo: list[Path]) -> Iterator[Path]:
    """Go through files; on a terminal that does not show findings, a bar shows how far."""
    if len(todo) < 2 or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from todo
        return
    from rich.console import Console  # start-up time: only people who wait see a bar
    from rich.progress import track  # start-up time: as above

    yield from track(todo, "scanning", console=Console(stderr=True), transient=True)


def _line(found: Found) -> str:
    masked = "*" * found.length if found.length <= _SHOWN else f"{'*' * _SHOWN} ({found.length} characters)"
    at = f"  at {found.at}" if found.at else ""
    return f"{bold(f'{found.path}:{found.line}:{found.column}')}: {found.scanner} {found.kind} {masked}{dim(at)}"


def _sarif(found: list[Found], problems: list[Problem]) -> dict[str, Any]:
    rules = sorted({f"{one.scanner}/{one.kind}" for one in found})
    driver = {"name": "referee", "version": __version__, "rules": [{"id": rule} for rule in rules]}
    notes = [
        {"level": "error", "message": {"text": f"not scanned: {problem.why}"}, "locations": [_location(problem.path)]}
        for problem in problems
    ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, rules) for one in found],
        "invocations": [{"executionSuccessful": not problems, "toolExecutionNotifications": notes}],
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _result(found: Found, rules: list[str]) -> dict[str, Any]:
    rule = f"{found.scanner}/{found.kind}"
    location = _location(found.path)
    location["physicalLocation"]["region"] = {
        "startLine": found.line,
        "startColumn": found.column,
        "endLine": found.end_line,
        "endColumn": found.end_column,
    }
    told = f"{found.kind}, {found.length} characters" + (f", at {found.at}" if found.at else "")
    return {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "level": "error" if found.scanner == "secret" else "warning",
        "message": {"text": told},
        "properties": msgspec.structs.asdict(found) | {"path": found.path.replace("\\", "/")},
        "locations": [location],
    }


def _location(path: str) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": path.replace("\\", "/")}}}
