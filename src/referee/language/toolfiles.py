"""Files that list tools: answers to MCP's ``tools/list``, and the tool definitions of model APIs.

Rule 1: such a file says which arguments a tool takes. What a tool does is for the policy, or for the built-in catalogue.
Rule 2: what is wrong in it is told at its place in that file; a file that lists nothing is wrong.

Understood are ``{"tools": […]}``, the same in a JSON-RPC answer, a bare list, and a mapping from names to schemas. A tool is
``{name, inputSchema}`` (MCP), ``{name, input_schema}`` (Anthropic), ``{name, parameters}`` or ``{function: {…}}`` (OpenAI).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from referee.language.json_schema import ANY, shape_of
from referee.language.jsontext import read_json
from referee.language.names import Frame
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe
from referee.language.problems import Enough, Flaw, Problems, shorten
from referee.language.scalars import text_of
from referee.model.catalogue import Shape

_SCHEMAS: Final = ("inputSchema", "input_schema", "parameters")
_SHAPES: Final = 'an answer to `tools/list`: `{"tools": [{"name": …, "inputSchema": {…}}]}`'
_WORDS: Final = frozenset({"type", "properties", "$ref", "anyOf", "oneOf", "allOf", "additionalProperties", "$schema"})
_RULE: Final = frozenset({"action", "when", "unless"})
"""What a rule says and no tool does: a policy that was taken for tools would be in force no longer."""
MAX_TOOLS: Final = 10_000


def read_tools(path: str, text: bytes | str) -> tuple[Problems, dict[str, Shape]]:
    """Read the tools of a file with what they take; problems are those of this file.

    >>> read_tools("t.json", '[{"name": "a", "inputSchema": {"properties": {"q": {"type": "string"}}}}]')[1]["a"].members
    {'q': Shape(type='string')}
    """
    problems, root = read_json(path, text)
    found: dict[str, Shape] = {}
    if root is None:
        return problems, found
    frame = Frame(problems)
    with suppress(Enough):
        problems.attempt(_read, root, frame, found)
    return problems, found


def _read(root: Node, frame: Frame, found: dict[str, Shape]) -> None:
    listed = _listed(root)
    if listed is None:
        assert isinstance(root, Mapping)
        for name, (key, value) in root.entries.items():
            if name != "$schema":
                frame.problems.attempt(_named, name, key, value, frame, found)
    else:
        if len(listed.items) > MAX_TOOLS:
            raise Flaw("too-large", f"the file lists more than {MAX_TOOLS} tools", listed)
        for item in listed.items:
            frame.problems.attempt(_tool, item, frame, found)
    if not found and not frame.problems.found:
        raise Flaw("empty", "the file lists no tool", root, f"it is {_SHAPES}")


def _listed(root: Node) -> Sequence | None:
    """Find the list of tools; ``None`` if the file maps names to schemas.

    Raises:
        Flaw: it is neither.
    """
    if isinstance(root, Sequence):
        return root
    if not isinstance(root, Mapping):
        raise Flaw("wrong-type", f"expected a list of tools, found {describe(root)}", root, f"it is {_SHAPES}")
    inner = root.get("result")
    holder = inner if isinstance(inner, Mapping) and "tools" in inner.entries else root
    tools = holder.get("tools")
    if tools is None:
        _check_schemas(root)
        return None
    if not isinstance(tools, Sequence):
        raise Flaw("wrong-type", f"expected a list of tools, found {describe(tools)}", tools, f"it is {_SHAPES}")
    return tools


def _check_schemas(root: Mapping) -> None:
    """Tell a file that is something else, such as one schema or an error."""
    for name, (key, value) in root.entries.items():
        if name == "$schema":
            continue
        if not isinstance(value, Mapping) or (value.entries and _WORDS.isdisjoint(value.entries)):
            raise Flaw("wrong-type", f"`{shorten(name)}` is no tool with a schema", key, f"the file is {_SHAPES}")


def _named(name: str, key: Scalar, node: Node, frame: Frame, found: dict[str, Shape]) -> None:
    found[_name(key)] = shape_of(node, frame)
    assert name in found


def _tool(node: Node, frame: Frame, found: dict[str, Shape]) -> None:
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a tool, found {describe(node)}", node, f"the file is {_SHAPES}")
    inner = node.get("function")
    node = inner if isinstance(inner, Mapping) else node
    if not _RULE.isdisjoint(node.entries):
        raise Flaw(
            "wrong-type",
            "expected a tool, found a rule",
            node,
            "a policy is not named by another: leave it out of `from`",
        )
    name = node.get("name")
    if name is None:
        raise Flaw("missing-key", "a tool needs a `name`", node)
    told = _name(name)
    if told in found:
        raise Flaw("duplicate-id", f"the tool `{shorten(told)}` is listed twice", name)
    schema = next((node.get(key) for key in _SCHEMAS if node.get(key) is not None), None)
    found[told] = ANY
    if schema is not None:
        shape = frame.problems.attempt(shape_of, schema, frame)
        found[told] = shape or ANY


def _name(node: Node) -> str:
    name = text_of(node, "the name of a tool")
    if not name.strip() or not name.isprintable():
        raise Flaw("empty" if not name.strip() else "unknown-value", "a tool needs a printable name", node)
    return name
