"""Decide one event of an agent's session, in a process that knows of the others only what was remembered.

Rule 1: a session that was ended stays ended, in every process.
Rule 2: an approval is the agent's user's to give; what an approved call uses up is drawn when its result comes in.
Rule 3: what is remembered is written before the answer is given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from referee.adapters.hooks.claude_code import AGENT, Answer, Event, answer, request
from referee.adapters.hooks.memory import Memory, Seen, boot_id, remembered
from referee.enforce.meters import Meters, mentioned
from referee.enforce.outcome import Outcome
from referee.enforce.policies import Policy, here
from referee.enforce.world import World
from referee.engine.modify import apply_changes
from referee.facets.surroundings import Surroundings
from referee.model.decision import Decision
from referee.model.programs import Policies
from referee.model.request import Agent, Request
from referee.state.protocol import Amount

MAX_ASKED: Final = 1000
"""How many calls a session remembers to have asked about; most of those that never ran are old."""


class Resumed(World):
    """The world of a session that began in another process: its clock counts from then."""

    elapsed = 0.0

    def monotonic(self) -> float:
        """Tell a time that never goes back, ``elapsed`` seconds ahead."""
        return super().monotonic() + self.elapsed


def decide(event: Event, policies: Sequence[Path], state: Path, environment: Mapping[str, str]) -> Answer:
    """Decide an event and remember what follows from it.

    Raises:
        PolicyError: the policies do not compile.
        StateError: what was remembered cannot be read or written.
    """
    world = Resumed()
    memory = Memory(world.wall, World().monotonic, boot_id())
    cache = state.with_name(state.name + ".compiled")
    with remembered(state, memory):
        place = surroundings(event, environment)
        policy = Policy.load(*policies, store=memory, cache=cache, surroundings=place, world=world)
        return respond(event, policy, memory, world)[0]


def respond(event: Event, policy: Policy, memory: Memory, world: Resumed) -> tuple[Answer, Decision]:
    """Decide an event with what is remembered, and change what is remembered accordingly."""
    seen = memory.session(event.session or "")
    if seen.ended:
        over = Decision("terminate", problem=f"the session is over: {seen.ended}")
        return answer(event, over, _asked(event)), over
    attempted = request(event)
    memory.repeated = _name_of(attempted, memory.key)
    session = policy.session(agent=Agent(id=AGENT, role=event.agent), id=event.session, labels=seen.labels)
    world.elapsed = max(0.0, world.wall() - seen.began)
    outcome = session.decide(attempted)
    decision = outcome.decision
    seen.labels = session.labels
    if outcome.verdict == "terminate":
        seen.ended = decision.reason
    if event.name == "PreToolUse" and outcome.verdict == "require_approval":
        return _question(event, decision, seen), decision
    if event.name == "PostToolUse":
        _draw(event, seen, policy, memory, outcome.request)
    return answer(event, decision, _value(event, outcome)), decision


def surroundings(event: Event, environment: Mapping[str, str]) -> Surroundings:
    """Describe where the agent works, which need not be where this process was started."""
    cwd = event.cwd if event.cwd and event.cwd.startswith("/") else None
    workspace = environment.get("CLAUDE_PROJECT_DIR") or cwd
    variables = {**here().variables, **({"PWD": cwd} if cwd else {})}
    return msgspec.structs.replace(here(), cwd=cwd, workspace=workspace, variables=variables)


def _asked(event: Event) -> Any:
    return {"PreToolUse": event.args, "PostToolUse": event.result}.get(event.name, event.prompt)


def _value(event: Event, outcome: Outcome) -> Any:
    match event.name:
        case "PreToolUse":
            return outcome.args
        case "PostToolUse":
            return outcome.result
        case _:
            return outcome.text


def _question(event: Event, decision: Decision, seen: Seen) -> Answer:
    """Ask about the call as it would run; what cannot be shown in the question is refused."""
    if decision.redactions:
        why = "the call waits for an approval and holds what must be removed first; leave it out and try again"
        return answer(event, msgspec.structs.replace(decision, decision="deny", problem=why), event.args)
    if event.call is not None:
        seen.asked[event.call] = [(charge.limit, charge.amount) for charge in decision.charges]
        while len(seen.asked) > MAX_ASKED:
            del seen.asked[next(iter(seen.asked))]
    args = apply_changes(event.args, decision.modifications) if decision.modifications else event.args
    return answer(event, decision, args)


def _draw(event: Event, seen: Seen, policy: Policy, memory: Memory, attempted: Request) -> None:
    """Draw what an approved call has used up, now that it has run: nobody told this program of the approval."""
    charges = seen.asked.pop(event.call or "", None)
    if charges is None:
        return
    program = policy.program
    counted = mentioned(Policies(layers=(), rules=program.rules, limits=program.limits))
    meters = Meters(program.limits, counted)
    before = msgspec.structs.replace(attempted, phase="pre")
    drawn: dict[str, Amount] = {
        f"limit.{limit}": Decimal(amount) for limit, amount in charges if limit in meters.limits
    }
    drawn |= {name: meters.own(name, before) for name in meters.counters}
    memory.draw((meters.account(name, before, _repeat(name)), amount) for name, amount in drawn.items())


def _repeat(name: str) -> str:
    return "again" if name == "counter.repeated_calls" else ""


def _name_of(attempted: Request, key: str) -> str:
    """Name a call by tool and arguments, so that a repetition is seen by another process."""
    content = msgspec.json.encode((attempted.tool, attempted.args), order="deterministic")
    return hashlib.blake2b(content, key=bytes.fromhex(key), digest_size=16).hexdigest()
