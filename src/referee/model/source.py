"""Where a thing stands in a policy text, and what is wrong with it there.

Rule 1: lines and columns count from 1, columns count characters.
Rule 2: a diagnostic is a value; text, JSON and SARIF are drawn from it elsewhere.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Level = Literal["error", "warning"]


class Span(msgspec.Struct, frozen=True):
    """A stretch of one file, from its first character to the one after its last."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Attachment(msgspec.Struct, frozen=True):
    """A file that a policy text names: where it is and its text, or what was in the way of reading it.

    Of one that is ``outside`` of the policy's folder, itself or through a link, no line is shown: it may be anything.
    """

    path: str
    text: bytes = b""
    problem: str = ""
    outside: bool = False


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """One problem of a policy text.

    ``code`` is a stable word (``unknown-key``), ``where`` the place in the tree (``$.policies[0].when``), ``excerpt``
    the source line, ``help`` what to do about it.
    """

    code: str
    message: str
    span: Span
    level: Level = "error"
    where: str = "$"
    help: str | None = None
    excerpt: str = ""
