"""What the operators of a condition mean, one by one, on plain values.

Rule 1: a truth is ``True``, ``False`` or an ``Error`` with its reason; ``both``, ``either`` and ``negated`` are Kleene's.
Rule 2: nothing here knows a rule, a request or a fact. A value is JSON as Python holds it, an operand is the model's.
Rule 3: slow and plain on purpose. Nothing is compiled ahead, cached or indexed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
import re2

from referee.model.programs import Exact


class Error(msgspec.Struct, frozen=True):
    """The third truth: it cannot be said, and why in one lower-case phrase without values."""

    why: str


Truth = bool | Error


# ── Kleene's connectives ─────────────────────────────────────────────────────────────────────────────────────────────


def both(truths: Iterable[Truth]) -> Truth:
    """Say whether all hold: false if any is false, otherwise in error if any is.

    >>> both([True, Error("x")]), both([False, Error("x")]), both([])
    (Error(why='x'), False, True)
    """
    known = list(truths)
    if any(truth is False for truth in known):
        return False
    return next((truth for truth in known if isinstance(truth, Error)), True)


def either(truths: Iterable[Truth]) -> Truth:
    """Say whether any holds: true if any is true, otherwise in error if any is.

    >>> either([True, Error("x")]), either([False, Error("x")]), either([])
    (True, Error(why='x'), False)
    """
    known = list(truths)
    if any(truth is True for truth in known):
        return True
    return next((truth for truth in known if isinstance(truth, Error)), False)


def negated(truth: Truth) -> Truth:
    """Turn true and false around; an error stays an error."""
    return truth if isinstance(truth, Error) else not truth


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_NUMERIC: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


def number(value: Any) -> Decimal | Error | None:
    """Read a number exactly; ``None`` if the value is not one, an error if it is a number that is not finite.

    >>> number(0.1), number(" 5000 "), number("5k"), number(True)
    (Decimal('0.1'), Decimal('5000'), None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, Exact):
        return value.value
    if isinstance(value, str):
        text = value.strip(" \t\r\n\f\v")
        return Decimal(text) if len(value) <= 40 and _NUMERIC.fullmatch(text) else None
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, (int, Decimal)):
        exact = Decimal(value)
        return exact if exact.is_finite() else Error("the value is not a finite number")
    return None


def ordered(value: Any, operand: Any, holds: Callable[[Decimal, Decimal], bool]) -> Truth:
    """Compare two numbers; anything that is not a number is an error."""
    left, right = number(value), number(operand)
    if isinstance(left, Error):
        return left
    if left is None or not isinstance(right, Decimal):
        return Error("the value is not a number")
    return holds(left, right)


def between(value: Any, bounds: Any) -> Truth:
    """Say whether a number lies between two bounds, both included."""
    low, high = bounds
    return both([ordered(value, low, Decimal.__ge__), ordered(value, high, Decimal.__le__)])


# ── equality and membership ──────────────────────────────────────────────────────────────────────────────────────────


def equal(value: Any, operand: Any) -> Truth:
    """Say whether a value equals a scalar of a policy.

    >>> equal("5000", 5000), equal("TRUE", True), equal(1, True), equal(None, None), equal([1], 1)
    (True, True, False, True, False)
    """
    if not isinstance(value, (str, int, float, Decimal, list, tuple, Mapping, type(None))):
        return Error("the value is of no type that JSON has")
    if operand is None:
        return value is None
    if isinstance(operand, bool):
        return value.lower() == str(operand).lower() if isinstance(value, str) else value is operand
    if isinstance(operand, str) and isinstance(value, str):
        return value == operand
    left, right = number(value), number(operand)
    if right is None or isinstance(right, Error):
        return False
    return left if isinstance(left, Error) else left == right


def among(value: Any, operand: Any) -> Truth:
    """Say whether a value equals one of several scalars."""
    return either(equal(value, one) for one in operand)


def contains(value: Any, operand: Any) -> Truth:
    """Say whether a text has a part, or a collection a member.

    >>> contains("refund", "fun"), contains("4711", 7), contains(["1", 2], 1), contains({"a": 1}, "a")
    (True, False, True, Error(why='the value is neither text nor a list'))
    """
    if isinstance(value, str):
        return isinstance(operand, str) and operand in value
    if isinstance(value, (list, tuple)):
        return either(equal(member, operand) for member in value)
    return Error("the value is neither text nor a list")


def contains_any(value: Any, operand: Any) -> Truth:
    """Say whether a value contains one of several."""
    return either(contains(value, one) for one in operand)


def contains_all(value: Any, operand: Any) -> Truth:
    """Say whether a value contains all of several."""
    return both(contains(value, one) for one in operand)


