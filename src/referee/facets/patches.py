"""Which files a patch changes: V4A (``*** Update File:``), unified and context diffs, git's own headers and quoted names.

Rule 1: every name that a tool would act on counts, old and new; a rename deletes one file and writes another.
Rule 2: lines of a hunk are content, by the counts of its header, so that a removed ``-- note`` is no file. A header that
comes with its pair and a hunk of its own is one even there, for tools do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_BEGIN: Final = re.compile(r"(?im)^[ \t]*\*\*\* Begin Patch[ \t]*$")
_END: Final = re.compile(r"(?im)^[ \t]*\*\*\* End Patch[ \t]*$")
_V4A: Final = re.compile(r"(?i)[ \t]*\*\*\* (Add File|Update File|Delete File|Move to):[ \t]*(.+?)[ \t]*$")
_V4A_ACCESS: Final = {"add file": "write", "update file": "write", "delete file": "delete", "move to": "write"}
_HUNK: Final = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_NAMED: Final = re.compile(r"(\+\+\+|---|\*\*\*|Index:|rename from|rename to|copy from|copy to)[ \t]+(.+)")
_GIT: Final = re.compile(r"diff --git (.+)")
_BINARY: Final = re.compile(r"Binary files (.+) and (.+) differ")
_RANGE: Final = re.compile(r"\d+(?:,\d+)? \*{4}$|\d+(?:,\d+)? -{4}$")
_ACCESS: Final = {"rename from": "delete", "rename to": "write", "copy from": "read", "copy to": "write"}
_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS: Final = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_PREFIXES: Final = ("a/", "b/", "i/", "w/", "c/", "o/")

Touched = tuple[str, str]


def patched(text: str) -> list[Touched]:
    r"""List the files that a patch touches, each with what is done to it.

    >>> patched("*** Begin Patch\n*** Update File: a.py\n*** Move to: b.py\n*** End Patch")
    [('a.py', 'write'), ('a.py', 'delete'), ('b.py', 'write')]
    >>> patched('--- "a/caf\\303\\251.txt"\n+++ /dev/null\n@@ -1 +0,0 @@\n-x')
    [('café.txt', 'delete')]
    """
    found: dict[Touched, None] = {}
    for block, is_v4a in _blocks(text):
        found |= dict.fromkeys(_v4a(block) if is_v4a else _diff(block.split("\n")))
    return [pair for pair in found if pair[0] not in {"", "/dev/null", "NUL"}]


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into V4A patches and what stands around them; a patch without its marks is one as well."""
    at = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < at:
            continue
        end = _END.search(text, begin.end())
        yield text[at : begin.start()], False
        yield text[begin.end() : end.start() if end else len(text)], True
        at = end.end() if end else len(text)
    rest = text[at:]
    yield rest, at == 0 and any(_V4A.match(line) for line in rest.splitlines())
    if at == 0:
        yield rest, False


def _v4a(text: str) -> Iterator[Touched]:
    last = ""
    for line in text.splitlines():
        if "*** " not in line[:40]:
            continue
        header = _V4A.match(line)
        if header is None:
            continue
        kind = header[1].lower()
        if kind == "move to":
            yield last, "delete"
        yield header[2], _V4A_ACCESS[kind]
        last = header[2]


def _diff(lines: list[str]) -> Iterator[Touched]:
    left = right = 0
    deleted = False
    for at, raw in enumerate(lines):
        line = raw.rstrip("\r")
        if (left > 0 or right > 0) and not _is_header(lines, at):
            left -= line[:1] in {" ", "-", ""}
            right -= line[:1] in {" ", "+", ""}
            continue
        hunk = _HUNK.match(line)
        if hunk is not None:
            left, right = int((hunk[1] or "1")[:9]), int((hunk[2] or "1")[:9])
            continue
        left = right = 0
        git = _GIT.fullmatch(line)
        if git is not None:
            deleted = any(one.startswith("deleted file mode") for one in lines[at + 1 : at + 3])
            yield from _of_git(git[1], deleted=deleted)
            continue
        yield from _of_line(lines, at, line, deleted=deleted)


def _of_line(lines: list[str], at: int, line: str, *, deleted: bool) -> Iterator[Touched]:
    """Read one header outside of hunks."""
    binary = _BINARY.fullmatch(line)
    if binary is not None:
        yield from ((_plain(name, bare=False), "delete" if deleted else "write") for name in binary.groups())
        return
    named = _NAMED.fullmatch(line)
    if named is None or _RANGE.match(named[2]):
        return
    mark, name = named[1], named[2]
    if mark in _ACCESS:
        yield _plain(name, bare=True), _ACCESS[mark]
        return
    if mark in {"---", "***"}:
        after = _NAMED.fullmatch(lines[at + 1].rstrip("\r")) if at + 1 < len(lines) else None
        if mark == "***" and (after is None or after[1] != "---"):
            return
        gone = after is not None and _plain(after[2], bare=True) == "/dev/null"
        yield _plain(name, bare=False), "delete" if gone or deleted else "write"
        return
    yield _plain(name, bare=mark == "Index:"), "delete" if deleted else "write"


def _is_header(lines: list[str], at: int) -> bool:
    """Tell a file header in what its hunk's counts call content: the two lines of names, and a hunk after them."""
    three = [line.rstrip("\r") for line in lines[at : at + 3]]
    if len(three) == 3 and three[0].startswith("--- ") and three[1].startswith("+++ ") and three[2].startswith("@@"):
        return True
    return three[0].startswith("diff --git ")


def _of_git(names: str, *, deleted: bool) -> Iterator[Touched]:
    """Read the two names of ``diff --git``, which only quotes or their likeness tell apart."""
    pairs = [(left, right) for left, right in _cuts(names) if _plain(left, bare=False) == _plain(right, bare=False)]
    for pair in pairs or ([next(iter(_cuts(names)))] if '"' in names else []):
        for name in pair:
            yield _plain(name, bare=False), "delete" if deleted else "write"


def _cuts(names: str) -> Iterator[tuple[str, str]]:
    if names.startswith('"'):
        quoted = re.match(r'"(?:[^"\\]|\\.)*"', names)
        end = quoted.end() if quoted else len(names)
        yield names[:end], names[end:].strip()
        return
    if names.endswith('"') and ' "' in names:
        left, _, right = names.partition(' "')
        yield left, f'"{right}'
        return
    middle = len(names) // 2
    yield names[:middle].strip(), names[middle:].strip()


def _plain(name: str, *, bare: bool) -> str:
    r"""Write a name without quotes, time stamp and, unless it is ``bare``, git's prefix.

    >>> _plain('"a/x\\ty"', bare=False), _plain("b/x.py\t2026-01-01 00:00:00", bare=False)
    ('x\ty', 'x.py')
    """
    if name.startswith('"') and name.rstrip().endswith('"') and len(name) > 1:
        name = _unquoted(name.rstrip()[1:-1])
    else:
        name = re.split(r"\t| +\d{4}-\d\d-\d\d ", name, maxsplit=1)[0].strip()
    return name[2:] if not bare and name.startswith(_PREFIXES) else name


def _unquoted(text: str) -> str:
    raw = _ESCAPE.sub(_escaped, text.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")


def _escaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code[:1].isdigit():
        return bytes([int(code, 8) & 0xFF])
    return _LETTERS.get(code, code)
