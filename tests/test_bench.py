"""The bench measures nothing that is wrong: workloads know their answers, and an engine that errs gets no times."""

import json
import sys
import time
from fnmatch import fnmatchcase

import pytest
import yaml

from bench import peers, probes, run
from bench.goals import GOALS, Goal, Run, judge, ratio
from bench.peers import ALL, DECIDE, SESSION, Absent, Engine, Process
from bench.race import Cell, Effort, compare, expected, race
from bench.report import goal_lines, number, race_tables, times
from bench.timing import measure, quantile
from bench.worker import find
from bench.workload import WORKLOADS, Call, Rule, answer, as_policy

TINY = Effort(repeats=1, seconds=0.001, least=8, warming=0.01, checked=16)
NAIVE = Engine("a plain loop", "naive")


class Never:
    """An engine that denies nothing."""

    @staticmethod
    def build(rules):
        return lambda tool, args: None, lambda outcome: outcome


class Always:
    """An engine that always denies, by its first rule."""

    @staticmethod
    def build(rules):
        return lambda tool, args: rules[0].name, lambda outcome: outcome


class Late:
    """An engine that answers rightly until it is timed."""

    @staticmethod
    def build(rules):
        asked = []

        def ask(tool, args):
            asked.append(tool)
            return answer(rules, Call(tool, args, None)) if len(asked) <= TINY.checked else None

        return ask, lambda outcome: outcome


class Raises:
    """An engine that fails when asked."""

    @staticmethod
    def build(rules):
        def ask(tool, args):
            raise LookupError("no such thing")

        return ask, lambda outcome: outcome


class Dies:
    """An engine whose process ends when it is built."""

    @staticmethod
    def build(rules):
        import os

        os._exit(3)


class Noisy:
    """An engine that prints to standard output, and is right."""

    @staticmethod
    def build(rules):
        print("loading")
        return lambda tool, args: print("deciding") or answer(rules, Call(tool, args, None)), lambda outcome: outcome


def here(engine):
    return Engine(engine.__name__, f"tests.test_bench:{engine.__name__}")


@pytest.mark.parametrize("workload", WORKLOADS)
@pytest.mark.parametrize("count", [1, 7, 300])
def test_a_workload_knows_its_own_answers(workload, count):
    right = expected(workload, count, 3, 64)
    assert right.count(None) == 32
    assert {name for name in right if name} <= {rule.name for rule in WORKLOADS[workload].rules(count)}


@pytest.mark.parametrize("workload", WORKLOADS)
def test_a_call_matches_at_most_one_rule(workload):
    rules = WORKLOADS[workload].rules(60)
    for call in WORKLOADS[workload].calls(60, 0, 64):
        assert sum(answer([rule], call) is not None for rule in rules) == (call.expected is not None)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_rounds_are_fresh_and_can_be_repeated(workload):
    first, again, other = ([*WORKLOADS[workload].calls(50, turn, 32)] for turn in (0, 0, 1))
    assert first == again
    assert not {call.args["note"] for call in first} & {call.args["note"] for call in other}


