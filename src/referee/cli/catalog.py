"""``referee catalog``: what tools are, what one call of a tool does, and what a list of tools takes.

Rule 1: what is shown of a call is what conditions can see of it: names, paths, hosts and effects, never whole texts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import msgspec

from referee.cli.app import group
from referee.cli.exits import Exit
from referee.cli.pinning import checked, inspected, pinned
from referee.cli.reading import check, report
from referee.cli.render import bold, dim, print_json
from referee.cli.requesting import value
from referee.enforce.policies import here
from referee.errors import PolicyError
from referee.facets.catalogue import FAMILIES, lookup
from referee.facets.catalogue.notation import Family
from referee.facets.compute import compute
from referee.language.suggest import nearest
from referee.language.toolfiles import read_tools
from referee.model.catalogue import CANONICAL, Catalogue, Shape, Tool
from referee.model.facts import Failed, HttpFacet, ShellFacet, ToolFacet
from referee.model.request import Request
from referee.model.sql import SqlFacet

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_SHOWN: Final[dict[type, tuple[str, ...]]] = {
    ShellFacet: ("programs", "effects", "paths", "hosts", "missing"),
    HttpFacet: ("host", "scheme", "method", "path", "address"),
}
_WORDS: Final = ((None, "not known"), (True, "yes"), (False, "no"))
_PLACES: Final = ("shell", "http", "links", "method", "cwd", "patch", "glob", "sql", "dialect", "given")


@group("catalog", invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Show what tools are, and what a call of one does.

    Without a command: the programs whose tools are known. Exit codes: 0 shown · 1 not known · 2 a file that is wrong.
    """
    if context.invoked_subcommand is None:
        _families(as_json=False)


@main.command("list")
@click.argument("name", required=False)
@_JSON
def listed(name: str | None, *, as_json: bool) -> int:
    """List the programs whose tools are known, or the tools of NAME: a program, a server, or a canonical name."""
    if name is None:
        _families(as_json=as_json)
        return Exit.OK
    found = [(family, tool) for family in FAMILIES for tool in _tools(family) if _is_of(name, family, tool)]
    if not found:
        known = [*CANONICAL, *(family.name for family in FAMILIES)]
        near = nearest(name, known, 1)
        raise click.UsageError(f"nothing is called `{name}`" + (f"; did you mean `{near[0]}`?" if near else ""))
    if as_json:
        print_json([{"family": family.name, **_told(tool)} for family, tool in found])
        return Exit.OK
    for family in dict.fromkeys(family.name for family, _ in found):
        click.echo(bold(family))
        for tool in (tool for of, tool in found if of.name == family):
            click.echo(f"  {tool.name:<28} {' '.join(tool.canonicals):<26} {dim(_places(tool))}".rstrip())
    return Exit.OK


@main.command("explain")
@click.argument("tool")
@click.option("--args", "text", help="The arguments as JSON.")
@click.option("--arg", "given", multiple=True, help="One argument NAME=VALUE; the value is JSON if it can be read so.")
@click.option("--policy", "paths", multiple=True, type=click.Path(), help="A policy whose catalog counts.")
@_JSON
def explained(tool: str, text: str | None, given: tuple[str, ...], paths: tuple[str, ...], *, as_json: bool) -> int:
    """Say what a call of TOOL is and does, as rules see it."""
    own: Catalogue = {}
    if paths:
        checked = check(paths)
        if checked.policies is None:
            report(checked.diagnostics, "json" if as_json else None)
            return Exit.USAGE
        own = checked.policies.tools
    request = Request.tool_call(tool, _arguments(text, given))
    told = _seen(request, own)
    if as_json:
        print_json(told)
    else:
        click.echo("\n".join(f"{name:<12} {_line(said)}" for name, said in told.items()))
    return Exit.OK if lookup(tool, own) is not None or told["canonical"] else Exit.REFUSED


@main.command("read")
@click.argument("file", type=click.Path())
@click.option("--server", help="The MCP server whose tools the file lists.")
@_JSON
def read(file: str, server: str | None, *, as_json: bool) -> int:
    """Check a FILE of tools, and show which tools it lists and what they take.

    It is an answer to MCP's `tools/list`, or tool definitions of a model API; a policy takes it with `catalog: {from: FILE}`.
    """
    try:
        data = Path(file).read_bytes()
    except OSError as problem:
        raise PolicyError((), f"the file `{file}` cannot be read ({problem.strerror})") from None
    problems, shapes = read_tools(file, data)
    if problems.found:
        report(problems.found, "json" if as_json else None)
        return Exit.USAGE
    names = {f"mcp__{server}__{name}" if server else name: shape for name, shape in shapes.items()}
    if as_json:
        print_json({name: msgspec.to_builtins(shape) for name, shape in names.items()})
        return Exit.OK
    for name, shape in names.items():
        known = lookup(name, {})
        does = "" if known is None else f"  {dim('known as ' + ', '.join(known.canonicals))}"
        click.echo(f"{bold(name)}{does}")
        for line in _shown(shape, ""):
            click.echo(f"  {line}")
    return Exit.OK


