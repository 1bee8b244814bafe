"""A SQL text changed: fewer rows, without some columns.

Rule 1: the changed text is read again. Where it does not do what was asked, or does anything new, it is refused.
Rule 2: what is already so stays as it was written.
Rule 3: the reason of a refusal quotes nothing of the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from referee.engine.sql import touches
from referee.engine.truth import FALSE
from referee.facets.sql import parse_sql
from referee.facets.sql.reading import readings, silence
from referee.facets.sql.statements import bound
from referee.model.facts import Failed
from referee.model.sql import DIALECTS, SqlChange, SqlFacet, fold

Columns = Mapping[str, Sequence[str]]


def rewrite(text: str, change: SqlChange, dialect: str | None = None, schema: Columns | None = None) -> str | Failed:
    """Give the text with the change made, or say why it cannot be.

    >>> rewrite("select name, ssn from customers", SqlChange(10, ("customers.ssn",)), "postgres")
    'SELECT name FROM customers LIMIT 10'
    """
    try:
        with silence():
            return _rewritten(text, change, dialect, schema)
    except Exception:  # noqa: BLE001 - whatever the parser trips over, the text is not changed
        return Failed("the text could not be written anew")


def _rewritten(text: str, change: SqlChange, dialect: str | None, schema: Columns | None) -> str | Failed:
    before = parse_sql(text, dialect, schema)
    if not before.parsed:
        return Failed("a statement is not known")
    found, _ = readings(text, DIALECTS.get(dialect or "", ""))
    if len(found) != 1:
        return Failed("databases read the text in different ways")
    language, statements = found[0]
    if all(_fits(node, change.limit) for node in statements) and _dropped(before, change.drop):
        return text
    for node in statements:
        if not isinstance(node, exp.Query):
            return Failed("it is not a query")
        why = _without(node, change.drop, language, schema) if change.drop else ""
        if why:
            return Failed(why)
        if change.limit is not None and not _fits(node, change.limit) and not _limited(node, change.limit):
            return Failed("its own limit is not a number")
    changed = "; ".join(node.sql(dialect=language or None, comments=False) for node in statements)
    return (
        changed
        if _as_asked(before, parse_sql(changed, dialect, schema), change)
        else Failed("it would do something else")
    )


def _fits(node: exp.Expr, limit: int | None) -> bool:
    held = bound(node)
    return limit is None or (held is not None and held <= limit)


def _dropped(facet: SqlFacet, drop: tuple[str, ...]) -> bool:
    """Whether none of the columns is read."""
    return not drop or touches(drop, write=False)(facet) == FALSE


def _limited(node: exp.Query, limit: int) -> bool:
    """Put a limit on a query, in place of its own, which must be a number or nothing."""
    clause = node.args.get("limit")
    if clause is not None and bound(node) is None:
        return False
    node.set("limit", exp.Limit(expression=exp.Literal.number(limit)))
    return True


def _as_asked(before: SqlFacet, after: SqlFacet, change: SqlChange) -> bool:
    """Whether the changed text is within the limit, without the columns, and does nothing that the old one did not."""
    if not after.parsed or after.statements != before.statements or not _dropped(after, change.drop):
        return False
    if change.limit is not None and (after.limit is None or after.limit > change.limit):
        return False
    stars = {(one.operation, one.table) for one in before.accesses if one.column == "*" and not one.write}
    held = set(before.accesses)
    fresh = [one for one in after.accesses if one not in held and (one.operation, one.table) not in stars]
    return not fresh and set(after.functions) <= set(before.functions)


def _without(node: exp.Query, drop: tuple[str, ...], dialect: str, schema: Columns | None) -> str:
    """Take columns out of what a query gives back; say why if that is not possible."""
    if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Query):
        return _without(node.this, drop, dialect, schema)
    if not isinstance(node, exp.Select):
        return "the result of a union cannot lose a column"
    if any(_by_position(node.args.get(key)) for key in ("order", "group")):
        return "columns are named by their position"
    kept: list[exp.Expr] = []
    for one in node.expressions:
        if one.is_star and isinstance(one, (exp.Star, exp.Column)):
            expanded = _expanded(one, node, schema)
            if expanded is None:
                return "the columns of `*` are not known"
            kept += [column for column in expanded if not _reads(column, node, drop, dialect, schema)]
        elif not _reads(one, node, drop, dialect, schema):
            kept.append(one)
    if not kept:
        return "no column would be left"
    node.set("expressions", kept)
    return ""


def _expanded(star: exp.Expr, node: exp.Select, schema: Columns | None) -> list[exp.Expr] | None:
    """Write the columns of a star out, if all of its tables are in the schema."""
    inner = star.this if isinstance(star, exp.Column) else star
    if inner.args.get("replace") or inner.args.get("rename"):
        return None
    excepted = {fold(one.name) for one in inner.args.get("except_") or ()}
    tables = {fold(name): columns for name, columns in (schema or {}).items()}
    wanted = fold(star.table) if isinstance(star, exp.Column) else ""
    found: list[exp.Expr] = []
    for source in _sources(node):
        if not isinstance(source, exp.Table) or source.args.get("pivots"):
            return None
        alias = source.alias_or_name
        if wanted and fold(alias) != wanted:
            continue
        name = ".".join(fold(part.name) for part in source.parts)
        columns = tables.get(name) or tables.get(fold(source.name))
        if columns is None:
            return None
        quoted = (
            source.args["alias"].this.args.get("quoted") if source.args.get("alias") else source.this.args.get("quoted")
        )
        found += [
            exp.column(column, table=exp.to_identifier(alias, quoted=bool(quoted)))
            for column in columns
            if fold(column) not in excepted
        ]
    return found


def _by_position(clause: Any) -> bool:
    parts = clause.expressions if isinstance(clause, exp.Expr) else ()
    return any(isinstance(part.this if isinstance(part, exp.Ordered) else part, exp.Literal) for part in parts)


def _sources(node: exp.Select) -> list[Any]:
    source = node.args.get("from_")
    joins = node.args.get("joins") or []
    using = any(join.args.get("using") or join.method == "NATURAL" for join in joins)
    inner = [] if source is None else [source.this, *(join.this for join in joins)]
    return [None] if using or node.args.get("laterals") else inner


def _reads(column: exp.Expr, node: exp.Select, drop: tuple[str, ...], dialect: str, schema: Columns | None) -> bool:
    """Whether one column of the result is made from one that shall go; what cannot be said is."""
    alone = exp.Select(**{key: _copy(node.args.get(key)) for key in ("with_", "from_", "joins", "laterals")})
    bare = set(parse_sql(alone.select("1").sql(dialect=dialect or None), dialect or None, schema).accesses)
    facet = parse_sql(alone.select(column.copy()).sql(dialect=dialect or None), dialect or None, schema)
    own = tuple(one for one in facet.accesses if one not in bare)
    return not _dropped(SqlFacet(own, missing=facet.missing), drop)


def _copy(value: Any) -> Any:
    if isinstance(value, list):
        return [_copy(one) for one in value]
    return value.copy() if isinstance(value, exp.Expr) else value
