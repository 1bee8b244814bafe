"""The words of SQL that may be written in conditions."""

from __future__ import annotations

from typing import Final

SQL_ATTRIBUTES: Final[dict[str, tuple[str, str]]] = {
    "sql": ("sql", "the tables and columns that a SQL text reads and writes"),
    "sql.operations": ("set", "what its statements do, and the functions in them"),
    "sql.tables": ("set", "the tables it touches, a qualified one also by its bare name"),
    "sql.columns": ("set", "the columns it reads or writes, as `table.column`; `table.*` for all of them"),
    "sql.functions": ("set", "the functions it calls"),
    "sql.parsed": ("boolean", "whether every statement is known in every part"),
    "sql.read_only": ("boolean", "whether it leaves everything as it was"),
    "sql.has_where": ("boolean", "whether every update and delete has a WHERE that leaves rows out"),
    "sql.limit": ("number", "the most rows it can return, if it says so"),
    "sql.statements": ("number", "how many statements it has"),
}
