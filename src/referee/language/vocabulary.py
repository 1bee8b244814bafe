"""Everything that may be written in a policy file, as tables: keys, actions, attributes, operators, scanners.

Rule 1: the parser, the JSON Schema, the formatter, the reference pages and did-you-mean read these tables; nothing
else says what a word is.
Rule 2: order is the order in which the formatter writes keys.
"""

from __future__ import annotations

from typing import Final

import msgspec

from referee.language.kinds import SCANNERS
from referee.language.sqlwords import SQL_ATTRIBUTES
from referee.model.names import (
    ACTION_ALIASES,
    ACTIONS,
    COUNTERS,
    KINDS,
    MODES,
    PHASES,
    SEVERITIES,
    SHAPES,
    STYLES,
    VERDICTS,
    WEEKDAYS,
)
from referee.model.sql import OPERATIONS


class Key(msgspec.Struct, frozen=True):
    """A key of a mapping: the shape of its value (``shapes``), what it says, and the words it may be."""

    shape: str
    doc: str
    choices: tuple[str, ...] = ()


class Operator(msgspec.Struct, frozen=True):
    """An operator: the shape of its operand, the types of attribute it works on, and what it says."""

    operand: str
    on: frozenset[str]
    doc: str


class Attr(msgspec.Struct, frozen=True):
    """An attribute: its type, what it says, and the only words it can be, if it is a closed set."""

    type: str
    doc: str
    choices: tuple[str, ...] = ()


_RULE_ACTIONS: Final = (*ACTIONS, *ACTION_ALIASES)

FILE_KEYS: Final[dict[str, Key]] = {
    "version": Key("version", 'the version of the language: 1, or `"1.0"` in the rule-list form'),
    "id": Key("text", "the name of the file's policies; the file's stem if it is left out"),
    "description": Key("text", "what the file is for"),
    "default": Key("default", "what happens when no rule matches"),
    "mode": Key("choice", "the mode of every rule that states none", MODES),
    "on_error": Key("choice", "what a deny rule in error does", ("deny", "require_approval")),
    "on_failure": Key("failures", "what the failure of a component does"),
    "timezone": Key("timezone", "the time zone of calendar windows and of `time`"),
    "scope": Key("scope", "to whom every rule of the file applies"),
    "lists": Key("lists", "named values, used as `$name`"),
    "groups": Key("groups", "named sets of tools, used as `$name` and in `require_approval`"),
    "catalog": Key("catalog", "what tools are: which argument is a command, a URL, a file"),
    "classes": Key("classes", "what files are of a class: patterns, besides those that are known"),
    "regions": Key("regions", "which hosts and countries are a region"),
    "budget": Key("section", "the envelope form: how much a session may spend"),
    "tools": Key("section", "the envelope form: which tools may be called"),
    "network": Key("section", "the envelope form: which hosts may be reached"),
    "approval": Key("section", "the envelope form: what needs a human"),
    "max_cost_per_run": Key("money", "a session may spend this much"),
    "block_pii": Key("flag", "deny every text with personal data"),
    "require_approval": Key("groups-of-tools", "groups of tools that need a human"),
    "policies": Key("rules", "the rules"),
    "rules": Key("rules", "the rules, in the rule-list form"),
    "limits": Key("limits", "how much may be used"),
    "scanners": Key("own-scanners", "what scanners find besides what they know: patterns of one's own"),
    "counters": Key("unsupported", "counters of one's own"),
    "invariants": Key("unsupported", "what must hold over all requests"),
}

SECTIONS: Final[dict[str, dict[str, Key]]] = {
    "budget": {"max_spend": Key("money", "the most a session may spend; 0 is nothing")},
    "tools": {
        "allow": Key("tools", "the only tools that may be called"),
        "block": Key("tools", "tools that may not be called"),
    },
    "network": {
        "allow": Key("hosts", "the only hosts that may be reached"),
        "block": Key("hosts", "hosts that may not be reached, with their subdomains"),
    },
    "approval": {"require_for": Key("approvals", "what needs a human")},
}
"""The sections of the envelope form."""

APPROVAL_KEYS: Final[dict[str, Key]] = {
    "tool": Key("text", "calls of this tool"),
    "domain": Key("text", "requests to this host or its subdomains"),
    "cost_gt": Key("money", "actions that cost more than this"),
}

DIRECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "input": ("pre",),
    "output": ("mid", "post"),
    "both": ("pre", "mid", "post"),
}
TYPES: Final[dict[str, tuple[str, ...]]] = {
    "tool_allowlist": ("tools",),
    "tool_denylist": ("tools",),
    "rate_limit": ("max_calls", "window_seconds"),
    "data_protection": ("patterns",),
}
"""The types of the rule-list form, and the keys each needs."""

RULE_KEYS: Final[dict[str, Key]] = {
    "id": Key("text", "the rule's name, once in a file"),
    "name": Key("text", "what people call the rule"),
    "description": Key("text", "why the rule exists"),
    "mode": Key("choice", "whether the rule decides, only watches, or sleeps", MODES),
    "priority": Key("integer", "among allow and approval rules the highest decides"),
    "scope": Key("scope", "to whom the rule applies"),
    "match": Key("scope", "as `scope`"),
    "phase": Key("choices", "before the action, in the middle of it, or after it", PHASES),
    "scanner": Key("scanner", "the rule-list form: what a scanner finds in any text"),
    "type": Key("choice", "the rule-list form: what the rule is about", tuple(TYPES)),
    "direction": Key("choice", "the rule-list form: what goes in, what comes out, or both", tuple(DIRECTIONS)),
    "tools": Key("tools", "the tools of a `tool_allowlist` or `tool_denylist`"),
    "max_calls": Key("amount", "the calls that a `rate_limit` allows"),
    "window_seconds": Key("positive", "the seconds that a `rate_limit` looks back"),
    "patterns": Key("kinds", "the kinds of data that `data_protection` looks for"),
    "when": Key("condition", "when the rule matches"),
    "unless": Key("condition", "when it does not match although `when` holds"),
    "action": Key("choice", "what the rule does", _RULE_ACTIONS),
    "approvers": Key("texts", "who may approve"),
    "quorum": Key("positive", "how many must approve"),
    "timeout": Key("duration", "how long to wait for them"),
    "on_timeout": Key("choice", "what happens when nobody answers", ("deny", "terminate")),
    "set": Key("values", "arguments that get a value"),
    "append": Key("values", "arguments that get a further member"),
    "floor": Key("numbers", "arguments that are at least a number"),
    "cap": Key("numbers", "arguments that are at most a number"),
    "sql": Key("sql", "how the SQL text changes: `limit` its rows, `drop_columns` from its result"),
    "remove": Key("removals", "arguments that go away, or labels that are taken off"),
    "kinds": Key("kinds", "which findings are removed"),
    "fields": Key("attributes", "which values are removed whole, or labelled"),
    "style": Key("choice", "what stands in place of what was removed", STYLES),
    "channels": Key("texts", "where the alert goes"),
    "add": Key("texts", "labels that are put on"),
    "on": Key("choice", "what the labels are on: the session, or the values of the request", ("session", "value")),
    "severity": Key("choice", "how bad a match is", SEVERITIES),
    "on_error": Key("choice", "what the rule does when it is in error", ("deny", "require_approval")),
    "message": Key("text", "what the agent is told"),
    "references": Key("texts", "controls that the rule serves"),
    "owner": Key("text", "who answers for the rule"),
    "expires": Key("date", "the day from which the rule is off"),
    "after": Key("unsupported", "what must have happened before"),
    "requires": Key("unsupported", "what must have succeeded before"),
}

ACTION_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "approvers": ("require_approval", "deny", "terminate"),
    "quorum": ("require_approval",),
    "timeout": ("require_approval",),
    "on_timeout": ("require_approval",),
    "set": ("modify",),
    "append": ("modify",),
    "floor": ("modify",),
    "cap": ("modify",),
    "sql": ("modify",),
    "remove": ("modify", "label"),
    "kinds": ("redact",),
    "fields": ("redact", "label"),
    "style": ("redact",),
    "channels": ("alert",),
    "add": ("label",),
    "on": ("label",),
}
"""Keys that only some actions take."""

ACTION_DOCS: Final[dict[str, str]] = {
    "allow": "grants",
    "require_approval": "waits for a human",
    "deny": "refuses",
    "terminate": "refuses and ends the session",
    "modify": "rewrites arguments",
    "redact": "removes values",
    "alert": "notifies",
    "log": "is recorded",
    "label": "marks the session or a value",
    "block": "as `deny`",
    "escalate": "as `require_approval`",
    "endorse": "takes labels off: `label` with `remove` alone",
}

