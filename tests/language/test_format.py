"""Formatting changes the layout of a policy file and nothing else."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referee.errors import PolicyError
from referee.language import format  # noqa: A004 - the module under test
from referee.language.compile import Source, check
from referee.language.document import read_document
from referee.language.format import WIDTH, format_text
from referee.language.nodes import Mapping, Node, Scalar, Sequence
from referee.model.programs import All, Any_, Condition, Not, Policies, Test

BEFORE = """\
# Support desk.
# Owner: finance

# rules below
policies:
- action: require_approval   # ask
  id: "refunds"
  # who may
  approvers: [ finance ,  "head of finance" ]
  when: {tool: refund, args.amount: {gt: 500},   # big
         args.to: "a b"}
  message: >
    refunds over 500
    need finance
  # end of refunds
- {action: deny, id: 'no', when: {tool: "db.*"}, message: "no: never # really"}  # tail
- id: x
  when:
    any:
    - tool: a
    # second
    - args.q: {regex: '\\d+', starts_with: "it's"}
  action: deny
  message: |-
    line one

      line two
# the version
version: 1   # v
default: {tool_call: allow, http_request: deny}
lists: {}
# end
"""

AFTER = """\
# Support desk.
# Owner: finance

# the version
version: 1  # v
default: {tool_call: allow, http_request: deny}
lists: {}

# rules below
policies:
  - id: refunds
    when:
      tool: refund  # big
      args.amount: {gt: 500}
      args.to: a b
    action: require_approval  # ask
    # who may
    approvers: [finance, head of finance]
    message: |
      refunds over 500 need finance
    # end of refunds

  - {id: "no", when: {tool: "db.*"}, action: deny, message: "no: never # really"}  # tail

  - id: x
    when:
      any:
        - tool: a
        # second
        - args.q: {regex: '\\d+', starts_with: "it's"}
    action: deny
    message: |-
      line one

        line two
