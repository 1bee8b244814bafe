"""Ways around the file and deletion rules that were open once, and ordinary commands that must not be taken for them."""

from __future__ import annotations

import pytest

from referee.facets.catalogue import lookup
from referee.facets.compute import compute
from referee.facets.shell import files, parse
from referee.facets.surroundings import Surroundings
from referee.model.facts import Failed
from referee.model.request import Request

HERE = Surroundings(cwd="/work", home="/home/u", workspace="/work")


def _kinds(command: str) -> set[str] | None:
    found = files(command, HERE)
    return None if isinstance(found, Failed) else {kind for file in found for kind in file.classes}


@pytest.mark.parametrize(
    "command",
    [
        "pv .env", "ed .env", "docker run --env-file .env alpine env", "docker run -v $PWD/.env:/x alpine cat /x",
        "git show HEAD:.env", "git diff --no-index /dev/null .env", "sort --files0-from=.env", "curl -K .env", "cat .*",
        "for f in .*; do cat $f; done", "find . -name '.env*' -exec cat {} +", "php -r 'readfile(\".env\");'",
    ],
)  # fmt: skip
def test_a_secret_file_that_is_named_is_a_secret_file_that_is_read(command: str) -> None:
    assert "env_file" in (_kinds(command) or set())


@pytest.mark.parametrize(
    "command",
    [
        "find . -type f | xargs cat", "find . -type f -exec cat {} +", "find . -name '*v' | xargs cat", "cat $(find .)",
        "find . -name '*.py' -o -type f | xargs cat", "find . -type f | xargs grep -i x | xargs cat", "psql -f drop.sql",
        "cat drop.sql | psql", "find . -type f | while read f; do cat $f; done",
    ],
)  # fmt: skip
def test_what_could_be_any_file_is_not_known(command: str) -> None:
    assert _kinds(command) is None


@pytest.mark.parametrize(
    "command",
    [
        "find . -name '*.py' | xargs wc -l", "find src -name '*.py' | xargs cat", "find . -type f | xargs grep text",
        "cat $(git ls-files '*.py')", "git commit -m 'drop .env'", "grep -rn .env docs", "echo .env >> .gitignore",
        "touch .env.example", "git ls-files | xargs wc -l",
    ],
)  # fmt: skip
def test_ordinary_work_is_known_and_harmless(command: str) -> None:
    kinds = _kinds(command)
    assert kinds is not None
    assert kinds.isdisjoint({"env_file", "secret", "credential", "private_key"})


def test_options_of_the_inner_command_are_not_those_of_xargs() -> None:
    commands = parse("cat list | xargs rm -i", HERE).commands
    assert ("rm", "-i", None) in [command.words for command in commands]


@pytest.mark.parametrize(
    "command",
    [
        "python -c \"import shutil; shutil.rmtree('x')\"",
        "ruby -e 'FileUtils.rm_rf(\"x\")'",
        "node -e \"require('fs').rmSync('x',{recursive:true,force:true})\"",
    ],
)
def test_recursive_deletion_in_code_is_rm(command: str) -> None:
    assert ("rm", "-rf", "x") in [one.words for one in parse(command, HERE).commands]


@pytest.mark.parametrize(
    "command",
    [
        "git -c remote.origin.push=+main push", "git config remote.origin.mirror true", "git send-pack --force o main",
        "git config alias.p 'push -f'", "hub push -f", "gh api -X DELETE repos/o/r/git/refs/heads/x",
    ],
)  # fmt: skip
def test_every_spelling_of_a_forced_push_rewrites_history(command: str) -> None:
    assert "vcs_history_rewrite" in parse(command, HERE).effects


def test_every_argument_that_may_be_the_file_counts() -> None:
    request = Request("tool_call", "mcp__fs__read_file", {"file_path": "a.txt", "path": ".env"})
    found = compute("file", request, {}, HERE)
    assert isinstance(found, tuple)
    assert ("env_file",) in [file.classes for file in found]


def test_two_commands_are_no_command() -> None:
    request = Request("tool_call", "Bash", {"command": "ls", "cmd": "cat .env"})
    assert isinstance(compute("shell", request, {}, HERE), Failed)


def test_a_search_that_is_bounded_to_secrets_reads_them() -> None:
    assert lookup("Grep", {}) is not None
    found = compute("file", Request("tool_call", "Grep", {"pattern": "K", "glob": ".env*"}), {}, HERE)
    assert isinstance(found, tuple)
    assert ("env_file",) in [file.classes for file in found]


