"""What one command does: its effects, the files and the hosts it touches.

Rule 1: tables decide (``tables``, ``families``); the functions here read the words that tables cannot.
Rule 2: a program that is in no table has no effect of its own but what its verbs say; its words may still name hosts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from referee.facets.shell import connecting, patching, rules, tables
from referee.facets.shell.families import infrastructure
from referee.facets.shell.scope import Runner
from referee.facets.shell.touching import named_secrets, touch, touched
from referee.facets.shell.trace import UNKNOWN, Trace
from referee.facets.shell.wrappers import option

_DROP: Final = re.compile(
    r"(?is)(?:\b|(?<=\]))(?:drop\s+(?:database|schema|table|user|role|view|index|materialized|column|keyspace|collection|owned|tablespace|"
    r"function|procedure|trigger|extension|publication|subscription|server|stream|space)|"
    r"truncate\s+(?:table\s+)?\w|alter\s+table\s.{0,400}?\bdrop\b|"
    r"delete\s+from\s+[\w.\"`\[\]\0]+\s*(?:;|$|\"|'|where\s+(?:1\s*=\s*1|true)\b)|"
    r"dropdatabase|dropuser\s*\(|shutdownserver|\bshutdown\s*:\s*1|\.drop\s*\(|\.dropindexes\s*\(|deletemany\s*\(\s*\{\s*\}|\.remove\s*\(\s*\{\s*\}|flushall|flushdb|"
    r"update\s+[\w.\"`]+\s+set\s+(?:(?!\bwhere\b).){0,300}(?:;|$))"
)
_GRANT: Final = re.compile(
    r"(?is)\b(?:grant\s+all|grant\s+[\w, ]{0,80}?\b(?:superuser|dba|sysadmin)\b|"
    r"alter\s+(?:user|role|login)\s|create\s+(?:user|role|login)\s|"
    r"into\s+(?:outfile|dumpfile)|copy\s+[^;]{0,200}?\b(?:to|from)\s+program|"
    r"xp_cmdshell|sp_oacreate|lo_export|load_file\s*\(|"
    r"pg_read_file|sys_exec|createuser|set\s+global)"
)
_ESCAPE: Final = re.compile(r"(?m)(?:^|[\s'\"])\\!\s*(\S.*)|^\s*\.(?:shell|system)\s+(.+)")
_DATABASE_FILES: Final = re.compile(
    r"(?i)\b(?:readfile|load_file|pg_read_file|pg_read_binary_file|read_text|read_blob|read_csv|read_csv_auto|read_json)\s*\(\s*'([^']+)'"
    r"|^\s*\.(?:import|read|restore|open)\s+(?:-\S+\s+)*['\"]?([^\s'\"|]+)|\bcopy\b[^;]{0,200}?\bfrom\s+'?([^\s';]+)"
    r"|\bload\s+data\b[^;]{0,80}?\binfile\s+'([^']+)'|\\i[r]?\s+(\S+)",
    re.MULTILINE,
)
_SQL_TEXT: Final = re.compile(r"'(?:[^'\\]|'')*'")
_SQL_DYNAMIC: Final = re.compile(r"(?i)\b(?:exec|execute|prepare|do|call|eval|format)\b|\$\$")
"""Statements whose texts may be statements."""
_SQL_COMMENT: Final = re.compile(r"/\*(?!!).*?\*/|(?!\A--[\w-]+=)--[^\n]*|/\*!\d*|\*/", re.DOTALL)
_DATABASES: Final = tables.names(
    "psql mysql mariadb sqlite3 sqlite sqlcmd mongo mongosh clickhouse-client cockroach duckdb cqlsh "
    "redis-cli isql bq snowsql usql pgcli mycli litecli osql influx clickhouse sqlplus db2 mysqlsh trino presto beeline hive "
    "spark-sql neo4j cypher-shell"
)
_PUSH_SETTING: Final = re.compile(r"(?i)remote\..+\.(?:push=\+|mirror(?:=|$))")
_STATEMENTS: Final = frozenset({"drop", "truncate", "delete", "alter", "grant", "update"})
_SUBCOMMANDS: Final = tables.names(
    "git terraform tofu terragrunt pulumi kubectl oc helm docker podman systemctl redis-cli zfs zpool aws gcloud gsutil az doctl "
    "heroku fly flyctl vault consul nomad eksctl argocd gh glab npm etcdctl restic borg velero"
)
_UNPACKERS: Final = frozenset({"tar", "bsdtar", "unzip", "gunzip", "bunzip2", "unxz", "cpio", "funzip", "7z"})
_FETCHERS: Final = frozenset({"aria2c", "axel"})
_SYSTEM: Final = ("/bin/", "/usr/", "/sbin/", "/opt/", "/nix/", "/snap/", "/Applications/")
_POOL: Final = re.compile(r"(?i)\bstratum(?:\d)?\+?(?:tcp|ssl|tls|udp)?://")
_RAW: Final = tables.names("nc ncat netcat telnet socat websocat nc.openbsd nc.traditional cryptcat pwncat")
_BARE_SHELLS: Final = tables.names("sh bash zsh dash ksh ash fish csh tcsh cmd cmd.exe powershell powershell.exe pwsh")


@cache
def _effects() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for effect, names in tables.EFFECTS.items():
        for name in names.split():
            found.setdefault(name, []).append(effect)
    return {name: tuple(effects) for name, effects in found.items()}


def is_known(name: str) -> bool:
    """Tell whether a program is in a table."""
    return name in _effects() or name in rules.rules() or name in tables.READERS or name in {"bash", "sh", "cp", "mv"}


def classify(run: Runner, name: str, words: list[str], stdin: str | None) -> None:
    """Record what one command does."""
    name = rules.known(name)
    effects = _effects().get(name, ())
    run.trace.effect(*effects)
    if name.startswith("mkfs"):
        run.trace.effect("disk")
    given = rules.operands(words, tables.VALUED.get(name, frozenset()))
    held = rules.holding(name, words, given)
    run.trace.effect(*(effect for effect in held if not effect.endswith("_candidate")))
    _verbs(run, name, words, given)
    if given and UNKNOWN in given[0] and name in _SUBCOMMANDS:
        run.trace.miss(f"effect: the subcommand of `{name}`")
    if name == "git" and any(map(_PUSH_SETTING.match, words)):
        run.trace.effect("vcs_history_rewrite")
    if any(map(_POOL.search, words)):
        run.trace.effect("mining")
    touched(run, name, words, given)
    named_secrets(run, name, words, given)
    patching.applied(run, name, words, stdin)
    connecting.connected(run, name, words, given, stdin, upload=any(effect.endswith("_candidate") for effect in held))
    if name in _DATABASES:
        _database(run, words, stdin)
    elif name.lower() in _STATEMENTS and len(words) > (1 if name.isupper() else 2):
        _statements(run, [" ".join(words)])
    if name in _UNPACKERS and stdin is not None and UNKNOWN in stdin and "network" in run.trace.effects:
        run.trace.kept = True
    run.trace.kept |= name in _FETCHERS or (name == "git" and given[:1] == ["clone"])
    if run.trace.kept and "/" in words[0] and not words[0].startswith(_SYSTEM):
        run.trace.effect("execute", "remote_code")
    if name == "java" and (jar := option(words, "-jar")) is not None:
        classify(
            run,
            jar.rpartition("/")[2].removesuffix(".jar"),
            words[words.index(jar) :] if jar in words else words,
            stdin,
        )


def combine(trace: Trace) -> None:
    """Record what the commands of a text do together: a shell beside a raw connection is a shell for whoever is there."""
    names = [(command[0] or "").rpartition("/")[2] for command in trace.commands]
    raw = (
        trace.raw
        or any(name in _RAW for name in names)
        or any(command[1:2] == ("s_client",) for command in trace.commands)
    )
    bare = any(
        name in _BARE_SHELLS
        and all(word is not None and word.startswith("-") and "c" not in word for word in command[1:])
        for name, command in zip(names, trace.commands, strict=True)
    )
    if raw and bare:
        trace.effect("remote_shell")


_STRONG: Final = tables.names(
    "delete destroy terminate purge drop wipe nuke erase deregister rb deltree del rm remove obliterate decommission deprovision "
    "unpublish expunge destroyall teardown"
)
_WEAK: Final = tables.names(
    "disable revoke reset clear flush archive rollback undeploy detach unregister unsubscribe uninstall stop kill suspend "
    "cancel deactivate invalidate failover prune forget untag yank deprecate evict drain cordon close leave rotate unset transfer clean "
    "uninstall down unlink activate expire abort shutdown reboot restart"
)
_LOOKS: Final = tables.names(
    "list ls get describe show status logs log info view cat head inspect search watch top help stat size check "
    "lsd lsl lsjson md5sum about whoami diff validate explain tail download pull read"
)
_PIECES: Final = re.compile(r"[:_-]")


def _verbs(run: Runner, name: str, words: list[str], given: list[str]) -> None:
    """Read ``noun verb`` and ``verb noun`` of programs that change something elsewhere."""
    plain = name.removesuffix(".sh")
    if plain in infrastructure.CLUSTERS:
        if any(word in {"--delete", "--remove", "--clean"} for word in words) or _verb(given[:6], _STRONG):
            run.trace.effect("infrastructure_destroy")
    elif plain in infrastructure.SERVICES:
        if rules.practises(name, words, given):
            return
        if _verb(given[:5], _STRONG):
            run.trace.effect("infrastructure_destroy")
        elif _verb(given[:5], _WEAK):
            run.trace.effect("service_change")
    elif not is_known(name) and any(word in _GENERIC for word in given[:2]) and not rules.practises(name, words, given):
        run.trace.effect("service_change")


_GENERIC: Final = frozenset({"delete", "destroy", "purge", "terminate", "wipe", "nuke", "drop"})


def _verb(given: list[str], verbs: frozenset[str]) -> bool:
    for word in given:
        if word in _LOOKS:
            return False
        if any(mark in word for mark in ("/", "=", "@", " ", "::")) or word[:1].isdigit() or len(word) > 48:
            continue
        pieces = _PIECES.split(word.lower())
        if pieces[0] in verbs or pieces[-1] in verbs:
            return True
    return False


def _database(run: Runner, words: list[str], stdin: str | None) -> None:
    commands = words[0].endswith("-cli")
    texts = [*(word for word in words[1:] if not (commands and word.isalpha())), stdin or ""]
    script = option(words, "-f", "--file") if words[0].endswith(("psql", "cockroach", "cqlsh", "pgcli")) else None
    if script is not None:
        texts.append(connecting.content(run, script) if script != "-" else "")
    told = option(words, "-c", "-e", "-Q", "-q", "--command", "--execute", "--eval") or ""
    if UNKNOWN in told or UNKNOWN in texts or (script is not None and UNKNOWN in texts[-1]):
        run.trace.miss("effect: what a database is told")
    for found in _DATABASE_FILES.finditer("\n".join(texts)[:65536]):
        touch(run, next(filter(None, found.groups())), "read")
    _statements(run, texts)


def _statements(run: Runner, texts: list[str]) -> None:
    for text in texts:
        bare = _SQL_COMMENT.sub(" ", text)
        bare = bare if _SQL_DYNAMIC.search(bare) else _SQL_TEXT.sub("''", bare)
        if _DROP.search(bare):
            run.trace.effect("database_destroy")
        if _GRANT.search(bare):
            run.trace.effect("escalation")
        for found in _ESCAPE.finditer(text[:4096]):
            run.trace.effect("execute")
            run.apart(found[1] or found[2])
