from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from referee.errors import StateError
from referee.state.memory import MemoryStore
from referee.state.protocol import Account, Posting


class Clocks:
    def __init__(self):
        self.wall = 1_700_000_000.0
        self.monotonic = 5.0

    def store(self):
        return MemoryStore(lambda: self.wall, lambda: self.monotonic)


RUN = Account("limit.f/a", "s1", "run", "UTC", "s1")
DAY = Account("limit.f/b", "team", "day")
MINUTE = Account("limit.f/c", "agent", "60s")


def test_all_postings_are_applied_or_none():
    store = Clocks().store()
    assert store.apply([Posting(RUN, 4, 5), Posting(DAY, 4, 3)]) is None
    assert store.read([RUN, DAY]) == (0, 0)
    assert store.apply([Posting(RUN, 4, 5), Posting(DAY, 3, 3)]) is not None
    assert store.read([RUN, DAY]) == (4, 3)


def test_a_posting_may_reach_the_cap_but_not_the_mark_below_which_it_must_stay():
    store = Clocks().store()
    assert store.apply([Posting(RUN, 5, 5, 5)]) is None
    assert store.apply([Posting(RUN, 4, 5, 5)]) is not None
    assert store.apply([Posting(RUN, 1, 5)]) is not None
    assert store.apply([Posting(RUN, Decimal("0.0001"), 5)]) is None


def test_owners_are_apart():
    store = Clocks().store()
    store.apply([Posting(Account("limit.f/b", "x", "day"), 4)])
    assert store.read([Account("limit.f/b", "y", "day"), Account("limit.f/b", "x", "day")]) == (0, 4)


def test_settling_records_an_overshoot_and_releasing_gives_everything_back():
    store = Clocks().store()
    receipt = store.apply([Posting(RUN, Decimal(1), Decimal(5)), Posting(MINUTE, 1, 5)])
    receipt = store.settle(receipt, [Decimal(9), 1])
    assert store.read([RUN, MINUTE]) == (9, 1)
    assert store.apply([Posting(RUN, 1, 5)]) is None
    store.settle(receipt, [0, 0])
    assert store.read([RUN, MINUTE]) == (0, 0)


@pytest.mark.parametrize("jump", [-3600.0, 3600.0, -31_536_000.0, 31_536_000.0])
def test_a_sliding_window_does_not_feel_the_wall_clock(jump):
    clocks = Clocks()
    store = clocks.store()
    assert store.apply([Posting(MINUTE, 5, 5)])
    clocks.wall += jump
    clocks.monotonic += 59.0
    assert store.apply([Posting(MINUTE, 1, 5)]) is None
    clocks.monotonic += 1.0
    assert store.apply([Posting(MINUTE, 1, 5)])


def test_a_calendar_window_begins_anew_and_remembers_the_day_before():
    clocks = Clocks()
    store = clocks.store()
    assert store.apply([Posting(DAY, 5, 5)])
    assert store.apply([Posting(DAY, 1, 5)]) is None
    clocks.wall += 86_400
    assert store.apply([Posting(DAY, 5, 5)])
    clocks.wall -= 86_400
    assert store.apply([Posting(DAY, 1, 5)]) is None


def test_a_broken_clock_is_a_state_error_and_applies_nothing():
    clocks = Clocks()
    store = clocks.store()
    clocks.wall = float("nan")
    with pytest.raises(StateError):
        store.apply([Posting(RUN, 1, 5), Posting(DAY, 1, 5)])
    assert store.read([RUN]) == (0,)


def test_forgetting_a_run_leaves_everything_else():
    store = Clocks().store()
    other = Account("limit.f/a", "s2", "run", "UTC", "s2")
    store.apply([Posting(RUN, 1), Posting(other, 2), Posting(DAY, 3)])
    store.forget("s1")
    assert store.read([RUN, other, DAY]) == (0, 2, 3)


def test_threads_never_draw_more_than_the_caps():
    store = Clocks().store()

    def draw(_):
        return sum(
            store.apply([Posting(RUN, Decimal("0.5"), 100), Posting(MINUTE, 1, 150)]) is not None for _ in range(100)
        )

    with ThreadPoolExecutor(8) as pool:
        drawn = sum(pool.map(draw, range(8)))
    assert drawn == 150
    assert store.read([RUN, MINUTE]) == (75, 150)


def test_empty_sliding_windows_are_dropped_and_full_ones_kept():
    clocks = Clocks()
    store = clocks.store()
    for number in range(4096):
        store.apply([Posting(Account("limit.f/c", f"agent{number}", "60s"), 1, 1)])
    clocks.monotonic += 100.0
    assert store.apply([Posting(Account("limit.f/c", "late", "60s"), 1, 1)])
    assert len(store._windows) == 1
    assert store.apply([Posting(Account("limit.f/c", "late", "60s"), 1, 1)]) is None
