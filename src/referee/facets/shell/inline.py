"""Interpreters: shells that are given text, and other languages that are given code.

Rule 1: shell text that is known is followed; text that is not known is an ``effect:`` entry in ``missing``.
Rule 2: code of another language is searched for the calls that run, delete, read or connect; if it has a word that could
do such a thing in a way not understood, what it does is missing.
"""

from __future__ import annotations

import re
from typing import Final

from referee.facets.file import normal
from referee.facets.shell import filters
from referee.facets.shell.effects import classify
from referee.facets.shell.languages import follow_code, literal
from referee.facets.shell.scope import INPUTS, Runner
from referee.facets.shell.touching import touch
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.wrappers import operands_at, option

SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "rbash", "mksh", "csh", "tcsh"})
_LANGUAGES: Final = re.compile(
    r"(python|pypy|perl|ruby|node|nodejs|php|lua|luajit|deno|bun|awk|gawk|mawk|nawk|osascript|irb|pry|julia|R|Rscript|octave|octave-cli|ghc|"
    r"jjs|jrunscript|groovy|scala|slsh|elixir|racket|guile|ipython|tclsh|wish)[0-9.]*"
)
_SHELL_VALUED: Final = frozenset({"-o", "-O", "+o", "+O", "--rcfile", "--init-file"})


_OUTSIDE: Final = 2
"""How deep a command is followed that no other one runs; a shell without a task further inside is a way out of a program."""


def shell(run: Runner, name: str, words: list[str], stdin: str | None) -> str:
    """Follow what a shell is given: ``-c`` text, a script, or its input; with ``-n`` it only reads it."""
    run.trace.effect("execute")
    flags = [word for word in words[1:] if word.startswith("-") and not word.startswith("--")]
    first = operands_at(words, _SHELL_VALUED)
    if any(re.fullmatch(r"-[a-zA-Z]*n[a-zA-Z]*", word) for word in words[1:first]):
        return ""
    if any("c" in flag for flag in flags):
        place = next(
            at for at, word in enumerate(words) if at and word.startswith("-") and word[:2] != "--" and "c" in word
        )
        at = operands_at(words, _SHELL_VALUED, place + 1)
        if at < len(words):
            return run.apart(words[at], stdin, tuple(words[at + 2 :]), words[at + 1] if at + 1 < len(words) else name)
        return UNKNOWN
    place = operands_at(words, _SHELL_VALUED)
    if place < len(words) and not any("s" in flag for flag in flags):
        return _script(run, words, place, stdin)
    if stdin is None:
        if run.trace.depth > _OUTSIDE and not run.trace.away:
            run.trace.effect("shell_escape")
        return UNKNOWN
    if UNKNOWN in stdin:
        run.trace.foreign()
        run.trace.miss(f"effect: what `{name}` reads from its input")
    return run.apart(stdin) if stdin != UNKNOWN else UNKNOWN


def _script(run: Runner, words: list[str], place: int, stdin: str | None) -> str:
    word = words[place]
    known = run.scope.files.get(word)
    if known is None and UNKNOWN not in word:
        known = run.scope.files.get(normal(word, run.scope.surroundings))
    if word in INPUTS:
        known = UNKNOWN if stdin is None else stdin
    if known is None:
        touch(run, word, "execute")
        return UNKNOWN
    if UNKNOWN in known:
        run.trace.foreign()
        run.trace.miss("effect: the content of a script")
    return run.apart(known, stdin, tuple(words[place + 1 :]), word) if known != UNKNOWN else UNKNOWN


def interprets(name: str) -> bool:
    """Tell whether a program runs code of another language."""
    return _LANGUAGES.fullmatch(name) is not None


_CODE_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "python": ("-c",),
    "pypy": ("-c",),
    "perl": ("-e", "-E"),
    "ruby": ("-e",),
    "node": ("-e", "--eval", "-p", "--print", "-pe"),
    "nodejs": ("-e", "--eval", "-p"),
    "php": ("-r",),
    "lua": ("-e",),
    "osascript": ("-e",),
    "deno": (),
    "bun": ("-e", "--eval"),
    "luajit": ("-e",),
    "ipython": ("-c",),
    "octave": ("--eval",),
    "octave-cli": ("--eval",),
    "guile": ("-c",),
}


