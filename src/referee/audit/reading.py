"""Reading a journal back: record by record, with a question in mind, or summed up.

Rule 1: a journal is read line by line, so its size does not matter; a line that is no record is told of, never passed over.
Rule 2: reading checks nothing; whether the chain holds is for ``journal.verify``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import msgspec

from referee.errors import AuditError

Record = dict[str, Any]

_DECODE: Final = msgspec.json.Decoder(dict[str, Any]).decode
_LEVELS: Final = ("low", "medium", "high", "critical")


class NoRecord(msgspec.Struct, frozen=True):
    """A line of a journal that is no record."""

    line: int


def records(path: str | os.PathLike[str]) -> Iterator[Record | NoRecord]:
    """Read the records of a journal, oldest first.

    Raises:
        AuditError: the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            for number, line in enumerate(file, 1):
                yield record(line) or NoRecord(number)
    except OSError as problem:
        raise AuditError(f"the journal cannot be read ({problem.strerror or 'input/output error'})") from None


def record(line: bytes) -> Record | None:
    r"""Read one line; ``None`` if it is not a whole record.

    >>> record(b'{"decision_id":"dec_1","decision":"deny"}\n')["decision"]
    'deny'
    >>> record(b'{"decision_id":"dec_1"')
    """
    try:
        found = _DECODE(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return found if "decision_id" in found and "decision" in found else None


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; everything that is said has to fit. ``tool`` is a glob, ``since`` and ``until`` are timestamps.

    ``rule`` is one that matched, decided, or could not be decided. ``severity`` is the least.
    """

    decision: str | None = None
    rule: str | None = None
    tool: str | None = None
    agent: str | None = None
    user: str | None = None
    session: str | None = None
    action: str | None = None
    severity: str | None = None
    since: str | None = None
    until: str | None = None

    def fits(self, found: Record) -> bool:
        """Tell whether a record is one of those."""
        request = found.get("request", {})
        equal = (
            (self.decision, found["decision"]),
            (self.agent, request.get("agent")),
            (self.user, request.get("user")),
            (self.session, request.get("session")),
            (self.action, found.get("action_id")),
        )
        moment = found.get("timestamp", "")
        return (
            all(wanted is None or wanted == got for wanted, got in equal)
            and (self.tool is None or fnmatchcase(request.get("tool") or "", self.tool))
            and (self.rule is None or self.rule in rules_of(found))
            and (self.severity is None or _level(found) >= _LEVELS.index(self.severity))
            and (self.since is None or moment >= self.since)
            and (self.until is None or moment < self.until)
        )


def rules_of(found: Record) -> set[str]:
    """Name the rules and limits a record speaks of."""
    matched = {rule["id"] for rule in found.get("matched", ())}
    return matched | set(found.get("policy_ids", ())) | {error["id"] for error in found.get("errors", ())}


def _level(found: Record) -> int:
    severity = found.get("severity")
    return _LEVELS.index(severity) if severity in _LEVELS else -1


class Tally:
    """A journal summed up: decisions, rules, tools and agents, and how long deciding took."""

    def __init__(self) -> None:
        self.decisions: Counter[str] = Counter()
        self.rules: dict[str, Counter[str]] = {}
        self.tools: dict[str, Counter[str]] = {}
        self.agents: dict[str, Counter[str]] = {}
        self.errors: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()
        self.first = self.last = ""
        self.broken = 0
        self._micros: Counter[int] = Counter()

    def add(self, found: Record | NoRecord) -> None:
        """Count a record."""
        if isinstance(found, NoRecord):
            self.broken += 1
            return
        decision, request = found["decision"], found.get("request", {})
        self.decisions[decision] += 1
        self.tools.setdefault(request.get("tool") or request.get("model") or request.get("kind", "?"), Counter())[
            decision
        ] += 1
        self.agents.setdefault(request.get("agent") or "-", Counter())[decision] += 1
        for rule in {rule["id"] for rule in found.get("matched", ())} | set(found.get("policy_ids", ())):
            self.rules.setdefault(rule, Counter())[decision] += 1
        self.errors.update(error["id"] for error in found.get("errors", ()))
        for redaction in found.get("redactions", ()):
            self.removed[redaction["kind"]] += redaction["count"]
        self.first = self.first or found.get("timestamp", "")
        self.last = found.get("timestamp", "") or self.last
        self._micros[found.get("evaluation_us", 0)] += 1

    @property
    def count(self) -> int:
        """How many records there are."""
        return self.decisions.total()

    def micros(self, share: float) -> int:
        """Tell within how many microseconds a share of the decisions was made."""
        left = share * self.count
        for micros, count in sorted(self._micros.items()):
            left -= count
            if left <= 0:
                return micros
        return 0


def tally(path: str | os.PathLike[str], query: Query | None = None) -> Tally:
    """Sum a journal up.

    Raises:
        AuditError: the file cannot be read.
    """
    summed = Tally()
    for found in records(path):
        if query is None or isinstance(found, NoRecord) or query.fits(found):
            summed.add(found)
    return summed
