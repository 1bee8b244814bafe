"""The scanners that come with Referee, by the names policies use.

Rule 1: importing this loads no pack. The first scan loads them all; a pattern compiles when it is needed.
Rule 2: what policies can name is written from the packs (``make packs``) and compared by a test.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from referee.scanners.engine import Engine
from referee.scanners.instructions import InstructionScanner
from referee.scanners.matching import PatternScanner
from referee.scanners.pack import packs
from referee.scanners.tools.grammar import ToolTextScanner
from referee.scanners.views import Views

if TYPE_CHECKING:
    from referee.scanners.protocol import Scanner

SCANNERS: Final = ("pii", "secret", "injection", "jailbreak", "exfiltration", "tool_definition")

WITH_MODEL: Final = frozenset({"injection", "jailbreak"})
"""The scanners that have findings of the kind ``model`` besides those of their patterns."""

ALIASES: Final[dict[str, str]] = {
    "pii_detection": "pii",
    "secrets": "secret",
    "prompt_injection": "injection",
    "data_exfiltration": "exfiltration",
}


VIEWS: Final[dict[str, Views]] = {
    "pii": Views(digits=True, apart=frozenset({"credit_card", "iban", "ssn"}), glue=""),
    "secret": Views(keys=True, numbers=True, glue=""),
    "injection": Views(words=True, numbers=True, glue=" "),
    "jailbreak": Views(words=True, numbers=True, glue=" "),
    "exfiltration": Views(numbers=True),
    "tool_definition": Views(words=True, numbers=True),
}
"""The readings each wants: a number is not looked for in texts that are turned around, nor a key in words."""

_KINDS: Final[dict[str, type[PatternScanner]]] = {
    **dict.fromkeys(WITH_MODEL, InstructionScanner),
    "tool_definition": ToolTextScanner,
}


@cache
def builtin() -> dict[str, Scanner]:
    """Return the scanners by name, aliases included."""
    scanners: dict[str, Scanner] = {
        name: _KINDS.get(name, PatternScanner)(name, engine, VIEWS[name]) for name in SCANNERS
    }
    return scanners | {alias: scanners[name] for alias, name in ALIASES.items()}


@cache
def engine() -> Engine:
    """Return all patterns, as one engine that the scanners share."""
    return Engine((pack.scanner, pattern) for pack in packs() for pattern in pack.patterns)
