"""The walk through a shell text: statements in order, with what each one changes and prints.

Rule 1: every branch is followed, for any may be taken; a loop is followed until nothing new is learnt, at most twice.
Rule 2: what a command prints is known only where ``outputs`` can compute it.
Rule 3: code that is known is followed into, wherever it comes from; code that is not known is an entry in ``missing``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from referee.facets.file import normal
from referee.facets.shell import (
    builtin,
    effects,
    inline,
    outputs,
    powershell,
    redirects,
    remoting,
    spawning,
    syntax,
    tasks,
    wrappers,
)
from referee.facets.shell.scope import Scope
from referee.facets.shell.trace import DEPTH_LIMIT, HOLE, TEXT_LIMIT, UNKNOWN, Exhausted, Trace
from referee.facets.shell.tree import Block, Expression, For, Function, Node, Pipe, Redirect, Simple
from referee.facets.shell.words import expand, expand_text

if TYPE_CHECKING:
    from collections.abc import Generator

    from referee.facets.surroundings import Surroundings

_LOOP_WORDS: Final = 64
_NO_ARGUMENTS_MATTER: Final = frozenset(
    {"echo", "printf", "true", "false", ":", "test", "[", "export", "local", "declare", "readonly", "typeset", "return"}
    | {"exit", "sleep", "read", "let", "wait", "jobs", "basename", "dirname", "seq", "expr", "date"}
)


def follow(text: str, surroundings: Surroundings) -> Trace:
    """Follow a text from the beginning, as ``bash -c`` would, and return what was found."""
    trace = Trace()
    if len(text) > TEXT_LIMIT:
        trace.miss("effect: a text longer than is followed")
        text = text[:TEXT_LIMIT]
    if UNKNOWN in text:
        trace.miss("effect: a zero byte in the text")
        text = text.replace(UNKNOWN, "")
    try:
        Machine(trace, Scope(surroundings)).text(text)
    except (Exhausted, RecursionError):
        trace.miss("effect: a text with more in it than is followed")
    effects.combine(trace)
    return trace


def _reads(node: Node) -> bool:
    """Tell whether a loop begins with reading a line."""
    while isinstance(node, Block | Pipe) and node.parts:
        node = node.parts[0]
    return isinstance(node, Simple) and node.words[:1] == ("read",)


class Machine:
    """Follows shell text; see ``scope.Runner`` for what it offers to builtins and wrappers."""

    def __init__(self, trace: Trace, scope: Scope) -> None:
        self.trace = trace
        self.scope = scope

    def text(self, code: str, stdin: str | None = None) -> str:
        """Follow shell text in this shell and return what it prints."""
        if UNKNOWN in code:
            self.trace.effect("execute")
            self.trace.foreign()
            self.trace.miss("effect: a part of the code that runs")
            code = code.replace(UNKNOWN, HOLE[1:-1])
        if not code.strip() or code.strip().strip('"') == HOLE[1:-1]:
            return UNKNOWN if HOLE[1:-1] in code else ""
        self.trace.step(1 + len(code) // 512)
        with self._deeper() as allowed:
            return self._tree(code, stdin) if allowed else UNKNOWN

    def _tree(self, code: str, stdin: str | None) -> str:
        tree, whole = syntax.read(code)
        printed = self.node(tree, stdin)
        if whole:
            return printed
        self.trace.miss("effect: a part that is not valid bash")
        return UNKNOWN

    def apart(
        self, code: str, stdin: str | None = None, positional: tuple[str, ...] | None = None, name: str | None = None
    ) -> str:
        """Follow shell text in a shell of its own and return what it prints."""
        with self._copied():
            if positional is not None:
                self.scope.positional = positional
                self.scope.name = name or "bash"
            return self.text(code, stdin)

    @contextmanager
    def _deeper(self) -> Generator[bool]:
        self.trace.depth += 1
        allowed = self.trace.depth <= DEPTH_LIMIT
        if not allowed:
            self.trace.miss("effect: code nested more deeply than is followed")
        try:
            yield allowed
        finally:
            self.trace.depth -= 1

    @contextmanager
    def _copied(self) -> Generator[None]:
        outer, self.scope = self.scope, self.scope.copy()
        try:
            yield
        finally:
            self.scope = outer

    def node(self, node: Node, stdin: str | None) -> str:
        """Follow one statement and return what it prints."""
        self.trace.step()
        match node:
            case Simple():
                return self._simple(node, stdin)
            case Pipe():
                return self._pipe(node, stdin)
            case Block():
                return self._block(node, stdin)
            case For():
                return self._for(node, stdin)
            case Function():
                self.scope.functions[node.name] = node.body
                return ""
            case Expression():
                return self._expression(node)

    def _pipe(self, node: Pipe, stdin: str | None) -> str:
        if len(node.parts) == 1:
            return self.node(node.parts[0], stdin)
        fed = stdin
        for part in node.parts:
            with self._copied():
                fed = self.node(part, fed)
        return fed or ""

    def _expression(self, node: Expression) -> str:
        for raw in node.raws:
            expand_text(raw, self)
        for name in node.names:
            self.scope.values[name] = UNKNOWN
        return ""

    def _block(self, node: Block, stdin: str | None) -> str:
        opened = redirects.apply(self, node.redirects)
        stdin = opened.stdin if opened.stdin is not None else stdin
        printed = self._parts(node, stdin)
        return redirects.written(self, opened, printed)

    def _parts(self, node: Block, stdin: str | None) -> str:
        if node.kind == "scope":
            with self._copied():
                return self._sequence(node.parts, stdin)
        if node.kind == "chain":
            return self._chain(node.parts, stdin)
        if node.kind in {"maybe", "loop"}:
            return self._perhaps(node, stdin)
        return self._sequence(node.parts, stdin)

    def _chain(self, parts: tuple[Node, ...], stdin: str | None) -> str:
        """Follow ``a && b || c``: each part sees what the one before did; afterwards only the first is certain."""
        first = self.node(parts[0], stdin)
        before = dict(self.scope.values)
        rest = self._sequence(parts[1:], stdin)
        self.scope.merge(before)
        return first + rest

    def _perhaps(self, node: Block, stdin: str | None) -> str:
        """Follow what may run, once or, in a loop in which a variable changes, twice."""
        if node.kind == "loop" and stdin is not None and UNKNOWN not in stdin and _reads(node):
            return self._by_lines(node, stdin)
        before, folder = dict(self.scope.values), self.scope.surroundings.cwd
        printed = self._sequence(node.parts, stdin)
        changed = self.scope.merge(before)
        if self.scope.surroundings.cwd != folder:
            self.scope.change_folder(None)
            changed = True
        if changed and node.kind == "loop":
            self._sequence(node.parts, stdin)
            self.scope.merge(before)
        return UNKNOWN if printed else ""

    def _by_lines(self, node: Block, stdin: str) -> str:
        """Follow ``while read`` over a text that is known, a line at a time."""
        lines = stdin.removesuffix("\n").split("\n")
        printed = [self._sequence(node.parts, line + "\n") for line in lines[:_LOOP_WORDS]]
        if len(lines) > _LOOP_WORDS:
            self.trace.miss("effect: the rest of a long text that a loop reads")
        return "".join(printed)

    def _sequence(self, parts: tuple[Node, ...], stdin: str | None) -> str:
        if len(parts) == 1:
            return self.node(parts[0], stdin)
        return "".join([self.node(part, stdin) for part in parts])

    def _for(self, node: For, stdin: str | None) -> str:
        raws = node.words
        words = list(self.scope.positional) if raws is None else [one for raw in raws for one in expand(raw, self)]
        if len(words) > _LOOP_WORDS:
            self.trace.miss(f"word: the variable `{node.name[:64]}` of a long loop")
            words = [*words[:_LOOP_WORDS], UNKNOWN]
        printed = []
        for word in words:
            self.scope.values[node.name] = word
            before = dict(self.scope.values)
            printed.append(self.node(node.body, stdin))
            before.pop(node.name, None)
            if len(words) > 1:
                self.scope.merge(before)
        return "".join(printed)

    def _simple(self, node: Simple, stdin: str | None) -> str:
        if node.words and node.words[0] in self.scope.aliases:
            return self._alias(node, stdin)
        known = len(self.trace.missing)
        words = self._words(node.words)
        if words and words[0] in _NO_ARGUMENTS_MATTER:
            self._forget_words(known)
        opened = redirects.apply(self, node.redirects)
        fed = opened.stdin if opened.stdin is not None else stdin
        if not node.assignments:
            printed = self.argv(words, fed) if words else opened.stdin or ""
        else:
            printed = self._assigned(node.assignments, words, fed)
        return redirects.written(self, opened, printed)

    def _assigned(self, assignments: tuple[str, ...], words: list[str], stdin: str | None) -> str:
        """Follow a command with assignments before it, which hold for as long as it runs."""
        if not words:
            builtin.assign(self, assignments)
            return ""
        names = [raw.partition("=")[0].rstrip("+") for raw in assignments]
        before = {name: self.scope.values.get(name) for name in names}
        builtin.assign(self, assignments)
        printed = self.argv(words, stdin)
        for name, value in before.items():
            if value is None:
                self.scope.values.pop(name, None)
            else:
                self.scope.values[name] = value
        return printed

    def _words(self, raws: tuple[str, ...]) -> list[str]:
        """Expand words; a program whose name is known only if the surroundings leave a variable unset is not known."""
        if not raws:
            return []
        guesses = self.trace.guesses
        words = expand(raws[0], self)
        if self.trace.guesses != guesses:
            self.trace.miss("effect: the name of a program")
        rest = raws[1:]
        if words and words[0] in builtin.DECLARING:
            rest = tuple(raw for raw in rest if not builtin.array_set(self, raw))
        return words + [field for raw in rest for field in expand(raw, self)] if rest else words

    def _alias(self, node: Simple, stdin: str | None) -> str:
        """Replace an alias by its text, once."""
        name, rest = node.words[0], " ".join(node.words[1:])
        code = self.scope.aliases.pop(name)
        try:
            redirected: tuple[Redirect, ...] = node.redirects
            opened = redirects.apply(self, redirected)
            return redirects.written(self, opened, self.text(f"{code} {rest}", opened.stdin or stdin))
        finally:
            self.scope.aliases[name] = code

    def _forget_words(self, known: int) -> None:
        """Drop what is missing from words that change nothing."""
        for entry in list(self.trace.missing)[known:]:
            if entry.startswith("word:"):
                del self.trace.missing[entry]

    def argv(self, words: list[str], stdin: str | None = None) -> str:
        """Follow one command given by its words and return what it prints."""
        self.trace.step(1 + len(words) // 64)
        if not words:
            return ""
        self.trace.command(words)
        name = words[0].rpartition("/")[2]
        if UNKNOWN in name or not name or any(mark in name for mark in "*?["[: 3 if len(name) > 1 else 2]):
            return self._unknown_program(words, stdin)
        with self._deeper() as allowed:
            return self._known_program(name, words, stdin) if allowed else UNKNOWN

    def _unknown_program(self, words: list[str], stdin: str | None) -> str:
        self.trace.effect("execute")
        self.trace.foreign()
        self.trace.miss("effect: the name of a program")
        if words[0] == UNKNOWN and len(words) > 1 and effects.is_known(words[1].rpartition("/")[2]):
            self.argv(words[1:], stdin)
        return UNKNOWN

    def _known_program(self, name: str, words: list[str], stdin: str | None) -> str:
        if name in self.scope.functions:
            return self._function(name, words, stdin)
        own = builtin.TABLE.get(name)
        if own is not None:
            return own(self, words, stdin)
        if name in inline.SHELLS:
            return inline.shell(self, name, words, stdin)
        script = self._script(words[0])
        if script is not None:
            self.trace.effect("execute")
            return self.apart(script, stdin, tuple(words[1:]), words[0])
        effects.classify(self, name, words, stdin)
        if name == "env":
            builtin.surround(self, words)
        if name.lower() in powershell.PROGRAMS:
            return powershell.started(self, words, stdin)
        if powershell.CMDLET.fullmatch(name) or name.lower() in powershell.ALIASES:
            powershell.cmdlet(self, [name, *words[1:]])
        inner = (
            remoting.remoted(name, words)
            or tasks.tasks(self, name, words, stdin)
            or wrappers.unwrap(name, words, stdin)
            or spawning.spawned(name, words, stdin)
        )
        if inner is not None:
            return self._inner(inner, stdin, away=name in spawning.AWAY)
        if inline.interprets(name):
            return inline.interpreter(self, name, words, stdin)
        if spawning.mentions_shell(name, words):
            self.trace.effect("shell_escape", "execute")
        return outputs.printed(self, name, words, stdin)

    def _script(self, word: str) -> str | None:
        return self.scope.files.get(normal(word, self.scope.surroundings)) if "/" in word else None

    def _inner(self, inner: list[wrappers.Inner], stdin: str | None, *, away: bool) -> str:
        printed = ""
        self.trace.away += away
        for one in inner:
            if one.code is not None:
                printed = self.apart(one.code, stdin)
            elif one.words:
                printed = self.argv(one.words, stdin)
        self.trace.away -= away
        return printed if len(inner) == 1 else UNKNOWN

    def _function(self, name: str, words: list[str], stdin: str | None) -> str:
        before = self.scope.positional
        self.scope.positional = tuple(words[1:])
        try:
            return self.node(self.scope.functions[name], stdin)
        finally:
            self.scope.positional = before
