"""Reading files of tests: ``NAME.test.yaml`` beside the policy ``NAME.yaml``.

Rule 1: the schema is closed; every problem of a file is told at once, with its position.
Rule 2: a name of a rule that no policy of the file has is a problem: a test that cannot fail is none.
Rule 3: what a value means is what it means in a policy; numbers are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from collections.abc import Mapping as AnyMapping
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any, Final

import msgspec

from referee.errors import InvalidRequest, PolicyError
from referee.language.document import read_document
from referee.language.nodes import Mapping, Node, Scalar, Sequence, describe, span_of
from referee.language.problems import Enough, Flaw, Problems, shorten, unknown
from referee.language.quantities import duration, money_of, scalar_of
from referee.language.render import render_text
from referee.language.scalars import integer_of, text_of, value_of
from referee.model.names import VERDICTS
from referee.model.programs import Exact
from referee.model.request import Agent, Request, User
from referee.testing.cases import NOON, Between, Case, Expect, Scene, Step, Suite

ENDINGS: Final = (".test.yaml", ".test.yml", ".test.json")
MOST: Final = 100_000
"""Times that one action may be attempted in a test."""
MAX_BYTES: Final = 10 * 1024 * 1024

Names = Callable[[tuple[str, ...]], Collection[str]]
"""Compiles policies and lists their rules and limits. Raises ``PolicyError``."""

SCENE: Final = {
    "agent": "who acts: a name, or a mapping of id, tags, team, role, owner, parent",
    "user": "for whom: a name, or a mapping of id, roles",
    "environment": "where, such as prod",
    "labels": "labels the session begins with",
    "permissions": "what the agent may do by other means",
    "context": "a mapping for `context.*`",
    "now": f"the time, such as {NOON}",
    "cwd": "the folder the agent works in",
    "home": "the home folder of its user",
    "workspace": "the folder of its project",
}
"""The keys of a file and of a test that say who acts, when and where."""

FILE: Final = {"policy": "the policy, or a list of layers; relative to this file", **SCENE, "tests": "the tests"}
STEP: Final = {
    "request": "what is attempted, in the JSON form of a request",
    "facts": "facts of its own: counters, limits, findings, failures",
    "times": "how many times it is attempted; the last counts",
    "expect": "a verdict, or a mapping",
    "wait": "time that passes, such as 10m",
    "approve": "who approves the question that was asked last: by, roles",
    "reject": "who rejects it: by, roles, message",
    "settle": "what the last allowed action really cost: cost, input_tokens, output_tokens",
}
CASE: Final = {
    "name": "what is tested",
    **SCENE,
    "request": STEP["request"],
    "facts": STEP["facts"],
    "times": STEP["times"],
    "expect": STEP["expect"],
    "steps": "several actions in one session, and what happens between them",
}
EXPECT: Final = {
    "decision": "the verdict",
    "rules": "exactly the rules (or limits) that gave the verdict",
    "matched": "rules among those that matched",
    "not_matched": "rules that did not match",
    "message": "exactly what the agent is told",
    "message_contains": "a part of it",
    "approvers": "exactly who may approve",
    "alerts": "exactly the rules that raise an alert",
    "errors": "exactly the rules that could not be decided",
    "would_have": "exactly the observe rules that matched",
    "labels": "exactly the labels of the session afterwards",
    "redacted": "the kinds that are removed, by path",
    "args": "the arguments it runs with",
    "result": "the result that is handed on",
    "text": "the text that is sent",
    "url": "the address that is called",
    "never": "texts that must not be in the decision or in what is handed on",
}
_NAMES: Final = ("rules", "matched", "not_matched", "alerts", "errors", "would_have")
_RUNS: Final = ("args", "result", "text", "url")
_BETWEEN: Final[tuple[Between, ...]] = ("wait", "approve", "reject", "settle")
_FACTS: Final = ("http", "file", "shell", "sql", "tool", "grant")


class SuiteError(PolicyError):
    """A file of tests cannot be used; ``diagnostics`` say why."""


def find(paths: Iterable[Path]) -> list[Path]:
    """List the files of tests that paths mean: files, and folders at any depth, without hidden ones.

    Raises:
        FileNotFoundError: a path is not there.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.name.endswith(ENDINGS) and file.is_file())
            found.update((file, None) for file in inside if not _is_hidden(file.relative_to(path)))
        elif path.exists():
            found[path] = None
        else:
            raise FileNotFoundError(2, "there is no such file", str(path))
    return list(found)


