"""One rule: fields to ``Rule``, in the core form.

Rule 1: scopes of file and rule both hold; a mode, time zone or ``on_error`` that a rule does not state is its file's.
Rule 2: a key that the rule's action does not take is a flaw, never ignored.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from referee.language.conditions import read_condition
from referee.language.effects import changes_of, labels_of, redact_of
from referee.language.fields import require
from referee.language.listing import declared_tool
from referee.language.names import Frame, expand
from referee.language.nodes import Mapping, Node, Sequence, line_of
from referee.language.origins import check_places, check_sense, marking
from referee.language.patterns import is_wild
from referee.language.problems import Flaw, Problems, key_of, shorten
from referee.language.sql import change_of
from referee.language.traits import every_test, is_named, kinds_of, phases_of, specificity
from referee.language.vocabulary import ACTION_KEYS
from referee.model.catalogue import Tool
from referee.model.names import ACTION_ALIASES, Mode, OnError
from referee.model.programs import ALWAYS, NEVER, Condition, Limit, Rule, Scope

MAX_ID: Final = 200
_SLUG: Final = re.compile(r"[^a-z0-9._-]+")
_SAME: Final = ("severity", "name", "message", "approvers", "quorum", "timeout", "on_timeout", "channels", "references",
                "owner", "expires", "description", "priority")  # fmt: skip


class Place(msgspec.Struct):
    """What the rules of one file share: the file's own settings, and the ids used so far."""

    frame: Frame
    path: str
    file: str
    layer: int
    mode: Mode = "enforce"
    on_error: OnError = "deny"
    timezone: str = "UTC"
    scope: Scope | None = None
    ids: dict[str, int] = {}
    rules: list[Rule] = []
    limits: list[Limit] = []

    @property
    def problems(self) -> Problems:
        """Where flaws go."""
        return self.frame.problems

    def source(self, node: Node) -> str:
        """Say where a rule stands."""
        return f"{self.path}:{line_of(node)}"

    def claim(self, name: str, node: Node) -> None:
        """Take an id for a rule or limit; tell if it is taken."""
        first = self.ids.get(name)
        if first is None:
            self.ids[name] = line_of(node)
        else:
            self.problems.add(
                Flaw("duplicate-id", f"the id `{shorten(name)}` is used twice", node, f"the first is on line {first}")
            )

    def scopes(self, fields: dict[str, Any], node: Mapping) -> tuple[Scope, ...]:
        """Give the scopes that must all hold."""
        if "scope" in fields and "match" in fields:
            self.problems.add(
                Flaw(
                    "conflicting-keys", "`match` says the same as `scope`", key_of(node, "match"), "write `scope` alone"
                )
            )
        own = fields.get("scope") or fields.get("match")
        return tuple(scope for scope in (self.scope, own) if scope is not None)


def identify(fields: dict[str, Any], node: Mapping, default: str, place: Place, *, by_name: bool = False) -> str:
    """Give the id of a rule or limit: its own, its name as a slug (as it is in the rule-list form), or a number."""
    stated = "id" if "id" in fields else "name"
    name = fields.get("id") or (fields.get("name", "") if by_name else slug(fields.get("name", "")))
    at = node.entries[stated][1] if stated in node.entries else node
    if "id" in fields and not fields["id"].strip():
        place.problems.add(Flaw("empty", "an id must not be empty", at))
    if not name.isprintable() or len(name) > MAX_ID:
        place.problems.add(Flaw("unknown-value", f"an id has at most {MAX_ID} characters, all of them printable", at))
    name = name or default
    place.claim(name, at)
    return name


def slug(name: str) -> str:
    """Make an id from a name.

    >>> slug("Large refunds need a human")
    'large-refunds-need-a-human'
    """
    return _SLUG.sub("-", name.lower()).strip("-")


def condition_of(name: str, fields: dict[str, Any], frame: Frame, default: Condition) -> Condition:
    """Read ``when`` or ``unless``, knowing which tools the rule is about."""
    node = fields.get(name)
    if node is None:
        return default
    tools = _tools(fields["when"], frame) if "when" in fields and frame.catalog else ()
    found = frame.problems.attempt(read_condition, node, msgspec.structs.replace(frame, tools=tools))
    return default if found is None else found


def _tools(node: Node, frame: Frame) -> tuple[Tool, ...]:
    """Give the tools that a condition fixes, if the catalog declares the arguments of all of them."""
    if isinstance(node, Sequence):
        for item in node.items:
            found = _tools(item, frame)
            if found:
                return found
    if not isinstance(node, Mapping):
        return ()
    below = node.get("all")
    value = node.get("tool")
    if isinstance(value, Mapping):
        value = value.get("eq") or value.get("in")
    if value is None or isinstance(value, Mapping):
        return _tools(below, frame) if below is not None else ()
    try:
        names = [item.text for item in expand(value, frame)]
    except Flaw:
        return ()
    tools = [declared_tool(name, frame.catalog) for name in names if not is_wild(name)]
    known = tuple(tool for tool in tools if tool is not None and tool.shape is not None)
    return known if len(known) == len(names) else ()


