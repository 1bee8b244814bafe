"""Text to nodes: positions, bounds, and what YAML is refused."""

from __future__ import annotations

import gc
import time
from decimal import Decimal

import pytest

from referee.language import document
from referee.language.compile import Source, check
from referee.language.document import from_mapping, read_document
from referee.language.nodes import Mapping, Scalar, Sequence
from referee.language.problems import Flaw
from referee.language.scalars import value_of
from referee.model.programs import Exact


def codes(text):
    return [(d.code, d.span.line, d.span.column) for d in check([Source("p.yaml", text)]).diagnostics]


def root(text):
    problems, node = read_document("p.yaml", text)
    assert problems.found == []
    assert node is not None
    return node


def test_nodes_know_where_they_stand():
    node = root("id: a\npolicies:\n  - {id: 'b c', action: log}\n")
    assert isinstance(node, Mapping)
    key, value = node.entries["policies"]
    assert (key.start.line, key.start.column, key.end.column) == (1, 0, 8)
    assert isinstance(value, Sequence)
    rule = value.items[0]
    assert isinstance(rule, Mapping)
    quoted = rule.get("id")
    assert isinstance(quoted, Scalar)
    assert (quoted.text, quoted.plain, quoted.start.line, quoted.start.column, quoted.end.column) == (
        "b c",
        False,
        2,
        9,
        14,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("12", 12),
        ("+5", 5),
        ("-5", -5),
        ("0", 0),
        ("0o17", 15),
        ("0x1f", 31),
        ("1e3", 1000),
        ("1.50", Exact("1.5")),
        (".5", Exact("0.5")),
        ("5.", 5),
        ("-0.0", 0),
        ("12:30:45", "12:30:45"),
        ("2027-01-31", "2027-01-31"),
        ("10.0.0.1", "10.0.0.1"),
        ("1,000", "1,000"),
        ("-", "-"),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", Exact("9223372036854775808")),
        ("0.1", Exact("0.1")),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text, value):
    read = value_of(Scalar(start=None, end=None, text=text))
    assert (type(read), read) == (type(value), value)
    assert value_of(Scalar(start=None, end=None, text=text, plain=False)) == text


@pytest.mark.parametrize(
    "text", ["010", "1_000", "-0_1", "0b1", "0x1_f", ".inf", "-.INF", ".nan", "1" * 41, "1e50", "0." + "0" * 60 + "1"]
)
def test_numbers_that_could_be_misread_are_refused(text):
    with pytest.raises(Flaw) as caught:
        value_of(Scalar(start=None, end=None, text=text))
    assert caught.value.code == "bad-number"
    assert value_of(Scalar(start=None, end=None, text=text, plain=False)) == text


def test_bad_utf_8_is_told_with_its_position():
    assert codes("id: é\nmessage: ".encode() + b"\xff\n") == [("encoding", 2, 10)]
    assert codes("id: é".encode("utf-16")) == [("encoding", 1, 1)]
    assert codes("id: é\nmode: \x00") == [("encoding", 2, 7)]
    assert codes("id: \ud800") == [("encoding", 1, 5)]


def test_a_byte_order_mark_is_accepted():
    assert codes(b"\xef\xbb\xbfdefault: deny\nmod: x\n") == [("unknown-key", 2, 1)]
    assert codes("\ufeffdefault: deny\n") == []


def test_other_line_ends_count_lines_as_yaml_does():
    assert codes("default: deny\r\nmod: x\r\n") == [("unknown-key", 2, 1)]
    assert codes("default: deny\rmod: x") == [("unknown-key", 2, 1)]
    diagnostic = check([Source("p", "description: a\u2028mod: x")]).diagnostics[0]
    assert diagnostic.span.line in {1, 2}


def test_size_depth_and_aliases_are_bounded():
    assert codes("#" * 10_000_001) == [("too-large", 1, 1)]
    assert [code for code, _, _ in codes("a: " + "[" * 30_000)] == ["too-deep"]
    assert codes("a: " + "[" * 100) == [("too-deep", 1, 67)]
    assert codes("a: " + "{a: " * 30_000)[0][0] == "too-deep"
    bomb = "lists:\n  a: &a [" + "x, " * 20 + "]\n"
    for name, below in zip("bcdefgh", "abcdefg", strict=True):
        bomb += f"  {name}: &{name} [" + f"*{below}, " * 20 + "]\n"
    assert [code for code, _, _ in codes(bomb)] == ["too-many-aliases"]
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 80))
    assert [code for code, _, _ in codes(chain)] == ["too-deep"]
    assert codes("a: &a [*a]") == [("too-many-aliases", 1, 8)]


def test_lists_that_double_are_bounded():
    text = "lists:\n  l0: [" + "x, " * 100 + "]\n" + "".join(f"  l{n}: [$l{n - 1}, $l{n - 1}]\n" for n in range(1, 30))
    assert {code for code, _, _ in codes(text)} == {"too-many-aliases"}


