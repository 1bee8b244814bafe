"""Referee measured alone: loading, starting, memory, and the command line over a file of requests.

Rule 1: each probe runs in a process of its own (``python -m bench.probes NAME ...``) and prints one JSON object.
Rule 2: what is compared is measured in turns in the same process, or in processes started in turns.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.hooks import hook
from bench.scanning import scanning
from bench.workload import WORKLOADS, Rule, as_policy

ROOT: Final = Path(__file__).resolve().parent.parent
MIXED: Final = ("exact", "glob", "conditions")


def mixed(count: int) -> list[Rule]:
    """Make rules of three workloads by turns, as a real file has them."""
    models = [WORKLOADS[MIXED[at % 3]].rule(at) for at in range(count)]
    return [Rule(f"m{at}", model.tool, model.tests) for at, model in enumerate(models)]


def load(count: int = 1_000, repeats: int = 7) -> dict[str, Any]:
    """Time, in milliseconds: PyYAML's C loader alone; text to program; saved program to the first decision."""
    import yaml

    from referee.engine.evaluate import decide
    from referee.engine.program import Program
    from referee.language.compile import Source, compile_policies
    from referee.model.request import Request

    text = as_policy(mixed(count), wordy=True)
    saved = Program.build(compile_policies([Source("bench.yaml", text)])).dumps()
    request = Request.tool_call("svc0.delete_records", {"amount": 1})

    def cold() -> None:
        Program.build(compile_policies([Source("bench.yaml", text)]))

    def cached() -> None:
        verdict = decide(Program.loads(saved), request, {})
        assert verdict.decision == "deny", "the saved program decides otherwise"

    work: dict[str, Callable[[], Any]] = {
        "yaml": lambda: yaml.load(text, Loader=yaml.CSafeLoader),
        "cold": cold,
        "cached": cached,
    }
    spent: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repeats):
        for name, job in work.items():
            gc.collect()
            begin = time.perf_counter()
            job()
            spent[name].append((time.perf_counter() - begin) * 1_000)
    return {
        **{name: median(times) for name, times in spent.items()},
        "rules": count,
        "text_kib": len(text) / 1_024,
        "saved_kib": len(saved) / 1_024,
    }


_STARTS: Final = {
    "bare": "pass",
    "import referee": "import referee",
    "from referee import Policy": "from referee import Policy",
}


def start(repeats: int = 15) -> dict[str, Any]:
    """Time what starting costs over a bare interpreter, in milliseconds (medians, started in turns)."""
    spent: dict[str, list[float]] = {name: [] for name in _STARTS}
    for turn in range(repeats + 2):
        for name, code in _STARTS.items():
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
            if turn >= 2:
                spent[name].append((time.perf_counter() - begin) * 1_000)
    bare = median(spent.pop("bare"))
    return {"bare": bare, **{name: median(times) - bare for name, times in spent.items()}}


def _resident() -> float:
    """Read the resident memory of this process in MiB.

    Raises:
        FileNotFoundError: the system has no ``/proc``.
    """
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def memory_text(count: int = 10_000) -> dict[str, Any]:
    """Measure the memory of a process that compiled the rules from text and has met each once."""
    from referee.engine.program import Program
    from referee.language.compile import Source, compile_policies

    program = Program.build(compile_policies([Source("bench.yaml", as_policy(mixed(count)))]))
    return _held(program)


def memory_saved(place: str) -> dict[str, Any]:
    """Measure the memory of a process that loaded the rules from a saved program and has met each once."""
    from referee.engine.program import Program

    return _held(Program.loads(Path(place).read_bytes()))


def memory_bare() -> dict[str, Any]:
    """Measure the memory of a process without Referee (this module and its neighbours are in it)."""
    gc.collect()
    return {"mib": _resident()}


