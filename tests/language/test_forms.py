"""The forms of the product documents: the rule list, the envelope, the short keys, and mixtures; the documents' own samples."""

from __future__ import annotations

import pytest

from referee.language.compile import Source, check, compile_policies
from referee.language.groups import GROUPS
from referee.model.programs import ALWAYS, NEVER, All, Any_, Attribute, Exact, Redact, Scan, Scope, Test

SAMPLES = {
    "policy list": """
policies:
  - id: budget_control
    name: "Daily Budget Limit"
    when:
      cost_today: { gt: 100.00 }
    action: deny
    message: "Daily budget exceeded"
  - id: pii_protection
    name: "PII Detection"
    when:
      tool: "database.query"
      args.query: { contains_pii: true }
    action: require_approval
    approvers: ["security-team"]
  - id: loop_detection
    name: "Infinite Loop Prevention"
    when:
      tool_calls_in_run: { gt: 50 }
    action: terminate
    message: "Possible infinite loop detected"
""",
    "max_cost_per_run": "max_cost_per_run: $1.00",
    "block_pii": "block_pii: true",
    "require_approval": "require_approval: financial_actions",
    "rule list": """
version: "1.0"
rules:
  - name: block-prompt-injection
    scanner: prompt_injection
    action: block
    severity: critical

  - name: no-pii-in-output
    scanner: pii_detection
    direction: output
    action: block
    severity: high

  - name: log-all-tool-calls
    scanner: tool_call
    action: log
    severity: low
""",
    "scanner rules": """
# Block prompt injection attempts
- name: block-injection
  scanner: prompt_injection
  action: block
  severity: critical

# Block data exfiltration
- name: block-exfil
  scanner: data_exfiltration
  action: block
  severity: high

# Alert on jailbreak attempts (don't block)
- name: alert-jailbreak
  scanner: jailbreak
  action: alert
  severity: medium
""",
    "tool access rules": """
# Allow only specific tools
- name: allowed-tools
  type: tool_allowlist
  tools:
    - search
    - read_file
    - calculate
  action: block
  severity: high

# Deny specific dangerous tools
- name: no-destructive-tools
  type: tool_denylist
  tools:
    - delete_file
    - drop_table
    - rm_rf
  action: block
  severity: critical
""",
    "rate limiting rules": """
# Limit tool calls per minute
- name: rate-limit
  type: rate_limit
  max_calls: 100
  window_seconds: 60
  action: block
  severity: medium
""",
    "data protection rules": """
# Block outputs containing PII
- name: no-pii-leak
  type: data_protection
  patterns:
    - ssn
    - credit_card
    - email
    - phone_number
  direction: output
  action: block
  severity: high
""",
    "agent targeting": """
version: "1.0"
rules:
  # Only applies to agents tagged "customer-facing"
  - name: strict-pii-check
    scanner: pii_detection
    action: block
    severity: critical
    match:
      tags:
        - customer-facing

  # Only applies to a specific agent
  - name: research-agent-limits
    type: rate_limit
    max_calls: 50
    window_seconds: 60
    action: block
    match:
      agent_id: research-agent

  # Applies to all agents in production
  - name: prod-injection-block
    scanner: prompt_injection
    action: block
    severity: critical
    match:
      tags:
        - prod
""",
    "production": """
version: "1.0"
rules:
  # Threat detection — all agents
  - name: block-prompt-injection
    scanner: prompt_injection
    action: block
    severity: critical

  - name: block-data-exfil
    scanner: data_exfiltration
    action: block
    severity: critical

  # Tool access — customer-facing agents only
  - name: customer-agent-tools
    type: tool_allowlist
    tools: [search_kb, create_ticket, get_order_status]
    action: block
    severity: high
    match:
      tags: [customer-facing]

  # Data protection — customer-facing agents only
  - name: no-pii-in-output
    type: data_protection
    patterns: [ssn, credit_card, email]
    direction: output
    action: block
    severity: high
    match:
      tags: [customer-facing]

  # Rate limiting — all agents
  - name: global-rate-limit
    type: rate_limit
    max_calls: 200
    window_seconds: 60
    action: block
    severity: medium

  # Research agents — more permissive, alert only
  - name: research-alert-only
    scanner: prompt_injection
    action: alert
    severity: medium
    match:
      tags: [research, internal]
""",
    "envelope": """
budget:
  max_spend: 5.00

tools:
  allow:
    - search_docs
    - read_file
    - send_email
  block:
    - delete_prod_db

network:
  allow:
    - docs.python.org
  block:
    - twitter.com

approval:
  require_for:
    - tool: send_email
    - cost_gt: 1.00
""",
}

TOOL = Attribute("tool")
TEXT = Attribute("text")
HOST = Attribute("http.host")


def compiled(text):
    return compile_policies([Source("p.yaml", text)])


def rules(text):
    return {rule.id: rule for rule in compiled(text).rules}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_of_the_documents_compiles(name):
    checked = check([Source("p.yaml", SAMPLES[name])])
    assert checked.diagnostics == ()
    assert checked.policies is not None
    assert checked.policies.rules or checked.policies.limits
    assert checked.policies.layers[0].defaults["tool_call"] == "allow"


