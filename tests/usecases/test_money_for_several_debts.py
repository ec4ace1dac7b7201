"""Money that pays several debts is divided once, and whoever owes any of them is left in peace for what it paid."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from recobro.domain.allocation import Allocation
from recobro.domain.debt import Debt, DebtStatus, Role
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of, voices
from recobro.domain.facts import PaymentPosted
from recobro.domain.reference import reference_of
from recobro.house import House
from recobro.usecases.hear_payment import waiting_for
from recobro.usecases.payments import assign, undo
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor, playbook
from tests.usecases.conftest import at_home
from tests.usecases.test_hear_payment import BERTA, CIRO, _fields, told

A1, A2, B7 = "muebles/A1", "muebles/A2", "muebles/B7"
OLDER, NEWER = debt("A1", amount=100_000), debt("A2", amount=50_000, due_on=date(2026, 3, 5))


def joins(home: House, who: str, *debts: Debt) -> None:
    """Somebody else in these debts, noted as an import notes them."""
    person = debtor(*debts)
    settle_in(home, Debtor(**{**_fields(person), "id": who, "version": 0}))
    for one in debts:
        home.lookups.add(home.keys.debt(one.key), AMINTA)
        home.lookups.add(home.keys.debt(one.key), who)
        home.obligors.add(home.keys.short_debt(one.key), {AMINTA, who})


@pytest.fixture(params=["named", "named_then_oldest", "oldest"])
def home(clock: Clock, request: pytest.FixtureRequest) -> Iterator[House]:
    """A client of each rule; one person with two debts to one creditor, the newer of which Berta owes as well."""
    book = playbook()
    book = replace(book, client=replace(book.client, allocation=Allocation(debts=request.param)))
    with house(clock, book=book) as opened:
        at_home(opened, OLDER, NEWER)
        joins(opened, BERTA, replace(NEWER, role=Role.CODEBTOR))
        yield opened


def by_link(home: House, key: str = A1) -> str:
    return reference_of(AMINTA, home.keys.short_debt(key), 1)


def outstanding(home: House, who: str) -> dict[str, int]:
    return {one.key: one.outstanding.minor for one in standing(home, who).debts}


def test_who_pays_all_that_our_link_asked_for_owes_nothing_whatever_the_clients_rule(home: House) -> None:
    assert told(home, amount=150_000, reference=by_link(home)).result == "posted"

    assert outstanding(home, AMINTA) == {A1: 0, A2: 0}
    assert not [one for one in standing(home, AMINTA).tasks if one.reason == "overpaid"]
    assert {one.debt for one in standing(home, AMINTA).letters} == {A1, A2}


def test_whoever_owes_what_the_rest_of_it_paid_is_left_in_peace(home: House) -> None:
    told(home, amount=150_000, reference=by_link(home))
    person = standing(home, BERTA)

    assert outstanding(home, BERTA) == {A2: 0}
    spoken = voices(person, home.playbook, today_of(person, home.playbook, home.now()))
    assert [one.key for voice in spoken for one in voice.debts] == []


def test_what_goes_back_goes_back_from_everybody_in_each_debt(home: House) -> None:
    told(home, amount=150_000, reference=by_link(home))
    told(home, "refunded", 150_000, minutes=5, reference=by_link(home))

    assert (outstanding(home, AMINTA), outstanding(home, BERTA)) == ({A1: 100_000, A2: 50_000}, {A2: 50_000})


def test_money_told_ten_times_reaches_everybody_once(home: House) -> None:
    for _ in range(3):
        told(home, amount=120_000, reference=by_link(home))

    assert sum(outstanding(home, AMINTA).values()) == 30_000
    assert outstanding(home, BERTA)[A2] == outstanding(home, AMINTA)[A2]


def test_the_same_money_pays_nobody_elses_other_debts(home: House) -> None:
    """Ciro is in the older debt, and owes one of his own: what Aminta paid too much for theirs is not his."""
    joins(home, CIRO, replace(OLDER, role=Role.CODEBTOR), debt("B7", amount=70_000))
    told(home, amount=150_000, reference=by_link(home))

    assert outstanding(home, CIRO) == {A1: outstanding(home, AMINTA)[A1], B7: 70_000}


def test_who_joins_a_debt_that_the_rest_had_paid_is_not_asked_for_it(home: House) -> None:
    told(home, amount=150_000, reference=by_link(home))
    person = replace(debtor(replace(NEWER, role=Role.GUARANTOR)), id=CIRO)
    waiting = waiting_for(home, person, A2)

    posted = [one.payment for one in waiting.facts if isinstance(one, PaymentPosted)]
    assert [(one.debt, one.amount) for one in posted] == [(A2, 50_000)]


def test_a_payment_placed_by_hand_can_be_taken_back_from_everybody_it_reached(home: House) -> None:
    told(home, amount=150_000, reference="nothing/1")
    said = assign(
        home, "standard#pi_1", by_link(home), "ana", "the debtor sent the receipt", is_rehearsal=True
    )
    done = assign(home, "standard#pi_1", by_link(home), "ana", "the debtor sent the receipt")

    assert set(said.facts) == set(done.facts) == {AMINTA, BERTA}
    assert (outstanding(home, AMINTA), outstanding(home, BERTA)) == ({A1: 0, A2: 0}, {A2: 0})

    undo(home, "standard#pi_1", "ana", "it was somebody else's")
    assert (outstanding(home, AMINTA), outstanding(home, BERTA)) == ({A1: 100_000, A2: 50_000}, {A2: 50_000})
    assert standing(home, BERTA).debts[0].status is DebtStatus.ACTIVE


@pytest.mark.parametrize("place", range(1, 12))
def test_a_crash_anywhere_leaves_a_payment_to_be_told_again_that_then_reaches_everybody(
    home: House, place: int
) -> None:
    left = [place]

    def lost(**_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise ConnectionError

    home._dynamodb.meta.events.register("before-call", lost)
    with suppress(ConnectionError):
        told(home, amount=150_000, reference=by_link(home))
    left[0] = 0
    told(home, amount=150_000, reference=by_link(home))

    assert (outstanding(home, AMINTA), outstanding(home, BERTA)) == ({A1: 0, A2: 0}, {A2: 0})
