"""Databases of patterns are kept safely, and made only where they pay."""

from __future__ import annotations

import os
import time

import pytest

from referee import Policy, Request
from referee.enforce import scanning
from referee.enforce.scanning import PATIENCE, Shelf, Warming
from referee.model.packs import Pattern
from referee.scanners.engine import Engine

PATTERN = Pattern(id="a", kind="a", pattern="acme[0-9]{4}", keywords=("acme",), examples=("acme1234",))


def test_what_is_kept_comes_back(tmp_path):
    shelf = Shelf(tmp_path / "cache")
    assert shelf.read("x") is None
    shelf.write("x", b"data")
    assert shelf.read("x") == b"data"
    assert (tmp_path / "cache" / "x.patterns").stat().st_mode & 0o777 == 0o600


def test_what_others_could_have_written_is_not_read(tmp_path):
    folder = tmp_path / "cache"
    shelf = Shelf(folder)
    shelf.write("x", b"data")
    (folder / "x.patterns").chmod(0o666)
    assert shelf.read("x") is None
    (folder / "x.patterns").chmod(0o600)
    folder.chmod(0o777)
    assert shelf.read("x") is None
    shelf.write("y", b"data")
    assert not (folder / "y.patterns").exists()
    folder.chmod(0o700)
    assert shelf.read("x") == b"data"
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert Shelf(link).read("x") is None


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 40])
def test_what_is_damaged_is_not_read(tmp_path, data):
    shelf = Shelf(tmp_path)
    tmp_path.chmod(0o700)
    shelf.write("x", b"data")
    (tmp_path / "x.patterns").write_bytes(data)
    assert shelf.read("x") is None


def test_few_are_kept(tmp_path):
    shelf = Shelf(tmp_path / "cache")
    for number in range(20):
        shelf.write(f"n{number}", b"data")
        os.utime(tmp_path / "cache" / f"n{number}.patterns", (number, number))
    assert len(list((tmp_path / "cache").glob("*.patterns"))) == 16
    assert shelf.read("n0") is None
    assert shelf.read("n19") == b"data"


def test_without_a_folder_nothing_is_kept():
    shelf = Shelf(None)
    shelf.write("x", b"data")
    assert shelf.read("x") is None


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path):
    (tmp_path / "file").write_text("")
    Shelf(tmp_path / "file" / "cache").write("x", b"data")


def test_a_database_is_made_after_many_texts_and_loaded_at_once_by_the_next(tmp_path):
    pytest.importorskip("hyperscan")
    shelf = Shelf(tmp_path / "cache")
    engine = Engine([("acme", PATTERN)])
    warming = Warming(engine, shelf)
    warming.seen(PATIENCE - 1)
    assert not engine.ready
    warming.seen(1)
    warming.seen(1)
    deadline = time.monotonic() + 20
    while not list((tmp_path / "cache").glob("*.patterns")) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert engine.ready
    again = Engine([("acme", PATTERN)])
    Warming(again, shelf).seen(1)
    assert again.ready
    assert [hit.kind for hit in again.scan("acme", "an acme1234")] == ["a"]


def test_a_policy_notes_what_it_scans(monkeypatch):
    seen = []

    class Noting:
        def seen(self, texts):
            seen.append(texts)

    monkeypatch.setattr(scanning, "warming", lambda folder: Noting())
    policy = Policy.load("policies: [{id: a, when: {text: {contains_secret: true}}, action: deny}]")
    with policy.session() as session:
        assert session.evaluate(Request.tool_call("t", a="x", b=["y"])).decision == "allow"
    assert seen == [4]  # two names, two values
