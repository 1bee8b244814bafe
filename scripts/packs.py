"""Check the packs, and write what is made from them: ``make packs``.

``src/referee/scanners/packs/*.jsonl`` is what the scanners load, ``src/referee/language/kinds.py`` what policies can name.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from textwrap import wrap

from referee.language.packs import read_pack
from referee.language.render import render_text
from referee.model.packs import Pack
from referee.scanners.builtin import SCANNERS, WITH_MODEL
from referee.scanners.likeness import KIND as MODEL
from referee.scanners.pack import FOLDER, quick
from referee.scanners.tools.grammar import COMBINATIONS
from referee.scanners.validators import validators

ROOT = Path(__file__).resolve().parent.parent
KINDS = ROOT / "src" / "referee" / "language" / "kinds.py"
EUROPE = (
    "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie", "is", "it", "li", "lt", "lu", "lv",
    "mt", "nl", "no", "pl", "pt", "ro", "se", "si", "sk",
)  # fmt: skip
"""The European Economic Area."""
_HEAD = '''"""What the scanners know, for policies that name it: the kinds of their findings, and the checks of their patterns.

Rule 1: this is written by ``make packs`` from the packs and the validators; a test compares. After a conflict, write it anew.
"""

from __future__ import annotations

from typing import Final

'''


def written() -> dict[Path, bytes]:
    """Make all files that follow from the packs.

    Raises:
        SystemExit: a pack has an error; all diagnostics are its text.
    """
    found: list[Pack] = []
    wrong: list[str] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        problems, pack = read_pack(str(path.relative_to(ROOT)), path.read_bytes(), validators())
        wrong += [render_text(problems.found)] if problems.found else []
        found += [] if pack is None else [pack]
    if wrong:
        raise SystemExit("\n".join(wrong))
    files = {FOLDER / f"{pack.name}.jsonl": quick(pack) for pack in found}
    return files | {KINDS: kinds(found).encode()}


def kinds(packs: list[Pack]) -> str:
    """Write the table of kinds and validators: a line for each first letter, so that changes of several people join."""
    lines = ["SCANNERS: Final[dict[str, tuple[str, ...]]] = {"]
    for scanner in SCANNERS:
        known = {pattern.kind for pack in packs if pack.scanner == scanner for pattern in pack.patterns}
        known |= {MODEL} if scanner in WITH_MODEL else set()
        known |= {one.kind for one in COMBINATIONS} if scanner == "tool_definition" else set()
        lines += [f'    "{scanner}": (', *_rows(known, 8), "    ),"]
    lines += ["}  # fmt: skip", "GROUPS: Final[dict[str, tuple[str, ...]]] = {"]
    for group, known in sorted(groups(packs).items()):
        names = ", ".join(f'"{kind}"' for kind in sorted(known)) + ("," if len(known) == 1 else "")
        row = f'"{group}": ({names}),'
        lines += wrap(row, 119, break_on_hyphens=False, initial_indent=" " * 4, subsequent_indent=" " * 8)
    lines += [
        "}  # fmt: skip",
        '"""Kinds of personal data by whose they are: countries, unions of them, and bodies of law."""',
        "VALIDATORS: Final = (",
        *_rows(validators(), 4),
        ")  # fmt: skip",
    ]
    return _HEAD + "\n".join(lines) + "\n"


def groups(packs: list[Pack]) -> dict[str, set[str]]:
    """Sort the kinds of personal data by the regions of their patterns; a union and its members have each other's."""
    found: dict[str, set[str]] = {}
    for pack in packs:
        for pattern in pack.patterns if pack.scanner == "pii" else ():
            for region in () if pattern.doubt else pattern.regions:
                found.setdefault(region, set()).add(pattern.kind)
    for country in EUROPE:
        found[country] = found.get(country, set()) | found["eu"]
    found["eu"] = set[str]().union(*(found[country] for country in EUROPE))
    found["gdpr"] |= found["eu"]
    return found


def _rows(names: Iterable[str], indent: int) -> Iterator[str]:
    """Write names in rows, those with the same first letter together."""
    for _, same in groupby(sorted(names), key=lambda name: name[0]):
        yield from wrap(
            " ".join(f'"{name}",' for name in same),
            119 - indent,
            break_on_hyphens=False,
            initial_indent=" " * indent,
            subsequent_indent=" " * indent,
        )


if __name__ == "__main__":
    files = written()
    for stale in set(FOLDER.glob("*.jsonl")) - set(files):
        stale.unlink()
    for path, data in files.items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
