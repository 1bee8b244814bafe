"""A wrong pack says what is wrong with it, and where."""

from __future__ import annotations

import pytest

from referee.language.packs import read_pack
from referee.model.packs import Pattern, spelled

GOOD = """scanner: secret
patterns:
  - id: acme-key
    kind: acme_key
    title: Acme key
    pattern: '(?<![a-z])acme_(?P<value>[a-z0-9]{8})'
    keywords: [acme_]
    validator: token
    context: acme
    score: 0.9
    regions: [us, eu, gdpr]
    references: [https://acme.example/keys]
    examples: ['acme_<<hex 8>>', $notalist]
    counterexamples: ['acme_<<>>x']
"""


def told(text: str) -> list[str]:
    problems, _ = read_pack("packs/acme.yaml", text)
    return [f"{d.span.line}:{d.span.column} {d.code}: {d.message}" for d in problems.found]


def test_a_good_pack_is_read():
    problems, pack = read_pack("packs/acme.yaml", GOOD)
    assert problems.found == []
    assert pack is not None
    assert (pack.name, pack.scanner) == ("acme", "secret")
    assert pack.patterns == (
        Pattern(
            id="acme-key",
            kind="acme_key",
            title="Acme key",
            pattern="(?<![a-z])acme_(?P<value>[a-z0-9]{8})",
            keywords=("acme_",),
            validator="token",
            context=("acme",),
            score=0.9,
            regions=("us", "eu", "gdpr"),
            references=("https://acme.example/keys",),
            examples=("acme_<<hex 8>>", "$notalist"),
            counterexamples=("acme_<<>>x",),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("scanner: secret", "scanner: secrt", "1:10 unknown-scanner: unknown scanner `secrt`"),
        ("scanner: secret", "scaner: secret", "1:1 unknown-key: a pack has no key `scaner`"),
        ("keywords:", "keyword:", "7:5 unknown-key: a pattern has no key `keyword`"),
        ("id: acme-key", "id: Acme", "3:9 unknown-value: `Acme` cannot be the id of a pattern"),
        ("kind: acme_key", "kind: acme-key", "4:11 unknown-value: `acme-key` cannot be the kind of a pattern"),
        ("[acme_]", "[Acme_]", "7:16 unknown-value: `Acme_` is not in lower case"),
        ("[acme_]", "['']", "7:16 unknown-value: `` is not in lower case"),
        ("context: acme", "context: {}", "9:14 wrong-type: expected text, found a mapping"),
        ("validator: token", "validator: tokn", "8:16 unknown-name: unknown validator `tokn`"),
        ("score: 0.9", "score: 2", "10:12 bad-number: a score is a number above 0, and at most 1"),
        ("score: 0.9", "score: high", "10:12 bad-number: a score is a number above 0, and at most 1"),
        ("us, eu", "usa, eu", "11:15 unknown-value: `usa` is no region"),
        ("{8})'", "{8}'", "6:14 bad-regex: `(?<![a-z])acme_(?P<value>[a-z0-9]{8}` is not a regular expression: missing ), unterminated subpattern at position 15"),
        ("    kind: acme_key\n", "", "3:5 missing-key: a pattern needs the key `kind`"),
        ("    examples: ['acme_<<hex 8>>', $notalist]\n", "", "3:5 missing-key: a pattern needs the key `examples`"),
    ],
)  # fmt: skip
def test_a_wrong_pack_says_where(old, new, expected):
    assert told(GOOD.replace(old, new, 1))[0] == expected


def test_a_pack_has_patterns_and_ids_are_given_once():
    twice = GOOD + GOOD[GOOD.index("  - id") :]
    assert told(twice) == ["15:9 duplicate-id: the id `acme-key` stands twice among the patterns"]
    assert told("scanner: secret\npatterns: []\n") == ["2:11 empty: the list must not be empty"]
    assert told("scanner: secret\n") == ["1:1 missing-key: a pack needs the key `patterns`"]
    assert told("patterns: [1]\n") == [
        "1:1 missing-key: a pack needs the key `scanner`",
    ]
    assert told("scanner: secret\npatterns: [1]\n") == ["2:12 wrong-type: expected a pattern, found text"]
    assert told("[") == ["1:2 syntax: a value is expected here"]


def test_an_example_is_spelled_so_that_no_key_stands_in_a_file():
    assert spelled("AK<<>>IA<<upper 4>>") == "AKIAQ2JP"[:4] + spelled("<<upper 4>>")
    assert len(spelled("<<body 40>>")) == 40
    assert spelled("<<token>> a << b >>") == "<<token>> a << b >>"
