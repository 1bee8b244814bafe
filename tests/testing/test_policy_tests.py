"""Tests of policies: what they can say, that they fail when they should, and that nothing outside of them counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
import yaml

from referee import PolicyError, templates
from referee.cli.starting import suite_text
from referee.testing.cases import Case
from referee.testing.coverage import Coverage
from referee.testing.files import CASE, EXPECT, FILE, SCENE, STEP, SuiteError, find
from referee.testing.junit import junit
from referee.testing.schema import schema_of_tests
from referee.testing.suite import Policies, load, play, run, same

pytest_plugins = ["pytester"]

POLICY = """
version: 1
id: p
default: deny
limits:
  - {id: calls, calls: 3, per: agent, window: 1h, message: three an hour}
  - {id: spend, spend: 5.00, per: run}
policies:
  - {id: search, when: {tool: search}, action: allow}
  - id: large
    when: {tool: refund, args.amount: {gt: 100}}
    action: require_approval
    approvers: [finance]
    message: finance decides
  - {id: small, when: {tool: refund, args.amount: {lte: 100}}, action: allow}
  - {id: cap, when: {tool: search, args.limit: {exists: true}}, action: modify, cap: {args.limit: 10}}
  - {id: hide, phase: [post], action: redact, kinds: [email]}
  - {id: night, when: {tool: refund, time.hour: {gte: 22}}, action: deny}
  - {id: noted, when: {tool: search, args.q: {exists: true, eq: secret}}, action: alert}
  - {id: marked, when: {tool: search, args.q: {exists: true, eq: inbox}}, action: label, add: [untrusted]}
  - {id: stays, when: {session.labels: {contains: untrusted}, tool: refund}, action: deny}
  - {id: perhaps, mode: observe, when: {tool: search, args.q: {exists: true, eq: x}}, action: deny}
  - {id: circles, when: {tool: refund, counter.repeated_calls: {gt: 2}}, action: terminate}
  - {id: keys, when: {tool: search, args.q: {exists: true, contains_secret: true}}, action: deny}
  - {id: outside, when: {tool: Read, file.inside_workspace: true}, action: allow}
  - {id: unused, mode: "off", when: {tool: nothing}, action: deny}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(POLICY)
    return tmp_path


def played(folder: Path, tests: str, name: str = "p.test.yaml") -> list[str]:
    """Run tests and tell what differs, test by test; an empty text is a test that passed."""
    (folder / name).write_text(tests)
    policies = Policies()
    suite = load(folder / name, policies)
    return ["; ".join(one.failed.differs) if one.failed else "" for one in run(suite, policies)]


def one(folder: Path, body: str) -> str:
    """Run a single test given by its keys."""
    return played(folder, "tests:\n  - name: t\n" + "".join(f"    {line}\n" for line in body.strip().splitlines()))[0]


def problem(folder: Path, tests: str) -> str:
    with pytest.raises(SuiteError) as caught:
        played(folder, tests)
    return str(caught.value)


