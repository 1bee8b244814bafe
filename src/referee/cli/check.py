"""``referee check``: decide one request, or a file of them."""

from __future__ import annotations

import sys
from typing import Any, BinaryIO

import click

from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.reading import sources
from referee.cli.render import lines, print_json
from referee.cli.requesting import build, is_given, with_flags
from referee.cli.stream import AT_ONCE, decide_lines
from referee.enforce.policies import Policy


@command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "--requests", type=click.File("rb", lazy=False), help="A file of requests as JSON lines; - is standard input."
)
@click.option("--store", type=click.Path(dir_okay=False), help="Keep what limits hold in this file.")
@with_flags
@click.option("--json", "as_json", is_flag=True, help="Print the decision as JSON.")
def main(paths: tuple[str, ...], requests: BinaryIO | None, store: str | None, *, as_json: bool, **flags: Any) -> int:
    """Decide a request, or with --requests one a line, in order, in one session per `session.id`.

    Several PATHS are layers, the first the outermost. Decisions of --requests are JSON lines; a line that is not a
    request is denied. Exit codes: 0 allowed · 1 something was not allowed · 2 a policy does not compile.
    """
    if (requests is not None) == is_given(flags):
        raise click.UsageError("say one request by flags, or many by --requests")
    if "-" in paths and _is_standard(requests):
        raise click.UsageError("standard input can only be read once")
    policy = Policy.load(*sources(paths), store=store)
    return _one(policy, flags, as_json=as_json) if requests is None else _many(policy, requests)


def _one(policy: Policy, flags: dict[str, Any], *, as_json: bool) -> int:
    request = build(flags)
    outcome = policy.session(id=request.session.id).decide(request)
    decision = outcome.decision
    if as_json:
        print_json(decision.to_dict())
    else:
        click.echo("\n".join(lines(decision)))
    return Exit.OK if outcome.allowed else Exit.REFUSED


def _many(policy: Policy, requests: BinaryIO) -> int:
    at_once = 1 if _is_standard(requests) else AT_ONCE
    allowed = decide_lines(policy, requests, sys.stdout.buffer, at_once=at_once)
    return Exit.OK if allowed else Exit.REFUSED


def _is_standard(requests: BinaryIO | None) -> bool:
    return getattr(requests, "name", None) in ("<stdin>", 0)
