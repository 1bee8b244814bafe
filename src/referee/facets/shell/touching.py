"""Which files a command touches, and what touching some places means.

Rule 1: a word that is not known is a file that is not known, never no file.
Rule 2: a secret file that is named to a program is read, unless the program is known to leave its content alone.
Rule 3: ``PLACES`` says what it means to write or delete there; adding a line to a log is not tampering with it.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Final

from referee.facets.classes import SECRETS, classes
from referee.facets.file import normal
from referee.facets.shell import tables
from referee.facets.shell.rules import has_flag
from referee.facets.shell.rules import operands as operands_of
from referee.facets.shell.scope import Runner
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.wrappers import ANY_BELOW, XARGS_VALUED, find_roots, operands_at, option

REMOTE: Final = re.compile(r"(?:[\w.+-]+@)?([\w.-]+|\[[0-9a-fA-F:.]+\]):(?!//)(.*)", re.DOTALL)
_NO_FILE: Final = re.compile(r"-|/dev/(?:null|std(?:in|out|err)|tty|zero|u?random|full)")
_FD: Final = "/dev/fd/"


def touch(run: Runner, word: str, access: str, *, adds: bool = False) -> None:
    """Record that a command touches the file a word names; ``adds`` is a write at its end."""
    if UNKNOWN in word or word.endswith(ANY_BELOW):
        kinds = classes(word.rpartition(UNKNOWN)[2]) if word.rpartition(UNKNOWN)[2] else ()
        run.trace.touch(None, access)
    elif not word or _NO_FILE.fullmatch(word) or word.startswith(_FD):
        return
    else:
        if "*" in word or "[" in word:
            run.trace.step(4)
        path = normal(word, run.scope.surroundings)
        kinds = classes(path)
        run.trace.touch(path, access)
        _places(run, path, access, adds=adds)
    if access == "read" and not SECRETS.isdisjoint(kinds):
        run.trace.effect("credential_access")


def _places(run: Runner, path: str, access: str, *, adds: bool) -> None:
    if access in {"write", "delete"}:
        for effect, pattern in _compiled(changes=True):
            if pattern.search(path) and not (adds and effect == "log_tampering"):
                run.trace.effect(effect)
    elif access == "read":
        for effect, pattern in _compiled(changes=False):
            if pattern.search(path):
                run.trace.effect(effect)


@cache
def _compiled(*, changes: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tables.PLACES if changes else tables.READ_PLACES
    return tuple((effect, re.compile(pattern)) for effect, pattern in table.items())


def touched(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    """Record the files that a command touches."""
    if name in {"xargs", "parallel"}:
        own = words[: operands_at(words, XARGS_VALUED)]
        source = option(own, "-a", "--arg-file")
        if source is not None:
            touch(run, source, "read")
    if name in _HUNTERS:
        _hunts(run, name, words, operands)
    if name in {"find", "gfind"}:
        for root in find_roots(words):
            touch(run, root, "delete" if "-delete" in words else "")
        run.trace.effect("read")
    elif name in {"rm", "rmdir", "unlink", "shred", "srm", "wipe", "trash", "trash-put", "rimraf"}:
        for word in operands:
            touch(run, word, "delete")
    elif name in {"cp", "mv", "ln", "install", "rsync", "scp"}:
        _copies(run, name, words, operands)
    elif name == "dd":
        for word in operands:
            key, _, value = word.partition("=")
            if key in {"if", "of"}:
                touch(run, value, "read" if key == "if" else "write")
    elif name in _EDITORS and not (has_flag(words, "-R") or has_flag(words, "-M")):
        for word in operands:
            touch(run, word, "read")
            touch(run, word, "write")
    elif name in tables.READERS:
        _reads(run, name, words, operands)
    elif name in _CHANGES:
        for word in operands[1 if name in _MODE_FIRST else 0 :]:
            touch(run, word, "" if UNKNOWN in word and name in {"touch", "mkdir"} else "write")
    elif name == "git":
        for word in _git_paths(operands):
            touch(run, word, "delete" if operands[:1] == ["rm"] else "")
    elif name == "unzip":
        touch(run, option(words, "-d") or "", "write")
    elif name in {"tar", "bsdtar", "zip", "7z"}:
        _archives(run, name, words, operands)
    elif name in tables.LISTERS:
        run.trace.effect("read")
        for word in operands:
            touch(run, word, "")


def named_secrets(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    """Take a secret file for read that is named to a program which is not known to leave its content alone."""
    if name in _NAME_ONLY or (name == "git" and operands[:1] not in _GIT_SHOWS):
        return
    passed = _passed_over(name, words)
    for word in words[1:]:
        if word[:1] in "/~" and word not in passed and UNKNOWN not in word and name not in tables.READERS:
            _places(run, normal(word, run.scope.surroundings), "read", adds=False)
    for word in words[1:]:
        if UNKNOWN in word or len(word) > 512 or _BLANKS.search(word) or word in passed or "://" in word:
            continue
        for piece in {word, *_PIECES.split(word)}:
            if piece and not piece.startswith("-") and not SECRETS.isdisjoint(classes(piece)):
                touch(run, piece, "read")


def _passed_over(name: str, words: list[str]) -> tuple[str, ...]:
    """Return what is a pattern or a program text and no file, and what is only written to."""
    if name in tables.PATTERN_FIRST:
        operands = operands_of(words, tables.VALUED.get(name, frozenset()))
        return (option(words, "-e", "--regexp") or "", *operands[:1], *(w for w in words if w.startswith("--")))
    return tuple(words[-1:]) if name in {"cp", "mv", "ln", "install", "rsync", "tee"} else ()


_HUNTERS: Final = frozenset({"find", "gfind", "grep", "egrep", "fgrep", "rg", "ag", "locate", "zgrep"})
_BLANKS: Final = re.compile(r"\s")
_PIECES: Final = re.compile(r"[=:@,]")
_GIT_SHOWS: Final = (["show"], ["diff"], ["grep"], ["log"], ["cat-file"], ["blame"], ["archive"])
_NAME_ONLY: Final = tables.names(
    "echo printf ls ll dir stat test [ [[ rm rmdir unlink shred srm wipe trash trash-put rimraf touch mkdir chmod chown "
    "chgrp basename dirname realpath readlink which type command find gfind fd fdfind tree du export unset alias cd "
    "pushd sudo env xargs timeout nohup time nice ssh bash sh read set shift exit return gh jira true false : tee "
    "truncate locate wait kill pgrep pkill man seq sleep expr apt apt-get brew systemctl id groups"
)


_CHANGES: Final = tables.names(
    "touch mkdir chmod chown chgrp chattr truncate patch setfacl mkfifo mknod mkfs mkswap wipefs"
)
_EDITORS: Final = tables.names("ed ex vi vim nvim nano pico emacs micro joe")
_MODE_FIRST: Final = tables.names("chmod chown chgrp chattr")


_ROOTS: Final = re.compile(
    r"/|/(?:home|root|etc|usr|var|opt|boot|lib|bin|sbin|Users|srv|mnt|System|Library|Applications)(?:/\*)?|/(?:home|Users)/[^/]+(?:/\*)?|/\*"
)
_SECRET_WORDS: Final = re.compile(
    r"(?i)passw|^\.(?:aws|ssh|kube|azure|gnupg|docker)$|secret|token|api.?key|credential|private.?key|aws_|access.?key|\bid_rsa|BEGIN.*KEY"
)


def _is_root(path: str, run: Runner) -> bool:
    """Tell whether a path is the root of a system, of somebody's files, or everything in it."""
    return _ROOTS.fullmatch(path) is not None or path in {run.scope.surroundings.home, "~"}


