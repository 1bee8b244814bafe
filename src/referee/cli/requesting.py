"""Requests from the command line: JSON text, files of JSON lines, flags."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import msgspec

from referee.errors import InvalidRequest
from referee.model.request import Request

FLAGS: Final = (
    click.option("--request", "text", help="A request as JSON, or @FILE."),
    click.option("--tool", help="The tool that is called."),
    click.option(
        "--arg", "args", multiple=True, help="An argument NAME=VALUE; the value is JSON if it can be read so."
    ),
    click.option("--url", help="The URL of an HTTP request."),
    click.option("--method", help="Its method."),
    click.option("--model", help="The model that is called."),
    click.option("--text", "message", help="The text of a message."),
    click.option("--result", help="What the tool returned; JSON if it can be read so."),
    click.option("--cost", help="What the action costs."),
    click.option("--agent", help="The agent's id."),
    click.option("--tag", "tags", multiple=True, help="A tag of the agent."),
    click.option("--user", help="The user's id."),
    click.option("--environment", help="Where it happens."),
    click.option("--session", help="The session's id."),
)
"""The flags that say a request."""


def with_flags(function: Any) -> Any:
    """Give a command the flags that say a request."""
    for option in reversed(FLAGS):
        function = option(function)
    return function


def is_given(flags: dict[str, Any]) -> bool:
    """Tell whether the flags say a request at all."""
    return any(value not in (None, ()) for value in flags.values())


def build(flags: dict[str, Any]) -> Request:
    """Make the request that the flags say.

    Raises:
        click.UsageError: they say none, or two.
    """
    text = flags.pop("text")
    if text is not None and is_given(flags):
        raise click.UsageError("--request says everything; leave the other flags out")
    try:
        return Request.from_json(_text(text)) if text is not None else Request.from_dict(_fields(flags))
    except InvalidRequest as problem:
        raise click.UsageError(str(problem)) from None


def _text(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise click.UsageError(f"`{text[1:]}` cannot be read") from None


def _fields(flags: dict[str, Any]) -> dict[str, Any]:
    plain = ("tool", "url", "method", "model", "cost", "environment")
    fields: dict[str, Any] = {name: flags[name] for name in plain if flags[name] is not None}
    if flags["message"] is not None:
        fields["text"] = flags["message"]
    if flags["args"]:
        fields["args"] = dict(map(_argument, flags["args"]))
    if flags["result"] is not None:
        fields |= {"result": value(flags["result"]), "phase": "post"}
    agent = {"id": flags["agent"], "tags": list(flags["tags"])}
    fields["agent"] = {key: given for key, given in agent.items() if given}
    if flags["user"]:
        fields["user"] = {"id": flags["user"]}
    if flags["session"]:
        fields["session"] = {"id": flags["session"]}
    return fields


def _argument(text: str) -> tuple[str, Any]:
    name, equals, given = text.partition("=")
    if not (name and equals):
        raise click.UsageError("--arg takes NAME=VALUE")
    return name, value(given)


def value(text: str) -> Any:
    """Read JSON, or take the text as it is.

    >>> value("700"), value("alice"), value('["a"]')
    (700, 'alice', ['a'])
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text
