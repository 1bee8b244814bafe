"""Conditions written as CEL expressions, read into the same tree as all others.

Rule 1: the expression is parsed by ``cel-python`` and never run. What the tree cannot say is a problem, not a second
evaluator.
Rule 2: names, types and patterns are checked by the same readers as in mappings.
Rule 3: length and nesting are bounded, and no text makes the reader raise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from typing import Any, Final

import msgspec

from referee.language import operands
from referee.language.attributes import NO_WORDS, Subject, subject_of
from referee.language.names import Frame
from referee.language.nodes import Mapping, Node, Point, Scalar, Sequence
from referee.language.problems import Flaw, Problems, shorten
from referee.language.vocabulary import OPERATORS
from referee.model.catalogue import Tool
from referee.model.programs import ALWAYS, NEVER, All, Any_, Condition, Not, Scan, Test

MAX_LENGTH: Final = 8_192
MAX_NESTING: Final = 32


class CelProblem(msgspec.Struct, frozen=True):
    """Why an expression is not a condition, and at which characters of it."""

    code: str
    message: str
    offset: int = 0
    length: int = 1
    help: str | None = None


METHODS: Final = {
    "startsWith": "starts_with",
    "endsWith": "ends_with",
    "contains": "contains",
    "matches": "regex",
    "glob": "glob",
    "host": "host",
    "within": "within",
    "cidr": "cidr",
    "runs": "runs",
    "reads": "reads",
    "writes": "writes",
}
"""The methods of CEL, and operators of the language that it has no word for, written as methods."""

COMPARISONS: Final = {
    "relation_eq": ("eq", "eq"),
    "relation_ne": ("ne", "ne"),
    "relation_lt": ("lt", "gt"),
    "relation_le": ("lte", "gte"),
    "relation_gt": ("gt", "lt"),
    "relation_ge": ("gte", "lte"),
}
"""Each comparison as an operator, and as the operator with its sides exchanged."""

_HELP: Final = {
    "expr": "write the alternatives with `||`, or as two rules",
    "addition": "compare an attribute with a constant",
    "multiplication": "compare an attribute with a constant",
    "map_lit": "compare an attribute with a constant",
}
_PATH: Final = "write the condition as a mapping instead of an expression"
_ESCAPES: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    '"': '"', "'": "'", "\\": "\\", "?": "?", "`": "`",
}  # fmt: skip
_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.?))", re.DOTALL
)


def parse_cel(
    text: str, tools: tuple[Tool, ...] = (), words: AnyMapping[str, tuple[str, ...]] = NO_WORDS
) -> Condition | CelProblem:
    """Read a CEL expression as a condition.

    ``tools`` are those whose declared arguments it speaks of, ``words`` what some attributes can be.

    >>> parse_cel('args.amount > 500')
    Test(attribute=Attribute(root='args', path=('amount',)), op='gt', operand=500, line=0)
    >>> parse_cel("args.a + 1 > 2").code
    'cel-unsupported'
    """
    if len(text) > MAX_LENGTH:
        return CelProblem("too-large", f"an expression must have at most {MAX_LENGTH:_} characters".replace("_", " "))
    try:
        lowering = _Lowering(tools, words)
        condition = lowering.condition(_parse(text), 0)
    except Flaw as flaw:
        start, end = flaw.node.start, flaw.node.end
        return CelProblem(flaw.code, flaw.message, start.column, max(end.column - start.column, 1), flaw.help)
    return next(lowering.problems(), condition)


def _parse(text: str) -> Any:
    try:
        from celpy.celparser import CELParseError, CELParser  # an optional dependency, slow to import
    except ImportError:
        raise Flaw("cel-unsupported", "expressions need a CEL parser", _at(0, len(text)),
                   'pip install "referee[cel]", or write a mapping') from None  # fmt: skip
    try:
        tree = CELParser().parse(text)
    except CELParseError as problem:
        raise _syntax(text, problem) from None
    _place(tree, text)
    return tree


def _place(tree: Any, text: str) -> None:
    """Give ``true`` and ``false`` the positions that the parser does not keep."""
    end = 0
    for token in _tokens(tree):
        if token.start_pos is None:
            token.start_pos = text.find(token, end)
            token.end_pos = token.start_pos + len(token)
        end = token.end_pos


def _tokens(tree: Any) -> Iterator[Any]:
    """Yield the tokens below a tree in order; expressions nest deeper than calls may."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if hasattr(part, "children"):
            waiting.extend(reversed(part.children))
        else:
            yield part


