"""Classes and regions of a file: what patterns fit, where they are lowered to, and what stays as it is."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from referee.language.compile import Source, check
from referee.language.format import format_text
from referee.language.schema import json_schema
from referee.model.programs import All, Any_, Condition, Not, Policies, Test

HEAD = "version: 1\ndefault: allow\n"


def compiled(text: str) -> Policies:
    checked = check([Source("p.yaml", HEAD + text)])
    assert checked.policies is not None, checked.diagnostics
    return checked.policies


def roots(condition: Condition) -> set[str]:
    if isinstance(condition, Test):
        return {condition.attribute.root}
    parts = [condition.part] if isinstance(condition, Not) else condition.parts
    return {root for part in parts for root in roots(part)}


def pattern_of(pattern: str) -> re.Pattern[str]:
    policies = compiled(
        f"classes: {{own: {pattern!r}}}\npolicies: [{{id: a, action: deny, message: m, when: {{file.classes: own}}}}]"
    )
    test = policies.rules[0].when
    assert isinstance(test, Test)
    assert isinstance(test.operand, tuple)
    return re.compile(str(test.operand[0]))


def fits(pattern: str, path: str) -> bool:
    """Say the same as the language, slowly: by all ways to cut a path."""
    parts, path = pattern.removeprefix("**/"), path.lower()
    below = parts.endswith(("/**", "/"))
    wanted = parts.removesuffix("**").strip("/").lower().split("/")
    given = path.strip("/").split("/")
    starts = [0] if pattern.startswith("/") else range(len(given))
    return any(_from(wanted, given[start:], below=below) for start in starts)


def _from(wanted: list[str], given: list[str], *, below: bool) -> bool:
    if not wanted:
        return bool(given) if below else not given
    if wanted[0] == "**":
        return any(_from(wanted[1:], given[skip:], below=below) for skip in range(len(given) + 1))
    return bool(given) and fnmatchcase(given[0], wanted[0]) and _from(wanted[1:], given[1:], below=below)


NAMES = st.sampled_from(["a", "b", "ab", "A.b", "x.py", "src", ".env"])
PIECES = st.sampled_from(["a", "b", "a?", "*.py", "s*", "**", "src", ".env", "A.*"])


@given(
    st.lists(PIECES, min_size=1, max_size=4).filter(lambda parts: not set(parts) <= {"**"} and parts[-1] != "**"),
    st.sampled_from(["", "/", "**/"]),
    st.sampled_from(["", "/", "/**"]),
    st.lists(NAMES, min_size=1, max_size=5),
)
def test_a_pattern_fits_what_its_components_say(parts: list[str], start: str, end: str, path: list[str]) -> None:
    pattern, whole = start + "/".join(parts) + end, "/" + "/".join(path)
    assert bool(pattern_of(pattern).search(whole)) == fits(pattern, whole), (pattern, whole)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{file.classes: own}", {"file.path"}),
        ("{file.classes: source}", {"file.classes"}),
        ("{file.classes: {exists: true}}", {"file.classes"}),
        ("{any: [{file.classes: source}, {args.a: 1}]}", {"file.classes", "args"}),
        ("{not: {file.classes: own}}", {"file.path"}),
        ("{not: {file.classes: docs}}", {"file.classes"}),
        ("{any: [{file.classes: own}, {tool: x}]}", {"file.path", "tool"}),
        ("{http.region: {ne: eu}}", {"http.host"}),
        ("{resource.region: elsewhere}", {"resource.region"}),
        ("{file.classes: {contains_all: [own, docs]}}", {"file.path", "file.classes"}),
    ],
)
def test_only_what_speaks_of_the_tables_is_lowered(when: str, expected: set[str]) -> None:
    policies = compiled(
        "classes: {own: [a/**]}\nregions: {eu: [eu.test]}\n"
        f"policies: [{{id: a, action: deny, message: m, when: {when}}}]\nlimits: [{{id: l, calls: 1, when: {when}}}]"
    )
    assert roots(policies.rules[0].when) == expected
    assert roots(policies.limits[0].when) == expected


def test_an_exception_is_lowered_in_unless_as_well() -> None:
    rule = compiled(
        "classes: {secret: {except: [x]}}\n"
        "policies: [{id: a, action: deny, message: m, when: {tool: t}, unless: {file.classes: secret}}]"
    ).rules[0]
    assert isinstance(rule.unless, All | Any_)
    assert roots(rule.unless) == {"file.classes", "file.path"}


def test_lists_stand_for_their_values_and_have_a_bound() -> None:
    named = (
        "lists: {mine: [a, b]}\nclasses: {own: $mine}\n"
        "policies: [{id: a, action: deny, message: m, when: {file.classes: own}}]"
    )
    assert len(compiled(named).rules[0].when.operand) == 2  # type: ignore[union-attr, arg-type]
    many = ", ".join(f"p{number}" for number in range(2001))
    checked = check([Source("p.yaml", f"{HEAD}classes: {{own: [{many}]}}\n")])
    assert [diagnostic.code for diagnostic in checked.diagnostics if diagnostic.level == "error"] == ["too-large"]


def test_the_schema_and_the_formatter_know_the_tables() -> None:
    text = HEAD + "regions:\n  eu: {countries: [DE], hosts: a.test}\nclasses:\n  own: {except: [b], patterns: a}\n"
    document = {
        "version": 1,
        "classes": {"own": ["a"], "secret": {"except": ["x"]}},
        "regions": {"eu": {"countries": ["DE"], "hosts": "a.test"}, "us": "b.test"},
        "policies": [{"action": "deny", "when": {"file.classes": "own"}}],
    }
    assert not list(Draft202012Validator(json_schema()).iter_errors(document))
    assert list(Draft202012Validator(json_schema()).iter_errors({"classes": {"own": {"pattern": ["a"]}}}))
    assert format_text(text) == (
        HEAD + "\nclasses:\n  own: {patterns: a, except: [b]}\n\nregions:\n  eu: {hosts: a.test, countries: [DE]}\n"
    )
