"""Where a value came from: ``from``, ``from_only`` and ``never_from``, judged by what is known of its pieces.

Rule 1: a label that is not remembered in full any more is in error wherever it could change the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from referee.engine.truth import ERROR, FALSE, NEGATED, TRUE
from referee.model.facts import Origins, Piece
from referee.model.programs import Attribute, Pieces
from referee.model.value import show_path

OPERATORS: Final = ("from", "from_only", "never_from")


def fact(attribute: Attribute) -> str:
    """Name the fact about the origin of an attribute.

    >>> fact(Attribute("args", ("to", 0)))
    'labels.args.to[0]'
    """
    return f"labels.{place(attribute)}"


def place(attribute: Attribute) -> str:
    """Write an attribute as the fact names it."""
    return show_path(attribute.root, attribute.path)


def labels(operand: Any) -> tuple[str, ...]:
    """Give the labels of an operand.

    >>> labels("user"), labels(("user", "mail"))
    (('user',), ('user', 'mail'))
    """
    if isinstance(operand, Pieces):
        return operand.labels
    return operand if isinstance(operand, tuple) else (operand,)


def _carried(origins: Origins, operand: Any) -> list[Piece]:
    """Give the pieces that an operand is about."""
    wanted = labels(operand)
    shapes = operand.shapes if isinstance(operand, Pieces) else ()
    return [piece for piece in origins.pieces if piece.label in wanted and (not shapes or piece.how in shapes)]


def _words(origins: Origins, operand: Any) -> Iterable[tuple[str, ...]]:
    """Give the labels of the words that an operand is about."""
    if isinstance(operand, Pieces):
        return [word.labels for word in origins.shaped if word.how in operand.shapes]
    return origins.words


def judge(op: str, operand: Any) -> Callable[[Origins], int]:
    """Compile an operator with its label or labels.

    >>> judge("from", ("user", "directory"))(Origins(words=(("user",), ("directory", "mail"))))
    1
    """
    wanted = frozenset(labels(operand))

    def carries(origins: Origins) -> int:
        if _carried(origins, operand):
            return TRUE
        return FALSE if wanted.isdisjoint(origins.lost) else ERROR

    def comes_from(origins: Origins) -> int:
        if all(not wanted.isdisjoint(seen) for seen in _words(origins, operand)):
            return TRUE
        return FALSE if wanted.isdisjoint(origins.lost) else ERROR

    if op == "never_from":
        return carries
    return comes_from if op == "from" else lambda origins: NEGATED[comes_from(origins)]


def told(origins: Origins, op: str, operand: Any) -> str:
    """Say in words which label plays a part and by what it was recognised, without anything of the value.

    >>> told(Origins(pieces=(Piece("web", "address"),)), "never_from", "web")
    'an address of `web`'
    """
    wanted = labels(operand)
    if op == "never_from":
        found = _carried(origins, operand)
        said = [f"{_SHOWN.get(p.how, 'a piece')} of `{p.label}`{', encoded' if p.encoded else ''}" for p in found]
        return " and ".join(said) or f"nothing of {named(wanted)}"
    words = _words(origins, operand)
    if not words:
        return "without any such word" if isinstance(operand, Pieces) else "without any word"
    others = sorted({label for seen in words if not {*seen} & {*wanted} for label in seen})
    if all({*seen} & {*wanted} for seen in words):
        return f"all from {named(wanted)}"
    return f"not all from {named(wanted)}" + (f", but from {named(others)}" if others else "")


def named(labels: Iterable[str]) -> str:
    """List labels.

    >>> named(("user", "web"))
    '`user` or `web`'
    """
    return " or ".join(f"`{label}`" for label in labels)


_SHOWN: Final = {
    "value": "the whole of a value", "address": "an address", "link": "a link", "account": "an account", "number": "a number",
    "id": "an id", "text": "a stretch of text",
}  # fmt: skip
