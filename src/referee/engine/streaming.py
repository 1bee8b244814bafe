"""The rules about results, made ready for a result that comes piece by piece.

Rule 1: what a rule removes does not wait for the rest: a ``redact`` that depends on the content is taken as depending on
everything else alone, so that it removes at least what it would remove from the whole.
Rule 2: every other rule is asked of each piece as if it were the result, in all phases that a result has.
"""

from __future__ import annotations

from typing import Final

import msgspec

from referee.engine.program import Program
from referee.engine.redaction import scanners_of
from referee.model.programs import ALWAYS, NEVER, All, Any_, Condition, Not, Policies, Rule, Test

_PHASE: Final = ("phase",)
_CONTENT: Final = ("result", "text", "phase")


def for_streams(program: Program) -> Program:
    """Return the program of the rules about what comes out of actions; those of ``mid`` and ``post`` are all of ``post``."""
    rules = tuple(_ready(rule) for rule in program.rules if rule.phases != ("pre",) and rule.mode != "off")
    return Program.build(
        Policies(
            layers=program.layers,
            rules=rules,
            tools=program.tools,
            scanners=program.scanners,
            on_failure=program.on_failure,
            digest=program.policies_digest,
        )
    )


def scanners_in(program: Program) -> frozenset[str]:
    """Return the scanners that a program's rules ask."""
    facts = {fact for place in range(len(program.rules)) for fact in program.compiled(place).facts}
    removing = {name for rule in program.rules if rule.redact is not None for name in scanners_of(rule.redact)}
    return frozenset({fact.removeprefix("scan.") for fact in facts if fact.startswith("scan.")} | removing)


def _ready(rule: Rule) -> Rule:
    unknown = _CONTENT if rule.action == "redact" else _PHASE
    return msgspec.structs.replace(
        rule,
        phases=("post",),
        when=_loosened(rule.when, unknown, wanted=True),
        unless=_loosened(rule.unless, unknown, wanted=False),
    )


def _loosened(condition: Condition, unknown: tuple[str, ...], *, wanted: bool) -> Condition:
    """Take each test of what is not known for what makes the condition hold, or (not ``wanted``) fail."""
    if isinstance(condition, Test):
        if condition.attribute.root not in unknown:
            return condition
        return ALWAYS if wanted else NEVER
    if isinstance(condition, Not):
        return Not(_loosened(condition.part, unknown, wanted=not wanted))
    parts = tuple(_loosened(part, unknown, wanted=wanted) for part in condition.parts)
    return All(parts) if isinstance(condition, All) else Any_(parts)
