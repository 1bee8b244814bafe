"""The command line that a call of a tool amounts to: ``kubectl_delete {name: api}`` is ``kubectl delete api``.

Rule 1: a line is words; what stands in ``<…>`` is replaced by an argument and quoted, so that a value is never syntax.
Rule 2: a required argument that is missing makes the line failed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from referee.facets.arguments import present
from referee.model.facts import Failed

_HOLE: Final = re.compile(r"(.*?)<([^<>]+)>")
_MOST: Final = 1000


def line_of(words: Sequence[str], args: Mapping[str, Any]) -> str | Failed:
    """Write the command line of a call.

    ``<a>`` is an argument, ``<a?>`` one that may be missing, ``--flag<a!>`` a flag that stands there if the argument is true.
    A list is several words, a mapping is flags; of ``<a…>`` a text is several words too, as a shell splits them.

    >>> line_of(("git", "add", "--force<force!>", "--", "<files?>"), {"files": ["a b", "c"], "force": True})
    "git add --force -- 'a b' c"
    """
    written: list[str] = []
    for word in words:
        hole = _HOLE.fullmatch(word)
        if hole is None:
            written.append(word)
            continue
        filled = _filled(hole[1], hole[2], args)
        if isinstance(filled, Failed):
            return filled
        written += filled
    return shlex.join(written) if len(written) <= _MOST else Failed("the command line is too long")


def _filled(before: str, place: str, args: Mapping[str, Any]) -> list[str] | Failed:
    found = present(args, place.removesuffix("…").rstrip("?!"))
    values = found or []
    if place.endswith("…"):
        place = place.removesuffix("…")
        try:
            values = [shlex.split(value) if isinstance(value, str) else value for value in values]
        except ValueError:
            return Failed(f"the argument `{place}` has quotes that are not closed")
    if place.endswith("!"):
        return [before] if any(value is True or value == "true" for value in values) else []
    if found is None and not place.endswith("?"):
        return Failed(f"the argument `{place.partition('|')[0]}` is missing")
    return [before + text for value in values for text in _words(value)]


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if one is not False and one is not None:
                yield f"--{name}" if one is True else f"--{name}={one}"
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _words(one) if isinstance(one, Mapping) else (str(one),)
    else:
        yield str(value)
