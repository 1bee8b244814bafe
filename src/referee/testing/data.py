"""Uses of a command's text that run nothing of it: printed, searched for, committed, commented, written to a file.

Rule 1: a use of a text does what the same use of a harmless text does, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Final

from referee.testing.spelling import quote

_HOLES: Final = re.compile("TEXT|QUOTED|DOUBLE|LINE|ONE")

USES: Final[tuple[str, ...]] = (
    "echo QUOTED",
    "echo DOUBLE",
    "printf '%s\\n' QUOTED",
    "echo -n QUOTED >&2",
    "printf '%s' DOUBLE",
    "echo note: QUOTED | cat -A",
    "echo QUOTED >> NOTES.md",
    "echo DOUBLE > docs/warning.txt",
    "echo QUOTED | tee -a log.txt",
    "echo QUOTED | wc -c",
    "echo QUOTED | grep -c rm",
    "printf '%s\\n' QUOTED | sort | uniq -c",
    "echo QUOTED | sed 's/a/b/' | head -3",
    "echo QUOTED | base64",
    "grep -rn QUOTED src",
    "grep -F QUOTED README.md",
    "grep -e QUOTED -- a.txt",
    "rg --fixed-strings QUOTED docs",
    "git grep -n QUOTED",
    "ag QUOTED",
    "history | grep QUOTED",
    "awk -v s=QUOTED '{print s}' a.txt",
    "fgrep -q QUOTED a.txt && echo found",
    "git commit -m QUOTED",
    "git commit -am DOUBLE",
    "git commit --message=QUOTED",
    "git tag -a v1 -m QUOTED",
    "git log --grep=QUOTED",
    "git stash push -m QUOTED",
    "git log -S QUOTED --oneline",
    "git notes add -m QUOTED",
    "git commit -F - <<'EOF'\nTEXT\nEOF",
    "git commit -m \"$(cat <<'EOF'\nTEXT\nEOF\n)\"",
    "gh pr create --title ONE --body QUOTED",
    "gh issue comment 3 --body DOUBLE",
    "gh pr create --fill --body-file - <<'EOF'\nTEXT\nEOF",
    "# LINE",
    "ls # LINE",
    "ls  \t# LINE\npwd",
    "#LINE\nls",
    "ls ; # LINE",
    "true && ls # LINE",
    "# 'LINE",
    "if true; then ls; fi # LINE",
    "cat > notes.md <<'EOF'\nTEXT\nEOF",
    "cat >> docs/a.md << 'END'\n# how to\nTEXT\nEND",
    "tee docs/b.md > /dev/null <<'EOF'\nTEXT\nEOF",
    "cat <<'EOF' > test_cases.txt\nTEXT\nEOF\nwc -l test_cases.txt",
    "cat <<-'EOF' > c.md\n\tTEXT\n\tEOF",
    "wc -w <<'EOF'\nTEXT\nEOF",
    "cat <<\\EOF | sort > d.txt\nTEXT\nEOF",
    "cat <<< QUOTED",
    "grep -c x <<< QUOTED",
    "tr a-z A-Z <<< QUOTED",
    ": <<'EOF'\nTEXT\nEOF",
    "msg=QUOTED",
    'export MSG=QUOTED; echo "$MSG"',
    'msg=QUOTED; echo "$msg"',
    "declare -r HINT=QUOTED",
    "local_note=(QUOTED b c); echo ${#local_note[@]}",
    '[ "$1" = QUOTED ]',
    "[[ $1 == QUOTED ]] && echo same",
    "test QUOTED != x",
    'case "$1" in QUOTED) echo yes;; esac',
    "case x in a) echo QUOTED;; esac",
    "x=QUOTED; echo ${#x}",
    'x=QUOTED; [ -n "$x" ] && echo set',
    'for w in QUOTED b; do echo "$w"; done',
    "cleanup() {\nTEXT\n}",
    "f() { echo QUOTED; }; f",
    "alias danger=QUOTED",
    "trap - EXIT; echo QUOTED",
    "jq --arg m QUOTED '.message = $m' a.json",
    "logger -t deploy QUOTED",
    "notify-send title QUOTED",
    "say QUOTED",
    "figlet QUOTED",
    "cowsay QUOTED",
    "python3 -c 'import sys; print(sys.argv[1])' QUOTED",
    "man rm; echo QUOTED",
    "diff <(echo QUOTED) b.txt",
    "comm -12 <(echo QUOTED) <(sort b.txt)",
    "read -p QUOTED answer",
    "expr length QUOTED",
    "bash -n <<'EOF'\nTEXT\nEOF",
    "shellcheck - <<'EOF'\nTEXT\nEOF",
    'set -- QUOTED; echo "$1"',
    "jira issue create --summary QUOTED",
    "aws sns publish --message QUOTED --topic-arn t",
    "slackcat --text QUOTED",
    "zenity --info --text=QUOTED",
    "echo QUOTED | xargs -I{} echo {}",
    'echo QUOTED | while read -r l; do echo "> $l"; done',
    "printf '%s\\n' QUOTED > cases/1.txt; cat cases/1.txt",
    'sqlite3 notes.db "select 1" # LINE',
    "make help # LINE",
    "cat a.txt | grep -v QUOTED",
    "sed -n '/start/p' a.txt # LINE",
    "docker run -e NOTE=QUOTED alpine env",
    "kubectl annotate pod web note=QUOTED",
    "npm version patch -m QUOTED",
    "hg commit -m QUOTED",
    "svn log --search QUOTED",
)


def data_uses(text: str, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Yield ``count`` uses of a text as data, each with the same use of a harmless text."""
    dice = Random(seed)  # noqa: S311 - a test has to be repeatable, not secret
    for _ in range(count):
        use = dice.choice(USES)
        yield filled(use, text), filled(use, "hello world")


def filled(use: str, text: str) -> str:
    """Put a text into a use: as it is, as one line, quoted, or in double quotes.

    >>> filled("echo QUOTED # LINE", "it is")
    "echo 'it is' # it is"
    """
    double = '"' + re.sub(r'([\\\\$`"])', r"\\\1", text) + '"'
    holes = {
        "TEXT": text,
        "LINE": text.replace("\n", " "),
        "QUOTED": quote(text),
        "DOUBLE": double,
        "ONE": quote(text.split("\n", maxsplit=1)[0]),
    }
    return _HOLES.sub(lambda found: holes[found[0]], use)
