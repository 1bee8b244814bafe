"""Values of programs with what was removed from their view removed from themselves, each in its own type.

Rule 1: what did not change is the very object; what did is a copy, and the value itself is left as it is.
Rule 2: a value whose type cannot carry the change is an error, and the caller refuses it.
"""

from __future__ import annotations

import copy
import dataclasses
from collections import OrderedDict, defaultdict, deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

_SIMPLE: Final = (str, int, float, bool, type(None))
_LISTS: Final = (list, tuple, set, frozenset, deque)


def rebuilt(value: Any, view: Any, decided: Any) -> Any:
    """Return ``value``, which is seen as ``view``, as it was decided.

    Raises:
        ValueError: its type cannot carry the change.

    >>> rebuilt(("a", b"b"), ["a", "b"], ["a", "[REDACTED]"])
    ('a', b'[REDACTED]')
    """
    if decided is view or (type(decided) is type(view) and decided == view):
        return value
    kind = type(value)
    if kind in _SIMPLE or isinstance(value, (int, float)):
        return decided
    if isinstance(value, str):
        return decided if kind is str or not isinstance(decided, str) else _as(kind, decided)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes(value, decided)
    if isinstance(value, Mapping):
        return _mapping(value, view, decided)
    if isinstance(decided, list) and isinstance(view, list) and len(decided) == len(view):
        return _members(value, view, decided)
    if isinstance(decided, dict) and isinstance(view, dict):
        return _parts(value, view, decided)
    if hasattr(value, "as_tuple"):  # a Decimal
        return decided
    raise ValueError("the type of a value cannot carry the change")


def _as(kind: type[Any], text: str) -> Any:
    try:
        return kind(text)
    except Exception:  # noqa: BLE001 - any class's own code may run here
        raise ValueError("the type of a text cannot carry the change") from None


def _bytes(value: bytes | bytearray | memoryview, decided: Any) -> Any:
    if not isinstance(decided, str):
        return decided
    try:
        bytes(value).decode()
    except UnicodeDecodeError:
        raise ValueError("what is not UTF-8 cannot carry a change") from None
    data = decided.encode("utf-8", "surrogatepass")
    return data if isinstance(value, (bytes, memoryview)) else bytearray(data)


def _mapping(value: Mapping[Any, Any], view: Any, decided: Any) -> Any:
    """Carry a change over to a mapping; a key that was removed from stands where it stood."""
    if not isinstance(decided, dict) or not isinstance(view, dict) or len(view) != len(value):
        raise ValueError("a mapping cannot carry the change")
    known = dict(zip(view, value.items(), strict=True))
    renamed = dict(zip(decided, view, strict=True)) if len(decided) == len(view) else {}
    changed: dict[Any, Any] = {}
    for name, member in decided.items():
        seen = name if name in known else renamed.get(name)
        if seen is None or (seen != name and seen in decided):
            changed[name] = member
        else:
            key, own = known[seen]
            changed[key if seen == name else name] = rebuilt(own, view[seen], member)
    if type(value) in (dict, OrderedDict):
        return type(value)(changed)  # type: ignore[call-arg]
    if isinstance(value, defaultdict):
        return defaultdict(value.default_factory, changed)
    if isinstance(value, MappingProxyType):
        return MappingProxyType(changed)
    return changed


def _members(value: Any, view: list[Any], decided: list[Any]) -> Any:
    """Carry a change over to the members of a list, tuple or set."""
    kind: Any = type(value)
    if kind not in _LISTS:
        raise ValueError("a list of this type cannot carry the change")
    return kind([rebuilt(*each) for each in zip(value, view, decided, strict=True)])


def _parts(value: Any, view: dict[str, Any], decided: dict[str, Any]) -> Any:
    """Carry a change over to an object of named parts: a data class, a struct, a named tuple, a model."""
    if list(view) != list(decided):
        raise ValueError("an object cannot carry other names")
    changes = {
        name: rebuilt(getattr(value, name), view[name], decided[name])
        for name in view
        if decided[name] is not view[name] and decided[name] != view[name]
    }
    if isinstance(value, tuple):
        return value._replace(**changes)  # type: ignore[attr-defined]
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **changes)
    if hasattr(type(value), "model_copy"):
        return value.model_copy(update=changes)
    if dataclasses.is_dataclass(value) or hasattr(type(value), "__attrs_attrs__"):
        changed = copy.copy(value)
        for name, member in changes.items():
            object.__setattr__(changed, name, member)
        return changed
    raise ValueError("an object of this type cannot carry the change")
