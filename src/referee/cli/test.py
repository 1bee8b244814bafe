"""``referee test``: run the tests of policies."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import sleep
from typing import Any, Final

import click
import msgspec

from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.render import bold, dim, paint, print_json
from referee.errors import PolicyError
from referee.testing.cases import Case, Result
from referee.testing.coverage import Coverage, Summary, as_json
from referee.testing.files import find
from referee.testing.junit import junit
from referee.testing.suite import Policies, load, run

_EVERY: Final = 0.3
_LISTED: Final = 40


class Report(msgspec.Struct, frozen=True):
    """What one run of all files came to: results by file, the files that cannot be used and why, what was covered."""

    results: dict[str, list[Result]]
    broken: dict[str, str]
    coverage: Summary | None = None

    @property
    def failed(self) -> list[Result]:
        """The tests that failed."""
        return [one for results in self.results.values() for one in results if one.failed is not None]

    @property
    def count(self) -> int:
        """How many tests ran."""
        return sum(map(len, self.results.values()))


@command("test")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-k", "words", default="", metavar="TEXT", help="Only tests with TEXT in their name.")
@click.option("-x", "--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("-v", "--verbose", is_flag=True, help="Name every test.")
@click.option("--coverage", is_flag=True, help="Say which rules and conditions the tests have not seen.")
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail if less than this is covered."
)
@click.option("--junit", "junit_file", type=click.Path(dir_okay=False), help="Write the results as JUnit XML.")
@click.option("--json", "as_data", is_flag=True, help="Print the results as JSON.")
@click.option("--watch", is_flag=True, help="Run again whenever a test or a policy changes.")
def main(
    paths: tuple[str, ...],
    words: str,
    *,
    fail_fast: bool,
    verbose: bool,
    coverage: bool,
    fail_under: float | None,
    junit_file: str | None,
    as_data: bool,
    watch: bool,
) -> int:
    """Run the tests of policies: NAME.test.yaml beside the policy NAME.yaml.

    PATHS are files or folders; the current folder if there are none. Exit codes: 0 all passed · 1 one failed, or too
    little is covered · 2 a file cannot be used, or there is no test.
    """
    if watch and (as_data or junit_file):
        raise click.UsageError("--watch is for people; leave --json and --junit out")
    where = [Path(path) for path in paths or (".",)]

    def once() -> int:
        report = _run(where, words, fail_fast=fail_fast, coverage=coverage or fail_under is not None)
        if junit_file is not None:
            Path(junit_file).write_text(junit(report.results, report.broken), encoding="utf-8")
        if as_data:
            print_json(_data(report))
        else:
            click.echo("\n".join(_lines(report, verbose=verbose)))
        return _code(report, fail_under)

    return _watch(where, once) if watch else once()


def _run(where: Sequence[Path], words: str, *, fail_fast: bool, coverage: bool) -> Report:
    policies, seen = Policies(), Coverage() if coverage else None
    report = Report({}, {})

    def wanted(case: Case) -> bool:
        return words.lower() in case.name.lower()

    for path in find(where):
        try:
            suite = load(path, policies)
        except PolicyError as problem:
            report.broken[str(path)] = str(problem)
            continue
        results = report.results.setdefault(str(path), [])
        for result in run(suite, policies, seen, wanted):
            results.append(result)
            if fail_fast and result.failed is not None:
                return report
    return msgspec.structs.replace(report, coverage=None if seen is None else seen.summary())


def _code(report: Report, fail_under: float | None) -> int:
    if report.broken or not report.count:
        return Exit.USAGE
    covered = report.coverage.percent if report.coverage is not None else 100.0
    return Exit.REFUSED if report.failed or covered < (fail_under or 0) else Exit.OK


def _lines(report: Report, *, verbose: bool) -> list[str]:
    said: list[str] = []
    for path, results in report.results.items():
        bad = [one for one in results if one.failed is not None]
        tally = f"{len(results) - len(bad)} of {len(results)} passed"
        if results:
            said.append(f"{bold(path)}: {paint(tally, 'deny' if bad else 'allow')}")
        for one in results:
            if one.failed is not None:
                said += _failure(one)
            elif verbose:
                said.append(f"  {paint('passed', 'allow')} {one.case.name} {dim(f'({1_000 * one.seconds:.1f} ms)')}")
    for path, problem in report.broken.items():
        said += [f"{bold(path)}: {paint('cannot be used', 'deny')}", *(f"  {line}" for line in problem.splitlines())]
    if report.coverage is not None:
        said += _covered(report.coverage, verbose=verbose)
    if not report.count and not report.broken:
        return [*said, "there is no test; write one in NAME.test.yaml beside the policy NAME.yaml"]
    seconds = sum(one.seconds for results in report.results.values() for one in results)
    total = f"{report.count - len(report.failed)} passed, {len(report.failed)} failed"
    broken = f", {len(report.broken)} files cannot be used" if report.broken else ""
    return [*said, f"{total}{broken} in {seconds:.2f} s"]


def _failure(one: Result) -> list[str]:
    failed = one.failed
    assert failed is not None
    step = f", step {failed.step}" if len(one.case.steps) > 1 else ""
    head = f"  {paint('FAILED', 'deny')} {one.case.name} {dim(f'({failed.span.path}:{failed.span.line}{step})')}"
    return [head, *(f"    {line}" for line in failed.differs), *(f"      {line}" for line in failed.why)]


def _covered(summary: Summary, *, verbose: bool) -> list[str]:
    told = (
        f"coverage {summary.percent:.0f} %: {summary.rules_matched} of {summary.rules} rules and limits matched, "
        f"{summary.conditions_both_ways} of {summary.conditions} conditions came out both ways"
    )
    said = [told]
    most = len(summary.uncovered) if verbose else _LISTED
    for one in summary.uncovered[:most]:
        what = (
            f"{one.condition}: {f'only {one.only}' if one.only else 'never asked'}"
            if one.condition
            else "never matched"
        )
        said.append(f"  `{one.id}` {dim(one.source)} {what}")
    rest = len(summary.uncovered) - most
    return [*said, f"  and {rest} more; -v lists them"] if rest > 0 else said


def _data(report: Report) -> dict[str, Any]:
    told: dict[str, Any] = {
        "passed": report.count - len(report.failed),
        "failed": len(report.failed),
        "files": {path: [_result(one) for one in results] for path, results in report.results.items()},
        "broken": report.broken,
    }
    return told if report.coverage is None else {**told, "coverage": as_json(report.coverage)}


def _result(one: Result) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": one.case.name,
        "line": one.case.span.line,
        "passed": one.failed is None,
        "seconds": round(one.seconds, 6),
    }
    if one.failed is not None:
        told |= {"step": one.failed.step, "differs": list(one.failed.differs), "why": list(one.failed.why)}
    return told


def _watch(where: Sequence[Path], once: Callable[[], int]) -> int:
    """Run again when a file changes, until the user stops it."""
    before: dict[Path, int] = {}
    while True:
        now = _stamps(where)
        if now != before:
            if sys.stdout.isatty():
                click.clear()
            once()
            click.echo(dim("waiting for a change; Ctrl-C ends"))
            before = now
        sleep(_EVERY)


def _stamps(where: Sequence[Path]) -> dict[Path, int]:
    """Note when the tests, and the files beside them, were changed last."""
    found: dict[Path, int] = {}
    for folder in {path if path.is_dir() else path.parent for path in where}:
        for file in folder.rglob("*"):
            if file.suffix in (".yaml", ".yml", ".json"):
                try:
                    found[file] = file.stat().st_mtime_ns
                except OSError:
                    continue
    return found
