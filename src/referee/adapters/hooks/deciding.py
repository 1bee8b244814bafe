"""Decide one event of an agent's session, in a process that knows of the others only what was remembered.

Rule 1: a session that was ended stays ended, in every process.
Rule 2: an approval is the agent's user's to give; what an approved call uses up is drawn when its result comes in.
Rule 3: what is remembered is written before the answer is given.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from referee.adapters.hooks.marked import keep, marks_of
from referee.adapters.hooks.memory import Memory, Seen, remembered
from referee.adapters.hooks.moments import CALL, PROMPT, RESULT
from referee.adapters.hooks.options import Options
from referee.adapters.hooks.protocol import Answer, Event, Host, Ruling, rule_on
from referee.enforce.compiled import Programs
from referee.enforce.meters import Meters, mentioned
from referee.enforce.outcome import Outcome
from referee.enforce.policies import Policy, home_of, place_of
from referee.enforce.session import Session
from referee.enforce.stores import boot_id
from referee.enforce.world import SYSTEM, World
from referee.engine.modify import apply_changes
from referee.facets.surroundings import Surroundings
from referee.model.decision import Decision
from referee.model.programs import Policies
from referee.model.request import ABSENT, Agent, Request, Run
from referee.state.protocol import Amount

if TYPE_CHECKING:
    from referee.enforce.marks import Marks

_OWN: Final = ("/proc/self/", "/proc/thread-self/", "/dev/fd/", "/dev/std")

MAX_ASKED: Final = 1000
"""How many calls a session remembers to have asked about; most of those that never ran are old."""


class Resumed(World):
    """The world of a session that began in another process: its clock counts from then."""

    elapsed = 0.0

    def __init__(self) -> None:
        self.number = SYSTEM.number
        self.prefix = SYSTEM.prefix
        self._clocks = {}

    def monotonic(self) -> float:
        """Tell a time that never goes back, ``elapsed`` seconds ahead."""
        return super().monotonic() + self.elapsed


def decide(host: Host, event: Event, options: Options, programs: Programs) -> Answer:
    """Decide an event and remember what follows from it. ``programs`` are the policies that were compiled before.

    Raises:
        PolicyError: the policies do not compile.
        StateError: what was remembered cannot be read or written, or not in time.
    """
    world = Resumed()
    state = state_path(host, options)
    memory = Memory(world.wall, SYSTEM.monotonic, boot_id())
    paths = [Path(path) for path in options.policies]
    until = options.until
    with remembered(state, memory, lambda: None if until is None else until - SYSTEM.monotonic()):
        place = surroundings(host, event, options.environment)
        policy = Policy.load(*paths, store=memory, cache=programs, surroundings=place, world=world)
        return host.say(event, respond(host, event, policy, memory, world)[0])


def state_path(host: Host, options: Options) -> Path:
    """Say where to remember: as told, in the project, or in the user's own folder."""
    if options.state is not None:
        return Path(options.state)
    project = _project(host, options.environment)
    if project:
        return Path(project) / ".referee" / f"{host.name}.json"
    home = options.environment.get("XDG_STATE_HOME") or f"{home_of(options.environment)}/.local/state"
    return Path(home) / "referee" / f"{host.name}.json"


def _project(host: Host, environment: Mapping[str, str]) -> str | None:
    return next((environment[name] for name in host.projects if environment.get(name)), None)


def request(host: Host, event: Event) -> Request:
    """Say what the event attempts as a request. Prompts are messages; results are the post phase of their call."""
    after, is_prompt = event.about == RESULT, event.about == PROMPT
    return Request(
        kind="message" if is_prompt else "tool_call",
        tool=None if is_prompt else event.tool,
        args=event.args,
        text=event.prompt if is_prompt else None,
        phase="post" if after else "pre",
        result=event.result if after else ABSENT,
        agent=Agent(id=host.name, role=event.agent),
        session=Run(id=event.session),
        id=event.call,
        context={"cwd": event.cwd, "permission_mode": event.mode, **({"role": "user"} if is_prompt else {})},
    )


