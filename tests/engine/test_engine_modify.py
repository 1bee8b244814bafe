"""Changes of arguments: their order, their conflicts, and that nothing is changed that was given."""

from __future__ import annotations

import copy
from collections import OrderedDict
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from referee.engine.evaluate import decide, evaluate
from referee.engine.modify import Conflict, apply_changes, merge, to_json
from referee.engine.program import Program
from referee.model.names import KINDS
from referee.model.programs import ALWAYS, Change, Exact, Layer, Policies, Rule
from referee.model.request import Request


def changing(name: str, *changes: Change) -> Rule:
    return Rule(id=name, file="f", source=f"f:{name}", action="modify", when=ALWAYS, changes=changes)


@pytest.mark.parametrize(
    ("args", "change", "result"),
    [
        ({}, Change("set", ("a",), 1), {"a": 1}),
        ({}, Change("set", ("a", "b", "c"), 1), {"a": {"b": {"c": 1}}}),
        ({"a": {"k": 0}}, Change("set", ("a", "b"), Exact("0.5")), {"a": {"k": 0, "b": 0.5}}),
        ({"l": [1, 2]}, Change("set", ("l", 1), None), {"l": [1, None]}),
        ({"l": (1, {"a": 2})}, Change("set", ("l", 1, "a"), 3), {"l": [1, {"a": 3}]}),
        ({}, Change("append", ("l",), "x"), {"l": ["x"]}),
        ({"l": ()}, Change("append", ("l",), {"n": Exact("2.00")}), {"l": [{"n": 2}]}),
        ({"q": "a"}, Change("append", ("q",), "b"), {"q": "ab"}),
        ({}, Change("cap", ("n",), 5), {"n": 5}),
        ({"n": 9}, Change("cap", ("n",), 5), {"n": 5}),
        ({"n": 5}, Change("cap", ("n",), 5), {"n": 5}),
        ({"n": -9}, Change("cap", ("n",), 5), {"n": -9}),
        ({"n": "9.5"}, Change("cap", ("n",), Exact("5.25")), {"n": "5.25"}),
        ({"n": 1}, Change("floor", ("n",), 5), {"n": 5}),
        ({"n": 9}, Change("floor", ("n",), 5), {"n": 9}),
        ({"n": Decimal("1e999999")}, Change("cap", ("n",), 5), {"n": 5}),
        ({"n": 10**5000}, Change("cap", ("n",), 5), {"n": 5}),
        ({"a": 1, "b": 2}, Change("remove", ("a",)), {"b": 2}),
        ({"b": 2}, Change("remove", ("a",)), {"b": 2}),
        ({"a": {"b": 1, "c": 2}}, Change("remove", ("a", "b")), {"a": {"c": 2}}),
        ({"a": 5}, Change("remove", ("a", "b")), {"a": 5}),
        ({"a": {"b": 5}}, Change("remove", ("a", 0)), {"a": {"b": 5}}),
        ({"l": [1, 2]}, Change("remove", ("l", 0)), {"l": [2]}),
        ({"l": [1]}, Change("remove", ("l", 4)), {"l": [1]}),
        ({"a": MappingProxyType({"s": 1, "t": 2})}, Change("remove", ("a", "s")), {"a": {"t": 2}}),
        ({"a": OrderedDict(s=1)}, Change("set", ("a", "s"), 2), {"a": {"s": 2}}),
        ({"a": {0: "x", "y": 1}}, Change("remove", ("a", 0)), {"a": {"y": 1}}),
    ],
    ids=range(27),
)
def test_a_change_is_made_on_a_copy(args: dict[str, Any], change: Change, result: dict[str, Any]) -> None:
    before = repr(args) if "n" not in args else None
    assert apply_changes(args, [change]) == result
    assert before is None or repr(args) == before


