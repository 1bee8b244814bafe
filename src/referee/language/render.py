"""Diagnostics as text for people, as JSON for programs, as SARIF for code review.

Rule 1: the three say the same; none of them knows colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from referee._version import __version__
from referee.language.codes import CODES
from referee.model.source import Diagnostic

WIDTH: Final = 120


def render_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Draw diagnostics with their source line and a caret, a blank line between them."""
    return "\n\n".join(_draw(diagnostic) for diagnostic in diagnostics)


def _draw(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    number = str(span.line)
    gutter = " " * len(number)
    lines = [
        f"{diagnostic.level}[{diagnostic.code}]: {diagnostic.message}",
        f"{gutter}--> {span}  {diagnostic.where}",
    ]
    if diagnostic.excerpt.strip():
        text, start, length = _excerpt(diagnostic)
        lines += [f"{gutter} |", f"{number} | {text}", f"{gutter} | {' ' * start}{'^' * length}"]
    if diagnostic.help:
        lines.append(f"{gutter} = help: {diagnostic.help}")
    return "\n".join("".join(char if char.isprintable() else " " for char in line) for line in lines)


def _excerpt(diagnostic: Diagnostic) -> tuple[str, int, int]:
    """Give the source line, cut to a width around the place, where the caret begins and how long it is."""
    span = diagnostic.span
    text = "".join(char if char.isprintable() else " " for char in diagnostic.excerpt.rstrip())
    start = min(span.column - 1, len(text))
    end = min(span.end_column - 1, len(text)) if span.end_line == span.line else len(text)
    end = max(end, start + 1)
    if len(text) > WIDTH:
        first = max(0, min(start - WIDTH // 4, len(text) - WIDTH))
        text = (
            ("…" if first else "")
            + text[first + bool(first) : first + WIDTH]
            + ("…" if first + WIDTH < len(text) else "")
        )
        start, end = start - first, min(end - first, WIDTH)
    return text, start, max(1, end - start)


def to_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Give diagnostics as JSON types."""
    return [
        {
            "code": diagnostic.code,
            "level": diagnostic.level,
            "message": diagnostic.message,
            "path": diagnostic.span.path,
            "line": diagnostic.span.line,
            "column": diagnostic.span.column,
            "end_line": diagnostic.span.end_line,
            "end_column": diagnostic.span.end_column,
            "where": diagnostic.where,
            "help": diagnostic.help,
            "excerpt": diagnostic.excerpt,
        }
        for diagnostic in diagnostics
    ]


def to_sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Give diagnostics as a SARIF 2.1.0 log of one run."""
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "referee", "version": __version__, "rules": [_rule(code) for code in codes]}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in diagnostics],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    known = CODES.get(code)
    return {"id": code, "shortDescription": {"text": known.doc if known else code}}


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    span = diagnostic.span
    told = diagnostic.message + (f" ({diagnostic.help})" if diagnostic.help else "")
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.level,
        "message": {"text": told},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": span.path.replace("\\", "/")}, "region": region},
                "logicalLocations": [{"fullyQualifiedName": diagnostic.where}],
            }
        ],
    }
