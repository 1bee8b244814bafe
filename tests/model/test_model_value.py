"""Paths, places and small values: what reads as a path, what a walk meets, how a span is written."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from referee.model.facts import Command, ShellFacet
from referee.model.programs import Exact, Limit, Rule
from referee.model.source import Diagnostic, Span
from referee.model.value import MAX_DEPTH, MAX_LEAVES, TooBig, parse_path, reach, show_path, strings


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b-c.d e", ("a", "b-c", "d e")),
        ("to[0].name", ("to", 0, "name")),
        ("[0]", (0,)),
        ("[0][12]", (0, 12)),
        ("a[*].b", ("a", "*", "b")),
        ("a.*", ("a", "*")),
        ("*", ("*",)),
        ("**", ("**",)),
        ("a.**", ("a", "**")),
        ("é.漢", ("é", "漢")),
        ("a.0", ("a", "0")),
        ("", None),
        (".a", None),
        ("a.", None),
        ("a..b", None),
        ("[a]", None),
        ("a[-1]", None),
        ("a[1", None),
        ("a]", None),
        ("[0]b", None),
        ("a[1234567890]", None),
        ("**.a", None),
        ("a.**.b", None),
    ],
)
def test_paths_are_read_or_refused(text: str, path: tuple[str | int, ...] | None) -> None:
    assert parse_path(text) == path
    if path is not None:
        shown = show_path("args", path)
        assert parse_path(shown) == ("args", *path)


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": None}, ("a",), [None]),
        ({"a": 1}, ("b",), []),
        ({"a": 1}, ("a", "b"), []),
        ({"a": "text"}, ("a", 0), []),
        ({"a": [1, 2]}, ("a", 1), [2]),
        ({"a": (1, 2)}, ("a", 2), []),
        ({"a": [1]}, ("a", "0"), []),
        (MappingProxyType({"a": MappingProxyType({"b": 1})}), ("a", "b"), [1]),
        ({"a": {"x": 1, "y": 2}}, ("a", "*"), [1, 2]),
        ({"a": "text"}, ("a", "*"), []),
        ([[1, 2], [3], 4], ("*", 0), [1, 3]),
        ([[1, 2], [3], 4], ("*", "*"), [1, 2, 3]),
        ({"a": ["x", {"k": ["y", 5, None]}]}, ("**",), ["a", "x", "k", "y"]),
        ({"a": ["x"]}, ("a", "**"), ["x"]),
        ({"a": ["x"]}, ("b", "**"), []),
        ("x", ("**",), ["x"]),
        ("x", (), ["x"]),
    ],
)
def test_a_walk_meets_what_is_there(value: Any, path: tuple[str | int, ...], found: list[Any]) -> None:
    assert list(reach(value, path)) == found


def test_strings_are_found_at_every_depth_up_to_the_bound() -> None:
    value: Any = "deep"
    for _ in range(MAX_DEPTH):
        value = [value]
    assert [text for _, text, _ in strings(value, "args")] == ["deep"]
    with pytest.raises(TooBig):
        list(strings([value], "args"))


def test_more_leaves_than_the_bound_are_never_left_out_silently() -> None:
    assert len(list(strings(["x"] * (MAX_LEAVES - 1), "args"))) == MAX_LEAVES - 1
    with pytest.raises(TooBig):
        list(strings(["x"] * MAX_LEAVES, "args"))


def test_a_value_that_holds_itself_is_too_big() -> None:
    loop: list[Any] = ["x"]
    loop += [loop, loop]
    with pytest.raises(TooBig):
        list(strings(loop, "args"))


def test_keys_that_are_no_text_are_read_as_text() -> None:
    assert list(strings({5: "a", None: "b"}, "")) == [
        ("5", "5", True),
        ("5", "a", False),
        ("None", "None", True),
        ("None", "b", False),
    ]


def test_places_and_names_are_written_in_full() -> None:
    span = Span("p.yaml", 3, 7, 3, 9)
    problem = Diagnostic(code="unknown-key", message="no such key", span=span)
    assert str(problem.span) == "p.yaml:3:7"
    assert (problem.level, problem.where, problem.help) == ("error", "$", None)
    assert Rule(id="r", file="f", source="s", action="deny").full == "f/r"
    assert Limit(id="l", file="f", source="s", measure="calls", cap=Exact("5")).full == "f/l"


@pytest.mark.parametrize(
    ("words", "missing", "programs", "complete", "resolved"),
    [
        (("/bin/rm", "-rf"), (), ("rm",), True, True),
        (("rm", None), ("word: $x",), ("rm",), True, False),
        ((None,), (), (None,), False, True),
        ((), (), (None,), False, True),
        (("rm",), ("effect: eval",), ("rm",), False, False),
    ],
)
def test_a_shell_text_is_as_known_as_its_parts(
    words: tuple[str | None, ...],
    missing: tuple[str, ...],
    programs: tuple[str | None, ...],
    complete: bool,
    resolved: bool,
) -> None:
    shell = ShellFacet(commands=(Command(words),), missing=missing)
    assert (shell.programs, shell.complete, shell.resolved) == (programs, complete, resolved)
