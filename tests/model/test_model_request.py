"""A request is checked once, at the border: what it may say, and that no complaint quotes what it said."""

from __future__ import annotations

import json
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from referee.errors import InvalidRequest
from referee.model.request import ABSENT, Request, money

SECRET = "hunter2-hunter2"


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"tool": "t"}, "tool_call"),
        ({"url": "https://a.b/"}, "http_request"),
        ({"model": "m"}, "model_call"),
        ({"text": ""}, "message"),
        ({"tool": "t", "url": "https://a.b/", "model": "m", "text": "x"}, "tool_call"),
        ({"tool": None, "model": "m"}, "model_call"),
        ({"tool": "t", "kind": "message"}, "message"),
        ({"kind": "message"}, "message"),
    ],
)
def test_the_kind_follows_from_what_is_there(data: dict[str, Any], kind: str) -> None:
    assert Request.from_dict(data).kind == kind


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([("tool", "t")], "must be a mapping"),
        ("tool", "must be a mapping"),
        ({}, "needs one of `tool`, `url`, `model` or `text`"),
        ({"tool": None}, "needs one of"),
        ({"tool": ""}, "of kind `tool_call` needs `tool`"),
        ({"kind": "http_request", "tool": "t"}, "of kind `http_request` needs `url`"),
        ({"kind": "model_call", "tool": "t"}, "of kind `model_call` needs `model`"),
        ({"tool": "t", "kind": SECRET}, "wrong type at `$.kind`"),
        ({"tool": "t", "phase": SECRET}, "wrong type at `$.phase`"),
        ({"tool": 5}, "wrong type at `$.tool`"),
        ({"tool": "t", "args": SECRET}, "wrong type at `$.args`"),
        ({"tool": "t", "args": {5: SECRET}}, "wrong type at `key` in `$.args`"),
        ({"tool": "t", "agent": None}, "wrong type at `$.agent`"),
        ({"tool": "t", "agent": {"tags": ["a", {SECRET: 5}]}}, "wrong type at `$.agent.tags[1]`"),
        ({"tool": "t", "agent": {SECRET: 5}}, "unknown key at `$.agent`"),
        ({"tool": "t", "user": {"role": "admin"}}, "unknown key at `$.user`"),
        ({"tool": "t", "session": {"label": SECRET}}, "unknown key at `$.session`"),
        ({"tool": "t", "tokens": {"input": 1.5}}, "wrong type at `$.tokens.input`"),
        ({"tool": "t", "tokens": {"input": -1}}, "`tokens.input` must be a number of tokens"),
        pytest.param({"tool": "t", "tokens": {"output": 10**5000}}, "`tokens.output` must be a number of tokens", id="huge"),
        ({"tool": "t", "confidence": 1.01}, "`confidence` must be between 0 and 1"),
        ({"tool": "t", "confidence": -0.5}, "`confidence` must be between 0 and 1"),
        ({"tool": "t", "confidence": float("nan")}, "`confidence` must be between 0 and 1"),
        ({"tool": "t", "cost": SECRET}, "a cost must be a number"),
        ({"tool": "t", "tol": 1, "a": 2}, "unknown key in the request: `a`, `tol`"),
        ({"tool": "t", 5: SECRET}, "unknown key in the request: one that is no word"),
        ({"tool": "t", "k" * 100: SECRET}, "unknown key in the request: one that is no word"),
    ],
)  # fmt: skip
def test_what_is_not_a_request_is_refused_without_its_values(data: Any, why: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        Request.from_dict(data)
    assert why in str(refused.value)
    assert SECRET not in str(refused.value)
    assert len(str(refused.value)) < 120


def test_unknown_keys_are_named_up_to_five() -> None:
    with pytest.raises(InvalidRequest) as refused:
        Request.from_dict({f"k{n}": n for n in range(100)})
    assert str(refused.value) == "unknown key in the request: `k0`, `k1`, `k10`, `k11`, `k12`"


def test_deep_values_are_carried_and_judged_elsewhere() -> None:
    request = Request.from_dict({"tool": "t", "args": {"x": nested(100_000)}})
    assert isinstance(request.args["x"], list)


@pytest.mark.parametrize("result", [None, 0, "", [], {"a": 1}, nested(70)])
def test_a_result_is_any_value_also_none(result: Any) -> None:
    assert Request.from_dict({"tool": "t", "result": result}).result == result
    assert Request.from_dict({"tool": "t"}).result is ABSENT


@pytest.mark.parametrize(
    "text",
    ["", "{", "nul", b"\xff\xfe", b'{"tool": "\xff"}', "[" * 100_000, '{"tool":"t","args":{"x":' + "[" * 100_000, '{"a":NaN}', "\ud800"],
    ids=range(9),
)  # fmt: skip
def test_what_is_not_json_is_refused(text: bytes | str) -> None:
    with pytest.raises(InvalidRequest, match="the request is not valid JSON"):
        Request.from_json(text)


@pytest.mark.parametrize("text", ["null", "[]", "5", '"tool"'])
def test_json_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="must be a mapping"):
        Request.from_json(text)


