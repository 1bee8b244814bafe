"""What one session remembers of labelled values: fingerprints of their words and stretches, never the values.

Rule 1: a label that may not be remembered in full says so; a condition that rests on it is in error then.
Rule 2: a label counts as the origin of a value (``from``) only where a rule that was sure of it put it on what was allowed; it
counts against a value (``never_from``) in any case.
Rule 3: memory is bounded by ``WORDS`` and ``STRETCHES`` a label, work by ``MOST_MARKED`` and ``MOST_CHECKED`` characters.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Any, Final

import msgspec

from referee.enforce.forks import renewed
from referee.model.decision import Decision
from referee.model.facts import Fact, Failed, Origins, Piece, Word
from referee.model.programs import Asked, Attribute, Labels
from referee.model.request import ABSENT, Request
from referee.model.value import MAX_DEPTH, MAX_LEAVES, TooBig, parse_path, reach
from referee.state import wording
from referee.state.prints import SPAN, Hasher, Prints, every_stretch, of_process, stretches

WORDS: Final = 1 << 17
STRETCHES: Final = 1 << 19
MOST_MARKED: Final = 1 << 20
MOST_CHECKED: Final = 1 << 18
_MOST_TURNED: Final = 1 << 14
_SURELY: Final = 40
"""A stretch of that many letters and digits is no accident, whatever its words are."""


class _Kept(msgspec.Struct, array_like=True):
    asked: Asked
    known: dict[str, list[tuple[bytes, bool]]]


class Known:
    """What is remembered of the values of one label: their words, what in them can be recognised, and what was endorsed."""

    __slots__ = ("endorsed", "pieces", "stretches", "words")

    def __init__(self, *, complete: bool = True) -> None:
        self.words = Prints(WORDS, complete=complete)
        self.pieces = Prints(WORDS, complete=complete)
        self.stretches = Prints(STRETCHES, complete=complete)
        self.endorsed = Prints(WORDS)

    def parts(self) -> tuple[Prints, Prints, Prints, Prints]:
        """Give the sets in the order in which they are written down."""
        return self.words, self.pieces, self.stretches, self.endorsed

    def lose(self) -> None:
        """Remember that something is not remembered."""
        for part in (self.words, self.pieces, self.stretches):
            part.complete = False


class Marks:
    """The labelled values of a session. Safe for threads, and shared by a session and its children."""

    def __init__(self, asked: Asked, hasher: Hasher | None = None, *, complete: bool = True) -> None:
        self.lock = Lock()
        renewed(self, "lock", Lock)
        self.asked = asked
        self.known: dict[str, Known] = {}
        self.changes = 0
        self._prints: Hasher = hasher or of_process(os.urandom(32))
        self._complete = complete

    def follow(self, asked: Asked) -> None:
        """Go on under another policy as well: of what only it asks for, nothing before is known."""
        with self.lock:
            whole, pieces = {*asked.whole} - {*self.asked.whole}, {*asked.pieces} - {*self.asked.pieces}
            for label in whole:
                self._of(label).words.complete = False
            for label in pieces:
                self._of(label).pieces.complete = self._of(label).stretches.complete = False
            both = zip(msgspec.structs.astuple(self.asked), msgspec.structs.astuple(asked), strict=True)
            self.asked = Asked(*(tuple(sorted({*one, *other})) for one, other in both))

    def dump(self) -> bytes:
        """Write everything down, for a process that has the same key."""
        with self.lock:
            known = {
                label: [(part.dump(), part.complete) for part in held.parts()] for label, held in self.known.items()
            }
            return msgspec.msgpack.encode(_Kept(self.asked, known))

    @classmethod
    def load(cls, data: bytes, hasher: Hasher) -> Marks:
        """Read what ``dump`` wrote.

        Raises:
            ValueError: it did not write it.
        """
        try:
            kept = msgspec.msgpack.decode(data, type=_Kept)
            marks = cls(kept.asked, hasher)
            for label, parts in kept.known.items():
                for part, (prints, complete) in zip(marks._of(label).parts(), parts, strict=True):
                    part.load(prints)
                    part.complete = complete
        except msgspec.MsgspecError as problem:
            raise ValueError("these are no marks") from problem
        return marks

    def note(self, decision: Decision, request: Request) -> None:
        """Put the labels of a decision on the values of its request, and take off those that it endorses."""
        allowed = decision.decision == "allow"
        kept = {label for rule in decision.rules if rule.labels is not None for label in rule.labels.add}
        with self.lock:
            for labels in [rule.labels for rule in decision.rules if rule.labels is not None]:
                if labels.on != "value":
                    continue
                added = [label for label in labels.add if label in self.asked.whole or label in self.asked.pieces]
                removed = [label for label in labels.remove if label in self.asked.pieces and label not in kept]
                self._change(labels, request, added, removed if allowed else [], sure=allowed and labels.sure)

    def _change(self, labels: Labels, request: Request, added: list[str], removed: list[str], *, sure: bool) -> None:
        if not (added or removed):
            return
        self.changes += 1
        try:
            texts, whole = _within_bounds(_labelled(labels, request))
            for label in added:
                self._put(label, texts, sure=sure)
                if not whole:
                    self._of(label).lose()
            for label in removed:
                self._endorse(label, texts)
        except Exception:  # noqa: BLE001 - rule 1: what cannot be looked into may be anything
            for label in added:
                self._of(label).lose()

    def _of(self, label: str) -> Known:
        known = self.known.get(label)
        if known is None:
            known = self.known[label] = Known(complete=self._complete)
        return known

    def _put(self, label: str, texts: list[str], *, sure: bool) -> None:
        known = self._of(label)
        if label in self.asked.pieces:
            plain = [layer for text in texts for layer in (text, *wording.decoded(text))]
            known.pieces.add(self._prints(_recognisable(plain)))
            cut = [part for text in plain for part in stretches(wording.compact(wording.fold(text)))]
            known.stretches.add(self._prints(cut))
        if sure and label in self.asked.whole:
            found = {word for text in texts for word in (*wording.words(text), *wording.grouped(text))}
            known.words.add(self._prints([*found]))

    def _endorse(self, label: str, texts: list[str]) -> None:
        cut = [part for text in texts for part in every_stretch(wording.compact(wording.fold(text)))]
        self._of(label).endorsed.add(self._prints([*_recognisable(texts), *cut]))

    def origins(self, name: str, request: Request) -> Fact:
        """Say where what stands at an attribute came from."""
        try:
            texts, whole = _within_bounds(_at(_attribute(name), request), MOST_CHECKED)
        except TooBig:
            return Failed("the value is too large")
        except TypeError:
            return Failed("a value is of no type that JSON has")
        with self.lock:
            every = tuple(sorted({*self.asked.whole, *self.asked.pieces}))
            pieces = self._carried(texts) if name in self.asked.pieces_at else ()
            if not whole:
                return Origins(pieces, lost=every)
            words, shaped = self._seen(texts) if name in self.asked.whole_at else ((), ())
            return Origins(pieces, words, shaped, self._lost(texts))

    def _seen(self, texts: list[str]) -> tuple[tuple[tuple[str, ...], ...], tuple[Word, ...]]:
        """Find the labels under which the words were seen, and those that have a shape."""
        words = {word for text in texts for word in wording.words(text)}
        kinds = dict(one for text in texts for one in wording.telling(text))
        known = [(label, self._of(label).words) for label in sorted(self.asked.whole)]
        prints = self._prints([*words, *kinds])
        labels = [tuple(label for label, seen in known if one in seen) for one in prints]
        shaped = {Word(how, seen) for how, seen in zip(kinds.values(), labels[len(words) :], strict=True)}
        return tuple(sorted({*labels[: len(words)]})), tuple(sorted(shaped, key=lambda word: (word.how, word.labels)))

    def _lost(self, texts: list[str]) -> tuple[str, ...]:
        lost = {label for label in self.asked.whole if not self._of(label).words.complete}
        for label in self.asked.pieces:
            known = self._of(label)
            long = not known.stretches.complete and any(len(wording.compact(text)) >= SPAN for text in texts)
            if long or not known.pieces.complete:
                lost.add(label)
        return tuple(sorted(lost))

    def _carried(self, texts: list[str]) -> tuple[Piece, ...]:
        """Find every label of which there is a piece in the texts, and by what it is recognised."""
        found: dict[Piece, None] = {}
        several = ["".join(map(wording.compact, map(wording.fold, texts)))] if len(texts) > 1 else []
        for text in texts:
            for layer, encoded in ((text, False), *((layer, True) for layer in wording.decoded(text))):
                found.update(dict.fromkeys(self._of_words(layer, wording.phrases(layer), encoded=encoded)))
                found.update(dict.fromkeys(self._of_stretches(layer, encoded=encoded)))
            for layer in wording.turned(text) if len(text) <= _MOST_TURNED else ():
                found.update(dict.fromkeys(self._of_words(layer, (), encoded=True)))
                found.update(dict.fromkeys(self._of_stretches(layer, encoded=True)))
        for text in several:
            found.update(dict.fromkeys(self._of_stretches(text, encoded=False)))
        first: dict[tuple[str, str], Piece] = {}
        for piece in found:
            held = first.get((piece.label, piece.how))
            if held is None or held.encoded:
                first[piece.label, piece.how] = piece
        return tuple(sorted(first.values(), key=lambda piece: (piece.label, piece.how)))

    def _of_words(self, text: str, phrases: Iterable[str], *, encoded: bool) -> Iterator[Piece]:
        kinds = {**dict.fromkeys(phrases, "value"), **dict(wording.telling(text))}
        value = wording.whole(text)
        kinds |= {value: kinds.get(value, "value")} if value else {}
        if not kinds:
            return
        prints, hows = self._prints([*kinds]), [*kinds.values()]
        whole = self._prints([value])[0] if value else None
        for label in self.asked.pieces:
            known = self._of(label)
            if whole is not None and whole in known.endorsed:
                continue
            for at in known.pieces.among(prints):
                if prints[at] not in known.endorsed:
                    yield Piece(label, hows[at], encoded)

    def _of_stretches(self, text: str, *, encoded: bool) -> Iterator[Piece]:
        folded = wording.fold(text)
        bare = wording.compact(folded)
        if len(bare) < SPAN:
            return
        prints = self._prints(every_stretch(bare))
        for label in self.asked.pieces:
            known = self._of(label)
            hits = known.stretches.among(prints)
            if hits and len(known.endorsed):
                hits = [at for at in hits if prints[at] not in known.endorsed]
            if hits and _says_something(folded, hits):
                yield Piece(label, "text", encoded)


def _recognisable(texts: Iterable[str]) -> list[str]:
    return [*{word for text in texts for word in (*wording.values(text), *(one for one, _ in wording.telling(text)))}]


def _says_something(folded: str, hits: list[int]) -> bool:
    """Tell whether a stretch that two texts have in common is more than words that every text has."""
    runs: list[list[int]] = []
    for at in hits:
        if runs and at <= runs[-1][1]:
            runs[-1][1] = at + SPAN
        else:
            runs.append([at, at + SPAN])
    if any(end - start >= _SURELY for start, end in runs):
        return True
    places = _places(folded)
    return any(wording.rare(part) for start, end in runs for part in _words_of(folded, places, start, end))


def _places(folded: str) -> list[tuple[int, int, int, int]]:
    """Give for each word where it is in the text, and where among the letters and digits alone."""
    places: list[tuple[int, int, int, int]] = []
    at = 0
    for start, end in wording.stems(folded):
        size = len(wording.compact(folded[start:end]))
        places.append((start, end, at, at + size))
        at += size
    return places


def _words_of(folded: str, places: list[tuple[int, int, int, int]], start: int, end: int) -> Iterator[str]:
    """Give the words that lie in a stretch, and one that the whole stretch lies in."""
    for first, last, at, until in places:
        if (start <= at and until <= end) or (at <= start and end <= until):
            yield folded[first:last]


def _labelled(labels: Labels, request: Request) -> Iterator[str]:
    for field in labels.fields or (Attribute("text"),):
        yield from _at(field, request, marking=True)


def _at(attribute: Attribute, request: Request, *, marking: bool = False) -> Iterator[str]:
    """Yield every string and number at or below an attribute, the numbers beside ``text`` as well."""
    if attribute.root != "text":
        value = getattr(request, attribute.root)
        if value is not ABSENT:
            for found in reach(value, attribute.path):
                yield from _leaves(found, strict=not marking)
        return
    value = request.args if request.phase == "pre" else request.result
    if value is not ABSENT:
        yield from _leaves(value, strict=False)
    if request.text is not None:
        yield request.text
    if request.url is not None and request.phase == "pre":
        yield request.url


def _leaves(value: Any, *, strict: bool = True) -> Iterator[str]:
    """Walk through a value; what JSON does not have is taken for its text unless it is ``strict``.

    Raises:
        TooBig: it is deeper or larger than the bounds.
        TypeError: something in it is of no type that JSON has.
    """
    stack: list[tuple[Any, int]] = [(value, 0)]
    seen = 0
    while stack:
        item, depth = stack.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_LEAVES:
            raise TooBig
        if isinstance(item, Mapping):
            for key, member in item.items():
                stack.extend(((member, depth + 1), (str(key), depth + 1)))
        elif isinstance(item, (list, tuple)):
            stack.extend((member, depth + 1) for member in item)
        elif item is not None and not isinstance(item, bool):
            found = wording.leaf(item)
            if found is None and strict:
                raise TypeError
            yield str(item) if found is None else found


def _within_bounds(texts: Iterator[str], most: int = MOST_MARKED) -> tuple[list[str], bool]:
    """Take texts as long as they are within bounds, and tell whether these are all."""
    found: list[str] = []
    for text in texts:
        if len(text) > most:
            return [*found, text[:most]], False
        most -= len(text)
        found.append(text)
    return found, True


def _attribute(name: str) -> Attribute:
    root = name.partition(".")[0].partition("[")[0]
    return Attribute(root, parse_path(name[len(root) :].removeprefix(".")) or ())