# end
"""


def policies_of(text: str) -> Policies:
    checked = check([Source("policy.yaml", text)])
    assert checked.policies is not None, checked.diagnostics
    return checked.policies


def bare(text: str) -> tuple[object, ...]:
    """What a file means, without the lines it is written on."""
    policies = policies_of(text)
    rules = [
        msgspec.structs.replace(rule, source="", when=unplaced(rule.when), unless=unplaced(rule.unless))
        for rule in policies.rules
    ]
    limits = [msgspec.structs.replace(limit, source="", when=unplaced(limit.when)) for limit in policies.limits]
    return (
        policies.layers,
        sorted(rules, key=lambda rule: rule.id),
        sorted(limits, key=lambda limit: limit.id),
        policies.tools,
        policies.on_failure,
    )


def unplaced(condition: Condition) -> Condition:
    match condition:
        case Test():
            return msgspec.structs.replace(condition, line=0)
        case Not():
            return Not(unplaced(condition.part))
        case All() | Any_():
            return type(condition)(tuple(map(unplaced, condition.parts)))


def comments_of(text: str) -> list[str]:
    return sorted(re.findall(r"(?:(?<=\s)|^)#(?! really)[^\n]*?(?=\s*(?:\n|$|\s#))", text, re.MULTILINE))


def test_a_file_laid_out():
    assert format_text(BEFORE) == AFTER


def test_a_formatted_file_stays_as_it_is():
    assert format_text(AFTER) == AFTER


def test_formatting_means_nothing():
    assert bare(AFTER) == bare(BEFORE)


LAYOUTS = {
    "rules as the whole file": ("- {action: deny,   id: a}\n", "- {id: a, action: deny}\n"),
    "windows line ends and a mark": ("\ufeffversion: 1\r\npolicies: []\r\n", "version: 1\npolicies: []\n"),
    "a document mark": ("---\nversion: 1\n...\n", "version: 1\n"),
    "quotes that are needed": (
        "version: \"1.0\"\npolicies: [{id: '007', action: deny, message: 'off', owner: \"a, b\"}]\n",
        'version: "1.0"\n\npolicies:\n  - {id: "007", action: deny, message: "off", owner: "a, b"}\n',
    ),
    "numbers as written": (
        "max_cost_per_run: $1,000.00\nlimits: [{id: l, calls: 1e3}]\n",
        "max_cost_per_run: $1,000.00\n\nlimits:\n  - {id: l, calls: 1e3}\n",
    ),
    "an anchor written out": (
        "policies:\n- {id: a, action: deny, scope: &s {teams: [x]}}\n- {id: b, action: deny, scope: *s}\n",
        "policies:\n  - {id: a, scope: {teams: [x]}, action: deny}\n  - {id: b, scope: {teams: [x]}, action: deny}\n",
    ),
    "signs that do not print": (
        'policies: [{id: a, action: deny, message: "\\e[1m \\"x\\" \\u2028"}]\n',
        'policies:\n  - {id: a, action: deny, message: "\\u001b[1m \\"x\\" \\u2028"}\n',
    ),
    "an empty line between comments": (
        "version: 1\n# a\n\n# b\npolicies: []\n",
        "version: 1\n\n# a\n\n# b\npolicies: []\n",
    ),
    "a comment beside a block text": (
        "policies:\n- id: a\n  action: deny\n  message: |  # told\n     x\n     y\n",
        "policies:\n  - id: a\n    action: deny\n    message: |  # told\n      x\n      y\n",
    ),
    "a comment beside a key": (
        "policies:   # all\n- id: a # first\n  action: deny\n",
        "policies:  # all\n  - id: a  # first\n    action: deny\n",
    ),
    "a comment beside a dash": (
        "policies:\n- # first\n  id: a\n  action: deny\n",
        "policies:\n  # first\n  - id: a\n    action: deny\n",
    ),
    "a comment on a key that moves to the dash": (
        "policies:\n- action: deny\n  # the name\n  id: a\n",
        "policies:\n  # the name\n  - id: a\n    action: deny\n",
    ),
    "a comment within brackets": (
        "policies:\n- id: a\n  when: {tool: [a, # one\n    b]}\n  action: deny\n",
        "policies:\n  - id: a\n    when:\n      tool:\n        - a  # one\n        - b\n    action: deny\n",
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name):
    before, after = LAYOUTS[name]
    assert format_text(before) == after
    assert format_text(after) == after
    assert bare(before) == bare(after)


def test_what_does_not_fit_on_a_line_is_indented():
    tools = ", ".join(f"tool-number-{n}" for n in range(20))
    laid = format_text(f"policies: [{{id: a, action: deny, when: {{tool: [{tools}]}}}}]\n")
    assert laid.startswith("policies:\n  - id: a\n    when:\n      tool:\n        - tool-number-0\n")
    assert max(map(len, laid.splitlines())) <= WIDTH
    assert format_text(laid) == laid


def test_a_file_with_errors_is_refused():
    with pytest.raises(PolicyError) as refused:
        format_text("policies:\n- {id: a, actoin: deny}\n")
    assert "did you mean `action`?" in str(refused.value)


def test_a_comment_beside_a_rule_that_does_not_fit_goes_above_it():
    laid = format_text(f"policies:\n- {{id: a, action: deny, message: {'long ' * 30}end}}  # why\n")
    assert laid.startswith("policies:\n  # why\n  - id: a\n    action: deny\n")
    assert format_text(laid) == laid


def test_a_layout_that_said_something_else_would_not_be_taken(monkeypatch):
    monkeypatch.setattr(format, "_scalar", lambda node: "other")
    text = "policies:   []\n"
    assert format_text(text) == text
    monkeypatch.setattr(format, "_file", lambda root: ["[]"])
    assert format_text(text) == text


SAMPLES = sorted(Path(__file__).parents[2].glob("spec/conformance/**/*.yaml"))


def test_every_conformance_policy_survives():
    seen = 0
    for sample in SAMPLES:
        for text in _policies_in(sample):
            if check([Source("policy.yaml", text)]).policies is None:
                continue
            seen += 1
            laid = format_text(text)
            assert format_text(laid) == laid, sample
            assert bare(laid) == bare(text), sample
            assert comments_of(laid) == comments_of(text), sample
    assert seen or not SAMPLES


def _policies_in(sample: Path) -> list[str]:
    _, root = read_document(str(sample), sample.read_text())
    found: list[str] = []
    waiting: list[Node] = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            for name, (_, value) in node.entries.items():
                if name in {"policy", "text"} and isinstance(value, Scalar):
                    found.append(value.text)
                else:
                    waiting.append(value)
        elif isinstance(node, Sequence):
            waiting.extend(node.items)
    return found


class Scribe:
    """Writes a random file, untidily, with comments in random places."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.comments = 0

    def gap(self, indent: int) -> str:
        pieces = []
        for _ in range(self.random.choice((0, 0, 0, 1, 2))):
            self.comments += 1
            pieces.append(" " * self.random.choice((0, indent, indent, indent + 3)) + f"#{self.comments}\n")
            pieces.append(self.random.choice(("", "", "\n")))
        return "".join(pieces)

    def beside(self) -> str:
        if self.random.random() < 0.7:
            return self.random.choice(("\n", "   \n"))
        self.comments += 1
        return f" #{self.comments}\n"

    def text(self, text: str) -> str:
        return self.random.choice((f"'{text}'", f'"{text}"', text))

    def rule(self, at: int) -> str:
        words = self.random.sample(("a", "b c", "x-y"), 2)
        flow = f"{{args.q: {{in: [{self.text(words[0])}, 2]}}, tool: {self.text('t')}}}"
        block = f"\n{self.gap(4)}     tool: t{self.beside()}{self.gap(5)}     any:{self.beside()}      - args.q: 1\n{self.gap(6)}      - cost: {{gt: 2}}{self.beside()}"
        when = self.random.choice(
            (flow + "\n", block, flow.replace(", tool", f",{self.beside()}    tool") + self.beside())
        )
        message = self.random.choice(
            (f"{self.text('be kind')}{self.beside()}", "|\n    # not a comment\n    two\n", ">-\n    one\n    two\n")
        )
        parts = ["action: deny" + self.beside(), f"when: {when}", f"message: {message}"]
        self.random.shuffle(parts)
        lines = "".join(f"{self.gap(2)}  {part}" for part in parts)
        return f"{self.gap(0)}- id: r{at}{self.beside()}{lines}"

    def file(self) -> str:
        rules = "".join(self.rule(at) for at in range(self.random.randint(1, 3)))
        parts = [f"policies:{self.beside()}{rules}", f"version: 1{self.beside()}", "scope: {teams: [a], tags: ['b']}\n"]
        self.random.shuffle(parts)
        return "".join(self.gap(0) + part for part in parts) + self.gap(0)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_random_files_keep_their_meaning_and_their_comments(seed):
    text = Scribe(seed).file()
    laid = format_text(text)
    assert bare(laid) == bare(text)
    assert format_text(laid) == laid
    assert sorted(re.findall(r"#\d+", laid)) == sorted(re.findall(r"#\d+", text))
    assert not re.search(r"[ \t]$", laid, re.MULTILINE)
    assert "\n\n\n" not in laid


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_survives(message, owner):
    rule = {"id": "a", "action": "deny", "message": message + "x", "owner": owner + "\nx"}
    text = re.sub(r"\\ud[89ab]..\\ud[c-f]..", lambda pair: json.loads(f'"{pair[0]}"'), json.dumps([rule]))
    laid = format_text(text)
    assert bare(laid) == bare(text)
    assert format_text(laid) == laid
