"""The rule-list form: ``scanner`` and ``type`` rules, lowered to the core.

Rule 1: the name of such a rule is its id.
Rule 2: an allowlist refuses what is not on it and grants, weakly, what is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from referee.language import limits
from referee.language.conditions import together
from referee.language.fields import read_fields, require
from referee.language.names import Frame, expand, scanner_of, sorted_kinds
from referee.language.nodes import Mapping, Node, line_of
from referee.language.patterns import is_wild
from referee.language.problems import Flaw, key_of, unknown
from referee.language.rules import Place, action_of, build, canonical, condition_of, core_rule, identify
from referee.language.traits import every_test
from referee.language.vocabulary import DIRECTIONS, LIMIT_ACTIONS, RULE_KEYS, SCANNER_NAMES, TOOL_CALLS, TYPES
from referee.model.names import PHASES, VERDICTS
from referee.model.programs import ALWAYS, NEVER, Any_, Attribute, Condition, Operand, Rule, Scan, Test

LIMITING: Final = ("deny", "require_approval", "terminate", "alert", "log")
WEAKEST: Final = -1_000_000
"""The priority of what an allowlist grants: every rule that a person writes comes before it."""

_OF_TYPES: Final = ("tools", "max_calls", "window_seconds", "patterns")
_NOT_OF_RATES: Final = (
    "unless", "priority", "on_error", "expires", "phase", "direction", "quorum", "timeout", "on_timeout", "references", "owner",
)  # fmt: skip


def read_rule(node: Node, at: int, form: str, place: Place) -> None:
    """Read a member of ``policies`` or ``rules`` and add what it means to the file's rules and limits.

    Raises:
        Flaw: it is not a mapping, or lacks what it needs.
    """
    fields = read_fields(node, RULE_KEYS, place.frame, "a rule")
    assert isinstance(node, Mapping)
    listed = "scanner" in node.entries or "type" in node.entries
    name = identify(fields, node, f"{form}[{at}]", place, by_name=listed or form == "rules")
    _check_form(node, place)
    if not listed:
        place.rules.append(core_rule(fields, node, name, place))
    elif "scanner" in fields:
        place.rules.append(_scanner(fields, node, name, place))
    elif "type" in fields:
        require(fields, node, TYPES[fields["type"]], f"a rule of type `{fields['type']}`")
        _FORMS[fields["type"]](fields, node, name, place)


def _check_form(node: Mapping, place: Place) -> None:
    type_ = node.get("type")
    taken = TYPES.get(getattr(type_, "text", ""), ())
    if "scanner" in node.entries and type_ is not None:
        flaw = Flaw("conflicting-keys", "a rule has a `scanner` or a `type`, not both", key_of(node, "type"))
        place.problems.add(flaw)
        return
    for key in _OF_TYPES:
        if key in node.entries and key not in taken and (type_ is None or getattr(type_, "text", "") in TYPES):
            owners = " or ".join(f"`type: {name}`" for name, keys in TYPES.items() if key in keys)
            place.problems.add(
                Flaw("conflicting-keys", f"`{key}` has no meaning here", key_of(node, key), f"it belongs to {owners}")
            )
    if "direction" in node.entries and "scanner" not in node.entries and "patterns" not in taken:
        place.problems.add(Flaw("conflicting-keys", "`direction` has no meaning here", key_of(node, "direction"),
                                "it belongs to scanners and `type: data_protection`; write `phase` instead"))  # fmt: skip
    elif "direction" in node.entries and "phase" in node.entries:
        place.problems.add(
            Flaw(
                "conflicting-keys",
                "`direction` and `phase` say the same",
                key_of(node, "direction"),
                "leave one of them out",
            )
        )


def _scanner(fields: dict[str, Any], node: Mapping, name: str, place: Place) -> Rule:
    own = condition_of("when", fields, place.frame, ALWAYS)
    unless = condition_of("unless", fields, place.frame, NEVER)
    said = getattr(fields["scanner"], "text", "")
    if said == TOOL_CALLS:
        phases = DIRECTIONS[fields["direction"]] if "direction" in fields else ()
        return build(fields, node, name, place, when=own, unless=unless, kinds=("tool_call",), phases=phases)
    scanner = place.problems.attempt(_known, fields["scanner"], place.frame) or "pii"
    test = Test(Attribute("text"), "scan", Scan(scanner), line_of(fields["scanner"]))
    return build(
        fields,
        node,
        name,
        place,
        when=_with(test, own),
        unless=unless,
        phases=_phases(fields, own),
        scanners=(scanner,),
    )


def _known(node: Node, frame: Frame) -> str:
    try:
        return scanner_of(node, frame)
    except Flaw as flaw:
        if flaw.code != "unknown-scanner":
            raise
        raise unknown(
            flaw.code,
            "scanner",
            getattr(node, "text", ""),
            node,
            dict.fromkeys((*SCANNER_NAMES, *frame.scanners, TOOL_CALLS)),
        ) from None


def _with(condition: Condition, own: Condition) -> Condition:
    return condition if own == ALWAYS else together([condition, own])


def _phases(fields: dict[str, Any], own: Condition) -> tuple[str, ...]:
    if "direction" in fields:
        return DIRECTIONS[fields["direction"]]
    return DIRECTIONS["output"] if any(test.attribute.root == "result" for test in every_test(own)) else PHASES


def _protection(fields: dict[str, Any], node: Mapping, name: str, place: Place) -> None:
    if "patterns" not in fields:
        return
    own = condition_of("when", fields, place.frame, ALWAYS)
    unless = condition_of("unless", fields, place.frame, NEVER)
    nodes = expand(fields["patterns"], place.frame, "a kind of data")
    if not nodes:
        raise Flaw("empty", "`patterns` must not be empty", fields["patterns"])
    found = sorted_kinds(nodes, place.frame)
    line = line_of(node.entries["patterns"][0])
    parts = tuple(Test(Attribute("text"), "scan", Scan(scanner, kinds), line) for scanner, kinds in found.items())
    when = _with(parts[0] if len(parts) == 1 else Any_(parts), own)
    if fields.get("action") == "redact" and "kinds" not in fields:
        fields["kinds"] = fields["patterns"]
    place.rules.append(build(fields, node, name, place, when=when, unless=unless, phases=_phases(fields, own)))


def tool_test(names: tuple[str, ...], line: int) -> Test:
    """Make the test that the tool is one of several names or globs."""
    operand: Operand = names
    return Test(Attribute("tool"), "glob" if any(is_wild(name) for name in names) else "in", operand, line)


def _denied(fields: dict[str, Any], node: Mapping, name: str, place: Place) -> None:
    if "tools" not in fields:
        return
    own = condition_of("when", fields, place.frame, ALWAYS)
    unless = condition_of("unless", fields, place.frame, NEVER)
    test = tool_test(fields["tools"], line_of(node.entries["tools"][0]))
    place.rules.append(build(fields, node, name, place, when=_with(test, own), unless=unless, kinds=("tool_call",)))


def _allowed(fields: dict[str, Any], node: Mapping, name: str, place: Place) -> None:
    if "tools" not in fields:
        return
    own = condition_of("when", fields, place.frame, ALWAYS)
    exempt = condition_of("unless", fields, place.frame, NEVER)
    if canonical(fields.get("action", "deny")) not in LIMITING:
        told = "say in it what happens to the tools that are not listed, such as `deny`"
        raise Flaw(
            "conflicting-keys", f"a `tool_allowlist` cannot `{fields['action']}`", node.entries["action"][1], told
        )
    test = tool_test(fields["tools"], line_of(node.entries["tools"][0]))
    unless: Condition = test if exempt == NEVER else Any_((test, exempt))
    place.rules.append(build(fields, node, name, place, when=own, unless=unless, kinds=("tool_call",)))
    if action_of(fields, node) in VERDICTS[1:]:
        granted: dict[str, Any] = {key: fields[key] for key in ("mode", "scope", "match", "phase") if key in fields}
        granted |= {"action": "allow", "priority": WEAKEST}
        bare = Mapping(node.start, node.end, {"tools": node.entries["tools"]})
        place.claim(f"{name}.grant", node)
        place.rules.append(
            build(granted, bare, f"{name}.grant", place, when=_with(test, own), unless=exempt, kinds=("tool_call",))
        )


def _rate(fields: dict[str, Any], node: Mapping, name: str, place: Place) -> None:
    for key in _NOT_OF_RATES:
        if key in node.entries and key != "direction":
            place.problems.add(Flaw("conflicting-keys", f"`{key}` has no meaning for a rate limit", key_of(node, key)))
    action = action_of(fields, node)
    if action not in LIMIT_ACTIONS and "action" in fields:
        raise unknown("unknown-action", "action of a limit", action, node.entries["action"][1], LIMIT_ACTIONS)
    when = condition_of("when", fields, place.frame, ALWAYS)
    given = {**fields, "per": "agent", "window": f"{fields.get('window_seconds', 1)}s"}
    cap = Decimal(fields.get("max_calls", 0))
    place.limits.append(
        limits.build(given, node, name, place, measure="calls", cap=cap, when=when, kinds=("tool_call",))
    )


_FORMS: Final = {
    "tool_allowlist": _allowed,
    "tool_denylist": _denied,
    "rate_limit": _rate,
    "data_protection": _protection,
}
"""How a rule of each type is lowered."""
