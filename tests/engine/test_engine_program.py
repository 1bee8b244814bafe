"""A program as a whole: stored and read, asked the same twice, about limits, redactions and attributes."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

import msgspec
import pytest

from referee.engine.attributes import ABSENT, TOO_BIG, UNGATHERED, getter, texts
from referee.engine.evaluate import decide, evaluate
from referee.engine.index import filing
from referee.engine.program import MEMO, Program
from referee.engine.tools import NAMES
from referee.engine.usage import amount, total
from referee.model.decision import Redaction
from referee.model.facts import Clock, Command, Fact, Failed, FileFacet, Finding, Grant, ShellFacet
from referee.model.names import KINDS, PHASES
from referee.model.programs import (
    ALWAYS,
    All,
    Any_,
    Attribute,
    Change,
    Condition,
    Exact,
    Labels,
    Layer,
    Limit,
    Policies,
    Redact,
    Rule,
    Scan,
    Scope,
    Test,
    Threshold,
)
from referee.model.request import Agent, Request, Tokens, User
from referee.model.value import TooBig


def rule(name: str, action: Any = "deny", when: Condition = ALWAYS, **more: Any) -> Rule:
    return Rule(id=name, file="f", source=f"f:{name}", action=action, when=when, **more)


def program(*rules: Rule, limits: tuple[Limit, ...] = (), default: Any = "allow") -> Program:
    return Program.build(Policies((Layer("p", dict.fromkeys(KINDS, default)),), rules, limits, digest="d"))


def spending(**more: Any) -> Limit:
    return Limit(id="l", file="f", source="f:l", measure="spend", cap=Exact("1.00"), **more)


def finding(path: str, kind: str = "email", score: float = 1.0, start: int = 0, scanner: str = "pii") -> Finding:
    return Finding(scanner, kind, path, start, start + 3, score)


def tool(name: str, op: str = "eq") -> Test:
    return Test(Attribute("tool"), op, name)


def driven(asking: Any) -> Any:
    with pytest.raises(StopIteration) as done:
        next(asking)
    return done.value.value


# ── stored and read ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_a_program_holds_survives_being_stored() -> None:
    value = {"n": Exact("0.10"), "l": [Exact("1.5"), "x", {"d": Exact("2.25")}], "s": "0.10"}
    rules = (
        rule("m", "modify", tool("t"), changes=(Change("set", ("a", 0), value), Change("cap", ("n",), Exact("5.00")))),
        rule("s", when=Test(Attribute("text"), "scan", Scan("pii", ("email",), Exact("0.7"), wanted=False))),
        rule("x", "label", labels=Labels(("a",)), scopes=(Scope(agents=("a*",), tags=("b",)),), expires="2026-12-01"),
        rule("r", "redact", redact=Redact(("pii",), ("email",), (Attribute("args", ("a", 0)),), "hash")),
        rule("g", when=tool("db.*", "glob"), mode="off"),
    )
    limits = (spending(thresholds=(Threshold(Exact("0.5"), "alert"),)),)
    ours = program(*rules, limits=limits)
    again = Program.loads(ours.dumps())
    assert again.rules == ours.rules == rules
    assert again.limits == limits
    assert again.dumps() == ours.dumps()
    assert (again.policies_digest, again.layers) == ("d", ours.layers)
    assert again.limit("f/l") == limits[0]
    with pytest.raises(KeyError, match="f/other"):
        again.limit("f/other")


def test_a_program_that_was_damaged_denies_instead_of_raising() -> None:
    data = program(rule("r-to-be-damaged", "log", message="x" * 50)).dumps()
    damaged = data.replace(b"r-to-be-damaged", b"r-to-be-\xff\xfe\xfd\xfcaged"[:15].ljust(15, b"\xff"))
    found = decide(Program.loads(damaged), Request.tool_call("t"), {})
    assert (found.decision, found.problem) == ("deny", "the request cannot be decided")


@pytest.mark.parametrize("pattern", ["t*", "t?*", "*", "t*[0-9]", "*[0-9]"])
def test_many_tool_names_are_answered_and_not_all_kept(pattern: str) -> None:
    ours = program(rule("g", when=tool(pattern, "glob")), rule("e", when=tool("t12")))
    for n in range(MEMO + 5):
        assert decide(ours, Request.tool_call(f"t{n}"), {}).decision == "deny"
    assert len(ours.tools_by_name._fitting) <= NAMES
    assert decide(ours, Request.tool_call("t12"), {}).policy_ids == ("e", "g")
    if pattern.startswith("t"):
        assert decide(ours, Request.tool_call("u1"), {}).decision == "allow"


def test_many_combinations_are_answered_and_not_all_kept() -> None:
    ours = program(limits=(spending(),))
    for n in range(MEMO + 5):
        found = decide(ours, Request("tool_call", "t", cost=Decimal(n).scaleb(-9)), {"limit.f/l": Decimal(0)})
        assert found.allowed
    assert len(ours.outcomes["tool_call"]["pre"].combined) <= MEMO


def test_what_was_decided_before_does_not_show_in_what_is_decided_next() -> None:
    ours = program(limits=(spending(),))
    for cost in ("0.5", "0.50", "0.500", "0.5", "0", "0.00"):
        request = Request("tool_call", "t", cost=Decimal(cost))
        fresh = decide(program(limits=(spending(),)), request, {"limit.f/l": 0})
        assert decide(ours, request, {"limit.f/l": 0}) == fresh
        assert [charge.amount for charge in fresh.charges] == ([cost] if Decimal(cost) else [])
    for used in (True, Decimal("NaN"), None, "0", Failed("away"), Decimal("sNaN"), float("inf")):
        fact: Any = used
        assert (
            decide(ours, Request("tool_call", "t", cost=Decimal("0.5")), {"limit.f/l": fact}).decision == "deny"
        ) == (used != "0")


def test_what_was_decided_before_is_answered_without_asking() -> None:
    ours = program(rule("d", when=tool("t")))
    first, second = (driven(evaluate(ours, Request.tool_call("t"))) for _ in range(2))
    assert first.policy_ids == ("d",)
    assert second is first


def test_a_rule_that_names_its_tool_is_not_filed_under_an_argument() -> None:
    compared = Test(Attribute("args", ("x",)), "eq", 5)
    found = filing(rule("r", when=compared))
    assert found is not None
    assert found[1] == (compared,)
    assert filing(rule("r", when=compared, named=True)) is None
    assert filing(rule("r", when=All((tool("t"), compared)))) is None


def test_a_grant_about_commands_asks_for_the_shell_even_if_it_holds_without() -> None:
    """A grant has to fit every command: that some other part holds already says nothing of what is hidden."""
    either_way = Any_((Test(Attribute("environment"), "missing", True), Test(Attribute("shell"), "runs", "ls")))
    ours = program(rule("a", "allow", either_way), default="deny")
    hidden: dict[str, Fact] = {"shell": ShellFacet((Command(("ls",)),), missing=("effect: eval",))}
    known: dict[str, Fact] = {"shell": ShellFacet((Command(("ls",)),))}
    assert decide(ours, Request.tool_call("t"), hidden).decision == "deny"
    assert decide(ours, Request.tool_call("t"), known).decision == "allow"


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("precision", [2, 28])
@pytest.mark.parametrize(
    ("used", "cost", "allowed"), [("1.00", "1e-30", False), ("0.999", "0.001", True), ("0.999", "0.0011", False)]
)
def test_usage_adds_up_exactly_whatever_the_precision(precision: int, used: str, cost: str, allowed: bool) -> None:
    ours = program(limits=(spending(),))
    request = Request("tool_call", "t", cost=Decimal(cost))
    with decimal.localcontext() as context:
        context.prec = precision
        context.traps[decimal.Inexact] = True
        for _ in range(2):
            assert decide(ours, request, {"limit.f/l": Decimal(used)}).allowed is allowed


@pytest.mark.parametrize("cost", ["-5", "NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_cost_that_is_no_cost_is_denied(cost: str) -> None:
    request = Request("tool_call", "t", cost=Decimal(cost))
    assert not decide(program(limits=(spending(),)), request, {"limit.f/l": 0}).allowed


def test_amounts_follow_their_measure() -> None:
    request = Request("model_call", model="m", cost=Decimal("0.5"), tokens=Tokens(input=3, output=4))
    assert [amount(measure, request) for measure in ("calls", "spend", "tokens")] == [1, Decimal("0.5"), 7]
    assert [amount(measure, Request("model_call")) for measure in ("calls", "spend", "tokens")] == [1, 0, 0]
    assert total(2, Decimal("0.5")) == Decimal("2.5")


def test_an_observed_limit_and_its_thresholds_change_nothing() -> None:
    limit = spending(mode="observe", thresholds=(Threshold(Exact("0.1"), "deny"),))
    found = decide(program(limits=(limit,)), Request("tool_call", "t", cost=Decimal(5)), {"limit.f/l": Failed("away")})
    assert (found.decision, found.errors, found.charges) == ("allow", (), ())
    assert [rule.action for rule in found.would_have] == ["deny"]


# ── facts that are no facts, requests that are none ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fact", ["http", 5, (), object(), Clock(5, "monday", "2026-11-24"), (5,), {"host": "a"}])
@pytest.mark.parametrize("name", ["http.host", "file.path", "shell.programs", "shell.hosts", "time.hour", "shell"])
def test_a_fact_of_the_wrong_kind_never_allows_what_a_rule_would_deny(name: str, fact: Any) -> None:
    op, operand = ("runs", "rm") if name == "shell" else ("gt", 50) if name == "time.hour" else ("eq", "a")
    ours = program(rule("r", when=All((tool("t"), Test(Attribute(name), op, operand))), named=True))
    facts: dict[str, Fact] = dict.fromkeys(("http", "file", "shell", "time@UTC"), fact)
    expected = "allow" if name == "time.hour" and isinstance(fact, Clock) else "deny"
    assert decide(ours, Request.tool_call("t"), facts).decision == expected


@pytest.mark.parametrize(
    "wrong", [{"kind": "dream"}, {"phase": "later"}, {"tool": ["t"]}, {"args": None}, {"signals": 5}]
)
def test_a_request_of_the_wrong_shape_is_denied_by_whoever_drives(wrong: dict[str, Any]) -> None:
    ours = program(rule("r", "log", when=tool("t")), rule("a", when=Test(Attribute("args", ("x",)), "eq", 5)))
    request = Request(**{"kind": "tool_call", "tool": "t", **wrong})
    with pytest.raises(StopIteration) as done:
        next(evaluate(ours, request))
    for found in (decide(ours, request, {}), done.value.value):
        assert (found.decision, found.problem, found.policy_digest) == ("deny", "the request cannot be decided", "d")


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (Attribute("agent.role"), "r"),
        (Attribute("agent.team"), ABSENT),
        (Attribute("environment"), ABSENT),
        (Attribute("user.roles"), ()),
        (Attribute("args", ("x",)), None),
        (Attribute("args", ("gone",)), ABSENT),
        (Attribute("args"), {"x": None}),
        (Attribute("result"), ABSENT),
        (Attribute("context", ("k", "**")), ()),
        (Attribute("context", ("k", "*")), ABSENT),
        (Attribute("http.host"), UNGATHERED),
        (Attribute("counter", ("cost_today",)), UNGATHERED),
    ],
)
def test_what_an_attribute_reads(attribute: Attribute, value: Any) -> None:
    assert getter(attribute)(Request.from_dict({"tool": "t", "args": {"x": None}, "agent": {"role": "r"}}), {}) == value


@pytest.mark.parametrize("root", ["agent.name", "sql.rows", "http.query", "file.size", "time.year", "shell.words", ""])
def test_an_attribute_that_does_not_exist_is_refused(root: str) -> None:
    with pytest.raises(KeyError, match=root or "''"):
        getter(Attribute(root))


def test_the_texts_of_a_request_are_every_string_or_too_many() -> None:
    assert list(texts(Request("http_request", url="u", text="x", args={"a": ["b"]}))) == [
        ("args.a", "a"),
        ("args.a[0]", "b"),
        ("text", "x"),
        ("url", "u"),
    ]
    assert list(texts(Request("tool_call", "t", phase="post", url="u", result={"k": "v"}))) == [
        ("result.k", "k"),
        ("result.k", "v"),
    ]
    assert list(texts(Request("tool_call", "t", phase="mid"))) == []
    with pytest.raises(TooBig):
        list(texts(Request.tool_call("t", x=["a"] * 100_001)))
    assert getter(Attribute("text"))(Request.tool_call("t", x=["a"] * 100_001), {}) is TOO_BIG


# ── scopes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scopes", "fits"),
    [
        ((Scope(),), True),
        ((Scope(agents=("bot-*",)),), True),
        ((Scope(agents=("other", "bot-1")),), True),
        ((Scope(agents=("Bot-*",)),), False),
        ((Scope(teams=("*",)),), False),
        ((Scope(tags=("y",)),), True),
        ((Scope(roles=("admin",)),), True),
        ((Scope(roles=("writer",)),), True),
        ((Scope(users=("u",), owners=("o",), environments=("prod",)),), True),
        ((Scope(agents=("bot-*",)), Scope(users=("v",))), False),
        ((Scope(agents=("bot-*",), environments=("dev",)),), False),
    ],
)
def test_a_rule_concerns_those_in_its_scope(scopes: tuple[Scope, ...], fits: bool) -> None:
    request = Request(
        "tool_call", "t", agent=Agent(id="bot-1", tags=("x", "y"), role="writer", owner="o"),
        user=User(id="u", roles=("admin",)), environment="prod",
    )  # fmt: skip
    assert (decide(program(rule("r", scopes=scopes)), request, {}).decision == "deny") == fits
    nobody = decide(program(rule("r", scopes=scopes)), Request.tool_call("t"), {})
    assert (nobody.decision == "deny") == (scopes == (Scope(),))


# ── redaction ────────────────────────────────────────────────────────────────────────────────────────────────────────


def removing(redact: Redact | None, *, phases: Any = PHASES) -> Program:
    return program(rule("r", "redact", redact=redact, phases=phases))


@pytest.mark.parametrize(
    ("redact", "counts"),
    [
        (Redact(), [("args.a", "email", 2), ("args.a", "phone", 1), ("args.b", "jwt", 1)]),
        (Redact(("pii",)), [("args.a", "email", 2), ("args.a", "phone", 1)]),
        (Redact(("pii", "secret"), ("email", "jwt")), [("args.a", "email", 2), ("args.b", "jwt", 1)]),
        (Redact(kinds=("phone",)), [("args.a", "phone", 1)]),
        (Redact(fields=(Attribute("args", ("l", "*")), Attribute("args", ("gone",)))), [("args.l.*", "field", 2)]),
        (Redact(("secret",), (), (Attribute("args", ("a",)),)), [("args.a", "field", 1), ("args.b", "jwt", 1)]),
        (None, []),
    ],
)
def test_what_is_removed_is_counted_by_place_and_kind(
    redact: Redact | None, counts: list[tuple[str, str, int]]
) -> None:
    facts: dict[str, Any] = {
        "scan.pii": (finding("args.a"), finding("args.a"), finding("args.a", start=9), finding("args.a", "phone"),
                     finding("args.a", "faint", 0.49)),
        "scan.secret": (finding("args.b", "jwt", 0.5, scanner="secret"),),
    }  # fmt: skip
    found = decide(removing(redact), Request.tool_call("t", a="x", b="y", l=[1, 2]), facts)
    assert found.redactions == tuple(Redaction(*count) for count in counts)
    assert found.decision == "allow"


def test_a_field_that_is_too_big_or_absent() -> None:
    ours = removing(Redact(fields=(Attribute("result", ("**",)),)))
    assert decide(ours, Request("tool_call", "t"), {}).redactions == ()
    big = decide(ours, Request("tool_call", "t", phase="post", result=["x"] * 100_001), {})
    assert (big.decision, big.redactions) == ("deny", ())
    assert big.problem == "what must be redacted cannot be known: a value is too deep or too large"


def test_a_redaction_in_error_denies_after_a_change_too() -> None:
    rules = (
        rule("m", "modify", tool("t"), changes=(Change("set", ("n",), "many"),)),
        rule(
            "r",
            "redact",
            All((tool("t"), Test(Attribute("args", ("n",)), "gt", 5))),
            named=True,
            redact=Redact(("pii",)),
        ),
    )
    found = decide(program(*rules), Request.tool_call("t", n=1), {"scan.pii": ()})
    assert (found.decision, found.policy_ids) == ("deny", ("r",))
    assert found.problem == "a change or redaction that must be made cannot be decided"


def test_a_grant_allows_what_needs_approval_and_nothing_else() -> None:
    facts: dict[str, Fact] = {"grant": Grant("g1", "ada")}
    asking = rule("a", "require_approval", tool("t"))
    assert decide(program(asking), Request.tool_call("t"), facts).granted == "g1"
    denied = decide(program(asking, rule("d", when=tool("t"))), Request.tool_call("t"), facts)
    assert (denied.decision, denied.granted) == ("deny", "")
    assert decide(program(asking), Request.tool_call("t"), {"grant": Failed("away")}).decision == "require_approval"


def test_files_are_judged_one_by_one() -> None:
    files = (FileFacet("/w/a", "read"), FileFacet("/etc/b", "read"))
    inside = Test(Attribute("file.path"), "within", "/w")
    request = Request.tool_call("t")
    assert decide(program(rule("d", when=inside)), request, {"file": files}).decision == "deny"
    assert decide(program(rule("a", "allow", inside), default="deny"), request, {"file": files}).decision == "deny"
    assert decide(program(rule("a", "allow", inside), default="deny"), request, {"file": files[:1]}).decision == "allow"
    for absent in ((), None):
        assert decide(program(rule("d", when=inside)), request, {"file": absent}).decision == "allow"


def test_decisions_can_be_written_and_read() -> None:
    found = decide(program(rule("d", when=tool("t"))), Request.tool_call("t"), {})
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=type(found)) == found


HEADS = [f"mcp__github__{verb}_{number}_*" for verb in ("create", "delete") for number in range(40)] + [
    "mc*",
    "a*",
    "abcdefgh*",
]


@pytest.mark.parametrize(
    "more", [(), ("mcp__github__delete_7_now",), ("*_now",), ("m?p__*_[0-9]_x",), ("[m]*",)], ids=str
)
def test_globs_that_begin_alike_are_told_apart(more: tuple[str, ...]) -> None:
    rules = [
        rule(pattern, when=tool(pattern, "glob" if any(c in pattern for c in "*?[") else "eq"))
        for pattern in (*HEADS, *more)
    ]
    ours = program(*rules)
    for name in ("mcp__github__delete_7_now", "mcp__github__create_39_x", "mcp__github__create_4_x", "mcx", "m", "a", "abcdefghi",
                 "abcdefg", "", "mcp__github__delete_", "x_now", "mcp__github__delete_7_"):  # fmt: skip
        expected = sorted(pattern for pattern in (*HEADS, *more) if fnmatchcase(name, pattern))
        for _ in range(3):
            assert list(decide(ours, Request("tool_call", name), {}).policy_ids) == expected, name


def test_a_decision_settled_by_a_name_is_not_taken_where_more_matters() -> None:
    ours = program(rule("d", when=tool("t"), severity="low"), rule("g", when=tool("u_*", "glob")))
    names = program(
        rule("d", when=tool("t"), severity="low"), rule("e", "log", when=tool("v")), rule("f", when=tool("v"))
    )
    for policy in (ours, names):
        for _ in range(3):
            assert decide(policy, Request.tool_call("t"), {}).policy_ids == ("d",)
            assert decide(policy, Request.tool_call("x"), {}).decision == "allow"
        risky = decide(policy, Request("tool_call", "t", signals={"s": 1}), {})
        assert (risky.policy_ids, risky.signals) == (("d",), 10)
        assert decide(policy, Request("tool_call", "t", phase="post"), {}).decision == "allow"
    for _ in range(3):
        assert decide(names, Request.tool_call("v"), {}).policy_ids == ("f",)
        assert len(decide(names, Request.tool_call("v"), {}).rules) == 2


def test_a_limit_of_calls_is_drawn_from_only_while_its_usage_is_known_and_not_reached() -> None:
    calls = Limit(
        id="l", file="f", source="f:l", measure="calls", cap=Exact("5"), thresholds=(Threshold(Exact("4"), "alert"),)
    )
    ours = program(rule("d", when=tool("t")), limits=(calls,))
    seen = []
    for used in (0, 1, 2, 3, 4, 5, 0, Decimal(1), "2", Failed("away"), None, True, 0):
        fact: Any = used
        fresh = decide(program(rule("d", when=tool("t")), limits=(calls,)), Request.tool_call("x"), {"limit.f/l": fact})
        assert decide(ours, Request.tool_call("x"), {"limit.f/l": fact}) == fresh
        seen.append((fresh.decision, bool(fresh.alerts)))
    assert seen[:6] == [("allow", False)] * 3 + [("allow", True)] * 2 + [("deny", True)]
    assert decide(ours, Request.tool_call("x"), {}).decision == "deny"


def test_a_limit_about_something_that_has_to_be_gathered_asks_for_it() -> None:
    calls = Limit(
        id="l", file="f", source="f:l", measure="calls", cap=Exact("5"), when=Test(Attribute("time.hour"), "gt", 8)
    )
    ours = program(limits=(calls,))
    for _ in range(3):
        asked = next(evaluate(ours, Request.tool_call("x")))
        assert (asked.tier, asked.names) == ("free", ("time@UTC",))
        for hour, charged in ((9, 1), (8, 0)):
            found = decide(
                ours, Request.tool_call("x"), {"limit.f/l": 0, "time@UTC": Clock(hour, "monday", "2026-01-05")}
            )
            assert (found.decision, len(found.charges)) == ("allow", charged)


def test_a_name_that_no_glob_fits_is_settled_too() -> None:
    ours = program(rule("a", when=tool("svc_a_*", "glob")), rule("b", when=tool("svc_b_*", "glob")))
    for name in ("svc_a_x", "svc_a", "svc_c_x", "svc_a_y", "svc_abc", "s", "svc_b_", "svc_c_y") * 2:
        assert decide(ours, Request.tool_call(name), {}).policy_ids == {"svc_a_": ("a",), "svc_b_": ("b",)}.get(
            name[:6], ()
        )