RIGHT = [
    "request: {tool: search}\nexpect: allow",
    "request: {tool: search}\nexpect: {rules: [search], matched: [search], not_matched: [large, night]}",
    "request: {tool: other}\nexpect: {decision: deny, rules: []}",
    (
        "request: {tool: refund, args: {amount: 700}}\n"
        "expect: {decision: require_approval, approvers: [finance], message: finance decides, message_contains: decides}"
    ),
    "request: {tool: search, args: {limit: 50}}\nexpect: {args: {limit: 10}, matched: [cap]}",
    "request: {tool: search, args: {limit: 1.0}}\nexpect: {args: {limit: 1}}",
    (
        'request: {tool: search, phase: post, result: ["a@b.io", 1]}\n'
        'expect: {redacted: {"result[0]": email}, result: ["[REDACTED:email]", 1], never: ["a@b.io"]}'
    ),
    "request: {tool: search, args: {q: secret}}\nexpect: {alerts: [noted]}",
    "request: {tool: search, args: {q: x}}\nexpect: {would_have: [perhaps], alerts: []}",
    "request: {tool: search, args: {q: inbox}}\nexpect: {labels: [untrusted]}",
    "labels: [untrusted]\nrequest: {tool: refund, args: {amount: 1}}\nexpect: {rules: [stays]}",
    "now: 2026-05-01T22:00:00Z\nrequest: {tool: refund, args: {amount: 1}}\nexpect: {rules: [night]}",
    "now: 2026-05-01T23:30:00+02:00\nrequest: {tool: refund, args: {amount: 1}}\nexpect: allow",
    "request: {tool: refund}\nexpect: {decision: deny, errors: [small, large]}",
    "request: {tool: search, args: {q: k}}\nfacts: {scan.secret: [{kind: github_token, path: args.q}]}\nexpect: {rules: [keys]}",
    "request: {tool: search, args: {q: k}}\nfacts: {scan.secret: {failed: away}}\nexpect: {rules: [keys], errors: [keys]}",
    "request: {tool: search}\nfacts: {limit.calls: 3}\nexpect: {decision: deny, rules: [calls]}",
    "request: {tool: search}\nfacts: {limit.p/calls: 2}\nexpect: allow",
    "request: {tool: search, cost: 0.02}\nfacts: {limit.spend: 4.99}\nexpect: {rules: [spend]}",
    "request: {tool: search}\nfacts: {limit.calls: {failed: gone}}\nexpect: {decision: deny, errors: [calls]}",
    "request: {tool: refund, args: {amount: 1}}\nfacts: {counter.repeated_calls: 2}\nexpect: {decision: terminate}",
    "request: {tool: refund, args: {amount: 1}}\nfacts: {counter.repeated_calls: 1}\nexpect: allow",
    "request: {tool: refund, args: {amount: 1}}\ntimes: 3\nexpect: {decision: terminate, rules: [circles]}",
    "workspace: /w\ncwd: /w\nrequest: {tool: Read, args: {file_path: a/b}}\nexpect: {rules: [outside]}",
    "workspace: /w\ncwd: /w\nrequest: {tool: Read, args: {file_path: ../b}}\nexpect: deny",
    "request: {url: 'https://example.com/'}\nexpect: deny",
    (
        "agent: {id: a, tags: [x]}\nuser: u\nenvironment: prod\ncontext: {k: 1}\npermissions: [z]\n"
        "request: {tool: search}\nexpect: allow"
    ),
]


@pytest.mark.parametrize("body", RIGHT)
def test_what_is_so_passes(folder: Path, body: str) -> None:
    assert one(folder, body) == ""


WRONG = [
    ("request: {tool: search}\nexpect: deny", "expected deny, got allow: allowed by `search` ("),
    ("request: {tool: search}\nexpect: {rules: [small]}", "rules: expected small, got search"),
    ("request: {tool: search}\nexpect: {rules: []}", "rules: expected none, got search"),
    ("request: {tool: search}\nexpect: {matched: [night]}", "`night` did not match"),
    ("request: {tool: search}\nexpect: {not_matched: [search]}", "`search` matched"),
    (
        "request: {tool: refund, args: {amount: 700}}\nexpect: {message: x}",
        "message: expected 'x', got 'finance decides'",
    ),
    ("request: {tool: refund, args: {amount: 700}}\nexpect: {message_contains: x}", "message: expected 'x' in"),
    (
        "request: {tool: refund, args: {amount: 700}}\nexpect: {approvers: [ops]}",
        "approvers: expected ops, got finance",
    ),
    ("request: {tool: search, args: {limit: 50}}\nexpect: {args: {limit: 50}}", "args is not as expected"),
    ("request: {tool: search, args: {limit: 50}}\nexpect: {args: {limit: 10, q: x}}", "args is not as expected"),
    (
        "request: {tool: search, phase: post, result: a@b.io}\nexpect: {redacted: {}}",
        "redacted at result: expected none",
    ),
    ("request: {tool: search, phase: post, result: x}\nexpect: {redacted: {result: email}}", "got none"),
    ("request: {tool: search, phase: post, result: x y}\nexpect: {never: [x y]}", "text 1 of `never`"),
    (
        "request: {tool: search, phase: post, result: x}\nfacts: {scan.pii: {failed: away}}\nexpect: {result: x}",
        "result: nothing is handed on",
    ),
    ("request: {tool: search, args: {q: secret}}\nexpect: {alerts: []}", "alerts: expected none, got noted"),
    ("request: {tool: search}\nexpect: {would_have: [perhaps]}", "would_have: expected perhaps, got none"),
    ("request: {tool: search}\nexpect: {labels: [untrusted]}", "labels: expected untrusted, got none"),
    ("request: {tool: refund}\nexpect: {errors: []}", "errors: expected none, got"),
]


@pytest.mark.parametrize(("body", "said"), WRONG)
def test_what_is_not_so_fails(folder: Path, body: str, said: str) -> None:
    assert said in one(folder, body)


