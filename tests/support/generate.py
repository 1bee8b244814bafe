"""Random policies, requests and facts, drawn from one small vocabulary so that they often concern each other.

Rule 1: everything follows from the seed. The same seed gives the same three arguments, on every machine.
Rule 2: whatever the compiler could produce may come out, and nothing that it refuses.
"""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import msgspec

from referee.model.facts import (
    Clock,
    Command,
    Fact,
    Failed,
    FileFacet,
    Finding,
    Grant,
    HttpFacet,
    Origins,
    Piece,
    Rewrite,
    ShellFacet,
    ToolFacet,
    Word,
)
from referee.model.names import ACTIONS, COUNTERS, VERDICTS
from referee.model.programs import (
    ALWAYS,
    NEVER,
    All,
    Any_,
    Attribute,
    Change,
    Condition,
    Exact,
    Labels,
    Layer,
    Limit,
    Not,
    Pieces,
    Policies,
    Redact,
    Rule,
    Scan,
    Scope,
    Test,
    Threshold,
)
from referee.model.request import Agent, Approval, Request, Resource, Run, Tokens, User
from referee.model.sql import Access, SqlChange, SqlFacet
from referee.model.value import show_path
from tests.support.words import (
    AGENTS,
    ARGS,
    BOOLEAN_ROOTS,
    BOUNDED_OPS,
    COLUMN_PATTERNS,
    COMMANDS,
    EFFECTS,
    ENVIRONMENTS,
    HOSTS,
    KINDS,
    LABELLED,
    LABELS,
    LIST_OPS,
    NUMBER_ROOTS,
    NUMBERS,
    OPERANDS,
    OWNERS,
    PATHS,
    PATTERNS,
    ROLES,
    SCALARS,
    SCANNERS,
    SET_ROOTS,
    SQL_TABLES,
    TAGS,
    TEAMS,
    TEXT_OPS,
    TEXT_ROOTS,
    TEXTS,
    TOOLS,
    USERS,
    VALUES,
    ZONES,
)