@pytest.mark.parametrize(("workload", "most"), [("exact", 64), ("glob", 64), ("exact spread", 1_000)])
def test_a_repeat_is_about_a_box_of_tools_anywhere_in_the_list(workload, most):
    rounds = [[*WORKLOADS[workload].calls(10_000, turn)] for turn in (2_000, 2_001, 3_000)]
    met = [{call.expected for call in calls if call.expected} for calls in rounds]
    assert len(met[0]) <= most
    assert len(met[0] | met[1]) <= most
    assert len(met[0] | met[2]) > 64, "another repeat has another box"
    assert {int(name[1:]) // 2_500 for name in met[0]} == {0, 1, 2, 3}
    assert len({call.tool for call in rounds[0] if call.expected is None}) > 250, "texts are fresh all the same"


@pytest.mark.parametrize("workload", WORKLOADS)
def test_a_tour_meets_every_rule_once(workload):
    rules = WORKLOADS[workload].rules(40)
    met = [answer(rules, call) for call in WORKLOADS[workload].tour(40)]
    assert sorted(met) == sorted(rule.name for rule in rules)
    assert met == [call.expected for call in WORKLOADS[workload].tour(40)]


@pytest.mark.parametrize("wordy", [False, True])
@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_policy_file_says_what_the_rules_say(workload, wordy):
    rules = WORKLOADS[workload].rules(9)
    file = yaml.safe_load(as_policy(rules, wordy=wordy))
    assert (file["version"], file["default"]) == (1, "allow")
    words = {"eq": "eq", "gt": "gt", "lt": "lt", "starts_with": "prefix"}
    for rule, written in zip(rules, file["policies"], strict=True):
        tests = set()
        for key, said in written["when"].items():
            if key != "tool":
                operators = said if isinstance(said, dict) else {"eq": said}
                tests |= {(key.removeprefix("args."), words[op], operand) for op, operand in operators.items()}
        assert (written["id"], written["action"], written["when"].get("tool")) == (rule.name, "deny", rule.tool)
        assert tests == set(rule.tests)


def test_the_slow_way_decides_by_tool_and_by_every_test():
    rule = Rule("r", "svc1.*", (("amount", "gt", 5), ("path", "prefix", "/a/")))
    args = {"amount": 6, "path": "/a/b"}
    assert answer([rule], Call("svc1.x", args, None)) == "r"
    assert answer([rule], Call("svc2.x", args, None)) is None
    assert answer([rule], Call("svc1.x", args | {"amount": 5}, None)) is None
    assert answer([rule], Call("svc1.x", args | {"path": "/b"}, None)) is None


def test_a_workload_that_errs_about_itself_is_caught(monkeypatch):
    wrong = WORKLOADS["exact"].__class__("exact", "", WORKLOADS["exact"].rule, WORKLOADS["glob"].call)
    monkeypatch.setitem(WORKLOADS, "exact", wrong)
    with pytest.raises(AssertionError, match="exact: svc"):
        expected("exact", 5, 0, 8)


@pytest.mark.parametrize("workload", ALL)
def test_a_right_engine_gets_times(workload):
    small, large = race([NAIVE], [workload], [4, 40], TINY)
    assert (small.note, large.note) == ("", "")
    assert (small.rules, large.rules, small.engine) == (4, 40, NAIVE.name)
    for cell in (small, large):
        assert cell.calls >= TINY.least
        assert 0 < cell.p50 <= cell.p99
        assert cell.hit > 0 < cell.miss
        assert cell.first > 0


@pytest.mark.parametrize(
    ("engine", "note"),
    [
        (Never, "wrong: call 0 gave None instead of r"),
        (Always, "wrong: call "),
        (Late, "wrong: svc"),
        (Raises, "absent: LookupError: no such thing"),
        (Dies, "absent: its process died in `build`"),
    ],
)
def test_an_engine_that_errs_gets_no_times(engine, note):
    cells = race([here(engine), NAIVE], ["exact"], [20, 30], TINY)
    wrong, right = cells[0::2], cells[1::2]
    assert all(cell.note.startswith(note) and cell.p50 is None for cell in wrong)
    assert all(cell.note == "" and cell.p50 for cell in right)


def test_what_an_engine_prints_does_not_disturb():
    (cell,) = race([here(Noisy)], ["exact"], [3], TINY)
    assert cell.note == ""


def test_an_engine_that_hangs_is_given_up():
    with Process(NAIVE) as process:
        process.ask(do="build", workload="exact", count=1)
        begin = time.monotonic()
        with pytest.raises(Absent, match="no answer to `time` in 0 s"):
            process.ask(patience=0.2, do="time", turn=1, seconds=60, least=8)
        assert time.monotonic() - begin < 20


def test_an_engine_is_not_asked_beyond_its_limit():
    small, large = race([Engine("small", "naive", most=5)], ["exact"], [5, 6], TINY)
    assert small.p50 is not None
    assert (large.p50, large.note) == (None, "not asked beyond 5 rules")


def test_referee_answers_rightly_in_every_workload():
    for cell in race([DECIDE, SESSION], WORKLOADS, [30], TINY):
        assert cell.note == "", f"{cell.engine}, {cell.workload}"


def test_a_peer_that_cannot_be_installed_is_absent(monkeypatch, tmp_path):
    (tmp_path / "peers").mkdir()
    (tmp_path / "peers" / "nobody.txt").write_text(f"nobody @ file://{tmp_path}/nobody-1.0-py3-none-any.whl\n")
    monkeypatch.setattr(peers, "HERE", tmp_path)
    engine = Engine("nobody", "nobody", "nobody")
    with pytest.raises(Absent):
        peers.interpreter("nobody")
    assert run.present([engine, NAIVE]) == [NAIVE]
    (cell,) = race([engine], ["exact"], [3], TINY)
    assert cell.note.startswith("absent: ")


def test_every_engine_has_its_page_and_its_pins():
    for engine in peers.ENGINES:
        assert (peers.HERE / "engines" / f"{engine.module}.py").is_file()
        assert set(engine.workloads) <= set(WORKLOADS)
        if engine.pins:
            lines = (peers.HERE / "peers" / f"{engine.pins}.txt").read_text().split()
            assert all(fnmatchcase(line, "*==*") for line in lines)


def test_an_engine_is_found_by_its_page_or_by_its_name():
    assert find("naive").__name__ == "bench.engines.naive"
    assert find("tests.test_bench:Never").build([])[0]("x", {}) is None


def test_measuring_counts_wrong_answers_apart_from_times():
    calls = [Call("a", {}, "r1"), Call("b", {}, None)]
    took = measure(lambda tool, args: "r1", lambda outcome: outcome, [calls] * 3, 0.0, 6)
    assert (took["calls"], took["wrong"], took["example"]) == (6, 3, "b: r1 instead of None")


@pytest.mark.parametrize(
    ("got", "right", "said"),
    [
        (["r1", None], ["r1", None], ""),
        ([None], ["r1"], "wrong: call 0 gave None instead of r1 (1 of 1)"),
        (["r1"], [None], "wrong: call 0 gave r1 instead of None (1 of 1)"),
        ([], [None], "wrong: 0 answers to 1 calls"),
    ],
)
def test_answers_are_compared_one_by_one(got, right, said):
    assert compare(got, right) == said


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_quantile_is_a_measured_value(share, value):
    assert quantile(range(1, 101), share) == value


def a_run(**probed):
    cells = [
        Cell(DECIDE.name, "exact", 10, 1, 1.0, 1.0, 2.0, 1.0, 1.0),
        Cell(DECIDE.name, "exact", 1_000, 1, 1.0, 1.0, 2.0, 1.0, 1.6),
        Cell(DECIDE.name, "exact", 10_000, 1, 1.1, 1.3, 2.0, 0.9, 1.5),
        Cell(DECIDE.name, "glob", 1_000, 1, 4.0, 4.0, 8.0, 4.0, 4.0),
        Cell("cedarpy", "exact", 1_000, 1, 500.0, 500.0, 900.0, 500.0, 500.0),
        Cell("cedarpy", "glob", 1_000, 1, 400.0, 400.0, 900.0, 400.0, 400.0),
        Cell("datalogic-py", "exact", 1_000, note="absent: gone"),
    ]
    return Run(cells, probed)


def test_goals_take_the_worst_case_and_do_not_guess():
    states = {
        outcome.what: outcome for outcome in judge(a_run(load={"yaml": 50.0, "cold": 100.0}, check={"failed": "x"}))
    }
    growth = states["growth 10 → 10 000 rules, exact tool names"]
    assert (growth.state, growth.figure) == ("NOT MET", 1.3)
    cedar = states["decide, 1 000 rules, over cedarpy"]
    assert (cedar.state, cedar.figure) == ("NOT MET", 4.0 / 400.0)
    assert states["decide, 1 000 rules, over datalogic-py"].state == "unknown"
    assert states["nothing applies, over a match, 1 000 rules"].figure == 1.6
    assert states["load 1 000 rules from text, over PyYAML's C loader"].state == "met"
    assert states["load 1 000 rules from the cache, over PyYAML's C loader"].state == "unknown"
    assert states["`referee check --requests`"].state == "unknown"
    assert len(states) == len(GOALS)


@pytest.mark.parametrize(
    ("figure", "least", "state"),
    [(2.0, False, "met"), (2.1, False, "NOT MET"), (2.0, True, "met"), (1.9, True, "NOT MET"), (None, True, "unknown")],
)
def test_a_bound_itself_is_met(figure, least, state):
    (outcome,) = judge(Run(), [Goal("x", 2.0, lambda _: figure, least=least)])
    assert outcome.state == state


def test_ratios_of_nothing_are_unknown():
    assert (ratio(1.0, None), ratio(None, 1.0), ratio(1.0, 0.0), ratio(1.0, 4.0)) == (None, None, None, 0.25)


def test_tables_show_times_ratios_and_reasons():
    text = "\n".join(race_tables(a_run()))
    assert "400 (900) 100x" in text
    assert "datalogic-py, 1 000 rules: absent: gone" in text
    goals = "\n".join(goal_lines(judge(a_run())))
    assert "NOT MET" in goals
    assert f"of {len(GOALS)} met" in goals


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5312, "0.531"), (9.994, "9.99"), (12.34, "12.3"), (99.97, "100"), (5_152.2, "5 152"), (None, "-")],
)
def test_numbers_have_three_digits(value, text):
    assert number(value) == text


