"""What statements do: each kind of tree to its operation, its tables and what it writes.

Rule 1: a statement whose tree is not in the table hides an operation.
Rule 2: whoever adds, removes or empties whole rows writes every column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from sqlglot import exp

from referee.facets.sql.frames import Frame, Source
from referee.facets.sql.queries import Names, Queries
from referee.facets.sql.reading import parse
from referee.facets.sql.tally import Tally
from referee.facets.sql.where import narrows
from referee.facets.sql.words import HEADS, KNOWN, SELF_CONTAINED
from referee.model.sql import fold

_OPTION: Final = re.compile(r"(?is)\s*(?:(analy[sz]e)\b|verbose\b|query\s+plan\b|extended\b|partitions\b|plan\s+for\b|"
                            r"format\s*=?\s*\w+|\(([^()]*)\))\s*")  # fmt: skip
_PREPARED: Final = re.compile(r"(?is)\s*\w+\s*(?:\([^()]*\)\s*)?as\b(.*)")
_CURSOR: Final = re.compile(r"(?is).*?\bcursor\b.*?\bfor\b(.*)")
_ASKING: Final = frozenset(
    [
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
        "database_list",
        "collation_list",
        "function_list",
        "module_list",
        "pragma_list",
        "compile_options",
        "integrity_check",
        "quick_check",
        "foreign_key_check",
    ]
)
_MOST_NESTED: Final = 3


class Statements(Queries):
    """Reads whole statements into a tally."""

    def __init__(
        self, tally: Tally, dialect: str, schema: dict[str, tuple[str, ...]], text: str = "", depth: int = 0
    ) -> None:
        super().__init__(tally, dialect, schema, text)
        self.depth = depth

    def all(self, statements: list[exp.Expr]) -> None:
        """Read every statement of a text."""
        bounds: list[int | None] = []
        for node in statements:
            self.tally.statements += 1
            if isinstance(node, (exp.Query, exp.Values)):
                bounds.append(bound(node))
            self.query(node, None)
        known = [limit for limit in bounds if limit is not None]
        self.tally.limit = max(known) if known and len(known) == len(bounds) else None

    def other(self, node: Any, outer: Frame | None) -> Names:
        """Read a statement that is no query."""
        for kind, read in _STATEMENTS:
            if isinstance(node, kind):
                return read(self, node, outer)
        operation = _PLAIN.get(type(node))
        if operation is not None:
            self._plain(node, operation, outer)
            return None
        self._unknown(node)
        return None

    # ── statements that change rows ──

    def _changing(self, node: exp.Expr, operation: str, outer: Frame | None) -> Frame:
        """Open the frame of a statement; its FROM comes first, for the target may be a name given there."""
        frame = self._frame(node, outer)
        frame.operation = operation
        for key in ("from_", "using"):
            for part in _several(node.args.get(key)):
                self.relation(part.this if isinstance(part, exp.From) else part, frame)
        return frame

    def _target(self, node: Any, frame: Frame) -> Source:
        """Find what is changed, and put it in sight."""
        if not isinstance(node, exp.Table):
            self.tally.hide("names: what is changed")
            return Source()
        known = None if node.args.get("db") else frame.named(fold(node.name))
        if known is None:
            self.relation(node, frame)
            known = frame.named(fold(node.alias_or_name)) or Source()
        elif node.args.get("joins"):
            self._joined(node, frame)
        if not known.table:
            self.tally.add(frame.operation, self.name_of(node), "*", write=True)
            self.tally.hide("names: what lies below a name that is changed")
        frame.target = known
        return known

    def read_update(self, node: exp.Update, outer: Frame | None) -> Names:
        """Read an update: what its left sides name is written."""
        frame = self._changing(node, "update", outer)
        target = self._target(node.this, frame)
        joined = isinstance(node.this, exp.Expr) and bool(node.this.args.get("joins"))
        for one in node.expressions:
            self._assigned(one, target, frame, several=joined)
        self.tally.narrowed(by=narrows(node.args.get("where")))
        return self._closed(node, frame, ("this", "expressions"))

    def _closed(self, node: exp.Expr, frame: Frame, done: tuple[str, ...]) -> Names:
        """Visit what is left of a statement, and give what it returns as rows."""
        returning = node.args.get("returning")
        names: set[str] = set()
        known = True
        for one in returning.expressions if isinstance(returning, exp.Returning) else ():
            self.visit(one, frame)
            known = known and not one.is_star
            names.add(fold(one.alias_or_name))
        self._rest(node, frame, (*done, "from_", "using", "with_", "returning"))
        return frozenset(names) if known else None

    def _assigned(self, node: exp.Expr, target: Source, frame: Frame, *, several: bool = False) -> None:
        """Read one assignment: the left side is written, the right side read."""
        if not isinstance(node, exp.EQ):
            self.tally.add(frame.operation, target.table, "*", write=True)
            self.visit(node, frame)
            return
        for left in [node.this] if not isinstance(node.this, exp.Tuple) else node.this.expressions:
            self._written(left, target, frame, several=several)
        self.visit(node.expression, frame)

    def _written(self, left: exp.Expr, target: Source, frame: Frame, *, several: bool) -> None:
        column = left if isinstance(left, exp.Column) else left.find(exp.Column)
        if column is None:
            name = fold(left.name) if isinstance(left, exp.Identifier) else "*"
            self.tally.add(frame.operation, target.table, name, write=True)
            return
        parts = [fold(part.name) for part in column.parts]
        owner = frame.named(parts[-2]) if len(parts) > 1 else None
        owners = [owner or target]
        if len(parts) == 1 and several and not target.columns:
            owners += [one for one in frame.sources.values() if one.table and one is not target and one.columns is None]
        name = parts[0] if len(parts) > 1 and owner is None else parts[-1]
        for one in owners:
            self.tally.add(frame.operation, one.table, name, write=True, certain=len(owners) == 1 or one is target)

    def read_delete(self, node: exp.Delete, outer: Frame | None) -> Names:
        """Read a delete; of MySQL's and T-SQL's forms the targets may be names of the FROM."""
        frame = self._changing(node, "delete", outer)
        named = [one for one in _several(node.args.get("tables")) if fold(one.name) != "top" or node.this is None]
        targets = [] if named and node.this is None else [self._target(node.this, frame)]
        if named:
            targets = [self._target(one, frame) for one in named]
        for one in targets:
            if one.table:
                self.tally.add("delete", one.table, "*", write=True)
        self.tally.narrowed(by=narrows(node.args.get("where")))
        return self._closed(node, frame, ("this", "tables"))

    def read_insert(self, node: exp.Insert, outer: Frame | None) -> Names:
        """Read an insert: into which columns, from which query, and what a conflict updates."""
        replacing = bool(node.args.get("overwrite")) or "REPLACE" in str(node.args.get("alternative") or "").upper()
        frame = self._frame(node, outer)
        frame.operation = "replace" if replacing else "insert"
        into = node.this
        columns: list[Any] = []
        if isinstance(into, exp.Schema):
            into, columns = into.this, into.expressions
        if isinstance(into, exp.Directory):
            self.tally.add("write_file", write=True)
            self.visit(into, frame)
        else:
            target = self._target(into, frame)
            for column in [fold(one.name) for one in columns] or ["*"]:
                self.tally.add(frame.operation, target.table, column, write=True)
            conflict = node.args.get("conflict")
            if isinstance(conflict, exp.OnConflict):
                self._conflict(conflict, target, frame)
        source = node.args.get("expression")
        if isinstance(source, exp.Expr):
            inner = Frame(outer, with_=frame.with_, operation="select")
            self.visit(source, inner)
        return self._closed(node, frame, ("this", "expression", "conflict"))

    def _conflict(self, node: exp.OnConflict, target: Source, frame: Frame) -> None:
        below = Frame(frame, target=target, operation="update")
        for one in node.expressions:
            self._assigned(one, target, below)
        self._rest(node, below, ("expressions", "conflict_keys"))

    def read_merge(self, node: exp.Merge, outer: Frame | None) -> Names:
        """Read a merge with each of its branches."""
        frame = self._changing(node, "merge", outer)
        target = self._target(node.this, frame)
        self.tally.add("merge", target.table, "*", write=True)
        whens = node.args.get("whens")
        for when in whens.expressions if isinstance(whens, exp.Whens) else ():
            then = when.args.get("then")
            word = type(then).__name__.lower() if isinstance(then, (exp.Update, exp.Insert)) else fold(str(then or ""))
            below = Frame(frame, operation=word if word in {"update", "insert", "delete"} else "merge")
            self._merged(then, target, below)
            self._rest(when, frame, ("then",))
        return self._closed(node, frame, ("this", "whens"))

    def _merged(self, then: Any, target: Source, frame: Frame) -> None:
        if isinstance(then, exp.Update):
            for one in then.expressions:
                self._assigned(one, target, frame)
        elif isinstance(then, exp.Insert):
            columns = then.this.expressions if isinstance(then.this, exp.Tuple) else []
            for column in [fold(one.name) for one in columns] or ["*"]:
                self.tally.add("insert", target.table, column, write=True)
            self._rest(then, frame, ("this",))
        elif frame.operation == "delete":
            self.tally.add("delete", target.table, "*", write=True)

    # ── statements about tables and the rest ──

    def read_create(self, node: exp.Create, outer: Frame | None) -> Names:
        """Read what is made, and the query or body it is made of."""
        frame = self._frame(node, outer)
        frame.operation = "create"
        made = node.this.this if isinstance(node.this, exp.Schema) else node.this
        name = self.name_of(made) if isinstance(made, exp.Table) else ""
        self.tally.add("create", name, "*" if name else "", write=True)
        if str(node.args.get("kind") or "").upper() in {"FUNCTION", "PROCEDURE", "TRIGGER"}:
            self.tally.hide("names: a body that runs later")
        if not isinstance(made, exp.Table):
            self._tables(node.this, "create")
        frame.operation = "select"
        if isinstance(node.this, exp.Schema):
            self._rest(node.this, Frame(frame, {"": Source(name)}), ("this",))
        self._rest(node, frame, ("this", "with_"))
        return None

    def _plain(self, node: exp.Expr, operation: str, outer: Frame | None) -> None:
        """Read a statement that does one thing to every table it names."""
        if operation == "truncate":
            self.tally.narrowed(by=False)
        if not self._tables(node, operation):
            self.tally.add(operation, write=operation not in {"transaction", "show", "declare", "set", "use"})
        for query in node.find_all(exp.Query):
            if query.find_ancestor(exp.Query) is None:
                self.query(query, outer)
        for function in node.find_all(exp.Func):
            if function.find_ancestor(exp.Query) is None:
                self._function(function, Frame())

    def _tables(self, node: exp.Expr, operation: str) -> bool:
        names = [
            self.name_of(one) for one in node.find_all(exp.Table) if one.name and one.find_ancestor(exp.Query) is None
        ]
        for name in names:
            self.tally.add(operation, name, "*", write=True)
        return bool(names)

    def read_block(self, node: exp.Expr, outer: Frame | None) -> Names:
        """Read the statements of a branch, a loop or a block: which of them run cannot be said."""
        self.tally.hide("operation: statements run in branches or loops")
        for key, value in node.args.items():
            for part in _several(value):
                if isinstance(node, exp.Block) or key in {"true", "false", "body"}:
                    self.query(part, outer)
                else:
                    self.visit(part, Frame(outer))
        return None

    def read_execute(self, node: exp.Expr, outer: Frame | None) -> Names:
        """Read a call of a stored text."""
        self.tally.add("execute", write=True)
        self.tally.hide("operation: a stored text runs")
        self._rest(node, Frame(outer), ("this",))
        return None

    def read_export(self, node: exp.Export, outer: Frame | None) -> Names:
        """Read a query whose rows leave the database."""
        self.tally.add("export", write=True)
        self.query(node.this, outer)
        return None

    def read_values(self, node: exp.Values, outer: Frame | None) -> Names:
        """Read rows that stand in the text."""
        frame = Frame(outer)
        self.tally.add("select" if outer is None else outer.operation)
        self._rest(node, frame, ("alias",))
        return None

    def read_copy(self, node: exp.Copy, outer: Frame | None) -> Names:
        """Read a copy between a table or query and a file."""
        frame = Frame(outer, operation="copy")
        target = node.this.this if isinstance(node.this, exp.Schema) else node.this
        files = {fold(one.name) for one in node.args.get("files") or () if isinstance(one, exp.Expr)}
        inward = bool(node.args.get("kind"))
        if "program" in files or any(word in node.sql().lower() for word in (" program ", " program'")):
            self.tally.hide("operation: a program runs")
            self.tally.add("execute")
        if not files <= {"stdin", "stdout"}:
            self.tally.add("read_file" if inward else "write_file")
        self.tally.add("copy", write=inward)
        if isinstance(target, exp.Table):
            columns = [fold(one.name) for one in node.this.expressions] if target is not node.this else []
            for column in columns or ["*"]:
                self.tally.add("copy", self.name_of(target), column, write=inward)
        elif isinstance(target, exp.Expr):
            self.query(target, frame)
        for one in node.args.get("files") or ():
            if isinstance(one, exp.Query) or (isinstance(one, exp.Table) and isinstance(one.this, exp.Identifier)):
                self.query(one, frame)
        self._rest(node, frame, ("this", "files", "params", "credentials"))
        return None

    def read_load(self, node: exp.LoadData, outer: Frame | None) -> Names:
        """Read a file that goes into a table."""
        self.tally.add("read_file")
        self._plain(node, "load", outer)
        return None

    def read_pragma(self, node: exp.Pragma, outer: Frame | None) -> Names:
        """Read a pragma: it asks, or it sets."""
        del outer
        inside = node.this
        name = inside.this if isinstance(inside, exp.EQ) else inside
        asks = fold(str(getattr(name, "name", "") or "")) in _ASKING
        self.tally.add("describe" if asks else "pragma", write=not asks)
        return None

    def read_describe(self, node: exp.Describe, outer: Frame | None) -> Names:
        """Read what is described: a table, or the plan of a statement."""
        inside = node.this
        if isinstance(inside, exp.Table):
            self.tally.add("describe", self.name_of(inside))
        elif isinstance(inside, (exp.Query, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.DDL)):
            runs = "ANALY" in str(node.args.get("style") or "").upper()
            self._explained([inside], runs=runs, outer=outer)
        else:
            self.tally.add("describe")
        return None

    def _explained(self, statements: list[exp.Expr], *, runs: bool, outer: Frame | None = None) -> None:
        """Read what is explained: it runs if it is analysed, else its tables are only looked at."""
        self.tally.add("explain")
        if runs:
            for node in statements:
                self.query(node, outer)
            return
        inner = Tally()
        below = Statements(inner, self.dialect, self.schema, self.text, self.depth + 1)
        for node in statements:
            below.query(node, None)
        for access in inner.accesses:
            self.tally.add("explain", access.table, access.column, certain=access.certain, excepted=access.excepted)
        self.tally.functions.update(inner.functions)
        self.tally.missing.update(
            {what: None for what in inner.missing if not what.startswith("operation: a function")}
        )

    def read_command(self, node: exp.Command, outer: Frame | None) -> Names:
        """Read a statement that the parser kept as text."""
        word = str(node.this).upper()
        rest = node.expression
        text = str(rest.name if isinstance(rest, exp.Expr) else rest or "")
        inner = _INNER.get(word)
        if inner is not None and self.depth < _MOST_NESTED and inner(self, text):
            return None
        del outer
        operation = HEADS.get(word, "other")
        self.tally.add(
            operation, write=operation not in {"select", "explain", "show", "describe", "declare", "transaction"}
        )
        if word not in KNOWN:
            self.tally.hide("operation: a statement that is not known")
        elif word not in SELF_CONTAINED and word not in {"SHOW", "SET", "RESET"}:
            self.tally.hide("names: of a statement that is not known")
        if operation == "load":
            self.tally.add("read_file")
        return None

    def _inside(self, text: str) -> list[exp.Expr] | None:
        found = parse(text, self.dialect)
        return found or None

    def read_explain(self, text: str) -> bool:
        """Read the statement that EXPLAIN is about."""
        runs = False
        while option := _OPTION.match(text):
            runs = runs or bool(option[1]) or "analy" in (option[2] or "").lower()
            text = text[option.end() :]
        found = self._inside(text)
        if found is not None:
            self.depth += 1
            self._explained(found, runs=runs)
        return found is not None

    def read_prepare(self, text: str) -> bool:
        """Read a statement that is kept to be run later."""
        return self._held(_PREPARED.match(text))

    def read_cursor(self, text: str) -> bool:
        """Read the query of a cursor."""
        return self._held(_CURSOR.match(text))

    def _held(self, written: re.Match[str] | None) -> bool:
        """Read a statement that is kept to be run later."""
        found = self._inside(written[1]) if written else None
        for node in found or ():
            self.query(node, None)
        return found is not None

    def read_replace(self, text: str) -> bool:
        """Read MySQL's and SQLite's REPLACE, which is an insert that deletes."""
        low = text.lstrip().lower()
        found = self._inside(("INSERT " if low.startswith("into") else "INSERT INTO ") + text)
        if found is None or not isinstance(found[0], exp.Insert):
            return False
        found[0].set("overwrite", True)
        self.query(found[0], None)
        return True

    def _unknown(self, node: exp.Expr) -> None:
        """Read what the parser took for an expression: a statement it does not know, or no statement at all."""
        words = node.sql().upper().split()
        word = words[0] if words else ""
        operation = HEADS.get(word, "execute" if word.startswith(("XP_", "SP_")) else "other")
        self.tally.add(operation, write=operation != "transaction")
        if word not in SELF_CONTAINED or len(words) > 3:
            self.tally.hide("operation: a statement that is not known")


def bound(node: exp.Expr) -> int | None:
    """Give the number of rows that a query returns at most, if it says one."""
    clause = node.args.get("limit")
    if clause is None:
        return bound(node.this) if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Query) else None
    count = clause.args.get("count") if isinstance(clause, exp.Fetch) else clause.expression
    options = clause.args.get("limit_options")
    if clause.args.get("expressions") or (options and (options.args.get("percent") or options.args.get("with_ties"))):
        return None
    while isinstance(count, exp.Paren):
        count = count.this
    digits = count.name if isinstance(count, exp.Literal) and not count.is_string else ""
    return int(digits) if digits.isdigit() and len(digits) < 16 else None


def _several(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, exp.Expr) else []


_BLOCKS: Final = (exp.IfBlock, exp.WhileBlock, exp.Block, exp.ForIn)
_Read = Callable[[Statements, Any, Frame | None], Names]
_STATEMENTS: Final[tuple[tuple[type[exp.Expr], _Read], ...]] = (
    (exp.Table, Queries.other),
    (exp.Values, Statements.read_values),
    (exp.Execute, Statements.read_execute),
    (exp.Export, Statements.read_export),
    (exp.Insert, Statements.read_insert),
    (exp.Update, Statements.read_update),
    (exp.Delete, Statements.read_delete),
    (exp.Merge, Statements.read_merge),
    (exp.Create, Statements.read_create),
    (exp.Copy, Statements.read_copy),
    (exp.LoadData, Statements.read_load),
    (exp.Pragma, Statements.read_pragma),
    (exp.Describe, Statements.read_describe),
    (exp.Command, Statements.read_command),
    *((kind, Statements.read_block) for kind in _BLOCKS),
)
_PLAIN: Final[dict[type[exp.Expr], str]] = {
    exp.Drop: "drop", exp.Alter: "alter", exp.TruncateTable: "truncate", exp.Comment: "comment", exp.Grant: "grant",
    exp.Revoke: "revoke", exp.Set: "set", exp.Use: "use", exp.Transaction: "transaction", exp.Commit: "transaction",
    exp.Rollback: "transaction", exp.Kill: "kill", exp.Attach: "attach", exp.Detach: "detach", exp.Analyze: "analyze",
    exp.EndStatement: "transaction",
    exp.Cache: "cache", exp.Uncache: "cache", exp.Refresh: "refresh", exp.Show: "show", exp.Declare: "declare",
}  # fmt: skip
_INNER: Final[dict[str, Callable[[Statements, str], bool]]] = {
    "EXPLAIN": Statements.read_explain, "PREPARE": Statements.read_prepare, "DECLARE": Statements.read_cursor,
    "REPLACE": Statements.read_replace,
}  # fmt: skip
