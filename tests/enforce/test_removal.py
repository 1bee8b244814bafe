import json

import pytest

from referee import InvalidRequest as Refusal
from referee import Policy
from referee.enforce.plain import plain
from referee.errors import InvalidRequest


def result_of(rules, result):
    with Policy.load(f"id: r\ndefault: allow\npolicies:\n{rules}").session() as session:
        return session.check_result("x", result)


def test_fields_are_blanked_in_place_and_keep_their_shape():
    rule = "  - {id: r, when: {tool: x}, phase: post, action: redact, fields: ['result.rows[*].ssn', result.key]}"
    given = {"rows": [{"ssn": "1", "n": 1}, {"n": 2}, {"ssn": [3, "4"]}], "key": {"a": "b"}, "other": "c"}
    assert result_of(rule, given) == {
        "rows": [{"ssn": "[REDACTED:field]", "n": 1}, {"n": 2}, {"ssn": [None, "[REDACTED:field]"]}],
        "key": {"a": "[REDACTED:field]"},
        "other": "c",
    }
    assert given["rows"][0]["ssn"] == "1"


def test_where_two_styles_meet_the_one_that_leaves_least_is_taken():
    rules = """
  - {id: a, when: {tool: x}, phase: post, action: redact, kinds: [email], style: mask}
  - {id: b, when: {tool: x}, phase: post, action: redact, kinds: [email], style: remove}"""
    assert result_of(rules, ["to bob@example.org!", {"m": "bob@example.org"}]) == ["to !", {"m": ""}]


def test_arguments_are_scanned_again_after_a_change():
    policy = Policy.load("""
id: r
default: allow
policies:
  - {id: set, when: {tool: x}, action: modify, set: {args.note: "write to bob@example.org"}}
  - {id: hide, when: {tool: x}, action: redact, kinds: [email]}
""")
    with policy.session() as session:
        args = session.check_tool("x", {"a": "eve@example.org", "note": "long text before eve@example.org"}).args
    assert "@" not in str(args)
    assert args["note"].startswith("write to ")


def test_pseudonyms_are_the_same_for_the_same_value_in_one_policy():
    policy = Policy.load(
        "id: r\ndefault: allow\npolicies:\n"
        "  - {id: a, when: {tool: x}, phase: post, action: redact, kinds: [email], style: pseudonym}"
    )
    with policy.session() as session:
        one, two, other = (
            session.check_result("x", mail) for mail in ("b@example.org", "b@example.org", "c@example.org")
        )
    assert one == two != other


def test_urls_are_redacted_too():
    policy = Policy.load(
        "id: r\ndefault: allow\npolicies:\n  - {id: a, when: {kind: http_request}, action: redact, kinds: [email]}"
    )
    with policy.session() as session:
        assert "bob@" not in (session.check_http("https://x.example/?q=bob@example.org").url or "bob@")


def test_a_value_that_holds_itself_has_no_plain_form():
    value = []
    value.append(value)
    with pytest.raises(InvalidRequest):
        plain(value)


def test_an_object_whose_text_fails_has_no_plain_form():
    class Bad:
        def __str__(self):
            raise RuntimeError

    with pytest.raises(InvalidRequest):
        plain({"a": [Bad()]})


KEY = b"0123456789abcdef"
PSEUDONYMS = """
id: r
default: allow
policies:
  - {id: hide, action: redact, kinds: [email, phone_number], style: pseudonym, phase: [pre, post]}
  - {id: none, when: {tool: send, text: {contains_pii: email}}, action: deny}
"""


def test_a_pseudonym_is_no_personal_datum_and_only_the_key_leads_back():
    policy = Policy.load(PSEUDONYMS, key=KEY)
    with policy.session() as session, policy.session() as other:
        shown = session.check_result("x", "bob@example.org, +1 415 555 2671")
        name, phone = shown.split(", ")
        assert name.endswith("@pseudonym.example.com")
        assert phone.startswith("+1-")
        assert session.check_tool("send", {"to": name, "cc": [f"<{name}>"]}).args == {"to": name, "cc": [f"<{name}>"]}
        assert session.decide({"tool": "send", "args": {"to": "bob@example.org"}}).verdict == "deny"
        assert other.decide({"tool": "send", "args": {"to": name}}).verdict == "deny"
        assert session.evaluate({"tool": "send", "args": {"to": name}}).decision == "allow"
        assert session.reveal(f"{name} {phone}", KEY) == "bob@example.org +1 415 555 2671"
        assert other.reveal(name, KEY) == name
        for key in (b"", b"fedcba9876543210"):
            with pytest.raises(Refusal, match="not the key"):
                session.reveal(name, key)
            with pytest.raises(Refusal, match="not the key"):
                other.reveal(name, key)


