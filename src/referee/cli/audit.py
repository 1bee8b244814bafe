"""``referee audit``: what was decided, by whom it was asked, and whether the journal still says all of it."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any, Final

import click
import msgspec

from referee.audit.chain import Flaw, Head
from referee.audit.journal import verify as verify_chain
from referee.audit.reading import NoRecord, Query, Record, Tally, record, records, tally
from referee.cli.app import group
from referee.cli.exits import Exit
from referee.cli.render import PAST, bold, dim, paint, print_json
from referee.enforce.policies import Policy
from referee.language.quantities import duration

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False))
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_EVERY: Final = 0.2
_LISTED: Final = 20
_COLUMNS: Final = (
    "timestamp", "decision", "tool", "kind", "phase", "model", "agent", "team", "user", "session", "environment", "rules",
    "severity", "risk_score", "reason", "cost", "redactions", "errors", "decision_id", "action_id", "policy_digest", "hash",
)  # fmt: skip


@group("audit")
def main() -> None:
    """Look into a journal of decisions (`journal=` in Python). No argument, result or secret is in it."""


def _asked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what to look for."""
    options = (
        click.option("--decision", type=click.Choice(list(PAST)), help="Only this verdict."),
        click.option("--rule", help="A rule that matched, decided, or could not be decided."),
        click.option("--tool", help="A tool; * stands for anything."),
        click.option("--agent", help="An agent."),
        click.option("--user", help="A user."),
        click.option("--session", help="A session."),
        click.option("--action", help="An action, by its id."),
        click.option(
            "--severity", type=click.Choice(["low", "medium", "high", "critical"]), help="At least this severe."
        ),
        click.option("--since", help="From then on: a time, or how long ago (2h, 7d)."),
        click.option("--until", help="Before then."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@main.command("verify")
@_FILE
@click.option("--head", metavar="COUNT:HASH", help="Where the journal stood at least; shows when its end was cut off.")
@_JSON
def verify(file: str, head: str | None, *, as_json: bool) -> int:
    """Check that no record was changed, removed, inserted or moved. Exit codes: 0 whole · 1 a record does not hold."""
    found = verify_chain(file, None if head is None else _head(head))
    if as_json:
        print_json({"file": file, "holds": isinstance(found, Head), **msgspec.structs.asdict(found)})
    elif isinstance(found, Flaw):
        click.echo(f"{bold(file)}: {paint('does not hold', 'deny')} from line {found.line} on: {found.why}")
    else:
        click.echo(f"{bold(file)}: {paint('holds', 'allow')}, {found.count} records")
        click.echo(f"  --head {found.count}:{found.hash} shows later whether its end was cut off")
    return Exit.REFUSED if isinstance(found, Flaw) else Exit.OK


def _head(text: str) -> Head:
    count, _, digest = text.partition(":")
    if not count.isdigit() or len(digest) != 64:
        raise click.UsageError("--head takes COUNT:HASH, as `verify` prints it")
    return Head(int(count), digest)


@main.command("tail")
@_FILE
@click.option("-n", "count", default=10, show_default=True, type=click.IntRange(0), help="How many records.")
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes.")
@_asked
@_JSON
def tail(file: str, count: int, *, follow: bool, as_json: bool, **asked: str | None) -> int:
    """Print the latest decisions."""
    query = _query(asked)
    for found in deque(_found(file, query), maxlen=count):
        _print(found, as_json=as_json)
    if follow:
        _follow(file, query, as_json=as_json)
    return Exit.OK


def _follow(file: str, query: Query, *, as_json: bool) -> None:
    with Path(file).open("rb") as stream:
        stream.seek(0, 2)
        rest = b""
        while True:
            rest += stream.read()
            *lines, rest = rest.split(b"\n")
            for line in lines:
                found = record(line)
                if found is not None and query.fits(found):
                    _print(found, as_json=as_json)
            sys.stdout.flush()
            sleep(_EVERY)


@main.command("query")
@_FILE
@_asked
@_JSON
def query(file: str, *, as_json: bool, **asked: str | None) -> int:
    """Print the decisions that fit everything that is said. Exit codes: 0 there are some · 1 there is none."""
    any_ = False
    for found in _found(file, _query(asked)):
        any_ = True
        _print(found, as_json=as_json)
    return Exit.OK if any_ else Exit.REFUSED


@main.command("show")
@_FILE
@click.argument("decision_id")
def show(file: str, decision_id: str) -> int:
    """Print everything of one decision, named by its id or that of its action. Exit codes: 0 · 1 it is not there."""
    found = [one for one in _found(file, Query()) if decision_id in (one["decision_id"], one.get("action_id"))]
    for one in found:
        print_json(one)
    if not found:
        click.echo(f"referee: there is no decision `{decision_id}` in `{file}`", err=True)
    return Exit.OK if found else Exit.REFUSED


@main.command("export")
@_FILE
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True, help="Which form."
)
@_asked
def export(file: str, form: str, **asked: str | None) -> int:
    """Print the decisions that fit for another program: as a table, or as JSON lines."""
    if form == "csv":
        click.echo(_row(_COLUMNS), nl=False)
    for found in _found(file, _query(asked)):
        click.echo(_row(_cells(found)) if form == "csv" else msgspec.json.encode(found).decode() + "\n", nl=False)
    return Exit.OK


@main.command("stats")
@_FILE
@click.option(
    "--policy", multiple=True, type=click.Path(exists=True), help="Name the rules of this policy that never spoke."
)
@_asked
@_JSON
def stats(file: str, policy: tuple[str, ...], *, as_json: bool, **asked: str | None) -> int:
    """Sum a journal up: how often which rule, tool and agent was refused, and how long deciding took."""
    summed = tally(file, _query(asked))
    silent = _silent(policy, summed) if policy else None
    if as_json:
        print_json(_data(summed, silent))
    else:
        click.echo("\n".join(_lines(summed, silent)))
    return Exit.OK


def _silent(policy: tuple[str, ...], summed: Tally) -> list[str]:
    program = Policy.load(*map(Path, policy)).program
    names = {rule.id for rule in program.rules if rule.mode != "off"}
    names |= {limit.id for limit in program.limits if limit.mode != "off"}
    return sorted(names - summed.rules.keys())


def _query(asked: dict[str, str | None]) -> Query:
    moments = {name: _moment(name, asked[name]) for name in ("since", "until")}
    return Query(**{**asked, **moments})


def _moment(name: str, text: str | None) -> str | None:
    """Read a time, or a time ago, as timestamps of records are written."""
    if text is None:
        return None
    seconds = duration(text)
    try:
        if seconds is not None:
            moment = datetime.now(UTC) - timedelta(seconds=seconds)
        else:
            given = datetime.fromisoformat(text)
            moment = given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.UsageError(
            f"--{name} takes a time such as 2026-01-31T12:00 (UTC), or how long ago: 30m, 2h, 7d"
        ) from None
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _found(file: str, query: Query) -> Iterator[Record]:
    for found in records(file):
        if isinstance(found, NoRecord):
            click.echo(f"referee: line {found.line} of `{file}` is no record; see `referee audit verify`", err=True)
        elif query.fits(found):
            yield found


def _print(found: Record, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    request = found.get("request", {})
    what = request.get("tool") or request.get("model") or request.get("kind", "?")
    who = request.get("agent") or "-"
    phase = "" if request.get("phase", "pre") == "pre" else f" ({request['phase']})"
    verdict = paint(f"{PAST.get(found['decision'], found['decision']):<14}", found["decision"])
    said = f"{bold(_plain(what))}{phase} by {_plain(who)}: {_plain(found.get('reason', ''))}"
    click.echo(f"{dim(_plain(found.get('timestamp', '')[:23]))} {verdict} {said}")


def _plain(text: str) -> str:
    """Take out what would move a terminal's cursor or change its colours: names come from agents."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _cells(found: Record) -> list[str]:
    request = found.get("request", {})
    lists = {
        "rules": " ".join(found.get("policy_ids", ())),
        "redactions": " ".join(f"{one['path']}:{one['kind']}:{one['count']}" for one in found.get("redactions", ())),
        "errors": " ".join(error["id"] for error in found.get("errors", ())),
    }
    return [str(lists.get(name, found.get(name, request.get(name, "")))) for name in _COLUMNS]


def _row(cells: tuple[str, ...] | list[str]) -> str:
    """Write a line of a table; what a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells])
    return out.getvalue()


