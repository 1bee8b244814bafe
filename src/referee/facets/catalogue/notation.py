"""How the tables are written: an ``entry`` says what one tool does, a ``Family`` is what one program offers.

Rule 1: a family names the program and version its facts were read from; nothing in it is a guess.
Rule 2: a place that a tool requires is required here, so that a call without it is told from one of another tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from referee.model.catalogue import FileArgument, Tool

Entries = Mapping[str, Tool | tuple[Tool, ...]]


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """The tools of one agent, or of one MCP server under the names it is usually configured with (``servers``)."""

    name: str
    source: str
    tools: Entries
    servers: tuple[str, ...] = ()

    def variants(self, name: str) -> tuple[Tool, ...]:
        """Return the entries of a tool, named; none if there is no such tool."""
        found = self.tools.get(name, ())
        listed = found if isinstance(found, tuple) else (found,)
        return tuple(msgspec.structs.replace(tool, name=name) for tool in listed)


def entry(
    does: str, *, runs: str | None = None, line: str = "", cwd: str | None = None,
    reads: str = "", writes: str = "", deletes: str = "", patch: str | None = None, glob: str | None = None,
    http: str | None = None, links: str | None = None, method: str | None = None,
    sql: str | None = None, dialect: str | None = None, given: str | None = None,
) -> Tool:  # fmt: skip
    """Say what a tool does: its canonical names, then where in its arguments things stand.

    ``runs`` is the argument with shell text, ``line`` the command line that a call amounts to.

    >>> entry("file.write file.delete", deletes="source", writes="destination").files[1].path
    'destination'
    """
    first, *also = does.split()
    accesses = (("delete", deletes), ("read", reads), ("write", writes))
    files = tuple(FileArgument(place, access) for access, places in accesses for place in places.split())
    return Tool(
        name="", canonical=first, also=tuple(also), shell=runs, commands=(tuple(line.split()),) if line else (),
        http=http, links=links, method=method, cwd=cwd, files=files, patch=patch, glob=glob, sql=sql, dialect=dialect,
        given=given,
    )  # fmt: skip


PLAN: Final = entry("agent.plan")
ASK: Final = entry("user.ask")
SPAWN: Final = entry("agent.spawn")
MESSAGE: Final = entry("agent.message")
SEARCH_WEB: Final = entry("web.search")
READ_RESOURCE: Final = entry("mcp.read")
