"""A guarantor or co-debtor whom a file names later is left in peace about what the others in the debt contest or say is paid."""

from dataclasses import replace

import pytest

from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.facts import HoldLifted
from recobro.domain.settle import settled
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases import tasks
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from tests.house import Clock, overtaken, standing
from tests.portfolio import ANA, HEAD, LUZ, drop

TOGETHER = HEAD + ",papel"
PRINCIPAL = ANA + ",titular"
GUARANTOR = LUZ.replace("C-2", "C-1").replace("820", "1500.50").replace("10/03", "04/03") + ",aval"
ANAS_PHONE, LUZS_PHONE = "+525550100001", "+525550100002"
CONTESTS = "no reconozco esa deuda, yo no compré eso"
SAYS_PAID = "ya pagué ayer"
PHONE_OF = {"principal": ANAS_PHONE, "guarantor": LUZS_PHONE}


def writes(home: House, words: str, phone: str = ANAS_PHONE) -> None:
    receive_message(home, Inbound(f"in-{words[:9]}", "sms", phone, words, home.now()))


def everybody(home: House) -> list[Debtor]:
    """Whoever owes the debt, the principal first."""
    people = [standing(home, one) for one in home.lookups.debtors(home.keys.debt("muebles/C-1"))]
    return sorted(
        people, key=lambda one: [debt.role for debt in one.debts if debt.ref == "C-1"] != ["principal"]
    )


def is_asked(home: House, person: Debtor) -> bool:
    """Whether the next thing is to ask for money; who wrote is answered all the same."""
    now = home.now()
    next_one = decide(settled(replace(person, replies=()), home.playbook, now)[0], home.playbook, now)
    return isinstance(next_one, Contact)


def held(person: Debtor) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.reason.value, one.debts) for one in person.holds if one.lifted_at is None]


@pytest.mark.parametrize(("words", "reason"), [(CONTESTS, "dispute"), (SAYS_PAID, "already_paid")])
def test_who_joins_a_debt_that_somebody_contests_or_says_is_paid_is_not_asked_for_it(
    home: House, clock: Clock, words: str, reason: str
) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    writes(home, words)
    clock.forward(hours=1)
    drop(home, PRINCIPAL, GUARANTOR, name="aval.csv", head=TOGETHER)
    ana, luz = everybody(home)

    assert held(ana) == held(luz) == [(reason, ("muebles/C-1",))]
    assert not any(is_asked(home, one) for one in (ana, luz))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("first", "place"),
    [
        ("principal", "LOOKUP#"),
        ("principal", "OBLIGORS#"),
        ("principal", "DEBTOR#"),
        ("guarantor", "LOOKUP#"),
        ("guarantor", "DEBTOR#"),
    ],
)
def test_a_dispute_and_the_file_that_brings_another_person_into_its_debt_never_miss_each_other(
    home: House, first: str, place: str, when: str
) -> None:
    rows = [PRINCIPAL, GUARANTOR] if first == "principal" else [GUARANTOR, PRINCIPAL]
    drop(home, rows[0], head=TOGETHER)
    raced = overtaken(home, place, lambda: writes(home, CONTESTS, PHONE_OF[first]), after=when == "after")
    drop(raced, rows[1], name="otro.csv", head=TOGETHER)
    people = everybody(home)

    assert [held(one) for one in people] == [[("dispute", ("muebles/C-1",))]] * 2


def test_what_a_guarantor_contests_rests_for_a_principal_whom_the_file_named_after_them(home: House) -> None:
    drop(home, GUARANTOR, head=TOGETHER)
    drop(home, PRINCIPAL, name="titular.csv", head=TOGETHER)
    writes(home, CONTESTS, LUZS_PHONE)

    assert [held(one) for one in everybody(home)] == [[("dispute", ("muebles/C-1",))]] * 2


def test_who_contests_all_they_owe_keeps_whoever_joins_in_peace_about_that_debt_alone(
    home: House, clock: Clock
) -> None:
    second = PRINCIPAL.replace("C-1", "C-9").replace("1500.50", "700")
    drop(home, PRINCIPAL, second, head=TOGETHER)
    writes(home, CONTESTS)
    clock.forward(hours=1)
    drop(home, GUARANTOR, LUZ + ",titular", name="aval.csv", head=TOGETHER)
    ana, luz = everybody(home)

    assert held(ana) == [("dispute", ())]
    assert held(luz) == [("dispute", ("muebles/C-1",))]


def test_who_vouches_for_a_second_contested_debt_later_rests_for_both_and_for_no_longer_than_the_debtor(
    home: House, clock: Clock
) -> None:
    second = PRINCIPAL.replace("C-1", "C-9").replace("1500.50", "700")
    drop(home, PRINCIPAL, second, head=TOGETHER)
    writes(home, CONTESTS)
    for number, row in enumerate((GUARANTOR, GUARANTOR.replace("C-1", "C-9").replace("1500.50", "700"))):
        clock.forward(hours=1)
        drop(home, row, name=f"aval{number}.csv", head=TOGETHER)
    ana, luz = everybody(home)

    assert held(luz) == [("dispute", ("muebles/C-1",)), ("dispute", ("muebles/C-9",))]
    assert len({one.id for one in luz.holds}) == 2

    review = next(one.id for one in ana.open_tasks() if one.reason == "dispute")
    tasks.close(home, ana.id, review, "resume")

    assert [held(one) for one in everybody(home)] == [[], []]


def test_a_dispute_that_is_over_rests_for_nobody_who_joins(home: House, clock: Clock) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    writes(home, SAYS_PAID)
    clock.forward(days=8)
    drop(home, PRINCIPAL, GUARANTOR, name="aval.csv", head=TOGETHER)
    clock.forward(hours=1)
    _, luz = everybody(home)

    assert held(luz) == []


def test_what_was_lifted_on_a_clock_ahead_of_ours_rests_for_nobody_who_joins(
    home: House, clock: Clock
) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    writes(home, CONTESTS)
    clock.forward(seconds=5)
    (ana,) = everybody(home)
    change(home, ana.id, lambda person, now: [HoldLifted(one.id, "agent:eva") for one in person.holds])
    clock.forward(seconds=-5)
    drop(home, PRINCIPAL, GUARANTOR, name="aval.csv", head=TOGETHER)
    _, luz = everybody(home)

    assert luz.holds == ()


def test_hard_times_of_one_are_not_brought_to_who_joins(home: House, clock: Clock) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    writes(home, "me quedé sin trabajo y no tengo ni para comer")
    clock.forward(minutes=5)
    drop(home, GUARANTOR, name="aval.csv", head=TOGETHER)

    assert sorted(len(held(one)) for one in everybody(home)) == [0, 1]
