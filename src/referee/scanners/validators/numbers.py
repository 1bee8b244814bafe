"""Numbers of cards and of social security.

Rule 1: a check digit decides where there is one; else the number must be one that can be given to somebody.
"""

from __future__ import annotations

from collections.abc import Callable
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
    (1800, 1800, frozenset({15})),
    (2131, 2131, frozenset({15})),
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
    (5018, 5038, frozenset({12, 13, 14, 15})),
    (56, 58, frozenset(range(12, 20))),
    (6304, 6304, frozenset(range(12, 20))),
    (6759, 6763, frozenset(range(12, 20))),
    (67, 67, frozenset(range(16, 20))),
    (636, 639, frozenset({16})),
    (2200, 2204, frozenset(range(16, 20))),
)


def card(text: str) -> bool:
    """Tell whether a text is a card number of a known network."""
    number = digits(text)
    known = any(
        low <= int(number[: len(str(low))]) <= high and len(number) in lengths for low, high, lengths in _NETWORKS
    )
    return known and len(set(number)) > 1 and luhn(number)


def any_card(text: str) -> bool:
    """Tell whether a text beside a word for it is a card number, of whatever network."""
    number = digits(text)
    return 12 <= len(number) <= 19 and len(set(number)) > 1 and luhn(number)


def ssn_area(text: str) -> bool:
    """Tell whether a text begins like a social security number: with an area that can be given out."""
    return text[:3] not in {"000", "666"}


def ssn(text: str) -> bool:
    """Tell whether a text can be a social security number: of such an area, and more than one digit."""
    return ssn_area(text) and len(set(digits(text))) > 1


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "any_card": any_card,
    "card": card,
    "luhn": luhn,
    "ssn": ssn,
    "ssn_area": ssn_area,
}
