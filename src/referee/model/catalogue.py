"""What tools are, so that rules can speak of shell, files and HTTP instead of tool names.

Rule 1: an entry says where in the arguments the command, the URL or the paths stand; facets read only those places.
Rule 2: an argument path is written as in conditions, without ``args.``: ``query``, ``edits[*].path``.
Rule 3: ``a|b`` names alternatives, of which the first that is present counts; ``a?`` may be absent.
"""

from __future__ import annotations

from typing import Final

import msgspec


class FileArgument(msgspec.Struct, frozen=True):
    """An argument that names a file, and what the tool does to it."""

    path: str
    access: str = "read"


class Shape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an argument is: its type, its declared members or items, and the words it is one of.

    ``members`` are ``None`` where nothing is declared; ``open`` says that there may be others than those.
    """

    type: str = "any"
    members: dict[str, Shape] | None = None
    open: bool = False
    items: Shape | None = None
    choices: tuple[str, ...] = ()


class Tool(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One tool: its canonical name (``shell.exec``), its facets and the types of its arguments.

    ``also`` are further canonical names: a move writes and deletes. ``shell`` is the argument with the shell text, ``http``
    the one with the URL, ``links`` one with text that names URLs, ``method`` the one with the HTTP method, ``cwd`` the one
    with the working folder, ``patch`` the one with a patch, ``glob`` the one that bounds a search to names, ``sql`` the one
    with SQL in ``dialect``; ``schema`` has the columns of its tables. ``commands`` are
    command lines that the tool amounts to: words, and in ``<…>`` the argument that stands there.

    ``given`` says for which calls the entry holds (``action=new``, ``isUrl``). ``variants`` are the meanings of a name that
    several tools share. ``sure`` is false for a tool that was only recognised by its name, on a server that is not known.
    ``inner`` is true for what only inner layers say: it hides nothing that is known without them.

    ``arguments`` maps declared names to types (``string``, ``integer``, ``number``, ``boolean``, ``list``, ``mapping``,
    ``any``); ``shape`` says more of them, where it is known.
    """

    name: str
    canonical: str | None = None
    also: tuple[str, ...] = ()
    shell: str | None = None
    commands: tuple[tuple[str, ...], ...] = ()
    http: str | None = None
    links: str | None = None
    method: str | None = None
    cwd: str | None = None
    files: tuple[FileArgument, ...] = ()
    patch: str | None = None
    glob: str | None = None
    sql: str | None = None
    dialect: str | None = None
    schema: dict[str, tuple[str, ...]] | None = None
    arguments: dict[str, str] | None = None
    shape: Shape | None = None
    given: str | None = None
    variants: tuple[Tool, ...] = ()
    sure: bool = True
    inner: bool = False

    @property
    def says(self) -> bool:
        """Whether the entry says what the tool is or does, and not only which arguments it takes."""
        places = (self.shell, self.http, self.links, self.patch, self.sql, *self.canonicals)
        return bool(self.files or self.commands or self.variants or any(place is not None for place in places))

    @property
    def canonicals(self) -> tuple[str, ...]:
        """All canonical names."""
        return self.also if self.canonical is None else (self.canonical, *self.also)


Catalogue = dict[str, Tool]

CANONICAL: Final[dict[str, str]] = {
    "shell.exec": "runs a command line",
    "shell.input": "types into a command that runs",
    "code.exec": "runs code of a programming language",
    "process.read": "shows processes and what they print",
    "process.kill": "ends a process",
    "file.read": "reads files",
    "file.write": "creates or changes files",
    "file.delete": "removes files",
    "file.list": "lists names of files",
    "file.search": "searches in files",
    "http.fetch": "sends an HTTP request",
    "web.search": "asks a search engine",
    "browser.open": "opens a page in a browser",
    "browser.read": "looks at a page in a browser",
    "browser.act": "clicks and types in a browser",
    "browser.script": "runs a script in a browser",
    "browser.upload": "gives files to a page in a browser",
    "sql.query": "runs SQL",
    "sql.schema": "describes tables",
    "git.read": "looks at a repository",
    "git.write": "changes a repository",
    "repo.read": "reads from a code host",
    "repo.write": "changes a repository on a code host",
    "repo.merge": "merges on a code host",
    "repo.create": "makes a repository on a code host",
    "issue.read": "reads issues and reviews",
    "issue.write": "writes issues and reviews",
    "chat.read": "reads messages of a chat",
    "chat.write": "posts to a chat",
    "memory.read": "reads what the agent remembers",
    "memory.write": "changes what the agent remembers",
    "memory.delete": "removes what the agent remembers",
    "container.read": "looks at containers and images",
    "container.write": "starts, changes and stops containers and images",
    "container.delete": "removes containers, images, volumes or networks",
    "container.exec": "runs a command in a container",
    "cluster.read": "looks at a cluster",
    "cluster.write": "changes a cluster",
    "cluster.delete": "removes from a cluster",
    "agent.spawn": "starts another agent",
    "agent.message": "sends a message to another agent",
    "agent.schedule": "lets the agent be called later",
    "agent.plan": "keeps the agent's own plan",
    "agent.config": "changes settings of the agent or of its tools",
    "user.ask": "asks or tells the user",
    "mcp.read": "reads a resource of an MCP server",
    "mcp.call": "calls a tool of an MCP server by name",
    "clock.read": "tells the time",
}
"""The canonical names of tools, which rules can use in place of the names that each agent gives them."""
