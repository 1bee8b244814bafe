"""No raw value leaves: random secrets and personal data in random JSON, and everything that Referee says, writes or hands on.

Values are made anew each time, valid by their checksums; they stand at any depth, in keys, in JSON inside of texts, in bytes and
objects, encoded or not, whole or cut into pieces. What is looked through is all that leaves: decisions, reasons, explanations,
errors and their tracebacks, ``repr``, the journal, reports, questions to humans, answers of hooks, ``--json`` of the command line,
log records, results and streams.
"""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import logging
import traceback
from importlib import import_module
from urllib.parse import quote

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn

from referee import Policy, RedactingFilter, Refused
from referee.adapters.hooks.answering import answer as answer_to
from referee.adapters.hooks.options import Options
from referee.audit.journal import FileJournal
from referee.enforce.compiled import Programs
from referee.enforce.explained import tests_of as explained
from referee.model.request import Request
from referee.scanners.builtin import builtin

PROGRAMS = Programs(None)
PART = 14
"""Of no value may so many characters in a row leave in a stream."""
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
DIGITS = "0123456789"


def body(alphabet, size):
    return st.text(alphabet=alphabet, min_size=size, max_size=size).filter(lambda text: len(set(text)) > size // 3)


def _card(digits, blank):
    number = f"4{digits}"
    number += luhn.calc_check_digit(number)
    return blank.join(number[at : at + 4] for at in range(0, 16, 4))


def _iban(account):
    return iban.calc_check_digits(f"DE00{account}").join(("DE", account))


VALUES = st.one_of(
    st.builds(_card, body(DIGITS, 14), st.sampled_from(["", " ", "-"])),
    st.builds(_iban, body(DIGITS, 18)),
    st.builds("{}.{}@{}.org".format, body("abcdefgh", 5), body("klmnopqrs", 6), body("abcdefgtuvw", 8)),
    st.builds("ghp_{}".format, body(LETTERS, 36)),
    st.builds("AKIA{}".format, body("ABCDEFGHJKLMNPQRSTUVWXYZ234567", 16)),
    st.builds("sk-ant-api03-{}AA".format, body(LETTERS, 93)),
    st.builds("xoxb-{}-{}-{}".format, body(DIGITS, 12), body(DIGITS, 12), body(LETTERS, 24)),
    st.builds("glpat-{}".format, body(LETTERS, 20)),
    st.builds(
        lambda kept: "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(kept) + "\n-----END RSA PRIVATE KEY-----\n",
        st.lists(body(LETTERS, 64), min_size=3, max_size=8),
    ),
)  # fmt: skip
ENCODED = st.sampled_from([
    str,
    lambda raw: base64.b64encode(f"the value is {raw} and that is it".encode()).decode(),
    lambda raw: quote(raw, safe=""),
    lambda raw: json.dumps({"inner": raw, "n": 1}),
    lambda raw: json.dumps({"body": json.dumps([raw])}),
    lambda raw: f"see <{raw}> there",
    lambda raw: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in raw),
])  # fmt: skip
PLAIN = st.one_of(
    st.integers(0, 999), st.booleans(), st.none(), st.sampled_from(["word", "some plain words", "", "x=1"])
)


class Struct(msgspec.Struct):
    inside: object


@dataclasses.dataclass
class Held:
    inside: object


def holding(leaf):
    """Put one leaf somewhere into random JSON."""
    return st.one_of(
        st.just(leaf),
        st.recursive(
            st.just(leaf),
            lambda below: st.one_of(
                st.tuples(st.lists(PLAIN, max_size=2), below).map(lambda pair: [*pair[0], pair[1]]),
                st.tuples(st.sampled_from(["note", "items", "q", "data"]), below, PLAIN).map(
                    lambda t: {"a": t[2], t[0]: t[1]}
                ),
                below.map(lambda inner: {f"key {inner}" if isinstance(inner, str) else "k": inner}),
            ),
            max_leaves=3,
        ),
    )


@st.composite
def cases(draw):
    raw = draw(VALUES)
    leaf = draw(ENCODED)(raw)
    return raw, leaf, draw(holding(leaf))


def forms(raw, leaf):
    """Say in which forms the value must not leave: as it is, without separators, as it was encoded."""
    compact = raw.replace(" ", "").replace("-", "") if raw[0] in "4D" else raw
    lines = raw.splitlines()[1:-1] if "\n" in raw else []
    return {raw, compact, *lines, leaf if leaf != raw and "word" not in leaf else raw, quote(raw, safe="")}


