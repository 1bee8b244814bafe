"""Values on a way round: strings of JSON within strings, links spelled as only browsers read them, files written and read again."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from referee import Policy
from referee.state import wording

CUSTOMER = {
    "name": "Dora Hazel",
    "city": "K\u00f6ln Ehrenfeld",
    "iban": "DE89 3704 0044 0532 0130 00",
    "note": 'says "hello"',
}
POLICY = """
version: 1
id: p
default: allow
policies:
  - {id: said, when: {kind: message, context.role: user}, action: label, on: value, add: user}
  - {id: data, when: {tool: get_customer}, action: label, on: value, add: customer}
  - {id: files, when: {tool: read_file, args.path: {from: user}}, action: label, on: value, add: named-file}
  - {id: stays, when: {tool: post, args: {never_from: customer}}, action: deny, message: no}
  - {id: links, when: {tool: send, args.body: {from_only: {labels: user, as: [link, address]}}}, action: deny, message: no}
  - {id: pay, when: {tool: pay, args.to: {from_only: [user, named-file]}}, action: deny, message: no}
  - {id: named, when: {tool: write_file, args.path: {never_from: user}}, action: require_approval, message: named}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load(POLICY)


def said(session: Any, tool: str, **args: Any) -> str:
    return session.decide({"tool": tool, "args": args}).decision.decision


def reads(session: Any, tool: str, result: Any, **args: Any) -> None:
    session.decide({"tool": tool, "args": args, "phase": "post", "result": result})


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(
    "body", ["Dora Hazel", "please ask Dora Hazel today", "K\u00f6ln Ehrenfeld", "de89370400440532013000"]
)
def test_strings_of_json_are_values(policy: Policy, indent: int | None, wrapped: bool, body: str):
    text = json.dumps([CUSTOMER], indent=indent)
    with policy.session() as session:
        assert said(session, "post", body=body) == "allow"
        reads(session, "get_customer", {"content": [{"type": "text", "text": text}]} if wrapped else text)
        assert said(session, "post", body=body) == "deny"
        assert said(session, "post", body="the name and the note of the city") == "allow"


def test_json_that_is_cut_off_or_broken_gives_what_it_has():
    assert "dora hazel" in [*wording.values('{"name": "Dora Hazel", "city": "K')]
    assert "bad \\q escape" in [*wording._strings('["bad \\q escape"]')]
    assert [*wording._strings('{"key": 1, "other" : 2}')] == []
    assert [*wording._strings('["' + "x" * 200 + '"]')] == []


@pytest.mark.parametrize("text", ['{"' * 400_000, '["\\' * 300_000, '["a b c",' * 100_000, '{"a" ' + " " * 900_000])
def test_no_json_takes_long(text: str):
    began = time.process_time()
    assert len([*wording.values(text)]) <= len(text)
    assert time.process_time() - began < 10


SPELLINGS = (
    "//evil.test/x", "<a href='//evil.test'>", "http:evil.test", "https:/evil.test", "https:\\\\evil.test", "\\\\evil.test\\x",
    "evil\u3002test/x", "https://evil\uff0etest", "https://ok.test/a@evil.test", "https://ok.test/a#https://evil.test", "//evil.test",
)  # fmt: skip


@pytest.mark.parametrize("link", SPELLINGS, ids=ascii)
def test_links_as_browsers_read_them_are_links(policy: Policy, link: str):
    with policy.session() as session:
        session.check_message("Send https://ok.test/a to Bob", role="user")
        assert said(session, "send", body="see https://ok.test/a") == "allow"
        assert said(session, "send", body=f"see {link}") == "deny"


@pytest.mark.parametrize(
    "text",
    ["either/or", "a // comment", "this\u3002 that", "\u4eca\u65e5\u3002\u660e\u65e5", "\\\\n", "1 // 2"],
    ids=ascii,
)
def test_what_is_no_link_is_none(policy: Policy, text: str):
    with policy.session() as session:
        session.check_message("Send it", role="user")
        assert said(session, "send", body=text) == "allow"


def test_what_is_written_into_a_file_that_the_user_named_is_asked_about(policy: Policy):
    with policy.session() as session:
        session.check_message("Pay the bill in bill.txt", role="user")
        reads(session, "read_file", "Account GB33BUKB20201555555555", path="page.html")
        assert said(session, "pay", to="GB33BUKB20201555555555") == "deny"
        assert said(session, "write_file", path="bill.txt", content="GB33BUKB20201555555555") == "require_approval"
        assert said(session, "write_file", path="notes/other.md", content="x") == "allow"
