"""What the facets may know of the place where an action will run.

Rule 1: no file, no environment variable and no clock is read here or in any facet; the caller fills this in.
Rule 2: what is not known is ``None`` or absent, and what depends on it is reported as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """The place where an action will run.

    ``variables`` are the environment variables whose values are known. ``resolve_links`` maps an absolute path to the
    same path without symbolic links; without it links are not followed. ``resolve_host`` maps the name of a host to the
    addresses it has now; without it names are not looked up. ``homes`` are the home folders of other users that are known.
    """

    cwd: str | None = None
    home: str | None = None
    workspace: str | None = None
    variables: dict[str, str] = {}
    case_sensitive: bool = True
    resolve_links: Callable[[str], str] | None = None
    resolve_host: Callable[[str], Sequence[str]] | None = None
    homes: dict[str, str] = {}


NOWHERE = Surroundings()
