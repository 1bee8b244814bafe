"""One file: its tree to rules, limits, tools and defaults.

Rule 1: what names things (lists, groups, catalog, classes, regions) is read before what uses them, wherever it stands.
Rule 2: a list as the whole file is its ``rules``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from referee.language import envelope
from referee.language.attachments import Attached
from referee.language.canonical import known_names, with_canonical
from referee.language.catalog import Catalog, read_catalog
from referee.language.fields import items_of, read_fields
from referee.language.limits import read_limit
from referee.language.lists import read_rule
from referee.language.names import Frame, Listing, expand, reference
from referee.language.nodes import Mapping, Node, Point, Scalar, Sequence, describe
from referee.language.problems import Flaw, Problems, key_of
from referee.language.rules import MAX_ID, Place
from referee.language.scalars import text_of
from referee.language.scanners import Own, read_scanners
from referee.language.tables import Tables, read_tables, with_tables
from referee.language.vocabulary import FILE_KEYS
from referee.model.catalogue import Tool
from referee.model.programs import Limit, Rule

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_DIVIDERS: Final = re.compile(r"[\\/]")


class File(msgspec.Struct):
    """One parsed file. ``default`` is what it states, ``implied`` what holds if no file of its layer states one."""

    id: str
    path: str
    layer: int
    default: dict[str, Any] | None
    implied: str
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    on_failure: dict[str, str]


class Header(msgspec.Struct):
    """A file of which the names are read, and the rest is not."""

    path: str
    layer: int
    problems: Problems
    root: Mapping
    id: str
    frame: Frame
    tables: Tables
    catalog: Catalog
    scanners: Own


def stem(path: str) -> str:
    """Give the name of a file without its folders and its ending.

    >>> stem("policies/prod.yaml")
    'prod'
    """
    name = _DIVIDERS.split(path)[-1].strip("<>")
    return name.rsplit(".", 1)[0] or name or "policy"


def read_header(
    path: str, layer: int, problems: Problems, root: Node, attached: Attached | None = None
) -> Header | None:
    """Read the id, the lists, the groups, the catalog and the tables of a file; ``None`` if it is no mapping."""
    if isinstance(root, Sequence):
        key = Scalar(root.start, Point(root.start.line, root.start.column + 1), "rules")
        root = Mapping(root.start, root.end, {"rules": (key, root)})
        problems.root = root
    if not isinstance(root, Mapping):
        problems.add(
            Flaw(
                "wrong-type", f"expected a mapping, found {describe(root)}", root, "write `version: 1` and `policies:`"
            )
        )
        return None
    frame = Frame(problems)
    attempt = problems.attempt
    for name, target in (("lists", frame.lists), ("groups", frame.groups)):
        values = root.get(name)
        if values is not None:
            attempt(_named_values, values, target, frame)
    node = root.get("catalog")
    catalog = (None if node is None else attempt(read_catalog, node, frame, attached)) or Catalog()
    frame.catalog = catalog.tools
    node = root.get("scanners")
    own = None if node is None else attempt(read_scanners, node, frame, attached, catalog.beside)
    tables = read_tables(root, frame)
    frame.words = tables.words
    stated = root.get("id")
    title = None if stated is None else attempt(_id, stated)
    return Header(path, layer, problems, root, title or stem(path), frame, tables, catalog, own or {})


def _id(node: Node) -> str:
    name = text_of(node)
    if not name.strip():
        raise Flaw("empty", "the id of a file must not be empty", node)
    if "/" in name or not name.isprintable() or len(name) > MAX_ID:
        raise Flaw("unknown-value", "the id of a file is a short word without `/`", node)
    return name


def _named_values(node: Node, target: dict[str, tuple[Scalar, ...]], frame: Frame) -> None:
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from names to lists, found {describe(node)}", node)
    for name, (key, value) in node.entries.items():
        if not _NAME.fullmatch(name):
            frame.problems.add(
                Flaw("unknown-value", f"`{name[:60]}` cannot be referred to", key, "use letters, digits, `_` and `-`")
            )
        elif name in frame.lists:
            frame.problems.add(Flaw("duplicate-id", f"`{name}` is a list already", key))
        else:
            target[name] = frame.problems.attempt(_values, value, frame, node) or ()


def _values(node: Node, frame: Frame, names: Mapping) -> tuple[Scalar, ...]:
    try:
        return expand(node, frame)
    except Flaw as flaw:
        if flaw.code == "unknown-name" and reference(flaw.node) in names.entries:
            flaw.help = "a list can name the lists above it only; move it down"
        raise


def read_file(header: Header, tools: dict[str, Tool], listing: Listing, scanners: dict[str, tuple[str, ...]]) -> File:
    """Read everything else of a file.

    ``tools`` are those of all files, ``listing`` says whether there are others; ``scanners`` are those it can name.
    """
    root, problems = header.root, header.problems
    frame = msgspec.structs.replace(header.frame, catalog=tools, listing=listing, scanners=scanners)
    fields = read_fields(root, FILE_KEYS, frame, "a policy file")
    place = Place(
        frame, header.path, header.id, header.layer, fields.get("mode", "enforce"), fields.get("on_error", "deny"),
        fields.get("timezone", "UTC"), fields.get("scope"),
    )  # fmt: skip
    for name in root.entries:
        if name in fields and name in _CONTENTS:
            problems.attempt(_CONTENTS[name], fields[name], place, key_of(root, name))
    if not root.entries:
        problems.add(Flaw("empty", "the file is empty", root, "write at least `version: 1` and `policies:`"))
    names = known_names(tools)
    return File(
        header.id,
        header.path,
        header.layer,
        fields.get("default"),
        _implied(root, fields),
        with_canonical(with_tables(place.rules, header.tables, problems, root), names),
        with_canonical(with_tables(place.limits, header.tables, problems, root), names),
        fields.get("on_failure", {}),
    )


def _implied(root: Mapping, fields: dict[str, Any]) -> str:
    """Say what a file without ``default`` means: deny if it is of the core form or grants anything."""
    if fields.get("version") == "1":
        return "deny"
    listed = root.get("policies")
    items = listed.items if isinstance(listed, Sequence) else ()
    actions = [item.get("action") for item in items if isinstance(item, Mapping)]
    return "deny" if any(isinstance(action, Scalar) and action.text == "allow" for action in actions) else "allow"


def _policies(node: Node, place: Place, key: Node) -> None:
    _listed("policies", node, place, key)


def _rules(node: Node, place: Place, key: Node) -> None:
    _listed("rules", node, place, key)


def _listed(form: str, node: Node, place: Place, _: Node) -> None:
    for at, item in enumerate(items_of(node, "a list of rules")):
        place.problems.attempt(read_rule, item, at, form, place)


def _limits(node: Node, place: Place, _: Node) -> None:
    for at, item in enumerate(items_of(node, "a list of limits")):
        found = place.problems.attempt(read_limit, item, at, place)
        place.limits.extend(() if found is None else (found,))


_CONTENTS: Final[dict[str, Callable[[Any, Place, Node], None]]] = {
    "policies": _policies,
    "rules": _rules,
    "limits": _limits,
    "budget": envelope.read_budget,
    "tools": envelope.read_tools,
    "network": envelope.read_network,
    "approval": envelope.read_approval,
    "max_cost_per_run": envelope.read_max_cost,
    "block_pii": envelope.read_block_pii,
    "require_approval": envelope.read_require_approval,
}
"""How each key of a file that makes rules or limits is read: from its value, with the node of the key."""
