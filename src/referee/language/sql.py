"""What a policy says of SQL: patterns of tables and columns, dialects, schemas, changes of a text.

Rule 1: names are folded here as the facet folds them, so that no spelling of a name in a policy misses one in a text.
"""

from __future__ import annotations

import re
from typing import Final

from referee.language.names import Frame, expand
from referee.language.nodes import Mapping, Node, Sequence, describe
from referee.language.patterns import check_glob, is_wild
from referee.language.problems import Flaw, Problems, shorten, unknown
from referee.language.scalars import integer_of, text_of
from referee.language.suggest import nearest
from referee.language.vocabulary import SQL_CHANGE_KEYS
from referee.model.sql import DIALECTS, SqlChange, fold

_PART: Final = re.compile(r"[^\s.,;=\"'`()]+")
_MOST: Final = 1_000_000_000


def check_column(text: str, node: Node) -> str:
    """Give back a pattern of tables or columns, folded.

    Raises:
        Flaw: it is not a name, ``table.column``, ``schema.table.column`` or longer.
    """
    parts = text.split(".")
    if not 1 <= len(parts) <= 4 or not all(_PART.fullmatch(part) for part in parts):
        hint = "write `customers.ssn`, `customers.*`, `*.ssn`, or `customers` for a table; names without quotes"
        raise Flaw("operand-type", f"`{shorten(text)}` is not a table or column", node, hint)
    for part in parts:
        if is_wild(part):
            check_glob(part, node)
    return fold(text)


def check_dialect(name: str, node: Node) -> str:
    """Give back the name of a dialect of SQL.

    Raises:
        Flaw: there is none of that name.
    """
    if name.lower() not in DIALECTS:
        raise unknown("unknown-value", "dialect", name, node, DIALECTS)
    return name.lower()


def tables_of(node: Node, problems: Problems) -> dict[str, tuple[str, ...]]:
    """Read a schema: a mapping from tables to their columns, a list of names or a mapping from names to types.

    Raises:
        Flaw: it is neither.
    """
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from tables to columns, found {describe(node)}", node)
    found: dict[str, tuple[str, ...]] = {}
    for name, (key, value) in node.entries.items():
        columns = problems.attempt(_columns, value, problems)
        if columns is not None:
            found[problems.attempt(_table, name, key) or ""] = columns
    found.pop("", None)
    return found


def _table(name: str, node: Node) -> str:
    if is_wild(name):
        raise Flaw("operand-type", f"`{shorten(name)}` is not the name of a table", node)
    return check_column(name, node)


def _columns(node: Node, problems: Problems) -> tuple[str, ...]:
    if isinstance(node, Mapping):
        members: list[str] = list(node.entries)
    elif isinstance(node, Sequence):
        members = problems.each(lambda item: text_of(item, "the name of a column"), node.items)
    else:
        raise Flaw("wrong-type", f"expected a list of columns, found {describe(node)}", node)
    if not (node.entries if isinstance(node, Mapping) else node.items):
        raise Flaw("empty", "a table has at least one column", node)
    return tuple(dict.fromkeys(map(fold, members)))


def change_of(node: Node, frame: Frame) -> SqlChange:
    """Read how a SQL text is to be changed.

    Raises:
        Flaw: it is no mapping, or says nothing.
    """
    if not isinstance(node, Mapping):
        hint = "write `sql: {limit: 100}` or `sql: {drop_columns: [customers.ssn]}`"
        raise Flaw("wrong-type", f"expected a mapping, found {describe(node)}", node, hint)
    if not node.entries:
        raise Flaw("empty", "`sql` must not be empty", node, "write `limit` or `drop_columns`")
    for name, (key, _) in node.entries.items():
        if name not in SQL_CHANGE_KEYS:
            near = nearest(name, SQL_CHANGE_KEYS, 1)
            told = f"did you mean `{near[0]}`?" if near else "its keys are `limit`, `drop_columns`"
            frame.problems.add(Flaw("unknown-key", f"a change of SQL has no key `{shorten(name)}`", key, told))
    limit, drop = node.get("limit"), node.get("drop_columns")
    count = None if limit is None else frame.problems.attempt(integer_of, limit, 1, _MOST)
    dropped = () if drop is None else frame.problems.attempt(_dropped, drop, frame) or ()
    return SqlChange(count, dropped)


def _dropped(node: Node, frame: Frame) -> tuple[str, ...]:
    items = expand(node, frame, "a column")
    if not items:
        raise Flaw("empty", "the list must not be empty", node)
    return tuple(sorted(set(frame.problems.each(lambda item: _column(text_of(item, "a column"), item), items))))


def _column(text: str, node: Node) -> str:
    if "." not in text:
        bare = shorten(text)
        raise Flaw("operand-type", f"`{bare}` is not a column", node, f"write `customers.{bare}` or `*.{bare}`")
    return check_column(text, node)
