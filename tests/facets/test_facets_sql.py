"""What SQL texts do: a corpus of them by class, hostile ones, and that nothing ever raises."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from referee.facets.sql import parse_sql
from referee.facets.sql.rewriting import rewrite
from referee.model.facts import Failed
from referee.model.sql import SqlChange, SqlFacet

FOLDER = Path(__file__).parents[1] / "corpus" / "sql"
FILES = sorted(FOLDER.glob("*.yaml"))
CASES = [
    pytest.param({**file.get("shared", {}), **case}, id=f"{path.stem}/{case['name']}")
    for path in FILES
    for file in [yaml.safe_load(path.read_text())]
    for case in file["cases"]
]
TELL: dict[str, Any] = {
    "operations": lambda facet: sorted(facet.operations),
    "tables": lambda facet: sorted(facet.tables()),
    "columns": lambda facet: sorted(facet.columns()),
    "possible": lambda facet: sorted(facet.columns(possible=True)),
    "reads": lambda facet: sorted({f"{a.table}.{a.column}" for a in facet.accesses if a.column and not a.write}),
    "writes": lambda facet: sorted({f"{a.table}.{a.column}" for a in facet.accesses if a.column and a.write}),
    "functions": lambda facet: sorted(facet.functions),
    "parsed": lambda facet: facet.parsed,
    "complete": lambda facet: facet.complete,
    "read_only": lambda facet: facet.read_only,
    "has_where": lambda facet: facet.has_where,
    "limit": lambda facet: facet.limit,
    "statements": lambda facet: facet.statements,
}


def test_the_corpus_is_large_and_has_every_class():
    assert len(CASES) >= 150
    assert len({param.id for param in CASES}) == len(CASES)
    assert {path.stem for path in FILES} >= {"reads", "writes", "structure", "opaque", "bypass", "dialects", "harmless"}


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]):
    facet = parse_sql(case["sql"], case.get("dialect"), case.get("schema"))
    wanted = {name: value for name, value in case.items() if name not in {"name", "sql", "dialect", "schema"}}
    told = {name: TELL[name](facet) for name in wanted}
    assert told == {name: sorted(value) if isinstance(value, list) else value for name, value in wanted.items()}


# ── hostile texts ────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "brackets": "select " + "(" * 100 + "1" + ")" * 100,
    "brackets without end": "select " + "(" * 60_000,
    "functions": "select " + "f(" * 59 + "1" + ")" * 59,
    "cases": "select " + "case when a then " * 500 + "1" + " end" * 500,
    "subqueries": "select * from " + "(select * from " * 59 + "t" + ") x" * 59,
    "not": "select " + "not " * 10_000 + "1",
    "minus": "select " + "- " * 20_000 + "1",
    "and": "select 1 where " + " and ".join(["a = 1"] * 5_000),
    "joined text": "select " + "||".join(["a"] * 15_000),
    "union": " union ".join(["select 1"] * 3_000),
    "columns": "select " + ",".join(f"c{at}" for at in range(8_000)) + " from t",
    "joins": "select * from t " + " ".join(f"join t{at} on true" for at in range(2_500)),
    "statements": ";".join(["select 1"] * 6_000),
    "with": "with " + ",".join(f"c{at} as (select 1)" for at in range(2_000)) + " select 1",
    "a megabyte": "select '" + "a" * 1_000_000 + "'",
    "quotes": "select " + "'" * 60_001,
    "comments": "/*" * 30_000,
    "run comments": "/*!" * 20_000,
    "dashes": "--" * 30_000,
    "zero": "select 1\0" * 1_000,
    "surrogate": "select '\ud800'",
    "blanks": " \t\n" * 20_000,
    "marks": "()'\"`[]{};-/*#$\\" * 3_000,
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end_soon(name: str):
    began = time.monotonic()
    facet = parse_sql(HOSTILE[name])
    assert time.monotonic() - began < 6
    assert isinstance(facet, SqlFacet)


def test_what_is_too_long_or_too_deep_is_not_known():
    for name in ("brackets", "a megabyte", "not", "columns", "zero"):
        facet = parse_sql(HOSTILE[name])
        assert not facet.complete
        assert facet.read_only is None


def test_no_statement_is_logged(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        parse_sql("explain analyze delete from secret_table", "postgres")
        parse_sql("call secret_procedure()", "mysql")
        parse_sql("alter user secret_user", "tsql")
    assert "secret" not in caplog.text
    logging.getLogger("sqlglot").warning("of somebody else")
    assert "of somebody else" in caplog.text


WORDS = st.sampled_from(
    [
        "select",
        "from",
        "where",
        "join",
        "on",
        "using",
        "as",
        "with",
        "union",
        "all",
        "insert",
        "into",
        "values",
        "update",
        "set",
        "delete",
        "merge",
        "create",
        "table",
        "drop",
        "alter",
        "(",
        ")",
        ",",
        ".",
        ";",
        "*",
        "=",
        "'a'",
        '"b"',
        "`c`",
        "[d]",
        "--",
        "/*",
        "*/",
        "/*!",
        "$$",
        "1",
        "a",
        "b",
        "t",
        "ssn",
        "customers",
        "case",
        "when",
        "then",
        "end",
        "exists",
        "in",
        "like",
        "null",
        "not",
        "and",
        "or",
        "lateral",
        "order",
        "by",
        "group",
        "having",
        "limit",
        "returning",
        "explain",
        "analyze",
        "copy",
        "to",
        "program",
        "call",
        "exec",
    ]
)
DIALECTS = st.sampled_from([None, "postgres", "mysql", "sqlite", "tsql", "bigquery", "snowflake", "oracle", "duckdb"])


@settings(max_examples=400, deadline=None)
@given(
    st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=80),
    DIALECTS,
    st.sampled_from([None, {"t": ["a", "ssn"]}]),
)
def test_nothing_raises(text: str, dialect: str | None, schema: dict[str, list[str]] | None):
    facet = parse_sql(text, dialect, schema)
    assert isinstance(facet, SqlFacet)
    assert facet.statements or facet.missing or not facet.accesses
    assert rewrite(text, SqlChange(5, ("customers.ssn",)), dialect, schema) is not None


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([param.values[0] for param in CASES]),
    st.sampled_from(["drop table zz", "delete from zz where a = 1"]),
)
def test_a_further_statement_never_disappears(case: dict[str, Any], more: str):
    facet = parse_sql(f"{case['sql']}\n; {more}", case.get("dialect"), case.get("schema"))
    assert facet.read_only is False or not facet.complete
    assert "zz" in facet.tables() or not facet.parsed


@pytest.mark.parametrize(
    ("text", "change", "dialect", "told"),
    [
        ("select a from t", SqlChange(10), "postgres", "SELECT a FROM t LIMIT 10"),
        ("select a from t limit 5 -- few", SqlChange(10), "postgres", "select a from t limit 5 -- few"),
        ("select a from t limit 500", SqlChange(10), None, "SELECT a FROM t LIMIT 10"),
        ("select a from t", SqlChange(10), "tsql", "SELECT TOP 10 a FROM t"),
        ("select a from t", SqlChange(10), "oracle", "SELECT a FROM t FETCH FIRST 10 ROWS ONLY"),
        ("select a from t union select b from u", SqlChange(10), "mysql", "SELECT a FROM t UNION SELECT b FROM u LIMIT 10"),
        ("select a from t; select b from u", SqlChange(10), "mysql", "SELECT a FROM t LIMIT 10; SELECT b FROM u LIMIT 10"),
        ("select a from t limit $1", SqlChange(10), "postgres", None),
        ("select a from t limit 10 percent", SqlChange(10), "duckdb", None),
        ("delete from t", SqlChange(10), "postgres", None),
        ("select a from t; delete from t", SqlChange(10), "postgres", None),
        ("call f()", SqlChange(10), "postgres", None),
        ("select 'a\\'; select b from t -- '", SqlChange(10), None, None),
        ("select name, ssn from customers", SqlChange(None, ("*.ssn",)), "postgres", "SELECT name FROM customers"),
        ("select name, md5(c.ssn) from customers c", SqlChange(None, ("customers.ssn",)), None, "SELECT name FROM customers AS c"),
        ("select name from customers", SqlChange(None, ("customers.ssn",)), None, "select name from customers"),
        ("select * from t", SqlChange(None, ("t.ssn",)), "postgres", "SELECT t.a FROM t"),
        ("select * from other", SqlChange(None, ("other.ssn",)), "postgres", None),
        ("select ssn from customers", SqlChange(None, ("customers.ssn",)), None, None),
        ("select name from customers where ssn = 'x'", SqlChange(None, ("customers.ssn",)), None, None),
        ("select name, ssn from customers order by 2", SqlChange(None, ("customers.ssn",)), None, None),
        ("select ssn from a union select ssn from b", SqlChange(None, ("a.ssn",)), None, None),
        ("with x as (select ssn from a) select ssn from x", SqlChange(None, ("a.ssn",)), None, None),
    ],
)  # fmt: skip
def test_a_text_is_changed_or_refused(text: str, change: SqlChange, dialect: str | None, told: str | None):
    changed = rewrite(text, change, dialect, {"t": ["a", "ssn"]})
    assert (None if isinstance(changed, Failed) else changed) == told
    if isinstance(changed, str):
        facet = parse_sql(changed, dialect, {"t": ["a", "ssn"]})
        assert change.limit is None or (facet.limit is not None and facet.limit <= change.limit)
        assert not any(column.endswith(".ssn") for column in facet.columns(possible=True)) or not change.drop
