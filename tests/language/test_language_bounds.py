"""Where reading stops, and what is said of networks: bounds and hints that ordinary policies never meet."""

from __future__ import annotations

import pytest

from referee.errors import PolicyError
from referee.language.compile import Source, check, compile_policies
from referee.language.names import MAX_REPEATED, MAX_VALUES
from referee.model.source import Diagnostic


def policy(condition: str, lists: str = "") -> str:
    return f"version: 1\nid: p\n{lists}policies:\n  - id: r\n    action: deny\n    when:\n      {condition}\n"


def told(text: str) -> list[Diagnostic]:
    with pytest.raises(PolicyError) as refused:
        compile_policies((Source("p.yaml", text),))
    return list(refused.value.diagnostics)


@pytest.mark.parametrize(
    ("network", "help_"),
    [
        ("10.0.0.1/8", "write `10.0.0.0/8`"),
        (" 2001:db8::1/32 ", "write `2001:db8::/32`"),
        ("10.0.0.0/33", "write `10.0.0.0/8` or `2001:db8::/32`"),
        ("intranet", "write `10.0.0.0/8` or `2001:db8::/32`"),
    ],
)
def test_a_network_is_told_how_to_be_written(network: str, help_: str) -> None:
    (problem,) = told(policy(f'http.host: {{cidr: "{network}"}}'))
    assert (problem.code, problem.help) == ("operand-type", help_)
    assert "is not a network" in problem.message


def test_names_that_repeat_too_many_values_stop_the_reading() -> None:
    """A short text must not become a long program: each `$name` counts with all its values."""
    values = ", ".join(f"v{n}" for n in range(MAX_VALUES))
    times = MAX_REPEATED // MAX_VALUES
    rules = "".join(
        f"  - id: r{n}\n    action: deny\n    when: {{tool: $big}}\n" for n in range(times + 20)
    )  # fmt: skip
    text = f"version: 1\nid: p\nlists:\n  big: [{values}]\npolicies:\n{rules}"
    problems = told(text)
    assert [problem.code for problem in problems].count("too-many-aliases") == 1
    assert f"names repeat more than {MAX_REPEATED} values" in {problem.message for problem in problems}


def test_a_list_of_names_is_bounded_too() -> None:
    values = ", ".join(f"v{n}" for n in range(MAX_VALUES))
    problems = told(policy("tool: {in: [$big, one]}", f"lists:\n  big: [{values}]\n"))
    assert "too-many-aliases" in {problem.code for problem in problems}


@pytest.mark.parametrize("condition", ["result: {contains: x}", "result.status: failed"])
def test_a_result_is_not_read_before_the_action(condition: str) -> None:
    text = policy(condition).replace("    when:", "    phase: pre\n    when:")
    found = check((Source("p.yaml", text),)).diagnostics
    (problem,) = [problem for problem in found if problem.code == "conflicting-keys"]
    assert problem.message == "`result` is read, and there is none before the action"
    assert problem.span.line == 6
    later = check((Source("p.yaml", text.replace("phase: pre", "phase: post")),)).diagnostics
    assert "conflicting-keys" not in {problem.code for problem in later}
