"""``referee init``: a policy to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from referee import templates
from referee.cli.app import command
from referee.cli.exits import Exit
from referee.cli.render import bold, print_json
from referee.cli.starting import suite_text


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
@click.option("--tests", is_flag=True, help="Write tests of every rule beside it.")
@click.option("--list", "listing", is_flag=True, help="Say which templates there are.")
@click.option("--json", "as_json", is_flag=True, help="Say what was done as JSON.")
def main(path: str, template: str, *, force: bool, tests: bool, listing: bool, as_json: bool) -> int:
    """Write a policy to begin with, to PATH (policy.yaml).

    Exit codes: 0 written · 1 the file is there already.
    """
    if listing:
        _list(as_json=as_json)
        return Exit.OK
    target = Path(path)
    texts = {target: templates.path(template).read_text(encoding="utf-8")}
    if tests:
        texts[target.with_suffix(".test.yaml")] = suite_text(template, target.name)
    there = [file for file in texts if file.exists() and not force]
    if there:
        click.echo(f"referee: `{there[0]}` is there already; --force replaces it", err=True)
        return Exit.REFUSED
    for file, text in texts.items():
        if not _write(file, text, force=force):
            return Exit.REFUSED
    if as_json:
        print_json({"path": path, "template": template, **({"tests": str([*texts][1])} if tests else {})})
        return Exit.OK
    click.echo(f"wrote {bold(path)} from the template `{template}`")
    click.echo(f"  referee explain {path}")
    click.echo(f"  referee check {path} --tool search_docs --arg q=refunds")
    if tests:
        click.echo(f"  referee test {[*texts][1]}")
    return Exit.OK


def _write(target: Path, text: str, *, force: bool) -> bool:
    try:
        with target.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        click.echo(f"referee: `{target}` is there already; --force replaces it", err=True)
        return False
    except OSError as problem:
        raise click.FileError(str(target), (problem.strerror or "cannot be written").lower()) from None
    return True


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
