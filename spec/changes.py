"""How the changes of ``modify`` rules rewrite the arguments of a request.

Rule 1: changes are applied all or none. What conflicts or cannot be done is ``None``, which the decision turns into a deny.
Rule 2: the order is fixed: set, append, floor, cap, remove; removes last, the hindmost list position first.
Rule 3: the arguments given are never touched; a changed copy is returned.
"""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any, Final

from operators import Error, number
from referee.model.programs import Change, Exact

ORDER: Final = ("set", "append", "floor", "cap", "remove")
ABSENT: Final = object()


class Impossible(Exception):  # noqa: N818 - a signal inside this file, not an error of a caller's
    """A change that cannot be carried out."""


def distinct(changes: list[Change]) -> tuple[Change, ...]:
    """Leave out what is said twice or more tightly elsewhere, and put the rest in the order in which it is applied."""
    kept: list[Change] = []
    for change in changes:
        if not any(_same(change, other) for other in kept) and not any(_tighter(other, change) for other in changes):
            kept.append(change)
    return tuple(sorted(kept, key=lambda change: ORDER.index(change.op)))


def _same(one: Change, other: Change) -> bool:
    return (one.op, one.path) == (other.op, other.path) and _alike(one.value, other.value)


def _tighter(one: Change, other: Change) -> bool:
    """Say whether one bound makes another of the same value superfluous."""
    if one.op != other.op or one.path != other.path or one.op not in {"cap", "floor"}:
        return False
    left, right = _bound(one.value), _bound(other.value)
    return left < right if one.op == "cap" else left > right


def _alike(one: Any, other: Any) -> bool:
    """Say whether two values are the same JSON: 1 is neither true nor 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def conflicting(changes: tuple[Change, ...]) -> bool:
    """Say whether two of the changes contradict each other. They are distinct already."""
    return any(_conflict(one, other) for at, one in enumerate(changes) for other in changes[at + 1 :])


def _conflict(one: Change, other: Change) -> bool:
    shorter = min(len(one.path), len(other.path))
    if one.path[:shorter] != other.path[:shorter]:
        return False
    ops = {one.op, other.op}
    if ops == {"floor", "cap"} and one.path == other.path:
        floor, cap = (one, other) if one.op == "floor" else (other, one)
        return _bound(floor.value) > _bound(cap.value)
    return ops != {"remove"} and not ops <= {"floor", "cap"} and (ops != {"append"} or one.path != other.path)


def applied(args: dict[str, Any], changes: tuple[Change, ...]) -> dict[str, Any] | None:
    """Carry out the changes, or return ``None`` where they contradict each other or cannot be done."""
    if conflicting(changes):
        return None
    changed = copy.deepcopy(args)
    removes = [change for change in changes if change.op == "remove"]
    removes.sort(key=lambda change: [(isinstance(s, int), s if isinstance(s, int) else 0) for s in change.path])
    try:
        for change in changes:
            if change.op != "remove":
                _rewrite(changed, change)
        for change in reversed(removes):
            _remove(changed, change.path)
    except Impossible:
        return None
    return changed


def _rewrite(args: dict[str, Any], change: Change) -> None:
    parent = _parent(args, change.path)
    last = change.path[-1]
    old = _get(parent, last)
    if change.op == "set":
        new = _plain(change.value)
    elif change.op == "append":
        new = _appended(old, _plain(change.value))
    else:
        new = _bounded(old, change)
    fits = isinstance(last, str) if isinstance(parent, dict) else old is not ABSENT
    if not fits:
        raise Impossible
    parent[last] = new


def _parent(value: Any, path: tuple[str | int, ...]) -> Any:
    """Walk to what holds the last step, making the mappings that are missing."""
    for step in path[:-1]:
        inner = _get(value, step)
        if inner is ABSENT:
            if not (isinstance(value, dict) and isinstance(step, str)):
                raise Impossible
            inner = value[step] = {}
        value = inner
    return value


def _get(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step, ABSENT)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return ABSENT


def _plain(value: Any) -> Any:
    """Turn the model's values into JSON's: exact numbers into integers or floats, tuples into lists."""
    if isinstance(value, Exact):
        exact = value.value
        return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**18 else float(exact)
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    return value


def _appended(old: Any, value: Any) -> Any:
    if old is ABSENT:
        return [value]
    if isinstance(old, list):
        return [*old, value]
    if isinstance(old, str) and isinstance(value, str):
        return old + value
    raise Impossible


def _bounded(old: Any, change: Change) -> Any:
    bound = _bound(change.value)
    if old is ABSENT:
        return _plain(change.value)
    value = number(old)
    if value is None or isinstance(value, Error):
        raise Impossible
    if value >= bound if change.op == "floor" else value <= bound:
        return old
    return str(_plain(change.value)) if isinstance(old, str) else _plain(change.value)


def _bound(value: Any) -> Decimal:
    bound = number(value)
    if not isinstance(bound, Decimal):
        raise Impossible
    return bound


def _remove(args: dict[str, Any], path: tuple[str | int, ...]) -> None:
    value: Any = args
    for step in path[:-1]:
        value = _get(value, step)
    if _get(value, path[-1]) is not ABSENT:
        del value[path[-1]]
