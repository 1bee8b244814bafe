"""CEL expressions become the tree that mappings become, or a problem that says where and what to do."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referee.language import cel
from referee.language.cel import CelProblem, parse_cel
from referee.model.catalogue import Tool
from referee.model.programs import ALWAYS, NEVER, All, Any_, Attribute, Condition, Exact, Not, Test


def on(name: str, op: str, operand: object) -> Test:
    root, _, rest = name.partition("/")
    path = tuple(int(step) if step.isdigit() else step for step in rest.split("/")) if rest else ()
    return Test(Attribute(root, path), op, operand)  # type: ignore[arg-type]


A, B, C = on("tool", "eq", "a"), on("cost", "gt", 5), on("agent.tags", "contains", "x")

READINGS: dict[str, Condition] = {
    'tool == "a"': A,
    "tool == 'a'": A,
    '"a" == tool': A,
    "cost > 5": B,
    "5 < cost": B,
    "cost >= 5": on("cost", "gte", 5),
    "5 >= cost": on("cost", "lte", 5),
    "cost < 0.50": on("cost", "lt", Exact("0.5")),
    "args.n != -3": on("args/n", "ne", -3),
    "args.n == - 3": on("args/n", "eq", -3),
    "args.n == 7u": on("args/n", "eq", 7),
    "args.n == 1e3": on("args/n", "eq", 1000),
    "args.n == true": on("args/n", "eq", True),
    "args.n == null": on("args/n", "eq", None),
    'args.n == "5"': on("args/n", "eq", "5"),
    'args.n == "$friends"': on("args/n", "eq", "$friends"),
    r'args.n == "a\tb\x41\u00e9\U0001F600\101"': on("args/n", "eq", "a\tbA\u00e9\U0001f600A"),
    r'args.n == r"\d"': on("args/n", "eq", r"\d"),
    'args.n == """a\nb"""': on("args/n", "eq", "a\nb"),
    'args.to[0]["first name"] == "x"': on("args/to/0/first name", "eq", "x"),
    'agent == "bot"': on("agent.id", "eq", "bot"),
    "cost_today > 5": on("counter/cost_today", "gt", 5),
    '"x" in agent.tags': C,
    'tool in ["a", "b"]': on("tool", "in", ("a", "b")),
    'args.to.startsWith("a")': on("args/to", "starts_with", "a"),
    'args.to.endsWith("a")': on("args/to", "ends_with", "a"),
    'args.to.contains("a")': on("args/to", "contains", "a"),
    'args.to.matches("^a+$")': on("args/to", "regex", "^a+$"),
    'http.host.host("Example.com.")': on("http.host", "host", "example.com"),
    'file.path.within("/work")': on("file.path", "within", "/work"),
    'shell.runs("rm  -rf")': on("shell", "runs", "rm -rf"),
    "size(args.to) > 3": on("args/to", "count.gt", 3),
    "args.to.size() == 0": on("args/to", "count.eq", 0),
    "3 > size(agent.tags)": on("agent.tags", "count.lt", 3),
    "has(args.to)": on("args/to", "exists", True),
    "!has(args.to)": Not(on("args/to", "exists", True)),
    "shell.resolved": on("shell.resolved", "eq", True),
    "args.force": on("args/force", "eq", True),
    "true": ALWAYS,
    "false": NEVER,
    'tool == "a" && cost > 5 && "x" in agent.tags': All((A, B, C)),
    'tool == "a" || cost > 5 || "x" in agent.tags': Any_((A, B, C)),
    'tool == "a" && (cost > 5 && "x" in agent.tags)': All((A, B, C)),
    'tool == "a" || cost > 5 && "x" in agent.tags': Any_((A, All((B, C)))),
    '(tool == "a" || cost > 5) && "x" in agent.tags': All((Any_((A, B)), C)),
    '!(tool == "a" && cost > 5)': Not(All((A, B))),
    'tool == "a" // the tool\n && cost > 5': All((A, B)),
}


@pytest.mark.parametrize("text", READINGS)
def test_an_expression_is_a_condition(text):
    assert parse_cel(text) == READINGS[text]


PROBLEMS: dict[str, tuple[str, str, str]] = {
    # expression: (code, what it is about, a word of the message or help)
    "": ("cel-syntax", "", "ends"),
    "tool ==": ("cel-syntax", "", "ends"),
    'tool = "a"': ("cel-syntax", "=", "write `==`"),
    'cost > 1 and tool == "a"': ("cel-syntax", "and", "write `&&`"),
    'tool == "a': ("cel-syntax", '"', "not expected"),
    r'args.x == "\d"': ("cel-syntax", r'"\d"', "not an escape"),
    r'args.x == "\ud800"': ("cel-syntax", r'"\ud800"', "not an escape"),
    'a == "b"': ("unknown-attribute", "a", "unknown attribute"),
    'tol == "b"': ("unknown-attribute", "tol", "did you mean `tool`"),
    'kind == "tool_cal"': ("unknown-value", '"tool_cal"', "did you mean `tool_call`"),
    'args.x.matches("(")': ("bad-regex", '"("', "regular expression"),
    "cost == true": ("operand-type", "true", "number"),
    "tool > 5": ("operand-type", "tool", "does not work"),
    "tool": ("operand-type", "tool", "true or false"),
    "cost == 010": ("bad-number", "010", "different numbers"),
    "size(args.to) > 1.5": ("wrong-type", "1.5", "whole number"),
    'has(args.x) ? tool == "a" : false': ("cel-unsupported", 'has(args.x) ? tool == "a" : false', "||"),
    "args.a + 1 > 2": ("cel-unsupported", "args.a + 1", "arithmetic"),
    "-cost > 1": ("cel-unsupported", "-cost", "arithmetic"),
    "args.a == args.b": ("cel-unsupported", "args.b", "not a constant"),
    "1 < 2": ("cel-unsupported", "1 < 2", "two constants"),
    "1 in [1, 2]": ("cel-unsupported", "1 in [1, 2]", "two constants"),
    "args.a in args.b": ("cel-unsupported", "args.a", "constant list"),
    '"a" in tool': ("cel-unsupported", '"a" in tool', "tool.contains"),
    "args.list.all(x, x > 1)": ("cel-unsupported", "args.list.all(x, x > 1)", "method `all`"),
    "args.a < 3 < 4": ("cel-unsupported", "args.a < 3", "attribute is expected"),
    'args.a == b"x"': ("cel-unsupported", 'b"x"', "bytes"),
    'args["*"] == 1': ("cel-unsupported", '"*"', "key"),
    'args["a.b"] == 1': ("cel-unsupported", '"a.b"', "key"),
    "args[args.n] == 1": ("cel-unsupported", "args.n", "position"),
    "size(args.to)": ("cel-unsupported", "size(args.to)", "compare its result"),
    "timestamp(args.to) > 5": ("cel-unsupported", "timestamp(args.to)", "attribute is expected"),
    '"yes"': ("cel-unsupported", '"yes"', "compare an attribute"),
    '{"a": 1} == 1': ("cel-unsupported", '{"a": 1}', "mapping"),
    "args.x in [args.y]": ("cel-unsupported", "args.y", "constant"),
    'args.x == "$$a"': ("cel-unsupported", '"$$a"', "mapping"),
    "args.to.startsWith()": ("cel-unsupported", "args.to.startsWith()", "one argument"),
    "!" * 40 + "shell.resolved": ("too-deep", "!" * 7 + "shell.resolved", "32"),
    "cost > 1 || " * 1000 + "cost > 1": ("too-large", "c", "8 192"),
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_what_cannot_be_said_is_a_problem_with_a_place(text):
    code, about, word = PROBLEMS[text]
    found = parse_cel(text)
    assert isinstance(found, CelProblem)
    assert found.code == code
    assert word in f"{found.message} {found.help}"
    assert text[found.offset : found.offset + found.length] == about
    assert found.length >= 1


def test_declared_arguments_are_checked():
    tool = Tool(name="run_sql", arguments={"query": "string"})
    found = parse_cel('args.qurey == "x"', (tool,))
    assert isinstance(found, CelProblem)
    assert (found.code, found.offset, found.length) == ("unknown-attribute", 0, len("args.qurey"))
    assert "did you mean `args.query`?" in str(found.help)


def test_long_chains_do_not_nest():
    found = parse_cel(" || ".join(f"cost > {n}" for n in range(500)))
    assert isinstance(found, Any_)
    assert len(found.parts) == 500
    assert isinstance(parse_cel("(" * 2000 + "cost > 1" + ")" * 2000), Test)
    assert isinstance(parse_cel("args.n in [" + "-" * 4000 + "5]"), CelProblem)


def test_without_the_parser_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "celpy.celparser", None)
    found = parse_cel("cost > 1")
    assert isinstance(found, CelProblem)
    assert found.code == "cel-unsupported"
    assert 'pip install "referee[cel]"' in str(found.help)


PIECES = st.sampled_from(
    ["tool", "args", ".", "x", "cost", "==", "!=", ">", "in", "&&", "||", "!", "(", ")", "[", "]", "{", "}", '"a"', "'", '"', "1",
     "-", "has(", "size(", "?", ":", ",", " ", "\n", "\\", "é", "\x00", "true", "null", 'b"x"', "r'\\'", "startsWith(", "0x1f", "5u"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map(" ".join) | st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30))
def test_no_text_raises(text):
    found = parse_cel(text)
    assert isinstance(found, (Test, All, Any_, Not, CelProblem))
    if isinstance(found, CelProblem):
        assert 0 <= found.offset <= max(len(text), 1)


def test_every_comparison_has_its_mirror():
    mirrored = {head: pair for head, pair in cel.COMPARISONS.items() if pair[0] != pair[1]}
    for plain, exchanged in mirrored.values():
        assert (exchanged, plain) in mirrored.values()
