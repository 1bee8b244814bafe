"""Globs, hosts, paths, networks and regular expressions, each compiled once into a predicate on text.

Rule 1: every predicate takes time linear in the text; there is no backtracking.
Rule 2: a predicate answers with a truth: a text it cannot judge is ``ERROR``, never false.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from referee.engine.truth import ERROR, FALSE, TRUE

Predicate = Callable[[str], int]

_SPECIAL: Final = re.compile(r"[*?\[]")
_MANY: Final = 4096


def is_glob(text: str) -> bool:
    """Whether a text has a wildcard.

    >>> is_glob("db.*"), is_glob("db.read")
    (True, False)
    """
    return _SPECIAL.search(text) is not None


def literal_ends(pattern: str) -> tuple[str, str]:
    """Return the literal text before the first wildcard and after the last.

    >>> literal_ends("svc.*_admin"), literal_ends("a[0-9]")
    (('svc.', '_admin'), ('a', ''))
    """
    first = _SPECIAL.search(pattern)
    if first is None:
        return pattern, pattern
    tail = pattern[max(pattern.rfind("*"), pattern.rfind("?"), pattern.rfind("]")) + 1 :]
    return pattern[: first.start()], tail


class BadGlob(ValueError):  # noqa: N818 - a signal to whoever checks a policy
    """A glob has a ``[`` that is never closed, or an empty or reversed class."""


@lru_cache(_MANY)
def glob(pattern: str) -> Callable[[str], bool]:
    """Compile a glob: ``*`` any run of characters, ``?`` one, ``[a-z]`` and ``[!a]`` classes, the whole text.

    Raises:
        BadGlob: a class is not closed, empty or reversed.

    >>> glob("db.*")("db.read"), glob("*.py")("a.pyc"), glob("f[0-9]?")("f1x")
    (True, False, True)
    """
    pieces = _pieces(pattern)
    if len(pieces) == 1:
        return _whole(pieces[0])
    head, middle, tail = pieces[0], [piece for piece in pieces[1:-1] if piece], pieces[-1]
    if not middle and all(isinstance(piece, str) for piece in (head, tail)):
        return _ends(str(head), str(tail))
    return _segments(head, middle, tail)


Piece = str | re.Pattern[str]


def _pieces(pattern: str) -> list[Piece]:
    """Cut a glob at its stars; a piece is literal text, or an expression for text of a fixed length."""
    pieces: list[Piece] = []
    source = ""
    literal = ""
    plain = True
    at = 0
    while at <= len(pattern):
        char = pattern[at : at + 1]
        if char in ("", "*"):
            pieces.append(literal if plain else re.compile(source, re.DOTALL))
            source, literal, plain = "", "", True
        elif char == "?":
            source, plain = source + ".", False
        elif char == "[":
            at, expression = _class(pattern, at)
            source, plain = source + expression, False
        else:
            source, literal = source + re.escape(char), literal + char
        at += 1
    return pieces


def _class(pattern: str, at: int) -> tuple[int, str]:
    end = pattern.find("]", at + 2)
    if end < 0:
        raise BadGlob("a `[` is never closed")
    body = pattern[at + 1 : end]
    negated = body.startswith("!")
    body = body[1:] if negated else body
    if not body:
        raise BadGlob("a class is empty")
    members = ""
    while body:
        if body[1:2] == "-" and len(body) > 2:
            if body[0] > body[2]:
                raise BadGlob("a class has a reversed range")
            members += f"{re.escape(body[0])}-{re.escape(body[2])}"
            body = body[3:]
        else:
            members += re.escape(body[0])
            body = body[1:]
    return end, f"[{'^' if negated else ''}{members}]"


def _whole(piece: Piece) -> Callable[[str], bool]:
    if isinstance(piece, str):
        return piece.__eq__
    return lambda text: piece.fullmatch(text) is not None


def _ends(head: str, tail: str) -> Callable[[str], bool]:
    if not tail:
        return lambda text: text.startswith(head)
    if not head:
        return lambda text: text.endswith(tail)
    least = len(head) + len(tail)
    return lambda text: len(text) >= least and text.startswith(head) and text.endswith(tail)


_ONE: Final = re.compile(r"\[\^?(?:\\.|[^\]\\])+\]|\\.", re.DOTALL)
"""What stands for one character in the expression of a piece: a class, or an escaped character."""


def _width(piece: Piece) -> int:
    if isinstance(piece, str):
        return len(piece)
    return len(_ONE.sub(".", piece.pattern))


def _segments(head: Piece, middle: list[Piece], tail: Piece) -> Callable[[str], bool]:
    start, last = _width(head), _width(tail)

    def matches(text: str) -> bool:
        end = len(text) - last
        if end < start or not _stands(head, text, 0) or not _stands(tail, text, end):
            return False
        at = start
        for piece in middle:
            at = _after(piece, text, at, end)
            if at < 0:
                return False
        return True

    return matches


def _stands(piece: Piece, text: str, at: int) -> bool:
    if isinstance(piece, str):
        return text.startswith(piece, at)
    return piece.match(text, at) is not None


def _after(piece: Piece, text: str, at: int, end: int) -> int:
    """Return where the first occurrence of a piece between two places ends, or -1."""
    if isinstance(piece, str):
        found = text.find(piece, at, end)
        return -1 if found < 0 else found + len(piece)
    match = piece.search(text, at, end)
    return -1 if match is None else match.end()


_NOT_A_HOST: Final = re.compile(r"[/@\s\\]")


def host(pattern: str) -> Predicate:
    """Compile a host pattern: ``example.com`` covers subdomains, ``=example.com`` is exact, ``*.example.com`` below only.

    >>> host("example.com")("API.example.com."), host("=example.com")("api.example.com"), host("a.b")("a.b:80")
    (1, 0, 2)
    """
    text = pattern.lower().removesuffix(".")
    exact = text.startswith("=")
    below = text.startswith("*.")
    name = text[1:] if exact else text[2:] if below else text
    suffix = "." + name

    def matches(value: str) -> int:
        if not value or _NOT_A_HOST.search(value) or ":" in value[value.rfind("]") + 1 :]:
            return ERROR
        given = value.lower()
        given = given.removesuffix(".")
        if exact:
            return TRUE if given == name else FALSE
        if given.endswith(suffix):
            return TRUE
        return TRUE if given == name and not below else FALSE

    return matches


def within(folder: str) -> Predicate:
    """Compile a folder into a test of absolute paths by their components.

    >>> within("/work")("/work/a"), within("/work")("/work2"), within("/work")("/work/../etc")
    (1, 0, 2)
    """
    outer = _steps(folder)

    def matches(value: str) -> int:
        if not value.startswith("/") or ".." in value.split("/"):
            return ERROR
        return TRUE if _steps(value)[: len(outer)] == outer else FALSE

    return matches


def _steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step not in ("", ".")]


def cidr(network: str) -> Predicate:
    """Compile a network (``10.0.0.0/8``) into a test of addresses; what is not an address is outside it.

    Raises:
        ValueError: the text is not a network.
    """
    import ipaddress  # costs 4 ms at start-up and few policies need it

    net: Any = ipaddress.ip_network(network, strict=False)

    def matches(value: str) -> int:
        try:
            address = ipaddress.ip_address(value.strip("[]"))
        except ValueError:
            return FALSE
        mapped = getattr(address, "ipv4_mapped", None)
        return TRUE if address in net or (mapped is not None and mapped in net) else FALSE

    return matches


@lru_cache(_MANY)
def regex(pattern: str) -> Predicate:
    """Compile an RE2 expression into a search anywhere in a text.

    Raises:
        ValueError: RE2 does not accept the expression.
    """
    import re2  # costs 5 ms at start-up and few policies need it

    options: Any = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        search = re2.compile(pattern, options=options).search
    except Exception as problem:  # noqa: BLE001 - the binding raises a class of its own
        raise ValueError(_plain(problem)) from None

    def matches(value: str) -> int:
        try:
            return TRUE if search(value) is not None else FALSE
        except Exception:  # noqa: BLE001 - out of memory on this text, or text that is not Unicode
            return ERROR

    return matches


def _plain(problem: Exception) -> str:
    text = problem.args[0] if problem.args else ""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