LIMIT_ACTIONS: Final = ("deny", "require_approval", "terminate", "alert", "log", "block", "escalate")

LIMIT_KEYS: Final[dict[str, Key]] = {
    "id": Key("text", "the limit's name, once in a file"),
    "name": Key("text", "what people call the limit"),
    "description": Key("text", "why the limit exists"),
    "mode": Key("choice", "whether the limit decides, only watches, or sleeps", MODES),
    "spend": Key("money", "the most that may be spent"),
    "calls": Key("amount", "the most calls"),
    "tokens": Key("amount", "the most tokens, in and out"),
    "per": Key(
        "choice", "for whom usage is counted", ("run", "session", "agent", "team", "user", "tool", "environment", "all")
    ),
    "window": Key("window", "over which time usage is counted"),
    "severity": Key("choice", "how bad it is to exceed the limit", SEVERITIES),
    "scope": Key("scope", "to whom the limit applies"),
    "match": Key("scope", "as `scope`"),
    "when": Key("condition", "which actions count"),
    "thresholds": Key("thresholds", "what happens before the limit is reached"),
    "action": Key("choice", "what happens when it is exceeded", LIMIT_ACTIONS),
    "approvers": Key("texts", "who may approve"),
    "message": Key("text", "what the agent is told"),
}

THRESHOLD_KEYS: Final[dict[str, Key]] = {
    "at": Key("share", "from which usage on"),
    "action": Key("choice", "what happens", LIMIT_ACTIONS),
    "message": Key("text", "what the agent is told"),
}

SCOPE_KEYS: Final[dict[str, Key]] = {
    "agents": Key("texts", "ids of agents"),
    "tags": Key("texts", "tags of agents"),
    "teams": Key("texts", "teams of agents"),
    "roles": Key("texts", "roles of agents or of their users"),
    "users": Key("texts", "ids of users"),
    "owners": Key("texts", "owners of agents"),
    "environments": Key("texts", "environments"),
    "agent_id": Key("texts", "as `agents`"),
}
SCOPE_ALIASES: Final = {"agent_id": "agents"}

TOOL_KEYS: Final[dict[str, Key]] = {
    "canonical": Key("text", "the well-known tool it is like, such as `shell.exec`"),
    "shell": Key("argument", "the argument with the shell text"),
    "http": Key("argument", "the argument with the URL"),
    "method": Key("argument", "the argument with the HTTP method"),
    "cwd": Key("argument", "the argument with the working folder"),
    "file": Key("files", "the arguments that name files"),
    "access": Key("choice", "what it does to these files", ("read", "write", "delete", "execute")),
    "patch": Key("argument", "the argument with a patch"),
    "sql": Key("argument", "the argument with SQL"),
    "dialect": Key("dialect", "the dialect of the SQL: `postgres`, `mysql`, `sqlite` …; left out, it may be any"),
    "schema": Key("tables", "the tables of the database and their columns, so that `*` is known"),
    "args": Key("arguments", "the arguments and their types, or the JSON Schema of one"),
}
REFERENCE_KEYS: Final[dict[str, Key]] = {
    "path": Key("text", "the file, relative to the policy file"),
    "server": Key("text", "the MCP server whose tools the file lists"),
    "closed": Key("flag", "whether the file lists all tools of the server; true if it is left out"),
}
CATALOG_KEYS: Final[dict[str, Key]] = {
    "from": Key("tool-files", "files that list tools: an answer to `tools/list`, or tool definitions of a model API"),
    "closed": Key("flag", "whether there are no other tools than these"),
}
CLASS_KEYS: Final[dict[str, Key]] = {
    "patterns": Key("patterns", "files of the class: `*.pem`, `config/prod.yaml`, `src/payments/**`"),
    "except": Key("patterns", "files that are not of the class"),
}
REGION_KEYS: Final[dict[str, Key]] = {
    "hosts": Key("patterns", "hosts with their subdomains, `=example.com` alone, `*.example.com` below it"),
    "suffixes": Key("patterns", "ends of hosts, such as `de` or `eu-west-1.amazonaws.com`"),
    "networks": Key("patterns", "networks of addresses, such as `10.0.0.0/8`"),
    "countries": Key("patterns", "countries of `resource.region`, by their two letters"),
}
OWN_SCANNER_KEYS: Final[dict[str, Key]] = {
    "patterns": Key("scan-patterns", "patterns of the scanner"),
    "from": Key("spelled", "files of patterns, relative to the policy file"),
    "kinds": Key("spelled", "kinds that a scanner finds which the program hands in"),
}
FILE_ARGUMENT_KEYS: Final[dict[str, Key]] = {
    "path": Key("argument", "the argument that names files"),
    "access": Key("choice", "what the tool does to them", ("read", "write", "delete", "execute")),
}
ARGUMENT_TYPES: Final[dict[str, str]] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "list": "list",
    "mapping": "mapping",
    "any": "json",
}
"""What a catalog may call an argument, and the type of attribute it is."""

