"""Numbers of documents and of people that no library checks, by the rules their issuers publish.

Rule 1: a check digit decides where the issuer gives one; else form, date and range.
Rule 2: a number of one repeated digit is a form, and nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Final

from referee.scanners.validators.numbers import digits, luhn

_ALNUM: Final = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def plain(text: str) -> str:
    """Keep letters, as capitals, and digits."""
    return "".join(c for c in text.upper() if c in _ALNUM)


def born(year: int, month: int, day: int) -> bool:
    """Tell whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _varied(number: str) -> bool:
    return len(set(number)) > 2


def _weighted(number: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def weights_731(text: str) -> int:
    """Compute the check digit of travel documents.

    >>> weights_731("L898902C3")
    6
    """
    return sum(_ALNUM.get(c, 0) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10


def machine_readable(text: str) -> bool:
    """Tell whether a text is the machine-readable zone of a passport, a visa or an identity card."""
    lines = [line for line in re.split(r"\s+", text.strip()) if line]
    zone = "".join(lines)
    if len(zone) in {88, 72} and len(lines) <= 2:
        numbers = zone[len(zone) // 2 :]
        return _checked(numbers, (0, 9), (13, 19), (21, 27))
    if len(zone) == 90:
        return _checked(zone[:30], (5, 14)) and _checked(zone[30:], (0, 6), (8, 14))
    return len(zone) in {44, 36} and _checked(zone, (0, 9), (13, 19), (21, 27))


def _checked(line: str, *fields: tuple[int, int]) -> bool:
    return all(line[end].isdigit() and weights_731(line[start:end]) == int(line[end]) for start, end in fields)


def document(text: str) -> bool:
    """Tell whether what stands after a label is the number of a document: four digits or more, no date, no filler."""
    number = digits(text)
    return (
        len(number) >= 4
        and len(plain(text)) <= 22
        and _varied(plain(text))
        and re.fullmatch(r"(?:19|20)\d\d(?:[-/.]\d\d?){0,2}|\d\d?[-/.]\d\d?[-/.](?:\d\d)?\d\d", text) is None
    )


def licence(text: str) -> bool:
    """Tell whether what stands after a word for a driving licence is its number: five digits or more."""
    return len(digits(text)) >= 5 and document(text)


def plate(text: str) -> bool:
    """Tell whether what stands after a word for a licence plate is one: letters and digits, five to eight of them."""
    number = plain(text)
    return 4 <= len(number) <= 8 and 1 <= len(digits(number)) < len(number)


_MONTHS: Final = (
    "jan", "feb", "fev", "f\u00e9v", "mar", "m\u00e4r", "apr", "avr", "abr", "may", "mai", "mag", "maj", "mei", "mayo", "jun",
    "juin", "giu", "jul", "juil", "lug", "aug", "ao\u00fb", "aou", "ago", "sep", "set", "sept", "oct", "okt", "out", "ott", "nov",
    "dec", "dez", "d\u00e9c", "dic", "ene", "gen", "sty", "lut", "kwi", "cze", "lip", "sie", "wrz", "pa\u017a", "lis", "gru",
)  # fmt: skip


def month_date(text: str) -> bool:
    """Tell whether a date in words names a month."""
    return any(word.lower().startswith(_MONTHS) for word in re.findall(r"[^\W\d_]{3,13}", text))


def device(text: str) -> bool:
    """Tell whether a text beside a word for it is the number of a mobile device."""
    number = digits(text)
    return (len(number) == 15 and luhn(number)) or len(number) == 16


def account(text: str) -> bool:
    """Tell whether a text beside a word for an account is its number: of more than two different digits."""
    return _varied(digits(text))


def german_document(text: str) -> bool:
    """Tell whether a text is the number of a German identity card or passport, with its check digit if it is there."""
    number = plain(text).removesuffix("D") if len(text) > 10 else plain(text)
    if not any(c.isdigit() for c in number):
        return False
    return len(number) == 9 or weights_731(number[:9]) == int(number[9]) if number[-1].isdigit() else False


def german_pension(text: str) -> bool:
    """Check a German pension insurance number.

    >>> german_pension("15 070649 C 103"), german_pension("15 070649 C 104")
    (True, False)
    """
    number = plain(text)
    spread = number[:8] + f"{ord(number[8]) - 64:02d}" + number[9:11]
    parts = (int(d) * w for d, w in zip(spread, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    return sum(part // 10 + part % 10 for part in parts) % 10 == int(number[11])


def german_health(text: str) -> bool:
    """Check a German health insurance number.

    >>> german_health("A123456780"), german_health("A123456789")
    (True, False)
    """
    number = f"{ord(text[0].upper()) - 64:02d}{text[1:]}"
    parts = (int(d) * (1 + i % 2) for i, d in enumerate(number[:10]))
    return sum(part // 10 + part % 10 for part in parts) % 10 == int(number[10])


def german_tax(text: str) -> bool:
    """Tell whether a text can be a German tax number of a district: of the lengths that states use."""
    return len(digits(text)) in {10, 11, 13} and digits(text)[:3] not in {"000", "999"} and _varied(digits(text))


def french_social(text: str) -> bool:
    """Check a French social security number by its key.

    >>> french_social("2 95 10 99 126 111 93"), french_social("2 95 10 99 126 111 94")
    (True, False)
    """
    number = plain(text).replace("2A", "19").replace("2B", "18")
    return number.isdigit() and len(number) == 15 and 97 - int(number[:13]) % 97 == int(number[13:])


def hungarian_tax(text: str) -> bool:
    """Check a Hungarian tax identifier of a person."""
    number = digits(text)
    return sum(int(d) * (i + 1) for i, d in enumerate(number[:9])) % 11 == int(number[9])


def hungarian_social(text: str) -> bool:
    """Check a Hungarian social insurance number."""
    number = digits(text)
    return sum(int(d) * (3, 7)[i % 2] for i, d in enumerate(number[:8])) % 10 == int(number[8]) and len(number) == 9


def finnish(text: str) -> bool:
    """Check a Finnish identity code, with the marks of centuries that are given out since 2023.

    >>> finnish("131052-308T"), finnish("010594Y9032"), finnish("131052-308U")
    (True, True, False)
    """
    century = 1800 if text[6] == "+" else 2000 if text[6].upper() in "ABCDEF" else 1900
    day = born(century + int(text[4:6]), int(text[2:4]), int(text[:2]))
    return day and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[7:10]) % 31] == text[10].upper()


def luxembourg(text: str) -> bool:
    """Check a Luxembourg national number: a day of birth, a Luhn digit and a Verhoeff digit.

    >>> luxembourg("1893120105732"), luxembourg("1893120105733")
    (True, False)
    """
    number = digits(text)
    verhoeff = import_module("stdnum.verhoeff")
    real = born(int(number[:4]), int(number[4:6]), int(number[6:8])) and luhn(number[:12])
    return real and bool(verhoeff.is_valid(number[:11] + number[12]))


def italian_card(text: str) -> bool:
    """Tell whether a text can be the number of an Italian identity card, old or electronic."""
    return _varied(digits(text))


def polish_card(text: str) -> bool:
    """Check a Polish identity card number.

    >>> polish_card("ABA300000"), polish_card("ABA300001")
    (True, False)
    """
    number = plain(text)
    values = [_ALNUM[c] for c in number]
    weights = (7, 3, 1, 9, 7, 3, 1, 7, 3)
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) % 10 == 0


def portuguese_social(text: str) -> bool:
    """Check a Portuguese social security number."""
    return 9 - _weighted(text, (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)) % 10 == int(text[10])


def spanish_social(text: str) -> bool:
    """Check a Spanish social security number: the last two digits are a remainder."""
    number = digits(text)
    body = number[:2] + (number[2:10].lstrip("0").zfill(7) if number[2] == "0" else number[2:10])
    return int(body) % 97 == int(number[10:])


def russian_pension(text: str) -> bool:
    """Check a Russian pension number.

    >>> russian_pension("112-233-445 95"), russian_pension("112-233-445 96")
    (True, False)
    """
    number = digits(text)
    return _weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 101 % 100 == int(number[9:]) and _varied(number)


def british_licence(text: str) -> bool:
    """Tell whether a text is a British driving licence number: name, month and day are where they belong."""
    number = plain(text)
    month, day = int(number[6:8]), int(number[8:10])
    return 1 <= month % 50 <= 12 and month < 63 and 1 <= day <= 31 and number[:5] != "99999"


def medicare_beneficiary(text: str) -> bool:
    """Tell whether a text is a number of US Medicare: each place of its own alphabet."""
    return (
        re.fullmatch(
            r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y]{2}\d\d",
            plain(text),
        )
        is not None
    )


def provider(text: str) -> bool:
    """Check the number of a US health provider.

    >>> provider("1234567893"), provider("1234567890")
    (True, False)
    """
    number = digits(text)
    return number[:1] in {"1", "2"} and luhn(f"80840{number}") and _varied(number)


def prescriber(text: str) -> bool:
    """Check the number of a US prescriber.

    >>> prescriber("BB1388568"), prescriber("BB1388569")
    (True, False)
    """
    number = [int(c) for c in text[2:]]
    return (sum(number[0:6:2]) + 2 * sum(number[1:6:2])) % 10 == number[6]


def individual_taxpayer(text: str) -> bool:
    """Tell whether a text is a US taxpayer number of somebody without a social security number."""
    number = digits(text)
    group = int(number[3:5])
    return number[0] == "9" and (50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or group >= 94)


def vehicle(text: str) -> bool:
    """Check a vehicle identification number as North America issues it.

    >>> vehicle("1M8GDM9AXKP042788"), vehicle("1M8GDM9A1KP042788")
    (True, False)
    """
    values = dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
            strict=True,
        )
    )
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    number = text.upper()
    rest = sum((int(c) if c.isdigit() else values[c]) * w for c, w in zip(number, weights, strict=True)) % 11
    return number[8] == "0123456789X"[rest] and _varied(number)


def lettered_vehicle(text: str) -> bool:
    """Tell whether a text that no word announces is a vehicle identification number: checked, with letters enough."""
    return sum(c.isalpha() for c in text) >= 3 and vehicle(text)


def any_vehicle(text: str) -> bool:
    """Tell whether a text beside a word for it is a vehicle identification number: letters, and digits at the end."""
    return any(c.isalpha() for c in text) and sum(c.isdigit() for c in text) >= 4 and _varied(text)


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "device": device,
    "month_date": month_date,
    "plate": plate,
    "licence": licence,
    "account": account,
    "any_vehicle": any_vehicle,
    "british_licence": british_licence,
    "document": document,
    "finnish": finnish,
    "french_social": french_social,
    "german_document": german_document,
    "german_health": german_health,
    "german_pension": german_pension,
    "german_tax": german_tax,
    "hungarian_social": hungarian_social,
    "hungarian_tax": hungarian_tax,
    "individual_taxpayer": individual_taxpayer,
    "italian_card": italian_card,
    "luxembourg": luxembourg,
    "machine_readable": machine_readable,
    "medicare_beneficiary": medicare_beneficiary,
    "polish_card": polish_card,
    "portuguese_social": portuguese_social,
    "prescriber": prescriber,
    "provider": provider,
    "russian_pension": russian_pension,
    "spanish_social": spanish_social,
    "lettered_vehicle": lettered_vehicle,
    "vehicle": vehicle,
}
