"""Facts for a decision: the one place where the engine's questions are answered.

Rule 1: a fact that cannot be had is ``Failed``; no exception leaves this module, whatever a clock, store, facet or scanner does.
Rule 2: a facet and a scan are computed once a decision, even if it has to be made again; accounts are read anew.
Rule 3: what a file's ``on_failure`` softens is remembered, so that it can be said.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Final

from referee.enforce.digests import action_digest, call_digest
from referee.engine.usage import total
from referee.errors import InvalidRequest
from referee.model.facts import Fact, Failed, Finding
from referee.model.request import ABSENT, Request
from referee.model.value import TooBig, strings

if TYPE_CHECKING:
    from referee.enforce.desk import Desk, Loaded
    from referee.enforce.marks import Marks
    from referee.engine.evaluate import Need
    from referee.scanners.pseudonyms import Vault
    from referee.state.protocol import Account

_AGAIN: Final = "again/"
_FAILED: Final = {
    "time": "the clock failed",
    "http": "the URL could not be read",
    "file": "the paths could not be read",
    "shell": "the command could not be read",
    "sql": "the SQL could not be read",
    "tool": "the catalogue could not be read",
    "grant": "the approvals could not be read",
}


class Gathering:
    """The facts of one decision as they come in."""

    __slots__ = (
        "called", "desk", "digest", "facts", "loaded", "marks", "read", "repeat", "request", "softened", "started", "vault",
    )  # fmt: skip

    def __init__(
        self,
        desk: Desk,
        loaded: Loaded,
        request: Request,
        started: float | None,
        vault: Vault | None = None,
        marks: Marks | None = None,
    ) -> None:
        self.marks = marks
        self.desk = desk
        self.loaded = loaded
        self.request = request
        self.started = started
        self.facts: dict[str, Fact] = {}
        self.softened: list[str] = []
        self.read: dict[Any, Any] = {}
        self.repeat = ""
        self.digest = ""
        self.called = ""
        self.vault = vault

    def answer(self, need: Need) -> Mapping[str, Fact]:
        """Gather what is asked for."""
        facts = self.facts
        if need.tier == "state" and not any(map(_is_origin, need.names)):
            return self._accounts(need.names)
        if need.tier == "state":
            self._accounts(tuple(name for name in need.names if not _is_origin(name)))
        for name in need.names:
            if name not in facts:
                facts[name] = self._one(name, need.request)
        return facts

    def known(self) -> Mapping[str, Fact] | None:
        """Return the facts that are read in any case."""
        meters = self.loaded.meters
        if not meters.upfront or self.request.phase != "pre":
            return None
        try:
            accounts = meters.upfront_accounts(self.request)
            self.facts.update(zip(accounts, self.desk.store.read([*accounts.values()]), strict=True))
            meters.add_own(self.facts, self.request)
        except Exception:  # noqa: BLE001 - rule 1
            return self._accounts(meters.upfront)
        return self.facts

    def again(self) -> None:
        """Forget what may have changed while the decision was made."""
        for name in [*self.facts]:
            if name.startswith(("counter.", "limit.")) or name == "grant" or _is_origin(name):
                del self.facts[name]

    def _one(self, name: str, request: Request) -> Fact:
        plain = name.removeprefix(_AGAIN)
        if plain.startswith("scan."):
            return self._scan(plain[5:], request)
        if plain.startswith("labels."):
            return self._origins(plain[7:], request)
        try:
            if plain.startswith("time@"):
                return self.desk.world.clock(plain[5:])
            if plain == "grant":
                self.digest = action_digest(request)
                return self.desk.approvals.grant(self.digest, self.loaded.policy_digest)
            from referee.facets.compute import compute  # start-up time: only policies about actions need facets

            return compute(plain, request, self.loaded.program.tools, self.desk.surroundings)
        except InvalidRequest as problem:
            return Failed(str(problem))
        except Exception:  # noqa: BLE001 - rule 1
            return Failed(_FAILED.get(plain.partition("@")[0], "the fact could not be had"))

    def _scan(self, name: str, request: Request) -> Fact:
        try:
            from referee.scanners.protocol import scan_strings  # start-up time: packs are large
            from referee.scanners.sharing import shared  # start-up time: as above

            scanner = self.desk.scanner(name, self.loaded)
            if scanner is None:
                return self._soft("scanner", (), "there is no scanner of that name")
            strings = texts(request)
            self.desk.warm(len(strings))
            with shared(self.read):
                found = scan_strings(scanner, strings)
            return found if self.vault is None or not found else _others(found, strings, self.vault)
        except TooBig:
            return self._soft("scanner", (), "the value is too large to be scanned")
        except Exception:  # noqa: BLE001 - rule 1
            return self._soft("scanner", (), "the scanner failed")

    def _origins(self, name: str, request: Request) -> Fact:
        try:
            if self.marks is None:
                return Failed("there is no session that remembers values")
            return self.marks.origins(name, request)
        except Exception:  # noqa: BLE001 - rule 1
            return Failed("what was seen before could not be read")

    def _soft(self, component: str, harmless: Fact, why: str) -> Fact:
        """Answer a failure as the files say: as a failure, unless every one of them softens it."""
        return harmless if self.soften(component, ask=True) else Failed(why)

    def soften(self, component: str, *, ask: bool = False) -> bool:
        """Tell whether the files let an action go on although a component failed, and remember that it did.

        ``ask``: a human can still be asked first.
        """
        how = self.loaded.program.on_failure.get(component, "deny")
        if how.startswith("allow") or (ask and how == "require_approval"):
            self.softened.append(component)
            return True
        return False

    def note(self) -> str:
        """Say which failures were passed over."""
        return f"decided in spite of a failure: {', '.join(sorted(set(self.softened)))}" if self.softened else ""

    def _accounts(self, names: tuple[str, ...]) -> Mapping[str, Fact]:
        facts = self.facts
        meters = self.loaded.meters
        wanted: list[str] = []
        accounts: list[Account] = []
        for name in names:
            try:
                if name == "counter.seconds_in_run":
                    facts[name] = self._elapsed()
                    continue
                repeat = self.repetition() if name == "counter.repeated_calls" else ""
                accounts.append(meters.account(name, self.request, repeat))
                wanted.append(name)
            except KeyError:
                facts[name] = Failed("nothing counts this")
            except Exception:  # noqa: BLE001 - rule 1
                facts[name] = self._soft("store", 0, "the counter could not be read")
        if not wanted:
            return facts
        try:
            for name, used in zip(wanted, self.desk.store.read(accounts), strict=True):
                facts[name] = used if name in meters.facts else total(used, meters.own(name, self.request))
        except Exception:  # noqa: BLE001 - rule 1
            facts.update(
                {
                    name: self._soft("store", meters.own(name, self.request), "the store could not be read")
                    for name in wanted
                }
            )
        return facts

    def _elapsed(self) -> Fact:
        if self.started is None:
            return Failed("the start of the run is not known")
        return round(self.desk.world.monotonic() - self.started, 3)

    def repetition(self) -> str:
        """Name the call by tool and arguments.

        Raises:
            InvalidRequest: the arguments cannot be written down.
        """
        if not self.repeat:
            self.repeat = call_digest(self.request)
        return self.repeat


def _is_origin(name: str) -> bool:
    return name.removeprefix(_AGAIN).startswith("labels.")


def texts(request: Request) -> list[tuple[str, str, bool]]:
    """List every string of a request with its path, and what else can be read as one.

    Raises:
        TooBig: a value is deeper or larger than a walk goes.
    """
    found: list[tuple[str, str, bool]] = []
    if request.phase == "pre":
        found += strings(request.args, "args", others=True)
        if request.url is not None:
            found.append(("url", request.url, False))
    elif request.result is not ABSENT:
        found += strings(request.result, "result", others=True)
    if request.text is not None:
        found.append(("text", request.text, False))
    return found


def _others(found: tuple[Finding, ...], strings: list[tuple[str, str, bool]], vault: Vault) -> tuple[Finding, ...]:
    """Leave out what is no personal datum but a pseudonym of one, which the session made itself."""
    if not len(vault):
        return found
    held = {(path, key): text for path, text, key in strings}
    return tuple(one for one in found if not vault.knows(held.get((one.path, one.key), ""), one.start, one.end))


Flow = Generator["Need", Mapping[str, Fact], Any]


def drive(flow: Flow, answer: Callable[[Need], Mapping[str, Fact]]) -> Any:
    """Run a decision to its end, answering at once."""
    try:
        need = next(flow)
        while True:
            need = flow.send(answer(need))
    except StopIteration as done:
        return done.value


async def drive_async(flow: Flow, answer: Callable[[Need], Mapping[str, Fact]]) -> Any:
    """Run a decision to its end; scanners work in a thread, so that the loop goes on."""
    import asyncio  # start-up time: synchronous programs never need it

    try:
        need = next(flow)
        while True:
            need = flow.send(await asyncio.to_thread(answer, need) if need.tier == "scanner" else answer(need))
    except StopIteration as done:
        return done.value
