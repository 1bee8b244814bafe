"""What is written down of a decision.

Rule 1: no argument, result, text or URL is in a record.
Rule 2: a record is complete without the policy: ids, lines, reasons and the digest of the policy are in it.
Rule 3: text is made when a batch is written, not when the action waits for its answer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec

from referee._version import __version__
from referee.model.decision import Decision
from referee.model.request import Agent, Request, Run, User


class Stamp(NamedTuple):
    """What one moment adds to a decision: its number, the moment, the microseconds it took, the policy's digest."""

    prefix: str
    number: int
    moment: float
    micros: int
    digest: str

    @property
    def decision_id(self) -> str:
        """The name of the decision."""
        return f"dec_{self.prefix}{self.number:08x}"

    def action_id(self, request: Request) -> str:
        """The name of the action: the caller's, or one made from the stamp."""
        return request.id or f"act_{self.prefix}{self.number:08x}"

    @property
    def timestamp(self) -> str:
        """The moment as text; empty if the calendar has no such moment."""
        try:
            return datetime.fromtimestamp(self.moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        except (OverflowError, ValueError, OSError):
            return ""

    def apply(self, decision: Decision, request: Request) -> Decision:
        """Return the decision with everything that only its moment knows."""
        return msgspec.structs.replace(
            decision,
            decision_id=self.decision_id,
            action_id=self.action_id(request),
            timestamp=self.timestamp,
            policy_digest=decision.policy_digest or self.digest,
            engine_version=__version__,
            evaluation_us=self.micros,
        )


class Entry(NamedTuple):
    """A decision on its way into a journal. ``note`` says what the decision itself does not."""

    decision: Decision
    request: Request
    stamp: Stamp
    note: str = ""


class _Writer:
    """Makes the bytes of entries; decisions that come again are written from memory."""

    LIMIT: Final = 4096

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder(enc_hook=str).encode
        self._seen: dict[int, tuple[Decision, bytes]] = {}
        self._requests: dict[tuple[Any, ...], tuple[Agent, Run, User, bytes]] = {}
        self._second = -1.0
        self._prefix = ""

    def body(self, entry: Entry) -> bytes:
        """Write an entry as one JSON object."""
        decision, request, stamp, note = entry
        number = f"{stamp.prefix}{stamp.number:08x}"
        call = f'"act_{number}"' if request.id is None else self._encode(request.id).decode()
        cost = "null" if request.cost is None else f'"{request.cost}"'
        head = (
            f'{{"decision_id":"dec_{number}","timestamp":"{self._time(stamp)}","evaluation_us":{stamp.micros},'
            f'"policy_digest":"{decision.policy_digest or stamp.digest}","engine_version":"{__version__}",'
            f'"action_id":{call},"cost":{cost},"note":'
        )
        return b"".join(
            (
                head.encode(),
                self._encode(note) if note else b'""',
                b',"request":{"tool":',
                self._encode(request.tool),
                b",",
                self._who(request),
                b"},",
                self._fixed(decision),
            )
        )

    def _time(self, stamp: Stamp) -> str:
        """Write the moment; the second that many moments share is written once."""
        second = stamp.moment // 1
        if second != self._second:
            self._second = second
            self._prefix = stamp._replace(moment=second).timestamp[:-7]
        return f"{self._prefix}{int((stamp.moment - second) * 1e6):06d}Z" if self._prefix else ""

    def _who(self, request: Request) -> bytes:
        """Write who acts; the objects that many requests of a session share are looked up, not written again."""
        key = (id(request.agent), id(request.session), request.kind, request.phase, request.model, request.environment)
        held = self._requests.get(key)
        if held is not None and held[0] is request.agent and held[1] is request.session and held[2] is request.user:
            return held[3]
        if len(self._requests) >= self.LIMIT:
            self._requests.clear()
        agent = request.agent
        values = (
            request.kind, request.phase, request.model, agent.id, agent.team, request.user.id, request.session.id, request.environment,
        )  # fmt: skip
        written = self._encode(dict(zip(_REQUEST, values, strict=True)))[1:-1]
        self._requests[key] = (agent, request.session, request.user, written)
        return written

    def _fixed(self, decision: Decision) -> bytes:
        held = self._seen.get(id(decision))
        if held is not None:
            return held[1]
        fields = decision.to_dict()
        for name in _MOMENT:
            fields.pop(name, None)
        data = self._encode(fields)[1:]
        if len(self._seen) >= self.LIMIT:
            self._seen.clear()
        self._seen[id(decision)] = (decision, data)
        return data


_MOMENT: Final = ("decision_id", "action_id", "timestamp", "evaluation_us", "policy_digest", "engine_version")


_REQUEST: Final = ("kind", "phase", "model", "agent", "team", "user", "session", "environment")


def writer() -> _Writer:
    """Make a writer of entries."""
    return _Writer()
