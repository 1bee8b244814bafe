"""The ``classes`` and ``regions`` of a file: what a file means by a class of files and by a region.

``classes: {payment: ["src/ledger/**"]}`` adds files to a class or makes one, ``{secret: {except: ["fixtures/**"]}}`` takes some out;
``regions: {eu: {suffixes: [de], countries: [DE]}}`` says which hosts and countries are a region.

Rule 1: both hold for the rules of their own file alone, so that no file can change what another one says.
Rule 2: both are lowered to tests of ``file.path``, ``http.host`` and ``resource.region``; what cannot be is refused.
Rule 3: a pattern is taken by components, ignores case, and holds at the end of a path, or below a folder with ``/**``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, TypeVar

import msgspec

from referee.language.countries import COUNTRIES
from referee.language.fields import read_fields
from referee.language.names import Frame, expand
from referee.language.nodes import Mapping, Node, Scalar, describe
from referee.language.patterns import check_host, check_network
from referee.language.problems import Flaw, Problems, shorten, unknown
from referee.language.scalars import text_of
from referee.language.vocabulary import CLASS_KEYS, CLASSES, REGION_KEYS
from referee.model.programs import All, Any_, Attribute, Condition, Limit, Not, Rule, Test

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_CLASSES: Final = Attribute("file.classes")
_PATH: Final = Attribute("file.path")
_REGION: Final = Attribute("http.region")
_HOST: Final = Attribute("http.host")
_PLACE: Final = Attribute("resource.region")
_OPPOSITE: Final = {"ne": "eq", "not_in": "in"}
_ONE_OF: Final = frozenset({"eq", "in", "contains", "contains_any"})
_MOST: Final = 2000
_MISTAKEN: Final = {"UK": "GB", "EL": "GR"}

Part = TypeVar("Part", Rule, Limit)


class FileClass(msgspec.Struct, frozen=True):
    """The files a file's own class has besides those that are known, and those it has not, as regular expressions."""

    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()


class Region(msgspec.Struct, frozen=True):
    """The hosts, networks and countries of a region."""

    hosts: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


class Tables(msgspec.Struct, frozen=True):
    """What a file says of classes and regions."""

    classes: dict[str, FileClass] = {}
    regions: dict[str, Region] = {}

    @property
    def words(self) -> dict[str, tuple[str, ...]]:
        """The words that attributes can be because of these tables."""
        found: dict[str, tuple[str, ...]] = {}
        if self.classes:
            found["file.classes"] = tuple(dict.fromkeys((*CLASSES, *self.classes)))
        if self.regions:
            found["http.region"] = tuple(self.regions)
        return found


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_tables(root: Mapping, frame: Frame) -> Tables:
    """Read both keys of a file; what cannot be read is told and left out."""
    attempt = frame.problems.attempt
    classes, regions = root.get("classes"), root.get("regions")
    return Tables(
        {} if classes is None else attempt(_members, classes, "classes", "files", _file_class, frame) or {},
        {} if regions is None else attempt(_members, regions, "regions", "hosts", _region, frame) or {},
    )


def _members(node: Node, key: str, what: str, read: Any, frame: Frame) -> dict[str, Any]:
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from {key} to {what}, found {describe(node)}", node)
    if not node.entries:
        raise Flaw("empty", f"`{key}` must not be empty", node, "leave it out")
    found: dict[str, Any] = {}
    for name, (word, value) in node.entries.items():
        if not _NAME.fullmatch(name):
            told = "use small letters, digits, `_` and `-`, and begin with a letter"
            frame.problems.add(Flaw("unknown-value", f"`{shorten(name)}` cannot be a name in `{key}`", word, told))
            continue
        found[name] = frame.problems.attempt(read, name, value, frame)
    return {name: one for name, one in found.items() if one is not None}


def _file_class(name: str, node: Node, frame: Frame) -> FileClass:
    if not isinstance(node, Mapping):
        return FileClass(_patterns(node, frame))
    fields = read_fields(node, CLASS_KEYS, frame, "a class of files")
    if not node.entries or (name not in CLASSES and "patterns" not in node.entries):
        raise Flaw("missing-key", f"the class `{name}` needs the key `patterns`", node, "list the files that it has")
    more, fewer = (_patterns(fields[key], frame) if key in fields else () for key in ("patterns", "except"))
    return FileClass(more, fewer)


