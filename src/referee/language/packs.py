"""Packs of patterns: the files that come with Referee, and what a policy adds of its own.

Rule 1: the schema is closed, and every problem has a position.
Rule 2: an expression that the scanners could not run is a flaw here. One of a policy runs in linear time: RE2 reads it.
Rule 3: a pattern has at least one example, and ids are given once.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

import msgspec
import re2

from referee.language.document import read_document
from referee.language.fields import items_of, read_fields, require
from referee.language.kinds import SCANNERS, VALIDATORS
from referee.language.names import Frame
from referee.language.nodes import Mapping, Node, Scalar, Sequence
from referee.language.patterns import check_regex
from referee.language.problems import Enough, Flaw, Problems, shorten, unknown
from referee.language.quantities import plain_number, scalar_of
from referee.language.scalars import text_of
from referee.language.vocabulary import Key
from referee.model.packs import Pack, Pattern, spelled

PACK_KEYS: Final[dict[str, Key]] = {
    "scanner": Key("text", "the scanner that the patterns belong to"),
    "description": Key("text", "what the patterns have in common"),
    "patterns": Key("scan-patterns", "the patterns"),
}
OWN_PACK_KEYS: Final[dict[str, Key]] = {name: PACK_KEYS[name] for name in ("description", "patterns")}
PATTERN_KEYS: Final[dict[str, Key]] = {
    "id": Key("text", "the name of the pattern, once in a scanner"),
    "kind": Key("text", "what a policy calls the finding"),
    "title": Key("text", "what people call the finding"),
    "pattern": Key("text", "the regular expression; its group `value` is the finding, or the whole match"),
    "keywords": Key("spelled", "one of these, in lower case, must stand in the text; they make it quick"),
    "validator": Key("text", "the check of what was matched"),
    "context": Key("spelled", "one of these words must stand near the match"),
    "score": Key("score", "how sure a finding is, from 0 to 1"),
    "doubt": Key("flag", "whether it says what is none: a finding of its kind inside its match counts `score` at most"),
    "regions": Key("spelled", "countries, and bodies of law, whose data it is"),
    "references": Key("spelled", "where the form is described"),
    "examples": Key("spelled", "texts that must match; `<<body 12>>` is a random-looking text, `<<>>` nothing"),
    "counterexamples": Key("spelled", "texts that must not match"),
}
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,15}")
KIND: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+){0,15}")
_REGION: Final = re.compile(r"[a-z]{2}|gdpr|hipaa|pci")
_LISTS: Final = ("keywords", "context", "regions", "references", "examples", "counterexamples")
MAX_NAME: Final = 64


def read_pack(path: str, text: bytes | str, validators: Iterable[str] = VALIDATORS) -> tuple[Problems, Pack | None]:
    """Read a pack that comes with Referee; ``None`` if it has none, and why is among the problems."""
    problems, root = read_document(path, text)
    pack = None
    if root is not None:
        with suppress(Enough):
            pack = problems.attempt(_pack, root, path, Frame(problems), frozenset(validators))
    return problems, pack


def _pack(root: Node, path: str, frame: Frame, validators: frozenset[str]) -> Pack:
    fields = read_fields(root, PACK_KEYS, frame, "a pack")
    require(fields, root, ("scanner", "patterns"), "a pack")
    assert isinstance(root, Mapping)
    scanner = fields.get("scanner", "")
    if scanner and scanner not in SCANNERS:
        frame.problems.add(unknown("unknown-scanner", "scanner", scanner, root.entries["scanner"][1], SCANNERS))
    found = read_patterns(fields["patterns"], frame, validators) if "patterns" in fields else ()
    name = path.rsplit("/", 1)[-1].removesuffix(".yaml")
    return Pack(name=name, scanner=scanner, patterns=found)


def read_patterns(
    node: Node, frame: Frame, validators: frozenset[str] = frozenset(VALIDATORS), *, linear: bool = False
) -> tuple[Pattern, ...]:
    """Read a list of patterns. ``linear``: they must run in linear time whatever they are, for nobody has measured them.

    Raises:
        Flaw: the node is no list, or an empty one.
    """
    items = items_of(node, "a list of patterns")
    if not items:
        raise Flaw("empty", "the list must not be empty", node)
    found: list[Pattern] = []
    ids: set[str] = set()
    for item in items:
        pattern = frame.problems.attempt(_pattern, item, frame, validators, linear=linear)
        if pattern is None:
            continue
        if pattern.id in ids:
            assert isinstance(item, Mapping)
            message = f"the id `{shorten(pattern.id)}` stands twice among the patterns"
            frame.problems.add(Flaw("duplicate-id", message, item.entries["id"][1]))
        ids.add(pattern.id)
        found.append(pattern)
    return tuple(found)


def _pattern(node: Node, frame: Frame, validators: frozenset[str], *, linear: bool) -> Pattern:
    before = len(frame.problems.found)
    fields: dict[str, Any] = read_fields(node, PATTERN_KEYS, frame, "a pattern")
    require(fields, node, ("id", "kind", "pattern", "examples"), "a pattern")
    assert isinstance(node, Mapping)
    attempt = frame.problems.attempt
    for name in _LISTS:
        if name in fields:
            fields[name] = attempt(_texts, fields[name], frame) or ()
    for name, form in (("id", _ID), ("kind", KIND)):
        if name in fields:
            attempt(_check_name, fields[name], node.entries[name][1], form)
    if "pattern" in fields:
        attempt(_check_expression, fields["pattern"], node.entries["pattern"][1], linear=linear)
    if "validator" in fields and fields["validator"] not in validators:
        place = node.entries["validator"][1]
        frame.problems.add(unknown("unknown-name", "validator", fields["validator"], place, validators))
    if "score" in fields:
        fields["score"] = attempt(_score, fields["score"], doubt=fields.get("doubt") is True)
    _check_words(node, frame)
    named = {name: fields.pop(name, "") for name in ("id", "kind", "pattern")}
    pattern = Pattern(**named, **fields, linear=linear)
    if linear and len(frame.problems.found) == before:
        _try_examples(pattern, node, frame)
    return pattern


def _try_examples(pattern: Pattern, node: Mapping, frame: Frame) -> None:
    """Try the examples: all must match, and no counterexample, as far as that can be told without the validator."""
    for item in _scalars(node.get("examples")):
        if not _found(pattern, spelled(item.text)):
            told = (
                "a keyword is not in it"
                if _found(msgspec.structs.replace(pattern, keywords=()), spelled(item.text))
                else None
            )
            frame.problems.add(Flaw("bad-example", f"`{shorten(item.text)}` does not match the pattern", item, told))
    for item in _scalars(node.get("counterexamples")) if pattern.validator is None else ():
        if _found(pattern, spelled(item.text)):
            frame.problems.add(Flaw("bad-example", f"`{shorten(item.text)}` matches the pattern", item))


def _found(pattern: Pattern, text: str) -> bool:
    lowered = text.lower()
    words = (re.escape(word).replace(r"\ ", r"[\s_-]{0,2}") for word in pattern.context)
    near = re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])") if pattern.context else None
    return (
        (not pattern.keywords or any(word in lowered for word in pattern.keywords))
        and (near is None or near.search(lowered) is not None)
        and re2.search(pattern.pattern, text) is not None
    )


def _texts(node: Node, frame: Frame) -> tuple[str, ...]:
    """Read texts as they stand: a ``$`` in an example is no name of a list."""
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(dict.fromkeys(frame.problems.each(text_of, items)))


def _check_name(text: str, node: Node, form: re.Pattern[str]) -> None:
    if form.fullmatch(text) is None or len(text) > MAX_NAME:
        told = "write lower-case words with `-`" if form is _ID else "write lower-case words with `_`"
        raise Flaw("unknown-value", f"`{shorten(text)}` cannot be the {'id' if form is _ID else 'kind'} of a pattern",
                   node, told)  # fmt: skip


def _check_expression(text: str, node: Node, *, linear: bool) -> None:
    if linear:
        check_regex(text, node)
        if re2.fullmatch(text, "") is not None:
            raise Flaw("bad-regex", f"`{shorten(text)}` matches the empty text", node)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(text, re.ASCII)
    except (re.error, OverflowError, RecursionError, Warning) as problem:
        raise Flaw("bad-regex", f"`{shorten(text)}` is not a regular expression: {problem}", node) from None


def _score(node: Node, *, doubt: bool) -> float:
    number = plain_number(scalar_of(node, "a number from 0 to 1"))
    if number is None or not Decimal(0) <= number <= Decimal(1) or (not number and not doubt):
        raise Flaw("bad-number", "a score is a number above 0, and at most 1", node)
    return float(number)


def _check_words(node: Mapping, frame: Frame) -> None:
    """Check keywords, which are compared with a text in lower case, and regions."""
    for name in ("keywords", "context"):
        for word in _scalars(node.get(name)):
            if not word.text.strip() or word.text != word.text.lower():
                frame.problems.add(Flaw("unknown-value", f"`{shorten(word.text)}` is not in lower case", word))
    for region in _scalars(node.get("regions")):
        if _REGION.fullmatch(region.text) is None:
            told = "write the two letters of a country, `eu`, `gdpr`, `hipaa` or `pci`"
            frame.problems.add(Flaw("unknown-value", f"`{shorten(region.text)}` is no region", region, told))


def _scalars(node: Node | None) -> tuple[Scalar, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(item for item in items if isinstance(item, Scalar))
