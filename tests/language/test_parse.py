"""The core form: what each thing that may be written becomes."""

from __future__ import annotations

import msgspec
import pytest

from referee.facets import classes
from referee.language import kinds, timezones, vocabulary
from referee.language.compile import Source, check, compile_policies
from referee.language.shapes import SHAPES
from referee.model.names import ACTIONS, KINDS
from referee.model.programs import (
    ALWAYS,
    All,
    Any_,
    Attribute,
    Change,
    Exact,
    Labels,
    Not,
    Policies,
    Redact,
    Scan,
    Scope,
    Test,
    Threshold,
)
from referee.scanners import builtin


def compiled(text, path="p.yaml"):
    return compile_policies([Source(path, text)])


def rule_of(text):
    return compiled(f"policies:\n  - {{id: r, action: deny, {text}}}\n").rules[0]


def when_of(text):
    return rule_of(f"when: {text}").when


def codes(text):
    return [diagnostic.code for diagnostic in check([Source("p.yaml", text)]).diagnostics]


TOOL = Attribute("tool")


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("{tool: a}", [("tool", (), "eq", "a")]),
        ("{tool: 5}", [("tool", (), "eq", "5")]),
        ("{tool: 'db.*'}", [("tool", (), "glob", "db.*")]),
        ("{tool: [a, 'b?']}", [("tool", (), "glob", ("a", "b?"))]),
        ("{tool: [a, b]}", [("tool", (), "in", ("a", "b"))]),
        ("{tool: {eq: 'db.*'}}", [("tool", (), "eq", "db.*")]),
        ("{agent: 'a-*'}", [("agent.id", (), "glob", "a-*")]),
        ("{environment: 'prod*'}", [("environment", (), "glob", "prod*")]),
        ("{model: 'gpt-[45]'}", [("model", (), "glob", "gpt-[45]")]),
        ("{args.path: '*.py'}", [("args", ("path",), "eq", "*.py")]),
        (
            "{user: u, session: s, resource: /r}",
            [("user.id", (), "eq", "u"), ("session.id", (), "eq", "s"), ("resource.path", (), "eq", "/r")],
        ),
        ("{file: /x, http: 'https://x/'}", [("file.path", (), "eq", "/x"), ("http.url", (), "eq", "https://x/")]),
        ("{cost_today: {gt: 100.00}}", [("counter", ("cost_today",), "gt", 100)]),
        ("{counter.repeated_calls: 3}", [("counter", ("repeated_calls",), "eq", 3)]),
        ("{seconds_in_run: {gt: 10m}}", [("counter", ("seconds_in_run",), "gt", 600)]),
        ("{cost: {gte: '$1,000.50'}}", [("cost", (), "gte", Exact("1000.5"))]),
        ("{confidence: {lt: 80%}}", [("confidence", (), "lt", Exact("0.8"))]),
        ("{cost: $5}", [("cost", (), "eq", 5)]),
        ("{args.price: $5}", [("args", ("price",), "eq", "$5")]),
        ("{args.n: {between: [1, 2.5]}}", [("args", ("n",), "between", (1, Exact("2.5")))]),
        ("{args.a: null}", [("args", ("a",), "eq", None)]),
        ("{args.a: [1, '1', true, null, 1]}", [("args", ("a",), "in", (1, "1", True, None))]),
        ("{args.a: {in: [1, 1.0, true]}}", [("args", ("a",), "in", (1, True))]),
        ("{'args.to[0].name': x}", [("args", ("to", 0, "name"), "eq", "x")]),
        ("{'args.to[*]': x}", [("args", ("to", "*"), "eq", "x")]),
        ("{args.**: {contains: x}}", [("args", ("**",), "contains", "x")]),
        ("{args: {exists: true}}", [("args", (), "exists", True)]),
        ("{signals.risk: {gt: 5}}", [("signals", ("risk",), "gt", 5)]),
        ("{args.a: {count: 3}}", [("args", ("a",), "count.eq", 3)]),
        ("{args.a: {count: {gt: 3, lte: 9}}}", [("args", ("a",), "count.gt", 3), ("args", ("a",), "count.lte", 9)]),
        ("{args.a: {starts_with: [x, y]}}", [("args", ("a",), "starts_with", ("x", "y"))]),
        ("{args.a: {host: EXAMPLE.com.}}", [("args", ("a",), "host", "example.com")]),
        (
            "{http.method: post, http.host: API.x.com}",
            [("http.method", (), "eq", "POST"), ("http.host", (), "eq", "api.x.com")],
        ),
        ("{args.a: {cidr: [10.0.0.0/8, '::1']}}", [("args", ("a",), "cidr", ("10.0.0.0/8", "::1/128"))]),
        ("{args.a: {within: /work}}", [("args", ("a",), "within", "/work")]),
        (
            "{args.a: {missing: true, exists: false}}",
            [("args", ("a",), "missing", True), ("args", ("a",), "exists", False)],
        ),
        ("{shell.commands: {runs: rm  -rf}}", [("shell", (), "runs", "rm -rf")]),
        ("{shell: {runs: [a, b]}}", [("shell", (), "runs", ("a", "b"))]),
        ("{shell.resolved: false}", [("shell.resolved", (), "eq", False)]),
        ("{args.q: {contains_pii: true}}", [("args", ("q",), "scan", Scan("pii"))]),
        ("{args.q: {contains_pii: false}}", [("args", ("q",), "scan", Scan("pii", wanted=False))]),
        ("{args.q: {contains_pii: email}}", [("args", ("q",), "scan", Scan("pii", ("email",)))]),
        (
            "{text: {contains_secret: [jwt, github_token]}}",
            [("text", (), "scan", Scan("secret", ("jwt", "github_token")))],
        ),
        ("{text: {contains_injection: true}}", [("text", (), "scan", Scan("injection"))]),
        ("{text: {scan: prompt_injection}}", [("text", (), "scan", Scan("injection"))]),
        (
            "{result: {scan: {scanner: pii, kinds: ssn, min_score: 0.75}}}",
            [("result", (), "scan", Scan("pii", ("ssn",), Exact("0.75")))],
        ),
        ("{args.a: $$name}", [("args", ("a",), "eq", "$name")]),
        ("{args.a: yes}", [("args", ("a",), "eq", "yes")]),
        ("{file.inside_workspace: false}", [("file.inside_workspace", (), "eq", False)]),
        ("{agent.tags: [x, y]}", [("agent.tags", (), "in", ("x", "y"))]),
        ("{time.weekday: [monday]}", [("time.weekday", (), "in", ("monday",))]),
    ],
)
def test_conditions(text, tests):
    when = when_of(text)
    parts = when.parts if isinstance(when, All) else (when,)
    assert [(part.attribute.root, part.attribute.path, part.op, part.operand) for part in parts] == tests
    assert all(part.line == 2 for part in parts)


