"""Catalogs from files: what is understood, where problems are told, and what rules may then say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from referee.language.attachments import attached
from referee.language.compile import Source, check
from referee.language.document import from_mapping
from referee.language.json_schema import ANY, joined, shape_of, types_of, united
from referee.language.jsontext import read_json
from referee.language.names import Frame
from referee.language.problems import Problems
from referee.language.render import render_text
from referee.language.toolfiles import read_tools
from referee.model.catalogue import Shape, Tool
from referee.model.source import Attachment, Diagnostic

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "query": {"type": "string"},
        "limit": {"type": "integer"},
        "mode": {"enum": ["fast", "exact"]},
        "filter": {"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}}, "since": {"$ref": "#/$defs/when"}}},
        "free": {"type": "object"},
        "loose": {"type": "object", "properties": {"a": {"type": "boolean"}}, "additionalProperties": True},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "several": {"type": ["number", "null"]},
    },
    "$defs": {"when": {"type": "object", "properties": {"day": {"type": "string"}}}},
}  # fmt: skip
TOOLS = json.dumps({"tools": [{"name": "run_sql", "inputSchema": SCHEMA}, {"name": "ping", "inputSchema": {"type": "object", "properties": {}}}]}, indent=1)  # fmt: skip


def told(text: str, files: dict[str, str] | None = None, name: str = "tools.json") -> tuple[Diagnostic, ...]:
    given = {name: TOOLS} if files is None else files
    beside = {key: Attachment(f"dir/{key}", value.encode()) for key, value in given.items()}
    return check([Source("p.yaml", text, attached=beside)]).diagnostics


def rule(when: str, catalog: str = "{from: tools.json}") -> str:
    return f"catalog: {catalog}\npolicies:\n  - {{id: r, when: {when}, action: log}}\n"


def shape(schema: Any) -> Shape:
    problems, root = from_mapping(schema, "s")
    assert root is not None
    return shape_of(root, Frame(problems))


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "data",
    [
        {}, [], 'a\u00e9\U0001f600/\\"', 0, -1.5e10, True, None, {"a": [1, {"b": []}, "x"], "c": {}}, [[[[]]], {"": ""}],
    ],
)  # fmt: skip
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_is_read_as_it_is_written(data: Any, indent: int | str | None) -> None:
    problems, root = read_json("t.json", json.dumps(data, indent=indent))
    assert root is not None
    assert not problems.found

    def plain(node: Any) -> Any:
        if hasattr(node, "entries"):
            return {name: plain(value) for name, (_, value) in node.entries.items()}
        if hasattr(node, "items"):
            return [plain(item) for item in node.items]
        return json.loads(node.text) if node.plain else node.text

    assert plain(root) == data


@pytest.mark.parametrize(
    ("text", "code", "place", "message"),
    [
        ("", "syntax", "1:1", "the text ends where a value is expected"),
        ('{"a": 1,}', "syntax", "1:9", "a key in double quotes is expected here"),
        ('{"a" 1}', "syntax", "1:6", "a `:` is expected after the key"),
        ("[1 2]", "syntax", "1:4", "a `,` or `]` is expected here"),
        ('{"a": 1 "b"}', "syntax", "1:9", "a `,` or `}` is expected here"),
        ("[1,]", "syntax", "1:4", "a value is expected here"),
        ("[yes]", "syntax", "1:2", "`yes` is not JSON"),
        ("[01]", "syntax", "1:2", "`01` is not JSON"),
        ("[\n  'a']", "syntax", "2:3", "a value or `]` is expected here"),
        ('["\\x"]', "syntax", "1:2", "this text has an escape that is not JSON"),
        ('["a', "syntax", "1:2", "a value or `]` is expected here"),
        ("[1] 2", "syntax", "1:5", "something stands after the end of the value"),
        ("[[1]", "syntax", "1:5", "the text ends where `,` or `]` is expected"),
        ('{"a": 1,\n "a": 2}', "duplicate-key", "2:2", "the key `a` stands twice"),
        ("[" * 65, "too-deep", "1:65", "the text is nested more than 64 levels deep"),
    ],
)
def test_what_is_not_json_has_a_place(text: str, code: str, place: str, message: str) -> None:
    problems, root = read_json("t.json", text)
    assert root is None
    (found,) = problems.found
    assert (found.code, str(found.span), found.message) == (code, f"t.json:{place}", message)


def test_bytes_that_are_no_text() -> None:
    assert read_json("t.json", b"\xff\xfe{\x00")[0].found[0].code == "encoding"
    assert read_json("t.json", b"\xef\xbb\xbf[]")[1] is not None


# ── schemas ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, Shape(type="string")),
        ({"type": "array", "items": {"type": "integer"}}, Shape(type="list", items=Shape(type="integer"))),
        ({"items": {"type": "integer"}}, Shape(type="list", items=Shape(type="integer"))),
        ({"properties": {"a": {}}}, Shape(type="mapping", members={"a": ANY})),
        ({"type": "object", "properties": {}, "patternProperties": {}}, Shape(type="mapping", members={}, open=True)),
        ({"type": "object", "additionalProperties": False}, Shape(type="mapping")),
        ({"type": ["string", "null"]}, Shape(type="string")),
        ({"type": ["string", "integer"]}, ANY),
        ({"type": "null"}, ANY),
        ({"const": "a"}, Shape(type="string", choices=("a",))),
        ({"enum": ["a", "b", None], "type": "string"}, Shape(type="string", choices=("a", "b"))),
        ({"enum": [1, 2]}, ANY),
        ({"enum": [[1]]}, ANY),
        ({}, ANY),
        (True, ANY),
        ({"oneOf": [{"type": "string"}, {"type": "string"}]}, Shape(type="string")),
        ({"anyOf": [{"enum": ["a"]}, {"enum": ["b"]}]}, Shape(type="string", choices=("a", "b"))),
        ({"anyOf": [{"enum": ["a"]}, {"type": "string"}]}, Shape(type="string")),
        (
            {"anyOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "integer"}}}]},
            Shape(type="mapping", members={"a": Shape(type="string"), "b": Shape(type="integer")}),
        ),
        (
            {"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"type": "integer"}}}, {}]},
            Shape(type="mapping", members={"a": ANY}),
        ),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, ANY),
        ({"$ref": "https://elsewhere.example/s.json"}, ANY),
        (
            {"$defs": {"a": {"properties": {"again": {"$ref": "#/$defs/a"}}}}, "$ref": "#/$defs/a"},
            Shape(type="mapping", members={"again": ANY}),
        ),
        ({"definitions": {"a/b": {"type": "boolean"}}, "$ref": "#/definitions/a~1b"}, Shape(type="boolean")),
        (
            {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "array", "items": {"enum": ["x"]}}]},
            Shape(type="list", items=Shape(type="string")),
        ),
    ],
)  # fmt: skip
def test_schemas_are_shapes(schema: Any, expected: Shape) -> None:
    assert shape(schema) == expected


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ({"type": "strnig"}, "unknown-value"),
        ({"properties": []}, "wrong-type"),
        ({"properties": {"a": 5}}, "wrong-type"),
        ({"anyOf": {}}, "wrong-type"),
        ({"$ref": "#/$defs/none"}, "unknown-name"),
    ],
)
def test_what_is_no_schema_is_told(schema: Any, code: str) -> None:
    text = json.dumps({"tools": [{"name": "t", "inputSchema": schema}]})
    problems, found = read_tools("t.json", text)
    assert [one.code for one in problems.found] == [code]
    assert "t" in found


def test_no_schema_takes_long() -> None:
    knot = {"$defs": {f"d{at}": {"anyOf": [{"$ref": f"#/$defs/d{at + 1}"}, {"properties": {"x": {"$ref": f"#/$defs/d{at + 1}"}}}]} for at in range(40)}, "$ref": "#/$defs/d0"}  # fmt: skip
    assert isinstance(shape(knot), Shape)
    assert joined([]) == united([]) == ANY
    assert types_of(ANY) is None


# ── files of tools ───────────────────────────────────────────────────────────────────────────────────────────────────

LISTED = [{"name": "t", "inputSchema": {"properties": {"a": {"type": "string"}}}}]


@pytest.mark.parametrize(
    "data",
    [
        {"tools": LISTED},
        {"jsonrpc": "2.0", "id": 1, "result": {"tools": LISTED, "nextCursor": None}},
        LISTED,
        [{"name": "t", "input_schema": {"properties": {"a": {"type": "string"}}}}],
        [{"type": "function", "name": "t", "parameters": {"properties": {"a": {"type": "string"}}}}],
        [{"type": "function", "function": {"name": "t", "parameters": {"properties": {"a": {"type": "string"}}}}}],
        {"$schema": "x", "t": {"properties": {"a": {"type": "string"}}}},
    ],
)
def test_every_form_of_a_list_of_tools(data: Any) -> None:
    problems, found = read_tools("t.json", json.dumps(data))
    assert not problems.found
    assert found == {"t": Shape(type="mapping", members={"a": Shape(type="string")})}


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("5", "wrong-type", "1:1"),
        ("[]", "empty", "1:1"),
        ('{"tools": []}', "empty", "1:1"),
        ('{"tools": 5}', "wrong-type", "1:11"),
        ('{"error": {"code": 5}}', "wrong-type", "1:2"),
        ('{"a": 1}', "wrong-type", "1:2"),
        ("[5]", "wrong-type", "1:2"),
        ('[{"nam": "t"}]', "missing-key", "1:2"),
        ('[{"name": ""}]', "empty", "1:11"),
        ('[{"name": "a\\u0007"}]', "unknown-value", "1:11"),
        ('[{"name": "a"}, {"name": "a"}]', "duplicate-id", "1:26"),
        ('[{"name": "a", "inputSchema": 5}]', "wrong-type", "1:31"),
    ],
)
def test_files_that_list_no_tools(text: str, code: str, place: str) -> None:
    (found,) = told("catalog: {from: tools.json}\n", {"tools.json": text})
    assert (found.code, str(found.span)) == (code, f"dir/tools.json:{place}")
    assert check([Source("p.yaml", "catalog: {from: tools.json}\n", attached={"tools.json": Attachment("t", text.encode())})]).policies is None  # fmt: skip


def test_a_tool_without_schema_takes_anything() -> None:
    assert told(rule("{tool: t, args.x: 1}"), {"tools.json": '[{"name": "t"}]'}) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("catalog: {from: other.json}", "the file `other.json` cannot be read: it is not at hand"),
        ("catalog: {from: {path: other.json}}", "the file `other.json` cannot be read: it is not at hand"),
        ("catalog: {from: [tools.json, {server: a}]}", "a file of tools needs the key `path`"),
        ("catalog: {from: {path: tools.json, servre: a}}", "a file of tools has no key `servre`"),
        ("catalog: {from: {path: tools.json, server: a__b}}", "the name of a server is a word without `__`"),
        ("catalog: {from: {path: [a]}}", "expected text, found a list"),
        ("catalog: {from: []}\ncatalog_: 1", "a policy file has no key `catalog_`"),
        ("catalog: {closed: yes}", "expected `true` or `false`, found `yes`"),
        ("catalog: {a: {canonical: shell.exce}}", "unknown canonical name `shell.exce`"),
        ("catalog: {a: {args: {q: {type: strnig}}}}", "unknown type of JSON Schema `strnig`"),
        ("catalog: {from: tools.json, run_sql: {sql: args.qurey}}", "unknown argument `qurey`"),
    ],
)
def test_what_is_wrong_with_a_catalog(text: str, message: str) -> None:
    assert [one.message for one in told(text + "\n")] == [message]


def test_a_file_that_could_not_be_read() -> None:
    beside = {"tools.json": Attachment("dir/tools.json", problem="there is no such file")}
    (found,) = check([Source("p.yaml", "catalog:\n  from: tools.json\n", attached=beside)]).diagnostics
    assert render_text([found]) == (
        "error[missing-file]: the file `tools.json` cannot be read: there is no such file\n"
        " --> p.yaml:2:9  $.catalog.from\n  |\n2 |   from: tools.json\n  |         ^^^^^^^^^^\n"
        "  = help: paths are relative to the policy file"
    )


def test_two_files_that_differ_about_a_tool() -> None:
    files = {"a.json": '[{"name": "t"}]', "b.json": '[{"name": "t", "inputSchema": {"type": "object"}}]'}
    assert [one.code for one in told("catalog: {from: [a.json, b.json]}\n", files)] == ["duplicate-id"]
    assert told("catalog: {from: [a.json, {path: b.json, server: b}]}\n", files) == ()


def test_which_files_a_policy_names() -> None:
    assert attached("catalog: {from: a.json}") == ("a.json",)
    assert attached({"catalog": {"from": ["a.json", {"path": "b.json"}, 5, {"path": []}]}}) == ("a.json", "b.json", "5")
    assert attached("catalog: [") == attached("a: 1") == attached("catalog: 5") == attached(b"[]") == ()


# ── what rules may say ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("{tool: run_sql, args.qurey: x}", "tool `run_sql` has no argument `qurey`"),
        ("{tool: run_sql, args.limit: {starts_with: x}}", "`starts_with` does not work on `args.limit`, which is a number"),
        ("{tool: run_sql, args.limit: many}", "expected a number, found `many`"),
        ("{tool: run_sql, args.mode: slow}", "`args.mode` is never `slow`"),
        ("{tool: run_sql, args.filter.tag: x}", "tool `run_sql` has no argument `filter.tag`"),
        ("{tool: run_sql, args.filter.tags.name: x}", "argument `filter.tags` of tool `run_sql` is a list"),
        ("{tool: run_sql, 'args.filter.tags[0].name': x}", "argument `filter.tags[0]` of tool `run_sql` has no parts"),
        ("{tool: run_sql, args.filter.since.dya: x}", "tool `run_sql` has no argument `filter.since.dya`"),
        ("{tool: run_sql, 'args.query[0]': x}", "argument `query` of tool `run_sql` has no parts"),
        ("{tool: run_sql, args.loose.a: {gt: 5}}", "`gt` does not work on `args.loose.a`, which is true or false"),
        ("{tool: run_sql, args.maybe: {glob: x}}", "`glob` does not work on `args.maybe`, which is a number"),
        ("{tool: run_sql, args.several: {glob: x}}", "`glob` does not work on `args.several`, which is a number"),
        ("{tool: ping, args.x: 1}", "tool `ping` has no argument `x`"),
        ("{tool: mcp__db__run_sql, args.qurey: x}", "tool `run_sql` has no argument `qurey`"),
        ("{all: [{tool: [run_sql, ping]}, {args.query: x}]}", "tool `ping` has no argument `query`"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_meant(when: str, message: str) -> None:
    assert [one.message for one in told(rule(when))] == [message]


def test_the_help_names_the_argument() -> None:
    (found,) = told(rule("{tool: run_sql, args.qurey: {contains_pii: true}}"))
    assert str(found.help).startswith("did you mean `args.query`? declared arguments: `query`, `limit`, `mode`")
    (nested,) = told(rule("{tool: run_sql, args.filter.tag: x}"))
    assert nested.help == "did you mean `args.filter.tags`? declared arguments: `filter.tags`, `filter.since`"
    (listed,) = told(rule("{tool: run_sql, args.filter.tags.name: x}"))
    assert listed.help == "write `args.filter.tags[*].name` for every member, or `[0]` for the first"


@pytest.mark.parametrize(
    "when",
    [
        "{tool: run_sql, args.query: {contains: drop}, args.limit: {gt: 5}, args.mode: [fast, exact]}",
        "{tool: run_sql, 'args.filter.tags[*]': {starts_with: x}, args.filter.tags: {contains: x, count: {gt: 2}}}",
        "{tool: run_sql, args.filter.since.day: {glob: '2026-*'}, args.free.any.thing: 1, args.loose.other: x}",
        "{tool: run_sql, args.either: 5, args.either.x: 1, args.filter.**: x, 'args.**': x, 'args.*': x, args.free: {exists: true}}",
        "{tool: run_sql, 'args.filter.*': {exists: true}, 'args.free[0]': 1}",
        "{tool: [run_sql, refund], args.anything: 1}",
        "{tool: run_sql, args.mode: {ne: fast}, args.several: 1.5, args.maybe: null}",
    ],
)
def test_rules_that_can(when: str) -> None:
    assert told(rule(when)) == ()


def test_entries_and_files_are_put_together() -> None:
    text = "catalog: {from: {path: tools.json, server: db}, run_sql: {sql: args.query}}"
    checked = check([Source("p.yaml", text, attached={"tools.json": Attachment("t.json", TOOLS.encode())})])
    assert checked.policies is not None
    tools = checked.policies.tools
    assert set(tools) == {"run_sql", "mcp__db__run_sql", "mcp__db__ping"}
    assert (tools["mcp__db__run_sql"].sql, tools["run_sql"].sql) == ("query", "query")
    assert tools["run_sql"].arguments is not None
    assert tools["run_sql"].shape is None
    assert tools["mcp__db__ping"] == Tool(name="mcp__db__ping", arguments={})


def test_what_the_policy_declares_counts() -> None:
    text = rule("{tool: run_sql, args.limit: {starts_with: x}}", "{from: tools.json, run_sql: {args: {limit: string}}}")
    assert told(text) == ()
    nested = rule("{tool: t, args.f.b: 1}", "{t: {args: {f: {type: object, properties: {a: {type: string}}}}}}")
    assert [one.message for one in told(nested)] == ["tool `t` has no argument `f.b`"]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (rule("{tool: run_sq}", "{from: tools.json, closed: true}"), ["the catalog has no tool `run_sq`"]),
        (rule("{tool: {not_in: [ping, png]}}", "{from: tools.json, closed: true}"), ["the catalog has no tool `png`"]),
        (rule("{tool: 'db.*'}", "{from: tools.json, closed: true}"), ["`db.*` fits no tool of the catalog"]),
        (rule("'tool == \"run_sq\"'", "{from: tools.json, closed: true}"), ["the catalog has no tool `run_sq`"]),
        (rule("{tool: [run_sql, 'p*', shell.exec, 'file.*', mcp__db__ping]}", "{from: tools.json, closed: true}"), []),
        (rule("{tool: {starts_with: x, missing: false, glob: 'r*'}}", "{from: tools.json, closed: true}"), []),
        ("catalog: {from: tools.json, closed: true}\ntools: {allow: [ping], block: [run]}\n", ["the catalog has no tool `run`"]),
        (rule("{tool: mcp__db__png}", "{from: {path: tools.json, server: db}}"), ["the server `db` has no tool `png`"]),
        (rule("{tool: mcp_db_png}", "{from: {path: tools.json, server: db}}"), ["the server `db` has no tool `png`"]),
        (rule("{tool: [mcp_db_ping, db_ping, db-ping, refund, mcp__other__x]}", "{from: {path: tools.json, server: db}}"), []),
        (rule("{tool: mcp__db__png}", "{from: {path: tools.json, server: db, closed: false}}"), []),
        (rule("{tool: ping}", "{from: {path: tools.json, server: db}, closed: true}"), ["the catalog has no tool `ping`"]),
        (rule("{tool: x}", "{closed: true}"), ["the catalog has no tool `x`"]),
    ],
)  # fmt: skip
def test_closed_catalogs(text: str, messages: list[str]) -> None:
    if "==" in text:
        pytest.importorskip("celpy")
    assert [one.message for one in told(text)] == messages


def test_the_help_of_closed_catalogs() -> None:
    helps = [
        told(rule("{tool: run_sq}", "{from: tools.json, closed: true}"))[0].help,
        told(rule("{tool: ping}", "{from: {path: tools.json, server: db}, closed: true}"))[0].help,
        told(rule("{tool: xyzzy}", "{from: tools.json, closed: true}"))[0].help,
        told(rule("{tool: xyzzy}", "{closed: true}"))[0].help,
    ]
    assert helps == [
        "did you mean `run_sql`?",
        "did you mean `mcp__db__ping`?",
        "the catalog has `ping`, `run_sql`",
        "the catalog lists no tools",
    ]


def test_formatting_looks_at_no_file() -> None:
    text = rule("{tool: xyzzy}", "{from: nowhere.json, closed: true}")
    assert check([Source("p.yaml", text, attached=None)]).diagnostics == ()


def test_the_digest_names_the_files_too() -> None:
    def digest(tools: str) -> str:
        beside = {"tools.json": Attachment("t.json", tools.encode())}
        policies = check([Source("p.yaml", "catalog: {from: tools.json}", attached=beside)]).policies
        assert policies is not None
        return policies.digest

    assert digest(TOOLS) == digest(TOOLS) != digest(TOOLS.replace("ping", "pong"))


def test_problems_of_many_files_are_those_of_each() -> None:
    assert isinstance(Problems("p", []).found, list)
    files = {"a.json": "[", "b.json": "[5]"}
    places = [str(one.span) for one in told("catalog: {from: [a.json, b.json]}\n", files)]
    assert places == ["dir/a.json:1:2", "dir/b.json:1:2"]
