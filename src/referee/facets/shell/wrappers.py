"""Programs that run other programs: what they run, as words or as shell text.

Rule 1: tables say which options take a value and how many words come before the inner command.
Rule 2: what is appended at run time and not known (``xargs``) is ``UNKNOWN``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Final

import msgspec

from referee.facets.shell.feeding import cut
from referee.facets.shell.trace import HOLE, UNKNOWN


class Inner(msgspec.Struct, frozen=True):
    """A command that another one runs: as words, or as shell text."""

    words: list[str] | None = None
    code: str | None = None


class Wrapper(msgspec.Struct, frozen=True):
    """How to find the inner command: options with a value, words to skip, and whether assignments come first."""

    valued: frozenset[str] = frozenset()
    skip: int = 0
    assigns: bool = False


_CODE: Final = re.compile(r"[\s$`;|&<>({*'\"\\]")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _wrapper(valued: str = "", skip: int = 0, *, assigns: bool = False) -> Wrapper:
    return Wrapper(frozenset(valued.split()), skip, assigns)


_SIMPLE: Final[dict[str, Wrapper]] = {
    **dict.fromkeys(
        _names(
            "nohup setsid ! command builtin then do unbuffer busybox toybox firejail systemd-inhibit dbus-run-session "
            "torsocks torify setpriv bunx entr catchsegv"
        ),
        _wrapper(),
    ),
    "sudo": _wrapper("-u -g -p -C -D -R -T -h -r -t -U --user --group --prompt --chdir --chroot --host", assigns=True),
    "doas": _wrapper("-u -C -a"),
    "pkexec": _wrapper("--user"),
    "env": _wrapper("-u -C --unset --chdir", assigns=True),
    "nice": _wrapper("-n --adjustment"),
    "ionice": _wrapper("-c -n -p --class --classdata"),
    "chrt": _wrapper("", 1),
    "taskset": _wrapper("-c --cpu-list", 1),
    "timeout": _wrapper("-k -s --kill-after --signal", 1),
    "gtimeout": _wrapper("-k -s --kill-after --signal", 1),
    "stdbuf": _wrapper("-i -o -e --input --output --error"),
    "time": _wrapper("-f -o --format --output"),
    "exec": _wrapper("-a"),
    "strace": _wrapper("-e -o -p -s -u -E -a -O -S -b -I -P"),
    "ltrace": _wrapper("-e -o -p -s -u -a -n"),
    "chroot": _wrapper("--userspec --groups", 1),
    "nsenter": _wrapper("-t --target -S -G"),
    "unshare": _wrapper("-S -G -R -w --root --wd"),
    "fakeroot": _wrapper("-l -s -i"),
    "caffeinate": _wrapper("-t -w"),
    "systemd-run": _wrapper("-p -u -E --property --unit --uid --gid --setenv --description --slice"),
    "xvfb-run": _wrapper("-n -s -e -f -p"),
    "rlwrap": _wrapper("-a -f -H -b"),
    "proxychains": _wrapper("-f"),
    "proxychains4": _wrapper("-f"),
    "gosu": _wrapper("", 1),
    "su-exec": _wrapper("", 1),
    "npx": _wrapper("-p --package -c"),
    "uvx": _wrapper("--from --with"),
    "numactl": _wrapper("-m -N -C"),
    "chpst": _wrapper("-u -U -b -e -/ -n -l -L"),
    "setarch": _wrapper("", 1),
    "hyperfine": _wrapper("-w -r -p -c -n --warmup --runs --prepare"),
}  # fmt: skip

_AFTER_WORDS: Final[dict[str, tuple[tuple[tuple[str, ...], Wrapper], ...]]] = {
    "uv": ((("run",), _wrapper("--with --python -p --extra --group --directory --project")), (("tool", "run"), _wrapper("--from"))),
    "poetry": ((("run",), _wrapper()),),
    "pipenv": ((("run",), _wrapper()),),
    "pdm": ((("run",), _wrapper()),),
    "hatch": ((("run",), _wrapper()),),
    "bundle": ((("exec",), _wrapper()),),
    "npm": ((("exec",), _wrapper("-p --package -c")),),
    "pnpm": ((("exec",), _wrapper()), (("dlx",), _wrapper())),
    "yarn": ((("exec",), _wrapper()), (("dlx",), _wrapper())),
    "conda": ((("run",), _wrapper("-n -p --name --prefix")),),
    "direnv": ((("exec",), _wrapper("", 1)),),
    "aws-vault": ((("exec",), _wrapper("-d --duration", 1)),),
    "op": ((("run",), _wrapper("--env-file")),),
    "doppler": ((("run",), _wrapper("-p -c --project --config")),),
    "rustup": ((("run",), _wrapper("", 1)),),
    "ip": ((("netns", "exec"), _wrapper("", 1)),),
    "docker": (
        (("exec",), _wrapper("-e -u -w --env --user --workdir --env-file --detach-keys", 1)),
        (("compose", "exec"), _wrapper("-e -u -w -T --index --user --env --workdir", 1)),
        (("container", "exec"), _wrapper("-e -u -w --env --user --workdir", 1)),
    ),
    "docker-compose": (
        (("exec",), _wrapper("-e -u -w --index --user", 1)),
    ),
    "kubectl": (
        (("exec",), _wrapper("-c -n --container --namespace --context -f", 1)),
        (("run",), _wrapper("--image -n --namespace --restart --env", 1)),
    ),
    "oc": ((("exec",), _wrapper("-c -n --container --namespace", 1)),),
    "lxc": ((("exec",), _wrapper("--env --user --cwd", 1)),),
    "lxc-attach": (((), _wrapper("-n --name")),),
    "git": ((("bisect", "run"), _wrapper()),),
    "screen": (((), _wrapper("-S -c -h -T -p")),),
    "tmux": (
        (("new-session",), _wrapper("-s -n -c -x -y -t -e -F")), (("new",), _wrapper("-s -n -c -x -y -t -e")),
        (("new-window",), _wrapper("-n -c -t -e -F")), (("split-window",), _wrapper("-c -t -l -p -e -F")),
        (("run-shell",), _wrapper("-t -d")),
        (("respawn-pane",), _wrapper("-t -c")), (("send-keys",), _wrapper("-t -N")),
    ),
}  # fmt: skip
_AFTER_WORDS["podman"] = _AFTER_WORDS["docker"]
_AFTER_WORDS["nerdctl"] = _AFTER_WORDS["docker"]
_GLOBAL: Final = _names(
    "-H --host --context -n --namespace --kubeconfig --cluster --project-directory -f --file -C -c "
    "--directory -L --log-level"
)


def unwrap(name: str, words: list[str], stdin: str | None) -> list[Inner] | None:
    """Return the commands that ``words`` runs, or ``None`` if it is not known to run any."""
    simple = _SIMPLE.get(name)
    if simple is not None:
        return _unwrap_simple(name, words, simple)
    special = _SPECIAL.get(name)
    if special is not None:
        return special(words, stdin)
    after = _AFTER_WORDS.get(name)
    return None if after is None else _unwrap_after(words, after)


def operands_at(words: list[str], valued: frozenset[str], start: int = 1) -> int:
    """Return the place of the first word that is neither an option nor the value of one."""
    place = start
    while place < len(words):
        word = words[place]
        if word == "--":
            return place + 1
        if len(word) < 2 or word[0] not in "-+" or (word[0] == "+" and not word[1].isalpha()):
            return place
        takes = word in valued or (
            word[:2] != "--" and len(word) > 2 and f"-{word[-1]}" in valued and word[:2] not in valued
        )
        place += 2 if takes else 1
    return place


def _inner_words(words: list[str], wrapper: Wrapper, start: int = 1) -> list[str]:
    place = operands_at(words, wrapper.valued, start)
    while wrapper.assigns and place < len(words) and _ASSIGNMENT.match(words[place]):
        place += 1
    if wrapper.skip:
        place += wrapper.skip
        place += 1 if words[place : place + 1] == ["--"] else 0
    return words[place:]


def _unwrap_simple(name: str, words: list[str], wrapper: Wrapper) -> list[Inner] | None:
    code = None
    if name == "env":
        code = option(words, "-S", "--split-string")
        place = next((at for at, word in enumerate(words) if re.match(r"-[a-z]*S|--split-string", word)), 0)
        if code is not None and place:
            rest = words[place + (2 if words[place].endswith(("S", "--split-string")) else 1) :]
            code = " ".join([code, *(HOLE if UNKNOWN in word else shlex.quote(word) for word in rest)])
    elif name in {"npx", "npm"}:
        code = option(words, "-c", "--call")
    elif name == "taskset" and option(words, "-c", "--cpu-list") is not None:
        wrapper = Wrapper(wrapper.valued)
    elif name == "hyperfine":
        return [Inner(code=word) for word in _inner_words(words, wrapper)]
    elif name == "command" and any(word in {"-v", "-V"} for word in words[1:2]):
        return None
    if code is not None:
        return [Inner(code=code)]
    inner = _inner_words(words, wrapper)
    return [Inner(words=inner)] if inner else None


def _unwrap_after(words: list[str], table: tuple[tuple[tuple[str, ...], Wrapper], ...]) -> list[Inner] | None:
    start = operands_at(words, _GLOBAL)
    for subwords, wrapper in table:
        if tuple(words[start : start + len(subwords)]) == subwords:
            begin = start + len(subwords) if subwords else 1
            code = option(words, "-c", "--call") if words[0] == "npm" else None
            if code is not None:
                return [Inner(code=code)]
            parted = words[0] in {"kubectl", "oc"} and "--" in words[begin:]
            inner = words[words.index("--", begin) + 1 :] if parted else _inner_words(words, wrapper, begin)
            if not inner:
                return None
            return [Inner(code=inner[0]) if len(inner) == 1 and _CODE.search(inner[0]) else Inner(words=inner)]
    return None


def option(words: list[str], *names: str) -> str | None:
    """Return the value of an option: as the next word, after ``=``, or glued to a short one.

    >>> option(["su", "-c", "id"], "-c"), option(["tar", "--to-command=id"], "--to-command")
    ('id', 'id')
    """
    for place, word in enumerate(words[1:], 1):
        for name in names:
            if word == name:
                return words[place + 1] if place + 1 < len(words) else None
            if name.startswith("--") and word.startswith(name + "="):
                return word[len(name) + 1 :]
            if len(name) == 2 and word.startswith(name) and not word.startswith("--"):
                return word[2:]
            if len(name) == 2 and re.fullmatch(r"-[A-Za-z]+", word) and word.endswith(name[1]):
                return words[place + 1] if place + 1 < len(words) else None
    return None


def _from_input(_words: list[str], stdin: str | None) -> list[Inner] | None:
    return None if stdin is None else [Inner(code=stdin)]


def _coproc(words: list[str], _stdin: str | None) -> list[Inner] | None:
    inner = words[2:] if words[2:3] == ["{"] else words[1:]
    inner = inner[1:] if inner[:1] == ["{"] else inner
    return [Inner(words=inner)] if inner else None


def _su(words: list[str], stdin: str | None) -> list[Inner] | None:
    code = option(words, "-c", "--command", "--session-command")
    if code is not None:
        return [Inner(code=code)]
    if "--" in words:
        rest = words[words.index("--") + 1 :]
        return [Inner(words=rest)] if rest else None
    return None if stdin is None else [Inner(code=stdin)]


def _code_option(*names: str) -> Callable[[list[str], str | None], list[Inner] | None]:
    def find(words: list[str], _stdin: str | None) -> list[Inner] | None:
        code = option(words, *names)
        return None if code is None else [Inner(code=code)]

    return find


def _joined(valued: str, skip: int = 0) -> Callable[[list[str], str | None], list[Inner] | None]:
    wrapper = _wrapper(valued, skip)

    def find(words: list[str], stdin: str | None) -> list[Inner] | None:
        inner = _inner_words(words, wrapper)
        if inner:
            return [Inner(code=" ".join(inner))]
        return [Inner(code=stdin)] if stdin is not None and skip else None

    return find


_XARGS: Final = _wrapper("-I -n -P -L -d -s -E -a --max-args --max-procs --delimiter --arg-file --max-lines --replace")
XARGS_VALUED: Final = _XARGS.valued


def _xargs(words: list[str], stdin: str | None) -> list[Inner] | None:
    inner = _inner_words(words, _XARGS) or ["echo"]
    own = words[: len(words) - len(_inner_words(words, _XARGS))]
    hole = option(own, "-I", "--replace")
    hole = "{}" if hole == "" or (hole is None and ("-i" in own or "--replace" in own)) else hole
    fed = cut(own, option(own, "-d", "--delimiter"), stdin, lines=hole is not None)
    source = option(own, "-a", "--arg-file")
    if source is not None:
        fed = [] if source == "/dev/null" else [UNKNOWN]
    if hole is None:
        return [Inner(words=[*inner, *fed])]
    return [Inner(words=[word.replace(hole, one) for word in inner]) for one in fed[:16]]


def _parallel(words: list[str], stdin: str | None) -> list[Inner] | None:
    inner = _inner_words(words, _wrapper("-j -a -S -n -N --jobs --arg-file --joblog --results --delay --colsep -C -I"))
    place = next((at for at, word in enumerate(inner) if word.startswith(":::")), len(inner))
    values = [word for word in inner[place:] if not word.startswith(":::")] or (stdin or UNKNOWN).split()
    code = " ".join(inner[:place])
    if not code:
        return [Inner(code=value) for value in values[:16]]
    hole = code if "{" in code else code + " {}"
    return [
        Inner(code=re.sub(r"\{[./#]*\}", value.replace("\\", r"\\"), hole).replace(UNKNOWN, HOLE))
        for value in values[:16]
    ]


def find_roots(words: list[str]) -> list[str]:
    """Return the folders that ``find`` starts from."""
    roots = []
    for word in words[1:]:
        if (word.startswith("-") and word not in {"-L", "-H", "-P"}) or word in {"!", "(", ")"}:
            break
        if not word.startswith("-"):
            roots.append(word)
    return roots or ["."]


def find_matches(words: list[str]) -> list[str]:
    """Return globs for what ``find`` finds: its roots with the names it looks for."""
    names = [words[at + 1] for at, word in enumerate(words[:-1]) if word in {"-name", "-iname"}]
    roots = find_roots(words)
    if "-maxdepth" in words and "0" in words and not names:
        return roots
    return [f"{root.rstrip('/')}/{name}" for root in roots[:16] for name in (names[:16] or ["*"])]


ANY_BELOW: Final = "/**"
"""Ends a word that stands for any file below a folder, as ``find`` prints them."""

_FOUND: Final = _names(
    "-type -name -iname -maxdepth -mindepth -mtime -mmin -size -print -print0 -empty -o -or -a -and ( ) -newer -user "
    "-group -L -H -P -follow -xdev -mount -perm"
)


def find_names(words: list[str]) -> list[str] | None:
    """Return globs for all that ``find`` prints; ``None`` if its expression does not bound what it finds by name.

    >>> find_names(["find", "src", "-name", "*.py"]), find_names(["find", ".", "-name", "*.py", "-o", "-type", "f"])
    (['src/*.py'], None)
    """
    start, branch = 1, list[str]()
    while start < len(words):
        word = words[start]
        start += 1
        if word in {"-name", "-iname"} and start < len(words):
            branch.append(words[start])
            start += 1
        elif word in {"-o", "-or"}:
            if not branch:
                return None
            branch = []
        elif word in {"!", ","} or UNKNOWN in word or (word.startswith("-") and word not in _FOUND):
            return None
    names = [words[at + 1] for at, word in enumerate(words[:-1]) if word in {"-name", "-iname"}]
    if not branch or any(UNKNOWN in name or sum(letter not in "*?[]" for letter in name) < 2 for name in names):
        return None
    return find_matches(words) if len(names) <= 16 and len(find_roots(words)) <= 16 else None


def _exec_targets(words: list[str], program: str) -> list[str]:
    """Say what ``-exec`` is given: whoever prints whole files without a bound on their names may print any."""
    if find_names([*words[: next(at for at, word in enumerate(words) if word.startswith(("-exec", "-ok")))]]) is None:
        unnamed = not any(word in {"-name", "-iname", "-path", "-regex", "-iregex", "-wholename"} for word in words)
        if unnamed and program in _DUMPS:
            return [UNKNOWN]
    return find_matches(words)[:8]


_DUMPS: Final = _names("cat tac nl head tail less more base64 base32 xxd od hexdump strings tar cp zip")


def _find(words: list[str], _stdin: str | None) -> list[Inner] | None:
    inner: list[Inner] = []
    place = 0
    while place < len(words):
        if words[place] in {"-exec", "-execdir", "-ok", "-okdir"}:
            rest = words[place + 1 :]
            end = next(
                (at for at, word in enumerate(rest) if word == ";" or (word == "+" and rest[at - 1] == "{}")), len(rest)
            )
            inner += [
                Inner(words=[word.replace("{}", one) for word in rest[:end]])
                for one in _exec_targets(words, rest[0].rpartition("/")[2] if rest else "")
            ]
            place += end + 1
        place += 1
    return inner or None


def _fd(words: list[str], _stdin: str | None) -> list[Inner] | None:
    place = next((at for at, word in enumerate(words) if word in {"-x", "-X", "--exec", "--exec-batch"}), None)
    if place is None or place + 1 >= len(words):
        return None
    inner = [word for word in words[place + 1 :] if word != ";"]
    holes = [word for word in inner if "{" in word]
    filled = [UNKNOWN if "{" in word else word for word in inner]
    return [Inner(words=filled if holes else [*inner, UNKNOWN])]


def _tar(words: list[str], _stdin: str | None) -> list[Inner] | None:
    codes = [word.partition("=exec=")[2] for word in words if "checkpoint-action=exec=" in word]
    codes += [
        code for name in ("--to-command", "--use-compress-program", "--rsh-command") if (code := option(words, name))
    ]
    return [Inner(code=code) for code in codes] or None


_GIT_RUNS: Final = re.compile(
    r"(?is)(?:core\.(?:pager|editor|sshcommand|fsmonitor|askpass|hookspath)|pager\.\w+|diff\.external|sequence\.editor|"
    r"credential\.helper|(?:diff|merge|filter)\.[\w-]+\.\w+|(?:diff|merge)tool\.[\w-]+\.cmd)=(.+)"
)


def _git(words: list[str], _stdin: str | None) -> list[Inner] | None:
    inner: list[Inner] = []
    for place, word in enumerate(words[:-1]):
        value = words[place + 1]
        if word in {"-c", "--config-env"}:
            inner += _git_setting(value, words[place + 2 :])
        elif word in {
            "--exec",
            "-x",
            "--tree-filter",
            "--index-filter",
            "--msg-filter",
            "--env-filter",
            "--commit-filter",
        }:
            inner += [] if place + 1 == len(words) else [Inner(code=value)]
        elif word in {"--upload-pack", "--receive-pack", "--extcmd"}:
            inner.append(Inner(code=value))
        elif word.startswith("alias."):
            inner.append(Inner(code=value[1:] if value.startswith("!") else f"git {value}"))
    if "foreach" in words and "submodule" in words:
        inner.append(
            Inner(code=" ".join(word for word in words[words.index("foreach") + 1 :] if word != "--recursive"))
        )
    inner += [
        Inner(code=word.partition("=")[2])
        for word in words
        if word.startswith(("--upload-pack=", "--exec=", "--ext-cmd="))
    ]
    return inner or _unwrap_after(words, _AFTER_WORDS["git"])


def _git_setting(setting: str, rest: list[str]) -> list[Inner]:
    alias = re.match(r"alias\.([\w-]+)=(.*)", setting, re.DOTALL)
    if alias:
        body = alias[2]
        tail = rest[rest.index(alias[1]) + 1 :] if alias[1] in rest else []
        return [Inner(code=" ".join([body[1:], *tail]) if body.startswith("!") else " ".join(["git", body, *tail]))]
    found = _GIT_RUNS.match(setting)
    return [Inner(code=found[1].removeprefix("!"))] if found else []


def _vim(words: list[str], _stdin: str | None) -> list[Inner] | None:
    codes = [
        word
        for place, word in enumerate(words)
        if place and (words[place - 1] in {"-c", "--cmd"} or word.startswith("+"))
    ]
    found = [re.match(r"\+?:?(?:silent )?!(.+)", code, re.DOTALL) for code in codes]
    return [Inner(code=one[1]) for one in found if one] or None


_SPECIAL: Final[dict[str, Callable[[list[str], str | None], list[Inner] | None]]] = {
    "at": _from_input,
    "batch": _from_input,
    "coproc": _coproc,
    "su": _su,
    "runuser": _su,
    "sg": _su,
    "script": _code_option("-c", "--command"),
    "nix-shell": _code_option("--run", "--command"),
    "flock": lambda words, stdin: (
        _code_option("-c", "--command")(words, stdin) or _unwrap_simple("", words, _wrapper("-w -E", 1))
    ),
    "watch": _joined("-n -q --interval"),
    "ssh": _joined("-p -i -l -o -F -J -L -R -D -b -c -E -e -I -m -O -Q -S -W -w -B", 1),
    "sshpass": lambda words, _stdin: _unwrap_simple("", words, _wrapper("-p -f -d -P")),
    "xargs": _xargs,
    "parallel": _parallel,
    "find": _find,
    "gfind": _find,
    "fd": _fd,
    "fdfind": _fd,
    "tar": _tar,
    "bsdtar": _tar,
    "git": _git,
    "vim": _vim,
    "vi": _vim,
    "nvim": _vim,
    "ex": _vim,
    "view": _vim,
    "man": _code_option("-P", "--pager"),
    "rsync": _code_option("-e", "--rsh"),
    "zip": _code_option("-TT"),
}
