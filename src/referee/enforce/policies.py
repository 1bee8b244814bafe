"""A policy in use: loaded, reloaded, and the source of sessions.

Rule 1: a policy that does not compile is never used. On a reload the last good one stays, and ``problem`` says why.
Rule 2: a file that was loaded and is gone is a problem of the reload, not a wish to do without its rules;
``reload(accept_removals=True)`` says that it is one.
Rule 3: sessions that are open use the new policy from their next action on. What was counted stays counted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from referee.enforce.compiled import Programs, read_cache, write_cache
from referee.enforce.desk import Desk, Loaded
from referee.enforce.front import Who
from referee.enforce.meters import mentioned
from referee.enforce.session import Session
from referee.enforce.sources import Given, Text, digest_texts, read_all
from referee.enforce.stores import open_store
from referee.enforce.world import SYSTEM, World
from referee.engine.program import Program
from referee.errors import PolicyError
from referee.facets.surroundings import Surroundings
from referee.state.memory import MemoryStore

if TYPE_CHECKING:
    from referee.audit.journal import Journal
    from referee.enforce.approvals import Approvals
    from referee.enforce.async_session import AsyncSession
    from referee.scanners.protocol import Scanner
    from referee.state.protocol import Store

Told = Callable[["PolicyError | None"], None]
Cache = Path | Programs | None
_LEAST_KEY: Final = 16
_FOLDING: Final = ("darwin", "win32")


class Policy:
    """A compiled policy and everything its sessions share. Make one with ``load``."""

    def __init__(self, desk: Desk, given: tuple[Given, ...], texts: tuple[Text, ...], cache: Cache) -> None:
        self._desk = desk
        self._given = given
        self._texts = texts
        self._cache = cache
        self._stop: Event | None = None
        self.problem: PolicyError | None = None

    @classmethod
    def load(
        cls,
        *sources: Given,
        journal: Journal | str | os.PathLike[str] | None = None,
        store: Store | str | os.PathLike[str] | None = None,
        surroundings: Surroundings | None = None,
        scanners: Mapping[str, Scanner] | None = None,
        cache: str | os.PathLike[str] | Programs | None = None,
        key: bytes | None = None,
        world: World = SYSTEM,
    ) -> Policy:
        """Load a policy from a file, a folder, text or a mapping; several are layers, the outermost first.

        ``journal`` records every decision (a path: in that file); ``store`` keeps what limits and counters hold (a path: in
        that file, which processes share); ``cache`` is a file that keeps the compiled form, or a place for those of many
        policies. ``key``, 16 bytes or more, keys the styles ``hash`` and ``pseudonym`` and gives
        pseudonyms back; without it a key is made that nobody has.

        Raises:
            ValueError: the key is too short.
            PolicyError: a source cannot be read or does not compile; every problem of all files is in it.
            StateError: the file of ``store`` cannot be used.
        """
        if key is not None and len(key) < _LEAST_KEY:
            raise ValueError(f"a key has at least {_LEAST_KEY} bytes")
        texts = read_all(sources)
        kept = cache if cache is None or isinstance(cache, Programs) else Path(cache)
        desk = Desk(
            _load(texts, len(sources), kept),
            world=world,
            store=MemoryStore(world.wall, world.monotonic) if store is None else open_store(store, world),
            journal=_journal(journal),
            surroundings=surroundings or here(),
            scanners=scanners,
            key=key,
            databases=kept.folder if isinstance(kept, Programs) else None if kept is None else kept.parent,
        )
        return cls(desk, sources, texts, kept)

    @property
    def program(self) -> Program:
        """The compiled form in use."""
        return self._desk.loaded.program

    @property
    def digest(self) -> str:
        """The name of the texts in use."""
        return self._desk.loaded.policy_digest

    @property
    def approvals(self) -> Approvals:
        """The questions to humans."""
        return self._desk.approvals

    def session(self, **who: Any) -> Session:
        """Open a session.

        ``who`` are the fields of ``Who``: agent, tags, team, role, owner, parent, user, roles, environment, labels,
        permissions, context, id.
        """
        return Session(self._desk, Who(**who))

    def async_session(self, **who: Any) -> AsyncSession:
        """Open a session for asynchronous code; ``who`` is as in ``Who``."""
        from referee.enforce.async_session import AsyncSession  # start-up time

        return AsyncSession(self._desk, Who(**who))

    def reload(self, *, accept_removals: bool = False) -> bool:
        """Read and compile the sources anew; true if a new policy is in use. ``problem`` says what stood in the way."""
        try:
            texts = read_all(self._given)
            if texts == self._texts:
                self.problem = None
                return False
            if not accept_removals:
                self._check_removals(texts)
            self._desk.loaded = _load(texts, len(self._given), self._cache)
        except PolicyError as problem:
            self.problem = problem
            return False
        except Exception:  # noqa: BLE001 - rule 1
            self.problem = PolicyError((), "internal failure: the policy could not be loaded")
            return False
        self._texts = texts
        self.problem = None
        return True

    def _check_removals(self, texts: tuple[Text, ...]) -> None:
        gone = {text.path for text in self._texts} - {text.path for text in texts}
        if gone:
            raise PolicyError((), f"the policy file `{min(gone)}` is gone; its rules stay in force")

    def watch(self, interval: float = 1.0, told: Told | None = None) -> Callable[[], None]:
        """Reload in the background whenever a source changes; returns a function that stops it.

        ``told`` is called after every change, with the problem if there is one; without it a problem is logged.
        """
        self.unwatch()
        stop = self._stop = Event()
        Thread(target=self._watch, args=(stop, interval, told or _log), name="referee-watch", daemon=True).start()
        return self.unwatch

    def unwatch(self) -> None:
        """Stop reloading in the background."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None

    def _watch(self, stop: Event, interval: float, told: Told) -> None:
        said: str | None = None
        while not stop.wait(interval):
            changed = self.reload()
            problem = None if self.problem is None else str(self.problem)
            if changed or problem != said:
                said = problem
                told(self.problem)

    def close(self) -> None:
        """Stop watching and write what waits.

        Raises:
            AuditError: the last records could not be written.
        """
        self.unwatch()
        if self._desk.journal is not None:
            self._desk.journal.flush()


