"""``referee schema``: the JSON Schema of policy files, and of their tests, for editors."""

from __future__ import annotations

import sys

import click

from referee.cli.app import command
from referee.cli.render import print_json
from referee.language.schema import json_schema
from referee.testing.schema import schema_of_tests


@command("schema")
@click.option("--tests", is_flag=True, help="The schema of NAME.test.yaml, the tests of policies.")
@click.option("--json", "as_json", is_flag=True, help="The schema is JSON in any case.")
def main(*, tests: bool, as_json: bool) -> None:
    """Print the JSON Schema of policy files, or of their tests.

    With the YAML extension of an editor: `# yaml-language-server: $schema=policy.schema.json` as a file's first line.
    """
    print_json(schema_of_tests() if tests else json_schema())
    if sys.stdout.isatty() and not as_json:
        words, name = (" --tests", "tests") if tests else ("", "policy")
        click.echo(f"write it to a file: referee schema{words} > {name}.schema.json", err=True)