@pytest.mark.parametrize(
    "command",
    ['["# $(cat .env)"]', '["\'", "`cat .env`", "\'"]', '[\n"cat"\t".env"]\ncat .env', '["x"\n, "$(cat .env)"]'],
)
def test_a_text_that_is_also_a_list_is_read_as_the_shell_reads_it(command: str) -> None:
    found = compute("file", Request("tool_call", "Bash", {"command": command}), {}, HERE)
    kinds = set() if isinstance(found, Failed) else {kind for file in found or () for kind in file.classes}  # type: ignore[union-attr]
    assert isinstance(found, Failed) or "env_file" in kinds


def test_a_list_is_still_its_lines() -> None:
    shell = compute("shell", Request("tool_call", "Bash", {"command": '["git status", "ls"]'}), {}, HERE)
    assert [one.words for one in shell.commands] == [("git", "status"), ("ls",)]  # type: ignore[union-attr]


@pytest.mark.parametrize(("tool", "args"), [("Grep", {"pattern": "password"}), ("Glob", {"pattern": "**/*.py"})])
def test_a_search_without_a_path_is_a_search_of_the_folder(tool: str, args: dict[str, str]) -> None:
    found = compute("file", Request("tool_call", tool, args), {}, HERE)
    assert isinstance(found, tuple)
    assert [(file.path, file.access, file.inside_workspace) for file in found] == [("/work", "read", True)]  # type: ignore[union-attr]


@pytest.mark.parametrize("tool", ["mcp__x__do", "mcp__fs__READ_FILE", "mcp__a__b__read_file", "fs:read_file", "slurp"])
@pytest.mark.parametrize(
    "args",
    [
        {"path": ".env"}, {"filename": "/work/.env"}, {"paths": ["a", ".env"]}, {"files": [{"path": ".env"}]},
        {"args": {"target": ".env"}}, {"uri": "file:///work/.env"}, {"command": "cat .env"}, {"cmd": ["cat", ".env"]},
        {"command": "cat", "args": [".env"]},
    ],
)  # fmt: skip
def test_a_tool_that_no_table_knows_still_names_secrets(tool: str, args: dict[str, object]) -> None:
    found = compute("file", Request("tool_call", tool, args), {}, HERE)
    assert isinstance(found, (tuple, Failed))
    assert isinstance(found, Failed) or "env_file" in {kind for file in found for kind in file.classes}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "args",
    [
        {"command": "summarize"}, {"command": "don't do it"}, {"path": "src/a.py"}, {"query": ".env"}, {"text": "cat .env"},
        {"source": "https://a.b/.env"}, {"command": ["a", 1]}, {"command": []}, {"path": ""}, {"path": "\0.env\n"},
    ],
)  # fmt: skip
def test_a_tool_that_no_table_knows_is_not_taken_for_more(args: dict[str, object]) -> None:
    assert compute("file", Request("tool_call", "mcp__x__do", args), {}, HERE) is None
    assert compute("shell", Request("tool_call", "mcp__x__do", args), {}, HERE) is None


@pytest.mark.parametrize(
    ("tool", "accesses"),
    [("mcp__x__read_it", {"read"}), ("mcp__x__remove_it", {"delete"}), ("mcp__x__do", {"read", "write"})],
)
def test_a_name_says_what_is_done_to_a_file(tool: str, accesses: set[str]) -> None:
    found = compute("file", Request("tool_call", tool, {"path": ".claude/settings.json"}), {}, HERE)
    assert isinstance(found, tuple)
    assert {file.access for file in found} == accesses  # type: ignore[union-attr]


def test_a_guess_says_what_a_command_does() -> None:
    found = compute("shell", Request("tool_call", "mcp__x__run", {"command": "rm", "args": ["-rf", "x"]}), {}, HERE)
    assert [one.words for one in found.commands] == [("rm", "-rf", "x")]  # type: ignore[union-attr]


def test_what_a_command_of_an_unknown_tool_touches_may_be_unknown() -> None:
    request = Request("tool_call", "mcp__x__run", {"command": "cat $(find .)"})
    assert isinstance(compute("file", request, {}, HERE), Failed)


@pytest.mark.parametrize(
    "args",
    [
        {"command": "ls;" * 20_000 + "cat .env"}, {"command": "echo a", "cmd": "cat .env"}, {"path": ["x"] * 500 + [".env"]},
        {"a": {"a": {"a": {"a": {"a": {"a": {"path": ".env"}}}}}}},
    ],
)  # fmt: skip
def test_padding_hides_nothing_from_a_guess(args: dict[str, object]) -> None:
    found = compute("file", Request("tool_call", "mcp__x__do", args), {}, HERE)
    assert isinstance(found, Failed) or (isinstance(found, tuple) and found)