def _log(problem: PolicyError | None) -> None:
    import logging  # start-up time: only a background reload has nobody else to tell

    if problem is not None:
        logging.getLogger("referee").error("the last good policy stays in use: %s", problem)


def _load(texts: tuple[Text, ...], layers: int, cache: Cache) -> Loaded:
    key = digest_texts(texts)
    held = None if cache is None else cache.find(key) if isinstance(cache, Programs) else read_cache(cache, key)
    if held is not None:
        return Loaded(*held)
    from referee.language.compile import Source, compile_policies  # start-up time: a cached policy needs no compiler

    names = ("policy",) if layers == 1 else tuple(f"layer {number}" for number in range(1, layers + 1))
    policies = compile_policies(
        [
            Source(text.path, text.text if text.mapping is None else text.mapping, text.layer, text.attached)
            for text in texts
        ],
        names,
    )
    program, counters = Program.build(policies), mentioned(policies)
    if isinstance(cache, Programs):
        cache.keep(key, program, counters)
    elif cache is not None:
        write_cache(cache, key, program, counters)
    return Loaded(program, counters)


def _journal(journal: Journal | str | os.PathLike[str] | None) -> Journal | None:
    if journal is None or not isinstance(journal, (str, os.PathLike)):
        return journal
    from referee.audit.behind import BehindJournal  # start-up time
    from referee.audit.journal import FileJournal  # as above

    return BehindJournal(FileJournal(journal))


def here() -> Surroundings:
    """Describe the place where this process runs: its folder is the workspace."""
    try:
        folder: str | None = os.getcwd()  # noqa: PTH109 - a string is what facets take
    except OSError:
        folder = None
    return place_of(os.environ, folder)


def place_of(environment: Mapping[str, str], folder: str | None) -> Surroundings:
    """Describe a place of work by its folder, which is the workspace, and its environment."""
    return Surroundings(
        cwd=folder,
        home=home_of(environment),
        workspace=folder,
        variables={name: environment[name] for name in ("HOME", "PWD", "USER", "TMPDIR") if name in environment},
        case_sensitive=sys.platform not in _FOLDING,
        resolve_links=os.path.realpath,
    )


def home_of(environment: Mapping[str, str]) -> str | None:
    """Find a user's folder by the environment, else by this process's user."""
    home = environment.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - a string is what facets take
    return home if home != "~" else None
