"""The program as users run it: a real process, its output, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from referee import templates

POLICY = """
version: 1
default: allow
policies:
  - id: no-large-refunds
    when: {tool: refund, args.amount: {gt: 500}}
    action: deny
    message: refunds over 500 are not given
  - id: ask-for-medium
    when: {tool: refund, args.amount: {gt: 100}}
    action: require_approval
    approvers: [finance]
    message: finance decides
limits:
  - {id: calls, calls: 3, per: session, window: run, message: three calls are enough}
"""


def referee(
    *arguments: str, text: bytes | str = b"", cwd: Path | None = None, **environment: str
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "referee.cli", *arguments],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONWARNINGS": "error", **environment},
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.yaml"
    path.write_text(POLICY)
    return str(path)


def test_the_installed_script_is_this_program() -> None:
    script = Path(sys.executable).with_name("referee")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("referee ")


def test_one_request_by_flags(policy: str) -> None:
    code, out, _ = referee("check", policy, "--tool", "refund", "--arg", "amount=700")
    assert code == 1
    assert out == f"denied: denied by `no-large-refunds` ({policy}:5): refunds over 500 are not given\n"
    code, out, _ = referee("check", policy, "--tool", "refund", "--arg", "amount=200")
    assert code == 1
    assert "finance" in out
    code, out, _ = referee("check", policy, "--tool", "refund", "--arg", "amount=20")
    assert (code, out.startswith("allowed")) == (0, True)


def test_one_request_as_json(policy: str, tmp_path: Path) -> None:
    request = '{"tool": "refund", "args": {"amount": "700.123456789"}}'
    (tmp_path / "r.json").write_text(request)
    for given in (request, f"@{tmp_path / 'r.json'}"):
        code, out, _ = referee("check", policy, "--request", given, "--json")
        decision = json.loads(out)
        assert (code, decision["decision"], decision["policy_ids"]) == (1, "deny", ["no-large-refunds"])
        assert decision["decision_id"]
        assert "123456789" not in out


def test_many_requests_are_decided_in_order_in_their_sessions(policy: str, tmp_path: Path) -> None:
    requests = [{"tool": "search", "args": {"n": n}, "session": {"id": "ab"[n % 2]}} for n in range(8)]
    lines = [json.dumps(request) for request in requests]
    lines.insert(2, "")
    lines.insert(3, "{broken")
    lines.insert(4, '{"tool": "x", "colour": "red"}')
    path = tmp_path / "requests.jsonl"
    path.write_text("\n".join(lines))
    code, out, _ = referee("check", policy, "--requests", str(path))
    decisions = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [d["decision"] for d in decisions] == ["allow"] * 2 + ["deny"] * 2 + ["allow"] * 4 + ["deny"] * 2
    assert decisions[2]["reason"] == "line 4: the request is not valid JSON"
    assert decisions[3]["reason"] == "line 5: unknown key in the request: `colour`"
    assert decisions[-1]["policy_ids"] == ["calls"]
    assert len({d["decision_id"] for d in decisions if d["decision_id"]}) == 8
    again = referee("check", policy, "--requests", "-", text=path.read_bytes())[1].splitlines()
    assert [json.loads(line)["decision"] for line in again] == [d["decision"] for d in decisions]


def test_lines_of_a_stream_are_answered_one_by_one(policy: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "referee.cli", "check", policy, "--requests", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for amount, verdict in ((20, "allow"), (200, "require_approval"), (700, "deny")):
            process.stdin.write(json.dumps({"tool": "refund", "args": {"amount": amount}}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["decision"] == verdict
        process.stdin.close()
        assert process.wait(timeout=30) == 1


def test_all_allowed_is_exit_code_0(policy: str) -> None:
    assert referee("check", policy, "--requests", "-", text='{"tool": "a"}\n{"tool": "b"}\n')[0] == 0


def test_layers_only_tighten(policy: str, tmp_path: Path) -> None:
    lower = tmp_path / "lower.yaml"
    lower.write_text("default: allow\npolicies:\n  - {id: yes, when: {tool: refund}, action: allow}\n")
    assert referee("check", policy, str(lower), "--tool", "refund", "--arg", "amount=700")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "POLICY"], "say one request"),
        (["check", "POLICY", "--tool", "x", "--requests", "-"], "say one request"),
        (["check", "POLICY", "--request", "{}", "--tool", "x"], "--request says everything"),
        (["check", "POLICY", "--request", "{}"], "needs one of"),
        (["check", "POLICY", "--request", "@/nowhere"], "cannot be read"),
        (["check", "POLICY", "--tool", "x", "--arg", "novalue"], "NAME=VALUE"),
        (["check", "POLICY", "--requests", "/nowhere"], "nowhere"),
        (["check", "/nowhere.yaml", "--tool", "x"], "/nowhere.yaml"),
        (["check", "BROKEN", "--tool", "x"], "error[unknown-action]"),
        (["explain", "BROKEN"], "error[unknown-action]"),
        (["explain", "BROKEN", "--tool", "x"], "error[unknown-action]"),
        (["explain", "POLICY", "--rule", "no-such"], "there is no rule"),
        (["explain", "POLICY", "--tool", "x", "--rule", "no-such"], "there is no rule"),
        (["validate", "BROKEN"], "BROKEN:3:"),
        (["validate", "/nowhere"], "/nowhere"),
        (["lint", "BROKEN"], "error[unknown-action]"),
        (["fmt", "BROKEN"], "error[unknown-action]"),
        (["no-such-command"], "No such command"),
        (["init", "--template", "no-such"], "no-such"),
        (["hook", "install", "claude-code", "--policy", "BROKEN"], "error[unknown-action]"),
        (["hook", "install", "claude-code", "--policy", "/nowhere"], "/nowhere"),
    ],
)
def test_usage_errors_and_broken_policies_are_exit_code_2(
    policy: str, tmp_path: Path, arguments: list[str], says: str
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("version: 1\npolicies:\n  - {id: r, action: forbid}\n")
    names = {"POLICY": policy, "BROKEN": str(broken)}
    code, out, err = referee(*(names.get(word, word) for word in arguments), cwd=tmp_path)
    assert code == 2
    assert says.replace("BROKEN", str(broken)) in out + err
    assert "Traceback" not in err
    assert not (tmp_path / ".claude").exists()


def test_validate_says_all_problems_as_text_json_and_sarif(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("polices: []\npolicies:\n  - {id: r, action: forbid}\n")
    code, out, err = referee("validate", str(path))
    assert (code, out) == (2, "")
    assert (err.count("error["), err.count("did you mean")) == (2, 2)
    code, out, _ = referee("validate", "--json", str(path))
    assert code == 2
    assert [found["line"] for found in json.loads(out)] == [1, 3]
    code, out, _ = referee("validate", "--sarif", str(path))
    assert code == 2
    assert len(json.loads(out)["runs"][0]["results"]) == 2


def test_validate_lint_and_fmt_of_what_is_in_order(policy: str, tmp_path: Path) -> None:
    assert referee("validate", policy)[:2] == (0, "in order: 2 rules, 1 limit\n")
    assert referee("validate", "--json", policy)[:2] == (0, "[]\n")
    assert referee("lint", policy)[:2] == (0, "nothing found\n")
    code, out, _ = referee("fmt", "--check", policy)
    assert code == 1
    assert out == f"would change {policy}\n"
    assert Path(policy).read_text() == POLICY
    code, out, _ = referee("fmt", "--diff", policy)
    assert (code, out.startswith("---")) == (1, True)
    assert Path(policy).read_text() == POLICY
    assert referee("fmt", policy)[:2] == (0, f"changed {policy}\n")
    laid_out = Path(policy).read_text()
    assert referee("fmt", "--check", policy)[:2] == (0, "")
    assert referee("fmt", "-", text=POLICY)[:2] == (0, laid_out)


def test_lint_finds_and_says_so_by_its_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(
        "default: allow\npolicies:\n  - {id: r, when: {args.n: {gt: 5, lt: 3}}, action: deny, message: never}\n"
    )
    code, out, _ = referee("lint", str(path))
    assert code == 1
    assert "warning[contradiction]" in out
    code, out, _ = referee("lint", "--json", str(path))
    assert (code, json.loads(out)[0]["code"]) == (1, "contradiction")


def test_explain_a_policy(policy: str) -> None:
    code, out, _ = referee("explain", policy)
    assert code == 0
    assert f"no-large-refunds  {policy}:5" in out
    assert "when tool is refund and args.amount > 500" in out
    assert "at most 3 calls per session in a run, else deny" in out
    code, out, _ = referee("explain", policy, "--json")
    summary = json.loads(out)
    assert code == 0
    assert summary["counts"] == {"deny": 1, "require_approval": 1}
    assert summary["layers"][0]["defaults"]["tool_call"] == "allow"
    assert [limit["cap"] for limit in summary["limits"]] == ["3"]


def test_explain_a_decision(policy: str) -> None:
    code, out, _ = referee("explain", policy, "--tool", "refund", "--arg", "amount=700")
    assert code == 0
    assert "+ `args.amount` gt 500 holds (it is 700)" in out
    code, out, _ = referee("explain", policy, "--tool", "refund", "--arg", "amount=7", "--rule", "no-large-refunds")
    assert code == 0
    assert "- `args.amount` gt 500 does not hold (it is 7)" in out
    code, out, _ = referee("explain", policy, "--tool", "refund", "--rule", "no-large-refunds", "--json")
    (rule,) = json.loads(out)["rules"]
    assert rule["outcome"] == "cannot be decided"
    assert rule["tests"][1]["why"] == "`args.amount` is absent"


def test_explain_hides_values_in_which_something_is_found(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "default: allow\npolicies:\n  - {id: r, when: {args.to: {contains: '@'}}, action: deny, message: no}\n"
    )
    _, out, _ = referee("explain", str(path), "--tool", "mail", "--arg", "to=ann@example.com")
    assert "ann@example.com" not in out
    assert "text of 15 characters" in out


def test_schema_is_json() -> None:
    code, out, _ = referee("schema")
    assert code == 0
    assert json.loads(out)["$schema"].startswith("https://json-schema.org/")
    assert "policies" in out


def test_init_writes_a_template_once(tmp_path: Path) -> None:
    code, out, _ = referee("init", "--template", "coding-agent", cwd=tmp_path)
    written = tmp_path / "policy.yaml"
    assert (code, "policy.yaml" in out) == (0, True)
    assert written.read_bytes() == templates.path("coding-agent").read_bytes()
    written.write_text("mine")
    assert referee("init", cwd=tmp_path)[0] == 1
    assert written.read_text() == "mine"
    assert referee("init", "--force", cwd=tmp_path)[0] == 0
    assert written.read_bytes() == templates.path("deny-by-default").read_bytes()
    code, out, _ = referee("init", "--list", "--json")
    assert (code, set(json.loads(out))) == (0, set(templates.names()))


def test_demo_shows_every_kind_of_decision_without_colours() -> None:
    code, out, err = referee("demo")
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    for word in ("allowed", "denied", "redacted", "needs approval", "terminated"):
        assert f"  {word} " in out
    assert "no-rm-rf at templates/coding-agent.yaml:" in out
    assert "[REDACTED:github_token]" in out
    assert "ghp_A" not in out
    code, out, _ = referee("demo", "--agent", "support", "--json")
    shown = json.loads(out)
    assert {moment["agent"] for moment in shown} == {"support"}
    assert [moment["verdict"] for moment in shown][-1] == "terminated"


def test_the_lines_the_demo_names_are_the_rules() -> None:
    _, out, _ = referee("demo", "--json")
    for moment in json.loads(out):
        for place in moment["rules"]:
            rule, _, source = place.partition(" at templates/")
            name, _, line = source.rpartition(":")
            text = (templates.FOLDER / name).read_text().splitlines()[int(line) - 1]
            assert f"id: {rule}" in text


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    code, out, _ = referee("completion", shell)
    assert code == 0
    assert "_REFEREE_COMPLETE" in out


def test_completion_completes_commands_without_running_them() -> None:
    script = Path(sys.executable).with_name("referee")
    done = subprocess.run(
        [script],
        env={**os.environ, "_REFEREE_COMPLETE": "bash_complete", "COMP_WORDS": "referee va", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "plain,validate"


def test_help_of_every_command() -> None:
    code, out, _ = referee("--help")
    assert code == 0
    for name in ("init", "validate", "lint", "fmt", "explain", "check", "demo", "schema", "hook", "completion"):
        assert name in out
        code, said, _ = referee(name, "--help")
        assert (code, said.startswith("Usage: referee")) == (0, True)


def test_a_reader_that_goes_away_is_no_failure(policy: str, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text('{"tool": "a"}\n' * 20_000)
    command = f"{sys.executable} -m referee.cli check {policy} --requests {path} | head -1 | wc -l"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "1"
    assert done.stderr == ""
