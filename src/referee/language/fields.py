"""Mappings with known keys: one loop and one table for all of them.

Rule 1: an unknown key is a flaw; a key whose value cannot be read is told and left out, and the rest is still read.
Rule 2: shapes that need to know more than their node (conditions, rules, kinds …) come back as nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AnyMapping
from decimal import Decimal
from typing import Any, Final

from referee.language.listing import check_tools
from referee.language.names import Frame, expand
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe
from referee.language.patterns import check_glob, check_host, is_wild
from referee.language.problems import Flaw, shorten, unknown
from referee.language.quantities import date_of, money_of, plain_number, scalar_of, seconds_of, window_of
from referee.language.scalars import flag_of, integer_of, text_of
from referee.language.suggest import nearest
from referee.language.timezones import TIMEZONES
from referee.language.vocabulary import COMPONENTS, DEFAULT_VERDICTS, FAILURES, INSTEAD, SCOPE_ALIASES, SCOPE_KEYS, Key
from referee.model.names import ACTION_ALIASES, KINDS
from referee.model.programs import Scope

MAX_PRIORITY: Final = 999_999
FEW: Final = 8
MAX_TEXT: Final = 10_000

_GLUED: Final = re.compile(r"[a-z_]+:[^\s:/]")

Reader = Callable[[Node, Key, Frame], Any]


def read_fields(node: Node, keys: AnyMapping[str, Key], frame: Frame, what: str) -> dict[str, Any]:
    """Read the entries of a mapping by the table of its keys.

    Raises:
        Flaw: the node is not a mapping.
    """
    if not isinstance(node, Mapping):
        wanted = f"a mapping after {what}" if what.startswith("`") else what
        raise Flaw("wrong-type", f"expected {wanted}, found {describe(node)}", node, _as_mapping(node, keys))
    fields: dict[str, Any] = {}
    for name, (word, value) in node.entries.items():
        key = keys.get(name)
        if key is None:
            supported = [known for known, spec in keys.items() if spec.shape != "unsupported"]
            told = unknown("unknown-key", "key", name, word, supported).help
            frame.problems.add(Flaw("unknown-key", f"{what} has no key `{shorten(name)}`", word, told))
        elif key.shape == "unsupported":
            message = f"`{name}` ({key.doc}) is not supported yet"
            frame.problems.add(Flaw("unsupported", message, word, INSTEAD.get(name)))
        else:
            reader = READERS.get(key.shape)
            read = value if reader is None else frame.problems.attempt(reader, value, key, frame)
            if read is not None:
                fields[name] = read
    return fields


def _as_mapping(node: Node, keys: AnyMapping[str, Key]) -> str | None:
    """Say how what stands in place of a mapping becomes one."""
    if isinstance(node, Scalar) and node.plain and _GLUED.match(node.text):
        return "write a blank after the `:`"
    return f"its keys are {', '.join(f'`{name}`' for name in keys)}" if len(keys) <= FEW else None


def require(fields: AnyMapping[str, Any], node: Node, names: tuple[str, ...], what: str) -> None:
    """Ask for keys that must be there; one that is there and could not be read has been told already.

    Raises:
        Flaw: one is missing.
    """
    assert isinstance(node, Mapping)
    for name in names:
        there = name in fields or name in node.entries
        if not there and not any(nearest(other, (name,)) for other in node.entries if other not in fields):
            raise Flaw("missing-key", f"{what} needs the key `{name}`", node)


def text(node: Node, key: Key, frame: Frame) -> str:
    """Read text of at most 10 000 characters.

    Raises:
        Flaw: it is something else, or longer.
    """
    del key, frame
    found = text_of(node)
    if len(found) > MAX_TEXT:
        raise Flaw("too-large", f"a text must have at most {MAX_TEXT} characters", node)
    return found


def texts(node: Node, key: Key, frame: Frame) -> tuple[str, ...]:
    """Read one text or several.

    Raises:
        Flaw: a member is something else.
    """
    del key
    return tuple(dict.fromkeys(frame.problems.each(text_of, expand(node, frame, "text"))))


def tools(node: Node, key: Key, frame: Frame) -> tuple[str, ...]:
    """Read names and globs of tools.

    Raises:
        Flaw: a member is not text, or a glob is not closed.
    """
    del key
    named = expand(node, frame, "the name of a tool")
    check_tools(named, frame)
    return tuple(dict.fromkeys(frame.problems.each(_one_tool, named)))


def _one_tool(node: Node) -> str:
    name = text_of(node, "the name of a tool")
    return check_glob(name, node) if is_wild(name) or not name else name


def _hosts(node: Node, key: Key, frame: Frame) -> tuple[str, ...]:
    del key
    return tuple(
        dict.fromkeys(
            frame.problems.each(lambda item: check_host(text_of(item, "a host"), item), expand(node, frame, "a host"))
        )
    )


def _money(node: Node, key: Key, frame: Frame) -> Decimal:
    del key, frame
    return money_of(node)


def _amount(node: Node, key: Key, frame: Frame) -> int:
    del key, frame
    scalar = scalar_of(node, "a whole number")
    number = plain_number(scalar)
    if number is None or number != number.to_integral_value():
        raise Flaw("wrong-type", f"expected a whole number, found `{shorten(scalar.text)}`", node)
    return integer_of(node, 0, 2**53) if number >= 0 else _negative(node)


def _negative(node: Node) -> int:
    raise Flaw("bad-number", "expected a number that is not negative", node)


def _timezone(node: Node, key: Key, frame: Frame) -> str:
    del key, frame
    name = text_of(node, "a time zone")
    if name not in TIMEZONES:
        raise unknown("bad-timezone", "time zone", name, node, TIMEZONES)
    return name


def word_of(node: Node, what: str, known: Iterable[str]) -> str:
    """Read a text where only some words can stand.

    Raises:
        Flaw: it is no text; which words can stand there is its help.
    """
    try:
        return text_of(node, what)
    except Flaw as flaw:
        flaw.help = "one of " + ", ".join(f"`{name}`" for name in known)
        raise


def _choice(node: Node, key: Key, frame: Frame) -> str:
    del frame
    word = word_of(node, "one word", key.choices)
    if word in key.choices:
        return word
    if "deny" in key.choices and ("alert" in key.choices or "redact" in key.choices):
        raise unknown("unknown-action", "action", word, node, key.choices)
    raise unknown("unknown-value", "value", word, node, key.choices)


def _choices(node: Node, key: Key, frame: Frame) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(_choice(item, key, frame) for item in expand(node, frame, "one word")))
    if not found:
        raise Flaw("empty", "the list must not be empty", node)
    return found


def _version(node: Node, key: Key, frame: Frame) -> str:
    del key, frame
    version = text_of(node, "a version")
    if version not in {"1", "1.0"}:
        raise Flaw(
            "unknown-value",
            f"unknown version `{shorten(version)}` of the language",
            node,
            'write `version: 1`, or `version: "1.0"` in the rule-list form',
        )
    return version


def verdict(node: Node) -> str:
    """Read what a default can be.

    Raises:
        Flaw: it is something else.
    """
    word = word_of(node, "a verdict", DEFAULT_VERDICTS)
    if word not in DEFAULT_VERDICTS:
        raise unknown("unknown-value", "default", word, node, DEFAULT_VERDICTS)
    return ACTION_ALIASES.get(word, word)


def _default(node: Node, key: Key, frame: Frame) -> dict[str, str]:
    del key
    if not isinstance(node, Mapping):
        return dict.fromkeys(KINDS, verdict(node))
    if not node.entries:
        raise Flaw("empty", "`default` must not be empty", node, "write `default: deny`")
    defaults: dict[str, str] = dict.fromkeys(KINDS, "deny")
    for name, (word, value) in node.entries.items():
        if name not in KINDS:
            frame.problems.add(unknown("unknown-value", "kind of request", name, word, KINDS))
        else:
            defaults[name] = frame.problems.attempt(verdict, value) or "deny"
    return defaults


def _failures(node: Node, key: Key, frame: Frame) -> dict[str, str]:
    keys = {name: Key("choice", "", FAILURES) for name in COMPONENTS}
    del key
    return read_fields(node, keys, frame, "`on_failure`")


def _scope(node: Node, key: Key, frame: Frame) -> Scope:
    del key
    fields = read_fields(node, SCOPE_KEYS, frame, "a scope")
    if isinstance(node, Mapping) and not node.entries:
        raise Flaw("empty", "a scope must not be empty", node, "leave it out if the rule holds for all")
    found: dict[str, tuple[str, ...]] = {}
    for name, members in fields.items():
        below = node.get(name) if isinstance(node, Mapping) else None
        frame.problems.each(lambda item: check_glob(item.text, item), () if below is None else expand(below, frame))
        if not members:
            raise Flaw("empty", f"`{name}` must not be empty", node)
        whole = SCOPE_ALIASES.get(name, name)
        if whole in found:
            raise Flaw("conflicting-keys", f"`{name}` says the same as `{whole}`", node, f"write `{whole}` alone")
        found[whole] = members
    return Scope(**found)


READERS: Final[dict[str, Reader]] = {
    "text": text,
    "texts": texts,
    "tools": tools,
    "hosts": _hosts,
    "flag": lambda node, _key, _frame: flag_of(node),
    "integer": lambda node, _key, _frame: integer_of(node, -MAX_PRIORITY, MAX_PRIORITY),
    "positive": lambda node, _key, _frame: integer_of(node, 1, 31_622_400),
    "amount": _amount,
    "money": _money,
    "duration": lambda node, _key, _frame: seconds_of(node),
    "window": lambda node, _key, _frame: window_of(node),
    "date": lambda node, _key, _frame: date_of(node),
    "timezone": _timezone,
    "choice": _choice,
    "choices": _choices,
    "version": _version,
    "default": _default,
    "failures": _failures,
    "scope": _scope,
}
"""How the value of each shape is read; a shape that is not here comes back as its node."""


def items_of(node: Node, what: str) -> tuple[Node, ...]:
    """Give the members of a list.

    Raises:
        Flaw: the node is not a list.
    """
    if isinstance(node, Sequence):
        return node.items
    shown = describe(node)
    raise Flaw("wrong-type", f"expected {what}, found {shown}", node, "begin each member with `- `")
