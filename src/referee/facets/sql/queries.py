"""The columns that a query reads, resolved to tables.

Rule 1: every node of a tree is visited once, in the frame of the query it stands in; nothing is passed over.
Rule 2: what a subquery takes from its tables is read there; who reads the subquery's columns reads nothing new.
Rule 3: ``*`` reads every column of its tables; so does a name that stands for a whole row.
"""

from __future__ import annotations

import re
from typing import Any, Final

from sqlglot import exp

from referee.facets.sql.frames import Frame, Source
from referee.facets.sql.tally import Tally
from referee.facets.sql.words import STARTS, effect_of
from referee.model.sql import fold

_ROWS: Final = (
    "",
    "postgres",
    "redshift",
    "bigquery",
    "duckdb",
    "materialize",
    "risingwave",
    "spark",
    "databricks",
    "snowflake",
)
"""Dialects in which the name of a table stands for its rows as values."""
_DEFAULT_SCHEMA: Final = {
    "postgres": "public", "redshift": "public", "materialize": "public", "risingwave": "public", "sqlite": "main",
    "duckdb": "main", "tsql": "dbo",
}  # fmt: skip
_NO_FUNCTION: Final = (exp.Connector, exp.Case, exp.Cast, exp.If, exp.Coalesce, exp.Array, exp.Tuple, exp.Between)
_OWN: Final = (
    exp.Query, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.DDL, exp.Command,
    exp.Drop, exp.Alter, exp.TruncateTable, exp.Execute, exp.Export, exp.Copy,
    exp.IfBlock, exp.WhileBlock, exp.Block, exp.ForIn,
)  # fmt: skip
"""What is read in a frame of its own, wherever it stands."""
_VALUE: Final = re.compile(r"[$@?:].*")
_FILE: Final = re.compile(
    r"(?i).*[/\\].*|.*\.(?:csv|tsv|parquet|json|jsonl|ndjson|xlsx|arrow|orc|avro|txt|gz|db|duckdb)"
)
_FILES: Final = ("", "duckdb", "spark", "databricks", "hive", "clickhouse")

Names = frozenset[str] | None