DEFAULT_VERDICTS: Final = (*VERDICTS, *(word for word, action in ACTION_ALIASES.items() if action in VERDICTS))
COMPONENTS: Final = ("store", "scanner", "audit", "approvals", "sync")
FAILURES: Final = ("deny", "require_approval", "allow-with-alert")
CONNECTIVES: Final[dict[str, str]] = {
    "all": "every part holds",
    "any": "some part holds",
    "not": "the part does not hold",
}

_ACCESSES: Final = ("read", "write", "delete", "execute")
EFFECTS: Final = (
    "read", "write", "delete", "execute", "network", "privilege", "persistence", "credential_access", "vcs_history_rewrite",
    "infrastructure_destroy", "database_destroy", "backup_destroy", "process_kill", "disk", "package_install", "package_remove",
    "exfiltration", "data_export", "deploy", "service_change", "mass_delete", "work_loss", "system_change", "system_halt",
    "escalation", "shell_escape", "remote_shell", "remote_code", "log_tampering", "protection_off", "attack_tool",
    "surveillance", "mining",
)  # fmt: skip
CLASSES: Final = (
    "secret", "credential", "private_key", "env_file", "source", "test", "docs", "auth", "payment", "infra", "ci_cd",
    "migration", "deployment", "backup", "data_export", "agent_config", "system",
)  # fmt: skip

EXTENSIBLE: Final = frozenset({"file.classes"})
"""Attributes whose words a file can add to."""

