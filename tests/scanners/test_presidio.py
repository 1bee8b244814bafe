"""Presidio behind the seam of scanners: what it finds under our names, and that it never leaves the machine."""

from __future__ import annotations

import socket

import pytest

from referee import Policy, Request
from referee.scanners import presidio
from referee.scanners.presidio import KINDS, PresidioScanner, kind_of

pytest.importorskip("presidio_analyzer", reason="an optional scanner: `make test-long` installs it")
pytestmark = pytest.mark.long


@pytest.fixture(scope="module", autouse=True)
def _no_network():
    """Refuse every connection, and every name that would be looked up for one."""

    def refuse(*_args, **_named):
        raise OSError("no network here")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


@pytest.fixture(scope="module")
def scanner():
    return PresidioScanner()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("write to info@presidio.site today", "email", "info@presidio.site"),
        ("card 4012-8888-8888-1881", "credit_card", "4012-8888-8888-1881"),
        ("my ssn is 078-05-1126", "ssn", "078-05-1126"),
        ("IBAN DE44 5001 0517 5407 3249 31", "iban", "DE44 5001 0517 5407 3249 31"),
        ("call (415) 555-0132", "phone_number", "(415) 555-0132"),
    ],
)
def test_it_finds_under_our_names(scanner, text, kind, value):
    hits = [hit for hit in scanner.scan(text) if hit.kind == kind and hit.score >= 0.5]
    assert [text[hit.start : hit.end] for hit in hits] == [value]


def test_a_word_beside_a_number_makes_it_surer(scanner):
    def score(text):
        return max(hit.score for hit in scanner.scan(text) if hit.kind == "passport")

    assert score("my passport is 912803456") > score("my number is 912803456")


def test_nothing_is_found_in_nothing(scanner):
    assert scanner.scan("") == []
    assert [hit for hit in scanner.scan("hello world") if hit.score >= 0.5] == []


def test_a_model_that_is_not_installed_is_an_error_and_no_download():
    with pytest.raises(ValueError, match="is not installed, and none is fetched"):
        PresidioScanner(model="en_no_such_model")


def test_a_policy_asks_it(scanner):
    policy = Policy.load(
        """
        default: allow
        scanners: {presidio: {kinds: [email, person]}}
        policies:
          - {id: mails, when: {text: {scan: {scanner: presidio, kinds: email}}}, action: deny}
        """,
        scanners={"presidio": scanner},
    )
    with policy.session() as session:
        assert session.evaluate(Request.tool_call("send", text="to info@presidio.site")).decision == "deny"
        assert session.evaluate(Request.tool_call("send", text="to nobody")).decision == "allow"


def test_kinds_are_named_as_policies_do():
    assert kind_of("PERSON") == "person"
    assert len(set(KINDS)) == len(KINDS)
    assert presidio.__doc__