def _syntax(text: str, problem: Any) -> Flaw:
    token = getattr(problem.__context__, "token", None)
    if not text.strip() or getattr(token, "type", "") == "$END":
        return Flaw("cel-syntax", "the expression ends where a value or an operator is expected", _at(len(text), 1))
    if problem.line is None:
        offset = max(text.find(str(token)), 0)
    else:
        before = text.split("\n")[: problem.line - 1]
        offset = min(sum(len(line) + 1 for line in before) + problem.column - 1, len(text) - 1)
    found = str(token) if token else text[offset]
    hint = _SLIPS.get(found)
    return Flaw("cel-syntax", f"`{shorten(found)}` is not expected here", _at(offset, len(found)), hint)


_SLIPS: Final = {
    "=": "write `==` to compare",
    "and": "write `&&`",
    "or": "write `||`",
    "not": "write `!`",
    "&": "write `&&`",
    "|": "write `||`",
}


def _at(offset: int, length: int, text: str = "", *, plain: bool = True) -> Scalar:
    return Scalar(Point(0, offset), Point(0, offset + length), text, plain)


def _here(tree: Any) -> Scalar:
    """Give the stretch of an expression that a part of its tree was read from."""
    start, end = tree.meta.start_pos, tree.meta.end_pos
    if start is None or end is None:
        tokens = list(_tokens(tree))
        start = tokens[0].start_pos if start is None else start
        end = tokens[-1].end_pos if end is None else end
    return _at(start, end - start)


def _unsupported(tree: Any, what: str, hint: str = _PATH) -> Flaw:
    return Flaw("cel-unsupported", what, _here(tree), hint)


def _bare(tree: Any) -> Any:
    """Strip the levels of the grammar, and the parentheses, that hold a single part."""
    while len(tree.children) == 1 and tree.data in _LEVELS:
        tree = tree.children[0]
    return tree


_LEVELS: Final = frozenset(
    {
        "expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary", "member",
        "primary", "paren_expr",
    }
)  # fmt: skip