ATTRIBUTES: Final[dict[str, Attr]] = {
    "kind": Attr("text", "what kind of action it is", KINDS),
    "phase": Attr("text", "before, in the middle of, or after the action", PHASES),
    "tool": Attr("text", "the name of the tool, or a canonical name such as `shell.exec`"),
    "tool.canonical": Attr("text", "what the tool is: `shell.exec`, `file.read` …"),
    "args": Attr("json", "the arguments"),
    "result": Attr("json", "the result, in the phases `mid` and `post`"),
    "text": Attr("content", "every text of the request, or of the result"),
    "agent.id": Attr("text", "the agent that acts"),
    "agent.tags": Attr("set", "the agent's tags"),
    "agent.team": Attr("text", "the agent's team"),
    "agent.role": Attr("text", "the agent's role"),
    "agent.owner": Attr("text", "who owns the agent"),
    "agent.parent": Attr("text", "the agent that started this one"),
    "user.id": Attr("text", "the user for whom the agent acts"),
    "user.roles": Attr("set", "the user's roles"),
    "session.id": Attr("text", "the session"),
    "session.labels": Attr("set", "the labels the session carries"),
    "environment": Attr("text", "where it happens, such as `prod`"),
    "resource.type": Attr("text", "what sort of thing is acted on"),
    "resource.path": Attr("text", "which thing is acted on"),
    "resource.classification": Attr("text", "how sensitive it is"),
    "resource.owner": Attr("text", "whose it is"),
    "resource.region": Attr("text", "where it is"),
    "model": Attr("text", "the model that is called"),
    "provider": Attr("text", "whose model it is"),
    "tokens.input": Attr("number", "tokens that go into the model"),
    "tokens.output": Attr("number", "tokens that come out of it"),
    "cost": Attr("number", "what the action costs"),
    "confidence": Attr("number", "how sure the agent is, from 0 to 1"),
    "permissions": Attr("set", "what the caller may do"),
    "approval.state": Attr("text", "what the caller knows of an approval", ("pending", "approved", "rejected")),
    "context": Attr("json", "what the caller knows besides"),
    "signals": Attr("json", "risk signals of the caller"),
    "time.hour": Attr("number", "the hour of the day, from 0 to 23, in the file's time zone"),
    "time.weekday": Attr("text", "the day of the week", WEEKDAYS),
    "time.date": Attr("text", "the day, as `2027-01-31`"),
    "http.url": Attr("text", "the URL"),
    "http.scheme": Attr("text", "`https`, `http` …"),
    "http.host": Attr("text", "the host, normalised"),
    "http.domain": Attr("text", "the registrable domain"),
    "http.port": Attr("number", "the port"),
    "http.path": Attr("text", "the path of the URL"),
    "http.method": Attr("text", "the method, in capitals"),
    "http.address": Attr(
        "text",
        "what sort of address the host is",
        ("public", "private", "loopback", "link_local", "metadata", "reserved", "name"),
    ),
    "http.region": Attr("text", "where the host is"),
    "http.lookalike": Attr("boolean", "whether the host is drawn like another name"),
    "file.path": Attr("text", "the resolved path of the file"),
    "file.access": Attr("text", "what is done to the file", _ACCESSES),
    "file.classes": Attr("set", "what sort of file it is", CLASSES),
    "file.inside_workspace": Attr("boolean", "whether the file is in the workspace"),
    "shell": Attr("shell", "the commands that run"),
    "shell.programs": Attr("set", "the programs that run"),
    "shell.effects": Attr("set", "what the commands do", EFFECTS),
    "shell.paths": Attr("set", "the paths they touch"),
    "shell.hosts": Attr("set", "the hosts they reach"),
    "shell.resolved": Attr("boolean", "whether every part of the shell text is known"),
    **{name: Attr(*it, OPERATIONS if name == "sql.operations" else ()) for name, it in SQL_ATTRIBUTES.items()},
}

PREFIXES: Final[dict[str, Attr]] = {
    "args": Attr("json", "one argument: `args.<path>`"),
    "result": Attr("json", "a part of the result: `result.<path>`"),
    "context": Attr("json", "something the caller knows: `context.<path>`"),
    "signals": Attr("json", "one signal: `signals.<name>`"),
}
"""Attributes that take a path."""

COUNTER_DOCS: Final[dict[str, str]] = {
    "cost_in_run": "what the session has cost",
    "cost_this_hour": "what was spent in this hour",
    "cost_today": "what was spent today",
    "cost_this_month": "what was spent in this month",
    "tool_calls_in_run": "the tool calls of the session",
    "calls_last_minute": "the calls of the last 60 seconds",
    "denials_in_run": "the denials of the session",
    "seconds_in_run": "how long the session has lasted",
    "repeated_calls": "how often the same tool was called with the same arguments",
}
assert COUNTER_DOCS.keys() == COUNTERS.keys()

ATTRIBUTE_ALIASES: Final[dict[str, str]] = {
    "agent": "agent.id",
    "user": "user.id",
    "session": "session.id",
    "file": "file.path",
    "resource": "resource.path",
    "http": "http.url",
    "shell.commands": "shell",
}

IDENTITY: Final = frozenset({"tool", "agent.id", "environment", "model"})
"""Attributes that name somebody or something: a plain value with ``*``, ``?`` or ``[`` is a glob."""

_ANY: Final = frozenset({"text", "number", "boolean", "set", "shell", "sql", "content", "json", "list", "mapping"})
_VALUES: Final = frozenset({"text", "number", "boolean", "set", "content", "json"})
_NUMBERS: Final = frozenset({"number", "json"})
_TEXTS: Final = frozenset({"text", "set", "content", "json", "list"})
_MANY: Final = frozenset({"text", "set", "content", "json", "list", "mapping"})
_SCANNED: Final = frozenset({"text", "content", "json", "list", "mapping"})
_SHELL: Final = frozenset({"shell"})
_SQL: Final = frozenset({"sql"})

