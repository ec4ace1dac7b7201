"""Asked about an instant that is over, `explain` answers from the record as it stood then."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from recobro.domain import facts as f
from recobro.domain.hold import Hold, HoldReason
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.usecases.explain import explain
from recobro.usecases.saving import change
from tests.house import Clock, house, settle_in
from tests.sample import AMINTA, MONDAY_NOON_MX, debtor


@pytest.fixture
def home() -> Iterator[House]:
    """A person whose dispute came three hours after noon, by which it is now."""
    clock = Clock()
    with house(clock) as opened:
        settle_in(opened, debtor())
        clock.forward(hours=3)
        hold = Hold("h1", HoldReason.DISPUTE, clock.now, "operations")
        change(opened, AMINTA, lambda debtor, now: (f.HoldPlaced(hold),))
        yield opened


def test_a_dispute_that_came_at_three_is_not_in_the_way_at_noon(home: House) -> None:
    then = explain(home, AMINTA, MONDAY_NOON_MX + timedelta(hours=2))
    assert (then.result, then.as_of) == ("contact", MONDAY_NOON_MX)
    now = explain(home, AMINTA)
    assert ([one.rule for one in now.blocked_by], now.as_of) == (["hold.dispute"], None)


def test_the_words_of_then_are_read_with_the_person_s_own_name(home: House) -> None:
    """Names are in no history: without them a lawful message would lack its words."""
    assert explain(home, AMINTA, MONDAY_NOON_MX).words == ()


def test_an_instant_to_come_is_answered_from_the_record_of_now(home: House) -> None:
    ahead = explain(home, AMINTA, MONDAY_NOON_MX + timedelta(days=1))
    assert (ahead.result, ahead.as_of) == ("stop", None)


def test_before_the_record_began_nothing_is_made_up(home: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        explain(home, AMINTA, MONDAY_NOON_MX - timedelta(seconds=1))
    assert refused.value.field == "at"
    assert MONDAY_NOON_MX.isoformat() in refused.value.fix
