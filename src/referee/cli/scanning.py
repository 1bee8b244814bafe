"""What ``referee scan`` reads: files and folders, as texts with places that a person can go to.

Rule 1: a folder is walked without following links, and without what nobody wrote by hand: repositories, caches, binary files. What
is no file (a pipe, a device) is never opened.
Rule 2: a file is read in windows that overlap, so that its size does not matter; JSON is read value by value where it is small enough.
Rule 3: what cannot be read is a problem that is told, never a file that is left out silently.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from referee.model.facts import Finding
from referee.model.value import Digits, TooBig
from referee.scanners.inner_json import unescaped_places
from referee.scanners.protocol import Scanner, scan_strings

SKIPPED: Final = frozenset(
    {".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".nox"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".eggs"}
)
WINDOW: Final = 1 << 22
OVERLAP: Final = 1 << 16
LARGEST_JSON: Final = 1 << 24
_SNIFFED: Final = 1 << 13
_BLOCK: Final = 1 << 20
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}\[\],:]|true|false|null', re.DOTALL)


class Found(msgspec.Struct, frozen=True):
    """A finding at a place of a file: never its text, only how long it is. ``at`` is its path in a JSON value."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    scanner: str
    kind: str
    score: float
    length: int
    at: str = ""


class Problem(msgspec.Struct, frozen=True):
    """A file that could not be scanned, and why."""

    path: str
    why: str


class Lines:
    """Offsets of one window of a text as lines and columns, counted from 1."""

    def __init__(self, text: str, line: int = 1, column: int = 1) -> None:
        self._starts = [match.end() for match in re.finditer("\n", text)]
        self._line = line
        self._column = column

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column of an offset."""
        at = bisect_right(self._starts, offset)
        return (self._line, self._column + offset) if not at else (self._line + at, offset - self._starts[at - 1] + 1)


def files(path: Path) -> Iterator[Path]:
    """Yield the files of a folder that are worth reading, in the order of their names."""
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(names):
            file = Path(folder, name)
            if not file.is_symlink() and file.is_file() and not _is_binary(file):
                yield file


def _is_binary(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            start = stream.read(_SNIFFED)
    except OSError:
        return False
    return b"\x00" in start and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def scan_file(file: Path, scanners: Iterable[Scanner]) -> Iterator[Found | Problem]:
    """Scan one file, in the order of its lines."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            yield Problem(str(file), "it is no file")
            return
        with file.open("rb") as stream:
            found = [*scan_stream(stream, str(file), file.suffix.lower(), scanners)]
            yield from sorted(found, key=lambda one: (one.line, one.column) if isinstance(one, Found) else (0, 0))
    except OSError as problem:
        yield Problem(str(file), (problem.strerror or "it cannot be read").lower())


def scan_stream(stream: BinaryIO, name: str, suffix: str, scanners: Iterable[Scanner]) -> Iterator[Found | Problem]:
    """Scan what a stream holds: JSON and lines of JSON by their values, anything else as text."""
    scanners = list(scanners)
    start = stream.read(LARGEST_JSON + 1)
    looks_like_json = suffix == ".json" or (suffix == "" and start.lstrip()[:1] in (b"{", b"["))
    if len(start) <= LARGEST_JSON and (looks_like_json or suffix in {".jsonl", ".ndjson"}):
        text = _decoder(start).decode(start, final=True)
        made = _lines_of_json(text) if suffix in {".jsonl", ".ndjson"} else _values(text, 1)
        if made is not None:
            for values, lines in made:
                yield from _scan_values(values, lines, name, scanners)
            return
    yield from _scan_text(_windows(start, stream), name, scanners)


def _decoder(start: bytes) -> codecs.IncrementalDecoder:
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")("replace")


def _windows(start: bytes, stream: BinaryIO) -> Iterator[tuple[str, bool]]:
    """Yield a text in windows, and whether it is the last one; each begins with the last ``OVERLAP`` characters before it."""
    decoder = _decoder(start)
    held, block = "", start
    while block:
        held += decoder.decode(block)
        while len(held) > WINDOW:
            yield held[:WINDOW], False
            held = held[WINDOW - OVERLAP :]
        block = stream.read(_BLOCK)
    yield held + decoder.decode(b"", final=True), True


