"""What the scanners find: secrets, personal data, injections, poisoned descriptions.

Rule 1: a finding counts from a score of 0.5 on, as in a policy that says no more than ``contains_secret: true``.
Rule 2: a set of harmless rows is measured by itself, and all sets of a topic together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.detection.rows import Row, read, sets
from bench.detection.shares import Share, auc, recall_at
from referee.scanners.builtin import builtin
from referee.scanners.protocol import Hit

COUNTS: Final = 0.5

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "EMAIL": ("email",),
    "PHONE": ("phone_number",),
    "US_SSN": ("ssn",),
    "CREDIT_CARD": ("credit_card",),
    "IP_ADDRESS": ("ip_address",),
    "DE_IBAN": ("iban",),
    "DE_VAT_ID": ("vat_id", "steuer_id"),
    "UK_NINO": ("nino",),
}
"""The structured kinds of the sets, and what we call them. Names, places and companies are not among them."""

DESCRIBED: Final = ("exfiltration", "tool_definition")
"""What else looks at definitions of tools and at skills: where data go, and what a tool's text asks of the model."""

Findings = Sequence[Hit]


def scan(name: str, text: str) -> list[Hit]:
    """List what a scanner finds."""
    return [hit for hit in builtin()[name].scan(text) if hit.score >= COUNTS]


def secrets(folder: Path, only: str | None) -> Iterator[Share | Row]:
    """Secrets found, with exactly their spans, and harmless texts in which something was found."""
    for name, path in sets(folder, only):
        found = exact = spans = secret = flagged = harmless = 0
        for row in read(path):
            hits = scan("secret", row["input"]) if row["expected"] in ("secret", "benign") else []
            if row["expected"] == "secret":
                secret += 1
                found += bool(hits)
                said = {row["input"][hit.start : hit.end] for hit in hits}
                spans += bool(hits and row["spans"])
                exact += any(span in said for span in row["spans"])
                if not hits:
                    yield {"wrong": "missed", **row}
            elif row["expected"] == "benign":
                harmless += 1
                flagged += bool(hits)
                if hits:
                    yield {"wrong": "false", "kinds": sorted({hit.kind for hit in hits}), **row}
        area = f"secrets/{name}"
        if secret:
            yield Share(area, "found", found, secret, bound=0.85)
            yield Share(area, "exactly a span, of those found", exact, spans, bound=0.92)
        if harmless:
            bound = None if secret else 0.005  # beside secrets stand their look-alikes, which are no ordinary text
            yield Share(area, "harmless flagged", flagged, harmless, bound=bound, least=False)


def personal(folder: Path, only: str | None) -> Iterator[Share | Row]:
    """Entities of structured kinds found, texts without any that were flagged, and flagged chunks of code."""
    for name, path in sets(folder, only):
        found: Counter[str] = Counter()
        wanted: Counter[str] = Counter()
        negatives = flagged = 0
        for row in read(path):
            hits = scan("pii", row["input"])
            for entity in row["expected"]:
                kinds = KINDS.get(entity["type"])
                if kinds is not None:
                    wanted[entity["type"]] += 1
                    there = any(hit.kind in kinds and _touches(hit, entity) for hit in hits)
                    found[entity["type"]] += there
                    if not there:
                        yield {"wrong": "missed", "entity": entity, **row}
            if not row["expected"]:
                negatives += 1
                flagged += bool(hits)
                if hits:
                    yield {"wrong": "false", "kinds": sorted({hit.kind for hit in hits}), **row}
        area = f"pii/{name}"
        yield Share(area, "entities found", found.total(), wanted.total(), bound=0.95)
        for kind, count in sorted(wanted.items()):
            yield Share(area, f"  {kind}", found[kind], count)
        yield Share(area, "texts without any flagged", flagged, negatives)
    code = folder.parent / "secrets" / "benign_code.jsonl.gz"
    if code.exists() and (not only or only in "benign_code"):
        chunks = [scan("pii", row["input"]) for row in read(code)]
        yield Share("pii/benign_code", "chunks flagged", sum(map(bool, chunks)), len(chunks), bound=0.01, least=False)


def _touches(hit: Hit, entity: Row) -> bool:
    return "start" not in entity or (hit.start < entity["end"] and entity["start"] < hit.end)


def threat(text: str) -> float:
    """Say how much a text looks like an injection or a jailbreak."""
    return max((hit.score for name in ("injection", "jailbreak") for hit in builtin()[name].scan(text)), default=0.0)


def injections(folder: Path, only: str | None) -> Iterator[Share | Row]:
    """Injections found as a policy would, by set; and all sets together at one false positive in a hundred."""
    bad: list[float] = []
    good: list[float] = []
    for name, path in sets(folder, only):
        mine: dict[str, list[float]] = {"malicious": [], "benign": []}
        for row in read(path):
            if row["expected"] in mine:
                score = threat(row["input"])
                mine[row["expected"]].append(score)
                if (score >= COUNTS) != (row["expected"] == "malicious"):
                    yield {"wrong": "missed" if score < COUNTS else "false", "score": score, **row}
        bad += mine["malicious"]
        good += mine["benign"]
        area = f"injection/{name}"
        for label, what, bound in (("malicious", "found", None), ("benign", "harmless flagged", 0.02)):
            if mine[label]:
                count = sum(score >= COUNTS for score in mine[label])
                yield Share(area, what, count, len(mine[label]), bound=bound, least=label == "malicious")
    found, threshold = recall_at(bad, good, 0.01)
    yield Share(
        "injection, pooled", f"found at 1 % false positives (from {threshold:.2f} on)", found, len(bad), bound=0.6
    )
    yield Share("injection, pooled", "area under the curve", value=auc(bad, good), bound=0.93)


def descriptions(folder: Path, only: str | None) -> Iterator[Share | Row]:
    """Poisoned instructions for agents found, and honest ones flagged."""
    for name, path in sets(folder, only):
        counts: Counter[tuple[str, bool]] = Counter()
        for row in read(path):
            if row["expected"] in ("malicious", "benign"):
                flagged = threat(row["input"]) >= COUNTS or any(scan(one, row["input"]) for one in DESCRIBED)
                counts[row["expected"], flagged] += 1
                if flagged != (row["expected"] == "malicious"):
                    yield {"wrong": "false" if flagged else "missed", **row}
        area = f"mcp/{name}"
        for label, what, bound in (("malicious", "found", 0.95), ("benign", "harmless flagged", 0.01)):
            of = counts[label, True] + counts[label, False]
            if of:
                yield Share(area, what, counts[label, True], of, bound=bound, least=label == "malicious")


TOPICS: Final[dict[str, Callable[[Path, str | None], Iterator[Share | Row]]]] = {
    "secrets": secrets,
    "pii": personal,
    "injection": injections,
    "mcp": descriptions,
}
