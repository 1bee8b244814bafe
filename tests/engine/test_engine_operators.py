"""Operators on every kind of value, also those that no JSON text can hold: beside the reference, and in tables."""

from __future__ import annotations

import decimal
import itertools
from decimal import Decimal
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Any

import pytest

import operators as reference
from referee.engine import operators, runs
from referee.engine.evaluate import decide
from referee.engine.program import Program
from referee.engine.truth import ERROR, FALSE, NEGATED, TRUE
from referee.model.names import KINDS
from referee.model.programs import All, Attribute, Exact, Layer, Policies, Rule, Test
from referee.model.request import Request

HUGE = 10**5000


class Level(IntEnum):
    LOW = 5


class Word(str, Enum):  # noqa: UP042 - the older spelling prints itself differently
    RM = "rm"
    FIVE = "5"


class Ratio(float):
    """A float as numeric libraries derive it."""


class Array:
    """What array libraries do: comparing gives no plain answer, and no truth."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> Any:
        return self

    def __bool__(self) -> bool:
        raise ValueError("ambiguous")


class Cruel:
    """Whatever is asked of it fails."""

    __hash__ = object.__hash__

    @property
    def __class__(self) -> Any:
        raise RuntimeError("nothing to see")

    def __str__(self) -> str:
        raise RuntimeError("nothing to see")


LOOP: list[Any] = []
LOOP.append(LOOP)

VALUES: list[Any] = [
    None, True, False, 0, 5, -3, 10**18, 10**30, HUGE, -HUGE, 5.0, 0.1, -0.0, 1e300, 5e-324, float("nan"), float("inf"),
    Decimal("5.00"), Decimal("0.1"), Decimal("1e999999999"), Decimal("1e-999999999"), Decimal("NaN"), Decimal("-Infinity"),
    "", "a", "rm", "5", "5.0", " 5 ", "05", "1e2", "true", "FALSE", "é", "e\u0301", "漢字", "\ud800", "\x00", "a\nb", "9" * 41,
    "/work/a", "/work/../etc", "10.1.2.3", "::ffff:10.1.2.3", "api.example.com", "a@example.com",
    [], ["rm"], ["rm", 5, None], [["rm"]], LOOP, ("rm", 5), {}, {"rm": 5}, MappingProxyType({"a": 1}),
    Level.LOW, Word.RM, Word.FIVE, Ratio(5.0), b"rm", bytearray(b"5"), object(), Array(), range(5),
]  # fmt: skip

SCALARS: list[Any] = [None, True, False, 0, 5, -3, 10**17, Exact("0.1"), Exact("5.00"), Exact(str(10**30)), "", "a", "rm", "5", "5.0", "é", "true", "漢"]  # fmt: skip
NUMBERS: list[Any] = [0, 5, -3, Exact("0.1"), Exact(str(10**30))]
TEXTS: list[Any] = ["", "a", "r", "rm", "é", "5", ("a", "rm")]
LISTS: list[Any] = [(), ("rm",), ("rm", 5), ("5", None), (5, Exact("0.1")), (True, "a")]
OPERANDS: dict[str, list[Any]] = {
    **dict.fromkeys(("eq", "contains"), SCALARS),
    **dict.fromkeys(("in", "contains_any", "contains_all"), LISTS),
    **dict.fromkeys(("gt", "gte", "lt", "lte", "count.eq", "count.gt", "count.gte", "count.lt", "count.lte"), NUMBERS),
    "between": [(0, 5), (-3, Exact("0.1")), (5, 0)],
    **dict.fromkeys(("starts_with", "ends_with"), TEXTS),
    "glob": ["*", "r?", "[a-r]*", "[!a]m", "?", ("a*", "*m"), "", "漢*", "*\n*"],
    "regex": ["^r.$", "5", "", "é", "[^a]"],
    "host": ["example.com", "=example.com", "*.example.com", ("a", "b")],
    "within": ["/", "/work", "/work/", ("/etc", "/work")],
    "cidr": ["10.0.0.0/8", "::/0", ("127.0.0.0/8", "10.1.0.0/16")],
}  # fmt: skip


def truth_of(found: Any) -> int:
    return ERROR if isinstance(found, reference.Error) else TRUE if found else FALSE


@pytest.mark.parametrize("op", sorted(OPERANDS))
def test_operators_agree_with_the_reference_on_every_value(op: str) -> None:
    assert set(OPERANDS) == set(reference.POSITIVE)
    for operand in OPERANDS[op]:
        check = operators.build(op, operand)
        for place, value in enumerate(VALUES):
            try:
                expected = truth_of(reference.POSITIVE[op](value, operand))
            except Exception:
                expected = ERROR
            assert check(value) == expected, (op, operand, place)


def test_every_operator_is_known_and_no_other() -> None:
    assert (
        set(OPERANDS) | set(reference.NEGATIVE) | {"exists", "missing", "scan", "runs", "reads", "writes"}
        == operators.OPERATORS
    )
    assert operators.WHOLE == reference.WHOLE
    with pytest.raises(KeyError):
        operators.build("equals", 5)


@pytest.mark.parametrize("value", [Decimal("sNaN"), float("nan"), b"5", object(), Array(), range(3)])
@pytest.mark.parametrize(
    ("op", "operand"), [("eq", 5), ("eq", "5"), ("in", (5, "x")), ("in", ("5",)), ("gt", 5), ("contains", 5)]
)
def test_what_cannot_be_judged_is_an_error_and_stays_one_when_negated(value: Any, op: str, operand: Any) -> None:
    found = operators.build(op, operand)(value)
    assert found == NEGATED[found] == ERROR


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        (Level.LOW, 5),
        (Word.FIVE, 5),
        (Ratio(0.1), Decimal("0.1")),
        (Decimal("0.10"), Decimal("0.1")),
        (" -5.50e1 ", Decimal(-55)),
        ("1" * 40, int("1" * 40)),
        (HUGE, HUGE),
        ("1" * 41, None),
        ("05", None),
        ("+5", None),
        (".5", None),
        ("5.", None),
        ("٥", None),
        ("5e1000", None),
        ("0x10", None),
        ("1_000", None),
        ("", None),
        (True, None),
        (Word.RM, None),
        (None, None),
        (b"5", None),
        ([5], None),
        (float("nan"), None),
        (float("-inf"), None),
        (Decimal("Infinity"), None),
        (Decimal("sNaN"), None),
    ],
    ids=range(27),
)
def test_numbers_are_read_exactly_or_not_at_all(value: Any, number: Any) -> None:
    found = operators.as_number(value)
    assert found == number
    assert type(found) in (int, Decimal, type(None))


@pytest.mark.parametrize(
    ("number", "kind"),
    [("100.00", int), ("0", int), ("-5", int), ("0.5", Decimal), ("1e30", Decimal), ("-1e30", Decimal)],
)
def test_whole_numbers_become_integers(number: str, kind: type) -> None:
    found = operators.whole(Decimal(number))
    assert type(found) is kind
    assert found == Decimal(number)


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_derived_and_foreign_values_are_told_apart(value: Any) -> None:
    exact = operators.native(value)
    assert type(exact) in (str, int, float, Decimal) or exact is value
    foreign = isinstance(value, (bytes, bytearray, range, Array)) or type(value) is object
    assert operators.is_foreign(value) == foreign


def test_runs_looks_at_shell_facets_alone() -> None:
    assert runs.runs("rm")("rm -rf /") == ERROR


def rules_about(path: tuple[str | int, ...]) -> list[Rule]:
    tests = [
        Test(Attribute("args", path), op, operand)
        for op, operands in OPERANDS.items()
        for operand in operands
        if operand != ()
    ]
    tests += [Test(Attribute("args", path), "ne", operand) for operand in SCALARS]
    tests += [Test(Attribute("args", path), "exists", True), Test(Attribute("args", path), "missing", True)]
    return [
        Rule(id=f"r{n}", file="f", source=f"f:{n}", action="deny", when=test) for n, test in enumerate(tests)
    ]  # fmt: skip


def program(*rules: Rule) -> Program:
    return Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), rules))


@pytest.mark.parametrize("path", [("x",), ("x", "y"), ("x", "*"), ("x", "**")])
def test_the_index_withholds_nothing_from_any_value(path: tuple[str | int, ...]) -> None:
    """All rules in one program, found through the index, against each alone behind its tool's name."""
    rules = rules_about(path)
    crowd = program(*rules)
    alone = [
        (rule, program(Rule(id="a", file="f", source="f:0", action="deny", when=All((Test(Attribute("tool"), "glob", "*"), rule.when)))))
        for rule in rules
    ]  # fmt: skip
    for place, value in enumerate(VALUES):
        request = Request.tool_call("t", {"x": value if path == ("x",) else {"y": value}})
        met = {rule.id for rule in decide(crowd, request, {}).rules}
        expected = {rule.id for rule, one in alone if not decide(one, request, {}).allowed}
        assert met == expected, (path, place)


