"""Numbers with a meaning: money, durations, windows, percentages, dates.

Rule 1: money and shares are exact decimals, durations are whole seconds.
Rule 2: a unit that is not known is a flaw, never a bare number.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from referee.language.nodes import Node, Scalar, describe
from referee.language.problems import Flaw, shorten
from referee.language.scalars import check_size, exact, value_of
from referee.model.programs import Exact

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
CALENDAR: Final = {"1h": "hour", "1d": "day", "1w": "week", "1mo": "month"}

_MONEY: Final = re.compile(r"\$?\s?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)")
_DURATION: Final = re.compile(r"([0-9]{1,9})(s|m|h|d|w)")
_PERCENT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s?%")
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR: Final = 366 * 86_400


def scalar_of(node: Node, what: str) -> Scalar:
    """Give a scalar back.

    Raises:
        Flaw: the node is a list or a mapping.
    """
    if isinstance(node, Scalar):
        return node
    raise Flaw("wrong-type", f"expected {what}, found {describe(node)}", node)


def plain_number(node: Scalar) -> Decimal | None:
    """Read an unquoted number; ``None`` if the scalar is not one."""
    value = value_of(node)
    if isinstance(value, bool):
        return None
    return Decimal(value) if isinstance(value, int) else value.value if isinstance(value, Exact) else None


def money_of(node: Node) -> Decimal:
    """Read an amount of money: ``5``, ``5.00``, ``$1,000.00``.

    Raises:
        Flaw: it is not an amount, or is negative.
    """
    node = scalar_of(node, "an amount of money")
    number = plain_number(node)
    found = _MONEY.fullmatch(node.text.strip())
    if number is None or found is not None:
        if found is None:
            shown = f"`{shorten(node.text)}`" if node.text else "nothing"
            raise Flaw("bad-money", f"{shown} is not an amount of money", node, "write `5.00` or `$1,000.00`")
        number = Decimal(found[1].replace(",", ""))
        check_size(number, node)
    if number < 0:
        raise Flaw("bad-money", "an amount of money must not be negative", node)
    return number


def seconds_of(node: Node) -> int:
    """Read a duration: ``90`` (seconds), ``10s``, ``5m``, ``2h``, ``1d``, ``1w``.

    Raises:
        Flaw: it is not a duration, or is not between a second and a year.
    """
    node = scalar_of(node, "a duration")
    seconds = duration(node.text)
    if seconds is None:
        number = plain_number(node)
        seconds = None if number is None or number != number.to_integral_value() else int(number)
    if seconds is None:
        raise Flaw(
            "bad-duration", f"`{shorten(node.text)}` is not a duration", node, "write `30s`, `10m`, `2h` or `1d`"
        )
    if not 0 < seconds <= _YEAR:
        raise Flaw("bad-duration", "a duration must be between one second and one year", node)
    return seconds


def duration(text: str) -> int | None:
    """Read ``10m`` as seconds.

    >>> duration("10m"), duration("10 parsecs")
    (600, None)
    """
    found = _DURATION.fullmatch(text)
    return int(found[1]) * UNITS[found[2]] if found else None


def window_of(node: Node) -> str:
    """Read a window: ``run``, a calendar span (``1h 1d 1w 1mo``) or a sliding span (``60s``, ``10m``, ``2h``).

    Raises:
        Flaw: it is none of these.
    """
    node = scalar_of(node, "a window")
    if node.text == "run":
        return "run"
    if node.text in CALENDAR:
        return CALENDAR[node.text]
    if duration(node.text) is None:
        raise Flaw(
            "bad-duration",
            f"`{shorten(node.text)}` is not a window",
            node,
            "write `run`, `60s`, `10m`, `1h`, `1d`, `1w` or `1mo`",
        )
    return f"{seconds_of(node)}s"


def share_of(node: Node) -> Decimal | None:
    """Read ``80%`` as 0.8; ``None`` if it is not a percentage.

    Raises:
        Flaw: it is a list or a mapping.
    """
    found = _PERCENT.fullmatch(scalar_of(node, "a number or a percentage").text)
    return Decimal(found[1]).scaleb(-2) if found else None


def number_of(node: Node) -> int | Exact:
    """Read a number that a comparison needs: plain, or written as money, a duration or a percentage.

    Raises:
        Flaw: it is none of these.
    """
    node = scalar_of(node, "a number")
    number = plain_number(node)
    if number is None:
        seconds = duration(node.text)
        number = Decimal(seconds) if seconds is not None else share_of(node)
    if number is None and (found := _MONEY.fullmatch(node.text.strip())):
        number = Decimal(found[1].replace(",", ""))
        check_size(number, node)
    if number is None:
        shown = f"`{shorten(node.text)}`" if node.text else "nothing"
        raise Flaw("operand-type", f"expected a number, found {shown}", node)
    return exact(number)


def date_of(node: Node) -> str:
    """Read a date such as ``2027-01-31``.

    Raises:
        Flaw: there is no such day.
    """
    node = scalar_of(node, "a date")
    found = _DATE.fullmatch(node.text)
    if found is None or not is_day(int(found[1]), int(found[2]), int(found[3])):
        raise Flaw("bad-date", f"`{shorten(node.text)}` is not a date", node, "write a day as `2027-01-31`")
    return node.text


def is_day(year: int, month: int, day: int) -> bool:
    """Tell whether the calendar has a day.

    >>> is_day(2027, 2, 29), is_day(2028, 2, 29)
    (False, True)
    """
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] and year > 0):
        return False
    return (month, day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
