"""Does a shell text run a program in this way? ``runs: "rm -rf"`` whatever the order and spelling of its flags.

Rule 1: the first word is the program, by its name without the folder; the next plain words are its leading arguments.
Rule 2: every flag of the pattern is there, in any order, alone, in a cluster or in its long form.
Rule 3: what is not known could be anything: an unknown word that could complete a match is an error.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any, Final

from referee.engine import patterns
from referee.engine.truth import ERROR, FALSE, TRUE, either
from referee.model.facts import Command, ShellFacet

LONG: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "rm": {"r": ("--recursive", "-R"), "f": ("--force",), "R": ("--recursive", "-r")},
    "cp": {"r": ("--recursive", "-R", "-a", "--archive"), "f": ("--force",)},
    "chmod": {"R": ("--recursive",)},
    "chown": {"R": ("--recursive",)},
    "git": {"f": ("--force",), "D": ("--delete",), "n": ("--no-verify",), "d": ("--delete",)},
    "curl": {
        "d": ("--data", "--data-binary", "--data-raw"),
        "T": ("--upload-file",),
        "F": ("--form",),
        "X": ("--request",),
    },
    "docker": {"f": ("--force",), "v": ("--volumes",)},
    "kubectl": {"f": ("--filename",), "n": ("--namespace",)},
    "terraform": {"auto-approve": ("--auto-approve",)},
}
"""Flags that mean the same, by program: from the manual pages of coreutils, git, curl, docker and kubectl."""

_VALUED: Final = {
    "git": frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path"}),
    "kubectl": frozenset({"-n", "--namespace", "--context", "--cluster", "--kubeconfig", "-s", "--server", "--user"}),
    "terraform": frozenset[str](),
    "docker": frozenset({"-H", "--host", "--context", "-c", "--config", "-l", "--log-level"}),
    "helm": frozenset({"-n", "--namespace", "--kube-context", "--kubeconfig"}),
    "aws": frozenset({"--profile", "--region", "--output", "--endpoint-url"}),
    "gcloud": frozenset({"--project", "--account", "--configuration"}),
    "npm": frozenset({"--prefix", "-C"}),
}
"""Options before the subcommand that take the next word as their value."""


class Pattern:
    """One ``runs`` text, split into program, leading words and flags."""

    __slots__ = ("flags", "name", "program", "words")

    def __init__(self, text: str) -> None:
        words = split(text)
        self.name = words[0].rsplit("/", 1)[-1]
        self.program = patterns.glob(self.name)
        self.words = [patterns.glob(word) for word in words[1:] if not word.startswith("-")]
        self.flags = [flag for word in words[1:] if word.startswith("-") for flag in _flags(word, self.name)]

    def match(self, command: Command) -> int:
        """Judge one command."""
        if not command.words or command.words[0] is None:
            return ERROR
        program = command.words[0].rsplit("/", 1)[-1]
        if not self.program(program) and not self.program(program.removesuffix(".exe")):
            return FALSE
        plain, flags, unknown = _split(command, program)
        hidden = unknown
        for position, word in enumerate(self.words):
            if position >= len(plain):
                if not hidden:
                    return FALSE
                break
            given = plain[position]
            if given is None:
                hidden = True
            elif not word(given):
                return FALSE
        missing = [flag for flag in self.flags if not _has(flag, flags, program)]
        if not missing:
            reached = len(self.words) <= len(plain) and None not in plain[: len(self.words)]
            return TRUE if reached else ERROR
        return ERROR if hidden else FALSE


def split(text: str) -> list[str]:
    """Split a pattern into words.

    Raises:
        ValueError: it has no word or an open quote.
    """
    words = shlex.split(text)
    if not words or words[0].startswith("-"):
        raise ValueError("a `runs` pattern begins with the name of a program")
    return words


def _flags(word: str, program: str) -> list[str]:
    """Take a cluster apart: ``-rf`` is ``-r`` and ``-f``; a long flag of one dash (``-auto-approve``) stays whole."""
    if word.startswith("--") or len(word) == 2 or word[1:] in LONG.get(program, {}):
        return [word]
    return [f"-{letter}" for letter in word[1:]] if word[1:].isalpha() and len(word) <= 5 else [word]


def _split(command: Command, program: str) -> tuple[list[str | None], list[str], bool]:
    """Return the plain words, the flags, and whether some word is not known."""
    plain: list[str | None] = []
    flags: list[str] = []
    valued = _VALUED.get(program, frozenset())
    rest = iter(command.words[1:])
    ended = False
    for word in rest:
        if word is None or ended or not word.startswith("-") or word == "-":
            plain.append(word)
        elif word == "--":
            ended = True
        else:
            flags.append(word)
            if word in valued and not any(plain):
                next(rest, None)
    return plain, flags, None in plain


def _has(flag: str, given: list[str], program: str) -> bool:
    spellings = {flag, *LONG.get(program, {}).get(flag.lstrip("-"), ())}
    if flag.startswith("--"):
        spellings |= {f"-{short}" for short, longs in LONG.get(program, {}).items() if flag in longs}
    for word in given:
        if word in spellings or any(word.startswith(f"{s}=") for s in spellings if s.startswith("--")):
            return True
        if not word.startswith("--") and any(len(s) == 2 and s[1] in word[1:] for s in spellings if s[1:2] != "-"):
            return True
        if word.startswith("--") and len(word) > 3 and any(s.startswith(word) for s in spellings):
            return True
    return False


def runs(operand: Any) -> Callable[[Any], int]:
    """Compile one pattern, or several of which one is enough, into a test of a shell facet.

    Raises:
        ValueError: a pattern has no program.
    """
    tests = [Pattern(str(text)) for text in (operand if isinstance(operand, tuple) else (operand,))]

    def check(value: Any) -> int:
        if not isinstance(value, ShellFacet):
            return ERROR
        truth = FALSE
        for command in value.commands:
            for test in tests:
                truth = either(truth, test.match(command))
                if truth == TRUE:
                    return TRUE
        return truth if value.complete else either(truth, ERROR)

    return check
