import asyncio
from collections import OrderedDict, defaultdict, deque
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

import referee
from referee import ApprovalRequired, Denied, Policy, SessionTerminated

RULES = """
version: 1
id: g
policies:
  - {id: ok, when: {tool: [refund, find, many, Shop.sell, sell, mail, fetch]}, action: allow}
  - {id: big, when: {tool: refund, args.amount: {gt: 100}}, action: deny, message: "too much"}
  - {id: ask, when: {tool: dig, args.q: secret}, action: require_approval}
  - {id: cap, when: {tool: many, args.limit: {exists: true}}, action: modify, cap: {args.limit: 10}}
  - {id: drop, when: {tool: many}, action: modify, remove: [args.debug]}
  - {id: add, when: {tool: many}, action: modify, set: {args.safe: true}}
  - {id: hide, when: {tool: [find, fetch], text: {contains_pii: [email]}}, phase: post, action: redact}
  - {id: none, when: {tool: fetch, text: {contains: forbidden}}, phase: post, action: deny}
  - {id: mask, when: {tool: mail, args.body: {contains_pii: [email]}}, action: redact, kinds: [email]}
"""


@pytest.fixture
def policy():
    return Policy.load(RULES)


def test_arguments_are_bound_by_name_however_they_are_passed(policy):
    with policy.session() as session:

        @session.guard
        def refund(order, amount=500):
            return f"{order}:{amount}"

        assert refund("o", 7) == "o:7"
        assert refund(amount=7, order="o") == "o:7"
        for call in (lambda: refund("o", 700), lambda: refund("o", amount=700), lambda: refund("o")):
            with pytest.raises(Denied, match="too much"):
                call()


def test_a_refused_function_does_not_run(policy):
    ran = []
    with policy.session() as session:

        @session.guard
        def refund(amount):
            ran.append(amount)

        with pytest.raises(Denied):
            refund(101)
        refund(100)
    assert ran == [100]


def test_changes_reach_the_function(policy):
    with policy.session() as session:

        @session.guard
        def many(q, limit, debug=False, **extra):
            return q, limit, debug, extra

        assert many("x", 500, debug=True) == ("x", 10, False, {"safe": True})
        assert many("x", limit=5) == ("x", 5, False, {"safe": True})


def test_a_change_that_does_not_fit_the_function_is_refused(policy):
    with policy.session() as session:

        @session.guard(tool="many")
        def strict(limit):
            raise AssertionError("it ran")

        with pytest.raises(Denied):
            strict(500)


def test_the_very_objects_are_passed_when_nothing_changes(policy):
    marker = object()
    with policy.session() as session:

        @session.guard(tool="refund")
        def same(amount, thing):
            return thing

        assert same(1, marker) is marker


def test_arguments_keep_their_types_when_something_is_removed(policy):
    with policy.session() as session:
        mail = session.guard(tool="mail")(lambda body, row, pair=(), **more: (row, pair, more))
        row, pair, more = mail(
            "bob@example.org", Row("x bob@example.org"), pair=(1, "bob@example.org"), s=Struct("bob@example.org")
        )
    assert row == Row("x [REDACTED:email]")
    assert pair == (1, "[REDACTED:email]")
    assert more == {"s": Struct("[REDACTED:email]")}


def test_a_redacted_argument_reaches_the_function_redacted(policy):
    with policy.session() as session:

        @session.guard
        def mail(to, body):
            return to, body

        to, body = mail("team", "ask bob@example.org today")
    assert to == "team"
    assert "bob@" not in body
    assert body.endswith(" today")


@dataclass
class Row:
    mail: str
    number: int = 1


class Struct(msgspec.Struct, frozen=True):
    mail: str
    number: int = 1


class Named(NamedTuple):
    mail: str
    number: int


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "result",
    [
        "to bob@example.org",
        ["x", {"m": "bob@example.org"}],
        {"bob@example.org": 1},
        ("bob@example.org", 2),
        b"bob@example.org",
        bytearray(b"bob@example.org"),
        Row("bob@example.org"),
        Struct("bob@example.org"),
        Named("bob@example.org", 1),
        {"x": [Row("bob@example.org"), (Struct("bob@example.org"),)]},
        {"bob@example.org"},
        frozenset({"bob@example.org"}),
        deque(["bob@example.org"]),
        OrderedDict(a="bob@example.org"),
        defaultdict(list, a=["bob@example.org"]),
        Text("bob@example.org"),
    ],
)
def test_results_are_redacted_in_their_own_type(policy, result):
    with policy.session() as session:
        handed = session.guard(tool="find")(lambda: result)()
    assert type(handed) is type(result)
    assert "bob@" not in repr(handed)


class Odd:
    def __str__(self):
        return "mail bob@example.org"


@pytest.mark.parametrize("result", [Odd(), {"a": [Odd()]}, b"\xffbob@example.org"])
def test_a_result_that_cannot_be_redacted_is_refused(policy, result):
    with policy.session() as session:
        find = session.guard(tool="find")(lambda: result)
        with pytest.raises(Denied):
            find()


