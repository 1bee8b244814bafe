"""What an inner layer says loosens nothing of the outer ones."""

import pytest

from referee import Policy
from referee.errors import StateError

OUTER = """
id: outer
default: allow
catalog: {run: {shell: args.line}}
policies:
  - {id: no-rm, when: {shell.programs: rm}, action: deny}
  - {id: no-vault, when: {file.path: {glob: "/vault/**"}}, action: deny}
"""
COMMAND = {"tool": "Bash", "args": {"command": "rm -rf /", "foo": "https://example.com"}}


def verdict(inner, request, outer=OUTER):
    layers = [outer, f"id: inner\ndefault: allow\n{inner}"] if inner is not None else [outer]
    return Policy.load(*layers).session(agent="a").decide(request).verdict


@pytest.mark.parametrize(
    "says",
    [
        "{http: args.foo}", "{shell: args.foo}", "{sql: args.foo}", "{canonical: http.fetch}", "{}", "{args: {foo: string}}",
        "{file: {path: args.foo, access: read}}", "{file: {path: args.none, access: read}}",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "outer", [OUTER, "id: o\ndefault: allow\npolicies: [{id: d, when: {tool: shell.exec}, action: deny}]\n"]
)
def test_the_catalog_of_an_inner_layer_hides_nothing_that_is_known(says, outer):
    assert verdict(None, COMMAND, outer) == verdict(f"catalog: {{Bash: {says}}}\n", COMMAND, outer) == "deny"


def test_a_longer_name_of_an_inner_layer_does_not_hide_the_tool_of_an_outer_one():
    request = {"tool": "mcp__box__run", "args": {"line": "rm -rf /", "foo": "x"}}
    assert verdict(None, request) == verdict("catalog: {mcp__box__run: {http: args.foo}}\n", request) == "deny"


def test_what_an_inner_layer_adds_counts_as_well():
    read = {"tool": "Bash", "args": {"command": "ls", "log": "/vault/a"}}
    assert verdict(None, read) == "allow"
    assert verdict("catalog: {Bash: {file: {path: args.log, access: write}}}\n", read) == "deny"
    assert verdict("catalog: {sh: {shell: args.x}}\n", {"tool": "sh", "args": {"x": "rm a"}}) == "deny"


def test_the_outermost_layer_says_what_a_built_in_tool_is():
    outer = "id: o\ndefault: allow\ncatalog: {Bash: {http: args.foo}}\npolicies: [{id: d, when: {shell.programs: rm}, action: deny}]\n"
    assert verdict(None, COMMAND, outer) == "allow"


class Failing:
    def read(self, accounts):
        raise StateError("no")

    apply = settle = forget = read


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("", "on_failure: {store: allow-with-alert}"), "deny"),
        (("on_failure: {store: allow-with-alert}", ""), "deny"),
        (("on_failure: {store: allow-with-alert}", "on_failure: {store: allow-with-alert}"), "allow"),
        (("on_failure: {store: allow-with-alert}",), "allow"),
    ],
)
def test_no_layer_softens_a_failure_for_another(words, expected):
    limit = "limits: [{id: l, calls: 5, per: agent, window: 1d}]"
    layers = [f"id: f{at}\ndefault: allow\n{limit if not at else ''}\n{word}\n" for at, word in enumerate(words)]
    assert Policy.load(*layers, store=Failing()).session(agent="a").decide({"tool": "t"}).verdict == expected


@pytest.mark.parametrize(("mode", "expected"), [("enforce", "deny"), ("observe", "allow")])
def test_an_inner_layer_does_not_remove_the_label_that_an_outer_one_adds(mode, expected):
    outer = f"""
id: outer
default: allow
policies:
  - {{id: mark, mode: {mode}, when: {{tool: mail}}, action: label, add: [untrusted]}}
  - {{id: shut, when: {{tool: send, session.labels: {{contains: untrusted}}}}, action: deny}}
"""
    inner = """
id: inner
default: allow
policies:
  - {id: own, when: {tool: own}, action: label, add: [mine]}
  - {id: clean, when: {tool: clean}, action: label, remove: [untrusted, mine]}
"""
    session = Policy.load(outer, inner).session(agent="a")
    for tool in ("mail", "own"):
        session.check_tool(tool)
    assert "mine" in session.labels
    session.check_tool("clean")
    assert "mine" not in session.labels
    assert session.decide({"tool": "send"}).verdict == expected
    own = Policy.load(outer + inner.split("policies:\n")[1]).session(agent="a")
    for tool in ("mail", "clean", "send"):
        own.check_tool(tool)
