"""The shapes that other countries' laws have and Mexico's and Colombia's do not, each on its own pack."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from recobro.domain.channel import Channel, Kind
from recobro.law.choose import packs_for
from recobro.law.contact import Intended, PastContact, Rung
from recobro.law.engine import refusals, verdict
from tests.law.scene import ALL_CHANNELS, CALENDARS, PACKS, at, colombian, past

ZONES = {
    "CL": "America/Santiago",
    "PE": "America/Lima",
    "BR": "America/Sao_Paulo",
    "AR": "America/Argentina/Buenos_Aires",
    "EC": "America/Guayaquil",
    "US": "America/Chicago",
    "ES": "Europe/Madrid",
    "GB": "Europe/London",
}


def person(country: str, **changes: Any) -> Intended:
    base = replace(colombian(), country=country, zones=(ZONES[country],), provenance="debtor")
    return replace(base, **changes)


def rule(when: str, intended: Intended, *history: PastContact) -> str:
    packs = packs_for(PACKS, intended.country, intended.subdivision)
    refusal = verdict(packs, CALENDARS, intended, history, at(when, intended.zones[0]))
    return refusal.rule if refusal else ""


@pytest.mark.parametrize("country", sorted(ZONES))
def test_a_weekday_at_eleven_is_fine_everywhere_and_midnight_nowhere(country: str) -> None:
    assert rule("2026-06-10 11:00", person(country)) == ""
    assert rule("2026-06-17 00:00", person(country)) != ""


def test_chile_counts_calls_and_visits_in_one_bucket_and_messages_in_another() -> None:
    call = past(at("2026-06-15 11:00", ZONES["CL"]), channel=Channel.VOICE)
    assert rule("2026-06-17 11:00", person("CL", channel=Channel.VISIT), call) == "cl-phone-visit"
    assert rule("2026-06-17 11:00", person("CL"), call) == ""


def test_chile_leaves_two_full_days_between_messages() -> None:
    message = past(at("2026-06-15 19:00", ZONES["CL"]))  # a Monday
    assert rule("2026-06-17 11:00", person("CL"), message) == "cl-gap"
    assert rule("2026-06-18 08:02", person("CL"), message) == ""


def test_chile_counts_what_the_creditor_did() -> None:
    call = past(at("2026-06-15 11:00", ZONES["CL"]), channel=Channel.VOICE, by="creditor")
    assert rule("2026-06-17 11:00", person("CL", channel=Channel.VOICE), call) == "cl-phone-visit"


def test_chile_keeps_reminders_out_of_the_buckets_but_inside_the_hours() -> None:
    reminder = past(at("2026-06-15 11:00", ZONES["CL"]), kind=Kind.REMINDER_PRE_DUE)
    early = person("CL", kind=Kind.REMINDER_PRE_DUE, stage="pre_due")
    assert rule("2026-06-16 11:00", early, reminder) == ""
    assert rule("2026-06-16 21:00", early) == "cl-message-hours"
    assert rule("2026-06-16 11:00", person("CL"), reminder) == ""


def test_chile_stops_once_the_creditor_was_paid() -> None:
    assert (
        rule("2026-06-17 11:00", person("CL", events=frozenset({"paid_to_creditor"})))
        == "cl-stop-paid-creditor"
    )


@pytest.mark.parametrize("country", ["PE", "EC"])
def test_peru_and_ecuador_rest_on_saturday(country: str) -> None:
    assert rule("2026-06-20 11:00", person(country)).startswith(country.lower())


def test_ecuador_binds_agencies_by_the_letter_and_creditors_by_caution() -> None:
    creditor = person("EC", acts_as="first_party")
    refusal = verdict(packs_for(PACKS, "EC"), CALENDARS, creditor, [], at("2026-06-20 11:00", ZONES["EC"]))
    assert refusal is not None
    assert "does not bind first_party" in refusal.source


def test_sao_paulo_has_its_own_hours_for_calls_and_brazils_caution_for_messages() -> None:
    saturday = "2026-06-20 11:00"
    assert rule(saturday, person("BR", channel=Channel.VOICE, subdivision="SP")) == ""
    assert rule(saturday, person("BR", subdivision="BR-SP")) == "br-policy-hours"
    assert rule(saturday, person("BR", channel=Channel.VOICE, subdivision="MG")) != ""


def test_a_countrys_caution_holds_until_the_state_speaks_and_again_when_it_falls_silent() -> None:
    call = person("BR", channel=Channel.VOICE, subdivision="RJ")
    country, state = packs_for(PACKS, "BR", "RJ")
    begun, ended = date(2026, 6, 16), date(2026, 6, 18)
    short = state.but(windows=tuple(hours.but(since=begun, to=ended) for hours in state.windows))
    said = []
    for day in (15, 16, 18, 19):
        found = verdict((country, short), CALENDARS, call, (), at(f"2026-06-{day} 20:00", call.zones[0]))
        said.append(found.rule if found else "")
    assert said == ["br-policy-hours", "br-rj-hours", "br-rj-hours", "br-policy-hours"]


def test_an_unknown_state_has_every_states_rule_at_once() -> None:
    call = person("BR", channel=Channel.VOICE)
    assert rule("2026-06-17 08:30", call) == "br-policy-hours"
    assert rule("2026-06-17 09:02", call) == ""


def test_an_overlay_never_relaxes_what_its_country_enacted() -> None:
    washington = person("US", subdivision="WA", channel=Channel.VOICE)
    assert rule("2026-06-17 07:45", washington) == "us-hours"


def test_seven_calls_in_seven_days_about_each_debt() -> None:
    call = person("US", channel=Channel.VOICE, subdivision="FL", debts=("d1",))
    calls = [
        past(at(f"2026-06-{day} 10:00", ZONES["US"]), channel=Channel.VOICE, rung=Rung.CONNECTED)
        for day in (11, 12, 13, 14, 15, 16, 17)
    ]
    assert rule("2026-06-17 15:00", call, *calls) == "us-7in7"
    assert rule("2026-06-18 15:00", call, *calls) == ""
    assert rule("2026-06-17 15:00", replace(call, debts=("d2",)), *calls) == ""
    assert rule("2026-06-17 15:00", replace(call, debts=("d2", "d1")), *calls) == "us-7in7"
    assert (
        rule("2026-06-17 15:00", call, *calls[1:], replace(calls[0], outcome="busy", rung=Rung.ATTEMPT)) == ""
    )


def test_a_talk_on_monday_means_the_next_call_is_on_monday() -> None:
    talk = past(at("2026-06-15 10:00", ZONES["US"]), channel=Channel.VOICE, rung=Rung.CONVERSATION)
    call = person("US", channel=Channel.VOICE, subdivision="FL")
    assert rule("2026-06-21 11:00", call, talk) == "us-conversation"
    assert rule("2026-06-22 11:00", call, talk) == ""
    assert rule("2026-06-17 11:00", replace(call, kind=Kind.CONSENTED_CALLBACK), talk) == ""


def test_a_talk_that_the_debtor_began_rests_the_phone_as_well() -> None:
    talk = past(
        at("2026-06-15 10:00", ZONES["US"]), channel=Channel.VOICE, rung=Rung.CONVERSATION, by="debtor"
    )
    call = person("US", channel=Channel.VOICE, subdivision="FL")
    for kind in (Kind.COLLECTION, Kind.REPLY_TO_INBOUND, Kind.CONSENTED_CALLBACK):
        assert rule("2026-06-17 11:00", call, replace(talk, kind=kind)) == "us-conversation"


@pytest.mark.parametrize("channel", [Channel.VOICE_AUTO, Channel.SMS])
def test_a_machine_asks_before_it_calls_or_texts_a_companys_phone_in_the_united_states(
    channel: Channel,
) -> None:
    company = person("US", channel=channel, subdivision="FL", debtor="commercial", authorised=frozenset())
    assert rule("2026-06-17 11:00", company).startswith("us-tcpa")
    assert rule("2026-06-17 11:00", replace(company, authorised=ALL_CHANNELS)) == ""


def test_massachusetts_counts_texts_with_calls() -> None:
    history = [past(at(f"2026-06-{day} 10:00", ZONES["US"])) for day in (15, 16)]
    call = person("US", channel=Channel.VOICE, subdivision="MA", line="mobile")
    assert rule("2026-06-17 11:00", call, *history) == "us-ma-2in7"
    assert rule("2026-06-17 11:00", replace(call, subdivision="FL"), *history) == ""


def test_a_state_that_is_not_encoded_has_the_strictest_that_is() -> None:
    text = person("US", subdivision="CA", authorised=ALL_CHANNELS - {Channel.EMAIL})
    history = [past(at(f"2026-06-{day} 10:00", ZONES["US"])) for day in (15, 16)]
    assert rule("2026-06-17 11:00", text, *history) == "us-ma-2in7"


def test_prerecorded_calls_to_a_home_without_consent_are_three_in_thirty_days() -> None:
    history = [
        past(
            at(f"2026-06-{day} 10:00", ZONES["US"]),
            channel=Channel.VOICE_AUTO,
            point="p1",
            outcome="no_answer",
        )
        for day in ("01", "05", "09")
    ]
    robot = person(
        "US", channel=Channel.VOICE_AUTO, subdivision="FL", line="home", point="p1", authorised=frozenset()
    )
    packs = packs_for(PACKS, "US", "FL")
    assert rule("2026-06-17 11:00", robot, *history) == "us-tcpa-voice"  # consent is asked first
    seen = refusals(packs, CALENDARS, robot, history, at("2026-06-17 11:00", ZONES["US"]))
    assert "us-tcpa-landline" in {refusal.rule for refusal in seen}
    other = refusals(
        packs, CALENDARS, replace(robot, point="p2"), history, at("2026-06-17 11:00", ZONES["US"])
    )
    assert "us-tcpa-landline" not in {refusal.rule for refusal in other}


def test_new_yorks_rule_begins_on_its_day() -> None:
    history = [past(at(f"2026-08-{day} 10:00", ZONES["US"]), channel=Channel.EMAIL) for day in (27, 28, 29)]
    history += [past(at("2026-08-30 10:00", ZONES["US"]), channel=Channel.VOICE, rung=Rung.CONNECTED)]
    call = person("US", channel=Channel.VOICE, subdivision="NYC", line="mobile")
    assert rule("2026-08-31 11:00", call, *history) == ""
    assert rule("2026-09-01 11:00", call, *history) == "us-nyc-3in7"


def test_floridas_e_mail_rule_ended_on_its_day() -> None:
    mail = person("US", channel=Channel.EMAIL, subdivision="FL", waivers=frozenset({"debtor_consent"}))
    assert rule("2025-05-15 22:00", mail) == "us-fl-hours-email"
    assert rule("2025-05-16 22:00", mail) == ""


def test_breathing_space_is_silence() -> None:
    assert (
        rule("2026-06-17 11:00", person("GB", events=frozenset({"breathing_space"})))
        == "gb-stop-breathing-space"
    )


def test_a_work_line_in_britain_only_on_request() -> None:
    assert rule("2026-06-17 11:00", person("GB", line="work")) == "gb-workplace"
    assert rule("2026-06-17 11:00", person("GB", line="work", waivers=frozenset({"debtor_request"}))) == ""


def test_a_region_of_spain_has_its_own_holidays_and_an_unknown_region_all_of_them() -> None:
    san_jorge = "2026-04-23 11:00"  # Aragón and Castilla y León, a Thursday
    assert rule(san_jorge, person("ES", subdivision="AR")) == "es-policy-hours"
    assert rule(san_jorge, person("ES", subdivision="MD")) == ""
    assert rule(san_jorge, person("ES")) == "es-policy-hours"


def test_a_rule_that_begins_on_one_clock_names_nobody_on_another() -> None:
    spouse = person("EC", role="spouse", zones=("America/Guayaquil", "Pacific/Galapagos"))
    packs = packs_for(PACKS, "EC")

    def refused(when: str) -> set[str]:
        return {one.rule for one in refusals(packs, CALENDARS, spouse, (), at(when, ZONES["EC"]))}

    assert {"recipient", "ec-spouse"} <= refused("2022-02-01 00:25")  # still January on the islands
    assert "recipient" not in refused("2022-02-01 01:25")
