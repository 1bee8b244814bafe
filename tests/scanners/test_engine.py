"""A database of all patterns finds what the search for keywords finds, whatever the text is."""

from __future__ import annotations

import random
import re
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referee.language.packs import read_pack
from referee.model.packs import Pattern, spelled
from referee.scanners.builtin import SCANNERS, engine
from referee.scanners.database import make, name_of
from referee.scanners.engine import Engine, Keywords
from referee.scanners.pack import FOLDER
from referee.scanners.rules import OVERLAP, Rule
from referee.scanners.sharing import once, shared
from referee.scanners.superset import narrow, superset

PATTERNS = [p for path in sorted(FOLDER.glob("*.yaml")) for p in read_pack(path.name, path.read_bytes())[1].patterns]
EXAMPLES = [spelled(text) for pattern in PATTERNS for text in (*pattern.examples, *pattern.counterexamples)]
SEPARATORS = (" ", "\n", "", "é", "中文", "ignore ", "1 2 3 ", "\U0001f600", '"', "_")
DEV = Path("/work/shared/evaluation/dev")


class Held:
    """A shelf in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def write(self, name: str, data: bytes) -> None:
        self.kept[name] = data


@pytest.fixture(scope="module")
def shelf() -> Held:
    return Held()


@pytest.fixture(scope="module")
def fast(shelf) -> Engine:
    pytest.importorskip("hyperscan")
    made = Engine([(rule.scanner, rule.pattern) for rule in engine().rules])
    assert made.make(shelf)
    return made


@pytest.fixture(scope="module")
def slow() -> Engine:
    made = Engine([(rule.scanner, rule.pattern) for rule in engine().rules])
    made.finder = Keywords(made.rules, 1 << 40)
    return made


@pytest.fixture(scope="module")
def sieved() -> Engine:
    made = Engine([(rule.scanner, rule.pattern) for rule in engine().rules])
    made.finder = Keywords(made.rules, 0)
    return made


def found(of: Engine, text: str) -> list[object]:
    with shared({}):
        return [sorted(of.scan(scanner, text)) for scanner in SCANNERS]


def test_sieves_let_everything_through(sieved, slow):
    assert [text for text in EXAMPLES if found(sieved, text) != found(slow, text)] == []
    dice = random.Random(19)
    for _ in range(200):
        text = "".join(dice.choice((*EXAMPLES, *SEPARATORS)) for _ in range(dice.randint(1, 7)))
        assert found(sieved, text) == found(slow, text), text


def test_examples_alone(fast, slow):
    assert [text for text in EXAMPLES if found(fast, text) != found(slow, text)] == []


def test_examples_in_company(fast, slow):
    dice = random.Random(7)
    texts = ["".join(dice.choice((*EXAMPLES, *SEPARATORS)) for _ in range(dice.randint(1, 7))) for _ in range(400)]
    assert [text for text in texts if found(fast, text) != found(slow, text)] == []
    assert sum(len(hits) for text in texts for hits in found(fast, text)) > 400


def test_examples_that_were_damaged(fast, slow):
    dice = random.Random(11)
    for _ in range(1500):
        text = dice.choice(EXAMPLES)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(text) + 1)
            text = (
                text[:at]
                + dice.choice(("", "a", "Z", "0", "-", "\n", " ", "é", "中", '"'))
                + text[at + dice.randint(0, 1) :]
            )
        assert found(fast, text) == found(slow, text), text


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=200), st.sampled_from(EXAMPLES), st.text(max_size=80))
def test_examples_among_anything(fast, slow, before, example, after):
    text = before + example + after
    assert found(fast, text) == found(slow, text)


def test_a_long_text(fast, slow):
    dice = random.Random(3)
    text = "".join(dice.choice(EXAMPLES) + dice.choice(SEPARATORS) for _ in range(2500))
    assert len(text) > 4 * OVERLAP
    assert found(fast, text) == found(slow, text)


@pytest.mark.skipif(not DEV.is_dir(), reason="the development data is not here")
def test_texts_of_others(fast, slow):
    files = sorted(path for path in DEV.rglob("*") if path.suffix in {".json", ".jsonl", ".txt", ".csv"})
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")[:40_000]
        assert found(fast, text) == found(slow, text), path


def test_a_superset_matches_wherever_its_pattern_does():
    for pattern in PATTERNS:
        made = superset(pattern.pattern)
        assert made is not None, pattern.id
        expressions = [re.compile(one.replace(r"\z", r"\Z").encode("latin-1")) for one in made.expressions]
        for example in map(spelled, pattern.examples):
            for match in re.compile(pattern.pattern, re.ASCII).finditer(example):
                data = narrow(example)
                longest = OVERLAP if made.longest is None else made.longest
                ends = range(match.start() + made.shortest, min(match.start() + longest, len(data)) + 1)
                starts = range(max(0, match.start() - 1), match.start() + 1)
                matches = (one.fullmatch(data, at, end) for one in expressions for at in starts for end in ends)
                assert any(matches), (pattern.id, example)
                assert made.reach >= match.end() - match.start()


def test_every_character_is_one_byte():
    assert narrow("a\u00e9\u4e2d\U0001f600\udc80z") == b"a\xe9\xad\x80\x80z"
    text = "".join(map(chr, range(0x2FFF)))
    assert len(narrow(text)) == len(text)


def test_a_database_is_kept_and_loaded(fast, shelf):
    assert list(shelf.kept) == [name_of(fast.rules)]
    again = Engine([(rule.scanner, rule.pattern) for rule in fast.rules])
    assert again.load(shelf)
    assert again.ready
    assert found(again, EXAMPLES[0]) == found(fast, EXAMPLES[0])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-9],
        lambda data: b"\x92" + data[1:],
        lambda data: data[:400] + bytes(400) + data[800:],
    ],
)
def test_a_damaged_database_is_done_without(fast, shelf, spoil):
    spoiled = Held()
    spoiled.kept = {name: spoil(data) for name, data in shelf.kept.items()}
    again = Engine([(rule.scanner, rule.pattern) for rule in fast.rules])
    again.load(spoiled)
    assert isinstance(again.finder, Keywords) or found(again, EXAMPLES[0]) == found(fast, EXAMPLES[0])


def test_other_patterns_have_another_name(fast):
    assert name_of(fast.rules[1:]) != name_of(fast.rules)


def test_an_expression_that_the_database_cannot_have_leaves_all_to_the_keywords(monkeypatch):
    broken = Rule("x", Pattern(id="x", kind="x", pattern="(?P<a>x", examples=("x",)))
    assert make([broken]) is None


def test_a_pattern_that_may_match_nothing_is_tried_everywhere():
    pytest.importorskip("hyperscan")
    pattern = Pattern(id="x", kind="x", pattern="(?=b)|a*(?=b)", examples=("b",))
    one = Engine([("x", pattern)])
    plain = list(one.scan("x", "aab cb"))
    assert superset(pattern.pattern) is None
    one.make()
    assert list(one.scan("x", "aab cb")) == plain != []


def test_threads_scan_at_once(fast):
    text = "\n".join(EXAMPLES[::8])
    expected = found(fast, text)
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda: answers.extend(found(fast, text) == expected for _ in range(3)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 12


def test_what_is_shared_is_worked_out_once_and_forgotten():
    work = []
    with shared({}):
        assert [once("a", lambda: work.append(1) or "x") for _ in range(3)] == ["x"] * 3
    once("a", lambda: work.append(1))
    assert len(work) == 2


def test_a_text_is_read_once_for_all_scanners(fast, monkeypatch):
    asked = []
    events = fast.finder._events
    monkeypatch.setattr(fast.finder, "_events", lambda data: asked.append(1) or events(data))
    found(fast, "nothing here")
    assert len(asked) == 1