def _patterns(node: Node, frame: Frame) -> tuple[str, ...]:
    nodes = _some(node, frame, "a pattern of files")
    return tuple(dict.fromkeys(frame.problems.each(_pattern, nodes)))


def _some(node: Node, frame: Frame, what: str) -> tuple[Scalar, ...]:
    nodes = expand(node, frame, what)
    if not nodes:
        raise Flaw("empty", f"{what} is expected here", node)
    if len(nodes) > _MOST:
        raise Flaw("too-large", f"there are more than {_MOST} values here", node)
    return nodes


def _pattern(node: Scalar) -> str:
    """Translate a pattern to a regular expression over a whole path.

    Raises:
        Flaw: it is empty, climbs, or has signs that mean nothing here.
    """
    text = text_of(node, "a pattern of files")
    told = "write `*.pem`, `config/prod.yaml`, `src/payments/**`, or `/srv/data/**` from the root"
    body = text.removeprefix("**/").rstrip("/") + ("/**" if text.endswith("/") else "")
    parts = body.strip("/").split("/")
    odd = set(text) & set("\\{}[]\0") or text.startswith(("~", "./", "!")) or {"", ".", ".."} & set(parts)
    if odd or len(text) > 1000 or set(parts) <= {"**", "*"}:
        raise Flaw("bad-glob", f"`{shorten(text)}` is not a pattern of files", node, told)
    start = "^(?:[a-z]:)?/" if body.startswith("/") else "(?:^|/)"
    below = parts[-1] == "**"
    inner = "".join(
        "(?:[^/]+/)*" if part == "**" else _component(part) + "/" for part in (parts[:-1] if below else parts)
    )
    return f"(?i){start}{inner}" if below else f"(?i){start}{inner.removesuffix('/')}$"


def _component(part: str) -> str:
    return re.escape(part).replace(r"\*\*", "[^/]*").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")


def _region(name: str, node: Node, frame: Frame) -> Region:
    if not isinstance(node, Mapping):
        return Region(_hosts(node, frame))
    fields = read_fields(node, REGION_KEYS, frame, "a region")
    if not node.entries:
        raise Flaw("missing-key", f"the region `{name}` has nothing in it", node, "give it `hosts` or `countries`")
    each = frame.problems.each
    suffixes = each(_suffix, _some(fields["suffixes"], frame, "the end of hosts")) if "suffixes" in fields else ()
    networks = each(_network, _some(fields["networks"], frame, "a network")) if "networks" in fields else ()
    countries = each(_country, _some(fields["countries"], frame, "a country")) if "countries" in fields else ()
    hosts = _hosts(fields["hosts"], frame) if "hosts" in fields else ()
    return Region((*hosts, *suffixes), tuple(networks), tuple(countries))


def _hosts(node: Node, frame: Frame) -> tuple[str, ...]:
    nodes = _some(node, frame, "a host")
    return tuple(frame.problems.each(lambda item: check_host(text_of(item, "a host"), item), nodes))


def _suffix(node: Scalar) -> str:
    """Read the end of hosts, such as ``de`` or ``.eu-west-1.amazonaws.com``: everything below it."""
    return check_host("*." + text_of(node, "the end of hosts").removeprefix("*").removeprefix("."), node)


def _network(node: Scalar) -> str:
    return check_network(text_of(node, "a network"), node)


def _country(node: Scalar) -> str:
    code = text_of(node, "a country").upper()
    if code in _MISTAKEN:
        raise Flaw("unknown-value", f"unknown country `{code}`", node, f"did you mean `{_MISTAKEN[code]}`?")
    if code not in COUNTRIES:
        flaw = unknown("unknown-value", "country", code, node, COUNTRIES)
        raise Flaw(flaw.code, flaw.message, node, flaw.help or "write the two letters of ISO 3166, such as `DE`")
    return code


# ── lowering ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_tables(parts: Iterable[Part], tables: Tables, problems: Problems, root: Node) -> tuple[Part, ...]:
    """Rewrite the conditions of rules or limits; tell what cannot be."""
    found = tuple(parts)
    if not tables.classes and not tables.regions:
        return found
    return tuple(problems.attempt(_part, part, tables, root) or part for part in found)


