"""A compiled policy: an index over rules that are compiled when a request first meets them.

Rule 1: a program never changes; what it remembers is only what it would compute again.
Rule 2: ``loads(dumps())`` is the same program, and refuses what another version wrote.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from typing import Any, Final

import msgspec

from referee._version import __version__
from referee.engine.conditions import asked
from referee.engine.index import GroupLookup, Index, build_index
from referee.engine.rules import Compiled, CompiledLimit, compile_rule
from referee.engine.tools import Tools
from referee.model.catalogue import Tool
from referee.model.decision import Decision
from referee.model.names import KINDS, PHASES
from referee.model.packs import Pattern
from referee.model.programs import Asked, Exact, Layer, Limit, Policies, Rule
from referee.model.request import ABSENT, Request

MEMO: Final = 4096


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
    scanners: dict[str, tuple[Pattern, ...]]
    asked: Asked


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
        self.scanners = image.scanners
        self.asked = image.asked
        index = self._index = image.index
        self._compiled: list[Compiled | None] = [None] * len(image.ends)
        self._sure: list[Compiled | None] = [None] * len(image.ends)
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
        self.steady = {kind: all(limit.steady for limit in limits) for kind, limits in self.limits_of.items()}
        named = not (index.groups or index.rest["tool_call"] or self.limits_of["tool_call"])
        self.tools_by_name = Tools(index, self.compiled, self.outcomes["tool_call"]["pre"].single if named else None)

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
            scanners=policies.scanners,
            index=build_index(policies.rules),
            asked=asked(policies),
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

    def remember(self, request: Request, key: Any, decision: Decision) -> None:
        """Keep a decision for the like of a request; ``key`` says what it depends on."""
        self.outcomes[request.kind][request.phase].remember(key, decision)
        if key.__class__ is int and request.tool is not None and request.kind == "tool_call" and request.phase == "pre":
            self.tools_by_name.settle(request.tool, key, decision)

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
            found = self._compiled[position] = compile_rule(self.rule(position), position)
        return found

    def sure(self, position: int) -> Compiled:
        """Return the rule at a position, ready to be judged by what it was not filed under."""
        found = self._sure[position]
        if found is None:
            found = self._sure[position] = compile_rule(self.rule(position), position, sure=True)
        return found

    def filed(self, kind: str, tool: str | None) -> tuple[Compiled, ...]:
        """Return the rules that a kind and a tool name bring up."""
        rest = self._rest.get(kind)
        if rest is None:
            rest = self._rest[kind] = tuple(map(self.compiled, self._index.rest[kind]))
        if tool is None:
            return rest
        found = self.tools_by_name.fitting(tool)
        return (*rest, *found) if rest and found else found or rest

    def candidates(self, request: Request) -> list[Compiled] | tuple[Compiled, ...]:
        """Return the rules that could match a request."""
        filed = self.filed(request.kind, request.tool)
        groups = self.groups
        if not groups:
            return filed
        sure: list[int] = []
        unsure: list[int] = []
        args = request.args
        for group in groups:
            if group.key is not None:
                value = args.get(group.key, ABSENT)
                if value is not ABSENT:
                    group.look(value, sure, unsure)
            else:
                for value in group.values(args):
                    group.look(value, sure, unsure)
        if not sure and not unsure:
            return filed
        return [*filed, *map(self.sure, sure), *map(self.compiled, unsure)]


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
