"""What conditions say of SQL: which columns are read and written, which names are among those of a text.

Rule 1: a name matches as far as it is written; what it leaves out may be anything, what the text leaves out may be this.
Rule 2: ``*`` in a text stands for every column; an access that is not certain may be another's.
Rule 3: "not there" is an error where something of the text is not known.
Rule 4: a grant has to hold for every single access, under its table's full name and under the bare one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from referee.engine import patterns
from referee.engine.truth import ERROR, FALSE, TRUE, either
from referee.model.facts import Failed
from referee.model.programs import Test
from referee.model.sql import Access, SqlFacet

SETS: Final = ("sql.operations", "sql.functions", "sql.tables", "sql.columns")
GRANTED: Final = ("sql", *SETS)
"""What is about single accesses: a grant has to fit each of them."""
PARTS: Final = (
    "operations",
    "functions",
    "tables",
    "columns",
    "parsed",
    "read_only",
    "has_where",
    "limit",
    "statements",
)
_LISTING: Final = frozenset({"eq", "in", "contains", "contains_any", "contains_all", "ne", "not_in"})
_NEGATIVE: Final = frozenset({"ne", "not_in", "count.ne"})
_MOST: Final = 10_000
_HIDDEN: Final = Failed("a statement is not known")


def part_of(facet: SqlFacet, part: str) -> Any:
    """Give one part of a facet; ``None`` if there is none, ``Failed`` if what is hidden could change it.

    >>> part_of(SqlFacet(missing=("operation: x",)), "has_where").reason
    'a statement is not known'
    """
    if part in ("tables", "columns"):
        return getattr(facet, part)()
    value = getattr(facet, part)
    settled = value is False if part in ("read_only", "has_where") else part in ("parsed", "operations", "functions")
    return value if settled or facet.complete else _HIDDEN


def touches(operand: Any, *, write: bool) -> Callable[[Any], int]:
    """Compile a pattern, or several, into a test of what a SQL text reads or writes.

    >>> facet = SqlFacet((Access("select", "hr.customers", "ssn"),))
    >>> [touches(one, write=False)(facet) for one in ("customers.ssn", "customers.*", "orders.*", "pay.customers.ssn")]
    [1, 1, 0, 0]
    """
    judges = [_pattern(text) for text in (operand if isinstance(operand, tuple) else (operand,))]

    def touched(value: Any) -> int:
        if not isinstance(value, SqlFacet):
            return ERROR
        truth = FALSE
        for access in value.accesses:
            if access.write is write and access.table:
                for judge in judges:
                    truth = either(truth, judge(access, value.exact))
        return ERROR if truth == FALSE and not value.parsed else truth

    return touched


def _pattern(text: str) -> Callable[[Access, bool], int]:
    *tables, column = text.split(".") if "." in text else (text, "*")
    names = [patterns.glob(part) for part in reversed(tables)]
    loose = [part == "*" for part in reversed(tables)]
    has = patterns.glob(column)

    def judge(access: Access, exact: bool) -> int:  # noqa: FBT001 - private
        if column != "*" and not _has(access, column, has):
            return FALSE
        written = access.table.split(".")[::-1]
        if exact and len(written) > len(names):
            return FALSE
        truth = TRUE if access.certain else ERROR
        for place, fits in enumerate(names):
            if place >= len(written):
                truth = truth if loose[place] else ERROR
            elif not fits(written[place]):
                return FALSE
        return truth

    return judge


def _has(access: Access, column: str, has: Callable[[str], bool]) -> bool:
    if access.column == "*":
        return column not in access.excepted
    return bool(access.column) and has(access.column)


def membership(test: Test, check: Callable[[Any], int]) -> Callable[[SqlFacet], int]:
    """Judge an operator on a set of names, knowing what may be among them besides."""
    part = test.attribute.root.partition(".")[2]
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    wanted = tuple(one for one in operands if isinstance(one, str))
    hit = FALSE if test.op in _NEGATIVE else TRUE
    counting = test.op.startswith("count")

    def judge(facet: SqlFacet) -> int:
        truth = check(_names(facet, part, wanted, possible=False))
        if truth == hit and not counting:
            return truth
        if not (facet.complete if part in ("operations", "functions") else facet.parsed):
            return ERROR
        if part == "columns" and test.op not in _LISTING and any(access.column == "*" for access in facet.accesses):
            return ERROR
        return truth if check(_names(facet, part, wanted, possible=True)) == truth else ERROR

    return judge


def _names(facet: SqlFacet, part: str, wanted: tuple[str, ...], *, possible: bool) -> tuple[str, ...]:
    if part not in ("tables", "columns"):
        return tuple(getattr(facet, part))
    found: tuple[str, ...] = getattr(facet, part)(possible=possible)
    if part == "columns":
        stars = [a for a in facet.accesses if a.column == "*" and (possible or a.certain)]
        for name in wanted:
            table, _, column = name.rpartition(".")
            if any(column not in star.excepted and table in facet.names(star.table) for star in stars):
                found += (name,)
    return found


def alone(facet: SqlFacet, *, functions: bool) -> Iterator[SqlFacet] | None:
    """Take a facet apart into single accesses, and single functions if they matter; ``None`` if there are too many."""
    called: tuple[tuple[str, ...], ...] = (
        tuple((name,) for name in facet.functions) if functions else (facet.functions,)
    )
    if len(facet.accesses) * max(len(called), 1) > _MOST:
        return None
    return _alone(facet, called or ((),))


def _alone(facet: SqlFacet, called: tuple[tuple[str, ...], ...]) -> Iterator[SqlFacet]:
    for access in facet.accesses:
        sure = access if access.certain else msgspec.structs.replace(access, certain=True)
        for names in called:
            one = msgspec.structs.replace(facet, accesses=(sure,), functions=names)
            yield one
            if "." in access.table:
                yield msgspec.structs.replace(one, exact=True)


def known(facet: SqlFacet, roots: frozenset[str]) -> bool:
    """Whether all is known of a facet that a grant about these attributes has to fit."""
    return facet.parsed if roots & {"sql", "sql.tables", "sql.columns"} else facet.complete
