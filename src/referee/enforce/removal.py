"""Carrying out what ``modify`` and ``redact`` rules say, on the values themselves.

Rule 1: what cannot be changed or removed as decided is an error; the caller refuses the action.
Rule 2: where two rules remove at one place in different styles, the style that leaves least is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from referee.model.decision import Decision
from referee.model.facts import Fact, Finding
from referee.model.names import Style
from referee.model.programs import Redact
from referee.model.request import ABSENT, Request
from referee.model.value import Path

_LEAST_FIRST: Final[tuple[Style, ...]] = ("remove", "placeholder", "hash", "pseudonym", "mask")
_ROOTS: Final = ("args", "result", "text", "url")
_AGAIN: Final = "again/"
_FIELD: Final = "[REDACTED:field]"


def as_it_runs(decision: Decision, request: Request, facts: Mapping[str, Fact], salt: bytes) -> Request:
    """Return the request with every change and removal of the decision made.

    Raises:
        Exception: something could not be changed or removed.
    """
    if decision.modifications:
        from referee.engine.modify import apply_changes  # start-up time: loaded with the engine

        request = msgspec.structs.replace(request, args=apply_changes(request.args, decision.modifications))
    redacts = [rule.redact for rule in decision.rules if rule.action == "redact" and rule.redact is not None]
    if not redacts or not decision.redactions:
        return request
    values = {root: getattr(request, root) for root in _ROOTS}
    changed = _without_findings(values, redacts, _latest(facts, changed=bool(decision.modifications)), salt)
    for redact in redacts:
        for field in redact.fields:
            if changed.get(field.root, ABSENT) not in (ABSENT, None):
                changed[field.root] = _without_field(changed[field.root], field.path)
    return msgspec.structs.replace(request, **changed)


def _latest(facts: Mapping[str, Fact], *, changed: bool) -> Mapping[str, Fact]:
    if not changed:
        return facts
    return {name.removeprefix(_AGAIN): fact for name, fact in facts.items() if name.startswith(_AGAIN)}


def _without_findings(
    values: dict[str, Any], redacts: Sequence[Redact], facts: Mapping[str, Fact], salt: bytes
) -> dict[str, Any]:
    from referee.engine.redaction import affected  # start-up time: loaded with the engine
    from referee.scanners.redact import redact as take_out  # start-up time: only redacting policies need it

    styles: dict[str, Style] = {}
    found: dict[Finding, None] = {}
    for rule in redacts:
        for finding in affected(rule, facts):
            found[finding] = None
            held = styles.get(finding.path)
            if held is None or _LEAST_FIRST.index(rule.style) < _LEAST_FIRST.index(held):
                styles[finding.path] = rule.style
    for style in dict.fromkeys(styles.values()):
        chosen = [finding for finding in found if styles[finding.path] == style]
        for root, value in values.items():
            here = [finding for finding in chosen if _root(finding.path) == root]
            if here:
                values[root], _ = take_out(value, here, style, root, salt)
    return values


def _root(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def _without_field(value: Any, path: Path) -> Any:
    """Copy a value with what stands at a path blanked; text stays text, and lists and mappings keep their shape."""
    if not path or path[0] == "**":
        return _blank(value)
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        hit = value if step == "*" else (step,) if step in value else ()
        return {key: _without_field(member, rest) if key in hit else member for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_field(member, rest) if step in ("*", at) else member for at, member in enumerate(value)]
    return value


def _blank(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _blank(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_blank(member) for member in value]
    return _FIELD if isinstance(value, str) else None
