"""Arrays: ``a=(x y)``, ``a+=(z)``, ``a[1]=x``, ``declare -A m=([k]=v)``, ``mapfile``, ``read -a``.

An array ``a`` is kept among the variables: ``a[0]``, ``a[k]`` … and ``a[@]``, its elements joined, which says that it is one;
``a`` itself is its first element.

Rule 1: an element that is not known to be there is ``UNKNOWN``, never empty.
"""

from __future__ import annotations

import re
from typing import Final

from referee.facets.shell.scope import Runner, Scope
from referee.facets.shell.trace import FIELD_LIMIT, UNKNOWN

_ELEMENT: Final = re.compile(r"([A-Za-z_]\w*)\[([^\]]*)\]")
_NUMBER: Final = re.compile(r"-?\d{1,6}")
_MANY: Final = 64


def elements(scope: Scope, name: str) -> list[tuple[str, str]] | None:
    """Return the keys and values of an array in order, or ``None`` if the name is no array."""
    if f"{name}[@]" not in scope.values:
        return None
    prefix = name + "["
    found = [
        (held[len(prefix) : -1], value)
        for held, value in scope.values.items()
        if held.startswith(prefix) and held != f"{name}[@]"
    ]
    if all(one.isdecimal() for one, _ in found):
        found.sort(key=lambda pair: int(pair[0]))
    return found


def store(run: Runner, name: str, values: list[tuple[str | None, str]], *, append: bool = False) -> None:
    """Set an array; an element without key comes after the one before."""
    run.trace.step(1 + len(run.scope.values) // 64)
    before = (elements(run.scope, name) or _scalar(run.scope, name)) if append else []
    for old in [one for one in run.scope.values if one.startswith(name + "[")]:
        del run.scope.values[old]
    held = dict(before)
    place = max((int(one) + 1 for one in held if one.isdecimal()), default=0)
    for given, value in values[:FIELD_LIMIT]:
        if given is not None:
            place = int(given) if given.isdecimal() and len(given) < 7 else place
        held[str(place) if given is None else given] = value
        place += given is None or given.isdecimal()
    for one, value in held.items():
        run.scope.values[f"{name}[{one}]"] = value
    run.scope.values[f"{name}[@]"] = " ".join(held.values())
    run.scope.values[name] = held.get("0", "")


def _scalar(scope: Scope, name: str) -> list[tuple[str, str]]:
    value = scope.values.get(name)
    return [] if value is None else [("0", value)]


def assign(run: Runner, target: str, value: str, *, append: bool = False) -> None:
    """Set a variable or one element of an array."""
    found = _ELEMENT.fullmatch(target)
    given = "" if found is None else found[2]
    if found is None or (given == "0" and elements(run.scope, found[1]) is None):
        name = target if found is None else found[1]
        run.scope.values[name] = (run.scope.value(name) or "") + value if append else value
        run.scope.references.pop(name, None)
        if elements(run.scope, name) is not None:
            store(run, name, [("0", run.scope.values[name])], append=True)
        return
    name = found[1]
    old = element(run.scope, name, given) if append else ""
    store(run, name, [(key(run.scope, name, given), (old or "") + value)], append=True)


def key(scope: Scope, name: str, given: str) -> str:
    """Read a subscript: a negative number counts from the end, a variable's name is its number."""
    given = given.strip("\"'")
    known = elements(scope, name) or []
    if given.startswith("-") and _NUMBER.fullmatch(given):
        return known[int(given)][0] if len(known) >= -int(given) else UNKNOWN
    if given.startswith("$") or (given.isidentifier() and all(one.isdecimal() for one, _ in known)):
        number = scope.value(given.strip("${}"))
        return number if number is not None and _NUMBER.fullmatch(number) else given
    return given


def element(scope: Scope, name: str, given: str) -> str | None:
    """Return one element; ``None`` if it is not known."""
    known = elements(scope, name)
    if known is None:
        return scope.value(name) if given == "0" else None
    return dict(known).get(key(scope, name, given))


def pairs(raw: str, fields: list[str]) -> list[tuple[str | None, str]]:
    """Read the fields of ``(…)``: ``[k]=v`` has a key, everything else has none."""
    keyed = raw.lstrip().startswith("[")
    found: list[tuple[str | None, str]] = []
    for field in fields:
        given, middle, value = field[1:].partition("]=") if keyed and field.startswith("[") else (None, "", field)
        found.append((given, value) if middle else (None, field))
    return found


def lines(run: Runner, words: list[str], stdin: str | None) -> None:
    """``mapfile -t name``: an element for each line of a text that is known."""
    name = words[-1] if len(words) > 1 and words[-1].isidentifier() else "MAPFILE"
    flags = [word for word in words[1:] if word.startswith("-")]
    known = stdin is not None and UNKNOWN not in stdin and flags == ["-t"] and stdin.count("\n") <= _MANY
    if known and stdin is not None:
        store(run, name, [(None, line) for line in stdin.removesuffix("\n").split("\n")])
    else:
        store(run, name, [("0", UNKNOWN)])


def sliced(values: list[str], rest: str) -> list[str] | None:
    """Return ``${a[@]:first:length}`` of the elements."""
    first, _, length = rest.partition(":")
    if not _NUMBER.fullmatch(first.strip() or "0") or not _NUMBER.fullmatch(length.strip() or "0"):
        return None
    tail = values[int(first or 0) :] if int(first or 0) >= 0 else values[max(len(values) + int(first), 0) :]
    return tail[: int(length)] if length.strip() else tail
