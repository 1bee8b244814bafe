"""The policy of the AgentPolicy form: an envelope, lowered to the policy language.

Rule 1: an absent budget is no limit; a budget of 0 lets nothing through that costs.
Rule 2: an allowed domain is that host alone, a blocked one is blocked however it is spelled, with its subdomains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from referee.compat.agentpolicy.exceptions import InvalidPolicy
from referee.compat.agentpolicy.session import PolicySession
from referee.enforce.policies import Policy
from referee.errors import InvalidRequest, PolicyError
from referee.model.request import money

Money = str | float | int | Decimal

_KINDS: Final = {"tool": "tool_call", "http": "http_request", "cost": "model_call"}
_OF_KIND: Final = {"tool": "tool", "domain": "http", "source": "cost"}
_RULE_KEYS: Final = ("action_type", "tool", "domain", "source", "cost_gt")
_NOT_GIVEN: Final[Any] = object()
_ARGUMENTS: Final = {
    ("budget", "max_spend"): "budget",
    ("tools", "allow"): "allowed_tools",
    ("tools", "block"): "blocked_tools",
    ("network", "allow"): "allowed_domains",
    ("network", "block"): "blocked_domains",
    ("approval", "require_for"): "approval_rules",
}


def parse_money(value: Money) -> float:
    """Read an amount in dollars: a number, or text such as ``$5.00``.

    Raises:
        InvalidPolicy: it is not a finite number that is not negative.

    >>> parse_money("$5.00")
    5.0
    """
    return float(_exact(value))


def _exact(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, float, int, Decimal)):
        raise InvalidPolicy("an amount of money must be a number or text such as `$5.00`")
    try:
        return money(value)
    except InvalidRequest as problem:
        raise InvalidPolicy(f"{problem}".replace("a cost", "an amount of money")) from None


class AgentPolicy:
    """What an agent's session may spend, call and reach, and what needs approval."""

    def __init__(
        self,
        budget: Money = _NOT_GIVEN,
        allowed_tools: Iterable[str] | None = None,
        blocked_tools: Iterable[str] | None = None,
        allowed_domains: Iterable[str] | None = None,
        blocked_domains: Iterable[str] | None = None,
        approval_rules: list[dict[str, Any]] | None = None,
    ) -> None:
        tools = _lists("tools", allowed_tools, blocked_tools)
        network = _lists("network", allowed_domains, blocked_domains)
        cap = None if budget is _NOT_GIVEN else _exact(budget)
        data: dict[str, Any] = {"id": "policy", "default": "allow"}
        if cap is not None:
            data["budget"] = {"max_spend": cap}
        if tools:
            data["tools"] = tools
        rules = [*_network(network), *_approval(approval_rules)]
        self._load({**data, "policies": rules} if rules else data, cap)

    def _load(self, source: Mapping[str, Any] | Path, cap: Decimal | None) -> None:
        try:
            self._policy = Policy.load(source)
        except PolicyError as problem:
            raise InvalidPolicy(str(problem)) from None
        limits = [limit.cap.value for limit in self._policy.program.limits if limit.measure == "spend"]
        self._cap = cap if cap is not None else min(limits, default=None)

    @property
    def budget(self) -> float:
        """The budget in dollars; 0.0 without one, as in the original."""
        return float(self._cap or 0)

    def session(self, session_id: str | None = None) -> PolicySession:
        """Open a session."""
        return PolicySession(self._policy, self._cap, session_id)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> AgentPolicy:
        """Build a policy from a mapping with ``budget``, ``tools``, ``network`` and ``approval``.

        Raises:
            InvalidPolicy: it does not compile; the text says where and why.
        """
        if not isinstance(data, Mapping):
            raise InvalidPolicy("a policy must be a mapping")
        sections = _sections(data)
        if sections is not None:
            return cls(**sections)
        policy = cls.__new__(cls)
        policy._load({"default": "allow", **data}, None)  # noqa: SLF001 - its own class
        return policy

    @classmethod
    def from_yaml(cls, path: str | Path) -> AgentPolicy:
        """Load a policy file; every form of the policy language may be in it.

        Raises:
            InvalidPolicy: it cannot be read or does not compile; the text says where and why.
        """
        policy = cls.__new__(cls)
        policy._load(Path(path), None)  # noqa: SLF001 - its own class
        return policy


