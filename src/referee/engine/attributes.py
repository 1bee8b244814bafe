"""Where the value of each attribute comes from: an attribute is compiled once into (request, facts) → value.

Rule 1: an absent value is ``ABSENT``, a fact that failed is a ``Failed``, one that was not asked for is ``UNGATHERED``.
Rule 2: an attribute with several values (a set, ``*``, ``**``, ``text``) gives them all; conditions decide what that means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from referee.engine import sql
from referee.model.facts import Clock, Fact, Failed, HttpFacet, ShellFacet, ToolFacet
from referee.model.names import COUNTERS
from referee.model.programs import Attribute
from referee.model.request import Request
from referee.model.sql import SqlFacet
from referee.model.value import TooBig, reach, strings

ABSENT: Final = msgspec.UNSET


class _Ungathered:
    """The mark of a fact that nobody has asked for yet."""

    __slots__ = ()


UNGATHERED: Final = _Ungathered()
TOO_BIG: Final = Failed("a value is too deep or too large")

Getter = Callable[[Request, Mapping[str, Fact]], Any]


def _field(*names: str) -> Getter:
    if len(names) == 1:
        name = names[0]

        def direct(request: Request, facts: Mapping[str, Fact]) -> Any:  # noqa: ARG001 - the shape of every getter
            value = getattr(request, name)
            return ABSENT if value is None else value

        return direct
    outer, inner = names

    def nested(request: Request, facts: Mapping[str, Fact]) -> Any:  # noqa: ARG001 - the shape of every getter
        value = getattr(getattr(request, outer), inner)
        return ABSENT if value is None else value

    return nested


def _fact(name: str, *parts: str) -> Getter:
    part = parts[0] if parts else None

    def read(request: Request, facts: Mapping[str, Fact]) -> Any:  # noqa: ARG001 - the shape of every getter
        value = facts.get(name, UNGATHERED)
        if value is None:
            return ABSENT
        if part is None or value is UNGATHERED or isinstance(value, Failed):
            return value
        found = getattr(value, part)
        return ABSENT if found is None else found

    return read


def _programs(request: Request, facts: Mapping[str, Fact]) -> Any:  # noqa: ARG001 - the shape of every getter
    shell = facts.get("shell", UNGATHERED)
    if shell is None:
        return ABSENT
    return shell if shell is UNGATHERED or isinstance(shell, Failed) else tuple(filter(None, shell.programs))  # type: ignore[union-attr]


def _sql(part: str) -> Getter:
    def read(request: Request, facts: Mapping[str, Fact]) -> Any:  # noqa: ARG001 - the shape of every getter
        value = facts.get("sql", UNGATHERED)
        if isinstance(value, SqlFacet):
            value = sql.part_of(value, part)
        return ABSENT if value is None else value

    return read


def _file(part: str) -> Getter:
    """Read the one file that conditions look at; they show this getter the files of a request one by one."""

    def read(request: Request, facts: Mapping[str, Fact]) -> Any:  # noqa: ARG001 - the shape of every getter
        value = facts.get("file", UNGATHERED)
        if value is None or value == ():
            return ABSENT
        if value is UNGATHERED or isinstance(value, Failed):
            return value
        found = getattr(value[0], part)  # type: ignore[index]
        return ABSENT if found is None else found

    return read


def _canonical(request: Request, facts: Mapping[str, Fact]) -> Any:
    """Read what the tool is; of a call of an unknown tool, that it is nothing known."""
    if request.tool is None:
        return ABSENT
    value = facts.get("tool", UNGATHERED)
    return ToolFacet() if value is None else value


_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    **{name: (name,) for name in ("kind", "phase", "tool", "environment", "model", "provider", "cost", "confidence")},
    **{f"agent.{part}": ("agent", part) for part in ("id", "team", "role", "owner", "parent")},
    **{f"resource.{part}": ("resource", part) for part in ("type", "path", "classification", "owner", "region")},
    "user.id": ("user", "id"),
    "session.id": ("session", "id"),
    "approval.state": ("approval", "state"),
    "tokens.input": ("tokens", "input"),
    "tokens.output": ("tokens", "output"),
    "agent.tags": ("agent", "tags"),
    "user.roles": ("user", "roles"),
    "session.labels": ("session", "labels"),
    "permissions": ("permissions",),
}
_HTTP: Final = ("url", "scheme", "host", "domain", "port", "path", "method", "address", "region", "lookalike")
_SHELL: Final = ("programs", "effects", "paths", "hosts", "resolved")
_SETS: Final = frozenset(
    {"agent.tags", "user.roles", "session.labels", "permissions", "file.classes"}
    | {f"shell.{part}" for part in ("programs", "effects", "paths", "hosts")}
    | {*sql.SETS}
)
_WITH_PATH: Final = ("args", "result", "context", "signals")


def fact_of(attribute: Attribute, timezone: str = "UTC") -> str | None:
    """Name the fact an attribute comes from; ``None`` if it comes from the request.

    >>> fact_of(Attribute("counter", ("cost_today",)), "Europe/Rome")
    'counter.cost_today@Europe/Rome'
    """
    room = attribute.root.split(".", 1)[0]
    if room in ("http", "file", "shell", "sql"):
        return room
    if attribute.root == "tool.canonical":
        return "tool"
    if room == "time":
        return f"time@{timezone}"
    if room == "counter":
        name = str(attribute.path[0])
        return f"counter.{name}@{timezone}" if COUNTERS.get(name) else f"counter.{name}"
    return None


def is_many(attribute: Attribute) -> bool:
    """Whether an attribute has several values that are looked at one by one."""
    return (
        attribute.root in _SETS
        or attribute.root in ("text", "tool.canonical")
        or "*" in attribute.path
        or "**" in attribute.path
    )


def is_set(attribute: Attribute) -> bool:
    """Whether an attribute is a set that collection operators look at as a whole."""
    return attribute.root in _SETS


def getter(attribute: Attribute, timezone: str = "UTC") -> Getter:
    """Compile an attribute.

    Raises:
        KeyError: there is no such attribute.
    """
    root = attribute.root
    if root in _WITH_PATH:
        return _with_path(root, attribute.path)
    if root in _FIELDS:
        return _field(*_FIELDS[root])
    if root == "tool.canonical":
        return _canonical
    if root == "text":
        return lambda request, facts: _texts(request)  # noqa: ARG005 - the shape of every getter
    fact = fact_of(attribute, timezone)
    if fact is None:
        raise KeyError(root)
    part = root.partition(".")[2]
    if root in ("counter", "shell", "sql"):
        return _fact(fact)
    if fact == "sql" and part in sql.PARTS:
        return _sql(part)
    if part not in _PARTS.get(fact.partition("@")[0], ()):
        raise KeyError(root)
    if root == "shell.programs":
        return _programs
    return _file(part) if fact == "file" else _fact(fact, part)


_FILE: Final = ("path", "access", "classes", "inside_workspace")
_TIME: Final = ("hour", "weekday", "date")
_PARTS: Final = {"http": _HTTP, "shell": _SHELL, "file": _FILE, "time": _TIME}
assert set(_HTTP) <= set(HttpFacet.__struct_fields__)
assert set(_TIME) == set(Clock.__struct_fields__)
assert set(_SHELL) <= {*ShellFacet.__struct_fields__, "programs", "resolved"}


def _with_path(root: str, path: tuple[str | int, ...]) -> Getter:
    if root == "args" and len(path) == 1 and isinstance(path[0], str) and path[0] not in ("*", "**"):
        key = path[0]
        return lambda request, facts: request.args.get(key, ABSENT)  # noqa: ARG005 - the shape of every getter
    many = "*" in path or "**" in path

    def read(request: Request, facts: Mapping[str, Fact]) -> Any:  # noqa: ARG001 - the shape of every getter
        value = getattr(request, root)
        if value is ABSENT:
            return ABSENT
        try:
            found = tuple(reach(value, path))
        except TooBig:
            return TOO_BIG
        if many:
            return found if found or path[-1] == "**" else ABSENT
        return found[0] if found else ABSENT

    return read


def _texts(request: Request) -> Any:
    try:
        return tuple(text for _, text in texts(request))
    except TooBig:
        return TOO_BIG


def texts(request: Request) -> Iterator[tuple[str, str]]:
    """Yield every string of a request in its phase as (path, text): arguments and URL before, the result after.

    Raises:
        TooBig: a value is deeper or larger than the bounds.
    """
    if request.phase == "pre":
        found = strings(request.args, "args")
    else:
        found = iter(()) if request.result is ABSENT else strings(request.result, "result")
    for path, text, _ in found:
        yield path, text
    if request.text is not None:
        yield "text", request.text
    if request.url is not None and request.phase == "pre":
        yield "url", request.url
