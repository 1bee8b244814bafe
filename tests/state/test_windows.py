from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referee.errors import StateError
from referee.state.windows import MAX_EVENTS, MAX_PERIODS, Calendar, Sliding, open_window, period


def at(text: str, zone: str = "UTC") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("window", "zone", "moment", "begins", "ends"),
    [
        ("hour", "UTC", "2026-11-24T10:59:59", "2026-11-24T10:00", "2026-11-24T11:00"),
        ("day", "UTC", "2026-11-24T10:59", "2026-11-24T00:00", "2026-11-25T00:00"),
        ("day", "Europe/Rome", "2026-11-24T00:30", "2026-11-24T00:00", "2026-11-25T00:00"),
        ("week", "UTC", "2026-11-24T10:59", "2026-11-23T00:00", "2026-11-30T00:00"),
        ("month", "UTC", "2026-12-24T10:59", "2026-12-01T00:00", "2027-01-01T00:00"),
        ("month", "America/New_York", "2026-02-28T23:59", "2026-02-01T00:00", "2026-03-01T00:00"),
        ("day", "Europe/Rome", "2026-10-25T12:00", "2026-10-25T00:00", "2026-10-26T00:00"),
        ("day", "Europe/Rome", "2026-03-29T12:00", "2026-03-29T00:00", "2026-03-30T00:00"),
    ],
)
def test_a_calendar_period_has_the_bounds_of_its_time_zone(window, zone, moment, begins, ends):
    assert period(window, zone, at(moment, zone)) == (at(begins, zone), at(ends, zone))


def test_the_day_the_clock_goes_back_has_25_hours():
    begins, ends = period("day", "Europe/Rome", at("2026-10-25T12:00", "Europe/Rome"))
    assert ends - begins == 25 * 3600


def test_an_hour_of_a_half_hour_zone_begins_at_its_own_full_hour():
    begins, ends = period("hour", "Asia/Kolkata", at("2026-11-24T10:10", "Asia/Kolkata"))
    assert (begins, ends) == (at("2026-11-24T10:00", "Asia/Kolkata"), at("2026-11-24T11:00", "Asia/Kolkata"))


@pytest.mark.parametrize("moment", [float("inf"), float("nan"), 1e18, -1e18])
def test_a_moment_outside_the_calendar_is_a_state_error(moment):
    with pytest.raises(StateError):
        period("day", "UTC", moment)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", ""])
def test_an_unknown_zone_is_a_state_error(zone):
    with pytest.raises(StateError):
        period("day", zone, 0.0)


@pytest.mark.parametrize("name", ["", "fortnight", "0s", "-5s", "nans", "infs", "s"])
def test_an_unknown_window_is_a_state_error(name):
    with pytest.raises(StateError):
        open_window(name, "UTC")


@given(
    st.lists(st.tuples(st.floats(0, 30), st.integers(1, 5)), max_size=60),
    st.integers(3, 12),
)
def test_no_sliding_window_ever_holds_more_than_the_cap(steps, cap):
    window, now, done = Sliding(60.0), 0.0, []
    for pause, amount in steps:
        now += pause
        if window.used(now) + amount <= cap:
            window.add(amount, now)
            done.append((now, amount))
    for start, _ in done:
        assert sum(amount for moment, amount in done if start <= moment < start + 60.0) <= cap


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 5)), max_size=60))
def test_a_sliding_window_is_exact(steps):
    window, now, done = Sliding(60.0), 0.0, []
    for pause, amount in steps:
        now += pause
        window.add(amount, now)
        done.append((now, amount))
        assert window.used(now) == sum(amount for moment, amount in done if now - moment < 60.0)


def test_a_crowded_window_stays_small_and_never_counts_less():
    window = Sliding(1000.0)
    exact = Sliding(10_000.0)
    for step in range(3 * MAX_EVENTS):
        now = step / 10
        window.add(1, now)
        exact.add(1, now)
        assert len(window.events) <= MAX_EVENTS
    end = 3 * MAX_EVENTS / 10
    true = sum(1 for step in range(3 * MAX_EVENTS) if end - step / 10 < 1000.0)
    assert true <= window.used(end) <= true * 1.01 + 4
    assert window.used(end + 1000.0) == 0


def test_giving_back_a_merged_event_gives_back_its_amount():
    window = Sliding(1e6)
    marks = [window.add(1, float(step)) for step in range(2 * MAX_EVENTS)]
    before = window.used(2.0 * MAX_EVENTS)
    for mark in marks[:100]:
        window.change(mark, -1, 2.0 * MAX_EVENTS)
    assert window.used(2.0 * MAX_EVENTS) == before - 100


def test_giving_back_what_has_left_the_window_changes_nothing():
    window = Sliding(10.0)
    old = window.add(5, 0.0)
    window.used(20.0)
    window.add(1, 20.0)
    window.change(old, -5, 20.0)
    assert window.used(20.0) == 1


def test_a_clock_set_back_finds_what_was_used_then():
    window = Calendar("day", "UTC")
    monday, tuesday = at("2026-11-23T10:00"), at("2026-11-24T10:00")
    window.add(Decimal(7), monday)
    window.add(Decimal(1), tuesday)
    assert window.used(tuesday) == 1
    assert window.used(monday) == 7


def test_a_clock_jumping_over_many_periods_never_finds_an_empty_old_one():
    window = Calendar("day", "UTC")
    first = at("2026-01-01T10:00")
    for day in range(MAX_PERIODS + 5):
        window.add(9, first + day * 86400)
    assert len(window.sums) == MAX_PERIODS
    assert window.used(first) == 9


def test_a_correction_goes_to_the_period_of_its_posting():
    window = Calendar("day", "UTC")
    monday, tuesday = at("2026-11-23T23:59"), at("2026-11-24T00:01")
    mark = window.add(5, monday)
    window.change(mark, 3, tuesday)
    assert (window.used(monday), window.used(tuesday)) == (8, 0)