def _names_secret(sought: str) -> bool:
    """Tell whether what is searched for is the name of a secret, not a glob that could also mean one."""
    plain = sought.strip("*")
    if _SECRET_WORDS.search(sought):
        return True
    name = f"x{plain}" if sought.startswith("*") and plain.startswith(".") else plain
    return len(plain) > 2 and not any(mark in plain for mark in "*?[") and not SECRETS.isdisjoint(classes(name))


def _hunts(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    """Record a search for secrets through more than a project."""
    if name in {"find", "gfind"}:
        roots = find_roots(words)
        sought = [
            after
            for word, after in pairwise(words)
            if word in {"-name", "-iname", "-path", "-ipath", "-wholename", "-regex"}
        ]
        secret = any(map(_names_secret, sought))
    elif name == "locate":
        roots, secret = (
            ["/"],
            any(_SECRET_WORDS.search(word) or not SECRETS.isdisjoint(classes(word)) for word in operands),
        )
    else:
        recursive = (
            name in {"rg", "ag"} or has_flag(words, "-r") or has_flag(words, "-R") or has_flag(words, "--recursive")
        )
        roots = operands[1:] if recursive else []
        secret = bool(operands) and _SECRET_WORDS.search(operands[0]) is not None
    if secret and any(_is_root(normal(root, run.scope.surroundings), run) for root in roots if UNKNOWN not in root):
        run.trace.effect("surveillance")


def _copies(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    target = option(words, "-t", "--target-directory") if name in {"cp", "mv", "ln", "install"} else None
    sources = operands if target is not None else operands[:-1]
    last = target if target is not None else operands[-1] if operands else None
    for word in sources:
        if name == "ln" and UNKNOWN in word:
            touch(run, word, "")
        elif not REMOTE.fullmatch(word) or name in {"cp", "mv", "ln", "install"}:
            touch(run, word, "read")
            if name != "mv" and _links(name, words) and "agent_config" in classes(normal(word, run.scope.surroundings)):
                touch(run, word, "write")
            if name == "mv":
                touch(run, word, "delete")
    if name == "mv" and (
        last == "/dev/null" or any(_is_root(normal(word, run.scope.surroundings), run) for word in sources)
    ):
        run.trace.effect("mass_delete")
    if last is not None and (name not in {"rsync", "scp"} or not REMOTE.fullmatch(last)):
        touch(run, last, "write")


def _links(name: str, words: list[str]) -> bool:
    """Tell whether a copy is a second name, by which the file itself can be changed later."""
    return name == "ln" or (
        name == "cp" and any(has_flag(words, flag) for flag in ("-l", "-s", "--link", "--symbolic-link"))
    )


def _reads(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    if name == "tee":
        for word in operands:
            touch(run, word, "write", adds=has_flag(words, "-a"))
        return
    skip = (
        1 if name in tables.PATTERN_FIRST and not any(has_flag(words, flag) for flag in ("-e", "-f", "--files")) else 0
    )
    access = "write" if name in {"sed", "perl"} and has_flag(words, "-i") else "read"
    run.trace.effect("read")
    files = operands[skip:]
    if name in {"grep", "rg"} and (has_flag(words, "-r") or name == "rg") and files == []:
        touch(run, ".", "")
        return
    for word in files:
        if word.endswith(ANY_BELOW) and name in _PASSES_BY:
            touch(run, word.removesuffix(ANY_BELOW) or "/", access)
            continue
        if UNKNOWN in word and name in _PASSES_BY:
            touch(run, word, "")
            continue
        touch(run, word, access)
        if access == "write":
            touch(run, word, "read")


_COUNTS: Final = tables.names("wc md5sum sha1sum sha256sum cksum")
_PASSES_BY: Final = _COUNTS | tables.names("grep egrep fgrep zgrep gzip bzip2 xz zstd gunzip")
"""Searches, sums and compression show no whole file: one that is not known is taken as all files below a folder are."""


def _git_paths(operands: list[str]) -> list[str]:
    return operands[1:] if operands[:1] and operands[0] in {"add", "rm", "mv"} else []


def _archives(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    mode = words[1].lstrip("-") if len(words) > 1 and re.fullmatch(r"-?[A-Za-z]+", words[1]) else ""
    creates = name in {"zip", "7z"} or not {*"cru"}.isdisjoint(mode) or has_flag(words, "--create")
    bare = name in {"tar", "bsdtar"} and len(words) > 1 and not words[1].startswith("-")
    files = operands[1:] if bare else operands
    for at, word in enumerate(files):
        archive = at == 0 and ("f" in mode or name in {"zip", "7z"})
        if creates and (UNKNOWN in word or word.endswith(ANY_BELOW)):
            touch(run, word, "")
        else:
            touch(run, word, "write" if archive == creates else "read")
