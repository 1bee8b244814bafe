"""What a policy says of SQL: patterns, dialects, schemas, changes; each slip is told where it stands."""

from __future__ import annotations

import pytest

from referee.language.cel import parse_cel
from referee.language.compile import Source, check
from referee.model.programs import Attribute, Test
from referee.model.sql import SqlChange


def told(text: str) -> list[str]:
    return [
        diagnostic.message for diagnostic in check([Source("p.yaml", text)]).diagnostics if diagnostic.level == "error"
    ]


def rule(when: str) -> str:
    return f"policies:\n  - {{id: a, action: log, when: {{{when}}}}}\n"


def test_names_are_folded():
    found = check([Source("p.yaml", rule("sql: {reads: [Customers.SSN, ÉMAIL.*]}, sql.tables: {contains: Customers}"))])
    assert found.policies is not None
    operands = [test.operand for test in found.policies.rules[0].when.parts]  # type: ignore[union-attr]
    assert operands == [("customers.ssn", "email.*"), "customers"]


def test_patterns_of_sets_are_folded_but_not_expressions():
    found = check([Source("p.yaml", rule("sql.tables: {glob: 'HR.*', starts_with: Cust, regex: '^A'}"))])
    assert found.policies is not None
    operands = [test.operand for test in found.policies.rules[0].when.parts]  # type: ignore[union-attr]
    assert operands == ["hr.*", "cust", "^A"]


@pytest.mark.parametrize("pattern", ["a", "a.b", "a.b.c", "a.b.c.d", "*", "a.*", "*.b", "'a.[bc]*'", "ä.ö"])
def test_what_is_a_table_or_column(pattern: str):
    assert told(rule(f"sql: {{reads: {pattern if pattern[0] != '*' else repr(pattern)}}}")) == []


@pytest.mark.parametrize("pattern", ["''", "a.b.c.d.e", "'a b'", "a..b", "'a.b;'", "'a,b'", "'a.[b'", "'a=b'"])
def test_what_is_none(pattern: str):
    assert len(told(rule(f"sql: {{reads: {pattern}}}"))) == 1


@pytest.mark.parametrize(
    ("entry", "messages"),
    [
        ("{sql: args.q, dialect: Postgres}", []),
        ("{sql: args.q, dialect: mssql, schema: {A: [x, Y], hr.b: {id: integer}}}", []),
        ("{sql: args.q, schema: {a: x}}", ["expected a list of columns, found text"]),
        ("{sql: args.q, schema: {a: {}}}", ["a table has at least one column"]),
        ("{sql: args.q, schema: {'a*': [x], b: [y]}}", ["`a*` is not the name of a table"]),
        (
            "{sql: args.q, schema: {a: [[x]]}}",
            ["expected the name of a column, found a list"],
        ),
        ("{schema: {a: [x]}}", ["`schema` is about SQL, and no argument has it"]),
    ],
)
def test_catalog_entries(entry: str, messages: list[str]):
    assert told(f"catalog:\n  q: {entry}\npolicies: []\n") == messages


def test_a_schema_is_folded():
    found = check(
        [Source("p.yaml", "catalog:\n  q: {sql: args.q, schema: {A: [x, Y, y], HR.b: {Id: integer}}}\npolicies: []\n")]
    )
    assert found.policies is not None
    assert found.policies.tools["q"].schema == {"a": ("x", "y"), "hr.b": ("id",)}


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        ("{limit: 5, drop_columns: [B.c, a.b, a.b]}", []),
        ("{drop_columns: '*.ssn'}", []),
        ("5", ["expected a mapping, found text"]),
        ("{limit: many}", ["expected a whole number, found `many`"]),
        ("{drop_columns: []}", ["the list must not be empty"]),
        ("{drop_columns: [ssn]}", ["`ssn` is not a column"]),
        ("{drop: a.b}", ["a change of SQL has no key `drop`"]),
        ("{zzz: 1}", ["a change of SQL has no key `zzz`"]),
    ],
)
def test_changes(change: str, messages: list[str]):
    assert told(f"policies:\n  - {{id: a, action: modify, sql: {change}}}\n") == messages


def test_a_change_and_others_stand_in_one_rule():
    text = "lists: {secret: [people.ssn, people.iban]}\npolicies:\n  - {id: a, action: modify, cap: {args.n: 5}, sql: {limit: 5, drop_columns: $secret}}\n"
    found = check([Source("p.yaml", text)])
    assert found.policies is not None
    assert found.policies.rules[0].sql == SqlChange(5, ("people.iban", "people.ssn"))
    assert len(found.policies.rules[0].changes) == 1


def test_sql_belongs_to_modify():
    assert told("policies:\n  - {id: a, action: deny, sql: {limit: 5}}\n") == [
        "`sql` has no meaning for the action `deny`"
    ]


def test_expressions_can_say_it():
    assert parse_cel('sql.reads("customers.ssn")') == Test(Attribute("sql"), "reads", "customers.ssn")
