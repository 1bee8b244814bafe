"""Nothing raises, nothing hangs, and running out is told."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referee.facets.classes import classes
from referee.facets.compute import compute
from referee.facets.file import resolve
from referee.facets.hosts import normal_host
from referee.facets.http import parse_url
from referee.facets.shell import files, parse
from referee.facets.surroundings import Surroundings
from referee.model.facts import Failed, FileFacet, HttpFacet, ShellFacet
from referee.model.request import Request

HERE = Surroundings(cwd="/w", home="/h", workspace="/w")
_PIECES = (
    "rm  -rf / $ ( ) { } ' \" ` \\ ; | || |& & < > << <<< EOF # ! * x= $x ${ $(( )) [[ ]] if then fi for in do done case esac eval xargs find -exec {a,b} "
    "{1..9} é sudo env git -c alias.x=! trap f() ~ = :- %% // time coproc function base64 python"
)
PIECES = st.sampled_from([*_PIECES.split(" "), " ", "\n", "\0", "\udcff", "sh -c "])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_pieces_of_shell(text: str) -> None:
    assert isinstance(parse(text, HERE), ShellFacet)
    assert isinstance(files(text, HERE), tuple | Failed)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_everywhere(text: str) -> None:
    assert isinstance(parse(text, HERE), ShellFacet)
    assert isinstance(parse_url(text), HttpFacet | Failed)
    assert isinstance(parse_url("http://" + text), HttpFacet | Failed)
    assert isinstance(resolve(text, "read", HERE), FileFacet | Failed)
    assert normal_host(text) is None or normal_host(text)
    assert classes(text) == tuple(sorted(classes(text)))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["Bash", "Write", "WebFetch", "apply_patch", "MultiEdit", "move_file", "nothing"]),
    st.dictionaries(st.sampled_from(["command", "file_path", "url", "input", "source", "cwd"]), st.none() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=5))),
    st.sampled_from(["http", "file", "shell", "sql"]),
)  # fmt: skip
def test_any_arguments(tool: str, args: dict[str, object], name: str) -> None:
    found = compute(name, Request(tool=tool, args=args), {}, HERE)
    assert found is None or isinstance(found, HttpFacet | ShellFacet | tuple | Failed)


BOMBS = [
    "(" * 30_000,
    "$(" * 20_000,
    '"$(' * 15_000,
    "`" * 40_001,
    "{" * 30_000,
    "{a,b}" * 5_000,
    "echo " + "{a,b}{c,d}" * 12,
    "echo {1..999999999}",
    "echo " + "{1..200}" * 4,
    "a && " * 12_000 + "a",
    "a | " * 12_000 + "a",
    "a;" * 30_000,
    "x=aa; " + "x=$x$x; " * 60 + "echo $x",
    "x=aa; while a; do x=$x$x; done",
    "f() { f; f; }; f",
    ":(){ :|:& };:",
    "for a in {1..60}; do for b in {1..60}; do for c in {1..60}; do rm $a$b$c; done; done; done",
    "eval " * 5_000 + "x",
    "sudo " * 10_000 + "rm",
    "sh -c '" * 5_000,
    "cat <<A\n" * 8_000,
    "${x:-" * 10_000 + "}" * 10_000,
    "$((" * 10_000 + "1" + "))" * 10_000,
    "if a; then " * 3_000 + "fi; " * 3_000,
    "alias a=b b=a; a",
    "alias a='a a a a'; a",
    "a=b; b=a; ${!a}",
    "\\" * 60_001,
    "find . " + "-exec rm {} + " * 4_000,
    "git " + "-c alias.x=!y " * 4_000,
    "printf " + "%s" * 20_000,
    "x='" + "a" * 60_000 + "'; echo ${x//a/bb}",
    "echo " + "a" * 60_000 + " | tr a-z b-z | rev | base64",
]


@pytest.mark.parametrize("text", BOMBS, ids=[text[:20] for text in BOMBS])
def test_bombs_end_soon(text: str) -> None:
    start = time.process_time()
    facet = parse(text, HERE)
    assert time.process_time() - start < 5
    assert sum(len(word or "") for command in facet.commands for word in command.words) < 64 * 1024 * 1024


def test_what_is_too_much_is_told() -> None:
    for text in ("f() { f; f; }; f", "a;" * 30_000, "$(" * 20_000):
        assert not parse(text, HERE).resolved
