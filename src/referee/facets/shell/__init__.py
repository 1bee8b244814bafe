"""Shell text to what it does: ``parse`` for the facet, ``files`` for the files its commands touch.

Rule 1: text is read as ``bash -c`` would read it; data stays data, and code is followed wherever it is handed on.
Rule 2: entries of ``missing`` that start with ``effect:`` mean that commands and effects may be incomplete; entries that
start with ``word:`` mean that only words, paths or hosts of known commands are not known.
"""

from __future__ import annotations

from referee.facets.file import resolve
from referee.facets.shell.run import follow
from referee.facets.shell.trace import Trace
from referee.facets.surroundings import Surroundings
from referee.model.facts import Command, Failed, FileFacet, ShellFacet

__all__ = ["files", "parse"]


def parse(text: str, surroundings: Surroundings) -> ShellFacet:
    """Say what a shell text does.

    >>> parse("r'm' -rf $(echo /tmp/x)", Surroundings()).commands[-1].words
    ('rm', '-rf', '/tmp/x')
    """
    return _facet(follow(text, surroundings))


def files(text: str, surroundings: Surroundings) -> tuple[FileFacet, ...] | Failed:
    """List the files that the commands of a text read, write, delete or execute.

    A file that cannot be known makes the whole list failed: what is not listed would count as not touched.
    """
    return _files(follow(text, surroundings), surroundings)


def _facet(trace: Trace) -> ShellFacet:
    paths = dict.fromkeys(touch.path for touch in trace.touched if touch.path is not None)
    return ShellFacet(
        commands=tuple(map(Command, trace.commands)),
        effects=tuple(trace.effects),
        paths=tuple(paths),
        hosts=tuple(trace.hosts),
        missing=tuple(trace.missing),
    )


def _files(trace: Trace, surroundings: Surroundings) -> tuple[FileFacet, ...] | Failed:
    found: list[FileFacet] = []
    for touch in trace.touched:
        if not touch.access:
            continue
        if touch.path is None:
            return Failed("a file that the command touches cannot be known")
        facet = resolve(touch.path, touch.access, surroundings)
        if isinstance(facet, Failed):
            return facet
        found.append(facet)
    if any(entry.startswith("effect:") for entry in trace.missing):
        return Failed("a part of the command cannot be known")
    return tuple(found)
