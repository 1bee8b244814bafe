"""Which words, standing together, are a finding: a table of combinations, and the scanner that reads a text by it.

Rule 1: a combination has an anchor and, for each of its needs, one of several words within a distance of the anchor.
Rule 2: nothing combines across a paragraph; a combination ``within`` a sentence not across its end either.
Rule 3: words are looked for in every reading of a text, as patterns are, so that they count however they are spelled or encoded.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

from referee.scanners.matching import PatternScanner
from referee.scanners.protocol import Hit
from referee.scanners.tools import deeds, orders, things

_LONGEST: Final = 500
"""No word is longer than this."""


class Need(NamedTuple):
    """One of these words, at most so many characters away."""

    words: tuple[str, ...]
    distance: int


class Combination(NamedTuple):
    """Words that are a finding of a kind when they stand together."""

    kind: str
    score: float
    within: str
    anchor: str
    needs: tuple[Need, ...]


def _read(line: str) -> Combination:
    """Read a line of the table: kind, score, within, anchor, then words and their distance.

    >>> _read("concealment 0.75 paragraph conceal | read trigger 60").needs
    (Need(words=('read', 'trigger'), distance=60),)
    """
    head, *needs = line.split(" | ")
    kind, score, within, anchor = head.split()
    return Combination(kind, float(score), within, anchor, tuple(_need(need.split()) for need in needs))


def _need(words: list[str]) -> Need:
    return Need(tuple(words[:-1]), int(words[-1]))


COMBINATIONS: Final = tuple(
    map(
        _read,
        (
            "private_data 0.9 paragraph paths | read 70 | direct conceal pretext send trigger 160",
            "private_data 0.9 paragraph paths | sendto 200",
            "private_data 0.8 paragraph paths | universal 160 | callverb 60",
            "private_data 0.8 paragraph paths | strongread 60 | handover 100",
            "private_data 0.85 paragraph softpaths | strongread 60 | direct trigger pretext 120 | handover conceal pretext 120",
            "private_data 0.9 paragraph softpaths | sendto 160",
            "private_data 0.8 sentence nouns | read 50 | direct 120 | pretext conceal 160",
            "private_data 0.8 sentence nouns | read 50 | other 100 | trigger 100 | direct conceal pretext trigger 100",
            "context_request 0.75 sentence nouns | anywhere 80 | handover 80",
            "private_data 0.75 sentence hardsecret | owner 40 | handover 70",
            "private_data 0.75 paragraph usersecret | handover 60 | direct pretext universal 120",
            "private_data 0.75 paragraph usersecret | other 80 | read handover callverb 60",
            "context_request 0.7 sentence context | read handover 60 | direct trigger pretext 120",
            "concealment 0.75 paragraph conceal",
            "send_out 0.8 paragraph sendto | alldata nouns context command usersecret 80 | direct trigger conceal pretext alldata 100",
            "send_out 0.75 sentence sendto | spydata 80",
            "shadowing 0.7 sentence tamper | other 100 | trigger 100 | direct 100",
            "shadowing 0.7 sentence tamper | alltools 60",
            "tampering 0.7 sentence tamper | other 40 | defy 100",
            "tampering 0.75 sentence tamper | sink 80 | direct universal trigger 120",
            "tampering 0.75 sentence replace | sink 25",
            "tampering 0.75 sentence tamper | command 60 | other 100",
            "shadowing 0.7 sentence other | trigger 30 | handover 60 | pretext 100",
            "command 0.8 paragraph danger | run read 80",
            "command 0.8 paragraph command | run 60 | direct trigger pretext 120",
            "precondition 0.7 sentence universal | trigger 30 | direct 120 | harmful command 140",
            "private_data 0.75 paragraph paths | handover 60 | direct pretext anywhere 120",
            "forged_error 0.75 sentence sendto | error 160 | remedy 160",
            "forged_error 0.75 paragraph error | remedy 100 | paths command softpaths usersecret 160",
            "concealment 0.75 paragraph quiet",
            "private_data 0.75 sentence holdings | hand 60 | slot 80 | regularly threat authority 100",
            "private_data 0.75 sentence holdings | hand 60 | threat 100 | slot regularly 100",
            "private_data 0.75 sentence usersecret | hand 60 | regularly 60",
            "private_data 0.75 sentence paths | hand strongread 80 | regularly threat slot authority 120",
            "private_data 0.75 sentence softpaths | hand strongread 80 | regularly threat slot authority 120",
            "context_request 0.75 sentence talk | hand 60 | slot regularly 80",
            "send_out 0.75 sentence talk | sink 80",
            "tampering 0.75 sentence divert | targets 60 | elsewhere 100 | literal 80",
            "tampering 0.75 sentence divert | targets 60 | elsewhere 100 | against 80",
            "tampering 0.75 sentence against | targets 80 | sink 100 | direct elsewhere regularly 100",
            "preference 0.75 sentence exclusive",
            "preference 0.75 sentence smear | steer other 100 | steer 140",
            "command 0.75 sentence harm | act 60 | aside 100",
            "false_claim 0.75 sentence speak | untrue 120",
            "false_claim 0.75 sentence slant",
            "send_out 0.75 sentence authority | yield 120 | sink slot 100",
            "send_out 0.75 sentence authority | yield 120 | holdings talk 100 | regularly 100",
            "private_data 0.75 sentence softpaths | strongread 40 | conceal quiet unasked anywhere 100",
            "instruction_override 0.75 sentence unasked | weighty 100",
            "output_authority 0.75 sentence obey",
            "context_request 0.75 sentence ownprompt",
            "private_data 0.75 sentence nouns | hand 40 | regularly 60 | total 30",
            "private_data 0.75 sentence nouns | anywhere 40 | take 60",
            "hidden_instruction 0.75 paragraph whisper",
            "send_out 0.75 sentence opened | sink 80",
            "false_claim 0.75 sentence lure",
            "tampering 0.75 sentence stretched",
            "precondition 0.75 sentence gate",
            "command 0.75 sentence startfile | act 100",
            "command 0.75 sentence wall | port 60 | act 80",
            "private_data 0.75 sentence nouns | hand 50 | slot 60 | threat regularly anywhere 80",
            "private_data 0.75 sentence nouns | hand 50 | regularly 80 | anywhere universal 60",
        ),
    )
)

_BREAKS: Final = {
    "paragraph": re.compile(r"\n\s{0,200}\n"),
    "sentence": re.compile(r"[.!?]\s|\n[ \t]{0,40}(?:[-*\d#>|`]|\n)"),
}


_FORBIDDEN: Final = re.compile(
    r"(?i:(?:never|do not|don't|must not|should not|cannot|can't|avoid)(?! (?:forget|fail|omit|skip|hesitate|neglect)\b)"
    r"(?:[ *_]{1,3}(?!(?:before|until|unless|without|but|if|when|then)\b)[\w'-]{1,20}){0,7}[ *_`'\"]{1,3})\Z"
)
"""What, right before it, turns a demand into a warning: ``never ask for a password``."""
_WARNINGS: Final = frozenset({"private_data", "context_request", "instruction_override", "command"})


def forbids(text: str, start: int) -> bool:
    """Tell whether the words up to ``start`` say not to do what follows.

    >>> forbids("Never ask the user for a password", 27), forbids("Do not say so, read the password", 24)
    (True, False)
    """
    return _FORBIDDEN.search(text, max(0, start - 100), start) is not None


@cache
def _expressions() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(f"(?i:{text})", re.ASCII) for name, text in (things.WORDS | orders.WORDS | deeds.WORDS).items()
    }


_MARKED: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|\(\?(?:<?[!=])|[()]|\{(\d+),(\d+)\}|[^\\\[({)]+|.", re.DOTALL)
_CODE: Final = re.compile(r"\\u([0-9a-f]{4})")
_MANY: Final = 8


def loosened(expression: str) -> str:
    r"""Write an expression for linear search that matches wherever it does: what it looks at around itself is left out.

    >>> loosened(r"(?<!\w)(?:send\s{1,40}it|\d(?! (?:m|s)))")
    '(?:send[\\s\\x0b]{1,}it|\\d)'
    """
    parts: list[str] = []
    depth = skipped = 0
    for match in _MARKED.finditer(_CODE.sub(lambda code: chr(int(code[1], 16)), expression)):
        part = match.group()
        depth += part.startswith("(")
        if not skipped and part in {"(?!", "(?=", "(?<!", "(?<="}:
            skipped = depth
        if not skipped:
            parts.append(_loosened(part, match))
        if part == ")":
            skipped = 0 if depth == skipped else skipped
            depth -= 1
    return "".join(parts)


def _loosened(part: str, match: re.Match[str]) -> str:
    if match[2] is not None:
        return f"{{{match[1]},}}" if int(match[2]) > _MANY else part
    if part == r"\s":
        return r"[\s\x0b]"
    return part[:-1] + r"\x0b]" if part.startswith("[") and r"\s" in part and part[1] != "^" else part


@cache
def _loose(word: str) -> Any:
    """Compile what tells quickly that a word does not occur."""
    import re2  # start-up time: only scans need it

    options: Any = re2.Options()
    options.log_errors = False
    options.max_mem = 16 << 20
    options.never_capture = True
    return re2.compile(f"(?i:{loosened((things.WORDS | orders.WORDS | deeds.WORDS)[word])})".encode(), options=options)


class ToolTextScanner(PatternScanner):
    """Patterns, and the combinations of words that are as telling as a pattern."""

    def scan_labelled(self, label: str, text: str) -> list[Hit]:
        """Find what ``text`` says; the name it stands under says nothing about an order."""
        del label, text
        return []

    def _plain(self, text: str) -> Iterator[Hit]:
        yield from (hit for hit in super()._plain(text) if hit.kind not in _WARNINGS or not forbids(text, hit.start))
        yield from sorted(_Reading(text).hits())


class _Reading:
    """The words of one text, by name and in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._octets = text.encode(errors="replace")
        self._places: dict[str, list[tuple[int, int]]] = {}

    def places(self, word: str) -> list[tuple[int, int]]:
        """Find a word; a text without the anchors of a combination is not searched for the rest of it."""
        found = self._places.get(word)
        if found is None:
            may = _loose(word).search(self._octets) is not None
            found = [match.span() for match in _expressions()[word].finditer(self.text)] if may else []
            self._places[word] = found
        return found

    @cached_property
    def breaks(self) -> dict[str, list[int]]:
        return {name: [found.start() for found in mark.finditer(self.text)] for name, mark in _BREAKS.items()}

    def hits(self) -> set[Hit]:
        found: set[Hit] = set()
        for one in COMBINATIONS:
            for place in self.places(one.anchor):
                hull = self._complete(one, place)
                if hull is not None:
                    found.add(Hit(*hull, one.kind, one.score))
        return found

    def _complete(self, one: Combination, anchor: tuple[int, int]) -> tuple[int, int] | None:
        start, end = anchor
        if one.kind in _WARNINGS and forbids(self.text, start):
            return None
        for need in one.needs:
            near = self._nearest(one, anchor, need)
            if near is None:
                return None
            start, end = min(start, near[0]), max(end, near[1])
        return start, end

    def _nearest(self, one: Combination, anchor: tuple[int, int], need: Need) -> tuple[int, int] | None:
        best: tuple[int, tuple[int, int]] | None = None
        for word in need.words:
            places = self.places(word)
            for at in range(bisect_left(places, (anchor[0] - need.distance - _LONGEST, 0)), len(places)):
                place = places[at]
                if place[0] > anchor[1] + need.distance:
                    break
                gap = self._gap(one, anchor, place, word)
                if gap is not None and gap <= need.distance and (best is None or gap < best[0]):
                    best = gap, place
        return None if best is None else best[1]

    def _gap(self, one: Combination, anchor: tuple[int, int], place: tuple[int, int], word: str) -> int | None:
        """Count the characters between two words; ``None`` if they do not belong together."""
        if place[0] < anchor[1] and anchor[0] < place[1]:
            return 0 if word == "direct" or "sendto" in {one.anchor, word} else None
        first, second = sorted((anchor, place))
        breaks = self.breaks[one.within]
        at = bisect_left(breaks, first[1])
        return None if at < len(breaks) and breaks[at] <= second[0] else second[0] - first[1]
