"""Shares of rows and how well scores tell rows apart, held against what the project wants.

Rule 1: a share of nothing is unknown, which is not ``met``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from bench.report import table


class Share(msgspec.Struct, frozen=True):
    """One figure: ``count`` of ``of`` rows, or a ``value`` that is no share. ``bound`` is wanted at least, or at most."""

    area: str
    what: str
    count: int = 0
    of: int = 0
    value: float | None = None
    bound: float | None = None
    least: bool = True

    @property
    def figure(self) -> float | None:
        """The figure as a number."""
        return self.value if self.value is not None else self.count / self.of if self.of else None

    @property
    def state(self) -> str:
        """Whether it is what is wanted."""
        figure = self.figure
        if self.bound is None:
            return ""
        if figure is None:
            return "unknown"
        return "met" if (figure >= self.bound if self.least else figure <= self.bound) else "NOT MET"


def auc(bad: Sequence[float], good: Sequence[float]) -> float | None:
    """Tell how often a bad row scores above a good one; a tie counts half.

    >>> auc([0.9, 0.5], [0.1, 0.5]), auc([], [0.1])
    (0.875, None)
    """
    if not bad or not good:
        return None
    ordered = sorted([(score, 1) for score in bad] + [(score, 0) for score in good])
    above = 0.0
    lower = at = 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        ups = sum(kind for _, kind in ordered[at:end])
        downs = end - at - ups
        above += ups * (lower + downs / 2)
        lower += downs
        at = end
    return above / (len(bad) * len(good))


def recall_at(bad: Sequence[float], good: Sequence[float], rate: float) -> tuple[int, float]:
    """Count the bad rows above the least threshold that at most ``rate`` of the good rows reach; with the threshold.

    >>> recall_at([0.9, 0.8, 0.2], [0.1, 0.1, 0.1, 0.85], 0.25)
    (2, 0.8)
    """
    allowed = int(rate * len(good))
    ceiling = sorted(good, reverse=True)[allowed] if allowed < len(good) else -1.0
    found = sorted(score for score in bad if score > ceiling)
    return len(found), found[0] if found else 1.0


def lines(shares: Iterable[Share]) -> Iterable[str]:
    """Draw figures as a table."""
    rows = [["area", "", "figure", "rows", "wanted", ""]]
    for share in shares:
        figure = share.figure
        said = "-" if figure is None else f"{figure:.3f}" if share.value is not None else f"{100 * figure:.1f} %"
        wanted = ""
        if share.bound is not None:
            bound = f"{share.bound:g}" if share.value is not None else f"{100 * share.bound:g} %"
            wanted = ("≥ " if share.least else "≤ ") + bound
        rows.append(
            [share.area, share.what, said, f"{share.count}/{share.of}" if share.of else "", wanted, share.state]
        )
    yield from table(rows)
