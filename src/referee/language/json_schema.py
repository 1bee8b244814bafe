"""JSON Schema to shapes: what conditions may say of an argument, at any depth.

Rule 1: a keyword that says nothing of types and members is passed over; one that is not as JSON Schema has it is a flaw.
Rule 2: what cannot be told (a reference to elsewhere, alternatives that differ) is ``any``: of that, everything may be said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from referee.language.names import Frame
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe
from referee.language.problems import Flaw, unknown
from referee.language.scalars import WORDS, text_of
from referee.model.catalogue import Shape

ANY: Final = Shape()
MAX_DEPTH: Final = 24
MAX_STEPS: Final = 20_000
_TYPES: Final = {
    "string": "string", "integer": "integer", "number": "number", "boolean": "boolean", "array": "list", "object": "mapping",
    "null": "null",
}  # fmt: skip


class Reading:
    """One schema while it is read: its root, for references, and the flaws found on the way."""

    def __init__(self, root: Node, frame: Frame) -> None:
        self.root = root
        self.frame = frame
        self.steps = 0

    def shape(self, node: Node, depth: int = 0, seen: tuple[str, ...] = ()) -> Shape:
        """Read one schema.

        Raises:
            Flaw: it is not a mapping or a boolean.
        """
        self.steps += 1
        if isinstance(node, Scalar) and node.plain and node.text in {"true", "false"}:
            return ANY
        if not isinstance(node, Mapping):
            raise Flaw("wrong-type", f"expected a JSON Schema, found {describe(node)}", node)
        if depth > MAX_DEPTH or self.steps > MAX_STEPS:
            return ANY
        referred = node.get("$ref")
        if referred is not None:
            return self._referred(referred, depth, seen)
        own = self._own(node, depth, seen)
        parts = [own] if own != ANY else []
        for name in ("anyOf", "oneOf"):
            found = self._several(node.get(name), depth, seen)
            parts += [united(found)] if found else []
        parts += self._several(node.get("allOf"), depth, seen)
        return joined(parts)

    def _own(self, node: Mapping, depth: int, seen: tuple[str, ...]) -> Shape:
        types = self._types(node)
        members = self._members(node.get("properties"), depth, seen)
        choices = _choices(node)
        if types is None:
            types = ["mapping"] if members is not None else ["string"] if choices else []
            types += ["list"] if node.get("items") is not None and not types else []
        types = [name for name in types if name != "null"]
        if len(types) != 1:
            return ANY
        (name,) = types
        items = node.get("items")
        inner = None if name != "list" or items is None else self._safe(items, depth, seen)
        more = node.get("additionalProperties")
        free = more is not None and not (isinstance(more, Scalar) and more.text == "false")
        return Shape(
            type=name,
            members=members if name == "mapping" else None,
            open=free or node.get("patternProperties") is not None,
            items=inner,
            choices=choices if name == "string" else (),
        )

    def _types(self, node: Mapping) -> list[str] | None:
        given = node.get("type")
        if given is None:
            return None
        items = given.items if isinstance(given, Sequence) else (given,)
        return self.frame.problems.each(_type, items)

    def _members(self, node: Node | None, depth: int, seen: tuple[str, ...]) -> dict[str, Shape] | None:
        if node is None:
            return None
        if not isinstance(node, Mapping):
            raise Flaw("wrong-type", f"expected a mapping from properties to schemas, found {describe(node)}", node)
        return {name: self._safe(value, depth, seen) for name, (_, value) in node.entries.items()}

    def _several(self, node: Node | None, depth: int, seen: tuple[str, ...]) -> list[Shape]:
        if node is None:
            return []
        if not isinstance(node, Sequence):
            raise Flaw("wrong-type", f"expected a list of schemas, found {describe(node)}", node)
        nulls = [item for item in node.items if isinstance(item, Mapping) and _says_null(item)]
        return [self._safe(item, depth, seen) for item in node.items if item not in nulls]

    def _safe(self, node: Node, depth: int, seen: tuple[str, ...]) -> Shape:
        """Read a schema below another; one with a flaw is told and is ``any``."""
        return self.frame.problems.attempt(self.shape, node, depth + 1, seen) or ANY

    def _referred(self, node: Node, depth: int, seen: tuple[str, ...]) -> Shape:
        """Follow ``#/$defs/…``; a reference to another file, or to itself, is ``any``."""
        place = text_of(node, "a reference")
        if not place.startswith("#") or place in seen:
            return ANY
        here: Node | None = self.root
        for step in place[1:].split("/")[1:]:
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            here = here.get(name) if isinstance(here, Mapping) else None
        if here is None:
            raise Flaw("unknown-name", f"the reference `{place[:60]}` leads nowhere", node)
        return self.shape(here, depth + 1, (*seen, place))