def test_json_numbers_stay_exact() -> None:
    request = Request.from_json(
        '{"tool": "t", "cost": 0.10, "confidence": 0.5, "args": {"x": 0.1, "n": 5, "b": 1e400}}'
    )
    assert request.args == {"x": Decimal("0.1"), "n": 5, "b": Decimal("1e400")}
    assert str(request.cost) == "0.10"
    assert request.confidence == 0.5


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0, "0"),
        (5, "5"),
        (0.1, "0.1"),
        (Decimal("0.020"), "0.020"),
        ("$1,000.00", "1000.00"),
        (" $0.02 ", "0.02"),
        ("1e3", "1E+3"),
        ("-0", "-0"),
        ("1" * 40, "1" * 40),
    ],
)
def test_money_is_read_exactly(value: Any, amount: str) -> None:
    assert str(money(value)) == amount


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "be a number"),
        (True, "be a number"),
        ("", "be a number"),
        ("$", "be a number"),
        ("$$5", "be a number"),
        ("five", "be a number"),
        ([5], "be a number"),
        ({}, "be a number"),
        (b"5", "be a number"),
        pytest.param(10**5000, "be a number", id="huge"),
        (float("nan"), "be a finite number"),
        (float("inf"), "be a finite number"),
        ("NaN", "be a finite number"),
        ("sNaN", "be a finite number"),
        (Decimal("-Infinity"), "be a finite number"),
        (-1, "not be negative"),
        ("$-0.01", "not be negative"),
        (Decimal("-1e-30"), "not be negative"),
        ("1" * 41, "have at most 40 digits"),
        ("1e50", "have at most 40 digits"),
        ("1e-50", "have at most 40 digits"),
        (Decimal("1e999999999"), "have at most 40 digits"),
    ],
)
def test_what_is_not_money_is_refused(value: Any, why: str) -> None:
    with pytest.raises(InvalidRequest, match=why) as refused:
        money(value)
    assert "five" not in str(refused.value)


def test_a_cost_that_is_none_says_nothing() -> None:
    assert Request.from_dict({"tool": "t", "cost": None}).cost is None


def test_a_tool_call_takes_a_mapping_names_or_both() -> None:
    given = {"a": 1}
    assert Request.tool_call("t").args == {}
    assert Request.tool_call("t", given).args is given
    assert Request.tool_call("t", given, b=2).args == {"a": 1, "b": 2}
    assert Request.tool_call("t", MappingProxyType(given)).args == {"a": 1}
    assert Request.tool_call("t", tool=5, args=6).args == {"tool": 5, "args": 6}
    assert given == {"a": 1}


@pytest.mark.parametrize("name", ["", None, 5, b"t", ["t"]])
def test_a_tool_call_needs_a_name(name: Any) -> None:
    with pytest.raises(InvalidRequest, match="the name of its tool"):
        Request.tool_call(name)


@pytest.mark.parametrize("args", [[], "a=1", 5, [("a", 1)]])
def test_arguments_are_a_mapping(args: Any) -> None:
    with pytest.raises(InvalidRequest, match="arguments of a tool call must be a mapping"):
        Request.tool_call("t", args)


def test_the_two_forms_say_the_same() -> None:
    data = {
        "tool": "t", "args": {"a": [1, "x", None]}, "agent": {"id": "a", "tags": ["x"], "team": "ops"}, "user": {"id": "u"},
        "session": {"id": "s", "labels": ["l"]}, "phase": "post", "cost": "0.5", "id": "c1", "tokens": {"input": 5},
        "resource": {"type": "table"}, "signals": {"risk": 1}, "permissions": ["p"], "approval": {"state": "pending"},
        "context": {"k": True}, "environment": "prod", "result": {"ok": True},
    }  # fmt: skip
    request = Request.from_dict(data)
    assert request == Request.from_json(json.dumps(data))
    assert (request.agent.tags, request.session.labels, request.tokens.input) == (("x",), ("l",), 5)
    with pytest.raises(AttributeError):
        request.tool = "u"  # type: ignore[misc]
