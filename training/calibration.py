"""From what windows add up to, to scores that mean something.

Rule 1: 0.5 is where one harmless text in a hundred is, 0.9 where one in a thousand is.
Rule 2: kinds of harmless texts weigh by what agents read, not by how many of them a folder has: shell lines are many, and easy.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from referee.scanners.likeness import COUNTS, Curve
from training.corpus import Text
from training.windows import Floats

KNOTS: Final = (
    (0.75, 0.03),
    (0.5, 0.06),
    (0.3, 0.1),
    (0.10, 0.22),
    (0.05, 0.3),
    (0.02, 0.42),
    (0.01, 0.5),
    (0.005, 0.65),
    (0.001, 0.9),
)
"""Shares of harmless texts at or above a place, and the score there."""
_TOP: Final = 0.99
_WANTED: Final = 0.01
_WEIGHTS: Final = {
    "wildguard": 0.2, "deepset": 0.2, "talk": 0.1, "mails": 0.08, "docs": 0.12, "skills": 0.03, "code": 0.1, "bipia": 0.1,
    "injecagent": 0.05, "calls": 0.04, "shell": 0.02, "tldr": 0.02, "sql": 0.01, "pii": 0.01,
}  # fmt: skip
RAISED: Final = (0.03, 0.06, 0.1, 0.25, 0.34, 0.47, 0.55, 0.69, 0.91, 0.99)
"""The scores at the knots for what a tool returned: 0.5 is where three harmless texts in two hundred are."""
_CUTS: Final = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.36)


def shares(texts: list[Text]) -> Floats:
    """Say how much each text weighs among the harmless ones."""
    sources = [text.source.split("/")[0] for text in texts]
    mine = [not text.attack for text in texts]
    count = {
        source: sum(1 for name, use in zip(sources, mine, strict=True) if use and name == source)
        for source in set(sources)
    }
    weights = np.array([_WEIGHTS[name] / count[name] if use else 0.0 for name, use in zip(sources, mine, strict=True)])
    return weights / weights.sum()


def above(scores: Floats, weights: Floats, share: float) -> float:
    """Find the place at or above which so large a share of the weight lies."""
    order = np.argsort(-scores, kind="stable")
    reached = np.cumsum(weights[order])
    at = int(np.searchsorted(reached, share))
    return float(scores[order][min(at, len(scores) - 1)])


def curves(texts: list[Text], totals: Floats) -> dict[str, tuple[Curve, ...]]:
    """Draw the curves of each place: what a tool returned scores higher than the same words anywhere else."""
    anywhere = _together(totals, shares(texts))
    return {"": anywhere, "document": tuple(Curve(curve.sums, RAISED) for curve in anywhere)}


def _together(totals: Floats, weights: Floats) -> tuple[Curve, ...]:
    """Draw the curves of all sizes; shares are cut until they flag no more than is meant together."""
    drawn: tuple[Curve, ...] = ()
    for cut in _CUTS:
        drawn = tuple(_draw(totals[:, scale], weights, cut) for scale in range(totals.shape[1]))
        if weights[scored(totals, drawn) >= COUNTS].sum() <= _WANTED:
            break
    return drawn


def scored(totals: Floats, drawn: tuple[Curve, ...]) -> Floats:
    """Score texts by the worst windows of each size."""
    return np.array([max(curve.score(100 * one) for curve, one in zip(drawn, row, strict=True)) for row in totals])


def _draw(totals: Floats, weights: Floats, cut: float) -> Curve:
    knots: list[tuple[int, float]] = []
    for share, score in KNOTS:
        total = round(100 * max(above(totals, weights, share * cut), -9.0))
        if knots and total <= knots[-1][0]:
            total = knots[-1][0] + 1
        knots.append((total, score))
    knots.append((knots[-1][0] + 600, _TOP))
    return Curve(tuple(total for total, _ in knots), tuple(score for _, score in knots))
