"""Single tests as sets of values: which set lies within which other, and which two have nothing in common.

Rule 1: ``covers`` is about every value, present or not: where the left test is true the right one is, and where the
left is in error the right is true or in error. A claim that holds for true alone is made only when asked for.
Rule 2: a test that is not understood is comparable with itself alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import msgspec

from referee.engine import operators, patterns
from referee.engine.attributes import is_many
from referee.engine.truth import FALSE, TRUE
from referee.model.programs import Attribute, Exact, Scan, Test


class Literal(msgspec.Struct, frozen=True):
    """A test without its line. ``flipped`` holds where ``op`` does not; what is absent or in error stays so.

    ``typed`` tells ``true`` from ``1``, which are equal to Python.
    """

    attribute: Attribute
    op: str
    operand: Any
    flipped: bool = False
    typed: tuple[type, ...] = ()

    @classmethod
    def of(cls, root: str, op: str, operand: Any) -> Literal:
        """Make a literal on an attribute without a path."""
        return _literal(Attribute(root), op, operand)


def _literal(attribute: Attribute, op: str, operand: Any, *, flipped: bool = False) -> Literal:
    typed = tuple(map(type, operand)) if isinstance(operand, tuple) else (type(operand),)
    return Literal(attribute, op, operand, flipped, typed)


_NEVER_ABSENT: Final = frozenset(
    {"tool", "kind", "phase", "text", "agent.tags", "user.roles", "session.labels", "permissions"}
)
_TEXTUAL: Final = ("starts_with", "ends_with", "glob", "regex", "host", "within", "cidr")
_BOUNDS: Final = ("gt", "gte", "lt", "lte", "between")


def read(test: Test) -> tuple[Literal, ...]:
    """Turn a test into literals that must all hold: negations flipped, ``eq`` as one-of, ``between`` as two bounds."""
    attribute, op, operand = test.attribute, test.op, test.operand
    if isinstance(operand, Scan):
        wanted = Scan(operand.scanner, operand.kinds, operand.min_score)
        return (_literal(attribute, "scan", wanted, flipped=not operand.wanted),)
    if op in {"exists", "missing"}:
        return (_literal(attribute, "exists", (operand is not False) == (op == "exists")),)
    if op in {"eq", "ne"}:
        return (_literal(attribute, "in", (operand,), flipped=op == "ne"),)
    if op == "not_in":
        return (_literal(attribute, "in", operand, flipped=True),)
    if op == "between" and isinstance(operand, tuple) and not is_many(attribute):
        return _literal(attribute, "gte", operand[0]), _literal(attribute, "lte", operand[1])
    several: Any = operand if isinstance(operand, tuple) else (operand,)
    if op == "contains" or (op == "contains_all" and len(several) == 1):
        op = "contains_any"
    whole = op in {*_TEXTUAL, "runs", "reads", "writes", "contains_any", "contains_all"}
    return (_literal(attribute, op, several if whole else operand),)


def may_be_absent(literal: Literal) -> bool:
    """Whether the attribute can be missing from a request."""
    return literal.op != "exists" and literal.attribute.root not in _NEVER_ABSENT


def follows_clock(literal: Literal) -> bool:
    """Whether the value depends on a time zone."""
    return literal.attribute.root.startswith(("time.", "counter"))


def judge(literal: Literal, value: str) -> bool:
    """Whether a literal on a single text is true of it."""
    wanted = FALSE if literal.flipped else TRUE
    return operators.build(literal.op, literal.operand)(value) == wanted


def covers(left: Literal, right: Literal, *, surely: bool) -> bool:
    """Whether the right literal holds wherever the left one does.

    >>> small, large = Literal.of("cost", "gt", 5), Literal.of("cost", "gt", 3)
    >>> covers(large, small, surely=True), covers(small, large, surely=True)
    (False, True)
    """
    if left == right:
        return True
    if left.attribute != right.attribute:
        return False
    if right.op == "exists":
        return surely and right.operand is True and _needs_value(left)
    if "exists" in {left.op, right.op}:
        return False
    if left.flipped and right.flipped:
        return _within(right, left)
    if left.flipped:
        return False
    return _apart(left, right) if right.flipped else _within(left, right)


def excludes(left: Literal, right: Literal) -> bool:
    """Whether the right literal does not hold wherever the left one does.

    >>> excludes(Literal.of("tool", "in", ("a",)), Literal.of("tool", "in", ("b", "c")))
    True
    """
    if left.attribute != right.attribute or "exists" in {left.op, right.op}:
        return False
    if right.flipped:
        return _within(left, right) if not left.flipped else False
    return _within(right, left) if left.flipped else _apart(left, right)


def _needs_value(literal: Literal) -> bool:
    return literal.op in {"in", *_BOUNDS, *_TEXTUAL} and not (literal.flipped and is_many(literal.attribute))


def _within(left: Literal, right: Literal) -> bool:
    """Compare two literals on one attribute as if neither were flipped."""
    if left.op == right.op and left.operand == right.operand and left.typed == right.typed:
        return True
    if left.op == "in":
        return _listed(left, right, TRUE)
    compare = _SAME.get((left.op, right.op))
    return compare is not None and compare(left, right)


def _apart(left: Literal, right: Literal) -> bool:
    """Whether no single value fits both, as if neither were flipped."""
    if is_many(left.attribute):
        return False
    if left.op == "in":
        return _listed(left, right, FALSE)
    if left.op not in _BOUNDS:
        return False
    if right.op == "in":
        return all(_number(o) is not None for o in right.operand) and _listed(right, left, FALSE)
    return right.op in _BOUNDS and not _meet(_interval(left), _interval(right))


def _listed(left: Literal, right: Literal, wanted: int) -> bool:
    """Try every value that a one-of stands for."""
    if not isinstance(left.operand, tuple) or right.op not in {"in", *_BOUNDS, *_TEXTUAL}:
        return False
    check = operators.build(right.op, right.operand)
    return all(_stands(value, right, check, wanted) for value in left.operand)


def _stands(value: Any, right: Literal, check: operators.Check, wanted: int) -> bool:
    """Judge one operand with another test; a number comes in many spellings, which only numbers see as equal."""
    listed = right.op == "in"
    if listed and wanted == TRUE and any(value == o and type(value) is type(o) for o in right.operand):
        return True
    if isinstance(value, bool):
        return False
    number = _number(value)
    if number is None:
        return check(value) == wanted
    if listed and wanted == TRUE:
        return any(_number(o) == number for o in right.operand if not isinstance(o, str))
    return (listed or right.op in _BOUNDS) and check(number) == wanted


def _number(value: Any) -> Decimal | None:
    """Give the number an operand stands for; text that reads as one counts, since it equals the number."""
    if isinstance(value, Exact):
        return value.value
    number = operators.as_number(value)
    return None if number is None else Decimal(number)


Interval = tuple[Decimal | None, bool, Decimal | None, bool]


def _interval(literal: Literal) -> Interval:
    """Give (lowest, whether it counts, highest, whether it counts); ``None`` is no bound."""
    op = literal.op.removeprefix("count.")
    if op == "between":
        return _number(literal.operand[0]), True, _number(literal.operand[1]), True
    bound = _number(literal.operand)
    if op == "eq":
        return bound, True, bound, True
    return (bound, op == "gte", None, True) if op in {"gt", "gte"} else (None, True, bound, op == "lte")


def _meet(one: Interval, other: Interval) -> bool:
    return not (_below(one, other) or _below(other, one))


def _below(one: Interval, other: Interval) -> bool:
    """Whether one interval ends before the other begins."""
    high, low = one[2], other[0]
    return high is not None and low is not None and (high < low or (high == low and not (one[3] and other[1])))


def _narrower(left: Literal, right: Literal) -> bool:
    low, low_counts, high, high_counts = _interval(left)
    wide_low, wide_low_counts, wide_high, wide_high_counts = _interval(right)
    if wide_low is not None and (
        low is None or low < wide_low or (low == wide_low and low_counts and not wide_low_counts)
    ):
        return False
    return wide_high is None or not (
        high is None or high > wide_high or (high == wide_high and high_counts and not wide_high_counts)
    )


def _pairwise(fits: Callable[[str, str], bool]) -> Callable[[Literal, Literal], bool]:
    def compare(left: Literal, right: Literal) -> bool:
        return all(any(fits(str(a), str(b)) for b in right.operand) for a in left.operand)

    return compare


def glob_within(narrow: str, wide: str) -> bool:
    """Whether every text that fits one glob is proved to fit another.

    >>> glob_within("db.read", "db.*"), glob_within("db.*", "d*"), glob_within("d*", "db.*")
    (True, True, False)
    """
    if wide in (narrow, "*"):
        return True
    try:
        if not patterns.is_glob(narrow):
            return patterns.glob(wide)(narrow)
    except patterns.BadGlob:
        return False
    head, tail = patterns.literal_ends(narrow)
    if wide.endswith("*") and not patterns.is_glob(wide[:-1]):
        return head.startswith(wide[:-1])
    return wide.startswith("*") and not patterns.is_glob(wide[1:]) and tail.endswith(wide[1:])


def _host_within(narrow: str, wide: str) -> bool:
    narrow, wide = narrow.lower().removesuffix("."), wide.lower().removesuffix(".")
    if narrow == wide:
        return True
    if wide.startswith("="):
        return False
    name, root = narrow.removeprefix("=").removeprefix("*."), wide.removeprefix("*.")
    if wide.startswith("*."):
        return name.endswith("." + root) or (narrow.startswith("*.") and name == root)
    return name == root or name.endswith("." + root)


def _path_within(narrow: str, wide: str) -> bool:
    base = wide.rstrip("/")
    return narrow.rstrip("/") == base or narrow.startswith(base + "/")


def _network_within(narrow: str, wide: str) -> bool:
    inner: Any = ipaddress.ip_network(narrow, strict=False)
    outer: Any = ipaddress.ip_network(wide, strict=False)
    return bool(inner.version == outer.version and inner.subnet_of(outer))


def _head_within(narrow: str, wide: str) -> bool:
    return patterns.literal_ends(narrow)[0].startswith(wide)


def _fewer(left: Literal, right: Literal) -> bool:
    return _members(left) <= _members(right)


def _members(literal: Literal) -> set[tuple[type, Any]]:
    return {(type(value), value) for value in literal.operand}


def _scan_within(left: Literal, right: Literal) -> bool:
    narrow, wide = left.operand, right.operand
    kinds = not wide.kinds or (narrow.kinds and set(narrow.kinds) <= set(wide.kinds))
    return bool(narrow.scanner == wide.scanner and kinds and narrow.min_score.value >= wide.min_score.value)


def _all_has_any(left: Literal, right: Literal) -> bool:
    return bool(_members(left) & _members(right))


_COUNTS: Final = ("count.eq", "count.gt", "count.gte", "count.lt", "count.lte")

_SAME: Final[dict[tuple[str, str], Callable[[Literal, Literal], bool]]] = {
    **{(a, b): _narrower for a in _BOUNDS for b in _BOUNDS},
    **{(a, b): _narrower for a in _COUNTS for b in _COUNTS},
    ("starts_with", "starts_with"): _pairwise(str.startswith),
    ("ends_with", "ends_with"): _pairwise(str.endswith),
    ("glob", "glob"): _pairwise(glob_within),
    ("glob", "starts_with"): _pairwise(_head_within),
    ("host", "host"): _pairwise(_host_within),
    ("within", "within"): _pairwise(_path_within),
    ("cidr", "cidr"): _pairwise(_network_within),
    ("regex", "regex"): _pairwise(str.__eq__),
    **{(op, op): _pairwise(str.__eq__) for op in ("runs", "reads", "writes")},
    ("contains_any", "contains_any"): _fewer,
    ("contains_all", "contains_all"): lambda left, right: _fewer(right, left),
    ("contains_all", "contains_any"): _all_has_any,
    ("scan", "scan"): _scan_within,
}
