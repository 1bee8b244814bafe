"""Broken files: whatever is done to a policy text, checking it ends, with policies or with diagnostics that have a place."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referee.language.codes import CODES
from referee.language.compile import Source, check
from referee.language.render import render_text, to_json, to_sarif
from tests.language.test_forms import SAMPLES

RICH = Path(__file__).with_name("everything.yaml").read_text("utf-8")
CORPUS = [*SAMPLES.values(), *[RICH] * 8, *(code.example for code in CODES.values() if len(code.example) < 2000)]
_WORDS = """
null true no ~ [] {} -1 1e3 1_000 010 .nan $x $$x $financial_actions *a &a !!x << ? - : # ' " é 🎉 all any not tool args.** args.x[*].y text
when regex ( [ ]} cidr 1.2.3.4 between count contains_pii scan run 80% 5m | > |- >+2 & * ! @ ` , id action deny allow redact modify set cap
limits policies rules scanner type
"""
_SPACES = (
    "\t",
    "\x00",
    "\ud800",
    "\u2028",
    "\x85",
    "\ufeff",
    "  ",
    "\n",
    "\r\n",
    "\n\n  - ",
    ": {",
    "}",
    "%YAML 1.1\n---\n",
    "\n---\n",
    "\n...\n",
)
PIECES = (*_WORDS.split(), *_SPACES)


def mutate(choice, text):
    for _ in range(choice.randint(1, 4)):
        at = choice.randrange(len(text) + 1)
        how = choice.randrange(5)
        if how == 0:
            text = text[:at] + text[at + choice.randint(1, 8) :]
        elif how == 1:
            text = text[:at] + choice.choice(PIECES) + text[at:]
        elif how == 2:
            words = text.split(" ")
            words[choice.randrange(len(words))] = choice.choice(PIECES)
            text = " ".join(words)
        elif how == 3:
            lines = text.split("\n")
            one, other = choice.randrange(len(lines)), choice.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            text = "\n".join(lines)
        else:
            lines = text.split("\n")
            lines.insert(choice.randrange(len(lines)), choice.choice(choice.choice(CORPUS).split("\n")))
            text = "\n".join(lines)
    return text


def sound(text):
    checked = check([Source("p.yaml", text)])
    assert (checked.policies is None) == any(d.level == "error" for d in checked.diagnostics)
    for diagnostic in checked.diagnostics:
        assert diagnostic.code in CODES
        assert diagnostic.span.line >= 1
        assert diagnostic.span.column >= 1
    render_text(checked.diagnostics)
    assert len(to_json(checked.diagnostics)) == len(to_sarif(checked.diagnostics)["runs"][0]["results"])
    return checked


def test_the_rich_file_compiles():
    assert sound(RICH).policies is not None


@pytest.mark.parametrize("start", range(0, 2000, 500))
def test_mutated_files(start):
    for seed in range(start, start + 500):
        choice = random.Random(seed)
        sound(mutate(choice, choice.choice(CORPUS)))


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_random_bytes(data):
    sound(data)


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_random_text(text):
    sound(text)


@pytest.mark.long
@pytest.mark.parametrize("start", range(0, 100_000, 10_000))
def test_100_000_mutated_files(start):
    for seed in range(start, start + 10_000):
        choice = random.Random(-seed - 1)
        sound(mutate(choice, choice.choice(CORPUS)))
