"""Telephone numbers, as they are dialled from abroad and at home.

Rule 1: a number with a country code must have a length that the country gives out; the library knows.
Rule 2: at home no library is asked, for every string of digits is a number somewhere: the way it is written decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final

from referee.scanners.validators.numbers import digits

_NO_PHONE: Final = re.compile(
    r"\d{4}[-/.]\d\d?[-/.]\d\d?.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}.*|\d+\.\d+\.\d+\.\d+|\d{3}-\d\d-\d{4}|\d{10}\.\d+"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,4}"
)


def _written(text: str, least: int, most: int) -> bool:
    number = digits(text)
    return (
        least <= len(number) <= most
        and len(set(number)) > 2
        and text.count("(") == text.count(")")
        and _NO_PHONE.fullmatch(text) is None
    )


def international_phone(text: str) -> bool:
    """Tell whether a text with a leading ``+`` is a telephone number that can exist: of a country, and of its lengths.

    >>> international_phone("+44 20 7946 0958"), international_phone("+44 20 7946"), international_phone("+999 123 456 789")
    (True, False, False)
    """
    number = digits(text.replace("(0)", ""))
    for size in (1, 2, 3):
        lengths = _lengths(int(number[:size]))
        if lengths:
            home = number[size:]
            return len(set(number)) > 2 and (len(home) in lengths or (home[:1] == "0" and len(home) - 1 in lengths))
    return False


@cache
def _lengths(code: int) -> frozenset[int]:
    """Give the lengths of the numbers that a country gives out, by its calling code; none if there is no such country."""
    phonenumbers = import_module("phonenumbers")
    lengths: set[int] = set()
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code, ()):
        known = phonenumbers.PhoneMetadata
        found = known.metadata_for_nongeo_region(code) if region == "001" else known.metadata_for_region(region)
        lengths.update(found.general_desc.possible_length if found is not None else ())
    return frozenset(lengths)


def dialled_phone(text: str) -> bool:
    """Tell whether a text with a prefix for abroad, ``00`` or ``011``, is a telephone number that can exist."""
    number = re.sub(r"\A\(?(?:00|011)\)?", "+", text)
    phonenumbers = import_module("phonenumbers")
    try:
        found = phonenumbers.parse(number.replace("(0)", ""), None)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(found)) and len(set(digits(text))) > 3


def north_american_phone(text: str) -> bool:
    """Tell whether a text is written as a telephone number of the United States or Canada."""
    number = digits(re.split(r"[xXe#]", text, maxsplit=1)[0]).lstrip("0")
    return len(number) in {10, 11} and len(set(number)) > 2 and text.count("(") == text.count(")")


def spaced_phone(text: str) -> bool:
    """Tell whether a text in groups of digits is a number that North America gives out."""
    phonenumbers = import_module("phonenumbers")
    return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, "US"))) and len(set(digits(text))) > 3


def home_phone(text: str) -> bool:
    """Tell whether a text is written as a telephone number at home is: grouped, 9 to 12 digits, no date."""
    return _written(text, 9, 12)


def local_phone(text: str) -> bool:
    """Tell whether a text beside a word for telephone is a number: 9 to 15 digits that are no date and no address."""
    return _written(text, 9, 15)


def short_phone(text: str) -> bool:
    """Tell whether what stands right after a word for telephone is a number, be it one without its area."""
    return _written(text, 7, 15)


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "dialled_phone": dialled_phone,
    "home_phone": home_phone,
    "international_phone": international_phone,
    "local_phone": local_phone,
    "north_american_phone": north_american_phone,
    "short_phone": short_phone,
    "spaced_phone": spaced_phone,
}
