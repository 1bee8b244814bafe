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
from referee.facets.shell.quotes import ansi
from referee.facets.shell.scope import INPUTS, Runner
from referee.facets.shell.touching import touch
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.wrappers import operands_at, option

SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "rbash", "mksh", "csh", "tcsh"})
_LANGUAGES: Final = re.compile(
    r"(python|pypy|perl|ruby|node|nodejs|php|lua|deno|bun|awk|gawk|mawk|nawk|osascript)[0-9.]*"
)
_SHELL_VALUED: Final = frozenset({"-o", "-O", "+o", "+O", "--rcfile", "--init-file"})


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
    "bun": ("-e",),
}


def interpreter(run: Runner, name: str, words: list[str], stdin: str | None) -> str:
    """Record what the code given to an interpreter does."""
    language = re.sub(r"[0-9.]+$", "", name)
    if language.endswith("awk"):
        return _awk(run, words, stdin)
    run.trace.effect("execute")
    code = option(words, *_CODE_OPTIONS[language]) if _CODE_OPTIONS[language] else None
    if code is None and language in {"deno", "bun"} and "eval" in words[1:2]:
        code = " ".join(words[2:])
    if code is None:
        place = operands_at(words, frozenset({"-W", "-X", "-I", "-m", "-r"}))
        named = place < len(words) and words[place] != "-"
        if "-m" in words or named:
            if named and "-m" not in words:
                touch(run, words[place], "execute")
                code = run.scope.files.get(words[place])
        elif stdin is not None:
            code = stdin
    if code is None:
        return UNKNOWN
    _code(run, language, code)
    return _constant(language, code)


_PRINTS: Final = re.compile(
    r"\s*(print|puts|say|echo|console\.log|process\.stdout\.write|io\.write|printf)\b\s*\(?\s*"
    r"(\"(?:\\[\\\"'n]|[^\"\\$@#%\n])*\"|'(?:\\[\\']|[^'\\%\n])*')\s*\)?\s*;?\s*"
)


def _constant(language: str, code: str) -> str:
    """Return what code prints that does nothing but print one constant."""
    found = _PRINTS.fullmatch(code)
    if found is None or UNKNOWN in code:
        return UNKNOWN
    ends = found[1] in {"puts", "say", "console.log"} or (found[1] == "print" and language in {"python", "pypy", "lua"})
    return _literal(found[2]) + ("\n" if ends else "")


def _awk(run: Runner, words: list[str], stdin: str | None) -> str:
    program = next((word for word in words[1:] if not word.startswith("-")), "")
    if re.search(r"\bsystem\s*\(|\|\s*getline|\|\s*\"|\"\s*\||\|&", program):
        run.trace.effect("execute")
        _code(run, "awk", program)
        return UNKNOWN
    unknown = UNKNOWN in (stdin or "") or any(UNKNOWN in word for word in words)
    shown = None if unknown else filters.awk(words[1:], stdin)
    return UNKNOWN if shown is None else shown


