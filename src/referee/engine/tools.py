"""The rules that a tool's name brings up, and the decisions that depend on nothing else.

Rule 1: what is offered fits: the name is the key, or the glob has been tried.
Rule 2: a decision is settled for a name only where no rule looks at anything but names, and no limit is drawn from.
Rule 3: positions of rules give way to what they stand for as names come up; each is as large as what it replaces.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Final

from referee.engine.index import Index, tool_test
from referee.engine.patterns import glob, literal_ends
from referee.engine.rules import Compiled
from referee.model.decision import Decision
from referee.model.programs import Rule

Held = int | list[int] | Compiled | tuple[Compiled, ...] | Decision
"""Positions not met yet, the rules that are there, or the decision that is settled."""

NAMES: Final = 512
"""How many tool names are remembered at least; twice as many as there are names in the rules, if that is more."""
_FEW: Final = 2
"""With no more lengths of heads and tails than these, a name is looked up again rather than remembered."""


class Tools:
    """The names and globs of a program. ``known`` are its decisions by rule, if only names matter in it."""

    def __init__(
        self, index: Index, compiled: Callable[[int], Compiled], known: Mapping[int | None, Decision] | None
    ) -> None:
        self._compiled = compiled
        self._known = known
        self._nothing: Decision | None = None
        self._named = index.tools
        self._tools: dict[str, Held] = dict(index.tools)
        self._heads: dict[str, Held] = dict(index.heads)
        self._tails: dict[str, Held] = dict(index.tails)
        self._head_lengths = sorted({len(head) for head in index.heads})
        self._tail_lengths = sorted({len(tail) for tail in index.tails})
        self._patterns = [(glob(pattern), pattern) for pattern in index.globs]
        self._others: dict[str, Held] = dict(index.globs)
        self._globs = bool(index.heads or index.tails or index.globs)
        self._length = self._head_lengths[0] if len(self._head_lengths) == 1 else 0
        self._only_heads = self._globs and self._length > 0 and not (index.tools or index.tails or index.globs)
        many = bool(index.globs) or len(self._head_lengths) + len(self._tail_lengths) > _FEW
        self._keep = max(NAMES, 2 * len(index.tools)) if many else 0
        self._fitting: dict[str, tuple[Compiled, ...]] = {}

    def settled(self, tool: str | None) -> Decision | None:
        """Return the decision that the name of a tool settles, if it was made before."""
        if self._known is None or tool is None:
            return None
        if not self._globs:
            held = self._tools.get(tool)
            if isinstance(held, Decision):
                return held
            return None if held is not None else self._nothing or self._no_rule()
        if self._only_heads:
            held = self._heads.get(tool[: self._length])
            if held is None:
                return self._nothing or self._no_rule()
            if isinstance(held, Compiled) and held.after is not None and held.always:
                return held.alone if tool.startswith(held.after, self._length) else self._nothing or self._no_rule()
        fitting = self.fitting(tool)
        if not fitting:
            return self._nothing or self._no_rule()
        return fitting[0].alone if len(fitting) == 1 and fitting[0].always else None

    def _no_rule(self) -> Decision | None:
        assert self._known is not None
        self._nothing = self._known.get(None)
        return self._nothing

    def settle(self, tool: str, position: int, decision: Decision) -> None:
        """Take the decision about a tool's call that only the rule at a position matches."""
        one = self._compiled(position)
        one.alone = decision
        if self._known is not None and not self._globs and one.always and self.fitting(tool) == (one,):
            self._tools[tool] = decision

    def fitting(self, tool: str) -> tuple[Compiled, ...]:
        """Return the rules whose name or glob a tool's name fits."""
        if not self._globs:
            return self._meet(self._tools, tool) if tool in self._tools else ()
        if self._keep:
            found = self._fitting.get(tool)
            if found is None:
                found = self._look(tool)
                if found:
                    if len(self._fitting) >= self._keep:
                        self._fitting.clear()
                    self._fitting[tool] = found
            return found
        return self._look(tool)

    def _look(self, tool: str) -> tuple[Compiled, ...]:
        found: list[Compiled] = []
        if tool in self._tools:
            found += self._meet(self._tools, tool)
        for length in self._head_lengths:
            head = tool[:length]
            if head in self._heads:
                found += [one for one in self._meet(self._heads, head, length) if _fits(one, tool, length)]
        for length in self._tail_lengths:
            tail = tool[-length:]
            if tail in self._tails:
                found += [one for one in self._meet(self._tails, tail) if _fits(one, tool, 0)]
        for fits, pattern in self._patterns:
            if fits(tool):
                found += self._meet(self._others, pattern)
        if len(found) < 2:
            return tuple(found)
        return tuple(sorted(dict.fromkeys(found), key=lambda one: one.position))

    def _meet(self, places: dict[str, Held], key: str, length: int = 0) -> tuple[Compiled, ...]:
        """Return the rules at a key, compiled if this is the first time."""
        held = places[key]
        if isinstance(held, Compiled):
            return (held,)
        if isinstance(held, tuple):
            return held
        if isinstance(held, Decision):
            held = self._named[key]
        positions = [held] if isinstance(held, int) else held
        found = tuple(map(self._compiled, positions))
        for one in found if length else ():
            one.after = _after(one.rule, length)
        places[key] = found[0] if len(found) == 1 else found
        return found


def _fits(one: Compiled, tool: str, length: int) -> bool:
    if one.after is not None and length:
        return tool.startswith(one.after, length)
    return one.names is None or bool(one.names(tool))


def _after(rule: Rule, length: int) -> str | None:
    """Return what a glob says behind its first characters, if it is a beginning and a star and nothing more.

    What rules have in common here is one text, so that it stays close at hand.
    """
    test = tool_test(rule)
    operand = test.operand if test is not None else None
    pattern = operand[0] if isinstance(operand, tuple) and len(operand) == 1 else operand
    if not isinstance(pattern, str) or not pattern.endswith("*") or literal_ends(pattern) != (pattern[:-1], ""):
        return None
    return sys.intern(pattern[length:-1])
