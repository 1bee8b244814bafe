"""Redaction takes out what was found, keeps the rest, and gives nothing back."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referee.model.decision import Redaction
from referee.model.facts import Finding
from referee.model.names import STYLES
from referee.model.packs import body
from referee.model.value import strings
from referee.scanners.builtin import builtin
from referee.scanners.pseudonyms import Vault
from referee.scanners.redact import Marked, Span, merge, redact, redact_marked
from referee.scanners.styles import Writer

SALT = b"0123456789abcdef"
RAW = [
    "4111 1111 1111 1111",
    "123-45-6789",
    "ada.lovelace@acme.io",
    "(415) 555-2671",
    "DE44 5001 0517 5407 3249 31",
    "ghp_" + body(36),
    "AKIA" + "QZ7WX2KD5RM4NJ6T",
]
WORDS = st.sampled_from(["hello", "pay", "to", "the", "client", "\u00e9t\u00e9", "\u4f60\u597d", "x,", "y."])
LEAVES = st.lists(st.one_of(WORDS, st.sampled_from(RAW)), min_size=1, max_size=6).map(" ".join)
VALUES = st.recursive(
    st.one_of(LEAVES, st.integers(0, 9), st.booleans(), st.none()),
    lambda below: st.one_of(
        st.lists(below, max_size=3), st.dictionaries(st.one_of(WORDS, st.sampled_from(RAW)), below, max_size=3)
    ),
    max_leaves=8,
)


def find(value, root="args"):
    return [f for name in ("pii", "secret") for f in _scan(name, value, root)]


def _scan(name, value, root):
    from referee.scanners.protocol import scan_strings

    return scan_strings(builtin()[name], strings(value, root))


def shape(value):
    if isinstance(value, dict):
        return [shape(member) for member in value.values()]
    if isinstance(value, list):
        return ["list", *(shape(member) for member in value)]
    return type(value).__name__


@settings(max_examples=120, deadline=None)
@given(VALUES, st.sampled_from(STYLES))
def test_what_is_redacted_is_gone_and_the_rest_stays(value, style):
    before = json.dumps(value)
    found = find(value)
    vault = Vault(SALT)
    marked = [Marked(finding, style) for finding in found]
    changed, done = redact_marked(value, marked, Writer(SALT, vault))
    assert json.dumps(value) == before
    assert shape(changed) == shape(value)
    text = json.dumps(changed, ensure_ascii=False)
    assert [raw for raw in RAW if raw in text] == []
    assert sum(entry.count for entry in done) <= len(found)
    assert bool(done) == bool(found)
    held = {(path, key): text for path, text, key in strings(changed, "args")}
    assert [f for f in find(changed) if not vault.knows(held[f.path, f.key], f.start, f.end)] == []


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("placeholder", "mail [REDACTED:email] now"),
        ("mask", "mail a***@***.io now"),
        ("last_four", "mail ******************************** now"),
        ("remove", "mail  now"),
    ],
)
def test_styles(style, expected):
    text = "mail ada.lovelace@acme.io now"
    changed, done = redact({"a": [text]}, find({"a": [text]}), style)
    assert changed == {"a": [expected]}
    assert done == [Redaction("args.a[0]", "email", 1)]


def test_a_card_keeps_its_last_digits_and_a_key_keeps_nothing():
    value = ["4111 1111 1111 1111", "ghp_" + body(36)]
    for style in ("mask", "last_four"):
        changed, _ = redact(value, find(value), style)
        assert changed == ["*" * 12 + "1111", "*" * 64]


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("credit_card", "5555-5555-5555-4444", "4444"),
        ("iban", "DE44 5001 0517 5407 3249 31", "4931"),
        ("phone_number", "+1 (415) 555-2671", "2671"),
        ("bank_account", "1234567890", "7890"),
        ("bank_account", "12345678", ""),
        ("ssn", "123-45-6789", ""),
        ("password", "correct horse 1234", ""),
        ("credit_card", "NDExMTExMTExMTExMTExMQ==", ""),
        ("private_key", "-----BEGIN PRIVATE KEY-----", ""),
    ],
)
def test_last_four_keeps_four_characters_only_of_kinds_where_they_give_nothing_back(kind, text, kept):
    written = Writer().text("last_four", kind, text)
    assert written.strip("*") == kept
    assert len(written) in {4, 8, 16, 32, 64}


@pytest.mark.parametrize("style", ["hash", "pseudonym"])
def test_keyed_styles_are_stable_for_a_salt_and_differ_between_salts(style):
    value = ["a@acme.io and a@acme.io", "b@acme.io"]
    (first, second), _ = redact(value, find(value), style, salt=SALT)
    left, right = first.split(" and ")
    assert left == right != second
    assert redact(value, find(value), style, salt=SALT)[0] == [first, second]
    assert redact(value, find(value), style, salt=b"other")[0][1] != second
    assert redact(value, find(value), style)[0] == redact(value, find(value), style)[0] != [first, second]


def test_overlapping_findings_are_one_of_the_longest_kind():
    spans = [
        Finding("a", "x", "args", 2, 6, 0.5),
        Finding("b", "y", "args", 4, 9, 0.9),
        Finding("b", "z", "args", 9, 10),
    ]
    marked = [Marked(spans[0], "mask"), Marked(spans[1], "placeholder"), Marked(spans[2], "hash")]
    assert merge(marked, 20) == [Span(2, 9, "y", "placeholder"), Span(9, 10, "z", "hash")]
    nested = [
        Marked(Finding("a", "in", "args", 3, 4, 1.0), "remove"),
        Marked(Finding("a", "out", "args", 0, 9, 0.5), "mask"),
    ]
    assert merge(nested, 20) == [Span(0, 9, "out", "remove")]
    assert redact("0123456789ab", spans, "placeholder") == (
        "01[REDACTED:y][REDACTED:z]ab",
        [Redaction("args", "y", 1), Redaction("args", "z", 1)],
    )


def test_keys_are_redacted_without_losing_entries():
    value = {"a@acme.io": 1, "b@acme.io": {"x": "c@acme.io"}, "n": 2}
    changed, done = redact(value, find(value), "placeholder")
    assert changed == {"[REDACTED:email]": 1, "[REDACTED:email]_2": {"x": "[REDACTED:email]"}, "n": 2}
    assert sum(entry.count for entry in done) == 3


def test_two_places_with_one_name_are_both_redacted():
    value = {"a.b": "a@acme.io", "a": {"b": "to bob.stone@acme.io"}}
    changed, _ = redact(value, find(value), "remove")
    assert "acme.io" not in json.dumps(changed)
    assert list(changed) == ["a.b", "a"]


def test_tuples_stay_tuples():
    assert redact(("a@acme.io", 1), find(("a@acme.io", 1)), "remove")[0] == ("", 1)


CARD = Finding("pii", "credit_card", "args.n", 0, 16)


@pytest.mark.parametrize("number", [4111111111111111, 4111111111111111.0, Decimal(4111111111111111)])
@pytest.mark.parametrize("style", STYLES)
def test_numbers_stay_numbers(number, style):
    changed, done = redact({"n": number}, [CARD], style, salt=SALT)
    assert type(changed["n"]) is type(number)
    assert "411111111111" not in str(changed)
    assert done == [Redaction("args.n", "credit_card", 1)]
    if style in ("placeholder", "mask", "remove"):
        assert changed["n"] == 0
    elif style == "last_four":
        assert changed["n"] == 1111
    else:
        assert changed == redact({"n": number}, [CARD], style, salt=SALT)[0]
        assert len(str(int(changed["n"]))) == 12


def test_a_number_that_may_not_keep_four_digits_is_zero():
    ssn = Finding("pii", "ssn", "args", 0, 9)
    assert redact(123456789, [ssn], "last_four") == (0, [Redaction("args", "ssn", 1)])
    assert redact(10**5000, [ssn], "hash", salt=SALT)[0] >= 10**11


def test_a_finding_elsewhere_in_the_request_is_left_alone():
    findings = [Finding("pii", "email", "result.to", 0, 9), Finding("pii", "email", "argsx", 0, 9)]
    assert redact({"to": "a@acme.io"}, findings, "placeholder") == ({"to": "a@acme.io"}, [])


@pytest.mark.parametrize("value", [{"other": "x"}, {"to": True}, {"to": None}, {"to": ["a@acme.io"]}, 7])
def test_what_cannot_be_redacted_is_an_error(value):
    with pytest.raises(ValueError, match="not where it was found"):
        redact(value, [Finding("pii", "email", "args.to", 0, 9)], "placeholder")


def test_an_unknown_style_is_an_error():
    with pytest.raises(KeyError):
        redact("a@acme.io", [], "rot13")
