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


_ROTATIONS: Final = (
    (0, 36, 3, 41, 18), (1, 44, 10, 45, 2), (62, 6, 43, 15, 61), (28, 55, 25, 21, 56), (27, 20, 39, 8, 14),
)  # fmt: skip
_ROUNDS: Final = (
    0x1, 0x8082, 0x800000000000808A, 0x8000000080008000, 0x808B, 0x80000001, 0x8000000080008081, 0x8000000000008009,
    0x8A, 0x88, 0x80008009, 0x8000000A, 0x8000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080,
    0x80000001, 0x8000000080008008,
)  # fmt: skip
_WORD: Final = (1 << 64) - 1


def _turned(value: int, by: int) -> int:
    return (value << by | value >> (64 - by)) & _WORD if by else value


def keccak(message: bytes) -> str:
    """Digest up to 135 bytes with Keccak-256 as Ethereum uses it, which is not the SHA-3 of the standard library.

    >>> keccak(b"")[:16]
    'c5d2460186f7233c'
    """
    block = bytearray(136)
    block[: len(message) + 1] = message + b"\x01"
    block[135] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for i in range(17):
        lanes[i % 5][i // 5] = int.from_bytes(block[8 * i : 8 * i + 8], "little")
    for constant in _ROUNDS:
        columns = [lane[0] ^ lane[1] ^ lane[2] ^ lane[3] ^ lane[4] for lane in lanes]
        change = [columns[x - 1] ^ _turned(columns[(x + 1) % 5], 1) for x in range(5)]
        moved = [[0] * 5 for _ in range(5)]
        for x in range(5):
            for y in range(5):
                moved[y][(2 * x + 3 * y) % 5] = _turned(lanes[x][y] ^ change[x], _ROTATIONS[x][y])
        lanes = [
            [moved[x][y] ^ (~moved[(x + 1) % 5][y] & moved[(x + 2) % 5][y] & _WORD) for y in range(5)] for x in range(5)
        ]
        lanes[0][0] ^= constant
    return b"".join(lanes[i][0].to_bytes(8, "little") for i in range(4)).hex()


def checked_ether_wallet(text: str) -> bool:
    """Tell whether the capitals of an address of Ethereum are its check sum (EIP-55)."""
    letters = text[2:]
    if letters in {letters.lower(), letters.upper()}:
        return False
    wanted = keccak(letters.lower().encode())
    return all(c.isdigit() or c.isupper() == (int(wanted[i], 16) > 7) for i, c in enumerate(letters))


def ether_wallet(text: str) -> bool:
    """Tell whether a text that begins with ``0x`` is an address, no filler."""
    return len(set(text[2:].lower())) > 4


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "checked_ether_wallet": checked_ether_wallet,
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
}
