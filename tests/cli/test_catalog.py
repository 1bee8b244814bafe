"""``referee catalog``: the tables, one call, one list of tools."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

REFEREE = str(Path(sys.executable).parent / "referee")


def run(*args: str, cwd: Path | None = None) -> tuple[int, str, str]:
    done = subprocess.run([REFEREE, "catalog", *args], capture_output=True, text=True, check=False, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


def seen(*args: str, cwd: Path | None = None) -> dict[str, object]:
    code, out, err = run("explain", *args, "--json", cwd=cwd)
    assert code in {0, 1}, err
    return json.loads(out)  # type: ignore[no-any-return]


def test_the_tables() -> None:
    code, out, _ = run()
    assert code == 0
    assert "claude-code" in out
    assert "mcp-server-git 2026.10.19" in out
    families = json.loads(run("list", "--json")[1])
    assert {"name", "tools", "servers", "source"} == families[0].keys()
    assert len(families) > 25


@pytest.mark.parametrize("name", ["codex", "shell.exec", "k8s", "run_shell_command"])
def test_the_tools_of_something(name: str) -> None:
    code, out, _ = run("list", name)
    assert code == 0
    assert out
    assert json.loads(run("list", name, "--json")[1])[0]["canonical"]


def test_what_is_not_there() -> None:
    code, _, err = run("list", "shell.exce")
    assert code == 2
    assert "did you mean `shell.exec`?" in err
    code, out, _ = run("explain", "refund")
    assert code == 1
    assert out.startswith("canonical    none\n")


def test_a_call_is_explained() -> None:
    told = seen("Bash", "--args", '{"command": "cat .env && rm -rf /x"}')
    assert told["canonical"] == [["shell.exec"]]
    assert told["shell"]["programs"] == ["cat", "rm"]  # type: ignore[index]
    assert seen("fetch", "--arg", "url=http://10.0.0.1/")["http"]["address"] == "private"  # type: ignore[index]
    assert seen("query", "--arg", "sql=drop table users")["sql"]["operations"] == ["drop"]  # type: ignore[index]
    assert "failed" in seen("Read")["file"]  # type: ignore[operator]
    code, out, _ = run("explain", "mcp__evil__read_file", "--arg", "path=.env")
    assert code == 0
    assert "sure         no\n" in out
    assert "(env_file)" in out


def test_the_catalog_of_a_policy_counts(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("catalog: {deploy: {shell: args.script}}\n")
    assert seen("deploy", "--arg", "script=terraform destroy", "--policy", "p.yaml", cwd=tmp_path)["shell"]["effects"]  # type: ignore[index]
    (tmp_path / "p.yaml").write_text("catalog: {deploy: {shel: args.script}}\n")
    code, _, err = run("explain", "deploy", "--policy", "p.yaml", cwd=tmp_path)
    assert code == 2
    assert "did you mean `shell`?" in err


@pytest.mark.parametrize("args", [("--args", "[1]"), ("--arg", "x"), ("--args", "{")])
def test_arguments_that_are_none(args: tuple[str, str]) -> None:
    assert run("explain", "Bash", *args)[0] == 2


def test_a_list_of_tools_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(
        '[{"name": "read_file", "inputSchema": {"properties": {"path": {"type": "string"}}}}]'
    )
    code, out, _ = run("read", "t.json", "--server", "fs", cwd=tmp_path)
    assert (code, out) == (0, "mcp__fs__read_file  known as file.read\n  args.path: string\n")
    assert json.loads(run("read", "t.json", "--json", cwd=tmp_path)[1]) == {
        "read_file": {"type": "mapping", "members": {"path": {"type": "string"}}}
    }
    (tmp_path / "t.json").write_text("{")
    code, _, err = run("read", "t.json", cwd=tmp_path)
    assert code == 2
    assert "t.json:1:2" in err
    assert run("read", "none.json", cwd=tmp_path)[0] == 2
