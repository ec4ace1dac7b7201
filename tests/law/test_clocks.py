"""Midnights, the ends of days, and the two days a year on which a clock skips or repeats an hour."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from recobro.domain.channel import Channel, Kind
from recobro.errors import InvalidInput
from recobro.law.answer import Permitted
from recobro.law.choose import tighten
from recobro.law.contact import Rung
from recobro.law.engine import next_permitted, verdict, window_end
from recobro.law.pack import Pack
from recobro.law.zones import Zone, distinct, seconds
from tests.law.scene import BOGOTA, CALENDARS, CO, MX, TIJUANA, at, colombian, mexican, past
from tests.law.scene import seconds as span

SANTIAGO = "America/Santiago"
YEAR = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=7 * n) for n in range(1300)]


@pytest.mark.parametrize(
    "name", [SANTIAGO, TIJUANA, "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
def test_a_zone_says_what_the_standard_library_says(name: str) -> None:
    zone, slow = Zone(name), ZoneInfo(name)
    for when in YEAR:
        ts = seconds(when)
        offset = when.astimezone(slow).utcoffset()
        assert offset is not None
        assert zone.offset(ts) == offset.total_seconds()
        assert date.fromordinal(zone.ordinal(ts)) == when.astimezone(slow).date()


@pytest.mark.parametrize("name", [SANTIAGO, TIJUANA, "America/Havana", "Africa/Casablanca", "Pacific/Apia"])
def test_every_date_begins_where_the_one_before_ends(name: str) -> None:
    zone = Zone(name)
    first = date(2026, 1, 1).toordinal()
    for ordinal in range(first, first + 366):
        begin = zone.day_start(ordinal)
        assert zone.ordinal(begin) == ordinal
        assert zone.ordinal(begin - 1) == ordinal - 1


def test_a_date_that_a_zone_never_had_begins_with_the_next() -> None:
    apia = Zone("Pacific/Apia")
    skipped = date(2011, 12, 30).toordinal()
    assert apia.pieces(skipped) == ()
    assert apia.day_start(skipped) == apia.day_start(skipped + 1)


def test_a_zone_that_does_not_exist_is_bad_input() -> None:
    with pytest.raises(InvalidInput, match="America/Macondo"):
        verdict(MX, CALENDARS, mexican(zones=("America/Macondo",)), [], at("2026-11-24 10:00"))


def test_zones_with_the_same_clock_are_asked_once() -> None:
    names = ("America/Mexico_City", "America/Monterrey", "America/Merida", "America/Cancun")
    assert len(distinct(names, seconds(at("2026-06-01 00:00")))) == 2


def only(hours: object, **more: object) -> tuple[Pack]:
    return (tighten({"windows": [{"mon_fri": hours, "sat": hours, "sun": hours, **more}]}),)


def test_a_day_that_ends_at_midnight_runs_into_one_that_begins_there_without_a_pause() -> None:
    packs = only(["00:00", "24:00"])
    here = colombian(zones=(SANTIAGO,))
    for shift in (-1, 0, 1):
        assert verdict(packs, {}, here, [], at("2026-06-10 00:00", SANTIAGO) + span(shift)) is None


def test_a_day_that_ends_at_midnight_ends_two_minutes_before_it() -> None:
    packs = only(["06:00", "24:00"])
    here = colombian(zones=(SANTIAGO,))
    assert verdict(packs, {}, here, [], at("2026-06-09 23:57:59", SANTIAGO)) is None
    assert verdict(packs, {}, here, [], at("2026-06-09 23:58", SANTIAGO)) is not None


def test_santiago_skips_the_first_hour_of_a_september_sunday() -> None:
    packs = only(["00:00", "03:00"])
    here = colombian(zones=(SANTIAGO,))
    start = at("2026-09-05 12:00", SANTIAGO)
    answer = next_permitted(packs, {}, here, [], start)
    # 24:00 on Saturday becomes 01:00 on Sunday: the day itself begins there, at 04:00 UTC.
    assert answer == Permitted(datetime(2026, 9, 6, 4, 2, tzinfo=UTC), answer.held_by)  # type: ignore[union-attr]


def test_an_hour_that_a_clock_repeats_is_open_or_closed_both_times() -> None:
    packs = only(["00:30", "01:30"])
    here = colombian(zones=("America/Havana",))  # 1 November 2026: 01:00 becomes 00:00
    open_minutes = [
        minute
        for minute in range(60 * 5)
        if verdict(
            packs,
            {},
            here,
            [],
            datetime(2026, 11, 1, 3, tzinfo=UTC) + timedelta(minutes=minute),
            margin=span(0),
        )
        is None
    ]
    assert open_minutes == [*range(90, 120), *range(150, 210)]


def test_an_hour_that_a_clock_skips_is_nobodys() -> None:
    packs = only(["02:15", "02:45"])
    here = colombian(zones=(TIJUANA,))
    answer = next_permitted(packs, {}, here, [], at("2026-03-08 00:00", TIJUANA))
    assert answer.at == at("2026-03-09 02:17", TIJUANA)  # type: ignore[union-attr]


def test_a_rolling_week_ends_at_the_debtors_midnight_and_not_at_utcs() -> None:
    packs = (tighten({"caps": [{"at_most": 1, "rolling_days": 7}]}),)
    here = mexican(zones=(TIJUANA,))
    sent = [past(at("2026-03-05 23:59", TIJUANA))]
    free = at("2026-03-12 00:00", TIJUANA)  # the clocks changed in between
    assert verdict(packs, {}, here, sent, free - span(1)) is not None
    assert verdict(packs, {}, here, sent, free) is None
    assert next_permitted(packs, {}, here, sent, at("2026-03-06 10:00", TIJUANA)).at == free  # type: ignore[union-attr]


def test_on_two_plausible_clocks_a_day_ends_only_when_both_have_ended_it() -> None:
    packs = (tighten({"caps": [{"at_most": 1, "calendar": "day"}]}),)
    here = mexican(zones=("America/Cancun", TIJUANA))
    sent = [past(at("2026-01-10 12:00", TIJUANA))]
    answer = next_permitted(packs, {}, here, sent, at("2026-01-10 13:00", TIJUANA))
    assert answer.at == at("2026-01-11 00:00", TIJUANA)  # type: ignore[union-attr]


def test_two_clocks_whose_hours_never_meet_are_never() -> None:
    here = colombian(zones=("Asia/Tokyo", "America/Los_Angeles"))
    refusal = verdict(only(["09:00", "12:00"]), {}, here, [], at("2026-06-10 10:00"))
    assert refusal is not None
    assert refusal.until is None


def test_a_split_day_pauses_at_noon() -> None:
    packs = only([["08:00", "12:00"], ["14:00", "18:00"]])
    answer = next_permitted(packs, {}, colombian(zones=(BOGOTA,)), [], at("2026-06-10 12:30"))
    assert answer.at == at("2026-06-10 14:02")  # type: ignore[union-attr]


def test_a_calendar_week_and_month_begin_on_monday_and_on_the_first() -> None:
    for period, free in (("week", "2026-06-15 00:00"), ("month", "2026-07-01 00:00")):
        packs = (tighten({"caps": [{"at_most": 1, "calendar": period}]}),)
        answer = next_permitted(
            packs,
            {},
            colombian(zones=(BOGOTA,)),
            [past(at("2026-06-10 10:00"))],
            at("2026-06-10 11:00"),
        )
        assert answer.at == at(free)  # type: ignore[union-attr]


def test_a_margin_wider_than_the_window_closes_it() -> None:
    refusal = verdict(only(["09:00", "09:03"]), {}, colombian(zones=(BOGOTA,)), [], at("2026-06-10 09:01"))
    assert refusal is not None
    assert refusal.until is None


def test_a_message_must_expire_before_the_window_does() -> None:
    assert window_end(CO, CALENDARS, colombian(), at("2026-11-24 18:30")) == at("2026-11-24 18:58")
    assert window_end(CO, CALENDARS, colombian(), at("2026-11-21 10:00")) == at("2026-11-21 14:58")


def test_a_message_that_may_not_go_now_has_no_time_to_arrive() -> None:
    night = at("2026-11-24 22:00")
    assert window_end(CO, CALENDARS, colombian(), night) == night


def test_the_earliest_of_several_clocks_ends_the_time_to_arrive() -> None:
    noon = at("2026-11-24 12:00", "America/Mexico_City")
    assert window_end(MX, CALENDARS, mexican(zones=()), noon) == at("2026-11-24 19:58", "America/Cancun")


def test_a_receipt_may_arrive_for_a_day() -> None:
    night = at("2026-11-24 22:00")
    assert window_end(CO, CALENDARS, colombian(kind=Kind.PAYMENT_RECEIPT), night) == night + timedelta(days=1)


def test_a_push_obeys_the_hours_like_everything_else() -> None:
    refusal = verdict(CO, CALENDARS, colombian(channel=Channel.PUSH), [], at("2026-11-24 22:00"))
    assert refusal is not None
    assert refusal.detail == "Tue 2026-11-24 22:00 America/Bogota"


def test_quiet_may_begin_on_the_day_of_the_talk_or_on_the_day_after() -> None:
    talk = [past(at("2026-06-10 10:00"), channel=Channel.VOICE, rung=Rung.CONVERSATION)]
    call = colombian(zones=(BOGOTA,), channel=Channel.VOICE)
    for first, free in ((1, "2026-06-17 00:00"), (0, "2026-06-18 00:00")):
        quiet = {"days": 7, "trigger_day_is_day": first, "channels": "phone", "blocks": "phone"}
        packs = (tighten({"cooldowns": [{**quiet, "counts": "conversation"}]}),)
        answer = next_permitted(packs, {}, call, talk, at("2026-06-11 10:00"))
        assert answer.at == at(free)  # type: ignore[union-attr]
