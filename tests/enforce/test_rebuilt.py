"""A value that something was removed from is of the type it was, or refused."""

from __future__ import annotations

import dataclasses
import enum
from decimal import Decimal
from types import MappingProxyType

import pytest

from referee.enforce.plain import plain
from referee.enforce.rebuilt import rebuilt


def changed(value):
    if isinstance(value, dict):
        return {str(changed(key)): changed(member) for key, member in value.items()}
    if isinstance(value, list):
        return [changed(member) for member in value]
    return value.replace("raw", "[x]") if isinstance(value, str) else type(value)(0) if value == 4111 else value


def carried(value):
    view = plain(value)
    return rebuilt(value, view, changed(view))


@dataclasses.dataclass(frozen=True, slots=True)
class Slotted:
    a: str
    b: tuple = ()


@dataclasses.dataclass
class Counted:
    a: str
    made: int = dataclasses.field(default=7, init=False)


class Model:
    model_fields = ("a",)

    def __init__(self, a):
        self.a = a

    def __eq__(self, other):
        return type(self) is type(other) and self.a == other.a

    __hash__ = None

    def model_copy(self, update):
        return Model(**update)


class Attrs:
    __attrs_attrs__ = ()

    def __init__(self, a):
        self.a = a


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Slotted("raw", ("raw", 1)), Slotted("[x]", ("[x]", 1))),
        (Counted("raw"), Counted("[x]")),
        (Model("raw"), Model("[x]")),
        (MappingProxyType({"raw": 1, "b": "raw"}), MappingProxyType({"[x]": 1, "b": "[x]"})),
        ({1: "raw", "raw": (b"raw",)}, {1: "[x]", "[x]": (b"[x]",)}),
        (Decimal(4111), Decimal(0)),
        ([4111, True, None, 1.5], [0, True, None, 1.5]),
        (memoryview(b"raw"), b"[x]"),
    ],
)
def test_types_stay(value, expected):
    assert carried(value) == expected
    assert type(carried(value)) is type(expected)


def test_what_did_not_change_is_the_very_object():
    kept = Slotted("a")
    value = {"kept": kept, "more": ["raw"]}
    assert carried(value)["kept"] is kept
    assert carried(kept) is kept
    assert value == {"kept": kept, "more": ["raw"]}
    assert carried(Attrs("raw")).a == "[x]"


class Word(str):
    __slots__ = ()

    def __new__(cls, text):
        if "[" in text:
            raise TypeError
        return super().__new__(cls, text)


class Kind(enum.Enum):
    RAW = "raw"


class Listed(list):
    pass


class Opaque:
    def __str__(self):
        return "raw"


@pytest.mark.parametrize("value", [Word("raw"), Kind.RAW, Listed(["raw"]), Opaque(), [Opaque()], b"\xffraw"])
def test_what_cannot_carry_a_change_is_an_error(value):
    with pytest.raises(ValueError, match="cannot carry"):
        carried(value)


def test_a_shape_that_does_not_fit_is_an_error():
    for value, view, decided in (
        (Slotted("a"), {"a": "a", "b": []}, {"a": "x"}),
        ({"a": 1}, {"a": 1}, [1]),
        ([1], [1], [1, 2]),
        ((1,), [1], {"a": 1}),
    ):
        with pytest.raises(ValueError, match="carry"):
            rebuilt(value, view, decided)


def test_keys_that_were_added_or_left_out_are_so():
    assert rebuilt({"a": ("b",), "c": 1}, {"a": ["b"], "c": 1}, {"a": ["x"], "d": 2}) == {"a": ("x",), "d": 2}
    assert rebuilt({"a": 1, "b": 2}, {"a": 1, "b": 2}, {"b": 3}) == {"b": 3}
