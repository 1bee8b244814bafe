"""Did you mean: the nearest known words to an unknown one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

MIN_PART: Final = 3
MAX_PART: Final = 64
_DIVIDER: Final = re.compile(r"[._]")

WORDS: Final[dict[str, tuple[str, ...]]] = {
    "deny": ("reject", "refuse", "forbid", "prohibit", "disallow", "stop", "no", "false", "block"),
    "block": ("deny", "denylist", "blacklist"),
    "allow": ("permit", "accept", "grant", "pass", "yes", "allowlist", "whitelist"),
    "require_approval": ("ask", "approve", "approval", "confirm", "review", "human", "hold"),
    "terminate": ("kill", "end", "abort", "halt"),
    "redact": ("mask", "sanitize", "sanitise", "scrub", "anonymize", "anonymise"),
    "modify": ("change", "rewrite", "transform", "patch"),
    "alert": ("warn", "notify"),
    "log": ("audit", "record"),
    "label": ("tag", "taint"),
    "observe": ("monitor", "shadow", "audit", "dry-run", "dry_run", "warn", "log"),
    "enforce": ("on", "active", "enabled", "enforced"),
    "off": ("disabled", "inactive", "none"),
    "pre": ("before", "input", "request"),
    "post": ("after", "output", "response"),
    "input": ("in", "incoming", "request", "pre"),
    "output": ("out", "outgoing", "response", "post"),
    "any": ("or",),
    "all": ("and",),
    "string": ("str", "text"),
    "integer": ("int",),
    "number": ("float", "decimal"),
    "boolean": ("bool",),
    "list": ("array",),
    "mapping": ("object", "dict", "map"),
    "tool_allowlist": ("tool_whitelist", "allowlist", "whitelist"),
    "tool_denylist": ("tool_blacklist", "tool_blocklist", "denylist", "blocklist", "blacklist"),
    "critical": ("urgent", "severe", "fatal"),
    "low": ("info", "minor"),
    "medium": ("warning", "moderate"),
    "policies": ("policy",),
}
"""What people write for a word of the language, for did-you-mean."""

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


def meant(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Give what a word may stand for: what it is another word for, what is near it, or what it is a part of.

    >>> meant("reject", ["deny", "redact"]), meant("phone", ["phone_number", "ssn"]), meant("on", ["one"])
    (['deny'], ['phone_number'], ['one'])
    """
    words = list(known)
    lower = word.lower()
    same = [lower] if lower in words else [name for name in words if lower in WORDS.get(name, ())]
    near = same or nearest(word, words)
    if near:
        return near
    if not MIN_PART <= len(word) <= MAX_PART:
        return []
    parts = [name for name in words if lower in _DIVIDER.split(name) or name.startswith(lower)]
    return parts if len(parts) <= most else []


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