def test_every_operator_and_attribute_can_be_written():
    for name, operator in vocabulary.OPERATORS.items():
        assert operator.doc
        assert operator.on <= {
            "text",
            "number",
            "boolean",
            "set",
            "shell",
            "sql",
            "content",
            "json",
            "list",
            "mapping",
        }, name
    for name, attribute in vocabulary.ATTRIBUTES.items():
        assert attribute.doc
        assert when_of(f"{{{name}: {{exists: true}}}}") == Test(Attribute(name), "exists", True, 2)


def test_connectives():
    when = when_of("{any: [{tool: a}, {not: {tool: b}}], all: [{tool: c}, {tool: d}], not: {any: {tool: e, cost: 5}}}")
    assert isinstance(when, All)
    either, third, fourth, neither = when.parts
    assert isinstance(either, Any_)
    assert isinstance(either.parts[1], Not)
    assert (third.operand, fourth.operand) == ("c", "d")
    assert isinstance(neither, Not)
    assert isinstance(neither.part, Any_)
    assert len(neither.part.parts) == 2


def test_a_text_is_an_expression():
    when = when_of("\"tool == 'a' && cost > 5\"")
    assert isinstance(when, All)
    assert [(part.attribute.root, part.op, part.operand, part.line) for part in when.parts] == [
        ("tool", "eq", "a", 2),
        ("cost", "gt", 5, 2),
    ]


def test_no_condition_is_always():
    assert rule_of("severity: low").when == ALWAYS


def test_lists_and_groups():
    text = """
lists: {countries: [it, de], big: 500, all_countries: [$countries, fr]}
groups: {danger: [rm, 'db.*']}
policies:
  - {id: a, when: {args.c: {in: $all_countries}, args.n: {gt: $big}, args.d: $countries}, action: log}
  - {id: b, when: {tool: $danger}, action: log}
  - {id: c, when: {tool: [$danger, x]}, action: log}
  - {id: d, when: {tool: $financial_actions}, scope: {environments: $countries}, action: log}
"""
    first, second, third, fourth = compiled(text).rules
    assert [test.operand for test in first.when.parts] == [("it", "de", "fr"), 500, ("it", "de")]
    assert (second.when.op, second.when.operand) == ("glob", ("rm", "db.*"))
    assert third.when.operand == ("rm", "db.*", "x")
    assert "*refund*" in fourth.when.operand
    assert fourth.scopes == (Scope(environments=("it", "de")),)


