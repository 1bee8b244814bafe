"""Orders to a model: by their forms of words (the packs), and by what they are like (the model).

Rule 1: a pattern says what was found, the model how unusual it is for harmless text. A pattern of words counts where the model is at
least not sure that the words around it are harmless; what no harmless text has (``_BY_ITSELF``), what was hidden, and what is all of the
text counts by itself.
Rule 2: the same words weigh more in what a tool returned (``result``) than in what a person says.
Rule 3: every reading of a text (``views``) is judged by both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from referee.scanners.doubts import is_doubt
from referee.scanners.likeness import shipped
from referee.scanners.matching import PatternScanner
from referee.scanners.protocol import Hit
from referee.scanners.request import scan_request
from referee.scanners.views import SURE, Reading, Views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from referee.model.facts import Finding
    from referee.scanners.engine import Engine

_BY_ITSELF: Final = frozenset({"hidden_text"})
_AROUND: Final = 200
_NOT_SURE: Final = 0.3
_DOUBTED: Final = 0.2
"""The score of a pattern whose words stand in harmless company: below what a policy counts."""
_PLACES: Final = {"result": "document"}


class InstructionScanner(PatternScanner):
    """A scanner of patterns that also asks the model. ``place`` chooses the model's curves."""

    def __init__(self, name: str, load: Callable[[], Engine], views: Views, place: str = "") -> None:
        super().__init__(name, load, views)
        self._place = place
        self._others = {} if place else {kind: InstructionScanner(name, load, views, kind) for kind in _PLACES.values()}

    def scan_request(self, strings: list[tuple[str, str, bool]]) -> list[Finding]:
        """Find everything in the strings of a request, each held against what is usual where it stands."""
        groups: dict[str, list[tuple[str, str, bool]]] = {}
        for string in strings:
            groups.setdefault(_PLACES.get(string[0][:6].rstrip(".["), ""), []).append(string)
        return [
            finding for place, group in groups.items() for finding in scan_request(self._others.get(place, self), group)
        ]

    def scan_labelled(self, label: str, text: str) -> list[Hit]:  # noqa: ARG002 - as its siblings have it
        """Find nothing more: the name of a value gives no orders."""
        return []

    def _read(self, reading: Reading) -> Iterator[Hit]:
        like, text = shipped().hits, reading.text
        for hit in self._plain(text):
            whole = hit.score >= SURE and (hit.end - hit.start) * 10 >= len(text) * 7
            if whole or hit.kind in _BY_ITSELF or reading.undone or is_doubt(hit):
                yield hit
                continue
            near = like(text[max(0, hit.start - _AROUND) : hit.end + _AROUND], self._place)
            sure = max((one.score for one in near), default=0.0) >= _NOT_SURE
            yield hit if sure else msgspec.structs.replace(hit, score=min(hit.score, _DOUBTED))
        yield from like(text, self._place)
