r"""Shell text to the tree of ``tree``: what runs, in which order, with which words and redirections.

Rule 1: lists of simple commands are read by ``plain``, exactly as bash reads them; everything else by tree-sitter-bash,
which finds the statements, while the words stay as they are written and are read in ``words``.
Rule 2: what neither reads is read by both as far as they come, and the tree says that it is not whole.
Rule 3: nothing recurses deeper than a fixed limit.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from referee.facets.shell import plain
from referee.facets.shell.trace import Exhausted
from referee.facets.shell.tree import Block, Expression, For, Function, Node, Pipe, Redirect, Simple

if TYPE_CHECKING:
    from tree_sitter import Node as Leaf
    from tree_sitter import Parser

_DEEPEST: Final = 120


_NAMED_IN_ARITHMETIC: Final = re.compile(
    r"([A-Za-z_]\w*)\s*(?:\+\+|--|(?:[-+*/%&|^]|<<|>>)?=(?!=))|(?:\+\+|--)([A-Za-z_]\w*)"
)


_PREFIXED: Final = re.compile(
    r"((?:^|[;&|\n({`]|\b(?:do|then|else)\s)[ \t]*)(?:(?:!|coproc(?:[ \t]+[A-Za-z_]\w*)?|time(?:[ \t]+-p)?)\s+)+(?=[{(]\s|\()"
)
"""``!``, ``coproc`` and ``time`` before a compound command, which tree-sitter takes for programs."""


_BRACES_FIRST: Final = re.compile(r"((?:^|[;&|\n({`]|\b(?:do|then|else)\s)[ \t\n]*)(?=\{[^\s{},;]*,[^\s;]*\})")
"""A brace list as the name of a program, which tree-sitter takes for a group; an empty word before it makes no difference."""


@cache
def _parser() -> Parser:
    import tree_sitter_bash  # start-up time: most processes never see a shell text
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def read(text: str) -> tuple[Block, bool]:
    """Return the tree of a text, and whether all of it was understood.

    Raises:
        Exhausted: it is nested too deeply.
    """
    simple, whole = plain.read(text)
    if whole:
        return simple, True
    text = _PREFIXED.sub(r"\1", text)
    tree, whole = _parsed(text)
    if not whole and "<<" not in text and _BRACES_FIRST.search(text):
        tree, whole = _parsed(_BRACES_FIRST.sub(r"\1''", text))
    return (tree, True) if whole else (Block("all", (tree, simple)), False)


def _parsed(text: str) -> tuple[Block, bool]:
    source = text.encode("utf-8", "surrogatepass")
    root = _root(source)
    if root is None:
        return Block("all", ()), False
    reader = _Reader(source)
    tree = Block("all", reader.all(root, 0))
    return tree, not (root.has_error or reader.mistaken)


_LONGEST: Final = 24 * 1024


_BEYOND: Final = re.compile(rb"(\{[0-9]*(?:\.\.[0-9]*)?)([\x80-\xff]+)")
"""What tree-sitter-bash looks up past the end of a table of 256 characters, which ends the process: ``isdigit`` in its scanner.c."""


def _root(source: bytes) -> Leaf | None:
    """Parse; a long text is not tried, for one in which error follows error takes time by the square of its length.

    Letters stand for what would end the process; not where a text reads on to a line that is equal to an earlier word.
    """
    if len(source) > _LONGEST:
        return None
    if _BEYOND.search(source) is not None:
        if b"<<" in source:
            return None
        source = _BEYOND.sub(lambda found: found[1] + b"x" * len(found[2]), source)
    return _parser().parse(source).root_node


class _Reader:
    """Turns one tree of tree-sitter into ours; ``mistaken`` if a command in it is more than one."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self.mistaken = False

    def all(self, leaf: Leaf, depth: int) -> tuple[Node, ...]:
        if depth > _DEEPEST:
            raise Exhausted
        nodes = (self.one(child, depth + 1) for child in leaf.children if child.is_named)
        return tuple(node for node in nodes if node is not None)

    def raw(self, leaf: Leaf) -> str:
        return self._source[leaf.start_byte : leaf.end_byte].decode("utf-8", "replace")

    def one(self, leaf: Leaf, depth: int) -> Node | None:
        kind = leaf.type
        if kind == "command" or kind in _LIKE_COMMANDS:
            return self._command(leaf)
        reader = _READERS.get(kind)
        if reader is not None:
            return reader(self, leaf, depth)
        if kind in _NOTHING:
            return None
        parts = self.all(leaf, depth)
        return Block(_BLOCKS.get(kind, "all"), parts) if parts else None

    def _command(self, leaf: Leaf) -> Simple:
        r"""Read the words of a command; where a backslash stands, not from tree-sitter, which loses ``\ ``."""
        raw = self.raw(leaf)
        if "\\" in raw or "\n" in raw:
            block, whole = plain.read(raw)
            self.mistaken = self.mistaken or (whole and len(block.parts) > 1)
            found = block.parts[0] if whole and len(block.parts) == 1 else None
            if isinstance(found, Pipe) and len(found.parts) == 1 and isinstance(found.parts[0], Simple):
                return found.parts[0]
        return self._children(leaf)

    def _children(self, leaf: Leaf) -> Simple:
        """Collect words by their bytes; what touches without a space is one word, whatever tree-sitter calls it."""
        assignments: list[str] = []
        words: list[str] = []
        redirects: list[Redirect] = []
        end = -1
        for child in leaf.children:
            kind = child.type
            if kind in {"file_redirect", "herestring_redirect"}:
                words += self._redirect(child, redirects)
            elif kind == "variable_assignment" and not words:
                assignments.append(self.raw(child))
            elif words and child.start_byte == end:
                words[-1] += self.raw(child)
            elif kind != "comment":
                words.append(self.raw(child))
            end = child.end_byte
        return Simple(tuple(assignments), tuple(words), tuple(redirects))

    def _redirect(self, leaf: Leaf, into: list[Redirect], descriptor: str = "") -> list[str]:
        """Read a redirection; return the words that tree-sitter wrongly takes for further targets."""
        operator, end = "", -1
        targets: list[str] = []
        for child in leaf.children:
            if child.type == "file_descriptor":
                descriptor = self.raw(child)
                continue
            if not operator and not child.is_named:
                operator = child.type
            elif targets and child.start_byte == end:
                targets[-1] += self.raw(child)
            else:
                targets.append(self.raw(child))
            end = child.end_byte
        into.append(Redirect(operator or ">", targets[0] if targets else "", None, descriptor))
        return targets[1:]

    def redirected(self, leaf: Leaf, depth: int) -> Node:
        redirects: list[Redirect] = []
        extra: list[str] = []
        after: list[Node] = []
        joiner = ""
        body: Node | None = None
        end = -1
        for child in leaf.children:
            if child.type in {"file_redirect", "herestring_redirect"}:
                glued = bool(extra) and extra[-1].isdigit() and child.start_byte == end
                extra += self._redirect(child, redirects, extra.pop() if glued else "")
            elif child.type == "heredoc_redirect":
                joiner = self._heredoc(child, depth, redirects, extra, after) or joiner
            elif child.is_named:
                body = self.one(child, depth + 1)
            end = child.end_byte
        whole = _with_redirects(body, extra, redirects)
        if not after:
            return whole
        return Pipe((whole, *after)) if joiner == "|" else Block("chain", (whole, *after))

    def _heredoc(self, leaf: Leaf, depth: int, redirects: list[Redirect], extra: list[str], after: list[Node]) -> str:
        """Read a here-document, and the rest of its first line, which tree-sitter puts inside it."""
        start, body, joiner = "", "", ""
        for child in leaf.children:
            if child.type == "heredoc_start":
                start = self.raw(child)
            elif child.type == "heredoc_body":
                body = self.raw(child)
            elif child.type == "file_redirect":
                extra += self._redirect(child, redirects)
            elif child.type in {"&&", "||"}:
                joiner = "&&"
            elif child.type == "pipeline":
                joiner = "|"
                piped = self.one(child, depth + 1)
                after += piped.parts if isinstance(piped, Pipe) else [] if piped is None else [piped]
            elif child.is_named and child.type not in {"heredoc_end", "comment"}:
                words_or_node = self.one(child, depth + 1) if child.type in _STATEMENTS else None
                if words_or_node is None:
                    extra.append(self.raw(child))
                else:
                    after.append(words_or_node)
        if leaf.children and leaf.children[0].type == "<<-":
            body = re.sub(r"(?m)^\t+", "", body)
        redirects.append(Redirect("<<", start, body))
        return joiner

    def pipeline(self, leaf: Leaf, depth: int) -> Node:
        parts: list[Node] = []
        for node in self.all(leaf, depth):
            parts += node.parts if isinstance(node, Pipe) else (node,)
        return Pipe(tuple(parts))

    def chain(self, leaf: Leaf, depth: int) -> Node:
        """Unroll ``a && b && c``, which nests to the left as deep as it is long."""
        leaves: list[Leaf] = []
        while leaf.type == "list":
            named = [child for child in leaf.children if child.is_named]
            leaves += reversed(named[1:])
            if not named:
                break
            leaf = named[0]
        leaves.append(leaf)
        nodes = (self.one(each, depth + 1) for each in reversed(leaves))
        return Block("chain", tuple(node for node in nodes if node is not None))

    def loop(self, leaf: Leaf, depth: int) -> Node:
        raws = tuple(self.raw(child) for child in leaf.children if child.type in _ARITHMETIC)
        names = tuple(name for raw in raws for name in _changed(raw))
        head = (Expression(raws, names),) if raws else ()
        kept = tuple(
            node
            for child in leaf.children
            if child.is_named and child.type not in _ARITHMETIC and (node := self.one(child, depth + 1)) is not None
        )
        return Block("loop", (*head, *kept))

    def for_(self, leaf: Leaf, depth: int) -> Node:
        name, body = "", Block("all", ())
        words: list[str] = []
        seen_in, end = False, -1
        for child in leaf.children:
            if child.type == "variable_name" and not name:
                name = self.raw(child)
            elif child.type == "in":
                seen_in = True
            elif child.type in {"do_group", "compound_statement"}:
                body = Block("all", self.all(child, depth + 1))
            elif child.is_named and child.type != "comment":
                if words and child.start_byte == end:
                    words[-1] += self.raw(child)
                else:
                    words.append(self.raw(child))
            end = child.end_byte
        return For(name, tuple(words) if seen_in else None, body)

    def branch(self, leaf: Leaf, depth: int) -> Node:
        """Read ``if`` and its clauses: what stands before ``then`` runs, what stands after it may run."""
        before: list[Node] = []
        after: list[Node] = []
        target = before
        for child in leaf.children:
            if child.type == "then":
                target = after
            elif child.is_named and (node := self.one(child, depth + 1)) is not None:
                (target if child.type not in {"elif_clause", "else_clause"} else before).append(
                    Block("maybe", (node,)) if child.type in {"elif_clause", "else_clause"} else node
                )
        return Block("all", (*before[:1], Block("maybe", tuple(after)), *before[1:]))

    def case(self, leaf: Leaf, depth: int) -> Node:
        items = [child for child in leaf.children if child.type == "case_item"]
        subject = tuple(self.raw(child) for child in leaf.children if child.is_named and child.type != "case_item")
        bodies = []
        for item in items:
            place = next((at for at, child in enumerate(item.children) if child.type == ")"), 0)
            nodes = (self.one(child, depth + 1) for child in item.children[place + 1 :] if child.is_named)
            bodies.append(Block("maybe", tuple(node for node in nodes if node is not None)))
        return Block("all", (Expression(subject), *bodies))

    def function(self, leaf: Leaf, depth: int) -> Node:
        name, body = "", []
        for child in leaf.children:
            if child.type == "word" and not name:
                name = self.raw(child)
            elif child.is_named and child.type != "file_redirect" and (node := self.one(child, depth + 1)) is not None:
                body.append(node)
        return Function(name, Block("all", tuple(body)))

    def expression(self, leaf: Leaf, _depth: int) -> Node:
        raws: list[str] = []
        stack = [leaf]
        while stack:
            here = stack.pop()
            if here.type in _SUBSTITUTIONS:
                raws.append(self.raw(here))
            else:
                stack += reversed(here.children)
        return Expression(tuple(raws), _changed(self.raw(leaf)) if leaf.type != "test_command" else ())

    def compound(self, leaf: Leaf, depth: int) -> Node | None:
        if leaf.children and leaf.children[0].type == "((":
            return self.expression(leaf, depth)
        return Block("all", self.all(leaf, depth))

    def assignments(self, leaf: Leaf, _depth: int) -> Node:
        parts = [leaf] if leaf.type == "variable_assignment" else [child for child in leaf.children if child.is_named]
        return Simple(tuple(self.raw(part) for part in parts), ())


