"""What each operator means on one value: (operator, operand) is compiled once into value → truth.

Rule 1: numbers are compared exactly. A number in text is a number when the other side is one; ``True`` never is.
Rule 2: an operator that cannot judge a value answers ``ERROR``.
Rule 3: ``exists``, ``missing``, ``scan``, ``runs``, ``reads`` and ``writes`` look at more than one value and live in ``conditions``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from referee.engine import patterns
from referee.engine.truth import ERROR, FALSE, TRUE, either, of
from referee.model.programs import Exact, Operand

Check = Callable[[Any], int]

_NUMBER: Final = re.compile(r"\s*-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?\s*", re.ASCII)
_LONGEST: Final = 40
_BOOLEANS: Final = {"true": True, "false": False}
_KNOWN: Final = (str, int, float, Decimal, type(None), list, tuple, set, frozenset, Mapping)

Number = int | Decimal


def as_number(value: Any) -> Number | None:
    """Read a value as an exact number, or ``None``.

    >>> as_number("5.0"), as_number(0.1), as_number(True), as_number("five")
    (Decimal('5.0'), Decimal('0.1'), None, None)
    """
    kind = value.__class__
    if kind is int:
        return value  # type: ignore[no-any-return]
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind is float:
        exact = Decimal(repr(value))
        return exact if exact.is_finite() else None
    if kind is str:
        return Decimal(value.strip()) if len(value) <= _LONGEST and _NUMBER.fullmatch(value) else None
    exact = native(value)
    return None if exact is value else as_number(exact)


def native(value: Any) -> Any:
    """Return a number or text of a derived class, such as an enumeration, as the plain value it is.

    >>> from enum import IntEnum
    >>> native(IntEnum("Level", "LOW").LOW), native([1])
    (1, [1])
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    return Decimal(value) if isinstance(value, Decimal) else value


def is_foreign(value: Any) -> bool:
    """Whether a value is of no type that JSON has: nothing can be said about what is in it."""
    return not isinstance(value, _KNOWN)


def whole(number: Decimal) -> Number:
    """Return a number without a fraction as an integer, which is quicker to compare.

    >>> whole(Decimal("100.00")), whole(Decimal("0.5"))
    (100, Decimal('0.5'))
    """
    return int(number) if number == number.to_integral_value() and abs(number) < 1 << 62 else number


def plain(operand: Any) -> Any:
    """Turn an operand into the value it stands for: an ``Exact`` into its decimal."""
    return operand.value if isinstance(operand, Exact) else operand


def _unequal(value: Any) -> int:
    """Answer for a value that is no number: a number that is not finite, and what JSON does not have, may be anything."""
    return ERROR if isinstance(value, (float, Decimal)) or is_foreign(value) else FALSE


def _equal(operand: Any) -> Check:
    wanted = plain(operand)
    if wanted is None:
        return lambda value: TRUE if value is None else ERROR if is_foreign(value) else FALSE
    if isinstance(wanted, bool):
        return lambda value: TRUE if value is wanted else _reads_as(value, wanted)
    if isinstance(wanted, str):
        return _equal_text(wanted)

    def same(value: Any) -> int:
        number = as_number(value)
        if number is None:
            return _unequal(value)
        return TRUE if number == wanted else FALSE

    return same


def _reads_as(value: Any, wanted: bool) -> int:  # noqa: FBT001 - private
    if isinstance(value, str):
        return of(_BOOLEANS.get(value.lower()) is wanted)
    return ERROR if is_foreign(value) else FALSE


def _equal_text(wanted: str) -> Check:
    number = as_number(wanted)
    if number is None:

        def text(value: Any) -> int:
            if isinstance(value, str):
                return TRUE if value == wanted else FALSE
            return ERROR if is_foreign(value) else FALSE

        return text

    def numeral(value: Any) -> int:
        if isinstance(value, str):
            return of(value == wanted)
        found = as_number(value)
        return _unequal(value) if found is None else of(found == number)

    return numeral


def _one_of(operands: tuple[Any, ...]) -> Check:
    texts = frozenset(o for o in operands if isinstance(o, str) and as_number(o) is None)
    others = [_equal(o) for o in operands if not (isinstance(o, str) and as_number(o) is None)]

    def member(value: Any) -> int:
        if isinstance(value, str) and value in texts:
            return TRUE
        truth = ERROR if texts and is_foreign(value) else FALSE
        for check in others:
            truth = either(truth, check(value))
        return truth

    return member


