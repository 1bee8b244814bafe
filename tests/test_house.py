"""The house keeps its own rules: layers, sizes, types, the front door, what an import costs."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

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


def functions(tree: ast.AST) -> list[int]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in nodes]


def test_files_and_functions_stay_small() -> None:
    lines = {path: path.read_text().count("\n") for path in [*SOURCES, *sorted((ROOT / "spec").glob("*.py"))]}
    assert not {str(path): count for path, count in lines.items() if count > 500}
    assert statistics.median(lines[path] for path in SOURCES if lines[path] > 5) <= 200
    sizes = {path: functions(ast.parse(path.read_text())) for path in SOURCES}
    assert not {str(path): max(found) for path, found in sizes.items() if found and max(found) > 60}
    assert statistics.median(size for found in sizes.values() for size in found) <= 9


def test_every_module_says_what_it_is_for() -> None:
    empty = [
        path for path in SOURCES if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not empty


def test_no_module_is_named_after_nothing() -> None:
    banned = {"utils", "helpers", "common", "base", "core", "manager", "handler", "impl"}
    assert not [path for path in SOURCES if path.stem in banned]


def test_the_pure_rooms_touch_no_clock_file_socket_or_thread() -> None:
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
    allowed = {("language", "quantities.py"), ("language", "timezones.py")}
    for path in SOURCES:
        room = path.relative_to(ROOT / "src" / "referee").parts[0]
        if room not in {"model", "engine", "language"} or (room, path.name) in allowed:
            continue
        imported = {
            (alias.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }
        assert not imported & banned, f"{path}: {imported & banned}"


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
