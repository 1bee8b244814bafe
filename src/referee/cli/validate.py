"""``referee validate``: does it compile, and if not, everything that is wrong with it."""

from __future__ import annotations

import click

from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.reading import check, report


@command("validate")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--json", "form", flag_value="json", help="Print the problems as JSON.")
@click.option("--sarif", "form", flag_value="sarif", help="Print the problems as SARIF 2.1.0.")
def main(paths: tuple[str, ...], form: str | None) -> int:
    """Check policy files and folders, and say every problem with its place.

    Exit codes: 0 in order · 2 a policy does not compile.
    """
    checked = check(paths)
    if checked.policies is None:
        report(checked.diagnostics, form)
        return Exit.USAGE
    policies = checked.policies
    said = f"in order: {_count(len(policies.rules), 'rule')}, {_count(len(policies.limits), 'limit')}"
    report(checked.diagnostics, form, otherwise=said)
    return Exit.OK


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
