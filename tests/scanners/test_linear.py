"""Patterns of policies: the same found with a database and without, in linear time, whatever the text."""

from __future__ import annotations

import random

import pytest

from referee.model.packs import Pattern
from referee.scanners.engine import Engine
from referee.scanners.joined import JoinedScanner
from referee.scanners.linear import LONGEST
from referee.scanners.matching import PatternScanner
from referee.scanners.protocol import Hit

FORMS = (
    Pattern(id="a", kind="number", pattern=r"\bAC-(?P<value>[0-9]{6})\b", keywords=("ac-",), examples=("x",), linear=True),
    Pattern(id="b", kind="word", pattern=r"(?i)ähnlich\w*", examples=("x",), linear=True),
    Pattern(id="c", kind="run", pattern=r"q[^z]*z", examples=("x",), linear=True),
    Pattern(id="d", kind="line", pattern=r"(?m)^to: .+$", examples=("x",), linear=True),
    Pattern(id="e", kind="card", pattern=r"[0-9]{16}", validator="luhn", examples=("x",), linear=True),
    Pattern(id="f", kind="pin", pattern=r"[0-9]{4}", context=("pin code",), examples=("x",), linear=True),
    Pattern(id="g", kind="maybe", pattern=r"k(?P<value>v)?", examples=("x",), linear=True),
    Pattern(id="h", kind="dot", pattern=r"(?s)b.e", examples=("x",), linear=True),
    Pattern(id="i", kind="kelvin", pattern=r"(?i)300k", examples=("x",), linear=True),
)  # fmt: skip
PIECES = (
    "AC-123456", "BAC-123456 ", "AC-1234567", "ähnlich", "ÄHNLICHES", "q", "z", "qz", "\nto: me\n", "to: you", "4111111111111111", "4111111111111112",
    "pin code 1234", " 1234 ", "k", "kv", "b\ne", "b中e", "300K", "300\u212a", " ", "\n", "é", "中", "\ud800", "x" * 70,
)  # fmt: skip


@pytest.fixture(scope="module")
def both() -> tuple[Engine, Engine]:
    pytest.importorskip("hyperscan")
    fast = Engine([("own", pattern) for pattern in FORMS])
    assert fast.make()
    return fast, Engine([("own", pattern) for pattern in FORMS])


def test_both_find_the_same(both):
    fast, slow = both
    dice = random.Random(17)
    kinds = set()
    for _ in range(1500):
        text = "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 9)))
        found = sorted(slow.scan("own", text))
        assert sorted(fast.scan("own", text)) == found, text
        kinds |= {hit.kind for hit in found}
    assert kinds == {pattern.kind for pattern in FORMS}


def test_both_find_the_same_in_long_texts(both):
    fast, slow = both
    dice = random.Random(5)
    text = "".join(dice.choice(PIECES) for _ in range(9_000)) + "q" + "x" * (2 * LONGEST) + "z AC-123456"
    found = sorted(slow.scan("own", text))
    assert sorted(fast.scan("own", text)) == found
    assert found[-1] == Hit(len(text) - 6, len(text), "number")
    assert all(hit.end - hit.start <= LONGEST for hit in found)


def test_what_is_found_is_the_group():
    scanner = PatternScanner.of("own", FORMS[:1])
    assert scanner.scan("an AC-123456!") == [Hit(6, 12, "number")]
    assert scanner.scan("BAC-123456") == []


def test_a_pattern_that_would_explode_elsewhere_does_not():
    evil = Pattern(id="x", kind="x", pattern="(a+)+b", examples=("ab",), linear=True)
    text = "a" * 30_000
    assert PatternScanner.of("own", (evil,)).scan(text) == []


def test_a_policy_adds_to_a_scanner_and_takes_nothing_away():
    class Plain:
        name = "own"

        def scan(self, text):
            return [Hit(0, 1, "other")]

    class Labelled(Plain):
        def scan_labelled(self, label, text):
            return [Hit(1, 2, label)]

    added = PatternScanner.of("own", FORMS[:1])
    assert JoinedScanner("own", Plain(), added).scan("AC-123456") == [Hit(0, 1, "other"), Hit(3, 9, "number")]
    assert JoinedScanner("own", Plain(), added).scan_labelled("l", "AC-123456") == [Hit(3, 9, "number")]
    assert JoinedScanner("own", Labelled(), added).scan_labelled("l", "none") == [Hit(1, 2, "l")]
    assert JoinedScanner("own", None, added).scan("none") == []