def test_scanner_rules():
    found = rules(SAMPLES["rule list"])
    injection, output, calls = found.values()
    assert (injection.id, injection.action, injection.severity) == ("block-prompt-injection", "deny", "critical")
    assert injection.when == Test(TEXT, "scan", Scan("injection"), 5)
    assert injection.phases == ("pre", "mid", "post")
    assert output.when == Test(TEXT, "scan", Scan("pii"), 10)
    assert output.phases == ("mid", "post")
    assert (calls.kinds, calls.when, calls.phases, calls.action) == (("tool_call",), ALWAYS, ("pre",), "log")


def test_scanner_rules_take_conditions_and_directions():
    text = """
rules:
  - {name: a, scanner: secrets, direction: both, when: {tool: x}, unless: {environment: dev}, action: block}
  - {name: b, scanner: jailbreak, direction: input, action: alert}
  - {name: c, scanner: tool_call, direction: output, action: log}
  - {name: d, scanner: pii, action: redact, style: mask}
  - {name: e, scanner: pii, when: {result.a: 1}, action: block}
"""
    a, b, c, d, e = rules(text).values()
    assert a.when == All((Test(TEXT, "scan", Scan("secret"), 3), Test(TOOL, "eq", "x", 3)))
    assert a.unless == Test(Attribute("environment"), "eq", "dev", 3)
    assert (a.phases, b.phases, c.phases) == (("pre", "mid", "post"), ("pre",), ("mid", "post"))
    assert d.redact == Redact(("pii",), style="mask")
    assert e.phases == ("mid", "post")


def test_an_allowlist_refuses_the_rest_and_grants_weakly():
    found = rules(SAMPLES["tool access rules"])
    refused, granted, denied = found.values()
    listed = Test(TOOL, "in", ("search", "read_file", "calculate"), 5)
    assert (refused.id, refused.action, refused.when, refused.unless, refused.kinds) == (
        "allowed-tools",
        "deny",
        ALWAYS,
        listed,
        ("tool_call",),
    )
    assert (granted.id, granted.action, granted.when, granted.unless) == ("allowed-tools.grant", "allow", listed, NEVER)
    assert (granted.priority, granted.kinds, granted.severity) == (-1_000_000, ("tool_call",), None)
    assert (denied.when.operand, denied.kinds) == (("delete_file", "drop_table", "rm_rf"), ("tool_call",))


def test_an_allowlist_that_only_tells_grants_nothing():
    found = rules("rules: [{name: a, type: tool_allowlist, tools: ['db.*', x], action: alert, mode: observe}]")
    assert list(found) == ["a"]
    assert (found["a"].unless.op, found["a"].mode) == ("glob", "observe")


def test_an_allowlist_with_exceptions():
    refused, granted = rules(
        "rules: [{name: a, type: tool_allowlist, tools: [x], action: block, unless: {environment: dev}, match: {tags: t}}]"
    ).values()
    dev = Test(Attribute("environment"), "eq", "dev", 1)
    assert refused.unless == Any_((Test(TOOL, "in", ("x",), 1), dev))
    assert granted.unless == dev
    assert granted.scopes == refused.scopes == (Scope(tags=("t",)),)


def test_rate_limits():
    limit = compiled(SAMPLES["rate limiting rules"]).limits[0]
    assert (limit.id, limit.measure, limit.cap, limit.per, limit.window) == (
        "rate-limit",
        "calls",
        Exact("100"),
        "agent",
        "60s",
    )
    assert (limit.kinds, limit.action, limit.severity) == (("tool_call",), "deny", "medium")
    assert compiled(SAMPLES["agent targeting"]).limits[0].scopes == (Scope(agents=("research-agent",)),)


def test_data_protection():
    rule = rules(SAMPLES["data protection rules"])["no-pii-leak"]
    assert rule.when == Test(TEXT, "scan", Scan("pii", ("ssn", "credit_card", "email", "phone_number")), 5)
    assert rule.phases == ("mid", "post")
    both = rules("rules: [{name: a, type: data_protection, patterns: [ssn, jwt], action: block}]")["a"]
    assert both.when == Any_(
        (Test(TEXT, "scan", Scan("pii", ("ssn",)), 1), Test(TEXT, "scan", Scan("secret", ("jwt",)), 1))
    )
    assert both.phases == ("pre", "mid", "post")
    removed = rules("rules: [{name: a, type: data_protection, patterns: [ssn, secrets], action: redact}]")["a"]
    assert removed.redact is not None
    assert removed.redact.scanners == ("pii", "secret")
    assert {"ssn", "jwt"} < set(removed.redact.kinds)
    assert "email" not in removed.redact.kinds


