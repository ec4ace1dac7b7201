"""What Ley 2300 de 2023 ("dejen de fregar") promises a debtor in Colombia."""

import pytest

from recobro.domain.channel import Channel, Kind
from recobro.law.answer import Never
from recobro.law.choose import relax
from recobro.law.contact import Duty, Intended, PastContact, Rung
from recobro.law.engine import next_permitted, verdict
from recobro.law.pack import Pack
from tests.law.scene import CALENDARS, CO, PACKS, at, colombian, past, seconds


def rule(
    text: str,
    intended: Intended | None = None,
    history: tuple[PastContact, ...] = (),
    packs: tuple[Pack, ...] = CO,
) -> str:
    refusal = verdict(packs, CALENDARS, intended or colombian(), history, at(text))
    return refusal.rule if refusal else ""


@pytest.mark.parametrize(
    ("when", "allowed"),
    [
        ("2026-11-24 07:01", False),
        ("2026-11-24 07:02", True),
        ("2026-11-24 18:57", True),
        ("2026-11-24 18:58", False),
        ("2026-11-24 19:00", False),
        ("2026-11-21 08:01", False),
        ("2026-11-21 08:02", True),
        ("2026-11-21 14:57", True),
        ("2026-11-21 14:58", False),
    ],
)
def test_weekdays_from_seven_to_seven_and_saturdays_from_eight_to_three(when: str, *, allowed: bool) -> None:
    assert rule(when) == ("" if allowed else "co-hours")


@pytest.mark.parametrize("channel", list(Channel))
def test_no_contact_of_any_type_on_sundays(channel: Channel) -> None:
    assert rule("2026-11-22 10:00", colombian(channel=channel, waivers=frozenset({"x"}))) in (
        "co-hours",
        "co-no-visits",
    )


@pytest.mark.parametrize("day", ["2026-01-12", "2026-04-03", "2026-07-20", "2026-12-08", "2026-12-25"])
def test_no_contact_of_any_type_on_holidays_even_those_moved_to_monday(day: str) -> None:
    assert rule(f"{day} 10:00") == "co-hours"


def test_the_article_is_named_and_the_end_of_the_wait_is_exact() -> None:
    refusal = verdict(
        CO, CALENDARS, colombian(), [], at("2026-11-14 15:00")
    )  # Saturday; Monday 16 is a holiday
    assert refusal is not None
    assert refusal.source.startswith("Ley 2300 de 2023, art. 3")
    assert refusal.until == at("2026-11-17 07:02")


@pytest.mark.parametrize("first", [Channel.EMAIL, Channel.VOICE, Channel.LETTER, Channel.SMS])
def test_once_a_day_over_all_channels(first: Channel) -> None:
    history = (past(at("2026-11-24 08:00"), channel=first),)
    assert rule("2026-11-24 18:00", colombian(channel=first), history) == "co-day"


def test_the_day_begins_anew_at_local_midnight() -> None:
    history = (past(at("2026-11-23 18:50")),)
    answer = next_permitted(CO, CALENDARS, colombian(), history, at("2026-11-23 18:55"))
    assert answer.at == at("2026-11-24 07:02")  # type: ignore[union-attr]


def test_an_unanswered_call_is_a_contact() -> None:
    call = past(at("2026-11-24 08:00"), channel=Channel.VOICE, rung=Rung.CONNECTED, outcome="no_answer")
    assert rule("2026-11-24 15:00", colombian(channel=Channel.VOICE), (call,)) == "co-day"


def test_a_claim_that_the_carrier_never_took_is_no_contact() -> None:
    assert rule("2026-11-24 15:00", history=(past(at("2026-11-24 08:00"), rung=Rung.RELEASED),)) == ""


def test_a_send_whose_fate_nobody_knows_is_a_contact() -> None:
    assert rule("2026-11-24 15:00", history=(past(at("2026-11-24 08:00"), rung=Rung.SENT),)) == "co-day"


def test_another_channel_has_to_wait_a_week() -> None:
    history = (past(at("2026-11-17 18:00"), channel=Channel.EMAIL),)
    assert rule("2026-11-23 18:00", history=history) == "co-lock"
    assert rule("2026-11-23 18:00", colombian(channel=Channel.EMAIL), history) == ""
    assert rule("2026-11-24 07:02", history=history) == ""  # the eighth local date


