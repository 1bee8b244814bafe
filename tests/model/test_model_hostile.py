"""Requests made by code that misbehaves: what is refused at the border, and that nothing of it is quoted."""

from __future__ import annotations

from typing import Any

import pytest

from referee.errors import InvalidRequest
from referee.model.request import Request


class Name(str):
    """A text of a derived class."""

    __slots__ = ()


@pytest.mark.parametrize(
    "args", [{b"k": "hunter2"}, {("hunter2",): 1}, {None: "hunter2"}, {frozenset({"hunter2"}): 1}], ids=range(4)
)
def test_keys_that_are_no_text_are_refused_without_being_quoted(args: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        Request.from_dict({"tool": "t", "args": args})
    assert "hunter2" not in str(refused.value)


def test_values_that_json_does_not_have_are_carried_as_they_are() -> None:
    values = {"b": b"x", "s": {1, 2}, "o": object(), "n": Name("x"), "c": 1j}
    assert Request.from_dict({"tool": "t", "args": values}).args == values
    assert Request.from_dict({"tool": Name("t")}).tool == "t"
