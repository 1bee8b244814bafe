"""What a tool says of itself, read from whatever lists tools.

Rule 1: reading never fails: what is no definition is left out, and counted by the caller if it matters.
Rule 2: every text of a definition is read, wherever it stands: keys, defaults, examples, comments, annotations.
Rule 3: a definition is bounded: so many texts, so deep; what is beyond is told as ``too_large``.

Understood are answers to MCP's ``tools/list``, ``prompts/list`` and ``resources/list``, bare lists, tools by server, and the
tool definitions of model APIs (``input_schema``, ``parameters``, ``{"type": "function", "function": {...}}``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

LISTS: Final = ("tools", "prompts", "resources", "resourceTemplates")
MAX_DEPTH: Final = 40
MAX_TEXTS: Final = 20_000
_SCHEMAS: Final = ("inputSchema", "input_schema", "parameters", "args_schema", "schema")
_DEEPEST: Final = 6
"""How deep in a file lists of tools are looked for."""


class ToolDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A tool as its server describes it; ``rest`` is everything that has no field here, annotations among it."""

    name: str
    description: str = ""
    schema: Any = None
    server: str = ""
    rest: dict[str, Any] = {}

    @property
    def content(self) -> dict[str, Any]:
        """The definition as one mapping, under the names that MCP gives them."""
        found = {"name": self.name, "description": self.description, "inputSchema": self.schema, **self.rest}
        return {key: value for key, value in found.items() if value not in (None, "")}


class Text(msgspec.Struct, frozen=True):
    """A text in a definition: its path, whether it is a key, and the last word of the path that a schema gives meaning."""

    path: str
    text: str
    key: bool
    place: str


def definitions(data: Any, server: str = "") -> list[ToolDefinition]:
    """Find the tools that ``data``, a JSON value, lists.

    >>> [tool.name for tool in definitions({"result": {"tools": [{"name": "add"}, {"name": "sub"}]}})]
    ['add', 'sub']
    >>> [(tool.server, tool.name) for tool in definitions({"math": {"tools": [{"name": "add"}]}})]
    [('math', 'add')]
    """
    return list(_found(data, server, 0))


def _found(data: Any, server: str, depth: int) -> Iterator[ToolDefinition]:
    if depth > _DEEPEST:
        return
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        for item in data:
            tool = definition(item, server)
            yield from [tool] if tool is not None else _found(item, server, depth + 1)
    elif isinstance(data, Mapping):
        yield from _of_mapping(data, server, depth)


def _of_mapping(data: Mapping[str, Any], server: str, depth: int) -> Iterator[ToolDefinition]:
    lists = [name for name in LISTS if isinstance(data.get(name), (list, tuple, dict))]
    own = _server(data) or server
    if lists:
        for name in lists:
            yield from _listed(data[name], own, depth)
    elif (tool := definition(data, server)) is not None:
        yield tool
    else:
        for name, value in data.items():
            if isinstance(value, (Mapping, list, tuple)):
                inner = own if name in {"result", "data", "servers", "mcpServers", "response"} else str(name)
                yield from _found(value, inner, depth + 1)


def _listed(data: Any, server: str, depth: int) -> Iterator[ToolDefinition]:
    """Read a list of tools, or a mapping from their names."""
    if isinstance(data, Mapping):
        data = [{"name": name, **value} for name, value in data.items() if isinstance(value, Mapping)]
    yield from _found(data, server, depth + 1)


def _server(data: Mapping[str, Any]) -> str:
    info = data.get("serverInfo")
    named = info.get("name") if isinstance(info, Mapping) else data.get("server")
    return named if isinstance(named, str) else ""


def definition(data: Any, server: str = "") -> ToolDefinition | None:
    """Read one definition; ``None`` if it is none."""
    if not isinstance(data, Mapping):
        return None
    inner = data.get("function")
    if isinstance(inner, Mapping):
        data = inner
    name = data.get("name", data.get("uri", data.get("uriTemplate")))
    if not isinstance(name, str) or not (len(data) > 1 or "name" in data):
        return None
    key = next((key for key in _SCHEMAS if isinstance(data.get(key), Mapping)), None)
    described = data.get("description")
    taken = {"name", "description" if isinstance(described, str) else "", key or ""}
    return ToolDefinition(
        name=name,
        description=described if isinstance(described, str) else "",
        schema=None if key is None else data[key],
        server=_server(data) or server,
        rest={str(key): value for key, value in data.items() if key not in taken and key != "server"},
    )


def texts(tool: ToolDefinition) -> Iterator[Text]:
    """Give every text of a definition, keys too, in the order of the definition; at most ``MAX_TEXTS``."""
    left = MAX_TEXTS
    todo: list[tuple[str, Any, str, int]] = [("", tool.content, "", 0)]
    while todo and left > 0:
        path, value, place, depth = todo.pop()
        if isinstance(value, str):
            left -= 1
            yield Text(path, value, key=False, place=place)
        elif depth >= MAX_DEPTH:
            continue
        elif isinstance(value, Mapping):
            for key in value:
                left -= 1
                yield Text(f"{path}.{key}".lstrip("."), str(key), key=True, place=place)
            inner = [
                (f"{path}.{key}".lstrip("."), item, _place(place, str(key)), depth + 1) for key, item in value.items()
            ]
            todo += reversed(inner)
        elif isinstance(value, Sequence) and not isinstance(value, bytes):
            todo += reversed([(f"{path}[{at}]", item, place, depth + 1) for at, item in enumerate(value)])


def _place(outer: str, key: str) -> str:
    """Name the part of a schema that a key opens; below ``properties`` a key is a name and means nothing."""
    return "property" if outer == "properties" else key


def properties(tool: ToolDefinition) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give the arguments at any depth: path, name, schema."""
    todo: list[tuple[str, Any, int]] = [("inputSchema", tool.schema, 0)]
    left = MAX_TEXTS
    while todo and left > 0:
        path, schema, depth = todo.pop()
        left -= 1
        if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
            continue
        own = schema.get("properties")
        for name, inner in own.items() if isinstance(own, Mapping) else ():
            where = f"{path}.properties.{name}"
            yield where, str(name), inner if isinstance(inner, Mapping) else {}
            todo.append((where, inner, depth + 1))
        for key in ("items", "additionalProperties", "$defs", "definitions", "anyOf", "oneOf", "allOf"):
            inner = schema.get(key)
            many = inner.values() if key in {"$defs", "definitions"} and isinstance(inner, Mapping) else inner
            todo += [(f"{path}.{key}", one, depth + 1) for one in (many if isinstance(many, (list, tuple)) else [many])]
