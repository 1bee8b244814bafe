"""Carrying out what ``modify`` and ``redact`` rules say, on the values themselves.

Rule 1: what cannot be changed or removed as decided is an error; the caller refuses the action.
Rule 2: removal comes last, on the request as it will run; where two rules remove one value in different styles, the style that
leaves least is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from referee.model.decision import Decision
from referee.model.facts import Fact, Finding
from referee.model.names import Style
from referee.model.programs import Redact
from referee.model.request import ABSENT, Request
from referee.model.value import Path

if TYPE_CHECKING:
    from referee.scanners.redact import Marked
    from referee.scanners.styles import Writer

_ROOTS: Final = ("args", "result", "text", "url")
_AGAIN: Final = "again/"


def as_it_runs(decision: Decision, request: Request, facts: Mapping[str, Fact], writer: Writer) -> Request:
    """Return the request with every change and removal of the decision made.

    Raises:
        Exception: something could not be changed or removed.
    """
    if decision.modifications:
        from referee.engine.modify import apply_changes  # start-up time: loaded with the engine

        request = msgspec.structs.replace(request, args=apply_changes(request.args, decision.modifications))
    redacts = redacts_of(decision)
    if not redacts or not decision.redactions:
        return request
    from referee.scanners.redact import redact_marked  # start-up time: only redacting policies need it

    values = {root: getattr(request, root) for root in _ROOTS}
    marked = [
        *marked_findings(redacts, _latest(facts, changed=bool(decision.modifications))),
        *_marked_fields(redacts, values),
    ]
    for root in {_root(mark.finding.path) for mark in marked}:
        values[root], _ = redact_marked(values[root], marked, writer, root)
    return msgspec.structs.replace(request, **values)


def redacts_of(decision: Decision) -> list[Redact]:
    """Return what the matched rules remove."""
    return [rule.redact for rule in decision.rules if rule.action == "redact" and rule.redact is not None]


def marked_findings(redacts: Sequence[Redact], facts: Mapping[str, Fact]) -> list[Marked]:
    """Return every finding that is removed, once, in the style that leaves least.

    Raises:
        Exception: a scanner failed.
    """
    from referee.engine.redaction import affected  # start-up time: loaded with the engine
    from referee.scanners.redact import Marked  # start-up time: only redacting policies need it
    from referee.scanners.styles import least  # as above

    styles: dict[Finding, Style] = {}
    for rule in redacts:
        for finding in affected(rule, facts):
            styles[finding] = least(styles.get(finding, rule.style), rule.style)
    return [Marked(finding, style) for finding, style in styles.items()]


def _marked_fields(redacts: Sequence[Redact], values: Mapping[str, Any]) -> Iterator[Marked]:
    """Yield each value under a removed field, as if all of it had been found."""
    from referee.scanners.redact import FIELD, WHOLE, Marked  # start-up time: only redacting policies need it

    for redact in redacts:
        for field in redact.fields:
            value = values.get(field.root, ABSENT)
            for place in () if value is ABSENT else _leaves(value, field.path, field.root):
                yield Marked(Finding(FIELD, FIELD, place, 0, WHOLE), redact.style)


def _latest(facts: Mapping[str, Fact], *, changed: bool) -> Mapping[str, Fact]:
    if not changed:
        return facts
    return {name.removeprefix(_AGAIN): fact for name, fact in facts.items() if name.startswith(_AGAIN)}


def _root(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _leaves(value: Any, path: Path, place: str) -> Iterator[str]:
    """Yield the places of all values at a path, or below it, that are no lists and no mappings."""
    below = not path or path[0] == "**"
    step, rest = ("*", ()) if below else (path[0], path[1:])
    if isinstance(value, Mapping):
        for key in value if step == "*" else (step,) if step in value else ():
            yield from _leaves(value[key], rest, f"{place}.{key}")
    elif isinstance(value, (list, tuple)):
        for at, member in enumerate(value):
            if step in ("*", at):
                yield from _leaves(member, rest, f"{place}[{at}]")
    elif below and value is not None:
        yield place
