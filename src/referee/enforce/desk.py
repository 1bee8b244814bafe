"""The desk: where one request is decided, paid for, recorded and answered.

Rule 1: whatever goes wrong inside is a refusal with a reason, never another exception and never permission.
Rule 2: an action is allowed only after everything it uses up is drawn, its grant is used and its record is taken.
Rule 3: if anything a decision was made by has changed meanwhile it is made again, at most ``ATTEMPTS`` times; then it is refused.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from referee.audit.record import Entry, Stamp
from referee.enforce.approvals import Approvals
from referee.enforce.book import Book, Call
from referee.enforce.digests import action_digest
from referee.enforce.gather import Gathering
from referee.enforce.meters import Meters
from referee.enforce.outcome import Outcome
from referee.enforce.removal import as_it_runs
from referee.enforce.stores import shelf_of
from referee.enforce.world import World
from referee.engine.evaluate import Need, evaluate
from referee.engine.program import Program
from referee.engine.usage import less
from referee.errors import InvalidRequest
from referee.model.decision import Decision
from referee.model.facts import Fact
from referee.model.names import Verdict
from referee.model.request import Request, Run
from referee.state.protocol import Account, Amount, Posting, Receipt, Store

if TYPE_CHECKING:
    from referee.audit.journal import Journal
    from referee.facets.surroundings import Surroundings
    from referee.scanners.protocol import Scanner
    from referee.scanners.styles import Writer

ATTEMPTS: Final = 32
_NOTHING: Final = Decimal(0)
_KEEP_NAMED: Final = 10_000

Deciding = Generator[Need, Mapping[str, Fact], Outcome]


class Loaded:
    """A compiled policy with its meters; replaced as a whole when the policy is reloaded."""

    __slots__ = ("_streaming", "meters", "policy_digest", "program")

    def __init__(self, program: Program, counters: tuple[str, ...]) -> None:
        self.program = program
        self.meters = Meters(program.limits, counters)
        self.policy_digest = program.policies_digest
        self._streaming: Program | None = None

    @property
    def streaming(self) -> Program:
        """The rules about results that come piece by piece."""
        if self._streaming is None:
            from referee.engine.streaming import for_streams  # start-up time: only streams need it

            self._streaming = for_streams(self.program)
        return self._streaming


class Retry(Exception):  # noqa: N818 - a signal inside this module
    """Something the decision was made by has changed."""


class Desk:
    """Everything that sessions of one policy share."""

    def __init__(
        self,
        loaded: Loaded,
        *,
        world: World,
        store: Store,
        journal: Journal | None,
        surroundings: Surroundings,
        scanners: Mapping[str, Scanner] | None = None,
        key: bytes | None = None,
        databases: Path | None = None,
    ) -> None:
        self.loaded = loaded
        self.world = world
        self.store = store
        self.journal = journal
        self.surroundings = surroundings
        self.approvals = Approvals(world, shelf_of(store))
        self.key = key or os.urandom(32)
        self._scanners = dict(scanners or {})
        self._databases = databases
        self._named: dict[str, Book] = {}
        self._over: dict[str, Decision] = {}

    def scanner(self, name: str, loaded: Loaded) -> Scanner | None:
        """Find a scanner: the user's own, else a built-in one, with what the policy adds to it."""
        found = self.own_scanner(name)
        if found is None:
            from referee.scanners.builtin import builtin  # start-up time: packs are large

            found = builtin().get(name)
        if name not in loaded.program.scanners:
            return found
        from referee.enforce.scanning import joined  # start-up time: few policies have patterns

        return joined(name, found, loaded.program)

    def warm(self, texts: int) -> None:
        """Note that built-in scanners have read texts, so that they become quicker if there are many."""
        from referee.enforce.scanning import warming  # start-up time: packs are large

        warming(self._databases).seen(texts)

    def own_scanner(self, name: str) -> Scanner | None:
        """Find a scanner of the user's own."""
        return self._scanners.get(name)

    def resume(self, book: Book) -> None:
        """Let a session that was given its name go on where the last of that name stood: with its labels, or over."""
        name = book.run.id or ""
        before = self._named.pop(name, None)
        if before is not None:
            book.run = Run(id=name, labels=tuple(sorted({*before.run.labels, *book.run.labels})))
            book.vault = before.vault
            book.marks = before.marks
        self._named[name] = book
        while len(self._named) > _KEEP_NAMED:
            self._named.pop(next(iter(self._named)))

    def over(self, book: Book) -> Decision | None:
        """Return the decision that ended the session, if one did."""
        return book.terminated or (self._over.get(book.run.id or "") if self._over else None)

    def deciding(self, book: Book, request: Request, gathering: Gathering) -> Deciding:
        """Decide an action that is about to happen, or has happened, and carry out what that means."""
        began = self.world.monotonic()
        try:
            early = self._early(book, request, gathering)
            if early is not None:
                return early
            for _ in range(ATTEMPTS):
                decision = yield from evaluate(gathering.loaded.program, request, gathering.known())
                try:
                    return self._commit(book, request, gathering, decision, began)
                except Retry:
                    gathering.again()
            return self.refuse(book, request, "too many actions at the same time; try again")
        except InvalidRequest as problem:
            return self.refuse(book, request, str(problem))
        except Exception:  # noqa: BLE001 - rule 1
            return self.refuse(book, request, "internal failure: the action could not be decided")

    def judging(
        self, book: Book, request: Request, gathering: Gathering, program: Program
    ) -> Generator[Need, Mapping[str, Fact], Decision]:
        """Decide a piece of a result by the rules for pieces, without any consequence."""
        over = self.over(book)
        if over is not None:
            return refusal(f"the session was terminated: {over.reason}", "terminate")
        decision = yield from evaluate(program, request)
        decision = self._softened(decision, request, gathering)
        if decision.decision == "require_approval":
            return _instead(decision, "a result that comes piece by piece cannot wait for an approval")
        return decision

    def concluding(
        self, book: Book, request: Request, gathering: Gathering, decision: Decision, began: float
    ) -> Outcome:
        """Record the one decision about a result that came piece by piece."""
        with book.lock:
            return self._record(book, request, request, gathering, decision, None, None, began)

    def trying(self, request: Request, gathering: Gathering) -> Generator[Need, Mapping[str, Fact], Decision]:
        """Decide without any consequence."""
        began = self.world.monotonic()
        try:
            decision = yield from evaluate(gathering.loaded.program, request)
        except Exception:  # noqa: BLE001 - rule 1
            decision = refusal("internal failure: the action could not be decided")
        try:
            decision = self._softened(decision, request, gathering)
            return self._stamp(gathering.loaded, began).apply(decision, request)
        except Exception:  # noqa: BLE001 - rule 1
            return refusal("internal failure: the action could not be decided")

    def settling(
        self, book: Book, name: str, real: Request, gathering: Gathering
    ) -> Generator[Need, Mapping[str, Fact], None]:
        """Replace what a call was expected to use by what it used; more than a cap allows is recorded all the same.

        Raises:
            StateError: the store failed; what was drawn before stays drawn.
        """
        decision = yield from evaluate(gathering.loaded.program, real)
        meters = gathering.loaded.meters
        with book.lock:
            call = book.call(name)
            if call is not None:
                repeat = gathering.repetition() if meters.repeats and real.tool else ""
                wanted = {p.account: p.amount for p in meters.postings(decision, real, {}, repeat)}
                call.receipt = _resettle(self.store, call.receipt, wanted)
                book.tally.spend(real.kind, less(real.cost or _NOTHING, call.cost))
                call.cost = real.cost or _NOTHING

    def releasing(self, book: Book, name: str) -> None:
        """Give back everything a call drew, because it did not happen.

        Raises:
            StateError: the store failed; what was drawn stays drawn.
        """
        with book.lock:
            call = book.call(name)
            if call is not None and call.outcome.allowed:
                self._give_back(call.receipt)
                call.receipt = None
                book.tally.spend(call.outcome.request.kind, call.cost.copy_negate())
                call.cost = _NOTHING

    def refuse(self, book: Book, request: Request, why: str, verdict: Verdict = "deny") -> Outcome:
        """Refuse an action for a reason that is not in the policy."""
        decision = refusal(why, verdict)
        stamp = Stamp(self.world.prefix, self.world.number(), 0.0, 0, self.loaded.policy_digest)
        try:
            stamp = msgspec.structs.replace(stamp, moment=self.world.wall())
            if self.journal is not None:
                self.journal.add(Entry(decision, request, stamp))
        except Exception:  # noqa: BLE001 - it is refused already
            stamp = msgspec.structs.replace(stamp, micros=0)
        outcome = Outcome(decision, request, stamp)
        with book.lock:
            book.tally.count(decision, request)
            book.outcomes.append(outcome)
        return outcome

    def _stamp(self, loaded: Loaded, began: float) -> Stamp:
        world = self.world
        micros = int((world.monotonic() - began) * 1e6)
        return Stamp(world.prefix, world.number(), world.wall(), max(0, micros), loaded.policy_digest)

    def _early(self, book: Book, request: Request, gathering: Gathering) -> Outcome | None:
        """Answer what needs no decision: the session is over, or this very call was answered before."""
        over = self.over(book)
        if over is not None:
            return self.refuse(book, request, f"the session was terminated: {over.reason}", "terminate")
        if book.ended:
            return self.refuse(book, request, "the session has ended")
        if request.id is None or request.phase != "pre":
            return None
        gathering.called = action_digest(request)
        with book.lock:
            return self._before(book, request, gathering)

    def _before(self, book: Book, request: Request, gathering: Gathering) -> Outcome | None:
        known = book.call(request.id or "")
        if known is None:
            return None
        if known.digest != gathering.called:
            return self.refuse(book, request, "this call id was used for another action")
        return None if known.outcome.verdict == "require_approval" else known.outcome

    def _commit(self, book: Book, request: Request, gathering: Gathering, decision: Decision, began: float) -> Outcome:
        runs, decision = self._as_it_runs(book, request, gathering, self._softened(decision, request, gathering))
        with book.lock:
            if book.ended or self.over(book) is not None:
                early = self._early(book, request, gathering)
                assert early is not None
                return early
            if request.id is not None and request.phase == "pre":
                before = self._before(book, request, gathering)
                if before is not None:
                    return before
            receipt = self._draw(request, gathering, decision)
            approval_id = None
            if decision.decision == "require_approval":
                decision, approval_id = self._ask(runs, gathering, decision)
            return self._record(book, request, runs, gathering, decision, receipt, approval_id, began)

    def writer(self, book: Book) -> Writer:
        """Return what writes in place of what is removed, with the pseudonyms of the session."""
        from referee.scanners.pseudonyms import Vault  # start-up time: only redacting policies need it
        from referee.scanners.styles import Writer  # as above

        with book.lock:
            if book.vault is None:
                book.vault = Vault(self.key, book.run.id or "")
        return Writer(self.key, book.vault)

    def _as_it_runs(
        self, book: Book, request: Request, gathering: Gathering, decision: Decision
    ) -> tuple[Request, Decision]:
        if not (decision.modifications or decision.redactions):
            return request, decision
        try:
            changed = as_it_runs(decision, request, gathering.facts, self.writer(book))
        except Exception:  # noqa: BLE001 - an effect that must happen and cannot: refuse
            return request, _instead(decision, "what must be changed or removed could not be")
        return (changed if decision.decision in ("allow", "require_approval") else request), decision

    def _softened(self, decision: Decision, request: Request, gathering: Gathering) -> Decision:
        """Turn permission into a question where a component failed and the policy wants a human then."""
        if not gathering.softened:
            return decision
        how = gathering.loaded.program.on_failure
        asking = sorted({component for component in gathering.softened if how.get(component) == "require_approval"})
        if not asking or decision.decision != "allow" or decision.granted:
            return decision
        gathering.digest = action_digest(request)
        grant = self.approvals.grant(gathering.digest, gathering.loaded.policy_digest)
        if grant is not None:
            return msgspec.structs.replace(decision, granted=grant.id)
        return _instead(decision, f"approval required because of a failure: {', '.join(asking)}", "require_approval")

    def _draw(self, request: Request, gathering: Gathering, decision: Decision) -> Receipt | None:
        """Draw what the action uses up, and its grant.

        Raises:
            Retry: somebody else was faster.
        """
        meters = gathering.loaded.meters
        receipt: Receipt | None = None
        if request.phase == "pre" and (decision.charges or meters.counters):
            if decision.decision == "allow":
                repeat = gathering.repetition() if meters.repeats and request.tool else ""
                postings = meters.postings(decision, request, gathering.facts, repeat)
            else:
                postings = meters.denials(request) if decision.decision in ("deny", "terminate") else []
            if postings:
                applied = self._apply(postings, gathering, must=decision.decision == "allow")
                receipt = applied if decision.decision == "allow" else None
        if decision.granted and not self.approvals.use(decision.granted):
            self._give_back(receipt)
            raise Retry
        return receipt

    def _apply(self, postings: list[Any], gathering: Gathering, *, must: bool) -> Receipt | None:
        try:
            receipt = self.store.apply(postings)
        except Exception:  # noqa: BLE001 - a store may fail in any way
            if must and not gathering.soften("store"):
                raise InvalidRequest("internal failure: what the action uses up could not be drawn") from None
            return None
        if receipt is None and must:
            raise Retry
        return receipt

    def _give_back(self, receipt: Receipt | None) -> None:
        if receipt is not None:
            self.store.settle(receipt, [0] * len(receipt.postings))

    def _ask(self, runs: Request, gathering: Gathering, decision: Decision) -> tuple[Decision, str | None]:
        question = self.approvals.ask(
            decision, runs, gathering.digest or action_digest(runs), gathering.loaded.policy_digest
        )
        if question.state == "rejected":
            said = f": {question.message}" if question.message else ""
            return _instead(decision, f"the approval was rejected{said}"), question.id
        if question.state == "expired":
            return _instead(decision, "nobody approved in time", question.on_timeout), question.id
        return decision, question.id

    def _record(
        self,
        book: Book,
        request: Request,
        runs: Request,
        gathering: Gathering,
        decision: Decision,
        receipt: Receipt | None,
        approval_id: str | None,
        began: float,
    ) -> Outcome:
        stamp = self._stamp(gathering.loaded, began)
        if self.journal is not None:
            try:
                self.journal.add(Entry(decision, request, stamp, gathering.note()))
            except Exception:  # noqa: BLE001 - rule 1
                decision, receipt = self.unrecorded(gathering, decision, receipt)
        outcome = Outcome(decision, runs if decision.decision == "allow" else request, stamp, approval_id)
        metered = gathering.loaded.meters.used and decision.decision == "allow"
        if request.phase == "pre" and (request.id is not None or metered):
            cost = runs.cost or _NOTHING if decision.decision == "allow" else _NOTHING
            book.remember(request.id or stamp.number, Call(gathering.called, outcome, receipt, cost))
        if decision.decision == "terminate":
            book.terminated = decision
            if book.named:
                self._over[book.run.id or ""] = decision
        seen = outcome.request if request.phase == "pre" else request
        book.label(decision, seen, gathering.loaded.program.asked)
        book.tally.count(decision, request)
        book.outcomes.append(outcome)
        return outcome

    def unrecorded(
        self, gathering: Gathering, decision: Decision, receipt: Receipt | None
    ) -> tuple[Decision, Receipt | None]:
        """Refuse what could not be recorded, unless the files say that it may go on all the same."""
        if gathering.soften("audit") or decision.decision not in ("allow", "require_approval"):
            return decision, receipt
        self._give_back(receipt)
        return _instead(decision, "internal failure: the decision could not be recorded"), None


def refusal(why: str, verdict: Verdict = "deny") -> Decision:
    """Make the decision to refuse for a reason that is not in the policy."""
    return Decision(verdict, problem=why)


def _instead(decision: Decision, why: str, verdict: Verdict = "deny") -> Decision:
    return msgspec.structs.replace(decision, decision=verdict, problem=why, granted="")


def _resettle(store: Store, receipt: Receipt | None, wanted: dict[Account, Amount]) -> Receipt | None:
    """Change the postings of a receipt to the amounts wanted, and add those it did not have."""
    if receipt is not None:
        receipt = store.settle(receipt, [wanted.pop(posting.account, posting.amount) for posting in receipt.postings])
    added = store.apply([Posting(account, amount) for account, amount in wanted.items()]) if wanted else None
    if receipt is None or added is None:
        return receipt or added
    return Receipt(receipt.postings + added.postings, receipt.marks + added.marks)
