"""A house in which one invented person is known by phone, e-mail and debt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from infra.local.managed_login import ManagedLogin
from recobro.domain import facts as f
from recobro.domain.debt import Debt
from recobro.domain.task import Task
from recobro.house import House
from recobro.usecases.saving import change
from recobro.usecases.sweep import sweep
from tests.desk import TASK, Agent, staffed
from tests.house import Clock, house, settle_in
from tests.sample import AMINTA, debt, debtor, email, phone


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        at_home(opened)
        yield opened


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    """Nobody is known there yet."""
    with house(clock) as opened:
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


@pytest.fixture
def office(clock: Clock) -> Iterator[tuple[House, ManagedLogin]]:
    """One invented person, of whom two tasks are open: a call that the strategy asks for, and a message to be read."""
    with staffed(clock) as (home, login):
        settle_in(home, debtor(debt(due_on=date(2026, 1, 5))))
        sweep(home, "overdue")
        opened = Task(TASK, "read_message", 1, clock.now, clock.now + timedelta(days=1), creditor="muebles")
        change(home, AMINTA, lambda _debtor, _now: (f.TaskOpened(opened),))
        yield home, login


@pytest.fixture
def agent(office: tuple[House, ManagedLogin]) -> Agent:
    return Agent(*office).sign_in()


@pytest.fixture
def supervisor(office: tuple[House, ManagedLogin]) -> Agent:
    return Agent(*office).sign_in("supervisor")