def _held(program: Any) -> dict[str, Any]:
    from referee.engine.evaluate import decide
    from referee.model.request import Request

    for at, name in enumerate(MIXED * (len(program.rules) // len(MIXED))):
        call = WORKLOADS[name].call(random.Random(at), at, True)
        assert decide(program, Request.tool_call(*call), {}).decision == "deny"
    gc.collect()
    return {"mib": _resident()}


def memory(count: int = 10_000) -> dict[str, Any]:
    """Compare the memory of processes with and without the rules, in MiB."""
    from referee.engine.program import Program
    from referee.language.compile import Source, compile_policies

    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "program"
        saved.write_bytes(Program.build(compile_policies([Source("bench.yaml", as_policy(mixed(count)))])).dumps())
        bare = run("memory_bare")["mib"]
        return {
            "rules": count,
            "bare": bare,
            "from text": run("memory_text", str(count))["mib"] - bare,
            "from saved": run("memory_saved", str(saved))["mib"] - bare,
        }


_PARTS: Final = {
    "bare": (),
    "limit": ("limit",),
    "counter": ("counter",),
    "journal": ("journal",),
    "all": ("limit", "counter", "journal"),
}


def pipeline(count: int = 1_000, seconds: float = 0.3) -> dict[str, Any]:
    """Take ``session.check_tool`` apart: the mean of a call in microseconds with each part alone, and with all."""
    from bench.engines.referee_session import build
    from bench.timing import measure

    workload = WORKLOADS["exact"]
    means: dict[str, float] = {}
    for name, parts in _PARTS.items():
        decide, read = build(workload.rules(count), parts)
        measure(decide, read, [workload.tour(count)], 2.0, 1)
        took = measure(decide, read, (workload.calls(count, turn) for turn in range(40)), seconds, 50)
        assert not took["wrong"], took["example"]
        means[name] = took["mean"]
    return means


def check(count: int = 1_000, requests: int = 20_000) -> dict[str, Any]:
    """Time ``referee check --requests``: many requests less one request, as decisions a second."""
    workload = WORKLOADS["exact"]
    calls = [call for turn in range(-(-requests // 512)) for call in workload.calls(count, turn)][:requests]
    lines = [json.dumps({"tool": call.tool, "args": call.args, "session": {"id": "s1"}}) for call in calls]
    with tempfile.TemporaryDirectory() as folder:
        policy, many, one = (Path(folder) / name for name in ("bench.yaml", "many.jsonl", "one.jsonl"))
        policy.write_text(as_policy(workload.rules(count)))
        many.write_text("\n".join(lines) + "\n")
        one.write_text(lines[0] + "\n")
        spent: dict[Path, list[float]] = {many: [], one: []}
        for _ in range(3):
            for file in (one, many):
                begin = time.perf_counter()
                done = subprocess.run(
                    [sys.executable, "-m", "referee.cli", "check", str(policy), "--requests", str(file)],
                    capture_output=True, text=True, check=False, cwd=folder,
                )  # fmt: skip
                spent[file].append(time.perf_counter() - begin)
        got = [json.loads(line).get("policy_ids", []) for line in done.stdout.splitlines()]
        right = [[] if call.expected is None else [call.expected] for call in calls]
        assert got == right, f"`referee check` answers otherwise (exit code {done.returncode}): {done.stderr[-200:]}"
        whole = median(spent[many]) - median(spent[one])
        return {
            "rules": count,
            "requests": requests,
            "start_s": median(spent[one]),
            "per_second": (requests - 1) / whole,
        }


def shell(rounds: int = 15) -> dict[str, Any]:
    """Time what a shell text is found to do: the p50 and p99 over ordinary commands, each the median of fresh fillings (µs)."""
    from bench.commands import fresh
    from referee.facets.shell import parse
    from referee.facets.surroundings import Surroundings

    here = Surroundings(cwd="/work/app", home="/home/dev", workspace="/work/app")
    for text in fresh(0):
        assert parse(text, here).commands, f"no command is found in {text!r}"
    spent: list[list[int]] = [[] for _ in fresh(0)]
    for turn in range(1, rounds + 1):
        gc.collect()
        for place, text in enumerate(fresh(turn)):
            begin = time.perf_counter_ns()
            parse(text, here)
            spent[place].append(time.perf_counter_ns() - begin)
    medians = sorted(median(one) / 1_000 for one in spent)
    return {
        "commands": len(medians),
        "p50": medians[len(medians) // 2],
        "p99": medians[min(len(medians) * 99 // 100, len(medians) - 1)],
        "slowest": medians[-1],
    }


_QUERIES: Final = (
    "select name, city from customers where id = {at}",
    "select c.name, sum(o.total) as spent from customers as c join orders as o on o.customer_id = c.id where o.id > {at} group by 1",
    "with big as (select customer_id from orders where id > {at}) select c.name from customers c join big b on b.customer_id = c.id",
    "select name from customers where id in (select customer_id from orders where total > {at}) union select city from customers",
    "select * from orders where customer_id = {at} and total between 5 and 10",
)
_TABLES: Final = {"customers": ["id", "name", "city", "ssn"], "orders": ["id", "customer_id", "total", "placed_at"]}


def sql(rounds: int = 40) -> dict[str, Any]:
    """Time the SQL facet of ordinary queries, and sqlglot's own parse and qualify of the same (medians, in microseconds)."""
    import sqlglot
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.schema import MappingSchema

    from referee.facets.sql import parse_sql

    known = MappingSchema({name: dict.fromkeys(columns, "text") for name, columns in _TABLES.items()})
    work: dict[str, Callable[[str], Any]] = {
        "facet": lambda text: parse_sql(text, "postgres", _TABLES),
        "sqlglot": lambda text: qualify(sqlglot.parse_one(text, read="postgres"), schema=known, dialect="postgres"),
    }
    spent: dict[str, list[float]] = {name: [] for name in work}
    for turn in range(rounds + 3):
        for query in _QUERIES:
            text = query.format(at=turn)
            for name, job in work.items():
                begin = time.perf_counter()
                found = job(text)
                if turn >= 3:
                    spent[name].append((time.perf_counter() - begin) * 1e6)
                assert name != "facet" or (found.parsed and found.read_only), text
    return {"queries": len(_QUERIES), **{name: median(times) for name, times in spent.items()}}


_HOSTS: Final = (
    "docs.python.org", "api.github.com", "registry.npmjs.org", "s3.eu-west-1.amazonaws.com", "example.co.uk", "10.0.0.7", "localhost:8080",
    "m\u00fcnchen.example", "user.github.io", "cdn.example.com:8443",
)  # fmt: skip
_FOLDERS: Final = (
    "src",
    "tests/unit",
    "docs/how-to",
    "packages/web/components",
    ".github/workflows",
    "../other",
    "config/prod",
    "~/notes",
)
_FILES: Final = (
    "app{}.py",
    "test_{}.ts",
    "README-{}.md",
    "schema{}.sql",
    "data{}.json",
    "server{}.key",
    "{}.env",
    "index{}.html",
)


def _each(job: Callable[[str], Any], texts: Callable[[int], list[str]], rounds: int) -> dict[str, Any]:
    """Time a facet of fresh texts: p50 and p99 over the texts, each the median of the rounds (µs)."""
    for text in texts(0):
        job(text)
    spent: list[list[int]] = [[] for _ in texts(0)]
    for turn in range(1, rounds + 1):
        gc.collect()
        for place, text in enumerate(texts(turn)):
            begin = time.perf_counter_ns()
            job(text)
            spent[place].append(time.perf_counter_ns() - begin)
    medians = sorted(median(one) / 1_000 for one in spent)
    return {"texts": len(medians), "p50": medians[len(medians) // 2], "p99": medians[len(medians) * 99 // 100]}


def url(rounds: int = 30) -> dict[str, Any]:
    """Time where a URL is found to lead: hosts that were seen before, paths and queries fresh each time."""
    from referee.facets.http import parse_url

    def texts(turn: int) -> list[str]:
        return [f"https://{host}/v{turn}/a/{at}?page={turn}&q=x" for host in _HOSTS for at in range(10)]

    return _each(parse_url, texts, rounds)


def path(rounds: int = 30) -> dict[str, Any]:
    """Time which files a path is found to be, and of what kinds: names fresh each time."""
    from referee.facets.file import every_file
    from referee.facets.surroundings import Surroundings

    here = Surroundings(cwd="/work/app", home="/home/dev", workspace="/work/app")

    def texts(turn: int) -> list[str]:
        return [f"{folder}/{name.format(turn)}" for folder in _FOLDERS for name in _FILES]

    return _each(lambda text: every_file(text, "read", here), texts, rounds)


def injection(rounds: int = 15) -> dict[str, Any]:
    """Time the injection model on mails and pages of 2 KB, fresh each time; how long it takes to load, and growth to 10 MB."""
    from referee.scanners.likeness import FILE, read, shipped

    begin = time.perf_counter_ns()
    read(FILE.read_bytes())
    loaded = (time.perf_counter_ns() - begin) / 1e6

    def page(turn: int, place: int, length: int) -> str:
        words = ("the", "report", "please", "send", "system", "new", "rules", "library", "of", "meeting", "and", "user")
        made = (
            words[(i * i + place * 7 + i * turn) % len(words)] + ("." if i % 11 == 0 else "")
            for i in range(length // 5)
        )
        return " ".join(f"{word}{(i * turn + place) % 97}x" if i % 9 == 0 else word for i, word in enumerate(made))[
            :length
        ]

    found = _each(shipped().hits, lambda turn: [page(turn, place, 2_048) for place in range(60)], rounds)
    growth = []
    for length in (1_000_000, 10_000_000):
        text = page(3, 5, length)
        begin = time.perf_counter_ns()
        shipped().hits(text)
        growth.append((time.perf_counter_ns() - begin) / 1e6)
    return {**found, "load_ms": loaded, "1 MB, ms": growth[0], "10 MB, ms": growth[1], "growth": growth[1] / growth[0]}


PROBES: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    probe.__name__: probe
    for probe in (
        load,
        start,
        pipeline,
        memory,
        memory_text,
        memory_saved,
        memory_bare,
        check,
        shell,
        hook,
        sql,
        url,
        path,
        injection,
        scanning,
    )
}
SHOWN: Final = (
    "load", "start", "pipeline", "memory", "check", "shell", "hook", "sql", "url", "path", "injection", "scanning",
)  # fmt: skip


class Broken(Exception):  # noqa: N818 - as `Absent`: reported, and the run goes on
    """A probe could not be carried out, and why."""


def run(name: str, *arguments: str, patience: float = 300) -> dict[str, Any]:
    """Run a probe in its own process.

    Raises:
        Broken: it failed or took longer than ``patience`` seconds.
    """
    command = [sys.executable, "-m", "bench.probes", name, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=patience)
    except subprocess.TimeoutExpired:
        raise Broken(f"no result in {patience:.0f} s") from None
    if done.returncode:
        raise Broken((done.stderr.strip().splitlines() or ["no reason given"])[-1][:300])
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    print(json.dumps(PROBES[sys.argv[1]](*(int(one) if one.isdigit() else one for one in sys.argv[2:]))))
