"""Globs, hosts, folders, networks and expressions on text made to mislead them or to keep them busy."""

from __future__ import annotations

import fnmatch
import random
import time
import warnings
from collections.abc import Callable

import pytest

import operators as reference
from referee.engine import patterns
from referee.engine.conditions import _under_any
from referee.engine.truth import ERROR, FALSE, TRUE
from referee.model.facts import Finding


def random_text(rng: random.Random, letters: str, longest: int) -> str:
    return "".join(rng.choice(letters) for _ in range(rng.randrange(longest)))


def test_globs_agree_with_fnmatch_and_the_reference() -> None:
    rng = random.Random(1)
    pieces = [
        "*",
        "?",
        "[ab]",
        "[!a]",
        "[a-c]",
        "[b-]",
        "[-b]",
        "[^a]",
        "[&&b]",
        "[\\a]",
        "[.]",
        "a",
        "b",
        "c",
        ".",
        "\n",
        "\\",
        "(",
        "^",
    ]
    held = 0
    for _ in range(4000):
        pattern = "".join(rng.choice(pieces) for _ in range(rng.randrange(7)))
        matches = patterns.glob(pattern)
        for _ in range(6):
            text = random_text(rng, "abc.\n\\(^-&", 9)
            expected = fnmatch.fnmatchcase(text, pattern)
            assert matches(text) == expected == reference.glob(text, pattern), (pattern, text)
            held += expected
    assert held > 500


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("", "", "a"),
        ("*", "any\nthing", None),
        ("db.*", "db.", "db"),
        ("*.py", ".py", "a.pyc"),
        ("a*b", "ab", "a"),
        ("aba*aba", "abaaba", "aba"),
        ("?\n*x", "a\nx", "a\n"),
        ("[\n]?*", "\nb", "b\n"),
        ("漢*字", "漢x字", "漢"),
        ("[一-龠]?", "字a", "a字"),
        ("[--/]x", ".x", "0x"),
        ("[]a]", "]", "b"),
        ("[a-c-e]", "-", "d"),
        ("[!!]", "a", "!"),
        ("?", "\ud800", ""),
        ("**a**", "a", "b"),
        ("*?*", "a", ""),
        ("*[ab]*[cd]", "xaxc", "xcxa"),
        ("a?*?c", "axyc", "axc"),
    ],
)
def test_globs_match_whole_texts(pattern: str, yes: str, no: str | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        matches = patterns.glob(pattern)
    assert matches(yes) is True
    assert no is None or matches(no) is False


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("[", "never closed"), ("a[b", "never closed"), ("[]", "never closed"), ("[!]", "is empty"), ("[b-a]", "reversed range"), ("x*[a--b]", "reversed range")],
)  # fmt: skip
def test_a_glob_that_means_nothing_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(patterns.BadGlob, match=why):
        patterns.glob(pattern)


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("pattern", ["*a" * 20 + "*b", "*[ab]" * 12 + "*x", "a*" * 30 + "?b", "*?a" * 10 + "x"])
def test_globs_take_time_linear_in_the_text(pattern: str) -> None:
    matches = patterns.glob(pattern)
    text = "a" * 200_000
    assert matches(text) is False
    assert seconds(lambda: matches(text)) < 0.5


def test_hosts_and_finding_places_take_time_linear_in_the_text() -> None:
    judge = patterns.host("example.com")
    assert judge("[" + ":" * 1_000_000 + "]") == FALSE
    under = _under_any("args.*.*.*.*.x")
    far = Finding("pii", "email", "args" + ".a" * 50_000, 0, 1)
    assert not under(far)
    assert seconds(lambda: judge("[" + ":" * 1_000_000 + "]")) < 0.2
    assert seconds(lambda: under(far)) < 0.2


@pytest.mark.parametrize(
    ("place", "path", "found"),
    [
        ("args.to.*", "args.to[0]", True),
        ("args.to.*", "args.to.name", True),
        ("args.to.*", "args.to", False),
        ("args.to.*", "args.tom[0]", False),
        ("args.to.*.name", "args.to[12].name", True),
        ("args.to.*.name", "args.to[12].name[0].x", True),
        ("args.to.*.name", "args.to[12].named", False),
        ("args.to.*.name", "args.to.name", False),
        ("args.to.*.name", "args.to.a.b.name", True),
        ("args.*[0]", "args.a[0]", True),
        ("args.*[0]", "args.a[01]", False),
        ("args.*.*", "args.a.b", True),
        ("args.*.*", "args.a", False),
        ("args.*.x.*.y", "args.a.x.y.x.b.y", True),
        ("args.*.x.*.y", "args.a.x.y", False),
        ("args.**", "args", True),
        ("args.**", "args.a[0].b", True),
        ("args.**", "argsx.a", False),
        ("args.a.**", "args.ab", False),
        ("args.*.**", "args.a", True),
        ("args.*", "args.new\nline", True),
    ],
)
def test_a_finding_lies_under_a_place_with_stars(place: str, path: str, found: bool) -> None:
    assert _under_any(place)(Finding("pii", "email", path, 0, 1)) is found