def test_fields_of_a_rule():
    rule = rule_of(
        "name: N, description: D, mode: observe, priority: -5, severity: high, message: M, references: [a, b], owner: O, "
        "expires: 2028-02-29, on_error: require_approval, approvers: x"
    )
    assert (rule.name, rule.description, rule.mode, rule.priority, rule.severity) == ("N", "D", "observe", -5, "high")
    assert (rule.message, rule.references, rule.owner, rule.expires) == ("M", ("a", "b"), "O", "2028-02-29")
    assert (rule.on_error, rule.approvers, rule.source, rule.full) == ("require_approval", ("x",), "p.yaml:2", "p/r")


def test_a_files_settings_are_its_rules_defaults():
    text = """
id: mine
mode: observe
on_error: require_approval
timezone: Europe/Rome
scope: {tags: t}
policies:
  - {id: a, action: log}
  - {id: b, action: log, mode: enforce, on_error: deny, scope: {teams: x}}
limits:
  - {id: c, calls: 5}
"""
    found = compiled(text)
    first, second = found.rules
    assert (first.mode, first.on_error, first.timezone, first.scopes) == (
        "observe",
        "require_approval",
        "Europe/Rome",
        (Scope(tags=("t",)),),
    )
    assert (second.mode, second.on_error, second.scopes) == (
        "enforce",
        "deny",
        (Scope(tags=("t",)), Scope(teams=("x",))),
    )
    assert (found.limits[0].mode, found.limits[0].timezone, found.limits[0].full) == (
        "observe",
        "Europe/Rome",
        "mine/c",
    )


def test_ids():
    rules = compiled(
        "policies: [{id: x y, action: log}, {name: 'Large refunds!', action: log}, {action: log}, {name: '…', action: log}]"
    ).rules
    assert [rule.id for rule in rules] == ["x y", "large-refunds", "policies[2]", "policies[3]"]
    assert compiled("default: deny", "dir/Prod.yaml").digest != ""
    assert compiled("rules: [{action: log}]", "C:\\x\\Prod.yml").rules[0].full == "Prod/rules[0]"


@pytest.mark.parametrize(
    ("word", "action"),
    [
        *((action, action) for action in ACTIONS if action not in {"modify", "label"}),
        ("block", "deny"),
        ("escalate", "require_approval"),
    ],
)
def test_actions(word, action):
    assert compiled(f"policies: [{{id: a, action: {word}}}]").rules[0].action == action


def test_approvals():
    rule = compiled(
        "policies: [{id: a, action: escalate, approvers: [x, y, x], quorum: 2, timeout: 2h, on_timeout: terminate}]"
    ).rules[0]
    assert (rule.approvers, rule.quorum, rule.timeout, rule.on_timeout) == (("x", "y"), 2, 7200, "terminate")


def test_changes():
    rule = compiled(
        "policies: [{id: a, action: modify, set: {args.a: 1, 'args.b[0].c': [x, {y: 2.5, z: null}]}, append: {args.l: x}, floor: {args.n: 1.5}, "
        "cap: {args.n: 1k_}, remove: args.z}]".replace("1k_", "$1,000").replace(
            "{args.n: $1,000}", "{args.n: '$1,000'}"
        )
    ).rules[0]
    assert rule.changes == (
        Change("set", ("a",), 1),
        Change("set", ("b", 0, "c"), ["x", {"y": Exact("2.5"), "z": None}]),
        Change("append", ("l",), "x"),
        Change("floor", ("n",), Exact("1.5")),
        Change("cap", ("n",), 1000),
        Change("remove", ("z",)),
    )


