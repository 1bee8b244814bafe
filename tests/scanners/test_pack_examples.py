"""Every pattern does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from referee.language import kinds
from referee.language.packs import read_pack
from referee.model.packs import Pack, Pattern, spelled
from referee.scanners import matching
from referee.scanners.builtin import ALIASES, SCANNERS, builtin
from referee.scanners.matching import PatternScanner
from referee.scanners.pack import FOLDER, packs
from scripts.packs import written

SOURCES = Path(matching.__file__).parent


def _read(path: Path) -> Pack:
    problems, pack = read_pack(path.name, path.read_bytes())
    assert pack is not None
    assert problems.found == []
    return pack


PACKS = [_read(path) for path in sorted(FOLDER.glob("*.yaml"))]


def _patterns() -> list[tuple[str, Pattern]]:
    return [(pack.scanner, pattern) for pack in PACKS for pattern in pack.patterns]


FOUND = [(name, pattern) for name, pattern in _patterns() if not pattern.doubt]
DOUBTS = [(name, pattern) for name, pattern in _patterns() if pattern.doubt]


@pytest.mark.parametrize(("name", "pattern"), FOUND, ids=lambda v: getattr(v, "id", str(v)))
def test_examples_and_counterexamples(name, pattern):
    alone = PatternScanner.of(name, (pattern,))
    for example in map(spelled, pattern.examples):
        assert {hit.kind for hit in alone.scan(example)} == {pattern.kind}, example
        around = "{} \n" if pattern.pattern.startswith(r"\A") else "so:\n{} \n"
        assert pattern.kind in {hit.kind for hit in builtin()[name].scan(around.format(example))}, example
    for counterexample in map(spelled, pattern.counterexamples):
        assert alone.scan(counterexample) == [], counterexample


@pytest.mark.parametrize(("name", "pattern"), DOUBTS, ids=lambda v: getattr(v, "id", str(v)))
def test_doubts_lower_what_would_be_found(name, pattern):
    def counted(text: str, patterns: list[Pattern]) -> bool:
        hits = PatternScanner.of(name, patterns).scan(text)
        return any(hit.kind == pattern.kind and hit.score > pattern.score for hit in hits)

    sure = [other for scanner, other in FOUND if scanner == name and other.kind == pattern.kind]
    for example in map(spelled, pattern.examples):
        assert counted(example, sure), f"nothing to doubt: {example}"
        assert not counted(example, [*sure, pattern]), example
    for counterexample in map(spelled, pattern.counterexamples):
        assert counted(counterexample, [*sure, pattern]), counterexample


def test_what_is_made_from_the_packs_is_fresh():
    stale = [path.name for path, data in written().items() if not path.exists() or path.read_bytes() != data]
    assert stale == [], "run `make packs`"
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == {pack.name for pack in PACKS}


def test_ids_are_given_once():
    for scanner in SCANNERS:
        ids = [pattern.id for name, pattern in _patterns() if name == scanner]
        assert len(ids) == len(set(ids))


def test_every_pattern_has_a_title():
    assert [pattern.id for _, pattern in _patterns() if not pattern.title] == []


def test_packs_stay_small():
    assert {path.name for path in FOLDER.glob("*.yaml") if path.read_text(encoding="utf-8").count("\n") > 500} == set()


def test_what_loads_says_what_was_written():
    assert [(pack.name, pack.scanner) for pack in packs()] == [(pack.name, pack.scanner) for pack in PACKS]
    assert tuple(kinds.SCANNERS) == SCANNERS


def test_aliases_are_the_same_scanner():
    assert all(builtin()[alias] is builtin()[name] for alias, name in ALIASES.items())


@pytest.mark.parametrize(
    "path",
    sorted([*SOURCES.rglob("*.py"), *FOLDER.glob("*.yaml"), *Path(__file__).parent.glob("*.py")]),
    ids=lambda path: path.name,
)
def test_no_source_looks_as_if_it_held_a_live_key(path):
    weak = {
        *("password", "database_url", "basic_auth_url", "connection_string"),
        *("generic_api_key", "generic_secret", "kubernetes_secret"),
    }
    text = path.read_text(encoding="utf-8")
    found = [(h.kind, text[h.start : h.end]) for h in builtin()["secret"].scan(text) if h.kind not in weak]
    put_together = re.compile(r"""["'](?: \+|,)? ["']""")
    assert [(kind, run) for kind, run in found if not put_together.search(run)] == []