def respond(host: Host, event: Event, policy: Policy, memory: Memory, world: Resumed) -> tuple[Ruling, Decision]:
    """Decide an event with what is remembered, and change what is remembered accordingly."""
    new = (event.session or "") not in memory.sessions
    seen = memory.session(event.session or "")
    if seen.ended:
        over = Decision("terminate", problem=f"the session is over: {seen.ended}")
        return rule_on(host, event, over, event.asked), over
    attempted = request(host, event)
    memory.repeated = name = _name_of(attempted, memory.key)
    session = policy.session(agent=attempted.agent, id=event.session, labels=seen.labels)
    world.elapsed = max(0.0, world.wall() - seen.began)
    marks = marks_of(memory, seen, policy.program.asked, new=new)
    if marks is None:
        return _answer(host, event, session, attempted, seen, policy, memory)
    session.remember(marks)
    asked = event.about == RESULT and (event.call or name) in seen.asked
    answer = _answer(host, event, session, attempted, seen, policy, memory)
    if asked:
        _let_pass(session, attempted, marks)
    keep(memory, event.session or "", seen, marks)
    return answer


def _answer(
    host: Host, event: Event, session: Session, attempted: Request, seen: Seen, policy: Policy, memory: Memory
) -> tuple[Ruling, Decision]:
    name = memory.repeated
    if event.seen_again:
        return _seen_again(host, event, session, attempted, seen)
    outcome = _decided(session, attempted, seen)
    decision = outcome.decision
    if event.about == CALL and outcome.verdict == "require_approval":
        return _question(host, event, decision, seen, name), decision
    if event.about == RESULT:
        _draw(event.call or name, seen, policy, memory, outcome.request)
    return rule_on(host, event, decision, _value(event, outcome)), decision


def _let_pass(session: Session, attempted: Request, marks: Marks) -> None:
    """Label what an approved call was made with, and endorse it, now that it has run: it was allowed after all."""
    before = msgspec.structs.replace(attempted, phase="pre", result=ABSENT)
    decision = session.evaluate(before)
    if decision.decision == "require_approval":
        marks.note(msgspec.structs.replace(decision, decision="allow"), before)


def _decided(session: Session, attempted: Request, seen: Seen) -> Outcome:
    outcome = session.decide(attempted)
    seen.labels = session.labels
    if outcome.verdict == "terminate":
        seen.ended = outcome.decision.reason
    return outcome


def _seen_again(host: Host, event: Event, session: Session, attempted: Request, seen: Seen) -> tuple[Ruling, Decision]:
    """Decide a call whose result is known, without drawing from its limits: neither may go on unless both may."""
    decision = session.evaluate(attempted)
    if decision.decision != "allow":
        return rule_on(host, event, decision, event.asked), decision
    after = msgspec.structs.replace(attempted, phase="post", result=event.result)
    outcome = _decided(session, after, seen)
    result = msgspec.structs.replace(event, about=RESULT)
    ruling = rule_on(host, result, outcome.decision, outcome.result)
    return (Ruling("nothing") if ruling.word == "grant" else ruling), outcome.decision


def surroundings(host: Host, event: Event, environment: Mapping[str, str]) -> Surroundings:
    """Describe where the agent works, which need not be where this process was started."""
    cwd = event.cwd if event.cwd and event.cwd.startswith("/") else None
    place = place_of({**environment, **({"PWD": cwd} if cwd else {})}, cwd)
    workspace = _project(host, environment) or event.workspace or cwd
    return msgspec.structs.replace(place, workspace=workspace, resolve_links=_followed)


def _followed(path: str) -> str:
    """Follow links, but for those that mean something else in each process: this one is not the agent's."""
    return path if path.startswith(_OWN) else os.path.realpath(path)


def _value(event: Event, outcome: Outcome) -> object:
    return {CALL: outcome.args, RESULT: outcome.result}.get(event.about, outcome.text)


def _question(host: Host, event: Event, decision: Decision, seen: Seen, name: str) -> Ruling:
    """Ask about the call as it would run; what cannot be shown in the question is refused."""
    if decision.redactions:
        why = "the call waits for an approval and holds what must be removed first; leave it out and try again"
        return rule_on(host, event, msgspec.structs.replace(decision, decision="deny", problem=why), event.args)
    args = apply_changes(event.args, decision.modifications) if decision.modifications else event.args
    ruling = rule_on(host, event, decision, args)
    if ruling.word == "ask":
        seen.asked[event.call or name] = [(charge.limit, charge.amount) for charge in decision.charges]
        while len(seen.asked) > MAX_ASKED:
            del seen.asked[next(iter(seen.asked))]
    return ruling


def _draw(call: str, seen: Seen, policy: Policy, memory: Memory, attempted: Request) -> None:
    """Draw what an approved call has used up, now that it has run: nobody told this program of the approval."""
    charges = seen.asked.pop(call, None)
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
