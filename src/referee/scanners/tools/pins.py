"""Definitions that were approved, and whether those of today are the same: what a rug pull changes shows here.

Rule 1: a pin is the digest of the whole definition, of everything a model may be shown. Equal digests, equal definitions.
Rule 2: beside the digest stands the definition, secrets taken out, so that a change can be told and not only noticed.
Rule 3: a lock says yes to what it knows; a tool that is new, changed, or listed twice with one of them unknown is not approved.
Rule 4: a lock that was altered by hand is refused as a whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from referee.model.value import TooBig, strings
from referee.scanners.builtin import builtin
from referee.scanners.protocol import scan_strings
from referee.scanners.redact import redact
from referee.scanners.tools.definitions import MAX_DEPTH, ToolDefinition

VERSION: Final = 1
_UNSHOWN: Final = frozenset({"_meta", "icons"})
"""What clients keep to themselves."""
_AROUND: Final = 24
_EXCERPT: Final = 96
_SHOWN_PII: Final = frozenset({"email", "ip_address", "mac_address", "phone_number"})
"""Addresses that a definition names are what its reader has to see."""

Status = Literal["same", "changed", "new", "removed"]


class BadLock(ValueError):  # noqa: N818 - it is a file, not a fault of the program
    """A lock file that is none, is of another version, or was changed by hand."""


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """A definition that was approved."""

    server: str
    tool: str
    digest: str
    definition: dict[str, Any]


class Change(msgspec.Struct, frozen=True):
    """A place where a definition is not what it was: excerpts, ``None`` where there is nothing."""

    path: str
    before: str | None
    after: str | None


class Drift(msgspec.Struct, frozen=True):
    """What became of one tool since it was approved."""

    server: str
    tool: str
    status: Status
    changes: tuple[Change, ...] = ()


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """The definitions that were approved, in the order of their names."""

    pins: tuple[Pin, ...] = ()

    def approves(self, tool: ToolDefinition) -> bool:
        """Tell whether exactly this definition was approved; what a gateway asks before it shows a tool to a model."""
        pin = self._pins.get((tool.server, tool.name))
        return pin is not None and pin.digest == digest(tool)

    def with_tools(self, tools: Iterable[ToolDefinition]) -> Lock:
        """Approve these definitions, in place of earlier ones of the same tools.

        Raises:
            BadLock: a tool is listed twice, differently.
        """
        fresh: dict[tuple[str, str], Pin] = {}
        for tool in tools:
            made = pin_of(tool)
            if fresh.setdefault((tool.server, tool.name), made).digest != made.digest:
                raise BadLock(f"the tool `{clean(tool.name)}` is listed twice, with two definitions")
        pins = self._pins | fresh
        return Lock(pins=tuple(pins[key] for key in sorted(pins)))

    def without(self, drifts: Iterable[Drift]) -> Lock:
        """Take out the tools that were removed."""
        gone = {(one.server, one.tool) for one in drifts if one.status == "removed"}
        return Lock(pins=tuple(pin for pin in self.pins if (pin.server, pin.tool) not in gone))

    def check(self, tools: Sequence[ToolDefinition], servers: Iterable[str] | None = None) -> tuple[Drift, ...]:
        """Compare the tools that ``servers`` (all that the tools name, unless given) list now with those approved."""
        asked = set(servers) if servers is not None else {tool.server for tool in tools}
        listed: dict[tuple[str, str], list[ToolDefinition]] = {}
        for tool in tools:
            listed.setdefault((tool.server, tool.name), []).append(tool)
        drifts = [self._drift(key, those) for key, those in listed.items()]
        drifts += [
            Drift(server, tool, "removed")
            for server, tool in self._pins
            if server in asked and (server, tool) not in listed
        ]
        return tuple(sorted(drifts, key=lambda drift: (drift.server, drift.tool)))

    def _drift(self, key: tuple[str, str], tools: list[ToolDefinition]) -> Drift:
        pin = self._pins.get(key)
        if pin is None:
            return Drift(*key, "new")
        other = next((tool for tool in tools if digest(tool) != pin.digest), None)
        return Drift(*key, "same") if other is None else Drift(*key, "changed", changes(pin, other))

    @property
    def _pins(self) -> dict[tuple[str, str], Pin]:
        return {(pin.server, pin.tool): pin for pin in self.pins}


def digest(tool: ToolDefinition) -> str:
    """Name a definition by everything in it that a model may be shown.

    >>> digest(ToolDefinition(name="a")) == digest(ToolDefinition(name="a", server="b"))
    True
    """
    content = {key: value for key, value in tool.content.items() if key not in _UNSHOWN}
    try:
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    except (ValueError, RecursionError, TypeError):
        text = repr(tool.name) + "\0 beyond what can be written"
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def pin_of(tool: ToolDefinition) -> Pin:
    """Approve a definition.

    Raises:
        BadLock: it is too deep to be written down.
    """
    content = {key: value for key, value in tool.content.items() if key not in _UNSHOWN}
    if too_deep(content):
        raise BadLock(f"the definition of `{clean(tool.name)}` is too deep")
    return Pin(server=tool.server, tool=tool.name, digest=digest(tool), definition=masked(content))


def too_deep(value: Any) -> bool:
    """Tell whether a value is nested deeper than definitions are read."""
    layer = [value]
    for _ in range(2 * MAX_DEPTH):
        layer = [inner for one in layer for inner in _inner(one)]
        if not layer:
            return False
    return True


def _inner(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, (list, tuple)) else ()


def masked(value: Any) -> Any:
    """Copy a value with the secrets in it, and personal data but for addresses, taken out."""
    try:
        found = [one for name in ("secret", "pii") for one in scan_strings(builtin()[name], strings(value, "tool"))]
        return redact(value, [one for one in found if one.kind not in _SHOWN_PII], "placeholder", "tool")[0]
    except (ValueError, TooBig):
        return {"name": "a definition that is too large to be shown"}


def changes(pin: Pin, tool: ToolDefinition) -> tuple[Change, ...]:
    """Say where a definition is not the one that was approved, by excerpts that show no secret and nothing unseen."""
    if too_deep(tool.content):
        return (Change("", None, "nested too deep to be shown"),)
    now = masked({key: value for key, value in tool.content.items() if key not in _UNSHOWN})
    found = tuple(_differences(pin.definition, now, ""))
    return found or (Change("", "a value that is not shown", "another value that is not shown"),)


def _differences(before: Any, after: Any, path: str) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            inner = f"{path}.{clean(str(key))}".lstrip(".")
            if key not in after or key not in before:
                yield Change(inner, _shown(before.get(key)), _shown(after.get(key)))
            else:
                yield from _differences(before[key], after[key], inner)
    elif isinstance(before, list) and isinstance(after, list):
        for at in range(max(len(before), len(after))):
            if at < len(before) and at < len(after):
                yield from _differences(before[at], after[at], f"{path}[{at}]")
            else:
                rest = (before[at] if at < len(before) else None, after[at] if at < len(after) else None)
                yield Change(f"{path}[{at}]", _shown(rest[0]), _shown(rest[1]))
    elif isinstance(before, str) and isinstance(after, str):
        if before != after:
            yield _of_texts(before, after, path)
    elif before != after or type(before) is not type(after):
        yield Change(path, _shown(before), _shown(after))


def _of_texts(before: str, after: str, path: str) -> Change:
    """Cut what two texts have in common at both ends, but for a few characters around the difference."""
    start = next((at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), None)
    start = min(len(before), len(after)) if start is None else start
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return Change(path, _cut(before, start, len(before) - end), _cut(after, start, len(after) - end))


def _cut(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    said = text[first : min(last, first + _EXCERPT + _AROUND)]
    cut = last > first + _EXCERPT + _AROUND or last < len(text)
    return f"{'…' if first else ''}{clean(said)}{'…' if cut else ''}"


def _shown(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return clean(text[:_EXCERPT]) + ("…" if len(text) > _EXCERPT else "")


def clean(text: str) -> str:
    r"""Write what a terminal would obey or a human not see as escapes.

    >>> clean("a\x1b[8m\u200bb\u00e9")
    'a\\x1b[8m\\u200bb\u00e9'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def written(lock: Lock) -> bytes:
    """Write a lock as a file that is read by people too."""
    tools = [msgspec.to_builtins(pin) for pin in lock.pins]
    body = {"version": VERSION, "seal": _seal(lock.pins), "tools": tools}
    return json.dumps(body, indent=1, sort_keys=True, ensure_ascii=True).encode() + b"\n"


def read(data: bytes) -> Lock:
    """Read a lock file.

    Raises:
        BadLock: it is none, of another version, or was changed by hand.
    """
    try:
        body = json.loads(data)
        pins = tuple(msgspec.convert(body["tools"], list[Pin]))
        version, seal = body["version"], body["seal"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadLock("it is no list of approved tools") from None
    if version != VERSION:
        raise BadLock(f"it is of a version that is not {VERSION}")
    if seal != _seal(pins) or len({(pin.server, pin.tool) for pin in pins}) != len(pins):
        raise BadLock("it was changed by something else; approve the tools anew")
    return Lock(pins=pins)


def _seal(pins: Iterable[Pin]) -> str:
    """Tell a slip of the pen, not an attacker: who can write the file can write the seal."""
    text = json.dumps([msgspec.to_builtins(pin) for pin in pins], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
