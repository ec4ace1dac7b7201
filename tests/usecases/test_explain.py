"""`explain` answers why somebody was or wasn't contacted, with the article and the least that would change it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.episode import Episode, Mark
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.playbook import Switches
from recobro.usecases.explain import Explained, Way, explained
from tests import sample
from tests.sample import MONDAY_NOON_MX


def explain(
    debtor: Debtor,
    now: datetime = MONDAY_NOON_MX,
    switches: Switches = Switches(),  # noqa: B008 - immutable
) -> Explained:
    return explained(debtor, sample.playbook(), now, switches)


def way(found: Explained, channel: Channel) -> Way:
    return next(one for one in found.voices[0].ways if one.channel is channel)


def contacted_at(at: datetime) -> ContactAttempt:
    """By the creditor itself, as its own file reports it."""
    return ContactAttempt(
        id="c1",
        step=StepKey(0, "", "reported"),
        number=1,
        creditor="muebles",
        channel=Channel.VOICE,
        point="p1",
        claimed_at=at,
        claim_id="c",
        send_by=at,
        status=AttemptStatus.SENT,
        debts=("muebles/A1",),
        by="creditor",
    )


def with_step_done(debtor: Debtor) -> Debtor:
    mark = Mark("early.first", "sent", MONDAY_NOON_MX)
    return replace(debtor, episodes=(Episode(1, "muebles", "MXN", MONDAY_NOON_MX, marks=(mark,)),))


def test_somebody_who_may_be_written_to_is_shown_the_open_way() -> None:
    found = explain(sample.debtor())
    assert found.result == "contact"
    assert way(found, Channel.SMS).refusals == ()
    assert way(found, Channel.SMS).opens_at == MONDAY_NOON_MX
    assert found.change == ()


def test_at_night_the_window_is_named_with_its_article_and_its_end() -> None:
    night = MONDAY_NOON_MX + timedelta(hours=14)
    found = explain(sample.debtor(), night)
    refusals = way(found, Channel.SMS).refusals
    assert found.result == "wait"
    assert refusals
    assert all(one.source for one in refusals)
    ends = [one.until for one in refusals if one.until is not None]
    assert len(ends) == len(refusals)
    assert way(found, Channel.SMS).opens_at == max(ends)
    assert found.change == (), "time alone opens it"


def test_a_colombian_without_authorisation_is_told_which_authorisation_is_missing() -> None:
    debtor = sample.debtor(sample.debt(creditor="andes", currency="COP", amount=90_000_000), country="CO")
    debtor = replace(debtor, points=(sample.phone(provenance="debtor_authorised"),))
    found = explain(debtor)
    rules = {one.rule for one in way(found, Channel.SMS).refusals}
    assert "co-authorised-channels" in rules
    assert "a recorded authorisation for sms" in " ".join(
        one.change for one in way(found, Channel.SMS).refusals
    )


def test_a_stale_feed_names_the_file_that_would_open_it() -> None:
    found = explain(replace(sample.debtor(), feeds={}))
    assert found.result == "stop"
    assert [refusal.rule for _, refusal in found.voices[0].unspoken] == ["feed.stale"]
    assert found.change == ("a balance file of muebles no older than 1 business day(s)",)


def test_a_disputed_debt_is_left_out_by_name_while_the_other_is_spoken_of() -> None:
    hold = Hold("h1", HoldReason.DISPUTE, MONDAY_NOON_MX, "operations", debts=("muebles/A1",))
    debtor = replace(sample.debtor(sample.debt("A1"), sample.debt("A2")), holds=(hold,))
    voice = explain(debtor).voices[0]
    assert voice.debts == ("muebles/A2",)
    assert [(key, one.rule) for key, one in voice.unspoken] == [("muebles/A1", "hold.dispute")]


def test_a_suppressed_phone_says_who_closed_it_and_the_email_stays_open() -> None:
    phone = replace(sample.phone(), state=PointState.SUPPRESSED, reason="opt_out")
    found = explain(sample.debtor(points=(phone, sample.email())))
    assert "point.suppressed" in {one.rule for one in way(found, Channel.SMS).refusals}
    assert way(found, Channel.SMS).opens_at is None
    assert way(found, Channel.EMAIL).refusals == ()


def test_nobody_without_an_address_is_passed_over_in_silence() -> None:
    found = explain(sample.debtor(points=()))
    assert {one.channel: one.refusals[0].rule for one in found.voices[0].ways} == {
        Channel.WHATSAPP: "person.no_point",
        Channel.SMS: "person.no_point",
        Channel.EMAIL: "person.no_point",
    }
    assert found.change, "an address would change it"


def test_a_paused_channel_names_the_switch() -> None:
    found = explain(sample.debtor(), switches=Switches({"channel:sms": "{}"}))
    assert way(found, Channel.SMS).refusals[0].rule == "switch.off"
    assert found.result == "contact", "by e-mail"


def test_a_step_that_was_taken_is_held_and_the_next_one_is_in_question() -> None:
    voice = explain(with_step_done(sample.debtor())).voices[0]
    assert "step.done" in {one.rule for one in voice.held}
    assert (voice.stage, voice.step, voice.begins_on) == ("early", "second", date(2026, 3, 14))


def test_a_number_at_which_the_message_failed_is_spent_for_the_step() -> None:
    failed = ContactAttempt(
        id="a1",
        step=StepKey(1, "early", "first"),
        number=1,
        creditor="muebles",
        channel=Channel.SMS,
        point="p1",
        claimed_at=MONDAY_NOON_MX - timedelta(hours=1),
        claim_id="c",
        send_by=MONDAY_NOON_MX,
        status=AttemptStatus.FAILED,
        outcome="hard_bounce",
    )
    episode = Episode(1, "muebles", "MXN", MONDAY_NOON_MX - timedelta(days=2))
    found = explain(replace(sample.debtor(), attempts=(failed,), episodes=(episode,)))
    assert "step.spent" in {one.rule for one in way(found, Channel.SMS).refusals}


def test_two_creditors_are_two_voices() -> None:
    found = explain(sample.debtor(sample.debt(), sample.debt("B1", creditor="andes", currency="COP")))
    assert [(one.creditor, one.currency) for one in found.voices] == [("muebles", "MXN"), ("andes", "COP")]


@pytest.mark.parametrize("days", [-30, -5, 3, 10, 45, 500])
def test_explaining_never_fails_whatever_the_day(days: int) -> None:
    due = date(2026, 3, 9) - timedelta(days=days)
    assert explain(sample.debtor(sample.debt(due_on=due))).result in {"contact", "task", "wait", "stop"}


def test_the_rule_in_the_way_is_named_and_what_would_be_sent_without_it() -> None:
    hold = Hold("h1", HoldReason.DISPUTE, MONDAY_NOON_MX, "operations")
    found = explain(replace(sample.debtor(), holds=(hold,)))
    assert [one.rule for one in found.blocked_by] == ["hold.dispute"]
    assert found.change == ("hold h1 (dispute) lifted by operations",)
    assert (found.then_at, found.then and found.then.channel) == (MONDAY_NOON_MX, Channel.SMS)


def test_at_night_the_morning_is_named() -> None:
    found = explain(sample.debtor(), MONDAY_NOON_MX + timedelta(hours=14))
    assert found.then is not None
    assert found.then_at is not None
    assert found.then_at > found.at


def test_at_noon_what_was_said_today_is_in_the_way_and_not_the_hours_of_the_night_after() -> None:
    said = contacted_at(MONDAY_NOON_MX - timedelta(hours=3))
    found = explain(replace(sample.debtor(), attempts=(said,)))
    assert {one.rule for one in found.blocked_by} == {"mx-policy-day"}
    assert found.voices[0].held == (), "a rule that refuses later holds nothing yet"
    assert found.then_at is not None
    assert found.then_at > MONDAY_NOON_MX + timedelta(hours=12), "past the night all the same"


def test_late_in_the_evening_the_hours_and_what_was_said_today_are_both_in_the_way() -> None:
    said = contacted_at(MONDAY_NOON_MX - timedelta(hours=3))
    evening = MONDAY_NOON_MX + timedelta(hours=10)
    found = explain(replace(sample.debtor(), attempts=(said,)), evening)
    assert {one.rule for one in found.blocked_by} == {"mx-policy-day", "mx-hours", "mx-policy-hours"}


def whose_name_is_a_threat() -> Debtor:
    """No template says it and no product: the law reads the person's own name in it."""
    person = sample.debtor()
    return replace(person, personal=replace(person.personal, given_name="Orden de embargo"))


def test_at_night_no_morning_is_promised_to_words_that_the_law_forbids() -> None:
    found = explain(whose_name_is_a_threat(), MONDAY_NOON_MX + timedelta(hours=14))
    assert (found.result, found.then, found.then_at) == ("wait", None, None)
    assert {one.rule for one in found.words} == {"mx-no-judicial-lookalike"}
    assert {one.rule for one in found.blocked_by} >= {"mx-hours", "mx-no-judicial-lookalike"}
    assert "leave out “orden de embargo”" in found.change


def test_a_hold_to_be_lifted_and_the_words_behind_it_are_named_together() -> None:
    hold = Hold("h1", HoldReason.DISPUTE, MONDAY_NOON_MX, "operations")
    found = explain(replace(whose_name_is_a_threat(), holds=(hold,)))
    assert {one.rule for one in found.blocked_by} == {"hold.dispute", "mx-no-judicial-lookalike"}
    assert found.change[0] == "hold h1 (dispute) lifted by operations"
    assert "leave out “orden de embargo”" in found.change
    assert found.then is None
