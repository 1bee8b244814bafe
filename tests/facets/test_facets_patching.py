"""Patches inside of commands: here-documents, arguments and pipes change the files that the patch names."""

from __future__ import annotations

import pytest

from referee.facets.compute import compute
from referee.facets.surroundings import Surroundings
from referee.model.facts import Failed
from referee.model.request import Request

HERE = Surroundings(cwd="/work", home="/home/u", workspace="/work")
V4A = "*** Begin Patch\n*** Update File: src/.env\n*** Move to: x.py\n@@\n-a\n+b\n*** Delete File: d.py\n*** End Patch"
CHANGED = [("/work/src/.env", "write"), ("/work/src/.env", "delete"), ("/work/x.py", "write"), ("/work/d.py", "delete")]
DIFF = "--- a/ci.yml\n+++ b/ci.yml\n@@ -1 +1 @@\n-a\n+b\n"


def touched(command: object) -> object:
    found = compute("file", Request("tool_call", "shell", {"command": command}), {}, HERE)
    return [(one.path, one.access) for one in found] if isinstance(found, tuple) else found  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "command",
    [
        f"apply_patch <<'EOF'\n{V4A}\nEOF\n",
        f"apply_patch << 'EOF'\n{V4A}\nEOF",
        f'applypatch <<"PATCH"\n{V4A}\nPATCH',
        ["apply_patch", V4A],
        ["bash", "-lc", f"apply_patch <<'EOF'\n{V4A}\nEOF\n"],
        f"apply_patch '{V4A}'",
        f"echo '{V4A}' | apply_patch",
        f"ls > /dev/null && apply_patch <<'EOF'\n{V4A}\nEOF",
    ],
)
def test_codex_patches_in_a_command(command: object) -> None:
    found = touched(command)
    assert isinstance(found, list)
    assert found[-4:] == CHANGED


def test_the_folder_of_a_patch() -> None:
    assert touched(f"cd sub && apply_patch <<'EOF'\n{V4A}\nEOF")[0] == ("/work/sub/src/.env", "write")  # type: ignore[index]
    assert touched(f"git apply --directory=sub <<'EOF'\n{DIFF}EOF") == [("/work/sub/ci.yml", "write")]
    assert ("/work/sub/ci.yml", "write") in touched(f"patch -d sub -p1 <<'EOF'\n{DIFF}EOF")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (f"git apply <<'EOF'\n{DIFF}EOF", [("/work/ci.yml", "write")]),
        (f"git -C . apply - <<'EOF'\n{DIFF}EOF", [("/work/ci.yml", "write")]),
        (f"patch -p1 <<'EOF'\n{DIFF}EOF", [("/work/ci.yml", "write")]),
        (f"printf '%s' '{DIFF}' | git am", [("/work/ci.yml", "write")]),
        ("git apply fix.patch", [("/work/fix.patch", "read")]),
        ("patch -p1 < fix.patch", [("/work/fix.patch", "read")]),
        (f"git apply --check <<'EOF'\n{DIFF}EOF", []),
        (f"patch --dry-run <<'EOF'\n{DIFF}EOF", []),
        (f"git commit -m 'apply\n{DIFF}'", []),
        ("git log apply", []),
        (f"cat <<'EOF' > p.txt\n{V4A}\nEOF", [("/work/p.txt", "write")]),
    ],
)
def test_other_patches(command: str, expected: list[tuple[str, str]]) -> None:
    assert touched(command) == expected


def test_what_patch_is_given() -> None:
    assert {("/work/main.c", "write"), ("/work/fix.patch", "read")} <= set(touched("patch main.c fix.patch"))  # type: ignore[call-overload]
    assert ("/work/fix.patch", "read") in touched("patch -p1 -i fix.patch")  # type: ignore[operator]


def test_a_patch_that_is_not_known_changes_what_is_not_known() -> None:
    assert isinstance(touched('apply_patch "$PATCH"'), Failed)
    assert isinstance(touched("curl https://a.example/p | apply_patch"), Failed)
    assert isinstance(touched("apply_patch"), Failed)
