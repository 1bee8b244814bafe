"""Patches that a command applies: the files they name are what it changes.

Rule 1: a patch that stands in the text is read, whether as an argument, a here-document or the output of ``echo``.
Rule 2: of a patch in a file only the file is known; that it changes something is an effect all the same.
"""

from __future__ import annotations

from typing import Final

from referee.facets.patches import patched
from referee.facets.shell.rules import operands
from referee.facets.shell.scope import Runner
from referee.facets.shell.touching import touch
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.wrappers import option

_V4A: Final = frozenset({"apply_patch", "applypatch", "apply-patch"})
_ONLY_LOOKS: Final = frozenset({"--check", "--stat", "--numstat", "--summary", "--dry-run"})
_VALUED: Final = frozenset(
    {"-d", "-i", "-o", "-r", "-p", "-F", "-B", "-Y", "-z", "-D", "-V", "-C", "--directory", "--exclude", "--include"}
)


def applied(run: Runner, name: str, words: list[str], stdin: str | None) -> None:
    """Record the files that the patch of a command changes."""
    if name in _V4A:
        _change(run, words[1] if len(words) > 1 else stdin, "", certain=True)
    elif name == "patch" and _ONLY_LOOKS.isdisjoint(words):
        _patch(run, words, stdin)
    elif name == "git" and _ONLY_LOOKS.isdisjoint(words):
        _git(run, words, stdin)


def _patch(run: Runner, words: list[str], stdin: str | None) -> None:
    run.trace.effect("write")
    given = operands(words, _VALUED)
    if given:
        touch(run, given[0], "write")
    file = option(words, "-i", "--input") or (given[1] if len(given) > 1 else None)
    if file is None:
        _change(run, stdin, option(words, "-d", "--directory") or "", certain=False)
    else:
        touch(run, file, "read")


def _git(run: Runner, words: list[str], stdin: str | None) -> None:
    at = next((at for at, word in enumerate(words) if word in {"apply", "am"}), None)
    if at is None or operands(words[: at + 1], frozenset({"-C", "-c", "--git-dir", "--work-tree"})) != [words[at]]:
        return
    run.trace.effect("write")
    given = [word for word in operands(words[at:], _VALUED) if word != "-"]
    for file in given:
        touch(run, file, "read")
    if not given:
        _change(run, stdin, option(words, "--directory") or "", certain=False)


def _change(run: Runner, text: str | None, folder: str, *, certain: bool) -> None:
    """Touch every file of a patch; ``certain`` says that without the patch nothing of the command is known."""
    if text is None or UNKNOWN in text or UNKNOWN in folder:
        if certain:
            run.trace.touch(None, "write")
        return
    for path, access in patched(text):
        touch(run, f"{folder}/{path}" if folder and not path.startswith("/") else path, access)
