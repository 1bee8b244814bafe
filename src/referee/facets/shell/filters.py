"""Programs that make another text of a text: what ``tr``, ``sed``, ``cut``, ``head``, ``awk`` and their like print.

Rule 1: an option, a pattern or a program text that is not understood gives ``None``; nothing is guessed.
Rule 2: a filter sees a text that is wholly known, or none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from referee.facets.shell.quotes import ansi

Filter = Callable[[list[str], str], str | None]


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_RANGE: Final = re.compile(r"(.)-(.)", re.DOTALL)
_SETS: Final = {
    "[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "[:lower:]": "abcdefghijklmnopqrstuvwxyz",
    "[:digit:]": "0123456789",
    "[:space:]": " \t\n\r\v\f",
    "[:blank:]": " \t",
    "[:punct:]": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "[:alpha:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "[:alnum:]": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
}


def _letters(text: str) -> str:
    for name, letters in _SETS.items():
        text = text.replace(name, letters)
    text = ansi(text)
    return _RANGE.sub(lambda found: "".join(map(chr, range(ord(found[1]), min(ord(found[2]), 0x3000) + 1))), text)


def tr(words: list[str], text: str) -> str | None:
    """Translate, delete or squeeze letters.

    >>> tr(["a-z", "n-za-m"], "ez"), tr(["-d", "-"], "r-m"), tr(["-dc", "a-z"], "r9m"), tr(["-s", "r"], "rrm")
    ('rm', 'rm', 'rm', 'rm')
    """
    flags, place = "", 0
    while place < len(words) and re.fullmatch(r"-[cCdst]+", words[place]):
        flags += words[place][1:]
        place += 1
    sets = [_letters(word) for word in words[place + (words[place : place + 1] == ["--"]) :]]
    if not sets or len(sets) > 2:
        return None
    other = "c" in flags or "C" in flags
    if "d" in flags and len(sets) == 1:
        return "".join(letter for letter in text if (letter in sets[0]) is other)
    if "d" in flags or (other and len(sets) == 2 and len(set(sets[1])) != 1):
        return None
    if len(sets) == 2:
        text = _translated(text, sets[0], sets[1], other=other)
    if "s" in flags:
        squeezed = sets[-1]
        text = re.sub(
            r"(.)\1+",
            lambda found: found[1] if (found[1] in squeezed) is not other else found[0],
            text,
            flags=re.DOTALL,
        )
    return text if len(sets) == 2 or "s" in flags else None


def _translated(text: str, old: str, new: str, *, other: bool) -> str:
    if not new:
        return text
    if other:
        return "".join(letter if letter in old else new[-1] for letter in text)
    table = {ord(letter): new[min(at, len(new) - 1)] for at, letter in reversed(list(enumerate(old)))}
    return text.translate(table)


def rev(words: list[str], text: str) -> str | None:
    """Turn each line round."""
    return None if words else "".join(line[::-1] + "\n" for line in text.splitlines())


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _whole(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)


def tac(words: list[str], text: str) -> str | None:
    """Turn the order of the lines round."""
    return None if words else _whole(_lines(text)[::-1])


_COUNT: Final = re.compile(r"(?:-n|--lines=?|-c|--bytes=?|-)([+-]?\d{1,6})")


def _counted(words: list[str]) -> tuple[str, int, str] | None:
    """Read the only option of ``head`` and ``tail``: ``n`` or ``c``, how many, and the sign."""
    if not words:
        return "n", 10, ""
    joined = words[0] + words[1] if len(words) == 2 and words[0] in {"-n", "-c", "--lines", "--bytes"} else words[0]
    found = _COUNT.fullmatch(joined)
    if found is None or len(words) > 2 or (len(words) == 2 and joined == words[0]):
        return None
    sign = found[1][0] if found[1][0] in "+-" else ""
    return "c" if joined.startswith(("-c", "--bytes")) else "n", abs(int(found[1])), sign


def head(words: list[str], text: str) -> str | None:
    r"""Take the first lines or letters; with a minus, all but the last.

    >>> head(["-c", "2"], "rmx"), head(["-1"], "a\nb\n"), head(["-n", "-1"], "a\nb\n")
    ('rm', 'a\n', 'a\n')
    """
    asked = _counted(words)
    if asked is None or asked[2] == "+" or (asked[0] == "c" and not text.isascii()):
        return None
    unit, count, sign = asked
    if unit == "c":
        return text[: max(len(text) - count, 0)] if sign else text[:count]
    lines = _lines(text)
    return _whole(lines[: max(len(lines) - count, 0)] if sign else lines[:count])


def tail(words: list[str], text: str) -> str | None:
    """Take the last lines or letters; with a plus, those from a place on."""
    asked = _counted(words)
    if asked is None or (asked[0] == "c" and not text.isascii()):
        return None
    unit, count, sign = asked
    if unit == "c":
        return text[max(count - 1, 0) :] if sign == "+" else text[len(text) - min(count, len(text)) :]
    lines = _lines(text)
    return _whole(lines[max(count - 1, 0) :] if sign == "+" else lines[max(len(lines) - count, 0) :])


def sort(words: list[str], text: str) -> str | None:
    """Sort lines, where they are all letters of one case, so that no locale matters; otherwise one line stays one."""
    lines = _lines(text)
    if len(lines) <= 1 and all(word.startswith("-") for word in words):
        return _whole(lines)
    if words not in ([], ["-u"], ["-r"]) or not all(re.fullmatch(r"[a-z]*|[0-9]{1,9}", line) for line in lines):
        return None
    ordered = sorted(lines, reverse=words == ["-r"])
    return _whole(list(dict.fromkeys(ordered)) if words == ["-u"] else ordered)


def uniq(words: list[str], text: str) -> str | None:
    """Drop lines that repeat the one before."""
    lines = _lines(text)
    return None if words else _whole([line for at, line in enumerate(lines) if not at or lines[at - 1] != line])


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_LIST: Final = re.compile(r"(\d{1,4})?(-)?(\d{1,4})?")


def _chosen(text: str) -> list[tuple[int, int]] | None:
    """Read ``1,3-5,7-`` as half-open ranges from zero."""
    ranges: list[tuple[int, int]] = []
    for part in text.split(","):
        found = _LIST.fullmatch(part)
        if found is None or not (found[1] or found[3]):
            return None
        first = int(found[1] or 1)
        last = int(found[3]) if found[3] else 10_000 if found[2] else first
        if not 0 < first <= last:
            return None
        ranges.append((first - 1, last))
    return sorted(ranges)


def cut(words: list[str], text: str) -> str | None:
    r"""Take letters or fields of each line.

    >>> cut(["-c3-"], "qqrm\n"), cut(["-d:", "-f", "2"], "a:rm\n"), cut(["-d", " ", "-f1,3"], "a b c\n")
    ('rm\n', 'rm\n', 'a c\n')
    """
    options = re.findall(r"-([cbfd])=?(.[^\0]*|)\0", "\0".join(_glued(words, "cbfd")) + "\0", re.DOTALL)
    given = dict(options)
    if len(options) != len(_glued(words, "cbfd")) or len({"c", "b", "f"} & given.keys()) != 1:
        return None
    kind = next(iter({"c", "b", "f"} & given.keys()))
    ranges = _chosen(given[kind])
    sign = given.get("d", "\t")
    if ranges is None or len(sign) != 1 or (kind == "b" and not text.isascii()):
        return None
    made: list[str] = []
    for line in _lines(text):
        if kind == "f" and sign not in line:
            made.append(line)
            continue
        pieces = line.split(sign) if kind == "f" else list(line)
        kept = [piece for at, piece in enumerate(pieces) if any(a <= at < b for a, b in ranges)]
        made.append((sign if kind == "f" else "").join(kept))
    return _whole(made)


def _glued(words: list[str], letters: str) -> list[str]:
    """Join options to the values that follow them as words."""
    found: list[str] = []
    place = 0
    while place < len(words):
        apart = len(words[place]) == 2 and words[place][0] == "-" and words[place][1] in letters
        found.append("".join(words[place : place + 2]) if apart else words[place])
        place += 2 if apart else 1
    return found


_SUBSTITUTE: Final = re.compile(
    r"s([/|#,:!@_+~%])(\^?)((?:(?!\1)[^\\.*\[\]^$+?(){}|&\n])*)(\$?)\1((?:(?!\1)[^\\&\n])*)\1(g?)"
)
_PRINT: Final = re.compile(r"(\d{1,4}|\$)(?:,(\d{1,4}|\$))?(p|d)")


def sed(words: list[str], text: str) -> str | None:
    r"""Replace one constant by another, or print or delete lines by their number.

    >>> sed(["s/qx//"], "qxrm\n"), sed(["-e", "s#^@##g"], "@rm\n"), sed(["-n", "2p"], "a\nrm\n")
    ('rm\n', 'rm\n', 'rm\n')
    """
    quiet = any(word in {"-n", "--quiet", "--silent"} for word in words)
    rest = [word for word in words if word not in {"-n", "--quiet", "--silent", "-E", "-r"}]
    scripts = rest[1::2] if rest and all(word == "-e" for word in rest[::2]) and len(rest) % 2 == 0 else rest
    if not scripts or (len(scripts) > 1 and rest[0] != "-e"):
        return None
    for script in (part for one in scripts for part in ([one] if one.startswith("s") else one.split(";"))):
        found = _SUBSTITUTE.fullmatch(script)
        numbers = _PRINT.fullmatch(script)
        if found is not None and not quiet:
            text = _whole([_replaced(line, found) for line in _lines(text)])
        elif numbers is not None and quiet is (numbers[3] == "p"):
            text = _whole(_numbered(_lines(text), numbers))
        else:
            return None
    return text


def _replaced(line: str, found: re.Match[str]) -> str:
    old, new = found[3], found[5]
    at_start, at_end = bool(found[2]), bool(found[4])
    if not (at_start or at_end):
        return line if not old else line.replace(old, new) if found[6] else line.replace(old, new, 1)
    if at_start and at_end:
        return new if line == old else line
    if at_start:
        return new + line[len(old) :] if line.startswith(old) else line
    return line[: len(line) - len(old)] + new if line.endswith(old) else line


def _numbered(lines: list[str], found: re.Match[str]) -> list[str]:
    first = len(lines) if found[1] == "$" else int(found[1])
    last = first if found[2] is None else len(lines) if found[2] == "$" else int(found[2])
    if found[3] == "p":
        return lines[max(first - 1, 0) : last]
    return lines[: max(first - 1, 0)] + lines[last:]


_AWK: Final = re.compile(
    r"\s*(?:BEGIN\s*\{\s*(?:print|printf(?![^\"]*\"[^\"]*%))\s*\(?\s*\"((?:[^\"\\]|\\.)*)\"\s*\)?\s*;?\s*\}|(?:NR\s*==\s*(\d{1,4})\s*)?(?:\{\s*print(?:\s+([^;{}]*?))?\s*;?\s*\})?)\s*"
)
_AWK_PART: Final = re.compile(r"\s*(?:\$(\d{1,3}|NF)|\"((?:[^\"\\]|\\.)*)\")\s*(,)?")


def awk(words: list[str], text: str | None) -> str | None:
    r"""Print constants and fields.

    >>> awk(["{print $2}"], "a rm\n"), awk(['BEGIN{print "rm"}'], None), awk(["-F:", "NR==2{print $1}"], "x\nrm:a\n")
    ('rm\n', 'rm\n', 'rm\n')
    """
    words = _glued(words, "F")
    sign = words[0][2:] if words and words[0].startswith("-F") else None
    program = words[1 if sign is not None else 0 :]
    found = _AWK.fullmatch(program[0]) if len(program) == 1 and program[0].strip() else None
    if found is None or (sign is not None and (len(sign) != 1 or sign in "\\|.*[]^$+?(){}")):
        return None
    if found[1] is not None:
        return ansi(found[1]) + ("" if "printf" in program[0] else "\n")
    if text is None:
        return None
    made: list[str] = []
    for at, line in enumerate(_lines(text), 1):
        if found[2] is not None and at != int(found[2]):
            continue
        shown = _awk_line(found[3], line, line.split(sign) if sign else line.split())
        if shown is None:
            return None
        made.append(shown)
    return _whole(made)


def _awk_line(parts: str | None, line: str, fields: list[str]) -> str | None:
    if not parts:
        return line
    shown, place = "", 0
    while place < len(parts):
        found = _AWK_PART.match(parts, place)
        if found is None or found.end() == place:
            return None
        place = found.end()
        if found[1] is None:
            shown += ansi(found[2])
        else:
            number = len(fields) if found[1] == "NF" else int(found[1])
            shown += line if number == 0 else fields[number - 1] if number <= len(fields) else ""
        shown += " " if found[3] else ""
    return shown


def fold(words: list[str], text: str) -> str | None:
    """Break lines after a number of letters: ``fold -w 1``."""
    found = re.fullmatch(r"-w\s?(\d{1,4})", " ".join(words))
    if found is None or int(found[1]) == 0:
        return None
    width = int(found[1])
    return _whole([line[at : at + width] for line in _lines(text) for at in range(0, max(len(line), 1), width)])


def paste(words: list[str], text: str) -> str | None:
    """Join all lines: ``paste -s -d ''``."""
    given = _glued([word for word in words if word != "-"], "d")
    if not given or not all(re.fullmatch(r"-s|-s?d.?", word, re.DOTALL) for word in given):
        return None
    if not any("s" in word[:2] for word in given):
        return None
    place = words.index("-sd") + 1 if "-sd" in words else -1
    sign = (
        words[place]
        if 0 < place < len(words)
        else next((word[word.index("d") + 1 :] for word in given if "d" in word), "\t")
    )
    return sign.join(_lines(text)) + "\n" if len(sign) <= 1 else None


def grep(words: list[str], text: str) -> str | None:
    """Keep the lines that contain a word, or with ``-o`` the word itself."""
    flags = "".join(word[1:] for word in words if re.fullmatch(r"-[oFEwvahi]+", word))
    rest = [word for word in words if not re.fullmatch(r"-[oFEwvahi]+", word)]
    if len(rest) != 1 or not re.fullmatch(r"[A-Za-z0-9 _/@%=:,-]+", rest[0]) or set(flags) & set("wih"):
        return None
    kept = [line for line in _lines(text) if (rest[0] in line) is ("v" not in flags)]
    return _whole([rest[0] for line in kept for _ in range(line.count(rest[0]))] if "o" in flags else kept)


def cat(words: list[str], text: str) -> str | None:
    """Leave a text as it is: ``tee``, ``cat``, and programs that only slow it down."""
    return text if all(word.startswith("-") for word in words) else None


FILTERS: Final[dict[str, Filter]] = {
    "tr": tr,
    "rev": rev,
    "tac": tac,
    "head": head,
    "tail": tail,
    "sort": sort,
    "uniq": uniq,
    "cut": cut,
    "sed": sed,
    "fold": fold,
    "paste": paste,
    "grep": grep,
}
