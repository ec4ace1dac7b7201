"""What the law obliges us to tell keeps its place: a reminder waits where it would take the slot of a notice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.candidates import packs_of
from recobro.domain.channel import Channel, Kind
from recobro.domain.debt import Debt, Instalment
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Decision, Wait
from recobro.domain.duties import open_duties
from recobro.domain.fold import apply
from recobro.domain.playbook import Playbook
from recobro.domain.settle import settled
from recobro.domain.strategy import Stage, Step
from recobro.law.load import load_packs
from recobro.law.vocabulary import RESERVING
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, email, playbook

SANTIAGO, BOGOTA = "America/Santiago", "America/Bogota"
COLLECTION = Step("first", 3, (Channel.EMAIL,), "late")
NOTICE = Step("notice", 3, (Channel.EMAIL,), "late", kind=Kind.DUTY_NOTICE)


def book(step: Step) -> Playbook:
    """One step from the third day on."""
    strategy = replace(
        playbook().strategy,
        stages=(Stage("early", 1, 60, (step,)),),
        min_actionable={},
        grace_business_days=0,
    )
    return replace(playbook(), strategy=strategy)


def chilean(*debts: Debt) -> Debtor:
    person = debtor(*(debts or (debt(due_on=date(2026, 3, 4)),)), points=(email(),))
    return replace(person, profile=replace(person.profile, country="CL", zones=(SANTIAGO,)))


def colombian(report_on: date | None) -> Debtor:
    point = email(authorised=(Channel.EMAIL,), provenance="debtor_authorised")
    return debtor(debt(due_on=date(2026, 3, 4), report_on=report_on), points=(point,), country="CO")


def duties(person: Debtor, now: datetime = NOW, step: Step = NOTICE) -> list[tuple[str, datetime]]:
    found = open_duties(person, packs_of(person, book(step)), book(step), now)
    return [(one.rule, one.deadline) for one in found]


def decided(person: Debtor, step: Step, now: datetime = NOW) -> Decision:
    now_is, _ = settled(person, book(step), now)
    return decide(now_is, book(step), now)


def contacted(person: Debtor, at: datetime, kind: Kind = Kind.COLLECTION, **more: Any) -> Debtor:
    made = ContactAttempt(
        f"a{at:%d%H}{kind}", StepKey(1, "old", f"{at:%d%H}"), 1, "muebles", Channel.EMAIL, "p2", at, "c", at, kind,
        status=AttemptStatus.SENT, **more,
    )  # fmt: skip
    return apply(person, f.AttemptClaimed(made), at)


def test_chile_owes_one_useful_notice_within_fifteen_days_of_a_missed_due_date() -> None:
    ends = datetime(2026, 3, 20, 3, tzinfo=UTC)  # the end of 19 March in Santiago

    assert duties(chilean()) == [("cl-useful-15", ends)]
    assert duties(chilean(), ends - timedelta(seconds=1)) != []
    assert duties(chilean(), ends) == []


def test_a_reminder_waits_where_it_would_take_the_last_slot_that_a_notice_needs() -> None:
    person = contacted(chilean(), NOW - timedelta(days=4))
    reminder, notice = decided(person, COLLECTION), decided(person, NOTICE)

    assert isinstance(reminder, Wait)
    assert reminder.until.date() == date(2026, 3, 12)  # a week after the message of the 5th
    assert isinstance(notice, Contact)
    assert notice.kind is Kind.DUTY_NOTICE


def test_once_the_notice_is_sent_the_slot_is_everybodys_again() -> None:
    told = contacted(chilean(), NOW - timedelta(days=4), Kind.DUTY_NOTICE)

    assert duties(told) == []
    assert isinstance(decided(told, COLLECTION), Contact)


def test_a_notice_that_failed_or_is_in_doubt_was_not_given() -> None:
    person = contacted(chilean(), NOW - timedelta(days=2), Kind.DUTY_NOTICE)
    for status in (AttemptStatus.FAILED, AttemptStatus.UNKNOWN, AttemptStatus.RELEASED):
        doubtful = replace(person, attempts=(replace(person.attempts[0], status=status),))
        assert [rule for rule, _ in duties(doubtful)] == ["cl-useful-15"], status


def test_a_notice_about_one_debt_leaves_the_duty_of_the_next_unpaid_date() -> None:
    person = chilean(debt(due_on=date(2026, 3, 4)), debt("A2", due_on=date(2026, 3, 6)))
    told = contacted(person, NOW - timedelta(days=2), Kind.DUTY_NOTICE, debts=("muebles/A1",))

    assert duties(told) == [("cl-useful-15", datetime(2026, 3, 22, 3, tzinfo=UTC))]


def test_each_unpaid_instalment_asks_for_its_own_notice() -> None:
    parts = (Instalment(1, date(2026, 2, 1), 10_000), Instalment(2, date(2026, 3, 1), 10_000))
    person = chilean(debt(due_on=date(2026, 2, 1), instalments=parts))

    assert duties(person) == [("cl-useful-15", datetime(2026, 3, 17, 3, tzinfo=UTC))]


def test_what_is_paid_owes_no_notice() -> None:
    assert duties(chilean(debt(amount=0))) == []


def test_the_written_copy_is_owed_after_fifteen_silent_days() -> None:
    person, _ = settled(chilean(debt(due_on=date(2026, 1, 5))), book(NOTICE), NOW)
    given = NOW - timedelta(days=12)
    person = apply(person, f.NoticeGiven(person.episodes[0].number, "a"), given)

    assert duties(person) == [("cl-written-copy", given + timedelta(days=16))]
    answered = apply(
        person, f.MessageReceived(Channel.EMAIL, "p2", "x", "to_review"), NOW - timedelta(days=3)
    )
    assert duties(answered) == []


def test_a_bureau_report_keeps_its_slot_free_twenty_days_before_and_a_week_ahead() -> None:
    report = date(2026, 4, 3)
    ends = datetime(2026, 3, 14, 5, tzinfo=UTC)

    assert duties(colombian(report)) == [("co-bureau-notice", ends)]
    assert duties(colombian(date(2026, 5, 30))) == []
    assert duties(colombian(None)) == []


def test_before_a_bureau_report_colombia_hears_the_notice_and_no_reminder() -> None:
    person = colombian(date(2026, 4, 3))
    reminder = decided(person, COLLECTION)

    assert isinstance(reminder, Wait)
    assert reminder.until.date() == date(2026, 3, 14)  # when the notice would come too late
    assert isinstance(decided(person, NOTICE), Contact)


def test_a_notice_whose_attempt_is_forgotten_is_known_by_its_steps_mark() -> None:
    person, _ = settled(colombian(date(2026, 4, 3)), book(NOTICE), NOW)
    person = apply(
        person, f.StepMarked(person.episodes[0].number, "early.notice", "sent"), NOW - timedelta(days=60)
    )

    assert duties(person) == []


def test_a_duty_of_one_creditor_takes_nothing_from_a_cap_of_another() -> None:
    person = chilean(debt(due_on=date(2026, 1, 5)), debt("B1", creditor="andes", due_on=date(2026, 3, 4)))
    person = contacted(person, NOW - timedelta(days=4))

    assert [rule for rule, _ in duties(person)] == ["cl-useful-15"]
    assert isinstance(decided(person, COLLECTION), Contact)


def test_without_a_notice_in_the_strategy_the_slot_stays_free_by_every_channel() -> None:
    person = chilean()
    (duty,) = open_duties(person, packs_of(person, book(COLLECTION)), book(COLLECTION), NOW)

    assert duty.channels == frozenset()


@pytest.mark.parametrize(
    "duty", [(pack.id, one) for pack in load_packs().values() for one in pack.duties if one.reserve_cap]
)
def test_every_duty_that_reserves_can_be_told_from_a_record(duty: Any) -> None:
    assert duty[1].trigger in RESERVING


def test_a_notice_that_a_co_debtor_got_tells_this_person_nothing() -> None:
    told = contacted(chilean(), NOW - timedelta(days=1), Kind.DUTY_NOTICE)
    co_debtor_told = contacted(chilean(), NOW - timedelta(days=1), Kind.DUTY_NOTICE, by="shared.account")

    assert duties(told) == []
    assert [rule for rule, _ in duties(co_debtor_told)] == ["cl-useful-15"]