class Generator:
    """One seed's source of arguments for ``decide``."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.tool = self.pick(TOOLS)

    def pick(self, choices: Any) -> Any:
        return choices[int(self.random.random() * len(choices))]

    def chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def some(self, choices: Any, most: int = 2) -> tuple[Any, ...]:
        return tuple(self.random.sample(list(choices), int(self.random.random() * (min(most, len(choices)) + 1))))

    # ── requests ──

    def request(self) -> Request:
        kind = self.pick(KINDS)
        phase = self.pick(("pre", "pre", "pre", "mid", "post"))
        fields: dict[str, Any] = {"kind": kind, "phase": phase, "args": {}}
        if kind == "tool_call":
            fields |= {"tool": self.tool, "args": self.arguments()}
        elif kind == "http_request":
            fields |= {"url": "https://example.com/", "method": self.pick(("GET", "POST"))}
        elif kind == "model_call":
            fields |= {
                "model": self.pick(("gpt-x", "opus")),
                "provider": self.maybe(("o", "a")),
                "tokens": Tokens(input=self.maybe((10, 500)), output=self.maybe((0, 7))),
            }
        if kind == "message" or self.chance(0.3):
            fields["text"] = self.pick(("hello", "ada@example.com", "a"))
        if phase != "pre" and self.chance(0.9):
            fields["result"] = self.pick(VALUES)
        return Request(
            **fields,
            agent=Agent(
                id=self.maybe(AGENTS),
                tags=self.some(TAGS),
                team=self.maybe(TEAMS),
                role=self.maybe(ROLES),
                owner=self.maybe(OWNERS),
                parent=self.maybe(AGENTS),
            ),
            user=User(id=self.maybe(USERS), roles=self.some(ROLES)),
            session=Run(id=self.maybe(("s1", "s2")), labels=self.some(("tainted", "seen"))),
            environment=self.maybe(ENVIRONMENTS),
            cost=self.maybe((Decimal(0), Decimal("0.5"), Decimal(5), Decimal(500))),
            resource=Resource(type=self.maybe(("table", "file")), path=self.maybe(PATHS), classification=self.maybe(("secret", "public")), owner=self.maybe(OWNERS), region=self.maybe(("eu", "us"))),
            confidence=self.maybe((0.2, 0.9)),
            signals={"risk": self.pick((0, 5, "high", None))} if self.chance(0.5) else {},
            permissions=self.some(("read", "write")),
            approval=Approval(state=self.maybe(("pending", "approved"))),
            context={"ticket": self.pick(VALUES)} if self.chance(0.5) else {},
        )  # fmt: skip

    def maybe(self, choices: Any) -> Any:
        return self.pick(choices) if self.chance(0.7) else None

    def arguments(self) -> dict[str, Any]:
        args: dict[str, Any] = {
            name: self.pick(VALUES) for name in ("amount", "to", "query", "flag") if self.chance(0.75)
        }
        if self.chance(0.5):
            args["lines"] = [self.pick(VALUES) for _ in range(self.pick((0, 1, 3)))]
        if self.chance(0.5):
            args["items"] = [{"name": self.pick(VALUES)} for _ in range(self.pick((0, 1, 2)))]
        if self.chance(0.5):
            args["order"] = self.pick(VALUES) if self.chance(0.3) else {"id": self.pick(VALUES)}
        if self.chance(0.01):
            deep: Any = "a"
            for _ in range(80):
                deep = [deep]
            args["query"] = deep
        return args

    # ── conditions ──

    def attribute(self) -> Attribute:
        family = self.random.random()
        if family < 0.42:
            return Attribute("args", self.pick(ARGS))
        if family < 0.5:
            return Attribute(self.pick(("tool", "tool", "environment", "agent.id")))
        if family < 0.6:
            return Attribute(self.pick(tuple(TEXT_ROOTS)))
        if family < 0.7:
            root = self.pick(NUMBER_ROOTS)
            return Attribute(root, (self.pick(tuple(COUNTERS)),) if root == "counter" else ())
        if family < 0.8:
            return Attribute(self.pick(tuple(SET_ROOTS)))
        if family < 0.84:
            return Attribute(self.pick(BOOLEAN_ROOTS))
        return self.pick(
            (
                Attribute("text"), Attribute("result"), Attribute("result", ("**",)), Attribute("result", ("id",)), Attribute("context", ("ticket",)),
                Attribute("signals", ("risk",)), Attribute("args"), Attribute("shell"), Attribute("shell"), Attribute("result", ("*",)),
                Attribute("sql"), Attribute("sql"), Attribute("sql"),
            )
        )  # fmt: skip

    def test(self) -> Test:
        attribute = self.attribute()
        root = attribute.root
        if root == "sql" and self.chance(0.85):
            pattern = self.pick(COLUMN_PATTERNS)
            several = (pattern, self.pick(COLUMN_PATTERNS)) if self.chance(0.2) else pattern
            return Test(attribute, self.pick(("reads", "reads", "writes")), several)
        if root == "shell":
            if self.chance(0.8):
                return Test(attribute, "runs", self.pick(PATTERNS))
            return Test(attribute, self.pick(("exists", "missing")), self.chance(0.5))
        if root == "sql" or self.chance(0.12):
            return Test(attribute, self.pick(("exists", "missing")), self.chance(0.7))
        if root in {"args", "result", "text"} and self.chance(0.2):
            return Test(attribute, "scan", self.scan())
        if root in {"args", "result", "text"} and self.chance(0.2):
            several = self.some(LABELS, 2) or (self.pick(LABELS),)
            operand = several[0] if len(several) == 1 and self.chance(0.5) else several
            if self.chance(0.2):
                return Test(
                    attribute,
                    self.pick(("from", "from_only", "never_from")),
                    Pieces(several, (self.pick(("id", "address")),)),
                )
            return Test(attribute, self.pick(("from", "from_only", "never_from")), operand)
        if root in NUMBER_ROOTS:
            return self.bounded(attribute)
        if root in BOOLEAN_ROOTS:
            return Test(attribute, self.pick(("eq", "ne")), self.chance(0.5))
        words: Any = TEXT_ROOTS.get(root) or SET_ROOTS.get(root) or SCALARS
        choice = self.random.random()
        if choice < 0.4:
            op = self.pick(("eq", "eq", "ne"))
            return Test(attribute, op, self.pick(words))
        if choice < 0.55:
            return Test(attribute, self.pick(("in", "not_in")), self.some(words, 3) or (self.pick(words),))
        if choice < 0.7:
            op = self.pick(TEXT_OPS)
            operands = OPERANDS[op]
            return Test(
                attribute, op, self.pick(operands) if self.chance(0.6) else (self.pick(operands), self.pick(operands))
            )
        if choice < 0.88 and (root in SET_ROOTS or root in {"args", "result", "context", "text"}):
            return self.listed(attribute, words)
        if root in {"args", "result", "context", "signals"}:
            return self.bounded(attribute)
        return Test(attribute, "eq", self.pick(words))

    def bounded(self, attribute: Attribute) -> Test:
        op = self.pick((*BOUNDED_OPS, "eq", "ne"))
        if op == "between":
            return Test(attribute, op, (self.pick((0, 1)), self.pick((5, 500))))
        return Test(attribute, op, self.pick(NUMBERS))

    def listed(self, attribute: Attribute, words: Any) -> Test:
        op = self.pick(LIST_OPS)
        if op.startswith("count"):
            return Test(attribute, op, self.pick((0, 1, 2, 3)))
        if op == "contains":
            return Test(attribute, op, self.pick(words))
        return Test(attribute, op, (self.pick(words), self.pick(words)))

    def scan(self) -> Scan:
        scanner = self.pick(tuple(SCANNERS))
        kinds = (self.pick(SCANNERS[scanner]),) if self.chance(0.4) else ()
        return Scan(scanner, kinds, self.pick((Exact("0.5"), Exact("0.5"), Exact("0.8"))), self.chance(0.8))

    def condition(self, depth: int = 0) -> Condition:
        choice = self.random.random()
        if depth >= 3 or choice < 0.5:
            return self.test()
        if choice < 0.75:
            return All(tuple(self.condition(depth + 1) for _ in range(self.pick((0, 1, 2, 2, 3)))))
        if choice < 0.9:
            return Any_(tuple(self.condition(depth + 1) for _ in range(self.pick((0, 1, 2, 2)))))
        return Not(self.condition(depth + 1))

    def when(self) -> tuple[Condition, bool, int]:
        """Make a condition, and say whether it names its tool and how exactly."""
        if self.chance(0.1):
            return ALWAYS, False, 0
        if self.chance(0.45):
            choice = self.random.random()
            name = self.tool if self.chance(0.7) else self.pick(TOOLS)
            if choice < 0.6:
                return All((Test(Attribute("tool"), "eq", name), self.condition(1))), True, 3
            if choice < 0.8:
                return All((Test(Attribute("tool"), "in", (name, self.pick(TOOLS))), self.condition(1))), True, 3
            return All((Test(Attribute("tool"), "glob", self.pick(("db.*", "*", "re*"))), self.condition(1))), True, 2
        return self.condition(), self.chance(0.15), 0

    # ── policies ──

    def scopes(self) -> tuple[Scope, ...]:
        return tuple(self.scope() for _ in range(self.pick((0, 0, 0, 1, 1, 2))))

    def scope(self) -> Scope:
        fields: dict[str, tuple[str, ...]] = {
            "agents": (*AGENTS, "support-*"), "tags": TAGS, "teams": TEAMS, "roles": ROLES, "users": (*USERS, "a*"), "owners": OWNERS, "environments": (*ENVIRONMENTS, "*"),
        }  # fmt: skip
        name = self.pick(tuple(fields))
        return Scope(**{name: self.some(fields[name], 3)})

    def rule(self, at: int, layers: int) -> Rule:
        when, named, tool = self.when()
        action = self.pick((*ACTIONS, "allow", "allow", "deny", "require_approval", "modify"))
        pre = ("pre",) if self.chance(0.8) else ("pre", "mid", "post")
        return Rule(
            id=f"r{at}",
            file=f"f{self.pick((0, 1))}",
            source=f"f.yaml:{at + 1}",
            action=action,
            layer=self.pick(range(layers)),
            mode=self.pick(("enforce",) * 8 + ("observe", "off")),
            priority=self.pick((0, 0, 0, 0, 5, -5)),
            specificity=(self.pick((0, 0, 1, 3)), tool, self.pick((0, 1))),
            kinds=self.some(("tool_call", "http_request", "message"), 2) if self.chance(0.15) else (),
            phases=("mid", "post")
            if self.chance(0.1) and action != "modify"
            else ("pre",)
            if action == "modify"
            else pre,
            scopes=self.scopes(),
            when=when,
            unless=self.condition(1) if self.chance(0.2) else NEVER,
            named=named,
            on_error="require_approval" if self.chance(0.3) else "deny",
            timezone=self.pick(ZONES),
            severity=self.pick((None, "low", "high", "critical")),
            message=f"message {at}" if self.chance(0.5) else "",
            approvers=self.some(("finance", "security")) if action == "require_approval" else (),
            changes=self.changes() if action == "modify" else (),
            sql=self.sql_change() if action == "modify" and self.chance(0.15) else None,
            redact=self.redact() if action == "redact" else None,
            labels=self.labels() if action == "label" else None,
            expires=self.pick(("2026-11-24", "2026-11-25", "2027-01-01")) if self.chance(0.06) else "",
        )

    def labels(self) -> Labels:
        if self.chance(0.6):
            return Labels(self.some(("tainted", "seen")), self.some(("tainted", "seen")))
        fields = (Attribute("result", ("id",)),) if self.chance(0.4) else ()
        return Labels(self.some(LABELS), self.some(LABELS), "value", fields)

    def sql_change(self) -> SqlChange:
        return SqlChange(self.pick((None, 10, 100)), self.some(("people.ssn", "orders.total")))

    def changes(self) -> tuple[Change, ...]:
        return tuple(self.change() for _ in range(self.pick((1, 1, 1, 2))))

    def change(self) -> Change:
        op = self.pick(("set", "append", "floor", "cap", "cap", "remove"))
        path = self.pick(
            (
                ("amount",),
                ("amount",),
                ("to",),
                ("lines",),
                ("lines", 0),
                ("lines", 1),
                ("order",),
                ("order", "id"),
                ("new", "x"),
                ("query",),
            )
        )
        if op in {"cap", "floor"}:
            return Change(op, path, self.pick((5, 100, 499, Exact("499.5"))))
        if op == "remove":
            return Change(op, path)
        return Change(op, path, self.pick((500, "a", "500", None, {"id": "7"}, ["a"], Exact("0.5"))))

    def redact(self) -> Redact:
        scanners = self.some(("pii", "secret"))
        kinds = (self.pick(("email", "ssn", "api_key")),) if self.chance(0.4) else ()
        fields = (
            (
                self.pick(
                    (Attribute("args", ("amount",)), Attribute("args", ("order", "id")), Attribute("result", ("id",)))
                ),
            )
            if self.chance(0.4)
            else ()
        )
        if not scanners and (kinds or not fields):
            scanners = ("pii", "secret")
        return Redact(scanners, kinds, fields)

    def limit(self, at: int, layers: int) -> Limit:
        when, named, _ = self.when()
        cap = self.pick(("0", "5", "500"))
        return Limit(
            id=f"l{at}",
            file="f0",
            source=f"f.yaml:{at + 100}",
            measure=self.pick(("calls", "spend", "tokens")),
            cap=Exact(cap),
            layer=self.pick(range(layers)),
            per=self.pick(("run", "agent", "all")),
            window=self.pick(("run", "60s", "day")),
            action=self.pick(("deny", "deny", "terminate", "require_approval", "alert")),
            mode=self.pick(("enforce",) * 6 + ("observe", "off")),
            kinds=("tool_call",) if self.chance(0.2) else (),
            scopes=self.scopes(),
            when=when if self.chance(0.5) else ALWAYS,
            named=named,
            message="limit" if self.chance(0.5) else "",
            thresholds=tuple(
                Threshold(Exact(at), self.pick(("alert", "log", "require_approval", "deny", "terminate")))
                for at in self.some(("1", "4", "400"))
            ),
        )

    def policies(self) -> Policies:
        layers = self.pick((1, 1, 2, 3))
        return Policies(
            layers=tuple(Layer(f"layer{at}", self.defaults()) for at in range(layers)),
            rules=tuple(self.rule(at, layers) for at in range(self.pick((0, 1, 2, 4, 8, 12)))),
            limits=tuple(self.limit(at, layers) for at in range(self.pick((0, 0, 1, 2)))),
        )

    def defaults(self) -> dict[str, Any]:
        verdict = self.pick(("allow", "allow", "allow", "deny", "require_approval"))
        if self.chance(0.8):
            return dict.fromkeys(KINDS, verdict)
        return {kind: self.pick(VERDICTS) for kind in self.some(KINDS, 4)}

    def crowd(self) -> Policies:
        """Make many small rules about the same few arguments, which an index has to find again."""
        rules: list[Rule] = []
        for at in range(self.pick((20, 60))):
            rule = self.rule(at, 1)
            paths = (("amount",), ("to",), ("order", "id"), ("lines", 0))
            parts = tuple(self.plain_test(Attribute("args", self.pick(paths))) for _ in range(self.pick((1, 1, 2, 3))))
            when: Condition = parts[0] if len(parts) == 1 else All(parts)
            action = self.pick(("alert", "alert", "alert", "alert", "deny", "require_approval", "allow"))
            bare: dict[str, Any] = {"action": action, "changes": (), "redact": None, "labels": None, "approvers": ()}
            rules.append(msgspec.structs.replace(rule, when=when, named=False, scopes=(), mode="enforce", **bare))
        return Policies(layers=(Layer("policy", self.defaults()),), rules=tuple(rules))

    def plain_test(self, attribute: Attribute) -> Test:
        choice = self.random.random()
        if choice < 0.35:
            return Test(attribute, self.pick(("eq", "eq", "eq", "ne")), self.pick(SCALARS))
        if choice < 0.5:
            return Test(attribute, self.pick(("in", "in", "not_in")), self.some(SCALARS, 3) or ("a",))
        if choice < 0.65:
            several = (self.pick(TEXTS), self.pick(TEXTS))
            return Test(attribute, "starts_with", several if self.chance(0.3) else self.pick(TEXTS))
        return self.bounded(attribute)

    # ── facts ──

    def facts(self, policies: Policies) -> dict[str, Fact]:
        facts: dict[str, Fact] = {}
        for zone in ZONES:
            facts[f"time@{zone}"] = Clock(
                self.pick((0, 5, 23)), self.pick(("monday", "sunday")), self.pick(("2026-11-24", "2026-12-01"))
            )
            for name, calendar in COUNTERS.items():
                facts[f"counter.{name}@{zone}" if calendar else f"counter.{name}"] = self.pick(
                    (0, 1, 5, 500, Decimal("0.5"), Decimal(499))
                )
        for limit in policies.limits:
            facts[f"limit.{limit.full}"] = self.pick((0, 1, 4, 5, Decimal("499.5"), Decimal(500)))
        for prefix in ("", "again/"):
            facts |= {prefix + name: self.facet(name) for name in ("http", "file", "shell", "sql", "tool")}
            facts |= {f"{prefix}scan.{scanner}": self.findings(scanner) for scanner in SCANNERS}
            facts |= {f"{prefix}labels.{show_path(root, path)}": self.origins() for root, path in LABELLED}
        for limit in (None, 10, 100):
            for drop in ((), ("orders.total",), ("people.ssn",), ("orders.total", "people.ssn")):
                text = self.pick(("select 1", "select 1 limit 10"))
                facts[SqlChange(limit, drop).fact] = self.pick(
                    (Rewrite(("sql",), text), Rewrite(("query",), text), None)
                )
        facts["grant"] = Grant("g1", "ada") if self.chance(0.1) else None
        for name in tuple(facts):
            if self.chance(0.04):
                facts[name] = Failed("the store is away")
            elif self.chance(0.01):
                del facts[name]
        return facts

    def facet(self, name: str) -> Fact:
        if self.chance(0.3):
            return () if name == "file" and self.chance(0.5) else None
        if name == "http":
            host = self.pick(HOSTS)
            return HttpFacet(
                "https://example.com/",
                "https",
                host,
                host,
                self.maybe((443, 500)),
                "/",
                self.pick(("GET", "POST")),
                self.pick(("name", "private")),
                self.maybe(("eu", "us")),
                lookalike=self.chance(0.2),
            )
        if name == "file":
            return tuple(self.file() for _ in range(self.pick((1, 1, 2, 3))))
        if name == "sql":
            return self.sql()
        if name == "tool":
            readings = self.some((("shell.exec",), ("file.read",), ("file.read", "file.write"), ()))
            return ToolFacet(readings, sure=self.chance(0.8))
        commands = tuple(Command(self.pick(COMMANDS)) for _ in range(self.pick((0, 1, 1, 2))))
        return ShellFacet(
            commands,
            self.some(EFFECTS),
            self.some(PATHS),
            self.some(HOSTS),
            self.pick(((), (), ("word: `$x`",), ("effect: `eval`",))),
        )

    def sql(self) -> SqlFacet:
        accesses = [
            Access(
                self.pick(("select", "select", "delete", "drop")),
                table := self.pick((*SQL_TABLES, "people", "")),
                self.pick(("ssn", "ssn", "total", "*", "")) if table else "",
                self.chance(0.3),
                self.chance(0.8),
                ("ssn",) if self.chance(0.2) else (),
            )
            for _ in range(self.pick((0, 1, 1, 2, 3)))
        ]
        return SqlFacet(
            tuple(dict.fromkeys(accesses)),
            self.some(("count", "pg_sleep")),
            len(accesses),
            self.pick((True, False)),
            self.pick((None, 5, 500)),
            self.pick(((), (), ("names: a body",), ("operation: a call",))),
        )

    def file(self) -> FileFacet:
        return FileFacet(
            self.pick(PATHS),
            self.pick(("read", "write", "delete")),
            self.some(("secret", "env_file")),
            self.pick((True, False, None)),
        )

    def origins(self) -> Fact:
        return Origins(
            tuple(Piece(label, self.pick(("id", "text", "address")), self.chance(0.2)) for label in self.some(LABELS)),
            tuple(tuple(sorted(self.some(LABELS))) for _ in range(self.pick((0, 1, 1, 2)))),
            tuple(
                Word(self.pick(("id", "address")), tuple(sorted(self.some(LABELS))))
                for _ in range(self.pick((0, 1, 1, 2)))
            ),
            self.some(LABELS, 1) if self.chance(0.3) else (),
        )

    def findings(self, scanner: str) -> Fact:
        return tuple(
            Finding(scanner, self.pick(SCANNERS[scanner]), path, start, start + 3, self.pick((1.0, 0.7, 0.4)), self.chance(0.1))
            for start, path in enumerate(self.some(("args.query", "args.to", "args.lines[0]", "args.items[1].name", "args.order.id", "text", "result.id", "result", "args.amounts"), 3))
        )  # fmt: skip


Arguments = tuple[Policies, Request, dict[str, Fact]]


def arguments(seed: int) -> Arguments:
    """Make the three arguments of a decision from a seed."""
    generator = Generator(seed)
    policies = generator.policies()
    return policies, generator.request(), generator.facts(policies)


def with_rules(policies: Policies, rules: tuple[Rule, ...]) -> Policies:
    """Give the same policies with other rules."""
    return msgspec.structs.replace(policies, rules=rules)
