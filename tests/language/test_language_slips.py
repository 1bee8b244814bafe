"""Slips in expressions around words whose place the parser does not keep."""

from __future__ import annotations

import pytest

from referee.language.cel import CelProblem, parse_cel


@pytest.mark.parametrize(
    ("text", "word", "at"),
    [("1false", "false", 1), ("'x'true", "true", 3), ("tool true", "true", 5), ("(args.n null", "null", 8), (".true", "true", 1)],
)  # fmt: skip
def test_a_word_that_does_not_fit_is_found(text: str, word: str, at: int) -> None:
    problem = parse_cel(text)
    assert isinstance(problem, CelProblem)
    assert f"`{word}` is not expected here" in repr(problem)
    assert problem.offset == at