@pytest.mark.parametrize(
    ("text", "redact", "phases"),
    [
        ("", Redact(("pii", "secret")), ("pre", "mid", "post")),
        (", kinds: email", Redact(("pii",), ("email",)), ("pre", "mid", "post")),
        (
            ", kinds: [email, jwt], style: hash",
            Redact(("pii", "secret"), ("email", "jwt"), style="hash"),
            ("pre", "mid", "post"),
        ),
        (", kinds: secrets", Redact(("secret",)), ("pre", "mid", "post")),
        (", kinds: [secret, pii_detection]", Redact(("secret", "pii")), ("pre", "mid", "post")),
        (", fields: args.card", Redact(fields=(Attribute("args", ("card",)),)), ("pre",)),
        (
            ", fields: ['result.rows[*].ssn']",
            Redact(fields=(Attribute("result", ("rows", "*", "ssn")),)),
            ("mid", "post"),
        ),
        (
            ", fields: args.a, kinds: ssn, phase: pre",
            Redact(("pii",), ("ssn",), (Attribute("args", ("a",)),)),
            ("pre",),
        ),
    ],
)
def test_redactions(text, redact, phases):
    rule = compiled(f"policies: [{{id: a, action: redact{text}}}]").rules[0]
    assert (rule.redact, rule.phases) == (redact, phases)


def test_all_kinds_of_one_scanner_and_some_of_another():
    redact = compiled("policies: [{id: a, action: redact, kinds: [email, secret]}]").rules[0].redact
    assert redact is not None
    assert redact.scanners == ("pii", "secret")
    assert set(redact.kinds) == {"email", *kinds.SCANNERS["secret"]}


def test_labels_and_alerts():
    first, second = compiled(
        "policies: [{id: a, action: label, add: x, remove: [y]}, {id: b, action: alert, channels: '#sec'}]"
    ).rules
    assert first.labels == Labels(("x",), ("y",))
    assert second.channels == ("#sec",)


@pytest.mark.parametrize(
    ("text", "named", "kinds_", "phases"),
    [
        ("{tool: a}", True, (), ("pre",)),
        ("{tool: 'a*'}", True, (), ("pre",)),
        ("{all: [{tool: a}]}", True, (), ("pre",)),
        ("{any: [{tool: a}, {tool: b}]}", False, (), ("pre",)),
        ("{tool: {ne: a}}", False, (), ("pre",)),
        ("{not: {tool: a}}", False, (), ("pre",)),
        ("{args.x: 1}", False, (), ("pre",)),
        ("{kind: tool_call}", True, ("tool_call",), ("pre",)),
        ("{kind: [message, tool_call]}", True, ("tool_call", "message"), ("pre",)),
        ("{result: {exists: true}}", False, (), ("mid", "post")),
        ("{any: [{result.a: 1}, {tool: b}]}", False, (), ("mid", "post")),
        ("{text: {contains_pii: true}}", False, (), ("pre", "mid", "post")),
        ("{text: {contains_pii: true, contains_secret: true}}", False, (), ("pre", "mid", "post")),
        ("{text: {contains_pii: true}, tool: a}", True, (), ("pre",)),
        ("{text: {contains: a}}", False, (), ("pre",)),
        ("{phase: post, tool: a}", True, (), ("post",)),
    ],
)
def test_what_follows_from_a_condition(text, named, kinds_, phases):
    rule = rule_of(f"when: {text}")
    assert (rule.named, rule.kinds, rule.phases) == (named, kinds_, phases)


def test_phases_that_are_stated():
    assert rule_of("phase: [post, pre], when: {result: {exists: true}}").phases == ("post", "pre")
    assert rule_of("unless: {result.a: 1}").phases == ("mid", "post")


@pytest.mark.parametrize(
    ("text", "specificity"),
    [
        ("severity: low", (0, 0, 0)),
        ("scope: {agents: a}", (3, 0, 0)),
        ("scope: {agents: [a, 'b*']}", (2, 0, 0)),
        ("scope: {tags: a}", (1, 0, 0)),
        ("scope: {users: a}", (0, 0, 0)),
        ("scope: {environments: 'p*'}", (0, 0, 1)),
        ("when: {agent: [a, b]}", (3, 0, 0)),
        ("when: {agent: 'a*'}", (2, 0, 0)),
        ("when: {agent.team: a}", (1, 0, 0)),
        ("when: {tool: a}", (0, 3, 0)),
        ("when: {tool: 'a*', environment: prod}", (0, 2, 1)),
        ("when: {shell: {runs: rm}}", (0, 1, 0)),
        ("when: {http.host: a}", (0, 1, 0)),
        ("when: {file.classes: secret}", (0, 1, 0)),
        ("when: {kind: message}", (0, 1, 0)),
        ("when: {any: [{tool: a}, {tool: b}]}", (0, 0, 0)),
    ],
)
def test_specificity(text, specificity):
    assert rule_of(text).specificity == specificity


