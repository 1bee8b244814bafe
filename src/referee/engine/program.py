"""A compiled policy: an index over rules that are compiled when a request first meets them.

Rule 1: a program never changes; what it remembers is only what it would compute again.
Rule 2: ``loads(dumps())`` is the same program, and refuses what another version wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from typing import Any, Final

import msgspec

from referee._version import __version__
from referee.engine import operators, sql
from referee.engine.conditions import (
    Truth,
    before,
    compile_condition,
    facts_of,
    of_every_access,
    of_every_command,
    tests,
)
from referee.engine.index import GroupLookup, Index, Lookup, build_index, conjuncts, filing, tool_test
from referee.engine.patterns import glob
from referee.model.catalogue import Tool
from referee.model.decision import Decision
from referee.model.names import KINDS, PHASES, Phase
from referee.model.programs import ALWAYS, NEVER, All, Condition, Exact, Layer, Limit, Not, Policies, Rule, Scope
from referee.model.request import Request

MEMO: Final = 4096
NAMES: Final = 512
"""How many tool names are remembered at least; a program remembers twice as many as it names."""
COMMANDS: Final = ("shell", "shell.commands", "shell.programs")
"""What is about single commands of a shell text: a grant has to fit each of them."""
_PHASES: Final[dict[tuple[Phase, ...], tuple[Phase, ...]]] = {}
"""One tuple for all rules of the same phases."""


class Compiled:
    """One rule ready to be judged.

    ``fits`` is ``None`` without a scope, ``truth`` is ``None`` without a condition, ``names`` judges the tool of a rule with
    a glob. A ``plain`` rule only gives a verdict or is noted: it changes nothing and is not observed. ``alone`` is the
    decision about a tool call that only this rule matches, once it was made. Of a rule that is ``sure`` the conjuncts
    that the index filed it under are not judged again.
    """

    __slots__ = (
        "alone", "facts", "files", "fits", "kinds", "names", "observed", "phases", "plain", "position", "rule", "truth",
    )  # fmt: skip

    def __init__(self, rule: Rule, position: int, *, sure: bool = False) -> None:
        self.rule = rule
        self.position = position
        self.alone: Decision | None = None
        self.phases = _PHASES.setdefault(rule.phases, rule.phases)
        self.kinds = rule.kinds
        self.observed = rule.mode == "observe"
        self.fits = compile_scopes(rule.scopes)
        self.names = _names(rule)
        condition = _residue(rule, sure=sure)
        self.files = any(test.attribute.root.startswith("file.") for test in tests(condition))
        self.truth: Truth | None = None
        if condition != ALWAYS or rule.expires:
            truth = compile_condition(condition, named=rule.named, timezone=rule.timezone)
            if rule.action == "allow" and any(test.attribute.root in COMMANDS for test in tests(condition)):
                truth = of_every_command(truth)
            roots = frozenset(test.attribute.root for test in tests(condition)).intersection(sql.GRANTED)
            if rule.action == "allow" and roots:
                truth = of_every_access(truth, roots)
            self.truth = before(truth, rule.expires, f"time@{rule.timezone}") if rule.expires else truth
        self.facts = frozenset(_facts_of_rule(rule))
        self.plain = not (self.observed or self.files or rule.action in ("modify", "redact"))


class CompiledLimit:
    """One limit ready to be judged: ``fact`` names its usage, ``least`` is its first threshold."""

    __slots__ = ("cap", "enforced", "fact", "facts", "fits", "least", "limit", "measure", "truth")

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.fact = f"limit.{limit.full}"
        self.facts = frozenset({self.fact, *facts_of(limit.when, limit.timezone)})
        self.cap = operators.whole(limit.cap.value)
        self.least = min((operators.whole(threshold.at.value) for threshold in limit.thresholds), default=None)
        self.measure = limit.measure
        self.enforced = limit.mode == "enforce"
        self.fits = compile_scopes(limit.scopes)
        self.truth = (
            None if limit.when == ALWAYS else compile_condition(limit.when, named=limit.named, timezone=limit.timezone)
        )


def _names(rule: Rule) -> operators.Check | None:
    test = tool_test(rule)
    return operators.build("glob", test.operand) if test is not None and test.op == "glob" else None


def _residue(rule: Rule, *, sure: bool) -> Condition:
    """Return what is left to judge when the index has found the tool, or for sure the arguments it files by."""
    test = tool_test(rule)
    chosen = filing(rule) if sure else None
    done = () if chosen is None else chosen[1]
    if test is not None:
        done = (test,)
    left = tuple(part for part in conjuncts(rule.when) if not any(part is one for one in done))
    when = All(left) if done else rule.when
    if rule.unless == NEVER:
        return when
    return All((*conjuncts(when), Not(rule.unless)))


def compile_scopes(scopes: Sequence[Scope]) -> Callable[[Request], bool] | None:
    """Compile scopes into one test of a request, or ``None`` if they leave everything in."""
    tests: list[Callable[[Request], bool]] = []
    for scope in scopes:
        for name, read in _READERS.items():
            entries = getattr(scope, name)
            if entries:
                tests.append(_fit([glob(entry) for entry in entries], read))
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda request: all(test(request) for test in tests)


def _fit(
    globs: list[Callable[[str], bool]], read: Callable[[Request], tuple[str | None, ...]]
) -> Callable[[Request], bool]:
    def fits(request: Request) -> bool:
        return any(value is not None and matches(value) for value in read(request) for matches in globs)

    return fits


_READERS: Final[dict[str, Callable[[Request], tuple[str | None, ...]]]] = {
    "agents": lambda request: (request.agent.id,),
    "tags": lambda request: request.agent.tags,
    "teams": lambda request: (request.agent.team,),
    "roles": lambda request: (request.agent.role, *request.user.roles),
    "users": lambda request: (request.user.id,),
    "owners": lambda request: (request.agent.owner,),
    "environments": lambda request: (request.environment,),
}


class Outcomes:
    """Decisions that were made before, by what they depend on: one rule or none, or a combination."""

    __slots__ = ("combined", "single")

    def __init__(self) -> None:
        self.single: dict[int | None, Decision] = {}
        self.combined: dict[tuple[Any, ...], Decision] = {}

    def remember(self, key: Any, decision: Decision) -> None:
        """Keep a decision; there are at most as many single ones as rules, and ``MEMO`` others."""
        if not isinstance(key, tuple):
            self.single[key] = decision
            return
        if len(self.combined) >= MEMO:
            self.combined.clear()
        self.combined[key] = decision


class _Image(msgspec.Struct):
    """A program as it is stored: the rules one after the other, each read when a request first meets it."""

    version: str
    layers: tuple[Layer, ...]
    rules: bytes
    ends: list[int]
    limits: tuple[Limit, ...]
    tools: dict[str, Tool]
    on_failure: dict[str, str]
    digest: str
    index: Index


_ENCODER: Final = msgspec.msgpack.Encoder()


class Program:
    """Rules, limits and layers, indexed. Make one with ``build`` or ``loads``."""

    def __init__(self, image: _Image) -> None:
        self._image = image
        self.layers = image.layers
        self.limits = image.limits
        self.tools: dict[str, Tool] = image.tools
        self.on_failure = image.on_failure
        self.policies_digest = image.digest
        index = self._index = image.index
        self._compiled: list[Compiled | None] = [None] * len(image.ends)
        self._sure: list[Compiled | None] = [None] * len(image.ends)
        self._lookup = Lookup(index)
        self._fitting: dict[str, tuple[Compiled, ...]] = {}
        self._rest: dict[str, tuple[Compiled, ...]] = {}
        self.groups = [GroupLookup(group) for group in index.groups]
        self.limits_of: dict[str, tuple[CompiledLimit, ...]] = {}
        compiled = [CompiledLimit(limit) for limit in image.limits if limit.mode != "off"]
        for kind in KINDS:
            self.limits_of[kind] = tuple(
                c for c in compiled if kind in (c.limit.kinds or (KINDS[:3] if c.limit.measure == "calls" else KINDS))
            )
        self.outcomes: dict[str, dict[str, Outcomes]] = {
            kind: {phase: Outcomes() for phase in PHASES} for kind in KINDS
        }
        self._globs = bool(index.heads or index.tails or index.globs)
        self._named = bool(index.tools or self._globs)
        self._tools: dict[str, int | list[int] | tuple[Compiled, ...]] = dict(index.tools)
        self._memo = max(NAMES, 2 * len(index.tools))

    @classmethod
    def build(cls, policies: Policies) -> Program:
        """Index checked policies. What is kept shares nothing with them, so that all memory of compiling can be freed."""
        rules = [_ENCODER.encode(_storable(rule)) for rule in policies.rules]
        image = _Image(
            version=__version__,
            layers=policies.layers,
            rules=b"".join(rules),
            ends=list(accumulate(map(len, rules))),
            limits=policies.limits,
            tools=policies.tools,
            on_failure=policies.on_failure,
            digest=policies.digest,
            index=build_index(policies.rules),
        )
        return cls.loads(_ENCODER.encode(image))

    def dumps(self) -> bytes:
        """Write the program, index included, as MessagePack."""
        return _ENCODER.encode(self._image)

    @classmethod
    def loads(cls, data: bytes) -> Program:
        """Read a program that ``dumps`` wrote.

        Raises:
            ValueError: the data is damaged or another version wrote it.
        """
        try:
            image = _image_decoder().decode(data)
        except msgspec.MsgspecError as problem:
            raise ValueError("this is not a compiled policy") from problem
        if image.version != __version__:
            raise ValueError(f"this policy was compiled by version {image.version}")
        return cls(image)

    def limit(self, full: str) -> Limit:
        """Return the limit of a name.

        Raises:
            KeyError: there is none.
        """
        for limit in self.limits:
            if limit.full == full:
                return limit
        raise KeyError(full)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of their files."""
        return tuple(self.rule(position) for position in range(len(self._compiled)))

    def rule(self, position: int) -> Rule:
        """Return the rule at a position."""
        held = self._compiled[position] or self._sure[position]
        if held is not None:
            return held.rule
        ends = self._image.ends
        start = ends[position - 1] if position else 0
        return _rule_decoder().decode(memoryview(self._image.rules)[start : ends[position]])

    def compiled(self, position: int) -> Compiled:
        """Return the rule at a position, ready to be judged."""
        found = self._compiled[position]
        if found is None:
            found = self._compiled[position] = Compiled(self.rule(position), position)
        return found

    def sure(self, position: int) -> Compiled:
        """Return the rule at a position, ready to be judged by what it was not filed under."""
        found = self._sure[position]
        if found is None:
            found = self._sure[position] = Compiled(self.rule(position), position, sure=True)
        return found

    def filed(self, kind: str, tool: str | None) -> tuple[Compiled, ...]:
        """Return the rules that a kind and a tool name bring up."""
        rest = self._rest.get(kind)
        if rest is None:
            rest = self._rest[kind] = tuple(map(self.compiled, self._index.rest[kind]))
        if tool is None or not self._named:
            return rest
        found = self._by_globs(tool) if self._globs else self._by_name(tool)
        return (*rest, *found) if rest and found else found or rest

    def _by_name(self, tool: str) -> tuple[Compiled, ...]:
        held = self._tools.get(tool)
        if held is None:
            return ()
        if not isinstance(held, tuple):
            positions = (held,) if isinstance(held, int) else held
            held = self._tools[tool] = tuple(map(self.compiled, positions))
        return held

    def _by_globs(self, tool: str) -> tuple[Compiled, ...]:
        memo = self._fitting
        found = memo.get(tool)
        if found is None:
            compiled = map(self.compiled, self._lookup.named(tool))
            found = tuple([rule for rule in compiled if rule.names is None or rule.names(tool)])
            if found:
                if len(memo) >= self._memo:
                    memo.clear()
                memo[tool] = found
        return found


def _facts_of_rule(rule: Rule) -> set[str]:
    names = {*facts_of(rule.when, rule.timezone), *facts_of(rule.unless, rule.timezone)}
    return names | {f"time@{rule.timezone}"} if rule.expires else names


@cache
def _image_decoder() -> msgspec.msgpack.Decoder[_Image]:
    return msgspec.msgpack.Decoder(_Image)


@cache
def _rule_decoder() -> msgspec.msgpack.Decoder[Rule]:
    return msgspec.msgpack.Decoder(Rule, ext_hook=lambda _, data: Exact(bytes(data).decode()))


def _storable(rule: Rule) -> Rule:
    """Mark exact numbers in the values of changes, where nothing else tells them from mappings."""
    if not rule.changes:
        return rule
    changes = tuple(msgspec.structs.replace(change, value=_marked(change.value)) for change in rule.changes)
    return msgspec.structs.replace(rule, changes=changes)


def _marked(value: Any) -> Any:
    if isinstance(value, Exact):
        return msgspec.msgpack.Ext(1, value.text.encode())
    if isinstance(value, dict):
        return {key: _marked(member) for key, member in value.items()}
    return [_marked(member) for member in value] if isinstance(value, (list, tuple)) else value
