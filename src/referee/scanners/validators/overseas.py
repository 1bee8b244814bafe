"""Numbers that the states of America, Asia, Africa and Oceania give to people, where no library checks them.

Rule 1: the same as in ``documents``: the issuer's check digit decides, else form, date and range.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from referee.scanners.validators.documents import born, plain
from referee.scanners.validators.nationals import national
from referee.scanners.validators.numbers import digits, luhn

_TAIWAN: Final = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))


def _varied(text: str) -> bool:
    return len(set(digits(text))) > 2


def _sum(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def varied(text: str) -> bool:
    """Tell whether a text is no filler: it has more than two different digits."""
    return _varied(text)


def luhn_number(text: str) -> bool:
    """Tell whether the digits of a text end in a Luhn digit, and are no filler."""
    return luhn(text) and _varied(text)


def brazilian_social(text: str) -> bool:
    """Check a Brazilian social number.

    >>> brazilian_social("120.56874.10-7"), brazilian_social("120.56874.10-8")
    (True, False)
    """
    number = digits(text)
    return (11 - _sum(number, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 11 % 10 == int(number[10]) and _varied(text)


def brazilian_voter(text: str) -> bool:
    """Check a Brazilian voter number.

    >>> brazilian_voter("1023 8501 0671"), brazilian_voter("1023 8501 0672")
    (True, False)
    """
    number = digits(text)
    first = _sum(number[:8], (2, 3, 4, 5, 6, 7, 8, 9)) % 11 % 10
    second = (int(number[8]) * 7 + int(number[9]) * 8 + first * 9) % 11 % 10
    return 1 <= int(number[8:10]) <= 28 and number[10:] == f"{first}{second}"


def mexican_account(text: str) -> bool:
    """Check a Mexican account number.

    >>> mexican_account("032180000118359719"), mexican_account("032180000118359718")
    (True, False)
    """
    number = digits(text)
    return (10 - sum(int(d) * (3, 7, 1)[i % 3] % 10 for i, d in enumerate(number[:17])) % 10) % 10 == int(number[17])


def uruguayan(text: str) -> bool:
    """Check a Uruguayan identity number.

    >>> uruguayan("1.234.567-2"), uruguayan("1.234.567-3")
    (True, False)
    """
    number = digits(text).zfill(8)
    return (10 - _sum(number, (2, 9, 8, 7, 6, 3, 4)) % 10) % 10 == int(number[7])


def taiwanese(text: str) -> bool:
    """Check a Taiwanese identity number.

    >>> taiwanese("A123456789"), taiwanese("A123456788")
    (True, False)
    """
    letter = _TAIWAN[text[0]]
    return (letter // 10 + letter % 10 * 9 + _sum(text[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def hong_kong(text: str) -> bool:
    """Check a Hong Kong identity card number.

    >>> hong_kong("G123456(A)"), hong_kong("G123456(3)")
    (True, False)
    """
    number = plain(text)
    letters = number[:-7]
    values = [36] * (2 - len(letters)) + [ord(c) - 55 for c in letters] + [int(c) for c in number[-7:-1]]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    check = 10 if number[-1] == "A" else int(number[-1])
    return (total + check) % 11 == 0


def singaporean(text: str) -> bool:
    """Check a Singaporean identity number.

    >>> singaporean("S1234567D"), singaporean("S1234567E")
    (True, False)
    """
    number = text.upper()
    rest = (_sum(number[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(number[0], 0)) % 11
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "XWUTRQPNJLK"}.get(number[0], "XWUTRQPNMLK")
    return number[8] == (letters[10 - rest] if number[0] == "M" else letters[rest])


def korean(text: str) -> bool:
    """Tell whether a text is a Korean resident number: a day of birth and a mark of the century; newer ones have no check."""
    number = digits(text)
    century = {"1": 1900, "2": 1900, "5": 1900, "6": 1900}.get(number[6], 2000)
    return born(century + int(number[:2]), int(number[2:4]), int(number[4:6])) and _varied(number[6:])


def kazakh(text: str) -> bool:
    """Check a Kazakh identity number, with its second row of weights."""
    rest = _sum(text, tuple(range(1, 12))) % 11
    if rest == 10:
        rest = _sum(text, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return 1 <= int(text[2:4]) <= 12 and rest == int(text[11])


def vietnamese(text: str) -> bool:
    """Tell whether a text is a Vietnamese identity number: of a province that there is."""
    return 1 <= int(text[:3]) <= 96 and _varied(text)


def egyptian(text: str) -> bool:
    """Tell whether a text is an Egyptian identity number: of a day of birth that there is."""
    return born((1900 if text[0] == "2" else 2000) + int(text[1:3]), int(text[3:5]), int(text[5:7]))


def australian_medicare(text: str) -> bool:
    """Check an Australian health card number.

    >>> australian_medicare("2123 45670 1"), australian_medicare("2123 45671 1")
    (True, False)
    """
    number = digits(text)
    return _sum(number, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(number[8])


def new_zealand_health(text: str) -> bool:
    """Check a New Zealand health number, in the old form; the new one is known by its form."""
    if not text[5:].isdigit():
        return True
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    values = [letters.index(c) + 1 for c in text[:3]] + [int(c) for c in text[3:6]]
    total = sum(value * weight for value, weight in zip(values, range(7, 1, -1), strict=True)) % 11
    return total != 0 and (11 - total) % 10 == int(text[6])


def australian_tax(text: str) -> bool:
    """Check an Australian tax number, with separators of any kind."""
    return national("au.tfn")(digits(text)) and _varied(text)


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "australian_medicare": australian_medicare,
    "australian_tax": australian_tax,
    "brazilian_social": brazilian_social,
    "brazilian_voter": brazilian_voter,
    "egyptian": egyptian,
    "hong_kong": hong_kong,
    "kazakh": kazakh,
    "korean": korean,
    "luhn_number": luhn_number,
    "mexican_account": mexican_account,
    "new_zealand_health": new_zealand_health,
    "singaporean": singaporean,
    "taiwanese": taiwanese,
    "uruguayan": uruguayan,
    "varied": varied,
    "vietnamese": vietnamese,
}
