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
from referee.scanners.protocol import Hit

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
    shelf = Shelf(tmp_path / "file" / "cache")
    shelf.write("x", b"data")
    assert shelf.read("x") is None
    assert (tmp_path / "file").read_text() == ""


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


POLICY = """
default: allow
scanners:
  acme: {patterns: [{id: a, kind: customer, pattern: 'AC-[0-9]{6}', examples: [AC-123456]}]}
  secret: {patterns: [{id: a, kind: acme_key, pattern: 'acme_[0-9]{6}', examples: [acme_123456]}]}
  handed: {kinds: [project]}
policies:
  - {id: a, when: {text: {scan: acme}}, phase: pre, action: deny, message: customers}
  - {id: b, when: {text: {contains_secret: true}}, phase: pre, action: deny, message: keys}
  - {id: c, when: {tool: ask, text: {scan: handed}}, phase: pre, action: deny, message: projects}
  - {id: d, action: redact, phase: [post], kinds: [customer, email]}
"""


class Handed:
    name = "handed"

    def scan(self, text):
        return [Hit(0, 6, "project")] if text.startswith("Apollo") else []


def decided(policy: Policy, tool: str, text: str) -> tuple[str, str]:
    with policy.session() as session:
        decision = session.evaluate(Request.tool_call(tool, text=text))
        return decision.decision, ",".join(rule.id for rule in decision.matched)


def test_patterns_of_a_policy_find_what_built_in_ones_do_not():
    policy = Policy.load(POLICY, scanners={"handed": Handed()})
    assert decided(policy, "t", "AC-123456") == ("deny", "a")
    assert decided(policy, "t", "acme_123456") == ("deny", "b")
    assert decided(policy, "t", "AKIA" + "Q7ZWX2KD5RM4NJ6T") == ("deny", "b")
    assert decided(policy, "ask", "Apollo") == ("deny", "c")
    assert decided(policy, "ask", "lunch")[0] == "allow"


def test_a_scanner_that_nobody_handed_in_allows_nothing():
    assert decided(Policy.load(POLICY), "ask", "lunch") == ("deny", "c")
    assert decided(Policy.load(POLICY), "t", "lunch")[0] == "allow"


def test_own_kinds_are_taken_out():
    with Policy.load(POLICY).session() as session:

        @session.guard
        def get() -> dict[str, str]:
            return {"who": "AC-123456", "mail": "jane@acme.io"}

        assert get() == {"who": "[REDACTED:customer]", "mail": "[REDACTED:email]"}


def test_a_cached_policy_keeps_its_patterns(tmp_path):
    for _ in range(2):
        policy = Policy.load(POLICY, cache=tmp_path / "cache")
        assert decided(policy, "t", "AC-123456") == ("deny", "a")


def test_patterns_beside_the_policy(tmp_path):
    (tmp_path / "p.yaml").write_text(
        "default: allow\nscanners: {acme: {from: more.yaml}}\npolicies: [{id: a, when: {text: {scan: acme}}, action: deny, message: no}]\n"
    )
    (tmp_path / "more.yaml").write_text("- {id: a, kind: customer, pattern: 'AC-[0-9]{6}', examples: [AC-123456]}\n")
    for given in (tmp_path / "p.yaml", tmp_path):
        assert decided(Policy.load(given), "t", "AC-123456")[0] == "deny"