@pytest.mark.parametrize("precision", [1, 3, 28, 60])
def test_the_precision_of_the_program_around_us_changes_nothing(precision: int) -> None:
    """A rule that is met must be met whatever ``decimal`` is set to in the thread that asks."""
    numbers = [1234567, Exact("0.1234567"), Exact(str(10**30 + 1))]
    rules = [
        Rule(id=f"{op}{n}", file="f", source="f:1", action="deny", when=Test(Attribute("args", ("x",)), op, number))
        for op, (n, number) in itertools.product(("eq", "gte", "lte"), enumerate(numbers))
    ]
    ours = program(*rules)
    for n, number in enumerate(numbers):
        exact = Decimal(number.text) if isinstance(number, Exact) else number
        with decimal.localcontext() as context:
            context.prec = precision
            context.traps[decimal.Inexact] = True
            found = decide(ours, Request.tool_call("t", x=exact), {})
        assert {f"eq{n}", f"gte{n}", f"lte{n}"} <= set(found.policy_ids)
        assert not found.problem


@pytest.mark.parametrize("place", ["args", "key", "context", "list"])
def test_a_value_whose_own_code_fails_is_denied(place: str) -> None:
    cruel: Any = Cruel()
    rules = [
        Rule(id="a", file="f", source="f:1", action="deny", when=Test(Attribute(*where), "eq", "x"))
        for where in [("args", ("x",)), ("context", ("x",)), ("args", ("l", "*"))]
    ]
    fields: dict[str, Any] = {"args": {"args": {"x": cruel}}, "key": {"args": {cruel: 1}, "text": "a"},
              "context": {"context": {"x": cruel}}, "list": {"args": {"l": [cruel]}}}[place]  # fmt: skip
    rules.append(Rule(id="t", file="f", source="f:2", action="deny", when=Test(Attribute("text"), "contains", "x")))
    found = decide(program(*rules), Request(**{"tool": "t", **fields}), {})
    assert (found.decision, found.problem) == ("deny", "the request cannot be decided")
    assert found.risk_score >= 70
