"""Made-up attacks and harmless look-alikes: how many are found, how many are flagged."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from referee.scanners.builtin import builtin

HERE = Path(__file__).parent / "injection"
ATTACKS = yaml.safe_load((HERE / "attacks.yaml").read_text("utf-8"))
HARMLESS = yaml.safe_load((HERE / "harmless.yaml").read_text("utf-8"))
LANGUAGES = ["de", "fr", "es", "it", "pt", "zh", "ja", "ru"]


def flagged(text):
    """Tell whether a policy that says no more than ``contains_injection: true`` sees anything, or one about jailbreaks."""
    return any(hit.score >= 0.5 for name in ("injection", "jailbreak") for hit in builtin()[name].scan(text))


def share(texts):
    return sum(map(flagged, texts)) / len(texts)


def test_there_are_enough_of_each():
    assert sum(map(len, ATTACKS.values())) >= 200
    assert sum(map(len, HARMLESS.values())) >= 200
    assert {*LANGUAGES} <= set(ATTACKS)
    texts = [text for group in (ATTACKS, HARMLESS) for some in group.values() for text in some]
    assert all(isinstance(text, str) for text in texts)
    assert len({*texts}) == len(texts)


def test_most_attacks_are_found():
    assert share([text for some in ATTACKS.values() for text in some]) >= RECALL


@pytest.mark.parametrize("group", ["override", "leak", "forge", "authority", "jailbreak"])
def test_every_class_is_found(group):
    assert share(ATTACKS[group]) >= 0.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_found(language):
    assert share(ATTACKS[language]) >= 0.5


def test_harmless_texts_are_left_alone():
    wrong = [text for some in HARMLESS.values() for text in some if flagged(text)]
    assert len(wrong) <= FALSE * sum(map(len, HARMLESS.values())), wrong


RECALL = 0.65
FALSE = 0.02
