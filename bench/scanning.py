"""Scanners side by side: the same fresh texts to each, in turns.

Rule 1: every text is scanned once: an automaton that has seen a text before is quicker than it will be.
Rule 2: a scanner lives in a process and an environment of its own; one that cannot be had is absent, with the reason.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from statistics import median
from typing import Any, Final

from bench.peers import HERE, Absent, interpreter

PINS: Final = {
    "referee": None,
    "referee, as it stands": None,
    "referee without hyperscan": None,
    "referee without hyperscan, as it stands": None,
    "re in sequence": None,
    "presidio": "presidio",
    "detect-secrets": "detect-secrets",
    "agent-os": "agt",
    "avakill": "avakill",
}
SIZES: Final = {200: 60, 2_000: 60, 20_000: 6}
LONG: Final = (100_000, 1_000_000, 10_000_000)

_WORDS: Final = str.split(
    "the order was shipped to our office and the team will look at it tomorrow please check why the build of this service fails "
    "when a user opens settings for an account then writes data into the table about customers before release notes are sent by mail"
)
_LINES: Final = (
    "    def load_{w}(self, path: str) -> dict[str, int]:  # see #{n}\n        return self._cache.get(path, {n})\n",
    "2026-0{d}-1{d} 0{d}:{n:02.0f}:4{d} INFO request {h} took {n} ms for /api/v{d}/{w}?page={n}\n",
    '{{"id": {n}, "name": "{w}", "tags": ["{v}", "{w}"], "price": {n}.{d}5, "href": "https://example.com/{w}/{n}"}}\n',
    "| {w} | {n} | {v} {w} | yes |\n",
    "git checkout -b {w}-{n} && npm run build -- --{v}={n} | tee /tmp/{w}.log\n",
    "Dear {w}, the {v} of {n} will be on 1{d}.0{d}.2026; call room {n} or write to {w}@example.com\n",
)


def fresh(size: int, seed: int) -> str:
    """Make a text of prose, code, logs and data that no other seed gives."""
    dice = random.Random(seed)
    parts: list[str] = []
    length = 0
    while length < size:
        if dice.random() < 0.5:
            part = " ".join(dice.choice(_WORDS) for _ in range(dice.randint(8, 30))) + ".\n"
        else:
            words = {
                "w": dice.choice(_WORDS),
                "v": dice.choice(_WORDS),
                "n": dice.randint(2, 9_999),
                "d": dice.randint(1, 8),
            }
            part = dice.choice(_LINES).format(**words, h=f"{dice.getrandbits(48):012x}")
        parts.append(part)
        length += len(part)
    return "".join(parts)[:size]


class Lane:
    """One scanner at work."""

    def __init__(self, name: str) -> None:
        self.note = ""
        self.micros: dict[int, list[float]] = {size: [] for size in (*SIZES, *LONG)}
        try:
            python = interpreter(PINS[name])
        except Absent as reason:
            self.note = f"absent: {reason}"
            return
        world = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        self.child = subprocess.Popen(
            [str(python), "-m", "bench.scanners", name], cwd=HERE.parent, env=world,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.ask([fresh(2_000, at) for at in range(40)])

    def ask(self, texts: list[str]) -> list[float]:
        """Let it scan texts; give the microseconds of each, or nothing once it has failed."""
        if self.note:
            return []
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        try:
            self.child.stdin.write(json.dumps({"texts": texts}) + "\n")
            self.child.stdin.flush()
            reply: dict[str, Any] = json.loads(self.child.stdout.readline() or '{"failed": "its process died"}')
        except OSError:
            reply = {"failed": "its process died"}
        self.note = f"absent: {reply['failed']}" if "failed" in reply else ""
        return reply.get("micros", [])

    def end(self) -> None:
        """End its process."""
        if hasattr(self, "child"):
            self.child.kill()
            self.child.communicate()


def scanning(rounds: int = 3) -> dict[str, Any]:
    """Scan fresh texts with every scanner (medians, µs), and long ones with Referee (ns a character)."""
    lanes = {name: Lane(name) for name in PINS}
    try:
        for turn in range(rounds):
            for size, many in SIZES.items():
                texts = [fresh(size, 1_000_003 * (turn + 1) + 1_009 * size + at) for at in range(many // rounds)]
                for lane in lanes.values():
                    lane.micros[size] += lane.ask(texts)
        for size in LONG:
            for name in ("referee", "referee, as it stands"):
                lanes[name].micros[size] += lanes[name].ask([fresh(size, 7 * size)])
    finally:
        for lane in lanes.values():
            lane.end()
    result: dict[str, Any] = {f"{name}: {lane.note}": 0 for name, lane in lanes.items() if lane.note}
    for name, lane in lanes.items():
        result |= {f"{name}, {size}": median(lane.micros[size]) for size in SIZES if lane.micros[size]}
    for name in ("referee", "referee, as it stands"):
        times = {size: lanes[name].micros[size] for size in LONG}
        result |= {
            f"{name}, ns a character at {size}": 1_000 * found[0] / size for size, found in times.items() if found
        }
    return result
