"""Several meanings of one name to the one that a call has.

Rule 1: a variant fits a call that has what it requires. Those that fit are all taken: their facets are united, so that of
two readings of a call neither hides the other.
Rule 2: if none fits, everything that any of them requires is required, and the facets fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from referee.facets.arguments import present
from referee.model.catalogue import FileArgument, Tool

_PLACES = ("shell", "http", "links", "method", "cwd", "patch", "glob", "sql")
_IMPLIED = {"shell": "shell.exec", "http": "http.fetch", "sql": "sql.query", "patch": "file.write"}
_DOES = {"read": "read", "write": "write", "delete": "delete", "execute": "read"}
_REQUIRED = ("shell", "http", "links", "patch", "sql")


def meant(tool: Tool, args: Mapping[str, Any]) -> tuple[Tool, ...]:
    """Return the variants that fit a call; a tool without variants is its own.

    >>> [one.canonical for one in meant(Tool(name="t", variants=(Tool(name="t", canonical="a", http="url"),)), {"url": "x"})]
    ['a']
    """
    if not tool.variants:
        return (tool,)
    return tuple(one for one in tool.variants if fits(one, args)) or tool.variants


def reading(tool: Tool, args: Mapping[str, Any]) -> Tool:
    """Return one entry that does what every variant that fits a call would do."""
    return united(meant(tool, args))


def fits(tool: Tool, args: Mapping[str, Any]) -> bool:
    """Tell whether a call has what an entry requires."""
    if tool.given is not None and not holds(tool.given, args):
        return False
    places = [getattr(tool, name) for name in _REQUIRED]
    places += [file.path for file in tool.files]
    return all(place is None or place.endswith("?") or present(args, place) is not None for place in places)


def holds(given: str, args: Mapping[str, Any]) -> bool:
    """Tell whether a call is of the kind that an entry is given for.

    ``a|b``: one of these is set; ``!a``: it is not; ``a=x|y``, ``a!=x``: it is, or is not, one of these words.

    >>> holds("command!=view", {"command": "create"}), holds("isUrl", {"isUrl": False}), holds("!url", {})
    (True, False, True)
    """
    name, unequal, words = given.partition("!=")
    if unequal:
        return str(args.get(name)) not in words.split("|")
    name, equal, words = given.partition("=")
    if equal:
        return str(args.get(name)) in words.split("|")
    wanted = not name.startswith("!")
    return any(bool(args.get(one)) for one in name.removeprefix("!").split("|")) is wanted


def names_of(tool: Tool) -> tuple[str, ...]:
    """Return the canonical names of a tool: those that its entry states, else those of what it does.

    >>> names_of(Tool(name="t", shell="cmd")), names_of(Tool(name="t", files=(FileArgument("a", "delete"),)))
    (('shell.exec',), ('file.delete',))
    """
    if tool.canonicals:
        return tool.canonicals
    told = [name for place, name in _IMPLIED.items() if getattr(tool, place) is not None]
    return tuple(dict.fromkeys((*told, *(f"file.{_DOES.get(file.access, 'read')}" for file in tool.files))))


def united(tools: tuple[Tool, ...]) -> Tool:
    """Put entries together into one that does what any of them does.

    >>> united((Tool(name="t", canonical="a", http="url"), Tool(name="t", canonical="b", http="uri"))).http
    'url|uri'
    """
    first, *rest = tools
    if not rest:
        return first
    names = dict.fromkeys(name for tool in tools for name in tool.canonicals)
    dialects = {tool.dialect for tool in tools if tool.sql is not None}
    return msgspec.structs.replace(
        first,
        canonical=next(iter(names), None),
        also=tuple(names)[1:],
        commands=tuple(dict.fromkeys(line for tool in tools for line in tool.commands)),
        files=_files(tools),
        dialect=dialects.pop() if len(dialects) == 1 else None,
        sure=all(tool.sure for tool in tools),
        given=None,
        variants=(),
        **{name: _places(getattr(tool, name) for tool in tools) for name in _PLACES},
    )


def _places(given: Iterable[str | None]) -> str | None:
    """Join alternatives; what one of the tools does without may be absent."""
    told = list(given)
    places = [place for place in told if place is not None]
    if not places:
        return None
    names = dict.fromkeys(name for place in places for name in place.removesuffix("?").split("|"))
    optional = len(places) < len(told) or any(place.endswith("?") for place in places)
    return "|".join(names) + ("?" if optional else "")


def _files(tools: tuple[Tool, ...]) -> tuple[FileArgument, ...]:
    """Join the places of one access, where every tool has just one; else list them all."""
    accesses = dict.fromkeys(file.access for tool in tools for file in tool.files)
    single = all(len({file.access for file in tool.files}) == len(tool.files) for tool in tools)
    if not single:
        return tuple(dict.fromkeys(file for tool in tools for file in tool.files))
    found: list[FileArgument] = []
    for access in accesses:
        place = _places(next((file.path for file in tool.files if file.access == access), None) for tool in tools)
        found += [] if place is None else [FileArgument(place, access)]
    return tuple(found)
