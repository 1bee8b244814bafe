"""How much an action uses of a limit, and how that adds up.

Rule 1: sums are exact, whatever precision the program around us has set for its own.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from referee.engine.operators import as_number
from referee.model.facts import Fact, Failed
from referee.model.request import Request

_SUMS: Final = Context(prec=120, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


def amount(measure: str, request: Request) -> int | Decimal:
    """Return what a request uses in the measure of a limit.

    Raises:
        ValueError: its cost is negative or not finite, which ``Request.from_dict`` would have refused.
    """
    if measure == "calls":
        return 1
    if measure == "spend":
        cost = request.cost or Decimal(0)
        if not cost.is_finite() or cost < 0:
            raise ValueError("a cost must be a finite number that is not negative")
        return cost or 0
    return (request.tokens.input or 0) + (request.tokens.output or 0)


def total(used: int | Decimal, more: int | Decimal) -> int | Decimal:
    """Add an amount to what is used.

    >>> total(1, 2), total(Decimal("1.00"), Decimal("1e-30")) > 1
    (3, True)
    """
    if used.__class__ is int and more.__class__ is int:
        return used + more
    return _SUMS.add(used, more)


def less(used: int | Decimal, amount: int | Decimal) -> int | Decimal:
    """Take an amount away from what is used.

    >>> less(3, 2), less(Decimal("1.00"), 1)
    (1, Decimal('0.00'))
    """
    if used.__class__ is int and amount.__class__ is int:
        return used - amount
    return _SUMS.subtract(used, amount)


def spelled(used: int | Decimal) -> int | str:
    """Return an amount as part of a key: ``1`` and ``1.00`` are equal, but not the same charge."""
    return used if isinstance(used, int) else str(used)


def trouble(fact: Fact) -> str:
    """Say why a usage is not known."""
    return fact.reason if isinstance(fact, Failed) else "the usage is not a number"


def signals(request: Request) -> int:
    """Return what the signals of a request add to its risk: ten times the highest, each between 0 and 1."""
    numbers = [as_number(value) for value in request.signals.values()]
    highest = max((min(max(number, 0), 1) for number in numbers if number is not None), default=0)
    return round(10 * highest)
