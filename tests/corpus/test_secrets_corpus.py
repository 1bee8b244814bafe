"""The tables in ``secrets``: what the secret scanner has to find, to the character, and what it has to leave alone.

Rule 1: a table says what a value is to who owns it; the scanner is not asked what it would like it to be.
Rule 2: no value stands in a table in the form of a live key; ``spelled`` makes it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import jsonschema
import yaml

from referee.model.packs import spelled
from referee.scanners.builtin import builtin

HERE = Path(__file__).parent / "secrets"
_MARKED = re.compile("⟦([^⟧]*)⟧")


class Case(NamedTuple):
    """A text and where its secrets are."""

    text: str
    spans: tuple[tuple[int, int], ...]


def _cases(*names: str) -> list[Case]:
    schema = json.loads((HERE / "schema.json").read_text())
    found: list[Case] = []
    for name in names:
        table = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
        jsonschema.validate(table, schema)
        for group in table["groups"]:
            for marked in map(spelled, group.get("lines", "").splitlines() + group.get("texts", [])):
                spans: list[tuple[int, int]] = []
                for at, match in enumerate(_MARKED.finditer(marked)):
                    spans.append((match.start() - 2 * at, match.end() - 2 * at - 2))
                found.append(Case(_MARKED.sub(r"\1", marked), tuple(spans)))
    return found


SECRETS = _cases("services", "syntaxes", "passwords")
HARMLESS = _cases("harmless")


def _hits(text: str) -> set[tuple[int, int]]:
    return {(hit.start, hit.end) for hit in builtin()["secret"].scan(text)}


def test_there_are_enough() -> None:
    assert sum(len(case.spans) for case in SECRETS) >= 170
    assert len(HARMLESS) >= 170
    assert all(case.spans for case in SECRETS)
    assert not any(case.spans for case in HARMLESS)
    assert len({case.text for case in SECRETS + HARMLESS}) == len(SECRETS + HARMLESS)


def test_secrets_are_found() -> None:
    missed = [
        case.text
        for case in SECRETS
        for start, end in case.spans
        if not any(first < end and last > start for first, last in _hits(case.text))
    ]
    assert len(missed) <= 0.01 * len(SECRETS), missed


def test_the_finding_is_the_secret_alone() -> None:
    loose = [
        (case.text, [case.text[start:end] for start, end in sorted(_hits(case.text))])
        for case in SECRETS
        for span in case.spans
        if span not in _hits(case.text)
    ]
    assert len(loose) <= 0.02 * len(SECRETS), loose


def test_harmless_texts_are_left_alone() -> None:
    wrong = [
        (case.text, [case.text[a:b] for a, b in sorted(_hits(case.text))]) for case in HARMLESS if _hits(case.text)
    ]
    assert len(wrong) <= 0.01 * len(HARMLESS), wrong


def test_a_secret_is_found_in_the_middle_of_harmless_lines() -> None:
    """What stands around it neither hides a secret nor adds one."""
    quiet = "\n".join(case.text for case in HARMLESS[:40])
    before = _hits(quiet)
    for case in SECRETS[::7]:
        shift = len(quiet) + 2
        found = _hits(f"{quiet}\n\n{case.text}\n\n{quiet}")
        assert all(
            (start + shift, end + shift) in found for start, end in case.spans if (start, end) in _hits(case.text)
        )
    assert len(before) <= 1