def test_limits():
    text = """
limits:
  - {id: a, spend: '$1,000.00', per: team, window: 1d, thresholds: [{at: 80%, action: alert}, {at: 950, action: escalate, message: m}]}
  - {calls: 5, when: {kind: message}}
  - {name: Tokens, tokens: 100, window: 2h, action: block, approvers: a, severity: low, message: no}
"""
    first, second, third = compiled(text).limits
    assert (first.measure, first.cap, first.per, first.window, first.kinds, first.action) == (
        "spend",
        Exact("1000.00"),
        "team",
        "day",
        (),
        "deny",
    )
    assert first.thresholds == (Threshold(Exact("800"), "alert"), Threshold(Exact("950"), "require_approval", "m"))
    assert (second.id, second.kinds, second.named, second.per, second.window) == (
        "limits[1]",
        ("message",),
        True,
        "run",
        "run",
    )
    assert (third.id, third.measure, third.window, third.action, third.message) == (
        "tokens",
        "tokens",
        "7200s",
        "deny",
        "no",
    )
    assert compiled("limits: [{id: a, calls: 5}]").limits[0].kinds == ("tool_call", "http_request", "model_call")


@pytest.mark.parametrize(
    ("window", "kept"),
    [
        ("run", "run"),
        ("60s", "60s"),
        ("10m", "600s"),
        ("1h", "hour"),
        ("1d", "day"),
        ("1w", "week"),
        ("1mo", "month"),
        ("2h", "7200s"),
        ("24h", "86400s"),
    ],
)
def test_windows(window, kept):
    assert compiled(f"limits: [{{id: a, calls: 5, window: {window}}}]").limits[0].window == kept


@pytest.mark.parametrize(
    ("texts", "defaults"),
    [
        (["policies: []"], "allow"),
        (["version: 1"], "deny"),
        (["version: '1'"], "deny"),
        (['version: "1.0"'], "allow"),
        (["policies: [{id: a, action: allow, mode: off}]"], "deny"),
        (["rules: [{name: a, type: tool_allowlist, tools: [a], action: block}]"], "allow"),
        (["default: allow\nversion: 1"], "allow"),
        (["default: block"], "deny"),
        (["default: allow", "version: 1"], "allow"),
        (["default: allow", "default: require_approval"], "require_approval"),
        (["policies: []", "version: 1"], "deny"),
    ],
)
def test_defaults_of_a_layer(texts, defaults):
    found = compile_policies([Source(f"{at}.yaml", text) for at, text in enumerate(texts)])
    assert found.layers[0].defaults == dict.fromkeys(KINDS, defaults)


def test_defaults_by_kind_and_layers():
    sources = [
        Source("org.yaml", "default: {tool_call: deny, model_call: allow}", 0),
        Source("team.yaml", "default: allow", 2),
    ]
    found = compile_policies(sources, ("organisation", "team"))
    assert [layer.name for layer in found.layers] == ["organisation", "team", "layer-2"]
    assert found.layers[0].defaults == {
        "tool_call": "deny",
        "http_request": "deny",
        "model_call": "allow",
        "message": "deny",
    }
    assert found.layers[1].defaults == dict.fromkeys(KINDS, "allow")
    assert compile_policies([Source("a.yaml", "policies: [{id: r, action: log}]", 1)]).rules[0].layer == 1


def test_failures_take_the_strictest_of_all_files():
    found = compile_policies(
        [
            Source("a.yaml", "on_failure: {store: allow-with-alert, audit: deny}"),
            Source("b.yaml", "on_failure: {store: require_approval}"),
        ]
    )
    assert found.on_failure == {"store": "require_approval", "audit": "deny"}


def test_the_catalog():
    text = """
catalog:
  run_sql: {sql: args.query, dialect: postgres, args: {query: string, limit: integer}}
  fetch: {http: args.request.url, method: args.request.method}
  sh: {shell: 'args.cmd[0]', cwd: args.dir, canonical: shell.exec}
  cp: {file: [args.from, {path: args.to, access: write}]}
  rm: {file: 'args.paths[*]', access: delete}
"""
    tools = compiled(text).tools
    assert (tools["run_sql"].sql, tools["run_sql"].dialect, tools["run_sql"].arguments) == (
        "query",
        "postgres",
        {"query": "string", "limit": "integer"},
    )
    assert (tools["fetch"].http, tools["fetch"].method) == ("request.url", "request.method")
    assert (tools["sh"].shell, tools["sh"].cwd, tools["sh"].canonical) == ("cmd[0]", "dir", "shell.exec")
    assert [(file.path, file.access) for file in tools["cp"].files] == [("from", "read"), ("to", "write")]
    assert [(file.path, file.access) for file in tools["rm"].files] == [("paths[*]", "delete")]


