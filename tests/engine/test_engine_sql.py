"""What conditions say of SQL, at the edges: too many accesses, changes that are known already, what is no SQL."""

from __future__ import annotations

from referee.engine import sql
from referee.engine.evaluate import decide
from referee.engine.program import Program
from referee.engine.truth import ERROR
from referee.language.compile import Source, compile_policies
from referee.model.facts import Fact, Rewrite
from referee.model.request import Request
from referee.model.sql import Access, SqlChange, SqlFacet

GRANT = (
    "default: deny\npolicies: [{id: ok, action: allow, when: {sql.operations: select, sql.functions: {in: [f0, f1]}}}]"
)


def ran(policy: str, facts: dict[str, Fact], **args: object):
    program = Program.build(compile_policies([Source("p.yaml", policy)]))
    return decide(program, Request.tool_call("q", dict(args)), {"sql": None, "grant": None, **facts})


def test_what_is_no_sql_can_not_be_judged():
    assert sql.touches("a.b", write=False)("select 1") == ERROR


def test_a_grant_over_too_many_accesses_is_in_error():
    accesses = tuple(Access("select", f"t{at}") for at in range(2_000))
    many = SqlFacet(accesses, tuple(f"f{at}" for at in range(6)))
    assert sql.alone(many, functions=False) is not None
    assert sql.alone(many, functions=True) is None
    decision = ran(GRANT, {"sql": many})
    assert decision.decision == "deny"
    assert [error.id for error in decision.errors] == ["ok"]


def test_a_grant_looks_at_each_function():
    access = (Access("select"),)
    assert ran(GRANT, {"sql": SqlFacet(access, ("f0", "f1"))}).decision == "allow"
    assert ran(GRANT, {"sql": SqlFacet(access, ("f0", "g"))}).decision == "deny"
    assert ran(GRANT, {"sql": SqlFacet()}).decision == "deny"


def test_a_change_says_what_it_wants_in_the_name_of_its_fact():
    for change in (SqlChange(5), SqlChange(None, ("a.b",)), SqlChange(5, ("a.b", "c.d")), SqlChange()):
        assert SqlChange.of_fact(change.fact) == change


def test_a_changed_text_that_is_known_is_not_asked_for():
    policy = "default: allow\npolicies: [{id: m, action: modify, sql: {limit: 5}, when: {tool: q}}]"
    decision = ran(policy, {"rewrite.limit=5": Rewrite(("query",), "select 1 limit 5")}, query="select 1")
    assert decision.to_dict()["modifications"] == [{"op": "set", "path": "args.query"}]
    missing = ran(policy, {}, query="select 1")
    assert (missing.decision, missing.modifications) == ("deny", ())
    assert missing.reason == "the SQL cannot be changed: not gathered"
    odd = ran(policy, {"rewrite.limit=5": SqlFacet()}, query="select 1")
    assert odd.decision == "deny"
