"""Texts to ``Policies``: the one way in.

Rule 1: ``check`` never raises, whatever the texts are, and tells the problems of all of them at once.
Rule 2: one error anywhere and there are no policies: nothing that was not understood is ever ignored.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec

from referee.errors import PolicyError
from referee.language.attachments import Attached
from referee.language.catalog import listing_of
from referee.language.document import from_mapping, read_document
from referee.language.nodes import Node
from referee.language.origins import never_put
from referee.language.parse import File, Header, read_file, read_header
from referee.language.problems import Enough, Flaw, Problems, shorten
from referee.language.render import render_text
from referee.language.scanners import Scanners
from referee.language.vocabulary import FAILURES
from referee.model.catalogue import Tool
from referee.model.names import KINDS, STRICTNESS
from referee.model.programs import Layer, Policies, Rule
from referee.model.source import Diagnostic


class Source(msgspec.Struct, frozen=True):
    """A policy text, or plain values in its place, where it came from, and the layer it belongs to (0 is the outermost).

    ``attached`` are the files that the text names, by the paths it has for them; ``None`` if they are not looked at.
    """

    path: str
    text: bytes | str | AnyMapping[str, Any]
    layer: int = 0
    attached: Attached | None = msgspec.field(default_factory=dict)


class Checked(msgspec.Struct, frozen=True):
    """What checking gave: policies, unless some diagnostic is an error."""

    policies: Policies | None
    diagnostics: tuple[Diagnostic, ...]


_FAILURE_RANK: Final = {word: rank for rank, word in enumerate(reversed(FAILURES))}


def check(sources: Sequence[Source], layers: Sequence[str] = ("policy",)) -> Checked:
    """Read all texts and put them together.

    >>> check([Source("p.yaml", "max_cost_per_run: $1.00")]).policies.limits[0].cap.text
    '1.00'
    """
    collecting = gc.isenabled()
    gc.disable()  # a tree of many small nodes and no garbage: collecting doubles the time
    try:
        return _check(sources, layers)
    finally:
        if collecting:
            gc.enable()


def _check(sources: Sequence[Source], layers: Sequence[str]) -> Checked:
    headers: list[Header] = []
    found: list[Problems] = []
    for source in sources:
        problems, root = _read(source)
        found.append(problems)
        with suppress(Enough):
            header = None if root is None else read_header(source.path, source.layer, problems, root, source.attached)
            headers.extend(() if header is None else (header,))
    found.extend(problems for header in headers for problems in header.catalog.beside)
    _tell_same_ids(headers)
    tools = _tools(headers)
    scanners = _scanners(headers)
    listing = listing_of([header.catalog for header in headers], tools)
    files: list[File] = []
    for header in headers:
        with suppress(Enough):
            files.append(read_file(header, tools, listing, scanners.kinds(header.layer)))
    _tell_labels(headers, files, found)
    diagnostics = tuple(
        sorted(
            (diagnostic for problems in found for diagnostic in problems.found),
            key=lambda d: (d.span.path, d.span.line, d.span.column, d.code, d.message),
        )
    )
    if any(diagnostic.level == "error" for diagnostic in diagnostics):
        return Checked(None, diagnostics)
    policies = _together(files, sources, _names(layers, sources), tools)
    return Checked(msgspec.structs.replace(policies, scanners=scanners.patterns), diagnostics)


def compile_policies(sources: Sequence[Source], layers: Sequence[str] = ("policy",)) -> Policies:
    """Read all texts and put them together.

    Raises:
        PolicyError: some text has an error; its text is all diagnostics, as ``render_text`` draws them.
    """
    checked = check(sources, layers)
    if checked.policies is None:
        raise PolicyError(checked.diagnostics, render_text(checked.diagnostics))
    return checked.policies


def _read(source: Source) -> tuple[Problems, Node | None]:
    if isinstance(source.text, (bytes, str)):
        return read_document(source.path, source.text)
    return from_mapping(source.text, source.path)


def _names(layers: Sequence[str], sources: Sequence[Source]) -> tuple[str, ...]:
    """Give every layer a name, also those that the caller did not name."""
    count = max((source.layer + 1 for source in sources), default=0)
    return (*layers, *(f"layer-{at}" for at in range(len(layers), count)))


def _tell_same_ids(headers: Sequence[Header]) -> None:
    first: dict[str, Header] = {}
    for header in headers:
        other = first.setdefault(header.id, header)
        if other is not header:
            node = header.root.get("id") or header.root
            message = f"the id `{header.id}` of this file is that of `{other.path}`"
            with suppress(Enough):
                header.problems.add(Flaw("duplicate-id", message, node, "give one of them an `id` of its own"))


def _tell_labels(headers: Sequence[Header], files: Sequence[File], found: Sequence[Problems]) -> None:
    """Tell labels that no rule puts on values, once it is known what all rules are."""
    if any(diagnostic.level == "error" for problems in found for diagnostic in problems.found):
        return
    rules = [rule for file in files for rule in file.rules]
    for header in headers:
        for flaw in never_put(header.frame, rules):
            with suppress(Enough):
                header.problems.add(flaw)


def _tools(headers: Sequence[Header]) -> dict[str, Tool]:
    tools: dict[str, Tool] = {}
    for header in headers:
        others = {name for name, tool in header.frame.catalog.items() if tools.setdefault(name, tool) != tool}
        with suppress(Enough):
            for name in sorted(others):
                message = f"another file says something else of the tool `{shorten(name)}`"
                node = header.root.entries["catalog"][0]
                header.problems.add(Flaw("duplicate-id", message, node, "say it in one file"))
    outer = {name for header in headers if not header.layer for name in header.frame.catalog}
    return {name: tool if name in outer else msgspec.structs.replace(tool, inner=True) for name, tool in tools.items()}


def _scanners(headers: Sequence[Header]) -> Scanners:
    scanners = Scanners()
    for header in sorted(headers, key=lambda header: header.layer):
        with suppress(Enough):
            scanners.add(header.scanners, header.layer, header.problems)
    return scanners


def _together(
    files: Sequence[File], sources: Sequence[Source], layers: Sequence[str], tools: dict[str, Tool]
) -> Policies:
    return Policies(
        layers=tuple(
            Layer(name, _defaults([file for file in files if file.layer == at])) for at, name in enumerate(layers)
        ),
        rules=_labelling([rule for file in files for rule in file.rules]),
        limits=tuple(limit for file in files for limit in file.limits),
        tools={name: msgspec.structs.replace(tool, shape=None) for name, tool in tools.items()},
        on_failure=_failures(files),
        digest=_digest(files, sources),
    )


def _labelling(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Let no rule remove a label that a rule of a layer further out adds."""
    outermost: dict[tuple[str, str], int] = {}
    for rule in rules:
        if rule.labels is not None and rule.mode == "enforce":
            for label in rule.labels.add:
                key = rule.labels.on, label
                outermost[key] = min(rule.layer, outermost.get(key, rule.layer))
    return tuple(_kept(rule, outermost) for rule in rules)