def test_a_catalog_serves_the_rules_of_all_files():
    catalog = Source("catalog.yaml", "catalog: {t: {args: {a: string}}}")
    rules = "policies: [{id: r, when: {tool: t, args.b: 1}, action: log}]"
    assert [d.code for d in check([Source("rules.yaml", rules), catalog]).diagnostics] == ["unknown-attribute"]
    assert check([Source("rules.yaml", rules.replace("args.b", "args.a")), catalog]).diagnostics == ()
    other = Source("other.yaml", "catalog: {t: {args: {a: integer}}}")
    assert [d.code for d in check([catalog, other]).diagnostics] == ["duplicate-id"]
    assert check([catalog, Source("same.yaml", str(catalog.text))]).diagnostics == ()


def test_two_files_of_one_id():
    found = check([Source("a/x.yaml", "default: deny"), Source("b/x.yaml", "default: deny")]).diagnostics
    assert [(d.code, str(d.span), d.help) for d in found] == [
        ("duplicate-id", "b/x.yaml:1:1", "give one of them an `id` of its own")
    ]
    assert check([Source("a/x.yaml", "default: deny"), Source("b/x.yaml", "id: y\ndefault: deny")]).diagnostics == ()


def test_the_digest_names_the_texts():
    one, two = Source("d/a.yaml", "default: deny"), Source("b.yaml", "default: allow")
    digest = compile_policies([one, two]).digest
    assert digest == compile_policies([two, Source("elsewhere/a.yaml", b"default: deny")]).digest
    assert digest != compile_policies([one]).digest
    assert digest != compile_policies([one, Source("b.yaml", "default: deny")]).digest
    assert digest != compile_policies([one, Source("b.yaml", "default: allow", 1)]).digest


def test_policies_can_be_written_and_read_back():
    found = compiled(
        "version: 1\npolicies: [{id: a, when: {args.n: {gt: 0.5}, text: {contains_pii: true}, tool: [a, b]}, action: deny}]\nlimits: [{id: l, spend: 5.5}]"
    )
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Policies) == found


def test_the_words_of_other_rooms_are_these():
    assert tuple(kinds.SCANNERS) == builtin.SCANNERS
    assert vocabulary.SCANNER_ALIASES == builtin.ALIASES
    assert set(vocabulary.ACTION_DOCS) == {*ACTIONS, "block", "escalate", "endorse"}
    assert set(vocabulary.ACTION_KEYS) < set(vocabulary.RULE_KEYS)
    assert "Europe/Rome" in timezones.TIMEZONES
    assert classes is not None


def test_every_shape_is_described():
    tables = (
        vocabulary.FILE_KEYS,
        vocabulary.RULE_KEYS,
        vocabulary.LIMIT_KEYS,
        vocabulary.SCOPE_KEYS,
        vocabulary.TOOL_KEYS,
        vocabulary.THRESHOLD_KEYS,
    )
    used = {key.shape for table in (*tables, *vocabulary.SECTIONS.values()) for key in table.values()}
    assert used <= set(SHAPES)
    assert all(key.doc for table in tables for key in table.values())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{args.a: {regex: '" + "a" * 4097 + "'}}", "bad-regex"),
        ("{tool: '" + "a" * 4096 + "*'}", "bad-glob"),
        ("{" + "a" * 65 + ": 1}", "unknown-attribute"),
        ("{args.a: {glob: '[a-c][!x-z][]a]'}}", None),
    ],
)
def test_patterns_have_bounds(text, code):
    assert codes(f"policies: [{{id: a, when: {text}, action: log}}]") == ([] if code is None else [code])


def test_kinds_within_all_kinds():
    redact = compiled("policies: [{id: a, action: redact, kinds: [pii, email]}]").rules[0].redact
    assert redact == Redact(("pii",))


def test_expressions_keep_the_tree():
    when = when_of("\"!(tool == 'a') || cost > 5\"")
    assert isinstance(when, Any_)
    assert isinstance(when.parts[0], Not)
    assert when.parts[1].line == 2
