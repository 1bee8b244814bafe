"""Why rules came out as they did for one request, by the facts of the decision itself.

Rule 1: nothing is consumed; a fact that the decision did not need is gathered now.
Rule 2: a value in which a scanner finds something is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from referee.enforce.gather import Gathering
from referee.engine.conditions import facts_of
from referee.engine.evaluate import Need, tier_of
from referee.engine.explain import Line, explain
from referee.model.facts import Fact
from referee.model.programs import Rule
from referee.scanners.builtin import builtin


def tests_of(rule: Rule, gathering: Gathering) -> tuple[Line, ...]:
    """Explain every test of a rule; of several files that one for which most holds."""
    views = list(views_of(rule, gathering))
    return max(views, key=lambda view: sum(line.outcome == "holds" for line in view))


def views_of(rule: Rule, gathering: Gathering) -> Iterator[tuple[Line, ...]]:
    """Explain every test of a rule, for one file after the other, as rules look at them."""
    facts = _facts_of(rule, gathering)
    for each in _files(facts):
        yield explain(rule, gathering.request, each, masked=_is_sensitive)


def _facts_of(rule: Rule, gathering: Gathering) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for name in sorted({*facts_of(rule.when, rule.timezone), *facts_of(rule.unless, rule.timezone)}):
        facts.update(gathering.answer(Need((name,), tier_of(name), gathering.request)))
    return facts


def _files(facts: dict[str, Fact]) -> Iterator[Mapping[str, Fact]]:
    files = facts.get("file")
    if not isinstance(files, tuple) or len(files) < 2:
        yield facts
        return
    for file in files:
        yield {**facts, "file": (file,)}  # type: ignore[dict-item]  # the members of a file fact are files


def _is_sensitive(_path: str, text: str) -> bool:
    return any(True for name in ("pii", "secret") for _ in builtin()[name].scan(text))
