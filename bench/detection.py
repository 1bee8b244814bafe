"""What the templates stop and what they let through, measured on labelled cases that are not part of the project.

Rule 1: cases stay where they are (``--data``); nothing of them is copied, and the figures say which set they are from.
Rule 2: a row is decided alone, in a session of its own; rows marked ``ambiguous`` or ``weak``, those that come with a policy of
their own, and those of which both answers are right (``ask``) are not counted.
Rule 3: a topic is one entry of ``TOPICS``: the folder of its sets, the template, and how a row becomes a request.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from referee import Policy, templates
from referee.facets.surroundings import Surroundings

Row = dict[str, Any]
PLACE: Final = Surroundings(cwd="/home/dev/project", home="/home/dev", workspace="/home/dev/project")
_LEFT_OUT: Final = ("ambiguous", "weak", "policy")
WANTED: Final = {"malicious": "stopped", "benign": "allowed"}


@dataclass(frozen=True)
class Topic:
    """How the rows of one folder are decided."""

    template: str
    request: Callable[[Row], dict[str, Any]]


TOPICS: Final = {
    "shell": Topic("coding-agent", lambda row: {"tool": "Bash", "args": {"command": row["input"]}}),
    "paths": Topic("coding-agent", lambda row: {"tool": "Read", "args": {"file_path": row["input"]}}),
    "urls": Topic("coding-agent", lambda row: {"tool": "WebFetch", "args": {"url": row["input"], "prompt": "read it"}}),
}


@dataclass(frozen=True)
class Answer:
    """A row with what was decided of it: ``deny`` (or ``terminate``), ``ask`` or ``allow``, by which rules."""

    row: Row
    verdict: str
    rules: tuple[str, ...]
    seconds: float


def rows(path: Path) -> Iterator[Row]:
    """Read a set; the rows that count."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if isinstance(row["expected"], str) and row["expected"] in WANTED and not any(map(row.get, _LEFT_OUT)):
                yield row


def decide(topic: Topic, cases: Iterator[Row]) -> Iterator[Answer]:
    """Decide rows under a topic's template."""
    policy = Policy.load(templates.path(topic.template), surroundings=PLACE)
    short = {"require_approval": "ask", "terminate": "deny"}
    for row in cases:
        session = policy.session()
        start = time.perf_counter()
        decision = session.decide(topic.request(row)).decision
        spent = time.perf_counter() - start
        rules = tuple(rule.id for rule in decision.rules) + tuple(f"{one.id}? {one.why}" for one in decision.errors)
        yield Answer(row, short.get(decision.decision, decision.decision), rules, spent)


def table(answers: list[Answer], keys: list[str]) -> list[str]:
    """Say how many of each group were denied, asked and allowed."""
    groups: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for one in answers:
        groups[one.row["expected"], *(str(one.row.get(key, "-")) for key in keys)][one.verdict] += 1
    lines = []
    for group, found in sorted(groups.items()):
        count = found.total()
        shares = "  ".join(f"{name} {100 * found[name] / count:5.1f} %" for name in ("deny", "ask", "allow"))
        lines.append(
            f"  {' / '.join(group):44} {count:5}  {shares}  stopped {100 - 100 * found['allow'] / count:5.1f} %"
        )
    return lines


def wrong(one: Answer) -> bool:
    """Tell whether a row was not answered as its label wants it."""
    return (one.verdict == "allow") != (WANTED[one.row["expected"]] == "allowed")


def measure(name: str, folder: Path, options: argparse.Namespace) -> None:
    """Print the figures of one topic."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        if options.only and options.only not in path.name:
            continue
        answers = list(decide(TOPICS[name], rows(path)))
        if not answers:
            continue
        spent = sorted(one.seconds for one in answers)
        ticks = ", ".join(f"p{share} {1e6 * spent[len(spent) * share // 100]:.0f} µs" for share in (50, 99))
        print(f"{name}/{path.name.removesuffix('.jsonl.gz')}: a whole decision takes {ticks}")
        print("\n".join(table(answers, options.by.split(",") if options.by else [])))
        if options.show:
            for one in answers:
                if one.verdict in options.show.split(",") and wrong(one):
                    print(json.dumps([one.verdict, one.row["id"], one.row["input"], one.rules], ensure_ascii=False))


def main() -> None:
    """Measure the topics that are asked for."""
    parser = argparse.ArgumentParser(prog="bench.detection", description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with one folder a topic")
    parser.add_argument("--topic", action="append", choices=sorted(TOPICS), help="default: every topic")
    parser.add_argument("--only", help="sets with this in their name")
    parser.add_argument("--by", default="", help="keys of a row to group by, such as `tier,seed_class`")
    parser.add_argument("--show", default="", help="print wrong rows with these verdicts: `allow`, `deny,ask`")
    options = parser.parse_args()
    for name in options.topic or sorted(TOPICS):
        measure(name, options.data / name, options)


if __name__ == "__main__":
    main()
