"""What the tools of coding agents and common MCP servers are: one small table a program, and the way from a name to an entry.

Rule 1: an entry of a policy file wins over one of these, if it says what the tool is or does, and not only its arguments.
Rule 2: a name that several agents use for different things means all of them that fit the call (``meaning``).
Rule 3: a tool of an MCP server is found in the table of that server, if the server goes by a usual name. On any other server
it is found by its own name, and is not ``sure``: it does no less than the entry says, but a grant cannot rest on it.

Read on with ``notation`` (how a table is written), ``claude_code`` (a table), ``meaning`` (from several entries to one).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from referee.facets.catalogue import assistants, browsers, clusters, databases, files, repositories
from referee.facets.catalogue.claude_code import CLAUDE_CODE
from referee.facets.catalogue.cline import CLINE
from referee.facets.catalogue.codex import CODEX
from referee.facets.catalogue.copilot_cli import COPILOT_CLI
from referee.facets.catalogue.cursor import CURSOR
from referee.facets.catalogue.frameworks import FRAMEWORKS
from referee.facets.catalogue.gemini_cli import GEMINI_CLI
from referee.facets.catalogue.meaning import united
from referee.facets.catalogue.notation import Family
from referee.facets.catalogue.opencode import OPENCODE
from referee.facets.catalogue.windsurf import WINDSURF
from referee.model.catalogue import Catalogue, Tool

AGENTS: Final = (CLAUDE_CODE, CODEX, GEMINI_CLI, COPILOT_CLI, CURSOR, OPENCODE, WINDSURF, CLINE, FRAMEWORKS)
SERVERS: Final = (
    files.FILESYSTEM, files.DESKTOP_COMMANDER, repositories.GIT, repositories.GITHUB, repositories.GITLAB, databases.POSTGRES,
    databases.SQLITE, databases.MYSQL, databases.WAREHOUSES, browsers.FETCH, browsers.SEARCH, browsers.PUPPETEER,
    browsers.PLAYWRIGHT, browsers.FIRECRAWL, clusters.DOCKER, clusters.KUBERNETES, assistants.SLACK, assistants.MEMORY,
    assistants.TIME, assistants.THINKING,
)  # fmt: skip
FAMILIES: Final = (*AGENTS, *SERVERS)
_SPLIT: Final = re.compile(r"mcp__(?P<server>.+?)__(?P<tool>.+)", re.DOTALL)
_MARKS: Final = ("mcp_", "mcp-")
_LONGEST: Final = 256
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|-")


class Entries(Mapping[str, Tool]):
    """What several tables say, each entry made when it is asked for; names of none of them are looked for in ``beneath``.

    What several of them say of a name becomes the variants of one entry.
    """

    def __init__(self, families: Iterable[Family], beneath: Mapping[str, Tool] | None = None) -> None:
        self._families = tuple(families)
        self._beneath: Mapping[str, Tool] = {} if beneath is None else beneath
        self._made: dict[str, Tool] = {}

    def __getitem__(self, name: str) -> Tool:
        made = self._made.get(name)
        if made is None:
            found = [variant for family in self._families if name in family.tools for variant in family.variants(name)]
            made = self._made[name] = _together(found) if found else self._beneath[name]
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([name for family in self._families for name in family.tools] + list(self._beneath)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _together(variants: list[Tool]) -> Tool:
    """Make one entry: variants that differ only in where an argument stands are one."""
    alike: dict[object, list[Tool]] = {}
    for tool in variants:
        shape = (tool.canonicals, tool.given, tool.commands, tool.dialect, *map(bool, _standing(tool)))
        alike.setdefault((shape, tuple(file.access for file in tool.files)), []).append(tool)
    merged = tuple(
        msgspec.structs.replace(united(tuple(group)), given=group[0].given) if len(group) > 1 else group[0]
        for group in alike.values()
    )
    return merged[0] if len(merged) == 1 and merged[0].given is None else msgspec.structs.replace(
        united(merged), variants=merged
    )  # fmt: skip


def _standing(tool: Tool) -> tuple[str | None, ...]:
    return (tool.shell, tool.http, tool.links, tool.patch, tool.sql)


_OF_SERVERS: Final = Entries(SERVERS)
_OF_AGENTS: Final = Entries(AGENTS)
BUILT_IN: Final[Mapping[str, Tool]] = Entries(AGENTS, _OF_SERVERS)
"""What a bare name means: the tool of the agents that have it, else that of a server."""
_BY_SERVER: Final[Mapping[str, Mapping[str, Tool]]] = {
    alias: entries for family in SERVERS for entries in (Entries((family,)),) for alias in family.servers
}


def lookup(tool: str, own: Catalogue) -> Tool | None:
    """Return the entry of a tool: the policy file's, the built-in one, or that of an MCP server's tool.

    >>> lookup("Bash", {}).canonical, lookup("mcp__files__read_file", {}).canonical, lookup("refund", {})
    ('shell.exec', 'file.read', None)
    """
    stated = _stated(tool, own) if own else None
    if stated is not None and stated.inner:
        return _beside(stated, lookup(tool, {name: one for name, one in own.items() if not one.inner}))
    if stated is not None and stated.says:
        return stated
    return BUILT_IN.get(tool) or (_served(tool) if len(tool) <= _LONGEST else None) or stated


def _beside(stated: Tool, known: Tool | None) -> Tool:
    """Add what inner layers say of a tool to what it is without them."""
    if known is None or not (known.says and stated.says):
        return known if known is not None and known.says else stated
    both = (*(known.variants or (known,)), stated)
    return msgspec.structs.replace(united(both), variants=both)


def _stated(tool: str, own: Catalogue) -> Tool | None:
    """Find a tool in the policy files: by its full name, by that of its server, or by its own on any server."""
    found = own.get(tool)
    if found is not None or len(tool) > _LONGEST:
        return found
    readings = list(_readings(tool))
    for server, name in readings:
        found = own.get(f"mcp__{server}__{name}")
        if found is not None:
            return found
    if tool.startswith(_MARKS):
        return next((own[name] for _, name in readings if name in own), None)
    return None


@lru_cache(4096)
def _served(tool: str) -> Tool | None:
    readings = list(_readings(tool))
    for server, name in readings:
        found = _BY_SERVER.get(server.lower(), {}).get(name)
        if found is not None:
            return found
    if not tool.startswith(_MARKS):
        return None
    for spelled in dict.fromkeys(one for _, name in readings for one in (name, _WORDS.sub("_", name).lower())):
        guessed = _OF_SERVERS.get(spelled), _OF_AGENTS.get(spelled)
        known = tuple(one for each in guessed if each is not None for one in (each.variants or (each,)))
        if known:
            unsure = tuple(msgspec.structs.replace(one, sure=False) for one in known)
            return unsure[0] if len(unsure) == 1 else msgspec.structs.replace(united(unsure), variants=unsure)
    return None


def _readings(tool: str) -> Iterator[tuple[str, str]]:
    """Yield what may be server and tool in a full name: ``mcp__s__t``, ``mcp_s_t``, and ``s_t`` or ``s-t``.

    >>> list(_readings("mcp__git__git_add")), next(_readings("mcp_slack_slack_get_users"))
    ([('git', 'git_add')], ('slack', 'slack_get_users'))
    """
    split = _SPLIT.fullmatch(tool)
    if split is not None:
        yield split["server"], split["tool"]
        parts = tool[5:].split("__")
        yield from (("__".join(parts[:at]), "__".join(parts[at:])) for at in range(2, min(len(parts), 8)))
        return
    bare = tool[4:] if tool.startswith(("mcp_", "mcp-")) else tool
    for at, letter in enumerate(bare):
        if letter in "_-./" and 0 < at < len(bare) - 1:
            yield bare[:at].rstrip("_-./"), bare[at + 1 :].lstrip("_-./" if letter != "_" else "_")
