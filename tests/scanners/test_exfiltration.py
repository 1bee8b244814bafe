"""What carries data out is found, whatever the code; what only has an address passes."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from referee.model.packs import spelled
from referee.scanners.builtin import builtin
from referee.scanners.validators import cargo

CORPUS = Path(__file__).parents[1] / "corpus" / "exfiltration"
LEAST = 0.5


def _kinds(text: str) -> set[str]:
    return {hit.kind for hit in builtin()["exfiltration"].scan(text) if hit.score >= LEAST}


def _outward() -> list[str]:
    data = yaml.safe_load((CORPUS / "outward.yaml").read_text(encoding="utf-8"))
    codes = {
        "base64": lambda raw: base64.b64encode(raw).decode(),
        "urlsafe": lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="),
        "hex": lambda raw: raw.hex(),
        "base32": lambda raw: base64.b32encode(raw).decode(),
    }
    found = [
        form.replace("{text}", code(text.encode()))
        for form in data["forms"]
        for text in data["texts"]
        for code in codes.values()
    ]
    for form in data["hosts"]:
        for text in data["texts"]:
            raw = text.encode()[:24]
            found.append(form.format(hex=raw.hex(), base32=base64.b32encode(raw).decode().rstrip("=").lower()))
    return found + [spelled(other) for other in data["others"]]


def test_what_carries_something_is_found():
    rows = _outward()
    missed = [row for row in rows if not _kinds(row)]
    assert len(rows) >= 150
    assert len(missed) <= 0.02 * len(rows), missed


def test_what_carries_nothing_passes():
    rows = yaml.safe_load((CORPUS / "ordinary.yaml").read_text(encoding="utf-8"))
    assert len(rows) >= 110
    assert [(row, kinds) for row in rows if (kinds := _kinds(row))] == []


@pytest.mark.parametrize(
    ("host", "does"),
    [
        ("d1a2b3c4e5f60718293a4b5c6d7e8f90.e5f60718293a4b5c.evil.example", True),
        ("4a6f686e20446f652c20313233342c20.t.evil.example", True),
        ("nb2hi4dthixs6zlymfwxa3dffzrw63i.t.evil.example", True),
        ("averylongwordthatisnorandomlabelatall.example.com", False),
        ("my-very-long-service-name-with-words.example.com", False),
        ("www.example.com", False),
        ("example", False),
    ],
)
def test_labels(host, does):
    assert cargo.tunnels(host) is does


@given(st.text(max_size=300))
def test_validators_never_raise(text):
    for valid in cargo.VALIDATORS.values():
        assert valid(text) in {True, False}
        assert valid(f"https://e.example/?a={text}") in {True, False}


@given(st.binary(min_size=16, max_size=64))
def test_random_octets_are_no_text(raw):
    said = any(32 <= octet < 127 for octet in raw)
    if sum(octet >= 128 or octet < 9 for octet in raw) > len(raw) * 0.1:
        assert not cargo.carries_text(f"https://e.example/?a={base64.urlsafe_b64encode(raw).decode()}") or not said
