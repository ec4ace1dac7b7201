"""What to do with a person now: the strategy's wish inside the law's hours, with a reason for every no."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.candidates import intended_contact
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import PointState
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Decision, HandOver, Stop, Wait
from recobro.domain.eligibility import today_of, voices
from recobro.domain.fold import apply
from recobro.domain.playbook import Switches
from recobro.domain.refusal import Refusal
from recobro.domain.settle import settled
from recobro.domain.strategy import Segment, Stage, Step
from recobro.law.choose import CLIENT, tighten
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, email, phone, playbook, with_strategy

ALL = (Channel.SMS, Channel.EMAIL, Channel.WHATSAPP)


def decided(person: Debtor, now: datetime = NOW, switches: Switches | None = None) -> Decision:
    now_is, _ = settled(person, playbook(), now)
    return decide(now_is, playbook(), now, switches or Switches())


def attempt(person: Debtor, status: AttemptStatus, **more: Any) -> Debtor:
    """`person` after an attempt at the first step of the early stage."""
    now_is, _ = settled(person, playbook(), NOW)
    values: dict[str, Any] = {"channel": Channel.SMS, "point": "p1", "claimed_at": NOW, "number": 1, **more}
    made = ContactAttempt(
        id=f"a{values['number']}", step=StepKey(1, "early", "first"), creditor="muebles", claim_id="c",
        send_by=values["claimed_at"] + timedelta(seconds=15), **values,
    )  # fmt: skip
    claimed = apply(now_is, f.AttemptClaimed(made), made.claimed_at)
    return apply(claimed, f.AttemptProgressed(made.id, status), made.claimed_at)


def rules(decision: Decision) -> list[str]:
    return [one.rule for one in getattr(decision, "refusals", ())]


def test_five_days_late_gets_the_first_reminder_by_the_preferred_channel() -> None:
    person = debtor(points=(phone(authorised=(Channel.WHATSAPP,)), email()))
    answer = decided(person)

    assert isinstance(answer, Contact)
    assert (answer.channel, answer.step.mark, answer.due.minor) == (Channel.WHATSAPP, "early.first", 150_000)


def test_without_a_whatsapp_opt_in_the_next_channel_is_taken_and_the_reason_kept() -> None:
    answer = decided(debtor())

    assert isinstance(answer, Contact)
    assert answer.channel is Channel.SMS
    assert answer.passed_over


def test_within_two_business_days_of_the_due_date_there_are_no_past_due_words() -> None:
    answer = decided(debtor(debt(due_on=date(2026, 3, 6))))

    assert rules(answer) == ["strategy.grace"]


def test_before_the_due_date_a_forgetter_is_reminded() -> None:
    answer = decided(debtor(debt(due_on=date(2026, 3, 12))))

    assert isinstance(answer, Contact)
    assert answer.step.mark == "pre_due.five_before"


def in_chile(*debts: Debt) -> Debtor:
    """Written to twice this week, which is all that the law of Chile leaves to who collects."""
    person = debtor(*debts, points=(email(),))
    profile = replace(person.profile, country="CL", subdivision="RM", zones=("America/Santiago",))
    before = [
        ContactAttempt(
            f"a{days}", StepKey(9, "early", f"x{days}"), 1, "muebles", Channel.EMAIL, "p2",
            NOW - timedelta(days=days), "c", NOW, debts=(debts[0].key,), status=AttemptStatus.DELIVERED,
        )
        for days in (2, 3)
    ]  # fmt: skip
    return replace(person, profile=profile, attempts=tuple(before))


def test_an_overdue_trifle_is_not_demanded_by_the_rules_of_what_is_not_due_yet() -> None:
    answer = decided(in_chile(debt("A1", amount=4_900), debt("A2", due_on=date(2026, 3, 13))))

    assert isinstance(answer, Contact)
    assert (answer.debts, answer.due.minor, answer.kind) == (
        ("muebles/A2",),
        150_000,
        Kind.REMINDER_PRE_DUE,
    )


def test_an_overdue_debt_that_is_worth_asking_for_is_held_by_what_was_said_of_it_this_week() -> None:
    answer = decided(in_chile(debt("A1", amount=5_100), debt("A2", due_on=date(2026, 3, 13))))

    assert not isinstance(answer, Contact)


def test_the_law_sees_the_oldest_debt_that_is_named_however_little_it_is() -> None:
    person = debtor(debt("A1", amount=4_000), debt("A2", due_on=date(2026, 3, 12)))
    (voice,) = voices(person, playbook(), today_of(person, playbook(), NOW))
    reminder = (Kind.REMINDER_PRE_DUE, Channel.EMAIL, person.points[1], playbook(), NOW)

    both = intended_contact(person, voice, "pre_due", *reminder)
    later = intended_contact(person, replace(voice, debts=voice.debts[1:]), "pre_due", *reminder)

    assert (both.stage, both.kind) == ("past_due", Kind.COLLECTION)
    assert (later.stage, later.kind) == ("pre_due", Kind.REMINDER_PRE_DUE)


def test_a_reminder_that_is_said_after_its_date_counts_as_the_demand_that_it_is() -> None:
    late = replace(playbook().strategy.stages[0], to_dpd=30)
    book = with_strategy(stages=(late,))
    now_is, _ = settled(debtor(), book, NOW)
    answer = decide(now_is, book, NOW)

    assert isinstance(answer, Contact)
    assert (answer.dpd > 0, answer.kind) == (True, Kind.COLLECTION)


def test_at_night_we_wait_for_the_law_to_let_us() -> None:
    night = datetime(2026, 3, 10, 5, 30, tzinfo=UTC)  # Monday 23:30 in Mexico City
    answer = decided(debtor(), night)

    assert isinstance(answer, Wait)
    assert night < answer.until < night + timedelta(hours=12)
    assert isinstance(decided(debtor(), answer.until), Contact)
    assert not isinstance(decided(debtor(), answer.until - timedelta(seconds=1)), Contact)


def test_in_colombia_an_unauthorised_channel_is_never_used() -> None:
    owed = debt(creditor="andes", currency="COP", amount=9_000_000, due_on=date(2026, 3, 4))
    nobody = debtor(owed, country="CO", points=(phone(provenance="debtor_authorised"),))
    somebody = debtor(
        owed, country="CO", points=(phone(provenance="debtor_authorised", authorised=(Channel.SMS,)),)
    )

    assert not isinstance(decided(nobody), Contact)
    assert isinstance(decided(somebody), Contact)


def test_in_colombia_nobody_is_contacted_on_a_sunday() -> None:
    owed = debt(creditor="andes", currency="COP", amount=9_000_000, due_on=date(2026, 3, 4))
    somebody = debtor(
        owed, country="CO", points=(phone(provenance="debtor_authorised", authorised=(Channel.SMS,)),)
    )
    somebody = replace(somebody, feeds={"andes": date(2026, 3, 13)})
    sunday = datetime(2026, 3, 15, 17, tzinfo=UTC)

    answer = decided(somebody, sunday)

    assert isinstance(answer, Wait)
    assert answer.until >= datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", [AttemptStatus.CLAIMED, AttemptStatus.UNKNOWN])
def test_a_step_in_doubt_is_not_tried_again(status: AttemptStatus) -> None:
    later = NOW + timedelta(seconds=20)

    assert rules(decided(attempt(debtor(), status), later)) == [f"attempt.{status.value}"]


def test_after_72_hours_of_doubt_the_plan_goes_on_and_the_step_is_not_repeated() -> None:
    person = attempt(debtor(), AttemptStatus.UNKNOWN)
    person = replace(person, feeds={"muebles": date(2026, 3, 12)})
    answer = decided(person, NOW + timedelta(hours=73))

    assert rules(answer)[0] == "step.done"


def test_a_definite_failure_takes_the_next_channel_and_never_the_same_point() -> None:
    person = attempt(debtor(), AttemptStatus.FAILED, claimed_at=NOW - timedelta(days=1, hours=1))
    answer = decided(person)

    assert isinstance(answer, Contact)
    assert (answer.channel, answer.number) == (Channel.EMAIL, 2)


def test_a_released_claim_leaves_its_slot_free_for_the_same_channel() -> None:
    answer = decided(attempt(debtor(), AttemptStatus.RELEASED))

    assert isinstance(answer, Contact)
    assert (answer.channel, answer.number) == (Channel.SMS, 2)


def test_a_step_that_is_marked_is_never_taken_again() -> None:
    now_is, _ = settled(debtor(), playbook(), NOW)
    marked = apply(now_is, f.StepMarked(1, "early.first", "sent"), NOW)
    answer = decide(marked, playbook(), NOW)

    assert isinstance(answer, Wait)
    assert rules(answer) == ["step.done"]
    assert answer.until == datetime(2026, 3, 14, 6, tzinfo=UTC)  # day 10 past due begins in Mexico City


def test_a_part_payment_does_not_repeat_a_step() -> None:
    now_is, _ = settled(debtor(), playbook(), NOW)
    marked = apply(now_is, f.StepMarked(1, "early.first", "sent"), NOW)
    smaller = apply(marked, f.DebtRecorded(debt(amount=80_000)), NOW)

    assert rules(decide(smaller, playbook(), NOW)) == ["step.done"]


def test_a_part_payment_that_moves_a_person_to_another_segment_repeats_no_step_under_another_name() -> None:
    digital = (Channel.SMS, Channel.EMAIL)
    small = (Step("first", 3, digital, "late"), Step("second", 10, digital, "late"))
    stages = (
        Stage("early_large", 1, 30, (Step("first", 3, digital, "late"),), segments=("large",)),
        Stage("early", 1, 30, small, segments=("everybody",)),
    )
    segments = (Segment("large", min_balance=100_000), Segment("everybody"))
    book = with_strategy(segments=segments, stages=stages)
    person, _ = settled(debtor(), book, NOW)
    first = decide(person, book, NOW)
    assert isinstance(first, Contact)
    assert first.step.mark == "early_large.first"

    told = apply(person, f.StepMarked(1, "early_large.first", "sent"), NOW)
    smaller = apply(told, f.DebtRecorded(debt(amount=80_000)), NOW)
    again = decide(smaller, book, NOW + timedelta(days=1))
    assert isinstance(again, Wait)
    assert rules(again) == ["step.superseded"]

    next_step = apply(smaller, f.FeedRead("muebles", date(2026, 3, 17), "file"), NOW)
    goes_on = decide(next_step, book, NOW + timedelta(days=8))
    assert isinstance(goes_on, Contact)
    assert goes_on.step.mark == "early.second"


def test_a_debt_that_one_file_left_out_and_the_next_brought_back_hears_nothing_twice() -> None:
    person = attempt(debtor(), AttemptStatus.SENT, debts=("muebles/A1",))
    person = apply(person, f.StepMarked(1, "early.first", "sent"), NOW)
    gone, _ = settled(
        apply(person, f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED), NOW), playbook(), NOW
    )
    later = NOW + timedelta(days=1)
    back, _ = settled(apply(gone, f.DebtRecorded(debt()), later), playbook(), later)

    assert [one.number for one in back.open_episodes()] == [2]
    assert rules(decide(back, playbook(), later)) == ["step.superseded"]

    another, _ = settled(apply(gone, f.DebtRecorded(debt("B7")), later), playbook(), later)
    assert isinstance(decide(another, playbook(), later), Contact)  # of that one nobody was told


def test_the_old_and_the_large_are_handed_to_a_person() -> None:
    answer = decided(debtor(debt(due_on=date(2026, 1, 5))))

    assert isinstance(answer, HandOver)
    assert (answer.task, answer.priority) == ("call", 2)


@pytest.mark.parametrize("scope", ["all", "creditor:muebles", "country:MX"])
def test_the_stop_button_binds_whatever_it_names(scope: str) -> None:
    answer = decided(debtor(), switches=Switches({scope: "ana: rehearsal"}))

    assert not isinstance(answer, Contact)
    assert "switch.off" in rules(answer)


def test_a_paused_channel_leaves_the_others() -> None:
    answer = decided(debtor(), switches=Switches({"channel:sms": "circuit"}))

    assert isinstance(answer, Contact)
    assert answer.channel is Channel.EMAIL


def without_money_for(*channels: str) -> Switches:
    april = datetime(2026, 4, 1, tzinfo=UTC)
    return Switches(spent={one: Refusal(f"budget.{one}", "client.toml", april) for one in channels})


def test_a_channel_whose_months_money_is_spent_leaves_the_others() -> None:
    answer = decided(debtor(), switches=without_money_for("sms"))

    assert isinstance(answer, Contact)
    assert answer.channel is Channel.EMAIL
    assert "budget.sms" in {one.rule for one in answer.passed_over}


def test_who_is_reached_by_spent_channels_alone_waits_for_the_first_lawful_hour_of_the_next_month() -> None:
    late = datetime(2026, 3, 20, 18, tzinfo=UTC)
    fresh = replace(debtor(), feeds={"muebles": late.date()})
    answer = decided(fresh, late, without_money_for("sms", "email", "whatsapp"))

    assert isinstance(answer, Wait)
    assert answer.until == datetime(
        2026, 4, 1, tzinfo=UTC
    )  # six in the evening there: an hour that the law allows
    assert "budget.sms" in rules(answer)
    april = replace(fresh, feeds={"muebles": answer.until.date()})
    assert isinstance(decided(april, answer.until, without_money_for("sms", "email")), Contact)


def test_a_channel_that_the_person_closed_stays_closed() -> None:
    answer = decided(replace(debtor(), stopped=("sms", "email")))

    assert not isinstance(answer, Contact)
    assert "person.stopped" in rules(answer)


def test_a_suppressed_address_is_never_used() -> None:
    gone = tuple(replace(one, state=PointState.SUPPRESSED) for one in debtor().points)

    assert not isinstance(decided(replace(debtor(), points=gone)), Contact)


def test_sms_without_a_recorded_approval_is_off() -> None:
    owed: Debt = debt(creditor="other")
    answer = decided(debtor(owed))

    assert isinstance(answer, Contact)
    assert answer.channel is Channel.EMAIL
    assert {"gate.sms", "gate.whatsapp"} <= {one.rule for one in answer.passed_over}


def test_the_clients_own_limits_hold_on_top_of_the_law() -> None:
    reached = attempt(debtor(), AttemptStatus.DELIVERED, claimed_at=NOW - timedelta(days=3))
    reached = replace(
        reached, attempts=tuple(replace(one, step=StepKey(1, "past", "x")) for one in reached.attempts)
    )
    weekly = tighten({"caps": [{"id": "client-week", "at_most": 1, "rolling_days": 7}]})
    tight = replace(playbook(), packs={**playbook().packs, CLIENT: weekly})

    assert isinstance(decide(reached, playbook(), NOW), Contact)
    assert not isinstance(decide(reached, tight, NOW), Contact)


def test_who_owes_nothing_is_left_alone() -> None:
    assert isinstance(decided(replace(debtor(), debts=())), Stop)


def test_an_erased_person_is_never_contacted() -> None:
    assert rules(decided(replace(debtor(), is_erased=True))) == ["person.erased"]


def test_the_same_arguments_always_give_the_same_answer() -> None:
    assert decided(debtor()) == decided(debtor())


DIGITAL = (Channel.SMS, Channel.EMAIL)
FIRST, SECOND = Step("first", 3, DIGITAL, "late"), Step("second", 10, DIGITAL, "late")
BY_BALANCE = with_strategy(
    segments=(Segment("large", min_balance=200_000), Segment("everybody")),
    stages=(
        Stage("early_large", 1, 30, (FIRST,), segments=("large",)),
        Stage("early", 1, 30, (FIRST, SECOND), segments=("everybody",)),
    ),
)


@pytest.mark.parametrize("status", [AttemptStatus.CLAIMED, AttemptStatus.UNKNOWN])
def test_what_may_have_arrived_is_not_said_again_to_who_is_in_another_segment_by_now(
    status: AttemptStatus,
) -> None:
    claimed = attempt(debtor(), status, debts=("muebles/A1",))
    grown = apply(claimed, f.DebtRecorded(debt("B7", amount=100_000)), NOW)
    soon = decide(grown, BY_BALANCE, NOW + timedelta(seconds=10))

    assert isinstance(soon, Wait)
    assert rules(soon) == [f"attempt.{status.value}"]
    later = NOW + timedelta(hours=73)
    after, _ = settled(replace(grown, feeds={"muebles": later.date()}), BY_BALANCE, later)
    after, _ = settled(after, BY_BALANCE, later)
    assert rules(decide(after, BY_BALANCE, later)) == ["step.superseded"]


def test_what_is_known_to_have_failed_is_said_to_who_is_in_another_segment_by_now() -> None:
    grown = apply(attempt(debtor(), AttemptStatus.FAILED), f.DebtRecorded(debt("B7", amount=100_000)), NOW)

    assert isinstance(decide(grown, BY_BALANCE, NOW + timedelta(hours=1)), Contact)


def test_a_second_try_that_nobody_hears_of_ends_its_step_after_three_days() -> None:
    person = attempt(debtor(), AttemptStatus.FAILED)
    person = apply(person, f.StepMarked(1, "early.first", "reopened"), NOW)
    at = NOW + timedelta(days=1)
    second = {"number": 2, "channel": Channel.EMAIL, "point": "p2", "claimed_at": at}
    person = attempt(person, AttemptStatus.UNKNOWN, **second, debts=("muebles/A1",))
    later = at + timedelta(hours=73)
    after, facts = settled(replace(person, feeds={"muebles": later.date()}), playbook(), later)

    assert f.StepMarked(1, "early.first", "unknown") in facts
    waits = decide(after, playbook(), later)
    assert rules(waits)[:1] == ["step.done"]
    assert isinstance(waits, Wait)
    assert waits.until > later


@pytest.mark.parametrize("renamed", ["stage", "step"])
def test_a_strategy_with_other_names_says_nothing_twice(renamed: str) -> None:
    person = apply(attempt(debtor(), AttemptStatus.SENT), f.StepMarked(1, "early.first", "sent"), NOW)
    stages = playbook().strategy.stages
    place, early = next((number, one) for number, one in enumerate(stages) if one.name == "early")
    named = (
        replace(early, name="soft")
        if renamed == "stage"
        else replace(early, steps=(replace(early.steps[0], name="kind"), *early.steps[1:]))
    )
    book = with_strategy(stages=(*stages[:place], named, *stages[place + 1 :]))

    assert rules(decide(person, book, NOW + timedelta(hours=1))) == ["step.superseded"]


def test_who_comes_into_another_segment_by_time_alone_is_looked_at_on_that_day() -> None:
    book = with_strategy(
        segments=(Segment("old", min_dpd=8), Segment("everybody")),
        stages=(
            Stage("early", 1, 7, (FIRST,), segments=("everybody",)),
            Stage("late", 8, 40, (Step("second", 8, DIGITAL, "late"),), segments=("old",)),
        ),
    )
    person = apply(attempt(debtor(), AttemptStatus.SENT), f.StepMarked(1, "early.first", "sent"), NOW)
    waits = decide(person, book, NOW + timedelta(hours=1))

    assert isinstance(waits, Wait)
    assert waits.until == datetime(2026, 3, 12, 6, tzinfo=UTC)
