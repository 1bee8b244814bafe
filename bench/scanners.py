"""A process that scans texts with one scanner, in the environment it lives in: JSON lines in, times out.

``{"texts": ["…"]}`` is answered by ``{"micros": [12.3, …], "findings": 4}``. What fails is answered as ``{"failed": "…"}``.

Rule 1: nothing but the standard library is imported before a scanner is asked for.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

Scan = Callable[[str], int]


def referee(*, fast: bool, whole: bool = True) -> Scan:
    """All packs: with the database of patterns or without, with every reading of the text or as it stands."""
    from pathlib import Path

    from referee.enforce.scanning import Shelf
    from referee.scanners.builtin import SCANNERS, builtin, engine
    from referee.scanners.engine import Keywords
    from referee.scanners.sharing import shared

    patterns = engine()
    patterns.finder = Keywords(patterns.rules, 0)
    shelf = Shelf(Path(__file__).parent / ".envs" / "patterns")
    assert not fast or patterns.load(shelf) or patterns.make(shelf), "hyperscan is not installed"
    scanners = [builtin()[name] for name in SCANNERS]

    def everything(text: str) -> int:
        with shared({}):
            return sum(len(list(scanner.scan(text))) for scanner in scanners)

    def as_it_stands(text: str) -> int:
        with shared({}):
            return sum(1 for name in SCANNERS for _ in patterns.scan(name, text))

    return everything if whole else as_it_stands


def sequence() -> Scan:
    """Let the standard library's ``re`` look for the same patterns, one after the other."""
    from referee.scanners.pack import packs

    patterns = [re.compile(pattern.pattern, re.ASCII) for pack in packs() for pattern in pack.patterns]
    return lambda text: sum(1 for pattern in patterns for _ in pattern.finditer(text))


def presidio() -> Scan:
    """Ask Presidio's pattern recognisers for English, without its language model."""
    import logging

    logging.disable(logging.CRITICAL)
    from presidio_analyzer import PatternRecognizer, RecognizerRegistry

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    all_of_them = [one for one in registry.recognizers if isinstance(one, PatternRecognizer)]
    return lambda text: sum(len(one.analyze(text, one.supported_entities, None) or ()) for one in all_of_them)


def detect_secrets() -> Scan:
    """Ask detect-secrets with all its plugins, line by line, as it scans files."""
    from detect_secrets.core.scan import scan_line
    from detect_secrets.settings import default_settings

    def all_lines(text: str) -> int:
        with default_settings():
            return sum(1 for line in text.splitlines() for _ in scan_line(line))

    return all_lines


def agent_os() -> Scan:
    """Ask agent-os for credentials and for prompt injection."""
    import warnings

    warnings.simplefilter("ignore")
    from agent_os.credential_redactor import CredentialRedactor
    from agent_os.prompt_injection import PromptInjectionDetector

    detector = PromptInjectionDetector()
    return lambda text: len(CredentialRedactor.find_matches(text)) + int(detector.detect(text).is_injection)


def avakill() -> Scan:
    """Ask avakill for secrets and for prompt injection."""
    from avakill.core.content_scanner import scan_content

    return lambda text: len(scan_content(text, ["secrets", "prompt_injection"]))


SCANNERS: dict[str, Callable[[], Scan]] = {
    "referee": lambda: referee(fast=True),
    "referee, as it stands": lambda: referee(fast=True, whole=False),
    "referee without hyperscan": lambda: referee(fast=False),
    "referee without hyperscan, as it stands": lambda: referee(fast=False, whole=False),
    "re in sequence": sequence,
    "presidio": presidio,
    "detect-secrets": detect_secrets,
    "agent-os": agent_os,
    "avakill": avakill,
}


def timed(scan: Scan, texts: list[str]) -> dict[str, Any]:
    """Scan each text once."""
    micros, findings = [], 0
    for text in texts:
        begin = time.perf_counter_ns()
        findings += scan(text)
        micros.append((time.perf_counter_ns() - begin) / 1_000)
    return {"micros": micros, "findings": findings}


def serve(name: str) -> None:
    """Answer until the input ends. What a scanner prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    scan: Scan | None = None
    for line in sys.stdin:
        try:
            scan = scan or SCANNERS[name]()
            reply: dict[str, Any] = timed(scan, json.loads(line)["texts"])
        except BaseException as problem:
            reply = {"failed": f"{type(problem).__name__}: {problem}"[:300]}
        out.write(json.dumps(reply) + "\n")
        out.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
