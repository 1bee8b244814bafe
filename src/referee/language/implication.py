"""Which conditions follow from which, as far as it can be proved cheaply.

Rule 1: a claim holds for every request and all facts, with absent values and errors; what is not proved is not claimed.
Rule 2: *surely* means that true gives true; *at most* means that true or error gives true or error.
Rule 3: a proof takes a bounded number of steps. One that needs more is given up.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

import msgspec

from referee.language import literals
from referee.language.literals import Literal
from referee.model.names import KINDS, PHASES
from referee.model.programs import All, Any_, Condition, Not

STEPS: Final = 2_000
_WIDEST: Final = 64


class Sense(Enum):
    """What is carried over from one condition to the other."""

    SURELY = "true gives true"
    AT_MOST = "true or error gives true or error"

    @property
    def opposite(self) -> Sense:
        """The sense of the contrapositive."""
        return Sense.AT_MOST if self is Sense.SURELY else Sense.SURELY


class Every(msgspec.Struct, frozen=True):
    """All parts hold."""

    parts: tuple[Form, ...]


class Some(msgspec.Struct, frozen=True):
    """Some part holds."""

    parts: tuple[Form, ...]


class Opposite(msgspec.Struct, frozen=True):
    """A literal does not hold; an error stays one."""

    literal: Literal


Form = Every | Some | Opposite | Literal

TRUE: Final = Every(())
FALSE: Final = Some(())


def normal(condition: Condition, *, negated: bool = False) -> Form:
    """Bring a condition into a form without nested alternatives of the same kind and with negations at the literals.

    >>> normal(Not(Not(All())))
    Every(parts=())
    """
    if isinstance(condition, Not):
        return normal(condition.part, negated=not negated)
    if isinstance(condition, (All, Any_)):
        parts = tuple(normal(part, negated=negated) for part in condition.parts)
        return every(parts) if isinstance(condition, All) != negated else some(parts)
    found = tuple(_signed(literal, negated) for literal in literals.read(condition))
    return some(found) if negated else every(found)


def _signed(literal: Literal, negated: bool) -> Form:  # noqa: FBT001 - private
    if not negated:
        return literal
    return _other_presence(literal) if literal.op == "exists" else Opposite(literal)


def _other_presence(literal: Literal) -> Literal:
    return msgspec.structs.replace(literal, operand=not literal.operand)


def every(parts: tuple[Form, ...]) -> Form:
    """Join forms that must all hold."""
    return _join(parts, Every, FALSE)


def some(parts: tuple[Form, ...]) -> Form:
    """Join forms of which one must hold."""
    return _join(parts, Some, TRUE)


def _join(parts: tuple[Form, ...], kind: type[Every | Some], absorbing: Form) -> Form:
    flat: dict[Form, None] = {}
    for part in parts:
        if part == absorbing:
            return absorbing
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


class Prover:
    """Proves that one form follows from another, which may belong to rules of different kinds.

    ``named`` says of each side whether its rule names its tool or kind; ``same_clock`` whether both use one time zone.
    """

    def __init__(self, left_named: bool, right_named: bool, *, same_clock: bool = True, steps: int = STEPS) -> None:  # noqa: FBT001 - a pair
        self._named = (left_named, right_named)
        self._same_clock = same_clock
        self._steps = steps

    def follows(self, left: Form, right: Form, sense: Sense) -> bool:
        """Whether ``right`` follows from ``left``."""
        return self._follows(left, right, sense, self._named)

    def _follows(self, left: Form, right: Form, sense: Sense, named: tuple[bool, bool]) -> bool:
        self._steps -= 1
        if self._steps < 0:
            return False
        if isinstance(right, Every):
            return all(self._follows(left, part, sense, named) for part in right.parts)
        if isinstance(left, Some):
            return all(self._follows(part, right, sense, named) for part in left.parts)
        if isinstance(right, Some) and any(self._follows(left, part, sense, named) for part in right.parts):
            return True
        if isinstance(left, Every):
            return any(self._follows(part, right, sense, named) for part in left.parts)
        return not isinstance(right, Some) and self._atoms(left, right, sense, named)

    def _atoms(
        self, left: Opposite | Literal, right: Opposite | Literal, sense: Sense, named: tuple[bool, bool]
    ) -> bool:
        if isinstance(left, Opposite):
            back = (named[1], named[0])
            return isinstance(right, Opposite) and self._atoms(right.literal, left.literal, sense.opposite, back)
        target = right.literal if isinstance(right, Opposite) else right
        if not self._same_clock and literals.follows_clock(target):
            return False
        if isinstance(right, Opposite):
            return literals.excludes(left, target)
        if sense is Sense.AT_MOST and named[0] and not named[1] and literals.may_be_absent(left):
            return False
        return literals.covers(left, target, surely=sense is Sense.SURELY)


def never(form: Form) -> bool:
    """Whether a form is proved never to be true.

    >>> never(FALSE), never(TRUE)
    (True, False)
    """
    if isinstance(form, Some):
        return all(never(part) for part in form.parts)
    if not isinstance(form, Every):
        return False
    parts = form.parts[:_WIDEST]
    prover = Prover(False, False)
    return any(_excluded(prover, parts, part) for part in parts)


def _excluded(prover: Prover, parts: tuple[Form, ...], form: Form) -> bool:
    """Whether a form cannot be true together with all of ``parts``."""
    if isinstance(form, Some):
        return all(_excluded(prover, parts, part) for part in form.parts)
    if isinstance(form, Every):
        return any(_excluded(prover, parts, part) for part in form.parts)
    against = _other_presence(form) if isinstance(form, Literal) and form.op == "exists" else opposite(form)
    return any(prover.follows(part, against, Sense.SURELY) for part in parts if part is not form)


def opposite(form: Literal | Opposite) -> Form:
    """Turn a literal around.

    >>> opposite(opposite(Literal.of("kind", "in", ("message",)))).op
    'in'
    """
    return form.literal if isinstance(form, Opposite) else _signed(form, negated=True)


def always(form: Form) -> bool:
    """Whether a form is proved to be true for every request.

    >>> always(TRUE), always(FALSE)
    (True, False)
    """
    if isinstance(form, Every):
        return all(always(part) for part in form.parts)
    if isinstance(form, Some):
        return any(always(part) for part in form.parts) or any(
            isinstance(part, (Literal, Opposite)) and _total(part) and opposite(part) in form.parts
            for part in form.parts
        )
    return isinstance(form, Literal) and _holds_for_all(form)


_SAFE: Final = ("in", "glob", "starts_with", "ends_with")
_CLOSED: Final[dict[str, tuple[str, ...]]] = {"kind": KINDS, "phase": PHASES}


def _total(form: Literal | Opposite) -> bool:
    """Whether a literal is never in error and never about something absent."""
    literal = form.literal if isinstance(form, Opposite) else form
    return literal.op == "exists" or (literal.attribute.root in _CLOSED and literal.op in _SAFE)


def _holds_for_all(literal: Literal) -> bool:
    values = _CLOSED.get(literal.attribute.root)
    if values is None or literal.op == "exists":
        return literal.op == "exists" and literal.operand is True and values is not None
    return literal.op in _SAFE and all(literals.judge(literal, value) for value in values)


def conjuncts(form: Form) -> tuple[Form, ...]:
    """The parts of a form that must all hold."""
    return form.parts if isinstance(form, Every) else (form,)


def mentions(form: Form) -> frozenset[Any]:
    """The attributes a form looks at."""
    if isinstance(form, (Every, Some)):
        return frozenset[Any]().union(*(mentions(part) for part in form.parts))
    return frozenset({(form.literal if isinstance(form, Opposite) else form).attribute})