def seen(leaf):
    """Tell whether the scanners find what is in a leaf at all: what they miss is measured elsewhere."""
    return any(hit.score >= 0.5 for name in ("pii", "secret") for hit in builtin()[name].scan(leaf))


POLICY = """
version: 1
id: leak
default: {tool_call: allow, http_request: allow, message: allow, model_call: allow}
policies:
  - {id: hide, when: {tool: {glob: "hide*"}}, phase: [pre, post], action: redact, style: %s}
  - {id: mail, when: {kind: [message, http_request]}, phase: [pre, post], action: redact, style: %s}
  - {id: no, when: {tool: refuse, text: {contains_secret: true}}, action: deny, message: "a secret"}
  - {id: no-pii, when: {tool: refuse, text: {contains_pii: true}}, phase: [pre, post], action: deny}
  - {id: ask, when: {tool: ask, args.q: {exists: true}}, action: require_approval, approvers: [ops]}
  - {id: watch, mode: observe, when: {args.q: {contains: zzz}}, action: deny}
  - {id: wrong, when: {tool: wrong, args.q: {gt: 5}}, action: deny}
  - {id: set, when: {tool: change}, action: modify, set: {args.more: 1}, cap: {args.q: 3}}
  - {id: web, when: {tool: refuse, args.q: {host: example.org}}, action: deny}
  - {id: same, when: {tool: [refuse, allow, ask], args.q: {eq: "zzz"}}, action: alert}
limits:
  - {id: runs, calls: 1000, per: run}
"""


class Watched(logging.Handler):
    """Keeps all that is logged under `referee`."""

    def __init__(self):
        super().__init__(0)
        self.said = []

    def emit(self, record):
        self.said.append(self.format(record) + repr(record.__dict__))


class Told(list):
    """All that was said, written and handed on."""

    def decision(self, decision):
        self += [
            repr(decision),
            json.dumps(decision.to_dict(), default=str),
            str(decision),
            decision.message,
            decision.reason,
        ]

    def refused(self, error):
        self += [str(error), repr(error), repr(error.args), "".join(traceback.format_exception(error))]
        if isinstance(error, Refused):
            self.decision(error.decision)


def tried(told, call):
    try:
        return call()
    except Exception as error:  # whatever is raised is looked through
        told.refused(error)
        return None


def decided(session, told, leaf, value, tool):
    outcome = session.decide(Request.tool_call(tool, {"q": value, "n": 1}))
    told.decision(outcome.decision)
    told += [repr(outcome), repr(outcome.request), repr(session)]
    tried(told, lambda: session.check_tool(tool, {"q": value}))
    tried(told, lambda: session.check_result("refuse", value))
    told.decision(session.evaluate({"tool": tool, "args": {"q": value}}))


def misused(session, told, leaf, value, tool):
    for asked in (
        {"tool": "x", leaf: 1},
        {"tool": "x", "args": leaf},
        {"tool": "x", "cost": f"x {leaf}"},
        {"kind": leaf},
        leaf,
    ):
        told.decision(session.decide(asked).decision)
        tried(told, lambda asked=asked: session.enforce(asked))


def handed_on(session, told, leaf, value, tool):
    told.append(repr(session.decide(Request.tool_call("hide", {"q": value})).args))
    told.append(tried(told, lambda: session.check_message(leaf).text))
    told.append(tried(told, lambda: session.check_http(f"https://x.example/?q={quote(leaf)}").url))
    told.append(repr(tried(told, lambda: session.check_result("hide", value))))


def guarded(session, told, leaf, value, tool):
    told.append(repr(tried(told, lambda: session.guard(tool="hide")(lambda q: q)({"v": value}))))
    for kept in (Struct(value), Held(value), leaf.encode(), (value,)):
        told.append(repr(tried(told, lambda kept=kept: session.guard(tool="hide")(lambda: kept)())))


def written(session, told, leaf, value, tool):
    told.append(logged(leaf, value))


WAYS = (decided, misused, handed_on, guarded, written)


def exercised(policy, case, way, tool, sizes, told):
    """Do with a value what a program can do with it; keep all that is said of it."""
    raw, leaf, value = case
    with policy.session(agent="a") as session:
        if way is None:
            for lead in ("", "so: "):
                out = "".join(streamed(session, told, f"{lead}{leaf} end.", sizes))
                told.append(out)
                assert [raw[at : at + PART] for at in range(len(raw) - PART) if raw[at : at + PART] in out] == []
        else:
            way(session, told, leaf, value, tool)
        told += [json.dumps(session.report(), default=str), repr(policy.approvals.pending), repr(session.outcomes)]
        told += [str(line) for line in lines(policy, session, value, tool)]


