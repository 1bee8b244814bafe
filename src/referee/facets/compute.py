"""A request's facets, by name: ``http``, ``file``, ``shell``, ``sql``, and ``tool``, which says what its tool is; its SQL rewritten.

Rule 1: a request without a facet has ``None``; one whose facet cannot be had has ``Failed``. Nothing is raised.
Rule 2: the files of a shell tool are those its commands touch.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from typing import Any, Final

import msgspec

from referee.facets import guesses, shell
from referee.facets.arguments import present, texts, value
from referee.facets.catalogue import lookup
from referee.facets.catalogue.meaning import meant, names_of, reading
from referee.facets.classes import SECRETS, classes
from referee.facets.file import every_file, normal
from referee.facets.http import parse_url
from referee.facets.lines import line_of
from referee.facets.patches import patched
from referee.facets.surroundings import Surroundings
from referee.model.catalogue import CANONICAL, Catalogue, Tool
from referee.model.facts import Failed, FileFacet, HttpFacet, Rewrite, ShellFacet, ToolFacet
from referee.model.request import Request
from referee.model.sql import SqlChange, SqlFacet
from referee.model.value import parse_path

Facet = HttpFacet | ShellFacet | SqlFacet | ToolFacet | Rewrite | tuple[FileFacet, ...] | Failed | None
_Facet = Callable[[Request, Tool | None, Surroundings], Facet]
_LINK: Final = re.compile(r"(?i)\bhttps?://[^\s<>\"`]+")
_LIVE: Final = re.compile(r"[$`\n\r]")
_VERBS: Final = (
    (re.compile(r"(?i)delete|remove|unlink|\brm\b"), "delete"),
    (re.compile(r"(?i)write|edit|create|update|save|append|replace|patch|move|put|upload"), "write"),
)


def compute(name: str, request: Request, own: Catalogue, surroundings: Surroundings) -> Facet:
    """Return the facet called ``name`` of a request; ``own`` are the catalogue entries of the policy files."""
    rewriting = name.startswith("rewrite.")
    facet = _sql if rewriting else _FACETS.get(name)
    if facet is None:
        return Failed(f"there is no facet `{name}`")
    try:
        tool = lookup(request.tool, own) if request.tool else None
        if rewriting:
            entry = None if tool is None else reading(tool, request.args)
            return _rewritten(request, entry, SqlChange.of_fact(name))
        found = facet(request, tool, surroundings)
        unclear = found is None if tool is None else not tool.sure and found == ()
        return (_guessed(name, request, surroundings) or found) if unclear else found
    except Exception:  # noqa: BLE001 - a facet that cannot be computed is failed, whatever the reason
        return Failed(f"the facet `{name}` could not be computed")


def _guessed(name: str, request: Request, surroundings: Surroundings) -> Facet:
    """Say what a tool that no table knows may do."""
    if request.tool is None or name not in {"file", "shell"}:
        return None
    return (
        guesses.commands(request.args, surroundings)
        if name == "shell"
        else guesses.named(request.tool, request.args, surroundings)
    )


def _read(facet: _Facet) -> _Facet:
    """Let a facet see the entry that a call has, of all that its tool's name can mean."""

    def read(request: Request, tool: Tool | None, surroundings: Surroundings) -> Facet:
        return facet(request, None if tool is None else reading(tool, request.args), surroundings)

    return read


def _tool(request: Request, tool: Tool | None, _surroundings: Surroundings) -> Facet:
    """Say what the tool is. One that is called by a canonical name has it, whatever else it is."""
    own = (request.tool,) if request.tool in CANONICAL else ()
    if tool is None:
        return ToolFacet((own,)) if own else None
    readings = dict.fromkeys(tuple(dict.fromkeys((*own, *names_of(one)))) for one in meant(tool, request.args))
    return ToolFacet(tuple(readings), tool.sure)


def _http(request: Request, tool: Tool | None, surroundings: Surroundings) -> Facet:
    if tool is None or (tool.http is None and tool.links is None):
        return None if request.url is None else parse_url(request.url, request.method or "", surroundings)
    found = _urls(request.args, tool)
    if isinstance(found, Failed) or not found:
        missing = found if isinstance(found, Failed) else None
        return missing if request.url is None else parse_url(request.url, request.method or "", surroundings)
    if len(found) != 1:
        return Failed("the arguments name more than one URL")
    method = value(request.args, tool.method) if tool.method else None
    return parse_url(found[0], method if isinstance(method, str) else request.method or "", surroundings)


