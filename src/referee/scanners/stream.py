"""The end of a text that is still being written: held back for as long as something could begin in it.

Rule 1: what leaves was looked at together with what follows it: no finding that a longer text would have shown begins in it.
Rule 2: what is held back is bounded. A finding, or a key that is not closed, that does not fit into it is ``TooLong``.
Rule 3: every character is looked at a bounded number of times.

What may leave follows from how findings are built. One that is longer than ``reach`` is a run without a blank (a token, a URL,
an encoded text, also over lines) or stands between marks (a private key); so a run that may go on and a mark that is not closed
are held, from a little before their beginning. Everything else leaves ``reach`` characters later. In ``calm`` text, plain sentences
of a Latin alphabet, it leaves sooner: no finding has so much of them within it.
"""

from __future__ import annotations

import re
from typing import Final

from referee.scanners.inner_json import Cursor, Piece
from referee.scanners.redact import Span, over
from referee.scanners.styles import Writer

HOLD: Final = 1 << 14
"""How many characters are held back at most, unless told otherwise."""
REACH: Final = 320
"""The longest finding of the scanners for personal data and secrets that is neither a run nor between marks."""
CALM: Final = 96
_CERTAIN: Final = 64
"""So much of calm text is in no finding; the rest of ``CALM`` is for words that stand behind one."""
_BEFORE: Final = 128
"""How far before a run a finding begins that has the run in it."""
_CONTEXT: Final = 256
"""How much of what has left is kept, for the words that stand before a finding."""
_STEP: Final = 48
_LINE: Final = 40
_BLANK: Final = re.compile(r"\s+")
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/=_-]+")
_WORDS: Final = re.compile(r"(?:(?:[A-Za-z]?[a-z]{1,19}|[aAI])(?:[.,;!?]?[ \n]{1,2})){8,}")
_LITTLE: Final = re.compile(r"(?<![a-z])(?:the|and|[a-z]{1,2})(?![a-z])|[.,;!?]", re.IGNORECASE)
_OPENED: Final = re.compile(r"-----?[ ]?BEGIN |PuTTY-User-Key-File")
_CLOSED: Final = re.compile(r"-----?[ ]?END [A-Z0-9 ]{2,40}-----?|Private-MAC: ?[0-9a-f]{40,64}\s")
_PRIVATE: Final = re.compile(r"-----?[ ]?BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE|ENCRYPTED)|PuTTY-User-Key-File")
_LONE: Final = re.compile(r"[\ud800-\udfff]")


class TooLong(Exception):  # noqa: N818 - an answer, not a fault
    """What must not leave in part does not fit into what is held back."""


