"""What tells a real value from one that only has its shape, by the names that packs use.

Rule 1: a validator is a function of the matched text and nothing else, and never raises.
Rule 2: each topic has a module with a table ``VALIDATORS``; this is the one place that puts them together.
Rule 3: libraries of national numbers are loaded when the first candidate needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from referee.scanners.validators import (
    addresses,
    cargo,
    documents,
    flows,
    nationals,
    numbers,
    overseas,
    phones,
    randomness,
    secrets,
)


@cache
def validators() -> dict[str, Callable[[str], bool]]:
    """Return all validators by name."""
    found: dict[str, Callable[[str], bool]] = {}
    for module in (numbers, addresses, nationals, documents, overseas, phones, randomness, secrets, flows, cargo):
        found |= module.VALIDATORS
    return found