for command in (inspected, pinned, checked):
    main.add_command(command)


def _families(*, as_json: bool) -> None:
    told = [
        {"name": family.name, "tools": len(family.tools), "servers": list(family.servers), "source": family.source}
        for family in FAMILIES
    ]
    if as_json:
        print_json(told)
        return
    for family in told:
        click.echo(f"{family['name']:<20} {family['tools']:>3} tools  {dim(str(family['source']))}")


def _tools(family: Family) -> list[Tool]:
    return [tool for name in family.tools for tool in family.variants(name)]


def _is_of(name: str, family: Family, tool: Tool) -> bool:
    return name in {family.name, tool.name, *family.servers, *tool.canonicals}


def _told(tool: Tool) -> dict[str, Any]:
    return {"canonical": list(tool.canonicals), **msgspec.to_builtins(tool)}


def _places(tool: Tool) -> str:
    """Say where in the arguments of a tool things stand."""
    said = [f"{name}: {place}" for name in _PLACES if (place := getattr(tool, name)) is not None]
    said += [f"{file.access}s: {file.path}" for file in tool.files]
    said += [f"is `{' '.join(line)}`" for line in tool.commands]
    return ", ".join(said)


def _arguments(text: str | None, given: tuple[str, ...]) -> dict[str, Any]:
    args: Any = {} if text is None else value(text)
    if not isinstance(args, dict):
        raise click.UsageError("--args takes a JSON object")
    for one in given:
        name, equals, said = one.partition("=")
        if not (name and equals):
            raise click.UsageError("--arg takes NAME=VALUE")
        args[name] = value(said)
    return args


def _seen(request: Request, own: Catalogue) -> dict[str, Any]:
    """Give what conditions see of a call."""
    told: dict[str, Any] = {}
    surroundings = here()
    what = compute("tool", request, own, surroundings)
    told["canonical"] = [list(names) for names in what.readings] if isinstance(what, ToolFacet) else []
    told["sure"] = what.sure if isinstance(what, ToolFacet) else None
    for name in ("shell", "http", "file", "sql"):
        found = compute(name, request, own, surroundings)
        if found is not None:
            told[name] = _facet(found)
    return told


def _facet(found: Any) -> Any:
    if isinstance(found, Failed):
        return {"failed": found.reason}
    if isinstance(found, SqlFacet):
        return _of_sql(found)
    shown = next((names for kind, names in _SHOWN.items() if isinstance(found, kind)), None)
    if shown is None:
        return [msgspec.to_builtins(file) for file in found]
    return {name: msgspec.to_builtins(getattr(found, name)) for name in shown}


def _of_sql(found: SqlFacet) -> dict[str, Any]:
    accesses = found.accesses
    return {
        "operations": list(dict.fromkeys(access.operation for access in accesses)),
        "tables": list(dict.fromkeys(access.table for access in accesses if access.table)),
        "missing": list(found.missing),
    }


def _line(said: Any) -> str:
    """Write what is seen of one facet in a line."""
    if isinstance(said, dict):
        return " · ".join(f"{name} {_line(one)}" for name, one in said.items() if one not in (None, [], (), ""))
    if isinstance(said, (list, tuple)):
        if said and all(isinstance(one, list) for one in said):
            return " or ".join(_line(one) for one in said)
        if said and all(isinstance(one, dict) and "access" in one for one in said):
            return ", ".join(f"{one['access']} {one['path']}{_classes(one)}" for one in said)
        return ", ".join("?" if one is None else str(one) for one in said) or "none"
    return next((word for value, word in _WORDS if said is value), str(said))


def _classes(file: dict[str, Any]) -> str:
    return f" ({', '.join(file['classes'])})" if file.get("classes") else ""


def _shown(shape: Shape, before: str) -> list[str]:
    """List the arguments of a tool, each as conditions write it."""
    found: list[str] = []
    for name, member in (shape.members or {}).items():
        words = f" ({' | '.join(member.choices[:8])})" if member.choices else ""
        found.append(f"args.{before}{name}: {member.type}{words}")
        found += _shown(member, f"{before}{name}.")
        if member.items is not None:
            found += _shown(member.items, f"{before}{name}[*].")
    return found