@pytest.mark.parametrize(
    ("args", "change", "why"),
    [
        ({"q": 5}, Change("append", ("q",), "b"), "`args.q` is neither a list nor text, so `append` cannot be carried out"),
        ({"q": "a"}, Change("append", ("q",), 5), "neither a list nor text"),
        ({"n": "many"}, Change("cap", ("n",), 5), "`args.n` is not a number"),
        ({"n": True}, Change("floor", ("n",), 5), "is not a number"),
        ({"n": float("nan")}, Change("cap", ("n",), 5), "is not a number"),
        ({"n": 9}, Change("cap", ("n",), "many"), "has a bound that is not a number"),
        ({"l": []}, Change("set", ("l", 0), 5), "`args.l[0]` is beyond the end of its list"),
        ({"a": {}}, Change("set", ("a", 0), 5), "is a position in a mapping"),
        ({"a": None}, Change("set", ("a", "b"), 5), "is not where a value can stand"),
        ({"a": b"x"}, Change("cap", ("a", "b"), 5), "is not where a value can stand"),
        ({"l": [1]}, Change("set", ("l", "x"), 5), "is not where a value can stand"),
        ({}, Change("set", ("a",) * 70, 5), "is too deep"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_made_is_a_conflict(args: dict[str, Any], change: Change, why: str) -> None:
    with pytest.raises(Conflict) as conflict:
        apply_changes(args, [change])
    assert why in str(conflict.value)
    assert "many" not in str(conflict.value)


def test_changes_apply_in_the_order_of_their_kinds_and_removes_from_behind() -> None:
    rules = [
        changing("b", Change("remove", ("l", 0)), Change("remove", ("l", 2)), Change("append", ("q",), "2")),
        changing("a", Change("append", ("q",), "1"), Change("cap", ("n",), 5), Change("floor", ("n",), 2), Change("set", ("s",), 0)),
    ]  # fmt: skip
    changes = merge(rules)
    assert [change.op for change in changes] == ["set", "append", "append", "floor", "cap", "remove", "remove"]
    args = {"l": [0, 1, 2, 3], "q": "0", "n": 9}
    before = copy.deepcopy(args)
    assert apply_changes(args, changes) == {"l": [1, 3], "q": "012", "n": 5, "s": 0}
    assert args == before


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ((Change("set", ("a",), 1), Change("set", ("a",), 1)), 1),
        ((Change("set", ("a",), {"k": [1, (2,)]}), Change("set", ("a",), {"k": [1, (2,)]})), 1),
        ((Change("append", ("a",), 1), Change("append", ("a",), 1)), 1),
        ((Change("append", ("a",), 1), Change("append", ("a",), 2)), 2),
        ((Change("append", ("a",), 1), Change("append", ("a",), True)), 2),
        ((Change("remove", ("a",)), Change("remove", ("a", "b"))), 2),
        ((Change("cap", ("a",), 5), Change("cap", ("a",), 3)), 1),
        ((Change("floor", ("a",), 5), Change("floor", ("a",), Exact("5.5"))), 1),
        ((Change("floor", ("a",), 3), Change("cap", ("a",), 3)), 2),
        ((Change("set", ("a",), 1), Change("set", ("b",), 2)), 2),
        ((Change("set", ("a", "b"), 1), Change("remove", ("a", "c"))), 2),
    ],
)
def test_changes_that_agree_are_united(changes: tuple[Change, ...], left: int) -> None:
    assert len(merge([changing("a", changes[0]), changing("b", changes[1])])) == left


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        (Change("set", ("a",), 1), Change("set", ("a",), 2), "args.a"),
        (Change("set", ("a",), 1), Change("set", ("a",), True), "args.a"),
        (Change("set", ("a",), {"k": 1}), Change("set", ("a",), {"k": 2}), "args.a"),
        (Change("set", ("a",), {"k": 1}), Change("set", ("a",), {"j": 1}), "args.a"),
        (Change("set", ("a",), [1]), Change("set", ("a",), [1, 2]), "args.a"),
        (Change("set", ("a",), 1), Change("set", ("a", 0), 2), "args.a[0]"),
        (Change("set", ("a",), 1), Change("remove", ("a", "b")), "args.a.b"),
        (Change("append", ("a",), 1), Change("append", ("a", 0), 1), "args.a[0]"),
        (Change("append", ("a",), 1), Change("cap", ("a",), 1), "args.a"),
        (Change("cap", ("a",), 1), Change("floor", ("a",), 2), "args.a"),
        (Change("floor", ("a",), 2), Change("cap", ("a",), 1), "args.a"),
    ],
)
def test_changes_that_contradict_each_other_deny(first: Change, second: Change, place: str) -> None:
    rules = (changing("a", first), changing("b", second))
    with pytest.raises(Conflict, match="in different ways") as conflict:
        merge(rules)
    assert f"`{place}`" in str(conflict.value)
    program = Program.build(Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), rules))
    decision = decide(program, Request.tool_call("t", a=5), {})
    assert (decision.decision, decision.policy_ids, decision.problem) == ("deny", ("a", "b"), str(conflict.value))


def test_what_is_removed_is_gone_before_the_action_runs() -> None:
    """A mapping that is no plain dict is still a mapping: a removal must not pass it by."""
    program = Program.build(
        Policies((Layer("p", dict.fromkeys(KINDS, "allow")),), (changing("a", Change("remove", ("a", "s"))),))
    )
    request = Request.tool_call("t", a=MappingProxyType({"s": 1}))
    asking = evaluate(program, request)
    with pytest.raises(StopIteration) as done:
        next(asking)
    decision = done.value.value
    assert decision.allowed
    assert apply_changes(request.args, decision.modifications) == {"a": {}}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Exact("0.50"), 0.5),
        (Exact("3.00"), 3),
        (Exact("1e30"), 1e30),
        ({"a": (Exact("1.5"), "x")}, {"a": [1.5, "x"]}),
        (None, None),
    ],
)
def test_exact_numbers_become_numbers_that_tools_take(value: Any, plain: Any) -> None:
    found = to_json(value)
    assert found == plain
    assert type(found) is type(plain)
