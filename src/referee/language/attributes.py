"""The names of attributes: text such as ``args.to[0].name`` or ``cost_today`` to a typed ``Attribute``.

Rule 1: what is not in the vocabulary is a flaw, with the nearest known name.
Rule 2: an argument of a tool that the catalog declares has the declared type, and must be declared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from functools import lru_cache
from typing import Final

import msgspec

from referee.language.json_schema import declared
from referee.language.nodes import Node
from referee.language.problems import Flaw, shorten, unknown
from referee.language.suggest import WORDS, nearest
from referee.language.vocabulary import (
    ARGUMENT_TYPES,
    ATTRIBUTE_ALIASES,
    ATTRIBUTES,
    CONNECTIVES,
    COUNTER_DOCS,
    PREFIXES,
    Attr,
)
from referee.model.catalogue import Shape, Tool
from referee.model.programs import Attribute
from referee.model.value import parse_path, show_path


class Subject(msgspec.Struct, frozen=True):
    """An attribute as it was written, with its type and the words it can be."""

    name: str
    attribute: Attribute
    type: str
    choices: tuple[str, ...] = ()


_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}(?:\.[A-Za-z0-9_-]{1,40}){0,4}")
_ARGUMENTS: Final = frozenset({"arg", "argument", "arguments", "input", "params", "parameters", "tool_input"})
_COUNTER: Final = Attr("number", "a counter")
NO_WORDS: Final[dict[str, tuple[str, ...]]] = {}
KNOWN: Final = (*ATTRIBUTES, *ATTRIBUTE_ALIASES, *COUNTER_DOCS)


@lru_cache(4096)
def find(name: str) -> Subject | None:
    """Give the attribute of a name; ``None`` if there is none or its path cannot be read.

    >>> find("args.to[0]").attribute
    Attribute(root='args', path=('to', 0))
    >>> find("cost_today").attribute
    Attribute(root='counter', path=('cost_today',))
    """
    full = ATTRIBUTE_ALIASES.get(name, name)
    known = ATTRIBUTES.get(full)
    if known is not None:
        return Subject(name, Attribute(full), known.type, known.choices)
    counter = name.removeprefix("counter.")
    if counter in COUNTER_DOCS:
        return Subject(name, Attribute("counter", (counter,)), "number")
    root = next((root for root in PREFIXES if name.startswith((root + ".", root + "["))), None)
    if root is None:
        return None
    path = parse_path(name[len(root) :].removeprefix("."))
    return None if path is None else Subject(name, Attribute(root, path), PREFIXES[root].type)


def subject_of(
    name: str, node: Node, tools: tuple[Tool, ...] = (), words: AnyMapping[str, tuple[str, ...]] = NO_WORDS
) -> Subject:
    """Give the attribute of a name, as the given tools declare it; ``words`` are what some attributes can be.

    Raises:
        Flaw: there is none, its path cannot be read, or a tool has no such argument.
    """
    subject = find(name)
    if subject is None:
        raise _no_subject(name, node)
    path = subject.attribute.path
    if subject.attribute.root in words:
        return msgspec.structs.replace(subject, choices=words[subject.attribute.root])
    if not tools or subject.attribute.root != "args" or not path or path[0] in {"*", "**"}:
        return subject
    return _declared(subject, node, tools)


def _no_subject(name: str, node: Node) -> Flaw:
    root = name.split(".", 1)[0].split("[", 1)[0]
    if root in PREFIXES:
        return Flaw("bad-path", f"`{shorten(name)}` is not a path", node,
                    "write `args.to[0].name`; `*` stands for every member and a last `**` for every text at any depth")  # fmt: skip
    if root == "counter":
        return unknown("unknown-attribute", "counter", name.removeprefix("counter."), node, COUNTER_DOCS)
    connective = [word for word in CONNECTIVES if name.lower() in WORDS.get(word, ())]
    if connective:
        return Flaw("unknown-attribute", f"unknown attribute `{name}`", node, f"write `{connective[0]}:`")
    flaw = unknown("unknown-attribute", "attribute", name, node, KNOWN)
    below = [known for known in ATTRIBUTES if known.startswith(f"{root}.") and root != "tool"]
    if flaw.help is None and below:
        flaw.help = "one of " + ", ".join(f"`{known}`" for known in below)
    elif flaw.help is None:
        flaw.help = _as_argument(name)
    return flaw


def _as_argument(name: str) -> str | None:
    """Say how an argument of the tool is written, which is what most unknown names are meant to be."""
    root, dot, rest = name.partition(".")
    if not _NAME.fullmatch(name):
        return None
    if root in ATTRIBUTES and dot:
        return f"`{root}` has no parts; write `{root}`, or `args.{rest}` for an argument"
    return f"write `args.{rest if root in _ARGUMENTS and rest else name}` if it is an argument of the tool"


def _declared(subject: Subject, node: Node, tools: tuple[Tool, ...]) -> Subject:
    shapes = [_at(subject, tool, node) for tool in tools]
    types = {ARGUMENT_TYPES[shape.type] for shape in shapes}
    if len(types) != 1:
        return subject
    words = [shape.choices for shape in shapes]
    choices = tuple(dict.fromkeys(word for each in words for word in each)) if all(words) else ()
    return msgspec.structs.replace(subject, type=types.pop(), choices=choices)


def _at(subject: Subject, tool: Tool, node: Node) -> Shape:
    """Follow the path of an argument through what a tool declares."""
    path = subject.attribute.path
    shape = tool.shape or declared(tool.arguments or {})
    for at, step in enumerate(path):
        if step == "**" or (shape.type == "any" and at):
            return Shape()
        if isinstance(step, int) or step == "*":
            if shape.type == "list" or (shape.type == "mapping" and step == "*"):
                shape = (shape.items if shape.type == "list" else None) or Shape()
                continue
        elif shape.type == "list":
            inner = show_path("args", (*path[:at], "*", *path[at:])).replace(".*", "[*]")
            message = f"argument `{_shown(path[:at])}` of tool `{tool.name}` is a list"
            raise Flaw("unknown-attribute", message, node, f"write `{inner}` for every member, or `[0]` for the first")
        if shape.type not in {"mapping", "any"}:
            raise Flaw("unknown-attribute", f"argument `{_shown(path[:at])}` of tool `{tool.name}` has no parts", node)
        if shape.members is None or (shape.open and str(step) not in shape.members):
            return Shape()
        if str(step) not in shape.members:
            raise _no_argument(tool, shape.members, path, at, subject.name, node)
        shape = shape.members[str(step)]
    return shape


def _shown(path: tuple[str | int, ...]) -> str:
    return show_path("", path).removeprefix(".")


def _no_argument(
    tool: Tool, members: AnyMapping[str, Shape], path: tuple[str | int, ...], at: int, name: str, node: Node
) -> Flaw:
    argument = str(path[at])
    shown = ", ".join(f"`{_shown((*path[:at], known))}`" for known in list(members)[:12])
    listed = f"declared arguments: {shown}" if members else "it declares none"
    near = nearest(argument, members, 1)
    help_ = f"did you mean `{name.replace(argument, near[0], 1)}`? {listed}" if near else listed
    message = f"tool `{tool.name}` has no argument `{shorten(_shown(path[: at + 1]))}`"
    return Flaw("unknown-attribute", message, node, help_)
