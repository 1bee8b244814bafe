"""The JSON Schema of files of tests, for editors.

Rule 1: it is made from the tables the reader uses, and accepts every file that the reader accepts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from referee.language.schema import DIALECT
from referee.model.names import VERDICTS
from referee.testing.files import CASE, EXPECT, FILE, MOST, STEP

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": ["string", "number"]}
_TEXTS: Final[Schema] = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_ANY: Final[Schema] = {}
_MAPPING: Final[Schema] = {"type": "object"}
_VERDICT: Final[Schema] = {"enum": list(VERDICTS)}
_NAMED: Final[Schema] = {"anyOf": [_TEXT, _MAPPING]}

_SHAPES: Final[dict[str, Schema]] = {
    "policy": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
    "agent": _NAMED,
    "user": _NAMED,
    "context": _MAPPING,
    "request": _MAPPING,
    "facts": _MAPPING,
    "approve": _NAMED,
    "reject": _NAMED,
    "settle": _MAPPING,
    "redacted": {"type": "object", "additionalProperties": _TEXTS},
    "decision": _VERDICT,
    "times": {"type": "integer", "minimum": 1, "maximum": MOST},
    "args": _ANY,
    "result": _ANY,
    "expect": {"anyOf": [_VERDICT, {"$ref": "#/$defs/expect"}]},
    "tests": {"type": "array", "items": {"$ref": "#/$defs/test"}},
    "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
    **dict.fromkeys(("name", "environment", "now", "cwd", "home", "workspace", "message", "message_contains"), _TEXT),
    **dict.fromkeys(("text", "url", "wait"), _TEXT),
}


def schema_of_tests() -> Schema:
    """Make the schema, in draft 2020-12.

    >>> schema_of_tests()["required"]
    ['tests']
    """
    return {
        "$schema": DIALECT,
        "title": "Tests of Referee policies",
        **_closed(FILE),
        "required": ["tests"],
        "$defs": {
            "test": {**_closed(CASE), "required": ["name"]},
            "step": {**_closed(STEP), "minProperties": 1},
            "expect": {**_closed(EXPECT), "minProperties": 1},
        },
    }


def _closed(keys: Mapping[str, str]) -> Schema:
    told = {name: {**_SHAPES.get(name, _TEXTS), "description": doc} for name, doc in keys.items()}
    return {"type": "object", "properties": told, "additionalProperties": False}