def test_a_forbidden_result_is_never_seen(policy):
    with policy.session() as session, pytest.raises(Denied):
        session.guard(tool="fetch")(lambda: {"a": [b"forbidden"]})()


def test_the_exception_of_a_function_is_its_own(policy):
    def find():
        raise KeyError("x")

    with policy.session() as session, pytest.raises(KeyError):
        session.guard(find)()


def test_methods_leave_self_out(policy):
    class Shop:
        @referee.guard
        def sell(self, amount):
            return self, amount

    shop = Shop()
    with policy.session() as session:
        assert shop.sell(3) == (shop, 3)
        assert session.outcomes[0].args == {"amount": 3}


def test_paths_bytes_and_objects_are_seen_as_text():
    policy = Policy.load(
        "id: p\ndefault: allow\npolicies:\n  - {id: no, when: {args.**: {contains: secret}}, action: deny}"
    )
    with policy.session() as session:
        use = session.guard(tool="use")(lambda value: value)
        for value in (
            Path("/secret"),
            b"secret",
            Row("secret"),
            {"a": {1: ("secret",)}},
            {"secret"},
            frozenset({"secret"}),
        ):
            with pytest.raises(Denied):
                use(value)
        assert use(Path("/open")) == Path("/open")


def test_a_guard_outside_of_a_session_refuses(policy):
    @referee.guard
    def refund(amount):
        raise AssertionError("it ran")

    with pytest.raises(Denied):
        refund(1)


def test_a_guard_uses_the_session_around_it(policy):
    @referee.guard
    def refund(amount):
        return referee.current_session()

    with policy.session() as outer:
        assert refund(1) is outer
        with policy.session() as inner:
            assert refund(1) is inner
        assert refund(1) is outer
    assert referee.current_session() is None


def test_protect_gives_a_function_a_session_of_its_own(policy):
    @referee.protect(policy, agent="a")
    def refund(amount):
        return amount

    assert refund(7) == 7
    with pytest.raises(Denied):
        refund(700)


def test_a_coroutine_function_in_either_kind_of_session(policy):
    @referee.guard
    async def refund(order, amount=1):
        await asyncio.sleep(0)
        return f"{order} bob"

    async def main():
        async with policy.async_session(agent="a"):
            assert await refund("o", 7) == "o bob"
            with pytest.raises(Denied):
                await refund("o", 700)
        with policy.session():
            assert await refund("o", 7) == "o bob"

    assert asyncio.iscoroutinefunction(refund)
    asyncio.run(main())


def test_a_plain_function_in_an_asynchronous_session_is_refused(policy):
    @referee.guard
    def refund(amount):
        raise AssertionError("it ran")

    async def main():
        async with policy.async_session():
            with pytest.raises(Denied):
                refund(1)

    asyncio.run(main())


def test_an_asynchronous_session_does_what_the_other_does(policy):
    async def main():
        async with policy.async_session(agent="a") as session:
            assert (await session.check_tool("many", {"q": 1, "limit": 50})).args == {"q": 1, "limit": 10, "safe": True}
            with pytest.raises(ApprovalRequired) as asked:
                await session.check_tool("dig", {"q": "secret"})
            policy.approvals.approve(asked.value.approval_id, by="bea")
            assert (await session.check_tool("dig", {"q": "secret"})).allowed
            assert "bob@" not in await session.check_result("find", "bob@example.org")
            assert (await session.evaluate({"tool": "nope"})).decision == "deny"
            assert (await session.decide({"tool": ""})).verdict == "deny"
            for check in (
                session.check_http("https://x.example/"),
                session.check_cost(1),
                session.check_message("x"),
                session.enforce({"tool": "x"}),
            ):
                with pytest.raises(Denied):
                    await check
            assert referee.current_session() is session
        return session.report()

    report = asyncio.run(main())
    assert report["decision_summary"]["allow"] == 3


def test_tasks_never_overspend():
    policy = Policy.load("id: p\ndefault: allow\nlimits:\n  - {id: b, spend: 1.00, per: run}\n")

    async def main():
        async with policy.async_session() as session:
            calls = [session.decide({"tool": "x", "cost": "0.03", "text": "bob@example.org"}) for _ in range(60)]
            return sum(outcome.allowed for outcome in await asyncio.gather(*calls))

    assert asyncio.run(main()) == 33


def test_tasks_see_their_own_session(policy):
    async def work(name):
        async with policy.async_session(agent=name) as session:
            await asyncio.sleep(0)
            return referee.current_session() is session

    async def main():
        return await asyncio.gather(*[work(str(n)) for n in range(5)])

    assert all(asyncio.run(main()))


def test_terminated_is_terminated_for_tasks_too():
    policy = Policy.load("id: p\ndefault: allow\npolicies:\n  - {id: t, when: {tool: bad}, action: terminate}")

    async def main():
        async with policy.async_session() as session:
            with pytest.raises(SessionTerminated):
                await session.check_tool("bad")
            with pytest.raises(SessionTerminated):
                await session.check_tool("good")

    asyncio.run(main())
