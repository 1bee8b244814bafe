"""``python -m bench.detection --data FOLDER``: the figures of every topic, with what the project wants."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.detection import actions, exactly, texts
from bench.detection.rows import Row
from bench.detection.shares import Share, lines

TOPICS: Final = tuple(sorted({*actions.TOPICS, *texts.TOPICS, *exactly.TOPICS}))


def figures(name: str, options: argparse.Namespace) -> Iterator[Share | str | Row]:
    """Work out one topic, by everything that knows about it."""
    folder = options.data / name
    if name in actions.TOPICS:
        yield from actions.measure(name, folder, options.only, options.by, options.show)
    for module in (texts, exactly):
        if name in module.TOPICS:
            yield from module.TOPICS[name](folder, options.only)


def main(words: list[str] | None = None) -> int:
    """Measure the topics that are asked for, and print the table. The exit code is 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="bench.detection", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with one folder a topic")
    parser.add_argument("--topic", action="append", choices=TOPICS, help="default: every topic")
    parser.add_argument("--only", help="sets with this in their name")
    parser.add_argument("--by", type=_list, default=[], help="keys of a row to group by, such as `tier,seed_class`")
    parser.add_argument("--show", type=_list, default=[], help="print wrong rows: `allow`, `deny,ask`, `missed,false`")
    options = parser.parse_args(words)
    shares: list[Share] = []
    for name in options.topic or TOPICS:
        for one in figures(name, options):
            if isinstance(one, Share):
                shares.append(one)
            elif isinstance(one, str):
                print(one, flush=True)
            elif one.get("wrong") in options.show or "verdict" in one:
                print(json.dumps(one, ensure_ascii=False, default=str))
    print("\n".join(lines(shares)))
    return 0


def _list(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


if __name__ == "__main__":
    sys.exit(main())
