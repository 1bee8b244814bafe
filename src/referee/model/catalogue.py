"""What tools are, so that rules can speak of shell, files and HTTP instead of tool names.

Rule 1: an entry says where in the arguments the command, the URL or the paths stand; facets read only those places.
Rule 2: an argument path is written as in conditions, without ``args.``: ``query``, ``edits[*].path``.
"""

from __future__ import annotations

import msgspec


class FileArgument(msgspec.Struct, frozen=True):
    """An argument that names a file, and what the tool does to it."""

    path: str
    access: str = "read"


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """One tool: its canonical name (``shell.exec``), its facets and the types of its arguments.

    ``shell`` is the argument with the shell text, ``http`` the one with the URL, ``method`` the one with the HTTP
    method, ``cwd`` the one with the working folder. ``arguments`` maps declared names to types (``string``,
    ``integer``, ``number``, ``boolean``, ``list``, ``mapping``, ``any``).
    """

    name: str
    canonical: str | None = None
    shell: str | None = None
    http: str | None = None
    method: str | None = None
    cwd: str | None = None
    files: tuple[FileArgument, ...] = ()
    patch: str | None = None
    sql: str | None = None
    dialect: str | None = None
    arguments: dict[str, str] | None = None


Catalogue = dict[str, Tool]
