"""Every tool of every table does what its entry says, and the payloads that agents really send are read by it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from referee.facets.catalogue import AGENTS, BUILT_IN, FAMILIES, SERVERS, lookup
from referee.facets.catalogue.meaning import meant, reading
from referee.facets.catalogue.notation import Family
from referee.facets.compute import compute
from referee.facets.surroundings import Surroundings
from referee.model.catalogue import CANONICAL, Tool
from referee.model.facts import Failed, HttpFacet, ShellFacet, ToolFacet
from referee.model.request import Request

HERE = Surroundings(cwd="/work", home="/home/dev", workspace="/work")
RECORDINGS = sorted((Path(__file__).parent / "recordings").glob("*.json"))
PATCH = "*** Begin Patch\n*** Update File: a.txt\n@@\n-x\n+y\n*** End Patch"
SAMPLES = {
    "shell": "ls",
    "http": "https://example.com/",
    "links": "see https://example.com/",
    "patch": PATCH,
    "sql": "select 1",
}
ENTRIES = [(family, name, tool) for family in FAMILIES for name in family.tools for tool in family.variants(name)]


def put(args: dict[str, Any], place: str, value: Any) -> None:
    """Put a value where the first alternative of a place says."""
    here: Any = args
    steps = re.findall(r"[^.\[\]]+|\[\*\]", place.removesuffix("?").split("|")[0])
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        inner: Any = value if after is None else [] if after == "[*]" else {}
        if step == "[*]":
            here.append(inner)
            here = here[-1]
        else:
            here = here.setdefault(step, inner)


def call(tool: Tool) -> dict[str, Any]:
    """Make the arguments of a call that an entry is for."""
    args: dict[str, Any] = {}
    for name, value in SAMPLES.items():
        if getattr(tool, name) is not None:
            put(args, getattr(tool, name), value)
    for file in tool.files:
        put(args, file.path, "a.txt")
    for word in (word for line in tool.commands for word in line):
        for place in re.findall(r"<([^<>?!…]+)…?>", word):
            put(args, place, "1")
    if tool.given is not None and "=" not in tool.given and not tool.given.startswith("!"):
        args.setdefault(tool.given.split("|")[0], True)
    elif tool.given is not None and "=" in tool.given:
        name, words = re.split("!?=", tool.given)
        args[name] = "other" if "!=" in tool.given else words.split("|")[0]
    return args


def facet(name: str, tool: str, args: dict[str, Any]) -> Any:
    return compute(name, Request("tool_call", tool, args), {}, HERE)


@pytest.mark.parametrize(
    ("family", "name", "tool"), ENTRIES, ids=[f"{f.name}:{n}:{t.canonical}" for f, n, t in ENTRIES]
)
def test_every_tool_of_every_table(family: Family, name: str, tool: Tool) -> None:
    full = f"mcp__{family.servers[0]}__{name}" if family.servers else name
    args = call(tool)
    found = lookup(full, {})
    assert found is not None
    assert found.name == name
    assert set(tool.canonicals) <= {one for variant in meant(found, args) for one in variant.canonicals}
    assert tool.canonicals
    assert CANONICAL.keys() >= {*tool.canonicals}
    if tool.shell or tool.commands:
        assert isinstance(facet("shell", full, args), ShellFacet)
    if tool.http or tool.links:
        assert isinstance(facet("http", full, args), HttpFacet)
    if tool.files or tool.patch:
        named = facet("file", full, args)
        wanted = {file.access for file in tool.files} | ({"write"} if tool.patch else set())
        assert wanted <= {file.access for file in named}
    assert not [name for name in ("shell", "http", "file") if isinstance(facet(name, full, args), Failed)]


def test_every_table_names_what_it_was_read_from() -> None:
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)
    assert all(
        re.search(r"\d|not checked", family.source) or family.name == "sequential-thinking" for family in FAMILIES
    )
    assert all(family.servers for family in SERVERS)
    assert not [family.name for family in AGENTS if family.servers]


def tool_calls(recording: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """List the tool calls of a recording, as (event, tool, arguments), in each agent's own spelling."""
    found = []
    for event, payload in json.loads(recording.read_text()).items():
        inner = payload.get("tool_call") or payload.get("tool_result") or payload
        name = inner.get("tool_name") or inner.get("toolName") or inner.get("name")
        args = next((inner[key] for key in ("tool_input", "toolArgs", "toolInput", "input") if key in inner), None)
        if name is not None and args is not None:
            found.append((event, name, args))
        old = payload.get("preToolUse") or payload.get("postToolUse")
        if old is not None:
            found.append((event, old["toolName"], old["parameters"]))
    return found


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_recorded_payloads_are_shell_commands(recording: Path) -> None:
    calls = tool_calls(recording)
    assert len(calls) >= 2
    for _, name, args in calls:
        tool = lookup(name, {})
        assert tool is not None
        assert reading(tool, args).canonical == "shell.exec"
        found = facet("shell", name, args)
        assert isinstance(found, ShellFacet)
        assert found.programs[0] in {"rm", "echo"}
        assert (found.paths == ("/home/dev/project",)) is ("rm" in found.programs)


