"""What is JSON inside of a text is JSON after a removal, whatever was removed."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from referee.model.facts import Finding
from referee.model.names import STYLES
from referee.scanners.inner_json import Cursor, unescaped_places
from referee.scanners.redact import redact

SALT = b"0123456789abcdef"
CARD = 4111111111111111


def cut(text, *needles, style="placeholder"):
    findings = []
    for needle, kind in needles:
        at = text.index(needle)
        findings.append(Finding("pii", kind, "args", at, at + len(needle)))
    return redact(text, findings, style, salt=SALT)[0]


@pytest.mark.parametrize("style", STYLES)
def test_numbers_and_strings_of_json_in_a_text(style):
    text = json.dumps({"card": CARD, "to": 'x "a@b.io" \n', "rest": [1, True, None, 2.5]})
    changed = json.loads(cut(text, (str(CARD), "credit_card"), ("a@b.io", "email"), style=style))
    assert changed["rest"] == [1, True, None, 2.5]
    assert isinstance(changed["card"], int)
    assert changed["card"] != CARD
    assert changed["to"].startswith('x "')
    assert changed["to"].endswith('" \n')
    assert "a@b.io" not in changed["to"]


def test_json_in_strings_of_json_at_any_depth():
    text = json.dumps({"card": CARD, "to": "\u00e9 a@b.io"})
    for _ in range(3):
        text = json.dumps({"body": text, "more": "c@d.io"})
    changed = cut(text, (str(CARD), "credit_card"), ("a@b.io", "email"), ("c@d.io", "email"))
    for _ in range(3):
        outer = json.loads(changed)
        changed = outer["body"]
    assert json.loads(changed) == {"card": 0, "to": "\u00e9 [REDACTED:email]"}
    assert outer["more"] in ("[REDACTED:email]", "c@d.io")


def test_an_escape_sequence_is_never_cut():
    text = r'{"k": "a\u00e9\\\"b\ud83d\ude00c"}'
    assert json.loads(text)
    for start in range(7, len(text) - 2):
        for end in range(start + 1, len(text) - 1):
            for style in ("placeholder", "remove"):
                found = [Finding("secret", "x", "args", start, end)]
                assert isinstance(json.loads(redact(text, found, style)[0])["k"], str)


def test_a_finding_over_several_tokens_leaves_the_punctuation():
    text = '{"user": "bob", "password": "hunter2", "n": 1}'
    changed = cut(text, ('"password": "hunter2"', "password"))
    assert json.loads(changed) == {"user": "bob", "[REDACTED:password]": "[REDACTED:password]", "n": 1}
    assert json.loads(cut(text, (': "hunter2", "n": 1', "password"))) == {
        "user": "bob",
        "password": "[REDACTED:password]",
        "[REDACTED:password]": 0,
    }


@pytest.mark.parametrize(
    "text",
    [
        f"[see] {CARD}",
        f"card {CARD}",
        f"{{'card': {CARD}}}",
        f"[2024-01-05] {CARD}",
        f'{{"a": 1}} and {CARD}',
        f"[1 {CARD}]",
    ],
)
def test_what_is_not_json_is_text(text):
    assert "[REDACTED:credit_card]" in cut(text, (str(CARD), "credit_card"))


def test_lines_of_json_stay_lines_of_json():
    text = f'{{"a": {CARD}}}\n{{"a": "x@y.io"}}\n'
    lines = [json.loads(line) for line in cut(text, (str(CARD), "credit_card"), ("x@y.io", "email")).splitlines()]
    assert lines == [{"a": 0}, {"a": "[REDACTED:email]"}]


LEAVES = st.one_of(
    st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=12), st.booleans(), st.none()
)
VALUES = st.recursive(
    LEAVES,
    lambda v: st.one_of(st.lists(v, max_size=4), st.dictionaries(st.text(max_size=6), v, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.lists(VALUES), st.dictionaries(st.text(max_size=6), VALUES)),
    st.data(),
    st.sampled_from(STYLES),
    st.booleans(),
)
def test_json_stays_json_wherever_it_is_cut(value, data, style, plain):
    text = json.dumps(value, ensure_ascii=plain)
    places = [at for at, character in enumerate(text) if character not in '{}[],: "' and text[at - 1 : at] != "\\"]
    findings = []
    for _ in range(data.draw(st.integers(1, 3)) if places else 0):
        start = data.draw(st.sampled_from(places))
        end = data.draw(st.integers(start + 1, min(len(text), start + 30)))
        findings.append(Finding("pii", "x", "args", start, end))
    assert type(json.loads(redact(text, findings, style, salt=SALT)[0])) is type(value)


@given(st.text(alphabet='ab\\"\n\u00e9\U0001f600', max_size=12), st.booleans())
@example("\U0001f600", True)
def test_every_character_has_its_place(text, ascii_only):
    content = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
    places = unescaped_places(content)
    assert len(places) == len(text) + 1
    for at, character in enumerate(text):
        assert json.loads(f'"{content[places[at] : places[at + 1]]}"') == character


@pytest.mark.parametrize(
    "text",
    ['["' + "\\" * 200_000, "[" * 200_000, '{"a": "' + "x" * 200_000, '["a"' * 50_000, '["' + "\\u00e9" * 60_000],
)
def test_reading_takes_linear_time(text):
    began = time.perf_counter()
    spans = [Finding("pii", "x", "args", at, at + 4) for at in range(10, len(text) - 10, 20)]
    redact(text, spans, "placeholder")
    assert time.perf_counter() - began < 5


def test_a_cursor_goes_on_after_its_text_was_shortened():
    text = f'{{"aaaa": "bbbb", "card": {CARD}}}'
    cursor = Cursor()
    cursor.advance(text, 12)
    dropped = cursor.at
    cursor.shift(dropped)
    rest = text[dropped:]
    at = rest.index(str(CARD))
    assert [(p.sort, rest[p.start : p.end]) for p in cursor.pieces(rest, at, at + 16)] == [("number", str(CARD))]