def _urls(args: dict[str, Any], tool: Tool) -> list[str] | Failed:
    """List the different URLs that the arguments hold, whole or in a text."""
    found: dict[str, None] = {}
    for alternative in [] if tool.http is None else tool.http.removesuffix("?").split("|"):
        told = texts(args, alternative + "?")
        if isinstance(told, Failed):
            return told
        found |= dict.fromkeys(told)
    if tool.links is not None:
        told = texts(args, tool.links)
        if isinstance(told, Failed):
            return told
        found |= dict.fromkeys(url.rstrip(".,;:!?)]}'") for text in told for url in _LINK.findall(text))
        if not found and not tool.links.endswith("?"):
            return Failed("the text names no URL")
    if not found and tool.http is not None and not tool.http.endswith("?"):
        return Failed(f"the argument `{tool.http.partition('|')[0]}` is missing")
    return list(found)


def _shell(request: Request, tool: Tool | None, surroundings: Surroundings) -> Facet:
    code = _text_of(request.args, tool)
    if not isinstance(code, str) or tool is None:
        return code if isinstance(code, Failed) else None
    return shell.parse(code, _placed(request, tool, surroundings))


def _text_of(args: dict[str, Any], tool: Tool | None) -> str | Failed | None:
    """Return the shell text of a call: the one it carries, and the command lines that it amounts to."""
    if tool is None or (tool.shell is None and not tool.commands):
        return None
    given = tool.shell is not None and not (tool.shell.endswith("?") and present(args, tool.shell) is None)
    lines = [_code(args, tool.shell.removesuffix("?"))] if given and tool.shell is not None else []
    lines += [line_of(command, args) for command in tool.commands]
    failed = next((line for line in lines if isinstance(line, Failed)), None)
    return failed or "\n".join(map(str, lines)) if lines else None


def _sql(request: Request, tool: Tool | None, _surroundings: Surroundings) -> Facet:
    if tool is None or tool.sql is None:
        return None
    from referee.facets.sql import parse_sql  # start-up time: the parser takes 100 ms to load

    found = _statement(request.args, tool.sql)
    return found if isinstance(found, Failed) else parse_sql(found[1], tool.dialect, tool.schema)


def _rewritten(request: Request, tool: Tool | None, change: SqlChange) -> Facet:
    if tool is None or tool.sql is None:
        return None
    from referee.facets.sql.rewriting import rewrite  # start-up time: the parser takes 100 ms to load

    found = _statement(request.args, tool.sql)
    if isinstance(found, Failed):
        return found
    text = rewrite(found[1], change, tool.dialect, tool.schema)
    path = parse_path(found[0])
    if path is None or isinstance(text, Failed):
        return text if isinstance(text, Failed) else Failed("the argument with the SQL is not one place")
    return Rewrite(path, text)


def _statement(args: dict[str, Any], place: str) -> tuple[str, str] | Failed:
    """Return where the SQL stands, and the SQL. Two arguments that could both be it are none."""
    place = place.removesuffix("?")
    found = [(name, args[name]) for name in place.split("|") if args.get(name) is not None] if "|" in place else []
    if any(text != found[0][1] for _, text in found[1:]):
        return Failed("more than one argument can be the SQL")
    name, text = found[0] if found else (place, value(args, place))
    return (name, text) if isinstance(text, str) else Failed("the argument with the SQL is missing or not a text")


def _code(args: dict[str, Any], place: str) -> str | Failed:
    """Return the shell text: a text, the words of one command, or a list of texts as JSON."""
    given = [args[name] for name in place.split("|") if args.get(name) is not None] if "|" in place else []
    if any(one != given[0] for one in given[1:]):
        return Failed("more than one argument can be the command")
    found = value(args, place)
    if isinstance(found, str):
        more = args.get("args")
        if isinstance(more, list) and more and all(isinstance(word, str) for word in more):
            return f"{found} {shlex.join(more)}"
        return _from_json(found) if found.lstrip().startswith("[") else found
    if isinstance(found, list) and found and all(isinstance(word, str) for word in found):
        several = " " in found[0] or any(name.endswith("commands") and args.get(name) for name in place.split("|"))
        return "\n".join(found) if several else shlex.join(found)
    return Failed("the argument with the command is missing or not a text")


