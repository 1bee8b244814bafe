"""What has one right answer: columns a query reads, statements that write, paths inside a folder, hosts of URLs.

Rule 1: what a row says in its ``policy`` is written as a policy of the language, and the action is decided by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from posixpath import normpath
from typing import Any, Final

from bench.detection.rows import Row, read, sets
from bench.detection.shares import Share
from referee import Policy, PolicyError
from referee.facets.http import parse_url
from referee.facets.sql import parse_sql
from referee.facets.surroundings import Surroundings
from referee.model.facts import Failed, HttpFacet


def _stopped(policy: dict[str, Any], tool: str, args: dict[str, Any], place: Surroundings | None = None) -> bool:
    """Decide an action; where the policy cannot be written down, nothing runs."""
    try:
        loaded = Policy.load({"version": 1, "default": "allow", **policy}, surroundings=place)
    except PolicyError:
        return True
    return not loaded.session().decide({"tool": tool, "args": args}).allowed


def queries(folder: Path, only: str | None) -> Iterator[Share | Row]:
    """Columns that a policy denies, the exact columns of queries, and writes among statements."""
    for name, path in sets(folder, only):
        rows = list(read(path))
        denied = [row for row in rows if row.get("policy")]
        if denied:
            yield from _columns_denied(f"sql/{name}", denied)
        plain = [row for row in rows if isinstance(row["expected"], dict)]
        right = [row for row in plain if _columns(row) == {column.lower() for column in row["expected"]["columns"]}]
        if plain:
            yield Share(f"sql/{name}", "exactly the columns", len(right), len(plain))
        if not denied and not plain:
            yield from _read_only(f"sql/{name}", rows)


def _columns_denied(area: str, rows: list[Row]) -> Iterator[Share | Row]:
    counts = {"malicious": [0, 0], "benign": [0, 0]}
    for row in rows:
        policy = {
            "catalog": {"run_sql": {"sql": "args.query", "dialect": "sqlite", "schema": row["schema"]}},
            "policies": [
                {"id": f"deny-{at}", "when": {"sql": {"reads": column}}, "action": "deny", "message": "no"}
                for at, column in enumerate(row["policy"]["deny_columns"])
            ],
        }
        stopped = _stopped(policy, "run_sql", {"query": row["input"]})
        counts[row["expected"]][0] += stopped
        counts[row["expected"]][1] += 1
        if stopped != (row["expected"] == "malicious"):
            yield {"wrong": "false" if stopped else "missed", **row}
    yield Share(area, "denied columns stopped", *counts["malicious"], bound=1.0)
    yield Share(area, "other queries stopped", *counts["benign"], bound=0.0, least=False)


def _columns(row: Row) -> set[str]:
    return {column.lower() for column in parse_sql(row["input"], "sqlite", row["schema"]).columns()}


_READ_ONLY: Final = {
    "catalog": {"run_sql": {"sql": "args.query"}},
    "policies": [{"id": "w", "when": {"sql.read_only": False}, "action": "deny", "message": "reading only"}],
}


def _read_only(area: str, rows: list[Row]) -> Iterator[Share | Row]:
    counts = {"malicious": [0, 0], "benign": [0, 0]}
    for row in rows:
        if row["expected"] in counts:
            stopped = _stopped(_READ_ONLY, "run_sql", {"query": row["input"]})
            counts[row["expected"]][0] += stopped
            counts[row["expected"]][1] += 1
            if stopped != (row["expected"] == "malicious"):
                yield {"wrong": "false" if stopped else "missed", **row}
    yield Share(area, "statements that change something stopped", *counts["malicious"], bound=0.98)
    yield Share(area, "reading statements stopped", *counts["benign"], bound=0.02, least=False)


def confinement(folder: Path, only: str | None) -> Iterator[Share | Row]:
    """Paths that lead out of the folders a policy allows."""
    for name, path in sets(folder, only):
        counts = {"malicious": [0, 0], "benign": [0, 0]}
        for row in read(path):
            if row.get("policy"):
                folders = [normpath(name) for name in row["policy"]["allowed_directories"] if name.startswith("/")]
                inside = {"unless": {"file.path": {"within": folders}}} if folders else {}
                rule = {"id": "inside", "when": {"tool": "Read"}, **inside, "action": "deny", "message": "not here"}
                stopped = _stopped({"policies": [rule]}, "Read", {"file_path": row["input"]}, _SOMEWHERE)
                counts[row["expected"]][0] += stopped
                counts[row["expected"]][1] += 1
                if stopped != (row["expected"] == "malicious"):
                    yield {"wrong": "false" if stopped else "missed", **row}
        if counts["malicious"][1]:
            yield Share(f"paths/{name}", "paths outside stopped", *counts["malicious"], bound=1.0)
            yield Share(f"paths/{name}", "paths inside stopped", *counts["benign"], bound=0.0, least=False)


_SOMEWHERE: Final = Surroundings(cwd="/home/user/project", home="/home/user", workspace="/home/user/project")


def hosts(folder: Path, only: str | None) -> Iterator[Share | Row]:
    """URLs of which the host is what a browser sees; one that is invalid or ambiguous has none."""
    for name, path in sets(folder, only):
        right = every = 0
        for row in read(path):
            if isinstance(row["expected"], dict):
                every += 1
                seen = parse_url(row["input"])
                good = _same_host(seen, row["expected"])
                right += good
                if not good:
                    yield {"wrong": "host", "seen": str(seen), **row}
        if every:
            yield Share(f"urls/{name}", "hosts right", right, every, bound=393 / 395)


def _same_host(seen: HttpFacet | Failed, expected: Row) -> bool:
    if isinstance(seen, Failed):
        return not expected.get("hostname")
    named = expected.get("hostname")
    return named is not None and (seen.host, seen.scheme) == (named.strip("[]"), expected["protocol"][:-1])


TOPICS: Final[dict[str, Callable[[Path, str | None], Iterator[Share | Row]]]] = {
    "sql": queries,
    "paths": confinement,
    "urls": hosts,
}
