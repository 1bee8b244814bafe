"""What simple programs print, where it can be computed from what is known.

Rule 1: a program that is not in the table, or an option that is not understood, prints ``UNKNOWN``.
"""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Callable
from typing import Final

from referee.facets.classes import SECRETS, classes
from referee.facets.file import normal
from referee.facets.shell import arrays, filters, quotes
from referee.facets.shell.quotes import ZERO
from referee.facets.shell.scope import INPUTS, Runner
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.wrappers import ANY_BELOW, find_names, find_roots

_LONGEST: Final = 16 * 1024


def printed(run: Runner, name: str, words: list[str], stdin: str | None) -> str:
    """Return what a command prints."""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(run, words, stdin)
    program = _PROGRAMS.get(name)
    if program is None or len(stdin or "") > _LONGEST:
        return UNKNOWN
    arguments, text = words[1:], stdin
    if arguments and name in _OF_FILES:
        known = _content(run, arguments[-1])
        arguments, text = (arguments[:-1], known) if known is not None else (arguments, text)
    result = program(arguments, text)
    return UNKNOWN if result is None else result


def _content(run: Runner, word: str) -> str | None:
    """Return the text of a file that this very text has written."""
    if UNKNOWN in word or word.startswith("-"):
        return None
    return run.scope.files.get(word, run.scope.files.get(normal(word, run.scope.surroundings)))


def _tee(run: Runner, words: list[str], stdin: str | None) -> str:
    for word in words[1:]:
        if not word.startswith("-") and UNKNOWN not in word:
            run.scope.files[normal(word, run.scope.surroundings)] = UNKNOWN if stdin is None else stdin
    return UNKNOWN if stdin is None else stdin


def _printf_command(run: Runner, words: list[str], _stdin: str | None) -> str:
    if words[1:2] != ["-v"] or len(words) < 3:
        text = _printf(words[1:])
        return UNKNOWN if text is None else text
    text = _printf(words[3:])
    arrays.assign(run, words[2], UNKNOWN if text is None else text.partition(ZERO)[0])
    return ""


def _copy(run: Runner, words: list[str], _stdin: str | None) -> str:
    """Remember what a copied, moved or linked file contains; what is not known of the source is not known of the copy."""
    operands = [word for word in words[1:] if not word.startswith("-")]
    if len(operands) == 2 and UNKNOWN not in operands[1]:
        known = _content(run, operands[0])
        target = normal(operands[1], run.scope.surroundings)
        if known is not None:
            run.scope.files[target] = known
        else:
            run.scope.files.pop(target, None)
    return ""


def _pwd(run: Runner, _words: list[str], _stdin: str | None) -> str:
    return UNKNOWN if run.scope.surroundings.cwd is None else run.scope.surroundings.cwd + "\n"


def _git(_run: Runner, words: list[str], _stdin: str | None) -> str:
    listed = words[1:2] == ["ls-files"] and len(words) > 2 and all(word[:1] not in {"-", ":"} for word in words[2:])
    return "".join(f"{word}\n" for word in words[2:]) if listed else UNKNOWN


def _found(_run: Runner, words: list[str], _stdin: str | None) -> str:
    """Return a glob a line for what ``find`` prints; without a bound on the names, each root with all below it."""
    names = find_names(words)
    risky = names is not None and any(
        not SECRETS.isdisjoint(classes(name)) and any(mark in name for mark in "*?[") for name in names
    )
    if names is None or risky:
        roots = find_roots(words)
        bounded = len(roots) <= 16 and not any(word.startswith(_PRINTS) for word in words[1:])
        names = [f"{root.rstrip('/')}{ANY_BELOW}" for root in roots] if bounded else [UNKNOWN]
    if any(UNKNOWN in name or " " in name or "\n" in name for name in names):
        return UNKNOWN
    return (ZERO if "-print0" in words else "\n").join([*names, ""])


_PRINTS: Final = ("-printf", "-exec", "-ok", "-fprint", "-fls", "-ls", "-delete")