def _kept(rule: Rule, outermost: AnyMapping[tuple[str, str], int]) -> Rule:
    if rule.labels is None:
        return rule
    on, layer = rule.labels.on, rule.layer
    if all(outermost.get((on, label), layer) >= layer for label in rule.labels.remove):
        return rule
    remove = tuple(label for label in rule.labels.remove if outermost.get((on, label), layer) >= layer)
    return msgspec.structs.replace(rule, labels=msgspec.structs.replace(rule.labels, remove=remove))


def _failures(files: Sequence[File]) -> dict[str, str]:
    """Give what failures do: of each layer the strictest that is stated, else deny; of all layers the strictest."""
    layers: dict[int, dict[str, str]] = {}
    for file in files:
        failures = layers.setdefault(file.layer, {})
        for component, word in file.on_failure.items():
            failures[component] = max(word, failures.get(component, word), key=_FAILURE_RANK.__getitem__)
    return {
        name: max((layer.get(name, "deny") for layer in layers.values()), key=_FAILURE_RANK.__getitem__)
        for name in dict.fromkeys(name for layer in layers.values() for name in layer)
    }


def _defaults(files: Sequence[File]) -> dict[str, Any]:
    """Give a layer's defaults: the strictest stated, or the strictest implied if none is stated."""
    stated = [file.default for file in files if file.default is not None]
    words = stated or [dict.fromkeys(KINDS, file.implied) for file in files] or [dict.fromkeys(KINDS, "allow")]
    return {kind: max((default[kind] for default in words), key=STRICTNESS.__getitem__) for kind in KINDS}


def _digest(files: Sequence[File], sources: Sequence[Source]) -> str:
    """Name the texts: a hash that does not depend on their order or their folders."""
    ids = {(file.path, file.layer): file.id for file in files}
    parts = sorted(
        f"{source.layer}\0{ids.get((source.path, source.layer), '')}\0{hashlib.sha256(_bytes(source)).hexdigest()}"
        + "".join(
            f"\0{name}\0{hashlib.sha256(one.text).hexdigest()}" for name, one in sorted((source.attached or {}).items())
        )
        for source in sources
    )
    return "sha256:" + hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def _bytes(source: Source) -> bytes:
    if isinstance(source.text, bytes):
        return source.text
    if isinstance(source.text, str):
        return source.text.encode("utf-8", "replace")
    return msgspec.json.encode(source.text, order="sorted", enc_hook=str)
