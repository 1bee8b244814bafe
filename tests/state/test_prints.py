"""Sets of fingerprints and the words they are made of."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from referee.state import wording
from referee.state.everyday import EVERYDAY
from referee.state.prints import SPAN, STEP, Prints, every_stretch, keyed, of_process, stretches


def test_a_set_holds_what_was_added_whatever_has_become_of_it():
    source = random.Random(1)
    numbers = [source.randrange(-(1 << 63), 1 << 63) for _ in range(60_000)]
    prints = Prints(1 << 20)
    for at in range(0, len(numbers), 700):
        prints.add(numbers[at : at + 700])
        prints.add(numbers[at : at + 30])
    assert len(prints) == len(set(numbers))
    assert all(number in prints for number in numbers)
    others = [source.randrange(-(1 << 63), 1 << 63) for _ in range(20_000)]
    assert not any(number in prints for number in others)
    mixed = [number for pair in zip(others, numbers, strict=False) for number in pair]
    assert prints.among(mixed) == list(range(1, len(mixed), 2))
    assert prints.complete
    kept = Prints(1 << 20)
    kept.load(prints.dump())
    assert len(kept) == len(prints)
    assert kept.among(mixed) == prints.among(mixed)
    kept.add(others)
    assert all(number in kept for number in (*others, *numbers))


def test_a_full_set_takes_no_more_and_says_so():
    prints = Prints(100)
    prints.add(range(90))
    assert prints.complete
    prints.add(range(80, 110))
    assert len(prints) == 100
    assert not prints.complete
    assert prints.among(range(90)) == list(range(90))


@pytest.mark.parametrize("data", [b"x", b"123456789", bytes(8 * 101)])
def test_what_is_no_set_is_not_loaded(data: bytes):
    with pytest.raises(ValueError):
        Prints(100).load(data)


def test_keys_make_fingerprints_that_only_who_has_the_key_can_make():
    texts = ["mallory@evil.example", "", "é\ud800"]
    assert keyed(b"a")(texts) == keyed(b"a")(texts)
    assert set(keyed(b"a")(texts)).isdisjoint(keyed(b"b")(texts))
    assert len(set(of_process(b"s")(texts))) == 3


def test_without_a_seed_of_python_the_secret_is_the_key():
    code = "from referee.state.prints import of_process; print(of_process(b'1')(['a']) == of_process(b'2')(['a']))"
    for seed, same in (("0", "False"), ("random", "True")):
        told = subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == same


def test_one_of_the_kept_parts_lies_in_every_stretch_that_is_long_enough():
    text = "".join(random.Random(5).choices("abcdefghijklmnop", k=500))
    kept = set(stretches(text))
    for at in range(len(text) - SPAN - STEP + 2):
        assert kept & set(every_stretch(text[at : at + SPAN + STEP - 1]))
    assert stretches("short") == every_stretch("short") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Pay 1,000.50 or 1'000.50 or 1000.5!", {"pay", "or", "1000.5"}),
        ("98,70 € and $98.70", {"98.7", "and"}),
        ("10, 20,30 and 1,2,3", {"10", "20.3", "and", "1", "2", "3"}),
        ("192.168.1.1:8080", {"192.168.1.1:8080"}),
        ("on 2031-05-13 12:00, 13.05.2031", {"on", "2031-05-13", "12:00", "13.05.2031"}),
        ("Call (030) 123 45 67-8.", {"call", "03012345678"}),
        ("see https://user:pw@www.a.com/x/?y=1#z, or WWW.B.COM/", {"see", "user:pw@www.a.com/x/?y=1#z", "or", "b.com"}),
        ("“Quoted” ‘words’ «here»", {"quoted", "words", "here"}),
        ("Ⅷ ﬁne Straße", {"viii", "fine", "strasse"}),
        ("ma\u00adnage\u200bment", {"management"}),
        ("IBAN: DE89 3704 0044 0532 0130 00; thanks", {"iban", "de89370400440532013000", "thanks"}),
        ("--- *** ...", set()),
        ("read .env, ../bill.txt and /etc/hosts", {"read", ".env", "../bill.txt", "and", "/etc/hosts"}),
        ("_bob@a.test +bob@a.test 'bob@a.test'.", {"_bob@a.test", "+bob@a.test", "bob@a.test"}),
        ("file://a.test/x ftp://a.test https://a.test", {"file://a.test/x", "ftp://a.test", "a.test"}),
        (r"https://evil.test\@bank.test/ https://bank.test@evil.test/", {r"evil.test\@bank.test", "bank.test@evil.test"}),
        ("7", {"7"}),
    ],
)  # fmt: skip
def test_words_are_compared_in_one_form(text: str, words: set[str]):
    assert set(wording.words(text)) == words


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("bob@a.com", "address"), ("a.com", "link"), ("sub.a.co.uk/x?y", "link"), ("report.docx", "link"), ("4111111111111111", "number"),
        ("1234", ""), ("12.5", ""), ("gb29nwbk60161331926819", "account"), ("inv-2041", "id"), ("a1", ""), ("550e8400-e29b", "id"), ("src/app/main", "id"),
        ("follow-up", ""), ("and/or", ""), ("meeting", ""), ("2031-05-13", ""), ("13.05.2031", ""), ("2031-05-13t12:00:00z", ""), ("192.168.1.1", "number"), ("@@@@", "id"), ("bob@", "id"),
    ],
)  # fmt: skip
def test_words_have_shapes(word: str, shape: str):
    assert wording.shape(word) == shape


def test_layers_are_undone_to_a_bounded_depth():
    deep = "the kestrel flies at noon"
    for _ in range(2):
        deep = deep.encode().hex()
    assert "the kestrel flies at noon" in set(wording.decoded(deep))
    assert "the kestrel flies at noon" not in set(wording.decoded(deep.encode().hex()))
    assert len(list(wording.decoded("%41 &amp; " + "YWJjZGVmZ2hpamtsbW5v " * 100))) <= 24
    assert list(wording.decoded("plain words, nothing else")) == []


def test_numbers_are_the_words_that_they_would_be():
    from decimal import Decimal

    assert [wording.leaf(value) for value in (1, 1.5, Decimal("1.50"), 10**20, -3, float("nan"), 1e300, 1 << 5000, None)] == [
        "1", "1.5", "1.5", "1" + "0" * 20, "-3", "", "", "", None,
    ]  # fmt: skip


def test_everyday_words_are_folded_words():
    assert all(word == wording.fold(word) for word in EVERYDAY)
    assert not wording.rare("please confirm the meeting tomorrow")
    assert wording.rare("please confirm the kestrel tomorrow")
