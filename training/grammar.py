"""Texts made of templates: `{a|b}` is a choice, `$name` a word of the list of that name.

Rule 1: the same seed gives the same texts on every machine.
Rule 2: braces without a choice in them are braces; `¦` is a bar that chooses nothing.

>>> expand("{a|a} $b{ c|}", {"b": ["x"]}, Random(3)) in {"a x c", "a x"}
True
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent / "grammar"
Slots = dict[str, list[str]]


def load(name: str) -> dict[str, Any]:
    """Read a file of templates."""
    found: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return found


def expand(template: str, slots: Slots, random: Random) -> str:
    """Make one text of a template."""
    return _expand(template.replace("\\n", "\n"), slots, random, 0).replace("¦", "|")


def _expand(template: str, slots: Slots, random: Random, depth: int) -> str:
    if depth > 12:
        raise RecursionError(template)
    out: list[str] = []
    at = 0
    while at < len(template):
        letter = template[at]
        if letter == "{" and (end := _closing(template, at)) > 0:
            choices = _choices(template[at + 1 : end])
            inner = _expand(random.choice(choices), slots, random, depth)
            out.append(inner if len(choices) > 1 else f"{{{inner}}}")
            at = end + 1
        elif letter == "$" and (name := _slot(template, at + 1, slots)):
            out.append(_expand(str(random.choice(slots[name])).replace("\\n", "\n"), slots, random, depth + 1))
            at += 1 + len(name)
        else:
            out.append(letter)
            at += 1
    return "".join(out)


def _slot(template: str, at: int, slots: Slots) -> str:
    end = at
    while end < len(template) and (template[end].isascii() and (template[end].isalnum() or template[end] == "_")):
        end += 1
    name = template[at:end]
    while name and name not in slots:
        name = name[:-1]
    return name


def _closing(template: str, at: int) -> int:
    depth = 0
    for place in range(at, len(template)):
        depth += {"{": 1, "}": -1}.get(template[place], 0)
        if depth == 0:
            return place
    return -1


def _choices(inner: str) -> list[str]:
    depth, start, found = 0, 0, []
    for place, letter in enumerate(inner):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            found.append(inner[start:place])
            start = place + 1
    return [*found, inner[start:]]