@pytest.mark.parametrize(
    ("pattern", "value", "truth"),
    [
        ("example.com", "example.com", TRUE),
        ("example.com", "a.b.EXAMPLE.com.", TRUE),
        ("example.com", "badexample.com", FALSE),
        ("example.com", "example.com.evil.org", FALSE),
        ("Example.COM.", "example.com", TRUE),
        ("=example.com", "a.example.com", FALSE),
        ("=example.com", "Example.com.", TRUE),
        ("*.example.com", "example.com", FALSE),
        ("*.example.com", "a.example.com", TRUE),
        ("example.com", "", ERROR),
        ("example.com", "https://example.com", ERROR),
        ("example.com", "example.com:443", ERROR),
        ("example.com", "evil@example.com", ERROR),
        ("example.com", "evil.org\\.example.com", ERROR),
        ("example.com", "evil.org\n.example.com", ERROR),
        ("example.com", "evil.org\u3000.example.com", ERROR),
        ("::1", "::1", ERROR),
        ("[::1]", "[::1]", TRUE),
        ("[::1]", "[::1]:80", ERROR),
        ("münchen.de", "MÜNCHEN.de", TRUE),
    ],
)
def test_hosts(pattern: str, value: str, truth: int) -> None:
    assert patterns.host(pattern)(value) == truth


@pytest.mark.parametrize(
    ("folder", "value", "truth"),
    [
        ("/work", "/work", TRUE),
        ("/work/", "/work//a/./b", TRUE),
        ("/work", "//work/a", TRUE),
        ("/work", "/work2", FALSE),
        ("/work", "/", FALSE),
        ("/", "/", TRUE),
        ("/", "/etc", TRUE),
        ("/work", "/work/a/../../etc", ERROR),
        ("/work", "work/a", ERROR),
        ("/work", "", ERROR),
        ("/work", "~/work", ERROR),
        ("/work", "C:\\work", ERROR),
        ("/work", "/work/..a", TRUE),
        ("/work", "/Work/a", FALSE),
    ],
)
def test_folders(folder: str, value: str, truth: int) -> None:
    assert patterns.within(folder)(value) == truth


@pytest.mark.parametrize(
    ("network", "value", "truth"),
    [
        ("10.0.0.0/8", "10.255.0.1", TRUE),
        ("10.0.0.0/8", "11.0.0.1", FALSE),
        ("10.0.0.0/8", "::ffff:10.0.0.1", TRUE),
        ("10.0.0.0/8", "[::FFFF:0a00:0001]", TRUE),
        ("10.0.0.0/8", "::ffff:11.0.0.1", FALSE),
        ("10.1.2.3/8", "10.0.0.1", TRUE),
        ("10.0.0.1", "10.0.0.1", TRUE),
        ("::/0", "::1", TRUE),
        ("::/0", "10.0.0.1", FALSE),
        ("fe80::/10", "fe80::1%eth0", TRUE),
        ("10.0.0.0/8", "010.0.0.1", FALSE),
        ("10.0.0.0/8", "167772161", FALSE),
        ("10.0.0.0/8", "10.0.0.1/8", FALSE),
        ("10.0.0.0/8", "localhost", FALSE),
        ("10.0.0.0/8", "", FALSE),
        ("10.0.0.0/8", "1" * 100_000, FALSE),
    ],
    ids=range(16),
)
def test_networks(network: str, value: str, truth: int) -> None:
    assert patterns.cidr(network)(value) == truth


@pytest.mark.parametrize("network", ["", "10.0.0.0/33", "ten", "10.0.0.0/8/8", "300.0.0.0/8"])
def test_what_is_no_network_is_refused(network: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        patterns.cidr(network)


@pytest.mark.parametrize("expression", ["(?=a)b", "(a)\\1", "(?<!a)b", "a{1001}", "(", "[b-a]", "*", "\\C{9}(?#x)"])
def test_what_re2_refuses_is_refused_with_a_reason(expression: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]") as refused:
        patterns.regex(expression)
    assert not str(refused.value).startswith("b'")


@pytest.mark.parametrize(
    ("expression", "value", "truth"),
    [
        ("b", "abc", TRUE),
        ("^b", "abc", FALSE),
        ("", "", TRUE),
        ("(?i)É", "é", TRUE),
        ("^.$", "漢", TRUE),
        ("a", "\ud800a", ERROR),
        ("(a*)*b", "a" * 100_000, FALSE),
        ("(a|aa)+$", "a" * 100_000 + "b", FALSE),
        ("\x00", "a\x00", TRUE),
    ],
    ids=range(9),
)
def test_expressions_are_searched_in_linear_time(expression: str, value: str, truth: int) -> None:
    judge = patterns.regex(expression)
    assert judge(value) == truth
    assert seconds(lambda: judge(value)) < 0.5


def test_a_problem_without_words_is_told_without_words() -> None:
    assert patterns._plain(ValueError()) == ""
    assert patterns._plain(ValueError(b"bad \xff")) == "bad \ufffd"
    assert patterns._plain(ValueError("missing )")) == "missing )"


@pytest.mark.parametrize(
    ("pattern", "ends"),
    [("a", ("a", "a")), ("a*", ("a", "")), ("*a", ("", "a")), ("a?b[c]d", ("a", "d")), ("[a]*", ("", "")), ("a*b]c", ("a", "c"))],
)  # fmt: skip
def test_the_literal_ends_of_a_glob_begin_and_end_what_it_matches(pattern: str, ends: tuple[str, str]) -> None:
    assert patterns.literal_ends(pattern) == ends
    assert patterns.is_glob(pattern) == (pattern != "a")
