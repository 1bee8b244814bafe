"""Paths into the arguments, results and context of a request.

Rule 1: a path is a tuple of keys and positions; ``*`` stands for every member, ``**`` for every string at any depth.
Rule 2: a walk is bounded. What is deeper or larger than the bounds is ``TOO_BIG``, never silently left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

Path = tuple[str | int, ...]

MAX_DEPTH: Final = 64
MAX_LEAVES: Final = 100_000

_MAX_NUMBER: Final = 10**24
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d{1,9}|\*)\]")


class TooBig(Exception):  # noqa: N818 - a signal between walk and caller, not an error of the user's
    """A value is deeper than ``MAX_DEPTH`` or has more than ``MAX_LEAVES`` leaves."""


def parse_path(text: str) -> Path | None:
    """Read ``to[0].name`` as keys and positions; ``None`` if it is not a path.

    >>> parse_path("to[0].name")
    ('to', 0, 'name')
    >>> parse_path("**")
    ('**',)
    """
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None or (step[1] and step[0][0] != "." and at > 0) or (step[1] and step[0][0] == "." and at == 0):
            return None
        index = step[2]
        steps.append(step[1] if index is None else index if index == "*" else int(index))
        at = step.end()
    if not steps or "**" in steps[:-1]:
        return None
    return tuple(steps)


def show_path(root: str, path: Path) -> str:
    """Write a path as an attribute is written.

    >>> show_path("args", ("to", 0, "name"))
    'args.to[0].name'
    """
    return root + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def reach(value: Any, path: Path) -> Iterator[Any]:
    """Yield what stands at ``path`` in ``value``; nothing if it is absent.

    Raises:
        TooBig: ``**`` met a value beyond the bounds.

    >>> list(reach({"to": [{"name": "a"}, {"name": "b"}]}, ("to", "*", "name")))
    ['a', 'b']
    """
    for depth, step in enumerate(path):
        if step == "**":
            for _, text, _ in strings(value, ""):
                yield text
            return
        if step == "*":
            rest = path[depth + 1 :]
            for member in _members(value):
                yield from reach(member, rest)
            return
        if isinstance(value, Mapping):
            if step not in value:
                return
            value = value[step]
        elif isinstance(step, int) and isinstance(value, (list, tuple)):
            if step >= len(value):
                return
            value = value[step]
        else:
            return
    yield value


def _members(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, (list, tuple)):
        yield from value


class Digits(str):
    """A whole number of the value, as text."""

    __slots__ = ()


def strings(value: Any, root: str, *, others: bool = False) -> Iterator[tuple[str, str, bool]]:
    """Yield every string in ``value`` as (path, text, is it a key), in document order, keys before their values.

    ``others``: whole numbers too, as ``Digits``, and octets as the text they are.

    Raises:
        TooBig: the value is deeper or larger than the bounds.

    >>> list(strings({"a": ["x", {"b": "y"}]}, "args"))
    [('args.a', 'a', True), ('args.a[0]', 'x', False), ('args.a[1].b', 'b', True), ('args.a[1].b', 'y', False)]
    """
    if isinstance(value, str):
        yield root, value, False
        return
    leaves = 0
    stack: list[tuple[str, Any, int]] = [(root, value, 0)]
    while stack:
        path, item, depth = stack.pop()
        leaves += 1
        if depth > MAX_DEPTH or leaves > MAX_LEAVES:
            raise TooBig
        if isinstance(item, str):
            yield path, item, depth < 0
        elif isinstance(item, Mapping):
            below: list[tuple[str, Any, int]] = []
            for key, member in item.items():
                name = f"{path}.{key}" if path else str(key)
                below.append((name, _Key(key), depth + 1))
                below.append((name, member, depth + 1))
            stack.extend(reversed(below))
        elif isinstance(item, (list, tuple)):
            stack.extend((f"{path}[{at}]", member, depth + 1) for at, member in reversed(list(enumerate(item))))
        elif isinstance(item, _Key):
            yield path, item.text, True
        elif others:
            text = _as_text(item)
            if text:
                yield path, text, False


def _as_text(item: object) -> str:
    if isinstance(item, (bytes, bytearray)):
        return text_of(bytes(item))
    if isinstance(item, (float, Decimal)) and _is_whole(item):
        item = int(item)
    return Digits(item) if type(item) is int and -_MAX_NUMBER < item < _MAX_NUMBER else ""


def _is_whole(number: float | Decimal) -> bool:
    finite = number.is_finite() if isinstance(number, Decimal) else True
    return finite and -_MAX_NUMBER < number < _MAX_NUMBER and number == int(number)


def text_of(octets: bytes) -> str:
    """Read octets as UTF-8, or where they are none, each as the character of its number.

    >>> text_of("é".encode()), text_of(bytes([233]))
    ('é', 'é')
    """
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


class _Key:
    __slots__ = ("text",)

    def __init__(self, key: object) -> None:
        self.text = str(key)
