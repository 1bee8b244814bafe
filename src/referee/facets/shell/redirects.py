"""Redirections: what a command reads from, and which files it writes.

Rule 1: ``/dev/tcp/host/port`` is a connection, a disk device is a disk, ``/dev/null`` and its like are nothing.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from referee.facets.file import normal
from referee.facets.shell.scope import Runner
from referee.facets.shell.touching import touch
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.tree import Redirect
from referee.facets.shell.words import expand_document, expand_text

_TCP: Final = re.compile(r"/dev/(?:tcp|udp)/([^/]+)/([^/]+)")
_NO_FILE: Final = re.compile(r"/dev/(?:null|std(?:in|out|err)|tty|zero|fd/\d+|full|u?random)|&?\d*-?")
_QUOTED: Final = re.compile(r"[\\'\"]")
_DATABASES: Final = (".db", ".sqlite", ".sqlite3", ".mdb", ".rdb")
_WRITES: Final = frozenset({">", ">>", ">|", "&>", "&>>", ">&", "<>"})


class Opened(msgspec.Struct):
    """What redirections opened: the text to read, and the file that takes what is printed."""

    stdin: str | None = None
    out: str | None = None
    append: bool = False


_NONE: Final = Opened()


def apply(run: Runner, listed: tuple[Redirect, ...]) -> Opened:
    """Record what redirections do and return what they open."""
    if not listed:
        return _NONE
    opened = Opened()
    for one in listed:
        if one.operator.startswith("<<") and one.body is not None:
            opened.stdin = one.body if _QUOTED.search(one.target) else expand_document(one.body, run)
        elif one.operator == "<<<":
            opened.stdin = expand_text(one.target, run) + "\n"
        else:
            _file(run, one, expand_text(one.target, run), opened)
    return opened


def _file(run: Runner, one: Redirect, target: str, opened: Opened) -> None:
    connection = _TCP.match(target)
    if connection:
        run.trace.effect("network")
        run.trace.raw = True
        run.trace.hosts[connection[1]] = None
        if one.operator in _WRITES:
            run.trace.effect("exfiltration")
        opened.stdin = UNKNOWN
    elif one.operator in _WRITES:
        _write(run, one, target, opened)
    else:
        path = normal(target, run.scope.surroundings) if target and UNKNOWN not in target else ""
        opened.stdin = "" if target == "/dev/null" else run.scope.files.get(target, run.scope.files.get(path, UNKNOWN))
        if not _NO_FILE.fullmatch(target):
            touch(run, target, "read")


def _write(run: Runner, one: Redirect, target: str, opened: Opened) -> None:
    prints = one.descriptor in {"", "1"}
    if _NO_FILE.fullmatch(target):
        if not prints:
            return
        opened.out = "" if target == "/dev/null" and one.operator != ">&" else opened.out
        return
    if one.operator in {">", ">|"} and target.endswith(_DATABASES):
        run.trace.effect("work_loss")
    touch(run, target, "write", adds=one.operator.endswith(">>"))
    if one.operator == "<>":
        touch(run, target, "read")
    if not prints:
        return
    opened.out = normal(target, run.scope.surroundings) if UNKNOWN not in target else ""
    opened.append = one.operator.endswith(">>")


def written(run: Runner, opened: Opened, printed: str) -> str:
    """Put what was printed where it goes and return what is left of it."""
    if opened.out is None:
        return printed
    if opened.out:
        before = run.scope.files.get(opened.out, "") if opened.append else ""
        run.scope.files[opened.out] = before + printed
    return ""