@pytest.mark.parametrize(
    ("tool", "args", "canonical"),
    [
        ("str_replace_editor", {"command": "view", "path": "a"}, "file.read"),
        ("str_replace_editor", {"command": "create", "path": "a"}, "file.write"),
        ("browser_tabs", {"action": "list"}, "browser.act"),
        ("browser_tabs", {"action": "new", "url": "https://a.example/"}, "browser.open"),
        ("write_stdin", {"session_id": 1, "chars": ""}, "process.read"),
        ("write_stdin", {"session_id": 1, "chars": "rm -rf /\n"}, "shell.input"),
        ("mcp__desktop-commander__read_file", {"path": "https://a.example/", "isUrl": True}, "file.read"),
        ("ExitWorktree", {"action": "remove"}, "git.write"),
        ("apply_patch", {"patchText": PATCH}, "file.write"),
        ("github-create_issue", {}, "issue.write"),
        ("github_push_files", {"files": [{"path": "a"}]}, "repo.write"),
        ("mcp_github_merge_pull_request", {}, "repo.merge"),
    ],
)
def test_arguments_say_what_a_name_means(tool: str, args: dict[str, Any], canonical: str) -> None:
    found = lookup(tool, {})
    assert found is not None
    assert reading(found, args).canonical == canonical


def test_readings_of_one_name_are_united() -> None:
    args = {"path": "https://internal.example/x", "isUrl": True}
    assert facet("http", "mcp__desktop-commander__read_file", args).host == "internal.example"
    assert [one.access for one in facet("file", "mcp__desktop-commander__read_file", args)] == ["read"]
    assert isinstance(facet("file", "edit_file", {"content": "x"}), Failed)


def test_a_tool_of_an_unknown_server_is_not_sure() -> None:
    known, unknown = lookup("mcp__filesystem__write_file", {}), lookup("mcp__evil__write_file", {})
    assert known is not None
    assert unknown is not None
    assert (known.sure, unknown.sure) == (True, False)
    assert reading(unknown, {"path": "a"}).sure is False
    assert lookup("mcp__evil__refund", {}) is None
    assert lookup("list_orders", {"orders": Tool(name="orders")}) is None
    assert lookup("mcp__shop__orders", {"orders": Tool(name="orders")}) == Tool(name="orders")


@pytest.mark.parametrize("tool", ["mcp__", "mcp____", "mcp_", "_", "-", "a" * 5000, "mcp_" + "_" * 200, "mcp__\n__\n"])
def test_no_name_is_too_odd(tool: str) -> None:
    assert lookup(tool, {}) is None


@pytest.mark.parametrize(
    ("tool", "args", "program", "effect"),
    [
        ("kubectl_delete", {"resourceType": "deployment", "name": "api"}, ("kubectl", "delete", "deployment"), "infrastructure_destroy"),
        ("mcp__k8s__exec_in_pod", {"name": "p", "command": ["rm", "-rf", "/data"]}, ("rm", "-rf", "/data"), "delete"),
        ("mcp__k8s__kubectl_generic", {"command": "delete", "resourceType": "ns", "name": "x", "flags": {"force": True}},
         ("kubectl", "delete", "ns"), "infrastructure_destroy"),
        ("mcp__docker__run_container", {"image": "a", "command": "rm"}, ("docker", "run", "a"), None),
        ("mcp__git__git_reset", {"repo_path": "/r"}, ("git", "reset"), None),
        ("execute_python", {"code": "import os; os.system('rm -rf /x')"}, ("rm", "-rf", "/x"), "delete"),
    ],
)  # fmt: skip
def test_tools_that_amount_to_a_command_are_that_command(
    tool: str, args: dict[str, Any], program: tuple[str, ...], effect: str | None
) -> None:
    found = facet("shell", tool, args)
    assert isinstance(found, ShellFacet)
    assert [one.words for one in found.commands if set(program) <= set(one.words)]
    assert effect is None or effect in found.effects


