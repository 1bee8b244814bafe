"""The published schema accepts what the parser accepts and refuses unknown words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from referee.language.compile import Source, check
from referee.language.document import read_document
from referee.language.nodes import Mapping, Node, Scalar, Sequence
from referee.language.scalars import value_of
from referee.language.schema import json_schema, schema_text
from referee.language.shapes import SHAPES
from referee.language.vocabulary import (
    ATTRIBUTE_ALIASES,
    ATTRIBUTES,
    COUNTER_DOCS,
    FILE_KEYS,
    LIMIT_KEYS,
    OPERATORS,
    RULE_KEYS,
)
from referee.model.programs import Exact

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(json_schema())


def plain(node: Node) -> Any:
    """Read a tree as an editor does."""
    if isinstance(node, Mapping):
        return {name: plain(value) for name, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    value = value_of(node)
    return float(value.text) if isinstance(value, Exact) else value


def read(text: str) -> Any:
    _, root = read_document("p.yaml", text)
    assert root is not None
    return plain(root)


def errors(text: str) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in VALIDATOR.iter_errors(read(text))]


def accepted_policies() -> Iterator[tuple[str, str]]:
    """Give every policy text of the conformance cases and the templates that compiles."""
    for path in sorted(ROOT.glob("src/referee/templates/*.yaml")):
        yield path.name, path.read_text()
    for path in sorted(ROOT.glob("spec/conformance/**/*.yaml")):
        _, root = read_document(path.name, path.read_text())
        waiting: list[Node] = [root] if root is not None else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, Mapping):
                for name, (_, value) in node.entries.items():
                    if name in {"policy", "text"} and isinstance(value, Scalar):
                        yield path.name, value.text
                    else:
                        waiting.append(value)
            elif isinstance(node, Sequence):
                waiting.extend(node.items)


def test_the_published_schema_is_current():
    published = resources.files("referee.language").joinpath("policy.schema.json").read_text()
    assert published == schema_text(), "write schema_text() to src/referee/language/policy.schema.json"


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(json.loads(schema_text()))


def test_what_the_parser_accepts_is_accepted():
    seen = 0
    for name, text in accepted_policies():
        if check([Source("p.yaml", text)]).policies is not None:
            seen += 1
            assert errors(text) == [], (name, text)
    assert seen >= 9


VALID = [
    "policies: []",
    "- {name: a, scanner: pii_detection, direction: input, action: block}",
    'version: "1.0"\nrules: [{name: a, type: rate_limit, max_calls: 5, window_seconds: 60, action: block}]',
    "budget: {max_spend: $5.00}\ntools: {allow: [a], block: b}\nnetwork: {block: [x.example]}\napproval: {require_for: [{tool: a}, {cost_gt: 1}]}",
    "max_cost_per_run: 1,000.00\nblock_pii: true\nrequire_approval: financial_actions",
    "default: {tool_call: allow}\non_failure: {store: require_approval}\ntimezone: Europe/Rome",
    "lists: {a: [x, 1]}\ngroups: {g: [t, 'u.*']}\ncatalog: {t: {sql: args.q, args: {q: string}}, u: {file: {path: args.p, access: write}}}",
    "limits: [{id: l, spend: 5, per: team, window: 1d, thresholds: [{at: 80%, action: alert}, {at: 4, action: deny}]}]",
    "- {action: deny, when: {all: [{tool: x}, {any: {args.a: 1, cost_today: {gt: $5}}}, {not: {text: {contains_pii: [ssn]}}}]}}",
    '- {action: deny, when: \'tool == "x"\', unless: {"args.to[0].name": {between: [1, 5]}, agent.tags: {contains: a, count: {gt: 3}}}}',
    "- {action: deny, when: {kind: [tool_call, message], args: {exists: true}, shell: {runs: [rm -rf]}, args.**: {scan: {scanner: pii, min_score: 0.9}}}}",
    "- {action: modify, when: {tool: x}, set: {args.a: {b: [1]}}, cap: {args.n: 5}, remove: [args.z]}",
    "- {action: redact, kinds: [email], fields: args.x, style: hash}",
    "- {action: label, add: [x], remove: y}",
    "- {action: require_approval, approvers: a, quorum: 2, timeout: 10m, on_timeout: terminate, expires: 2027-01-31}",
]


@pytest.mark.parametrize("text", VALID)
def test_valid_files_are_accepted_by_both(text):
    checked = check([Source("p.yaml", text)])
    assert checked.policies is not None, checked.diagnostics
    assert errors(text) == []


INVALID = [
    "polices: []",
    "policies: [{id: a, actoin: deny}]",
    "policies: [{id: a, action: refuse}]",
    "policies: [{id: a}]",
    "policies: [{action: deny, when: {args.a: {greater: 5}}}]",
    "policies: [{action: deny, when: {agnet: x}}]",
    "policies: [{action: deny, when: {kind: tool_cal}}]",
    "policies: [{action: deny, when: {}}]",
    "policies: [{action: deny, when: {all: []}}]",
    "policies: [{action: deny, when: {tool: {gt: 5}}}]",
    "policies: [{action: deny, when: {shell: rm}}]",
    "policies: [{action: deny, when: {args.a: {count: {more: 1}}}}]",
    "policies: [{action: deny, when: {args.a: {exists: yes}}}]",
    "policies: [{action: deny, scope: {team: x}}]",
    "policies: [{action: deny, severity: severe}]",
    "policies: [{action: label, add: x, on: everything}]",
    "limits: [{id: a}]",
    "limits: [{id: a, spend: 5, calls: 5}]",
    "limits: [{id: a, calls: 5, thresholds: [{at: 80%}]}]",
    "limits: [{id: a, calls: 5, window: often}]",
    "limits: [{id: a, calls: -5}]",
    "default: perhaps",
    "default: {tool_cal: deny}",
    "catalog: {t: {sqll: args.q}}",
    "catalog: {t: {args: {q: text}}}",
    "tools: {allowed: [a]}",
    "budget: {max: 5}",
    "version: 2",
    "invariants: []",
    "just text",
]


@pytest.mark.parametrize("text", INVALID)
def test_invalid_files_are_refused_by_both(text):
    assert check([Source("p.yaml", text)]).policies is None
    assert errors(text) != []


def test_every_word_of_the_vocabulary_is_in_the_schema():
    schema = json_schema()["$defs"]
    for name, keys in (("file", FILE_KEYS), ("rule", RULE_KEYS), ("limit", LIMIT_KEYS)):
        supported = {key for key, spec in keys.items() if spec.shape != "unsupported"}
        assert set(schema[name]["properties"]) == supported
        assert {spec.shape for spec in keys.values()} <= set(SHAPES)
    condition = schema["condition"]["anyOf"][0]["properties"]
    assert set(condition) >= {*ATTRIBUTES, *ATTRIBUTE_ALIASES, *COUNTER_DOCS, "all", "any", "not"}
    operators = {word for name, it in schema.items() if name.startswith("operators-") for word in it["properties"]}
    assert operators == set(OPERATORS)


def test_every_key_says_what_it_is_for():
    for name in ("file", "rule", "limit", "scope", "tool", "threshold"):
        assert all(spec["description"] for spec in json_schema()["$defs"][name]["properties"].values())
