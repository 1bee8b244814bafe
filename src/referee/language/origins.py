"""Labels of values in the language: when they are put on, and conditions that would say the opposite of what they seem to.

Rule 1: ``from_only`` and ``never_from`` hold when they are broken. Where a rule would grant because one is broken, or refuse
because one is kept, it is a flaw.
Rule 2: a label that no rule puts on values is a flaw: the condition would never, or always, hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from referee.language.names import Frame
from referee.language.nodes import Mapping
from referee.language.problems import Flaw, Problems, key_of, shorten, unknown
from referee.language.traits import AFTER, stated
from referee.model.names import PHASES
from referee.model.programs import Condition, Labels, Not, Rule, Test

_BROKEN: Final = ("from_only", "never_from")
_REFUSING: Final = ("deny", "terminate", "require_approval")


def marking(labels: Labels | None, when: Condition, kinds: tuple[str, ...]) -> tuple[Any, ...]:
    """Give the phases in which values are labelled: where those values are; ``()`` if the rule labels none."""
    if labels is None or labels.on == "session":
        return ()
    said = stated(when, "phase", PHASES)
    if said:
        return said
    if any(field.root == "result" for field in labels.fields):
        return AFTER
    return ("pre",) if labels.fields or kinds == ("message",) else AFTER


def check_places(labels: Labels | None, phases: tuple[str, ...], node: Mapping, problems: Problems) -> None:
    """Tell labels on a result where there is none."""
    if labels is not None and phases == ("pre",) and any(field.root == "result" for field in labels.fields):
        message = "`result` is labelled, and there is none before the action"
        flaw = Flaw("conflicting-keys", message, key_of(node, "fields"), "write `phase: post`, or leave `phase` out")
        problems.add(flaw)


def check_sense(
    action: str, labels: Labels | None, when: Condition, unless: Condition, node: Mapping, problems: Problems
) -> None:
    """Tell a condition that is the wrong way round: it would grant what breaks it, or refuse what keeps it."""
    granting = action == "allow" or (labels is not None and bool(labels.remove))
    if not granting and action not in _REFUSING:
        return
    for where, condition, turned in (("when", when, False), ("unless", unless, True)):
        for test, negated in _signed(condition, turned):
            if test.op in _BROKEN and negated != granting:
                problems.add(_turned(test, where, node, granting=granting))
                return


def _turned(test: Test, where: str, node: Mapping, *, granting: bool) -> Flaw:
    done = "grant" if granting else "refuse"
    message = f"`{test.op}` holds when it is broken: the rule would {done} what {'breaks' if granting else 'keeps'} it"
    if test.op == "from_only":
        told = "write `from`, which holds when all of it comes from there"
    else:
        told = "write `not: {…: {never_from: …}}`" if granting else "write it under `when`, without `not`"
    return Flaw("conflicting-keys", message, key_of(node, where) if where in node.entries else node, told)


def _signed(condition: Condition, negated: bool) -> Iterator[tuple[Test, bool]]:  # noqa: FBT001 - private
    if isinstance(condition, Test):
        yield condition, negated
    elif isinstance(condition, Not):
        yield from _signed(condition.part, not negated)
    else:
        for part in condition.parts:
            yield from _signed(part, negated)


def never_put(frame: Frame, rules: Iterable[Rule]) -> Iterator[Flaw]:
    """Give a flaw for every label that the conditions of a file ask for and no rule puts on values."""
    put = {
        label for rule in rules if rule.labels is not None and rule.labels.on == "value" for label in rule.labels.add
    }
    for label, node in frame.asked.items():
        if label not in put:
            flaw = unknown("unknown-label", "label", label, node, sorted(put))
            told = flaw.help or "write a rule with `action: label`, `on: value` and `add`"
            yield Flaw(flaw.code, f"no rule puts the label `{shorten(label)}` on values", node, told)
