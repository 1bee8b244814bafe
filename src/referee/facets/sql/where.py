"""Whether a WHERE leaves rows out.

Rule 1: a condition that does not look at the row is none: ``1 = 1``, ``true``, ``exists (select 1)``.
Rule 2: nor is one that holds for every row by its form: ``id = id``, ``name like '%'``, ``a is null or a is not null``.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp


def narrows(where: Any) -> bool:
    """Say whether a WHERE leaves rows out.

    >>> from sqlglot import parse_one
    >>> [narrows(parse_one(f"delete from t where {text}").args["where"]) for text in ("id = 1", "1 = 1", "id = 1 or true")]
    [True, False, False]
    """
    return isinstance(where, exp.Where) and _leaves_out(where.this)


def _leaves_out(node: Any) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        return _leaves_out(node.this) or _leaves_out(node.expression)
    if isinstance(node, exp.Or):
        return _leaves_out(node.this) and _leaves_out(node.expression) and not _opposite(node.this, node.expression)
    if not isinstance(node, exp.Expr) or _constant(node):
        return False
    return not _always(node)


def _constant(node: exp.Expr) -> bool:
    """Whether a condition does not depend on the row: it has no column, or only columns of a query of its own."""
    for column in node.find_all(exp.Column):
        query = column.find_ancestor(exp.Select)
        own = query is not None and query.find_ancestor(exp.Update, exp.Delete, exp.Merge) is not None
        if not own or _from_outside(column, query):
            return False
    return True


def _from_outside(column: exp.Column, query: exp.Select | None) -> bool:
    """Whether a column of a subquery is qualified by a table that the subquery does not read."""
    if not column.table or query is None:
        return False
    return column.table.lower() not in {table.alias_or_name.lower() for table in query.find_all(exp.Table)}


def _always(node: exp.Expr) -> bool:
    """Whether a comparison holds for every row by its form."""
    if isinstance(node, (exp.EQ, exp.NEQ, exp.GT, exp.LT, exp.GTE, exp.LTE, exp.NullSafeEQ)):
        return _of_one_column(node.this, node.expression)
    if isinstance(node, (exp.Like, exp.ILike)):
        pattern = node.expression
        return isinstance(pattern, exp.Literal) and not str(pattern.this).strip("%")
    if isinstance(node, exp.Not):
        return _never(node.this)
    if isinstance(node, exp.Between):
        return _same(node.this, node.args.get("low")) and _same(node.this, node.args.get("high"))
    if isinstance(node, exp.In):
        return any(_same(node.this, one) for one in node.expressions)
    return False


def _of_one_column(left: Any, right: Any) -> bool:
    """Whether a column is compared with itself, plain or in an expression: ``id = id + 0`` chooses no rows that one means."""
    columns = [{column.sql() for column in side.find_all(exp.Column)} for side in (left, right)]
    return bool(columns[0]) and columns[0] == columns[1]


def _never(node: Any) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, (exp.NEQ, exp.GT, exp.LT)):
        return _same(node.this, node.expression)
    return isinstance(node, exp.Expr) and _constant(node)


def _opposite(one: exp.Expr, other: exp.Expr) -> bool:
    """Whether of two conditions one holds whenever the other does not: a test and its negation, = and <>, < and >=."""
    left, right = _bare(one), _bare(other)
    if isinstance(left, exp.Not) and _bare(left.this) == right:
        return True
    if isinstance(right, exp.Not) and _bare(right.this) == left:
        return True
    if isinstance(left, exp.Is) and isinstance(right, exp.Is):
        differ = bool(left.args.get("negate")) != bool(right.args.get("negate"))
        return differ and _same(left.this, right.this) and _same(left.expression, right.expression)
    pairs = (
        (exp.EQ, exp.NEQ),
        (exp.LT, exp.GTE),
        (exp.GT, exp.LTE),
        (exp.LTE, exp.GTE),
        (exp.LT, exp.GT),
        (exp.GTE, exp.LTE),
    )
    for kinds in (*pairs, *((second, first) for first, second in pairs)):
        if isinstance(left, kinds[0]) and isinstance(right, kinds[1]):
            return _same(left.this, right.this) and _same(left.expression, right.expression)
    return False


def _same(one: Any, other: Any) -> bool:
    return bool(_bare(one) == _bare(other))


def _bare(node: Any) -> Any:
    while isinstance(node, exp.Paren):
        node = node.this
    return node
