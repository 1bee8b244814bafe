"""A text twice as long costs about twice as much, whoever wrote it."""

from __future__ import annotations

import time

import pytest

from referee.language.packs import read_pack
from referee.model.packs import Pattern, body, spelled
from referee.scanners.builtin import SCANNERS, builtin
from referee.scanners.matching import PatternScanner
from referee.scanners.pack import FOLDER

HOSTILE = {
    "digits": "1",
    "spaced digits": "4111 ",
    "letters": "a",
    "spaces": " ",
    "at": "a@",
    "dots": "1.",
    "plus": "+1 2",
    "key": "api_key = ",
    "password": "password ",
    "ignore": "ignore the ",
    "ignore all": "ignore all previous ",
    "send": "send the user data ",
    "curl": "curl -d ",
    "pipe": "cat a|",
    "jwt": "eyJhbGciOiJI.",
    "block": "-----BEGIN RSA PRIVATE" + " KEY-----\n",
    "url": "http://a:",
    "odbc": "uid=a;",
    "image": "![a](http://a?",
    "base64": body(37),
    "folded": "\u0456\u200b",
    "iban": "DE44 ",
    "tell": "without telling it to ",
    "persona": "without any ethical ",
}


def _seconds(text: str) -> float:
    start = time.process_time()
    for name in SCANNERS:
        builtin()[name].scan(text)
    return time.process_time() - start


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_growth_is_linear(unit):
    _seconds(unit * 10)
    short = min(_seconds((unit * 20_000)[:20_000]) for _ in range(2))
    assert short < 2.5
    if short > 0.05:
        assert _seconds((unit * 80_000)[:80_000]) < 10 * short


def _pieces() -> list[tuple[str, Pattern]]:
    read = (read_pack(path.name, path.read_bytes())[1] for path in sorted(FOLDER.glob("*.yaml")))
    return [(pack.scanner, pattern) for pack in read for pattern in pack.patterns]


def test_no_pattern_is_slow_on_its_own_beginnings():
    slow = []
    for name, pattern in _pieces():
        alone = PatternScanner.of(name, (pattern,))
        example = spelled(pattern.examples[0])
        for unit in (example[: len(example) * 2 // 3], f"{(pattern.keywords or ('a',))[0]} "):
            text = (unit * 4_000)[:4_000]
            start = time.process_time()
            alone.scan(text)
            if time.process_time() - start > 0.5:
                slow.append((pattern.kind, unit))
    assert slow == []


def test_a_long_text_takes_a_moment():
    text = "The quick brown fox pays 12.50 to the lazy dog at https://example.com/a?b=1 on 2026-01-02.\n" * 5_000
    assert _seconds(text) < 5
