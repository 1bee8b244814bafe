"""Did you mean: the nearest known words to an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SYNONYMS: Final[dict[str, str]] = {
    "=": "eq", "==": "eq", "equals": "eq", "equal": "eq", "is": "eq", "!=": "ne", "neq": "ne", "not": "ne", "not_equals": "ne",
    ">": "gt", "greater": "gt", "greater_than": "gt", "more_than": "gt", "above": "gt", "over": "gt", ">=": "gte", "ge": "gte",
    "min": "gte", "at_least": "gte", "<": "lt", "less": "lt", "less_than": "lt", "below": "lt", "under": "lt", "<=": "lte",
    "le": "lte", "max": "lte", "at_most": "lte", "one_of": "in", "any_of": "in", "none_of": "not_in", "nin": "not_in",
    "present": "exists", "absent": "missing", "matches": "regex", "match": "regex", "pattern": "regex", "like": "glob",
    "includes": "contains", "has": "contains", "prefix": "starts_with", "startswith": "starts_with", "suffix": "ends_with",
    "endswith": "ends_with", "length": "count", "size": "count", "len": "count", "domain": "host", "under_path": "within",
    "ip": "cidr", "range": "between",
}  # fmt: skip
"""Words of other languages, for did-you-mean."""


def nearest(word: str, known: Iterable[str], most: int = 2) -> list[str]:
    """Give the known words that a slip of the hand away, nearest first; nothing if none is near.

    >>> nearest("aproval", ["approval", "deny"])
    ['approval']
    >>> nearest("args.qurey", ["args.query", "args.limit"])
    ['args.query']
    """
    if not word or len(word) > 64:
        return []
    bound = 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3
    near: list[tuple[int, str]] = []
    for candidate in known:
        if abs(len(candidate) - len(word)) <= bound:
            steps = distance(word.lower().replace("-", "_"), candidate.lower().replace("-", "_"), bound)
            if steps <= bound and steps < len(candidate):
                near.append((steps, candidate))
    near.sort()
    return [candidate for steps, candidate in near[:most] if steps == near[0][0]]


def distance(left: str, right: str, bound: int) -> int:
    """Count the insertions, deletions, replacements and swaps of neighbours between two words, up to ``bound`` + 1.

    >>> distance("qurey", "query", 3)
    1
    """
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                steps = min(steps, older[j - 2] + 1)
            row.append(steps)
        if min(row) > bound:
            return bound + 1
    return row[-1]
