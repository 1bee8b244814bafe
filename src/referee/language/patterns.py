"""Texts that are patterns: regular expressions, globs, hosts, folders, networks, commands.

Rule 1: a pattern that the engine could not use is a flaw here, so that the engine never meets one.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import Final

import re2

from referee.language.nodes import Node
from referee.language.problems import Flaw, shorten

MAX_PATTERN: Final = 4096
_WILD: Final = frozenset("*?[")
_HOST: Final = re.compile(
    r"(?:=|\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*|\[[0-9a-f:.]+\])"
)
_ABSOLUTE: Final = re.compile(r"/|[A-Za-z]:[\\/]")
_LOOKAROUND: Final = re.compile(r"\(\?(?:=|!|<=|<!)|\\[1-9]")


def is_wild(text: str) -> bool:
    """Tell whether a plain value of a name is a glob.

    >>> is_wild("db.*"), is_wild("db.query")
    (True, False)
    """
    return not _WILD.isdisjoint(text)


def check_regex(text: str, node: Node) -> str:
    """Give back a regular expression that RE2 can run.

    Raises:
        Flaw: RE2 cannot, or it is too long.
    """
    problem = regex_problem(text)
    if problem is None:
        return text
    hint = (
        "RE2 has no lookaround and no backreferences, so that every match takes linear time"
        if _LOOKAROUND.search(text)
        else None
    )
    raise Flaw("bad-regex", f"`{shorten(text)}` is not a regular expression: {problem}", node, hint)


@lru_cache(1024)
def regex_problem(text: str) -> str | None:
    """Say what is wrong with a regular expression, ``None`` if nothing is.

    >>> regex_problem("a+b")
    >>> regex_problem("a(b")
    'missing ): a(b'
    """
    if len(text) > MAX_PATTERN:
        return f"it has more than {MAX_PATTERN} characters"
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        re2.compile(text, options=options)
    except re2.error as problem:
        told = problem.args[0] if problem.args else "it does not parse"
        told = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
        return shorten(told, 100)
    return None


def check_glob(text: str, node: Node) -> str:
    """Give back a glob whose classes are closed.

    Raises:
        Flaw: a ``[`` is not closed, or the glob is empty or too long.
    """
    if not text:
        raise Flaw("bad-glob", "a glob must not be empty", node)
    if len(text) > MAX_PATTERN:
        raise Flaw("bad-glob", f"a glob must have at most {MAX_PATTERN} characters", node)
    at = text.find("[")
    while at >= 0:
        start = at + 1 + text.startswith("!", at + 1)
        end = text.find("]", start + 1)
        if end < 0:
            raise Flaw(
                "bad-glob",
                f"`[` is not closed in the glob `{shorten(text)}`",
                node,
                "write `[[]` for the character itself",
            )
        members = text[start:end]
        for low, dash, high in zip(members, members[1:], members[2:], strict=False):
            if dash == "-" and low > high:
                raise Flaw("bad-glob", f"the range `{low}-{high}` is empty in the glob `{shorten(text)}`", node)
        at = text.find("[", end)
    return text


def check_host(text: str, node: Node) -> str:
    """Give back a pattern of hosts in lower case, without a trailing dot.

    Raises:
        Flaw: it is not a host, or is a URL or has a port.
    """
    host = text.strip().lower().removesuffix(".")
    if _HOST.fullmatch(host):
        return host
    bare = host.split("://", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1].rsplit(":", 1)[0]
    hint = (
        f"write `{bare}`"
        if bare != host and _HOST.fullmatch(bare)
        else "write `example.com`, `=example.com` or `*.example.com`"
    )
    if not host.isascii():
        hint = "write the name as the network does, beginning with `xn--`"
    raise Flaw("operand-type", f"`{shorten(text)}` is not a host", node, hint)


def check_folder(text: str, node: Node) -> str:
    """Give back an absolute path.

    Raises:
        Flaw: it is relative or has a ``..``.
    """
    if not _ABSOLUTE.match(text) or ".." in re.split(r"[\\/]", text) or "\0" in text:
        raise Flaw(
            "bad-path", f"`{shorten(text)}` is not an absolute path", node, "write a path from the root, without `..`"
        )
    return text


def check_network(text: str, node: Node) -> str:
    """Give back a network such as ``10.0.0.0/8``.

    Raises:
        Flaw: it is not one.
    """
    try:
        return str(ipaddress.ip_network(text.strip()))
    except ValueError:
        raise Flaw("operand-type", f"`{shorten(text)}` is not a network", node, _network(text)) from None


def _network(text: str) -> str:
    """Say how a network is written; an address within one is taken for its network."""
    try:
        return f"write `{ipaddress.ip_network(text.strip(), strict=False)}`"
    except ValueError:
        return "write `10.0.0.0/8` or `2001:db8::/32`"


def check_command(text: str, node: Node) -> str:
    """Give back a command: a program, then subcommands and flags.

    Raises:
        Flaw: it is empty, begins with a flag, or is more than one command.
    """
    words = text.split()
    if not words or words[0].startswith("-"):
        raise Flaw("operand-type", "a command begins with its program", node, "write `rm -rf` or `git push --force`")
    if any(sign in text for sign in "|&;<>`$\n"):
        raise Flaw(
            "operand-type",
            f"`{shorten(text)}` is more than one command",
            node,
            "write one program with its subcommands and flags",
        )
    return " ".join(words)