OPERATORS: Final[dict[str, Operator]] = {
    "eq": Operator("value", _VALUES, "equal"),
    "ne": Operator("value", _VALUES, "not equal"),
    "in": Operator("values", _VALUES, "one of"),
    "not_in": Operator("values", _VALUES, "none of"),
    "exists": Operator("flag", _ANY, "present; never in error"),
    "missing": Operator("flag", _ANY, "absent; never in error"),
    "gt": Operator("number", _NUMBERS, "greater"),
    "gte": Operator("number", _NUMBERS, "greater or equal"),
    "lt": Operator("number", _NUMBERS, "less"),
    "lte": Operator("number", _NUMBERS, "less or equal"),
    "between": Operator("range", _NUMBERS, "from … to, both included"),
    "contains": Operator("value", _TEXTS, "a text in a text, or a member of a list"),
    "contains_any": Operator("values", _TEXTS, "some of these"),
    "contains_all": Operator("values", _TEXTS, "all of these"),
    "count": Operator("count", _MANY, "how many members or characters: a number, or `{gt: 3}`"),
    "starts_with": Operator("texts", _TEXTS, "begins with"),
    "ends_with": Operator("texts", _TEXTS, "ends with"),
    "glob": Operator("globs", _TEXTS, "fits a pattern with `*`, `?`, `[abc]`, as a whole"),
    "regex": Operator("regexes", _TEXTS, "an RE2 pattern is found"),
    "host": Operator(
        "hosts", _TEXTS, "a host: `example.com` with its subdomains, `=example.com` alone, `*.example.com` below it"
    ),
    "within": Operator("folders", _TEXTS, "a path at or below a folder"),
    "cidr": Operator("networks", _TEXTS, "an address in a network"),
    "runs": Operator("commands", _SHELL, "a command such as `rm -rf` runs, however it is spelled"),
    "reads": Operator(
        "columns", _SQL, "a column is read: `customers.ssn`, `customers.*`, `*.ssn`; `customers` as a whole"
    ),
    "writes": Operator("columns", _SQL, "a column is written, or rows with it added or removed"),
    "contains_pii": Operator("scan:pii", _SCANNED, "personal data is found: `true`, or kinds"),
    "contains_secret": Operator("scan:secret", _SCANNED, "a secret is found: `true`, or kinds"),
    "contains_injection": Operator("scan:injection", _SCANNED, "a prompt injection is found: `true`, or kinds"),
    "scan": Operator("scan", _SCANNED, "a scanner finds something: its name, or `{scanner, kinds, min_score}`"),
    "from": Operator("labels:words", _SCANNED, "every word was seen before in values of these labels"),
    "from_only": Operator("labels:words", _SCANNED, "broken: a word was not seen before in values of these labels"),
    "never_from": Operator("labels:pieces", _SCANNED, "broken: it carries a piece of a value of one of these labels"),
}
COUNT_OPERATORS: Final = ("eq", "ne", "gt", "gte", "lt", "lte")
_BY_LABEL: Final = "leave it out; `label` the session in one rule, and match `session.labels` in the other"
INSTEAD: Final[dict[str, str]] = {
    "counters": "leave it out; use `limits`, or a built-in counter such as `tool_calls_in_run`",
    "invariants": "leave it out; write what must never happen as a `deny` rule, which no other rule overrides",
    "after": _BY_LABEL,
    "requires": _BY_LABEL,
}
"""What to write in place of what is not supported yet."""
SCANNED_ROOTS: Final = ("args", "result", "text")
SCAN_KEYS: Final[dict[str, Key]] = {
    "scanner": Key("scanner", "which scanner"),
    "kinds": Key("kinds", "which of its kinds"),
    "min_score": Key("amount", "the least score that counts, from 0 to 1"),
}

PIECES_KEYS: Final = {
    "labels": Key("texts", "the labels"), "as": Key("choices", "the shapes of words or pieces that count", SHAPES),
}  # fmt: skip

SQL_CHANGE_KEYS: Final[dict[str, Key]] = {
    "limit": Key("positive", "the most rows of the result"),
    "drop_columns": Key("columns", "columns that the result shall not have"),
}

SCANNER_ALIASES: Final[dict[str, str]] = {
    "prompt_injection": "injection",
    "pii_detection": "pii",
    "secrets": "secret",
    "data_exfiltration": "exfiltration",
}
SCANNER_NAMES: Final = (*SCANNERS, *SCANNER_ALIASES)
TOOL_CALLS: Final = "tool_call"
"""The scanner of the rule-list form that stands for every tool call."""
