"""`next_permitted` is exact: it agrees with trying every minute, on random lives, laws and clocks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recobro.domain.channel import Channel
from recobro.law.answer import Never, Permitted
from recobro.law.choose import tighten
from recobro.law.contact import Duty, Intended, PastContact, Rung
from recobro.law.engine import next_permitted, verdict
from recobro.law.pack import Pack
from tests.law.naive import allowed, first_allowed
from tests.law.scene import CALENDARS, CO, MX, STRICT, at, colombian, mexican, past

CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.WHATSAPP, Channel.VOICE)
DAYS = 9
slow = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Around these days clocks change or holidays cluster: Tijuana's two changes, Santiago's two (at midnight), Havana's
# (at midnight, back), Christmas, Holy Week, and an ordinary week.
BEGINNINGS = (
    "2026-03-06",
    "2026-10-30",
    "2026-04-02",
    "2026-09-03",
    "2026-12-22",
    "2026-03-30",
    "2026-06-10",
)


@st.composite
def histories(draw: st.DrawFn, start: datetime) -> list[PastContact]:
    return [
        past(
            start - timedelta(minutes=draw(st.integers(0, 60 * 24 * 12))),
            channel=draw(st.sampled_from(CHANNELS)),
            creditor=draw(st.sampled_from(("acme", "other"))),
            debts=(draw(st.sampled_from(("d1", "d2"))),),
            rung=draw(st.sampled_from(list(Rung))),
            outcome=draw(st.sampled_from(("", "", "", "busy", "hard_bounce"))),
            by=draw(st.sampled_from(("collector", "collector", "creditor", "other_agency", "debtor"))),
        )
        for _ in range(draw(st.integers(0, 6)))
    ]


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    begin = at(draw(st.sampled_from(BEGINNINGS)) + " 00:00", "UTC")
    return begin + timedelta(minutes=draw(st.integers(0, 60 * 24 * 3)))


def agree(
    packs: tuple[Pack, ...],
    intended: Intended,
    history: list[PastContact],
    start: datetime,
    duties: tuple[Duty, ...] = (),
) -> None:
    horizon = timedelta(days=DAYS)
    answer = next_permitted(packs, CALENDARS, intended, history, start, horizon=horizon, duties=duties)
    brute = first_allowed(packs, CALENDARS, intended, history, start, DAYS, duties=duties)
    if isinstance(answer, Never):
        assert brute is None
        return
    assert answer.at == brute
    if answer.at > start:
        assert answer.held_by is not None
        assert answer.held_by.until == answer.at
        just_before = answer.at - timedelta(seconds=1)
        assert verdict(packs, CALENDARS, intended, history, just_before, duties=duties) is not None


@slow
@given(st.data())
def test_in_mexico_the_answer_is_the_first_allowed_minute(data: st.DataObject) -> None:
    start = data.draw(starts())
    zones = data.draw(st.sampled_from((("America/Tijuana",), ("America/Mexico_City", "America/Tijuana"), ())))
    intended = mexican(zones=zones, channel=data.draw(st.sampled_from(CHANNELS)))
    agree(MX, intended, data.draw(histories(start)), start)


@slow
@given(st.data())
def test_in_colombia_the_answer_is_the_first_allowed_minute(data: st.DataObject) -> None:
    start = data.draw(starts())
    agree(CO, colombian(channel=data.draw(st.sampled_from(CHANNELS))), data.draw(histories(start)), start)


@slow
@given(st.data())
def test_in_an_unknown_country_the_answer_is_the_first_allowed_minute(data: st.DataObject) -> None:
    start = data.draw(starts())
    intended = colombian(country="TW", zones=("Asia/Taipei",), channel=data.draw(st.sampled_from(CHANNELS)))
    agree(STRICT, intended, data.draw(histories(start)), start)


HOURS = (
    ["00:00", "24:00"],
    ["06:00", "24:00"],
    ["00:00", "02:30"],
    ["22:00", "24:00"],
    [["00:00", "01:30"], ["23:00", "24:00"]],
    [["08:00", "12:00"], ["14:00", "18:00"]],
    ["12:00", "12:03"],
)
ODD_ZONES = (
    "America/Santiago",
    "America/Havana",
    "America/Tijuana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/Madrid",
)


@st.composite
def limits(draw: st.DrawFn) -> dict[str, Any]:
    """A law nobody wrote: to find what the ones somebody wrote do not exercise."""
    days = draw(st.lists(st.sampled_from(("mon_fri", "sat", "sun")), min_size=1, max_size=3, unique=True))
    found: dict[str, Any] = {"windows": [{day: draw(st.sampled_from(HOURS)) for day in days}]}
    scope = st.sampled_from(
        (["person"], ["person", "creditor"], ["person", "debt"], ["collector", "person", "debt"])
    )
    counts = st.sampled_from(("attempt", "connected", "sent", "conversation"))
    periods: list[dict[str, Any]] = [
        {"rolling_days": 3},
        {"rolling_days": 7},
        {"calendar": "day"},
        {"calendar": "week"},
    ]
    period = st.sampled_from(periods)
    found["caps"] = [
        {"at_most": draw(st.integers(1, 3)), "scope": draw(scope), "counts": draw(counts), **draw(period)}
        for _ in range(draw(st.integers(0, 2)))
    ]
    if draw(st.booleans()):
        found["min_gaps"] = [{"full_days_between": draw(st.integers(1, 3)), "scope": draw(scope)}]
    if draw(st.booleans()):
        found["cooldowns"] = [{"days": 4, "channels": "phone", "blocks": "all", "counts": "conversation"}]
    return found


@settings(slow, max_examples=60)
@given(st.data())
def test_under_any_law_and_clock_the_answer_is_the_first_allowed_minute(data: st.DataObject) -> None:
    start = data.draw(starts())
    pack = tighten(data.draw(limits()))
    zones = tuple(data.draw(st.lists(st.sampled_from(ODD_ZONES), min_size=1, max_size=2, unique=True)))
    intended = colombian(
        country="",
        zones=zones,
        channel=data.draw(st.sampled_from(CHANNELS)),
        debts=data.draw(st.sampled_from((("d1",), ("d1", "d2")))),
    )
    duties = tuple(
        Duty("a-duty", start + timedelta(minutes=data.draw(st.integers(1, 60 * 24 * 5))))
        for _ in range(data.draw(st.integers(0, 2)))
    )
    agree((pack,), intended, data.draw(histories(start)), start, duties)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_verdict_says_what_the_plainest_reading_says(data: st.DataObject) -> None:
    packs, base = data.draw(st.sampled_from(((MX, mexican()), (CO, colombian()))))
    start = data.draw(starts())
    history = data.draw(histories(start))
    when = start + timedelta(minutes=data.draw(st.integers(0, 60 * 24 * 10)))
    assert (verdict(packs, CALENDARS, base, history, when) is None) == allowed(
        packs, CALENDARS, base, history, when
    )


@example(minutes=0)
@given(minutes=st.integers(0, 60 * 24 * 20))
@settings(max_examples=60, deadline=None)
def test_what_is_permitted_now_needs_no_waiting(minutes: int) -> None:
    start = at("2026-11-23 00:00") + timedelta(minutes=minutes, microseconds=17)
    answer = next_permitted(CO, CALENDARS, colombian(), [], start)
    assert isinstance(answer, Permitted)
    if verdict(CO, CALENDARS, colombian(), [], start) is None:
        assert answer == Permitted(start, None)
    else:
        assert answer.at > start


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_each_refusal_says_exactly_when_its_rule_alone_ends(zone: str) -> None:
    pack = tighten({"windows": [{"mon_fri": ["09:00", "18:00"], "sat": ["22:00", "24:00"]}]})
    intended = colombian(zones=(zone,), country="")
    start = at("2026-09-04 00:00", "UTC")
    for hour in range(0, 24 * 5, 5):
        now = start + timedelta(hours=hour)
        refusal = verdict((pack,), {}, intended, [], now)
        if refusal is not None:
            assert refusal.until is not None
            assert verdict((pack,), {}, intended, [], refusal.until) is None
            assert verdict((pack,), {}, intended, [], refusal.until - timedelta(seconds=1)) is not None