def _data(summed: Tally, silent: list[str] | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "records": summed.count,
        "no_records": summed.broken,
        "first": summed.first,
        "last": summed.last,
        "decisions": dict(summed.decisions),
        "rules": {name: dict(counts) for name, counts in summed.rules.items()},
        "tools": {name: dict(counts) for name, counts in summed.tools.items()},
        "agents": {name: dict(counts) for name, counts in summed.agents.items()},
        "errors": dict(summed.errors),
        "removed": dict(summed.removed),
        "evaluation_us": {"p50": summed.micros(0.5), "p99": summed.micros(0.99)},
    }
    return told if silent is None else {**told, "never": silent}


def _lines(summed: Tally, silent: list[str] | None) -> list[str]:
    if not summed.count:
        return ["no record fits"]
    said = [f"{summed.count} decisions from {summed.first[:19]} to {summed.last[:19]}: {_shares(summed.decisions)}"]
    said.append(f"deciding took p50 {summed.micros(0.5)} µs, p99 {summed.micros(0.99)} µs")
    for title, table in (("rules that matched", summed.rules), ("tools", summed.tools), ("agents", summed.agents)):
        if table:
            said += ["", title, *_table(table)]
    if summed.errors:
        said += [
            "",
            "rules that could not be decided",
            *(f"  {name}: {n}" for name, n in summed.errors.most_common(_LISTED)),
        ]
    if summed.removed:
        said += ["", "removed: " + ", ".join(f"{count} {kind}" for kind, count in summed.removed.most_common(_LISTED))]
    if silent is not None:
        said += ["", f"never spoke: {', '.join(silent) or 'none'}"]
    return [*said, *([f"{summed.broken} lines are no records"] if summed.broken else [])]


def _table(table: dict[str, Counter[str]]) -> list[str]:
    """List the names that were refused most often first."""
    refused = {name: counts.total() - counts["allow"] for name, counts in table.items()}
    names = sorted(table, key=lambda name: (-refused[name], -table[name].total(), name))
    width = max(len(name) for name in names[:_LISTED])
    lines = [f"  {_plain(name):<{width}}  {table[name].total():>6}  {_shares(table[name])}" for name in names[:_LISTED]]
    rest = len(names) - _LISTED
    return [*lines, f"  and {rest} more"] if rest > 0 else lines


def _shares(counts: Counter[str]) -> str:
    whole = counts.total()
    return ", ".join(f"{PAST.get(name, name)} {100 * counts[name] / whole:.1f} %" for name in PAST if counts[name])
