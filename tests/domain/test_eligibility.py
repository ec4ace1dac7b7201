"""Which debts may be spoken of: never a paid, disputed, promised, recalled, stale or trifling one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recobro.domain.debt import Amounts, Debt, DebtStatus, Instalment
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Voice, today_of, voices, voices_of_messages
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.promise import PromiseToPay
from recobro.domain.task import Task
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, playbook


def voice_of(person: Debtor, now: datetime = NOW) -> Voice:
    return next(voices(person, playbook(), today_of(person, playbook(), now)))


def rules_against(person: Debtor, now: datetime = NOW) -> set[str]:
    return {refusal.rule for _, refusal in voice_of(person, now).refused}


@pytest.mark.parametrize("status", [one for one in DebtStatus if one is not DebtStatus.ACTIVE])
def test_only_an_active_debt_is_spoken_of(status: DebtStatus) -> None:
    assert rules_against(debtor(debt(status=status))) == {f"debt.{status.value}"}


def test_a_dispute_binds_its_debt_and_not_the_others() -> None:
    hold = Hold("h1", HoldReason.DISPUTE, NOW, "ops", debts=("muebles/A1",))
    person = replace(debtor(debt("A1"), debt("A2")), holds=(hold,))

    assert [one.ref for one in voice_of(person).debts] == ["A2"]


def test_a_hold_that_a_person_must_review_never_resumes_by_itself() -> None:
    hold = Hold(
        "h1", HoldReason.HARDSHIP, NOW - timedelta(days=90), "ops", review_at=NOW - timedelta(days=60)
    )

    assert rules_against(replace(debtor(), holds=(hold,))) == {"hold.hardship"}


def test_a_claim_to_have_paid_pauses_and_then_resumes() -> None:
    hold = Hold(
        "h1", HoldReason.ALREADY_PAID, NOW - timedelta(days=4), "ops", NOW - timedelta(days=1), resumes=True
    )

    assert rules_against(replace(debtor(), holds=(hold,))) == set()


def test_an_open_promise_silences_that_creditor_until_the_day_after_its_grace() -> None:
    promise = PromiseToPay("p", 1, "muebles", "MXN", 150_000, date(2026, 3, 13), date(2026, 3, 17), NOW)
    refused = voice_of(replace(debtor(), promises=(promise,))).refused

    assert [one.rule for _, one in refused] == ["promise.open"]
    assert refused[0][1].until == datetime(2026, 3, 18, 6, tzinfo=UTC)


def test_after_a_payment_two_business_days_pass_in_silence_whatever_is_left() -> None:
    friday = datetime(2026, 3, 6, 17, tzinfo=UTC)
    person = replace(debtor(), paid_at={"muebles": friday})

    assert rules_against(person, NOW) == {"payment.quiet"}
    assert (
        rules_against(replace(person, feeds={"muebles": date(2026, 3, 11)}), NOW + timedelta(days=2)) == set()
    )


def test_nobody_is_chased_on_balances_older_than_one_business_day() -> None:
    assert rules_against(replace(debtor(), feeds={"muebles": date(2026, 3, 5)})) == {"feed.stale"}
    assert (
        rules_against(replace(debtor(), feeds={"muebles": date(2026, 3, 6)})) == set()
    )  # Friday is fresh on Monday
    assert rules_against(replace(debtor(), feeds={})) == {"feed.stale"}


def test_a_time_barred_debt_waits_for_a_person() -> None:
    assert rules_against(debtor(debt(limitation_on=date(2026, 3, 9)))) == {"debt.time_barred"}


def test_a_debt_no_longer_assigned_to_us_is_not_ours_to_speak_of() -> None:
    assert rules_against(debtor(debt(assigned_until=date(2026, 3, 8)))) == {"debt.not_assigned"}
    assert rules_against(debtor(debt(assigned_on=date(2026, 3, 10)))) == {"debt.not_assigned"}


def test_nobody_is_bothered_for_a_trifle() -> None:
    assert rules_against(debtor(debt(amount=4_999))) == {"strategy.min_actionable"}


def test_what_is_owed_and_too_little_is_the_first_reason_and_what_was_paid_comes_after_it() -> None:
    refused = voice_of(debtor(debt("A1", amount=0), debt("A2", amount=4_999))).refused
    assert [(key, why.rule) for key, why in refused] == [
        ("muebles/A2", "strategy.min_actionable"),
        ("muebles/A1", "debt.paid"),
    ]


def test_while_a_task_is_open_the_machine_keeps_its_hands_off_its_subject() -> None:
    task = Task("t1", "call", 1, NOW, NOW, creditor="muebles")

    assert rules_against(replace(debtor(), tasks=(task,))) == {"task.open"}
    assert rules_against(replace(debtor(), tasks=(replace(task, closed_at=NOW),))) == set()


def test_one_voice_names_all_debts_and_counts_from_the_oldest() -> None:
    voice = voice_of(
        debtor(debt("A1", due_on=date(2026, 3, 5)), debt("A2", due_on=date(2026, 2, 2), amount=50_000))
    )

    assert (voice.due.minor, voice.later.minor) == (200_000, 0)
    assert voice.dpd == 34  # 2 February 2026 is Constitution Day in Mexico: due on the 3rd


def test_what_is_not_yet_due_stands_apart() -> None:
    parts = (Instalment(1, date(2026, 3, 2), 40_000), Instalment(2, date(2026, 4, 2), 60_000))
    owed = debt(amount=100_000, instalments=parts, due_on=date(2026, 3, 2))

    assert (voice_of(debtor(owed)).due.minor, voice_of(debtor(owed)).later.minor) == (40_000, 60_000)


def test_two_currencies_are_two_voices() -> None:
    person = debtor(debt("A1"), debt("A2", currency="USD", amounts=Amounts(9_000)))
    found = list(voices(person, playbook(), today_of(person, playbook(), NOW)))

    assert [(one.currency, one.due.minor) for one in found] == [("MXN", 150_000), ("USD", 9_000)]


def test_a_due_date_on_a_sunday_means_monday() -> None:
    sunday: Debt = debt(due_on=date(2026, 3, 8))

    assert voice_of(debtor(sunday)).dpd == 0


def test_what_falls_due_on_a_sunday_is_not_asked_for_before_monday() -> None:
    person = debtor(debt("A1", due_on=date(2026, 3, 4)), debt("A2", due_on=date(2026, 3, 8), amount=70_000))
    sunday = NOW - timedelta(days=1)

    assert (voice_of(person, sunday).due.minor, voice_of(person, sunday).later.minor) == (150_000, 70_000)
    assert voice_of(person, NOW).due.minor == 220_000


def test_a_trifle_that_is_overdue_does_not_hide_what_the_next_date_asks_for() -> None:
    trifle, coming = debt("A1", amount=4_000), debt("A2", due_on=date(2026, 3, 12))
    voice = voice_of(debtor(trifle, coming))

    assert (voice.dpd, voice.due.minor, voice.later.minor) == (-3, 154_000, 0)


def test_a_message_that_reminds_of_the_next_date_demands_no_overdue_trifle() -> None:
    trifle, coming = debt("A1", amount=4_000), debt("A2", due_on=date(2026, 3, 12))
    person = debtor(trifle, coming)
    (voice,) = voices_of_messages(person, playbook(), today_of(person, playbook(), NOW))

    assert [one.ref for one in voice.debts] == ["A2"]
    assert (voice.dpd, voice.due.minor, voice.later.minor) == (-3, 150_000, 0)
    assert [(key, why.rule) for key, why in voice.refused] == [("muebles/A1", "strategy.min_actionable")]


def test_a_message_about_what_is_overdue_names_the_trifles_with_it() -> None:
    person = debtor(debt("A1", amount=4_000), debt("A2"))
    (voice,) = voices_of_messages(person, playbook(), today_of(person, playbook(), NOW))

    assert [one.ref for one in voice.debts] == ["A1", "A2"]