def _is_hidden(path: PurePath) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in path.parts)


def read(path: Path, names: Names) -> Suite:
    """Read a file of tests, and see that the rules it names are there.

    Raises:
        SuiteError: it cannot be read, or something is wrong in it.
        PolicyError: a policy it is about does not compile.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise SuiteError((), f"the tests `{path}` cannot be read ({problem.strerror})") from None
    if len(data) > MAX_BYTES:
        raise SuiteError((), f"the tests `{path}` are larger than {MAX_BYTES >> 20} MB")
    problems, root = read_document(str(path), data)
    suite = None
    try:
        suite = None if root is None else _suite(root, path, problems, names)
    except Flaw as flaw:
        problems.add(flaw)
    except Enough:
        pass
    if suite is None or problems.found:
        raise SuiteError(tuple(problems.found), render_text(problems.found))
    return suite


def _suite(root: Node, path: Path, problems: Problems, names: Names) -> Suite:
    fields = _fields(root, FILE, problems, "a file of tests")
    policies = _policies(fields.get("policy"), path, root)
    reader = _Reader(problems, names(policies))
    shared = reader.scene(fields, Scene())
    tests = fields.get("tests")
    if tests is None:
        raise Flaw("missing-key", "a file of tests needs `tests`", root, "write `tests:` and a list below it")
    cases = problems.each(lambda node: reader.case(node, shared), _items(tests, "a list of tests"))
    seen: dict[str, Case] = {}
    for case, node in zip(cases, _items(tests, "a list of tests"), strict=False):
        if seen.setdefault(case.name, case) is not case:
            problems.add(Flaw("duplicate-id", f"two tests are called `{shorten(case.name)}`", node))
    return Suite(path=str(path), policies=policies, cases=tuple(cases))


def _policies(node: Node | None, path: Path, root: Node) -> tuple[str, ...]:
    if node is not None:
        given = node.items if isinstance(node, Sequence) else (node,)
        if not given:
            raise Flaw("empty", "a list of policies must not be empty", node)
        return tuple(str(path.parent / text_of(item, "the path of a policy")) for item in given)
    stem = next((path.name.removesuffix(ending) for ending in ENDINGS if path.name.endswith(ending)), path.stem)
    beside = [path.with_name(f"{stem}{ending}") for ending in (".yaml", ".yml", ".json")]
    found = next((one for one in beside if one.is_file()), None)
    if found is None:
        raise Flaw(
            "missing-key", f"there is no `{beside[0].name}` beside it", root, "name the policy: `policy: file.yaml`"
        )
    return (str(found),)


def _fields(node: Node, keys: AnyMapping[str, str], problems: Problems, what: str) -> dict[str, Node]:
    """Take the entries of a mapping with known keys; tell of others."""
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected {what}, found {describe(node)}", node)
    for name, (word, _) in node.entries.items():
        if name not in keys:
            told = unknown("unknown-key", "key", name, word, list(keys)).help
            problems.add(Flaw("unknown-key", f"{what} has no key `{shorten(name)}`", word, told))
    return {name: value for name, (_, value) in node.entries.items() if name in keys}


def _items(node: Node, what: str) -> tuple[Node, ...]:
    if not isinstance(node, Sequence):
        raise Flaw("wrong-type", f"expected {what}, found {describe(node)}", node)
    return node.items


def _texts(node: Node) -> tuple[str, ...]:
    return tuple(text_of(item) for item in (node.items if isinstance(node, Sequence) else (node,)))


def plain(node: Node) -> Any:
    """Give the value of a node as JSON types, with numbers that have a fraction as ``Decimal``.

    Raises:
        Flaw: a number can be read in more than one way.
    """
    if isinstance(node, Scalar):
        value = value_of(node)
        return value.value if isinstance(value, Exact) else value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {name: plain(value) for name, (_, value) in node.entries.items()}


class _Reader:
    """Reads the tests of one file. ``names`` are the rules and limits there are."""

    def __init__(self, problems: Problems, names: Collection[str]) -> None:
        self.problems = problems
        self.names = names

    def scene(self, fields: AnyMapping[str, Node], base: Scene) -> Scene:
        """Read who acts, when and where; what is not said is as in ``base``."""
        who, place, now = dict(base.who), dict(base.place), base.now
        for name, read_one in _WHO.items():
            if name in fields:
                who[name] = read_one(fields[name])
        for name in ("cwd", "home", "workspace"):
            if name in fields:
                place[name] = _absolute(fields[name])
        if "now" in fields:
            now = _moment(fields["now"])
        return Scene(who=who, now=now, place=place)

    def case(self, node: Node, shared: Scene) -> Case:
        """Read a test."""
        fields = _fields(node, CASE, self.problems, "a test")
        if "name" not in fields:
            raise Flaw("missing-key", "a test needs a `name`", node)
        name = text_of(fields["name"], "the name of a test")
        if "steps" in fields:
            for key in ("request", "facts", "times", "expect"):
                if key in fields:
                    raise Flaw("contradiction", f"a test with `steps` has its `{key}` in one of them", fields[key])
            steps = [self.step(item) for item in _items(fields["steps"], "a list of steps")]
            if not steps:
                raise Flaw("empty", "a list of steps must not be empty", fields["steps"])
        else:
            steps = [self.action(fields, node)]
        if not any(step.expect for step in steps):
            raise Flaw(
                "missing-key", f"the test `{shorten(name)}` expects nothing", node, "add `expect: deny`, for instance"
            )
        span = span_of(node, self.problems.path)
        return Case(name=name, span=span, scene=self.scene(fields, shared), steps=tuple(steps))

    def step(self, node: Node) -> Step:
        """Read a step: an action, or one thing that happens between two."""
        fields = _fields(node, STEP, self.problems, "a step")
        between: list[Between] = [key for key in _BETWEEN if key in fields]
        if not between:
            return self.action(fields, node)
        if len(fields) > 1:
            raise Flaw("contradiction", f"a step with `{between[0]}` has no other key", node, "make two steps of it")
        does = between[0]
        given = _BETWEEN_READERS[does](fields[does], self.problems)
        return Step(does=does, span=span_of(node, self.problems.path), given=given)

    def action(self, fields: AnyMapping[str, Node], node: Node) -> Step:
        """Read an action with its facts and what is expected of it."""
        if "request" not in fields:
            raise Flaw(
                "missing-key", "there is no `request`", node, "write what is attempted: `request: {tool: search}`"
            )
        request = plain(fields["request"])
        try:
            Request.from_dict(request)
        except InvalidRequest as problem:
            raise Flaw("bad-request", str(problem), fields["request"]) from None
        facts = self.facts(fields["facts"]) if "facts" in fields else {}
        times = integer_of(fields["times"], 1, MOST) if "times" in fields else 1
        expect = self.expect(fields["expect"]) if "expect" in fields else None
        return Step(
            does="request",
            span=span_of(node, self.problems.path),
            given=request,
            facts=facts,
            times=times,
            expect=expect,
        )

    def facts(self, node: Node) -> dict[str, Any]:
        """Read facts: amounts of counters and limits, lists of findings, and ``{failed: why}``."""
        if not isinstance(node, Mapping):
            raise Flaw("wrong-type", f"expected a mapping of facts, found {describe(node)}", node)
        return {name: self._fact(name, word, value) for name, (word, value) in node.entries.items()}

    def _fact(self, name: str, word: Node, node: Node) -> Any:
        value = plain(node)
        if isinstance(value, dict) and value.keys() == {"failed"}:
            return {"failed": str(value["failed"])}
        head, _, rest = name.partition(".")
        if head in ("counter", "limit") and rest:
            if isinstance(value, bool) or (not isinstance(value, (int, float)) and not hasattr(value, "as_tuple")):
                raise Flaw("wrong-type", f"`{name}` is a number, or `{{failed: why}}`", node)
            if head == "limit":
                self._known(rest.rpartition("/")[2], word)
            return value
        if head == "scan" and rest:
            if not isinstance(value, list) or not all(isinstance(one, dict) and "kind" in one for one in value):
                raise Flaw("wrong-type", f"`{name}` is a list of findings, each with a `kind` and a `path`", node)
            return value
        if name in _FACTS:
            raise Flaw("wrong-type", f"`{name}` follows from the request; it can only be `{{failed: why}}`", node)
        known = ["counter.", "limit.", "scan.", *_FACTS]
        raise unknown("unknown-name", "fact", name, word, known)

    def expect(self, node: Node) -> Expect:
        """Read what is expected: a verdict alone, or a mapping."""
        if isinstance(node, Scalar):
            return Expect(decision=_verdict(node))
        fields = _fields(node, EXPECT, self.problems, "what is expected")
        if not fields:
            raise Flaw("empty", "nothing is expected here", node)
        for name in _NAMES:
            for item in _nodes(fields.get(name)):
                self._known(text_of(item), item)
        told: dict[str, Any] = {
            name: frozenset(_texts(fields[name])) for name in (*_NAMES, "approvers", "labels") if name in fields
        }
        told |= {name: text_of(fields[name]) for name in ("message", "message_contains") if name in fields}
        if "decision" in fields:
            told["decision"] = _verdict(fields["decision"])
        if "redacted" in fields:
            told["redacted"] = _redacted(fields["redacted"])
        if "never" in fields:
            told["never"] = _texts(fields["never"])
        return Expect(runs={name: plain(fields[name]) for name in _RUNS if name in fields}, **told)

    def _known(self, name: str, node: Node) -> None:
        if name not in self.names:
            raise unknown("unknown-name", "rule", name, node, sorted(self.names))


def _nodes(node: Node | None) -> tuple[Node, ...]:
    return () if node is None else node.items if isinstance(node, Sequence) else (node,)


def _verdict(node: Node) -> Any:
    word = text_of(node, "a verdict")
    if word not in VERDICTS:
        raise unknown("unknown-value", "verdict", word, node, VERDICTS)
    return word


def _redacted(node: Node) -> dict[str, frozenset[str]]:
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping from paths to kinds, found {describe(node)}", node)
    return {path: frozenset(_texts(kinds)) for path, (_, kinds) in node.entries.items()}


def _absolute(node: Node) -> str:
    path = text_of(node, "a folder")
    if not path.startswith("/"):
        raise Flaw("bad-path", f"`{shorten(path)}` is not an absolute path", node)
    return path


def _moment(node: Node) -> float:
    text = text_of(node, "a time")
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.timestamp()
    except ValueError:
        pass
    raise Flaw("bad-date", f"`{shorten(text)}` is not a time with its zone", node, f"write `{NOON}`")


def _agent(node: Node) -> Agent:
    agent: Agent = _struct(node, Agent, "an agent")
    return agent


def _user(node: Node) -> User:
    user: User = _struct(node, User, "a user")
    return user


def _struct(node: Node, kind: Any, what: str) -> Any:
    if isinstance(node, Scalar):
        return kind(id=text_of(node, what))
    try:
        return msgspec.convert(plain(node), kind)
    except msgspec.ValidationError as problem:
        raise Flaw("wrong-type", f"this is not {what}: {str(problem).partition(' - at')[0].lower()}", node) from None


def _mapping(node: Node) -> Any:
    if not isinstance(node, Mapping):
        raise Flaw("wrong-type", f"expected a mapping, found {describe(node)}", node)
    return plain(node)


_WHO: Final[dict[str, Callable[[Node], Any]]] = {
    "agent": _agent,
    "user": _user,
    "environment": lambda node: text_of(node, "an environment"),
    "labels": _texts,
    "permissions": _texts,
    "context": _mapping,
}


def _wait(node: Node, _: Problems) -> dict[str, Any]:
    text = scalar_of(node, "a duration").text
    seconds = duration(text)
    if seconds is None:
        raise Flaw("bad-duration", f"`{shorten(text)}` is not a duration", node, "write `30s`, `10m`, `2h` or `1d`")
    return {"seconds": seconds}


def _answer(node: Node, problems: Problems) -> dict[str, Any]:
    if isinstance(node, Scalar):
        return {"by": text_of(node, "the name of somebody")}
    fields = _fields(node, {"by": "who", "roles": "in which roles", "message": "why not"}, problems, "an answer")
    if "by" not in fields:
        raise Flaw("missing-key", "an answer needs `by`", node)
    told: dict[str, Any] = {"by": text_of(fields["by"]), "roles": _texts(fields["roles"]) if "roles" in fields else ()}
    return {**told, "message": text_of(fields["message"])} if "message" in fields else told


def _settled(node: Node, problems: Problems) -> dict[str, Any]:
    keys = {"cost": "the real cost", "input_tokens": "tokens in", "output_tokens": "tokens out"}
    fields = _fields(node, keys, problems, "a settlement")
    told: dict[str, Any] = {name: integer_of(fields[name], 0, 1 << 53) for name in list(keys)[1:] if name in fields}
    return {**told, "cost": money_of(fields["cost"])} if "cost" in fields else told


_BETWEEN_READERS: Final[dict[Between, Callable[[Node, Problems], dict[str, Any]]]] = {
    "wait": _wait,
    "approve": _answer,
    "reject": _answer,
    "settle": _settled,
}
