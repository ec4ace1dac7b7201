"""A debt that a file leaves out and the next one returns goes on where it was, however long ago that was said; a new one begins."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from recobro.domain import facts as f
from recobro.domain.attempt import ContactAttempt
from recobro.domain.channel import Channel
from recobro.domain.compact import compact
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Decision, HandOver
from recobro.domain.fold import apply
from recobro.domain.hand_over import handed_over
from recobro.domain.payment import Payment
from recobro.domain.playbook import Playbook
from recobro.domain.settle import settled
from recobro.domain.strategy import Segment, Stage, Step
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, with_strategy

DAY = timedelta(days=1)
MESSAGE = with_strategy(stages=(Stage("early", 1, 400, (Step("first", 3, (Channel.SMS,), "late"),)),))
CALLED = with_strategy(stages=(Stage("late", 1, 400, (Step("call", 3, task="call"),)),))
BOOKS = pytest.mark.parametrize("book", [MESSAGE, CALLED], ids=["message", "hand-over"])


def saved(person: Debtor, book: Playbook, now: datetime, *facts: f.Fact) -> Debtor:
    """`person` as a save of these facts at that time leaves it, balances of the day included."""
    for fact in (*facts, f.FeedRead("muebles", now.date(), "file")):
        person = apply(person, fact, now)
    return compact(settled(person, book, now)[0], now)


def told(person: Debtor, book: Playbook, now: datetime) -> Debtor:
    """`person` after the step that is due was taken: the message sent, or the task opened and closed."""
    decision = decide(person, book, now)
    if isinstance(decision, HandOver):
        opened = handed_over(person, decision, book, now)
        return saved(person, book, now, *opened, f.TaskClosed(f"t{decision.step}", "done"))
    assert isinstance(decision, Contact)
    claim = ContactAttempt(
        f"a{decision.step}", decision.step, decision.number, "muebles", decision.channel, decision.point, now, "c",
        now + timedelta(seconds=15), debts=decision.debts,
    )  # fmt: skip
    mark = f.StepMarked(decision.step.episode, decision.step.mark, "sent")
    return saved(person, book, now, f.AttemptClaimed(claim), mark)


def after_the_first_step(book: Playbook, *debts: Debt) -> Debtor:
    return told(saved(debtor(*debts), book, NOW), book, NOW)


def gone_and_back(person: Debtor, book: Playbook, on: int, key: str = "muebles/A1", days: int = 1) -> Debtor:
    """A file leaves the debt out that many days after the first step, and a later one returns it."""
    out = saved(person, book, NOW + on * DAY, f.DebtStatusChanged(key, DebtStatus.RECALLED))
    return saved(out, book, NOW + (on + days) * DAY, f.DebtStatusChanged(key, DebtStatus.ACTIVE))


def next_for(person: Debtor, book: Playbook, on: int) -> Decision:
    return decide(person, book, NOW + on * DAY)


def is_begun(decision: Decision) -> bool:
    return isinstance(decision, Contact | HandOver)


def is_passed_over(decision: Decision) -> bool:
    return [one.rule for one in getattr(decision, "refusals", ())] == ["step.superseded"]


@BOOKS
@pytest.mark.parametrize("on", [5, 41, 48, 200])
def test_no_step_is_begun_anew_for_a_debt_that_was_gone_for_a_day(book: Playbook, on: int) -> None:
    back = gone_and_back(after_the_first_step(book), book, on)

    assert [one.number for one in back.open_episodes()] == [2]
    assert is_passed_over(next_for(back, book, on + 1))


@BOOKS
def test_nor_is_it_begun_months_after_the_debt_came_back(book: Playbook) -> None:
    back = gone_and_back(after_the_first_step(book), book, 41)
    for on in range(50, 200, 30):
        back = saved(back, book, NOW + on * DAY)

        assert is_passed_over(next_for(back, book, on))


@BOOKS
def test_nor_for_one_that_came_and_went_twice(book: Playbook) -> None:
    back = gone_and_back(after_the_first_step(book), book, 60)
    again = gone_and_back(back, book, 170)

    assert is_passed_over(next_for(again, book, 171))


@BOOKS
def test_nor_for_one_whose_payment_went_back(book: Playbook) -> None:
    person = after_the_first_step(book)
    paid_on, back_on = NOW + 50 * DAY, NOW + 60 * DAY
    payment = Payment("standard#1", "muebles/A1", 150_000, "MXN", paid_on)
    cured = saved(person, book, paid_on, f.PaymentPosted(payment))
    owed = saved(cured, book, back_on, f.PaymentReversed("standard#1", "muebles/A1", 150_000, "chargeback"))

    assert [one.closed_why for one in owed.episodes] == ["cured", ""]
    assert is_passed_over(next_for(owed, book, 60))


@BOOKS
def test_who_was_cured_and_falls_due_again_months_later_begins_anew(book: Playbook) -> None:
    person = after_the_first_step(book)
    cured = saved(person, book, NOW + 10 * DAY, f.DebtRecorded(debt(amount=0, status=DebtStatus.PAID)))
    due = saved(cured, book, NOW + 43 * DAY, f.DebtRecorded(debt(due_on=date(2026, 4, 13))))

    assert is_begun(next_for(due, book, 43))


@BOOKS
def test_what_the_creditor_assigns_again_after_months_begins_anew(book: Playbook) -> None:
    back = gone_and_back(after_the_first_step(book), book, 20, days=100)

    assert is_begun(next_for(back, book, 120))


@BOOKS
def test_a_debt_that_was_never_told_of_is_not_silenced_by_another(book: Playbook) -> None:
    person = after_the_first_step(book)
    gone = saved(person, book, NOW + 5 * DAY, f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED))
    newly = replace(debt("B7"), assigned_on=(NOW + 8 * DAY).date())
    other = saved(gone, book, NOW + 8 * DAY, f.DebtRecorded(newly))

    assert is_begun(next_for(other, book, 8))


def test_a_message_that_was_told_of_another_debt_alone_silences_none() -> None:
    gone = saved(after_the_first_step(MESSAGE), MESSAGE, NOW + 5 * DAY,
                 f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED))  # fmt: skip
    other = saved(gone, MESSAGE, NOW + 8 * DAY, f.DebtRecorded(debt("B7")))

    assert is_begun(next_for(other, MESSAGE, 8))


def test_a_debt_that_comes_back_smaller_hears_nothing_again_under_another_name() -> None:
    large = Stage("early_large", 1, 400, (Step("first", 3, (Channel.SMS,), "late"),), segments=("large",))
    small = Stage("early", 1, 400, (Step("first", 3, (Channel.SMS,), "late"),), segments=("everybody",))
    segments = (Segment("large", min_balance=100_000), Segment("everybody"))
    book = with_strategy(segments=segments, stages=(large, small))
    back = gone_and_back(after_the_first_step(book), book, 60)
    less = saved(back, book, NOW + 62 * DAY, f.DebtRecorded(debt(amount=80_000)))

    assert is_passed_over(next_for(less, book, 62))


def test_a_step_whose_message_failed_before_the_debt_was_gone_is_still_to_be_said() -> None:
    person = after_the_first_step(MESSAGE)
    failed = saved(person, MESSAGE, NOW + DAY, f.StepMarked(1, "early.first", "reopened"))
    forgotten = replace(failed, attempts=())
    back = gone_and_back(forgotten, MESSAGE, 48)

    assert is_begun(next_for(back, MESSAGE, 49))
