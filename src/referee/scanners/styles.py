"""What is put in place of a value that is removed: one writer a style.

Rule 1: no style keeps enough of a value to recover it: at most four of its characters, and only where that gives nothing back.
Rule 2: what stands in place of a number is a number, without a sign, a fraction or a separator.
Rule 3: a keyed style writes the same for the same value and key, and nothing can be learnt from it without the key.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from decimal import Decimal
from functools import cache
from typing import Final

from referee.model.names import Style
from referee.scanners.pseudonyms import Vault, derived

Number = int | float | Decimal

LEAST_FIRST: Final[tuple[Style, ...]] = ("remove", "placeholder", "hash", "pseudonym", "mask", "last_four")
"""The styles, from the one that leaves least to the one that leaves most."""

LAST_FOUR: Final[frozenset[str]] = frozenset({"bank_account", "credit_card", "crypto_wallet", "iban", "phone_number"})
"""The kinds whose last four characters may be kept. Of others they are the part that identifies (of a social security number), or
are guessed from (of a password), or are no digits of the value at all (of a private key)."""
_NUMBERED: Final = re.compile(r"\+?[A-Z0-9(](?:[ ().\-/]{0,3}[A-Z0-9]){8,40}", re.ASCII | re.IGNORECASE)
"""A value that is written out; one that was found in an encoded text is not, and keeps nothing."""
_SIZES: Final = (4, 8, 16, 32, 64)


class Writer:
    """Writes what stands in place of values. ``key`` keys the styles ``hash`` and ``pseudonym``; without one it is this process's.

    >>> Writer().text("mask", "email", "ada@acme.io"), Writer().text("last_four", "credit_card", "4111 1111 1111 1111")
    ('a***@***.io', '************1111')
    >>> Writer().number("last_four", "credit_card", 4111111111111111), Writer().number("placeholder", "ssn", 123456789)
    (1111, 0)
    """

    __slots__ = ("_key", "_vault")

    def __init__(self, key: bytes = b"", vault: Vault | None = None) -> None:
        self._key = derived(key, "hash") if key else _process_key()
        self._vault = vault

    def text(self, style: Style, kind: str, text: str) -> str:
        """Write what stands in place of a text.

        Raises:
            KeyError: the style is unknown.
            ValueError: there is no pseudonym left.
        """
        if style == "placeholder":
            return f"[REDACTED:{kind}]"
        if style == "remove":
            return ""
        if style == "hash":
            return f"[{kind}#{self._digest(kind, text)}]"
        if style == "pseudonym":
            return self._names().name(kind, text)
        if style == "mask" and kind == "email" and "@" in text:
            return f"{text[0]}***@***.{_ending(text)}"
        if style == "last_four" or (style == "mask" and kind == "credit_card"):
            return _last_four(kind, text)
        if style == "mask":
            return _stars(text)
        raise KeyError(style)

    def number(self, style: Style, kind: str, number: Number) -> Number:
        """Write what stands in place of a number: another one of the same type.

        Raises:
            KeyError: the style is unknown.
            ValueError: there is no pseudonym left.
        """
        spelled = written(number)
        if style in ("placeholder", "mask", "remove"):
            return type(number)(0)
        if style == "last_four":
            kept = kind in LAST_FOUR and _NUMBERED.fullmatch(spelled)
            return type(number)(int(spelled[-4:]) if kept else 0)
        if style == "hash":
            return type(number)(10**11 + int(self._digest(kind, spelled), 16) % 10**11)
        if style == "pseudonym":
            return type(number)(self._names().number(kind, spelled))
        raise KeyError(style)

    def _names(self) -> Vault:
        if self._vault is None:
            self._vault = _process_vault()
        return self._vault

    def _digest(self, kind: str, text: str) -> str:
        data = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, key=self._key, digest_size=8).hexdigest()


def written(number: Number) -> str:
    """Write a number as its digits, so that 1 and 1.0 are one value."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e17:
        return str(int(number))
    if isinstance(number, int) and number.bit_length() > 512:
        return hex(number)
    return str(number)


def least(one: Style, other: Style) -> Style:
    """Return the style that leaves less."""
    return one if LEAST_FIRST.index(one) <= LEAST_FIRST.index(other) else other


def _stars(text: str) -> str:
    return "*" * next(size for size in _SIZES if size >= min(len(text), _SIZES[-1]))


def _last_four(kind: str, text: str) -> str:
    """Keep four characters of a value of a kind that allows it, and say nothing about its length."""
    if kind not in LAST_FOUR or not _NUMBERED.fullmatch(text):
        return _stars(text)
    kept = re.sub(r"[^A-Za-z0-9]", "", text)[-4:]
    return f"************{kept}"


def _ending(text: str) -> str:
    ending = text.rsplit(".", 1)[-1]
    return ending if ending.isalpha() and len(ending) <= 8 else "***"


@cache
def _process_key() -> bytes:
    return secrets.token_bytes(32)


@cache
def _process_vault() -> Vault:
    return Vault(_process_key())
