"""Patterns of a policy: read, tried, put together, and formatted."""

from __future__ import annotations

import msgspec

from referee.engine.program import Program
from referee.language.attachments import attached
from referee.language.compile import Source, check, compile_policies
from referee.language.format import format_text
from referee.model.packs import Pattern
from referee.model.source import Attachment

ACME = "scanners: {acme: {patterns: [{id: a, kind: number, pattern: 'AC-[0-9]{6}', examples: [AC-123456]}]}}\n"
FILE = "- {id: b, kind: other, pattern: 'BC-[0-9]{6}', examples: [BC-123456]}\n"


def told(*sources: Source) -> list[str]:
    return [f"{d.span.path}:{d.span.line}:{d.span.column} {d.code}: {d.message}" for d in check(sources).diagnostics]


def test_patterns_are_part_of_the_policy_and_of_its_compiled_form():
    policies = compile_policies([Source("p.yaml", ACME)])
    pattern = Pattern(id="a", kind="number", pattern="AC-[0-9]{6}", examples=("AC-123456",), linear=True)
    assert policies.scanners == {"acme": (pattern,)}
    assert Program.loads(Program.build(policies).dumps()).scanners == {"acme": (pattern,)}
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(policies), type=type(policies)) == policies


def test_two_files_of_a_layer_add_to_one_scanner():
    more = Source("q.yaml", ACME.replace("id: a", "id: b").replace("number", "kind_b"))
    policies = compile_policies([Source("p.yaml", ACME), more])
    assert [pattern.id for pattern in policies.scanners["acme"]] == ["a", "b"]
    assert told(Source("p.yaml", ACME), Source("q.yaml", ACME)) == [
        "q.yaml:1:12 duplicate-id: another file has a pattern `a` of this scanner"
    ]


def test_files_of_patterns_are_named():
    text = "catalog: {from: t.json}\nscanners: {a: {from: [p.yaml, q.yaml]}, b: {kinds: [x]}, c: 1}\n"
    assert attached(text) == ("t.json", "p.yaml", "q.yaml")
    assert attached("[]") == ()


def test_a_file_of_patterns_may_be_a_list_or_a_mapping_and_is_not_shown_from_outside():
    text = "scanners: {acme: {from: [m.yaml]}}\n"
    for content in (FILE, "description: x\npatterns:\n  " + FILE):
        given = {"m.yaml": Attachment("m.yaml", content.encode())}
        assert [p.id for p in compile_policies([Source("p.yaml", text, 0, given)]).scanners["acme"]] == ["b"]
    wrong = {"m.yaml": Attachment("../m.yaml", b"secret: 1\n", outside=True)}
    found = check([Source("p.yaml", text, 0, wrong)]).diagnostics
    assert [(d.code, d.excerpt) for d in found] == [("missing-key", ""), ("unknown-key", "")]
    broken = {"m.yaml": Attachment("m.yaml", b"[")}
    assert told(Source("p.yaml", text, 0, broken))[0].startswith("m.yaml:1:2 syntax")
    gone = {"m.yaml": Attachment("m.yaml", problem="it is no file")}
    assert told(Source("p.yaml", text, 0, gone)) == [
        "p.yaml:1:26 missing-file: the file `m.yaml` cannot be read: it is no file"
    ]


def test_kinds_are_open_while_a_file_of_patterns_is_not_looked_at():
    rules = "policies: [{id: r, when: {text: {scan: {scanner: acme, kinds: any}}}, action: deny, message: no}, {id: s, action: redact, kinds: [what]}]\n"
    text = "scanners: {acme: {from: m.yaml}}\n" + rules
    assert told(Source("p.yaml", text, 0, None)) == []
    assert [line.split()[1] for line in told(Source("p.yaml", text))] == [
        "missing-file:",
        "unknown-kind:",
        "unknown-kind:",
    ]


def test_what_is_no_scanner_is_told():
    assert told(Source("p.yaml", "scanners: [a]\n"))[0].endswith(
        "expected a mapping from scanners to patterns, found a list"
    )
    assert told(Source("p.yaml", "scanners: {a: [b]}\n"))[0].startswith("p.yaml:1:15 wrong-type")
    assert told(Source("p.yaml", "scanners: {a: {kinds: [A-B]}}\n"))[0].startswith("p.yaml:1:24 unknown-value")
    many = ", ".join(f"{{id: a{n}, kind: k, pattern: x, examples: [x]}}" for n in range(2001))
    assert "too-large" in told(Source("p.yaml", f"scanners: {{a: {{patterns: [{many}]}}}}\n"))[0]


def test_an_example_needs_the_keyword_and_the_context():
    def one(more: str, example: str) -> list[str]:
        pattern = f"{{id: a, kind: k, pattern: '[0-9]{{4}}', {more}, examples: ['{example}']}}"
        return [
            line.split(" ", 1)[1] for line in told(Source("p.yaml", f"scanners: {{a: {{patterns: [{pattern}]}}}}\n"))
        ]

    assert one("keywords: [pin]", "pin 1234") == []
    assert one("keywords: [pin]", "code 1234") == ["bad-example: `code 1234` does not match the pattern"]
    assert one("context: ['pin code']", "pin-code 1234") == []
    assert one("context: [pin]", "spinning 1234") == ["bad-example: `spinning 1234` does not match the pattern"]
    assert one("validator: luhn, counterexamples: ['1234']", "1230") == []


def test_an_expression_is_one_for_both_engines():
    text = "scanners: {{a: {{patterns: [{{id: a, kind: k, pattern: '{}', examples: [a]}}]}}}}\n"
    for pattern in ("[[:alpha:]]", r"\pL", "(?<=a)b", "a**", r"(?P<x>a)\1"):
        assert [line.split()[1] for line in told(Source("p.yaml", text.format(pattern)))] == ["bad-regex:"], pattern


def test_format_keeps_the_order_of_keys():
    text = "version: 1\nscanners:\n  a:\n    patterns:\n      - pattern: x\n        examples: [x]\n        kind: k\n        id: a\n"
    assert format_text(text) == (
        "version: 1\n\nscanners:\n  a:\n    patterns:\n      - id: a\n        kind: k\n        pattern: x\n        examples: [x]\n"
    )
