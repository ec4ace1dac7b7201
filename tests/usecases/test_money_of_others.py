"""Money that came for a debt is known to everybody in it once, whoever joins it when, and waits for nobody for ever."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from recobro.domain import facts as f
from recobro.domain.debt import DebtStatus, Role
from recobro.domain.debtor import Debtor
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.reference import reference_of
from recobro.domain.task import Task
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases import payments, tasks
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from tests.house import Clock, overtaken, settle_in, standing
from tests.portfolio import drop
from tests.sample import AMINTA, debt, debtor, phone
from tests.usecases.test_owed_with_others import (
    GUARANTOR,
    PRINCIPAL,
    TOGETHER,
    VOUCHES,
    asks,
    both,
    pays,
    vouching,
)  # fmt: skip


def _just(facts: tuple[f.Fact, ...], debtor: Debtor, now: datetime) -> tuple[f.Fact, ...]:
    return facts


def paid_and_joined_a_day_later(home: House, clock: Clock) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    pays(home, both(home)[0].id, 150_050)  # Monday noon: all of it
    clock.forward(days=1)
    # Tuesday's delta names a guarantor, with the old balance.
    drop(home, GUARANTOR, name="aval.csv", head=TOGETHER)


def test_who_joins_a_day_after_all_was_paid_is_not_asked_for_it(home: House, clock: Clock) -> None:
    paid_and_joined_a_day_later(home, clock)

    assert asks(home, both(home)[1].id) == "refused"


def test_a_refund_of_what_was_paid_before_they_joined_is_owed_once(home: House, clock: Clock) -> None:
    paid_and_joined_a_day_later(home, clock)
    pays(home, both(home)[0].id, 150_050, "refunded", 5)

    assert [one.debts[0].outstanding.minor for one in both(home)] == [150_050, 150_050]


def owed(home: House, who: str) -> int:
    found = standing(home, who).debt("muebles/B2")
    assert found is not None
    return found.outstanding.minor


def by_link(home: House, amount: int, status: str) -> None:
    link = reference_of(AMINTA, home.keys.short_debt("muebles/A1"), 1)
    word = PaymentTold("standard", "standard#pi_1", status, link, Money(amount, "MXN"), status, home.now())
    hear_payment(home, word, b"raw", "main")


def calls(home: House, ident: str) -> object:
    task = Task(ident, "call", 3, home.now(), home.now(), creditor="muebles", debts=("muebles/B2",))
    change(home, AMINTA, lambda person, now: (f.TaskOpened(task), f.FeedRead("muebles", now.date(), "file")))
    return tasks.call(home, AMINTA, ident, "ana")


def test_a_refund_of_money_that_paid_two_debts_is_owed_again_once(known: House, clock: Clock) -> None:
    second = debt("B2", due_on=date(2026, 3, 5), amount=50_000)
    change(known, AMINTA, lambda person, now: (f.DebtRecorded(second),))
    settle_in(known, replace(debtor(replace(second, role=Role.GUARANTOR), points=(phone("p9"),)), id=VOUCHES))
    for who in (AMINTA, VOUCHES):
        known.lookups.add(known.keys.debt("muebles/B2"), who)
    known.obligors.add(known.keys.short_debt("muebles/B2"), {AMINTA, VOUCHES})
    by_link(known, 170_000, "paid")  # 1500 for A1, 200 for B2
    clock.forward(days=8)
    made = calls(
        known, "t1.early.call"
    )  # writes Heard(pi_1, B2, words=1) of the guarantor's into Aminta's record
    tasks.close(known, AMINTA, "t1.early.call", "no_answer", attempt=str(made))
    by_link(known, 10_000, "refunded")
    assert (owed(known, AMINTA), owed(known, VOUCHES)) == (40_000, 40_000)
    back = next(one.id for one in standing(known, AMINTA).open_tasks() if one.reason == "payment_returned")
    tasks.close(known, AMINTA, back, "resume")
    clock.forward(days=8)
    calls(known, "t2.early.call")

    assert (owed(known, AMINTA), owed(known, VOUCHES)) == (40_000, 40_000)
    assert all(one.lifted_at for one in standing(known, AMINTA).holds)


def test_who_says_two_months_later_that_the_next_bill_is_paid_leaves_who_vouches_in_peace(
    known: House, clock: Clock
) -> None:
    vouching(known)
    until = known.now() + timedelta(days=3)
    hold = Hold(
        "halre-0123456789ab",
        HoldReason.ALREADY_PAID,
        known.now(),
        "debtor",
        until,
        ("muebles/A1",),
        resumes=True,
    )
    change(known, AMINTA, lambda person, now: (f.HoldPlaced(hold),))
    change(known, AMINTA, lambda person, now: (f.HoldLifted(hold.id, "ana"),))  # somebody looked
    clock.forward(days=64)
    for who, role in ((AMINTA, Role.PRINCIPAL), (VOUCHES, Role.GUARANTOR)):
        fresh = (
            f.DebtRecorded(debt(due_on=date(2026, 5, 7), role=role)),
            f.FeedRead("muebles", known.now().date(), "file"),
        )
        change(known, who, partial(_just, fresh))
    receive_message(known, Inbound("in-1", "sms", "+525550100001", "ya pagué ayer", known.now()))

    assert asks(known, VOUCHES) == "refused"


@pytest.mark.parametrize("status", ["sold", "recalled", "insolvent", "judicial", "written_off"])
def test_more_money_for_a_debt_that_left_us_is_a_persons_to_place(known: House, status: str) -> None:
    def hears(amount: int) -> None:
        link = f"{AMINTA}:muebles/A1"
        word = PaymentTold(
            "standard", "standard#pi_1", f"e{amount}", link, Money(amount, "MXN"), "paid", known.now()
        )
        hear_payment(known, word, b"raw", "main")

    hears(50_000)
    change(
        known, AMINTA, lambda person, now: (f.DebtStatusChanged("muebles/A1", DebtStatus(status), "feed"),)
    )
    hears(150_000)  # captured 1000 more

    assert [task.reason for task in standing(known, AMINTA).open_tasks()] == ["overpaid"]


def test_money_that_a_person_rejects_while_a_file_is_read_keeps_nobody_waiting(home: House) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    pays(home, both(home)[0].id, 150_050, currency="USD")
    raced = overtaken(
        home, "OBLIGORS#", lambda: payments.close(home, "standard#pi_1", "reject", "eva", "a test of theirs")
    )
    drop(raced, GUARANTOR, name="aval.csv", head=TOGETHER)

    assert [list(one.open_tasks()) for one in both(home)] == [[], []]


def test_a_copied_task_that_is_asked_again_has_a_name_of_its_own(home: House, clock: Clock) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    ana = both(home)[0]
    pays(home, ana.id, 150_050, currency="USD")
    tasks.close(home, ana.id, next(iter(standing(home, ana.id).open_tasks())).id, "done", note="llame luego")
    drop(home, GUARANTOR, name="aval.csv", head=TOGETHER)
    luz = both(home)[1]
    tasks.close(home, luz.id, next(iter(luz.open_tasks())).id, "done", note="llame luego")
    names = [one.id for one in standing(home, luz.id).tasks]

    assert len(names) == len(set(names)), names
