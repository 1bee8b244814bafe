"""What bash does itself: folders, variables, ``eval``, ``source``, ``trap``.

Rule 1: a builtin that takes code hands it on to be followed; one that sets a variable to what is not known says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from referee.facets.file import normal
from referee.facets.shell.effects import touch
from referee.facets.shell.scope import Runner
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.words import expand, expand_text

_ASSIGNMENT: Final = re.compile(r"([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=(.*)", re.DOTALL)
_RUN_BY_OTHERS: Final = frozenset(
    {"PROMPT_COMMAND", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "PAGER", "EDITOR", "VISUAL", "GIT_EDITOR"}
    | {"GIT_SEQUENCE_EDITOR", "LESSOPEN", "BROWSER", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH", "RUSTC_WRAPPER"}
)
_LOADED: Final = frozenset({"LD_PRELOAD", "BASH_ENV", "ENV", "PYTHONSTARTUP", "DYLD_INSERT_LIBRARIES", "LD_AUDIT"})


def assign(run: Runner, assignments: tuple[str, ...], *, lasting: bool) -> None:
    """Carry out the assignments before a command; without a command they last."""
    for raw in assignments:
        found = _ASSIGNMENT.fullmatch(raw)
        if found is None:
            continue
        name, index, plus, value = found[1], found[2] or "", found[3], found[4]
        text = _array(run, name, value) if value.startswith("(") else expand_text(value, run)
        if "$(" in index or "`" in index:
            expand_text(index, run)
        _consequences(run, name, text)
        if lasting:
            key = name if index in {"", "[0]"} else name + index
            run.scope.values[key] = (run.scope.value(key) or "") + text if plus else text


def _consequences(run: Runner, name: str, value: str) -> None:
    """Follow variables whose value another program runs or loads."""
    if name in _RUN_BY_OTHERS and value not in {"", "cat", "less", "more", "true", ":"}:
        run.apart(value)
    elif name in _LOADED and value:
        run.trace.effect("execute")
        touch(run, value, "execute")


def _array(run: Runner, name: str, raw: str) -> str:
    code = raw[1:-1]
    fields: list[str] = []
    for found in re.finditer(r"(?:\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|\$\((?:[^()]|\([^()]*\))*\)|[^\s\\'\"])+", code):
        fields += expand(found[0], run)
    for at, field in enumerate(fields):
        run.scope.values[f"{name}[{at}]"] = field
    run.scope.values[f"{name}[@]"] = " ".join(fields)
    return fields[0] if fields else ""


def _cd(run: Runner, words: list[str], _stdin: str | None) -> str:
    targets = [word for word in words[1:] if not word.startswith("-") or word == "-"]
    target = targets[0] if targets else run.scope.surroundings.home
    unknown = target is None or UNKNOWN in target or target == "-"
    run.scope.change_folder(None if unknown or target is None else normal(target, run.scope.surroundings))
    return ""


def _eval(run: Runner, words: list[str], stdin: str | None) -> str:
    run.trace.effect("execute")
    return run.text(" ".join(words[1:]), stdin)


def _source(run: Runner, words: list[str], stdin: str | None) -> str:
    run.trace.effect("execute")
    if len(words) < 2:
        return ""
    known = run.scope.files.get(words[1])
    if known is None and UNKNOWN not in words[1]:
        known = run.scope.files.get(normal(words[1], run.scope.surroundings))
    if words[1] in {"/dev/stdin", "-"}:
        known = UNKNOWN if stdin is None else stdin
    if known is not None:
        return run.text(known, stdin)
    touch(run, words[1], "execute")
    touch(run, words[1], "read")
    return UNKNOWN


def _declare(run: Runner, words: list[str], _stdin: str | None) -> str:
    for word in words[1:]:
        found = _ASSIGNMENT.fullmatch(word)
        if found:
            _consequences(run, found[1], found[4])
            run.scope.values[found[1]] = found[4]
    return ""


def _unknown_names(run: Runner, words: list[str], _stdin: str | None) -> str:
    for word in words[1:]:
        if word.isidentifier():
            run.scope.values[word] = UNKNOWN
    return ""


def _read(run: Runner, words: list[str], stdin: str | None) -> str:
    """``read a b`` from a text that is known gives the first line to the names."""
    names = [word for word in words[1:] if word.isidentifier()] or ["REPLY"]
    lines = (stdin or UNKNOWN).splitlines()
    known = stdin is not None and UNKNOWN not in stdin and len(lines) == 1
    pieces = lines[0].split(None, len(names) - 1) if known else []
    for at, name in enumerate(names):
        run.scope.values[name] = (pieces[at] if at < len(pieces) else "") if known else UNKNOWN
    return ""


def _unset(run: Runner, words: list[str], _stdin: str | None) -> str:
    for word in words[1:]:
        run.scope.functions.pop(word, None)
        if word.isidentifier():
            run.scope.values[word] = ""
    return ""


def _alias(run: Runner, words: list[str], _stdin: str | None) -> str:
    for word in words[1:]:
        name, equals, code = word.partition("=")
        if equals and name:
            run.scope.aliases[name] = code
    return ""


def _trap(run: Runner, words: list[str], _stdin: str | None) -> str:
    code = next((word for word in words[1:] if not word.startswith("-")), "")
    if len(words) > 2 and code:
        run.apart(code)
    return ""


def _set(run: Runner, words: list[str], _stdin: str | None) -> str:
    if "--" in words:
        run.scope.positional = tuple(words[words.index("--") + 1 :])
    elif len(words) > 1 and not words[1].startswith(("-", "+")):
        run.scope.positional = tuple(words[1:])
    return ""


def _shift(run: Runner, words: list[str], _stdin: str | None) -> str:
    count = int(words[1]) if len(words) > 1 and words[1].isdecimal() and len(words[1]) < 4 else 1
    run.scope.positional = run.scope.positional[count:]
    return ""


def _unalias(run: Runner, words: list[str], _stdin: str | None) -> str:
    for word in words[1:]:
        run.scope.aliases.pop(word, None)
    return ""


TABLE: Final[dict[str, Callable[[Runner, list[str], str | None], str]]] = {
    "cd": _cd,
    "pushd": _cd,
    "eval": _eval,
    "source": _source,
    ".": _source,
    "export": _declare,
    "declare": _declare,
    "local": _declare,
    "readonly": _declare,
    "typeset": _declare,
    "read": _read,
    "mapfile": _unknown_names,
    "readarray": _unknown_names,
    "getopts": _unknown_names,
    "unset": _unset,
    "alias": _alias,
    "unalias": _unalias,
    "trap": _trap,
    "set": _set,
    "shift": _shift,
}
