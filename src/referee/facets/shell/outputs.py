"""What simple programs print, where it can be computed from what is known.

Rule 1: a program that is not in the table, or an option that is not understood, prints ``UNKNOWN``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Final

from referee.facets.classes import SECRETS, classes
from referee.facets.file import normal
from referee.facets.shell.scope import Runner
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.words import ansi
from referee.facets.shell.wrappers import ANY_BELOW, find_names, find_roots

_LONGEST: Final = 16 * 1024


def printed(run: Runner, name: str, words: list[str], stdin: str | None) -> str:
    """Return what a command prints."""
    if name == "tee":
        for word in words[1:]:
            if not word.startswith("-") and UNKNOWN not in word:
                run.scope.files[normal(word, run.scope.surroundings)] = UNKNOWN if stdin is None else stdin
    if name == "printf" and words[1:2] == ["-v"] and len(words) > 2:
        text = _printf(words[3:], None)
        run.scope.values[words[2]] = UNKNOWN if text is None else text
        return ""
    if name == "cat":
        return _cat(run, words[1:], stdin)
    if name == "pwd":
        return UNKNOWN if run.scope.surroundings.cwd is None else run.scope.surroundings.cwd + "\n"
    if name == "find":
        return _found(words)
    if (
        name == "git"
        and words[1:2] == ["ls-files"]
        and len(words) > 2
        and all(w[:1] not in {"-", ":"} for w in words[2:])
    ):
        return "".join(f"{word}\n" for word in words[2:])
    if name in {"sort", "uniq"} and stdin is not None and len(words) == 1 and UNKNOWN not in stdin:
        return stdin
    program = _PROGRAMS.get(name)
    if program is None or len(stdin or "") > _LONGEST:
        return UNKNOWN
    result = program(words[1:], stdin)
    return UNKNOWN if result is None else result


def _found(words: list[str]) -> str:
    """Return a glob a line for what ``find`` prints; without a bound on the names, each root with all below it."""
    names = find_names(words)
    risky = names is not None and any(
        not SECRETS.isdisjoint(classes(name)) and any(mark in name for mark in "*?[") for name in names
    )
    if names is None or risky:
        roots = find_roots(words)
        bounded = len(roots) <= 16 and not any(word.startswith(_PRINTS) for word in words[1:])
        names = [f"{root.rstrip('/')}{ANY_BELOW}" for root in roots] if bounded else [UNKNOWN]
    return UNKNOWN if any(UNKNOWN in name or " " in name or "\n" in name for name in names) else "\n".join([*names, ""])


_PRINTS: Final = ("-printf", "-exec", "-ok", "-fprint", "-fls", "-ls", "-delete")


def _cat(run: Runner, words: list[str], stdin: str | None) -> str:
    names = [word for word in words if not word.startswith("-") or word == "-"]
    if not names:
        return UNKNOWN if stdin is None else stdin
    known = [
        stdin if name == "-" else run.scope.files.get(name, run.scope.files.get(normal(name, run.scope.surroundings)))
        for name in names
    ]
    return "".join(UNKNOWN if text is None else text for text in known)


def _echo(words: list[str], _stdin: str | None) -> str | None:
    newline, escapes = "\n", False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        newline = "" if "n" in words[0] else newline
        escapes = "e" in words[0]
        words = words[1:]
    text = " ".join(words)
    return (ansi(text) if escapes else text) + newline


def _printf(words: list[str], _stdin: str | None) -> str | None:
    words = words[1:] if words[:1] == ["--"] else words
    if not words or words[0].startswith("-"):
        return None
    form, values = ansi(words[0]), words[1:]
    holes = re.findall(r"%(?:%|[-+ #0]*\d*(?:\.\d+)?([sbqdiouxXc]))", form)
    if len(re.findall("%", form.replace("%%", ""))) != sum(1 for hole in holes if hole):
        return None
    wanted = sum(1 for hole in holes if hole)
    rounds = max(1, -(-len(values) // wanted)) if wanted else 1
    if rounds > 256:
        return None
    queue = list(values)
    return "".join(_formatted(form, queue) for _ in range(rounds))


def _formatted(form: str, queue: list[str]) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1] is None:
            return "%"
        value = queue.pop(0) if queue else ""
        if found[1] in "doxXiuc" and found[0] != f"%{found[1]}":
            return UNKNOWN
        if found[1] in "oxX":
            shown = {"o": "o", "x": "x", "X": "X"}[found[1]]
            return format(int(value), shown) if value.isdecimal() and len(value) < 10 else UNKNOWN
        return ansi(value) if found[1] == "b" else value[:1] if found[1] == "c" else value

    return re.sub(r"%(?:%|[-+ #0]*\d*(?:\.\d+)?([sbqdiouxXc]))", fill, form)


def _decoded(data: bytes | None) -> str | None:
    if data is None:
        return None
    try:
        return data.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        return None


def _base64(words: list[str], stdin: str | None) -> str | None:
    if stdin is None or UNKNOWN in stdin or any(not word.startswith("-") for word in words):
        return None
    if not any(word in {"--decode", "-D"} or re.fullmatch(r"-[a-z]*d[a-z]*", word) for word in words):
        return base64.b64encode(stdin.encode("utf-8", "replace")).decode() + "\n"
    try:
        return _decoded(base64.b64decode("".join(stdin.split()), validate="-i" not in words))
    except (binascii.Error, ValueError):
        return None


def _base32(words: list[str], stdin: str | None) -> str | None:
    if stdin is None or UNKNOWN in stdin or not any(word in {"-d", "--decode"} for word in words):
        return None
    try:
        return _decoded(base64.b32decode("".join(stdin.split())))
    except (binascii.Error, ValueError):
        return None


def _xxd(words: list[str], stdin: str | None) -> str | None:
    flags = "".join(word.lstrip("-") for word in words if word.startswith("-"))
    if stdin is None or UNKNOWN in stdin or "r" not in flags or "p" not in flags:
        return None
    try:
        return _decoded(bytes.fromhex("".join(stdin.split())))
    except ValueError:
        return None


def _rev(words: list[str], stdin: str | None) -> str | None:
    if words or stdin is None:
        return None
    return "".join(line[::-1] + "\n" for line in stdin.splitlines())


def _tac(words: list[str], stdin: str | None) -> str | None:
    return None if words or stdin is None else "".join(line + "\n" for line in reversed(stdin.splitlines()))


_RANGE: Final = re.compile(r"(.)-(.)", re.DOTALL)
_SETS: Final = {
    "[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "[:lower:]": "abcdefghijklmnopqrstuvwxyz",
    "[:digit:]": "0123456789",
    "[:space:]": " \t\n\r\v\f",
    "[:blank:]": " \t",
    "[:punct:]": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
}


def _letters(text: str) -> str:
    for name, letters in _SETS.items():
        text = text.replace(name, letters)
    text = ansi(text)
    return _RANGE.sub(lambda found: "".join(map(chr, range(ord(found[1]), min(ord(found[2]), 0x3000) + 1))), text)


def _tr(words: list[str], stdin: str | None) -> str | None:
    if stdin is None or not words or any(UNKNOWN in word for word in words):
        return None
    if words[0] == "-d" and len(words) == 2:
        gone = set(_letters(words[1]))
        return "".join(letter for letter in stdin if letter not in gone)
    if words[0].startswith("-") or len(words) != 2:
        return None
    old, new = _letters(words[0]), _letters(words[1])
    if not new:
        return None
    table = {ord(letter): new[min(at, len(new) - 1)] for at, letter in reversed(list(enumerate(old)))}
    return stdin.translate(table)


def _lines(words: list[str], stdin: str | None) -> str | None:
    """``head`` and ``tail`` of a text of one line are the text, ``sort`` and ``uniq`` as well."""
    known = stdin is not None and UNKNOWN not in stdin and stdin.count("\n") <= 1
    return (
        stdin
        if known and all(word.startswith("-") or word.isdecimal() for word in words) and words[:1] != ["-c"]
        else None
    )


def _sed(words: list[str], stdin: str | None) -> str | None:
    """``s/constant/constant/g`` of a known text."""
    found = re.fullmatch(r"s(.)([A-Za-z0-9 _@%#~,:-]*)\1([A-Za-z0-9 _@%#~,:/-]*)\1g?", words[0]) if words else None
    if found is None or stdin is None or len(words) != 1:
        return None
    return stdin.replace(found[2], found[3]) if words[0].endswith("g") else None


def _nothing(_words: list[str], _stdin: str | None) -> str | None:
    return ""


_PROGRAMS: Final[dict[str, Callable[[list[str], str | None], str | None]]] = {
    "echo": _echo,
    "printf": _printf,
    "base64": _base64,
    "base32": _base32,
    "xxd": _xxd,
    "rev": _rev,
    "tac": _tac,
    "tr": _tr,
    "sed": _sed,
    "head": _lines,
    "tail": _lines,
    "sort": _lines,
    "uniq": _lines,
    "tee": lambda _words, stdin: stdin,
    **dict.fromkeys(("true", "false", ":", "mkdir", "rm", "touch", "test", "[", "sleep", "wait", "chmod"), _nothing),
}
