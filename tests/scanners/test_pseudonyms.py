"""Pseudonyms are stable, unlike their values, of the shape of their kind, and given back to the key alone."""

from __future__ import annotations

import ipaddress
import pickle

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referee.scanners import pseudonyms
from referee.scanners.pseudonyms import Vault

KEY = b"0123456789abcdef"


def test_a_value_has_one_pseudonym_a_session():
    one, again, other, another_key = Vault(KEY, "s"), Vault(KEY, "s"), Vault(KEY, "t"), Vault(KEY + b"x", "s")
    name = one.name("email", "a@b.io")
    assert name == one.name("email", "a@b.io") == again.name("email", "a@b.io")
    assert (
        len({name, other.name("email", "a@b.io"), another_key.name("email", "a@b.io"), one.name("email", "c@b.io")})
        == 4
    )
    assert one.name("ssn", "a@b.io") != name


def test_pseudonyms_look_like_what_they_stand_for():
    vault = Vault(KEY)
    for number in range(200):
        local, _, domain = vault.name("email", f"x{number}@y.io").partition("@")
        assert local.isalnum()
        assert domain == "pseudonym.example.com"
        phone = phonenumbers.parse(vault.name("phone_number", f"415555{number:04}"))
        assert phonenumbers.is_possible_number(phone)
        assert "55501" in str(phone.national_number)
        assert ipaddress.ip_address(vault.name("ip_address", f"8.8.8.{number}")) in ipaddress.ip_network(
            "198.18.0.0/15"
        )
        assert ipaddress.ip_address(vault.name("ip_address", f"2600::{number}")) in ipaddress.ip_network(
            "2001:db8::/32"
        )
        assert vault.name("mac_address", f"aa:bb:cc:dd:ee:{number:02x}").startswith("02:")
        assert vault.name("ssn", str(number)).startswith("ssn_")
        assert len(str(vault.number("credit_card", str(number)))) == 12
    assert len(vault) == 1400


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["email", "phone_number", "ip_address", "mac_address", "ssn", "a_b", "x"]),
            st.text(max_size=30),
        ),
        max_size=8,
    )
)
def test_the_key_gives_values_back_wherever_they_stand(values):
    vault = Vault(KEY, "s")
    names = [vault.name(kind, value) for kind, value in values]
    said = "<" + "> mailto:<".join(f"{name}." for name in names) + ">"
    told = "<" + "> mailto:<".join(f"{value}." for _, value in values) + ">"
    assert vault.reveal(said, KEY) == told
    for value in {value for _, value in values if len(value) > 4}:
        assert value not in repr(vault)
        assert value.encode("utf-8", "replace") not in pickle.dumps([vault._sealed, list(vault._known.values())])


def test_a_wrong_key_gives_nothing_back_and_a_changed_value_is_noticed():
    vault = Vault(KEY, "s")
    name = vault.name("email", "a@b.io")
    for key in (b"", b"fedcba9876543210", KEY[:-1]):
        with pytest.raises(ValueError, match="not the key"):
            vault.reveal(name, key)
    vault._sealed[name] = vault._sealed[name][:-1] + bytes([vault._sealed[name][-1] ^ 1])
    with pytest.raises(ValueError, match="was changed"):
        vault.reveal(name, KEY)
    assert Vault(KEY, "s").reveal(name, KEY) == name


def test_what_is_a_pseudonym_is_known_as_one():
    vault = Vault(KEY)
    name = vault.name("email", "a@b.io")
    text = f"mailto:{name}. x@pseudonym.example.com"
    at = text.index(name)
    assert vault.knows(text, at, at + len(name))
    assert vault.knows(text, at + 3, at + 20)
    assert not vault.knows(text, 0, at + 4)
    assert not vault.knows(text, text.index("x@"), len(text))
    assert not vault.knows(name.replace("u", "v", 1), 0, len(name))
    assert not vault.knows("a" * 500, 0, 500)


def test_two_values_never_share_a_pseudonym(monkeypatch):
    monkeypatch.setitem(
        pseudonyms._SHAPES, "email", lambda _value, digest: f"u{'abc'[digest[0] % 3] * 11}@pseudonym.example.com"
    )
    vault = Vault(KEY)
    names = {vault.name("email", str(number)) for number in range(40)}
    assert len(names) == 40
    assert sum(name.startswith("email_") for name in names) == 37
    assert vault.reveal(" ".join(sorted(names)), KEY).split().__len__() == 40


def test_a_vault_is_bounded(monkeypatch):
    monkeypatch.setattr(pseudonyms, "MAX_VALUES", 3)
    vault = Vault(KEY)
    for number in range(3):
        vault.name("x", str(number))
    with pytest.raises(ValueError, match="too many"):
        vault.name("x", "more")
    assert vault.name("x", "1")
