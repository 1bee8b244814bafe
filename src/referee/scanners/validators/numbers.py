"""Numbers of cards, accounts and telephones.

Rule 1: a check digit decides where there is one; else the number must be one that can be given to somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Final


def digits(text: str) -> str:
    """Keep the digits of a text."""
    return "".join(c for c in text if "0" <= c <= "9")


def luhn(number: str) -> bool:
    """Check the last digit of a card number.

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    number = digits(number)
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


def international_phone(text: str) -> bool:
    """Tell whether a text with a leading ``+`` is a telephone number that can exist."""
    phonenumbers = import_module("phonenumbers")
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_possible_number(number)) and len(set(digits(text))) > 2


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


def ssn_area(text: str) -> bool:
    """Tell whether a text begins like a social security number: with an area that can be given out."""
    return text[:3] not in {"000", "666"}


def ssn(text: str) -> bool:
    """Tell whether a text can be a social security number: of such an area, and more than one digit."""
    return ssn_area(text) and len(set(digits(text))) > 1


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "card": card,
    "international_phone": international_phone,
    "local_phone": local_phone,
    "luhn": luhn,
    "north_american_phone": north_american_phone,
    "ssn": ssn,
    "ssn_area": ssn_area,
}