def test_the_steps_of_a_test_are_one_session(folder: Path) -> None:
    refund = "{request: {tool: refund, args: {amount: 700}}"
    assert (
        one(
            folder,
            f"""
steps:
  - {refund}, expect: require_approval}}
  - approve: {{by: bob, roles: [finance]}}
  - {refund}, expect: allow}}
  - {refund}, expect: require_approval}}
  - reject: {{by: bob, roles: [finance], message: enough}}
  - {refund}, expect: {{decision: deny, message_contains: enough}}}}
""",
        )
        == ""
    )
    assert (
        one(
            folder,
            """
agent: a
steps:
  - {request: {tool: search}, times: 3, expect: allow}
  - {request: {tool: search}, expect: {rules: [calls]}}
  - wait: 59m
  - {request: {tool: search}, expect: deny}
  - wait: 1h
  - {request: {tool: search}, expect: allow}
""",
        )
        == ""
    )
    assert (
        one(
            folder,
            """
steps:
  - {request: {tool: search, cost: 1}, expect: allow}
  - settle: {cost: 4.50}
  - {request: {tool: search, cost: 0.51}, expect: {rules: [spend]}}
""",
        )
        == ""
    )


def test_two_tests_know_nothing_of_each_other(folder: Path) -> None:
    body = "\n".join(f"  - {{name: t{at}, request: {{tool: search, cost: 4}}, expect: allow}}" for at in range(5))
    assert played(folder, f"tests:\n{body}\n") == [""] * 5


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("[{request: {tool: search}, expect: allow}, {approve: bob}]", "no question waits"),
        ("[{settle: {cost: 1}}, {request: {tool: search}, expect: allow}]", "no allowed action"),
        (
            "[{request: {tool: refund, args: {amount: 700}}, expect: require_approval}, {approve: eve}]",
            "only finance may",
        ),
    ],
)
def test_a_step_that_cannot_be_made_is_a_failure(folder: Path, steps: str, said: str) -> None:
    assert said in one(folder, f"steps: {steps}")


def test_a_failure_says_which_conditions_kept_a_rule_from_matching(folder: Path) -> None:
    (folder / "p.test.yaml").write_text(
        "tests: [{name: t, request: {tool: refund, args: {amount: 20}}, expect: {rules: [large]}}]"
    )
    policies = Policies()
    [result] = run(load(folder / "p.test.yaml", policies), policies)
    assert result.failed is not None
    assert any("`args.amount` gt 100 does not hold (it is 20)" in line for line in result.failed.why)


def test_a_failure_shows_no_secret(folder: Path) -> None:
    token = "ghp_" + "Zk3vQ9wLx7Rt2Np8Hd5Yc1Mf6Bj4Gs0TaUeV"
    (folder / "p.test.yaml").write_text(
        f"tests: [{{name: t, request: {{tool: search, args: {{q: '{token}'}}}}, expect: {{decision: allow, rules: [search]}}}}]"
    )
    policies = Policies()
    [result] = run(load(folder / "p.test.yaml", policies), policies)
    assert result.failed is not None
    assert token not in repr(result.failed)


