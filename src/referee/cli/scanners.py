"""``referee scanners``: what the scanners find, and by which patterns.

Rule 1: an example is shown with what is found in it masked, so that nothing that looks like a key is printed.
"""

from __future__ import annotations

import re
from collections import Counter
from importlib.util import find_spec
from typing import Any, Final

import click

from referee.cli.app import group
from referee.cli.exits import Exit
from referee.cli.render import bold, dim, print_json
from referee.language.packs import read_pack
from referee.language.suggest import meant
from referee.model.packs import Pattern, spelled
from referee.scanners.builtin import ALIASES, SCANNERS, builtin, engine
from referee.scanners.pack import FOLDER

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_WIDTH: Final = 100


@group("scanners")
def main() -> None:
    """Show what the scanners find."""


@main.command("list")
@_JSON
def listed(*, as_json: bool) -> int:
    """List the scanners, how much each knows, and what finds their patterns."""
    told = [_told(name) for name in SCANNERS]
    if as_json:
        print_json({"engine": _engine(), "scanners": told})
        return Exit.OK
    for one in told:
        also = dim(f"also {', '.join(one['aliases'])}") if one["aliases"] else ""
        name = bold(f"{one['name']:<16}")
        click.echo(f"{name} {one['kinds']:>4} kinds {one['patterns']:>4} patterns  {also}".rstrip())
    click.echo(f"engine: {_engine()}")
    return Exit.OK


@main.command("show")
@click.argument("name")
@_JSON
def shown(name: str, *, as_json: bool) -> int:
    """Show the patterns of scanner NAME: kinds, where the forms come from, examples."""
    canonical = ALIASES.get(name, name)
    if canonical not in SCANNERS:
        near = meant(name, [*SCANNERS, *ALIASES])
        raise click.UsageError(f"no scanner is called `{name}`" + (f"; did you mean `{near[0]}`?" if near else ""))
    patterns = [*_patterns(canonical)]
    if as_json:
        print_json({**_told(canonical), "engine": _engine(), "found_by": [_of_pattern(one) for one in patterns]})
        return Exit.OK
    for kind in sorted({pattern.kind for pattern in patterns}):
        click.echo(bold(kind))
        for pattern in (one for one in patterns if one.kind == kind):
            click.echo(f"  {pattern.id:<40} {pattern.score:.2f}  {pattern.title}".rstrip())
            for text in (*_of_pattern(pattern)["examples"][:1], *pattern.references[:1]):
                click.echo(dim(f"    {text[:_WIDTH]}"))
    return Exit.OK


def _told(name: str) -> dict[str, Any]:
    kinds = Counter(pattern.kind for pattern in getattr(builtin()[name], "patterns", ()))
    aliases = sorted(alias for alias, of in ALIASES.items() if of == name)
    return {"name": name, "aliases": aliases, "kinds": len(kinds), "patterns": kinds.total()}


def _engine() -> str:
    if engine().ready:
        return "hyperscan"
    later = ", hyperscan in a process that scans a lot" if find_spec("hyperscan") else ""
    return f"keywords and expressions{later}"


def _patterns(name: str) -> list[Pattern]:
    """Read the patterns of a scanner as they are written, with their examples."""
    found: list[Pattern] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        _, pack = read_pack(path.name, path.read_bytes())
        if pack is not None and pack.scanner == name:
            found += pack.patterns
    return found


def _of_pattern(pattern: Pattern) -> dict[str, Any]:
    return {
        "id": pattern.id, "kind": pattern.kind, "title": pattern.title, "score": pattern.score, "doubt": pattern.doubt,
        "pattern": pattern.pattern, "keywords": pattern.keywords, "context": pattern.context,
        "validator": pattern.validator, "regions": pattern.regions, "references": pattern.references,
        "examples": [_masked(pattern, spelled(example)) for example in pattern.examples],
    }  # fmt: skip


def _masked(pattern: Pattern, example: str) -> str:
    """Write stars over what the scanner finds in an example of a pattern."""
    match = re.search(pattern.pattern, example, re.ASCII)
    if match is None:
        return "*" * min(len(example), 40)
    start, end = match.span("value" if "value" in match.re.groupindex else 0)
    return " ".join(f"{example[:start]}{'*' * min(end - start, 40)}{example[end:]}".split())
