"""``referee demo``: sessions of three agents, decided by the templates that come with the package.

Rule 1: nothing is staged. Payloads as Claude Code and Codex send them, and requests, go through the same hook, sessions and policies
that a user installs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from referee import templates
from referee.adapters.hooks.answering import HOSTS, recognise
from referee.adapters.hooks.deciding import Resumed, respond
from referee.adapters.hooks.memory import Memory
from referee.adapters.hooks.moments import PROMPT, RESULT
from referee.adapters.hooks.options import Options
from referee.adapters.hooks.protocol import Event, Ruling
from referee.cli.app import command
from referee.cli.render import PAST, bold, dim, paint, print_json
from referee.enforce.policies import Policy
from referee.facets.surroundings import Surroundings
from referee.model.decision import Decision
from referee.model.request import Request
from referee.scanners.builtin import builtin

_FOLDER: Final = Path(__file__).parent / "recordings"
_PROJECT: Final = "/home/dev/project"
_SECRETS: Final = {"{{github_token}}": "ghp_" + "A1b2C3d4E5f6G7h8I9j0" + "K1l2M3n4O5p6Q7r8"}
_SHOWN: Final = ("email", "password", "bearer_token")
_WIDTH: Final = 92
_INDENT: Final = " " * 17
_WORDS: Final = {**{past: verdict for verdict, past in PAST.items()}, "redacted": "redact"}


class Shown(msgspec.Struct):
    """One moment of a session as people see it."""

    agent: str
    does: str
    verdict: str
    rules: list[str]
    says: str
    effect: str = ""


@command("demo")
@click.option("--agent", type=click.Choice(["coding", "codex", "support"]), help="One of the sessions only.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(agent: str | None, *, as_json: bool) -> None:
    """Play the sessions of two coding agents and a support agent through policy files, and say what is decided and why."""
    sessions = {"coding": _coding, "codex": _codex, "support": _support}
    chosen = {name: play for name, play in sessions.items() if agent in (None, name)}
    if as_json:
        print_json([shown for play in chosen.values() for shown in play()])
        return
    counts: dict[str, int] = {}
    for name, play in chosen.items():
        click.echo(_HEADS[name])
        for shown in play():
            counts[shown.verdict] = counts.get(shown.verdict, 0) + 1
            click.echo("\n".join(_lines(shown)))
        click.echo("")
    click.echo(" · ".join(f"{verdict} {count}" for verdict, count in counts.items()))
    click.echo("What names no rule is allowed by the policy's default.")
    click.echo(
        "Next: `referee init --template coding-agent` and `referee hook install claude-code --policy policy.yaml`"
    )


_HEADS: Final = {
    "coding": f"{bold('A coding agent')}, hooked, under templates/coding-agent.yaml\n",
    "codex": f"{bold('Another coding agent')}, Codex, in its own protocol, under the same policy\n",
    "support": f"{bold('A support agent')}, in a session, under templates/customer-support.yaml\n",
}


def _recorded(name: str) -> Iterator[dict[str, Any]]:
    text = (_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    for token, secret in _SECRETS.items():
        text = text.replace(token, secret)
    for line in text.splitlines():
        yield json.loads(line)


def _coding() -> Iterator[Shown]:
    return _hooked("coding", "claude-code", "coding-agent")


def _codex() -> Iterator[Shown]:
    return _hooked("codex", "codex", "codex")


def _hooked(agent: str, name: str, recording: str) -> Iterator[Shown]:
    """Play the payloads that a coding agent's hook got through that hook."""
    world = Resumed()
    memory = Memory(world.wall, world.monotonic, "demo")
    place = Surroundings(cwd=_PROJECT, home="/home/dev", workspace=_PROJECT, variables={"HOME": "/home/dev"})
    policy = Policy.load(templates.path("coding-agent"), store=memory, surroundings=place, world=world)
    host = HOSTS[name]
    for payload in _recorded(recording):
        event = recognise(host, json.dumps(payload).encode(), Options())
        if event.decided:
            ruling, decision = respond(host, event, policy, memory, world)
            yield _shown(agent, _event(event), decision, _effect(event, ruling, decision))


def _effect(event: Event, ruling: Ruling, decision: Decision) -> str:
    """Say what the host makes of it, where the verdict alone does not."""
    if event.about == RESULT and ruling.changed:
        read = ruling.value["stdout"] if isinstance(ruling.value, dict) else ruling.value
        return "the model reads: " + _short(read)
    if decision.decision == "require_approval" and ruling.word == "deny":
        return "nobody can be asked here, so the hook refuses"
    return ""


def _support() -> Iterator[Shown]:

    policy = Policy.load(templates.path("customer-support"))
    recorded = [Request.from_dict(request) for request in _recorded("support-agent")]
    with policy.session(id=recorded[0].session.id) as session:
        for request in recorded:
            outcome = session.decide(request)
            after = request.phase != "pre"
            effect = ""
            if outcome.bare.redactions:
                effect = ("the model reads: " if after else "what is sent: ") + _short(
                    outcome.result if after else outcome.args
                )
            yield _shown("support", _call(request.tool or "", request.args, after=after), outcome.bare, effect)


def _shown(agent: str, does: str, decision: Decision, effect: str) -> Shown:
    also = [rule for rule in decision.rules if rule.action in ("redact", "alert")] if decision.allowed else []
    removes = bool(decision.redactions)
    rules = [*decision.deciding, *(rule for rule in also if removes or rule.action == "alert")]
    said = "; ".join(dict.fromkeys(rule.message for rule in rules if rule.message))
    said = (decision.problem or said or decision.reason).replace(f"{templates.FOLDER}/", "templates/")
    word = "redacted" if decision.allowed and removes else PAST[decision.decision]
    places = [f"{rule.id} at templates/{rule.source.rpartition('/')[2]}" for rule in rules]
    return Shown(agent, does, word, places, "" if said == decision.reason and decision.allowed else said, effect)


def _event(event: Event) -> str:
    if event.about == PROMPT:
        return f"prompt: {event.prompt}"
    return _call(event.tool, event.args, after=event.about == RESULT)


def _call(tool: str, args: dict[str, Any], *, after: bool) -> str:
    said = _names(args) or ", ".join(f"{k}={_plain(v)}" for k, v in args.items())
    return _short(f"{'result of ' if after else ''}{tool}: {said}")


def _names(args: dict[str, Any]) -> str:
    """Say a call by what it is about: of a patch, the files it names."""
    said = str(args.get("command") or args.get("file_path") or "")
    if not said.startswith("*** Begin Patch"):
        return said
    return ", ".join(line.partition(": ")[2] for line in said.splitlines() if line.startswith("*** ") and ": " in line)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _masked(text: str) -> str:
    """Replace what must not be printed by its kind; names of people and accounts may stand, they say what happens."""
    packs = builtin()
    hits = [hit for name in ("secret", "pii") for hit in packs[name].scan(text) if hit.kind not in _SHOWN]
    begin = len(text)
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end), reverse=True):
        if hit.end <= begin:
            text = f"{text[: hit.start]}<{hit.kind}>{text[hit.end :]}"
            begin = hit.start
    return text


def _short(value: Any) -> str:
    text = _masked(" ".join(_plain(value).split()))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _lines(shown: Shown) -> list[str]:
    said = [f"  {paint(f'{shown.verdict:<14}', _WORDS[shown.verdict])} {shown.does}"]
    said += [f"{_INDENT}{text}" for text in (shown.says, shown.effect) if text]
    said += [f"{_INDENT}{dim(rule)}" for rule in shown.rules[:3]]
    return said
