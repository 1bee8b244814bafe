"""Programs of which running another one is a side feature: debuggers, editors, pagers, service tools.

Rule 1: what runs is found where the program's manual says that it stands; a shell that is named anywhere else in the words of a
program that has no use for its name is taken for one that starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from referee.facets.shell import tables
from referee.facets.shell.wrappers import Inner, operands_at, option

AWAY: Final = tables.names(
    "docker podman nerdctl docker-compose kubectl oc lxc incus ssh tmux screen vagrant distrobox toolbox nix-shell direnv conda "
    "mamba poetry pipenv uv hatch pdm multipass machinectl"
)
"""Programs that open a shell in a place of its own, which is what they are for."""

_SHELL: Final = re.compile(r"(?:^|[=,:('\"\s!`{|])(?:/usr)?/bin/(?:ba|z|da|k|a|c|tc|fi|rba|mk)?sh(?![\w./-])")
_MENTIONS: Final = tables.names(
    "echo printf ls ll dir stat file test [ [[ rm cp mv ln install touch mkdir chmod chown chgrp basename dirname realpath readlink "
    "which type command hash whereis export unset alias cd set shift read git gh glab hub jira man help info chsh useradd usermod adduser "
    "docker podman nerdctl kubectl oc ssh scp rsync tar zip cmp diff md5sum sha256sum dpkg rpm apt apt-get brew yum dnf pgrep pkill ps "
    "lsof ldd readelf objdump nm strings cat grep egrep fgrep rg ag awk sed head tail less more bat find fd locate tee update-alternatives "
    "true false : return exit local declare typeset make cmake meson crontab getent dscl sudoedit visudo vim vi nano code jq yq curl wget "
    "hg svn bzr fossil logger notify-send say zenity kdialog figlet toilet cowsay expr slackcat npm yarn pnpm history comm "
    "aws gcloud az systemctl launchctl shellcheck shfmt patchelf dpkg-divert apk nix-env setfacl getfacl getcap setcap"
)


def mentions_shell(name: str, words: list[str]) -> bool:
    """Tell whether a program that has no use for the name of a shell is given one."""
    if name in _MENTIONS:
        return False
    return any(_SHELL.search(word) and not _SAYING.match(f"{before} {word}") for before, word in pairwise(words))


_SAYING: Final = re.compile(r"(?:\S+ )?--?(?:m|message|title|body|text|summary|description|comment|note|subject)[ =]")
"""An option, or an option and its value, that is only said."""


def spawned(name: str, words: list[str], stdin: str | None) -> list[Inner] | None:
    """Return the commands that ``words`` runs by a side feature, or ``None``."""
    special = _SPECIAL.get(name)
    if special is not None:
        return special(words, stdin)
    options = _OPTIONS.get(name)
    if options is None:
        return None
    codes = [code for flag in options if (code := option(words, flag))]
    return [Inner(code=code.lstrip("!")) for code in codes] or None


_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "scrot": ("-e", "--exec"),
    "nano": ("-s", "--speller"),
    "pico": ("-s",),
    "rpm": ("--pipe",),
    "rpmquery": ("--pipe",),
    "dmsetup": ("--exec",),
    "mail": ("--exec",),
    "certbot": ("--pre-hook", "--post-hook", "--deploy-hook", "--manual-auth-hook", "--manual-cleanup-hook"),
    "openvpn": ("--up", "--down", "--route-up", "--client-connect", "--tls-verify"),
    "tcpdump": ("-z",),
    "sftp": ("-S", "-D"),
    "scp": ("-S", "-D"),
    "wget": ("--use-askpass",),
    "aria2c": ("--on-download-complete", "--on-download-start"),
    "cpio": ("--rsh-command",),
    "sort": ("--compress-program",),
    "ctags": ("--_echo",),
    "cmake": ("-E",),
    "bat": ("--pager",),
    "delta": ("--pager",),
    "journalctl": ("--pager",),
    "fzf": ("--preview",),
    "ansible": ("-a", "--args"),
    "puppet": ("-e", "--execute"),
    "rake": ("--execute-print", "--execute"),
    "pip": ("--editor",),
    "crontab": (),
}


def _after(count: int, valued: str = "") -> Callable[[list[str], str | None], list[Inner] | None]:
    """Make a reader of ``program option… word… command``."""
    options = tables.names(valued)

    def find(words: list[str], _stdin: str | None) -> list[Inner] | None:
        inner = words[operands_at(words, options) + count :]
        return [Inner(words=inner)] if inner else None

    return find


def _matched(pattern: str) -> Callable[[list[str], str | None], list[Inner] | None]:
    """Make a reader of commands that stand behind a mark in any word, or in what is read."""
    mark = re.compile(pattern, re.MULTILINE)

    def find(words: list[str], stdin: str | None) -> list[Inner] | None:
        texts = [word[:4096] for word in words[1:]] + [(stdin or "")[:4096]]
        codes = [found[1].strip() for text in texts for found in mark.finditer(text)]
        return [Inner(code=code) for code in codes[:16] if code] or None

    return find


def _editor(words: list[str], _stdin: str | None) -> list[Inner] | None:
    """Return the code of other languages that an editor is told to run."""
    found = [
        re.match(r"\+?:?(?:silent )?(py3?|pyx|python3?|lua|perl|ruby)\b\s*(.+)", word, re.DOTALL) for word in words[1:]
    ]
    languages = {"lua": ("lua", "-e"), "perl": ("perl", "-e"), "ruby": ("ruby", "-e")}
    return [Inner(words=[*languages.get(one[1], ("python3", "-c")), one[2]]) for one in found if one] or None


def _cmd(words: list[str], _stdin: str | None) -> list[Inner] | None:
    place = next((at for at, word in enumerate(words) if word[:2].lower() in {"/c", "/k"}), None)
    if place is None or place + 1 >= len(words):
        return None
    rest = words[place + 1 :]
    return [Inner(code=rest[0]) if len(rest) == 1 else Inner(words=rest)]


def _split(words: list[str], _stdin: str | None) -> list[Inner] | None:
    """Return the filter of ``split``, which finds the name of each piece in ``$FILE``."""
    code = option(words, "--filter")
    return None if code is None else [Inner(code=f"FILE=xaa; {code}")]


def _perf(words: list[str], _stdin: str | None) -> list[Inner] | None:
    if words[1:2] not in (["stat"], ["record"], ["trace"]):
        return None
    inner = words[operands_at(words, tables.names("-e -o -r -p -t -C -F"), 2) :]
    return [Inner(words=inner)] if inner else None


def _task(words: list[str], _stdin: str | None) -> list[Inner] | None:
    """Return the program that a tool for services starts."""
    program = option(words, "-x", "--exec") or option(words, "-a", "--startas")
    rest = words[words.index("--") + 1 :] if "--" in words else []
    return None if program is None or "-K" in words or "--stop" in words else [Inner(words=[program, *rest])]


_SPECIAL: Final[dict[str, Callable[[list[str], str | None], list[Inner] | None]]] = {
    "split": _split,
    "expect": _matched(r"\bspawn\s+([^;\n]+)"),
    "gdb": _matched(r"^\s*(?:!|shell\s)(.+)$"),
    "lldb": _matched(r"^\s*(?:platform\s+shell|shell)\s+(.+)$"),
    "sed": _matched(r"(?:^|[;{}])\s*(?:\d+|\$|/[^/]*/)?\s*e\s+(\S.*)$"),
    "gsed": _matched(r"(?:^|[;{}])\s*(?:\d+|\$|/[^/]*/)?\s*e\s+(\S.*)$"),
    "ed": _matched(r"^\s*!(.+)$"),
    "fzf": _matched(r"(?:execute[\w-]*|become|preview)\(([^)]*)\)"),
    "emacs": _matched(r"\((?:shell-command|call-process|term|async-shell-command|start-process)\s+\\?\"([^\"]+)\""),
    "latex": _matched(r"\\write18\s*\{([^}]*)\}"),
    "pdflatex": _matched(r"\\write18\s*\{([^}]*)\}"),
    "xelatex": _matched(r"\\write18\s*\{([^}]*)\}"),
    "lualatex": _matched(r"\\write18\s*\{([^}]*)\}"),
    "make": _matched(r"^\t[-@+]*(.+)$"),
    "gmake": _matched(r"^\t[-@+]*(.+)$"),
    "vim": _editor,
    "vi": _editor,
    "nvim": _editor,
    "view": _editor,
    "rview": _editor,
    "rvim": _editor,
    "gvim": _editor,
    "vimdiff": _editor,
    "cmd": _cmd,
    "cmd.exe": _cmd,
    "perf": _perf,
    "start-stop-daemon": _task,
    "logsave": _after(1),
    "valgrind": _after(0),
    "multitime": _after(0, "-n -s -r -i -o -b"),
    "cpulimit": lambda words, _stdin: _rest(words, "-f", "--"),
    "xdotool": lambda words, _stdin: _rest(words, "exec"),
    "dumb-init": _after(0),
    "tini": _after(0),
    "catatonit": _after(0),
    "s6-setuidgid": _after(1),
    "setuidgid": _after(1),
    "softlimit": _after(0, "-m -d -s -l -a -o -p -t -f -c -r"),
    "proot": _after(0, "-r -b -w -q"),
    "eatmydata": _after(0),
    "faketime": _after(1),
    "nocache": _after(0),
    "trickle": _after(0, "-d -u"),
    "with-contenv": _after(0),
    "sshuttle": lambda _words, _stdin: None,
    "ld.so": _after(0),
    "ld-linux-x86-64.so.2": _after(0, "--library-path --preload"),
}


def _rest(words: list[str], *marks: str) -> list[Inner] | None:
    place = next((at for at, word in enumerate(words) if word in marks), None)
    inner = [] if place is None else words[place + 1 :]
    inner = inner[operands_at(["", *inner], frozenset()) - 1 :]
    return [Inner(words=inner)] if inner else None