def test_the_envelope():
    found = compiled(SAMPLES["envelope"])
    by_id = {rule.id: rule for rule in found.rules}
    assert list(by_id) == [
        "tools.allow", "tools.allow.grant", "tools.block", "network.allow", "network.allow.grant", "network.block", "approval[0]", "approval[1]",
    ]  # fmt: skip
    listed = Test(TOOL, "in", ("search_docs", "read_file", "send_email"), 6)
    assert (by_id["tools.allow"].action, by_id["tools.allow"].when, by_id["tools.allow"].unless) == (
        "deny",
        ALWAYS,
        listed,
    )
    assert (by_id["tools.allow.grant"].when, by_id["tools.allow.grant"].priority) == (listed, -1_000_000)
    assert by_id["tools.block"].when == Test(TOOL, "in", ("delete_prod_db",), 10)
    hosts = Test(HOST, "host", ("=docs.python.org",), 14)
    network = by_id["network.allow"]
    assert (network.when, network.unless, network.named, network.kinds) == (
        Test(HOST, "starts_with", "", 14),
        hosts,
        False,
        (),
    )
    assert (by_id["network.allow.grant"].when, by_id["network.allow.grant"].kinds) == (hosts, ("http_request",))
    assert by_id["network.block"].when == Test(HOST, "host", ("twitter.com",), 16)
    assert by_id["approval[0]"].when == Test(TOOL, "eq", "send_email", 21)
    assert by_id["approval[1]"].when == Test(Attribute("cost"), "gt", 1, 22)
    assert (by_id["approval[0]"].named, by_id["approval[1]"].named) == (True, False)
    limit = found.limits[0]
    assert (limit.id, limit.measure, limit.cap, limit.per, limit.window, limit.kinds) == (
        "budget",
        "spend",
        Exact("5.00"),
        "run",
        "run",
        (),
    )


def test_what_the_envelope_leaves_out_and_what_it_leaves_empty():
    assert compiled("tools: {block: []}").rules == ()
    assert compiled("budget: {}").limits == ()
    assert compiled("budget: {max_spend: 0}").limits[0].cap == Exact("0")
    nothing, _ = compiled("tools: {allow: []}").rules
    assert (nothing.action, nothing.unless) == ("deny", Test(TOOL, "in", (), 1))
    patterns = rules("network: {allow: ['*.python.org', '=a.b', c.d]}")["network.allow"]
    assert patterns.unless.operand == ("*.python.org", "=a.b", "=c.d")


def test_approvals_of_the_envelope_can_be_combined():
    both = rules("approval: {require_for: [{tool: 'db.*', cost_gt: $2, domain: api.stripe.com}]}")["approval[0]"]
    assert both.when == All(
        (Test(TOOL, "glob", ("db.*",), 1), Test(Attribute("cost"), "gt", 2, 1), Test(HOST, "host", "api.stripe.com", 1))
    )


def test_short_keys():
    found = compiled(
        "max_cost_per_run: $1.00\nblock_pii: true\nrequire_approval: [financial_actions, mine]\ngroups: {mine: [x]}\n"
    )
    assert (found.limits[0].id, found.limits[0].cap) == ("max-cost-per-run", Exact("1.00"))
    pii, financial, mine = found.rules
    assert (pii.id, pii.action, pii.when, pii.phases) == (
        "block-pii",
        "deny",
        Test(TEXT, "scan", Scan("pii"), 2),
        ("pre", "mid", "post"),
    )
    assert (financial.id, financial.action, financial.when.operand) == (
        "require-approval-financial_actions",
        "require_approval",
        GROUPS["financial_actions"],
    )
    assert (mine.id, mine.when.operand) == ("require-approval-mine", ("x",))
    assert compiled("block_pii: false").rules == ()


def test_a_file_may_mix_all_forms():
    text = "version: 1\n" + "".join(SAMPLES[name] for name in ("policy list", "envelope"))
    text += SAMPLES["rule list"].replace('version: "1.0"\n', "") + "\nmax_cost_per_run: 2\n"
    found = compiled(text)
    assert len(found.rules) == 3 + 8 + 3
    assert [limit.id for limit in found.limits] == ["budget", "max-cost-per-run"]
    assert found.layers[0].defaults["tool_call"] == "deny"


def test_settings_of_the_file_hold_for_every_form():
    found = compiled(
        "mode: observe\nscope: {teams: t}\n"
        + SAMPLES["envelope"]
        + "block_pii: true\nrules: [{name: l, type: rate_limit, max_calls: 1, window_seconds: 1, action: block}]"
    )
    assert {rule.mode for rule in found.rules} == {"observe"}
    assert {limit.mode for limit in found.limits} == {"observe"}
    assert {rule.scopes for rule in found.rules} == {limit.scopes for limit in found.limits} == {(Scope(teams=("t",)),)}


def test_the_name_of_a_listed_rule_is_its_id():
    assert list(rules("rules: [{name: Some Name, when: {tool: a}, action: block}]")) == ["Some Name"]
    assert list(rules("policies: [{name: Some Name, scanner: pii, action: block}]")) == ["Some Name"]
    assert list(rules("policies: [{name: Some Name, action: block}]")) == ["some-name"]
