"""The one small vocabulary that random policies, requests and facts are drawn from, so that they often meet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from referee.model.programs import Exact

TOOLS = ("refund", "search", "db.query", "db.drop", "shell")
AGENTS = ("support-1", "support-2", "coder")
TAGS = ("internal", "customer-facing")
TEAMS = ("support", "platform")
ROLES = ("clerk", "supervisor")
USERS = ("ada", "ben")
OWNERS = ("ops", "sec")
ENVIRONMENTS = ("prod", "dev")
ZONES = ("UTC", "Europe/Rome")
HOSTS = ("example.com", "api.example.com", "evil.test", "10.1.2.3")
PATHS = ("/work/a.txt", "/work/.env", "/etc/passwd", "/work2/x")
KINDS = ("tool_call", "tool_call", "tool_call", "http_request", "model_call", "message")
SCANNERS = {"pii": ("email", "ssn"), "secret": ("api_key",), "injection": ("override",)}
PATTERNS = ("rm -rf", "git push --force", "git push", "terraform destroy")
COMMANDS: tuple[tuple[str | None, ...], ...] = (
    ("rm", "-rf", "/work"), ("/bin/rm", "-f", "-r", "x"), ("rm", "x"), ("rm", None), (None, "-rf"), ("git", "push", "-f"),
    ("git", "push", "origin", "--force"), ("git", None, "--force"), ("git", "status"), ("echo", "rm", "-rf"),
    ("terraform", "destroy"), ("terraform", "plan", None),
)  # fmt: skip
EFFECTS = ("delete", "network")
ARGS: tuple[tuple[str | int, ...], ...] = (
    ("amount",), ("to",), ("query",), ("lines", 0), ("lines", "*"), ("items", "*", "name"), ("order", "id"), ("**",), ("order", "**"), ("flag",), ("absent",),
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    0, 5, 500, "500", " 700 ", "5e2", "-1", 499.5, Decimal("500.0"), float("nan"), float("inf"), True, False, "true", "False",
    None, "", "ada@example.com", "select", "SELECT", [], ["a", "b"], ["a", 5, None], {"id": "7"}, {"id": 7, "deep": {"x": "b"}}, [{"name": "a"}, {"name": "b"}], "a", "b",
    "/work/a", "/work/../etc", "example.com", "x@example.com", "10.1.2.3", 10**30, "9" * 41, [[1], "a"],
)  # fmt: skip
SCALARS: tuple[Any, ...] = (
    0,
    5,
    500,
    Exact("499.5"),
    Exact("500.0"),
    "500",
    "a",
    "b",
    "7",
    7,
    "",
    "true",
    True,
    False,
    None,
)
NUMBERS: tuple[Any, ...] = (0, 1, 5, 500, Exact("0.5"), Exact("499.5"))
TEXTS = ("a", "b", "ada", "example.com", "5", "/work", "sel", "support-1", "prod")
REGEXES = ("^a", "b$", "[0-9]+", "(?i)select", "@")
GLOBS = ("*", "file.*", "a*", "?", "*.com", "[ab]", "[!a]*", "db.*", "support-?", "500")
NETWORKS = ("10.0.0.0/8", "::/0")
FOLDERS = ("/work", "/", "/etc")
HOST_PATTERNS = ("example.com", "=example.com", "*.example.com", "evil.test")

LABELS = ("user", "directory", "untrusted")
LABELLED: tuple[tuple[str, tuple[str | int, ...]], ...] = (
    *(("args", path) for path in ARGS), ("args", ()), ("text", ()), ("result", ()), ("result", ("**",)), ("result", ("id",)), ("result", ("*",)),
)  # fmt: skip
SQL_TABLES = ("people", "hr.people", "orders", "pay.people")
COLUMN_PATTERNS = (
    "people.ssn", "people.*", "people", "hr.people.ssn", "hr.people.*", "*.ssn", "*.people.ssn", "orders.t*", "pay.people.ssn", "*",
)  # fmt: skip

TEXT_ROOTS: dict[str, tuple[str, ...]] = {
    "kind": ("tool_call", "message"), "phase": ("pre", "post"), "tool": TOOLS, "tool.canonical": ("shell.exec", "file.read", "file.write"), "agent.id": AGENTS, "agent.team": TEAMS, "agent.role": ROLES,
    "agent.owner": OWNERS, "agent.parent": AGENTS, "user.id": USERS, "session.id": ("s1", "s2"), "environment": ENVIRONMENTS,
    "resource.type": ("table", "file"), "resource.path": PATHS, "resource.classification": ("secret", "public"),
    "resource.owner": OWNERS, "resource.region": ("eu", "us"), "model": ("gpt-x", "opus"), "provider": ("o", "a"),
    "approval.state": ("pending", "approved"), "time.weekday": ("monday", "sunday"), "time.date": ("2026-11-24", "2026-12-01"),
    "http.url": ("https://example.com/",), "http.scheme": ("https", "http"), "http.host": HOSTS, "http.domain": HOSTS, "http.path": ("/", "/a"),
    "http.method": ("GET", "POST"), "http.address": ("name", "private"), "http.region": ("eu", "us"), "file.path": PATHS,
    "file.access": ("read", "write", "delete"),
}  # fmt: skip
NUMBER_ROOTS = (
    "tokens.input",
    "tokens.output",
    "cost",
    "confidence",
    "time.hour",
    "http.port",
    "counter",
    "sql.limit",
    "sql.statements",
)
SET_ROOTS: dict[str, tuple[str, ...]] = {
    "agent.tags": TAGS, "user.roles": ROLES, "session.labels": ("tainted", "seen"), "permissions": ("read", "write"), "file.classes": ("secret", "env_file"),
    "sql.operations": ("select", "delete", "drop"), "sql.functions": ("count", "pg_sleep"),
    "sql.tables": SQL_TABLES, "sql.columns": ("people.ssn", "people.*", "hr.people.ssn", "orders.total", "ssn"),
    "shell.programs": ("rm", "git", "echo"), "shell.effects": EFFECTS, "shell.paths": PATHS, "shell.hosts": HOSTS,
}  # fmt: skip
BOOLEAN_ROOTS = (
    "http.lookalike",
    "file.inside_workspace",
    "shell.resolved",
    "sql.parsed",
    "sql.read_only",
    "sql.has_where",
)
BOUNDED_OPS = ("gt", "gte", "lt", "lte", "between")
LIST_OPS = (
    "contains",
    "contains_any",
    "contains_all",
    "count.eq",
    "count.ne",
    "count.gt",
    "count.gte",
    "count.lt",
    "count.lte",
)
TEXT_OPS = ("starts_with", "ends_with", "glob", "regex", "host", "within", "cidr")
OPERANDS: dict[str, tuple[str, ...]] = {
    "starts_with": TEXTS, "ends_with": TEXTS, "glob": GLOBS, "regex": REGEXES, "host": HOST_PATTERNS, "within": FOLDERS, "cidr": NETWORKS,
}  # fmt: skip
