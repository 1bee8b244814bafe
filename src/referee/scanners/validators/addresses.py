"""Addresses of people, machines and purses.

Rule 1: an address counts if it can stand for somebody: no loopback, no example of a manual, no clone URL.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable
from typing import Final

_BASE58 = {c: i for i, c in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32 = {c: i for i, c in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def public_address(text: str) -> bool:
    """Tell whether a text is an IP address that can stand for somebody: no loopback, broadcast or multicast."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version == 4 and (int(address) & 0xFFFF == 0 or int(address) >> 24 in {0, 255}):
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local)


def base58_wallet(text: str) -> bool:
    """Tell whether a text is a base58 address with a valid checksum."""
    number = 0
    for c in text:
        number = number * 58 + _BASE58[c]
    if number >> 200:
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def bech32_wallet(text: str) -> bool:
    """Tell whether a text is a bech32 or bech32m address with a valid checksum."""
    prefix, _, data = text.lower().rpartition("1")
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    values += [_BECH32.get(c, 32) for c in data]
    if max(values) > 31:
        return False
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, step in enumerate(_BECH32_STEPS):
            check ^= step if top >> i & 1 else 0
    return check in {1, 0x2BC830A3}


_FILE_ENDS = frozenset(
    {"png", "jpg", "jpeg", "gif", "svg", "css", "js", "ts", "py", "md", "json", "html", "webp", "txt", "local"}
)


def mailbox(text: str) -> bool:
    """Tell whether a text with an ``@`` is the address of somebody: no file name, no address of a service's clone."""
    local, _, host = text.rpartition("@")
    return (
        not local.endswith((".", "-"))
        and ".." not in local
        and host.rsplit(".", 1)[-1].lower() not in _FILE_ENDS
        and local.lower() not in {"git", "hg", "svn"}
    )


def lone_ipv4(text: str) -> bool:
    """Tell whether a text that stands beside no word for an address is one: no version, no section number."""
    return public_address(text) and max(map(int, text.split("."))) > 31


def ipv6(text: str) -> bool:
    """Tell whether a text is an IPv6 address that can stand for somebody."""
    return ("::" in text or text.count(":") == 7) and public_address(text)


def mac(text: str) -> bool:
    """Tell whether a text is the address of a network card, no filler."""
    return len(set(text.lower())) > 3


def ether_wallet(text: str) -> bool:
    """Tell whether a text that begins with ``0x`` is an address, no filler."""
    return len(set(text[2:].lower())) > 4


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "base58_wallet": base58_wallet,
    "bech32_wallet": bech32_wallet,
    "ether_wallet": ether_wallet,
    "ip": public_address,
    "ipv6": ipv6,
    "lone_ipv4": lone_ipv4,
    "mac": mac,
    "mailbox": mailbox,
}
