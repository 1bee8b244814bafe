"""Expressions without lookaround that match wherever a pattern does: what a multi-pattern engine can run.

Rule 1: where a pattern matches, its superset matches from the same place on, or from a character before it. The superset may match
elsewhere too; the pattern itself has the last word.
Rule 2: a superset speaks of bytes, one a character: ASCII is itself, every other character is ``0x80`` with its lowest seven bits
(``narrow``). What a superset says of a byte, it says of all characters that share it.
Rule 3: the end of a long match is left out: its beginning is enough to know where to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, Final

import msgspec

_HIGH: Final = ((1 << 128) - 1) << 128
_ALL: Final = (1 << 256) - 1
_ENOUGH: Final = 32
"""A beginning of so many characters is telling enough."""
_MANY: Final = 6
_LITERAL: Final = 3
"""So many characters in a row that can be nothing else make a pattern rare."""
_LEAST: Final = 4
_LONG: Final = 1200
"""So is one of some characters that takes so many to write: a list of words, which costs much to run."""


class Superset(msgspec.Struct, frozen=True, array_like=True):
    """Expressions over bytes, of which one matches.

    The pattern begins ``shortest`` to ``longest`` before the end of its match (``None`` without a bound), and looks at
    no more than ``reach`` characters from there on.
    """

    expressions: tuple[str, ...]
    shortest: int
    longest: int | None
    reach: int = 0


class _Narrow(dict[int, str]):
    """The character that stands for each that is not ASCII, learned as they come."""

    def __missing__(self, code: int) -> str:
        plain = chr(code) if code < 128 else chr(0x80 | code & 0x7F)
        if len(self) > 1 << 16:
            self.clear()
        self[code] = plain
        return plain


_NARROW: Final = _Narrow()


def narrow(text: str) -> bytes:
    r"""Write a text as bytes, one a character.

    >>> narrow("a\u4e2d!")
    b'a\xad!'
    """
    return text.encode() if text.isascii() else text.translate(_NARROW).encode("latin-1")


def superset(pattern: str, flags: int = 0) -> Superset | None:
    """Make the superset of a pattern; ``None`` if nothing simpler than "anywhere" is one."""
    parser = import_module("re._parser")  # there is no public way to the tree of an expression
    tree = parser.parse(pattern, flags | _ascii())
    groups: Groups = {}
    items = _unwrapped(list(tree), groups, fold=bool(tree.state.flags & _ignore_case()))
    found = _joined([_Head(one, groups).write() for one in _apart(items)])
    return None if found is None else msgspec.structs.replace(found, reach=int(tree.getwidth()[1]) + _ahead(tree) + 1)


def _apart(items: list[Item]) -> list[list[Item]]:
    """Take a pattern that begins with many words apart, into one a word: each is quick to look for."""
    at = next((at for at, item in enumerate(items) if item[0] not in _EMPTY), None)
    if at is None or items[at][0] != "BRANCH" or len(items[at][1]) < _MANY:
        return [items]
    return [[*items[:at], *branch, *items[at + 1 :]] for branch in items[at][1]]


def _joined(found: list[Superset | None]) -> Superset | None:
    """Put supersets of the parts of a pattern together."""
    parts = [one for one in found if one is not None]
    if len(parts) < len(found):
        return None
    longest = [one.longest for one in parts]
    most = None if None in longest else max(length for length in longest if length is not None)
    expressions = dict.fromkeys(expression for one in parts for expression in one.expressions)
    return Superset(tuple(expressions), min(one.shortest for one in parts), most)


def _ahead(tree: Sequence[Any]) -> int:
    """Measure how far lookaheads look, one after the other."""
    found = 0
    for operation, argument in tree:
        name = str(operation)
        if name in {"ASSERT", "ASSERT_NOT"}:
            found += _ahead(argument[1]) + (int(argument[1].getwidth()[1]) if argument[0] > 0 else 0)
        elif name == "SUBPATTERN":
            found += _ahead(argument[3])
        elif name == "ATOMIC_GROUP":
            found += _ahead(argument)
        elif name == "BRANCH":
            found += max(map(_ahead, argument[1]))
        elif name in _REPEATS:
            found += min(int(argument[1]), _FOREVER) * _ahead(argument[2])
    return found


def _ascii() -> int:
    return int(import_module("re").ASCII)


def _ignore_case() -> int:
    return int(import_module("re").IGNORECASE)


Item = tuple[str, Any, bool]
"""The name of an operation, its argument, and whether case is ignored."""
Groups = dict[int, list[Item]]
"""What groups are made of, for what refers to them."""


def _unwrapped(tree: Sequence[Any], groups: Groups, *, fold: bool) -> list[Item]:
    """Flatten groups that stand by themselves into the sequence around them."""
    found: list[Item] = []
    for operation, argument in tree:
        name = str(operation)
        if name == "SUBPATTERN":
            number, added, removed, inner = argument
            inside = (fold or bool(added & _ignore_case())) and not removed & _ignore_case()
            items = _unwrapped(inner, groups, fold=inside)
            if number is not None:
                groups[number] = items
            found += items
        elif name == "ATOMIC_GROUP":
            found += _unwrapped(argument, groups, fold=fold)
        elif name == "BRANCH":
            found.append((name, [_unwrapped(branch, groups, fold=fold) for branch in argument[1]], fold))
        else:
            found.append((name, argument, fold))
    return _spread(found)


def _spread(items: list[Item]) -> list[Item]:
    """Move a character into the alternatives after it that look back at it, so that they are words again."""
    for at, (name, _, _) in enumerate(items):
        following = next((n for n, item in enumerate(items[at + 1 :], at + 1) if item[0] != "ASSERT_NOT"), None)
        if name not in _SINGLE or following is None or items[following][0] != "BRANCH":
            continue
        mask = _mask(items[at])
        branches = [_led(branch, mask) for branch in items[following][1]]
        if any(branch[0][1] != mask for branch in branches):
            rest: Item = ("BRANCH", branches, items[following][2])
            between = items[at + 1 : following]
            before: list[Item] = [("BEFORE", _behind(it[1][1], 1), False) for it in between if not at and it[1][0] < 0]
            return [*items[:at], *before, rest, *items[following + 1 :]]
    return items


def _led(branch: list[Item], mask: int) -> list[Item]:
    """Give an alternative with the character before it, as far as it is one of those it looks back at."""
    if branch and branch[0][0] == "ASSERT" and branch[0][1][0] < 0:
        behind = _unwrapped(branch[0][1][1], {}, fold=branch[0][2])
        if len(behind) == 1 and behind[0][0] in _SINGLE:
            return [("MASK", mask & _mask(behind[0]), False), *branch[1:]]
    return [("MASK", mask, False), *branch]


class _Part(msgspec.Struct):
    """A piece of an expression, with the least and the most characters it takes up; of a repeated class also what it is."""

    text: str
    low: int
    high: int | None
    repeated: tuple[int, int, int] | None = None


def _total(lengths: Iterable[int | None]) -> int | None:
    found = 0
    for length in lengths:
        if length is None:
            return None
        found += length
    return found


def _bound(parts: list[_Part], mask: int) -> None:
    """Let a repeated class not end with some characters, because a lookbehind after it forbids them."""
    part = parts[-1]
    if not mask or part.repeated is None:
        return
    members, low, high = part.repeated
    end = members & ~mask
    if not end or high < 1:
        return
    text = _times(_class(members), max(0, low - 1), high - 1) + _class(end)
    if low:
        parts[-1] = _Part(text, low, high)
    elif (
        len(parts) > 1 and parts[-2].repeated and parts[-2].repeated[1:] == (1, 1) and not parts[-2].repeated[0] & ~mask
    ):
        parts[-1] = _Part(text, 1, high)
    else:
        parts[-1] = _Part(f"(?:{text})?", 0, high)


class _Head:
    """The beginning of a pattern, as much of it as is telling."""

    def __init__(self, items: list[Item], groups: Groups) -> None:
        self.items = items
        self.groups = groups
        self.before = _ALL
        self.cut = False
        self.narrow = 0
        self.anchored = False

    def write(self) -> Superset | None:
        """Write the superset, with what must stand before and after it."""
        head = self.beginning()
        if not head.low:
            return None
        after = _ALL if self.cut else self._after()
        start = "" if self.before == _ALL else f"(?:^|{_class(self.before)})"
        if self.items[0][0] == "AT" and str(self.items[0][1]) == "AT_BEGINNING_STRING":
            start = "\\A"
        end = "" if after == _ALL else f"(?:{_class(after)}|\\z)"
        longest = None if head.high is None else head.high + (after != _ALL)
        return Superset((start + head.text + end,), head.low, longest)

    def beginning(self) -> _Part:
        """Write as much as is telling."""
        parts: list[_Part] = []
        least = 0
        for at, item in enumerate(self.items):
            name, argument, _ = item
            if name == "BEFORE":
                self.before &= ~argument
            elif name == "ASSERT_NOT" and argument[0] < 0:
                self.before &= ~_behind(argument[1], -1 if self._loose(at) else least)
                if parts:
                    _bound(parts, _mask_behind(argument[1]))
            elif name not in _EMPTY:
                self.narrow = self.narrow + 1 if name in _SINGLE and _mask(item).bit_count() <= 2 else 0
                self.anchored = self.anchored or self.narrow >= _LITERAL
                parts.append(self._next(at, item, least))
                least += parts[-1].low
                if self.cut or (self.anchored and (least >= _ENOUGH or self._long(parts, least))):
                    self.cut = self.cut or not self._ends(at)
                    break
        return _Part("".join(part.text for part in parts), least, _total(part.high for part in parts))

    @staticmethod
    def _long(parts: list[_Part], least: int) -> bool:
        return least >= _LEAST and sum(len(part.text) for part in parts) >= _LONG

    def _next(self, at: int, item: Item, least: int) -> _Part:
        """Write an item; of the last one, and of one that tells enough, no more than the beginning."""
        name, argument, fold = item
        last = all(other in _EMPTY or _optional(other, rest) for other, rest, _ in self.items[at + 1 :])
        if name == "BRANCH":
            return self._branches(argument, last=last) or _write(item, self.groups)
        if name not in _REPEATS:
            return _write(item, self.groups)
        low, high, inner = int(argument[0]), int(argument[1]), argument[2]
        one = _sequence(_unwrapped(inner, self.groups, fold=fold), self.groups)
        wanted = -(-max(1, _ENOUGH - least) // one.low) if one.low else _FOREVER
        if last and low == high <= _LINE and self._ends(at):
            return _write(item, self.groups)
        if (last and low) or (self.anchored and wanted <= low):
            self.cut = True
            few = min(low, wanted) if self.anchored else low
            return _Part(_times(one.text, few, few), one.low * few, None if one.high is None else one.high * few)
        if last and at:
            self.cut = True
            return _Part("", 0, 0)
        return _write(item, self.groups)

    def _branches(self, branches: list[list[Item]], *, last: bool) -> _Part | None:
        """Write the beginnings of alternatives, if the end may be left out."""
        heads = [_Head(branch, self.groups) for branch in branches]
        begun = [head.beginning() for head in heads]
        least = min(one.low for one in begun)
        self.anchored = self.anchored or all(head.anchored for head in heads)
        if not (last or (least >= _LEAST and sum(len(one.text) for one in begun) > _LONG)) or not least:
            return None
        self.cut = self.cut or any(head.cut for head in heads) or not last
        longest = [one.high for one in begun]
        most = None if None in longest else max(length for length in longest if length is not None)
        return _Part(f"(?:{'|'.join(one.text for one in begun)})", least, most)

    def _loose(self, at: int) -> bool:
        """Tell whether anything of a length that varies stands before an item."""
        return any(name not in _SINGLE and name not in _EMPTY for name, _, _ in self.items[:at])

    def _ends(self, at: int) -> bool:
        """Tell whether nothing that takes up text follows an item."""
        return all(name in _EMPTY for name, _, _ in self.items[at + 1 :])

    def _after(self) -> int:
        """Give what may follow a match, by what it must not be followed by."""
        mask = _ALL
        for name, argument, fold in reversed(self.items):
            if name not in _EMPTY:
                break
            if name == "ASSERT_NOT" and argument[0] > 0:
                mask &= ~_alone(argument[1], fold=fold)
        return mask | _HIGH if mask != _ALL else mask


_SINGLE: Final = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY", "MASK"})
_EMPTY: Final = frozenset({"ASSERT", "ASSERT_NOT", "AT", "BEFORE"})


def _mask_behind(tree: Sequence[Any]) -> int:
    """Give the characters that a lookbehind of one character forbids."""
    items = _unwrapped(tree, {}, fold=False)
    return _mask(items[0]) & ~_HIGH if len(items) == 1 and items[0][0] in _SINGLE else 0


def _behind(tree: Sequence[Any], taken: int) -> int:
    """Give the characters that a lookbehind forbids before the match, if it looks there and no farther."""
    items = _unwrapped(tree, {}, fold=False)
    if taken < 0 or len(items) != taken + 1 or any(name not in _SINGLE for name, _, _ in items):
        return 0
    if any(name != "ANY" for name, _, _ in items[1:]):
        return 0
    return _mask(items[0]) & ~_HIGH


def _alone(tree: Sequence[Any], *, fold: bool) -> int:
    """Give the characters that a lookahead forbids by themselves."""
    return _only(_unwrapped(tree, {}, fold=fold))


def _only(items: list[Item]) -> int:
    if len(items) != 1:
        return 0
    name, argument, _ = items[0]
    if name == "BRANCH":
        return _union(map(_only, argument))
    return _mask(items[0]) & ~_HIGH if name in _SINGLE else 0


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _optional(name: str, argument: Any) -> bool:
    return name in _REPEATS and not argument[0]


_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_FOREVER: Final = 100_000
_FEW: Final = 6
_LINE: Final = 128
"""A repeat of more than so many, or of so many characters, is written without an end; the longest match is still known."""


def _write(item: Item, groups: Groups) -> _Part:
    """Write an item."""
    name, argument, _ = item
    if name in _SINGLE:
        return _Part(_class(_mask(item)), 1, 1, (_mask(item), 1, 1))
    if name == "BRANCH":
        branches = [_sequence(branch, groups) for branch in argument]
        longest = [branch.high for branch in branches]
        most = None if None in longest else max(length for length in longest if length is not None)
        return _Part(f"(?:{'|'.join(one.text for one in branches)})", min(one.low for one in branches), most)
    if name in _REPEATS:
        return _repeat(item, groups)
    if name in _EMPTY:
        return _Part("", 0, 0)
    if name == "GROUPREF" and argument in groups:
        one = _sequence(groups[argument], groups)
        return _Part(f"(?:{one.text})?", 0, one.high)
    return _Part(_class(_ALL) + "*", 0, None)  # a condition: anything


def _repeat(item: Item, groups: Groups) -> _Part:
    _, (low, high, inner), fold = item
    items = _unwrapped(inner, groups, fold=fold)
    one = _sequence(items, groups)
    top = None if int(high) > _FOREVER else int(high)
    single = len(items) == 1 and items[0][0] in _SINGLE
    loose = None if top is None or top > max(_LINE if single else _FEW, low) else top
    most = None if one.high is None or top is None else one.high * top
    repeated = (_mask(items[0]), low, loose) if single and loose is not None else None
    return _Part(_times(one.text, low, loose), one.low * low, most, repeated)


def _sequence(items: list[Item], groups: Groups) -> _Part:
    parts = [_write(item, groups) for item in items]
    return _Part("".join(one.text for one in parts), sum(one.low for one in parts), _total(one.high for one in parts))


def _times(text: str, low: int, high: int | None) -> str:
    if not text or high == 0:
        return ""
    if (low, high) == (1, 1):
        return text
    counts: dict[tuple[int, int | None], str] = {(0, 1): "?", (0, None): "*", (1, None): "+"}
    count = counts.get((low, high))
    if count is None:
        count = f"{{{low}}}" if low == high else f"{{{low},{'' if high is None else high}}}"
    return f"(?:{text}){count}"


def _mask(item: Item) -> int:
    """Give the bytes that an item of one character matches, a bit each."""
    name, argument, fold = item
    if name == "MASK":
        return int(argument)
    if name == "ANY":
        return _ALL  # a line's end too: some other flag may say so
    if name == "LITERAL":
        return _char(argument, fold=fold)
    if name == "NOT_LITERAL":
        return (_ALL & ~_char(argument, fold=fold)) | _HIGH
    mask = 0
    negated = False
    for operation, value in argument:
        kind = str(operation)
        if kind == "NEGATE":
            negated = True
        elif kind == "LITERAL":
            mask |= _char(value, fold=fold)
        elif kind == "RANGE":
            mask |= _range(value[0], value[1], fold=fold)
        else:
            mask |= _CATEGORIES[str(value)]
    return (_ALL & ~mask) | _HIGH if negated else mask


def _char(code: int, *, fold: bool) -> int:
    if code > 127:
        return _HIGH if fold else 1 << (0x80 | code & 0x7F)
    mask = 1 << code
    if fold and chr(code).isalpha():
        mask |= 1 << (code ^ 0x20)
    return mask


def _range(low: int, high: int, *, fold: bool) -> int:
    if high - low > 255:
        return _union(_char(code, fold=fold) for code in range(low, 128)) | _HIGH
    return _union(_char(code, fold=fold) for code in range(low, high + 1))


def _bits(text: str) -> int:
    return _union(1 << ord(c) for c in text)


_DIGIT: Final = _bits("0123456789")
_SPACE: Final = _bits(" \t\n\r\f\v")
_WORD: Final = _DIGIT | _bits("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_CATEGORIES: Final = {
    "CATEGORY_DIGIT": _DIGIT,
    "CATEGORY_NOT_DIGIT": _ALL & ~_DIGIT,
    "CATEGORY_SPACE": _SPACE,
    "CATEGORY_NOT_SPACE": _ALL & ~_SPACE,
    "CATEGORY_WORD": _WORD,
    "CATEGORY_NOT_WORD": _ALL & ~_WORD,
}


def _class(mask: int) -> str:
    """Write a set of bytes.

    >>> _class(_DIGIT), _class(1 << 97)
    ('[0-9]', 'a')
    """
    codes = [code for code in range(256) if mask >> code & 1]
    if len(codes) == 1:
        return _byte(codes[0])
    spans: list[tuple[int, int]] = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1] = (spans[-1][0], code)
        else:
            spans.append((code, code))
    return "[" + "".join(_byte(a) if a == b else f"{_byte(a)}-{_byte(b)}" for a, b in spans) + "]"


def _byte(code: int) -> str:
    char = chr(code)
    return char if char.isascii() and char.isalnum() else f"\\x{code:02x}"
