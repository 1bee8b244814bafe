from __future__ import annotations

from typing import Any

import pytest

from referee.facets.catalogue import BUILT_IN, lookup
from referee.facets.compute import compute
from referee.facets.surroundings import Surroundings
from referee.model.catalogue import FileArgument, Tool
from referee.model.facts import Failed, HttpFacet, ShellFacet
from referee.model.request import Request, Resource

HERE = Surroundings(cwd="/work", home="/home/dev", workspace="/work")


def facet(name: str, tool: str | None, args: dict[str, Any], own: dict[str, Tool] | None = None, **more: Any) -> Any:
    return compute(name, Request(tool=tool, args=args, **more), own or {}, HERE)


@pytest.mark.parametrize(
    ("tool", "args"),
    [
        ("Bash", {"command": "rm -rf /home/dev/project", "description": "d"}),
        ("bash", {"command": "rm -rf /home/dev/project"}),
        ("run_shell_command", {"command": "rm -rf /home/dev/project"}),
        ("shell", {"command": ["rm", "-rf", "/home/dev/project"]}),
        ("shell", {"command": ["bash", "-lc", "rm -rf /home/dev/project"], "workdir": "/x"}),
        ("exec_command", {"cmd": "rm -rf project", "workdir": "/home/dev"}),
        ("run_commands", {"commands": '["rm -rf /home/dev/project"]'}),
        ("run_commands", {"commands": ["ls", "rm -rf /home/dev/project"]}),
        ("run_terminal_cmd", {"command": "rm -rf ~/project"}),
        ("mcp__box__execute_command", {"command": "rm -rf /home/dev/project"}),
    ],
)
def test_shell_tools_of_coding_agents(tool: str, args: dict[str, Any]) -> None:
    found = facet("shell", tool, args)
    assert isinstance(found, ShellFacet)
    assert "rm" in found.programs
    assert "/home/dev/project" in found.paths
    assert lookup(tool, {}).canonical == "shell.exec"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("tool", "args", "expected"),
    [
        ("Read", {"file_path": "/work/.env"}, [("/work/.env", "read")]),
        ("Write", {"file_path": "a.py", "content": "x"}, [("/work/a.py", "write")]),
        ("NotebookEdit", {"notebook_path": "n.ipynb"}, [("/work/n.ipynb", "write")]),
        ("replace", {"file_path": "/etc/hosts"}, [("/etc/hosts", "write")]),
        ("mcp__filesystem__read_file", {"path": "../x"}, [("/x", "read")]),
        ("mcp_files_write_file", {"path": "x"}, [("/work/x", "write")]),
        ("move_file", {"source": "a", "destination": "b"}, [("/work/a", "delete"), ("/work/b", "write")]),
        ("delete_file", {"path": "a"}, [("/work/a", "delete")]),
        ("read_multiple_files", {"paths": ["a", "b"]}, [("/work/a", "read"), ("/work/b", "read")]),
        ("Grep", {"pattern": "x"}, [("/work", "read")]),
        ("Bash", {"command": "cat .env"}, [("/work/.env", "read")]),
        (
            "apply_patch",
            {
                "input": "*** Begin Patch\n*** Update File: a.py\n*** Move to: b.py\n@@\n*** Add File: c.py\n+x\n*** Delete File: d.py\n*** End Patch"
            },
            [
                ("/work/a.py", "write"),
                ("/work/a.py", "delete"),
                ("/work/b.py", "write"),
                ("/work/c.py", "write"),
                ("/work/d.py", "delete"),
            ],
        ),
        ("apply_patch", {"patch": "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n"}, [("/work/x.py", "write")]),
    ],
)
def test_files_of_tools(tool: str, args: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = facet("file", tool, args)
    assert isinstance(found, tuple)
    assert [(one.path, one.access) for one in found] == expected


def test_http_from_tools_and_requests() -> None:
    assert facet("http", "WebFetch", {"url": "https://Example.com/a"}).host == "example.com"
    asked = facet("http", None, {}, kind="http_request", url="https://x.example/", method="post")
    assert isinstance(asked, HttpFacet)
    assert asked.method == "POST"
    assert isinstance(facet("http", "WebFetch", {"url": "example.com"}), Failed)


@pytest.mark.parametrize(
    ("name", "tool", "args"),
    [
        ("shell", "Bash", {}),
        ("shell", "Bash", {"command": 7}),
        ("file", "Read", {}),
        ("file", "Read", {"file_path": ["a"]}),
        ("file", "apply_patch", {"input": "no patch"}),
        ("file", "Bash", {"command": "cat $x"}),
        ("http", "WebFetch", {"url": 7}),
        ("query", "Bash", {}),
    ],
)
def test_absent_and_wrong_arguments_fail(name: str, tool: str, args: dict[str, Any]) -> None:
    assert isinstance(facet(name, tool, args), Failed)


@pytest.mark.parametrize("name", ["http", "file", "shell"])
def test_a_request_without_the_facet_has_none(name: str) -> None:
    assert facet(name, "refund", {"amount": 7}) is None


def test_own_entries_win_and_use_argument_paths() -> None:
    own = {
        "Bash": Tool(name="Bash", canonical="theatre"),
        "deploy": Tool(
            name="deploy", shell="run.script", http="args.target", files=(FileArgument("edits[*].path", "write"),)
        ),
    }
    args = {
        "run": {"script": "terraform destroy"},
        "target": "http://10.0.0.1/",
        "edits": [{"path": "a"}, {"path": "b"}],
    }
    assert facet("shell", "Bash", {"command": "ls"}, own) is None
    assert facet("shell", "deploy", args, own).effects == ("infrastructure_destroy",)
    assert facet("http", "deploy", args, own).address == "private"
    assert [one.path for one in facet("file", "deploy", args, own)] == ["/work/a", "/work/b"]


def test_the_resource_is_a_file_too() -> None:
    found = facet("file", "delete_blob", {}, resource=Resource(path=".env"))
    assert [(one.path, one.access, one.classes) for one in found] == [("/work/.env", "delete", ("env_file",))]


def test_every_built_in_entry_is_named_as_it_is_found() -> None:
    assert all(name == tool.name and tool.canonical for name, tool in BUILT_IN.items())
    assert lookup("mcp__x__nothing", {}) is None
    assert lookup("mcp__github__get_file_contents", {}).canonical == "repo.read"  # type: ignore[union-attr]
