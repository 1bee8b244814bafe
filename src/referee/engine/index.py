"""Which rules could match a request, found without looking at the others.

Rule 1: the index may offer a rule that does not match; it never withholds one that is true, in error or not known.
Rule 2: a rule is filed under one conjunct of its ``when``: its tool, else an argument it compares, else its kinds.
Rule 3: an argument is used only for rules that name neither tool nor kind: there an absent one is false.
Rule 4: everything here is plain data, so that a compiled program can be stored.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final

import msgspec

from referee.engine.operators import as_number, is_foreign, native, plain
from referee.engine.patterns import literal_ends
from referee.model.names import KINDS
from referee.model.programs import All, Condition, Rule, Test
from referee.model.value import Path, reach

Places = dict[str, int | list[int]]
"""Positions of rules by what they are filed under; a single one, the commonest case, is not put in a list."""

_CELLS_A_RULE: Final = 8
_STEPS: Final = (1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32, 48)
"""The lengths at which beginnings are cut."""
_SHARED: Final = 4
"""How many different beginnings may be told apart by trying them."""
_WIDE: Final = 10**18
_SPELLED: Final = 60
"""Numbers shorter than this are spelled in full, so that equal spellings are equal numbers."""
_KEYS: Final = Context(prec=60, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, capitals=1, clamp=0, traps=[])
"""How numbers are spelled: the same for everyone, whatever the precision of the program around us."""


class Group(msgspec.Struct):
    """Rules that compare the argument at one path.

    ``texts`` and ``numbers`` file equality by text and by number, ``numerals`` text that reads as a number,
    ``prefixes`` beginnings. ``points`` and ``cells`` file intervals: cell 2i+1 is exactly at point i, cell 2i below it.
    ``ordered``, ``begun`` and ``exact`` list the rules that compare by order, beginning and number: a value of the wrong
    type, or a number that is not finite, puts them in error.
    """

    path: tuple[str | int, ...]
    texts: Places = {}
    numbers: Places = {}
    numerals: Places = {}
    prefixes: Places = {}
    points: list[float] = []
    cells: list[list[int]] = []
    ordered: list[int] = []
    begun: list[int] = []
    exact: list[int] = []


class Index(msgspec.Struct):
    """Where every rule of a program is filed, by its position."""

    tools: Places = {}
    heads: Places = {}
    tails: Places = {}
    globs: Places = {}
    rest: dict[str, list[int]] = {}
    groups: list[Group] = []


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """Yield the parts that must all hold."""
    if isinstance(condition, All):
        for part in condition.parts:
            yield from conjuncts(part)
    else:
        yield condition


def tool_test(rule: Rule) -> Test | None:
    """Return the conjunct that fixes the tool by name, list or glob."""
    for part in conjuncts(rule.when):
        if isinstance(part, Test) and part.attribute.root == "tool" and _fixes_tool(part):
            return part
    return None


def _fixes_tool(test: Test) -> bool:
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    if test.op not in ("eq", "in", "glob") or not operands:
        return False
    texts = all(isinstance(operand, str) for operand in operands)
    return texts and (test.op == "glob" or all(as_number(operand) is None for operand in operands))


def build_index(rules: Sequence[Rule]) -> Index:
    """File every rule that is not off."""
    index = Index(rest={kind: [] for kind in KINDS})
    drafts: dict[Path, _Draft] = {}
    heads: list[tuple[str, int]] = []
    tails: list[tuple[str, int]] = []
    for position, rule in enumerate(rules):
        if rule.mode == "off":
            continue
        test = tool_test(rule)
        if test is not None:
            _file_tool(index, test, position, heads, tails)
        elif rule.named or not _file_argument(drafts, rule, position):
            for kind in rule.kinds or KINDS:
                index.rest[kind].append(position)
    index.heads = _cut(heads)
    index.tails = {tail[::-1]: places for tail, places in _cut([(tail[::-1], at) for tail, at in tails]).items()}
    index.groups = [draft.group(path, index) for path, draft in sorted(drafts.items(), key=lambda item: str(item[0]))]
    return index


def _put(places: Places, key: str, position: int) -> None:
    held = places.get(key)
    if held is None:
        places[key] = position
    elif isinstance(held, int):
        places[key] = [held, position]
    else:
        held.append(position)


def _get(places: Places, key: str) -> Iterable[int]:
    held = places.get(key)
    if held is None:
        return ()
    return (held,) if isinstance(held, int) else held


def _cut(heads: list[tuple[str, int]]) -> Places:
    """File beginnings by their first characters: by as few lengths as keep apart what is unlike.

    Each length costs a look-up. A length is enough for those whose first characters few others share.

    >>> _cut([("svc1.", 0), ("svc23.admin_", 1), ("mcp__github__a", 2)])
    {'svc1.': 0, 'svc23': 1, 'mcp__': 2}
    """
    places: Places = {}
    left = heads
    while left:
        length = min(len(head) for head, _ in left)
        length = max((step for step in _STEPS if step <= length), default=length)
        sharing: dict[str, set[str]] = {}
        for head, _ in left:
            sharing.setdefault(head[:length], set()).add(head)
        longer: list[tuple[str, int]] = []
        for head, position in left:
            if len(sharing[head[:length]]) <= _SHARED or length == _STEPS[-1] or _next(length) > len(head):
                _put(places, head[:length], position)
            else:
                longer.append((head, position))
        left = longer
    return places


def _next(length: int) -> int:
    return min((step for step in _STEPS if step > length), default=length)


def _file_tool(
    index: Index, test: Test, position: int, heads: list[tuple[str, int]], tails: list[tuple[str, int]]
) -> None:
    operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    for operand in dict.fromkeys(map(str, operands)):
        if test.op != "glob":
            _put(index.tools, operand, position)
            continue
        head, tail = literal_ends(operand)
        if head == operand:
            _put(index.tools, operand, position)
        elif head:
            heads.append((head, position))
        elif tail:
            tails.append((tail, position))
        else:
            _put(index.globs, operand, position)


class _Draft:
    """A group while it is filled."""

    def __init__(self) -> None:
        self.texts: Places = {}
        self.numbers: Places = {}
        self.numerals: Places = {}
        self.prefixes: Places = {}
        self.spans: list[tuple[Decimal | None, Decimal | None, int]] = []

    def group(self, path: tuple[str | int, ...], index: Index) -> Group:
        points, cells, left_over = _cells(self.spans)
        for position in left_over:
            for kind in KINDS:
                index.rest[kind].append(position)
        return Group(
            path=path,
            texts=self.texts,
            numbers=self.numbers,
            numerals=self.numerals,
            prefixes=self.prefixes,
            points=points,
            cells=cells,
            ordered=sorted({position for _, _, position in self.spans} - set(left_over)),
            exact=sorted({at for place in (self.numbers, self.numerals) for key in place for at in _get(place, key)}),
            begun=sorted({at for prefix in self.prefixes for at in _get(self.prefixes, prefix)}),
        )


def filing(rule: Rule) -> tuple[Choose, tuple[Test, ...]] | None:
    """Choose the most selective argument of a rule: how it is filed, and the conjuncts that say so.

    ``None``: the rule names its tool or kind, or compares no argument that can be filed.
    """
    if rule.named or tool_test(rule) is not None:
        return None
    tests = [part for part in conjuncts(rule.when) if isinstance(part, Test) and _indexable(part)]
    for choose in (_equality, _prefix):
        for test in tests:
            if choose(_Draft(), (test,), 0):
                return choose, (test,)
    spans: dict[Path, list[Test]] = {}
    for test in tests:
        if test.op in _BOUNDS:
            spans.setdefault(test.attribute.path, []).append(test)
    if not spans:
        return None
    narrowest = min(spans.values(), key=lambda bounds: _span(bounds).count(None))
    return _interval, tuple(narrowest)


def _file_argument(drafts: dict[Path, _Draft], rule: Rule, position: int) -> bool:
    chosen = filing(rule)
    if chosen is None:
        return False
    choose, tests = chosen
    return choose(drafts.setdefault(tests[0].attribute.path, _Draft()), tests, position)


def _indexable(test: Test) -> bool:
    path = test.attribute.path
    return test.attribute.root == "args" and bool(path) and "*" not in path and "**" not in path


def _equality(draft: _Draft, tests: tuple[Test, ...], position: int) -> bool:
    (test,) = tests
    if test.op not in ("eq", "in"):
        return False
    operands: tuple[Any, ...] = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    if not operands or any(operand is None or isinstance(operand, bool) for operand in operands):
        return False
    values = list(dict.fromkeys(plain(operand) for operand in operands))
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) != len(values) and (texts or len({_key(value) for value in values}) != len(values)):
        return False
    numerals = {_key(number) for number in map(as_number, texts) if number is not None}
    for value in values:
        place = draft.texts if isinstance(value, str) else draft.numbers
        _put(place, value if isinstance(value, str) else _key(value), position)
    for numeral in numerals:
        _put(draft.numerals, numeral, position)
    return True


def _key(number: Any) -> str:
    """Spell a number so that equal numbers are spelled alike.

    >>> _key(Decimal("5.00")), _key(5), _key(Decimal("1E+2"))
    ('5', '5', '100')
    """
    if number.__class__ is int and -_WIDE < number < _WIDE:
        return str(number)
    exact = _KEYS.normalize(Decimal(number))
    return str(int(exact)) if -_WIDE < exact < _WIDE and exact == int(exact) else _KEYS.to_sci_string(exact)


def _prefix(draft: _Draft, tests: tuple[Test, ...], position: int) -> bool:
    (test,) = tests
    if test.op != "starts_with" or test.operand == ():
        return False
    operands: tuple[Any, ...] = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    if any(operand == "" for operand in operands):
        return False
    for operand in _outermost(operands):
        _put(draft.prefixes, operand, position)
    return True


def _outermost(operands: tuple[Any, ...]) -> list[str]:
    """Drop prefixes that another one covers, so that a text meets a rule once."""
    found: list[str] = []
    for operand in sorted(set(operands), key=len):
        if not operand.startswith(tuple(found)):
            found.append(operand)
    return found


_BOUNDS: Final[Mapping[str, tuple[bool, bool]]] = {
    "gt": (True, False),
    "gte": (True, False),
    "lt": (False, True),
    "lte": (False, True),
    "between": (True, True),
}


def _span(tests: Iterable[Test]) -> list[Decimal | None]:
    """Return the bounds that tests of one argument put on it together, both counted in."""
    span: list[Decimal | None] = [None, None]
    for test in tests:
        low, high = _BOUNDS[test.op]
        operands: tuple[Any, ...] = test.operand if isinstance(test.operand, tuple) else (test.operand, test.operand)
        if low:
            bound = Decimal(str(plain(operands[0])))
            span[0] = bound if span[0] is None else max(span[0], bound)
        if high:
            bound = Decimal(str(plain(operands[1])))
            span[1] = bound if span[1] is None else min(span[1], bound)
    return span


def _interval(draft: _Draft, tests: tuple[Test, ...], position: int) -> bool:
    low, high = _span(tests)
    draft.spans.append((low, high, position))
    return True


Choose = Callable[[_Draft, tuple[Test, ...], int], bool]


def _cells(spans: list[tuple[Decimal | None, Decimal | None, int]]) -> tuple[list[float], list[list[int]], list[int]]:
    """Cut the number line at every bound and list the rules of each piece; rules that would fill too much are left over."""
    points = sorted({float(bound) for low, high, _ in spans for bound in (low, high) if bound is not None})
    places = {point: at for at, point in enumerate(points)}
    cells: list[list[int]] = [[] for _ in range(2 * len(points) + 1)]
    budget = _CELLS_A_RULE * len(spans) + 4096
    left_over: list[int] = []
    for low, high, position in sorted(spans, key=lambda span: (_width(span, places), span[2])):
        first = 0 if low is None else 2 * places[float(low)] + 1
        last = len(cells) - 1 if high is None else 2 * places[float(high)] + 1
        if last - first + 1 > budget:
            left_over.append(position)
            continue
        budget -= max(0, last - first + 1)
        for cell in range(first, last + 1):
            cells[cell].append(position)
    return points, cells, left_over


def _width(span: tuple[Decimal | None, Decimal | None, int], places: dict[float, int]) -> int:
    low = 0 if span[0] is None else places[float(span[0])]
    return (len(places) if span[1] is None else places[float(span[1])]) - low


class GroupLookup:
    """One group in use."""

    __slots__ = ("_begun", "_cells", "_group", "_lengths", "_ordered", "_points", "_prefixes", "_texts", "key", "path")

    def __init__(self, group: Group) -> None:
        self._group = group
        self.path = group.path
        self.key = group.path[0] if len(group.path) == 1 and isinstance(group.path[0], str) else None
        self._texts = group.texts
        self._prefixes = group.prefixes
        self._lengths = sorted({len(prefix) for prefix in group.prefixes})
        self._points = group.points
        self._cells = group.cells
        self._ordered = group.ordered
        self._begun = group.begun

    def everything(self) -> list[int]:
        """Return every rule of the group: a value that JSON does not have could match any."""
        group = self._group
        places = (group.texts, group.numbers, group.prefixes)
        filed = {at for place in places for key in place for at in _get(place, key)}
        return sorted(filed.union(group.ordered))

    def values(self, args: Mapping[str, Any]) -> Iterator[Any]:
        """Yield the value at the group's path, if there is one."""
        return reach(args, self.path)

    def look(self, value: Any, sure: list[int], unsure: list[int]) -> None:
        """Add the rules that a value brings up: those whose filed conjuncts hold for sure, and those to be judged whole."""
        kind = value.__class__
        group = self._group
        if kind is str:
            if value in self._texts:
                sure += _get(self._texts, value)
            for length in self._lengths:
                beginning = value[:length]
                if beginning in self._prefixes and len(value) >= length:
                    sure += _get(self._prefixes, beginning)
            if group.numbers or self._ordered:
                self._number(as_number(value), sure, unsure, group.numbers)
        elif kind is int or kind is float or kind is Decimal:
            number = value if kind is int and not group.numbers and not group.numerals else as_number(value)
            if number is None:
                unsure += group.exact
            self._number(number, sure, unsure, group.numbers, group.numerals)
            unsure += self._begun
        elif is_foreign(value):
            unsure += self.everything()
        else:
            exact = native(value)
            if exact is not value:
                self.look(exact, sure, unsure)
                return
            unsure += self._ordered
            unsure += self._begun

    def _number(self, number: Any, sure: list[int], unsure: list[int], *places: Places) -> None:
        if number is None:
            unsure += self._ordered
            return
        for place in places:
            if place:
                equal = _get(place, _key(number))
                if -_WIDE < number < _WIDE and len(str(number)) < _SPELLED:
                    sure += equal
                else:
                    unsure += equal
        points = self._points
        if points:
            try:
                at = float(number)
            except OverflowError:
                unsure += self._ordered
                return
            cell = bisect_left(points, at)
            if cell < len(points) and points[cell] == at:
                unsure += self._cells[2 * cell + 1]
            else:
                sure += self._cells[2 * cell]
