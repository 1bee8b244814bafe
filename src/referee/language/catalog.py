"""The ``catalog`` of a file: what tools are, and which arguments they take.

Rule 1: an argument is written as in conditions, with ``args.``, and kept without it.
Rule 2: where arguments are declared, an entry names only declared ones.
"""

from __future__ import annotations

from typing import Any, Final

from referee.language.effects import no_path
from referee.language.fields import read_fields, require
from referee.language.names import Frame
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe
from referee.language.problems import Flaw, unknown
from referee.language.scalars import text_of
from referee.language.sql import check_dialect, tables_of
from referee.language.vocabulary import ARGUMENT_TYPES, FILE_ARGUMENT_KEYS, TOOL_KEYS
from referee.model.catalogue import FileArgument, Tool
from referee.model.value import parse_path

_SQL: Final = "name the argument: `sql: args.query`"
_ARGUMENTS: Final = ("shell", "http", "method", "cwd", "patch", "sql")


def read_catalog(node: Node, frame: Frame) -> dict[str, Tool]:
    """Read all tools.

    Raises:
        Flaw: the node is not a mapping.
    """
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from tools to what they are, found {describe(node)}", node)
    tools: dict[str, Tool] = {}
    for name, (_, value) in node.entries.items():
        tool = frame.problems.attempt(_tool, name, value, frame)
        if tool is not None:
            tools[name] = tool
    return tools


def _tool(name: str, node: Node, frame: Frame) -> Tool:
    fields = read_fields(node, TOOL_KEYS, frame, "a tool")
    attempt = frame.problems.attempt
    declared = attempt(_declared, fields["args"], frame) if "args" in fields else None
    places: dict[str, Any] = {key: attempt(_argument, fields[key], declared) for key in _ARGUMENTS if key in fields}
    files = attempt(_files, fields["file"], fields.get("access", "read"), declared, frame) if "file" in fields else ()
    if "access" in fields and "file" not in fields:
        raise Flaw("conflicting-keys", "`access` says what is done to a `file`, and none is named", node)
    for key in ("dialect", "schema"):
        if key in fields and "sql" not in fields and isinstance(node, Mapping) and "sql" not in node.entries:
            frame.problems.add(Flaw("conflicting-keys", f"`{key}` is about SQL, and no argument has it", node, _SQL))
    return Tool(
        name=name,
        canonical=fields.get("canonical"),
        dialect=attempt(_dialect, fields["dialect"]) if "dialect" in fields else None,
        schema=attempt(tables_of, fields["schema"], frame.problems) if "schema" in fields else None,
        files=files or (),
        arguments=declared,
        **places,
    )


def _dialect(node: Node) -> str:
    return check_dialect(text_of(node, "a dialect"), node)


def _declared(node: Node, frame: Frame) -> dict[str, str]:
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from arguments to types, found {describe(node)}", node)
    found: dict[str, str] = {}
    for name, (_, value) in node.entries.items():
        found[name] = frame.problems.attempt(_type, value) or "any"
    return found


def _type(node: Node) -> str:
    name = text_of(node, "the type of an argument")
    if name not in ARGUMENT_TYPES:
        raise unknown("unknown-value", "type of argument", name, node, ARGUMENT_TYPES)
    return name


def _argument(node: Node, declared: dict[str, str] | None) -> str:
    text = text_of(node, "the path of an argument")
    path = parse_path(text[5:]) if text.startswith("args.") else None
    if path is None or "**" in path:
        raise no_path(text, node)
    if declared is not None and str(path[0]) not in declared:
        raise unknown("unknown-attribute", "argument", str(path[0]), node, declared)
    return text[5:]


def _files(node: Node, access: str, declared: dict[str, str] | None, frame: Frame) -> tuple[FileArgument, ...]:
    found: list[FileArgument] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        file = frame.problems.attempt(_file, item, access, declared, frame)
        if file is not None:
            found.append(file)
    return tuple(found)


def _file(node: Node, access: str, declared: dict[str, str] | None, frame: Frame) -> FileArgument:
    if isinstance(node, Scalar):
        return FileArgument(_argument(node, declared), access)
    fields: dict[str, Any] = read_fields(node, FILE_ARGUMENT_KEYS, frame, "a file argument")
    require(fields, node, ("path",), "a file argument")
    path = _argument(fields["path"], declared) if "path" in fields else ""
    return FileArgument(path, fields.get("access", access))
