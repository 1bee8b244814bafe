"""The policy language, run slowly: every sentence of ``language.md`` as the plainest code that means it.

Rule 1: this is the judge, not the product. It shares the nouns of ``referee.model`` with the engine and nothing else.
Rule 2: every rule is looked at, in the order it stands, for every request. No index, no cache, no shortcut.
Rule 3: an error never widens: a rule in error counts as matched or as not matched, whichever is stricter.

``operators`` says what an operator means on a value, ``conditions`` when a condition holds, ``changes`` how arguments
are rewritten; this file says which rules match and what comes of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

import columns
from changes import applied, distinct
from conditions import FACETS, ORIGINS, World, counter_fact, found_by, holds, look_into, tests_of
from operators import Error, Truth, both, either, glob, number
from referee.model.decision import Charge, Decision, Redaction, RuleError
from referee.model.facts import Clock, Fact, Facts, Failed, FileFacet, Grant, Rewrite, ShellFacet
from referee.model.names import STRICTNESS, Verdict
from referee.model.programs import All, Change, Condition, Limit, Not, Policies, Redact, Rule, Scan, Scope, Test
from referee.model.request import Request
from referee.model.sql import SqlChange, SqlFacet
from referee.model.value import show_path

OF_ACCESSES: Final = {"sql", "sql.operations", "sql.functions", "sql.tables", "sql.columns"}
PLAIN_NAME: Final = re.compile("[A-Za-z]{1,20}([_-][A-Za-z]{1,20})*[0-9]{0,2}|[0-9]{1,4}")
LIMITED_CALLS: Final = ("tool_call", "http_request", "model_call")


# ── rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def fits(scope: Scope, request: Request) -> bool:
    """Say whether a request is in a scope. An absent value fits nothing."""
    agent = request.agent
    sides: tuple[tuple[tuple[str, ...], Iterable[str | None]], ...] = (
        (scope.agents, [agent.id]),
        (scope.tags, agent.tags),
        (scope.teams, [agent.team]),
        (scope.roles, [agent.role, *request.user.roles]),
        (scope.users, [request.user.id]),
        (scope.owners, [agent.owner]),
        (scope.environments, [request.environment]),
    )
    return all(
        not patterns or any(value is not None and glob(value, pattern) for value in values for pattern in patterns)
        for patterns, values in sides
    )


def applies(part: Rule | Limit, request: Request) -> bool:
    """Say whether a rule or limit is on and meant for this request, before its condition is looked at."""
    phases = part.phases if isinstance(part, Rule) else ("pre",)
    kinds = part.kinds or (LIMITED_CALLS if isinstance(part, Limit) and part.measure == "calls" else ())
    return (
        part.mode != "off"
        and request.phase in phases
        and (not kinds or request.kind in kinds)
        and all(fits(scope, request) for scope in part.scopes)
    )


def condition_of(part: Rule | Limit) -> Condition:
    """Join what must hold and what must not."""
    return All((part.when, Not(part.unless))) if isinstance(part, Rule) else part.when


def truth_of(part: Rule | Limit, request: Request, facts: Facts, *, again: bool) -> Truth:
    """Say whether an applicable rule matches. One that speaks of files is asked once for each file.

    A grant has to hold for all files, and, if it speaks of commands, for each command of a shell text alone.
    """
    condition = condition_of(part)
    world = World(request, facts, part.timezone, part.named, again)
    grant = isinstance(part, Rule) and part.action == "allow"
    worlds = [world]
    hidden: list[Truth] = []
    shell = world.fact("shell")
    of_commands = grant and any(is_command(test) for test in tests_of(condition))
    if of_commands and isinstance(shell, Failed):
        hidden = [Error(shell.reason)]
    if of_commands and isinstance(shell, ShellFacet) and shell.commands:
        name = "again/shell" if again else "shell"
        alone = [msgspec.structs.replace(shell, commands=(command,)) for command in shell.commands]
        worlds = [msgspec.structs.replace(world, facts={**facts, name: one}) for one in alone]
        hidden = [] if shell.complete else [Error("a command is not known")]
    sql = world.fact("sql")
    roots = {test.attribute.root for test in tests_of(condition)} & OF_ACCESSES if grant else set()
    if roots and isinstance(sql, Failed):
        hidden.append(Error(sql.reason))
    if roots and isinstance(sql, SqlFacet) and sql.accesses:
        name = "again/sql" if again else "sql"
        views = columns.alone(sql, functions="sql.functions" in roots)
        worlds = [msgspec.structs.replace(one, facts={**one.facts, name: view}) for one in worlds for view in views]
        whole = sql.parsed if roots & {"sql", "sql.tables", "sql.columns"} else sql.complete
        hidden += [] if whole else [Error("a statement is not known")]
    files = world.fact("file")
    if isinstance(files, tuple) and files and any(is_file(test) for test in tests_of(condition)):
        facets = [file for file in files if isinstance(file, FileFacet)]
        worlds = [msgspec.structs.replace(one, file=file) for one in worlds for file in facets]
    join = both if grant else either
    return both([in_force(part, facts), join([holds(condition, one) for one in worlds] + hidden)])


def is_command(test: Test) -> bool:
    """Say whether a test is about single commands."""
    return test.attribute.root in {"shell", "shell.commands", "shell.programs"}


def is_file(test: Test) -> bool:
    """Say whether a test is about files."""
    return test.attribute.root.startswith("file.")


def in_force(part: Rule | Limit, facts: Facts) -> Truth:
    """Say whether a rule has not expired. From its date on it is off."""
    if isinstance(part, Limit) or not part.expires:
        return True
    clock = facts.get(f"time@{part.timezone}", Failed("not gathered"))
    return part.expires > clock.date if isinstance(clock, Clock) else Error("the time is not known")


def facts_of(part: Rule | Limit, *, again: bool) -> Iterator[str]:
    """Name every fact that a rule or limit mentions."""
    if isinstance(part, Limit):
        yield f"limit.{part.full}"
    elif part.expires:
        yield f"time@{part.timezone}"
    for test in tests_of(condition_of(part)):
        head = test.attribute.root.partition(".")[0]
        prefix = "again/" if again else ""
        if isinstance(test.operand, Scan):
            yield f"{prefix}scan.{test.operand.scanner}"
        elif test.op in ORIGINS:
            yield f"{prefix}labels.{show_path(test.attribute.root, test.attribute.path)}"
        elif head == "time":
            yield f"time@{part.timezone}"
        elif head == "counter":
            yield counter_fact(test.attribute, part.timezone)
        elif head in FACETS or test.attribute.root == "tool.canonical":
            yield f"{prefix}{head}"


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def amount_of(limit: Limit, request: Request) -> Decimal:
    """Say how much of a limit the request would use."""
    if limit.measure == "calls":
        return Decimal(1)
    if limit.measure == "spend":
        return request.cost or Decimal(0)
    return Decimal((request.tokens.input or 0) + (request.tokens.output or 0))


def fired(limit: Limit, amount: Decimal, fact: Fact) -> Iterator[Rule]:
    """Make the rules of a limit that is exceeded or has reached a threshold. What is not known counts as exceeded."""
    used = number(fact)
    if not isinstance(used, Decimal):
        yield as_rule(limit, "deny", limit.message)
        return
    if used + amount > limit.cap.value:
        yield as_rule(limit, limit.action, limit.message)
    for threshold in limit.thresholds:
        if used + amount >= threshold.at.value:
            yield as_rule(limit, threshold.action, threshold.message or limit.message)


def as_rule(limit: Limit, action: Any, message: str) -> Rule:
    """Speak of a limit as a rule."""
    return Rule(
        id=limit.id,
        file=limit.file,
        source=limit.source,
        action=action,
        layer=limit.layer,
        mode=limit.mode,
        severity=limit.severity,
        name=limit.name,
        message=message,
        approvers=limit.approvers,
    )


# ── combining ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Ballot(msgspec.Struct):
    """What the rules of one layer say about one request."""

    matched: list[Rule] = msgspec.field(default_factory=list)
    doubtful: list[Rule] = msgspec.field(default_factory=list)
    tightening: list[Rule] = msgspec.field(default_factory=list)
    impossible: list[Rule] = msgspec.field(default_factory=list)
    would_have: list[Rule] = msgspec.field(default_factory=list)
    errors: list[RuleError] = msgspec.field(default_factory=list)
    charges: list[Charge] = msgspec.field(default_factory=list)
    facts: set[str] = msgspec.field(default_factory=set)


def cast(ballot: Ballot, rule: Rule, truth: Truth) -> None:
    """Count one rule: matched, not matched, or in error and then whatever is stricter."""
    if isinstance(truth, Error) and rule.mode == "enforce":
        ballot.errors.append(RuleError(rule.id, rule.source, truth.why))
    if truth is False or (truth is not True and rule.action == "allow"):
        return
    if truth is not True and rule.labels is not None:
        rule = msgspec.structs.replace(rule, labels=msgspec.structs.replace(rule.labels, remove=(), sure=False))
    if rule.mode == "observe":
        ballot.would_have.append(rule)
    elif truth is True:
        ballot.matched.append(rule)
    elif rule.action == "require_approval":
        ballot.doubtful.append(rule)
    elif rule.action in {"modify", "redact"}:
        ballot.impossible.append(rule)
    elif rule.action in {"deny", "terminate"} and rule.on_error == "require_approval":
        ballot.tightening.append(rule)
    else:
        ballot.matched.append(rule)


def counts(part: Rule | Limit, truth: Truth) -> bool:
    """Say whether a decision rests on a rule or limit: it matched, would have matched, or is in error."""
    if isinstance(part, Rule) and part.mode == "observe" and part.action == "allow":
        return truth is True
    return truth is not False


def charge(ballot: Ballot, limit: Limit, request: Request, facts: Facts, truth: Truth) -> None:
    """Count one limit that applies: the rules it makes, and what it is to be charged."""
    fact = facts.get(f"limit.{limit.full}", Failed("not gathered"))
    amount = amount_of(limit, request)
    why = truth.why if isinstance(truth, Error) else fact.reason if isinstance(fact, Failed) else ""
    if why and limit.mode == "enforce":
        ballot.errors.append(RuleError(limit.id, limit.source, why))
    for rule in fired(limit, amount, fact):
        if rule.mode == "observe":
            ballot.would_have.append(rule)
        elif rule.action == "require_approval":
            ballot.tightening.append(rule)
        else:
            ballot.matched.append(rule)
    if limit.mode == "enforce" and amount > 0:
        ballot.charges.append(Charge(limit.full, str(amount), limit.cap.text))


def verdict_of(matched: list[Rule], default: Verdict) -> tuple[Verdict, list[Rule]]:
    """Combine the matched rules of a layer: the verdict, and the rules that gave it."""
    for action in ("terminate", "deny"):
        strict = [rule for rule in matched if rule.action == action]
        if strict:
            return max(strict[0].action, default, key=lambda v: v == "terminate"), strict  # type: ignore[return-value]
    rivals = [rule for rule in matched if rule.action in {"allow", "require_approval"}]
    if not rivals:
        return default, []
    top = max((rule.priority, rule.specificity) for rule in rivals)
    deciding = [rule for rule in rivals if (rule.priority, rule.specificity) == top]
    approvals = [rule for rule in deciding if rule.action == "require_approval"]
    return ("require_approval", approvals) if approvals else ("allow", deciding)


def settled(ballot: Ballot, default: Verdict) -> tuple[Verdict, list[Rule]]:
    """Give a layer's verdict, with every approval rule in error counted the stricter way."""
    verdict, deciding = verdict_of(ballot.matched, default)
    asked, asking = verdict_of([*ballot.matched, *ballot.doubtful], default)
    if STRICTNESS[asked] > STRICTNESS[verdict]:
        verdict, deciding = asked, asking
        ballot.matched.extend(rule for rule in ballot.doubtful if rule in asking)
    if verdict == "allow" and ballot.tightening:
        verdict, deciding = "require_approval", list(ballot.tightening)
    return verdict, deciding


