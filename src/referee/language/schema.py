"""The JSON Schema of policy files, for editors.

Rule 1: it is made from the vocabulary; no word of the language is written here.
Rule 2: it accepts every file that the parser accepts. The parser refuses more: what a schema cannot say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from referee.language import vocabulary as words
from referee.language.kinds import SCANNERS
from referee.language.packs import PATTERN_KEYS
from referee.language.vocabulary import Key
from referee.model.names import KINDS

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_SCALAR: Final[Schema] = {"type": ["string", "number", "boolean", "null"]}
_TEXT: Final[Schema] = {"type": ["string", "number"]}
_NUMBER: Final[Schema] = {"type": ["number", "string"]}
_REFERENCE: Final[Schema] = {"type": "string", "pattern": "^\\$"}


def json_schema() -> Schema:
    """Make the schema, in draft 2020-12.

    >>> json_schema()["$defs"]["rule"]["required"]
    ['action']
    """
    rules = {"type": "array", "items": _ref("rule")}
    return {
        "$schema": DIALECT,
        "title": "Referee policy file",
        "if": {"type": "array"},
        "then": rules,
        "else": _ref("file"),
        "$defs": {
            "file": _closed(words.FILE_KEYS),
            "rule": _closed(words.RULE_KEYS, required=("action",)),
            "limit": {
                **_closed(words.LIMIT_KEYS),
                "oneOf": [{"required": [measure]} for measure in ("spend", "calls", "tokens")],
            },
            "threshold": _closed(words.THRESHOLD_KEYS, required=("at", "action")),
            "scope": {**_closed(words.SCOPE_KEYS), "minProperties": 1},
            "tool": _closed(words.TOOL_KEYS),
            "condition": _condition(),
            **{f"on-{type_}": _tests(type_) for type_ in _TYPES},
            **{f"operators-{type_}": _operators(type_) for type_ in _TYPES},
        },
    }


def schema_text() -> str:
    """Give the schema as it is published: ``policy.schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _several(member: Schema) -> Schema:
    """Accept one or a list."""
    return {"anyOf": [member, {"type": "array", "items": member}]}


def _enum(choices: Iterable[Any]) -> Schema:
    return {"enum": list(choices)}


def _closed(keys: Mapping[str, Key], required: tuple[str, ...] = ()) -> Schema:
    """Accept a mapping with these keys and no others."""
    told = {
        name: {**_shape(name, key), "description": key.doc} for name, key in keys.items() if key.shape != "unsupported"
    }
    closed: Schema = {"type": "object", "properties": told, "additionalProperties": False}
    return {**closed, "required": list(required)} if required else closed


def _members(value: Schema) -> Schema:
    return {"type": "object", "additionalProperties": value}


def _tables(fields: Schema) -> Schema:
    """Accept a mapping from names to values, or to mappings of them."""
    return {**_members({"anyOf": [_several(_TEXT), {**fields, "minProperties": 1}]}), "minProperties": 1}


def _shape(name: str, key: Key) -> Schema:
    found = _SHAPES.get(key.shape, _several(_TEXT))
    return found(name, key) if callable(found) else found


_MONEY: Final[Schema] = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\s*\$?\s?[0-9][0-9,]*(\.[0-9]+)?\s*$"}]
}
_OWN_NAME: Final[Schema] = {"type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"}
_SHAPES: Final[dict[str, Schema | Callable[[str, Key], Schema]]] = {
    "text": _TEXT,
    "flag": {"type": "boolean"},
    "integer": {"type": "integer"},
    "positive": {"type": "integer", "minimum": 1},
    "amount": {"type": "number", "minimum": 0},
    "money": _MONEY,
    "duration": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[0-9]{1,9}[smhdw]$"}]},
    "window": {"type": "string", "pattern": "^(run|[0-9]{1,9}(s|m|h|d|w)|1mo)$"},
    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "timezone": {"type": "string"},
    "choice": lambda _, key: _enum(key.choices),
    "choices": lambda _, key: _several({"anyOf": [_enum(key.choices), _REFERENCE]}),
    "version": _enum((1, "1", "1.0")),
    "default": {
        "anyOf": [
            _enum(words.DEFAULT_VERDICTS),
            {
                "type": "object",
                "properties": {kind: _enum(words.DEFAULT_VERDICTS) for kind in KINDS},
                "additionalProperties": False,
                "minProperties": 1,
            },
        ]
    },
    "failures": {
        "type": "object",
        "properties": {component: _enum(words.FAILURES) for component in words.COMPONENTS},
        "additionalProperties": False,
    },
    "scope": _ref("scope"),
    "lists": _members(_several(_SCALAR)),
    "groups": _members(_several(_TEXT)),
    "catalog": lambda _name, _key: {**_closed(words.CATALOG_KEYS), "additionalProperties": _ref("tool")},
    "tool-files": lambda _name, _key: _several({"anyOf": [_TEXT, _closed(words.REFERENCE_KEYS, required=("path",))]}),
    "classes": lambda _name, _key: _tables(_closed(words.CLASS_KEYS)),
    "regions": lambda _name, _key: _tables(_closed(words.REGION_KEYS)),
    "condition": _ref("condition"),
    "rules": {"type": "array", "items": _ref("rule")},
    "limits": {"type": "array", "items": _ref("limit")},
    "thresholds": {"type": "array", "items": _ref("threshold")},
    "values": {"type": "object", "propertyNames": {"pattern": r"^args\."}},
    "numbers": {"type": "object", "propertyNames": {"pattern": r"^args\."}, "additionalProperties": _NUMBER},
    "scanner": {"anyOf": [_enum((*SCANNERS, *words.SCANNER_ALIASES, words.TOOL_CALLS)), _OWN_NAME]},
    "own-scanners": lambda _name, _key: {
        **_members({**_closed(words.OWN_SCANNER_KEYS), "minProperties": 1}),
        "minProperties": 1,
    },
    "scan-patterns": lambda _name, _key: {
        "type": "array",
        "minItems": 1,
        "items": _closed(PATTERN_KEYS, required=("id", "kind", "pattern", "examples")),
    },
    "spelled": _several(_TEXT),
    "score": {"type": "number", "minimum": 0, "maximum": 1},
    "approvals": lambda _name, _key: {"type": "array", "items": {**_closed(words.APPROVAL_KEYS), "minProperties": 1}},
    "section": lambda name, _: _closed(words.SECTIONS[name]),
    "argument": _TEXT,
    "files": lambda _name, _key: _several({"anyOf": [_TEXT, _closed(words.FILE_ARGUMENT_KEYS, required=("path",))]}),
    "arguments": _members({"anyOf": [_enum(words.ARGUMENT_TYPES), {"type": "object"}]}),
    "share": _NUMBER,
    "dialect": _TEXT,
    "tables": _members({"anyOf": [{"type": "array", "items": _TEXT}, {"type": "object"}]}),
    "sql": lambda _name, _key: {**_closed(words.SQL_CHANGE_KEYS), "minProperties": 1},
}
"""What a key of each shape accepts; a shape that is not here is one text or several."""


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────

