"""What tells a real value from one that only has its shape: check digits, entropy, placeholders.

Rule 1: a check is a pure function of the matched text and never raises.
Rule 2: libraries of national numbers are loaded when the first candidate needs them.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

_FORM_WORDS = re.compile(
    r"example|your|x{4}|change.?me|placeholder|dummy|sample|redacted|insert|replace|\*{3}|\.{3}|<|>|\$\{|\$\(|\{\{|%[({]"
    r"|987654321|1234567890|0123456789|abcdefgh|qwerty|fake|foobar|lorem|not.?a.?real|secret.?here|goes.?here|key.?here|masked|\A[a-z_]{2,40}_[0-9a-f]{8}\Z",
    re.IGNORECASE,
)
_BASE58 = {c: i for i, c in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32 = {c: i for i, c in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def digits(text: str) -> str:
    """Keep the digits of a text."""
    return "".join(c for c in text if "0" <= c <= "9")


def luhn(number: str) -> bool:
    """Check the last digit of a card number.

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    doubled = (int(c) * 2 for c in number[-2::-2])
    return (sum(int(c) for c in number[-1::-2]) + sum(d - 9 * (d > 9) for d in doubled)) % 10 == 0


# first digits of a card number, and the lengths its network issues
_NETWORKS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 19})),
    (51, 55, frozenset({16})),
    (2221, 2720, frozenset({16})),
    (34, 34, frozenset({15})),
    (37, 37, frozenset({15})),
    (300, 305, frozenset({14})),
    (36, 36, frozenset({14, 16})),
    (38, 39, frozenset({14, 16})),
    (3528, 3589, frozenset(range(16, 20))),
    (6011, 6011, frozenset(range(16, 20))),
    (644, 659, frozenset(range(16, 20))),
    (62, 62, frozenset(range(16, 20))),
    (60, 60, frozenset({16})),
    (50, 50, frozenset(range(16, 20))),
    (56, 58, frozenset(range(16, 20))),
    (2200, 2204, frozenset(range(16, 20))),
)


def card(text: str) -> bool:
    """Tell whether a text is a card number of a known network."""
    number = digits(text)
    known = any(
        low <= int(number[: len(str(low))]) <= high and len(number) in lengths for low, high, lengths in _NETWORKS
    )
    return known and len(set(number)) > 1 and luhn(number)


def iban(text: str) -> bool:
    """Tell whether a text is an IBAN: the length of its country and the check digits."""
    return national("iban")(text)


def national(module: str) -> Callable[[str], bool]:
    """Make the check of one national number, by its module in ``stdnum``."""

    def check(text: str) -> bool:
        try:
            return bool(import_module(f"stdnum.{module}").is_valid(text))
        except (LookupError, ValueError):
            return True  # the library lost its way in its tables: unchecked is not harmless

    return check


def public_address(text: str) -> bool:
    """Tell whether a text is an IP address that can stand for somebody: no loopback, broadcast or multicast."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version == 4 and (int(address) & 0xFFFF == 0 or int(address) >> 24 in {0, 255}):
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local)


def international_phone(text: str) -> bool:
    """Tell whether a text with a leading ``+`` is a telephone number that can exist."""
    phonenumbers = import_module("phonenumbers")
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(number)) and len(set(digits(text))) > 2


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


def entropy(text: str) -> float:
    """Measure the bits a character of a text.

    >>> entropy("aaaa"), entropy("abab")
    (0.0, 1.0)
    """
    counts = Counter(text).values()
    return sum(n / len(text) * math.log2(len(text) / n) for n in counts) if text else 0.0


def placeholder(text: str) -> bool:
    """Tell whether a value stands for a secret instead of being one.

    >>> placeholder("YOUR_API_KEY"), placeholder("${TOKEN}"), placeholder("a8Fk20sLq")
    (True, True, False)
    """
    return _FORM_WORDS.search(text) is not None or len(set(text)) < 4


@lru_cache(maxsize=1)
def _plain_words() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z]{2,300}(?:[_.\-/ :][A-Za-z]{2,300})+[_.-]?\d{0,9}|[A-Za-z]{2,300}\d{0,2}")


def token(text: str) -> bool:
    """Tell whether the text of a key with a known form is more than a form."""
    return not placeholder(text) and entropy(text) > 2.5


def generic_key(text: str) -> bool:
    """Tell whether a value beside a key's name is random enough to be one: letters and digits in no order."""
    return (
        not placeholder(text)
        and entropy(text) >= (3.0 if set(text) <= set("0123456789abcdefABCDEF") else 3.5)
        and any(c.isdigit() for c in text)
        and any(c.isalpha() for c in text)
        and not _plain_words().fullmatch(text)
    )


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


def north_american_phone(text: str) -> bool:
    """Tell whether a text is written as a telephone number of the United States or Canada."""
    number = digits(text.lower().split("x")[0]).lstrip("0")
    return len(number) in {10, 11} and len(set(number)) > 2 and text.count("(") == text.count(")")


def local_phone(text: str) -> bool:
    """Tell whether a text beside a word for telephone is a number: 9 to 13 digits that are no date and no address."""
    number = digits(text)
    return (
        9 <= len(number) <= 13
        and len(set(number)) > 2
        and text.count("(") == text.count(")")
        and not re.fullmatch(
            r"\d{4}[-/.]\d\d[-/.]\d\d.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}.*|\d+\.\d+\.\d+\.\d+|\d{10}\.\d+", text
        )
    )
