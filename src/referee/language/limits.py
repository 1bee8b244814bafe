"""One limit: fields to ``Limit``.

Rule 1: exactly one of ``spend``, ``calls``, ``tokens`` is the cap.
Rule 2: a threshold in percent is an amount once the cap is known.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from referee.language.fields import items_of, read_fields, require
from referee.language.nodes import Mapping, Node
from referee.language.problems import Flaw
from referee.language.quantities import money_of, share_of
from referee.language.rules import Place, canonical, condition_of, identify
from referee.language.traits import is_named, kinds_of
from referee.language.vocabulary import LIMIT_KEYS, THRESHOLD_KEYS
from referee.model.programs import ALWAYS, Exact, Limit, Threshold

MEASURES: Final = ("spend", "calls", "tokens")
COUNTED: Final = ("tool_call", "http_request", "model_call")
_SAME: Final = ("per", "window", "severity", "message", "name", "approvers")


def amount(number: Decimal | int) -> Exact:
    """Keep an amount as it is written.

    >>> amount(Decimal("5.00"))
    Exact(text='5.00')
    """
    return Exact(format(Decimal(number), "f"))


def read_limit(node: Node, at: int, place: Place) -> Limit:
    """Read a member of ``limits``.

    Raises:
        Flaw: it is not a mapping, or has no cap or several.
    """
    fields = read_fields(node, LIMIT_KEYS, place.frame, "a limit")
    assert isinstance(node, Mapping)
    name = identify(fields, node, f"limits[{at}]", place)
    measures = [name for name in node.entries if name in MEASURES]
    if not measures:
        raise Flaw("limit-without-cap", "a limit needs one of `spend`, `calls`, `tokens`", node)
    if len(measures) > 1:
        raise Flaw(
            "conflicting-keys",
            f"a limit has one measure, this one has {len(measures)}",
            node.entries[measures[1]][0],
            "make a limit of each",
        )
    measure: Any = measures[0]
    when = condition_of("when", fields, place.frame, ALWAYS)
    cap = Decimal(fields.get(measure, 0))
    return build(fields, node, name, place, measure=measure, cap=cap, when=when)


def build(
    fields: dict[str, Any], node: Mapping, name: str, place: Place, *,
    measure: Any, cap: Decimal, when: Any = ALWAYS, kinds: tuple[str, ...] = (),
) -> Limit:  # fmt: skip
    """Make a limit from its fields."""
    stated = kinds or kinds_of(when)
    thresholds: list[Threshold] = []
    if "thresholds" in fields:
        for item in place.problems.attempt(items_of, fields["thresholds"], "a list of thresholds") or ():
            found = place.problems.attempt(_threshold, item, cap, place)
            thresholds.extend(() if found is None else (found,))
    action = fields.get("action", "deny")
    same = {key: fields[key] for key in _SAME if key in fields}
    return Limit(
        id=name,
        file=place.file,
        source=place.source(node),
        measure=measure,
        cap=amount(cap),
        layer=place.layer,
        timezone=place.timezone,
        action=canonical(action),
        mode=fields.get("mode", place.mode),
        kinds=stated or (COUNTED if measure == "calls" else ()),
        scopes=place.scopes(fields, node),
        when=when,
        named=bool(stated) or is_named(when),
        thresholds=tuple(thresholds),
        **same,
    )


def _threshold(node: Node, cap: Decimal, place: Place) -> Threshold:
    fields = read_fields(node, THRESHOLD_KEYS, place.frame, "a threshold")
    require(fields, node, ("at", "action"), "a threshold")
    share = share_of(fields["at"]) if "at" in fields else Decimal(0)
    at = money_of(fields["at"]) if share is None else share * cap
    action = fields.get("action", "alert")
    return Threshold(amount(at.normalize() if share is not None else at), canonical(action), fields.get("message", ""))
