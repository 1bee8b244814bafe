"""What an action takes: changes of arguments, redactions, labels.

Rule 1: a change is at one place of the arguments; a path with ``*`` is none.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any, Final

from referee.language.attributes import subject_of
from referee.language.fields import items_of
from referee.language.names import Frame, expand, sorted_kinds
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe
from referee.language.problems import Flaw, key_of, shorten
from referee.language.quantities import number_of
from referee.language.scalars import text_of, value_of
from referee.model.programs import Attribute, Change, Labels, Redact
from referee.model.value import parse_path

MAPPINGS: Final = ("set", "append", "floor", "cap")
_DEFAULT: Final = ("pii", "secret")


def changes_of(fields: dict[str, Any], node: Node, frame: Frame) -> tuple[Change, ...]:
    """Read the changes of a ``modify``.

    Raises:
        Flaw: there is none.
    """
    found: list[Change] = []
    for op in MAPPINGS:
        if op in fields:
            found.extend(frame.problems.attempt(_mapped, op, fields[op], frame) or ())
    if "remove" in fields:
        for item in frame.problems.attempt(_several, fields["remove"]) or ():
            path = frame.problems.attempt(argument_path, text_of(item, "the path of an argument"), item)
            found.extend(() if path is None else (Change("remove", path),))
    if not any(op in fields for op in (*MAPPINGS, "remove", "sql")):
        raise Flaw("missing-key", "`modify` needs one of `set`, `append`, `floor`, `cap`, `sql`, `remove`", node)
    return tuple(found)


def _several(node: Node) -> tuple[Node, ...]:
    items = (node,) if isinstance(node, Scalar) else items_of(node, "a path or a list of paths")
    if not items:
        raise Flaw("empty", "the list must not be empty", node)
    return items


def _mapped(op: Any, node: Node, frame: Frame) -> list[Change]:
    if not isinstance(node, Mapping):
        raise Flaw(
            "wrong-type",
            f"`{op}` takes a mapping from paths to values, found {describe(node)}",
            node,
            f"write `{op}: {{args.name: …}}`",
        )
    if not node.entries:
        raise Flaw("empty", f"`{op}` must not be empty", node)
    found: list[Change] = []
    for name, (key, value) in node.entries.items():
        path = frame.problems.attempt(argument_path, name, key)
        read = frame.problems.attempt(number_of if op in {"floor", "cap"} else _json, value)
        if path is not None:
            found.append(Change(op, path, read))
    return found


def argument_path(text: str, node: Node) -> tuple[str | int, ...]:
    """Read ``args.to[0]`` as a path into the arguments.

    Raises:
        Flaw: it is not one, or stands for several places.
    """
    path = parse_path(text[5:]) if text.startswith("args.") else None
    if path is None or "*" in path or "**" in path:
        raise no_path(text, node)
    return path


def no_path(text: str, node: Node) -> Flaw:
    """Make the flaw of a text that is not the path of an argument."""
    bare = text.split(".", 1)[0] not in {"args", "result", "context", "signals"} and parse_path(text)
    told = f"write `args.{shorten(text)}`" if bare else "write one place, such as `args.to[0].name`"
    return Flaw("bad-path", f"`{shorten(text)}` is not the path of an argument", node, told)


def _json(node: Node) -> Any:
    """Read any value as plain lists, mappings, texts, integers and exact numbers."""
    if isinstance(node, Scalar):
        return value_of(node)
    if isinstance(node, Sequence):
        return [_json(item) for item in node.items]
    return {name: _json(value) for name, (_, value) in node.entries.items()}


def redact_of(fields: dict[str, Any], frame: Frame, scanners: tuple[str, ...] = ()) -> Redact:
    """Read what a ``redact`` removes; ``scanners`` are those of a rule-list rule."""
    style = fields.get("style", "placeholder")
    places: list[Attribute] = []
    if "fields" in fields:
        for item in frame.problems.attempt(_several, fields["fields"]) or ():
            place = frame.problems.attempt(_field, item)
            places.extend(() if place is None else (place,))
    if "kinds" not in fields:
        return Redact(scanners or (() if places else _DEFAULT), (), tuple(places), style)
    found = sorted_kinds(frame.problems.attempt(_kinds, fields["kinds"], frame) or (), frame)
    return grouped(found, tuple(places), style, frame.scanners)


def grouped(
    found: dict[str, tuple[str, ...]],
    places: tuple[Attribute, ...],
    style: Any,
    known: AnyMapping[str, tuple[str, ...]],
) -> Redact:
    """Make a redaction from kinds by scanner; ``()`` stands for all kinds of a scanner that is ``known``."""
    from_all = [name for name, kinds in found.items() if not kinds]
    if len(from_all) == len(found):
        return Redact(tuple(found), (), places, style)
    kinds = tuple(kind for name, some in found.items() for kind in (some or known[name]))
    return Redact(tuple(found), kinds, places, style)


def _kinds(node: Node, frame: Frame) -> tuple[Scalar, ...]:
    found = expand(node, frame, "a kind of finding")
    if not found:
        raise Flaw("empty", "a list of kinds must not be empty", node, "leave `kinds` out for all of them")
    return found


def _field(node: Node, done: str = "redacted") -> Attribute:
    name = text_of(node, "an attribute")
    attribute = subject_of(name, node).attribute
    if attribute.root not in {"args", "result"} or not attribute.path:
        raise Flaw(
            "bad-path",
            f"`{shorten(name)}` cannot be {done}",
            node,
            "write a part of `args` or `result`, such as `result.rows[*].ssn`",
        )
    return attribute


def labels_of(fields: dict[str, Any], node: Mapping, frame: Frame) -> Labels:
    """Read what a ``label`` or ``endorse`` adds and removes.

    Raises:
        Flaw: it does neither, or names values although it is on the session.
    """
    word = node.entries["action"][1] if "action" in node.entries else node
    if isinstance(word, Scalar) and word.text == "endorse":
        if "add" in fields:
            raise Flaw("conflicting-keys", "`add` has no meaning for the action `endorse`", key_of(node, "add"),
                       "it belongs to `label`")  # fmt: skip
        if "remove" not in fields:
            raise Flaw("missing-key", "`endorse` needs `remove`", node)
    if "add" not in fields and "remove" not in fields:
        raise Flaw("missing-key", "`label` needs one of `add`, `remove`", node)
    removed = expand(fields["remove"], frame, "a label") if "remove" in fields else ()
    on: Any = fields.get("on", "session")
    if "fields" in fields and on != "value":
        raise Flaw("conflicting-keys", "`fields` names values, and the labels are on the session", key_of(node, "fields"),
                   "write `on: value` as well")  # fmt: skip
    places: list[Attribute] = []
    for item in (frame.problems.attempt(_several, fields["fields"]) or ()) if "fields" in fields else ():
        place = frame.problems.attempt(_field, item, "labelled")
        places.extend(() if place is None else (place,))
    return Labels(fields.get("add", ()), tuple(text_of(item, "a label") for item in removed), on, tuple(places))
