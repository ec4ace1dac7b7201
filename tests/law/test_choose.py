"""Laws add up; a client may tighten them, and loosen nothing but our own caution, by name."""

import pytest

from recobro.domain.channel import Channel
from recobro.errors import InvalidInput
from recobro.law.choose import packs_for, relax, tighten
from recobro.law.engine import verdict
from tests.law.scene import BOGOTA, CALENDARS, CO, MEXICO, PACKS, at, colombian, mexican, past


def test_a_country_and_its_place_bind_together() -> None:
    assert [p.id for p in packs_for(PACKS, "MX")] == ["MX"]
    assert [p.id for p in packs_for(PACKS, "us", "ma")] == ["US", "US-MA"]
    assert [p.id for p in packs_for(PACKS, "US", "US-NY")] == ["US", "US-NYC"]
    assert {p.id for p in packs_for(PACKS, "US")} == {"US", "US-MA", "US-NYC", "US-DC", "US-WA", "US-FL"}


def test_asking_twice_gives_the_same_packs_so_that_what_was_worked_out_is_kept() -> None:
    assert all(a is b for a, b in zip(packs_for(PACKS, "BR"), packs_for(PACKS, "BR"), strict=True))


def test_an_overlay_is_no_country() -> None:
    assert [p.id for p in packs_for(PACKS, "US-MA")] == ["strict"]


def test_without_a_strict_default_an_unknown_country_is_bad_input() -> None:
    with pytest.raises(InvalidInput, match="TW"):
        packs_for({"CO": PACKS["CO"]}, "TW")


def test_a_clients_tighter_hours_hold_beside_the_law() -> None:
    packs = (*CO, tighten({"windows": [{"mon_fri": ["09:00", "17:00"]}]}))
    refusal = verdict(packs, CALENDARS, colombian(), [], at("2026-11-24 08:00"))
    assert refusal is not None
    assert (refusal.rule, refusal.source) == ("client-windows-1", "client file (our own caution, not law)")
    assert verdict(packs, CALENDARS, colombian(), [], at("2026-11-24 09:02")) is None


def test_a_client_cannot_widen_the_law_by_tightening_it() -> None:
    packs = (*CO, tighten({"windows": [{"mon_fri": ["00:00", "24:00"], "sun": ["00:00", "24:00"]}]}))
    refusal = verdict(packs, CALENDARS, colombian(), [], at("2026-11-22 12:00"))
    assert refusal is not None
    assert refusal.rule == "co-hours"


def test_a_clients_limits_bind_companies_and_early_reminders_too() -> None:
    packs = (tighten({"caps": [{"at_most": 1, "rolling_days": 7}]}),)
    company = colombian(zones=(BOGOTA,), debtor="commercial", stage="pre_due")
    assert verdict(packs, {}, company, [past(at("2026-11-20 10:00"))], at("2026-11-24 10:00")) is not None


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"windos": []}, "limits.windos"),
        ({"windows": {}}, "limits.windows"),
        ({"windows": ["09:00"]}, "limits.windows"),
        ({"windows": [{"mon_fri": ["17:00", "09:00"]}]}, "client-windows-1.mon_fri"),
        ({"caps": [{"at_most": 1}]}, "client-caps-1.rolling_days"),
        ({"caps": [{"max": 1, "calendar": "day"}]}, "client-caps-1.max"),
        ({"exempt": []}, "limits.exempt"),
    ],
)
def test_a_malformed_limit_is_named(limits: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        tighten(limits)
    assert caught.value.field == field
    assert caught.value.fix


def test_our_own_caution_may_be_dropped_by_name() -> None:
    night = at("2026-11-22 12:00", MEXICO)
    assert verdict((PACKS["MX"],), CALENDARS, mexican(), [], night) is not None
    assert verdict((relax(PACKS["MX"], drop=("mx-policy-hours",)),), CALENDARS, mexican(), [], night) is None


@pytest.mark.parametrize(
    "change",
    [
        {"drop": ("mx-hours",)},
        {"drop": ("mx-contact-points",)},
        {"drop": ("no-such-rule",)},
        {"at_most": {"mx-policy-hours": 3}},
        {"at_most": {"mx-policy-day": 0}},
        {"credit_back_definite_failures": True},
    ],
)
def test_law_is_never_relaxed_nor_caution_by_mistake(change: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        relax(PACKS["MX"], **change)  # type: ignore[arg-type]


def test_the_number_of_an_enacted_cap_is_not_the_clients_to_choose() -> None:
    with pytest.raises(InvalidInput, match="is law"):
        relax(PACKS["CO"], at_most={"co-day": 2})


def test_a_client_may_close_a_channel() -> None:
    packs = (*CO, tighten({"channel_rules": [{"channels": ["voice", "voice_auto"]}]}))
    refusal = verdict(packs, CALENDARS, colombian(channel=Channel.VOICE_AUTO), [], at("2026-11-24 10:00"))
    assert refusal is not None
    assert refusal.rule == "client-channel_rules-1"