def _scan_text(windows: Iterator[tuple[str, bool]], name: str, scanners: list[Scanner]) -> Iterator[Found | Problem]:
    line, column = 1, 1
    seen: set[tuple[int, int, str, str]] = set()
    for text, last in windows:
        lines = Lines(text, line, column)
        kept = len(text) if last else len(text) - OVERLAP
        for finding in _findings(scanners, [("", text, False)], name):
            if isinstance(finding, Problem):
                yield finding
                continue
            found = _found(finding, lines, finding.start, finding.end, name)
            key = (found.line, found.column, found.scanner, found.kind)
            if finding.start < kept and key not in seen:
                seen.add(key)
                yield found
        line, column = lines.place(kept)


def _findings(scanners: list[Scanner], strings: list[tuple[str, str, bool]], name: str) -> Iterator[Finding | Problem]:
    for scanner in scanners:
        try:
            yield from scan_strings(scanner, strings)
        except TooBig:
            yield Problem(name, "it hides more than may be read")


def _found(finding: Finding, lines: Lines, start: int, end: int, name: str, at: str = "") -> Found:
    first, last = lines.place(start), lines.place(end)
    return Found(name, *first, *last, finding.scanner, finding.kind, finding.score, finding.end - finding.start, at)


class _Value(msgspec.Struct, frozen=True):
    """A string or number of a JSON text: where it stands, and what it says."""

    path: str
    text: str
    key: bool
    start: int
    places: list[int] | None

    def place(self, offset: int) -> int:
        if self.places is None:
            return self.start + offset
        return self.start + self.places[min(offset, len(self.places) - 1)]


_Made = Iterator[tuple[list[_Value], Lines]]


def _lines_of_json(text: str) -> _Made | None:
    def made() -> _Made:
        for number, line in enumerate(text.split("\n"), 1):
            yield from _values(line, number) or iter([([_Value("", line, False, 0, None)], Lines(line, number))])

    return made()


def _values(text: str, line: int) -> _Made | None:
    """Take a JSON text apart; ``None`` if it is none, or has two values at one place."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    values = [*_walk(text)]
    if len({(value.path, value.key) for value in values}) < len(values):
        return None
    return iter([(values, Lines(text, line))])


def _walk(text: str) -> Iterator[_Value]:
    """Yield the keys and values of a valid JSON text in order."""
    stack: list[Any] = []  # of each open container: a position in a list, or the last key of an object
    awaits_key = False
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark in "{[":
            stack.append("" if mark == "{" else 0)
            awaits_key = mark == "{"
        elif mark in "}]":
            stack.pop()
            awaits_key = False
        elif mark == ",":
            awaits_key = isinstance(stack[-1], str)
            if not awaits_key:
                stack[-1] += 1
        elif mark == ":":
            awaits_key = False
        elif mark[0] == '"':
            said = json.loads(mark, strict=False)
            if awaits_key:
                stack[-1] = said
            places = unescaped_places(mark[1:-1]) if "\\" in mark else None
            yield _Value(_path(stack), said, awaits_key, match.start() + 1, places)
        elif mark.isdigit():
            yield _Value(_path(stack), Digits(mark), False, match.start(), None)


def _path(stack: list[Any]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in stack)
    return path.removeprefix(".")


def _scan_values(values: list[_Value], lines: Lines, name: str, scanners: list[Scanner]) -> Iterator[Found | Problem]:
    places = {(value.path, value.key): value for value in values}
    findings = [*_findings(scanners, [(value.path, value.text, value.key) for value in values], name)]
    private = tuple(finding.path for finding in findings if isinstance(finding, Finding) and finding.key)
    for finding in findings:
        if isinstance(finding, Problem):
            yield finding
            continue
        value = places[finding.path, finding.key]
        told = "" if finding.path.startswith(private) else finding.path
        yield _found(finding, lines, value.place(finding.start), value.place(finding.end), name, told)
