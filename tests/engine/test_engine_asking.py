"""Asking for facts: what was decided before is answered without a question, and the answer is the same."""

from __future__ import annotations

from typing import Any

import pytest

from referee.engine.evaluate import Need, evaluate
from referee.engine.program import Program
from referee.model.decision import Decision
from referee.model.names import KINDS
from referee.model.programs import Attribute, Exact, Layer, Limit, Policies, Rule, Test
from referee.model.request import Request


def drive(program: Program, request: Request, answers: dict[str, Any]) -> tuple[Decision, list[Need]]:
    asking, needs = evaluate(program, request), []
    try:
        need = next(asking)
        while True:
            needs.append(need)
            need = asking.send({name: answers[name] for name in need.names})
    except StopIteration as done:
        return done.value, needs


@pytest.mark.parametrize("tool", ["t", "u"])
def test_the_like_is_decided_at_once_and_equally(tool: str) -> None:
    rule = Rule(id="r", file="f", source="f:1", action="deny", when=Test(Attribute("tool"), "eq", "t"))
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), (rule,)))
    first, *more = [drive(program, Request.tool_call(tool, n=n), {}) for n in range(3)]
    assert first[0].decision == ("deny" if tool == "t" else "allow")
    assert more == [first, first]
    assert first[1] == []


def test_a_limit_is_asked_about_every_time() -> None:
    limit = Limit(id="l", file="f", source="f:1", measure="calls", cap=Exact("2"))
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), (), (limit,)))
    for used, allowed in [(0, True), (1, True), (2, False), (0, True), (3, False)]:
        decision, needs = drive(program, Request.tool_call("t"), {"limit.f/l": used})
        assert decision.allowed is allowed
        assert [(need.tier, need.names) for need in needs] == [("state", ("limit.f/l",))]
