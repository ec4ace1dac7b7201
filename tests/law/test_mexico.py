"""What Mexican law, and our own caution beside it, promise a debtor in Mexico."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recobro.domain.channel import Channel, Kind
from recobro.law.choose import relax
from recobro.law.contact import Intended, PastContact
from recobro.law.engine import next_permitted, refusals, verdict
from tests.law.scene import CALENDARS, MEXICO, MX, PACKS, TIJUANA, at, mexican, past, seconds

ENACTED = (relax(PACKS["MX"], drop=("mx-policy-hours", "mx-policy-day", "mx-policy-week")),)
"""Mexico without our caution: what the text alone says."""


def rule(
    text: str, intended: Intended | None = None, history: tuple[PastContact, ...] = (), *, law: object = MX
) -> str:
    packs = MX if law is MX else ENACTED
    refusal = verdict(packs, CALENDARS, intended or mexican(), history, at(text, MEXICO))
    return refusal.rule if refusal else ""


def test_an_ordinary_morning_is_permitted() -> None:
    assert rule("2026-11-24 10:00") == ""


def test_at_ten_at_night_nobody_is_contacted_and_two_minutes_before_neither() -> None:
    assert rule("2026-11-24 21:57", law=ENACTED) == ""
    assert rule("2026-11-24 21:58", law=ENACTED) == "mx-hours"
    assert rule("2026-11-24 22:00", law=ENACTED) == "mx-hours"
    assert rule("2026-11-24 23:30", law=ENACTED) == "mx-hours"


def test_the_day_opens_two_minutes_after_seven() -> None:
    assert rule("2026-11-24 07:01", law=ENACTED) == "mx-hours"
    assert rule("2026-11-24 07:02", law=ENACTED) == ""


def test_the_margin_is_exact_to_the_second() -> None:
    closes = at("2026-11-24 21:58", MEXICO)
    assert verdict(ENACTED, CALENDARS, mexican(), [], closes - seconds(1)) is None
    assert verdict(ENACTED, CALENDARS, mexican(), [], closes) is not None
    assert (
        verdict(
            ENACTED, CALENDARS, mexican(), [], at("2026-11-24 22:00", MEXICO) - seconds(1), margin=seconds(0)
        )
        is None
    )


def test_the_text_names_no_weekday_so_only_our_caution_keeps_sundays_free() -> None:
    assert rule("2026-11-22 12:00", law=ENACTED) == ""
    assert rule("2026-11-22 12:00") == "mx-policy-hours"


def test_a_caution_says_that_it_is_not_law() -> None:
    refusal = verdict(MX, CALENDARS, mexican(), [], at("2026-11-22 12:00", MEXICO))
    assert refusal is not None
    assert "our own caution, not law" in refusal.source


def test_an_enacted_rule_names_where_it_stands() -> None:
    refusal = verdict(ENACTED, CALENDARS, mexican(), [], at("2026-11-22 23:00", MEXICO))
    assert refusal is not None
    assert "DOF 7-oct-2014" in refusal.source
    assert refusal.until == at("2026-11-23 07:02", MEXICO)


def test_who_asked_for_other_hours_may_be_contacted_on_sunday_but_never_at_night() -> None:
    asked = mexican(waivers=frozenset({"debtor_request"}))
    assert rule("2026-11-22 12:00", asked) == ""
    assert rule("2026-11-22 22:30", asked) == "mx-hours"


def test_holidays_are_free_by_our_caution() -> None:
    assert rule("2026-11-16 12:00") == "mx-policy-hours"  # Revolution Day, a Monday
    assert rule("2026-11-16 12:00", law=ENACTED) == ""


@pytest.mark.parametrize("origin", ["skip_trace", "reference", "unknown", "bought_list"])
def test_a_phone_that_nobody_entitled_gave_is_never_used(origin: str) -> None:
    assert rule("2026-11-24 10:00", mexican(provenance=origin)) == "mx-contact-points"


@pytest.mark.parametrize("origin", ["creditor", "debtor", "debtor_authorised", "guarantor", "joint_obligor"])
def test_a_phone_that_creditor_debtor_or_obligor_gave_may_be_used(origin: str) -> None:
    assert rule("2026-11-24 10:00", mexican(provenance=origin)) == ""


def test_a_wrong_phone_is_no_matter_of_waiting() -> None:
    refusal = verdict(MX, CALENDARS, mexican(provenance="skip_trace"), [], at("2026-11-24 10:00", MEXICO))
    assert refusal is not None
    assert refusal.until is None
    assert "creditor" in refusal.change


@pytest.mark.parametrize("who", ["reference", "spouse", "minor", "neighbour"])
def test_third_parties_are_never_contacted(who: str) -> None:
    assert rule("2026-11-24 10:00", mexican(role=who)) in (
        "mx-reference",
        "mx-spouse",
        "mx-minor",
        "recipient",
    )


@pytest.mark.parametrize("who", ["codebtor", "guarantor"])
def test_who_also_owes_may_be_contacted_under_the_same_rules(who: str) -> None:
    assert rule("2026-11-24 10:00", mexican(role=who)) == ""
    assert rule("2026-11-24 23:00", mexican(role=who)) == "mx-hours"


def test_a_work_line_is_used_only_if_the_debtor_gave_it() -> None:
    assert rule("2026-11-24 10:00", mexican(line="work", provenance="creditor")) == "mx-workplace"
    assert rule("2026-11-24 10:00", mexican(line="work", provenance="debtor")) == ""


def test_whatsapp_needs_an_opt_in_by_our_caution() -> None:
    without = mexican(channel=Channel.WHATSAPP, authorised=frozenset({Channel.SMS}))
    assert rule("2026-11-24 10:00", without) == "mx-whatsapp-opt-in"
    assert rule("2026-11-24 10:00", replace(without, channel=Channel.EMAIL)) == ""


def test_one_message_a_day_and_four_a_week_by_our_caution() -> None:
    assert rule("2026-11-24 17:00", history=(past(at("2026-11-24 09:00", MEXICO)),)) == "mx-policy-day"
    four = tuple(past(at(f"2026-11-{day} 09:00", MEXICO)) for day in (19, 20, 21, 23))
    assert rule("2026-11-24 09:00", history=four) == "mx-policy-week"
    assert rule("2026-11-26 09:00", history=four) == ""


def test_another_creditors_messages_have_a_bucket_of_their_own() -> None:
    assert rule("2026-11-24 17:00", history=(past(at("2026-11-24 09:00", MEXICO), creditor="other"),)) == ""


@pytest.mark.parametrize("kind", [Kind.PAYMENT_RECEIPT, Kind.REPLY_TO_INBOUND, Kind.AGREEMENT_COPY])
def test_a_receipt_goes_out_at_night_and_on_sunday_and_uses_up_nothing(kind: Kind) -> None:
    assert rule("2026-11-22 23:30", mexican(kind=kind)) == ""
    assert rule("2026-11-24 17:00", history=(past(at("2026-11-24 09:00", MEXICO), kind=kind),)) == ""


def test_a_receipt_still_may_not_go_to_a_number_known_to_be_wrong() -> None:
    wrong = mexican(kind=Kind.PAYMENT_RECEIPT, events=frozenset({"wrong_number"}))
    assert rule("2026-11-24 10:00", wrong) == "mx-stop-wrong-number"


def test_reminders_before_the_due_date_keep_the_hours_and_say_why() -> None:
    early = mexican(kind=Kind.REMINDER_PRE_DUE, stage="pre_due")
    assert rule("2026-11-24 10:00", early) == ""
    refusal = verdict(MX, CALENDARS, early, [], at("2026-11-24 23:00", MEXICO))
    assert refusal is not None
    assert refusal.rule == "mx-hours"
    assert "does not speak of pre_due" in refusal.source


@pytest.mark.parametrize("stage", ["litigation", "insolvency"])
def test_a_debt_in_court_is_for_people(stage: str) -> None:
    assert rule("2026-11-24 10:00", mexican(stage=stage)) == f"mx-{stage}"


def test_a_company_is_written_to_within_hours_and_without_consumer_caps() -> None:
    company = mexican(debtor="commercial", provenance="unknown")
    assert rule("2026-11-24 17:00", company, (past(at("2026-11-24 09:00", MEXICO)),)) == ""
    assert rule("2026-11-24 23:00", company) == "mx-hours"


def test_a_debtor_of_no_known_class_is_protected_as_a_consumer() -> None:
    assert rule("2026-11-24 10:00", mexican(debtor="unknown", provenance="skip_trace")) == "mx-contact-points"
    assert (
        rule("2026-11-24 17:00", mexican(debtor="unknown"), (past(at("2026-11-24 09:00", MEXICO)),))
        == "mx-policy-day"
    )


def test_an_unknown_place_is_tested_on_every_mexican_clock_at_once() -> None:
    nowhere = mexican(zones=())
    assert rule("2026-11-24 09:30", nowhere) == "mx-policy-hours"  # 07:30 in Tijuana
    assert rule("2026-11-24 10:03", nowhere) == ""
    assert rule("2026-11-24 19:30", nowhere) == "mx-policy-hours"  # 20:30 in Cancún


def test_the_hour_is_the_debtors_and_not_the_companys() -> None:
    assert rule("2026-11-24 09:30", mexican(zones=(TIJUANA,))) == "mx-policy-hours"  # 07:30 in Tijuana
    assert rule("2026-11-24 10:05", mexican(zones=(TIJUANA,))) == ""


def test_tijuana_changes_its_clocks_and_mexico_city_does_not() -> None:
    for day, opens in (("2026-03-07", "17:02"), ("2026-03-09", "15:02")):
        start = at(f"{day} 05:00", TIJUANA)
        answer = next_permitted(MX, CALENDARS, mexican(zones=(TIJUANA,)), [], start)
        assert answer.at.strftime("%H:%M") == opens  # type: ignore[union-attr]


def test_an_event_that_no_rule_names_stops_everything_until_somebody_looks() -> None:
    assert rule("2026-11-24 10:00", mexican(events=frozenset({"meteorite"}))) == "event.unknown"


def test_explain_sees_every_rule_that_refuses_and_not_only_the_first() -> None:
    wrong = mexican(provenance="skip_trace", line="work")
    seen = refusals(
        MX, CALENDARS, wrong, [past(at("2026-11-22 01:00", MEXICO))], at("2026-11-22 23:30", MEXICO)
    )
    assert [r.rule for r in seen] == [
        "mx-workplace",
        "mx-contact-points",
        "mx-hours",
        "mx-policy-hours",
        "mx-policy-day",
    ]


def test_a_time_without_a_zone_is_refused_as_bad_input() -> None:
    with pytest.raises(Exception, match="time zone"):
        verdict(MX, CALENDARS, mexican(), [], at("2026-11-24 10:00").replace(tzinfo=None))


def test_the_wait_is_named_by_the_rule_that_ends_last() -> None:
    history = [past(at("2026-11-20 09:00", MEXICO))]  # a Friday; Saturday closes at 15:00
    answer = next_permitted(MX, CALENDARS, mexican(), history, at("2026-11-20 21:00", MEXICO))
    assert answer.at == at("2026-11-21 09:02", MEXICO)  # type: ignore[union-attr]
    assert answer.held_by is not None  # type: ignore[union-attr]
    assert answer.held_by.rule == "mx-policy-hours"  # type: ignore[union-attr]


def test_waiting_does_not_help_beyond_the_horizon() -> None:
    answer = next_permitted(
        MX, CALENDARS, mexican(), [], at("2026-11-21 16:00", MEXICO), horizon=timedelta(hours=5)
    )
    assert answer.refusal.rule == "mx-policy-hours"  # type: ignore[union-attr]
