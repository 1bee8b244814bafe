import pytest

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