def counted(value: Any, operand: Any, holds: Callable[[Decimal, Decimal], bool]) -> Truth:
    """Compare the length of a collection or a text."""
    if isinstance(value, (str, list, tuple, Mapping)):
        return ordered(len(value), operand, holds)
    return Error("the value has no length")


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def text_like(value: Any, operand: Any, holds: Callable[[str, str], Truth]) -> Truth:
    """Apply an operator on text: to the text, or to each member of a list; any of several operands will do."""
    if isinstance(value, (list, tuple)):
        return either(text_like(member if isinstance(member, str) else None, operand, holds) for member in value)
    if not isinstance(value, str):
        return Error("the value is not text")
    return either(holds(value, one) for one in (operand if isinstance(operand, tuple) else (operand,)))


def glob(value: str, pattern: str) -> bool:
    """Say whether a whole text fits a pattern of ``*``, ``?`` and classes; case matters.

    >>> glob("db.query", "db.*"), glob("file_a/b", "file_*"), glob("DB.q", "db.*"), glob("x1", "x[!0-9]")
    (True, True, False, False)
    """
    at, expression = 0, ""
    while at < len(pattern):
        sign = pattern[at]
        end = pattern.find("]", at + 2 + (pattern[at + 1 : at + 2] == "!")) if sign == "[" else -1
        if end > 0:
            expression += _class(pattern[at + 1 : end])
            at = end
        else:
            expression += {"*": ".*", "?": "."}.get(sign) or re.escape(sign)
        at += 1
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _class(inside: str) -> str:
    wanted = "!" if inside.startswith("!") else "="
    inside = inside.removeprefix("!")
    members: list[str] = []
    while inside:
        if inside[1:2] == "-" and len(inside) > 2:
            members.extend(map(chr, range(ord(inside[0]), ord(inside[2]) + 1)))
            inside = inside[3:]
        else:
            members.append(inside[0])
            inside = inside[1:]
    if not members:
        return "(?!)" if wanted == "=" else "."
    return ("[^" if wanted == "!" else "[") + "".join(map(re.escape, members)) + "]"


def regex(value: str, pattern: str) -> bool:
    """Say whether a regular expression of RE2 is found anywhere in a text."""
    return re2.search(pattern, value) is not None


def host(value: str, pattern: str) -> Truth:
    """Say whether a host is, or lies below, a host of a policy.

    >>> host("API.example.com.", "example.com"), host("badexample.com", "example.com")
    (True, False)
    >>> host("example.com", "=example.com"), host("a.example.com", "=example.com"), host("example.com", "*.example.com")
    (True, False, False)
    >>> host("user@example.com", "example.com")
    Error(why='the value is not a host')
    """
    name = value.lower().removesuffix(".")
    if not name or (not re.fullmatch(r"\[[0-9a-f:.]+\]", name) and re.search(r"[/@:\s\\]", name)):
        return Error("the value is not a host")
    pattern = pattern.lower().removesuffix(".")
    if pattern.startswith("="):
        return name == pattern[1:]
    if pattern.startswith("*."):
        return name.endswith(pattern[1:]) and name != pattern[1:]
    return name == pattern or name.endswith("." + pattern)


def within(value: str, folder: str) -> Truth:
    """Say whether an absolute path is a folder or lies below it.

    >>> within("/work/a", "/work"), within("/work", "/work/"), within("/work2", "/work"), within("/work/../etc", "/work")
    (True, True, False, Error(why='the value is not a resolved absolute path'))
    """
    steps = value.split("/")
    if not value.startswith("/") or ".." in steps:
        return Error("the value is not a resolved absolute path")
    inner = [step for step in steps if step not in {"", "."}]
    outer = [step for step in folder.split("/") if step not in {"", "."}]
    return inner[: len(outer)] == outer


