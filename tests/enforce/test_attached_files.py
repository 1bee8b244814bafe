"""Files that a catalog takes tools from: found beside the policy, read with it, and never silently done without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from referee import Policy, PolicyError, Request
from referee.enforce.sources import digest_texts, read_all

TOOLS = {"tools": [{"name": "refund", "inputSchema": {"properties": {"amount": {"type": "number"}}}}]}
POLICY = """version: 1
default: allow
catalog: {from: lists/tools.json, closed: true}
policies:
  - {id: large, when: {tool: refund, args.amount: {gt: 500}}, action: deny, message: too much}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "tools.json").write_text(json.dumps(TOOLS))
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


def test_paths_are_relative_to_the_policy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    with Policy.load(folder / "policy.yaml").session() as session:
        assert session.evaluate(Request.tool_call("refund", amount=700)).decision == "deny"
        assert session.evaluate(Request.tool_call("refund", amount=7)).decision == "allow"


def test_a_folder_with_its_lists_is_one_policy(folder: Path) -> None:
    assert [Path(text.path).name for text in read_all([folder])] == ["policy.yaml"]
    Policy.load(folder)


@pytest.mark.parametrize("names", [("a.yaml", "a.yaml"), ("a.yaml", "b.yaml")])
def test_files_that_name_each_other_are_not_left_out(tmp_path: Path, names: tuple[str, str]) -> None:
    (tmp_path / names[0]).write_text(f"catalog: {{from: {names[1]}}}\ntools: {{block: [x]}}\n")
    (tmp_path / names[1]).write_text(f"catalog: {{from: {names[0]}}}\ntools: {{block: [x]}}\n")
    with pytest.raises(PolicyError, match="syntax"):
        Policy.load(tmp_path)


def test_texts_and_mappings_are_relative_to_the_current_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Policy.load(POLICY)
    Policy.load({"catalog": {"from": "lists/tools.json"}})
    monkeypatch.chdir("/")
    with pytest.raises(PolicyError, match="there is no such file"):
        Policy.load(POLICY)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda path: path.unlink(), "cannot be read: there is no such file"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read: it is no file"),
        (lambda path: path.write_text("{"), "the text ends where a value or `}` is expected"),
        (lambda path: path.write_text("[]"), "the file lists no tool"),
        (lambda path: path.write_bytes(b" " * (10 * 1024 * 1024 + 1)), "larger than 10 MB"),
        (lambda path: path.write_text(json.dumps(TOOLS).replace("refund", "refnud")), "the catalog has no tool `refund`"),
        (lambda path: path.write_text(json.dumps(TOOLS).replace("amount", "sum")), "tool `refund` has no argument `amount`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_list_is_wrong_with_the_policy(folder: Path, change, told: str) -> None:  # type: ignore[no-untyped-def]
    change(folder / "lists" / "tools.json")
    with pytest.raises(PolicyError) as caught:
        Policy.load(folder / "policy.yaml")
    assert told in str(caught.value)


def test_a_path_that_no_system_has(folder: Path) -> None:
    (folder / "policy.yaml").write_text('catalog: {from: "a\\0b"}')
    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.load(folder / "policy.yaml")


def test_a_list_that_changes_is_a_policy_that_changes(folder: Path) -> None:
    policy = Policy.load(folder / "policy.yaml")
    before = digest_texts(read_all([folder / "policy.yaml"]))
    assert not policy.reload()
    lists = folder / "lists" / "tools.json"
    lists.write_text(json.dumps({"tools": [*TOOLS["tools"], {"name": "ping"}]}))
    assert digest_texts(read_all([folder / "policy.yaml"])) != before
    assert policy.reload()
    lists.unlink()
    assert not policy.reload()
    assert "there is no such file" in str(policy.problem)
    with policy.session() as session:
        assert session.evaluate(Request.tool_call("refund", amount=700)).decision == "deny"


def test_a_cache_is_not_used_when_a_list_has_changed(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Policy.load(folder / "policy.yaml", cache=cache)
    Policy.load(folder / "policy.yaml", cache=cache)
    (folder / "lists" / "tools.json").unlink()
    with pytest.raises(PolicyError, match="there is no such file"):
        Policy.load(folder / "policy.yaml", cache=cache)


def test_a_listed_tool_keeps_what_the_built_in_catalogue_says(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(
        '[{"name": "read_file", "inputSchema": {"properties": {"path": {"type": "string"}}}}]'
    )
    (tmp_path / "p.yaml").write_text(
        "default: allow\ncatalog: {from: [t.json, {path: t.json, server: fs}]}\npolicies:\n"
        "  - {id: keys, when: {file.classes: {contains: env_file}}, action: deny, message: no}\n"
    )
    with Policy.load(tmp_path / "p.yaml").session() as session:
        for tool in ("read_file", "mcp__fs__read_file", "mcp__other__read_file"):
            assert session.evaluate(Request.tool_call(tool, {"path": ".env"})).decision == "deny", tool


@pytest.mark.parametrize("rules", [[], [{"name": "refund", "inputSchema": {}}]])
def test_rules_are_not_taken_for_tools(tmp_path: Path, rules: list[object]) -> None:
    rule = {"name": "no-refunds", "when": {"tool": "refund"}, "action": "deny"}
    (tmp_path / "rules.json").write_text(json.dumps([rule]))
    policy = Policy.load(tmp_path)
    assert policy.session().decide(Request.tool_call("refund")).verdict == "deny"
    (tmp_path / "rules.json").write_text(json.dumps([*rules, rule]))
    (tmp_path / "policy.yaml").write_text("default: allow\ncatalog: {from: rules.json}\n")
    with pytest.raises(PolicyError, match="expected a tool, found a rule"):
        Policy.load(tmp_path)


@pytest.mark.parametrize("way", ["../secret.json", "link.json", "absolute"])
def test_no_line_of_a_file_outside_of_the_folder_is_shown(tmp_path: Path, way: str) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"auths": {"registry": {"auth": "aHVudGVyMg=="}}}')
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "link.json").symlink_to(secret)
    name = str(secret) if way == "absolute" else way
    (folder / "policy.yaml").write_text(f"catalog: {{from: {name}}}\n")
    with pytest.raises(PolicyError, match="is no tool with a schema") as caught:
        Policy.load(folder / "policy.yaml")
    assert "aHVudGVyMg" not in str(caught.value)
    (folder / "link.json").unlink()
    (folder / "own.json").write_text(secret.read_text())
    (folder / "policy.yaml").write_text("catalog: {from: own.json}\n")
    with pytest.raises(PolicyError, match="aHVudGVyMg"):
        Policy.load(folder / "policy.yaml")
