"""However many sweeps run, and in whatever order, what they hand out fits into the interval, the carriers' rates and the pace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recobro.domain.client import Schedule
from recobro.domain.shares import (
    FIRST,
    LAST_CALL,
    Taken,
    give,
    interval_before,
    interval_of,
    pace_of,
    share_of,
)
from tests.sample import MONDAY_NOON_MX, playbook

LANES = ("overdue", "pre_due")
TWO = replace(
    playbook().client,
    schedule=replace(playbook().client.schedule, sweep_minutes=2),
    limits=replace(playbook().client.limits, replies_per_hour=300),
    channels={
        name: replace(playbook().client.channels[name], rate=rate)
        for name, rate in (("sms", 1), ("email", 2))
    },
)
NOW = interval_of(TWO.schedule, MONDAY_NOON_MX)
WAITING = st.lists(st.sampled_from(["sms", "email"]), max_size=250)
SWEEPS = st.lists(st.tuples(st.sampled_from(LANES), st.integers(0, 59), WAITING), max_size=6)


def utc(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 3, 9, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "minutes", "at", "starts", "ends"),
    [
        pytest.param(
            "America/Bogota", 15, utc(18, 3), utc(18, 0), utc(18, 15), id="every quarter of an hour"
        ),
        pytest.param("America/Bogota", 15, utc(18, 13, 59), utc(18, 0), utc(18, 15), id="a late sweep"),
        pytest.param("America/Bogota", 15, utc(18, 14, 55), utc(18, 15), utc(18, 30), id="an early clock"),
        pytest.param("America/Bogota", 7, utc(18, 57), utc(18, 56), utc(19, 0), id="each hour begins anew"),
        pytest.param("Asia/Kolkata", 14, utc(18, 31), utc(18, 30), utc(18, 44), id="in the client's zone"),
    ],
)
def test_an_interval_is_from_one_sweep_of_the_schedule_to_the_next(
    zone: str, minutes: int, at: datetime, starts: datetime, ends: datetime
) -> None:
    interval = interval_of(Schedule(zone, sweep_minutes=minutes), at)

    assert (interval.starts, interval.ends) == (starts, ends)


@pytest.mark.parametrize("minutes", range(2, 16))
def test_the_interval_before_ends_where_this_one_starts(minutes: int) -> None:
    schedule = Schedule("America/Bogota", sweep_minutes=minutes)
    for minute in range(60):
        interval = interval_of(schedule, utc(18, minute))

        assert interval_before(schedule, interval).ends == interval.starts


@given(SWEEPS, WAITING)
def test_no_order_of_sweeps_hands_out_more_than_there_is(
    sweeps: list[tuple[str, int, list[str]]], last_wanted: list[str]
) -> None:
    last = give(TWO, FIRST, last_wanted, NOW.starts, NOW, Taken(), Taken()).taken
    taken, free = Taken(), dict.fromkeys(TWO.channels, NOW.starts)
    for lane, second, asked in sorted(sweeps, key=lambda one: one[1]):
        at = NOW.starts + timedelta(seconds=second)
        gave = give(TWO, lane, asked, at, NOW, taken, last)
        for channel, begins in gave.begins.items():
            assert begins >= max(at, free[channel])
            free[channel] = gave.taken.busy_until.get(channel, begins)
            assert free[channel] <= NOW.ends
        taken = gave.taken

    assert all(taken.of(channel) <= share_of(TWO, channel, NOW) for channel in TWO.channels)
    assert taken.total <= (pace_of(TWO, NOW) or 0)


@given(st.integers(0, 90), st.integers(0, 90), st.integers(0, 90))
def test_reminders_never_take_what_the_overdue_wanted_before_and_want_again(
    before: int, reminders: int, overdue: int
) -> None:
    last = replace(give(TWO, FIRST, ["sms"] * before, NOW.starts, NOW, Taken(), Taken()).taken, version=1)
    reminded = give(TWO, "pre_due", ["sms"] * reminders, NOW.starts, NOW, Taken(), last)
    late = give(TWO, FIRST, ["sms"] * overdue, NOW.starts, NOW, reminded.taken, last)
    share = share_of(TWO, "sms", NOW)

    assert share == 120 - LAST_CALL
    assert sum(reminded.has_room) == min(reminders, share - min(before, share))
    assert sum(late.has_room) >= min(overdue, before, share)


@given(WAITING)
def test_nobody_has_room_while_one_of_higher_rank_by_the_same_channel_has_none(asked: list[str]) -> None:
    has_room = give(TWO, FIRST, asked, NOW.starts, NOW, Taken(), Taken()).has_room

    for channel in ("sms", "email"):
        own = [room for one, room in zip(asked, has_room, strict=True) if one == channel]
        assert own == sorted(own, reverse=True)
