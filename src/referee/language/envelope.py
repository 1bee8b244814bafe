"""The envelope form and the short keys: ``budget``, ``tools``, ``network``, ``approval``, ``block_pii`` …, lowered to the core.

Rule 1: an absent list says nothing, an empty ``allow`` allows nothing.
Rule 2: an allowed host is that host alone, a blocked one is blocked with its subdomains.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from referee.language.fields import items_of, read_fields, tools
from referee.language.groups import GROUPS
from referee.language.limits import amount
from referee.language.lists import WEAKEST, tool_test
from referee.language.names import Frame, expand, reference
from referee.language.nodes import Mapping, Node, Scalar, line_of
from referee.language.patterns import check_host, is_wild
from referee.language.problems import Flaw, unknown
from referee.language.rules import Place
from referee.language.scalars import exact, text_of
from referee.language.traits import is_named, kinds_of, specificity
from referee.language.vocabulary import APPROVAL_KEYS, SECTIONS, Key
from referee.model.names import PHASES
from referee.model.programs import ALWAYS, All, Attribute, Condition, Limit, Rule, Scan, Test

_HOST: Final = Attribute("http.host")


def _rule(name: str, node: Node, place: Place, action: Any, when: Condition, **more: Any) -> None:
    """Add a rule that an envelope stands for."""
    scopes = () if place.scope is None else (place.scope,)
    kinds: tuple[str, ...] = more.pop("kinds", ()) or kinds_of(when)
    place.claim(name, node)
    place.rules.append(
        Rule(
            id=name,
            file=place.file,
            source=place.source(node),
            action=action,
            layer=place.layer,
            mode=place.mode,
            specificity=specificity(when, scopes, kinds),
            kinds=kinds,
            scopes=scopes,
            when=when,
            named=bool(kinds) or is_named(when),
            on_error=place.on_error,
            timezone=place.timezone,
            **more,
        )
    )


def read_budget(node: Node, place: Place, _: Node) -> None:
    """Read ``budget``: what a session may spend."""
    fields = read_fields(node, SECTIONS["budget"], place.frame, "`budget`")
    if "max_spend" in fields:
        assert isinstance(node, Mapping)
        spend_limit("budget", fields["max_spend"], node.entries["max_spend"][0], place)


def spend_limit(name: str, cap: Decimal, node: Node, place: Place) -> None:
    """Add a limit of what a session may spend."""
    place.claim(name, node)
    scopes = () if place.scope is None else (place.scope,)
    place.limits.append(
        Limit(
            id=name, file=place.file, source=place.source(node), measure="spend", cap=amount(cap), layer=place.layer,
            mode=place.mode, timezone=place.timezone, scopes=scopes,
        )
    )  # fmt: skip


def read_tools(node: Node, place: Place, _: Node) -> None:
    """Read ``tools``: which may be called."""
    fields = read_fields(node, SECTIONS["tools"], place.frame, "`tools`")
    assert isinstance(node, Mapping)
    if "allow" in fields:
        key = node.entries["allow"][0]
        listed = tool_test(fields["allow"], line_of(key))
        _rule("tools.allow", key, place, "deny", ALWAYS, unless=listed, kinds=("tool_call",))
        _rule("tools.allow.grant", key, place, "allow", listed, kinds=("tool_call",), priority=WEAKEST)
    if fields.get("block"):
        key = node.entries["block"][0]
        _rule("tools.block", key, place, "deny", tool_test(fields["block"], line_of(key)), kinds=("tool_call",))


def read_network(node: Node, place: Place, _: Node) -> None:
    """Read ``network``: which hosts may be reached.

    That a host is there is asked by ``starts_with: ""``, which is in error when the URL does not parse.
    """
    fields = read_fields(node, SECTIONS["network"], place.frame, "`network`")
    assert isinstance(node, Mapping)
    if "allow" in fields:
        key = node.entries["allow"][0]
        hosts = tuple(host if host.startswith(("=", "*.")) else f"={host}" for host in fields["allow"])
        listed = Test(_HOST, "host", hosts, line_of(key))
        _rule("network.allow", key, place, "deny", Test(_HOST, "starts_with", "", line_of(key)), unless=listed)
        _rule("network.allow.grant", key, place, "allow", listed, kinds=("http_request",), priority=WEAKEST)
    if fields.get("block"):
        key = node.entries["block"][0]
        _rule("network.block", key, place, "deny", Test(_HOST, "host", fields["block"], line_of(key)))


def read_approval(node: Node, place: Place, _: Node) -> None:
    """Read ``approval``: what needs a human.

    Raises:
        Flaw: ``require_for`` is not a list.
    """
    fields = read_fields(node, SECTIONS["approval"], place.frame, "`approval`")
    if "require_for" not in fields:
        return
    for at, item in enumerate(items_of(fields["require_for"], "a list of what needs approval")):
        place.problems.attempt(_approval, item, at, place)


def _approval(node: Node, at: int, place: Place) -> None:
    fields = read_fields(node, APPROVAL_KEYS, place.frame, "a member of `require_for`")
    assert isinstance(node, Mapping)
    if not node.entries:
        raise Flaw("empty", "nothing says what needs approval", node, "write `tool`, `domain` or `cost_gt`")
    tests: list[Test] = []
    for name in fields:
        key, value = node.entries[name]
        tests.append(_NEEDS[name](fields[name], value, line_of(key), place.frame))
    _rule(f"approval[{at}]", node, place, "require_approval", tests[0] if len(tests) == 1 else All(tuple(tests)))


def _tool(_: str, node: Node, line: int, frame: Frame) -> Test:
    names = tools(node, Key("tools", ""), frame)
    if len(names) == 1 and not is_wild(names[0]):
        return Test(Attribute("tool"), "eq", names[0], line)
    return tool_test(names, line)


_NEEDS: Final[dict[str, Callable[[Any, Node, int, Frame], Test]]] = {
    "tool": _tool,
    "domain": lambda host, node, line, _: Test(_HOST, "host", check_host(host, node), line),
    "cost_gt": lambda cost, _, line, __: Test(Attribute("cost"), "gt", exact(cost), line),
}


def read_max_cost(cap: Decimal, place: Place, key: Node) -> None:
    """Read ``max_cost_per_run``."""
    spend_limit("max-cost-per-run", cap, key, place)


def read_block_pii(wanted: bool, place: Place, key: Node) -> None:  # noqa: FBT001 - the value of the key
    """Read ``block_pii``."""
    if wanted:
        test = Test(Attribute("text"), "scan", Scan("pii"), line_of(key))
        _rule("block-pii", key, place, "deny", test, phases=PHASES, message="personal data must not be processed")


def read_require_approval(node: Node, place: Place, _: Node) -> None:
    """Read ``require_approval``: groups of tools that need a human.

    Raises:
        Flaw: it is not a text or a list of texts.
    """
    items = (node,) if isinstance(node, Scalar) else items_of(node, "a group of tools or a list of groups")
    if not items:
        raise Flaw("empty", "the list must not be empty", node)
    for item in items:
        place.problems.attempt(_group, item, place)


def _group(node: Node, place: Place) -> None:
    name = reference(node) or text_of(node, "the name of a group")
    known = {**dict.fromkeys(GROUPS), **place.frame.groups}
    if name not in known:
        raise unknown("unknown-name", "group", name, node, known)
    pointer = Scalar(node.start, node.end, f"${name}", plain=False)
    names = tuple(item.text for item in expand(pointer, place.frame))
    _rule(f"require-approval-{name}", node, place, "require_approval", tool_test(names, line_of(node)))
