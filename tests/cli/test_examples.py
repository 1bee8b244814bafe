"""The examples do what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "examples"


def test_the_support_desk() -> None:
    folder = ROOT / "support-desk"
    done = subprocess.run(
        [sys.executable, "-m", "referee.cli", "check", folder / "policy.yaml", "--requests", folder / "requests.jsonl"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [(d["decision"], d["policy_ids"]) for d in map(json.loads, done.stdout.splitlines())]
    assert found == [
        ("allow", ["read"]),
        ("allow", ["refunds"]),
        ("require_approval", ["larger-refunds"]),
        ("deny", ["spend"]),
        ("allow", ["read"]),
        ("deny", []),
    ]


def test_guarded_tools() -> None:
    done = subprocess.run([sys.executable, ROOT / "guarded_tools.py"], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [
        "{'name': 'Ann', 'card': '[REDACTED:credit_card]'}",
        "refunded 40 for A1",
        "asked: finance decides about refunds over 100",
        "refunded 700 for A1",
        "refused: no rule matched; the default is to deny",
    ]
