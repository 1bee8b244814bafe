"""Results as JUnit XML, which build servers read.

Rule 1: a file of tests is a suite, named by its path; a test that failed says where, and what differs.
Source of the form: the Jenkins xunit plugin's ``junit-10.xsd``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from referee.testing.cases import Result

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Mapping[str, Sequence[Result]], broken: Mapping[str, str]) -> str:
    """Write results by file, and the files that could not be used."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>"]
    for path, cases in results.items():
        failed = sum(one.failed is not None for one in cases)
        seconds = sum(one.seconds for one in cases)
        lines.append(
            f'  <testsuite name={_quoted(path)} tests="{len(cases)}" failures="{failed}" errors="0" time="{seconds:.6f}">'
        )
        for one in cases:
            lines += _case(path, one)
        lines.append("  </testsuite>")
    for path, problem in broken.items():
        lines += [
            f'  <testsuite name={_quoted(path)} tests="1" failures="0" errors="1" time="0">',
            f'    <testcase classname={_quoted(path)} name="can be used" time="0">',
            f'      <error message="the file cannot be used">{_text(problem)}</error>',
            "    </testcase>",
            "  </testsuite>",
        ]
    return "\n".join([*lines, "</testsuites>", ""])


def _case(path: str, one: Result) -> list[str]:
    name = one.case.name
    head = f'    <testcase classname={_quoted(path)} name={_quoted(name)} time="{one.seconds:.6f}" line="{one.case.span.line}"'
    if one.failed is None:
        return [f"{head}/>"]
    said = "\n".join((str(one.failed.span), *one.failed.differs, *one.failed.why))
    return [
        f"{head}>",
        f"      <failure message={_quoted(one.failed.differs[0])}>{_text(said)}</failure>",
        "    </testcase>",
    ]


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("?", text))


def _text(text: str) -> str:
    return escape(_NO_XML.sub("?", text))
