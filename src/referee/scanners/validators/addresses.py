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


_OPEN: Final = frozenset({
    "8.8.8.8", "8.8.4.4", "1.0.0.1", "9.9.9.9", "149.112.112.112", "208.67.222.222", "208.67.220.220", "4.2.2.2",
    "169.254.169.254", "1.2.3.4", "4.3.2.1", "10.0.2.2", "172.17.0.1", "10.96.0.1",
})  # fmt: skip
"""Servers that all the world uses, and what manuals write for any address."""


def _open(text: str) -> bool:
    return text in _OPEN or len(set(text.split("."))) == 1


def public_address(text: str) -> bool:
    """Tell whether a text is an IP address that can stand for somebody: no loopback, broadcast, multicast or open server."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version == 4 and (int(address) & 0xFFFF in {0, 0xFFFF} or int(address) >> 24 in {0, 255} or _open(text)):
        return False
    return not (
        address.is_loopback
        or address.is_unspecified
        or address.is_multicast
        or (address.version == 4 and address.is_link_local)
    )


def base58_wallet(text: str) -> bool:
    """Tell whether a text is a base58 address with a valid checksum."""
    number = 0
    for c in text:
        number = number * 58 + _BASE58[c]
    if number >> 200:
        return False
    raw = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


_RIPPLE: Final = str.maketrans(
    "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz",
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
)


def ripple_wallet(text: str) -> bool:
    """Tell whether a text is an address of Ripple, whose base58 has an order of its own."""
    return base58_wallet(text.translate(_RIPPLE))


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


_NO_HOSTS: Final = frozenset({
    "png", "jpg", "jpeg", "gif", "svg", "css", "js", "ts", "json", "html", "webp", "txt", "local", "internal", "localdomain",
    "localhost", "invalid", "lan", "service", "socket", "timer", "mount", "target", "slice", "scope", "path", "device", "dll",
    "jar", "class", "gz", "tar", "whl", "lock", "conf", "cfg", "ini", "yml", "yaml", "toml", "log", "exe", "so", "rb",
    "length", "value", "name", "size", "shape", "weight", "data", "prototype", "t",
})  # fmt: skip
"""What follows a dot in file names, in units of systemd, on machines without a name in the world, and in code."""
_NOBODY: Final = frozenset({"git", "hg", "svn", "root", "localhost"})


def mailbox(text: str) -> bool:
    """Tell whether a text with an ``@`` is the address of somebody: no file name, no address of a service's clone."""
    local, _, host = text.rpartition("@")
    return (
        not local.endswith((".", "-"))
        and ".." not in local
        and host.rsplit(".", 1)[-1].lower() not in _NO_HOSTS
        and local.lower() not in _NOBODY
        and not host.startswith(("self.", "np."))
        and any(c.isalnum() for c in local)
    )


def lone_ipv4(text: str) -> bool:
    """Tell whether a text that stands beside no word for an address is one: no version, no section number."""
    return public_address(text) and max(map(int, text.split("."))) > 31 and not text.endswith((".0", ".255"))


def ipv6(text: str) -> bool:
    """Tell whether a text is an IPv6 address that can stand for somebody."""
    groups = [group for group in text.split(":") if group]
    written = len(groups) >= 4 or max(map(len, groups), default=0) >= 3
    return ("::" in text or text.count(":") == 7) and written and public_address(text)


_EXAMPLE_CARDS: Final = frozenset({"001122334455", "aabbccddeeff", "112233445566", "0123456789ab", "123456789abc"})


def mac(text: str) -> bool:
    """Tell whether a text is the address of a network card, no filler and no row of digits."""
    number = "".join(c for c in text.lower() if c.isalnum())
    return len(set(number)) > 3 and number not in _EXAMPLE_CARDS


def mac_of_letters(text: str) -> bool:
    """Tell whether a text in groups is the address of a network card: it has letters and digits."""
    return mac(text) and any(c.isalpha() for c in text) and sum(c.isdigit() for c in text) > 2


def mixed_ether_wallet(text: str) -> bool:
    """Tell whether a text is written as wallets write addresses: capitals and small letters mixed, to check them by.

    The check itself takes a digest that the standard library lacks; in Python it would cost more than it tells.
    """
    letters = text[2:]
    small, large = (len(set(filter(test, letters))) for test in (str.islower, str.isupper))
    return small >= 3 and large >= 3 and len(set(filter(str.isdigit, letters))) >= 5


def ether_wallet(text: str) -> bool:
    """Tell whether a text that begins with ``0x`` is an address, no filler."""
    return len(set(text[2:].lower())) > 4


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "ripple_wallet": ripple_wallet,
    "base58_wallet": base58_wallet,
    "bech32_wallet": bech32_wallet,
    "ether_wallet": ether_wallet,
    "ip": public_address,
    "ipv6": ipv6,
    "lone_ipv4": lone_ipv4,
    "mac": mac,
    "mac_of_letters": mac_of_letters,
    "mailbox": mailbox,
    "mixed_ether_wallet": mixed_ether_wallet,
}
