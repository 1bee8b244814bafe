"""What a scalar means: the core schema of YAML 1.2, and nothing that YAML 1.1 read otherwise.

Rule 1: ``true false null`` and numbers are the only readings; ``yes``, ``no``, ``on``, ``off`` and dates are text.
Rule 2: what YAML 1.1 and 1.2 read as different numbers (``010``, ``1_000``, ``0b1``) is refused, never guessed.
Rule 3: a number is exact: an integer, or a decimal as written.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from referee.language.nodes import Node, Scalar, describe
from referee.language.problems import Flaw, shorten
from referee.model.programs import Exact

Value = None | bool | int | str | Exact

WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
ANSWERS: Final = {
    **dict.fromkeys(("yes", "y", "on"), "true"),
    **dict.fromkeys(("no", "n", "off"), "false"),
}

_FIRST: Final = frozenset("+-.0123456789")
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_RADIX: Final = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)")
_SPECIAL: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_UNCLEAR: Final = re.compile(
    r"[-+]?(?:0[0-9_]+|[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?|0b[01_]+|0[ox][0-9a-fA-F]*_[0-9a-fA-F_]*)"
)

MAX_DIGITS: Final = 40
_FREE: Final = frozenset({"text", "a value", "the name of a tool", "a label", "a glob", "a regular expression"})
"""Where any text can stand, `true` too."""
_SMALL: Final = range(-(2**63), 2**63)


def value_of(node: Scalar) -> Value:
    """Read a scalar: quoted text stays text, plain text may be a word or a number.

    Raises:
        Flaw: it looks like a number but is read differently from one YAML to the next, or is not finite.
    """
    text = node.text
    if not node.plain:
        return text
    if text in WORDS:
        return WORDS[text]
    if text[0] not in _FIRST:
        return text
    return _number(text, node)


def _number(text: str, node: Scalar) -> Value:
    if _UNCLEAR.fullmatch(text):
        bare = text.replace("_", "").lstrip("+0") or "0"
        fix = f"`{bare}`" if bare.lstrip("-0").replace(".", "", 1).isdigit() else "a plain decimal number"
        raise Flaw("bad-number", f"`{shorten(text)}` is read as different numbers by different programs", node,
                   f'write {fix} for a number, or `"{shorten(text)}"` for text')  # fmt: skip
    if _SPECIAL.fullmatch(text):
        raise Flaw("bad-number", f"`{text}` is not a finite number", node, "leave the condition out, or write a number")
    if _RADIX.fullmatch(text) and len(text) <= MAX_DIGITS:
        return exact(Decimal(int(text, 0)))
    if not _NUMBER.fullmatch(text):
        return text
    number = Decimal(text)
    check_size(number, node)
    return exact(number)


def check_size(number: Decimal, node: Scalar) -> None:
    """Refuse a number that takes more than 40 digits to write.

    Raises:
        Flaw: it does.
    """
    parts = number.as_tuple()
    if len(parts.digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS or abs(int(parts.exponent)) > MAX_DIGITS:
        raise Flaw("bad-number", f"a number must have at most {MAX_DIGITS} digits", node)


def exact(number: Decimal) -> int | Exact:
    """Keep a number as an integer if it is one of 64 bits, else as text.

    >>> exact(Decimal("1e3")), exact(Decimal("2.50"))
    (1000, Exact(text='2.5'))
    """
    if number == number.to_integral_value() and (whole := int(number)) in _SMALL:
        return whole
    return Exact(format(number.normalize(), "f"))


def text_of(node: Node, what: str = "text") -> str:
    """Read a scalar where only text can stand; a number is taken as written.

    Raises:
        Flaw: it is a list, a mapping, nothing, or a boolean.
    """
    if not isinstance(node, Scalar):
        raise Flaw("wrong-type", f"expected {what}, found {describe(node)}", node)
    if node.plain and node.text in WORDS:
        word = WORDS[node.text]
        found = "nothing" if word is None else f"`{node.text}`"
        hint = None if word is None or what not in _FREE else f'write `"{node.text}"` for the text'
        raise Flaw("wrong-type", f"expected {what}, found {found}", node, hint)
    return node.text


def flag_of(node: Node) -> bool:
    """Read ``true`` or ``false``.

    Raises:
        Flaw: it is anything else; ``yes`` and ``no`` are text.
    """
    if isinstance(node, Scalar):
        value = value_of(node)
        if isinstance(value, bool):
            return value
        hint = ANSWERS.get(node.text.lower()) or (node.text.lower() if node.text.lower() in {"true", "false"} else None)
        shown = f"`{shorten(node.text)}`" if node.text else "nothing"
        raise Flaw("wrong-type", f"expected `true` or `false`, found {shown}", node, hint and f"write `{hint}`")
    raise Flaw("wrong-type", f"expected `true` or `false`, found {describe(node)}", node)


def integer_of(node: Node, least: int, most: int) -> int:
    """Read an integer between two bounds.

    Raises:
        Flaw: it is something else.
    """
    value = value_of(node) if isinstance(node, Scalar) else None
    if not isinstance(node, Scalar) or not isinstance(value, int) or isinstance(value, bool):
        if isinstance(value, Exact) and value.value == value.value.to_integral_value():
            raise Flaw("bad-number", f"expected a whole number from {least} to {most}", node)
        shown = f"`{shorten(node.text)}`" if isinstance(node, Scalar) and node.text else describe(node)
        raise Flaw("wrong-type", f"expected a whole number, found {shown}", node)
    if not least <= value <= most:
        raise Flaw("bad-number", f"expected a whole number from {least} to {most}", node)
    return value
