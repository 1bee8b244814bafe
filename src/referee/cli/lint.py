"""``referee lint``: what compiles and is still not what somebody meant."""

from __future__ import annotations

import click

from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.reading import check, report, texts_of
from referee.language.lint import lint


@command("lint")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--json", "form", flag_value="json", help="Print the findings as JSON.")
@click.option("--sarif", "form", flag_value="sarif", help="Print the findings as SARIF 2.1.0.")
def main(paths: tuple[str, ...], form: str | None) -> int:
    """Look for rules that never match, that others make pointless, that loosen an approval, or that say nothing.

    Exit codes: 0 nothing found · 1 findings · 2 a policy does not compile.
    """
    checked = check(paths)
    if checked.policies is None:
        report(checked.diagnostics, form)
        return Exit.USAGE
    found = (*checked.diagnostics, *lint(checked.policies, texts_of(paths)))
    report(found, form, otherwise="nothing found")
    return Exit.REFUSED if found else Exit.OK