class _Lowering:
    """Turns the tree of one expression into a condition."""

    def __init__(self, tools: tuple[Tool, ...], words: AnyMapping[str, tuple[str, ...]]) -> None:
        self._tools = tools
        self._words = words
        self._frame = Frame(Problems("", []), tools=tools)

    def problems(self) -> Iterator[CelProblem]:
        """Give what the readers of operands have told instead of raising it."""
        for found in self._frame.problems.found:
            offset = found.span.column - 1
            yield CelProblem(found.code, found.message, offset, max(found.span.end_column - 1 - offset, 1), found.help)

    def condition(self, tree: Any, depth: int) -> Condition:
        """Read a part of the tree that is true or false."""
        tree = _bare(tree)
        if depth > MAX_NESTING:
            raise Flaw("too-deep", f"conditions are nested more than {MAX_NESTING} levels deep", _here(tree))
        match tree.data:
            case "conditionaland":
                parts = [self.condition(part, depth + 1) for part in _chain(tree)]
                return All(tuple(_flat(parts, All)))
            case "conditionalor":
                parts = [self.condition(part, depth + 1) for part in _chain(tree)]
                return Any_(tuple(_flat(parts, Any_)))
            case "unary" if tree.children[0].data == "unary_not":
                return Not(self.condition(tree.children[1], depth + 1))
            case "relation":
                return self._relation(tree)
            case "ident_arg" | "member_dot_arg":
                return self._call(tree)
            case "literal":
                return self._constant(tree)
            case "ident" | "member_dot" | "member_index":
                return self._flag(tree)
            case other:
                what = _WHAT.get(str(other), "this expression")
                raise _unsupported(tree, f"{what} cannot be a condition", _HELP.get(str(other), _PATH))

    def _constant(self, tree: Any) -> Condition:
        word = str(tree.children[0])
        if word in {"true", "false"}:
            return ALWAYS if word == "true" else NEVER
        raise _unsupported(tree, "a value is not a condition", "compare an attribute with it")

    def _flag(self, tree: Any) -> Condition:
        subject = self._subject(tree)
        if subject.type not in {"boolean", "json"}:
            raise Flaw("operand-type", f"`{subject.name}` is not true or false", _here(tree), "compare it with a value")
        return Test(subject.attribute, "eq", True)

    def _relation(self, tree: Any) -> Condition:
        head, right = tree.children
        left = head.children[0]
        if head.data == "relation_in":
            return self._membership(tree, left, right)
        plain, exchanged = COMPARISONS[head.data]
        if _is_constant(left):
            if _is_constant(right):
                raise _unsupported(tree, "two constants are compared", "compare an attribute with a constant")
            left, right, plain = right, left, exchanged
        if not _is_constant(right):
            raise _unsupported(_bare(right), "an attribute is compared with something that is not a constant")
        counted = _counted(_bare(left))
        if counted is not None:
            return self._count(counted, plain, right)
        return self._test(self._subject(_bare(left)), plain, _bare(left), self._value(right))

    def _membership(self, tree: Any, left: Any, right: Any) -> Condition:
        listed = _bare(right)
        if listed.data == "list_lit":
            if _is_constant(left):
                raise _unsupported(tree, "two constants are compared", "compare an attribute with a constant")
            items = tuple(self._value(item) for item in _arguments(listed))
            here = _here(listed)
            return self._test(self._subject(_bare(left)), "in", _bare(left), Sequence(here.start, here.end, items))
        if not _is_constant(left):
            raise _unsupported(_bare(left), "an attribute is looked up in something that is not a constant list")
        subject = self._subject(listed)
        if subject.type in {"text", "content"}:
            raise _unsupported(tree, f"`{subject.name}` is text, not a list", f"write `{subject.name}.contains(…)`")
        return self._test(subject, "contains", listed, self._value(left))

    def _count(self, tree: Any, op: str, right: Any) -> Condition:
        subject = self._subject(_bare(tree))
        self._fits(subject, "count", tree)
        node = self._value(right)
        pairs = operands.counts(Mapping(node.start, node.end, {op: (_at(node.start.column, 1, op), node)}), self._frame)
        return Test(subject.attribute, *pairs[0])

    def _call(self, tree: Any) -> Condition:
        if tree.data == "ident_arg":
            return self._function(tree)
        member, name = tree.children[0], str(tree.children[1])
        arguments = _arguments(tree.children[2]) if len(tree.children) > 2 else []
        op = METHODS.get(name)
        if op is None:
            known = ", ".join(f"`{method}`" for method in METHODS)
            raise _unsupported(tree, f"the method `{shorten(name)}` is not supported", f"supported are {known}")
        if len(arguments) != 1:
            raise _unsupported(tree, f"`{name}` takes one argument")
        return self._test(self._subject(_bare(member)), op, _bare(member), self._value(arguments[0]))

    def _function(self, tree: Any) -> Condition:
        name = str(tree.children[0])
        arguments = _arguments(tree.children[1]) if len(tree.children) > 1 else []
        if name == "has" and len(arguments) == 1:
            return Test(self._subject(_bare(arguments[0])).attribute, "exists", True)
        hint = "compare its result: `size(args.to) > 3`" if name == "size" else "supported are `has(…)` and `size(…)`"
        raise _unsupported(tree, f"the function `{shorten(name)}` cannot stand here", hint)

    def _test(self, subject: Subject, op: str, tree: Any, node: Node) -> Test:
        self._fits(subject, op, tree)
        operand = operands.READERS[OPERATORS[op].operand](node, subject, self._frame)
        assert not isinstance(operand, Scan)
        return Test(subject.attribute, op, operand)

    def _fits(self, subject: Subject, op: str, tree: Any) -> None:
        if subject.type not in OPERATORS[op].on:
            raise Flaw("operand-type", f"`{op}` does not work on `{shorten(subject.name)}`", _here(tree))

    def _subject(self, tree: Any) -> Subject:
        node = _here(tree)
        return subject_of("".join(_steps(tree)), node, self._tools, self._words)

    def _value(self, tree: Any) -> Scalar:
        tree = _bare(tree)
        if tree.data == "unary" and tree.children[0].data == "unary_neg":
            number = _bare(tree.children[1])
            inner = _scalar(number) if number.data == "literal" else _here(number)
            if inner.plain and inner.text[:1].isdigit():
                return _at(_here(tree).start.column, inner.end.column - _here(tree).start.column, "-" + inner.text)
        if tree.data != "literal":
            raise _unsupported(tree, "a constant is expected here")
        return _scalar(tree)


_WHAT: Final = {
    "expr": "a choice with `?`",
    "addition": "arithmetic",
    "multiplication": "arithmetic",
    "unary": "arithmetic",
    "list_lit": "a list",
    "map_lit": "a mapping",
    "member_object": "a message",
}


