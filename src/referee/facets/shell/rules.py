"""Reading of the tables in ``families``: which effects a command has by its program, subcommands and flags.

Rule 1: a line reads ``program word… [flag|flag] {glob|glob} : effects``. A word is the next operand; words may be globs and
alternatives; ``...`` skips operands. ``[a|b]`` wants one of the flags, ``[!a|b]`` none of them, ``{a|b}`` any word, option
or not, that one of the globs describes. A line without words holds for every use of the program.
Rule 2: programs, and the words of programs in ``FOLDED``, are compared without regard to case and ``.exe``.
Rule 3: a command that only shows its help, or only says what it would do, has none of these effects.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import cache
from typing import Final

import msgspec

from referee.facets.shell import tables
from referee.facets.shell.families import (
    accounts,
    databases,
    guards,
    infrastructure,
    machine,
    networking,
    packages,
    vcs,
    windows,
)
from referee.facets.shell.wrappers import operands_at

_TABLES: Final = (vcs, infrastructure, databases, machine, accounts, networking, packages, windows, guards)
_NO: Final = frozenset({"none", "false", "no", "0", "off"})
_PRACTICE: Final = ("--dry-run", "--dryrun", "--dry_run", "--whatif", "-WhatIf", "--simulate", "--check-only")
_ALONE: Final = re.compile(
    r"-[avrzhPRnuyqF]+|--(?:delete|force|all|recursive|yes|verbose|archive|quiet|progress|prune|stats|cascade|tags|mirror)"
)
"""Options that never take the next word as their value."""
_LAST: Final = {"sudo": 1, "doas": 1, "unshare": 1, "nsenter": 1, "systemd-run": 1, "strace": 1, "ltrace": 1, "ssh": 2}
"""Which operand of a program that runs another one is the last of its own."""
_RUNNERS: Final = frozenset({"sudo", "make", "npx", "ssh"})
_INNER: Final = frozenset({"exec", "run", "x", "dlx"})
"""Programs and subcommands behind which ``--help`` may belong to another command."""


_ONE_DASH: Final = frozenset({"terraform", "tofu", "terragrunt", "vault", "consul", "nomad", "packer"})


class Rule(msgspec.Struct, frozen=True):
    """One line of a table."""

    words: tuple[tuple[str, ...], ...]
    flags: tuple[frozenset[str], ...]
    without: tuple[frozenset[str], ...]
    anywhere: tuple[tuple[str, ...], ...]
    effects: tuple[str, ...]


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """Read the tables, by program."""
    found: dict[str, list[Rule]] = {}
    for table in _TABLES:
        for line in table.RULES.strip().splitlines():
            head, _, effects = line.partition(" : ")
            program, *rest = head.split()
            rule = _rule(rest, tuple(effects.split()))
            for name in program.split("|"):
                found.setdefault(name, []).append(rule)
    return {name: tuple(listed) for name, listed in found.items()}


def _rule(parts: list[str], effects: tuple[str, ...]) -> Rule:
    inside = {mark: [part[len(mark) : -1] for part in parts if part.startswith(mark)] for mark in ("[!", "[", "{")}
    return Rule(
        words=tuple(tuple(part.split("|")) for part in parts if part[0] not in "[{"),
        flags=tuple(frozenset(part.split("|")) for part in inside["["] if not part.startswith("!")),
        without=tuple(frozenset(part.split("|")) for part in inside["[!"]),
        anywhere=tuple(tuple(part.split("|")) for part in inside["{"]),
        effects=effects,
    )


def known(name: str) -> str:
    """Return the name under which the tables may know a program: as Windows spells it, too.

    >>> known("CertUtil.exe"), known("C:WindowsSystem32reg.exe"), known("git")
    ('certutil', 'reg', 'git')
    """
    if name in rules() or name in tables.READERS:
        return name
    folded = name.lower().removesuffix(".exe").removesuffix(".com")
    if folded[1:2] == ":":
        return next((one for one in sorted(windows.PROGRAMS, key=len, reverse=True) if folded.endswith(one)), folded)
    return folded if folded in rules() and folded in windows.PROGRAMS else name


def holding(name: str, words: list[str], given: list[str]) -> tuple[str, ...]:
    """Return the effects of all lines that hold for a command."""
    own = _own(name, words, given)
    found = tuple(
        effect for rule in rules().get(name, ()) if _holds(rule, words, own, given) for effect in rule.effects
    )
    return () if found and practises(name, words, given) else found


def _own(name: str, words: list[str], given: list[str]) -> list[str]:
    """Leave out the words of the command that a program runs, whose flags are not its own.

    >>> _own("sudo", ["sudo", "-n", "sed", "-i", "x"], ["sed", "x"])
    ['sudo', '-n', 'sed']
    """
    last = _LAST.get(name)
    if last is None or len(given) < last or given[last - 1] not in words[1:]:
        return words
    return words[: words.index(given[last - 1], 1) + 1]


def practises(name: str, words: list[str], given: list[str]) -> bool:
    """Tell whether a command only shows its help, or only says what it would do."""
    return _shows_help(name, words, given) or any(_wants(words, flag) for flag in _PRACTICE)


def _shows_help(name: str, words: list[str], given: list[str]) -> bool:
    if name not in _RUNNERS and _INNER.isdisjoint(given[:2]) and _wants(words, "--help"):
        return True
    return (
        (name in _ONE_DASH and words[-1] in {"-help", "-h"})
        or given[:1] == ["help"]
        or (given[-1:] == ["help"] and name == "aws")
        or words[1:] in (["-h"], ["--version"], ["-V"])
    )


def _wants(words: list[str], flag: str) -> bool:
    """Tell whether a flag is set for certain: not behind ``--``, and not where it may be the value of another option."""
    for place, word in enumerate(words[1:], 1):
        if word == "--":
            return False
        if word == flag or (word.startswith(flag + "=") and word[len(flag) + 1 :].lower() not in _NO):
            before = words[place - 1]
            if place == 1 or not before.startswith("-") or "=" in before or _ALONE.fullmatch(before):
                return True
    return False


def operands(words: list[str], valued: frozenset[str]) -> list[str]:
    """Return the words that are neither options nor values of options."""
    found: list[str] = []
    place = 1
    while place < len(words):
        word = words[place]
        if word == "--":
            return found + words[place + 1 :]
        if len(word) > 1 and word[0] == "-":
            place = max(place + 1, operands_at(words[: place + 2], valued, place) if word in valued else place + 1)
        else:
            found.append(word)
            place += 1
    return found


def _holds(rule: Rule, words: list[str], own: list[str], given: list[str]) -> bool:
    place = 0
    anywhere = False
    for options in rule.words:
        if options == ("...",):
            anywhere = True
            continue
        rest = given[place:] if anywhere else given[place : place + 1]
        at = next((at for at, word in enumerate(rest) if any(_like(word, option) for option in options)), None)
        if at is None:
            return False
        place += at + 1
        anywhere = False
    return (
        all(any(has_flag(own, flag) for flag in flags) for flags in rule.flags)
        and not any(has_flag(own, flag) for flags in rule.without for flag in flags)
        and all(any(_like(word, glob) for word in words[1:] for glob in globs) for globs in rule.anywhere)
    )


def _like(word: str, glob: str) -> bool:
    """Compare a word with a glob; one that begins with ``%`` or ``/`` does not look at case.

    >>> _like("FLUSHALL", "%flushall"), _like("/S", "/s"), _like("db:drop", "db:*"), _like("x", "y")
    (True, True, True, False)
    """
    folded, bare, matches = _glob(glob)
    if folded:
        word = word.lower()
    return word == bare or (matches is not None and matches(word) is not None)


@cache
def _glob(glob: str) -> tuple[bool, str, Callable[[str], re.Match[str] | None] | None]:
    """Read a glob of the tables once: whether case does not count, what it equals, and how it matches."""
    folded = glob[0] in "%/"
    bare = glob.removeprefix("%").lower() if folded else glob
    wild = any(mark in bare for mark in "*?[")
    return folded, bare, re.compile(translate(bare)).match if wild else None


def has_flag(words: list[str], flag: str) -> bool:
    """Tell whether a flag is set: alone, in a cluster, with a value, or as an unfinished long name.

    >>> has_flag(["rm", "-rf"], "-f"), has_flag(["git", "--forc"], "--force"), has_flag(["a", "-x"], "-f")
    (True, True, False)
    """
    for word in words[1:]:
        if word == "--" and flag != "--":
            return False
        if word == flag or (word.startswith(flag + "=") and len(flag) > 2):
            return True
        if len(flag) == 2 and flag[0] == "-" and re.fullmatch(r"-[A-Za-z0-9]{2,}", word) and flag[1] in word[1:]:
            return True
        if flag.startswith("--") and len(word) > 5 and word.startswith("--") and flag.startswith(word):
            return True
    return False
