"""Carry out the changes of ``modify`` rules, or say why that cannot be done.

Rule 1: changes apply in the order set, append, floor, cap, remove, whatever the order of their rules.
Rule 2: a change that cannot be made, and two that contradict each other, are a ``Conflict``: the action is denied.
Rule 3: the arguments given are never touched; the result is a copy where it differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from referee.engine.operators import as_number
from referee.model.facts import Fact, Failed, Rewrite
from referee.model.programs import Change, Exact, Rule
from referee.model.sql import SqlChange
from referee.model.value import MAX_DEPTH, Path, show_path

_ORDER: Final = {op: place for place, op in enumerate(("set", "append", "floor", "cap", "remove"))}


class Conflict(Exception):  # noqa: N818 - an answer, not a fault
    """The changes cannot be made; the text says why without quoting a value."""


def rewrites(rules: Iterable[Rule]) -> set[str]:
    """Name the fact with the SQL text as the rules together want it: the least limit, without all that is dropped."""
    wanted = [rule.sql for rule in rules if rule.sql is not None]
    limits = [one.limit for one in wanted if one.limit is not None]
    drop = sorted({column for one in wanted for column in one.drop})
    return {SqlChange(min(limits, default=None), tuple(drop)).fact} if wanted else set()


def as_changes(fact: Fact) -> tuple[Change, ...]:
    """Give the change that puts a rewritten SQL text in its place.

    Raises:
        Conflict: the text could not be changed so.
    """
    if fact is None:
        return ()
    if not isinstance(fact, Rewrite):
        raise Conflict(f"the SQL cannot be changed: {fact.reason if isinstance(fact, Failed) else 'it is not known'}")
    return (Change("set", fact.path, fact.text),)


def merge(rules: Iterable[Rule], more: tuple[Change, ...] = ()) -> tuple[Change, ...]:
    """Unite the changes of matched rules, and ``more``.

    Raises:
        Conflict: two changes contradict each other.
    """
    changes: list[Change] = []
    stated = [rule.changes for rule in sorted(rules, key=lambda rule: (rule.file, rule.id))]
    for change in (change for several in (*stated, more) for change in several):
        if not any(_same(change, held) for held in changes):
            changes.append(change)
    changes = [change for change in changes if not any(_tighter(other, change) for other in changes)]
    for at, change in enumerate(changes):
        for other in changes[at + 1 :]:
            if _conflict(change, other):
                longer = max(change.path, other.path, key=len)
                raise Conflict(f"two rules change `{show_path('args', longer)}` in different ways")
    return tuple(sorted(changes, key=lambda change: _ORDER[change.op]))


def _same(first: Change, second: Change) -> bool:
    return (first.op, first.path) == (second.op, second.path) and _alike(first.value, second.value)


def _tighter(first: Change, second: Change) -> bool:
    """Whether one bound makes another of the same value superfluous."""
    if first.op != second.op or first.path != second.path or first.op not in {"cap", "floor"}:
        return False
    return _bound(first) < _bound(second) if first.op == "cap" else _bound(first) > _bound(second)


def _alike(first: Any, second: Any) -> bool:
    """Say whether two values are the same JSON: 1 is neither true nor 1.0."""
    if type(first) is not type(second):
        return False
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(_alike(first[key], second[key]) for key in first)
    if isinstance(first, (list, tuple)):
        return len(first) == len(second) and all(map(_alike, first, second))
    return bool(first == second)


def _bound(change: Change) -> Decimal:
    number = as_number(change.value.value if isinstance(change.value, Exact) else change.value)
    if number is None:
        raise _cannot(change, "has a bound that is not a number")
    return Decimal(number)


def _conflict(first: Change, second: Change) -> bool:
    ops = {first.op, second.op}
    shorter = min(len(first.path), len(second.path))
    related = first.path[:shorter] == second.path[:shorter]
    if not related or ops == {"remove"}:
        return False
    if ops == {"floor", "cap"} and first.path == second.path:
        floor, cap = (first, second) if first.op == "floor" else (second, first)
        return _bound(floor) > _bound(cap)
    return not ops <= {"floor", "cap"} and (ops != {"append"} or first.path != second.path)


def apply_changes(args: dict[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """Return the arguments with the changes made.

    Raises:
        Conflict: a change does not fit the value it meets.

    >>> apply_changes({"limit": 500}, [Change("cap", ("limit",), 100)])
    {'limit': 100}
    """
    result: Any = args
    removes = [change for change in changes if change.op == "remove"]
    removes.sort(key=_hindmost, reverse=True)
    for change in (*(change for change in changes if change.op != "remove"), *removes):
        result = _walk(result, change.path, change, 0)
    assert isinstance(result, dict)
    return result


def _hindmost(change: Change) -> list[tuple[bool, int]]:
    return [(isinstance(step, int), step if isinstance(step, int) else 0) for step in change.path]


def _walk(value: Any, path: Path, change: Change, depth: int) -> Any:
    """Copy what lies on the path and change what stands at its end."""
    if depth > MAX_DEPTH:
        raise _cannot(change, "is too deep")
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        present = step in value
        if not present and change.op == "remove":
            return value
        if not present and isinstance(step, int):
            raise _cannot(change, "is a position in a mapping")
        copy = dict(value)
        if not rest:
            return _end(copy, step, present, change)
        copy[step] = _walk(value[step] if present else {}, rest, change, depth + 1)
        return copy
    if isinstance(value, (list, tuple)) and isinstance(step, int):
        if step >= len(value):
            if change.op == "remove":
                return value
            raise _cannot(change, "is beyond the end of its list")
        items = list(value)
        if not rest:
            return _end(items, step, True, change)
        items[step] = _walk(items[step], rest, change, depth + 1)
        return items
    if change.op == "remove":
        return value
    raise _cannot(change, "is not where a value can stand")


def _end(holder: Any, step: Any, present: bool, change: Change) -> Any:  # noqa: FBT001 - private
    if change.op == "remove":
        del holder[step]
        return holder
    held = holder[step] if present else None
    holder[step] = _OPERATIONS[change.op](held, present, change)
    return holder


def _set(held: Any, present: bool, change: Change) -> Any:  # noqa: ARG001, FBT001 - the shape of every operation
    return to_json(change.value)


def _append(held: Any, present: bool, change: Change) -> Any:  # noqa: FBT001 - the shape of every operation
    value = to_json(change.value)
    if not present:
        return [value]
    if isinstance(held, (list, tuple)):
        return [*held, value]
    if isinstance(held, str) and isinstance(value, str):
        return held + value
    raise _cannot(change, "is neither a list nor text")


def _limit(held: Any, present: bool, change: Change) -> Any:  # noqa: FBT001 - the shape of every operation
    bound = to_json(change.value)
    if not present:
        return bound
    number = as_number(held)
    if number is None:
        raise _cannot(change, "is not a number")
    beyond = number > _bound(change) if change.op == "cap" else number < _bound(change)
    if not beyond:
        return held
    return str(bound) if isinstance(held, str) else bound


_OPERATIONS: Final[Any] = {"set": _set, "append": _append, "cap": _limit, "floor": _limit}


def to_json(value: Any) -> Any:
    """Turn a value of a policy into one that a tool can take: exact numbers become JSON numbers.

    >>> to_json(Exact("0.50"))
    0.5
    """
    if isinstance(value, Exact):
        number = value.value
        return int(number) if number == number.to_integral_value() and abs(number) < 10**18 else float(number)
    if isinstance(value, dict):
        return {key: to_json(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(member) for member in value]
    return value


def _cannot(change: Change, why: str) -> Conflict:
    return Conflict(f"`{show_path('args', change.path)}` {why}, so `{change.op}` cannot be carried out")
