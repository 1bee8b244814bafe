"""The reader for lists of simple commands, pipes and here-documents, which is most of what is run.

Rule 1: it is whole or it says that it is not; a compound command, a stray parenthesis or an open quote is not whole.
"""

from __future__ import annotations

import re
from typing import Final

from referee.facets.shell.lexing import Unreadable, word_end
from referee.facets.shell.tree import Block, Node, Pipe, Redirect, Simple

_OPERATOR: Final = re.compile(r"&&|\|\||\|&|;;&|;;|;&|[;&|()\n]")
_REDIRECT: Final = re.compile(r"(\d+|\{\w+\})?(<<<|<<-?|<>|>>|>\||&>>|&>|<&|>&|<(?!\()|>(?!\())")
_REDIRECTING: Final = frozenset("0123456789{<>&")
_OPERATING: Final = frozenset(";&|()\n")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*(\[[^\]]*\])?\+?=")
_BLANK: Final = re.compile(r"(?:[ \t\r]|\\\n)*(?:#[^\n]*)?")
_COMPOUND: Final = frozenset(
    {"if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "select", "function"}
    | {"{", "}", "[["}
)


_Open = tuple[list[str], list[str], list[Redirect]]


def read(text: str) -> tuple[Block, bool]:
    """Return the commands of a text, and whether they are all of it."""
    return _Plain(text).read()


class _Plain:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._whole = True
        self._pending: list[tuple[str, bool, list[Redirect]]] = []
        self._statements: list[list[list[_Open]]] = []
        self._chain: list[list[_Open]] = []
        self._pipe: list[_Open] = []
        self._start_simple()

    def _start_simple(self) -> None:
        self._assignments: list[str] = []
        self._words: list[str] = []
        self._redirects: list[Redirect] = []
        self._announced = False

    def read(self) -> tuple[Block, bool]:
        while True:
            self._at = _end(_BLANK, self._text, self._at)
            if self._at >= len(self._text):
                break
            self._piece()
        self._end_statement()
        self._bodies()
        return Block("all", tuple(map(_closed, self._statements))), self._whole

    def _piece(self) -> None:
        letter = self._text[self._at]
        if letter in _REDIRECTING and (redirect := _REDIRECT.match(self._text, self._at)):
            self._redirect(redirect)
            return
        if letter in _OPERATING and (operator := _OPERATOR.match(self._text, self._at)):
            self._at = operator.end()
            self._operator(operator[0])
            return
        word = self._word()
        if word == "!" and not (self._words or self._assignments):
            return
        if not self._words and _ASSIGNMENT.match(word):
            self._assignments.append(word)
            return
        self._whole = self._whole and (bool(self._words) or word not in _COMPOUND)
        self._words.append(word)

    def _operator(self, operator: str) -> None:
        self._whole = self._whole and operator not in {"(", ")", ";;", ";&", ";;&"}
        self._end_simple()
        if operator in {"&&", "||"}:
            self._end_pipe()
        elif operator not in {"|", "|&"}:
            self._end_statement()
        if operator == "\n":
            self._bodies()

    def _word(self) -> str:
        start = self._at
        try:
            self._at = word_end(self._text, start)
        except Unreadable:
            self._whole = False
            newline = self._text.find("\n", start)
            self._at = len(self._text) if newline < 0 else newline
        self._at = max(self._at, start + 1)
        return self._text[start : self._at]

    def _redirect(self, found: re.Match[str]) -> None:
        operator = found[2]
        self._at = _end(_BLANK, self._text, found.end())
        if self._at >= len(self._text) or _OPERATOR.match(self._text, self._at):
            self._whole = False
            return
        target = self._word()
        if operator in {"<<", "<<-"}:
            self._pending.append((target, operator == "<<-", self._redirects))
            self._announced = True
        else:
            self._redirects.append(Redirect(operator, target, None, found[1] or ""))

    def _bodies(self) -> None:
        """Read the here-documents that the line just ended has announced; the end of the text ends one as well."""
        for target, tabs, redirects in self._pending:
            name = re.sub(r"[\\'\"]", "", target)
            lines = []
            ended = False
            while self._at < len(self._text) and not ended:
                end = self._text.find("\n", self._at)
                end = len(self._text) if end < 0 else end
                line = self._text[self._at : end]
                line = line.lstrip("\t") if tabs else line
                self._at = end + 1
                ended = line == name
                if not ended:
                    lines.append(line + "\n")
            redirects.append(Redirect("<<", target, "".join(lines)))
        self._pending = []

    def _end_simple(self) -> None:
        if self._assignments or self._words or self._redirects or self._announced:
            self._pipe.append((self._assignments, self._words, self._redirects))
        self._start_simple()

    def _end_pipe(self) -> None:
        self._end_simple()
        if self._pipe:
            self._chain.append(self._pipe)
        self._pipe = []

    def _end_statement(self) -> None:
        self._end_pipe()
        if self._chain:
            self._statements.append(self._chain)
        self._chain = []


def _closed(chain: list[list[_Open]]) -> Node:
    pipes = tuple(map(_piped, chain))
    return pipes[0] if len(pipes) == 1 else Block("chain", pipes)


def _piped(pipe: list[_Open]) -> Node:
    return Pipe(tuple(Simple(tuple(before), tuple(words), tuple(redirects)) for before, words, redirects in pipe))


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return start if found is None else found.end()