def action_of(fields: dict[str, Any], node: Mapping) -> Any:
    """Give the action of a rule, in its canonical word.

    Raises:
        Flaw: it states none.
    """
    require(fields, node, ("action",), "a rule")
    return canonical(fields.get("action", "deny"))


def canonical(action: str) -> Any:
    """Give the canonical word of an action.

    >>> canonical("block")
    'deny'
    """
    return ACTION_ALIASES.get(action, action)


def check_keys(action: str, node: Mapping, problems: Problems) -> None:
    """Tell every key that the action does not take."""
    for name, takers in ACTION_KEYS.items():
        if name in node.entries and action not in takers:
            told = " or ".join(f"`{taker}`" for taker in takers)
            problems.add(
                Flaw(
                    "conflicting-keys",
                    f"`{name}` has no meaning for the action `{action}`",
                    key_of(node, name),
                    f"it belongs to {told}",
                )
            )


def core_rule(fields: dict[str, Any], node: Mapping, name: str, place: Place) -> Rule:
    """Make a rule of the core form.

    Raises:
        Flaw: its action is missing, or lacks what it needs.
    """
    when = condition_of("when", fields, place.frame, ALWAYS)
    unless = condition_of("unless", fields, place.frame, NEVER)
    return build(fields, node, name, place, when=when, unless=unless)


def build(
    fields: dict[str, Any], node: Mapping, name: str, place: Place, *, when: Condition, unless: Condition = NEVER,
    kinds: tuple[str, ...] = (), phases: tuple[Any, ...] = (), scanners: tuple[str, ...] = (),
) -> Rule:  # fmt: skip
    """Make a rule from its fields and conditions; ``kinds`` and ``phases`` are what its form says of them.

    Raises:
        Flaw: its action is missing, or lacks what it needs.
    """
    if "action" not in fields and "action" in node.entries:
        return Rule(id=name, file=place.file, source=place.source(node), action="deny")
    action: Any = action_of(fields, node)
    check_keys(action, node, place.problems)
    same = {key: fields[key] for key in _SAME if key in fields}
    effect: dict[str, Any] = {}
    if action == "modify":
        effect["changes"] = changes_of(fields, node, place.frame)
        effect["sql"] = place.frame.problems.attempt(change_of, fields["sql"], place.frame) if "sql" in fields else None
    elif action == "redact":
        effect["redact"] = redact_of(fields, place.frame, scanners)
    elif action == "label":
        effect["labels"] = labels_of(fields, node, place.frame)
    removed = effect.get("redact")
    result = removed is not None and any(field.root == "result" for field in removed.fields)
    everywhere = removed is not None and not removed.fields
    scopes = place.scopes(fields, node)
    kinds = kinds or kinds_of(when)
    labels = effect.get("labels")
    phases = fields.get("phase") or phases or marking(labels, when, kinds)
    phases = phases or phases_of(when, unless, everywhere=everywhere, result=result)
    _check_phases(action, phases, (when, unless) if "phase" in fields else (), node, place)
    check_sense(action, labels, when, unless, node, place.problems)
    check_places(labels, phases, node, place.problems)
    return Rule(
        id=name,
        file=place.file,
        source=place.source(node),
        action=action,
        layer=place.layer,
        mode=fields.get("mode", place.mode),
        specificity=specificity(when, scopes, kinds),
        kinds=kinds,
        phases=phases,
        scopes=scopes,
        when=when,
        unless=unless,
        named=bool(kinds) or is_named(when),
        on_error=fields.get("on_error", place.on_error),
        timezone=place.timezone,
        **same,
        **effect,
    )


def _check_phases(
    action: str, phases: tuple[str, ...], read: tuple[Condition, ...], node: Mapping, place: Place
) -> None:
    """Tell phases in which a rule has nothing to read or to change; ``read`` are the conditions of a stated phase."""
    tests = [test for condition in read for test in every_test(condition)]
    if phases == ("pre",) and any(t.attribute.root == "result" and t.op not in {"exists", "missing"} for t in tests):
        message = "`result` is read, and there is none before the action"
        flaw = Flaw("conflicting-keys", message, key_of(node, "phase"), "write `phase: post`, or leave `phase` out")
        place.problems.add(flaw)
    if action == "modify" and phases != ("pre",):
        message = "`modify` rewrites arguments, which only exist before the action"
        place.problems.add(
            Flaw("conflicting-keys", message, node.entries["action"][1], "write `phase: pre`, or `redact` a result")
        )