def _lists(section: str, allow: Iterable[str] | None, block: Iterable[str] | None) -> dict[str, list[str]]:
    given = {"allow": _names(allow, section, "allow"), "block": _names(block, section, "block")}
    present = {name: names for name, names in given.items() if names is not None}
    both = {*present.get("allow", [])} & {*present.get("block", [])}
    if both:
        raise InvalidPolicy(f"`{min(both)}` cannot be both in {section}.allow and in {section}.block")
    return {name: names for name, names in present.items() if names or name == "allow"}


def _names(names: Iterable[str] | None, section: str, key: str) -> list[str] | None:
    if names is None:
        return None
    listed = [names] if isinstance(names, (str, bytes)) else list(names)
    if isinstance(names, (str, bytes)) or not all(isinstance(name, str) for name in listed):
        raise InvalidPolicy(f"{section}.{key} must be a list of texts")
    return sorted({name.strip() for name in listed if name.strip()})


def _sections(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Read an envelope as arguments of the constructor; ``None`` if there is anything else in it."""
    found: dict[str, Any] = {}
    for name, section in data.items():
        if section is None:
            continue
        if not isinstance(section, Mapping) or any((name, key) not in _ARGUMENTS for key in section):
            return None
        found |= {_ARGUMENTS[name, key]: value for key, value in section.items() if value is not None}
    return found


def _network(lists: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Lower the lists of hosts to rules about HTTP requests; tools that could send one are not their business."""
    rules: list[dict[str, Any]] = []
    if "allow" in lists:
        exact = [host if host.startswith("*.") else f"={host}" for host in lists["allow"]]
        rule: dict[str, Any] = {"id": "network.allow", "when": {"kind": "http_request"}, "action": "deny"}
        rules.append({**rule, "unless": {"http.host": {"host": exact}}} if exact else rule)
    if lists.get("block"):
        when = {"kind": "http_request", "http.host": {"host": lists["block"]}}
        rules.append({"id": "network.block", "when": when, "action": "deny"})
    return rules


def _approval(rules: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Lower approval rules."""
    if rules is not None and not isinstance(rules, list):
        raise InvalidPolicy("approval.require_for must be a list")
    lowered: list[dict[str, Any]] = []
    for number, rule in enumerate(rules or [], start=1):
        if not isinstance(rule, Mapping) or not {*rule} <= {*_RULE_KEYS}:
            raise InvalidPolicy(f"approval rule {number} must be a mapping with {', '.join(_RULE_KEYS)}")
        when = _condition(rule, number)
        lowered.append({"id": f"approval-rule-{number}", "when": when, "action": "require_approval"})
    return lowered


def _condition(rule: Mapping[str, Any], number: int) -> dict[str, Any]:
    if "action_type" in rule and rule["action_type"] not in _KINDS:
        raise InvalidPolicy(f"approval rule {number}: `action_type` is one of {', '.join(_KINDS)}")
    kinds = {_KINDS[rule["action_type"]]} if "action_type" in rule else {*_KINDS.values()}
    kinds &= {*_KINDS.values()}.intersection(*({_KINDS[kind]} for key, kind in _OF_KIND.items() if key in rule))
    if not kinds:
        raise InvalidPolicy(
            f"approval rule {number} can never hold: its conditions are about different kinds of actions"
        )
    when: dict[str, Any] = {"kind": sorted(kinds)}
    if "tool" in rule:
        when["tool"] = rule["tool"]
    if "source" in rule:
        when["model"] = rule["source"]
    if "domain" in rule:
        when["http.host"] = {"host": rule["domain"]}
    if "cost_gt" in rule:
        when["cost"] = {"gt": _exact(rule["cost_gt"])}
    return when
