"""The rules of Kingfisher, as a scanner that a policy is handed."""

from __future__ import annotations

import sys

import pytest

from referee import Policy, Request
from referee.model.packs import body
from referee.scanners.kingfisher import KingfisherScanner
from referee.scanners.protocol import Scanner

KEY = "ghp_" + body(36)
POLICY = """
default: allow
scanners: {kingfisher: {kinds: [secret_key]}}
policies:
  - id: no-keys
    when: {text: {scan: kingfisher}}
    action: deny
    message: no keys
"""


@pytest.fixture(scope="module")
def scanner() -> KingfisherScanner:
    pytest.importorskip("kingfisher_sdk")
    return KingfisherScanner(seconds=20)


def test_a_finding_stands_where_the_text_has_it(scanner):
    for before in ("", "x = ", "\u00e9\u4e2d\U0001f600 ", "a\ud800b "):
        text = f"{before}{KEY}\n"
        (hit,) = scanner.scan(text)
        assert (text[hit.start : hit.end], hit.kind, hit.score) == (KEY, "secret_key", 1.0)


def test_harmless_texts_and_hostile_ones(scanner):
    assert scanner.scan("the token is sent in a header") == scanner.scan("") == scanner.scan("\x00\ud800") == []


def test_a_policy_asks_it(scanner):
    handed: Scanner = scanner
    with Policy.load(POLICY, scanners={"kingfisher": handed}).session() as session:
        assert session.evaluate(Request.tool_call("send", text=f"use {KEY} now")).decision == "deny"
        assert session.evaluate(Request.tool_call("send", text="use no key")).decision == "allow"


def test_without_the_package_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "kingfisher_sdk", None)
    with pytest.raises(ImportError, match=r"referee\[kingfisher\]"):
        KingfisherScanner()


def test_what_takes_too_long_is_an_error(scanner, monkeypatch):
    def late(*_args: object, **_names: object) -> list[object]:
        raise TimeoutError

    monkeypatch.setattr(scanner._scanner, "scan", late)
    with pytest.raises(TimeoutError):
        scanner.scan("x")
    with Policy.load(POLICY, scanners={"kingfisher": scanner}).session() as session:
        assert session.evaluate(Request.tool_call("send", text="x")).decision != "allow"
