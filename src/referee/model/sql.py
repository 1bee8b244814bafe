"""What a SQL text does, as values: its accesses, and the words they are told in.

Rule 1: an access is one thing a statement does: an operation, on a table, on a column. Names come folded by ``fold``.
Rule 2: what is not known is never left out: an access that may happen is not ``certain``, and what hides is in ``missing``.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import msgspec

READING: Final = ("select", "explain", "show", "describe", "transaction", "wait", "declare")
WRITING: Final = (
    "insert", "update", "delete", "merge", "replace", "truncate", "create", "alter", "drop", "rename", "comment", "grant",
    "revoke", "call", "execute", "copy", "load", "export", "set", "use", "lock", "attach", "detach", "pragma", "analyze",
    "vacuum", "refresh", "kill", "admin", "sequence", "cache", "handler", "notify", "read_file", "write_file", "network",
    "other",
)  # fmt: skip
OPERATIONS: Final = (*READING, *WRITING)
"""Everything a statement or a function in it may do; only those of ``READING`` leave all as it was."""

DIALECTS: Final[dict[str, str]] = {
    "postgres": "postgres", "postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite",
    "tsql": "tsql", "mssql": "tsql", "sqlserver": "tsql", "oracle": "oracle", "snowflake": "snowflake",
    "bigquery": "bigquery", "redshift": "redshift", "duckdb": "duckdb", "clickhouse": "clickhouse",
    "databricks": "databricks", "spark": "spark", "hive": "hive", "presto": "presto", "trino": "trino",
    "athena": "athena", "teradata": "teradata", "singlestore": "singlestore", "starrocks": "starrocks", "doris": "doris",
    "materialize": "materialize", "risingwave": "risingwave", "exasol": "exasol", "fabric": "fabric",
}  # fmt: skip
"""The dialects that can be named, and the parser's word for each."""


def fold(name: str) -> str:
    """Write a name in the one spelling that rules are matched against: no database tells more names apart.

    >>> fold("Customers"), fold("ÉMAIL")
    ('customers', 'email')
    """
    if name.isascii():
        return name.lower()
    plain = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


class Access(msgspec.Struct, frozen=True, tag="access", omit_defaults=True):
    """One thing that a statement does.

    ``table`` is qualified as far as the text says, empty if there is none. ``column`` is empty for the rows as a whole and
    ``*`` for every column but ``excepted``. ``write`` tells a change from a look. What is not ``certain`` may be another
    table's column.
    """

    operation: str
    table: str = ""
    column: str = ""
    write: bool = False
    certain: bool = True
    excepted: tuple[str, ...] = ()


class SqlChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a SQL text is to be changed: at most so many rows, without these columns."""

    limit: int | None = None
    drop: tuple[str, ...] = ()

    @property
    def fact(self) -> str:
        """The name of the fact that has the changed text.

        >>> SqlChange(100, ("customers.ssn",)).fact
        'rewrite.limit=100;drop=customers.ssn'
        """
        limit = () if self.limit is None else (f"limit={self.limit}",)
        return "rewrite." + ";".join((*limit, *((f"drop={','.join(self.drop)}",) if self.drop else ())))

    @classmethod
    def of_fact(cls, name: str) -> SqlChange:
        """Read the name of such a fact.

        >>> SqlChange.of_fact("rewrite.drop=customers.ssn").drop
        ('customers.ssn',)
        """
        parts = dict(part.split("=", 1) for part in name.removeprefix("rewrite.").split(";") if part)
        drop = tuple(parts["drop"].split(",")) if "drop" in parts else ()
        return cls(int(parts["limit"]) if "limit" in parts else None, drop)


class SqlFacet(msgspec.Struct, frozen=True, tag="sql", omit_defaults=True):
    """What a SQL text does, however it is spelled.

    ``has_where`` is false if an update or delete leaves no row out, ``limit`` is ``None`` without a bound on the rows.
    ``missing`` says what could not be read: an entry ``operation: …`` hides whole statements, any other only names. In
    the ``exact`` view a qualified table has its full name alone.
    """

    accesses: tuple[Access, ...] = ()
    functions: tuple[str, ...] = ()
    statements: int = 0
    has_where: bool = True
    limit: int | None = None
    missing: tuple[str, ...] = ()
    exact: bool = False

    @property
    def parsed(self) -> bool:
        """Whether every statement is known in every part."""
        return not self.missing

    @property
    def complete(self) -> bool:
        """Whether every operation is known, though perhaps not every name."""
        return not any(entry.startswith("operation:") for entry in self.missing)

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations, each once."""
        return tuple(dict.fromkeys(access.operation for access in self.accesses))

    @property
    def read_only(self) -> bool | None:
        """Whether nothing is changed; ``None`` if that cannot be said."""
        if any(access.write or access.operation not in READING for access in self.accesses):
            return False
        return True if self.complete else None

    def tables(self, *, possible: bool = False) -> tuple[str, ...]:
        """The tables that are touched, a qualified one also by its bare name; with ``possible`` also those that may be."""
        found = [a.table for a in self.accesses if a.table and (possible or a.certain)]
        return tuple(dict.fromkeys(name for table in found for name in self.names(table)))

    def columns(self, *, possible: bool = False) -> tuple[str, ...]:
        """The columns that are read or written, as ``table.column``; ``table.*`` stands for all."""
        found = [a for a in self.accesses if a.table and a.column and (possible or a.certain)]
        return tuple(dict.fromkeys(f"{name}.{a.column}" for a in found for name in self.names(a.table)))

    def names(self, table: str) -> tuple[str, ...]:
        """The names a table is known by: the full one and, but in the exact view, the bare one."""
        bare = table.rpartition(".")[2]
        return (table,) if self.exact or bare == table else (table, bare)
