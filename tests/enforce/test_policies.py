import os
import threading

import pytest

from referee import Denied, Policy, PolicyError
from referee.enforce.compiled import read_cache

ALLOW = "version: 1\nid: p\npolicies:\n  - {id: a, when: {tool: x}, action: allow}\n"
DENY = "version: 1\nid: p\npolicies:\n  - {id: a, when: {tool: y}, action: allow}\n"


def verdict(policy, tool="x"):
    with policy.session() as session:
        return session.decide({"tool": tool}).verdict


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(ALLOW)
    return file


@pytest.mark.parametrize(
    "shape", [str, lambda f: f, lambda f: f.parent, lambda f: f.read_text(), lambda f: f.read_bytes()]
)
def test_a_policy_comes_from_a_path_a_folder_or_text(file, shape):
    policy = Policy.load(shape(file))
    assert verdict(policy) == "allow"
    assert verdict(policy, "y") == "deny"


def test_a_policy_comes_from_a_mapping():
    policy = Policy.load({"version": 1, "id": "m", "policies": [{"id": "a", "when": {"tool": "x"}, "action": "allow"}]})
    assert verdict(policy) == "allow"
    assert verdict(policy, "y") == "deny"


def test_layers_only_tighten(file, tmp_path):
    team = {"id": "team", "default": "allow", "policies": [{"id": "no", "when": {"tool": "x"}, "action": "deny"}]}
    assert verdict(Policy.load(file, team)) == "deny"
    assert verdict(Policy.load(team, file)) == "deny"
    assert verdict(Policy.load(file, {"id": "t", "default": "allow"})) == "allow"
    assert verdict(Policy.load({"id": "t", "default": "allow"}, file), "y") == "deny"


def test_a_folder_is_all_its_files_and_no_hidden_ones(tmp_path):
    (tmp_path / "a.yaml").write_text("id: a\ndefault: allow\npolicies:\n  - {id: a, when: {tool: x}, action: deny}\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.yml").write_text("id: b\npolicies:\n  - {id: b, when: {tool: y}, action: deny}\n")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "c.yaml").write_text("not: [a policy")
    (tmp_path / "notes.txt").write_text("not: [a policy")
    policy = Policy.load(tmp_path)
    assert [verdict(policy, tool) for tool in "xyz"] == ["deny", "deny", "allow"]


@pytest.mark.parametrize("given", [(), ("/nowhere/p.yaml",), ("version: 1\nnonsense: 1\n",), ({"id": object()},)])
def test_what_is_no_policy_is_an_error(given):
    with pytest.raises(PolicyError):
        Policy.load(*given)


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(PolicyError, match="no policy file"):
        Policy.load(tmp_path)


def test_a_file_that_is_too_large_is_an_error(tmp_path):
    (tmp_path / "p.yaml").write_bytes(b"#" * (10 * 1024 * 1024 + 1))
    with pytest.raises(PolicyError, match="10 MB"):
        Policy.load(tmp_path / "p.yaml")


def test_all_diagnostics_of_all_files_are_told(tmp_path):
    (tmp_path / "a.yaml").write_text("id: a\nnonsense: 1\n")
    (tmp_path / "b.yaml").write_text("id: b\nrubbish: 1\n")
    with pytest.raises(PolicyError) as error:
        Policy.load(tmp_path)
    assert len(error.value.diagnostics) == 2
    assert "nonsense" in str(error.value)
    assert "rubbish" in str(error.value)


def test_open_sessions_use_the_new_policy(file):
    policy = Policy.load(file)
    with policy.session() as session:
        assert session.check_tool("x").allowed
        file.write_text(DENY)
        old = policy.digest
        assert policy.reload()
        assert policy.digest != old
        with pytest.raises(Denied):
            session.check_tool("x")


def test_a_reload_without_a_change_is_none(file):
    policy = Policy.load(file)
    program = policy.program
    assert not policy.reload()
    assert policy.program is program
    assert policy.problem is None