def _cat(run: Runner, words: list[str], stdin: str | None) -> str:
    names = [word for word in words[1:] if not word.startswith("-") or word == "-"]
    texts = [stdin if name in INPUTS else _content(run, name) for name in names or ["-"]]
    return "".join(UNKNOWN if text is None else text for text in texts)


def _which(_run: Runner, words: list[str], _stdin: str | None) -> str:
    """Print the place of a program: the folder is not known, the name is."""
    if words[0] in {"command", "type"} and words[1:2] not in (["-v"], ["-p"], ["-P"]):
        return UNKNOWN
    names = [word for word in words[1:] if not word.startswith("-")]
    return "".join(f"{UNKNOWN}/{name.rpartition('/')[2]}\n" for name in names)


def _echo(words: list[str], _stdin: str | None) -> str | None:
    newline, escapes = "\n", False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        newline = "" if "n" in words[0] else newline
        for letter in words[0]:
            escapes = letter == "e" if letter in "eE" else escapes
        words = words[1:]
    text = " ".join(words)
    return (quotes.printed(text) if escapes else text) + newline


_HOLE: Final = re.compile(r"%(?:%|([-+ #0]*)(\d{1,3})?(\.\d{0,3})?([sbqdiouxXc]))")


def _printf(words: list[str]) -> str | None:
    words = words[1:] if words[:1] == ["--"] else words
    if not words or words[0].startswith("-"):
        return None
    form, values = quotes.form(words[0]), words[1:]
    holes = [found[4] for found in _HOLE.finditer(form)]
    if len(_HOLE.sub("", form).split("%")) > 1:
        return None
    wanted = sum(1 for hole in holes if hole)
    rounds = max(1, -(-len(values) // wanted)) if wanted else 1
    if rounds > 256:
        return None
    queue = list(values)
    return "".join(_HOLE.sub(lambda found: _filled(found, queue), form) for _ in range(rounds))


def _filled(found: re.Match[str], queue: list[str]) -> str:
    """Fill one hole of a format with the next value."""
    flags, width, precision, kind = found[1], found[2], found[3], found[4]
    if kind is None:
        return "%"
    value = queue.pop(0) if queue else ""
    if UNKNOWN in value and (width or precision or kind not in "sbq"):
        return UNKNOWN
    if kind in "sbqc":
        text = quotes.printed(value) if kind == "b" else shlex.quote(value) if kind == "q" else value
        text = text[:1] if kind == "c" else text[: int(precision[1:] or 0)] if precision else text
        return text.ljust(int(width or 0)) if "-" in flags else text.rjust(int(width or 0))
    number = _number(value)
    if number is None or precision or set(flags) - {"0", "-"} or (number < 0 and kind not in "di"):
        return UNKNOWN
    text = format(number, {"d": "d", "i": "d", "u": "d", "o": "o", "x": "x", "X": "X"}[kind])
    return text.ljust(int(width or 0)) if "-" in flags else text.rjust(int(width or 0), "0" if "0" in flags else " ")


def _number(value: str) -> int | None:
    """Read a number as ``printf`` does: decimal, octal, hexadecimal, or a letter after a quote."""
    if len(value) >= 2 and value[0] in "'\"":
        return ord(value[1])
    if value == "":
        return 0
    if not re.fullmatch(r"-?(?:0[0-7]{0,9}|[1-9]\d{0,9}|0[xX][0-9a-fA-F]{1,8})", value):
        return None
    return int(value, 16 if value[:2].lower() == "0x" else 8 if value[0] == "0" else 10)


def _decoded(data: bytes | None) -> str | None:
    if data is None:
        return None
    try:
        return data.decode("utf-8").replace("\0", ZERO)
    except UnicodeDecodeError:
        return None


def _base64(words: list[str], stdin: str | None) -> str | None:
    if stdin is None or UNKNOWN in stdin or any(not word.startswith("-") for word in words):
        return None
    if not any(word in {"--decode", "-D"} or re.fullmatch(r"-[a-z]*d[a-z]*", word) for word in words):
        return base64.b64encode(stdin.replace(ZERO, "\0").encode("utf-8", "replace")).decode() + "\n"
    loose = any(word == "--ignore-garbage" or re.fullmatch(r"-[a-z]*i[a-z]*", word) for word in words)
    try:
        return _decoded(base64.b64decode("".join(stdin.split()), validate=not loose))
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


def _openssl(words: list[str], stdin: str | None) -> str | None:
    """``openssl base64 -d`` and ``openssl enc -base64 -d``."""
    flags = set(words[1:]) - {"-A", "-a", "-base64"}
    encoding = words[:1] == ["base64"] or (words[:1] == ["enc"] and bool(set(words) & {"-a", "-base64"}))
    return _base64(["-d"] if flags else [], stdin) if encoding and flags <= {"-d"} else None


def _basename(words: list[str], _stdin: str | None) -> str | None:
    if not 0 < len(words) <= 2 or words[0].startswith("-") or any(UNKNOWN in word for word in words):
        return None
    name = words[0].rstrip("/").rpartition("/")[2] or "/"
    return (name.removesuffix(words[1]) if len(words) == 2 and name != words[1] else name) + "\n"


def _dirname(words: list[str], _stdin: str | None) -> str | None:
    if len(words) != 1 or words[0].startswith("-") or UNKNOWN in words[0]:
        return None
    folder, slash, _ = words[0].rstrip("/").rpartition("/")
    return (folder or ("/" if slash else ".")) + "\n"


def _mktemp(words: list[str], _stdin: str | None) -> str | None:
    """Print the template itself for the fresh file or folder that nothing else has the name of."""
    folder, place, rest = "/tmp", 0, list[str]()  # noqa: S108 - a name that is shown, not a file that is made
    while place < len(words):
        word = words[place]
        if word in {"-p", "--tmpdir"} and place + 1 < len(words):
            folder, place = words[place + 1], place + 1
        elif not word.startswith("-") or word == "-":
            rest.append(word)
        elif not re.fullmatch(r"-[dqtu]+|--directory|--quiet", word):
            return None
        place += 1
    name = rest[0] if rest else "tmp.XXXXXXXXXX"
    given = "-p" in words or "--tmpdir" in words or not rest or "-t" in words
    return f"{folder}/{name}\n" if given else f"{name}\n"


def _seq(words: list[str], _stdin: str | None) -> str | None:
    if not 0 < len(words) <= 3 or not all(re.fullmatch(r"-?\d{1,6}", word) for word in words):
        return None
    numbers = [int(word) for word in words]
    first, step, last = (
        (1, 1, *numbers) if len(numbers) == 1 else (numbers[0], 1, numbers[1]) if len(numbers) == 2 else numbers
    )
    if step == 0 or abs((last - first) // step) > 1_000:
        return None
    return "".join(f"{number}\n" for number in range(first, last + (1 if step > 0 else -1), step))


def _filter(program: filters.Filter) -> Callable[[list[str], str | None], str | None]:
    def shown(words: list[str], stdin: str | None) -> str | None:
        if stdin is None or UNKNOWN in stdin or any(UNKNOWN in word for word in words):
            return None
        return program(words, stdin)

    return shown


def _nothing(_words: list[str], _stdin: str | None) -> str | None:
    return ""


_PROGRAMS: Final[dict[str, Callable[[list[str], str | None], str | None]]] = {
    **{name: _filter(program) for name, program in filters.FILTERS.items()},
    "echo": _echo,
    "base64": _base64,
    "base32": _base32,
    "xxd": _xxd,
    "openssl": _openssl,
    "basename": _basename,
    "dirname": _dirname,
    "seq": _seq,
    "mktemp": _mktemp,
    **dict.fromkeys(("true", "false", ":", "mkdir", "rm", "touch", "test", "[", "sleep", "wait", "chmod"), _nothing),
}
_OF_FILES: Final = (frozenset(filters.FILTERS) - {"tr"}) | {"base64", "base32", "xxd"}
_SPECIAL: Final[dict[str, Callable[[Runner, list[str], str | None], str]]] = {
    "tee": _tee,
    "printf": _printf_command,
    "cat": _cat,
    "pwd": _pwd,
    "find": _found,
    "git": _git,
    "cp": _copy,
    "mv": _copy,
    "ln": _copy,
    "which": _which,
    "command": _which,
    "type": _which,
}