def shape_of(node: Node, frame: Frame) -> Shape:
    """Read a JSON Schema; ``$ref`` is looked up in the node itself.

    Raises:
        Flaw: it is not a mapping.
    """
    return Reading(node, frame).shape(node)


def declared(arguments: dict[str, str]) -> Shape:
    """Make the shape of arguments of which only the types are known."""
    return Shape(type="mapping", members={name: Shape(type=type_) for name, type_ in arguments.items()})


def types_of(shape: Shape) -> dict[str, str] | None:
    """Give the types of the arguments, if all of them are declared."""
    if shape.members is None or shape.open:
        return None
    return {name: member.type for name, member in shape.members.items()}


def united(shapes: Iterable[Shape]) -> Shape:
    """Give what holds of a value that is one of several: their common type, and the members of all.

    >>> united([Shape(type="string"), Shape(type="integer")]).type
    'any'
    """
    found = list(dict.fromkeys(_keyed(shape) for shape in shapes))
    listed = [one.shape for one in found]
    if not listed or len({shape.type for shape in listed}) != 1:
        return ANY
    return listed[0] if len(listed) == 1 else _mixed(listed, free=any(shape.open for shape in listed))


def joined(shapes: list[Shape]) -> Shape:
    """Give what holds of a value that is all of several."""
    told = [shape for shape in shapes if shape != ANY]
    if not told:
        return ANY
    if len({shape.type for shape in told}) != 1:
        return ANY
    return told[0] if len(told) == 1 else _mixed(told, free=all(shape.open for shape in told))


class _Keyed:
    """A shape as a key: it holds a mapping, which has no hash."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._key = msgspec.json.encode(shape, order="sorted")

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self._key == other._key


def _keyed(shape: Shape) -> _Keyed:
    return _Keyed(shape)


def _mixed(shapes: list[Shape], *, free: bool) -> Shape:
    known = [shape.members for shape in shapes]
    members: dict[str, Shape] = {}
    for one in known:
        for name, member in (one or {}).items():
            members[name] = united((members[name], member)) if name in members else member
    items = [shape.items for shape in shapes if shape.items is not None]
    unsaid = [one is None for one in known]
    some_free = any(shape.choices == () for shape in shapes)
    return Shape(
        type=shapes[0].type,
        members=None if all(unsaid) else members,
        open=not all(unsaid) and (free or any(unsaid)),
        items=united(items) if len(items) == len(shapes) else None,
        choices=() if some_free else tuple(dict.fromkeys(word for shape in shapes for word in shape.choices)),
    )


def _type(node: Node) -> str:
    name = text_of(node, "a type of JSON Schema") if not _is_null(node) else "null"
    if name not in _TYPES:
        raise unknown("unknown-value", "type of JSON Schema", name, node, _TYPES)
    return _TYPES[name]


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text == "null"


def _says_null(node: Mapping) -> bool:
    told: Any = node.get("type")
    return isinstance(told, Scalar) and told.text == "null"


def _choices(node: Mapping) -> tuple[str, ...]:
    """Give the words of ``enum`` or ``const``, if all of them are words."""
    given = node.get("enum")
    single = node.get("const")
    items: tuple[Any, ...] = given.items if isinstance(given, Sequence) else () if single is None else (single,)
    if not items or not all(isinstance(item, Scalar) for item in items):
        return ()
    texts = [item for item in items if not (item.plain and item.text in WORDS and WORDS[item.text] is None)]
    words = [item.text for item in texts if not item.plain or not _is_other(item)]
    return tuple(dict.fromkeys(words)) if words and len(words) == len(texts) else ()


def _is_other(node: Scalar) -> bool:
    """Tell a number or boolean from a word; in JSON only those have no quotes."""
    return node.text in WORDS or node.text[:1] in "-0123456789"