BAD = [
    ("tests: [{name: t, request: {tool: search}, expect: permit}]", "unknown verdict `permit`"),
    ("tests: [{name: t, request: {tool: search}, expects: deny}]", "did you mean `expect`?"),
    ("tests: [{name: t, request: {tool: search}, expect: {rule: [search]}}]", "did you mean `rules`?"),
    ("tests: [{name: t, request: {tool: search}, expect: {rules: [serch]}}]", "did you mean `search`?"),
    ("tests: [{name: t, request: {tool: search}, expect: {}}]", "nothing is expected here"),
    ("tests: [{name: t, request: {tool: search}}]", "expects nothing"),
    ("tests: [{name: t, expect: deny}]", "there is no `request`"),
    ("tests: [{request: {tool: search}, expect: deny}]", "needs a `name`"),
    ("tests: [{name: t, request: {tol: search}, expect: deny}]", "unknown key in the request"),
    ("tests: [{name: t, request: {tool: search, cost: -1}, expect: deny}]", "bad-request"),
    ("tests: [{name: t, steps: [], expect: deny}]", "has its `expect` in one of them"),
    ("tests: [{name: t, steps: []}]", "must not be empty"),
    ("tests: [{name: t, steps: [{wait: 10 parsecs}]}]", "is not a duration"),
    ("tests: [{name: t, steps: [{wait: 1h, expect: deny}]}]", "has no other key"),
    ("tests: [{name: t, now: yesterday, request: {tool: search}, expect: deny}]", "not a time with its zone"),
    ("tests: [{name: t, now: 2026-01-01, request: {tool: search}, expect: deny}]", "not a time with its zone"),
    ("tests: [{name: t, cwd: here, request: {tool: search}, expect: deny}]", "not an absolute path"),
    ("tests: [{name: t, agent: {name: x}, request: {tool: search}, expect: deny}]", "this is not an agent"),
    ("tests: [{name: t, times: 0, request: {tool: search}, expect: deny}]", "from 1 to"),
    ("tests: [{name: t, facts: {shel: x}, request: {tool: search}, expect: deny}]", "unknown fact `shel`"),
    ("tests: [{name: t, facts: {limit.cals: 3}, request: {tool: search}, expect: deny}]", "did you mean `calls`?"),
    ("tests: [{name: t, facts: {counter.cost_today: much}, request: {tool: search}, expect: deny}]", "is a number"),
    ("tests: [{name: t, facts: {scan.pii: true}, request: {tool: search}, expect: deny}]", "a list of findings"),
    (
        "tests: [{name: t, facts: {shell: {effects: []}}, request: {tool: search}, expect: deny}]",
        "follows from the request",
    ),
    ("tests: [{name: t, request: {tool: a}, expect: deny}, {name: t, request: {tool: a}, expect: deny}]", "two tests"),
    ("test: []", "did you mean `tests`?"),
    ("[]", "expected a file of tests"),
    ("tests: [a, b", "error["),
    ("tests: {a: 1}", "expected a list of tests"),
]


@pytest.mark.parametrize(("tests", "said"), BAD)
def test_what_is_wrong_in_a_file_is_told_with_its_place(folder: Path, tests: str, said: str) -> None:
    told = problem(folder, tests)
    assert said in told
    assert "p.test.yaml:1:" in told


def test_all_problems_of_a_file_are_told_at_once(folder: Path) -> None:
    told = problem(
        folder, "tests:\n  - {name: a, expect: no}\n  - {name: b, request: {tool: x}, expect: {rules: [y]}}\n"
    )
    assert "p.test.yaml:2:" in told
    assert "p.test.yaml:3:" in told


def test_the_policy_of_a_file(folder: Path) -> None:
    test = "tests: [{name: t, request: {tool: search}, expect: {decision: deny, rules: [never]}}]"
    (folder / "outer.yaml").write_text(
        "version: 1\nid: o\npolicies: [{id: never, when: {tool: search}, action: deny}]\n"
    )
    assert played(folder, f"policy: [outer.yaml, p.yaml]\n{test}", "layers.test.yaml") == [""]
    with pytest.raises(SuiteError, match=r"there is no `layers.yaml` beside it"):
        played(folder, test, "layers.test.yaml")
    with pytest.raises(PolicyError, match="cannot be read"):
        played(folder, f"policy: gone.yaml\n{test}", "layers.test.yaml")
    (folder / "bad.yaml").write_text("policies: [{id: x, action: dney}]")
    with pytest.raises(PolicyError, match="did you mean"):
        played(folder, f"policy: bad.yaml\n{test}", "layers.test.yaml")


def test_tests_in_a_folder_of_policies_are_no_policies(folder: Path) -> None:
    (folder / "p.test.yaml").write_text("tests: []")
    assert Policies().names((str(folder),)) >= {"search", "calls"}


def test_nothing_of_this_machine_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "p.test.yaml").write_text(
        "tests: [{name: t, request: {tool: Read, args: {file_path: ~/x}}, expect: {decision: deny}},"
        " {name: u, request: {tool: refund, args: {amount: 1}}, expect: allow}]"
    )
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr("time.time", lambda: 1_000_000_000 + 23 * 3600)
    policies = Policies()
    suite = load(folder / "p.test.yaml", policies)
    assert [one.failed for one in run(suite, policies)] == [None, None]
    program = policies.program(suite.policies)
    seen = [play(case, program) for case in suite.cases for _ in range(2)]
    assert all(one.failed is None for one in seen)


