"""What several scanners work out about the same texts, worked out once.

Rule 1: it lasts for one decision, and is forgotten with it: nobody keeps a text.
Rule 2: whoever finds nothing here works it out anew; the answer is the same.

>>> with shared({}):
...     once(("length", "abc"), lambda: 3)
3
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
Memo = dict[Hashable, Any]
_MEMO: ContextVar[Memo | None] = ContextVar("referee_scanning", default=None)


@contextmanager
def shared(memo: Memo) -> Generator[None]:
    """Let the scanners that run inside share what they work out, in ``memo``."""
    token = _MEMO.set(memo)
    try:
        yield
    finally:
        _MEMO.reset(token)


def once(key: Hashable, work: Callable[[], T]) -> T:
    """Return what was worked out under a key, or work it out."""
    memo = _MEMO.get()
    if memo is None:
        return work()
    found = memo.get(key)
    if found is None:
        found = memo[key] = work()
    return cast("T", found)
