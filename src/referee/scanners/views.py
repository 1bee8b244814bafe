"""The readings of a text: as it stands, and as whoever hid something in it means it to be read.

Rule 1: a reading knows which characters of the original text each of its own stands for.
Rule 2: a scanner says which readings it wants (``Views``); what it does not want costs nothing.
Rule 3: work is bounded by the length of the text: layers by ``MAX_LAYERS``, what readings hold together by a ``Budget``. Beyond a
bound the text is ``TooBig``, which is a failed fact, never a text read in part.
Rule 4: a text in which nothing can be hidden costs one search (``_NOTICE``), whatever the number of readings.

>>> [(reading.text, reading.undone) for reading in readings("t=%73%6b-1", Views())]
[('t=%73%6b-1', ()), ('t=sk-1', ('escapes',))]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import takewhile
from typing import Final

import msgspec

from referee.model.value import TooBig
from referee.scanners.blobs import blobs, signs_of_blobs
from referee.scanners.escapes import escapes
from referee.scanners.folding import folds
from referee.scanners.hidden import hidden, without_tags
from referee.scanners.literals import NOTICED, is_json, literals, values
from referee.scanners.rewriting import REACH, TURNED, Rewritten, Run, apart, rewrite
from referee.scanners.shadow import linear, shadow_of
from referee.scanners.spelling import SPACED, SPACED_KEY, lines_with, respelled, shifted, spaced, spaced_keys
from referee.scanners.tells import MARKS, PREFIXES

MAX_LAYERS: Final = 8
"""How many encodings of one another are undone."""
SURE: Final = 0.9
LIKELY: Final = 0.6
"""Scores that a finding needs where texts are put together that need not belong together, or turned around."""
_FREE: Final = 1 << 16
_TIMES: Final = 8
_RUN: Final = 8
_UNPACKED: Final = 1 << 20
_FOLD_REACH: Final = 1 << 12


class Views(msgspec.Struct, frozen=True):
    """Which readings a scanner wants beside those of encodings, which all want.

    ``words``: letters that are spelled out, split or replaced, looked for by words that orders are made of. ``keys``:
    literals put together, characters spelled out, keys turned around. ``numbers``: characters as decimal codes or bits.
    ``digits``: whole numbers that are no text. ``glue``: what is put between two values to read them as one; ``None``: they
    are not read together. ``apart``: the kinds that are believed when they are found in values read together; empty: all.
    """

    words: bool = False
    keys: bool = False
    numbers: bool = False
    digits: bool = False
    glue: str | None = None
    apart: frozenset[str] = frozenset()


class Budget:
    """How much may still be read of a text, or of all texts of a request together."""

    __slots__ = ("left", "packed")

    def __init__(self, length: int) -> None:
        self.left = length * _TIMES + _FREE
        self.packed = _UNPACKED

    def read(self, amount: int) -> None:
        """Take note of a reading of so many characters.

        Raises:
            TooBig: it is one too many.
        """
        self.left -= amount
        if self.left < 0:
            raise TooBig

    def unpack(self, amount: int) -> None:
        """Take note of so many unpacked octets, which may be more than there were packed.

        Raises:
            TooBig: there are too many.
        """
        self.packed -= amount
        if self.packed < 0:
            raise TooBig
        self.left += amount * _TIMES


class Reading:
    """A text as it may be meant, and what was undone to get it, outermost first.

    ``least`` is the score below which what is found in it is put down to chance.
    """

    __slots__ = ("least", "new", "outer", "text", "undone")

    def __init__(self, text: str, outer: Reading | None, new: Rewritten | None, step: _Step | None) -> None:
        self.text = text
        self.new = new
        self.outer = outer
        self.undone: tuple[str, ...] = () if outer is None or step is None else (*outer.undone, step.name)
        self.least: float = 0.0 if outer is None or step is None else max(outer.least, step.least)

    def original(self, start: int, end: int) -> tuple[int, int] | None:
        """Find the span of the original text that a span of this one stands for.

        ``None``: the span says the same in the reading that this one was made of, or it is none at all.
        """
        if self.new is None or self.outer is None:
            return start, end
        span = self.new.original(start, end)
        return None if span is None else self.outer.covered(*span)

    def covered(self, start: int, end: int) -> tuple[int, int] | None:
        """Find the span of the original text, whether it says the same there or not."""
        if self.new is None or self.outer is None:
            return start, end
        span = self.new.covered(start, end)
        return None if span is None else self.outer.covered(*span)

    def undone_after(self, origin: Reading | None, start: int, end: int) -> bool:
        """Tell whether a span touches anything that was undone after ``origin``; all there is, of none."""
        if origin is None:
            return True
        if self is origin or self.new is None or self.outer is None:
            return False
        if self.new.touches(start, end):
            return True
        span = self.new.covered(start, end)
        return span is not None and self.outer.undone_after(origin, *span)


def readings(text: str, views: Views, budget: Budget | None = None) -> Iterator[Reading]:
    """Yield the readings of a text that a scanner wants, the text as it stands first.

    Raises:
        TooBig: there is more to be read than may be.
    """
    plain = Reading(text, None, None, None)
    yield plain
    if not _noticed(views, text, shadow_of(text)):
        return
    budget = budget or Budget(len(text))
    seen = {text}
    waiting: list[tuple[Reading, Reading | None, int]] = [(plain, None, 0)]
    while waiting:
        outer, origin, layers = waiting.pop()
        for inner, last in _inner(outer, origin, views, budget):
            if inner.text and inner.text not in seen:
                seen.add(inner.text)
                budget.read(len(inner.text))
                yield inner
                if not last:
                    if layers == MAX_LAYERS:
                        raise TooBig
                    waiting.append((inner, outer, layers + 1))


def _inner(outer: Reading, origin: Reading | None, views: Views, budget: Budget) -> Iterator[tuple[Reading, bool]]:
    """Yield what each step makes of a reading, and what those make of it together that spoil nothing for each other.

    What does not touch anything undone after ``origin`` has been read already.
    """
    steps: list[_Step] = []
    for step in _STEPS:
        wanted = step.wanted(views) and not _undoes_itself(step, outer.undone)
        inner = _made(step, outer, origin, views, budget, step.reach) if wanted else None
        if inner is not None:
            yield inner, step.last
            steps += [step] if step.together else []
    together = outer
    for step in steps if len(steps) > 1 else ():
        together = _made(step, together, origin, views, budget, None) or together
    if together is not outer:
        yield together, False


def _undoes_itself(step: _Step, undone: tuple[str, ...]) -> bool:
    """Tell whether a step would lead back to what it or its like began with: turning twice is not turning."""
    if step.name not in _INVOLUTIONS:
        return False
    since = takewhile(_INVOLUTIONS.__contains__, reversed(undone))
    return step.name in since


def _made(
    step: _Step, base: Reading, origin: Reading | None, views: Views, budget: Budget, reach: int | None
) -> Reading | None:
    runs = step.runs(base.text, shadow_of(base.text), views, budget)
    new = rewrite(base.text, _counted(runs, base, origin, budget), reach)
    return None if new is None else Reading(new.text, base, new, step)


def _counted(runs: Iterable[Run], base: Reading, origin: Reading | None, budget: Budget) -> Iterator[Run]:
    """Choose the runs that have not been read yet; each costs as much as reading some characters."""
    for run in runs:
        budget.read(_RUN)
        if origin is None or base.undone_after(origin, run[0], run[1]):
            yield run


class _Step(msgspec.Struct, frozen=True):
    """One thing that can be undone: who wants it, where it is, how much around it is kept.

    ``together``: it leaves what the others undo as it is. ``last``: nothing is hidden below it.
    ``least``: the score below which what is found is put down to chance.
    """

    name: str
    wanted: Callable[[Views], bool]
    runs: Callable[[str, bytes, Views, Budget], Iterable[Run]]
    reach: int | None = REACH
    together: bool = False
    last: bool = False
    least: float = 0.0


def _everybody(_views: Views) -> bool:
    return True


def _folded(text: str, _shadow: bytes, _views: Views, _budget: Budget) -> Iterable[Run]:
    return folds(text)


def _hidden(text: str, _shadow: bytes, _views: Views, _budget: Budget) -> Iterable[Run]:
    return () if text.isascii() else hidden(text)


def _untagged(text: str, _shadow: bytes, _views: Views, _budget: Budget) -> Iterable[Run]:
    return () if text.isascii() else without_tags(text)


def _unescaped(text: str, shadow: bytes, views: Views, _budget: Budget) -> Iterable[Run]:
    if not linear(_ESCAPED + (rf"|{_SIGN}" if views.words else "")).search(shadow):
        return ()
    mail = b"=" in shadow and linear(_MAIL).search(shadow) is not None
    return escapes(text, shadow, mail=mail, signs=views.words or b'\\"' in shadow)


def _decoded(text: str, shadow: bytes, views: Views, budget: Budget) -> Iterable[Run]:
    return blobs(text, shadow, budget.unpack, numbers=views.numbers)


def _joined(text: str, shadow: bytes, _views: Views, _budget: Budget) -> Iterable[Run]:
    return literals(text, shadow)


def _values(text: str, _shadow: bytes, _views: Views, _budget: Budget) -> Iterable[Run]:
    return values(text) if is_json(text) else ()


def _spelled(text: str, shadow: bytes, _views: Views, _budget: Budget) -> Iterable[Run]:
    return apart([*spaced(text, shadow), *respelled(text, shadow)])


def _spelled_keys(text: str, shadow: bytes, _views: Views, _budget: Budget) -> Iterable[Run]:
    return spaced_keys(text, shadow)


def _lines(text: str, shadow: bytes, views: Views, *, turned: bool) -> Iterator[tuple[int, int]]:
    return lines_with(text, (match.span() for match in linear(_told(views, turned=turned)).finditer(shadow)))


def _turned(text: str, shadow: bytes, views: Views, _budget: Budget) -> Iterable[Run]:
    return ((a, b, text[a:b][::-1], TURNED) for a, b in _lines(text, shadow, views, turned=True))


def _turned_words(text: str, shadow: bytes, views: Views, _budget: Budget) -> Iterable[Run]:
    lines = _lines(text, shadow, views, turned=True)
    words = ((a + word.start(), a + word.end()) for a, b in lines for word in _WORD.finditer(text[a:b]))
    return ((a, b, text[a:b][::-1], TURNED) for a, b in words)


def _shifted(text: str, shadow: bytes, views: Views, _budget: Budget) -> Iterable[Run]:
    return ((a, b, shifted(text[a:b]), 1) for a, b in _lines(text, shadow, views, turned=False))


_STEPS: Final = (
    _Step("invisible characters", _everybody, _hidden, together=True),
    _Step("tags", _everybody, _untagged, together=True),
    _Step("look-alikes", _everybody, _folded, _FOLD_REACH, together=True),
    _Step("escapes", _everybody, _unescaped, together=True),
    _Step("encoding", _everybody, _decoded, together=True),
    _Step("pieces", lambda views: views.keys, _joined, together=True),
    _Step("values", lambda views: views.keys, _values, None, last=True, least=SURE),
    _Step("spelling", lambda views: views.words, _spelled, last=True),
    _Step("spacing", lambda views: views.keys, _spelled_keys, least=LIKELY),
    _Step("direction", lambda views: views.words or views.keys, _turned, 0, least=LIKELY),
    _Step("direction of words", lambda views: views.words, _turned_words, last=True),
    _Step("rot13", lambda views: views.words or views.keys, _shifted, 0, least=LIKELY),
)

_INVOLUTIONS: Final = frozenset({"direction", "rot13"})
"""Steps that undo themselves, in whatever order: each is taken once between two others, or they would go round in circles."""
_WORD: Final = re.compile(r"\w+")
_MAIL: Final = r"[^=]=\r?\n[^=]{1,80}=\r?\n|=3D|=20|(?:=[0-9A-F]{2}){2}|(?i:quoted-printable)"
_ESCAPED: Final = (
    rf"%[0-9A-Fa-f]{{2}}|%u[0-9A-Fa-f]{{4}}|&#|&[A-Za-z]{{2,8}}[0-9]{{0,2}};|\\[uUx0-3][0-9A-Fa-f{{]{{2}}|\\\"|{_MAIL}"
)
_SIGN: Final = r"\\[ntr'/`]"
_SHORT: Final = 4
_BODY: Final = "[0-9A-Za-z_.-]{12}"
"""What stands behind a short prefix, which alone is in many names: ``hf_`` is ``us_`` shifted, as in ``status_code``."""


@cache
def _told(views: Views, *, turned: bool) -> str:
    """Compose the pieces by which a text that is turned around, or else shifted, is noticed."""
    pieces = (MARKS if views.words else ()) + (PREFIXES if views.keys else ())
    forms = [_told_by(piece[::-1] if turned else shifted(piece), turned=turned) for piece in pieces]
    return "|".join(forms)


def _told_by(piece: str, *, turned: bool) -> str:
    body = _BODY if len(piece) <= _SHORT else ""
    return body + re.escape(piece) if turned else re.escape(piece) + body


@cache
def _notice(views: Views) -> str:
    forms = [_ESCAPED, signs_of_blobs(numbers=views.numbers)]
    forms += [_SIGN, SPACED] if views.words else []
    forms += [NOTICED, SPACED_KEY] if views.keys else []
    forms += [_told(views, turned=True), _told(views, turned=False)] if views.words or views.keys else []
    return "|".join(forms)


def _noticed(views: Views, text: str, shadow: bytes) -> bool:
    """Tell whether anything may be hidden in a text."""
    if not text.isascii() or linear(_notice(views)).search(shadow):
        return True
    return (views.words and bool(respelled(text, shadow))) or (views.keys and is_json(text))