class Holdback:
    """A text on its way. Give it what comes with ``add``; what ``ready`` says may leave is written by ``release``."""

    def __init__(self, hold: int = HOLD, reach: int = REACH, *, calm: bool = True) -> None:
        self._hold = max(hold, 2 * REACH)
        self._reach = min(reach, self._hold // 2)
        self._calm = calm
        self._text = ""
        self._start = 0
        self._word = self._run = self._read = 0
        self._opened: int | None = None
        self._looked = 0
        self._again = 0
        self._cursor = Cursor()

    @property
    def window(self) -> str:
        """What has to be looked at: what is held back, and a little of what has left. Half a character stands as ``U+FFFD``."""
        return self._text if self._text.isascii() else _LONE.sub("\ufffd", self._text)

    @property
    def held(self) -> int:
        """How many characters are held back."""
        return len(self._text) - self._start

    @property
    def slice(self) -> int:
        """How much is best added at a time."""
        return self._hold

    def add(self, text: str) -> None:
        """Take what comes next, not much more than ``slice`` characters."""
        self._text += text
        self._follow_runs()
        self._follow_marks()

    def ready(self, *, final: bool = False) -> int | None:
        """Say up to which place of the window everything may leave that is in no finding; ``None``: not worth to look.

        Raises:
            TooLong: a private key goes on for longer than can be held back.
        """
        length = len(self._text)
        if final:
            return length
        if length < self._again:
            return None
        place = length - self._reach
        if self._calm:
            place = max(place, self._after_calm(max(self._start, place)))
        if length - self._run > self._reach - _BEFORE:
            place = min(place, self._run - _BEFORE)
        if self._opened is not None:
            place = min(place, self._opened)
        if place < length - self._hold:
            if self._opened is not None and _PRIVATE.match(self._text, self._opened):
                raise TooLong
            place = length - self._hold
        return place if place - self._start >= _STEP else None

    def release(self, spans: list[Span], upto: int, writer: Writer, *, final: bool = False) -> tuple[str, list[Span]]:
        """Write what may leave, with the findings in it written over, and say which these are.

        ``spans`` are those of the window, apart and in order. One that begins in what may leave and ends after it stays whole.

        Raises:
            TooLong: such a finding is longer than can be held back.
            ValueError: there is no pseudonym left.
        """
        parts: list[str] = []
        done: list[Span] = []
        at = self._start
        for span in spans:
            if span.end <= at:
                continue
            if span.start >= upto:
                break
            before = self._cursor.copy()
            pieces = list(self._cursor.pieces(self._text, max(span.start, at), span.end))
            stop = max((piece.end for piece in pieces), default=span.end)
            if not final and (stop > upto or stop >= len(self._text)):
                self._cursor = before
                upto = max(at, min(span.start, *(piece.start for piece in pieces)) if pieces else span.start)
                break
            for piece in pieces:
                start = max(piece.start, at)
                if start < piece.end:
                    parts += (self._text[at:start], over(self._text, Piece(start, piece.end, piece.sort), span, writer))
                    at = piece.end
            at = max(at, span.end)
            done.append(span)
        parts.append(self._text[at:upto])
        if len(self._text) - upto > 2 * self._hold and not final:
            raise TooLong
        more = (
            len(self._text) - upto - 2 * self._reach
        ) // 3  # what is held is looked at again when it has grown by a part of it
        self._again = len(self._text) + max(more, 0 if upto > self._start else _STEP)
        self._leave(max(at, upto))
        return "".join(parts), done

    def _leave(self, upto: int) -> None:
        """Go on behind a place, and forget what lies well before it."""
        self._start = upto
        self._cursor.advance(self._text, upto)
        cut = min(upto - _CONTEXT, self._cursor.at)
        if cut <= 0:
            return
        blank = _BLANK.search(self._text, cut, min(upto, cut + _BEFORE, self._cursor.at))
        cut = blank.end() if blank is not None else cut
        self._text = self._text[cut:]
        self._cursor.shift(cut)
        self._start -= cut
        self._word, self._run = max(0, self._word - cut), max(0, self._run - cut)
        self._read -= cut
        self._looked = max(0, self._looked - cut)
        self._again -= cut
        if self._opened is not None:
            self._opened = max(0, self._opened - cut)

    def _follow_runs(self) -> None:
        """Find where the run begins in which the text ends; lines of an encoded text are one run."""
        for blank in _BLANK.finditer(self._text, max(self._word, self._read)):
            word = self._text[self._word : blank.start()]
            encoded = len(word) >= _LINE and "\n" in blank.group() and _ENCODED.fullmatch(word)
            if not encoded:
                self._run = blank.end()
            self._word = blank.end()
        self._read = len(self._text)

    def _follow_marks(self) -> None:
        """Find where a key begins that is not closed."""
        while True:
            if self._opened is None:
                found = _OPENED.search(self._text, self._looked)
                if found is None:
                    self._looked = max(self._looked, len(self._text) - 24)
                    return
                self._opened, self._looked = found.start(), found.end()
            closed = _CLOSED.search(self._text, self._looked)
            if closed is None:
                self._looked = max(self._looked, len(self._text) - 120)
                return
            self._opened, self._looked = None, closed.end()

    def _after_calm(self, start: int) -> int:
        """Find the last place behind which calm text goes on for ``CALM`` characters."""
        best = 0
        for words in _WORDS.finditer(self._text, start):
            place = words.end() - CALM
            if place >= words.start() and is_calm(self._text[place : place + _CERTAIN]):
                best = place
        return best


def is_calm(words: str) -> bool:
    """Tell whether plain words are of a sentence. A list of words, as some keys are written, has no little ones.

    >>> is_calm("so that it leaves as soon as it can, and no word"), is_calm("legal winner thank year wave sausage worth useful")
    (True, False)
    """
    return len(_LITTLE.findall(words)) >= 3
