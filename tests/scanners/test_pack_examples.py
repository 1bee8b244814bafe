"""Every pattern does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from referee.scanners import matching
from referee.scanners.builtin import ALIASES, KINDS, PACKS, builtin
from referee.scanners.matching import PatternScanner
from referee.scanners.pack import Pattern

SOURCES = Path(matching.__file__).parent


def _patterns() -> list[tuple[str, int, Pattern]]:
    return [(name, at, pattern) for name in PACKS for at, pattern in enumerate(_scanner(name).patterns)]


def _scanner(name: str) -> PatternScanner:
    scanner = builtin()[name]
    assert isinstance(scanner, PatternScanner)
    return scanner


@pytest.mark.parametrize(("name", "at", "pattern"), _patterns(), ids=lambda v: getattr(v, "kind", str(v)))
def test_examples_and_counterexamples(name, at, pattern):
    alone = PatternScanner(name, lambda: (pattern,))
    for example in pattern.examples:
        assert {hit.kind for hit in alone.scan(example)} == {pattern.kind}, example
        assert pattern.kind in {hit.kind for hit in builtin()[name].scan(f"so:\n{example} \n")}, example
    for counterexample in pattern.counterexamples:
        assert alone.scan(counterexample) == [], counterexample


def test_every_pattern_has_examples():
    assert [pattern.kind for _, _, pattern in _patterns() if not pattern.examples] == []


def test_kinds_are_those_of_the_packs():
    assert {name: frozenset(p.kind for p in _scanner(name).patterns) for name in PACKS} == KINDS


def test_aliases_are_the_same_scanner():
    assert all(builtin()[alias] is builtin()[name] for alias, name in ALIASES.items())


@pytest.mark.parametrize(
    "path", sorted([*SOURCES.glob("*.py"), *Path(__file__).parent.glob("*.py")]), ids=lambda path: path.name
)
def test_no_source_looks_as_if_it_held_a_live_key(path):
    weak = {"password", "database_url", "basic_auth_url", "generic_api_key"}
    text = path.read_text(encoding="utf-8")
    assert [(h.kind, text[h.start : h.end]) for h in builtin()["secret"].scan(text) if h.kind not in weak] == []
