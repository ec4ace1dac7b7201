"""A try has one id for ever: links, receipts and the history name it by that, long after the record forgot older tries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus
from recobro.domain.channel import Channel
from recobro.domain.strategy import Stage, Step
from recobro.domain.task import Task
from recobro.house import House
from recobro.ports import Sent
from recobro.usecases import tasks
from recobro.usecases.saving import change
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debtor, phone, with_strategy
from tests.usecases.test_send import sent

NO_SUCH_NUMBER = Sent("refused", code="invalid_number", then="suppress")
ONE_STEP = with_strategy(stages=(Stage("early", 1, 400, (Step("first", 3, (Channel.SMS,), "late"),)),))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock, book=ONE_STEP) as opened:
        settle_in(opened, debtor(points=(phone("p1"),)))
        yield opened


def later(home: House, clock: Clock, days: int) -> None:
    clock.forward(days=days)
    change(home, AMINTA, lambda person, now: (f.FeedRead("muebles", now.date(), "file"),))


def another_number(home: House, name: str) -> None:
    """The creditor's file brings another phone."""
    loaded = home.ledger.load(AMINTA)
    assert loaded is not None
    personal = loaded.debtor.personal
    known = {**personal.points, name: f"+52555010000{name[-1]}"}
    named = replace(loaded.debtor, personal=replace(personal, points=known))
    home.ledger.save(loaded, (f.PointRecorded(phone(name)),), home.now(), debtor=named)


def test_a_step_that_fails_for_weeks_goes_on_when_its_first_try_is_long_past(
    home: House, clock: Clock
) -> None:
    bad = PretendCarrier(NO_SUCH_NUMBER)
    sent(home, bad)
    later(home, clock, 28)
    another_number(home, "p2")
    sent(home, bad)
    later(home, clock, 21)
    another_number(home, "p3")

    assert sent(home, PretendCarrier()).result == "sent"
    assert [one.number for one in standing(home, AMINTA).attempts] == [1, 2, 3]


def test_a_call_that_reached_nobody_is_made_again_months_later_under_another_id(
    home: House, clock: Clock
) -> None:
    asked = Task("t1", "call", 1, clock.now, clock.now + timedelta(days=1))
    change(home, AMINTA, lambda person, now: (f.TaskOpened(asked),))
    first = tasks.call(home, AMINTA, "t1", "ana")
    assert isinstance(first, str)
    change(home, AMINTA, lambda person, now: (f.AttemptProgressed(first, AttemptStatus.FAILED),))
    later(home, clock, 50)
    second = tasks.call(home, AMINTA, "t1", "ana")

    assert isinstance(second, str)
    assert second != first
