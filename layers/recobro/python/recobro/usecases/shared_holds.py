"""A debt that is contested or said to be paid rests for everybody who owes it: no guarantor is asked for what the debtor disputes.

DESIGN §3: a hold on a shared debt is saved in every obligor's record. It is placed first where it was said; told again, it reaches
whom it did not reach the first time.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, HoldLifted, HoldPlaced
from recobro.domain.hold import Hold
from recobro.house import House
from recobro.usecases.saving import change_whom_it_may_mean


def rest_for_all(house: House, debtor_id: str, holds: Iterable[Hold]) -> None:
    """Place the holds that stand over certain debts of that person in the records of all who owe them."""
    for hold in holds:
        if hold.lifted_at is None:
            for other in _others(house, debtor_id, hold):
                change_whom_it_may_mean(house, other, partial(_placed, hold))


def resume_for_all(house: House, debtor_id: str, holds: Iterable[Hold], who: str) -> None:
    """Lift what was lifted in that person's record in the others'."""
    for hold in holds:
        for other in _others(house, debtor_id, hold):
            change_whom_it_may_mean(house, other, partial(_lifted, hold.id, who))


def _others(house: House, debtor_id: str, hold: Hold) -> list[str]:
    people = {one for key in hold.debts for one in house.obligors.people(house.keys.short_debt(key))}
    return sorted(people - {debtor_id})


def _placed(hold: Hold, debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    shared = tuple(key for key in hold.debts if debtor.debt(key) is not None)
    if not shared or any(one.id == hold.id for one in debtor.holds):
        return ()
    return (HoldPlaced(replace(hold, debts=shared)),)


def _lifted(name: str, who: str, debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
    stands = any(one.id == name and one.lifted_at is None for one in debtor.holds)
    return (HoldLifted(name, who),) if stands else ()
