"""What is written down of a decision.

Rule 1: no argument, result, text or URL is in a record.
Rule 2: a record is complete without the policy: ids, lines, reasons and the digest of the policy are in it.
Rule 3: text is made when a batch is written, not when the action waits for its answer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec

from referee._version import __version__
from referee.model.decision import Decision
from referee.model.request import Request


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

    LIMIT: Final = 256

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder(enc_hook=str).encode
        self._seen: dict[int, tuple[Decision, bytes]] = {}
        self._requests: dict[tuple[str | None, ...], bytes] = {}
        self._second = -1.0
        self._prefix = ""

    def body(self, entry: Entry) -> bytes:
        """Write an entry as one JSON object."""
        decision, request, stamp, note = entry
        head = (
            f'{{"decision_id":"{stamp.decision_id}","timestamp":"{self._time(stamp)}","evaluation_us":{stamp.micros},'
            f'"policy_digest":"{decision.policy_digest or stamp.digest}","engine_version":"{__version__}",'
        )
        call = f'"{stamp.action_id(request)}"'.encode() if request.id is None else self._encode(request.id)
        cost = "null" if request.cost is None else f'"{request.cost}"'
        middle = b"".join(
            (
                b'"action_id":',
                call,
                b',"cost":',
                cost.encode(),
                b',"note":',
                self._encode(note) if note else b'""',
                b",",
            )
        )
        return b"".join((head.encode(), middle, self._who(request), self._fixed(decision)))

    def _time(self, stamp: Stamp) -> str:
        """Write the moment; the second that many moments share is written once."""
        second = stamp.moment // 1
        if second != self._second:
            self._second = second
            self._prefix = stamp._replace(moment=second).timestamp[:-7]
        return f"{self._prefix}{int((stamp.moment - second) * 1e6):06d}Z" if self._prefix else ""

    def _who(self, request: Request) -> bytes:
        agent = request.agent
        key = (
            request.kind,
            request.phase,
            request.tool,
            request.model,
            agent.id,
            agent.team,
            request.user.id,
            request.session.id,
            request.environment,
        )
        held = self._requests.get(key)
        if held is None:
            if len(self._requests) >= self.LIMIT:
                self._requests.clear()
            held = self._encode({"request": dict(zip(_REQUEST, key, strict=True))})[1:-1] + b","
            self._requests[key] = held
        return held

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


_REQUEST: Final = ("kind", "phase", "tool", "model", "agent", "team", "user", "session", "environment")


def writer() -> _Writer:
    """Make a writer of entries."""
    return _Writer()