@pytest.mark.parametrize(
    "text", ["version: 1\npolicies: [", "", "nonsense: 1", "\x00", "id: p\npolicies:\n  - {id: a}\n"]
)
def test_the_last_good_policy_stays_when_a_new_one_does_not_compile(file, text):
    policy = Policy.load(file)
    file.write_text(text)
    assert not policy.reload()
    assert policy.problem is not None
    assert verdict(policy) == "allow"
    assert verdict(policy, "y") == "deny"
    file.write_text(DENY)
    assert policy.reload()
    assert policy.problem is None
    assert verdict(policy) == "deny"


def test_rules_stay_when_their_file_disappears(tmp_path):
    (tmp_path / "a.yaml").write_text("id: a\ndefault: allow\n")
    (tmp_path / "b.yaml").write_text("id: b\npolicies:\n  - {id: b, when: {tool: x}, action: deny}\n")
    policy = Policy.load(tmp_path)
    (tmp_path / "b.yaml").unlink()
    assert not policy.reload()
    assert "gone" in str(policy.problem)
    assert verdict(policy) == "deny"
    assert policy.reload(accept_removals=True)
    assert verdict(policy) == "allow"


def test_what_was_used_stays_used_over_a_reload(file):
    limited = ALLOW + "limits:\n  - {id: l, calls: 1, per: run}\n"
    file.write_text(limited)
    policy = Policy.load(file)
    with policy.session() as session:
        session.check_tool("x")
        file.write_text(limited + "# more\n")
        assert policy.reload()
        with pytest.raises(Denied):
            session.check_tool("x")


def test_watching_loads_a_change_and_tells_of_a_problem(file):
    policy = Policy.load(file)
    told, event = [], threading.Event()

    def tell(problem):
        told.append(problem)
        event.set()

    stop = policy.watch(0.01, tell)
    try:
        file.write_text(DENY)
        assert event.wait(10)
        assert verdict(policy) == "deny"
        event.clear()
        file.write_text("nonsense: 1\n")
        assert event.wait(10)
        assert told[-1] is policy.problem is not None
        assert verdict(policy, "y") == "allow"
    finally:
        stop()


def test_a_cache_gives_the_same_policy_without_the_compiler(file, tmp_path):
    cache = tmp_path / "p.cache"
    text = ALLOW + "limits:\n  - {id: l, calls: 2, per: run}\n"
    rule = "  - {id: c, when: {cost_in_run: {gt: 1}}, action: deny}\n"
    file.write_text(text.replace("limits:", rule + "limits:"))
    first = Policy.load(file, cache=cache)
    assert cache.stat().st_mode & 0o777 == 0o600
    second = Policy.load(file, cache=cache)
    for policy in (first, second):
        assert policy.digest == first.digest
        with policy.session() as session:
            asked = [session.decide({"tool": "x", "cost": cost}).verdict for cost in ("0.9", "0.9", "0.1", "0")]
        assert asked == ["allow", "deny", "allow", "deny"]


def test_a_cache_of_other_texts_a_damaged_one_and_a_foreign_one_are_not_used(file, tmp_path):
    cache = tmp_path / "p.cache"
    Policy.load(file, cache=cache)
    whole = cache.read_bytes()
    file.write_text(DENY)
    assert verdict(Policy.load(file, cache=cache)) == "deny"
    for data in (whole, whole[:-5], b"", b"\x93" * 50):
        cache.write_bytes(data)
        assert verdict(Policy.load(file, cache=cache)) == "deny"
    cache.write_bytes(whole)
    os.chmod(cache, 0o666)
    assert read_cache(cache, "any") is None


def test_a_cache_that_cannot_be_written_is_done_without(file, tmp_path):
    assert verdict(Policy.load(file, cache=tmp_path / "no" / "where")) == "allow"


def test_threads_may_decide_while_the_policy_is_replaced(file):
    policy = Policy.load(file)
    stop, seen = threading.Event(), set()

    def work():
        with policy.session() as session:
            while not stop.is_set():
                seen.add((session.decide({"tool": "x"}).verdict, session.decide({"tool": "z"}).verdict))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(30):
        file.write_text((ALLOW, DENY)[number % 2] + f"# {number}\n")
        assert policy.reload()
    stop.set()
    for thread in threads:
        thread.join()
    assert {other for _, other in seen} == {"deny"}
    assert {verdict for verdict, _ in seen} <= {"allow", "deny"}