class Round(msgspec.Struct):
    """What all layers say about one request."""

    verdict: Verdict = "allow"
    deciding: list[Rule] = msgspec.field(default_factory=list)
    ballots: list[Ballot] = msgspec.field(default_factory=list)

    def united(self, part: str) -> list[Any]:
        """Unite one part of what the layers say."""
        return [item for ballot in self.ballots for item in getattr(ballot, part)]

    @property
    def rules(self) -> list[Rule]:
        """All rules that count, of every layer."""
        return self.united("matched") + self.united("tightening") + self.united("impossible")


def held(policies: Policies, request: Request, facts: Facts, *, again: bool = False) -> Round:
    """Ask every rule and limit of every layer, and let the strictest layer win."""
    outcome = Round()
    for position, layer in enumerate(policies.layers):
        ballot = Ballot()
        parts: tuple[Rule | Limit, ...] = (*policies.rules, *policies.limits)
        for part in parts:
            if part.layer == position and applies(part, request):
                truth = truth_of(part, request, facts, again=again)
                if counts(part, truth):
                    ballot.facts.update(facts_of(part, again=again))
                if isinstance(part, Rule):
                    cast(ballot, part, truth)
                elif truth is not False:
                    charge(ballot, part, request, facts, truth)
        default: Verdict = layer.defaults.get(request.kind, "deny") if request.phase == "pre" else "allow"
        verdict, deciding = settled(ballot, default)
        outcome.ballots.append(ballot)
        if STRICTNESS[verdict] > STRICTNESS[outcome.verdict]:
            outcome.verdict, outcome.deciding = verdict, deciding
        elif verdict == outcome.verdict:
            outcome.deciding = [*outcome.deciding, *deciding]
    return outcome