_TYPES: Final = tuple(
    dict.fromkeys(attribute.type for attribute in (*words.ATTRIBUTES.values(), *words.PREFIXES.values()))
)
_TEXTS: Final = _several(_TEXT)
_SCANNED: Final[Schema] = {"anyOf": [{"type": "boolean"}, _TEXTS]}


def _scan() -> Schema:
    fields = _closed(words.SCAN_KEYS, required=("scanner",))
    fields["properties"]["min_score"] = {**fields["properties"]["min_score"], **_NUMBER}
    return {"anyOf": [_shape("", words.SCAN_KEYS["scanner"]), fields]}


_LABELS: Final[Schema] = {"anyOf": [_TEXTS, _closed(words.PIECES_KEYS, required=("labels", "as"))]}
_OPERANDS: Final[dict[str, Schema]] = {
    "value": _SCALAR,
    "values": _several(_SCALAR),
    "flag": {"type": "boolean"},
    "number": _NUMBER,
    "range": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
    "count": {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {
                "type": "object",
                "properties": {name: {"type": "integer", "minimum": 0} for name in words.COUNT_OPERATORS},
                "additionalProperties": False,
                "minProperties": 1,
            },
        ]
    },
    "scan:pii": _SCANNED,
    "scan:secret": _SCANNED,
    "scan:injection": _SCANNED,
    "scan": _scan(),
    "labels:words": _LABELS,
    "labels:pieces": _LABELS,
}
"""What an operator accepts, by the shape of its operand; a shape that is not here is one text or several."""


def _operators(type_: str) -> Schema:
    fitting = {name: operator for name, operator in words.OPERATORS.items() if type_ in operator.on}
    told = {name: {**_OPERANDS.get(it.operand, _TEXTS), "description": it.doc} for name, it in fitting.items()}
    return {"type": "object", "properties": told, "additionalProperties": False, "minProperties": 1}


def _tests(type_: str) -> Schema:
    """Accept what may stand after an attribute of a type."""
    plain = [] if type_ in {"shell", "sql"} else [_several(_SCALAR)]
    return {"anyOf": [*plain, _ref(f"operators-{type_}")]}


def _attribute(attribute: words.Attr, *, extensible: bool = False) -> Schema:
    if not attribute.choices:
        return {**_ref(f"on-{attribute.type}"), "description": attribute.doc}
    own = [{"type": "string", "pattern": "^[a-z][a-z0-9_-]*$"}] if extensible else []
    one = {"anyOf": [_enum((*attribute.choices, None)), _REFERENCE, *own]}
    return {"anyOf": [_several(one), _ref(f"operators-{attribute.type}")], "description": attribute.doc}


def _condition() -> Schema:
    named = {**words.ATTRIBUTES, **{name: words.ATTRIBUTES[full] for name, full in words.ATTRIBUTE_ALIASES.items()}}
    told = {name: _attribute(attribute, extensible=name in words.EXTENSIBLE) for name, attribute in named.items()}
    for name, doc in words.COUNTER_DOCS.items():
        told[name] = told[f"counter.{name}"] = {**_ref("on-number"), "description": doc}
    parts = {"anyOf": [{"type": "array", "items": _ref("condition"), "minItems": 1}, _ref("condition")]}
    shapes = {"all": parts, "any": parts, "not": _ref("condition")}
    told |= {name: {**shapes[name], "description": doc} for name, doc in words.CONNECTIVES.items()}
    mapping = {
        "type": "object",
        "properties": told,
        "patternProperties": {rf"^{root}(\.|\[)": _attribute(it) for root, it in words.PREFIXES.items()},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [mapping, {"type": ["string", "boolean"], "description": "a CEL expression"}]}