def test_coverage_knows_what_was_not_seen(folder: Path) -> None:
    (folder / "p.test.yaml").write_text(
        "tests: [{name: a, request: {tool: search}, expect: allow},"
        " {name: b, request: {tool: refund, args: {amount: 1}}, expect: allow}]"
    )
    policies, coverage = Policies(), Coverage()
    suite = load(folder / "p.test.yaml", policies)
    assert [one.failed for one in run(suite, policies, coverage)] == [None, None]
    summary = coverage.summary()
    never = {one.id for one in summary.uncovered if not one.condition}
    assert never == {
        "large", "cap", "hide", "night", "noted", "marked", "stays", "perhaps", "circles", "keys", "outside", "calls", "spend",
    }  # fmt: skip
    assert (summary.rules, summary.rules_matched) == (15, 2)
    one_way = {(one.id, one.condition.split(" ")[0], one.only) for one in summary.uncovered if one.condition}
    assert ("small", "`args.amount`", "holds") in one_way
    assert ("large", "`args.amount`", "does not hold") in one_way
    assert not {name for name, attribute, _ in one_way if attribute == "`tool`"} & {"search", "small", "large"}
    assert 0 < summary.percent < 50


def test_coverage_is_whole_when_everything_was_seen(tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_text("version: 1\ndefault: allow\npolicies: [{id: r, when: {tool: a}, action: deny}]\n")
    (tmp_path / "q.test.yaml").write_text(
        "tests: [{name: a, request: {tool: a}, expect: deny}, {name: b, request: {tool: b}, expect: allow}]"
    )
    policies, coverage = Policies(), Coverage()
    list(run(load(tmp_path / "q.test.yaml", policies), policies, coverage))
    assert (coverage.summary().percent, coverage.summary().uncovered) == (100.0, ())


def test_values_are_the_same_as_json() -> None:
    assert same({"a": [1, Decimal("1.50")], "b": None}, {"b": None, "a": (1.0, 1.5)})
    assert not same([1], [1, 2])
    assert not same({"a": 1}, {"a": 1, "b": 2})
    assert not same("1", 1)
    assert not same(1, "1")
    assert not same(None, False)


@pytest.mark.parametrize("name", templates.names())
def test_the_tests_of_a_template_pass(tmp_path: Path, name: str) -> None:
    (tmp_path / "policy.yaml").write_text(templates.path(name).read_text())
    (tmp_path / "policy.test.yaml").write_text(suite_text(name, "policy.yaml"))
    assert "ghp_" not in (tmp_path / "policy.test.yaml").read_text()
    policies, coverage = Policies(), Coverage()
    suite = load(tmp_path / "policy.test.yaml", policies)
    assert [(one.case.name, one.failed) for one in run(suite, policies, coverage) if one.failed] == []
    assert coverage.summary().rules_matched == coverage.summary().rules
    jsonschema.validate(yaml.safe_load((tmp_path / "policy.test.yaml").read_text()), schema_of_tests())


def test_the_schema_accepts_what_the_reader_accepts(folder: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of_tests())
    for body in RIGHT:
        test = yaml.load(body, yaml.BaseLoader) | {"name": "t"}
        if "times" in test:
            test["times"] = int(test["times"])
        jsonschema.validate({"tests": [test]}, schema_of_tests())
    shown = schema_of_tests()
    assert shown["properties"].keys() == FILE.keys()
    assert {key: shown["$defs"][key]["properties"].keys() for key in ("test", "step", "expect")} == {
        "test": CASE.keys(), "step": STEP.keys(), "expect": EXPECT.keys(),
    }  # fmt: skip
    assert SCENE.keys() <= FILE.keys() & CASE.keys()


def test_files_are_found_at_any_depth(tmp_path: Path) -> None:
    for name in (
        "a.test.yaml",
        "b/c.test.yml",
        "b/d.test.json",
        "b/e.yaml",
        ".git/f.test.yaml",
        "node_modules/g.test.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("tests: []")
    assert [str(path.relative_to(tmp_path)) for path in find([tmp_path])] == [
        "a.test.yaml",
        "b/c.test.yml",
        "b/d.test.json",
    ]
    assert find([tmp_path / "b" / "e.yaml"]) == [tmp_path / "b" / "e.yaml"]
    with pytest.raises(FileNotFoundError):
        find([tmp_path / "gone"])


def test_junit_is_xml_whatever_stands_in_it(folder: Path) -> None:
    name = '<a & "b"> \\u0001'
    (folder / "p.test.yaml").write_text(
        f"tests:\n  - {{name: '{name}', request: {{tool: search}}, expect: deny}}\n"
        '  - {name: "\\x07", request: {tool: search}, expect: allow}\n'
    )
    policies = Policies()
    suite = load(folder / "p.test.yaml", policies)
    tree = ET.fromstring(junit({suite.path: [*run(suite, policies)]}, {"x.test.yaml": "error: <>"}))
    counts = [(one.get("tests"), one.get("failures"), one.get("errors")) for one in tree]
    assert counts == [("2", "1", "0"), ("1", "0", "1")]
    assert tree[0][0].get("name") == name
    assert tree[0][0][0].get("message", "").startswith("expected deny, got allow")
    assert tree[0][1].get("name") == "?"


def referee(*words: str, cwd: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "referee.cli", "test", *words],
        cwd=cwd, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


TESTS = """
tests:
  - {name: searching, request: {tool: search}, expect: allow}
  - {name: wrong, request: {tool: search}, expect: deny}
  - {name: wrong too, request: {tool: search}, expect: deny}
"""


def test_the_command(folder: Path) -> None:
    (folder / "p.test.yaml").write_text(TESTS)
    code, out, _ = referee(cwd=folder)
    assert code == 1
    assert "p.test.yaml: 1 of 3 passed" in out
    assert "FAILED wrong (p.test.yaml:4)" in out
    assert "1 passed, 2 failed" in out
    code, out, _ = referee("-k", "SEARCH", "-v", cwd=folder)
    assert (code, "passed searching" in out) == (0, True)
    code, out, _ = referee("-x", cwd=folder)
    assert (code, "1 passed, 1 failed" in out) == (1, True)
    code, out, _ = referee("-k", "searching", "--fail-under", "50", cwd=folder)
    assert (code, "coverage " in out) == (1, True)
    code, out, _ = referee("--json", "--junit", "out.xml", "--coverage", cwd=folder)
    told = json.loads(out)
    assert (code, told["passed"], told["failed"]) == (1, 1, 2)
    assert told["files"]["p.test.yaml"][1]["differs"][0].startswith("expected deny")
    assert told["coverage"]["rules"] == 15
    assert ET.parse(folder / "out.xml").getroot()[0].get("failures") == "2"


def test_the_command_when_files_cannot_be_used(folder: Path) -> None:
    (folder / "p.test.yaml").write_text("tests: [{name: t, request: {tool: search}, expect: alow}]")
    code, out, _ = referee(cwd=folder)
    assert code == 2
    assert "did you mean `allow`?" in out
    assert "1 files cannot be used" in out
    assert referee("gone", cwd=folder)[0] == 2
    (folder / "p.test.yaml").unlink()
    code, out, _ = referee(cwd=folder)
    assert (code, "there is no test" in out) == (2, True)
    assert referee("--watch", "--json", cwd=folder)[0] == 2


def test_watching_runs_again_when_a_policy_changes(folder: Path) -> None:
    (folder / "p.test.yaml").write_text("tests: [{name: t, request: {tool: search}, expect: allow}]")
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "referee.cli", "test", "--watch"], cwd=folder, stdout=subprocess.PIPE, text=True
    ) as watching:
        try:
            assert watching.stdout is not None
            lines = iter(watching.stdout.readline, "")
            assert next(line for line in lines if "passed, " in line).startswith("1 passed, 0 failed")
            (folder / "p.yaml").write_text(
                POLICY.replace("when: {tool: search}, action: allow", "when: {tool: sought}, action: allow")
            )
            assert next(line for line in lines if "passed, " in line).startswith("0 passed, 1 failed")
        finally:
            watching.terminate()


def test_pytest_runs_them_when_asked(pytester: pytest.Pytester) -> None:
    asked = ("-p", "referee.testing.plugin")
    pytester.makefile(".yaml", p=POLICY)
    pytester.makefile(".test.yaml", p=TESTS, q="tests: [{name: a}]")
    result = pytester.runpytest_subprocess(*asked)
    assert "there is no `q.yaml` beside it" in result.stdout.str()
    result = pytester.runpytest_subprocess(*asked, "p.test.yaml")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*expected deny, got allow*"])
    assert "Traceback" not in result.stdout.str()
    assert pytester.runpytest_subprocess("p.test.yaml").ret != 0, "not a test file unless it is asked for"


def test_a_test_names_its_place(folder: Path) -> None:
    (folder / "p.test.yaml").write_text(TESTS)
    suite = load(folder / "p.test.yaml", Policies())
    assert [(type(case), case.span.line) for case in suite.cases] == [(Case, 3), (Case, 4), (Case, 5)]
