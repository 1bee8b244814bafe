"""Policies to begin with, as files: ``NAME.yaml``, and ``NAME.cases.jsonl`` with requests that show each rule at work.

Rule 1: a template is an ordinary policy file; nothing in the program knows its name but the list of this folder.
Rule 2: every rule names the controls it serves and has a case in which it fires and one in which it does not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent


def names() -> tuple[str, ...]:
    """List the templates."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def path(name: str) -> Path:
    """Say where a template's file is.

    Raises:
        KeyError: there is no such template.
    """
    if name not in names():
        raise KeyError(name)
    return FOLDER / f"{name}.yaml"