# ── effects ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def changes_of(rules: list[Rule], facts: Facts) -> tuple[Change, ...] | None:
    """List what the modify rules change, in the order in which it is applied; ``None`` if the SQL cannot be changed."""
    modifying = sorted((rule for rule in rules if rule.action == "modify"), key=lambda rule: (rule.file, rule.id))
    changes = [change for rule in modifying for change in rule.changes]
    for name in rewrite_of(modifying):
        fact = facts.get(name, Failed("not gathered"))
        if isinstance(fact, Rewrite):
            changes.append(Change("set", fact.path, fact.text))
        elif fact is not None:
            return None
    return distinct(changes)


def rewrite_of(rules: list[Rule]) -> list[str]:
    """Name the fact with the SQL as the rules together want it: the least limit, and without every column they drop."""
    wanted = [rule.sql for rule in rules if rule.action == "modify" and rule.sql is not None]
    limits = [one.limit for one in wanted if one.limit is not None]
    drop = tuple(sorted({column for one in wanted for column in one.drop}))
    return [SqlChange(min(limits) if limits else None, drop).fact] if wanted else []


def scanners_of(redact: Redact) -> tuple[str, ...]:
    """Say whose findings a redact removes: those of its scanners, else both if it names no field either."""
    if redact.scanners or (redact.fields and not redact.kinds):
        return redact.scanners
    return ("pii", "secret")