def test_a_value_is_never_syntax() -> None:
    found = facet("shell", "mcp__k8s__kubectl_get", {"resourceType": "pods; rm -rf /", "name": "$(id)"})
    assert found.programs == ("kubectl",)
    assert isinstance(facet("shell", "mcp__docker__stop_container", {}), Failed)


@pytest.mark.parametrize("command", ["rm -rf /x", ["rm", "-rf", "/x"], "sh -c 'rm -rf /x'"])
def test_a_command_of_a_container_is_followed(command: Any) -> None:
    for tool, name in (("mcp__docker__run_container", "image"), ("mcp__k8s__exec_in_pod", "name")):
        assert "delete" in facet("shell", tool, {name: "a", "command": command}).effects
    assert isinstance(facet("shell", "mcp__docker__run_container", {"image": "a", "command": "sh -c 'x"}), Failed)


def test_every_member_that_has_a_path_counts() -> None:
    args = {"filePath": "a", "edits": [{"filePath": ".env"}, {"oldString": "x"}]}
    assert [one.path for one in facet("file", "multiedit", args)] == ["/work/a", "/work/.env"]
    assert [one.path for one in facet("file", "mkdir", {"dir_name": "d"})] == ["/work/d"]
    assert isinstance(facet("file", "read_files", {"files": [{"path": "a"}, {"file_path": ".env"}]}), Failed)


def test_a_prompt_names_its_urls() -> None:
    told = {"prompt": "summarise https://a.example/x, please"}
    assert facet("http", "web_fetch", told).url == "https://a.example/x"
    assert isinstance(facet("http", "web_fetch", {"prompt": "https://a.example/ and https://b.example/"}), Failed)
    assert isinstance(facet("http", "web_fetch", {"prompt": "nothing"}), Failed)
    assert isinstance(facet("http", "WebFetch", {"url": "https://a.example/", "href": "https://b.example/"}), Failed)


def test_bare_names_are_those_of_agents_first() -> None:
    assert BUILT_IN["delete_file"].canonicals == ("file.delete",)
    assert BUILT_IN["git_reset"].canonicals == ("git.write",)


@pytest.mark.parametrize(
    ("tool", "args", "readings", "sure"),
    [
        ("Bash", {"command": "ls"}, (("shell.exec",),), True),
        ("container.exec", {"command": ["ls"]}, (("container.exec", "shell.exec"),), True),
        ("shell.exec", {}, (("shell.exec",),), True),
        ("move_file", {"source": "a", "destination": "b"}, (("file.write", "file.delete"),), True),
        ("mcp__evil__write_file", {"path": "a"}, (("file.write",),), False),
        ("mcp__desktop-commander__read_file", {"path": "a", "isUrl": True}, (("file.read",), ("http.fetch",)), True),
    ],
)
def test_what_a_tool_is(tool: str, args: dict[str, Any], readings: tuple[tuple[str, ...], ...], sure: bool) -> None:
    assert facet("tool", tool, args) == ToolFacet(readings, sure)


def test_an_entry_without_canonical_name_is_what_it_does() -> None:
    own = {"run": Tool(name="run", shell="cmd"), "q": Tool(name="q", sql="s"), "rm": Tool(name="rm", canonical="trash")}
    told = [compute("tool", Request("tool_call", name, {}), own, HERE) for name in own]
    assert told == [ToolFacet((("shell.exec",),)), ToolFacet((("sql.query",),)), ToolFacet((("trash",),))]
    assert facet("tool", "refund", {}) is None
    assert compute("tool", Request("message", text="x"), {}, HERE) is None
