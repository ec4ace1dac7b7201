"""A country without a pack gets the strictest of what we know, and every refusal says so aloud."""

from datetime import date
from typing import Any

from recobro.domain.channel import Channel
from recobro.law.choose import packs_for
from recobro.law.contact import Calendar, Intended
from recobro.law.engine import refusals, verdict
from tests.law.scene import CALENDARS, PACKS, at, colombian, past

TAIPEI = "Asia/Taipei"
TW = packs_for(PACKS, "TW")


def there(**changes: Any) -> Intended:
    return colombian(**{"country": "TW", "zones": (TAIPEI,), "provenance": "creditor", **changes})


def test_an_unknown_country_is_the_strict_default() -> None:
    assert [pack.id for pack in TW] == ["strict"]


def test_every_refusal_says_that_it_is_our_own_caution_for_want_of_a_pack() -> None:
    night = at("2026-11-24 21:00", TAIPEI)
    seen = refusals(TW, CALENDARS, there(authorised=frozenset()), [past(night)], night)
    assert len(seen) > 3
    assert {refusal.source for refusal in seen} == {"no pack for TW: strict default, our own caution"}


def test_weekends_are_closed_and_weekdays_run_from_nine_to_six() -> None:
    for when, allowed in (
        ("24 10:00", True),
        ("24 08:59", False),
        ("24 17:58", False),
        ("21 11:00", False),
        ("22 11:00", False),
    ):
        refusal = verdict(TW, CALENDARS, there(), [], at(f"2026-11-{when}", TAIPEI))
        assert (refusal is None) == allowed, when


def test_nobody_is_contacted_whose_clock_is_unknown() -> None:
    refusal = verdict(TW, CALENDARS, there(zones=()), [], at("2026-11-24 10:00", TAIPEI))
    assert refusal is not None
    assert (refusal.rule, refusal.until) == ("zone.unknown", None)


def test_only_authorised_channels_twice_a_week_with_days_between_and_one_channel() -> None:
    now = at("2026-11-26 10:00", TAIPEI)
    rules = {
        refusal.rule
        for refusal in refusals(
            TW,
            CALENDARS,
            there(authorised=frozenset({Channel.EMAIL})),
            [past(at(f"2026-11-{day} 10:00", TAIPEI), channel=Channel.EMAIL) for day in ("23", "25")],
            now,
        )
    }
    assert rules == {"strict-authorised-channels", "strict-lock", "strict-gap", "strict-week"}


def test_a_clients_extra_dates_close_days_there() -> None:
    own = {"client": Calendar("client", frozenset({date(2026, 11, 24)}), (2026, 2026))}
    assert verdict(TW, own, there(), [], at("2026-11-25 10:00", TAIPEI)) is None
    refusal = verdict(TW, own, there(), [], at("2026-11-24 10:00", TAIPEI))
    assert refusal is not None
    assert (refusal.rule, refusal.until) == ("strict-hours", at("2026-11-25 09:02", TAIPEI))