def streamed(session, told, text, sizes):
    at, pieces = 0, []
    for size in sizes:
        pieces.append(text[at : at + size])
        at += size
    pieces.append(text[at:])
    out = []
    tried(told, lambda: out.extend(session.stream(pieces, tool="hide")))
    tried(told, lambda: out.extend(session.stream([piece.encode() for piece in pieces], tool="hide")))
    return [piece if isinstance(piece, str) else piece.decode() for piece in out]


def lines(policy, session, value, tool):
    gathering = session._gather(session._book.complete(Request.tool_call(tool, {"q": value})))
    for rule in policy.program.rules:
        yield from explained(rule, gathering)


def logged(leaf, value):
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(RedactingFilter())
    logger = logging.Logger("app")  # noqa: LOG001 - one of its own
    logger.addHandler(handler)
    logger.warning("value %s", leaf)
    logger.warning("values %r", {"q": value}, extra={"q": value})
    try:
        int(leaf + "!")
    except ValueError:
        logger.exception("failed")
    return out.getvalue()


def leaked(told, raw, leaf):
    everything = "\n".join(str(one) for one in told)
    spelled = everything + everything.replace("\\n", "\n").replace('\\"', '"')
    return sorted(form for form in forms(raw, leaf) if form in spelled)


def run(policy, folder, case, way, tool, sizes):
    raw, leaf, _ = case
    found = seen(leaf)
    event(f"found: {found}")
    if not found:
        return
    told = Told()
    watched = Watched()
    logging.getLogger("referee").addHandler(watched)
    try:
        exercised(policy, case, way, tool, sizes, told)
    finally:
        logging.getLogger("referee").removeHandler(watched)
    policy._desk.journal.flush()
    journal = folder / "journal"
    told += [*watched.said, journal.read_text()]
    journal.write_text("")
    assert leaked(told, raw, leaf) == []


@pytest.fixture(scope="module", params=["placeholder", "pseudonym"])
def held(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("leak")
    style = request.param
    (folder / "journal").touch()
    policy = Policy.load(
        POLICY % (style, style), journal=FileJournal(folder / "journal", batch=1), key=b"0123456789abcdef"
    )
    return policy, folder


SIZES = st.lists(st.integers(0, 40), max_size=40)
DONE = st.sampled_from((*WAYS, None))
TOOLS = st.sampled_from(["hide", "refuse", "allow", "ask", "wrong", "change"])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), DONE, TOOLS, SIZES)
def test_nothing_leaks(held, case, way, tool, sizes):
    run(*held, case, way, tool, sizes)


@pytest.mark.long
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), DONE, TOOLS, SIZES)
def test_nothing_leaks_ever(held, case, way, tool, sizes):
    run(*held, case, way, tool, sizes)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.sampled_from(["hide", "refuse", "ask", "wrong"]))
def test_the_command_line_and_hooks_say_nothing(tmp_path_factory, case, tool):
    raw, leaf, value = case
    if not seen(leaf):
        return
    folder = tmp_path_factory.mktemp("said")
    policy, asked = folder / "p.yaml", folder / "asked.jsonl"
    policy.write_text(POLICY % ("mask", "hash"))
    request = {"tool": tool, "args": {"q": value}}
    asked.write_text(json.dumps(request) + "\n" + json.dumps({"tool": "x", leaf: 1}) + "\n")
    told = Told()
    for words in (
        ["check", str(policy), "--requests", str(asked)],
        ["check", str(policy), "--request", json.dumps(request), "--json"],
        ["explain", str(policy), "--request", json.dumps(request)],
    ):
        answer = CliRunner().invoke(import_module(f"referee.cli.{words[0]}").main, words[1:])
        told += [
            answer.output,
            "" if answer.exception is None else "".join(traceback.format_exception(answer.exception)),
        ]
    assert sum("refuse" in one or "decision" in one or "rule" in one for one in told) >= 2
    event_ = {
        "session_id": "s",
        "hook_event_name": "PreToolUse",
        "tool_name": tool,
        "tool_input": {"q": value},
        "tool_use_id": "t",
    }
    options = Options(policies=(str(policy),), state=str(folder / "state.json"), environment={"HOME": str(folder)})
    if tool != "hide":  # what is redacted is handed to the agent, which knows it
        told.append(repr(answer_to("claude-code", json.dumps(event_).encode(), options, PROGRAMS)))
    assert leaked(told, raw, leaf) == []