def _flat(parts: list[Condition], kind: type[All | Any_]) -> Iterator[Condition]:
    for part in parts:
        if isinstance(part, kind) and part.parts:
            yield from part.parts
        else:
            yield part


def _chain(tree: Any) -> list[Any]:
    """Give the parts of ``a && b && c``, which the grammar nests to the left."""
    parts: list[Any] = []
    kind = tree.data
    while tree.data == kind and len(tree.children) == 2:
        parts.append(tree.children[1])
        tree = tree.children[0]
    parts.append(tree)
    return parts[::-1]


def _is_constant(tree: Any) -> bool:
    tree = _bare(tree)
    return bool(tree.data == "literal") or bool(tree.data == "unary" and _bare(tree.children[1]).data == "literal")


def _counted(tree: Any) -> Any | None:
    """Give what ``size(x)`` or ``x.size()`` counts."""
    if tree.data == "ident_arg" and str(tree.children[0]) == "size" and len(tree.children) == 2:
        arguments = _arguments(tree.children[1])
        return arguments[0] if len(arguments) == 1 else None
    if tree.data == "member_dot_arg" and str(tree.children[1]) == "size" and len(tree.children) == 2:
        return tree.children[0]
    return None


def _arguments(tree: Any) -> list[Any]:
    if tree.data == "list_lit":
        return _arguments(tree.children[0]) if tree.children else []
    return list(tree.children)


def _steps(tree: Any) -> list[str]:
    """Spell the path of an attribute as a mapping would."""
    steps: list[str] = []
    while tree.data != "ident":
        if tree.data == "member_dot":
            steps.append(f".{tree.children[1]}")
        elif tree.data == "member_index":
            steps.append(_index(_bare(tree.children[1])))
        else:
            what = _WHAT.get(str(tree.data), "this expression")
            raise _unsupported(tree, f"{what} stands where an attribute is expected", _HELP.get(str(tree.data), _PATH))
        tree = _bare(tree.children[0])
    return [str(tree.children[0]), *reversed(steps)]


def _index(tree: Any) -> str:
    node = _scalar(tree) if tree.data == "literal" else None
    if node is None or (node.plain and not node.text.isdigit()):
        raise _unsupported(tree, "a position must be a whole number or a text")
    if node.plain:
        return f"[{node.text}]"
    if not node.text or node.text in {"*", "**"} or any(sign in node.text for sign in ".[]"):
        raise _unsupported(tree, f"the key `{shorten(node.text)}` cannot be part of an attribute")
    return f".{node.text}"


def _scalar(tree: Any) -> Scalar:
    """Turn a literal into the scalar that the readers of operands know."""
    token = tree.children[0]
    read = _LITERALS.get(token.type)
    if read is None:
        raise _unsupported(tree, "bytes cannot be compared", "write a text")
    here = _here(tree)
    text = read(str(token), here)
    return Scalar(here.start, here.end, text, plain=token.type not in {"STRING_LIT", "MLSTRING_LIT"})


def _string(token: str, here: Scalar) -> str:
    raw = token[0] in "rR"
    token = token[1:] if raw else token
    quotes = 3 if token[:3] in {'"""', "'''"} and len(token) >= 6 else 1
    text = token[quotes:-quotes]
    text = text if raw else _ESCAPE.sub(lambda found: _escape(found, here), text)
    if re.match(r"\$\$[A-Za-z_]", text):
        raise Flaw("cel-unsupported", "a text that begins with `$$` cannot be compared", here, _PATH)
    return "$" + text if re.match(r"\$[A-Za-z_]", text) else text


def _escape(found: re.Match[str], here: Scalar) -> str:
    code = found[1] or found[2] or found[3]
    number = int(code, 16) if code else int(found[4], 8) if found[4] else None
    if number is not None and number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
        return chr(number)
    if found[5] and found[5] in _ESCAPES:
        return _ESCAPES[found[5]]
    raise Flaw("cel-syntax", f"`{shorten(found[0])}` is not an escape", here, 'write `\\\\` for a backslash, or r"…"')


_LITERALS: Final[dict[str, Callable[[str, Scalar], str]]] = {
    "INT_LIT": lambda token, _: token,
    "UINT_LIT": lambda token, _: token[:-1],
    "FLOAT_LIT": lambda token, _: token,
    "BOOL_LIT": lambda token, _: token,
    "NULL_LIT": lambda token, _: token,
    "STRING_LIT": _string,
    "MLSTRING_LIT": _string,
}