def cidr(value: str, network: str) -> bool:
    """Say whether an address lies in a network; a text that is no address does not.

    >>> cidr("10.1.2.3", "10.0.0.0/8"), cidr("[::1]", "::1/128"), cidr("localhost", "127.0.0.0/8")
    (True, True, False)
    """
    try:
        address = ipaddress.ip_address(value.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    net = ipaddress.ip_network(network, strict=False)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return address in net or (mapped is not None and mapped in net)


# ── shell ────────────────────────────────────────────────────────────────────────────────────────────────────────────

SAME_FLAG: Final[dict[str, tuple[frozenset[str], ...]]] = {
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
"""Flags that mean the same to a program."""

TAKES_VALUE: Final[dict[str, frozenset[str]]] = {
    "git": frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path"}),
    "kubectl": frozenset({"-n", "--namespace", "--context", "--cluster", "--kubeconfig", "-s", "--server", "--user"}),
    "docker": frozenset({"-H", "--host", "--context", "-c", "--config", "-l", "--log-level"}),
    "helm": frozenset({"-n", "--namespace", "--kube-context", "--kubeconfig"}),
    "aws": frozenset({"--profile", "--region", "--output", "--endpoint-url"}),
    "gcloud": frozenset({"--project", "--account", "--configuration"}),
    "npm": frozenset({"--prefix", "-C"}),
}
"""Options that, before a program's subcommand, take the next word as their value."""


def runs(words: tuple[str | None, ...], pattern: str) -> Truth:
    """Say whether a command is what a pattern of program, subcommand and flags describes.

    >>> runs(("/bin/rm", "-r", "x", "--force"), "rm -rf"), runs(("rm", "-i", "x"), "rm -rf")
    (True, False)
    >>> runs(("git", "push", None), "git push --force"), runs(("echo", "rm", "-rf"), "rm -rf")
    (Error(why='a word of the command is not known'), False)
    >>> runs(("rm", "-rf", None), "rm -rf"), runs(("git", "status", None), "git push --force")
    (True, False)
    >>> runs(("git", "-C", "/x", "push", "-f"), "git push --force"), runs(("mkfs.ext4", "/dev/sda"), "mkfs*")
    (True, True)
    """
    name, *wanted = pattern.split()
    if not words or words[0] is None:
        return Error("a program of the command is not known")
    program = words[0].rsplit("/", 1)[-1]
    if not glob(program, name) and not glob(program.removesuffix(".exe"), name):
        return False
    path = [word for word in wanted if not _is_flag(word)]
    needed = [flag for word in wanted if _is_flag(word) for flag in _wanted(word)]
    flags, plain = _sorted_out(words, program)
    flagged = both(_given(flag, flags, program) for flag in needed)
    leading = plain[: plain.index(None)] if None in plain else plain
    agrees = all(glob(word, one) for word, one in zip(leading, path, strict=False) if word is not None)
    if flagged is not False and agrees and len(leading) >= len(path):
        return flagged
    return Error("a word of the command is not known") if None in plain and agrees else False


def _sorted_out(words: tuple[str | None, ...], program: str) -> tuple[list[str], list[str | None]]:
    """Tell the flags of a command from its plain words; what is not known may be either."""
    flags: list[str] = []
    plain: list[str | None] = []
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        if word == "--":
            return flags, plain + rest
        if word is None or not _is_flag(word):
            plain.append(word)
            continue
        flags.append(word)
        if word in TAKES_VALUE.get(program, ()) and not any(plain) and rest:
            rest.pop(0)
    return flags, plain


def _is_flag(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _wanted(word: str) -> list[str]:
    """Split a cluster of a pattern: ``-rf`` is ``-r`` and ``-f``; ``--force`` and ``-auto-approve`` are themselves."""
    cluster = not word.startswith("--") and word[1:].isalpha() and len(word) <= 5
    return [f"-{letter}" for letter in word[1:]] if cluster else [word]


def _given(flag: str, words: list[str], program: str) -> Truth:
    """Say whether a flag is among words, alone, in a cluster, or spelled another way; shortened it may be another."""
    groups = SAME_FLAG.get(program, ())
    same = next((group for group in groups if flag in group), frozenset({flag}))
    names = [word.split("=", 1)[0] for word in words]
    letters = {f"-{letter}" for word in words if not word.startswith("--") for letter in word[1:]}
    if same & {*names, *letters}:
        return True
    unknown = [name for name in names if name.startswith("--") and not any(name in group for group in groups)]
    shortened = any(len(name) > 3 and one.startswith(name) for name in unknown for one in same)
    return Error("a flag is abbreviated") if shortened else False


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────

POSITIVE: Final[dict[str, Callable[[Any, Any], Truth]]] = {
    "eq": equal,
    "in": among,
    "gt": lambda value, operand: ordered(value, operand, Decimal.__gt__),
    "gte": lambda value, operand: ordered(value, operand, Decimal.__ge__),
    "lt": lambda value, operand: ordered(value, operand, Decimal.__lt__),
    "lte": lambda value, operand: ordered(value, operand, Decimal.__le__),
    "between": between,
    "contains": contains,
    "contains_any": contains_any,
    "contains_all": contains_all,
    "count.eq": lambda value, operand: counted(value, operand, Decimal.__eq__),
    "count.gt": lambda value, operand: counted(value, operand, Decimal.__gt__),
    "count.gte": lambda value, operand: counted(value, operand, Decimal.__ge__),
    "count.lt": lambda value, operand: counted(value, operand, Decimal.__lt__),
    "count.lte": lambda value, operand: counted(value, operand, Decimal.__le__),
    "starts_with": lambda value, operand: text_like(value, operand, str.startswith),
    "ends_with": lambda value, operand: text_like(value, operand, str.endswith),
    "glob": lambda value, operand: text_like(value, operand, glob),
    "regex": lambda value, operand: text_like(value, operand, regex),
    "host": lambda value, operand: text_like(value, operand, host),
    "within": lambda value, operand: text_like(value, operand, within),
    "cidr": lambda value, operand: text_like(value, operand, cidr),
}
"""What an operator means on one value."""

NEGATIVE: Final = {"ne": "eq", "not_in": "in", "count.ne": "count.eq"}
"""The operators that are the opposite of another."""

WHOLE: Final = frozenset(
    {"contains", "contains_any", "contains_all", *(op for op in POSITIVE if op.startswith("count"))}
)
"""The operators that look at a set as a whole and not at its members."""
