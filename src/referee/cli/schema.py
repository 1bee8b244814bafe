"""``referee schema``: the JSON Schema of policy files, for editors."""

from __future__ import annotations

import sys

import click

from referee.cli.app import command
from referee.cli.render import print_json
from referee.language.schema import json_schema


@command("schema")
@click.option("--json", "as_json", is_flag=True, help="The schema is JSON in any case.")
def main(*, as_json: bool) -> None:
    """Print the JSON Schema of policy files.

    With the YAML extension of an editor: `# yaml-language-server: $schema=policy.schema.json` as a file's first line.
    """
    print_json(json_schema())
    if sys.stdout.isatty() and not as_json:
        click.echo("write it to a file: referee schema > policy.schema.json", err=True)