def test_aliases_within_bounds_work_and_keep_their_place():
    checked = check(
        [
            Source(
                "p.yaml",
                "policies:\n  - {id: a, when: &c {tool: x}, action: log}\n  - {id: b, when: *c, action: log}\n",
            )
        ]
    )
    assert checked.policies is not None
    assert checked.policies.rules[0].when == checked.policies.rules[1].when


def test_ten_megabytes_are_read_in_reasonable_time():
    text = "policies:\n" + "".join(f"  - {{id: r{n}, action: log}}\n" for n in range(20_000))
    started = time.process_time()
    checked = check([Source("p.yaml", text)])
    assert checked.policies is not None
    assert len(checked.policies.rules) == 20_000
    assert time.process_time() - started < 20


def test_plain_values_take_the_place_of_a_text():
    data = {
        "version": 1,
        "default": "allow",
        "policies": [
            {
                "id": "a",
                "when": {"args.n": {"gt": 0.1}, "cost": {"lt": Decimal("2.50")}, "args.b": True, "args.c": "5"},
                "action": "deny",
            }
        ],
    }
    checked = check([Source("given", data)])
    assert checked.diagnostics == ()
    text = "{version: 1, default: allow, policies: [{id: a, when: {args.n: {gt: 0.1}, cost: {lt: 2.50}, args.b: true, args.c: '5'}, action: deny}]}"
    same = check([Source("given", text)])
    assert checked.policies is not None
    assert same.policies is not None
    assert checked.policies.rules == same.policies.rules


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"id": object()}, "wrong-type"),
        ({5: 6}, "wrong-type"),
        ({"max_cost_per_run": float("nan")}, "bad-number"),
        ({"max_cost_per_run": Decimal("Infinity")}, "bad-number"),
        ({"max_cost_per_run": 10**200}, "wrong-type"),
        ({"polices": []}, "unknown-key"),
        ({"description": None}, "wrong-type"),
        ({"block_pii": "yes"}, "wrong-type"),
        ("text", "wrong-type"),
        ({}, "empty"),
    ],
)
def test_plain_values_that_no_text_has(data, code):
    assert [d.code for d in check([Source("given", data)]).diagnostics] == [code]


def test_plain_values_that_contain_themselves():
    loop: dict[str, object] = {}
    loop["a"] = loop
    problems, node = from_mapping(loop, "given")
    assert node is None
    assert [d.code for d in problems.found] == ["too-deep"]


def test_a_file_of_problems_alone_is_not_read_to_the_end():
    found = check(
        [Source("p.yaml", "".join(f"k{n}: 1\n" for n in range(50_000))), Source("q.yaml", "mode: x\n")]
    ).diagnostics
    assert len(found) == 201
    assert found[-1].span.path == "q.yaml"
    twice = check([Source("p.yaml", "a: 1\n" * 5_000)]).diagnostics
    assert [d.code for d in twice].count("duplicate-key") == 200
    tools = "{" + ", ".join(f"t{n}: {{canonical: %s}}" for n in range(300)) + "}"
    clash = check(
        [
            Source("a.yaml", f"catalog: {tools}".replace("%s", "a")),
            Source("b.yaml", f"catalog: {tools}".replace("%s", "b")),
        ]
    )
    assert len(clash.diagnostics) == 200


def test_the_line_of_a_problem_is_left_out_if_it_is_very_long():
    diagnostic = check([Source("p.yaml", "{x: " + "a" * 3_000 + "}")]).diagnostics[0]
    assert (diagnostic.code, diagnostic.excerpt) == ("unknown-key", "")


def test_an_alias_can_be_a_key():
    assert codes("a: &k id\n*k : b\n") == [("unknown-key", 1, 1)]
    assert codes("a: &k [x]\n*k : b\n")[0] == ("wrong-type", 2, 1)


def test_plain_values_may_be_sets_and_are_bounded(monkeypatch):
    checked = check([Source("given", {"policies": [{"id": "a", "when": {"tool": {"b", "a"}}, "action": "log"}]})])
    assert checked.policies is not None
    assert checked.policies.rules[0].when.operand == ("a", "b")
    monkeypatch.setattr(document, "MAX_NODES", 5)
    assert [d.code for d in check([Source("given", {"lists": {"a": list("abcdef")}})]).diagnostics] == ["too-large"]


def test_names_that_repeat_too_many_values_are_told_once():
    values = ", ".join(f"v{at}" for at in range(9000))
    rules = "".join(f"  - {{id: r{at}, when: {{tool: $a}}, action: log}}\n" for at in range(100))
    found = check([Source("p.yaml", f"lists: {{a: [{values}]}}\npolicies:\n{rules}")])
    assert found.policies is None
    assert [diagnostic.code for diagnostic in found.diagnostics] == ["too-many-aliases"]


def test_checking_leaves_the_collector_as_it_was():
    for wanted in (True, False):
        (gc.enable if wanted else gc.disable)()
        try:
            check([Source("p.yaml", "polices: []")])
            assert gc.isenabled() is wanted
        finally:
            gc.enable()
