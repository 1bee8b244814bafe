"""``referee init``: a policy to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from referee import templates
from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.render import bold, print_json


@command("init")
@click.argument("path", default="policy.yaml", type=click.Path(dir_okay=False))
@click.option(
    "--template",
    default="deny-by-default",
    show_default=True,
    type=click.Choice(templates.names()),
    help="Which policy.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--list", "listing", is_flag=True, help="Say which templates there are.")
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
def main(path: str, template: str, *, force: bool, listing: bool, as_json: bool) -> int:
    """Write a policy to begin with, to PATH (policy.yaml).

    Exit codes: 0 written · 1 the file is there already.
    """
    if listing:
        _list(as_json=as_json)
        return Exit.OK
    target = Path(path)
    text = templates.path(template).read_text(encoding="utf-8")
    try:
        with target.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        click.echo(f"referee: `{path}` is there already; --force replaces it", err=True)
        return Exit.REFUSED
    except OSError as problem:
        raise click.FileError(path, (problem.strerror or "cannot be written").lower()) from None
    if as_json:
        print_json({"path": path, "template": template})
        return Exit.OK
    click.echo(f"wrote {bold(path)} from the template `{template}`")
    click.echo(f"  referee explain {path}")
    click.echo(f"  referee check {path} --tool search_docs --arg q=refunds")
    return Exit.OK


def _list(*, as_json: bool) -> None:
    found = {name: _description(name) for name in templates.names()}
    if as_json:
        print_json(found)
        return
    width = max(map(len, found))
    for name, said in found.items():
        click.echo(f"{name:<{width}}  {said}")


def _description(name: str) -> str:
    lines = templates.path(name).read_text(encoding="utf-8").splitlines()
    return next((line.removeprefix("description: ") for line in lines if line.startswith("description: ")), "")
