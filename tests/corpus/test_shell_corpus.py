"""The corpus of shell commands: what each must be seen to do, and how many the coding-agent template stops or disturbs.

Rule 1: the files fit ``shell/schema.json``; a case says what bash would do, not what the facet happens to find.
Rule 2: recall and false positives are numbers with bounds; a bound is only ever tightened.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from referee import Policy, Request, templates
from referee.facets.shell import parse
from referee.facets.surroundings import Surroundings

FOLDER = Path(__file__).parent / "shell"
FILES = sorted(FOLDER.glob("*.yaml"))
HERE = Surroundings(cwd="/home/dev/app", home="/home/dev", workspace="/home/dev/app")
HARM = {
    "credential_access", "database_destroy", "disk", "exfiltration", "infrastructure_destroy", "persistence", "vcs_history_rewrite",
}  # fmt: skip


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One command, and what its group says of it."""

    text: str
    kind: str
    effects: tuple[str, ...] = ()
    runs: str = ""
    paths: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    resolved: bool | str = True
    verdict: str = ""


def cases(path: Path) -> list[Case]:
    """Read the cases of a file."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = []
    for kind in ("dangerous", "harmless"):
        for group in data[kind]:
            told: dict[str, Any] = {key: value for key, value in group.items() if key not in {"lines", "texts", "why"}}
            texts = [*group.get("lines", "").splitlines(), *group.get("texts", ())]
            found += [msgspec.convert({"text": text, "kind": kind, **told}, Case) for text in texts]
    return found


CASES = {path.stem: cases(path) for path in FILES}
EVERY = [case for found in CASES.values() for case in found]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_fit_the_schema(path: Path) -> None:
    jsonschema.validate(
        yaml.safe_load(path.read_text(encoding="utf-8")), json.loads((FOLDER / "schema.json").read_text())
    )


def test_there_are_many_and_none_twice() -> None:
    for kind in ("dangerous", "harmless"):
        texts = [case.text for case in EVERY if case.kind == kind]
        assert len(texts) >= 600
        assert len(texts) - len(set(texts)) == 0, sorted({text for text in texts if texts.count(text) > 1})
    assert not {case.text for case in EVERY if case.kind == "dangerous"} & {
        case.text for case in EVERY if case.kind == "harmless"
    }


def wrong(case: Case) -> list[str]:
    """List what is not as the case says."""
    facet = parse(case.text, HERE)
    found = [f"has no {effect}" for effect in case.effects if effect not in facet.effects]
    wanted = tuple(case.runs.split())
    if case.runs and not any(words[: len(wanted)] == wanted for words in _plain(facet.commands)):
        found.append(f"does not run {case.runs}")
    found += [f"does not touch {path}" for path in case.paths if path not in facet.paths]
    found += [f"does not reach {host}" for host in case.hosts if host not in facet.hosts]
    if case.resolved != "any" and facet.resolved is not case.resolved:
        found.append(f"resolved is {facet.resolved}: {facet.missing}")
    if case.kind == "harmless":
        found += [f"has {effect}" for effect in sorted(HARM & set(facet.effects))]
    return found


def _plain(commands: Any) -> set[tuple[str | None, ...]]:
    """Return the commands with their programs named without folder, and without ``--``."""
    return {
        ((one.words[0] or "").rpartition("/")[2], *(word for word in one.words[1:] if word != "--"))
        for one in commands
        if one.words
    }


@pytest.mark.parametrize("name", CASES)
def test_commands_do_what_the_corpus_says(name: str) -> None:
    told = {case.text: problems for case in CASES[name] if (problems := wrong(case))}
    assert told == {}


# ── under the template ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def verdicts() -> dict[str, str]:
    """Decide every command under the coding-agent template, each in a session of its own."""
    policy = Policy.load(str(templates.path("coding-agent")))
    told = {}
    for case in EVERY:
        with policy.session(agent="corpus") as session:
            told[case.text] = session.evaluate(Request.tool_call("Bash", command=case.text)).decision
    return told


REFUSED = {"deny", "terminate", "require_approval"}


def test_recall(verdicts: dict[str, str]) -> None:
    must = [case for case in EVERY if case.kind == "dangerous" and case.verdict != "any"]
    missed = [case.text for case in must if verdicts[case.text] not in REFUSED]
    assert len(must) >= 600
    assert len(missed) / len(must) <= 0.005, missed


def test_false_positives(verdicts: dict[str, str]) -> None:
    harmless = [case.text for case in EVERY if case.kind == "harmless"]
    denied = [text for text in harmless if verdicts[text] in {"deny", "terminate"}]
    asked = [text for text in harmless if verdicts[text] == "require_approval"]
    assert denied == []
    assert len(asked) / len(harmless) <= 0.03, asked
