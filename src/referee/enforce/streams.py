"""Results and messages that come piece by piece: decided while they pass, recorded once.

Rule 1: nothing leaves that was not decided together with what follows it; what cannot be decided in parts ends the stream.
Rule 2: a refusal ends the stream there and then. What is held back at that moment never leaves, nor what comes after it.
Rule 3: whatever becomes of a stream, it has one decision in the end: about all that left, or the one that ended it.
Rule 4: a piece is asked for when the last one was taken; memory is bounded by what is held back.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from referee.enforce.gather import Gathering
from referee.enforce.outcome import Outcome
from referee.enforce.plain import plain
from referee.enforce.rebuilt import rebuilt
from referee.enforce.removal import marked_findings, redacts_of
from referee.engine.redaction import LEAST_SCORE
from referee.engine.streaming import scanners_in
from referee.errors import Denied, Refused
from referee.model.decision import Decision, Redaction, RuleError
from referee.model.facts import Fact
from referee.model.programs import Rule
from referee.model.request import ABSENT, Request
from referee.scanners.redact import Span, merge, redact_marked
from referee.scanners.stream import HOLD, REACH, Holdback, TooLong

if TYPE_CHECKING:
    from referee.enforce.book import Book
    from referee.enforce.desk import Desk
    from referee.engine.evaluate import Need

Asking = Generator["Need", Mapping[str, Fact], list[Any]]
_TEXTS: Final = (str, bytes, bytearray, memoryview)
_OURS: Final[dict[str, tuple[int, bool]]] = {
    "pii": (REACH, True),
    "secret": (REACH, True),
    "injection": (4 * REACH, False),
    "jailbreak": (4 * REACH, False),
    "exfiltration": (4 * REACH, False),
}
"""How long the findings of our scanners are, and whether none of them is plain words."""


class Passing:
    """One stream on its way. The methods that decide are generators that ask for facts; ``answer`` has them."""

    def __init__(
        self, desk: Desk, book: Book, request: Request, started: float | None, hold: int | None = None
    ) -> None:
        self._desk = desk
        self._book = book
        self._request = request
        self._started = started
        self._loaded = desk.loaded
        self._program = desk.loaded.streaming
        self._hold = hold or HOLD
        self._spent = 0.0
        self._decoder: Any = None
        self._back: Holdback | None = None
        self._gathering = self._gather(request)
        self._seen = _Seen()
        self.outcome: Outcome | None = None
        self.told: Callable[[Outcome], None] | None = None

    def answer(self, need: Need) -> Mapping[str, Fact]:
        """Gather what is asked for."""
        return self._gathering.answer(need)

    def take(self, chunk: Any) -> Asking:
        """Take the next piece; return what may leave.

        Raises:
            Refused: nothing more may leave.
        """
        return self._guarded(self._take(chunk))

    def end(self, value: Any = None) -> Asking:
        """Take the end, with what a generator returned; return what is left, as the last member what it returned.

        Raises:
            Refused: nothing more may leave.
        """
        return self._guarded(self._end(value))

    def close(self) -> None:
        """Record a stream that ended early. What is held back is forgotten."""
        self._back = None
        if self.outcome is None:
            self._conclude(self._seen.all("allow"))

    def _guarded(self, flow: Asking) -> Asking:
        if self.outcome is not None:
            raise self._ended()
        try:
            return (yield from flow)
        except Refused:
            self._back = None
            raise
        except Exception as problem:  # noqa: BLE001 - whatever goes wrong, nothing more leaves
            long = isinstance(problem, TooLong)
            why = _TOO_LONG if long else "internal failure: the result could not be decided"
            self._back = None
            self._refuse(Decision("deny", problem=why))
            raise self._ended() from None

    def _ended(self) -> Refused:
        outcome = self.outcome
        if outcome is None or outcome.allowed:
            return Denied(Decision("deny", problem="the stream has ended"))
        return outcome.refusal()

    def _take(self, chunk: Any) -> Asking:
        if not isinstance(chunk, _TEXTS):
            out = yield from self._flush()
            return [*out, (yield from self._item(chunk))]
        binary = not isinstance(chunk, str)
        out = (yield from self._flush()) if binary != (self._decoder is not None) else []
        if not isinstance(chunk, str):
            if self._decoder is None:
                self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
            text = self._decoder.decode(bytes(chunk))
        else:
            text = str.__str__(chunk)
        return out + (yield from self._text(text))

    def _end(self, value: Any) -> Asking:
        out = yield from self._flush()
        returned = None if value is None else (yield from self._item(value))
        if not self._seen.judged and self._program.rules:
            yield from self._judged(msgspec.structs.replace(self._request, result=""))
        self._conclude(self._seen.all("allow"))
        if self.outcome is None or not self.outcome.allowed:
            raise self._ended()
        return [*out, returned]

    def _text(self, text: str, *, final: bool = False) -> Asking:
        if not self._program.rules:
            return self._out(text)
        if self._back is None:
            reach, calm = self._reach()
            self._back = Holdback(self._hold, reach, calm=calm)
        back = self._back
        parts: list[str] = []
        for at in range(0, len(text) or 1, back.slice):
            back.add(text[at : at + back.slice])
            last = final and at + back.slice >= len(text)
            upto = back.ready(final=last)
            if upto is not None and back.held:
                parts.append((yield from self._released(back, upto, final=last)))
        return self._out("".join(parts))

    def _released(self, back: Holdback, upto: int, *, final: bool) -> Generator[Need, Mapping[str, Fact], str]:
        root = "text" if self._request.kind == "message" else "result"
        request = msgspec.structs.replace(self._request, **{root: back.window})
        decision = yield from self._judged(request)
        marked = [mark for mark in self._marks(decision) if mark.finding.path == root]
        spans = merge(marked, len(back.window))
        text, done = back.release(spans, upto, self._desk.writer(self._book), final=final)
        self._seen.removed(root, done)
        return text

    def _item(self, value: Any) -> Generator[Need, Mapping[str, Fact], Any]:
        """Decide a piece that is no text as a whole."""
        root = "result"
        view = plain(value)
        decision = yield from self._judged(msgspec.structs.replace(self._request, **{root: view}))
        marks = self._marks(decision)
        if not marks:
            return value
        changed, done = redact_marked(view, marks, self._desk.writer(self._book), root)
        for one in done:
            self._seen.redactions["result", one.kind] += one.count
        return rebuilt(value, view, changed)

    def _judged(self, request: Request) -> Generator[Need, Mapping[str, Fact], Decision]:
        self._gathering = self._gather(request)
        began = self._desk.world.monotonic()
        decision = yield from self._desk.judging(self._book, request, self._gathering, self._program)
        self._spent += self._desk.world.monotonic() - began
        self._seen.add(decision)
        with self._book.lock:
            self._book.label(decision, request, self._loaded.program.asked)
        if decision.decision != "allow":
            self._refuse(decision)
            raise self._ended()
        return decision

    def _marks(self, decision: Decision) -> list[Any]:
        redacts = redacts_of(decision)
        return [m for m in marked_findings(redacts, self._gathering.facts) if m.finding.score >= LEAST_SCORE]

    def _flush(self) -> Asking:
        """Let go what is held back, as if the text ended here."""
        text = self._decoder.decode(b"", final=True) if self._decoder is not None else ""
        out: list[Any] = []
        if self._back is not None:
            out = yield from self._text(text, final=True)
        elif text:
            out = self._out(text)
        self._back = self._decoder = None
        return out

    def _out(self, text: str) -> list[Any]:
        if not text:
            return []
        return [text] if self._decoder is None else [text.encode("utf-8", "surrogateescape")]

    def _reach(self) -> tuple[int, bool]:
        reach, calm = REACH, True
        for name in scanners_in(self._program):
            own = self._desk.own_scanner(name)
            ours = own is None and name not in self._program.scanners
            known = _OURS.get(name) if ours else (getattr(own, "reach", None) or self._hold // 2, False)
            length, plain_words = known or (self._hold // 2, False)
            reach, calm = max(reach, length), calm and plain_words
        content = any(rule.action != "redact" for rule in self._program.rules)
        return reach, calm and not content

    def _gather(self, request: Request) -> Gathering:
        marks = self._book.marks_for(self._loaded.program.asked)
        return Gathering(self._desk, self._loaded, request, self._started, self._book.vault, marks)

    def _refuse(self, decision: Decision) -> None:
        self._conclude(self._seen.all(decision.decision, decision))

    def _conclude(self, decision: Decision) -> None:
        request = msgspec.structs.replace(self._request, result=ABSENT, text=None)
        began = self._desk.world.monotonic() - self._spent
        try:
            outcome = self._desk.concluding(self._book, request, self._gathering, decision, began)
        except Exception:  # noqa: BLE001 - a stream that cannot be recorded is refused
            why = "internal failure: the decision could not be recorded"
            outcome = self._desk.refuse(self._book, request, why)
        self.outcome = outcome
        if self.told is not None:
            self.told(outcome)


_TOO_LONG: Final = "what must be removed is longer than may be held back"


class _Seen:
    """What all decisions about the pieces of one stream said."""

    def __init__(self) -> None:
        self.last = Decision("allow")
        self.judged = False
        self.rules: dict[tuple[int, str, str], Rule] = {}
        self.would_have: dict[tuple[int, str, str], Rule] = {}
        self.errors: dict[tuple[str, str], RuleError] = {}
        self.facts: set[str] = set()
        self.redactions: Counter[tuple[str, str]] = Counter()

    def add(self, decision: Decision) -> None:
        self.last, self.judged = decision, True
        self.rules.update({(rule.layer, rule.file, rule.id): rule for rule in decision.rules})
        self.would_have.update({(rule.layer, rule.file, rule.id): rule for rule in decision.would_have})
        self.errors.update({(error.source, error.id): error for error in decision.errors})
        self.facts.update(decision.facts_used)

    def removed(self, root: str, spans: list[Span]) -> None:
        for span in spans:
            self.redactions[root, span.kind] += 1

    def all(self, verdict: Any, decision: Decision | None = None) -> Decision:
        """Return the decision about everything, as the last or the one that ended it has it."""
        base = decision or self.last
        return msgspec.structs.replace(
            base,
            decision=verdict,
            rules=tuple(self.rules[name] for name in sorted(self.rules)) or base.rules,
            would_have=tuple(self.would_have[name] for name in sorted(self.would_have)),
            errors=tuple(self.errors[place] for place in sorted(self.errors)),
            redactions=tuple(Redaction(path, kind, n) for (path, kind), n in sorted(self.redactions.items())),
            facts_used=tuple(sorted(self.facts)),
        )
