"""What stands in ``when`` and ``unless``: nodes to a tree of tests.

Rule 1: a mapping holds when all its entries hold; a plain value is equality, a list is one-of, a mapping applies
operators, several of which must all hold.
Rule 2: a text is a CEL expression and becomes the same tree.
Rule 3: every entry that cannot be read is told, and the rest is still read.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from referee.language import operands
from referee.language.attributes import Subject, subject_of
from referee.language.listing import check_tool, check_tools, declared_tool
from referee.language.names import OPEN, Frame, expand, reference
from referee.language.nodes import Mapping, Node, Point, Scalar, Sequence, describe, line_of
from referee.language.patterns import check_glob, is_wild
from referee.language.problems import Flaw, shorten, unknown
from referee.language.scalars import WORDS
from referee.language.suggest import SYNONYMS
from referee.language.traits import conjuncts, every_test
from referee.language.vocabulary import CONNECTIVES, IDENTITY, OPERATORS
from referee.model.programs import ALWAYS, All, Any_, Condition, Not, Operand, Scan, Test
from referee.model.value import show_path

MAX_NESTING: Final = 32
_NAMING: Final = frozenset({"eq", "ne", "in", "not_in", "glob"})
_COMPARISON: Final = re.compile(r"(>=|<=|==|!=|>|<)\s*(-?\$?[0-9][0-9.,]*%?)\s*")

_HOST: Final = re.compile(r"[^/@\s=*:]+|\[?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?")
_PATH: Final = re.compile(r"(?:/|[A-Za-z]:[\\/])[^*?]*")
_SHAPES: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    "http.host": (_HOST, "it is a bare host; write `host: example.com` for a host with its subdomains"),
    "http.domain": (_HOST, "it is a bare host; write `host: example.com` for a host with its subdomains"),
    "file.path": (_PATH, "it is a whole path from the root; use `within`, `ends_with: /name` or `glob: '*/name'`"),
}
"""What attributes that come parsed and resolved look like, and what to write for what they are not."""

_ELSEWHERE: Final = {
    "runs": "write `shell: {runs: rm -rf}`", "reads": "write `sql: {reads: customers.ssn}`",
    "writes": "write `sql: {writes: customers.*}`",
}  # fmt: skip
"""Where an operator of one attribute alone belongs."""
_TYPE_NAMES: Final = {
    "text": "text", "number": "a number", "boolean": "true or false", "set": "a set", "content": "text",
    "shell": "a list of commands", "sql": "a SQL text", "json": "a value", "list": "a list", "mapping": "a mapping",
}  # fmt: skip


def read_condition(node: Node, frame: Frame, depth: int = 0) -> Condition:
    """Read a condition: a mapping of attributes and connectives, or a CEL expression.

    Raises:
        Flaw: it is something else, is empty, or is nested too deeply.
    """
    if depth > MAX_NESTING:
        raise Flaw("too-deep", f"conditions are nested more than {MAX_NESTING} levels deep", node)
    if isinstance(node, Scalar):
        return _expression(node, frame)
    if isinstance(node, Sequence):
        raise Flaw("wrong-type", "expected a condition, found a list", node, "write `all:` or `any:` before the list")
    if not node.entries:
        raise Flaw("empty", "a condition must not be empty", node, "leave it out if the rule always holds")
    parts: list[Condition] = []
    for name, (key, value) in node.entries.items():
        part = frame.problems.attempt(_entry, name, key, value, frame, depth)
        if part is not None:
            parts.append(part)
    return together(parts)


def together(parts: list[Condition]) -> Condition:
    """Join parts that must all hold.

    >>> together([Not(ALWAYS)])
    Not(part=All(parts=()))
    """
    if len(parts) == 1:
        return parts[0]
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, All) else (part,))
    return All(tuple(flat)) if flat else ALWAYS


def _entry(name: str, key: Scalar, value: Node, frame: Frame, depth: int) -> Condition:
    if name in CONNECTIVES:
        return _connective(name, value, frame, depth + 1)
    if name in OPERATORS:
        raise Flaw("unknown-attribute", f"the operator `{name}` stands where an attribute is expected", key,
                   f"write the attribute first: `args.name: {{{name}: …}}`")  # fmt: skip
    subject = subject_of(name, key, frame.tools, frame.words)
    return together(list(_tests(subject, key, value, frame)))


def _connective(name: str, node: Node, frame: Frame, depth: int) -> Condition:
    if name == "not":
        if isinstance(node, Sequence):
            raise Flaw(
                "wrong-type",
                "expected one condition, found a list",
                node,
                "write `not: {any: […]}` or `not: {all: […]}`",
            )
        return Not(read_condition(node, frame, depth))
    if isinstance(node, Scalar):
        raise Flaw("wrong-type", f"`{name}` takes a list of conditions, found {describe(node)}", node)
    parts = _parts(node, frame, depth)
    if not parts:
        raise Flaw("empty", f"`{name}` must have at least one condition", node)
    read = [part for part in parts if part is not None]
    if name == "all":
        return together(read)
    return read[0] if len(read) == 1 else Any_(tuple(read))


def _parts(node: Sequence | Mapping, frame: Frame, depth: int) -> list[Condition | None]:
    attempt = frame.problems.attempt
    if isinstance(node, Sequence):
        return [attempt(read_condition, item, frame, depth) for item in node.items]
    return [attempt(_entry, name, key, value, frame, depth) for name, (key, value) in node.entries.items()]


def _tests(subject: Subject, key: Scalar, value: Node, frame: Frame) -> list[Test]:
    line = line_of(key)
    if subject.attribute.root == "tool":
        _check_tools(value, frame)
    if not isinstance(value, Mapping):
        op, operand = _shorthand(subject, value, frame)
        return [Test(subject.attribute, op, operand, line)]
    if not value.entries:
        raise Flaw("empty", f"no operator stands after `{shorten(subject.name)}`", value)
    found: list[Test] = []
    for name, (word, below) in value.entries.items():
        pairs = frame.problems.attempt(_operation, name, word, below, subject, frame)
        found.extend(Test(subject.attribute, op, operand, line_of(word)) for op, operand in pairs or ())
    return found


def _check_tools(value: Node, frame: Frame) -> None:
    """Tell the tools that do not exist, wherever a test names them whole or by a glob."""
    below = (
        [it for name, (_, it) in value.entries.items() if name in _NAMING] if isinstance(value, Mapping) else [value]
    )
    for node in below:
        check_tools(expand(node, frame) if frame.listing != OPEN and not isinstance(node, Mapping) else (), frame)


def _shorthand(subject: Subject, node: Scalar | Sequence, frame: Frame) -> tuple[str, Operand]:
    """Read a plain value or a list."""
    several = isinstance(node, Sequence) or reference(node) is not None
    if subject.type in {"shell", "sql", "list", "mapping"}:
        raise _unfit("in" if several else "eq", subject, node)
    if subject.attribute.root in IDENTITY and not subject.attribute.path:
        found = [item for item in expand(node, frame) if not (item.plain and item.text in {"null", "~", ""})]
        if any(is_wild(item.text) for item in found):
            texts = tuple(check_glob(str(operands.one(item, subject)), item) for item in found)
            return ("glob", texts if several else texts[0])
    _check_possible(subject, node, frame)
    if several:
        return ("in", operands.values(node, subject, frame))
    if isinstance(node, Scalar) and (sign := _COMPARISON.match(node.text)):
        raise Flaw("operand-type", f"`{shorten(node.text)}` is not a comparison but a text to be equal to", node,
                   f"write `{{{SYNONYMS[sign[1]]}: {shorten(sign[2])}}}`, or `{{eq: …}}` for the text")  # fmt: skip
    return ("eq", operands.value(node, subject, frame))


def _operation(name: str, key: Scalar, node: Node, subject: Subject, frame: Frame) -> list[tuple[str, Operand]]:
    operator = OPERATORS.get(name)
    if operator is None:
        raise _no_operator(name, key)
    if subject.type not in operator.on:
        raise _unfit(name, subject, key)
    if name == "count":
        return operands.counts(node, frame)
    if name in {"in", "not_in"}:
        _no_patterns(node, frame)
    if name in {"eq", "ne", "in", "not_in"} and not isinstance(node, Mapping):
        _check_possible(subject, node, frame)
    operand = operands.READERS[operator.operand](node, subject, frame)
    return [("scan" if isinstance(operand, Scan) else name, operand)]


def _check_possible(subject: Subject, node: Scalar | Sequence, frame: Frame) -> None:
    """Tell every text that a parsed and resolved attribute can never be equal to."""
    if subject.attribute.root not in _SHAPES:
        return
    shape, told = _SHAPES[subject.attribute.root]
    for item in expand(node, frame):
        if not (item.plain and item.text in WORDS) and not shape.fullmatch(item.text):
            message = f"`{subject.name}` is never `{shorten(item.text)}`"
            frame.problems.add(Flaw("operand-type", message, item, told))


def _no_operator(name: str, key: Scalar) -> Flaw:
    meant = SYNONYMS.get(name.lower())
    if meant is None:
        return unknown("unknown-operator", "operator", name, key, OPERATORS)
    return Flaw("unknown-operator", f"unknown operator `{shorten(name)}`", key, f"did you mean `{meant}`?")


def _no_patterns(node: Node, frame: Frame) -> None:
    """Refuse a group of patterns where names are compared as a whole."""
    for item in node.items if isinstance(node, Sequence) else (node,):
        name = reference(item)
        if name is not None and name not in frame.lists and any(is_wild(text.text) for text in expand(item, frame)):
            raise Flaw("operand-type", f"the group `{name}` has patterns, which `in` does not match", item,
                       f"write `tool: ${name}` or `glob: ${name}`")  # fmt: skip


def _unfit(name: str, subject: Subject, node: Node) -> Flaw:
    fitting = [known for known, operator in OPERATORS.items() if subject.type in operator.on]
    told = "use " + ", ".join(f"`{known}`" for known in fitting[:8]) + (" …" if len(fitting) > 8 else "")
    told = _ELSEWHERE.get(name, told)
    return Flaw(
        "operand-type",
        f"`{name}` does not work on `{shorten(subject.name)}`, which is {_TYPE_NAMES[subject.type]}",
        node,
        told,
    )


def _expression(node: Scalar, frame: Frame) -> Condition:
    if node.plain and node.text in {"", "~", "null"}:
        raise Flaw("empty", "a condition must not be empty", node, "leave it out if the rule always holds")
    # the CEL parser is optional and slow to import
    from referee.language.cel import CelProblem, parse_cel

    found = parse_cel(node.text, words=frame.words)
    if isinstance(found, CelProblem):
        raise Flaw(found.code, found.message, _stretch(node, found.offset, found.length), found.help, node)
    _check_arguments(found, node, frame)
    return placed(found, line_of(node))


def _check_arguments(condition: Condition, node: Scalar, frame: Frame) -> None:
    """Refuse tools that are not there, and arguments that the tools of an expression do not declare.

    Raises:
        Flaw: there is one.
    """
    if frame.listing != OPEN:
        for test in every_test(condition):
            operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
            for name in operands if test.attribute.root == "tool" and test.op in _NAMING else ():
                check_tool(str(name), node, frame)
    fixed = [test.operand for test in conjuncts(condition) if test.attribute.root == "tool" and test.op in {"eq", "in"}]
    names = fixed[0] if fixed and isinstance(fixed[0], tuple) else fixed[:1]
    found = [declared_tool(name, frame.catalog) for name in names if isinstance(name, str)]
    tools = tuple(tool for tool in found if tool is not None and tool.shape is not None)
    declared = len(tools) == len(names)
    for test in every_test(condition):
        path = test.attribute.path
        if test.attribute.root == "args" and path:
            subject_of(show_path("args", path), node, frame.tools or (tools if declared else ()))


def _stretch(node: Scalar, offset: int, length: int) -> Scalar:
    """Give the part of an expression that a problem is about, if it stands on one line."""
    start, end = node.start, node.end
    quotes = 0 if node.plain else 1
    if start.line != end.line or end.column - start.column - 2 * quotes != len(node.text):
        return node
    first = start.column + quotes + offset
    return Scalar(Point(start.line, first), Point(start.line, first + max(length, 1)), node.text, node.plain)


def placed(condition: Condition, line: int) -> Condition:
    """Give every test of a condition its line."""
    if isinstance(condition, Test):
        return msgspec.structs.replace(condition, line=line)
    if isinstance(condition, Not):
        return Not(placed(condition.part, line))
    return type(condition)(tuple(placed(part, line) for part in condition.parts))
