"""What is held back of a text, and for how long: tried on every example of the packs, in pieces."""

from __future__ import annotations

import random

import pytest

from referee.language.packs import read_pack
from referee.model.facts import Finding
from referee.model.packs import spelled
from referee.scanners import stream
from referee.scanners.builtin import builtin
from referee.scanners.pack import FOLDER
from referee.scanners.redact import Marked, merge, splice
from referee.scanners.stream import REACH, Holdback, TooLong, is_calm
from referee.scanners.styles import Writer

PROSE = "and here the plain words of a text go on for a while, so that it leaves as soon as it can. "
SCANNERS = [builtin()[name] for name in ("pii", "secret")]


def found(text):
    hits = (hit for scanner in SCANNERS for hit in scanner.scan(text))
    marked = [
        Marked(Finding("s", hit.kind, "x", hit.start, hit.end, hit.score), "placeholder")
        for hit in hits
        if hit.score >= 0.5
    ]
    return merge(marked, len(text))


def streamed(text, sizes, hold=stream.HOLD):
    back, out, at = Holdback(hold), [], 0
    while True:
        size = next(sizes)
        back.add(text[at : at + size])
        at += size
        final = at >= len(text)
        upto = back.ready(final=final)
        if upto is not None:
            out.append(back.release(found(back.window), upto, Writer(), final=final)[0])
        if final:
            return "".join(out)


def examples():
    for path in sorted(FOLDER.glob("*.yaml")):
        _, pack = read_pack(path.name, path.read_bytes())
        if pack.scanner in ("pii", "secret"):
            yield from (spelled(example) for pattern in pack.patterns for example in pattern.examples)


def test_every_example_of_the_packs_comes_out_as_in_the_whole():
    rng = random.Random(7)
    texts = list(examples())
    assert len(texts) > 300
    for text in rng.sample(texts, 120):
        whole = f"{PROSE * rng.randint(0, 3)}{text}{rng.choice([' ', chr(10), ', '])}{PROSE * 3}"
        expected = splice(whole, found(whole), Writer())
        sizes = iter(lambda: rng.choice([1, 2, 5, 9, 30]), 0)
        assert streamed(whole, sizes) == expected, text


@pytest.mark.long
def test_every_example_of_the_packs_in_every_neighbourhood():
    rng = random.Random(8)
    texts = list(examples())
    for number, text in enumerate(texts):
        whole = f"{PROSE * (number % 4)}{text} {rng.choice(texts)}\n{PROSE * 4}{rng.choice(texts)}"
        expected = splice(whole, found(whole), Writer())
        assert streamed(whole, iter(lambda: rng.choice([1, 2, 5, 9, 30, 200]), 0)) == expected, whole


def test_no_finding_of_an_example_has_much_calm_text_in_it_nor_is_longer_than_the_reach():
    """What the hold-back relies on; a pattern that breaks it needs other numbers in ``stream``."""
    for text in examples():
        for span in found(text):
            value = text[span.start : span.end]
            for words in stream._WORDS.finditer(value):
                for at in range(words.start(), words.end() - stream._CERTAIN + 1):
                    assert not is_calm(value[at : at + stream._CERTAIN]), value
            run = max(map(len, value.split()))
            between_marks = stream._OPENED.search(value) is not None
            assert len(value) - run <= stream._BEFORE or len(value) <= REACH or between_marks, value


def test_a_run_that_goes_on_is_held_and_lines_of_an_encoded_text_are_one():
    back = Holdback()
    back.add("x" * 100 + " " + "a" * 400)
    assert back.ready() is None
    line = "QUJD" * 19
    for between, held in (("\n", True), (" ", False)):
        back = Holdback()
        back.add("first " * 40 + between.join([line] * 8))
        upto = back.ready()
        assert (upto is not None and upto <= 240) == held


def test_a_key_that_is_not_closed_is_held_and_too_long_in_the_end():
    back = Holdback(4000)
    back.add(f"{PROSE * 4}-----BEGIN PRIVATE KEY-----\n" + "word a1 b2 c3\n" * 100)
    assert back.ready() == len(PROSE) * 4
    back.add("word a1 b2 c3\n" * 400)
    with pytest.raises(TooLong):
        back.ready()
    back = Holdback(4000)
    back.add(f"{PROSE * 4}-----BEGIN CERTIFICATE-----\n" + "word a1 b2 c3\n" * 600)
    assert back.ready() == len(back.window) - 4000
    back = Holdback(4000)
    back.add(f"{PROSE * 4}-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n" + "word a1 b2 c3\n" * 60)
    assert back.ready() == len(back.window) - REACH


def test_a_finding_that_may_go_on_is_held_until_it_is_too_long():
    back = Holdback(1000)
    back.add("a1 " * 400)
    span = merge([Marked(Finding("s", "k", "x", 300, 1200), "remove")], 1200)
    upto = back.ready()
    assert back.release(span, upto, Writer()) == ("a1 " * 100, [])
    assert back.ready() is None
    back.add("b2 " * 1000)
    whole = back.window
    with pytest.raises(TooLong):
        back.release(
            merge([Marked(Finding("s", "k", "x", whole.index("a1") + 60, len(whole)), "remove")], len(whole)),
            back.ready(),
            Writer(),
        )


def test_half_a_character_is_not_shown_to_scanners():
    back = Holdback()
    back.add("a\udcffb")
    assert back.window == "a\ufffdb"
    assert back.release([], 3, Writer(), final=True)[0] == "a\udcffb"
