"""Streams: what leaves is what the whole would have become, no part of a secret leaves, and there is one decision."""

from __future__ import annotations

import asyncio
import inspect
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import referee
from referee import Denied, Policy, SessionTerminated
from referee.audit.journal import MemoryJournal
from referee.compat.shield import Shield, ShieldBlockedError
from referee.model.packs import body

KEY = "ghp_" + body(36)
PEM = "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(body(64) for _ in range(25)) + "\n-----END RSA PRIVATE KEY-----"
MAIL = "jane.stone@example.org"
CARD = "4111 1111 1111 1111"
PROSE = "the plain words of a text in which there is nothing at all to be found, only more of them. "
RAW = [KEY, MAIL, CARD, "hunter2hunter2", body(64)]
HIDE = "id: s\ndefault: allow\npolicies:\n  - {id: hide, action: redact, phase: post}\n"


@pytest.fixture(scope="module")
def policy():
    return Policy.load(HIDE)


def cut(text, sizes):
    at, chunks = 0, []
    for size in sizes:
        chunks.append(text[at : at + size])
        at += size
        if at >= len(text):
            break
    return [*chunks, text[at:]]


PIECES = st.lists(
    st.sampled_from(
        [
            KEY, MAIL, CARD, PEM, PROSE, "word", " ", "\n", ", ", "x=1;", PROSE * 3, '{"a": "', '"}', "(415) 555-2671", "123-45-6789",
            f"postgres://bob:hunter2hunter2@db.example.org:5432/x?{'q' * 400}", "password: hunter2hunter2", "9" * 30, "\u4f60\u597d ",
            "eyJhbGciOiJIUzI1NiJ9." + "eyJ" + body(700) + "." + body(43), "DE44 5001 0517 5407 3249 31", "\u200b", "-----BEGIN CERTIFICATE-----",
        ]
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(PIECES, st.lists(st.integers(0, 90), max_size=300))
def test_the_whole_is_what_the_joined_text_would_have_become(policy, pieces, sizes):
    text = "".join(pieces)
    with policy.session() as session:
        whole = session.check_result("x", text)
        assert "".join(session.stream(cut(text, sizes), tool="x")) == whole
        redactor = session.redactor(tool="x")
        assert "".join(redactor.feed(chunk) for chunk in cut(text, sizes)) + redactor.finish() == whole


@pytest.mark.parametrize("raw", [KEY, MAIL, CARD, PEM], ids=["key", "mail", "card", "pem"])
@pytest.mark.parametrize("before", ["", PROSE, "x: ", "\n"])
def test_wherever_a_secret_is_split_no_part_of_it_leaves(policy, raw, before):
    for at in range(1, len(raw), max(1, len(raw) // 40)):
        with policy.session() as session:
            out = list(session.stream([before, raw[:at], raw[at:], " end"], tool="x"))
        assert "".join(out).startswith(f"{before}[REDACTED:")
        assert "".join(out).endswith("] end")


def test_what_nothing_could_begin_in_leaves_at_once(policy):
    with policy.session() as session:
        redactor = session.redactor()
        fed = left = 0
        for number in range(0, len(PROSE) * 20, 10):
            fed += 10
            left += len(redactor.feed((PROSE * 21)[number : number + 10]))
            assert fed - left <= 160
        for number in range(2000):
            fed += 6
            left += len(redactor.feed(f"x{number % 10}=a;\n"[:6]))
            assert fed - left <= 480


def test_a_policy_without_rules_about_results_holds_nothing_back():
    with Policy.load("default: allow").session() as session:
        redactor = session.redactor()
        assert [redactor.feed(c) for c in ("ab", "", "c")] == ["ab", "", "c"]
        assert redactor.finish() == ""


def test_one_decision_about_a_stream_is_recorded():
    journal = MemoryJournal()
    policy = Policy.load(
        HIDE + "  - {id: note, action: label, add: [seen], phase: mid, when: {text: {contains: plain}}}\n",
        journal=journal,
    )
    with policy.session() as session:
        list(session.stream([PROSE, f"{MAIL} ", PROSE, f"and {MAIL}, {KEY}"], tool="x", args={"q": 1}, call_id="c1"))
        assert session.labels == ("seen",)
    (entry,) = journal.entries
    decision = session.outcomes[-1].decision
    assert decision.action_id == "c1"
    assert [(one.path, one.kind, one.count) for one in decision.redactions] == [
        ("result", "email", 2),
        ("result", "github_token", 1),
    ]
    assert [match.id for match in decision.matched] == ["hide", "note"]
    assert set(decision.facts_used) == {"scan.pii", "scan.secret"}
    assert entry.request.phase == "post"
    assert session.outcomes[-1].result is None
    for raw in RAW:
        assert raw not in json.dumps(decision.to_dict()) + repr(session.outcomes[-1]) + repr(entry.request)


DENY = """
id: d
default: allow
policies:
  - {id: hide, action: redact, phase: post, kinds: [email]}
  - {id: stop, action: deny, phase: %s, when: {text: {contains_secret: true}}, message: "no secrets"}
  - {id: end, action: %s, phase: post, when: {tool: bad}}
"""


@pytest.mark.parametrize("phase", ["mid", "post"])
def test_a_denied_finding_ends_the_stream_there(phase):
    policy = Policy.load(DENY % (phase, "terminate"))
    closed = []

    def source():
        try:
            yield PROSE * 8
            yield f"{MAIL} {KEY[:20]}"
            yield KEY[20:] + " " + PROSE * 8
            yield "never asked for"
        finally:
            closed.append(True)

    out = []
    with policy.session() as session:
        stream = session.stream(source(), tool="x")
        with pytest.raises(Denied, match="no secrets"):
            out.extend(stream)
        assert "".join(out) in PROSE * 8
        assert out
        assert closed == [True]
        assert list(stream) == []
        assert [outcome.verdict for outcome in session.outcomes] == ["deny"]
        assert session.outcomes[0].decision.policy_ids == ("stop",)
        redactor = session.redactor(tool="bad")
        with pytest.raises(SessionTerminated):
            redactor.finish()
        with pytest.raises(SessionTerminated):
            redactor.feed("x")
        with pytest.raises(SessionTerminated):
            session.check_tool("x")


def test_a_stream_cannot_wait_for_a_human():
    with (
        Policy.load(DENY % ("post", "require_approval")).session() as session,
        pytest.raises(Denied, match="cannot wait"),
    ):
        list(session.stream(["a"], tool="bad"))


def test_a_redaction_that_depends_on_what_is_yet_to_come_is_made():
    rule = "id: s\ndefault: allow\npolicies:\n  - {id: h, action: redact, phase: post, when: {tool: x, text: {contains: private}}}\n"
    with Policy.load(rule).session() as session:
        text = f"{MAIL} " + PROSE * 20 + "private"
        assert "".join(session.stream([text[:500], text[500:]], tool="x")) == session.check_result("x", text)
        assert "".join(session.stream([MAIL], tool="y")) == MAIL


@pytest.mark.parametrize("hold", [None, 1000])
def test_a_key_that_is_longer_than_may_be_held_back_ends_the_stream(policy, hold):
    out = []
    with policy.session() as session, pytest.raises(Denied, match="longer than may be held back"):
        out.extend(
            session.stream([PROSE, "-----BEGIN RSA PRIVATE KEY-----\n", *[body(64) + "\n"] * 2000], tool="x", hold=hold)
        )
    assert "BEGIN" not in "".join(out)
    assert body(20) not in "".join(out)


class Counting:
    name = "pii"
    reach = 320
    seen = 0

    def scan(self, text):
        self.seen += len(text)
        return ()


def counted(scanner):
    return Policy.load(HIDE.replace("post", "post, kinds: [pii]"), scanners={"pii": scanner})


def test_memory_is_bounded_and_long_runs_pass():
    with counted(Counting()).session() as session:
        list(session.stream([PROSE], tool="x"))
        tracemalloc.start()
        size = sum(len(piece) for piece in session.stream(("QUJD" * 1024 for _ in range(400)), tool="x"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size == 400 * 4096
    assert peak < 2 << 20


def test_every_character_is_looked_at_a_bounded_number_of_times():
    scanner = Counting()
    for piece, most in (("QUJD", 12), ("QUJD" * 1024, 12), (PROSE, 16), ("a=1;\n", 16), ("-----BEGIN X-----\n", 12)):
        scanner.seen = 0
        with counted(scanner).session() as session:
            size = sum(map(len, session.stream([piece] * (200_000 // len(piece)), tool="x")))
        assert size == len(piece) * (200_000 // len(piece))
        assert scanner.seen < most * size


def test_bytes_stay_bytes_and_characters_that_are_cut_stay_whole(policy):
    text = f"\u00e9\u4f60\u597d {MAIL} \U0001f600 "
    data = text.encode() + b"\xff\xfe end"
    with policy.session() as session:
        out = list(session.stream([data[at : at + 1] for at in range(len(data))], tool="x"))
        assert all(type(piece) is bytes for piece in out)
        assert b"".join(out) == data.replace(MAIL.encode(), b"[REDACTED:email]")
        assert list(session.stream([bytearray(b"ab"), "cd", memoryview(b"e")], tool="x")) == [b"ab", "cd", b"e"]
        redactor = session.redactor()
        assert redactor.feed(b"") == b""
        assert redactor.finish() == ""


def test_values_that_are_no_text_are_decided_each_for_itself(policy):
    with policy.session() as session:
        items = [{"n": 1}, {"mail": MAIL, "t": (KEY,)}, PROSE[:9], 5, None]
        assert list(session.stream(items, tool="x")) == [
            {"n": 1}, {"mail": "[REDACTED:email]", "t": ("[REDACTED:github_token]",)}, PROSE[:9], 5, None,
        ]  # fmt: skip
        assert session.redactor().feed({"a": MAIL}) == {"a": "[REDACTED:email]"}


def test_json_that_comes_in_pieces_stays_json(policy):
    text = json.dumps({"to": MAIL, "card": 4111111111111111, "more": ['\u00e9 "x"', {"key": KEY, "n": [1, 2.5, None]}]})
    for size in (1, 5, 50):
        with policy.session() as session:
            out = "".join(session.stream([text[at : at + size] for at in range(0, len(text), size)], tool="x"))
            assert out == session.check_result("x", text)
        assert json.loads(out)["card"] == 0
        assert json.loads(out)["more"][1]["n"] == [1, 2.5, None]


def test_a_consumer_that_stops_ends_the_source_and_the_decision_is_kept(policy):
    closed = []

    def source():
        try:
            while True:
                yield PROSE
        finally:
            closed.append(True)

    with policy.session() as session:
        stream = session.stream(source(), tool="x")
        next(stream)
        stream.close()
        assert closed == [True]
        with session.redactor() as redactor:
            redactor.feed(KEY)
        assert [outcome.verdict for outcome in session.outcomes] == ["allow", "allow"]


def test_the_exception_of_a_source_is_its_own_and_what_was_held_is_gone(policy):
    def source():
        yield PROSE * 3
        yield KEY
        raise KeyError("mine")

    out = []
    with policy.session() as session:
        with pytest.raises(KeyError, match="mine"):
            out.extend(session.stream(source(), tool="x"))
        assert KEY not in "".join(out)
        assert len(session.outcomes) == 1


def test_whatever_fails_nothing_more_leaves(policy, monkeypatch):
    class Broken:
        name = "pii"

        def scan(self, text):
            raise ValueError(text)

    broken = Policy.load(HIDE, scanners={"pii": Broken()})
    with broken.session() as session, pytest.raises(Denied, match="cannot be known"):
        list(session.stream([PROSE * 3], tool="x"))

    class Journal(MemoryJournal):
        def add(self, entry):
            raise OSError(MAIL)

    with Policy.load(HIDE, journal=Journal()).session() as session:
        out = []
        with pytest.raises(Denied) as refused:
            out.extend(session.stream([PROSE, MAIL], tool="x"))
        assert MAIL not in str(refused.value) + "".join(out)
    monkeypatch.setattr("referee.enforce.streams.merge", lambda *_: 1 / 0)
    with policy.session() as session, pytest.raises(Denied, match="internal failure"):
        list(session.stream([PROSE * 3], tool="x"))


def test_a_session_that_ends_meanwhile_ends_its_streams():
    policy = Policy.load(DENY % ("post", "terminate"))
    with policy.session() as session:
        stream = session.stream([PROSE * 4, PROSE * 4], tool="x")
        next(stream)
        session.decide({"tool": "bad", "phase": "post", "result": "x"})
        with pytest.raises(SessionTerminated):
            next(stream)


def test_what_no_stream_can_be_begun_with_is_refused(policy):
    with policy.session() as session:
        for wrong in ({"tool": 5}, {"tool": ""}, {"hold": 0}, {"hold": "x"}, {"call_id": 7}):
            with pytest.raises(referee.InvalidRequest):
                session.stream(["a"], **wrong)


# ── guarded generators ───────────────────────────────────────────────────────────────────────────────────────────────

CALLS = """
version: 1
id: g
policies:
  - {id: ok, when: {tool: [talk, count]}, action: allow}
  - {id: low, when: {tool: count, args.n: {gt: 9}}, action: deny, message: "too many"}
  - {id: hide, action: redact, phase: [pre, post]}
limits:
  - {id: calls, calls: 3, per: run, window: run}
"""


def test_a_generator_is_guarded():
    policy = Policy.load(CALLS)
    with policy.session() as session:

        @session.guard
        def talk(to):
            yield f"to {to} " + PROSE
            yield KEY[:9]
            yield KEY[9:]
            return {"done": MAIL}

        assert inspect.isgeneratorfunction(talk)

        def all_of(stream):
            returned.append((yield from stream))

        stream, returned = talk(MAIL), []
        assert session.outcomes == ()
        out = list(all_of(stream))
        assert returned == [{"done": "[REDACTED:email]"}]
        assert "".join(out) == f"to [REDACTED:email] {PROSE}[REDACTED:github_token]"
        assert [outcome.decision.action_id for outcome in session.outcomes] == [session.outcomes[0].call_id] * 2
        list(talk("a"))
        list(talk("b"))
        with pytest.raises(Denied):
            next(talk("c"))


def test_a_refused_generator_does_not_run():
    policy = Policy.load(CALLS)
    with policy.session() as session:

        @session.guard
        def count(n):
            raise AssertionError("it ran")
            yield

        with pytest.raises(Denied, match="too many"):
            next(count(10))


def test_asynchronous_generators_in_either_kind_of_session():
    policy = Policy.load(CALLS)
    closed = []

    @referee.guard
    async def talk(to):
        try:
            for piece in (f"to {to} ", KEY[:9], KEY[9:], " " + PROSE * 9):
                await asyncio.sleep(0)
                yield piece
        finally:
            closed.append(to)

    async def main():
        async with policy.async_session() as session:
            out = "".join([piece async for piece in talk(MAIL)])
            assert out == f"to [REDACTED:email] [REDACTED:github_token] {PROSE * 9}"
            stream = talk("b")
            async for _ in stream:
                break
            await stream.aclose()
            assert closed == ["[REDACTED:email]", "b"]
            assert [outcome.verdict for outcome in session.outcomes] == ["allow"] * 4
            assert "".join([piece async for piece in session.stream([MAIL], tool="talk")]) == "[REDACTED:email]"
            async with session.redactor() as redactor:
                assert await redactor.feed(f"{MAIL} ") + await redactor.finish() == "[REDACTED:email] "
        with policy.session():
            assert "".join([piece async for piece in talk(MAIL)]).startswith(
                "to [REDACTED:email] [REDACTED:github_token]"
            )

    assert inspect.isasyncgenfunction(talk)
    asyncio.run(main())


def test_what_a_plain_function_has_only_begun_is_checked_too():
    policy = Policy.load(CALLS)

    async def later():
        return MAIL

    async def pieces():
        yield MAIL

    async def main():
        with policy.session() as session:
            assert "".join(session.guard(tool="talk")(lambda: (c for c in MAIL))()) == "[REDACTED:email]"
            assert await session.guard(tool="talk")(lambda *_: later())() == "[REDACTED:email]"
            assert [c async for c in session.guard(tool="talk")(lambda *_: pieces())()] == ["[REDACTED:email]"]

    asyncio.run(main())


def test_a_shield_protects_generators():
    shield = Shield()
    shield.add_policy(
        'version: "1.0"\nrules:\n'
        "  - {name: hide, scanner: pii_detection, action: redact, direction: output}\n"
        "  - {name: keys, scanner: secrets, action: block, direction: output}\n"
    )

    @shield.protect
    def talk(key):
        yield f"{MAIL} "
        yield key

    @shield.protect
    async def later(key):
        yield f"{MAIL} "
        yield key

    async def main(key):
        return [piece async for piece in later(key)]

    assert "".join(talk("x")) == "[REDACTED:email] x"
    assert "".join(asyncio.run(main("x"))) == "[REDACTED:email] x"
    with pytest.raises(ShieldBlockedError):
        list(talk(KEY))
    with pytest.raises(ShieldBlockedError):
        asyncio.run(main(KEY))
    assert [event.rule for event in shield.events if event.action == "block"] == ["keys", "keys"]


def test_values_of_a_stream_are_labelled():
    policy = Policy.load("""
id: l
default: allow
policies:
  - {id: mark, when: {tool: web}, phase: post, action: label, add: [untrusted], on: value}
  - {id: stop, when: {tool: send, args.to: {never_from: untrusted}}, action: deny}
""")
    with policy.session() as session:
        list(session.stream([PROSE, "account 98-77", "65-4321 ", PROSE], tool="web"))
        assert session.decide({"tool": "send", "args": {"to": "98-7765-4321"}}).verdict == "deny"
        assert session.decide({"tool": "send", "args": {"to": "12-3456-7890"}}).verdict == "allow"
