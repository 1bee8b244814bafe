"""The ``catalog`` of a file: what tools are, and which arguments they take.

Rule 1: an argument is written as in conditions, with ``args.``, and kept without it.
Rule 2: where arguments are declared, an entry names only declared ones.
Rule 3: ``from`` names files that list tools; one that is missing or wrong is a flaw, never an empty catalog.
Rule 4: an entry here says what a tool does, a file which arguments it takes; where both say something, the entry counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from typing import Any, Final

import msgspec

from referee.language.attachments import Attached
from referee.language.effects import no_path
from referee.language.fields import read_fields, require
from referee.language.json_schema import shape_of, types_of
from referee.language.names import Frame, Listing
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe
from referee.language.problems import Flaw, Problems, shorten, unknown
from referee.language.scalars import flag_of, text_of
from referee.language.sql import check_dialect, tables_of
from referee.language.toolfiles import read_tools
from referee.language.vocabulary import ARGUMENT_TYPES, FILE_ARGUMENT_KEYS, REFERENCE_KEYS, TOOL_KEYS
from referee.model.catalogue import CANONICAL, FileArgument, Shape, Tool
from referee.model.value import parse_path

_SQL: Final = "name the argument: `sql: args.query`"
_ARGUMENTS: Final = ("shell", "http", "method", "cwd", "patch", "sql")
_FROM: Final = "from"
_CLOSED: Final = "closed"


class Catalog(msgspec.Struct):
    """What one file says of tools.

    ``closed``: rules speak of no other tools than these. ``servers`` are those whose tools are all listed. ``beside`` are
    the problems of the files that list them.
    """

    tools: dict[str, Tool] = {}
    closed: bool = False
    servers: frozenset[str] = frozenset()
    beside: list[Problems] = []


def read_catalog(node: Node, frame: Frame, attached: Attached | None) -> Catalog:
    """Read all tools. ``attached`` are the files at hand; ``None`` if they are not looked at.

    Raises:
        Flaw: the node is not a mapping.
    """
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from tools to what they are, found {describe(node)}", node)
    catalog = Catalog()
    attempt = frame.problems.attempt
    listed: dict[str, Shape] = {}
    named = node.get(_FROM)
    if named is not None:
        for item in named.items if isinstance(named, Sequence) else (named,):
            attempt(_file, item, frame, attached, catalog, listed)
    closed = node.get(_CLOSED)
    if closed is not None:
        catalog.closed = (attempt(flag_of, closed) or False) and (named is None or attached is not None)
    for name, (_, value) in node.entries.items():
        if name not in {_FROM, _CLOSED}:
            tool = attempt(_tool, name, value, _shape(name, listed), frame)
            if tool is not None:
                catalog.tools[name] = tool
    for name, shape in listed.items():
        _join(catalog.tools, name, shape)
    return catalog


def _join(tools: dict[str, Tool], full: str, shape: Shape) -> None:
    """Put what a file says of a tool together with the entry that has its full name or its own, if there is one."""
    own = full.rsplit("__", 1)[-1]
    for name in dict.fromkeys((own, full)):
        stated = tools.get(name) or (tools.get(own) if name == full else None)
        if stated is None and name != full:
            continue
        base = msgspec.structs.replace(stated or Tool(name=name), name=name)
        tools[name] = base if base.shape else msgspec.structs.replace(base, arguments=types_of(shape), shape=shape)


def listing_of(catalogs: Iterable[Catalog], tools: AnyMapping[str, Tool]) -> Listing:
    """Say which tools there are, by the catalogs of all files."""
    told = list(catalogs)
    servers = frozenset(server for catalog in told for server in catalog.servers)
    return Listing(frozenset(tools), any(catalog.closed for catalog in told), servers)


def _shape(name: str, listed: dict[str, Shape]) -> Shape | None:
    """Give what a file says of a tool, by its full name or by its own."""
    found = listed.get(name)
    return found or next((shape for full, shape in listed.items() if full.endswith(f"__{name}")), None)


def _file(node: Node, frame: Frame, attached: Attached | None, catalog: Catalog, listed: dict[str, Shape]) -> None:
    """Read one file of tools into the catalog."""
    fields: dict[str, Any] = {}
    place: Node = node
    if not isinstance(node, Scalar):
        fields = read_fields(node, REFERENCE_KEYS, frame, "a file of tools")
        require(fields, node, ("path",), "a file of tools")
        if "path" not in fields:
            return
        assert isinstance(node, Mapping)
        place = node.entries["path"][1]
    path = text_of(place, "the path of a file of tools")
    server = fields.get("server")
    if server is not None and ("__" in server or not server.strip() or not server.isprintable()):
        raise Flaw("unknown-value", "the name of a server is a word without `__`", node)
    if attached is None:
        return
    given = attached.get(path)
    if given is None or given.problem:
        reason = "it is not at hand" if given is None else given.problem
        told = "paths are relative to the policy file"
        raise Flaw("missing-file", f"the file `{shorten(path)}` cannot be read: {reason}", place, told)
    problems, found = read_tools(given.path, given.text)
    if given.outside:
        problems.found = [msgspec.structs.replace(diagnostic, excerpt="") for diagnostic in problems.found]
    catalog.beside.append(problems)
    if server is not None and fields.get("closed", True):
        catalog.servers |= {server}
    for name, shape in found.items():
        full = name if server is None else f"mcp__{server}__{name}"
        if full in listed and listed[full] != shape:
            raise Flaw("duplicate-id", f"another file says something else of the tool `{shorten(name)}`", place)
        listed[full] = shape


def _tool(name: str, node: Node, listed: Shape | None, frame: Frame) -> Tool:
    fields = read_fields(node, TOOL_KEYS, frame, "a tool")
    attempt = frame.problems.attempt
    shape = attempt(_declared, fields["args"], frame) if "args" in fields else None
    known = shape or listed
    places: dict[str, Any] = {key: attempt(_argument, fields[key], known) for key in _ARGUMENTS if key in fields}
    files = attempt(_files, fields["file"], fields.get("access", "read"), known, frame) if "file" in fields else ()
    if "access" in fields and "file" not in fields:
        raise Flaw("conflicting-keys", "`access` says what is done to a `file`, and none is named", node)
    for key in ("dialect", "schema"):
        if key in fields and "sql" not in fields and isinstance(node, Mapping) and "sql" not in node.entries:
            frame.problems.add(Flaw("conflicting-keys", f"`{key}` is about SQL, and no argument has it", node, _SQL))
    if "canonical" in fields:
        assert isinstance(node, Mapping)
        attempt(_check_canonical, fields["canonical"], node.entries["canonical"][1])
    return Tool(
        name=name,
        canonical=fields.get("canonical"),
        dialect=attempt(_dialect, fields["dialect"]) if "dialect" in fields else None,
        schema=attempt(tables_of, fields["schema"], frame.problems) if "schema" in fields else None,
        files=files or (),
        arguments=None if shape is None else types_of(shape),
        shape=shape,
        **places,
    )


def _dialect(node: Node) -> str:
    return check_dialect(text_of(node, "a dialect"), node)


def _check_canonical(name: str, node: Node) -> None:
    """Tell a canonical name that is almost a well-known one."""
    family, dot, _ = name.partition(".")
    if dot and name not in CANONICAL and any(known.startswith(f"{family}.") for known in CANONICAL):
        flaw = unknown("unknown-value", "canonical name", name, node, CANONICAL)
        if flaw.help is not None:
            raise flaw


def _declared(node: Node, frame: Frame) -> Shape:
    """Read ``args``: a type for each argument, or a JSON Schema for one of them."""
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from arguments to types, found {describe(node)}", node)
    found: dict[str, Shape] = {}
    for name, (_, value) in node.entries.items():
        reader = _typed if isinstance(value, Scalar) else shape_of
        found[name] = frame.problems.attempt(reader, value, frame) or Shape()
    return Shape(type="mapping", members=found)


def _typed(node: Node, frame: Frame) -> Shape:
    del frame
    name = text_of(node, "the type of an argument")
    if name not in ARGUMENT_TYPES:
        raise unknown("unknown-value", "type of argument", name, node, ARGUMENT_TYPES)
    return Shape(type=name)


def _argument(node: Node, shape: Shape | None) -> str:
    text = text_of(node, "the path of an argument")
    path = parse_path(text[5:]) if text.startswith("args.") else None
    if path is None or "**" in path:
        raise no_path(text, node)
    members = None if shape is None or shape.open else shape.members
    if members is not None and str(path[0]) not in members:
        raise unknown("unknown-attribute", "argument", str(path[0]), node, members)
    return text[5:]


def _files(node: Node, access: str, shape: Shape | None, frame: Frame) -> tuple[FileArgument, ...]:
    found: list[FileArgument] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        file = frame.problems.attempt(_file_argument, item, access, shape, frame)
        if file is not None:
            found.append(file)
    return tuple(found)


def _file_argument(node: Node, access: str, shape: Shape | None, frame: Frame) -> FileArgument:
    if isinstance(node, Scalar):
        return FileArgument(_argument(node, shape), access)
    fields: dict[str, Any] = read_fields(node, FILE_ARGUMENT_KEYS, frame, "a file argument")
    require(fields, node, ("path",), "a file argument")
    path = _argument(fields["path"], shape) if "path" in fields else ""
    return FileArgument(path, fields.get("access", access))