class Queries:
    """Reads the queries of one statement into a tally."""

    def __init__(self, tally: Tally, dialect: str, schema: dict[str, tuple[str, ...]], text: str = "") -> None:
        self.tally = tally
        self.text = text
        self.dialect = dialect
        self.schema = schema

    # ── queries ──

    def query(self, node: Any, outer: Frame | None) -> Names:
        """Read a query; give the names of its columns, ``None`` if they are not known."""
        if isinstance(node, exp.Select):
            return self._select(node, outer)
        if isinstance(node, exp.SetOperation):
            frame = self._frame(node, outer)
            names = self.query(node.this, frame)
            self.query(node.expression, frame)
            self._rest(node, frame, ("this", "expression", "with_"))
            return names
        if isinstance(node, exp.Subquery):
            frame = self._frame(node, outer)
            names = self._inner(node, frame)
            self._rest(node, frame, ("this", "with_", "alias"))
            return names
        return self.other(node, outer)

    def other(self, node: Any, outer: Frame | None) -> Names:
        """Read what is no query; statements that change something know more of them."""
        frame = Frame(outer)
        if isinstance(node, exp.Table):
            self.relation(node, frame)
            self._star_of(list(frame.sources.values()), frame)
            return self._names_of(frame)
        self.visit(node, frame)
        return None

    def _inner(self, node: exp.Subquery, frame: Frame) -> Names:
        inner = node.this
        if isinstance(inner, (exp.Table, exp.Subquery)) and not isinstance(inner, exp.Query):
            self.relation(inner, frame)
            return None
        return self.query(inner, frame)

    def _frame(self, node: exp.Expr, outer: Frame | None) -> Frame:
        """Open a frame and read what WITH names in it."""
        frame = Frame(outer, operation=outer.operation if outer else "select")
        clause = node.args.get("with_")
        for one in clause.expressions if isinstance(clause, exp.With) else ():
            name = fold(one.alias)
            given = frozenset(fold(column) for column in one.alias_column_names)
            itself = self.dialect in {"tsql", "oracle", "fabric"} and isinstance(one.this, exp.SetOperation)
            if clause is not None and (clause.args.get("recursive") or itself):
                frame.with_[name] = given or None
            names = self.query(one.this, frame)
            frame.with_[name] = given or names
            self._rest(one, frame, ("this", "alias"))
        return frame

    def _select(self, node: exp.Select, outer: Frame | None) -> Names:
        frame = self._frame(node, outer)
        source = node.args.get("from_")
        if isinstance(source, exp.From):
            self.relation(source.this, frame)
        for join in node.args.get("joins") or ():
            self._join(join, frame)
        for lateral in node.args.get("laterals") or ():
            self.relation(lateral, frame)
        self._into(node)
        frame.aliases = frozenset(fold(one.alias) for one in node.expressions if isinstance(one, exp.Alias))
        names = self._projections(node, frame)
        self._rest(node, frame, ("from_", "joins", "laterals", "with_", "expressions", "into"))
        if not any(one.table for one in frame.sources.values()):
            self.tally.add(frame.operation)
        return names

    def _into(self, node: exp.Select) -> None:
        into = node.args.get("into")
        if not isinstance(into, exp.Into):
            return
        target = into.this
        if isinstance(target, exp.Table) and not isinstance(target.this, exp.Parameter) and target.name:
            self.tally.add("create", self.name_of(target), "*", write=True)
        elif target is not None and not isinstance(target, (exp.Parameter, exp.SessionParameter, exp.Table)):
            self.tally.hide("operation: the result goes somewhere")

    def _projections(self, node: exp.Select, frame: Frame) -> Names:
        names: set[str] = set()
        known = True
        for one in node.expressions:
            star = one.is_star and isinstance(one, (exp.Star, exp.Column))
            if star:
                sources = self._stars_sources(one, frame)
                if not isinstance(node.parent, exp.Exists):
                    self._star(one, frame)
                for source in sources:
                    known = known and source.columns is not None and not source.renamed
                    names |= source.columns or set()
            else:
                self.visit(one, frame)
                names.add(fold(one.alias_or_name))
        return frozenset(names) if known else None

    def _names_of(self, frame: Frame) -> Names:
        known = [one.columns for one in frame.sources.values()]
        return None if None in known else frozenset(name for columns in known for name in columns or ())

    def _rest(self, node: exp.Expr, frame: Frame, done: tuple[str, ...]) -> None:
        """Visit every other part of a query."""
        for key, value in node.args.items():
            if key not in done:
                for part in value if isinstance(value, list) else (value,):
                    if isinstance(part, exp.Expr):
                        self.visit(part, frame, ordering=key == "order")

    # ── sources ──

    def relation(self, node: Any, frame: Frame) -> None:
        """Read something in a FROM into the frame."""
        if isinstance(node, exp.Table):
            self._table(node, frame)
        elif isinstance(node, exp.Subquery) and isinstance(node.this, (exp.Table, exp.Subquery)) and not node.alias:
            self.relation(node.this, frame)
            self._joined(node, frame)
        elif not isinstance(node, (exp.Subquery, exp.UDTF, exp.Func)) and isinstance(node.this, exp.Expr):
            self.relation(node.this, frame)
            self._rest(node, frame, ("this", "alias"))
        else:
            columns = node.args.get("alias")
            given = frozenset(fold(one.name) for one in columns.args.get("columns") or ()) if columns else frozenset()
            inner = Frame(frame.outer, with_=frame.with_, operation=frame.operation)
            names = self.query(node, inner) if isinstance(node, exp.Query) else self._called(node, frame)
            frame.place(fold(node.alias_or_name or ""), Source("", given or names))
            self._alias_is_plain(node)
            if not isinstance(node, exp.Subquery):
                self._joined(node, frame)

    def _called(self, node: exp.Expr, frame: Frame) -> Names:
        """Read a function or VALUES that stands for a table."""
        if isinstance(node, exp.Lateral) and isinstance(node.this, exp.Query):
            return self.query(node.this, frame)
        self._rest(node, frame, ("alias", "joins"))
        if isinstance(node, exp.Func):
            self._function(node, frame, table=True)
        return None

    def _table(self, node: exp.Table, frame: Frame) -> None:
        alias = fold(node.alias or node.parts[-1].name)
        self._alias_is_plain(node)
        if node.this.find(exp.Func, exp.Query) is not None:
            self._from_function(node, frame, alias)
        else:
            frame.place(alias, self._source(node, frame))
        self._joined(node, frame)

    def _from_function(self, node: exp.Table, frame: Frame, alias: str) -> None:
        self.visit(node.this, frame, table=True)
        given = node.args.get("alias")
        columns = frozenset(fold(one.name) for one in given.args.get("columns") or ()) if given else frozenset()
        frame.place(alias, Source("", columns or None))
        self._rest(node, frame, ("this", "alias", "joins"))

    def _source(self, node: exp.Table, frame: Frame) -> Source:
        name = fold(node.parts[-1].name)
        found, columns = (False, None) if node.args.get("db") else frame.common(name)
        given = node.args.get("alias")
        renamed = bool(given is not None and given.args.get("columns"))
        if found:
            names = frozenset(fold(one.name) for one in given.args["columns"]) if renamed and given else columns
            return Source("", names)
        table = self.name_of(node)
        self.tally.add(frame.operation, table)
        if self.dialect in _FILES and not node.args.get("db") and _FILE.fullmatch(name):
            self.tally.add("read_file", table)
        known = self.schema.get(table) or self.schema.get(name)
        source = Source(table, frozenset(known) if known and not renamed else None, renamed)
        inside = Frame(frame, {"": source}, operation=frame.operation)
        self._rest(node, inside, ("this", "db", "catalog", "alias", "joins"))
        if node.args.get("pivots"):
            self._star_of([source], frame)
            source.columns = None
        if "*" in table:
            self.tally.hide("names: the name of a table is a pattern")
        return source

    def name_of(self, node: exp.Table) -> str:
        """Write the name of a table, without the schema that is meant anyway."""
        parts = [fold(part.name).partition("@")[0] or fold(part.name) for part in node.parts if part.name]
        if len(parts) == 2 and parts[0] == _DEFAULT_SCHEMA.get(self.dialect):
            del parts[0]
        return ".".join(parts)

    def _alias_is_plain(self, node: exp.Expr) -> None:
        """Hide what another database reads as the beginning of a further statement."""
        alias = node.args.get("alias")
        inner = alias.this if isinstance(alias, exp.TableAlias) else alias
        if not isinstance(inner, exp.Identifier) or inner.quoted or self.dialect not in {"", "tsql", "fabric"}:
            return
        if inner.name.lower() in STARTS and self._begins(inner.name):
            self.tally.hide("operation: an alias may be a statement")

    def _begins(self, word: str) -> bool:
        """Whether a word stands somewhere without an AS before it."""
        before = re.findall(rf"(?i)(\w*)\W+{re.escape(word)}\b", self.text)
        return not before or any(one.lower() != "as" for one in before)

    def _joined(self, node: exp.Expr, frame: Frame) -> None:
        for join in node.args.get("joins") or ():
            self._join(join, frame)

    def _join(self, join: exp.Join, frame: Frame) -> None:
        before = list(frame.sources.values())
        if join.kind == "ARRAY":
            self.visit(join.this, frame)
        else:
            self.relation(join.this, frame)
        both = list(frame.sources.values())
        for column in join.args.get("using") or ():
            self._column_of(fold(column.name), [one for one in both if one.table], frame)
        if join.method == "NATURAL":
            self._natural(before, both, frame)
        self._rest(join, frame, ("this", "using"))

    def _natural(self, before: list[Source], both: list[Source], frame: Frame) -> None:
        known = [one.columns for one in both]
        if None in known:
            self._star_of(both, frame, certain=False)
            return
        after = [one for one in both if not any(one is other for other in before)]
        left = {name for one in before for name in one.columns or ()}
        for name in left & {name for one in after for name in one.columns or ()}:
            self._column_of(name, [one for one in both if one.table and name in (one.columns or ())], frame)

    # ── nodes ──

    def visit(self, node: exp.Expr, frame: Frame, *, ordering: bool = False, table: bool = False) -> None:
        """Read an expression."""
        whole = node
        stack: list[exp.Expr] = [node]
        while stack:
            node = stack.pop()
            if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
                own = isinstance(node.parent, exp.Ordered) and node.parent.parent is whole
                self._column(node, frame, ordering=ordering and own)
            elif isinstance(node, (exp.Column, exp.Star)):
                if not isinstance(node.parent, exp.Count) or node.args.get("except_"):
                    self._star(node, frame)
            elif isinstance(node, _OWN):
                self.query(node, frame)
            elif isinstance(node, exp.Table):
                self.relation(node, Frame(frame, operation=frame.operation))
            elif isinstance(node, (exp.Columns, exp.PositionalColumn)) or self._by_position(node):
                self._star(node, frame)
            else:
                if isinstance(node, exp.Func):
                    self._function(node, frame, table=table)
                elif isinstance(node, exp.Alias):
                    self._alias_is_plain(node)
                stack.extend(node.iter_expressions())

    def _by_position(self, node: exp.Expr) -> bool:
        """Whether a node is a column by its number: ``$4`` is one in Snowflake, and a parameter elsewhere."""
        return self.dialect == "snowflake" and isinstance(node, exp.Parameter) and node.name.isdigit()

    def _function(self, node: exp.Func, frame: Frame, *, table: bool = False) -> None:
        if isinstance(node, _NO_FUNCTION):
            return
        name = fold(node.name if isinstance(node, exp.Anonymous) else node.sql_name())
        parent = node.parent
        if isinstance(parent, exp.Dot) and parent.expression is node:
            before = fold(parent.this.sql().replace('"', ""))
            effect = effect_of(f"{before.rpartition('.')[2]}.{name}") or effect_of(name, table=table)
            name = f"{before}.{name}"
        else:
            effect = effect_of(name, table=table)
        self.tally.functions[name] = None
        if effect is not None:
            self.tally.add(effect)
            if effect in {"execute", "network"} and frame.operation != "explain":
                self.tally.hide("operation: a function may run a text")

    def _column(self, node: exp.Column, frame: Frame, *, ordering: bool) -> None:
        parts = [fold(part.name) for part in node.parts]
        if self._by_position(node.this):
            self._star_of(self._stars_sources(node, frame), frame)
            return
        if len(parts) > 1:
            if len(parts) > 2 and frame.named(parts[0]) is not None and frame.named(parts[-2]) is None:
                parts = parts[:2]
            sources = frame.known_as(parts[:-1])
            if sources:
                tables = [one for one in sources if one.table]
                self._column_of(parts[-1], tables, frame, certain=len(sources) == 1)
                return
            if parts[-1] == "nextval":
                self.tally.add("sequence")
                return
        self._unqualified(parts[0], frame, ordering=ordering)

    def _unqualified(self, name: str, frame: Frame, *, ordering: bool) -> None:
        alias = name in frame.aliases
        if _VALUE.fullmatch(name):
            return
        if ordering and alias:
            return
        owners, sure = frame.owners(name)
        known = any(one.columns is not None and name in one.columns for one in owners)
        if alias and not known and frame.sources and all(one.columns is not None for one in owners):
            return
        tables = [one for one in owners if one.table]
        self._column_of(name, tables, frame, certain=sure and (known or not alias))
        row = frame.named(name)
        if row is not None and row.table and not known and self.dialect in _ROWS:
            self._star_of([row], frame)

    def _column_of(self, name: str, sources: list[Source], frame: Frame, *, certain: bool = True) -> None:
        for source in sources:
            if source.renamed:
                self.tally.add(frame.operation, source.table, "*", certain=certain)
            else:
                sure = certain and (source.columns is None or name in source.columns)
                self.tally.add(frame.operation, source.table, name, certain=sure)

    def _stars_sources(self, node: exp.Expr, frame: Frame) -> list[Source]:
        if isinstance(node, exp.Column) and node.table:
            return frame.known_as([fold(part.name) for part in node.parts[:-1]])
        return list(frame.sources.values())

    def _star(self, node: exp.Expr, frame: Frame) -> None:
        star = node.this if isinstance(node, exp.Column) else node
        args: dict[str, Any] = star.args if isinstance(star, exp.Star) else {}
        excepted = tuple(fold(one.name) for one in args.get("except_") or ())
        for part in args.get("replace") or ():
            self.visit(part, frame)
        sources = self._stars_sources(node, frame)
        if not sources and frame.outer is not None and not isinstance(node, exp.Column):
            sources = [one for around in frame.chain() for one in around.sources.values()]
        self._star_of(sources, frame, excepted)

    def _star_of(
        self, sources: list[Source], frame: Frame, excepted: tuple[str, ...] = (), *, certain: bool = True
    ) -> None:
        for source in sources:
            if not source.table:
                continue
            if source.columns is None:
                self.tally.add(frame.operation, source.table, "*", certain=certain, excepted=excepted)
            for name in sorted(source.columns or ()):
                if name not in excepted:
                    self.tally.add(frame.operation, source.table, name, certain=certain)
