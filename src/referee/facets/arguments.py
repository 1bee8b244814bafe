"""The values at a place in the arguments of a request.

Rule 1: a place is written ``query``, ``edits[*].path`` or ``paths[0]``; ``a|b`` is the first present, ``a?`` may be absent.
Rule 2: absent and of the wrong type are told apart from empty by ``Failed``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from referee.model.facts import Failed

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\*|\d+)\]")


def texts(args: Mapping[str, Any], place: str) -> list[str] | Failed:
    """Return the strings at a place.

    >>> texts({"edits": [{"path": "a"}, {"path": "b"}]}, "edits[*].path")
    ['a', 'b']
    """
    values = present(args, place)
    if values is None:
        return [] if place.endswith("?") else Failed(f"the argument `{place.partition('|')[0]}` is missing")
    if all(isinstance(value, str) for value in values):
        return values
    return Failed(f"the argument `{place.partition('|')[0]}` is not a text")


def value(args: Mapping[str, Any], place: str) -> Any:
    """Return the one value at a place, or ``None``."""
    values = present(args, place)
    return None if not values else values[0]


def present(args: Mapping[str, Any], place: str) -> list[Any] | None:
    """Return the values at the first alternative of a place that is there; ``None`` if none is."""
    optional = place.endswith("?")
    for alternative in place.removesuffix("?").split("|"):
        values = _walk(args, alternative.removeprefix("args."), optional=optional)
        if values:
            return values
        if values is not None and not optional:
            return values
    return None


def _walk(args: Mapping[str, Any], place: str, *, optional: bool = False) -> list[Any] | None:
    """Follow a place. One that may be absent may be so in some members of a list; the others still count."""
    if place in args:
        return None if args[place] is None else [args[place]]
    found: list[Any] = [args]
    for step in _STEP.finditer(place):
        reached: list[Any] = []
        for here in found:
            one = _step(here, step[1], step[2])
            if one is None and not optional:
                return None
            reached += one or ()
        found = reached
    if optional:
        return [one for one in found if one is not None]
    return None if any(one is None for one in found) else found


def _step(here: Any, key: str | None, index: str | None) -> list[Any] | None:
    if key is not None:
        return [here[key]] if isinstance(here, dict) and key in here else None
    if not isinstance(here, list):
        return None
    if index == "*":
        return here
    return [here[int(index)]] if index is not None and len(index) < 7 and int(index) < len(here) else None