def _part(part: Part, tables: Tables, root: Node) -> Part:
    changed: dict[str, Any] = {}
    for name in ("when", "unless") if isinstance(part, Rule) else ("when",):
        before: Condition = getattr(part, name)
        after = lowered(before, tables, root)
        if after is not before:
            changed[name] = after
    return msgspec.structs.replace(part, **changed) if changed else part


def lowered(condition: Condition, tables: Tables, root: Node) -> Condition:
    """Rewrite one condition; one that speaks of no class or region of the tables is given back as it is.

    Raises:
        Flaw: it compares classes or regions in a way that the tables cannot answer.
    """
    if isinstance(condition, Test):
        return _test(condition, tables, root)
    if isinstance(condition, Not):
        part = lowered(condition.part, tables, root)
        return condition if part is condition.part else Not(part)
    parts = tuple(lowered(part, tables, root) for part in condition.parts)
    if all(after is before for after, before in zip(parts, condition.parts, strict=True)):
        return condition
    return All(parts) if isinstance(condition, All) else Any_(parts)


def _test(test: Test, tables: Tables, root: Node) -> Condition:
    wanted = tuple(
        one for one in (test.operand if isinstance(test.operand, tuple) else (test.operand,)) if isinstance(one, str)
    )
    if test.attribute == _CLASSES and tables.classes and test.op not in {"exists", "missing"}:
        if not wanted or not _is_known(test.op):
            raise _refused(test, "file.classes", "classes", root)
        return test if tables.classes.keys().isdisjoint(wanted) else _joined(test, wanted, _PATH, tables)
    if test.attribute == _REGION and tables.regions:
        if not wanted or not _is_known(test.op):
            raise _refused(test, "http.region", "regions", root)
        return _joined(test, wanted, _HOST, tables)
    if (
        test.attribute == _PLACE
        and test.op in {"eq", "ne", "in", "not_in"}
        and not tables.regions.keys().isdisjoint(wanted)
    ):
        return Test(_PLACE, {"eq": "in", "ne": "not_in"}.get(test.op, test.op), _places(wanted, tables), test.line)
    return test


def _is_known(op: str) -> bool:
    return op in _ONE_OF or op in _OPPOSITE or op == "contains_all"


def _refused(test: Test, attribute: str, key: str, root: Node) -> Flaw:
    node = root.entries[key][0] if isinstance(root, Mapping) else root
    name = test.op.removesuffix(".eq").partition(".")[0]
    told = "use `eq`, `in`, `ne`, `not_in`, `contains`, `contains_any` or `contains_all` with names"
    return Flaw("unsupported", f"`{name}` cannot be used on `{attribute}` in a file that has `{key}`", node, told)


def _joined(test: Test, wanted: tuple[str, ...], source: Attribute, tables: Tables) -> Condition:
    """Join what each name means; the opposite of a comparison needs its subject to be there, as everywhere."""
    parts = tuple(_meaning(test, name, tables) for name in wanted)
    if test.op == "contains_all":
        return All(parts)
    any_of = _either(parts)
    if test.op not in _OPPOSITE:
        return any_of
    return All((Test(source, "starts_with", "", test.line), Not(any_of)))


def _meaning(test: Test, name: str, tables: Tables) -> Condition:
    if test.attribute == _REGION:
        region = tables.regions.get(name, Region())
        hosts = (Test(_HOST, "host", region.hosts, test.line),) if region.hosts else ()
        networks = (Test(_HOST, "cidr", region.networks, test.line),) if region.networks else ()
        return _either((*hosts, *networks))
    own = tables.classes.get(name, FileClass())
    known = (Test(_CLASSES, "contains", name, test.line),) if name in CLASSES else ()
    more = (Test(_PATH, "regex", own.more, test.line),) if own.more else ()
    inside = _either((*known, *more))
    return All((inside, Not(Test(_PATH, "regex", own.fewer, test.line)))) if own.fewer else inside


def _either(parts: tuple[Condition, ...]) -> Condition:
    return parts[0] if len(parts) == 1 else Any_(parts)


def _places(wanted: tuple[str, ...], tables: Tables) -> tuple[str, ...]:
    """Give the regions that are asked for with their countries, in capitals and in small letters."""
    codes = (code for name in wanted for code in tables.regions.get(name, Region()).countries)
    return tuple(dict.fromkeys((*wanted, *(form for code in codes for form in (code, code.lower())))))
