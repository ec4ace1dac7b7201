"""A house in which one invented person is known by phone, e-mail and debt."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from recobro.domain.debt import Debt
from recobro.house import House
from tests.house import Clock, house, settle_in
from tests.sample import AMINTA, debtor, email, phone


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        at_home(opened)
        yield opened


def at_home(opened: House, *debts: Debt) -> None:
    """Let the invented person be known there."""
    keys = opened.keys
    points = (
        replace(phone(), id=keys.point("+525550100001")),
        replace(email(), id=keys.point("aminta@example.com")),
    )
    named = {points[0].id: "+525550100001", points[1].id: "aminta@example.com"}
    person = debtor(*debts, points=points)
    settle_in(opened, replace(person, personal=replace(person.personal, points=named)))
    opened.lookups.add(keys.debt("muebles/A1"), AMINTA)
