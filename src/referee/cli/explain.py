"""``referee explain``: what a policy does, and why it decides a request as it does."""

from __future__ import annotations

from typing import Any

import click

from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.portrait import lines, summary
from referee.cli.reading import check, report
from referee.cli.reasons import no_rule, show
from referee.cli.render import print_json
from referee.cli.requesting import build, is_given, with_flags


@command("explain")
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@with_flags
@click.option("--rule", "rule_id", help="Say of this rule alone why it matches or not.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(paths: tuple[str, ...], rule_id: str | None, *, as_json: bool, **flags: Any) -> int:
    """Say in words what policies do; with a request, why each rule matches it or not.

    Several PATHS are layers, the first the outermost. Exit codes: 0 explained · 2 a policy does not compile.
    """
    checked = check(paths, layered=True)
    if checked.policies is None:
        report(checked.diagnostics, "json" if as_json else None)
        return Exit.USAGE
    if is_given(flags):
        show(paths, build(flags), rule_id, as_json=as_json)
        return Exit.OK
    if rule_id is not None and rule_id not in {rule.id for rule in checked.policies.rules}:
        raise no_rule(rule_id, checked.policies.rules)
    if as_json:
        print_json(summary(checked.policies))
    else:
        click.echo("\n".join(lines(checked.policies)))
    return Exit.OK
