"""MCP servers for databases. What a statement does is the SQL facet's to say; here stands where it is and its dialect."""

from __future__ import annotations

from typing import Final

from referee.facets.catalogue.notation import Family, entry

_SCHEMA: Final = entry("sql.schema")

POSTGRES: Final = Family(
    name="postgres",
    source="@modelcontextprotocol/server-postgres 0.6.2, dist/index.js; postgres-mcp 0.3",
    servers=("postgres", "postgresql", "pg", "server-postgres", "postgres-mcp", "supabase"),
    tools={
        "query": entry("sql.query", sql="sql|query", dialect="postgres"),
        "execute_sql": entry("sql.query", sql="sql|query", dialect="postgres"),
        "explain_query": entry("sql.query", sql="sql|query", dialect="postgres"),
        "apply_migration": entry("sql.query", sql="query|sql", dialect="postgres"),
        "list_schemas": _SCHEMA,
        "list_objects": _SCHEMA,
        "get_object_details": _SCHEMA,
    },
)

SQLITE: Final = Family(
    name="sqlite",
    source="mcp-server-sqlite 2025.4.25, mcp_server_sqlite/server.py",
    servers=("sqlite", "sqlite3", "server-sqlite", "mcp-server-sqlite"),
    tools={
        "read_query": entry("sql.query", sql="query", dialect="sqlite"),
        "write_query": entry("sql.query", sql="query", dialect="sqlite"),
        "create_table": entry("sql.query", sql="query", dialect="sqlite"),
        "query": entry("sql.query", sql="query|sql", dialect="sqlite"),
        "list_tables": _SCHEMA,
        "describe_table": _SCHEMA,
        "append_insight": entry("memory.write"),
    },
)

MYSQL: Final = Family(
    name="mysql",
    source="names that MySQL servers for MCP use, not checked against one",
    servers=("mysql", "mariadb", "server-mysql"),
    tools={
        "query": entry("sql.query", sql="sql|query", dialect="mysql"),
        "execute_sql": entry("sql.query", sql="query|sql", dialect="mysql"),
        "mysql_query": entry("sql.query", sql="sql|query", dialect="mysql"),
        "list_tables": _SCHEMA,
        "describe_table": _SCHEMA,
    },
)

WAREHOUSES: Final = Family(
    name="warehouses",
    source="names that warehouse servers for MCP use, not checked against one",
    servers=("bigquery", "snowflake", "clickhouse", "duckdb", "motherduck", "databricks", "redshift"),
    tools={
        "query": entry("sql.query", sql="query|sql|statement"),
        "execute_query": entry("sql.query", sql="query|sql|statement"),
        "run_query": entry("sql.query", sql="query|sql|statement"),
        "run_sql": entry("sql.query", sql="sql|query|statement"),
        "sql_query": entry("sql.query", sql="sql|query|statement"),
        "read_query": entry("sql.query", sql="query"),
        "write_query": entry("sql.query", sql="query"),
        "run_select_query": entry("sql.query", sql="query"),
        "execute_sql": entry("sql.query", sql="sql|query|statement"),
        "list_tables": _SCHEMA,
        "list_databases": _SCHEMA,
        "describe_table": _SCHEMA,
    },
)
