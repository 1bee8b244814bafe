"""What bash does itself: folders, variables, ``eval``, ``source``, ``trap``.

Rule 1: a builtin that takes code hands it on to be followed; one that sets a variable to what is not known says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from referee.facets.file import normal
from referee.facets.shell import arrays
from referee.facets.shell.lexing import Unreadable, word_end
from referee.facets.shell.scope import IFS, INPUTS, Runner
from referee.facets.shell.touching import touch
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.words import expand, expand_text
from referee.facets.shell.wrappers import operands_at

_ASSIGNMENT: Final = re.compile(r"([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=(.*)", re.DOTALL)
_RUN_BY_OTHERS: Final = frozenset(
    {"PROMPT_COMMAND", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "PAGER", "EDITOR", "VISUAL", "GIT_EDITOR"}
    | {"GIT_SEQUENCE_EDITOR", "LESSOPEN", "BROWSER", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH", "RUSTC_WRAPPER"}
)
_HISTORY: Final = frozenset({"HISTFILE", "HISTSIZE", "HISTFILESIZE", "HISTCONTROL", "HISTIGNORE"})
_PRELOADED: Final = frozenset({"LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "LD_AUDIT"})
_GUARDED: Final = frozenset(
    {"CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME", "COPILOT_HOME", "OPENCODE_CONFIG_DIR"}
)
"""Where coding agents look for their settings, and with them for their hooks."""
_LOADED: Final = frozenset({"LD_PRELOAD", "BASH_ENV", "ENV", "PYTHONSTARTUP", "DYLD_INSERT_LIBRARIES", "LD_AUDIT"})


def assign(run: Runner, assignments: tuple[str, ...]) -> None:
    """Carry out the assignments before a command, or those that are one."""
    for raw in assignments:
        found = _ASSIGNMENT.fullmatch(raw)
        if found is None:
            continue
        name, index, plus, value = found[1], found[2] or "", found[3], found[4]
        name = run.scope.references.get(name, name)
        if value.startswith("(") and not index:
            fields = _fields(run, value)
            _consequences(run, name, fields[0] if fields else "")
            arrays.store(run, name, arrays.pairs(value[1:-1], fields), append=bool(plus))
            continue
        text = expand_text(value, run)
        if "$" in index or "`" in index:
            index = expand_text(index, run)
        _consequences(run, name, text)
        arrays.assign(run, name + index, text, append=bool(plus))


def surround(run: Runner, words: list[str]) -> None:
    """Follow the variables that ``env`` sets for another program."""
    for word in words[1:]:
        found = _ASSIGNMENT.fullmatch(word)
        if found is not None and not found[2]:
            _consequences(run, found[1], found[4])
        elif not word.startswith("-"):
            return


DECLARING: Final = frozenset({"declare", "local", "export", "readonly", "typeset"})


def array_set(run: Runner, raw: str) -> bool:
    """Carry out ``name=(…)`` as an argument of ``declare``, as written; tell whether it was that."""
    found = _ASSIGNMENT.fullmatch(raw)
    if found is None or found[2] or not found[4].startswith("("):
        return False
    assign(run, (raw,))
    return True


def _consequences(run: Runner, name: str, value: str) -> None:
    """Follow variables whose value another program runs or loads."""
    if name in _RUN_BY_OTHERS and value not in {"", "cat", "less", "more", "true", ":"}:
        run.apart(value)
    elif name in _LOADED and value:
        run.trace.effect("execute")
        touch(run, value, "execute")
        if name in _PRELOADED:
            run.trace.effect("escalation")
    elif name in _GUARDED or name.startswith("REFEREE_"):
        run.trace.effect("protection_off")
    elif name in _HISTORY and value in {"/dev/null", "0", "", "ignorespace", "ignoreboth", "*"}:
        run.trace.effect("log_tampering")


def _fields(run: Runner, raw: str) -> list[str]:
    """Return the elements of ``(…)``."""
    fields: list[str] = []
    place, end = 1, len(raw) - (1 if raw.endswith(")") else 0)
    while place < end:
        if raw[place] in " \t\r\n":
            place += 1
            continue
        try:
            after = min(word_end(raw, place), end)
        except Unreadable:
            run.trace.miss("effect: a quote or substitution that does not end")
            break
        fields += expand(raw[place : max(after, place + 1)], run)
        place = max(after, place + 1)
    return fields


def _cd(run: Runner, words: list[str], _stdin: str | None) -> str:
    targets = [word for word in words[1:] if not word.startswith("-") or word == "-"]
    target = targets[0] if targets else run.scope.surroundings.home
    unknown = target is None or UNKNOWN in target or target == "-"
    run.scope.change_folder(None if unknown or target is None else normal(target, run.scope.surroundings))
    return ""


def _eval(run: Runner, words: list[str], stdin: str | None) -> str:
    run.trace.effect("execute")
    return run.text(" ".join(words[2 if words[1:2] == ["--"] else 1 :]), stdin)


def _source(run: Runner, words: list[str], stdin: str | None) -> str:
    run.trace.effect("execute")
    if len(words) < 2:
        return ""
    known = run.scope.files.get(words[1])
    if known is None and UNKNOWN not in words[1]:
        known = run.scope.files.get(normal(words[1], run.scope.surroundings))
    if words[1] in INPUTS:
        known = UNKNOWN if stdin is None else stdin
    if known is not None:
        return run.text(known, stdin)
    touch(run, words[1], "execute")
    touch(run, words[1], "read")
    return UNKNOWN


def _declare(run: Runner, words: list[str], _stdin: str | None) -> str:
    reference = any(word.startswith("-") and "n" in word for word in words[1:]) and words[0] in {
        "declare",
        "local",
        "typeset",
    }
    listed = any(re.fullmatch(r"-[a-zA-Z]*[aA][a-zA-Z]*", word) for word in words[1:])
    for word in words[1:]:
        found = _ASSIGNMENT.fullmatch(word)
        if found is None:
            continue
        name, index, plus, value = found[1], found[2] or "", found[3], found[4]
        _consequences(run, name, value)
        if reference:
            run.scope.references[name] = value
        elif value.startswith("(") and not index and listed:
            arrays.store(run, name, arrays.pairs(value[1:-1], _fields(run, value)), append=bool(plus))
        else:
            arrays.assign(run, name + index, value, append=bool(plus))
    return "" if any(not word.startswith("-") for word in words[1:]) and "-p" not in words else UNKNOWN


def _unknown_names(run: Runner, words: list[str], _stdin: str | None) -> str:
    for word in words[1:]:
        if word.isidentifier():
            run.scope.values[word] = UNKNOWN
    return ""


_READ: Final = frozenset({"-d", "-p", "-n", "-N", "-t", "-u", "-i"})


def _read(run: Runner, words: list[str], stdin: str | None) -> str:
    """``read a b`` from a text that is known gives the first line to the names."""
    place = operands_at(words, _READ)
    names = words[place:] or ["REPLY"]
    flags = [word for word in words[1:place] if word.startswith("-")]
    whole = any(word in {"-d", "-rd"} and after == "" for word, after in pairwise(words))
    simple = all(re.fullmatch(r"-[rsea]+|-d|-rd|-p|-t|--", flag) for flag in flags) and (
        whole or not any("d" in one for one in flags)
    )
    known = stdin is not None and UNKNOWN not in stdin and simple
    text = ((stdin or "").rstrip("\n") if whole else (stdin or "").partition("\n")[0]) if known else UNKNOWN
    if not any("r" in flag for flag in flags):
        text = re.sub(r"\\(.)", r"\1", text)
    separators = run.scope.values.get("IFS", IFS) if known else IFS
    if any("a" in flag for flag in flags):
        fields = [piece for piece in re.split(f"[{re.escape(separators)}]+", text) if piece] if separators else [text]
        arrays.store(run, names[0], [(None, field) for field in fields] if known else [("0", UNKNOWN)])
        return ""
    pieces = _shared(text, separators, len(names)) if known else []
    for at, name in enumerate(names):
        if name.isidentifier():
            arrays.assign(run, name, (pieces[at] if at < len(pieces) else "") if known else UNKNOWN)
    return ""


def _shared(text: str, separators: str, count: int) -> list[str]:
    """Cut a line for ``read``: the last name takes the rest."""
    if not separators or not text or count < 2:
        return [text.strip(" \t\n") if separators else text]
    blank = "".join(letter for letter in separators if letter in IFS)
    return re.split(f"[{re.escape(separators)}]+", text.strip(blank) if blank else text, maxsplit=count - 1)


def _mapfile(run: Runner, words: list[str], stdin: str | None) -> str:
    arrays.lines(run, words, stdin)
    return ""


def _unset(run: Runner, words: list[str], _stdin: str | None) -> str:
    for word in words[1:]:
        if word in _HISTORY:
            run.trace.effect("log_tampering")
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
    if any(before == "+o" and word == "history" for before, word in pairwise(words)):
        run.trace.effect("log_tampering")
    if "--" in words:
        run.scope.positional = tuple(words[words.index("--") + 1 :])
    elif len(words) > 1 and not words[1].startswith(("-", "+")):
        run.scope.positional = tuple(words[1:])
    return UNKNOWN if len(words) == 1 else ""


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
    "mapfile": _mapfile,
    "readarray": _mapfile,
    "getopts": _unknown_names,
    "unset": _unset,
    "alias": _alias,
    "unalias": _unalias,
    "trap": _trap,
    "set": _set,
    "shift": _shift,
}