def test_small_ratios_read_as_fractions():
    assert [times(value) for value in (1 / 150, 0.7, 1.2)] == ["1/150", "0.700x", "1.20x"]


def test_the_probes_of_loading_and_of_the_pipeline_check_what_they_time():
    loaded = probes.load(6, 1)
    assert loaded["rules"] == 6
    assert min(loaded["yaml"], loaded["cold"], loaded["cached"]) > 0
    parts = probes.pipeline(5, 0.001)
    assert set(parts) == {"bare", "limit", "counter", "journal", "all"}
    assert min(parts.values()) > 0


def test_the_shell_probe_times_many_commands_that_are_never_the_same():
    from bench.commands import fresh

    assert fresh(1) == fresh(1)
    assert len(set(fresh(1)) & set(fresh(2))) < 10
    timed = probes.shell(2)
    assert timed["commands"] > 100
    assert 0 < timed["p50"] <= timed["p99"] <= timed["slowest"]


def test_a_process_that_holds_rules_is_larger_than_one_without():
    held = probes.memory(30)
    assert held["bare"] > 1
    assert held["from text"] > 1
    assert held["from saved"] > 1


@pytest.mark.parametrize("probe", [probes.url, probes.path])
def test_the_facet_probes_time_texts_that_are_never_the_same(probe):
    timed = probe(2)
    assert timed["texts"] >= 60
    assert 0 < timed["p50"] <= timed["p99"]


def test_a_probe_that_fails_says_why():
    with pytest.raises(probes.Broken, match="KeyError"):
        probes.run("no-such-probe")


def test_the_command_writes_all_it_measured(tmp_path, capsys):
    file = tmp_path / "bench.json"
    assert run.main(["--quick", "--no-peers", "--rules", "5", "--only", "exact", "--json", str(file)]) == 0
    written = json.loads(file.read_bytes())
    assert {cell["engine"] for cell in written["cells"]} == {DECIDE.name, SESSION.name}
    assert [goal["what"] for goal in written["goals"]] == [goal.what for goal in GOALS]
    assert written["machine"]["python"] == sys.version.split()[0]
    assert "exact: rule i names tool i" in capsys.readouterr().out
