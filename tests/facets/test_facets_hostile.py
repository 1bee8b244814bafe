"""Nothing raises, nothing hangs, and running out is told."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc

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


PAST_THE_TABLE = """
from referee.facets.shell.syntax import read
for code in range(0x80, 0x110000, 0x100):
    for text in ("{%s", "(a {%s", "(echo {1%s", "(echo {1..%s", "(echo {1..2%s", "( {%sb} ) <<< a", "(cat <<a\\n{%s\\na\\n"):
        read(text % chr(code))
print("alive")
"""


def test_no_character_behind_a_brace_ends_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", PAST_THE_TABLE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


def test_what_stands_behind_a_brace_is_read_all_the_same() -> None:
    seen = parse("(cd /tmp && rm -rf {\U000e4163a,/w/b})", HERE)
    assert "delete" in seen.effects
    hidden = parse("cat <<'{\u00e9'\n{xx\necho '\n{\u00e9\nrm -rf /\n: '", HERE)
    assert not hidden.resolved or "delete" in hidden.effects


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

MILLION = 1 << 20
LONG_BOMBS = {
    "a word": "echo " + "a" * MILLION,
    "words": "echo " + "a " * (MILLION // 2),
    "a quote": "echo '" + "a" * MILLION + "'",
    "commands": "ls;" * (MILLION // 3),
    "pipes": "ls|" * (MILLION // 3) + "ls",
    "a comment": "# " + "x" * MILLION,
    "a here-document": "cat <<E\n" + "line\n" * (MILLION // 5) + "E",
    "a here-document for a shell": "sh <<E\n" + "ls a\n" * (MILLION // 5) + "E",
    "substitutions": "echo " + "$(a) " * 12_000,
    "backticks": "echo " + "`a`" * 20_000,
    "replacements": "x=aaaa; echo " + "${x//a/aa}" * 5_000,
    "defaults": "echo " + "${a:-b}" * 9_000,
    "sums": "echo " + "$((1+1))" * 7_000,
    "doubling": "x=aaaaaaaaaaaaaaaa;" + "x=$x$x$x$x;" * 20 + "rm $x",
    "doubling arrays": "a=(x x x x);" + 'a=("${a[@]}" "${a[@]}");' * 30 + 'rm "${a[@]}"',
    "elements": "".join(f"a[{key}]=x;" for key in range(5_000)) + 'rm "${a[@]}"',
    "mapfile": "mapfile -t a < <(seq 1 1000);" * 200,
    "formats": "printf '%0999d' " + "1 " * 250,
    "loops": "for i in $(seq 1 1000); do for j in $(seq 1 1000); do rm $i$j; done; done",
    "lines": 'while read -r a b; do rm $a; done <<< "' + "x y\n" * 8_000 + '"',
    "brace nests": "echo " + "{a," * 12_000 + "}" * 12_000,
    "brace products": "echo " + "{a,b}" * 40,
    "a glob": "ls " + "*a" * 5_000,
    "globs": "cat " + " ".join(f"*[{key}]*.k?y" for key in range(4_000)),
    "files": "cat " + " ".join(f"f{key}.env" for key in range(8_000)),
    "sed": "echo x | sed '" + "1p;" * 20_000 + "'",
    "awk": "echo a | awk '{print " + "$1," * 9_000 + "$1}'",
    "filters": "echo " + "a" * 16_000 + "|rev" * 3_000,
    "encodings": "echo x" + "|base64" * 300,
    "cases": "case x in " + "a) ls;; " * 6_000 + "esac",
    "functions": "".join(f"f{key}(){{ f{key + 1}; }};" for key in range(3_000)) + "f0",
    "functions of functions": "a(){ b; b; }; b(){ a; a; }; a",
    "aliases": "shopt -s expand_aliases\n"
    + "\n".join(f"alias a{key}='a{key + 1} a{key + 1}'" for key in range(500))
    + "\na0",
    "evals": "x=ls;" + "x=\"eval '$x'\";" * 60 + "eval $x",
    "here-documents": "cat " + "<<A " * 12_000 + "\n" + "A\n" * 12_000,
    "redirections": "ls " + ">a " * 20_000,
    "processes": "cat " + "<(ls) " * 9_000,
    "patterns": "x=" + "a" * 500 + "; echo ${x##" + "*a" * 100 + "b}",
    "extended globs": "ls " + "!(a|b)" * 9_000,
    "urls": "curl " + "https://" * 8_000,
    "statements": "psql -c '" + "delete from a where " * 3_000 + "'",
    "code": 'python3 -c "' + "os.system('ls');" * 4_000 + '"',
    "machines": "ssh a " * 3_000 + "ls",
    "arguments": "echo " + "a " * 30_000 + "| xargs -n1 rm",
}


@pytest.mark.parametrize("name", LONG_BOMBS)
def test_long_texts_end_soon_and_hold_little(name: str) -> None:
    tracemalloc.start()
    begin = time.process_time()
    try:
        facet = parse(LONG_BOMBS[name], HERE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - begin < 10  # three times slower while memory is traced
    assert peak < 96 * MILLION
    assert len(facet.commands) <= 1_100


@pytest.mark.parametrize("text", BOMBS, ids=[text[:20] for text in BOMBS])
def test_bombs_end_soon(text: str) -> None:
    start = time.process_time()
    facet = parse(text, HERE)
    assert time.process_time() - start < 5
    assert sum(len(word or "") for command in facet.commands for word in command.words) < 64 * 1024 * 1024


def test_what_is_too_much_is_told() -> None:
    for text in ("f() { f; f; }; f", "a;" * 30_000, "$(" * 20_000):
        assert not parse(text, HERE).resolved
