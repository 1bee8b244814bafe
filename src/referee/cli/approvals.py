"""``referee approvals``: the questions that agents' actions wait for, answered by the person at this terminal.

Rule 1: who answers is the user of the operating system, in the groups the system knows of; nobody can say to be somebody else.
Rule 2: what comes from an agent is printed without anything that would move a terminal's cursor.
"""

from __future__ import annotations

import grp
import os
import pwd
from collections.abc import Callable, Sequence
from time import sleep
from typing import Any, Final

import click
import msgspec

from referee.cli.app import group
from referee.cli.exits import Exit
from referee.cli.render import bold, dim, paint, print_json
from referee.enforce.approvals import Approvals
from referee.enforce.stores import open_store, shelf_of
from referee.enforce.world import SYSTEM
from referee.errors import InvalidRequest
from referee.state.questions import Question

_STORE = click.option(
    "--store", required=True, envvar="REFEREE_STORE", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
    help="The file that `store=` names in Python. [env: REFEREE_STORE]",
)  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_WORDS: Final = {
    "pending": "require_approval",
    "approved": "allow",
    "rejected": "deny",
    "expired": "terminate",
    "used": "log",
}
_EVERY: Final = 0.5


@group("approvals")
def main() -> None:
    """Answer for actions that wait for a human. You answer as the user you are, with the groups you are in."""


def _open(store: str) -> Approvals:
    return Approvals(SYSTEM, shelf_of(open_store(store, SYSTEM)))


@main.command("list")
@_STORE
@click.option("--all", "all_", is_flag=True, help="Also those that are answered, expired and used.")
@_JSON
def list_(store: str, *, all_: bool, as_json: bool) -> int:
    """List the questions that wait for an answer. Exit codes: 0 there are some · 1 there is none."""
    approvals = _open(store)
    found = approvals.every if all_ else approvals.pending
    if as_json:
        print_json([_data(question) for question in found])
    else:
        for question in found:
            click.echo("\n".join(_lines(question)))
        if not found:
            click.echo("no question waits for an answer")
    return Exit.OK if found else Exit.REFUSED


@main.command("show")
@_STORE
@click.argument("approval_id")
def show(store: str, approval_id: str) -> int:
    """Print everything about a question. Exit codes: 0 · 1 there is none of that name."""
    return _answered(lambda: _open(store).get(approval_id), as_json=True)


@main.command("approve")
@_STORE
@click.argument("approval_id")
@_JSON
def approve(store: str, approval_id: str, *, as_json: bool) -> int:
    """Approve an action: exactly this one, once. Exit codes: 0 approved, or one of several needed · 1 you may not."""
    by, roles = _me()
    return _answered(lambda: _open(store).approve(approval_id, by=by, roles=roles), as_json=as_json)


@main.command("reject")
@_STORE
@click.argument("approval_id")
@click.option("-m", "--message", default="", help="What the agent is told.")
@_JSON
def reject(store: str, approval_id: str, message: str, *, as_json: bool) -> int:
    """Reject an action; the same action stays refused. Exit codes: 0 rejected · 1 you may not."""
    by, roles = _me()
    return _answered(lambda: _open(store).reject(approval_id, by=by, roles=roles, message=message), as_json=as_json)


@main.command("revoke")
@_STORE
@click.argument("approval_id")
@_JSON
def revoke(store: str, approval_id: str, *, as_json: bool) -> int:
    """Take back an approval that was not used yet, or a question. Exit codes: 0 taken back · 1 it is closed."""
    return _answered(lambda: _open(store).revoke(approval_id), as_json=as_json)


@main.command("watch")
@_STORE
@_JSON
def watch(store: str, *, as_json: bool) -> int:
    """Print questions as they are asked, until Ctrl-C."""
    approvals = _open(store)
    seen: set[str] = set()
    while True:
        for question in approvals.pending:
            if question.id not in seen:
                seen.add(question.id)
                click.echo(msgspec.json.encode(_data(question)) if as_json else "\n".join(_lines(question)))
        sleep(_EVERY)


def _me() -> tuple[str, tuple[str, ...]]:
    """Say who is at this terminal, as the system knows it."""
    user = pwd.getpwuid(os.getuid())
    found: list[str] = []
    for number in os.getgrouplist(user.pw_name, user.pw_gid):
        try:
            found.append(grp.getgrgid(number).gr_name)
        except KeyError:
            continue
    return user.pw_name, tuple(sorted(found))


def _answered(answer: Callable[[], Question], *, as_json: bool) -> int:
    try:
        question = answer()
    except InvalidRequest as problem:
        click.echo(f"referee: {problem}", err=True)
        return Exit.REFUSED
    if as_json:
        print_json(_data(question))
    else:
        click.echo("\n".join(_lines(question)))
    return Exit.OK


def _data(question: Question) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(question)
    left = _left(question)
    return {**told, "approvers": list(question.approvers), **({} if left is None else {"seconds_left": left})}


def _left(question: Question) -> int | None:
    if question.deadline is None or question.state != "pending":
        return None
    return max(0, round(question.deadline - SYSTEM.monotonic()))


def _lines(question: Question) -> list[str]:
    left = _left(question)
    time = "" if left is None else dim(f"  {left // 60} min {left % 60} s left")
    said = [f"{bold(question.id)}  {paint(question.state, _WORDS[question.state])}{time}"]
    said.append(f"  {_plain(question.subject)}, asked by {_named(question.requesters) or 'nobody with a name'}")
    said.append(f"  {_plain(question.reason)}")
    if question.details:
        said.append(f"  {_plain(question.details)}")
    needs = max((demand.quorum for demand in question.demands), default=1)
    who = _named(question.approvers) or "anybody else"
    said.append(f"  may answer: {who}" + (f"; {needs} are needed" if needs > 1 else ""))
    if question.answers:
        said.append(f"  approved by {_named([answer.by for answer in question.answers])}")
    return said + ([f"  {_plain(question.message)}"] if question.message else [])


def _named(names: Sequence[str]) -> str:
    return ", ".join(map(_plain, names))


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