def _compare(holds: Callable[[Any, Any], bool]) -> Callable[[Any], Check]:
    def build(operand: Any) -> Check:
        bound = as_number(plain(operand))

        def compare(value: Any) -> int:
            number = as_number(value)
            if number is None:
                return ERROR
            return TRUE if holds(number, bound) else FALSE

        return compare

    return build


def _between(operand: Any) -> Check:
    low, high = as_number(plain(operand[0])), as_number(plain(operand[1]))
    assert low is not None
    assert high is not None

    def inside(value: Any) -> int:
        number = as_number(value)
        if number is None:
            return ERROR
        return TRUE if low <= number <= high else FALSE

    return inside


def _contains(operand: Any) -> Check:
    wanted = plain(operand)
    same = _equal(operand)

    def contains(value: Any) -> int:
        if isinstance(value, str):
            return TRUE if isinstance(wanted, str) and wanted in value else FALSE
        if isinstance(value, (list, tuple, set, frozenset)):
            truth = FALSE
            for member in value:
                truth = either(truth, same(member))
            return truth
        return ERROR

    return contains


def _contains_any(operands: Any) -> Check:
    checks = [_contains(operand) for operand in operands]

    def contains(value: Any) -> int:
        truth = FALSE
        for check in checks:
            truth = either(truth, check(value))
        return truth

    return contains


def _contains_all(operands: Any) -> Check:
    checks = [_contains(operand) for operand in operands]

    def contains(value: Any) -> int:
        found = [check(value) for check in checks]
        if ERROR in found:
            return ERROR
        return FALSE if FALSE in found else TRUE

    return contains


def _count(build: Callable[[Any], Check]) -> Callable[[Any], Check]:
    def counting(operand: Any) -> Check:
        check = build(operand)

        def count(value: Any) -> int:
            if isinstance(value, (str, list, tuple, set, frozenset, Mapping)):
                return check(len(value))
            return ERROR

        return count

    return counting


def _texts(build: Callable[[str], patterns.Predicate]) -> Callable[[Any], Check]:
    """Lift a predicate on text to any-of several operands, and to lists of values."""

    def building(operand: Any) -> Check:
        tests = [build(str(text)) for text in (operand if isinstance(operand, tuple) else (operand,))]

        def check(value: Any) -> int:
            if isinstance(value, str):
                truth = FALSE
                for test in tests:
                    truth = either(truth, test(value))
                return truth
            if isinstance(value, (list, tuple)):
                truth = FALSE
                for member in value:
                    truth = either(truth, check(member) if isinstance(member, str) else ERROR)
                return truth
            return ERROR

        return check

    return building


def _glob(pattern: str) -> patterns.Predicate:
    matches = patterns.glob(pattern)
    return lambda value: TRUE if matches(value) else FALSE


def _starts(prefix: str) -> patterns.Predicate:
    return lambda value: TRUE if value.startswith(prefix) else FALSE


def _ends(suffix: str) -> patterns.Predicate:
    return lambda value: TRUE if value.endswith(suffix) else FALSE


_BUILDERS: Final[dict[str, Callable[[Any], Check]]] = {
    "eq": _equal,
    "in": _one_of,
    "gt": _compare(operator.gt),
    "gte": _compare(operator.ge),
    "lt": _compare(operator.lt),
    "lte": _compare(operator.le),
    "between": _between,
    "contains": _contains,
    "contains_any": _contains_any,
    "contains_all": _contains_all,
    "count.eq": _count(_equal),
    "count.gt": _count(_compare(operator.gt)),
    "count.gte": _count(_compare(operator.ge)),
    "count.lt": _count(_compare(operator.lt)),
    "count.lte": _count(_compare(operator.le)),
    "starts_with": _texts(_starts),
    "ends_with": _texts(_ends),
    "glob": _texts(_glob),
    "regex": _texts(patterns.regex),
    "host": _texts(patterns.host),
    "within": _texts(patterns.within),
    "cidr": _texts(patterns.cidr),
}

OPERATORS: Final = frozenset(_BUILDERS) | {
    "ne",
    "not_in",
    "count.ne",
    "exists",
    "missing",
    "scan",
    "runs",
    "reads",
    "writes",
}
WHOLE: Final = frozenset(name for name in _BUILDERS if name.startswith(("contains", "count.")))
"""Operators that look at a set or list as a whole, not member by member."""


def build(op: str, operand: Operand) -> Check:
    """Compile an operator and its operand.

    Raises:
        ValueError: the operand does not compile (a bad expression, glob or network).
        KeyError: there is no such operator, or it does not look at one value.
    """
    return _BUILDERS[op](operand)
