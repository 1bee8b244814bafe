"""From a SQL text to statements: every reading of it that a database could have.

Rule 1: a declared dialect gives one reading; an undeclared one gives several where quotes and comments mean different things.
Rule 2: a comment that some databases run is read both ways.
Rule 3: a reading that does not parse is passed over only if, word for word, it begins the same statements as one that does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.dialects import Dialect
from sqlglot.tokenizer_core import TokenType

from referee.facets.sql.words import HEADS

LONGEST: Final = 64 * 1024
_DEEPEST: Final = 60
_MYSQL: Final = ("mysql", "singlestore", "starrocks", "doris", "")
_LEXICAL: Final = ("mysql", "postgres", "tsql", "bigquery")
"""Dialects that stand for the ways in which quotes and comments are read, beside the standard's."""
_OTHERS: Final = ("postgres", "mysql", "tsql", "sqlite", "snowflake", "bigquery", "oracle")
_PLAIN: Final = re.compile(
    r"""(?:[^'"`\\\#$\[\]/\-\{\r]+ | ' [^'\\]* ' | " [^"'\\;\#]* " | \$\d+ | -(?!-) | --[ \t] [^\r\n]* (?:\r?\n | $)
    | /(?![*/]) | /\*(?![!M+]) (?:(?!/\*|\*/).)* \*/ | \[ (?:[^\[\]'"`;\\/\#\-] | '[^'\\\]]*')* \] | \{(?![\#{%]) | \r\n)*+""",
    re.VERBOSE | re.DOTALL,
)
"""Texts in which every database sees the same words."""
_RUN_COMMENT: Final = re.compile(r"/\*M?!\d{0,6}")
_MINUS: Final = re.compile(r"--(?=[^\s])")
_TEMPLATE: Final = re.compile(r"\{#|\{%")
_UNICODE: Final = re.compile(r"""(?i)\bU&["]""")
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


class _Silence(logging.Filter):
    """Keep the parser's warnings, which quote statements, out of every log while this room parses."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record through unless it is about a text of ours."""
        del record
        return not _quiet.get()


logging.getLogger("sqlglot").addFilter(_Silence())


@contextmanager
def silence() -> Generator[None]:
    """Let nothing of the parser's be logged for a while."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


class Reading(NamedTuple):
    """One way to read a text: as which dialect, and the statements it has then."""

    dialect: str
    statements: list[exp.Expr]


def readings(text: str, dialect: str) -> tuple[list[Reading], tuple[str, ...]]:
    """Read a text in every way it may be meant, and say what could not be read."""
    hidden = _unreadable(text)
    if hidden:
        return [], (hidden,)
    found: list[Reading] = []
    missing: list[str] = []
    for variant in _variants(text, dialect):
        read = _declared(variant, dialect) if dialect else _undeclared(variant)
        found += read[0]
        missing += read[1]
    return found, tuple(dict.fromkeys(missing))


def _unreadable(text: str) -> str:
    if "\0" in text:
        return "operation: a database may stop reading at a zero character"
    if _TEMPLATE.search(text):
        return "operation: the text is a template"
    if _UNICODE.search(text):
        return "operation: a name is written in escapes"
    return ""


def _variants(text: str, dialect: str) -> list[str]:
    """Give the texts that a database may run in place of this one: MySQL runs some comments, and wants a blank after ``--``."""
    found = [text]
    if dialect in _MYSQL:
        if _RUN_COMMENT.search(text):
            found.append(_run_comments(text))
        if _MINUS.search(text):
            found += [_MINUS.sub("- -", one) for one in found]
    return found


def _run_comments(text: str) -> str:
    """Write what stands in comments that MySQL runs as if it stood outside of them."""
    pieces: list[str] = []
    at = 0
    while found := _RUN_COMMENT.search(text, at):
        end = text.find("*/", found.end())
        if end < 0:
            break
        pieces += [text[at : found.start()], " ", text[found.end() : end], " "]
        at = end + 2
    return "".join([*pieces, text[at:]])


def _declared(text: str, dialect: str) -> tuple[list[Reading], list[str]]:
    statements = parse(text, dialect)
    if statements is not None:
        return [Reading(dialect, statements)], []
    return [_by_words(text, dialect)], ["operation: the text does not parse"]


def _undeclared(text: str) -> tuple[list[Reading], list[str]]:
    """Read a text of which nobody said for which database it is."""
    if _PLAIN.fullmatch(text):
        for dialect in ("", *_OTHERS):
            statements = parse(text, dialect)
            if statements is not None and not any(isinstance(one, exp.Command) for one in statements):
                return [Reading(dialect, statements)], []
        return _declared(text, "")
    parsed: list[Reading] = []
    failed: list[str] = []
    for dialect in ("", *_LEXICAL):
        statements = parse(text, dialect)
        if statements is None:
            failed.append(dialect)
        else:
            parsed.append(Reading(dialect, statements))
    if not parsed:
        return _declared(text, "")
    shapes = {_heads(text, reading.dialect) for reading in parsed}
    missing = ["operation: databases read the text in different ways"]
    others = {_heads(text, dialect) for dialect in failed} - {None}
    return parsed, [] if others <= shapes else missing


def parse(text: str, dialect: str) -> list[exp.Expr] | None:
    """Parse a text, or say with ``None`` that it does not."""
    try:
        if _depth(text) > _DEEPEST:
            return None
        found = sqlglot.parse(text, read=dialect or None, error_level=ErrorLevel.IMMEDIATE)
        return [one for one in found if one is not None and not isinstance(one, exp.Semicolon)]
    except Exception:  # noqa: BLE001 - whatever the parser trips over, the text is not parsed
        return None


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in text:
        if sign in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in ")]":
            depth -= 1
    return deepest


def _heads(text: str, dialect: str) -> tuple[str, ...] | None:
    """Give the first word of every statement; ``None`` if a quote is not closed, so that no database takes it."""
    try:
        tokens = Dialect.get_or_raise(dialect or None).tokenize(text)
    except Exception:  # noqa: BLE001 - as above
        return None
    heads: list[str] = []
    begin = True
    for one in tokens:
        if one.token_type is TokenType.SEMICOLON:
            begin = True
        elif begin and one.token_type is not TokenType.L_PAREN:
            heads.append(one.text.upper())
            begin = False
    return tuple(heads)


def _by_words(text: str, dialect: str) -> Reading:
    """Tell what is known of a text that does not parse: what its statements begin with."""
    heads = _heads(text, dialect) or ()
    return Reading(dialect, [exp.Command(this=head, expression=None) for head in heads if head in HEADS])
