"""The figures of the model card: by source, each scored by a model that was trained on the others."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sklearn.metrics import roc_auc_score

from referee.scanners.likeness import Head
from training.calibration import scored
from training.corpus import Text
from training.windows import Floats


def report(texts: list[Text], totals: Floats, head: Head) -> dict[str, Any]:
    """Work out the figures."""
    scores = scored(totals, head.curves[""])
    groups: dict[str, list[float]] = defaultdict(list)
    for text, score in zip(texts, scores, strict=True):
        groups[f"{text.source} {'attack' if text.attack else 'harmless'}"].append(score)
    attack = [text.attack for text in texts]
    good = sorted(score for text, score in zip(texts, scores, strict=True) if not text.attack)
    bar = good[int(len(good) * 0.99)]
    bad = [score for text, score in zip(texts, scores, strict=True) if text.attack]
    return {
        "auc": round(float(roc_auc_score(attack, scores)), 4),
        "found at one harmless text in a hundred": round(sum(score > bar for score in bad) / len(bad), 4),
        "sources": {
            name: {"texts": len(found), "from 0.5": _share(found, 0.5), "from 0.9": _share(found, 0.9)}
            for name, found in sorted(groups.items())
        },
    }


def _share(found: list[float], least: float) -> float:
    return round(sum(score >= least for score in found) / len(found), 4)
