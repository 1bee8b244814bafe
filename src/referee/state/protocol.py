"""Limits and counters, behind one small protocol.

Rule 1: a store never decides. It reads what was used and applies postings.
Rule 2: ``apply`` is atomic and conditional: all postings of a decision, or none.
Rule 3: what was really used is recorded even when it is more than a cap allows; an overshoot is never forgotten.
Rule 4: a store that cannot answer raises ``StateError``; it never guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import msgspec

Amount = int | Decimal


class Account(NamedTuple):
    """What is counted, whose it is, and in which window.

    ``window`` is ``run``, a sliding span such as ``60s``, or ``hour``, ``day``, ``week``, ``month`` in ``timezone``.
    ``run`` is the session of a ``run`` window and empty otherwise.
    """

    name: str
    owner: str = ""
    window: str = "run"
    timezone: str = "UTC"
    run: str = ""


class Posting(NamedTuple):
    """An amount to be added to an account.

    It conflicts when the account would then hold more than ``cap``, or as much as ``below`` (``None``: no bound).
    """

    account: Account
    amount: Amount
    cap: Amount | None = None
    below: Amount | None = None


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """Postings that were applied, and the store's own marks of where each went."""

    postings: tuple[Posting, ...]
    marks: tuple[Any, ...]


Ticket = tuple[int, float]
"""Says how a store stood, and at which moment of the wall clock, when a page of it was read."""


class Row(NamedTuple):
    """A line of a page: the name under which an account is read, and what is counted in when it is."""

    name: str
    account: Account
    more: int = 0


class Page(Protocol):
    """A few accounts of one store, found once and drawn from again and again.

    A store for which that takes no time to speak of has a method ``page``, which takes rows and returns one; others need none.
    """

    def read(self) -> tuple[Ticket, dict[str, Amount]]:
        """Tell how much each account holds now, by the names of the rows.

        Raises:
            StateError: the store cannot be read.
        """
        ...

    def add(self, ticket: Ticket, amounts: Sequence[tuple[int, Amount]]) -> tuple[Any, ...] | None:
        """Add amounts to accounts, named by the place of their row, and return the store's marks.

        ``None``, and nothing is added, if anything has been added to the store since it gave the ticket.

        Raises:
            StateError: the store cannot be written.
        """
        ...


class Store(Protocol):
    """Whatever keeps accounts: memory, a file, a database."""

    def read(self, accounts: Sequence[Account]) -> tuple[Amount, ...]:
        """Tell how much each account holds now.

        Raises:
            StateError: the store cannot be read.
        """
        ...

    def apply(self, postings: Sequence[Posting]) -> Receipt | None:
        """Add all postings, or none of them and return ``None`` if one conflicts.

        Raises:
            StateError: the store cannot be written.
        """
        ...

    def settle(self, receipt: Receipt, amounts: Sequence[Amount]) -> Receipt:
        """Replace the amounts of a receipt by those really used, without any condition.

        Raises:
            StateError: the store cannot be written.
        """
        ...

    def forget(self, run: str) -> None:
        """Drop the ``run`` accounts of a session that will not come back.

        Raises:
            StateError: the store cannot be written.
        """
        ...
