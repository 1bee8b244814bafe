"""Which values a ``redact`` removes: counted here from findings, carried out where the values are.

Rule 1: what must be removed and cannot be known is ``Unknown``: the action is denied.
Rule 2: a key of a mapping can be a secret too; where it is, or is no plain name, the place is told without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from referee.model.decision import Redaction
from referee.model.facts import Fact, Failed, Finding
from referee.model.programs import Attribute, Redact, Rule
from referee.model.request import ABSENT, Request
from referee.model.value import TooBig, reach, show_path

LEAST_SCORE: Final = 0.5
BOTH: Final = ("pii", "secret")
_LONGEST_NAME: Final = 40
_PLAIN_NAME: Final = re.compile("[A-Za-z]{1,20}(?:[_-][A-Za-z]{1,20})*[0-9]{0,2}|[0-9]{1,4}")
_POSITION: Final = re.compile(r"\[\d+\]")


class Unknown(Exception):  # noqa: N818 - an answer, not a fault
    """What must be removed cannot be known; the text says why."""


def scanners_of(redact: Redact) -> tuple[str, ...]:
    """Return the scanners whose findings a redact removes."""
    if redact.scanners or (redact.fields and not redact.kinds):
        return redact.scanners
    return BOTH


def affected(redact: Redact, facts: Mapping[str, Fact]) -> list[Finding]:
    """Return the findings a redact removes.

    Raises:
        Unknown: a scanner failed.
    """
    found: list[Finding] = []
    for scanner in scanners_of(redact):
        findings = facts.get(f"scan.{scanner}")
        if isinstance(findings, Failed):
            raise Unknown(f"what must be redacted cannot be known: {findings.reason}")
        for finding in findings if isinstance(findings, tuple) else ():
            wanted = isinstance(finding, Finding) and (not redact.kinds or finding.kind in redact.kinds)
            if wanted and isinstance(finding, Finding) and finding.score >= LEAST_SCORE:
                found.append(finding)
    return found


def redactions(rules: Iterable[Rule], request: Request, facts: Mapping[str, Fact]) -> tuple[Redaction, ...]:
    """Count what all rules remove, by place and kind; a finding that two rules remove counts once.

    Raises:
        Unknown: a scanner failed, or a value is too big to be looked through.
    """
    findings: set[Finding] = set()
    private: set[str] = set()
    counts: dict[tuple[str, str], int] = {}
    for rule in rules:
        if rule.redact is None:
            continue
        findings.update(affected(rule.redact, facts))
        private |= _private(rule.redact, facts)
        for field in rule.redact.fields:
            count = _count(field, request)
            if count:
                counts[show_path(field.root, field.path), "field"] = count
    for finding in {(f.path, f.kind, f.scanner, f.start, f.end, f.key) for f in findings}:
        place = _shown(finding[0], private), finding[1]
        counts[place] = counts.get(place, 0) + 1
    return tuple(Redaction(path, kind, count) for (path, kind), count in sorted(counts.items()))


def _private(redact: Redact, facts: Mapping[str, Fact]) -> set[str]:
    """Return the places whose very names hold what a scanner found."""
    found = [facts.get(f"scan.{scanner}") for scanner in scanners_of(redact)]
    return {f.path for fact in found if isinstance(fact, tuple) for f in fact if isinstance(f, Finding) and f.key}


def _shown(path: str, private: set[str]) -> str:
    """Return a place as it may be written down: at or below a private name only where it begins, ``args`` or ``result``."""
    below = any(path == name or path.startswith((f"{name}.", f"{name}[")) for name in private)
    names = [name for name in _POSITION.sub(".", path).split(".") if name]
    if below or not all(len(name) <= _LONGEST_NAME and _PLAIN_NAME.fullmatch(name) for name in names):
        return path.partition(".")[0].partition("[")[0]
    return path


def _count(field: Attribute, request: Request) -> int:
    value = getattr(request, field.root)
    if value is ABSENT:
        return 0
    try:
        return sum(1 for _ in reach(value, field.path))
    except TooBig:
        raise Unknown("what must be redacted cannot be known: a value is too deep or too large") from None
