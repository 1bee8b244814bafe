"""Every way in which a patch names the files it changes, and content that only looks like one."""

from __future__ import annotations

import pytest

from referee.facets.patches import patched

W, D = "write", "delete"


def v4a(body: str) -> str:
    return f"*** Begin Patch\n{body}\n*** End Patch"


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (v4a("*** Update File: a.py\n@@ def f():\n-x\n+y"), [("a.py", W)]),
        (v4a("*** Add File: b c.py\n+x"), [("b c.py", W)]),
        (v4a("*** Delete File: d.py"), [("d.py", D)]),
        (v4a("*** Update File: a.py\n*** Move to: b/.env\n@@\n-x"), [("a.py", W), ("a.py", D), ("b/.env", W)]),
        (v4a("*** Environment ID: e1\n*** Update File: a\n@@\n+x\n*** End of File"), [("a", W)]),
        (v4a("*** update file: a\n  *** Add File:  b \n+x"), [("a", W), ("b", W)]),
        (v4a("*** Add File: n.md\n+*** Delete File: x\n+--- a/y\n++++ b/y"), [("n.md", W)]),
        (v4a("*** Update File: a\r\n@@\r\n+x\r"), [("a", W)]),
        ("*** Update File: a\n@@\n-x\n+y", [("a", W)]),
        ("intro\n" + v4a("*** Add File: a\n+x") + "\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-x\n+y", [("a", W), ("b", W)]),
        (v4a("*** Add File: a\n+x") + "\n" + v4a("*** Delete File: b"), [("a", W), ("b", D)]),
        ("*** Begin Patch\n*** Add File: a\n+x", [("a", W)]),
    ],
)
def test_v4a(patch: str, expected: list[tuple[str, str]]) -> None:
    assert patched(patch) == expected


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n", [("x.py", W)]),
        ("--- x.py\t2026-01-01 00:00:00\n+++ x.py\t2026-01-01 00:00:00\n@@ -1 +1 @@\n-a\n+b\n", [("x.py", W)]),
        ("--- x.py 2026-01-01 00:00:00.000 +0000\n+++ x.py\n", [("x.py", W)]),
        ("--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x\n", [("new.py", W)]),
        ("--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", [("old.py", D)]),
        ('--- "a/caf\\303\\251 \\"x\\".txt"\n+++ "b/caf\\303\\251 \\"x\\".txt"\n', [('café "x".txt', W)]),
        ("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", [("x", W)]),
        ("diff --git a/x b/x\ndeleted file mode 100644\nindex 1..0\n", [("x", D)]),
        ("diff --git a/a b b/a b\nindex 1..2\n", [("a b", W)]),
        ('diff --git "a/\\t" "b/\\t"\nindex 1..2\n', [("\t", W)]),
        (
            "diff --git a/a.py b/b.py\nsimilarity index 100%\nrename from a.py\nrename to b.py\n",
            [("a.py", D), ("b.py", W)],
        ),
        ("diff --git a/a b/b\ncopy from a\ncopy to b\n", [("a", "read"), ("b", W)]),
        ("diff --git a/i.png b/i.png\nBinary files a/i.png and b/i.png differ\n", [("i.png", W)]),
        ("Index: x.c\n===================\n--- x.c\t(revision 1)\n+++ x.c\t(working copy)\n", [("x.c", W)]),
        ("*** x.c\t2026\n--- x.c\t2026\n***************\n*** 1,2 ****\n! a\n--- 1,2 ----\n! b\n", [("x.c", W)]),
        ("--- a/x\r\n+++ b/x\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n", [("x", W)]),
    ],
)
def test_diffs(patch: str, expected: list[tuple[str, str]]) -> None:
    assert patched(patch) == expected


def test_a_removed_comment_is_no_file() -> None:
    patch = "--- a/q.sql\n+++ b/q.sql\n@@ -1,3 +1,2 @@\n select 1;\n--- secrets.env\n select 2;\n"
    assert patched(patch) == [("q.sql", W)]
    added = "--- a/m.c\n+++ b/m.c\n@@ -1 +1,2 @@\n x\n+++ i;\n"
    assert patched(added) == [("m.c", W)]


def test_counts_that_are_too_large_hide_no_file() -> None:
    second = "--- a/.env\n+++ b/.env\n@@ -1 +1 @@\n-a\n+b\n"
    assert (".env", W) in patched("--- a/x\n+++ b/x\n@@ -1,9999 +1,9999 @@\n-a\n+b\n" + second)
    git = "diff --git a/.env b/.env\nindex 1..2\n"
    assert (".env", W) in patched("--- a/x\n+++ b/x\n@@ -1,9999 +1,9999 @@\n-a\n" + git)


@pytest.mark.parametrize("text", ["", "no patch", "@@ -1 +1 @@\n-a\n+b", "\n" * 5000, '"' * 3000, "diff --git "])
def test_what_names_no_file(text: str) -> None:
    assert patched(text) == []


def test_long_patches_take_linear_time() -> None:
    assert len(patched(v4a("\n".join(f"*** Add File: f{number}\n+x" for number in range(20_000))))) == 20_000
    assert patched("*** Begin Patch\n" * 20_000) == []
    assert patched("--- a\n" * 50_000 + '--- "' + "\\" * 50_000) is not None
