"""Texts around a text: what makes a shell, another language, another user or another machine run it.

Rule 1: a wrapping runs the whole text it is given, whatever is in it, or returns ``None``.
Rule 2: what only another machine or another user would run (``sudo``, ``ssh``, ``docker``) is in ``REMOTE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

from referee.testing.spelling import encoded, name, quote

Wrapping = Callable[[Random, str], str | None]

_HOLES: Final = re.compile("TEXT|QUOTED|BANGED|NAME")


def _fixed(*forms: str) -> Wrapping:
    """Make a wrapping of forms with holes for the text, the text quoted (also after a ``!``), and a fresh name."""

    def wrap(dice: Random, text: str) -> str | None:
        form = dice.choice(forms)
        filled = {"TEXT": text, "QUOTED": quote(text), "BANGED": quote("!" + text), "NAME": name(dice)}
        return _HOLES.sub(lambda found: filled[found[0]], form)

    return wrap


def _alias(dice: Random, text: str) -> str | None:
    """Name the text by an alias; bash reads a line before it knows the aliases that the line makes."""
    it = name(dice)
    lines = quote(f"alias {it}={quote(text)}\n{it}")
    return dice.choice([f"shopt -s expand_aliases; eval {lines}", f"bash -O expand_aliases -c {lines}"])


def _lines(dice: Random, text: str) -> str | None:
    """Let a loop read the text as a line."""
    it = name(dice)
    forms = [
        f'while read -r {it}; do eval "${it}"; done <<< {quote(text)}',
        f'printf "%s\\n" {quote(text)} | while IFS= read -r {it}; do sh -c "${it}"; done',
        f'while IFS= read -r {it} || [ -n "${it}" ]; do eval "${it}"; done < <(printf %s {quote(text)})',
        f'mapfile -t {it} <<< {quote(text)}; for x_ in "${{{it}[@]}}"; do eval "$x_"; done',
        f'readarray -t {it} < <(echo {quote(text)}); eval "${{{it}[0]}}"',
        f"echo {quote(text)} | xargs -I{{}} bash -c {{}}" if not set("\"'\\") & set(text) else f"eval {quote(text)}",
    ]
    return None if "\n" in text else dice.choice(forms)


def _document(dice: Random, text: str) -> str | None:
    """Give the text to a shell as a here-document."""
    end = dice.choice(["EOF", "END_OF_IT", "eof"]) + str(dice.randrange(100))
    shell = dice.choice(["sh", "bash", "bash -s", "bash -", "cat | sh", "bash /dev/stdin", "cat <&0 | bash"])
    if shell == "cat <&0 | bash":
        return f"cat <<'{end}' | bash\n{text}\n{end}"
    if shell == "cat | sh":
        return f"cat <<\\{end} | sh\n{text}\n{end}"
    return f"{shell} <<{dice.choice([repr(end), chr(34) + end + chr(34), chr(92) + end])}\n{text}\n{end}"


def _piped(dice: Random, text: str) -> str | None:
    """Encode the text and pipe it, or substitute it, into a shell."""
    command = encoded(dice, text)
    if command is None:
        return None
    forms = [
        f"{command} | sh",
        f"{command} | bash -s",
        f"{command} | env bash",
        f'eval "$( {command})"',
        f'sh -c "$( {command})"',
    ]
    forms += [
        f"bash <({command})",
        f"source <({command})",
        f". <({command})",
        f'bash <<< "$( {command})"',
        f"bash < <({command})",
    ]
    forms += [
        f"( {command}) | bash",
        f"{command} | tee /dev/null | sh",
        f'x_="$( {command})"; eval "$x_"',
        f"{command} | cat | cat | sh",
    ]
    forms += [
        f"{command} > ./zz.sh; sh ./zz.sh",
        f"{command} > zz.sh && . ./zz.sh",
        f"{command} | tee zz.sh >/dev/null; bash zz.sh",
    ]
    return dice.choice(forms)


def _twice_encoded(dice: Random, text: str) -> str | None:
    inner = _piped(dice, text)
    return None if inner is None else _piped(dice, inner)


def _backticks(_dice: Random, text: str) -> str | None:
    """Run the text in backticks, whose inside has its own escapes."""
    return None if set('`\\$"\n') & set(text) else f"x=`{text}`"


def _language(dice: Random, text: str) -> str | None:
    """Let another language run the text."""
    if not text.isascii() or "\n" in text:
        return None
    text = f"bash -c {quote(text)}"
    literal = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    dollars = '"' + re.sub(r'([\\"$@])', r"\\\1", text) + '"'
    forms = [
        f"import os; os.system({literal})",
        f"import subprocess; subprocess.run({literal}, shell=True)",
        f"__import__('os').system({literal})",
    ]
    code = quote(dice.choice(forms))
    return dice.choice(
        [f"python3 -c {code}", f"perl -e {quote(f'system({dollars})')}", f"awk {quote(f'BEGIN{{system({literal})}}')}"]
    )


TEXTS: Final[dict[str, Wrapping]] = {
    "shell -c": _fixed(
        "sh -c QUOTED",
        "bash -c QUOTED",
        "bash --norc -c QUOTED",
        "bash -ec QUOTED",
        "bash -o pipefail -c QUOTED",
        "bash +e -c QUOTED",
        "/bin/bash -c QUOTED",
        "env bash -c QUOTED",
        "bash -c -- QUOTED",
        "bash -c QUOTED zero",
    ),
    "eval": _fixed(
        "eval QUOTED",
        "builtin eval QUOTED",
        "command eval QUOTED",
        "eval '' QUOTED",
        "eval -- QUOTED",
    ),
    "here-document": _document,
    "here-string": _fixed(
        "bash <<< QUOTED",
        "sh -s <<< QUOTED",
        "cat <<< QUOTED | sh",
        "source /dev/stdin <<< QUOTED",
        ". /dev/fd/0 <<< QUOTED",
    ),
    "piped": _piped,
    "encoded twice": _twice_encoded,
    "backticks": _backticks,
    "inside a substitution": _fixed(
        "x=$(\nTEXT\n)",
        'echo "$(\nTEXT\n)"',
        ": $(\nTEXT\n)",
        "[[ -n $(\nTEXT\n) ]]",
        "cat <(\nTEXT\n)",
        "echo ${x:-$(\nTEXT\n)}",
        '[ -z "$(\nTEXT\n)" ]',
        "echo $(( $(\nTEXT\n) + 0 )) 2>/dev/null",
        "echo x > >(\nTEXT\n)",
        "a=([0]=$(\nTEXT\n))",
        "cat <<NAME\n$(\nTEXT\n)\nNAME",
    ),
    "function": _fixed(
        "NAME() {\nTEXT\n}\nNAME",
        "function NAME {\nTEXT\n}\nNAME",
        "NAME() (\nTEXT\n); NAME",
        "NAME() {\nTEXT\n}; eval NAME",
        "NAME() {\nTEXT\n}; x=NAME; $x",
        "NAME() {\nTEXT\n}\nexport -f NAME; bash -c NAME",
        "NAME() if true; then\nTEXT\nfi\nNAME",
    ),
    "alias": _alias,
    "branch": _fixed(
        "if true; then\nTEXT\nfi",
        "if ! true; then :; else\nTEXT\nfi",
        "if false; then :; elif true; then\nTEXT\nfi",
        "if\nTEXT\nthen :; fi",
        "case a in a)\nTEXT\n;; esac",
        "case $- in *)\nTEXT\nesac",
        "[[ a == a ]] && {\nTEXT\n}",
        "((1)) && {\nTEXT\n}",
        "test -z '' && eval QUOTED",
        "case a in b) : ;; (a | c)\nTEXT\n;& *) : ;; esac",
    ),
    "loop": _fixed(
        "for NAME in 1; do\nTEXT\ndone",
        "for ((NAME=0; NAME<1; NAME++)); do\nTEXT\ndone",
        "while true; do\nTEXT\nbreak; done",
        "until false; do\nTEXT\nbreak; done",
        'for NAME in QUOTED; do eval "$NAME"; done',
        "for NAME in x\ndo\nTEXT\ndone",
    ),
    "lines": _lines,
    "group": _fixed(
        "{\nTEXT\n}",
        "(\nTEXT\n)",
        "( {\nTEXT\n} )",
        "{ (\nTEXT\n) }",
        "(\nTEXT\n) 2>/dev/null",
        "{\nTEXT\n} > /dev/null 2>&1",
        "! {\nTEXT\n}",
        "time {\nTEXT\n}",
        "{\nTEXT\n} | cat",
        ": | {\nTEXT\n}",
        "(\nTEXT\n) &\nwait",
        "{\nTEXT\n} < /dev/null",
    ),
    "list": _fixed(
        "true\nTEXT",
        "cd . && {\nTEXT\n}",
        "TEXT\ntrue",
        "false || {\nTEXT\n}",
        "true; { TEXT\n}",
        "# it's a comment\nTEXT",
        "TEXT\n# done",
        ":;TEXT",
        "echo start\nTEXT\necho done",
        '# "\nTEXT',
        "echo 'a # b' \\# c # d\nTEXT",
        "x=1\\\n2\nTEXT",
    ),
    "trap": _fixed("trap QUOTED EXIT", "trap -- QUOTED 0", "trap QUOTED DEBUG; :", "(trap QUOTED EXIT)"),
    "script file": _fixed(
        "cat > zz.sh <<'NAME'\nTEXT\nNAME\nsh zz.sh",
        "echo QUOTED > zz.sh; bash ./zz.sh",
        "printf '%s\\n' QUOTED | sed 's/x/x/' > zz.sh; . ./zz.sh",
        "echo QUOTED | tee zz.sh > /dev/null; chmod +x zz.sh; ./zz.sh",
        "echo QUOTED >> z1.sh; cp z1.sh z2.sh; sh z2.sh",
        "cat <<'NAME' > z3.sh && bash z3.sh\nTEXT\nNAME",
        "echo QUOTED > z4.sh; mv z4.sh z5.sh; bash < z5.sh",
    ),
    "language": _language,
    "variable": _fixed(
        'NAME=QUOTED; eval "$NAME"',
        'NAME=QUOTED; bash -c "$NAME"',
        'NAME=QUOTED; sh <<< "$NAME"',
        "export NAME=QUOTED; bash -c 'eval \"$NAME\"'",
        "NAME=QUOTED bash -c 'eval \"$NAME\"'",
        "read -r -d '' NAME <<'NAME'\nTEXT\nNAME\neval \"$NAME\"",
        'NAME=(QUOTED); eval "${NAME[0]}"',
        'echo "$NAME" > /dev/null; NAME=QUOTED; eval "${NAME?}"',
        "NAME=$(cat <<'NAME'\nTEXT\nNAME\n); eval \"$NAME\"",
    ),
    "program": _fixed(
        "env -S 'bash -c' QUOTED",
        "timeout 9 bash -c QUOTED",
        "find . -maxdepth 0 -exec bash -c QUOTED \\;",
        "nohup sh -c QUOTED 2>/dev/null",
        "coproc {\nTEXT\n}; wait",
        "coproc NAME { TEXT\n}; wait",
        "exec bash -c QUOTED",
        "nice sh -c QUOTED",
        "setsid -w bash -c QUOTED",
        "printf '%s\\0' QUOTED | xargs -0 bash -c",
        "printf '%s\\0' QUOTED | xargs -0 -I{} sh -c {}",
        "xargs -I{} bash -c QUOTED <<< x",
        "env -- bash -c QUOTED",
    ),
}

REMOTE: Final[dict[str, Wrapping]] = {
    "other user": _fixed(
        "sudo sh -c QUOTED",
        "sudo -u root -- bash -c QUOTED",
        "sudo -E env A=1 bash -c QUOTED",
        "doas sh -c QUOTED",
        "su -c QUOTED root",
        "su - root -c QUOTED",
        "sudo bash <<< QUOTED",
        "echo QUOTED | sudo bash",
        "pkexec bash -c QUOTED",
        "runuser -u root -- sh -c QUOTED",
        "sudo -i bash -c QUOTED",
        "echo pw | sudo -S sh -c QUOTED",
    ),
    "other machine": _fixed(
        "ssh host QUOTED",
        "ssh -p 22 -o BatchMode=yes me@host QUOTED",
        "ssh host bash <<< QUOTED",
        "echo QUOTED | ssh host sh",
        "sshpass -p x ssh host QUOTED",
        "ssh -tt host -- QUOTED",
        "ssh -J jump -i key host QUOTED",
        "ssh host <<'NAME'\nTEXT\nNAME",
    ),
    "container": _fixed(
        "docker exec box sh -c QUOTED",
        "docker exec -it -u root box bash -c QUOTED",
        "docker run --rm -v /:/host alpine sh -c QUOTED",
        "kubectl exec pod -- sh -c QUOTED",
        "kubectl exec -n ns -it pod -c main -- bash -c QUOTED",
        "docker compose exec web sh -c QUOTED",
        "podman run --rm img sh -c QUOTED",
        "nsenter -t 1 -m sh -c QUOTED",
        "chroot /mnt sh -c QUOTED",
        "echo QUOTED | docker exec -i box sh",
    ),
    "tool": _fixed(
        "watch -n 1 QUOTED",
        "flock /tmp/l -c QUOTED",
        "script -qc QUOTED /dev/null",
        "parallel ::: QUOTED",
        "tmux new-session -d QUOTED",
        "git -c alias.z=BANGED z",
        "busybox sh -c QUOTED",
        "screen -dm sh -c QUOTED",
        "echo QUOTED | at now",
        "strace -f sh -c QUOTED",
        "systemd-run --user sh -c QUOTED",
        "npx -c QUOTED",
        "git submodule foreach QUOTED",
        "git rebase -x QUOTED main",
        "unshare -r sh -c QUOTED",
        "git -c core.pager=QUOTED log",
        "PAGER=QUOTED man ls",
        "tar cf a.tar x --checkpoint=1 --checkpoint-action=exec=QUOTED",
    ),
}