_STRING: Final = r"""(?:[rbf]?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))"""
_SHELL_CALLS: Final = re.compile(
    r"(?:os\.system|os\.popen|subprocess\.(?:run|call|Popen|check_call|check_output|getoutput|getstatusoutput)|"
    r"\bsystem|\bexec|\bexecSync|\bspawnSync?|\bpopen|\bshell_exec|\bpassthru|\bqx|os\.execute|io\.popen|do shell script|`)"
    r"\s*\(?\s*" + _STRING
)
_LIST_CALLS: Final = re.compile(
    r"(?:subprocess\.(?:run|call|Popen|check_call|check_output)|\bsystem|\bexec[lv]?p?e?|\bspawnSync?|\bexecFileSync?)\s*\(\s*(\[[^\]]*\]|"
    r"\"[^\"]*\"(?:\s*,\s*\"[^\"]*\")+|'[^']*'(?:\s*,\s*'[^']*')+|['\"][^'\"]*['\"]\s*,\s*\[[^\]]*\])"
)
_BACKTICKS: Final = re.compile(r"`([^`]+)`|%x[({\[]([^)}\]]+)|qx[({/\[]([^)}/\]]+)")
_DELETES: Final = re.compile(
    r"(?:shutil\.rmtree|os\.(?:remove|unlink|rmdir|removedirs)|\bunlink|\brmtree|\brm_rf?|\bremove_tree|FileUtils\.\w*rm\w*|"
    r"(?:File|Dir)\.(?:delete|unlink|rmdir)|\b(?:rmSync|unlinkSync|rmdirSync|rm|rmdir)|Path\("
    + _STRING
    + r"\)\.(?:unlink|rmdir))\s*\(?\s*"
    + _STRING.replace("(?:[", "(?:[")
    + "?"
)
_RECURSIVE: Final = re.compile(r"rmtree|rm_r|remove_tree|remove_entry|removedirs")
_OPENS: Final = re.compile(
    r"(?:\bopen|\breadfile|\bio\.lines|\bfind-file|\breadFileSync|\breadFile|Path|File\.read|File\.open|file_get_contents|IO\.read|io\.open|createReadStream)\s*\(\s*"
    + _STRING
)
_WRITES: Final = re.compile(
    r"(?:\bwriteFileSync|\bwriteFile|File\.write|file_put_contents|\bappendFileSync)\s*\(\s*"
    + _STRING
    + r"|\bopen\(\s*"
    + _STRING
    + r"\s*,\s*['\"][wax]"
)
_NETWORK: Final = re.compile(
    r"\burllib|\brequests\.|\bhttpx?\b|\bsocket\b|\bfetch\(|\bNet::HTTP|IO::Socket|\bLWP\b|\bhttps?://|\baxios\b"
)
_URL: Final = re.compile(r"\b(?:https?|wss?|ftp)://[^\s'\"<>\\)]+")
_OBSCURE: Final = re.compile(
    r"\b(?:eval|exec|compile|__import__|getattr|globals|__builtins__|importlib|ctypes|pickle|marshal|b64decode|fromhex|atob|"
    r"Buffer\.from|Function|child_process|subprocess|os\.(?:exec|spawn|fork|kill|system|popen)|pty|system|popen|unpack|pack|qx|syscall|fork|kill|"
    r"unlink|rmtree|rmSync|send|instance_eval|require)\b|\bchr\(|`|\bsocket\b|%x"
)


def _code(run: Runner, language: str, code: str) -> None:
    run.trace.step(1 + len(code) // 256)
    if language not in {"python", "pypy"} and "\\" in code:
        code = _spelled(code)
    if UNKNOWN in code or len(code) > 16 * 1024:
        run.trace.miss(f"effect: what the {language} code does")
        code = code[: 16 * 1024]
    understood = _calls(run, code)
    for found in _DELETES.finditer(code):
        target = _literal(found[2] or found[1])
        touch(run, target, "delete")
        if _RECURSIVE.search(found[0]) or ("rmSync" in found[0] and "recursive" in code):
            run.argv(["rm", "-rf", target])
        understood += found[2] is not None or found[1] is not None
    for found in _OPENS.finditer(code):
        touch(run, _literal(found[1]), "read")
    for found in _WRITES.finditer(code):
        touch(run, _literal(found[1] or found[2]), "write")
    if _NETWORK.search(code):
        run.trace.effect("network")
        for found in _URL.finditer(code):
            classify(run, "curl", ["curl", found[0]], None)
    if not understood and _OBSCURE.search(code):
        run.trace.miss(f"effect: what the {language} code does")


def _calls(run: Runner, code: str) -> int:
    """Follow the commands that code runs as constants; return how many there were."""
    count = 0
    for found in _SHELL_CALLS.finditer(code):
        run.apart(_literal(found[1]))
        count += 1
    for found in _BACKTICKS.finditer(code):
        run.apart(found[1] or found[2] or found[3])
        count += 1
    for found in _LIST_CALLS.finditer(code):
        parts = [_literal(piece[0]) for piece in re.finditer(_STRING, found[1])]
        run.argv(parts)
        count += 1
    return count


def _literal(text: str | None) -> str:
    """Return the value of a string constant, read as Python and C read it; ``UNKNOWN`` if there is none."""
    if text is None:
        return UNKNOWN
    raw = text[0] in "rR"
    inner = text.lstrip("rbfuRBFU")[1:-1]
    return inner.replace("\0", "") if raw else ansi(inner).replace("\0", "")


_BRACED: Final = re.compile(r"\\[xu]\{([0-9a-fA-F]{1,6})\}")
_SIGIL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\([$@#%])")


def _spelled(code: str) -> str:
    r"""Read the escapes of other languages that Python has not: ``\x{72}`` and ``\$``."""
    code = _BRACED.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), code)
    return _SIGIL.sub(r"\1\2", code)
