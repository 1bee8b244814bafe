"""Where a value came from: the operators on the fact, what they say of themselves, which labels a program asks for."""

from __future__ import annotations

import pytest

from referee.engine import origins
from referee.engine.conditions import compile_condition
from referee.engine.explain import explain, why_in_error
from referee.engine.program import Program
from referee.engine.truth import ERROR, FALSE, TRUE, UNKNOWN
from referee.language.compile import Source, compile_policies
from referee.model.facts import Failed, Origins, Piece, Word
from referee.model.programs import Attribute, Pieces, Rule, Test
from referee.model.request import Request

TO = Attribute("args", ("to",))
REQUEST = Request.tool_call("send", to="bob@example.com")


def rule(op: str, operand: object, attribute: Attribute = TO) -> Rule:
    return Rule(id="r", file="f", source="f:1", action="deny", when=Test(attribute, op, operand), named=True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("op", "fact", "truth"),
    [
        ("from", Origins(words=(("a",), ("b", "c"))), TRUE),
        ("from", Origins(words=(("a",), ("c",))), FALSE),
        ("from", Origins(words=(("a",), ("c",)), lost=("b",)), ERROR),
        ("from", Origins(words=(("a",),), lost=("b",)), TRUE),
        ("from", Origins(words=((),), lost=("c",)), FALSE),
        ("from", Origins(), TRUE),
        ("from_only", Origins(words=(("a",), ("b", "c"))), FALSE),
        ("from_only", Origins(words=(("a",), ("c",))), TRUE),
        ("from_only", Origins(words=((),), lost=("a",)), ERROR),
        ("from_only", Origins(), FALSE),
        ("never_from", Origins(pieces=(Piece("b", "text"),)), TRUE),
        ("never_from", Origins(pieces=(Piece("b", "text"),), lost=("a",)), TRUE),
        ("never_from", Origins(pieces=(Piece("c", "text"),)), FALSE),
        ("never_from", Origins(pieces=(Piece("c", "text"),), lost=("c",)), FALSE),
        ("never_from", Origins(lost=("a",)), ERROR),
        ("from", Origins(shaped=(Word("link"),)), TRUE),
        ("from", Failed("away"), ERROR),
        ("never_from", None, ERROR),
    ],
)
def test_an_operator_is_true_false_or_in_error(op, fact, truth):
    judge = compile_condition(Test(TO, op, ("a", "b")), named=True)
    assert judge(REQUEST, {"labels.args.to": fact}) == truth


@pytest.mark.parametrize(
    ("op", "fact", "truth", "said"),
    [
        ("from", Origins(words=((),), shaped=(Word("link", ("a",)), Word("id"))), TRUE, "all from `a`"),
        ("from", Origins(shaped=(Word("link", ("a",)), Word("link", ("c",)))), FALSE, "not all from `a`, but from `c`"),
        ("from", Origins(words=((),)), TRUE, "without any such word"),
        ("from", Origins(shaped=(Word("address"),), lost=("a",)), ERROR, ""),
        ("from_only", Origins(shaped=(Word("address"),)), TRUE, "not all from `a`"),
        ("never_from", Origins(pieces=(Piece("a", "text"), Piece("b", "link"))), FALSE, "nothing of `a`"),
        ("never_from", Origins(pieces=(Piece("a", "text"), Piece("a", "link"))), TRUE, "a link of `a`"),
    ],
)  # fmt: skip
def test_an_operator_about_some_shapes_sees_no_others(op, fact, truth, said):
    test = Test(TO, op, Pieces(("a",), ("link", "address")))
    assert compile_condition(test, named=True)(REQUEST, {"labels.args.to": fact}) == truth
    (line,) = explain(rule(op, test.operand), REQUEST, {"labels.args.to": fact})
    assert said in str(line)
    assert "link or address of" in str(line)


def test_a_fact_is_asked_for_only_where_there_is_a_value():
    judge = compile_condition(Test(TO, "from", "a"), named=True)
    assert judge(REQUEST, {}) == UNKNOWN
    assert judge(Request.tool_call("send"), {}) == ERROR
    assert compile_condition(Test(TO, "from", "a"), named=False)(Request.tool_call("send"), {}) == FALSE
    deep: object = "a"
    for _ in range(80):
        deep = [deep]
    everything = compile_condition(Test(Attribute("args", ("**",)), "from", "a"), named=True)
    assert everything(Request.tool_call("send", to=deep), {"labels.args.**": Origins()}) == ERROR


@pytest.mark.parametrize(
    ("op", "operand", "fact", "said"),
    [
        ("never_from", "mail", Origins(pieces=(Piece("mail", "address"),)), "holds (it is an address of `mail`)"),
        ("never_from", ("mail", "web"), Origins(pieces=(Piece("web", "text", encoded=True),)), "a stretch of text of `web`, encoded"),
        ("never_from", "mail", Origins(pieces=(Piece("mail", "smell"),)), "a piece of `mail`"),
        ("never_from", "mail", Origins(pieces=(Piece("web", "text"),)), "does not hold (it is nothing of `mail`)"),
        ("from", ("user", "book"), Origins(words=(("user",),)), "holds (it is all from `user` or `book`)"),
        ("from", "user", Origins(words=((), ("mail",))), "does not hold (it is not all from `user`, but from `mail`)"),
        ("from_only", "user", Origins(words=((),)), "holds (it is not all from `user`)"),
        ("from", "user", Origins(), "holds (it is without any word)"),
        ("from", "user", Origins(words=((),), lost=("user",)), "cannot be known: not all of `user` is remembered"),
        ("from", "user", Failed("the store is away"), "where `args.to` came from cannot be known: the store is away"),
    ],
)  # fmt: skip
def test_an_explanation_says_which_label_and_how_and_never_the_value(op, operand, fact, said):
    (line,) = explain(rule(op, operand), REQUEST, {"labels.args.to": fact})
    assert said in str(line)
    assert "bob" not in str(line)


def test_an_error_names_what_is_absent_or_lost():
    assert (
        why_in_error(rule("from", "user"), Request.tool_call("send"), {"labels.args.to": Origins()})
        == "`args.to` is absent"
    )
    lost = {"labels.args.to": Origins(words=((),), lost=("mail", "user"))}
    assert "not all of `mail` or `user` is remembered" in why_in_error(rule("from", ("mail", "user")), REQUEST, lost)


def test_a_program_knows_which_labels_its_conditions_ask_for():
    policies = compile_policies(
        [
            Source(
                "p.yaml",
                """
default: allow
policies:
  - {id: a, when: {tool: a}, action: label, on: value, add: [a, b, c, d]}
  - {id: b, when: {args.x: {from: [a, b]}}, unless: {args.y: {from_only: c}}, action: log}
  - {id: c, when: {text: {never_from: [b, a]}}, action: deny, message: no}
  - {id: d, when: {text: {never_from: d}}, action: deny, message: no, mode: "off"}
limits:
  - {id: e, calls: 5, when: {args.x: {never_from: c}}}
""",
            )
        ]
    )
    program = Program.build(policies)
    assert (program.asked.whole, program.asked.pieces) == (("a", "b", "c"), ("a", "b", "c"))
    assert (program.asked.whole_at, program.asked.pieces_at) == (("args.x", "args.y"), ("args.x", "text"))
    assert Program.loads(program.dumps()).asked == program.asked
    assert origins.fact(Attribute("args", ("lines", "*", "to", 0))) == "labels.args.lines.*.to[0]"