def _from_json(text: str) -> str:
    """Return the lines of a list; what a shell would run in the very same text comes before them."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(data, list) or not data or not all(isinstance(one, str) for one in data):
        return text
    lines = "\n".join(data)
    return f"{text}\n{lines}" if _LIVE.search(text) else lines


def _placed(request: Request, tool: Tool, surroundings: Surroundings) -> Surroundings:
    """Take the working folder from the arguments, if the tool has it there."""
    folder = value(request.args, tool.cwd) if tool.cwd else None
    if not isinstance(folder, str) or not folder:
        return surroundings
    return msgspec.structs.replace(surroundings, cwd=normal(folder, surroundings))


def _file(request: Request, tool: Tool | None, surroundings: Surroundings) -> Facet:
    named: list[tuple[str, str]] = []
    found: tuple[FileFacet, ...] = ()
    if tool is not None:
        asked = _named(request, tool)
        if isinstance(asked, Failed):
            return asked
        named = asked
        code = _text_of(request.args, tool)
        touched = code if not isinstance(code, str) else shell.files(code, _placed(request, tool, surroundings))
        if isinstance(touched, Failed):
            return touched
        found = touched or ()
    if request.resource.path is not None and not named:
        named.append((request.resource.path, _access(request, tool)))
    for path, access in named:
        facets = every_file(path, access, surroundings)
        if isinstance(facets, Failed):
            return facets
        found += facets
    if not found and tool is not None and surroundings.cwd is not None and _looks_here(tool):
        return every_file(surroundings.cwd, "read", surroundings)
    return tuple(dict.fromkeys(found)) if found or _has_files(tool) else None


def _looks_here(tool: Tool) -> bool:
    """Tell whether a tool that is given no path looks through the working folder."""
    return bool(tool.files) and all(name in {"file.list", "file.search"} for name in tool.canonicals or ("",))


def _has_files(tool: Tool | None) -> bool:
    return tool is not None and bool(tool.files or tool.patch or tool.shell or tool.commands)


def _named(request: Request, tool: Tool) -> list[tuple[str, str]] | Failed:
    """List the paths in the arguments, each with what is done to it."""
    named: list[tuple[str, str]] = []
    for argument in tool.files:
        paths = texts(request.args, argument.path)
        if isinstance(paths, Failed):
            return paths
        for other in argument.path.removesuffix("?").split("|")[1:]:
            more = texts(request.args, other + "?")
            paths = paths + more if isinstance(more, list) and len(request.args) > 1 else paths
        named += [(path, argument.access) for path in dict.fromkeys(paths)]
    if tool.http is not None:
        named += _local(_urls(request.args, tool))
    if tool.glob is not None:
        named += _wanted(value(request.args, tool.glob))
    if tool.patch is not None:
        changed = _changed(request.args, tool.patch)
        if isinstance(changed, Failed):
            return changed
        named += changed
    return named


def _changed(args: dict[str, Any], place: str) -> list[tuple[str, str]] | Failed:
    """List the files of the patches in the arguments; a list of words is a command line that carries one."""
    found = present(args, place)
    if found is None:
        return [] if place.endswith("?") else Failed("the argument with the patch is missing")
    given = [part for one in found for part in (one if isinstance(one, list) else [one])]
    if not all(isinstance(part, str) for part in given):
        return Failed("the argument with the patch is not a text")
    changed = [pair for patch in given for pair in patched(patch)]
    return changed or Failed("the patch names no file")


def _local(urls: list[str] | Failed) -> list[tuple[str, str]]:
    """List the files among URLs."""
    found = [] if isinstance(urls, Failed) else [url.strip() for url in urls]
    return [(url, "read") for url in found if url[:5].lower() == "file:"]


def _wanted(glob: Any) -> list[tuple[str, str]]:
    """Return the secret files that a search is bounded to by its glob."""
    bare = re.sub(r"[*?]", "", glob) if isinstance(glob, str) else ""
    return [(piece, "read") for piece in re.split(r"[,{} ]", bare) if not SECRETS.isdisjoint(classes(piece))]


def _access(request: Request, tool: Tool | None) -> str:
    if tool is not None and tool.files:
        return tool.files[0].access
    return next((access for pattern, access in _VERBS if pattern.search(request.tool or "")), "read")


_FACETS: Final[dict[str, _Facet]] = {
    "http": _read(_http),
    "file": _read(_file),
    "shell": _read(_shell),
    "sql": _read(_sql),
    "tool": _tool,
}
