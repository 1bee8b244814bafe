"""Every code block of the README and the docs is run.

A ``yaml`` block has to compile; one that begins with ``# name.yaml`` is written to a file of that name first. ``python``
blocks of a page run one after the other in the folder of those files. A ``console`` block is a transcript: lines after
``$ `` are run, what they print has to be what stands below, where a line ``...`` stands for any lines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from referee.enforce.sources import read_all
from referee.language.compile import Source, check
from referee.testing.files import read as read_tests
from referee.testing.suite import Policies

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(((?!https?:|#|mailto:)[^)#\s]+)(#[^)\s]*)?\)")


def blocks(page: Path) -> list[tuple[str, str, str]]:
    return [(match[1], match[2].strip(), match[3]) for match in BLOCK.finditer(page.read_text())]


def fits(expected: list[str], printed: list[str]) -> bool:
    if not expected:
        return not printed
    if expected[0].strip() == "...":
        return any(fits(expected[1:], printed[skip:]) for skip in range(len(printed) + 1))
    return bool(printed) and expected[0].rstrip() == printed[0].rstrip() and fits(expected[1:], printed[1:])


def transcript(text: str, folder: Path) -> None:
    steps = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    assert steps, "a console block has no command"
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    for step in steps:
        command, _, expected = step.partition("\n")
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        printed = (done.stdout + done.stderr).rstrip("\n").split("\n")
        wanted = expected.rstrip("\n").split("\n")
        assert fits(wanted, printed), f"$ {command}\n" + "\n".join(printed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_blocks_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__page__"}
    for language, info, text in blocks(page):
        title = re.match(r"# ([\w./-]+\.(?:ya?ml|jsonl?|txt))\n", text)
        if title:
            path = tmp_path / title[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        if title and title[1].endswith(".test.yaml"):
            read_tests(tmp_path / title[1], Policies().names)
        elif language == "yaml" and info != "broken":
            beside = read_all([text])[0].attached
            found = check([Source(title[1] if title else "page.yaml", text, attached=beside)])
            assert not [d for d in found.diagnostics if d.level == "error"], (text, found.diagnostics)
        elif language == "json" and info.startswith("file="):
            (tmp_path / info.removeprefix("file=")).write_text(text)
        elif language == "python":
            exec(compile(text, str(page), "exec"), names)
        elif language == "console":
            transcript(text, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    dead = [target for target, _ in LINK.findall(page.read_text()) if not (page.parent / target).exists()]
    assert not dead


def test_every_page_is_in_the_navigation() -> None:
    listed = (ROOT / "zensical.toml").read_text()
    assert [
        page.name for page in (ROOT / "docs").rglob("*.md") if str(page.relative_to(ROOT / "docs")) not in listed
    ] == []


def test_every_diagnostic_has_its_entry() -> None:
    from referee.language.codes import CODES

    page = (ROOT / "docs" / "reference" / "diagnostics.md").read_text()
    assert [code for code in CODES if f"### {code}\n" not in page] == []
