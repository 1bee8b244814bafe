import os
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from referee.errors import StateError
from referee.state.memory import MemoryStore
from referee.state.protocol import Account, Posting, Receipt, Row


class Clocks:
    def __init__(self):
        self.wall = 1_700_000_000.0
        self.monotonic = 5.0

    def store(self):
        return MemoryStore(lambda: self.wall, lambda: self.monotonic)


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def store(clocks):
    return clocks.store()


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
    assert len(store._ledger.windows) == 1
    assert store.apply([Posting(Account("limit.f/c", "late", "60s"), 1, 1)]) is None


ROWS = [Row("day", Account("limit.f/d", "a", "day"), 1), Row("run", Account("limit.f/r", "s", "run", run="s")), Row("soon", Account("limit.f/s", "a", "60s"))]  # fmt: skip


def test_a_page_reads_and_adds_what_the_store_reads_and_adds(store, clocks):
    page = store.page(ROWS)
    ticket, held = page.read()
    assert held == {"day": 1, "run": 0, "soon": 0}
    marks = page.add(ticket, [(0, 2), (1, Decimal("0.5")), (2, 1)])
    assert store.read([row.account for row in ROWS]) == (2, Decimal("0.5"), 1)
    receipt = Receipt(
        tuple(Posting(row.account, amount) for row, amount in zip(ROWS, (2, Decimal("0.5"), 1), strict=True)), marks
    )
    store.settle(receipt, [1, 0, 0])
    assert page.read()[1] == {"day": 2, "run": 0, "soon": 0}
    clocks.monotonic += 61
    assert page.read()[1]["soon"] == 0


@pytest.mark.parametrize(
    "between",
    [
        lambda store, page: store.apply([Posting(Account("other"), 1)]),
        lambda store, page: store.settle(store.apply([Posting(Account("other"), 1)]), [0]),
        lambda store, page: store.forget("s"),
        lambda store, page: page.add(page.read()[0], [(0, 1)]),
    ],
    ids=["applied", "settled", "forgotten", "added"],
)
def test_a_page_adds_nothing_once_the_store_has_changed(store, between):
    page = store.page(ROWS)
    ticket, _ = page.read()
    between(store, page)
    before = store.read([row.account for row in ROWS])
    assert page.add(ticket, [(0, 5)]) is None
    assert store.read([row.account for row in ROWS]) == before


def test_a_page_finds_accounts_anew_after_the_store_forgot_them(store):
    page = store.page(ROWS)
    page.add(page.read()[0], [(1, 7)])
    store.forget("s")
    assert page.read()[1]["run"] == 0
    page.add(page.read()[0], [(1, 3)])
    assert store.read([ROWS[1].account]) == (3,)


def test_a_page_of_a_window_that_does_not_exist_is_an_error(store):
    with pytest.raises(StateError):
        store.page([Row("x", Account("x", window="never"))]).read()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_of_a_fork_does_not_wait_for_a_thread_that_it_does_not_have(store):
    with store._ledger.lock:
        child = os.fork()
        if not child:
            free = store._ledger.lock.acquire(timeout=1)
            os._exit(0 if free else 1)
    assert os.waitpid(child, 0)[1] == 0
