"""Values of programs as rules see them: JSON types, with everything that is inside.

Rule 1: nothing is left out. What cannot be looked into is at least its text.
Rule 2: a view is a copy; nothing of the value itself is changed.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec

from referee.errors import InvalidRequest

_DEPTH: Final = 64
_SIMPLE: Final = (str, int, float, bool, Decimal, type(None))


def plain(value: Any, depth: int = 0) -> Any:
    """Copy a value as JSON types.

    Raises:
        InvalidRequest: it is nested too deeply, or refers to itself.

    >>> plain({"to": (b"a", {1})})
    {'to': ['a', [1]]}
    """
    if depth > _DEPTH:
        raise InvalidRequest("an argument or result is nested too deeply")
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, Enum):
        return plain(value.value, depth + 1)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, Mapping):
        return {_key(key): plain(member, depth + 1) for key, member in value.items()}
    if isinstance(value, (list, tuple, deque, AbstractSet)) and not hasattr(value, "_fields"):
        return [plain(member, depth + 1) for member in value]
    inside = _inside(value)
    if inside is None:
        return _text(value)
    return {name: plain(member, depth + 1) for name, member in inside.items()}


def _key(key: Any) -> str:
    return key if type(key) is str else str.__str__(key) if isinstance(key, str) else _text(key)


def _inside(value: Any) -> dict[str, Any] | None:
    """Return the named parts of an object, if it is one of parts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    fields = getattr(value, "_fields", None)
    if isinstance(value, tuple) and isinstance(fields, tuple):
        return dict(zip(map(str, fields), value, strict=False))
    if hasattr(type(value), "model_fields") or hasattr(type(value), "__attrs_attrs__"):
        return {name: member for name, member in vars(value).items() if not name.startswith("__")}
    return None


def _text(value: Any) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - any object's own code may run here
        raise InvalidRequest("an argument or result cannot be written down") from None
