"""What one command does: its effects, the files and the hosts it touches.

Rule 1: tables decide; the few functions here read the words that tables cannot.
Rule 2: a program that is in no table has no effect of its own, but its words may still name hosts.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

import msgspec

from referee.facets.classes import SECRETS, classes
from referee.facets.file import normal
from referee.facets.hosts import normal_host
from referee.facets.http import parse_url
from referee.facets.shell import tables
from referee.facets.shell.scope import Runner
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.wrappers import ANY_BELOW, find_roots, operands_at, option
from referee.model.facts import HttpFacet

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://\S")
_REMOTE: Final = re.compile(r"(?:[\w.+-]+@)?([\w.-]+|\[[0-9a-fA-F:.]+\]):(?!//)(.*)", re.DOTALL)
_NO_FILE: Final = re.compile(r"-|/dev/(?:null|std(?:in|out|err)|tty|zero|u?random|full)")
_FD: Final = "/dev/fd/"
_DROP: Final = re.compile(
    r"(?is)\b(?:drop\s+(?:database|schema|table|user|role|view|index|materialized|column|keyspace|collection|owned|tablespace)|"
    r"truncate\s+(?:table\s+)?\w|alter\s+table\s.*?\bdrop\b|delete\s+from\s+[\w.\"`\[\]]+\s*(?:;|$|\"|')|"
    r"dropdatabase|\.drop\s*\(|deletemany\s*\(\s*\{\s*\}|\.remove\s*\(\s*\{\s*\}|flushall|flushdb|"
    r"update\s+[\w.\"`]+\s+set\s+(?:(?!\bwhere\b).)*(?:;|$))"
)
_SQL_COMMENT: Final = re.compile(r"/\*(?!!).*?\*/|--[^\n]*|/\*!\d*|\*/", re.DOTALL)
_DATABASES: Final = tables.names(
    "psql mysql mariadb sqlite3 sqlite sqlcmd mongo mongosh clickhouse-client cockroach duckdb cqlsh "
    "redis-cli isql bq snowsql usql pgcli mycli litecli osql influx"
)
_PUSH_SETTING: Final = re.compile(r"(?i)remote\..+\.(?:push=\+|mirror(?:=|$))")
_STATEMENTS: Final = frozenset({"DROP", "TRUNCATE", "DELETE", "ALTER", "drop", "delete", "alter"})


class _Rule(msgspec.Struct, frozen=True):
    words: tuple[tuple[str, ...], ...]
    flags: tuple[frozenset[str], ...]
    effects: tuple[str, ...]


@cache
def _rules() -> dict[str, tuple[_Rule, ...]]:
    found: dict[str, list[_Rule]] = {}
    for line in tables.RULES.splitlines():
        head, _, effects = line.partition(" : ")
        program, *rest = head.split()
        flags = tuple(frozenset(part[1:-1].split("|")) for part in rest if part.startswith("["))
        words = tuple(tuple(part.split("|")) for part in rest if not part.startswith("["))
        for name in program.split("|"):
            found.setdefault(name, []).append(_Rule(words, flags, tuple(effects.split())))
    return {name: tuple(rules) for name, rules in found.items()}


@cache
def _effects() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for effect, names in tables.EFFECTS.items():
        for name in names.split():
            found.setdefault(name, []).append(effect)
    return {name: tuple(effects) for name, effects in found.items()}


def is_known(name: str) -> bool:
    """Tell whether a program is in a table."""
    return name in _effects() or name in _rules() or name in tables.READERS or name in {"bash", "sh", "cp", "mv"}


def classify(run: Runner, name: str, words: list[str], stdin: str | None) -> None:
    """Record what one command does."""
    run.trace.effect(*_effects().get(name, ()))
    if name.startswith("mkfs"):
        run.trace.effect("disk")
    operands = _operands(words, tables.VALUED.get(name, frozenset()))
    for rule in _rules().get(name, ()):
        if _holds(rule, words, operands):
            run.trace.effect(*(effect for effect in rule.effects if not effect.endswith(("_candidate", "_remove"))))
            _candidates(run, rule.effects, operands)
    if name == "git" and any(map(_PUSH_SETTING.match, words)):
        run.trace.effect("vcs_history_rewrite")
    _files(run, name, words, operands)
    _named_secrets(run, name, words, operands)
    _network(run, name, words, operands, stdin)
    if name in _DATABASES or name in _STATEMENTS:
        _database(run, words if name in _DATABASES else ["", " ".join(words)], stdin)


def _operands(words: list[str], valued: frozenset[str]) -> list[str]:
    """Return the words that are neither options nor values of options."""
    found: list[str] = []
    place = 1
    while place < len(words):
        word = words[place]
        if word == "--":
            return found + words[place + 1 :]
        if len(word) > 1 and word[0] == "-":
            place = max(place + 1, operands_at(words[: place + 2], valued, place) if word in valued else place + 1)
        else:
            found.append(word)
            place += 1
    return found


def _holds(rule: _Rule, words: list[str], operands: list[str]) -> bool:
    place = 0
    anywhere = False
    for options in rule.words:
        if options == ("...",):
            anywhere = True
            continue
        rest = operands[place:] if anywhere else operands[place : place + 1]
        at = next((at for at, word in enumerate(rest) if any(fnmatchcase(word, option) for option in options)), None)
        if at is None:
            return False
        place += at + 1
        anywhere = False
    return all(any(has_flag(words, flag) for flag in flags) for flags in rule.flags)


def has_flag(words: list[str], flag: str) -> bool:
    """Tell whether a flag is set: alone, in a cluster, with a value, or as an unfinished long name.

    >>> has_flag(["rm", "-rf"], "-f"), has_flag(["git", "--forc"], "--force"), has_flag(["a", "-x"], "-f")
    (True, True, False)
    """
    for word in words[1:]:
        if word == "--" and flag != "--":
            return False
        if word == flag or (word.startswith(flag + "=") and len(flag) > 2):
            return True
        if len(flag) == 2 and flag[0] == "-" and re.fullmatch(r"-[A-Za-z0-9]{2,}", word) and flag[1] in word[1:]:
            return True
        if flag.startswith("--") and len(word) > 5 and word.startswith("--") and flag.startswith(word):
            return True
    return False


def _candidates(run: Runner, effects: tuple[str, ...], operands: list[str]) -> None:
    """Uploads by programs that also do harmless things: only those that name a file or a bucket count."""
    if "exfiltration_candidate" in effects and any(
        word.startswith(("s3://", "gs://", "https://", "http://")) for word in operands[1:]
    ):
        source = operands[-2] if len(operands) > 2 else ""
        if not source.startswith(("s3://", "gs://")):
            run.trace.effect("exfiltration")


def touch(run: Runner, word: str, access: str) -> None:
    """Record that a command touches the file a word names."""
    if UNKNOWN in word or word.endswith(ANY_BELOW):
        kinds = classes(word.rpartition(UNKNOWN)[2]) if word.rpartition(UNKNOWN)[2] else ()
        run.trace.touch(None, access)
    elif not word or _NO_FILE.fullmatch(word) or word.startswith(_FD):
        return
    else:
        path = normal(word, run.scope.surroundings)
        kinds = classes(path)
        run.trace.touch(path, access)
        _places(run, path, access)
    if access == "read" and not SECRETS.isdisjoint(kinds):
        run.trace.effect("credential_access")


def _places(run: Runner, path: str, access: str) -> None:
    if access in {"write", "delete"}:
        for effect, pattern in _compiled_places():
            if pattern.search(path):
                run.trace.effect(effect)


@cache
def _compiled_places() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((effect, re.compile(pattern)) for effect, pattern in tables.PLACES.items())


def _files(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    if name in {"find", "gfind"}:
        for root in find_roots(words):
            touch(run, root, "delete" if "-delete" in words else "")
        run.trace.effect("read")
    elif name in {"rm", "rmdir", "unlink", "shred", "srm", "wipe", "trash", "trash-put", "rimraf"}:
        for word in operands:
            touch(run, word, "delete")
    elif name in {"cp", "mv", "ln", "install", "rsync", "scp"}:
        _copies(run, name, words, operands)
    elif name == "dd":
        for word in operands:
            key, _, value = word.partition("=")
            if key in {"if", "of"}:
                touch(run, value, "read" if key == "if" else "write")
    elif name in tables.READERS:
        _reads(run, name, words, operands)
    elif name in _CHANGES:
        for word in operands[1 if name in _MODE_FIRST else 0 :]:
            touch(run, word, "write")
    elif name == "git":
        for word in _git_paths(operands):
            touch(run, word, "delete" if operands[:1] == ["rm"] else "")
    elif name in {"tar", "bsdtar", "zip", "7z"}:
        _archives(run, name, words, operands)
    elif name in tables.LISTERS:
        run.trace.effect("read")
        for word in operands:
            touch(run, word, "")


def _named_secrets(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    """Take a secret file for read that is named to a program which is not known to leave its content alone."""
    if name in _NAME_ONLY or (name == "git" and operands[:1] not in _GIT_SHOWS):
        return
    passed = _passed_over(name, words)
    for word in words[1:]:
        if UNKNOWN in word or len(word) > 512 or _BLANKS.search(word) or word in passed or "://" in word:
            continue
        for piece in {word, *_PIECES.split(word)}:
            if piece and not piece.startswith("-") and not SECRETS.isdisjoint(classes(piece)):
                touch(run, piece, "read")


def _passed_over(name: str, words: list[str]) -> tuple[str, ...]:
    """Return what is a pattern or a program text and no file, and what is only written to."""
    if name in tables.PATTERN_FIRST:
        operands = _operands(words, tables.VALUED.get(name, frozenset()))
        return (option(words, "-e", "--regexp") or "", *operands[:1], *(w for w in words if w.startswith("--")))
    return tuple(words[-1:]) if name in {"cp", "mv", "ln", "install", "rsync", "tee"} else ()


_BLANKS: Final = re.compile(r"\s")
_PIECES: Final = re.compile(r"[=:@,]")
_GIT_SHOWS: Final = (["show"], ["diff"], ["grep"], ["log"], ["cat-file"], ["blame"], ["archive"])
_NAME_ONLY: Final = tables.names(
    "echo printf ls ll dir stat test [ [[ rm rmdir unlink shred srm wipe trash trash-put rimraf touch mkdir chmod chown "
    "chgrp basename dirname realpath readlink which type command find gfind fd fdfind tree du export unset alias cd "
    "pushd sudo env xargs timeout nohup time nice ssh bash sh read set shift exit return gh jira true false : tee "
    "truncate locate wait kill pgrep pkill man seq sleep expr apt apt-get brew systemctl id groups"
)


_CHANGES: Final = tables.names(
    "touch mkdir chmod chown chgrp chattr truncate patch setfacl mkfifo mknod mkfs mkswap wipefs"
)
_MODE_FIRST: Final = tables.names("chmod chown chgrp chattr")


def _copies(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    target = option(words, "-t", "--target-directory") if name in {"cp", "mv", "ln", "install"} else None
    sources = operands if target is not None else operands[:-1]
    last = target if target is not None else operands[-1] if operands else None
    for word in sources:
        if not _REMOTE.fullmatch(word) or name in {"cp", "mv", "ln", "install"}:
            touch(run, word, "read")
            if name == "mv":
                touch(run, word, "delete")
    if last is not None and (name not in {"rsync", "scp"} or not _REMOTE.fullmatch(last)):
        touch(run, last, "write")


def _reads(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    if name == "tee":
        for word in operands:
            touch(run, word, "write")
        return
    skip = (
        1 if name in tables.PATTERN_FIRST and not any(has_flag(words, flag) for flag in ("-e", "-f", "--files")) else 0
    )
    access = "write" if name in {"sed", "perl"} and has_flag(words, "-i") else "read"
    run.trace.effect("read")
    files = operands[skip:]
    if name in {"grep", "rg"} and (has_flag(words, "-r") or name == "rg") and files == []:
        touch(run, ".", "")
        return
    for word in files:
        if word.endswith(ANY_BELOW) and name in _SEARCHES:
            touch(run, word.removesuffix(ANY_BELOW) or "/", access)
            continue
        if UNKNOWN in word and name in _COUNTS:
            touch(run, word, "")
            continue
        touch(run, word, access)
        if access == "write":
            touch(run, word, "read")


_COUNTS: Final = tables.names("wc md5sum sha1sum sha256sum cksum")
_SEARCHES: Final = _COUNTS | tables.names("grep egrep fgrep")
"""A search through all files below a folder is taken as ``grep -r``: as a read of the folder."""


def _git_paths(operands: list[str]) -> list[str]:
    return operands[1:] if operands[:1] and operands[0] in {"add", "rm", "mv"} else []


def _archives(run: Runner, name: str, words: list[str], operands: list[str]) -> None:
    mode = words[1].lstrip("-") if len(words) > 1 and re.fullmatch(r"-?[A-Za-z]+", words[1]) else ""
    creates = name in {"zip", "7z"} or "c" in mode or "r" in mode or has_flag(words, "--create")
    bare = name in {"tar", "bsdtar"} and len(words) > 1 and not words[1].startswith("-")
    files = operands[1:] if bare else operands
    for at, word in enumerate(files):
        archive = at == 0 and ("f" in mode or name in {"zip", "7z"})
        touch(run, word, "write" if archive == creates else "read")


def _network(run: Runner, name: str, words: list[str], operands: list[str], stdin: str | None) -> None:
    for word in words[1:]:
        if _URL.search(word) and UNKNOWN not in word.partition("://")[2].partition("/")[0]:
            _add_url(run, word[_URL.search(word).start() :])  # type: ignore[union-attr]
    if name in {"curl", "wget"}:
        if (option(words, "-X", "--request", "--method") or "").upper() == "DELETE":
            run.trace.effect("delete")
        _uploads(run, name, words, operands, stdin)
    elif name in _HOST_FIRST:
        for word in operands[:1]:
            _add_host(run, word.rpartition("@")[2])
        if name in {"nc", "ncat", "netcat", "telnet", "socat"}:
            _raw_connection(run, words, stdin)
    elif name in {"scp", "rsync", "sftp", "rclone"}:
        remote = [at for at, word in enumerate(operands) if _REMOTE.fullmatch(word)]
        for at in remote:
            found = _REMOTE.fullmatch(operands[at])
            _add_host(run, found[1] if found else "")
        if remote and len(operands) > 1 and remote[-1] == len(operands) - 1:
            run.trace.effect("exfiltration", "network")
    elif name == "git" and operands[:1] and operands[0] in {"clone", "push", "pull", "fetch", "remote", "ls-remote"}:
        for word in operands[1:]:
            found = _REMOTE.fullmatch(word)
            if found and "." in found[1] and "@" in word:
                _add_host(run, found[1])
    elif name in {"mail", "mutt", "sendmail", "mailx", "swaks"}:
        run.trace.effect("network", "exfiltration")


_HOST_FIRST: Final = tables.names(
    "ssh nc ncat netcat telnet ping ping6 traceroute nslookup dig host whois nmap mosh ftp sftp ssh-copy-id ssh-keyscan"
)


def _raw_connection(run: Runner, words: list[str], stdin: str | None) -> None:
    if (
        has_flag(words, "-e")
        or has_flag(words, "-c")
        or any("exec:" in word.lower() or "system:" in word.lower() for word in words)
    ):
        run.trace.effect("execute", "exfiltration")
    if stdin is not None:
        run.trace.effect("exfiltration")


def _add_url(run: Runner, word: str) -> None:
    facet = parse_url(word)
    if isinstance(facet, HttpFacet):
        run.trace.hosts[facet.host] = None
    elif "{" not in word and "<" not in word:
        run.trace.miss("word: the host of a URL")


def _add_host(run: Runner, word: str) -> None:
    host = None if UNKNOWN in word else normal_host(word)
    if host is not None:
        run.trace.hosts[host] = None
    elif UNKNOWN in word:
        run.trace.miss("word: the name of a host")


_UPLOAD: Final = {
    "curl": (
        "-d",
        "--data",
        "--data-binary",
        "--data-raw",
        "--data-urlencode",
        "--data-ascii",
        "-F",
        "--form",
        "-T",
        "--upload-file",
        "--json",
    ),
    "wget": ("--post-data", "--post-file", "--body-data", "--body-file"),
}
_FILE_UPLOAD: Final = frozenset({"-T", "--upload-file", "--post-file", "--body-file"})


def _uploads(run: Runner, name: str, words: list[str], operands: list[str], stdin: str | None) -> None:
    for flag in _UPLOAD[name]:
        value = option(words, flag)
        if value is None:
            continue
        place = value.find("@")
        file = value if flag in _FILE_UPLOAD else value[place + 1 :].partition(";")[0] if place >= 0 else None
        if place > 0 and flag not in {"-F", "--form", "--data-urlencode"} | _FILE_UPLOAD:
            file = None
        if file is not None:
            run.trace.effect("exfiltration")
            touch(run, file, "read")
        if UNKNOWN in value or (file == "-" and stdin is not None):
            run.trace.effect("exfiltration")
    for flag in ("-o", "--output", "-O", "--output-document"):
        value = option(words, flag) if not (name == "curl" and flag == "-O") else None
        if value and value != "-":
            touch(run, value, "write")
            if UNKNOWN not in value:
                run.scope.files[normal(value, run.scope.surroundings)] = UNKNOWN
    for word in operands:
        if not _URL.search(word) and UNKNOWN not in word and re.match(r"[\w-]+(?:\.[\w-]+)+(?:[:/]|$)", word):
            _add_host(run, re.split(r"[:/?#]", word)[0])
        if word.startswith("file:"):
            touch(run, word[5:].removeprefix("//"), "read")


def _database(run: Runner, words: list[str], stdin: str | None) -> None:
    texts = [*words[1:], stdin or ""]
    script = option(words, "-f", "--file") if words[0].endswith(("psql", "cockroach", "cqlsh", "pgcli")) else None
    if script is not None:
        texts.append(run.scope.files.get(normal(script, run.scope.surroundings), UNKNOWN) if script != "-" else "")
    told = option(words, "-c", "-e", "-Q", "-q", "--command", "--execute", "--eval") or ""
    if UNKNOWN in told or UNKNOWN in texts or (script is not None and UNKNOWN in texts[-1]):
        run.trace.miss("effect: what a database is told")
    for text in texts:
        if _DROP.search(_SQL_COMMENT.sub(" ", text)):
            run.trace.effect("database_destroy")