def test_a_session_that_goes_on_keeps_its_pseudonyms():
    policy = Policy.load(PSEUDONYMS, key=KEY)
    with policy.session(id="s") as session:
        name = session.check_result("x", "bob@example.org")
    with policy.session(id="s") as session:
        assert session.reveal(name, KEY) == "bob@example.org"
    assert Policy.load(PSEUDONYMS, key=KEY).session(id="s").check_result("x", "bob@example.org") == name


def test_a_key_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        Policy.load(PSEUDONYMS, key=b"short")


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("placeholder", {"a": "[REDACTED:field]", "n": None, "b": None, "z": None, "l": ["[REDACTED:field]", None]}),
        ("remove", {"a": "", "n": None, "b": None, "z": None, "l": ["", None]}),
        ("mask", {"a": "********", "n": 0, "b": None, "z": None, "l": ["****", 0.0]}),
        ("last_four", {"a": "********", "n": 0, "b": None, "z": None, "l": ["****", 0.0]}),
    ],
)
def test_fields_are_removed_in_their_style(style, expected):
    rule = f"  - {{id: r, when: {{tool: x}}, phase: post, action: redact, fields: ['result.v'], style: {style}}}"
    given = {"v": {"a": "one two", "n": 5, "b": True, "z": None, "l": ["x", 2.5]}}
    assert result_of(rule, given) == {"v": expected}


def test_fields_get_pseudonyms_of_the_whole_value_whatever_is_in_it():
    rules = """
  - {id: a, when: {tool: x}, phase: post, action: redact, kinds: [email]}
  - {id: b, when: {tool: x}, phase: post, action: redact, fields: [result.who, result.n], style: pseudonym}"""
    policy = Policy.load(f"id: r\ndefault: allow\npolicies:{rules}", key=KEY)
    with policy.session() as session:
        shown = session.check_result("x", {"who": "Bob Stone", "n": 12, "note": "bob@example.org"})
        assert session.reveal(json.dumps(shown), KEY) == '{"who": "Bob Stone", "n": 12, "note": "[REDACTED:email]"}'


def test_json_in_a_text_stays_json():
    rule = "  - {id: a, when: {tool: x}, phase: post, action: redact, kinds: [email, credit_card]}"
    body = json.dumps({"to": "bob@example.org", "card": 4111111111111111, "rest": "x"})
    shown = result_of(rule, {"body": body, "outer": json.dumps({"inner": body})})
    expected = {"to": "[REDACTED:email]", "card": 0, "rest": "x"}
    assert json.loads(shown["body"]) == expected
    assert json.loads(json.loads(shown["outer"])["inner"]) == expected


def test_where_two_findings_overlap_the_longest_names_them():
    rule = "  - {id: a, when: {tool: x}, phase: post, action: redact}"
    shown = result_of(rule, "db postgres://bob:hunter2@example.org:5432/x end")
    assert "hunter2" not in shown
    assert shown.startswith("db ")
    assert shown.endswith(" end")


def test_what_cannot_be_removed_is_refused():
    class Odd:
        name = "pii"

        def scan(self, text):
            from referee.scanners.protocol import Hit

            return [Hit(0, len(text), "email")]

    rule = (
        "id: r\ndefault: allow\npolicies:\n  - {id: a, action: redact, kinds: [email], phase: post, style: pseudonym}"
    )
    policy = Policy.load(rule, scanners={"pii": Odd()})
    with policy.session() as session:
        session._desk.writer(session._book)._vault._known = dict.fromkeys(range(100_000))
        outcome = session.decide({"tool": "x", "phase": "post", "result": "hunter2"})
        assert outcome.verdict == "deny"
        assert outcome.decision.reason == "what must be changed or removed could not be"
        assert "hunter2" not in json.dumps(outcome.decision.to_dict())