def test_the_lock_says_which_channel_is_still_open() -> None:
    history = [past(at("2026-11-17 18:00"), channel=Channel.EMAIL)]
    refusal = verdict(CO, CALENDARS, colombian(), history, at("2026-11-20 10:00"))
    assert refusal is not None
    assert refusal.until == at("2026-11-24 00:00")
    assert refusal.change == "email instead"


def test_a_call_and_a_message_on_the_same_number_are_two_channels() -> None:
    history = (past(at("2026-11-23 09:00"), channel=Channel.VOICE),)
    assert rule("2026-11-24 09:00", history=history) == "co-lock"


def test_the_same_channel_three_times_in_seven_days_unless_the_client_chose_otherwise() -> None:
    history = tuple(past(at(f"2026-11-{day} 09:00")) for day in (18, 20, 23))
    assert rule("2026-11-24 09:00", history=history) == "co-same-channel-week"
    assert rule("2026-11-25 09:00", history=history) == ""
    chosen = (relax(PACKS["CO"], at_most={"co-same-channel-week": 5}),)
    assert rule("2026-11-24 09:00", history=history, packs=chosen) == ""


def test_the_creditors_own_contact_counts_against_us() -> None:
    for by in ("creditor", "other_agency"):
        assert rule("2026-11-24 15:00", history=(past(at("2026-11-24 08:00"), by=by),)) == "co-day"


def test_two_creditors_of_one_agency_share_the_day() -> None:
    assert rule("2026-11-24 15:00", history=(past(at("2026-11-24 08:00"), creditor="other"),)) == "co-day"


def test_what_the_debtor_begins_does_not_count_against_them() -> None:
    assert rule("2026-11-24 15:00", history=(past(at("2026-11-24 08:00"), by="debtor"),)) == ""


def test_a_bounce_burns_the_day_unless_counsel_approved_crediting_it_back() -> None:
    bounce = past(at("2026-11-24 08:00"), channel=Channel.EMAIL, rung=Rung.ATTEMPT, outcome="hard_bounce")
    assert rule("2026-11-24 15:00", history=(bounce,)) == "co-lock"
    approved = (relax(PACKS["CO"], credit_back_definite_failures=True, counsel="N. N., 2026-11-02"),)
    assert rule("2026-11-24 15:00", history=(bounce,), packs=approved) == ""
    silent = past(at("2026-11-24 08:00"), channel=Channel.VOICE, outcome="no_answer")
    assert rule("2026-11-24 15:00", history=(silent,), packs=approved) == "co-lock"


def test_only_channels_that_the_person_authorised() -> None:
    some = colombian(authorised=frozenset({Channel.EMAIL}))
    refusal = verdict(CO, CALENDARS, some, [], at("2026-11-24 10:00"))
    assert refusal is not None
    assert refusal.rule == "co-authorised-channels"
    assert refusal.change == "a recorded authorisation for sms"
    assert (
        rule("2026-11-24 10:00", colombian(channel=Channel.EMAIL, authorised=frozenset({Channel.EMAIL})))
        == ""
    )


@pytest.mark.parametrize("origin", ["creditor", "skip_trace", "reference", "unknown"])
def test_only_contact_points_that_the_person_authorised(origin: str) -> None:
    assert rule("2026-11-24 10:00", colombian(provenance=origin)) == "co-contact-points"


def test_waiting_will_not_authorise_a_channel() -> None:
    answer = next_permitted(CO, CALENDARS, colombian(authorised=frozenset()), [], at("2026-11-24 10:00"))
    assert isinstance(answer, Never)
    assert answer.refusal.rule == "co-authorised-channels"


def test_a_receipt_goes_out_at_once_on_a_sunday_night() -> None:
    receipt = colombian(kind=Kind.PAYMENT_RECEIPT, authorised=frozenset())
    assert rule("2026-11-22 23:59", receipt, (past(at("2026-11-22 10:00"), channel=Channel.EMAIL),)) == ""


def test_requested_information_goes_at_once_but_by_an_authorised_channel() -> None:
    asked = colombian(kind=Kind.INFO_REQUESTED)
    assert rule("2026-11-22 23:59", asked) == ""
    assert (
        rule("2026-11-22 23:59", colombian(kind=Kind.INFO_REQUESTED, authorised=frozenset()))
        == "co-authorised-channels"
    )


def test_a_receipt_neither_uses_up_the_day_nor_locks_a_channel() -> None:
    receipt = past(at("2026-11-24 08:00"), channel=Channel.EMAIL, kind=Kind.PAYMENT_RECEIPT)
    assert rule("2026-11-24 15:00", history=(receipt,)) == ""


