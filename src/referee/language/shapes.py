"""What the value of a key may be, in words: the table that the reference pages print.

Rule 1: every shape that a table of keys names is here.
"""

from __future__ import annotations

from typing import Final

SHAPES: Final = {
    "text": "text",
    "texts": "one text or a list of texts",
    "flag": "`true` or `false`",
    "integer": "a whole number",
    "tools": "names of tools or globs, one or a list",
    "hosts": "hosts, one or a list",
    "positive": "a whole number of at least 1",
    "amount": "a number that is not negative",
    "money": "an amount of money such as `5.00` or `$1,000.00`",
    "duration": "a duration such as `30s`, `10m`, `2h`, `1d`",
    "window": "`run`, a sliding span such as `60s`, or a calendar span `1h`, `1d`, `1w`, `1mo`",
    "date": "a day such as `2027-01-31`",
    "timezone": "an IANA time zone such as `Europe/Rome`",
    "choice": "one of a few words",
    "choices": "one of a few words, or a list of them",
    "version": '`1` or `"1.0"`',
    "default": "a verdict, or a mapping from kinds of request to verdicts",
    "failures": "a mapping from components to what their failure does",
    "scope": "a mapping that says to whom rules apply",
    "lists": "a mapping from names to lists of values",
    "groups": "a mapping from names to lists of tools",
    "catalog": "a mapping from tools to what they are",
    "classes": "a mapping from classes of files to patterns, or to `patterns` and `except`",
    "regions": "a mapping from regions to hosts, or to `hosts`, `suffixes`, `networks`, `countries`",
    "tool-files": "paths of files, or mappings with `path` and `server`, one or a list",
    "own-scanners": "a mapping from scanners to `patterns`, `from` and `kinds`",
    "scan-patterns": "a list of patterns: `id`, `kind`, `pattern`, `examples` and more",
    "spelled": "one text or a list of texts, as they stand",
    "score": "a number above 0, and at most 1",
    "condition": "a condition: a mapping of attributes, or a CEL expression in a text",
    "rules": "a list of rules",
    "groups-of-tools": "groups of tools, one or a list",
    "limits": "a list of limits",
    "thresholds": "a list of thresholds",
    "values": "a mapping from argument paths to values",
    "numbers": "a mapping from argument paths to numbers",
    "removals": "argument paths (modify) or labels (label), one or a list",
    "attributes": "attributes, one or a list",
    "kinds": "kinds of findings, one or a list",
    "scanner": "a scanner",
    "approvals": "a list of what needs approval: `tool`, `domain`, `cost_gt`",
    "patterns": "one pattern or a list of patterns",
    "section": "a mapping with keys of its own",
    "argument": "the path of an argument such as `args.query`",
    "files": "argument paths, or mappings with `path` and `access`, one or a list",
    "arguments": "a mapping from argument names to types, or to JSON Schemas",
    "share": "a number, or a percentage of the limit",
    "dialect": "a dialect of SQL",
    "tables": "a mapping from tables to their columns",
    "columns": "`table.column`, one or a list",
    "sql": "`limit`, `drop_columns` or both",
    "unsupported": "not supported yet",
}
"""What the value of a key may be."""
