"""What a SQL text reads and writes, and which names are among those of its sets.

Rule 1: a pattern names a table and a column from the right; a qualifier it leaves out may be any.
Rule 2: a qualifier that the text leaves out may be the pattern's: that cannot be said.
Rule 3: `*` in a text is every column but those excepted; what is not certain cannot be said.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from operators import Error, Truth, both, either, glob
from referee.model.sql import Access, SqlFacet

LISTING: Final = ("eq", "ne", "in", "not_in", "contains", "contains_any", "contains_all")
UNSURE: Final = Error("a part of the SQL is not known")


def touched(facet: SqlFacet, pattern: Any, *, write: bool) -> Truth:
    """Say whether a column that a pattern describes is read, or written.

    >>> facet = SqlFacet((Access("select", "hr.people", "ssn"), Access("select", "hr.people", "*", excepted=("iban",))))
    >>> [touched(facet, one, write=False) for one in ("people.ssn", "hr.people", "people.iban", "*.ssn", "pay.people.ssn")]
    [True, True, False, True, False]
    """
    patterns = pattern if isinstance(pattern, tuple) else (pattern,)
    accesses = [one for one in facet.accesses if one.write == write and one.table]
    found = either(_fits(one, text, facet.exact) for one in accesses for text in patterns)
    return UNSURE if found is False and facet.missing else found


def _fits(access: Access, pattern: str, exact: bool) -> Truth:  # noqa: FBT001 - private
    wanted = pattern.split(".") if "." in pattern else [pattern, "*"]
    column, tables = wanted[-1], wanted[:-1]
    written = access.table.split(".")
    if exact and len(written) > len(tables):
        return False
    pairs = zip(reversed(written), reversed(tables), strict=False)
    left_out = tables[: len(tables) - len(written)] if len(tables) > len(written) else []
    return both(
        [
            _column_fits(access, column),
            *(glob(name, one) for name, one in pairs),
            *(UNSURE for one in left_out if one != "*"),
            True if access.certain else UNSURE,
        ]
    )


def _column_fits(access: Access, column: str) -> bool:
    if column == "*":
        return True
    if access.column == "*":
        return column not in access.excepted
    return access.column != "" and glob(access.column, column)


def names_of(facet: SqlFacet, part: str, operand: Any, *, possible: bool) -> tuple[str, ...]:
    """List the names of a set: tables and columns also by their bare names, and what a ``*`` has of those asked for."""
    if part == "operations":
        return tuple(access.operation for access in unique(facet.accesses, "operation"))
    if part == "functions":
        return facet.functions
    names: list[str] = []
    for access in facet.accesses:
        if (access.certain or possible) and access.table and (part == "tables" or access.column):
            for table in tables_of(access, exact=facet.exact):
                names.append(table if part == "tables" else f"{table}.{access.column}")
                if part == "columns" and access.column == "*":
                    asked = operand if isinstance(operand, tuple) else (operand,)
                    names += [one for one in asked if isinstance(one, str) and _of_star(access, one, table)]
    return tuple(dict.fromkeys(names))


def unique(accesses: tuple[Access, ...], field: str) -> list[Access]:
    """Keep one access for each value of a field."""
    return list({getattr(access, field): access for access in reversed(accesses)}.values())[::-1]


def _of_star(access: Access, name: str, table: str) -> bool:
    holder, _, column = name.rpartition(".")
    return holder == table and column not in access.excepted


def tables_of(access: Access, *, exact: bool) -> list[str]:
    """Give the names of an access's table: the full one, and the bare one unless only the full one counts."""
    bare = access.table.split(".")[-1]
    return [access.table] if exact or bare == access.table else [access.table, bare]


def sure(facet: SqlFacet, part: str, op: str) -> bool:
    """Say whether a set is wholly known, as far as an operator needs it."""
    if part in {"operations", "functions"}:
        return not any(entry.startswith("operation:") for entry in facet.missing)
    starred = part == "columns" and op not in LISTING and any(one.column == "*" for one in facet.accesses)
    return not facet.missing and not starred


def value_of(facet: SqlFacet, part: str) -> Any:
    """Give a part that is no set; an error where what is hidden could change it."""
    if part == "parsed":
        return not facet.missing
    if part == "read_only" and facet.read_only is False:
        return False
    if part == "has_where" and facet.has_where is False:
        return False
    hidden = any(entry.startswith("operation:") for entry in facet.missing)
    return UNSURE if hidden else getattr(facet, part)


def alone(facet: SqlFacet, *, functions: bool) -> list[SqlFacet]:
    """Take a facet apart into single accesses, as a grant has to hold for each: a qualified table also by its full name alone."""
    views: list[SqlFacet] = []
    for access in facet.accesses:
        for called in [(name,) for name in facet.functions] if functions and facet.functions else [facet.functions]:
            one = msgspec.structs.replace(access, certain=True)
            views.append(msgspec.structs.replace(facet, accesses=(one,), functions=called))
            if "." in access.table:
                views.append(msgspec.structs.replace(views[-1], exact=True))
    return views
