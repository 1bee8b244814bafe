"""Files that a policy only names: which ones, so that whoever reads the policy can read them as well.

Rule 1: nothing here opens a file. Texts are handed to the compiler beside the policy that names them.
Rule 2: a file that could not be read is handed over with its problem, and is a diagnostic where it is named.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any, Final

from referee.language.document import from_mapping, read_document
from referee.language.nodes import Mapping, Node, Scalar, Sequence
from referee.model.source import Attachment

Attached = AnyMapping[str, Attachment]

_FROM: Final = "from"


def attached(text: bytes | str | AnyMapping[str, Any]) -> tuple[str, ...]:
    """Name the files that a policy takes tools or patterns from, as they are written there.

    >>> attached("catalog: {from: [a.json, {path: b.json, server: b}]}")
    ('a.json', 'b.json')
    """
    if isinstance(text, AnyMapping):
        _, root = from_mapping(text, "")
    else:
        _, root = read_document("", text)
    if not isinstance(root, Mapping):
        return ()
    scanners = root.get("scanners")
    places = [root.get("catalog")]
    places += (node for _, node in scanners.entries.values()) if isinstance(scanners, Mapping) else ()
    named = (place.get(_FROM) for place in places if isinstance(place, Mapping))
    return tuple(dict.fromkeys(path.text for node in named for path in paths(node)))


def paths(node: Node | None) -> list[Scalar]:
    """Give the paths that stand under ``from``, as far as they are ones."""
    items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    told = [item.get("path") if isinstance(item, Mapping) else item for item in items]
    return [item for item in told if isinstance(item, Scalar) and item.text]