def interpreter(run: Runner, name: str, words: list[str], stdin: str | None) -> str:
    """Record what the code given to an interpreter does."""
    language = re.sub(r"[0-9.]+$", "", name)
    if language.endswith("awk"):
        return _awk(run, words, stdin)
    run.trace.effect("execute")
    code = option(words, *told) if (told := _CODE_OPTIONS.get(language, ("-e",))) else None
    if code is None and language in {"deno", "bun"} and "eval" in words[1:2]:
        code = " ".join(words[2:])
    if code is None:
        place = operands_at(words, frozenset({"-W", "-X", "-I", "-m", "-r"}))
        named = place < len(words) and words[place] != "-"
        if "-m" in words or named:
            if named and "-m" not in words:
                touch(run, words[place], "execute")
                code = (
                    run.scope.files.get(normal(words[place], run.scope.surroundings))
                    if UNKNOWN not in words[place]
                    else UNKNOWN
                )
                if code is not None and UNKNOWN in code:
                    run.trace.foreign()
            if code is None and (named or "-m" in words):
                _tool(run, words, place if named and "-m" not in words else words.index("-m") + 1)
        elif stdin is not None:
            code = stdin
    if code is None:
        return UNKNOWN
    shown = _constant(language, code)
    if shown == UNKNOWN:
        follow_code(run, language, code)
    return shown


_PRINTS: Final = re.compile(
    r"\s*(print|puts|say|echo|console\.log|process\.stdout\.write|io\.write|printf)\b\s*\(?\s*"
    r"(\"(?:\\[\\\"'n]|[^\"\\$@#%\n])*\"|'(?:\\[\\']|[^'\\%\n])*')\s*\)?\s*;?\s*"
)


def _tool(run: Runner, words: list[str], place: int) -> None:
    """Take a script or module that is a program of its own (``manage.py``, ``artisan``, ``-m pip``) for that program."""
    if place < len(words) and UNKNOWN not in words[place]:
        name = words[place].rpartition("/")[2]
        classify(run, name, [name, *words[place + 1 :]], None)


def _constant(language: str, code: str) -> str:
    """Return what code prints that does nothing but print one constant."""
    found = _PRINTS.fullmatch(code)
    if found is None or UNKNOWN in code:
        return UNKNOWN
    ends = found[1] in {"puts", "say", "console.log"} or (found[1] == "print" and language in {"python", "pypy", "lua"})
    return literal(found[2]) + ("\n" if ends else "")


_AWK_VALUED: Final = frozenset(
    {"-v", "-F", "-f", "-e", "-i", "--assign", "--field-separator", "--file", "--source", "--include"}
)


_AWK_FILES: Final = re.compile(
    r"(?:(getline\s*[\w$\[\]]*\s*<)|(ARGV\s*\[[^\]]*\]\s*=(?!=))|>)\s*(\"(?:\\.|[^\"\\])*\")?"
)


def _awk_files(run: Runner, program: str) -> None:
    """Record the files that an awk program opens by itself."""
    for found in _AWK_FILES.finditer(program):
        reads = found[1] or found[2]
        if reads or found[3]:
            touch(run, literal(found[3]), "read" if reads else "write")


def _awk(run: Runner, words: list[str], stdin: str | None) -> str:
    place = operands_at(words, _AWK_VALUED)
    told = option(words, "-e", "--source")
    program = "\n".join(filter(None, (told, words[place] if place < len(words) else "")))
    _awk_files(run, program)
    if re.search(r"\bsystem\s*\(|\|\s*getline|\|\s*\"|\"\s*\||\|&", program):
        run.trace.effect("execute")
        follow_code(run, "awk", program)
        return UNKNOWN
    unknown = UNKNOWN in (stdin or "") or any(UNKNOWN in word for word in words)
    shown = None if unknown else filters.awk(words[1:], stdin)
    return UNKNOWN if shown is None else shown