def test_a_reminder_before_the_due_date_is_collection_here_and_uses_up_the_day() -> None:
    early = colombian(kind=Kind.REMINDER_PRE_DUE, stage="pre_due")
    assert rule("2026-11-22 10:00", early) == "co-hours"
    reminder = past(at("2026-11-24 08:00"), kind=Kind.REMINDER_PRE_DUE)
    assert rule("2026-11-24 15:00", history=(reminder,)) == "co-day"


def test_other_hours_only_if_the_person_asked_in_an_instrument_of_its_own_and_never_at_night() -> None:
    asked = colombian(waivers=frozenset({"separate_instrument_after_contract"}))
    assert rule("2026-11-22 20:00", asked) == ""
    assert rule("2026-11-22 23:00", asked) == "co-policy-night"
    assert rule("2026-11-22 20:00", colombian(waivers=frozenset({"debtor_request"}))) == "co-hours"


def test_nobody_is_visited_without_express_authorisation_for_rural_or_micro_credit() -> None:
    visit = colombian(channel=Channel.VISIT)
    assert rule("2026-11-24 10:00", visit) == "co-no-visits"
    rural = colombian(
        channel=Channel.VISIT, waivers=frozenset({"microcredit_or_rural_with_express_authorisation"})
    )
    assert rule("2026-11-24 10:00", rural) == ""


def test_a_withdrawn_channel_is_closed_at_once() -> None:
    assert (
        rule("2026-11-24 10:00", colombian(events=frozenset({"channel_authorisation_revoked"})))
        == "co-stop-channel-revoked"
    )


def test_an_opt_out_still_lets_its_confirmation_through() -> None:
    out = frozenset({"opt_out"})
    assert rule("2026-11-24 10:00", colombian(events=out)) == "co-stop-opt-out"
    assert rule("2026-11-24 22:00", colombian(events=out, kind=Kind.OPTOUT_CONFIRMATION)) == ""


def test_references_and_work_lines_are_never_used() -> None:
    assert rule("2026-11-24 10:00", colombian(role="reference")) == "co-reference"
    assert rule("2026-11-24 10:00", colombian(line="work")) == "co-workplace"


def test_a_duty_keeps_the_slot_until_it_is_done_or_its_time_is_over() -> None:
    deadline = at("2026-11-25 12:00")
    duties = (Duty("co-bureau-notice", deadline),)
    refusal = verdict(CO, CALENDARS, colombian(), [], at("2026-11-24 10:00"), duties=duties)
    assert refusal is not None
    assert (refusal.rule, refusal.until) == ("co-day", deadline)
    notice = colombian(kind=Kind.DUTY_NOTICE)
    assert verdict(CO, CALENDARS, notice, [], at("2026-11-24 10:00"), duties=duties) is None
    assert verdict(CO, CALENDARS, colombian(), [], deadline, duties=duties) is None


def test_a_duty_on_other_channels_keeps_no_slot_here() -> None:
    duties = (Duty("d", at("2026-11-25 12:00"), frozenset({Channel.LETTER})),)
    pack = relax(PACKS["CO"], drop=())
    assert (
        verdict((pack,), CALENDARS, colombian(), [], at("2026-11-24 10:00"), duties=duties) is not None
    )  # co-day is over all


def test_a_year_whose_holidays_nobody_knows_is_closed() -> None:
    refusal = verdict(CO, CALENDARS, colombian(), [], at("2036-03-04 10:00"))
    assert refusal is not None
    assert (refusal.rule, refusal.until) == ("calendar.unknown", None)
    assert refusal.detail == "CO 2036"


def test_a_missing_calendar_closes_every_day() -> None:
    refusal = verdict(CO, {}, colombian(), [], at("2026-11-24 10:00"))
    assert refusal is not None
    assert refusal.rule == "calendar.unknown"


def test_before_the_law_came_into_force_it_bound_nobody() -> None:
    assert rule("2023-10-08 10:00") == ""  # a Sunday
    assert rule("2023-10-15 10:00") == "co-hours"


def test_the_last_second_of_the_week_still_locks() -> None:
    history = [past(at("2026-11-17 00:00"), channel=Channel.EMAIL)]
    midnight = at("2026-11-24 00:00")
    always = (relax(PACKS["CO"], drop=("co-policy-night",)),)
    asked = colombian(waivers=frozenset({"separate_instrument_after_contract"}))
    assert verdict(always, CALENDARS, asked, history, midnight - seconds(1)) is not None
    assert verdict(always, CALENDARS, asked, history, midnight) is None