def _changed(raw: str) -> tuple[str, ...]:
    return tuple(found[1] or found[2] for found in _NAMED_IN_ARITHMETIC.finditer(raw))


def _with_redirects(body: Node | None, extra: list[str], redirects: list[Redirect]) -> Node:
    if body is None:
        return Simple((), tuple(extra), tuple(redirects))
    if isinstance(body, Simple):
        return Simple(body.assignments, (*body.words, *extra), (*body.redirects, *redirects))
    if isinstance(body, Pipe) or (isinstance(body, Block) and body.kind == "chain"):
        last = _with_redirects(body.parts[-1], extra, redirects)
        parts = (*body.parts[:-1], last)
        return Pipe(parts) if isinstance(body, Pipe) else Block("chain", parts)
    return Block("all", (body,), tuple(redirects))


_LIKE_COMMANDS: Final = frozenset({"declaration_command", "unset_command"})
_STATEMENTS: Final = frozenset(
    {"command", "redirected_statement", "list", "subshell", "compound_statement", "if_statement", "while_statement"}
    | {"for_statement", "case_statement", "declaration_command", "unset_command", "test_command", "negated_command"}
    | {"variable_assignment", "variable_assignments", "function_definition", "c_style_for_statement"}
)
_ARITHMETIC: Final = frozenset(
    {"binary_expression", "postfix_expression", "unary_expression", "variable_assignment", "ternary_expression"}
    | {"parenthesized_expression"}
)
_SUBSTITUTIONS: Final = frozenset({"command_substitution", "process_substitution", "expansion", "string"})
_NOTHING: Final = frozenset(
    {"comment", "word", "file_descriptor", "heredoc_end", "variable_name", "number", "string_content", "heredoc_body"}
    | {"extglob_pattern", "regex", "test_operator"}
)
_BLOCKS: Final = {"subshell": "scope", "elif_clause": "maybe", "else_clause": "maybe"}
_READERS: Final = {
    "redirected_statement": _Reader.redirected,
    "pipeline": _Reader.pipeline,
    "list": _Reader.chain,
    "while_statement": _Reader.loop,
    "c_style_for_statement": _Reader.loop,
    "for_statement": _Reader.for_,
    "if_statement": _Reader.branch,
    "elif_clause": _Reader.branch,
    "case_statement": _Reader.case,
    "function_definition": _Reader.function,
    "test_command": _Reader.expression,
    "compound_statement": _Reader.compound,
    "variable_assignment": _Reader.assignments,
    "variable_assignments": _Reader.assignments,
}
