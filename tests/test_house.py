"""The house keeps its own rules: layers, sizes, types, the front door, what an import costs."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src" / "referee").rglob("*.py"))
BIN = Path(sys.executable).parent


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("basedpyright",), ("lint-imports",)],
    ids=" ".join,
)
def test_the_linters_have_nothing_to_say(command: tuple[str, ...]) -> None:
    run(str(BIN / command[0]), *command[1:])


READER = """
import ast, json, sys
found = {}
for path in sys.argv[1:]:
    tree = ast.parse(open(path, encoding="utf-8").read())
    nodes = list(ast.walk(tree))
    found[path] = {
        "doc": ast.get_docstring(tree) or "",
        "functions": [
            (node.end_lineno or node.lineno) - node.lineno + 1
            for node in nodes
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ],
        "imports": sorted(
            {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
            | {(node.module or "").split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
        ),
    }
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def shapes() -> dict[Path, dict[str, Any]]:
    """Read all sources in a process of its own, apart from whatever the other tests did to this one."""
    found = json.loads(run(sys.executable, "-c", READER, *map(str, SOURCES)))
    return {Path(path): shape for path, shape in found.items()}


def test_files_and_functions_stay_small(shapes: dict[Path, dict[str, Any]]) -> None:
    lines = {path: path.read_text().count("\n") for path in [*SOURCES, *sorted((ROOT / "spec").glob("*.py"))]}
    assert not {str(path): count for path, count in lines.items() if count > 500}
    assert statistics.median(lines[path] for path in SOURCES if lines[path] > 5) <= 200
    assert not {str(path): max(s["functions"]) for path, s in shapes.items() if max(s["functions"], default=0) > 60}
    assert statistics.median(size for shape in shapes.values() for size in shape["functions"]) <= 9


def test_every_module_says_what_it_is_for(shapes: dict[Path, dict[str, Any]]) -> None:
    assert not [path for path, shape in shapes.items() if path.read_text().strip() and not shape["doc"]]


def test_no_two_files_of_tests_have_one_name() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(names) == len({*names}), sorted(name for name in names if names.count(name) > 1)


def test_no_module_is_named_after_nothing() -> None:
    banned = {"utils", "helpers", "common", "base", "core", "manager", "handler", "impl"}
    assert not [path for path in SOURCES if path.stem in banned]


def test_the_pure_rooms_touch_no_clock_file_socket_or_thread(shapes: dict[Path, dict[str, Any]]) -> None:
    banned = {
        "time",
        "datetime",
        "os",
        "pathlib",
        "socket",
        "threading",
        "asyncio",
        "random",
        "secrets",
        "uuid",
        "subprocess",
    }
    pure_use = {("language", "quantities.py"), ("language", "timezones.py")}
    for path, shape in shapes.items():
        room = path.relative_to(ROOT / "src" / "referee").parts[0]
        if room in {"model", "engine", "language"} and (room, path.name) not in pure_use:
            assert not {*shape["imports"]} & banned, f"{path}: {shape['imports']}"


def test_every_exception_from_a_lint_has_its_reason() -> None:
    bare = [
        f"{path}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"# noqa(?::\s*[A-Z0-9, ]+)?\s*$", line)
    ]
    assert not bare


def test_the_front_door_is_small_sorted_and_true() -> None:
    import referee

    names = list(referee.__all__)
    assert names == sorted(names)
    assert len(names) <= 20
    for name in names:
        assert getattr(referee, name) is not None


@pytest.mark.parametrize("statement", ["import referee", "from referee import Policy"])
def test_the_front_door_opens_without_the_heavy_rooms(statement: str) -> None:
    heavy = ("yaml", "asyncio", "logging", "re2", "tree_sitter", "can_ada", "phonenumbers", "click", "rich", "stdnum")
    code = f"{statement}; import sys; print([name for name in {heavy!r} if name in sys.modules])"
    assert run(sys.executable, "-I", "-c", code).strip() == "[]"


def test_the_changelog_names_the_version() -> None:
    import referee

    assert f"## {referee.__version__}" in (ROOT / "CHANGELOG.md").read_text()
