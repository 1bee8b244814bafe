"""``$name``, ``${name…}`` and ``$((…))``.

Rule 1: an operation that is not known gives ``UNKNOWN``, never the value unchanged.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Final

from referee.facets.shell import arrays
from referee.facets.shell.scope import Runner
from referee.facets.shell.trace import UNKNOWN

_Expand = Callable[[str, Runner], str]
_FORM: Final = re.compile(r"([A-Za-z_]\w*|[0-9]+|[@*#?$!_-])(\[[^\]]*\])?(.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"-?\d{1,12}")
_SUM: Final = re.compile(r"\s*(-?\d{1,9})\s*([-+*/%])\s*(-?\d{1,9})\s*")
_LONGEST: Final = 512


def variable(name: str, run: Runner) -> str:
    """Return the value of a variable, or ``UNKNOWN`` and an entry in ``missing``."""
    value = run.scope.value(name)
    if name in run.scope.guessed:
        run.trace.guesses += 1
        run.trace.miss(f"word: the variable `{name[:64]}`")
    if value is None:
        run.trace.miss("word: an argument" if name == "_unknown_" else f"word: the variable `{name[:64]}`")
        return UNKNOWN
    return value


def parameter(inner: str, run: Runner, expand: _Expand) -> str:
    """Expand the inside of ``${…}``."""
    if inner.startswith("#") and len(inner) > 1:
        value = variable(inner[1:], run) if inner[1:].isidentifier() else UNKNOWN
        return UNKNOWN if UNKNOWN in value else str(len(value))
    indirect = inner.startswith("!")
    found = _FORM.fullmatch(inner[1:] if indirect else inner)
    if found is None:
        run.trace.miss("word: a parameter expansion")
        return UNKNOWN
    name, index, rest = found[1], found[2] or "", found[3]
    if indirect:
        name = run.scope.value(name) or UNKNOWN
        if UNKNOWN in name or not _TARGET.fullmatch(name):
            run.trace.miss("word: an indirect variable")
            return UNKNOWN
        name, _, index = name.partition("[") if "[" in name else (name, "", index)
        index = f"[{index}" if index and not index.startswith("[") else index
    if "$" in index or "`" in index:
        index = expand(index, run)
    return _subscripted(name, index, rest, run, expand)


_TARGET: Final = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?|[0-9@*]")


def _subscripted(name: str, index: str, rest: str, run: Runner, expand: _Expand) -> str:
    held = arrays.elements(run.scope, name) if index else None
    if index in {"[@]", "[*]"} or (name in {"@", "*"} and rest.startswith(":")):
        values = (
            [value for _, value in held]
            if held is not None
            else list(run.scope.positional)
            if name in {"@", "*"}
            else None
        )
        if values is not None and rest[:1] == ":" and rest[1:2] not in {"-", "=", "+", "?"}:
            values = arrays.sliced([run.scope.name, *values] if name in {"@", "*"} else values, rest[1:])
            return UNKNOWN if values is None else " ".join(values)
        if values is not None and not rest:
            return " ".join(values)
    key = name if index in {"", "[0]", "[@]", "[*]"} else name + index
    if held is not None and key != name:
        value = arrays.element(run.scope, name, index[1:-1])
        if value is None:
            run.trace.miss(f"word: the variable `{key[:64]}`")
            return UNKNOWN
        key = f"{name}[{arrays.key(run.scope, name, index[1:-1])}]"
    if not rest:
        return variable(key, run)
    return _operate(key, rest, run, expand)


def _operate(name: str, rest: str, run: Runner, expand: _Expand) -> str:
    value = run.scope.value(name)
    alternative = re.match(r":?([-=+?])", rest)
    if alternative:
        return _alternative(name, value, alternative, rest, run, expand)
    if "$(" in rest or "`" in rest:
        expand(rest, run)
    if value is None:
        value = variable(name, run)
    if UNKNOWN in value or len(value) > _LONGEST:
        run.trace.miss(f"word: the variable `{name[:64]}`")
        return UNKNOWN
    result = _changed(value, rest, run, expand)
    if result is None:
        run.trace.miss(f"word: an expansion of the variable `{name[:64]}`")
        return UNKNOWN
    return result


def _alternative(name: str, value: str | None, found: re.Match[str], rest: str, run: Runner, expand: _Expand) -> str:
    """``${x:-w}`` and its like: a variable that nothing is known of may or may not have a value."""
    word = expand(rest[found.end() :], run)
    kind = found[1]
    if value is None:
        run.trace.miss(f"word: the variable `{name[:64]}`")
        run.trace.guesses += 1
        if kind not in "-=":
            return UNKNOWN
        if kind == "=":
            run.scope.values[name] = word
            run.scope.guessed |= {name}
        return word
    given = bool(value) or not found[0].startswith(":")
    if kind == "+":
        return word if given else ""
    if kind == "=" and not given:
        run.scope.values[name] = word
    return value if given else word


def _changed(value: str, rest: str, run: Runner, expand: _Expand) -> str | None:
    if rest == "@Q":
        return shlex.quote(value)
    if rest in {"@L", "@U"}:
        return value.lower() if rest == "@L" else value.upper()
    if rest in {"^^", ",,", "^", ","}:
        whole = {"^^": value.upper(), ",,": value.lower()}
        return whole.get(rest) or (value[:1].upper() if rest == "^" else value[:1].lower()) + value[1:]
    if rest.startswith(("#", "%")):
        doubled = rest[:2] in {"##", "%%"}
        return _trimmed(value, expand(rest[2 if doubled else 1 :], run), at_end=rest[0] == "%", longest=doubled)
    if rest.startswith(":"):
        return _sliced(value, rest[1:])
    if rest.startswith("/"):
        return _replaced(value, rest[1:], run, expand)
    return None


def _trimmed(value: str, pattern: str, *, at_end: bool, longest: bool) -> str | None:
    if UNKNOWN in pattern:
        return None
    lengths = range(len(value), -1, -1) if longest else range(len(value) + 1)
    for length in lengths:
        piece = value[len(value) - length :] if at_end else value[:length]
        if fnmatchcase(piece, pattern):
            return value[: len(value) - length] if at_end else value[length:]
    return value


def _sliced(value: str, rest: str) -> str | None:
    start, _, length = rest.strip().partition(":")
    if not _NUMBER.fullmatch(start.strip() or "0") or not _NUMBER.fullmatch(length.strip() or "0"):
        return None
    first = int(start or 0)
    tail = value[first:] if first >= 0 else value[max(len(value) + first, 0) :]
    if not length.strip():
        return tail
    return tail[: int(length)] if int(length) >= 0 else tail[: max(len(tail) + int(length), 0)]


def _replaced(value: str, rest: str, run: Runner, expand: _Expand) -> str | None:
    everywhere = rest.startswith("/")
    old, _, new = (rest[1:] if everywhere else rest).partition("/")
    old, new = expand(old, run), expand(new, run)
    if not old or old[0] in "#%" or any(mark in old + new for mark in "*?[\\" + UNKNOWN):
        return None
    return value.replace(old, new) if everywhere else value.replace(old, new, 1)


def arithmetic(text: str, run: Runner, expand: _Expand) -> str:
    """Return the value of a sum of two constants; anything else is a number that is not known."""
    if "$(" in text or "`" in text:
        text = expand(text, run)
    for name in re.findall(r"[A-Za-z_]\w*", text[:256]):
        value = run.scope.value(name)
        if value is not None and _NUMBER.fullmatch(value):
            text = re.sub(rf"\$?\b{name}\b", value, text)
    if _NUMBER.fullmatch(text.strip()):
        return text.strip()
    found = _SUM.fullmatch(text)
    return UNKNOWN if found is None else _sum(int(found[1]), found[2], int(found[3]))


def _sum(a: int, sign: str, b: int) -> str:
    if sign in "/%" and b == 0:
        return UNKNOWN
    whole = int(a / b) if sign in "/%" else 0
    return str({"+": a + b, "-": a - b, "*": a * b, "/": whole, "%": a - whole * b}[sign])
