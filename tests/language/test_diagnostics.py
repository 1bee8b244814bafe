"""What people are told: full rendered text, JSON and SARIF; every code has an example that gives it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from referee.errors import PolicyError
from referee.language import lint
from referee.language.codes import CODES
from referee.language.compile import Source, check, compile_policies
from referee.language.render import render_text, to_json, to_sarif

CASES = re.findall(
    r"^=== (.*)\n((?:.*\n)*?)--- gives\n((?:.*\n)*?)(?=\n=== |\Z)",
    Path(__file__).with_name("rendered.txt").read_text("utf-8"),
    re.MULTILINE,
)
LINTS = {"shadowed", "unreachable", "always-true", "contradiction", "relaxes-approval", "no-message", "no-default"}


def test_all_cases_are_found():
    assert len(CASES) >= 40
    assert len({name for name, _, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("policy", "told"), [(policy, told) for _, policy, told in CASES], ids=[name for name, _, _ in CASES]
)
def test_rendered_text(policy, told):
    checked = check([Source("p.yaml", policy)])
    assert checked.policies is None
    assert render_text(checked.diagnostics) + "\n" == told


@pytest.mark.parametrize("code", sorted(CODES.keys() - LINTS))
def test_every_code_has_an_example_that_gives_it_alone(code):
    checked = check([Source("p.yaml", CODES[code].example)])
    assert [diagnostic.code for diagnostic in checked.diagnostics] == [code]
    assert checked.policies is None


@pytest.mark.parametrize("code", sorted(LINTS))
def test_every_lint_has_an_example_that_gives_it(code):
    checked = check([Source("p.yaml", CODES[code].example)])
    assert checked.diagnostics == ()
    assert checked.policies is not None
    assert code in {diagnostic.code for diagnostic in lint.lint(checked.policies, {"p.yaml": CODES[code].example})}


def test_codes_are_words_with_sentences():
    for code, known in CODES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert known.doc.endswith(".")


def test_messages_are_lower_case_sentences_without_type_names():
    for _, policy, _ in CASES:
        for diagnostic in check([Source("p.yaml", policy)]).diagnostics:
            assert diagnostic.message[0] == "`" or diagnostic.message[0].islower()
            assert not diagnostic.message.endswith(".")
            assert not re.search(r"\b(?:str|dict|NoneType|Scalar|Sequence|Mapping)\b", diagnostic.message)


def test_diagnostics_of_all_files_come_in_order_of_their_places():
    checked = check(
        [Source("b.yaml", "mod: x\nmode: y\n"), Source("a.yaml", "x: [\n"), Source("c.yaml", "z: 1\nb: 2\n")]
    )
    assert [str(d.span) for d in checked.diagnostics] == [
        "a.yaml:1:5",
        "b.yaml:1:1",
        "b.yaml:2:7",
        "c.yaml:1:1",
        "c.yaml:2:1",
    ]


def test_compile_raises_with_the_rendered_text():
    with pytest.raises(PolicyError) as caught:
        compile_policies([Source("p.yaml", "mode: watch\n")])
    assert str(caught.value) == render_text(caught.value.diagnostics)
    assert [d.code for d in caught.value.diagnostics] == ["unknown-value"]


def test_json_and_sarif_say_the_same():
    found = check([Source("dir\\p.yaml", "polices: []\nmode: watch\n")]).diagnostics
    data = to_json(found)
    assert json.loads(json.dumps(data)) == data
    assert data[0] == {
        "code": "unknown-key",
        "level": "error",
        "message": "a policy file has no key `polices`",
        "path": "dir\\p.yaml",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 8,
        "where": "$.polices",
        "help": "did you mean `policies`?",
        "excerpt": "polices: []",
    }
    run = to_sarif(found)["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["unknown-key", "unknown-value"]
    first = run["results"][0]
    assert first["level"] == "error"
    assert first["message"]["text"] == "a policy file has no key `polices` (did you mean `policies`?)"
    place = first["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "dir/p.yaml"},
        "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 8},
    }
    assert run["results"][1]["ruleIndex"] == 1


def test_a_secret_in_a_policy_is_told_only_as_its_line():
    found = check(
        [Source("p.yaml", "policies: [{id: a, when: {args.key: {regex: 'sk-1234('}}, action: log}]")]
    ).diagnostics
    assert len(found) == 1
    assert found[0].code == "bad-regex"
