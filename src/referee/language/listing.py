"""Whether a tool that a rule names is there, where a catalog says that it lists them all.

Rule 1: a name is told only if it is certain that there is no such tool: the catalog is closed, or its server's list is.
Rule 2: canonical names are always there.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from typing import Final

from referee.engine.patterns import glob
from referee.language.canonical import known_names
from referee.language.names import Frame, Listing
from referee.language.nodes import Node, Scalar
from referee.language.patterns import check_glob, is_wild
from referee.language.problems import Flaw, shorten
from referee.language.suggest import nearest
from referee.model.catalogue import Tool

_PREFIXES: Final = ("mcp__{}__", "mcp_{}_")
_LOOSE: Final = ("{}__", "{}_", "{}-")


def declared_tool(name: str, tools: AnyMapping[str, Tool]) -> Tool | None:
    """Find what the catalog declares of a tool, by its full name, or by its own on any MCP server."""
    found = tools.get(name)
    if found is None and name.startswith("mcp__"):
        found = tools.get(name[5:].partition("__")[2])
    return found


def check_tools(nodes: Iterable[Scalar], frame: Frame) -> None:
    """Tell every tool among some names and globs that does not exist."""
    listing = frame.listing
    if listing.closed or listing.servers:
        for node in nodes:
            frame.problems.attempt(check_tool, node.text, node, frame)


def check_tool(name: str, node: Node, frame: Frame) -> None:
    """Check one name or glob.

    Raises:
        Flaw: it is that of no tool.
    """
    listing = frame.listing
    canonical = known_names(frame.catalog)
    if is_wild(name):
        fits = glob(check_glob(name, node))
        if listing.closed and not any(fits(known) for known in (*listing.known, *canonical)):
            raise Flaw("unknown-tool", f"`{shorten(name)}` fits no tool of the catalog", node, _help(name, listing))
        return
    if name in canonical or _is_listed(name, frame):
        return
    server = next((server for server in sorted(listing.servers) if _of(name, server, _PREFIXES) is not None), None)
    if server is not None:
        own = str(_of(name, server, _PREFIXES))
        message = f"the server `{server}` has no tool `{shorten(own)}`"
        raise Flaw("unknown-tool", message, node, _help(f"mcp__{server}__{own}", listing))
    if listing.closed:
        raise Flaw("unknown-tool", f"the catalog has no tool `{shorten(name)}`", node, _help(name, listing))


def _is_listed(name: str, frame: Frame) -> bool:
    if declared_tool(name, frame.catalog) is not None:
        return True
    readings = ((server, _of(name, server, (*_PREFIXES, *_LOOSE))) for server in frame.listing.servers)
    return any(own is not None and f"mcp__{server}__{own}" in frame.catalog for server, own in readings)


def _of(name: str, server: str, forms: tuple[str, ...]) -> str | None:
    """Give what stands after the name of a server, if a full name of a tool is one of that server."""
    for form in forms:
        begun = form.format(server)
        if name.startswith(begun) and len(name) > len(begun):
            return name[len(begun) :]
    return None


def _help(name: str, listing: Listing) -> str | None:
    near = nearest(name, sorted(listing.known), 1)
    if near:
        return f"did you mean `{near[0]}`?"
    own = [full for full in sorted(listing.known) if full.endswith(f"__{name}")]
    if own:
        return f"did you mean `{own[0]}`?"
    few = sorted(listing.known)[:12]
    return "the catalog has " + ", ".join(f"`{known}`" for known in few) if few else "the catalog lists no tools"
