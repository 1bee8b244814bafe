"""What labelled values cost: a result that is marked, an argument that is asked about, and the memory of a session.

    python -m bench.marks

Times are of this process alone (CPU), so that others on the machine do not count; texts are made up of syllables, so that every
one is new.
"""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable

from referee import Policy
from referee.enforce.session import Session
from referee.model.request import Request

POLICY = """
default: allow
policies:
  - {id: mail, when: {tool: read_mail}, action: label, on: value, add: mail}
  - {id: said, when: {kind: message, context.role: user}, action: label, on: value, add: user}
  - {id: known, when: {tool: send, args.to: {from_only: user}}, action: deny, message: not known}
  - {id: clean, when: {tool: post, args: {never_from: mail}}, action: deny, message: this came by mail}
"""
SYLLABLES = ("ka", "lo", "mi", "ter", "san", "vo", "ri", "pel", "du", "gor", "ne", "bi", "zu")


def page(source: random.Random, size: int) -> str:
    words: list[str] = []
    length = 0
    while length < size:
        words.append("".join(source.choices(SYLLABLES, k=3)))
        if source.random() < 0.05:
            words.append(f"{words[-1]}@{source.choice(SYLLABLES)}.example")
        length += sum(map(len, words[-2:])) // 2 + 1
    return " ".join(words)[:size]


def micros(job: Callable[[str], object], texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        job(text)
    return (time.process_time() - began) / len(texts) * 1e6


def times(session: Session) -> None:
    source = random.Random(1)
    texts = {size: [page(source, size) for _ in range(300)] for size in (20, 200, 2048)}
    jobs: dict[str, Callable[[str], object]] = {
        "a result that is marked": lambda text: session.check_result("read_mail", text),
        "a result that is not": lambda text: session.check_result("other", text),
        "never_from of an argument": lambda text: session.evaluate(Request.tool_call("post", body=text)),
        "from_only of an argument": lambda text: session.evaluate(Request.tool_call("send", to=text)),
        "neither": lambda text: session.evaluate(Request.tool_call("other", body=text)),
    }
    for name, job in jobs.items():
        print(f"{name:28}", *(f"{size} B {micros(job, found):7.0f} µs" for size, found in texts.items()), sep="  ")


def memory() -> None:
    source = random.Random(2)
    tracemalloc.start()
    with Policy.load(POLICY).session() as session:
        read, before = 0, tracemalloc.get_traced_memory()[0]
        for goal in (50, 500, 3000):
            while read < goal << 10:
                session.check_result("read_mail", page(source, 4096))
                read += 4096
            print(f"after {goal} KB of labelled text: {(tracemalloc.get_traced_memory()[0] - before) >> 10} KiB")


if __name__ == "__main__":
    with Policy.load(POLICY).session() as own:
        times(own)
    memory()
