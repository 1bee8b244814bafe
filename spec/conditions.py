"""What a condition sees and when it holds: true, false, or in error.

Rule 1: an attribute is a value, several values, absent, or not to be known; the four are never confused.
Rule 2: ``exists`` and ``missing`` are never in error. Everything else is, where what it looks at cannot be known.
Rule 3: an absent value makes a test false before any negation, and an error in a rule that names its tool or kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

import columns
from operators import NEGATIVE, POSITIVE, WHOLE, Error, Truth, both, either, negated, runs
from referee.model.facts import Fact, Facts, Failed, FileFacet, Finding, Origins, ShellFacet, ToolFacet
from referee.model.names import COUNTERS, SHAPES
from referee.model.programs import All, Any_, Attribute, Condition, Not, Pieces, Scan, Test
from referee.model.request import ABSENT, Request
from referee.model.value import TooBig, reach, show_path, strings

SETS: Final = (
    "agent.tags", "user.roles", "session.labels", "permissions",
    "file.classes", "shell.programs", "shell.effects", "shell.paths", "shell.hosts",
    "sql.operations", "sql.functions", "sql.tables", "sql.columns",
)  # fmt: skip
JSON: Final = ("args", "result", "context", "signals")
FACETS: Final = ("http", "file", "shell", "sql")
ORIGINS: Final = ("from", "from_only", "never_from")


# ── what a test looks at ─────────────────────────────────────────────────────────────────────────────────────────────


class World(msgspec.Struct, frozen=True):
    """All that a condition can see: the request, the facts, and the one file it is evaluated for."""

    request: Request
    facts: Facts
    timezone: str
    named: bool
    again: bool = False
    file: FileFacet | None = None

    def fact(self, name: str) -> Fact:
        """Give a fact; after a modify, those that depend on the request are asked for anew."""
        renewed = self.again and (name in (*FACETS, "tool") or name.startswith(("scan.", "labels.")))
        return self.facts.get(f"again/{name}" if renewed else name, Failed("not gathered"))


class Seen(msgspec.Struct, frozen=True):
    """What stands at an attribute: one value, or several that are looked at one by one."""

    values: tuple[Any, ...]
    many: bool = False


def look(attribute: Attribute, world: World) -> Seen | Error | None:
    """Find what an attribute names: ``None`` if it is absent, an error if it cannot be known."""
    root, request = attribute.root, world.request
    if root in JSON:
        return look_into(attribute, getattr(request, root))
    if root == "text":
        return texts(request)
    if root == "counter":
        return of_fact(world.fact(counter_fact(attribute, world.timezone)))
    if root == "tool.canonical":
        return None if request.tool is None else of_fact(world.fact("tool") or ToolFacet())
    head, _, rest = root.partition(".")
    if head == "time":
        return within_fact(root, world.fact(f"time@{world.timezone}"), rest)
    if head == "file":
        whole = world.fact("file")
        return within_fact(root, whole if isinstance(whole, Failed) else world.file, rest)
    if head == "sql" and root not in SETS:
        return part_of_sql(world.fact(head), rest)
    if head in FACETS:
        return within_fact(root, world.fact(head), rest)
    return inside(root, request, root)


def part_of_sql(fact: Any, part: str) -> Seen | Error | None:
    """See what is said of a SQL text as a whole."""
    if isinstance(fact, Failed) or fact is None or not part:
        return of_fact(fact)
    value = columns.value_of(fact, part)
    return value if isinstance(value, Error) else None if value is None else Seen((value,))


def look_into(attribute: Attribute, value: Any) -> Seen | Error | None:
    """Walk a path into JSON. With ``*`` there may be several values, with ``**`` also none at all."""
    if value is ABSENT:
        return None
    try:
        values = tuple(reach(value, attribute.path))
    except TooBig:
        return Error(f"`{show_path(attribute.root, attribute.path)}` is too big")
    if "*" in attribute.path or "**" in attribute.path:
        return Seen(values, many=True) if values or attribute.path[-1] == "**" else None
    return Seen(values) if values else None


def texts(request: Request) -> Seen | Error:
    """Collect every string of the request: what goes in before the action, what came out after it."""
    pre = request.phase == "pre"
    value: Any = request.args if pre else request.result
    more = (request.text, request.url) if pre else (request.text,)
    try:
        found = [] if value is ABSENT else [text for _, text, _ in strings(value, "")]
    except TooBig:
        return Error("`text` is too big")
    return Seen((*found, *(text for text in more if text is not None)), many=True)


def of_fact(fact: Any) -> Seen | Error | None:
    """See a fact as a value."""
    if isinstance(fact, Failed):
        return Error(fact.reason)
    return None if fact is None else Seen((fact,))


def within_fact(root: str, fact: Any, path: str) -> Seen | Error | None:
    """See one part of a fact: of the clock or a facet."""
    if isinstance(fact, Failed):
        return Error(fact.reason)
    if fact is None:
        return None
    return inside(root, fact, path) if path else Seen((fact,))


def inside(root: str, thing: Any, path: str) -> Seen | None:
    """Follow dotted names through records."""
    for name in path.split("."):
        thing = getattr(thing, name)
    if root in SETS:
        thing = thing() if callable(thing) else thing
        return Seen(tuple(member for member in thing if member is not None), many=True)
    return None if thing is None else Seen((thing,))


def counter_fact(attribute: Attribute, timezone: str) -> str:
    """Name the fact of a counter: those of the calendar have a time zone."""
    name = str(attribute.path[0])
    return f"counter.{name}@{timezone}" if COUNTERS.get(name) else f"counter.{name}"


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def holds(condition: Condition, world: World) -> Truth:
    """Say whether a condition holds: true, false or in error."""
    match condition:
        case All(parts):
            return both(holds(part, world) for part in parts)
        case Any_(parts):
            return either(holds(part, world) for part in parts)
        case Not(part):
            return negated(holds(part, world))
        case Test():
            return tested(condition, world)


def tested(test: Test, world: World) -> Truth:
    """Say whether one comparison holds."""
    seen = look(test.attribute, world)
    if test.op in {"exists", "missing"}:
        nothing = isinstance(seen, Seen) and all(isinstance(one, ToolFacet) and not one.readings for one in seen.values)
        present = isinstance(seen, Seen) and not nothing
        return present == (bool(test.operand) == (test.op == "exists"))
    shown = show_path(test.attribute.root, test.attribute.path)
    if seen is None:
        known = world.named and test.attribute.root not in {"tool", "tool.canonical", "kind", "phase"}
        return Error(f"`{shown}` is absent") if known else False
    if isinstance(test.operand, Scan):
        return scanned(test.operand, test.attribute, seen, world)
    if isinstance(seen, Error):
        return seen
    if test.op in ORIGINS:
        return came(test, world.fact(f"labels.{shown}"))
    if test.op in {"reads", "writes"}:
        return columns.touched(seen.values[0], test.operand, write=test.op == "writes")
    if test.attribute.root.startswith("sql.") and test.attribute.root in SETS:
        return named_in_sql(test, world)
    if test.op == "runs":
        return run_by(seen.values[0], test.operand)
    positive = POSITIVE[NEGATIVE.get(test.op, test.op)]
    if test.attribute.root == "tool.canonical":
        truth = called(seen.values[0], lambda name: positive(name, test.operand))
    elif test.attribute.root in SETS and NEGATIVE.get(test.op, test.op) in WHOLE:
        truth = positive(seen.values, test.operand)
    else:
        truth = either(positive(value, test.operand) for value in seen.values)
    truth = doubted(test.attribute.root, truth, world)
    return negated(truth) if test.op in NEGATIVE else truth


def came(test: Test, origins: Fact) -> Truth:
    """Judge where the strings and numbers at or below an attribute came from."""
    operand: Any = test.operand.labels if isinstance(test.operand, Pieces) else test.operand
    labels = set(operand) if isinstance(operand, tuple) else {operand}
    shapes = test.operand.shapes if isinstance(test.operand, Pieces) else SHAPES
    if not isinstance(origins, Origins):
        return Error(origins.reason if isinstance(origins, Failed) else "where the value came from is not known")
    lost = Error("not all of the label is remembered") if labels & set(origins.lost) else False
    if test.op == "never_from":
        return any(piece.label in labels and piece.how in shapes for piece in origins.pieces) or lost
    shaped = [word.labels for word in origins.shaped if word.how in shapes]
    every = all(labels & set(word) for word in (shaped if isinstance(test.operand, Pieces) else origins.words)) or lost
    return negated(every) if test.op == "from_only" else every


def called(tool: ToolFacet, fits: Callable[[str], Truth]) -> Truth:
    """Say whether a tool is what is asked for: in every meaning of the call, and only if the tool is surely known."""
    truths = [either(fits(name) for name in names) for names in tool.readings]
    if all(truth is False for truth in truths):
        return False
    if all(truth is True for truth in truths) and tool.sure:
        return True
    return Error("what the tool is cannot be said for certain")


def named_in_sql(test: Test, world: World) -> Truth:
    """Judge the names in a SQL text, and again with those that may be in it: where that differs, it cannot be said."""
    facet: Any = world.fact("sql")
    part, positive = test.attribute.root[4:], NEGATIVE.get(test.op, test.op)

    def judged(*, possible: bool) -> Truth:
        names = columns.names_of(facet, part, test.operand, possible=possible)
        if positive in WHOLE:
            return POSITIVE[positive](names, test.operand)
        return either(POSITIVE[positive](name, test.operand) for name in names)

    truth = judged(possible=False)
    settled = truth is True and not positive.startswith("count")
    if not settled and (not columns.sure(facet, part, test.op) or judged(possible=True) != truth):
        return columns.UNSURE
    return negated(truth) if test.op in NEGATIVE else truth


def scanned(scan: Scan, attribute: Attribute, seen: Seen | Error, world: World) -> Truth:
    """Say whether a scanner found something at an attribute or below it."""
    findings = world.fact(f"scan.{scan.scanner}")
    if isinstance(findings, Failed):
        return Error(findings.reason)
    if isinstance(seen, Error) and attribute.root != "text":
        return seen
    found = any(
        at_or_below(attribute, finding.path)
        and (not scan.kinds or finding.kind in scan.kinds)
        and Decimal(repr(finding.score)) >= scan.min_score.value
        for finding in found_by(findings)
    )
    return found == scan.wanted


def found_by(fact: Fact) -> tuple[Finding, ...]:
    """Give the findings of a fact; a scanner with nothing to scan has none."""
    return tuple(finding for finding in fact if isinstance(finding, Finding)) if isinstance(fact, tuple) else ()


def at_or_below(attribute: Attribute, path: str) -> bool:
    """Say whether a finding's path is an attribute's or below it.

    >>> at_or_below(Attribute("args", ("to", "*")), "args.to[2].name"), at_or_below(Attribute("args", ("t",)), "args.to")
    (True, False)
    """
    if attribute.root == "text":
        return True
    if path != attribute.root and not path.startswith((f"{attribute.root}.", f"{attribute.root}[")):
        return False
    here = [path[len(attribute.root) :]]
    for step in attribute.path:
        if step != "**":
            here = [rest for place in here for rest in steps_off(place, step)]
    return any(rest == "" or rest[0] in ".[" for rest in here)


def steps_off(place: str, step: str | int) -> Iterator[str]:
    """Take one step off the front of a written path, in every way it can be read."""
    if step == "*":
        ends = [at for at in range(2, len(place) + 1) if at == len(place) or place[at] in ".["]
        yield from (place[at:] for at in ends)
        return
    written = f"[{step}]" if isinstance(step, int) else f".{step}"
    if place.startswith(written):
        yield place[len(written) :]


def run_by(shell: Any, pattern: Any) -> Truth:
    """Say whether some command of a shell text is what the pattern describes."""
    patterns = pattern if isinstance(pattern, tuple) else (pattern,)
    hidden = () if shell.complete else (Error("a command is not known"),)
    return either([*(runs(command.words, one) for command in shell.commands for one in patterns), *hidden])


def doubted(root: str, truth: Truth, world: World) -> Truth:
    """Turn "no" into "cannot be said" where a shell text is not known in the part that is asked for."""
    if truth is True or root not in {"shell.effects", "shell.programs", "shell.paths", "shell.hosts"}:
        return truth
    shell = world.fact("shell")
    assert isinstance(shell, ShellFacet)
    known = shell.complete if root in {"shell.effects", "shell.programs"} else shell.resolved
    return truth if known else Error("the shell text is not resolved")


def tests_of(condition: Condition) -> Iterator[Test]:
    """List every test of a condition."""
    match condition:
        case All(parts) | Any_(parts):
            for part in parts:
                yield from tests_of(part)
        case Not(part):
            yield from tests_of(part)
        case Test():
            yield condition
