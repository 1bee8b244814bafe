"""What is written down of a decision.

Rule 1: no argument, result, text or URL is in a record.
Rule 2: a record is complete without the policy: ids, lines, reasons and the digest of the policy are in it.
Rule 3: text is made when a batch is written, not when the action waits for its answer.
Rule 4: a field that is empty is left out: no cost, no note, no message of its own, no redactions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from referee._version import __version__
from referee.model.decision import Decision
from referee.model.request import Agent, Request, Run, User


class Stamp(msgspec.Struct, frozen=True, gc=False):
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


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A decision on its way into a journal. ``note`` says what the decision itself does not."""

    decision: Decision
    request: Request
    stamp: Stamp
    note: str = ""


class _Writer:
    """Makes the bytes of entries; what many entries share is written once."""

    LIMIT: Final = 4096

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder(enc_hook=str).encode
        self._seen: dict[int, tuple[Decision, str]] = {}
        self._requests: dict[tuple[Any, ...], tuple[Agent, Run, User, str]] = {}
        self._last: tuple[Any, ...] = (None,) * 8
        self._second = -1.0
        self._prefix = ""

    def body(self, entry: Entry) -> bytes:
        """Write an entry as one JSON object."""
        decision, request, stamp, note = entry.decision, entry.request, entry.stamp, entry.note
        number = f"{stamp.prefix}{stamp.number:08x}"
        call = f'"act_{number}"' if request.id is None else self._text(request.id)
        more = "" if request.cost is None else f'"cost":"{request.cost}",'
        if note:
            more += f'"note":{self._text(note)},'
        second = stamp.moment // 1
        if second != self._second:
            self._turn(stamp, second)
        moment = f"{self._prefix}{(stamp.moment - second) * 1e6 // 1:06.0f}Z" if self._prefix else ""
        return (
            f'{{"decision_id":"dec_{number}","timestamp":"{moment}","evaluation_us":{stamp.micros},'
            f'"policy_digest":"{decision.policy_digest or stamp.digest}",{_VERSION}'
            f'"action_id":{call},{more}"request":{{"tool":{self._text(request.tool)},{self._who(request)}}},{self._fixed(decision)}'
        ).encode()

    def _text(self, value: str | None) -> str:
        data: bytes = self._encode(value)
        return data.decode()

    def _turn(self, stamp: Stamp, second: float) -> None:
        """Write the second that many moments share."""
        self._second = second
        self._prefix = msgspec.structs.replace(stamp, moment=second).timestamp[:-7]

    def _who(self, request: Request) -> str:
        """Write who acts; the objects that many requests of a session share are looked up, not written again."""
        agent, run = request.agent, request.session
        last = self._last
        if (
            last[0] is agent and last[1] is run and last[2] is request.user and last[3] == request.kind
            and last[4] == request.phase and last[5] == request.model and last[6] == request.environment
        ):  # fmt: skip
            known: str = last[7]
            return known
        key = (id(agent), id(run), request.kind, request.phase, request.model, request.environment)
        held = self._requests.get(key)
        if held is None or held[0] is not agent or held[1] is not run or held[2] is not request.user:
            held = self._requests[key] = (agent, run, request.user, self._written(request))
        self._last = (*held[:3], request.kind, request.phase, request.model, request.environment, held[3])
        return held[3]

    def _written(self, request: Request) -> str:
        if len(self._requests) >= self.LIMIT:
            self._requests.clear()
        agent = request.agent
        values = (
            request.kind, request.phase, request.model, agent.id, agent.team, request.user.id, request.session.id, request.environment,
        )  # fmt: skip
        who = {name: value for name, value in zip(_REQUEST, values, strict=True) if value is not None}
        return self._encode(who)[1:-1].decode()

    def _fixed(self, decision: Decision) -> str:
        held = self._seen.get(id(decision))
        if held is not None:
            return held[1]
        fields = {name: value for name, value in decision.to_dict().items() if name not in _MOMENT and _says(value)}
        fields["matched"] = [
            {name: value for name, value in match.items() if _says(value)} for match in fields.get("matched", ())
        ]
        if fields.get("message") == fields["reason"]:
            del fields["message"]
        data = self._encode(fields)[1:].decode()
        if len(self._seen) >= self.LIMIT:
            self._seen.clear()
        self._seen[id(decision)] = (decision, data)
        return data


def _says(value: Any) -> bool:
    """Tell whether a field says anything; a number and a truth always do."""
    return bool(value) and value != _NO_LABELS if isinstance(value, (str, list, dict)) else value is not None


_NO_LABELS: Final[dict[str, list[str]]] = {"add": [], "remove": []}
_VERSION: Final = f'"engine_version":"{__version__}",'
_MOMENT: Final = ("decision_id", "action_id", "timestamp", "evaluation_us", "policy_digest", "engine_version")


_REQUEST: Final = ("kind", "phase", "model", "agent", "team", "user", "session", "environment")


def writer() -> _Writer:
    """Make a writer of entries."""
    return _Writer()
