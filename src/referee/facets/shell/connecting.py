"""Where a command connects to, what it takes there, and what it brings back.

Rule 1: what is sent is an upload when it is a file, or text that is not known; a constant in the command is none.
Rule 2: what comes back is not known, and a file that it is kept in has a content that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from referee.facets.file import normal
from referee.facets.hosts import normal_host
from referee.facets.http import parse_url
from referee.facets.shell import tables
from referee.facets.shell.rules import has_flag
from referee.facets.shell.scope import Runner
from referee.facets.shell.touching import REMOTE, touch
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.wrappers import option
from referee.model.facts import HttpFacet

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://\S")
_BUCKETS: Final = ("s3://", "gs://", "https://", "http://", "az://", "oci://", "b2://")
_METADATA: Final = frozenset(
    {"169.254.169.254", "metadata.google.internal", "metadata", "100.100.100.200", "169.254.170.2", "[fd00:ec2::254]"}
)
_CLIENTS: Final = tables.names("curl wget http https xh httpie curlie aria2c axel")
_HOST_FIRST: Final = tables.names(
    "ssh nc ncat netcat telnet ping ping6 traceroute nslookup dig host whois nmap mosh ftp sftp ssh-copy-id ssh-keyscan tftp"
)
_NAMES: Final = tables.names("nslookup dig host ping ping6 drill kdig traceroute whois finger")
_ENVIRONMENT: Final = frozenset(
    {("env",), ("printenv",), ("set",), ("export",), ("export", "-p"), ("declare", "-x"), ("declare", "-p")}
)
"""Commands that print every variable, tokens among them."""
_RAW: Final = tables.names("nc ncat netcat telnet socat nc.openbsd nc.traditional cryptcat pwncat websocat")


def connected(run: Runner, name: str, words: list[str], given: list[str], stdin: str | None, *, upload: bool) -> None:
    """Record the hosts of a command and what it sends to them."""
    for word in words[1:]:
        found = _URL.search(word)
        if found and UNKNOWN not in word.partition("://")[2].partition("/")[0]:
            _add_url(run, word[found.start() :])
    if name in _CLIENTS:
        _requests(run, name, words, given)
    if name in {"curl", "wget"}:
        _uploads(run, name, words, stdin)
        if _carries(run, words):
            run.trace.effect("exfiltration")
        _keeps(run, name, words, given)
    elif name in _HOST_FIRST:
        for word in given[:1]:
            _add_host(run, word.rpartition("@")[2])
    elif name in {"scp", "rsync", "sftp", "rclone"}:
        _copies(run, name, words, given)
    elif name == "git" and given[:1] and given[0] in {"clone", "push", "pull", "fetch", "remote", "ls-remote"}:
        _remotes(run, given)
    if any(word.endswith(".sock") or ".sock," in word for word in words[1:]):
        run.trace.effect(
            "escalation" if any("docker" in word or "containerd" in word for word in words) else "service_change"
        )
    if name in _RAW:
        _raw_connection(run, words, stdin)
    if _feeds(name, words, stdin):
        run.trace.effect("exfiltration")
    if name in _NAMES and any(UNKNOWN in word and "." in word for word in given):
        run.trace.effect("exfiltration")
    if upload:
        _candidate(run, given)
    if not _METADATA.isdisjoint(run.trace.hosts):
        run.trace.effect("credential_access")


def _feeds(name: str, words: list[str], stdin: str | None) -> bool:
    """Tell whether a command takes what it reads to another machine."""
    if stdin is None:
        return False
    if name == "ssh":
        return UNKNOWN in stdin and len(words) > 2
    return (name == "openssl" and words[1:2] == ["s_client"] and stdin.strip() not in {"", "Q"}) or (
        name in {"ftp", "sftp", "lftp", "tftp"}
        and re.search(r"(?m)^\s*(?:m?put|send|mirror\s+-R)\b", stdin) is not None
    )


def content(run: Runner, file: str) -> str:
    """Return what is known of a file's content."""
    return run.scope.files.get(normal(file, run.scope.surroundings), UNKNOWN)


def _copies(run: Runner, name: str, words: list[str], given: list[str]) -> None:
    remote = [at for at, word in enumerate(given) if REMOTE.fullmatch(word)]
    if name != "rclone":
        for at in remote:
            found = REMOTE.fullmatch(given[at])
            _add_host(run, found[1] if found else "")
    if given and given[-1].startswith("rsync://") and len(given) > 1:
        run.trace.effect("network", "exfiltration")
    practice = any(word in {"--dry-run", "--list-only", "--help"} for word in words) or (
        name == "rsync" and has_flag(words, "-n")
    )
    if remote and len(given) > 1 and remote[-1] == len(given) - 1 and name != "rclone":
        run.trace.effect("network")
        if not practice:
            run.trace.effect("exfiltration")


def _remotes(run: Runner, given: list[str]) -> None:
    for word in given[1:]:
        found = REMOTE.fullmatch(word)
        if found and "." in found[1] and "@" in word:
            _add_host(run, found[1])


def _candidate(run: Runner, given: list[str]) -> None:
    """Record the copy of a file of this machine to a bucket or a remote."""
    if len(given) < 3:
        return
    source, target = given[-2], given[-1]
    if _is_remote(target) and not _is_remote(source):
        run.trace.effect("exfiltration")
        if source != "-":
            touch(run, source, "read")


def _is_remote(word: str) -> bool:
    return word.startswith(_BUCKETS) or re.match(r"[\w-]+:", word) is not None


