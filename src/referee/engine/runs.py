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
from referee.engine.truth import ERROR, FALSE, TRUE, both, either
from referee.model.facts import Command, ShellFacet

SAME: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "rm": (frozenset({"-r", "-R", "--recursive"}), frozenset({"-f", "--force"})),
    "cp": (frozenset({"-r", "-R", "--recursive"}), frozenset({"-f", "--force"})),
    "chmod": (frozenset({"-R", "--recursive"}),),
    "chown": (frozenset({"-R", "--recursive"}),),
    "git": (frozenset({"-f", "--force"}), frozenset({"-d", "--delete"}), frozenset({"-n", "--no-verify"})),
    "curl": (
        frozenset({"-d", "--data", "--data-binary", "--data-raw"}),
        frozenset({"-T", "--upload-file"}),
        frozenset({"-F", "--form"}),
        frozenset({"-X", "--request"}),
    ),
    "docker": (frozenset({"-f", "--force"}), frozenset({"-v", "--volumes"})),
    "kubectl": (frozenset({"-f", "--filename"}), frozenset({"-n", "--namespace"})),
    "terraform": (frozenset({"-auto-approve", "--auto-approve"}), frozenset({"-destroy", "--destroy"})),
}
"""Flags that mean the same: from the manual pages of coreutils, git, curl, docker, kubectl and terraform."""

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
        self.flags = [flag for word in words[1:] if word.startswith("-") for flag in _flags(word)]

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
        truth = TRUE
        for flag in self.flags:
            truth = both(truth, _has(flag, flags, program))
        reached = len(self.words) <= len(plain) and None not in plain[: len(self.words)]
        if truth == TRUE:
            return TRUE if reached else ERROR
        return ERROR if hidden or (truth == ERROR and reached) else FALSE


def split(text: str) -> list[str]:
    """Split a pattern into words.

    Raises:
        ValueError: it has no word or an open quote.
    """
    words = shlex.split(text)
    if not words or words[0].startswith("-"):
        raise ValueError("a `runs` pattern begins with the name of a program")
    return words


def _flags(word: str) -> list[str]:
    """Take a cluster apart: ``-rf`` is ``-r`` and ``-f``; a long flag of one dash (``-auto-approve``) stays whole."""
    if word.startswith("--") or len(word) == 2:
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


def _has(flag: str, given: list[str], program: str) -> int:
    """Say whether a flag is given; an abbreviated one (``--recurs``) could be this one or another."""
    spellings = next((group for group in SAME.get(program, ()) if flag in group), frozenset({flag}))
    letters = {spelling[1] for spelling in spellings if len(spelling) == 2}
    known = {name for group in SAME.get(program, ()) for name in group}
    truth = FALSE
    for word in given:
        name = word.split("=", 1)[0]
        if name in spellings or (not word.startswith("--") and not letters.isdisjoint(word[1:])):
            return TRUE
        if name.startswith("--") and len(name) > 3 and name not in known:
            truth = ERROR if any(spelling.startswith(name) for spelling in spellings) else truth
    return truth


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
