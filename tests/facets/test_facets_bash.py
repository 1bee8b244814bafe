"""Words as bash itself makes them: the same texts are given to a restricted bash that can start nothing."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from referee.facets.shell import parse
from referee.facets.surroundings import Surroundings

BASH = shutil.which("bash")
PIECES = [
    "a", "b", "-rf", "/", " ", "  ", "\t", "'x y'", '"p q"', "\\ ", "\\\\", "\\'", '\\"', "$'\\x41 \\101'", "$'a\\'b'", "{a,b}", "{1..3}",
    "{a,{b,c}}", "$v", "${v}", '"$v"', "${v#r}", "${v%m}", "${v:1}", "${v/r/k}", "${v^^}", '"${u:-d e}"', "${u:-d e}", "$(echo hi yo)",
    '"$(echo hi  yo)"', "`echo hi`", '"`echo \\"q\\"`"', "$IFS", '""', "''", "~", "=", "#", "\\\n", '$"loc"', "$((2+3))", '"a$"', "'a'\"b\"",
    "${#v}", '"\\$v"', "$@", '"$@"', "!", "%", "{", "}", "{}", "{x", "a,b", "\"'\"", "$(printf 'a%sb' c)", "${w}", '"${w}"', "; f z", "&& f z",
    "; v=k; f $v", "\nf n",
]  # fmt: skip
SETUP = "set -f; f() { printf '<'; printf '[%s]' \"$@\"; printf '>\\n'; }; "
START = "v=rm; w='1  2 3'; u=; f "


@pytest.mark.skipif(BASH is None, reason="the oracle is bash")
def test_words_are_those_of_bash(tmp_path: Path) -> None:
    dice = random.Random(20261124)
    compared = 0
    for _ in range(250):
        text = START + "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 7)))
        told = subprocess.run(
            [str(BASH), "--norc", "-r", "-c", SETUP + text],
            cwd=tmp_path,
            env={"PATH": "/nonexistent", "HOME": "/h"},
            capture_output=True,
            check=False,
        )
        facet = parse(text, Surroundings(home="/h"))
        if told.returncode or told.stderr or facet.missing:
            continue
        ours = {
            "<" + ("".join(f"[{word}]" for word in command.words[1:]) or "[]") + ">"
            for command in facet.commands
            if command.words[0] == "f"
        }
        theirs = {part + ">" for part in told.stdout.decode().split(">\n") if part}
        assert ours == theirs, text
        compared += 1
    assert compared > 200