def _raw_connection(run: Runner, words: list[str], stdin: str | None) -> None:
    shells = any(re.search(r"(?i)\b(?:exec|system|shell):", word) for word in words)
    if shells or has_flag(words, "-e") or (has_flag(words, "-c") and words[0].rpartition("/")[2] != "telnet"):
        run.trace.effect("execute", "exfiltration", "remote_shell")
    if (
        stdin is not None
        and (UNKNOWN in stdin or len(stdin) > 256)
        and not any("/" in word and ":" not in word for word in words[1:])
    ):
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


_CHANGING_PATHS: Final = re.compile(
    r"(?i)(?:^|[/_.:-])(?:delete|dodelete|remove|destroy|purge|drop|terminate|_?delete_by_query|delete-batch|delete_series|_close|wipe|"
    r"deactivate|uninstall|_cluster/settings|_settings|quit|shutdown|kill|restart|clean_tombstones)(?:[/?_.:-]|$)"
)
_MUTATION: Final = re.compile(r"(?i)\bmutation\b[^}]{0,200}\b(?:delete|remove|destroy|purge|drop|revoke)")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _requests(run: Runner, name: str, words: list[str], given: list[str]) -> None:
    """Record requests that delete something, by their method or by the verb in their path."""
    method = (option(words, "-X", "--request", "--method") or "").upper()
    if not method and name not in {"curl", "wget"} and given[:1] and given[0].upper() in _METHODS:
        method = given[0].upper()
    if method == "DELETE":
        run.trace.effect("delete", "service_change")
        return
    told = method in {"POST", "PUT", "PATCH"} and any(_CHANGING_PATHS.search(_path(word)) for word in given)
    if told or any(map(_MUTATION.search, words)):
        run.trace.effect("service_change")


def _path(word: str) -> str:
    return "/" + word.partition("://")[2].partition("/")[2] if "://" in word else "/" + word.partition("/")[2]


_UPLOAD: Final = {
    "curl": tables.names(
        "-d --data --data-binary --data-raw --data-urlencode --data-ascii -F --form -T --upload-file --json --url-query"
    ),
    "wget": tables.names("--post-data --post-file --body-data --body-file"),
}
_FILE_UPLOAD: Final = frozenset({"-T", "--upload-file", "--post-file", "--body-file"})
_NAMED: Final = frozenset({"-F", "--form", "--data-urlencode", "--url-query"}) | _FILE_UPLOAD


def _uploads(run: Runner, name: str, words: list[str], stdin: str | None) -> None:
    for flag, value in _values(words, _UPLOAD[name]):
        place = max(value.find("@"), value.find("=<") + 1)
        file = (
            value
            if flag in _FILE_UPLOAD
            else value[place + 1 :].partition(";")[0]
            if (place >= 0 and "@" in value) or "=<" in value
            else None
        )
        if (place > 0 and flag not in _NAMED) or flag == "--data-raw":
            file = None
        if file == "-" and stdin is not None and UNKNOWN not in stdin:
            continue
        if file is not None:
            run.trace.effect("exfiltration")
            touch(run, file, "read")
        elif UNKNOWN in value and run.trace.computed:
            run.trace.effect("exfiltration")


def _carries(run: Runner, words: list[str]) -> bool:
    """Tell whether the words of a request may hold what a file or the environment says.

    One is only computed when it runs, and a file was read, or all variables were printed.
    """
    return (
        run.trace.computed
        and any(UNKNOWN in word for word in words[1:])
        and (any(one.access == "read" for one in run.trace.touched) or not _ENVIRONMENT.isdisjoint(run.trace.commands))
    )


def _values(words: list[str], flags: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield every option of ``flags`` with its value: the next word, after ``=``, or glued to a short one."""
    for place, word in enumerate(words[1:], 1):
        head, equals, tail = word.partition("=")
        if word in flags:
            if place + 1 < len(words):
                yield word, words[place + 1]
        elif equals and head.startswith("--") and head in flags:
            yield head, tail
        elif word[:2] in flags and not word.startswith("--"):
            yield word[:2], word[2:]
        elif re.fullmatch(r"-[A-Za-z]+", word) and f"-{word[-1]}" in flags and place + 1 < len(words):
            yield f"-{word[-1]}", words[place + 1]


def _keeps(run: Runner, name: str, words: list[str], given: list[str]) -> None:
    """Record the files that a download is kept in."""
    kept = False
    for flag in ("-o", "--output", "-O", "--output-document"):
        value = option(words, flag) if not (name == "curl" and flag == "-O") else None
        if value and value != "-":
            kept = True
            _keep(run, value)
    for word in given:
        if not _URL.search(word) and UNKNOWN not in word and re.match(r"[\w-]+(?:\.[\w-]+)+(?:[:/]|$)", word):
            _add_host(run, re.split(r"[:/?#]", word)[0])
        if word.startswith("file:"):
            touch(run, word[5:].removeprefix("//"), "read")
        named = re.split(r"[?#]", word.partition("://")[2] or word)[0].partition("/")[2].rpartition("/")[2]
        if (
            named
            and not kept
            and UNKNOWN not in word
            and (name == "wget" or has_flag(words, "-O") or "--remote-name" in words)
        ):
            folder = option(words, *(("-P", "--directory-prefix") if name == "wget" else ("--output-dir",)))
            place = named if folder is None or UNKNOWN in folder else f"{folder}/{named}"
            run.trace.kept = True
            run.scope.files[normal(place, run.scope.surroundings)] = UNKNOWN


def _keep(run: Runner, file: str) -> None:
    touch(run, file, "write")
    run.trace.kept = True
    if UNKNOWN not in file:
        run.scope.files[normal(file, run.scope.surroundings)] = UNKNOWN