def redacted(rules: list[Rule], request: Request, facts: Facts, *, again: bool) -> tuple[Redaction, ...] | None:
    """Count what is to be removed, by place and kind; ``None`` if it cannot be known."""
    world = World(request, facts, "UTC", named=False, again=again)
    removed: set[tuple[str, str, str, int, int, bool]] = set()
    fields: dict[str, int] = {}
    private: set[str] = set()
    for redact in (rule.redact for rule in rules if rule.action == "redact" and rule.redact is not None):
        for scanner in scanners_of(redact):
            findings = world.fact(f"scan.{scanner}")
            if isinstance(findings, Failed):
                return None
            for found in found_by(findings):
                private |= {found.path} if found.key else set()
                if (not redact.kinds or found.kind in redact.kinds) and found.score >= 0.5:
                    removed.add((found.path, found.kind, found.scanner, found.start, found.end, found.key))
        for field in redact.fields:
            seen = look_into(field, getattr(request, field.root))
            if isinstance(seen, Error):
                return None
            if seen is not None and seen.values:
                fields[show_path(field.root, field.path)] = len(seen.values)
    counts: dict[tuple[str, str], int] = {(path, "field"): count for path, count in fields.items()}
    for path, kind, *_ in removed:
        below = any(path == name or path.startswith((f"{name}.", f"{name}[")) for name in private)
        names = [name for name in re.sub(r"\[\d+\]", ".", path).split(".") if name]
        plain = all(len(name) <= 40 and PLAIN_NAME.fullmatch(name) for name in names)
        shown = path.partition(".")[0].partition("[")[0] if below or not plain else path
        counts[shown, kind] = counts.get((shown, kind), 0) + 1
    return tuple(Redaction(path, kind, count) for (path, kind), count in sorted(counts.items()))


