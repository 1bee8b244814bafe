"""What stands after an operator: a node to the typed operand that the engine compares with.

Rule 1: an operand has the type its attribute needs; what does not is a flaw, not a comparison that never holds.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from referee.language.attributes import Subject
from referee.language.names import Frame, expand, kinds_of, scanner_of
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe
from referee.language.patterns import check_command, check_folder, check_glob, check_host, check_network, check_regex
from referee.language.problems import Flaw, shorten, unknown
from referee.language.quantities import number_of
from referee.language.scalars import ANSWERS, WORDS, Value, flag_of, integer_of, text_of, value_of
from referee.language.sql import check_column
from referee.language.vocabulary import COUNT_OPERATORS, PIECES_KEYS, SCAN_KEYS, SCANNED_ROOTS
from referee.model.names import SHAPES
from referee.model.programs import Exact, Operand, Pieces, Scan
from referee.model.sql import fold

Reader = Callable[[Node, Subject, Frame], Operand]

_NORMAL: Final[dict[str, Callable[[str], str]]] = {
    "http.method": str.upper,
    "http.host": str.lower,
    "http.domain": str.lower,
    "http.scheme": str.lower,
    "sql.tables": fold,
    "sql.columns": fold,
    "sql.functions": fold,
}
"""Attributes that come normalised: their operands are, too."""
_FOLDED: Final = ("sql.tables", "sql.columns", "sql.functions")


def value(node: Node, subject: Subject, frame: Frame) -> Operand:
    """Read one value.

    Raises:
        Flaw: it is a list or a mapping, or does not have the type of the attribute.
    """
    if not isinstance(node, Scalar):
        hint = "use `in` for one of several values" if isinstance(node, Sequence) else None
        raise Flaw("operand-type", f"expected one value, found {describe(node)}", node, hint)
    found = expand(node, frame)
    if len(found) != 1:
        raise Flaw("operand-type", f"`{node.text}` has {len(found)} values where one is expected", node, "use `in`")
    return one(found[0], subject)


def one(node: Scalar, subject: Subject) -> Value:
    """Read a scalar as the type of the attribute says.

    Raises:
        Flaw: it has another type, or is not among the words the attribute can be.
    """
    if node.plain and not node.text:
        raise Flaw("empty", f"no value stands after `{shorten(subject.name)}`", node, "write `null` if that is meant")
    if node.plain and node.text in WORDS and WORDS[node.text] is None:
        return None
    return _TYPED.get(subject.type, _text)(node, subject)


def _text(node: Scalar, subject: Subject) -> Value:
    if node.plain and node.text in WORDS:
        raise Flaw(
            "operand-type",
            f"`{subject.name}` is text, `{node.text}` is not",
            node,
            f'write `"{node.text}"` for the text',
        )
    normal = _NORMAL.get(subject.attribute.root)
    text = normal(node.text) if normal else node.text
    if subject.choices and text not in subject.choices:
        flaw = unknown("unknown-value", "value", text, node, subject.choices)
        raise Flaw(flaw.code, f"`{subject.name}` is never `{shorten(text)}`", node, flaw.help)
    return text


def _number(node: Scalar, subject: Subject) -> Value:
    del subject
    return number_of(node)


def _flag(node: Scalar, subject: Subject) -> Value:
    found = value_of(node)
    if isinstance(found, bool):
        return found
    hint = ANSWERS.get(node.text.lower())
    raise Flaw(
        "operand-type",
        f"`{subject.name}` is true or false, `{shorten(node.text)}` is not",
        node,
        hint and f"write `{hint}`",
    )


def _json(node: Scalar, subject: Subject) -> Value:
    del subject
    return value_of(node)


_TYPED: Final[dict[str, Callable[[Scalar, Subject], Value]]] = {
    "number": _number, "boolean": _flag, "json": _json, "list": _json,
}  # fmt: skip


def values(node: Node, subject: Subject, frame: Frame) -> Operand:
    """Read a list of values, each once.

    Raises:
        Flaw: it is empty, or a value does not have the type of the attribute.
    """
    if isinstance(node, Sequence) and not node.items:
        raise Flaw("empty", "a list of values must not be empty", node)
    read = frame.problems.each(lambda item: one(item, subject), expand(node, frame))
    return tuple(value for _, value in dict.fromkeys((type(value), value) for value in read))


def flag(node: Node, subject: Subject, frame: Frame) -> Operand:
    """Read ``true`` or ``false``.

    Raises:
        Flaw: it is anything else.
    """
    del subject, frame
    return flag_of(node)


def number(node: Node, subject: Subject, frame: Frame) -> Operand:
    """Read a number to compare with.

    Raises:
        Flaw: it is anything else.
    """
    del subject
    found = expand(node, frame, "a number") if isinstance(node, Scalar) else (node,)
    return number_of(found[0] if len(found) == 1 else node)


def limits(node: Node, subject: Subject, frame: Frame) -> Operand:
    """Read a range: its least and its greatest number.

    Raises:
        Flaw: it is anything else, or contains no number.
    """
    del subject, frame
    if not isinstance(node, Sequence) or len(node.items) != 2:
        raise Flaw("operand-type", "expected two numbers, the least and the greatest", node, "write `[1, 10]`")
    least, most = number_of(node.items[0]), number_of(node.items[1])
    if decimal(least) > decimal(most):
        raise Flaw("bad-number", "no number lies in this range", node, "write the least number first")
    return (least, most)


def decimal(found: int | Exact) -> Decimal:
    """Give a number as a decimal."""
    return found.value if isinstance(found, Exact) else Decimal(found)


def _checked(check: Callable[[str, Node], str], what: str) -> Reader:
    def read(node: Node, subject: Subject, frame: Frame) -> Operand:
        if isinstance(node, Sequence) and not node.items:
            raise Flaw("empty", "a list of values must not be empty", node)
        texts = tuple(frame.problems.each(lambda item: check(text_of(item, what), item), expand(node, frame, what)))
        texts = (
            tuple(map(fold, texts)) if subject.attribute.root in _FOLDED and what != "a regular expression" else texts
        )
        return texts if isinstance(node, Sequence) or len(texts) != 1 else texts[0]

    return read


def counts(node: Node, frame: Frame) -> list[tuple[str, Operand]]:
    """Read what a count is compared with, as pairs of operator and number.

    Raises:
        Flaw: it is neither a whole number nor a mapping of comparisons.
    """
    del frame
    if not isinstance(node, Mapping):
        return [("count.eq", integer_of(node, 0, 2**31))]
    if not node.entries:
        raise Flaw("empty", "no comparison stands here", node, "write `count: {gt: 3}`")
    found: list[tuple[str, Operand]] = []
    for name, (key, below) in node.entries.items():
        if name not in COUNT_OPERATORS:
            raise unknown("unknown-operator", "comparison of a count", name, key, COUNT_OPERATORS)
        found.append((f"count.{name}", integer_of(below, 0, 2**31)))
    return found


def scan(node: Node, subject: Subject, frame: Frame) -> Operand:
    """Read a scan in full: a scanner's name, or a mapping with ``scanner``, ``kinds`` and ``min_score``.

    Raises:
        Flaw: it is anything else, or the attribute is not scanned.
    """
    _scanned(subject, node)
    if not isinstance(node, Mapping):
        return Scan(scanner_of(node, frame))
    for name, (key, _) in node.entries.items():
        if name not in SCAN_KEYS:
            told = unknown("unknown-key", "key", name, key, SCAN_KEYS).help
            raise Flaw("unknown-key", f"a scan has no key `{shorten(name)}`", key, told)
    named = node.get("scanner")
    if named is None:
        raise Flaw("missing-key", "a scan needs the key `scanner`", node)
    scanner = scanner_of(named, frame)
    kinds = node.get("kinds")
    score = node.get("min_score")
    return Scan(
        scanner,
        () if kinds is None else kinds_of(expand(kinds, frame, "a kind of finding"), scanner, frame),
        Exact("0.5") if score is None else _score(score),
    )


def _score(node: Node) -> Exact:
    found = decimal(number_of(node))
    if not 0 <= found <= 1:
        raise Flaw("bad-number", "a score lies between 0 and 1", node)
    return Exact(format(found, "f"))


def _scan_for(scanner: str) -> Reader:
    def read(node: Node, subject: Subject, frame: Frame) -> Operand:
        _scanned(subject, node)
        if isinstance(node, Scalar) and (node.text.lower() in ANSWERS or (node.plain and node.text in WORDS)):
            return Scan(scanner, wanted=flag_of(node))
        if isinstance(node, Sequence) and not node.items:
            raise Flaw("empty", "a list of kinds must not be empty", node, "write `true` for all kinds")
        return Scan(scanner, kinds_of(expand(node, frame, "`true`, a kind of finding"), scanner, frame))

    return read


def _scanned(subject: Subject, node: Node) -> None:
    if subject.attribute.root not in SCANNED_ROOTS:
        raise Flaw(
            "operand-type", f"`{subject.name}` is not scanned", node, "scanners look at `args`, `result` and `text`"
        )


def labels(node: Node, subject: Subject, frame: Frame) -> str | tuple[str, ...]:
    """Read labels of values, and remember that they are asked for.

    Raises:
        Flaw: there is none, or the attribute carries none.
    """
    if subject.attribute.root not in SCANNED_ROOTS:
        told = "labels are on what stands in `args`, `result` and `text`"
        raise Flaw("operand-type", f"it is not known where `{subject.name}` came from", node, told)
    found = expand(node, frame, "a label")
    if not found:
        raise Flaw("empty", "a list of labels must not be empty", node)
    names = {text_of(item, "a label"): item for item in found}
    for name, item in names.items():
        frame.asked.setdefault(name, item)
    return tuple(names) if isinstance(node, Sequence) or len(names) != 1 else next(iter(names))


def _shaped(op: str, known: tuple[str, ...]) -> Reader:
    """Read labels, or a mapping with ``labels`` and, under ``as``, the shapes that count."""

    def read(node: Node, subject: Subject, frame: Frame) -> Operand:
        if not isinstance(node, Mapping):
            return labels(node, subject, frame)
        for name, (key, _) in node.entries.items():
            if name not in PIECES_KEYS:
                told = unknown("unknown-key", "key", name, key, PIECES_KEYS).help
                raise Flaw("unknown-key", f"`{op}` has no key `{shorten(name)}`", key, told)
        for name in PIECES_KEYS:
            if name not in node.entries:
                raise Flaw("missing-key", f"`{op}` needs the key `{name}`", node, "or write the labels alone")
        named = labels(node.entries["labels"][1], subject, frame)
        below = node.entries["as"][1]
        found = expand(below, frame, "a shape")
        if not found:
            raise Flaw("empty", "a list of shapes must not be empty", below)
        for item in found:
            if item.text not in known:
                raise unknown("unknown-value", "shape", item.text, item, known)
        return Pieces(named if isinstance(named, tuple) else (named,), tuple(dict.fromkeys(one.text for one in found)))

    return read


READERS: Final[dict[str, Reader]] = {
    "value": value,
    "values": values,
    "flag": flag,
    "number": number,
    "range": limits,
    "texts": _checked(lambda text, _: text, "text"),
    "globs": _checked(check_glob, "a glob"),
    "regexes": _checked(check_regex, "a regular expression"),
    "hosts": _checked(check_host, "a host"),
    "folders": _checked(check_folder, "a path"),
    "networks": _checked(check_network, "a network"),
    "commands": _checked(check_command, "a command"),
    "columns": _checked(check_column, "a table or column"),
    "scan:pii": _scan_for("pii"),
    "scan:secret": _scan_for("secret"),
    "scan:injection": _scan_for("injection"),
    "scan": scan,
    "labels:words": _shaped("from", SHAPES[1:-1]),
    "labels:pieces": _shaped("never_from", SHAPES),
}
"""How the operand of each shape is read."""
