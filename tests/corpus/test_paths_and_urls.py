"""The tables of spellings in ``paths`` and ``urls``: what each is, and that there are enough of them.

Rule 1: a table says what a spelling means for who acts on it; the facets are not asked what they would like it to be.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from referee.facets.classes import SECRETS
from referee.facets.file import every_file
from referee.facets.http import parse_url
from referee.facets.surroundings import Surroundings
from referee.model.facts import Failed

HERE = Path(__file__).parent
PLACE = Surroundings(cwd="/srv/app", home="/home/dev", workspace="/srv/app", homes={"ann": "/home/ann"})


def cases(room: str) -> list[Any]:
    """Read every spelling of a room with what it has to be."""
    schema = json.loads((HERE / room / "schema.json").read_text())
    found: list[Any] = []
    for path in sorted((HERE / room).glob("*.yaml")):
        table = yaml.safe_load(path.read_text("utf-8"))
        jsonschema.validate(table, schema)
        for group in table["groups"]:
            expected = {key: value for key, value in group.items() if key not in {"lines", "texts"}}
            texts = group.get("texts") or group["lines"].splitlines()
            found += [pytest.param(text, expected, id=f"{path.stem}: {text!a}") for text in texts]
    return found


PATHS, URLS = cases("paths"), cases("urls")


def test_there_are_enough() -> None:
    for room in (PATHS, URLS):
        assert len(room) >= 150
        spellings = [(case.values[0], tuple(case.values[1])) for case in room]
        assert len(set(spellings)) == len(spellings)


@pytest.mark.parametrize(("text", "expected"), URLS)
def test_url(text: str, expected: dict[str, Any]) -> None:
    facet = parse_url(text)
    if "failed" in expected:
        assert isinstance(facet, Failed)
        assert expected["failed"] in facet.reason
        return
    assert not isinstance(facet, Failed), facet
    assert {name: getattr(facet, name) for name in expected} == expected


@pytest.mark.parametrize(("text", "expected"), PATHS)
def test_path(text: str, expected: dict[str, Any]) -> None:
    found = every_file(text, "read", PLACE)
    if "failed" in expected:
        assert isinstance(found, Failed)
        assert expected["failed"] in found.reason
        return
    assert not isinstance(found, Failed), found
    kinds = {kind for file in found for kind in file.classes}
    assert kinds >= set(expected.get("classes", ()))
    assert expected.get("secret") in {None, not SECRETS.isdisjoint(kinds)}, found
    assert expected.get("path") in {None, found[0].path}
    assert expected.get("reaches") in {None, *(file.path for file in found)}
    assert expected.get("inside") in {None, all(file.inside_workspace is True for file in found)}
