"""Many requests, one JSON line each, decided in order: the quick way through.

Rule 1: every line that is not empty gets exactly one decision, in its place; what cannot be read is denied.
Rule 2: a decision that comes again is written from memory; only its id, its time and its action are new.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import Any, BinaryIO, Final

import msgspec

from referee.enforce.outcome import Outcome
from referee.enforce.policies import Policy
from referee.enforce.session import Session
from referee.errors import InvalidRequest
from referee.model.decision import Decision
from referee.model.request import Request

AT_ONCE: Final = 512
_LATEST: Final = 8192
_OWN: Final = ("decision_id", "action_id", "timestamp", "evaluation_us")


class Writer:
    """Makes the lines of decisions."""

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder().encode
        self._seen: dict[int, tuple[Decision, bytes]] = {}

    def line(self, outcome: Outcome) -> bytes:
        """Write an outcome as one JSON line."""
        stamp = outcome.stamp
        own = (stamp.decision_id, outcome.call_id, stamp.timestamp, stamp.micros)
        head = self._encode(dict(zip(_OWN, own, strict=True)))
        return head[:-1] + self._rest(outcome.bare)

    def refusal(self, why: str) -> bytes:
        """Write the denial of something that is no request."""
        return self._encode(Decision("deny", problem=why).to_dict()) + b"\n"

    def _rest(self, decision: Decision) -> bytes:
        held = self._seen.get(id(decision))
        if held is not None:
            return held[1]
        fields = {name: value for name, value in decision.to_dict().items() if name not in _OWN}
        data = b"," + self._encode(fields)[1:] + b"\n"
        if len(self._seen) >= _LATEST:
            self._seen.clear()
        self._seen[id(decision)] = (decision, data)
        return data


def decide_lines(policy: Policy, source: Iterable[bytes], sink: BinaryIO, *, at_once: int = AT_ONCE) -> bool:
    """Decide every line of ``source`` and write a line to ``sink``; true if everything was allowed."""
    thresholds = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        return _decide_lines(policy, source, sink, at_once)
    finally:
        gc.set_threshold(*thresholds)


def _decide_lines(policy: Policy, source: Iterable[bytes], sink: BinaryIO, at_once: int) -> bool:
    sessions: dict[str | None, Session] = {}
    writer = Writer()
    line_of, read = writer.line, Request.from_json
    allowed = True
    waiting: list[bytes] = []
    for number, text in enumerate(source, 1):
        if text.isspace():
            continue
        try:
            request = read(text)
        except InvalidRequest as problem:
            allowed = False
            waiting.append(writer.refusal(f"line {number}: {problem}"))
        else:
            name = request.session.id
            session = sessions.get(name) or _open(sessions, policy, name)
            outcome = session.decide(request)
            allowed = allowed and outcome.allowed
            waiting.append(line_of(outcome))
        if len(waiting) >= at_once:
            _write(sink, waiting)
    _write(sink, waiting)
    return allowed


def _open(sessions: dict[str | None, Session], policy: Policy, name: str | None) -> Session:
    who: dict[str, Any] = {} if name is None else {"id": name}
    session = sessions[name] = policy.session(**who)
    return session


def _write(sink: BinaryIO, waiting: list[bytes]) -> None:
    sink.write(b"".join(waiting))
    sink.flush()
    waiting.clear()