# ── the decision ─────────────────────────────────────────────────────────────────────────────────────────────────────


def decide(policies: Policies, request: Request, facts: Facts) -> Decision:
    """Decide one request: all layers, the changed request once more, redaction, and a grant last."""
    first = held(policies, request, facts)
    rounds, running, problem = [first], request, ""
    if first.united("impossible"):
        problem = "a change or redaction that must be made cannot be decided"
    blamed = first.united("impossible")
    pre = request.phase == "pre"
    changes = changes_of(first.united("matched"), facts) if pre else ()
    if changes is None or changes:
        args = applied(request.args, changes) if changes is not None else None
        if args is None:
            changes, problem = (), "the changes contradict each other or cannot be made"
            blamed = blamed + [rule for rule in first.united("matched") if rule.action == "modify"]
        else:
            running = msgspec.structs.replace(request, args=args)
            rounds.append(held(policies, running, facts, again=True))
            if rounds[1].united("impossible"):
                problem = problem or "a change or redaction that must be made cannot be decided"
                blamed = blamed + rounds[1].united("impossible")
    rules = [rule for outcome in rounds for rule in outcome.rules]
    certain = [rule for outcome in rounds for rule in outcome.united("matched")]
    redactions = redacted(certain, running, facts, again=running is not request)
    if redactions is None:
        redactions, problem = (), problem or "what must be redacted cannot be known"
        blamed = blamed + [rule for rule in certain if rule.action == "redact"]
    verdict: Verdict = max((outcome.verdict for outcome in rounds), key=STRICTNESS.__getitem__)
    deciding = [rule for outcome in rounds if outcome.verdict == verdict for rule in outcome.deciding]
    if problem and STRICTNESS[verdict] < STRICTNESS["deny"]:
        verdict, deciding = "deny", blamed
    used = {fact for outcome in rounds for ballot in outcome.ballots for fact in ballot.facts}
    removing = {scanner for rule in certain if rule.redact is not None for scanner in scanners_of(rule.redact)}
    used |= set(rewrite_of(first.united("matched"))) if pre else set()
    used |= {f"{'again/' if running is not request else ''}scan.{scanner}" for scanner in removing}
    grant = facts.get("grant")
    granted = grant.id if isinstance(grant, Grant) and verdict == "require_approval" else ""
    errors = {(error.source, error.id): error for outcome in rounds for error in outcome.united("errors")}
    charges = {item.limit: item for outcome in rounds for item in outcome.united("charges")}
    return Decision(
        decision="allow" if granted else verdict,
        deciding=tuple(deciding),
        rules=tuple(rules),
        would_have=tuple(rule for outcome in rounds for rule in outcome.united("would_have")),
        errors=tuple(errors[place] for place in sorted(errors)),
        problem=problem,
        modifications=changes,
        redactions=redactions,
        charges=tuple(charges[name] for name in sorted(charges)),
        facts_used=tuple(sorted(used)),
        granted=granted,
    )
