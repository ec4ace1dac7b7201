"""A carrier without room for hours costs nobody a message: what it had no room for is no failure, and comes again."""

from typing import Any

import pytest

from infra.app import ROWS
from infra.stack.rows import OnQueue
from recobro.adapters.channels.once import SEND_CONFIG
from recobro.bootstrap import Surroundings
from recobro.domain import reminding, replying, thanking
from recobro.domain.allocation import Split
from recobro.domain.facts import PaymentPosted
from recobro.domain.payment import Payment
from recobro.house import House
from recobro.ports import Sent
from recobro.usecases.saving import change
from recobro.usecases.send import CONNECTING
from tests.domain.test_thanking import book
from tests.house import Clock, PretendCarrier, house, standing
from tests.sample import AMINTA
from tests.usecases.conftest import at_home
from tests.usecases.test_receive_message import message
from tests.usecases.test_receive_receipt import promised_for_tuesday, that_reminds
from tests.usecases.test_send import sent

TIMES = 7
"""More often than any of them is tried after definite failures."""


def gets_through(home: House, clock: Clock, channel: str) -> str:
    """What is sent after a brown-out of hours, with a try whenever a sweep hands it out: its stage."""
    throttled = PretendCarrier(Sent("refused", code="ThrottlingException", then="retry"))
    for _ in range(TIMES):
        assert sent(home, throttled, channel).result == "released"
        clock.forward(minutes=15)
    assert sent(home, PretendCarrier(), channel).result == "sent"
    return standing(home, AMINTA).attempts[-1].step.stage


def test_who_asked_is_answered(known: House, clock: Clock) -> None:
    message(known, "cuánto debo?")

    assert gets_through(known, clock, "sms") == replying.STAGE


def test_who_promised_is_reminded(clock: Clock) -> None:
    with house(clock, book=that_reminds()) as home:
        promised_for_tuesday(home, clock)

        assert gets_through(home, clock, "sms") == reminding.STAGE


def test_who_paid_is_thanked(clock: Clock) -> None:
    with house(clock, book=book()) as home:
        at_home(home)
        posted = Payment("standard#1", "muebles/A1", 50_000, "MXN", home.now(), split=Split(principal=50_000))
        change(home, AMINTA, lambda debtor, now: (PaymentPosted(posted),))

        assert gets_through(home, clock, "email") == thanking.STAGE


def test_no_sender_is_ended_in_the_middle_of_a_batch_that_its_carrier_is_slow_with() -> None:
    """What is ended between claim and answer is in doubt for three days, and the rest of its batch waits for its queue."""
    slow = SEND_CONFIG["connect_timeout"] + SEND_CONFIG["read_timeout"]
    senders = [row for row in ROWS if isinstance(row.starts, OnQueue) and row.name.startswith("send_")]

    assert len(senders) == 5
    for row in senders:
        assert row.within.seconds >= 1.5 * row.within.batch * slow, row.name


class SlowTable:
    """The ledger answers a claim only after so many seconds."""

    def __init__(self, client: Any, clock: Clock, seconds: float) -> None:
        self._client, self._clock, self._seconds = client, clock, seconds

    def __getattr__(self, operation: str) -> Any:
        call = getattr(self._client, operation)

        def slow(**parameters: Any) -> Any:
            answer = call(**parameters)
            self._clock.forward(seconds=self._seconds)
            self._seconds = 0
            return answer

        return slow if operation == "put_item" else call


@pytest.mark.parametrize(("seconds", "result"), [(11, "sent"), (13, "released")])
def test_no_carrier_hears_of_a_call_after_its_send_by(
    known: House, clock: Clock, seconds: float, result: str
) -> None:
    """A connection takes its time, too: what would come late is not begun, and frees its slot."""
    table = SlowTable(known.client("dynamodb"), clock, seconds)

    def client(name: str, **config: Any) -> Any:
        return table if name == "dynamodb" else known.client(name, **config)

    slow = House(known.settings, Surroundings(client, known.now, known.chance), known.playbook)
    carrier = PretendCarrier()

    assert sent(slow, carrier).result == result
    assert len(carrier.asked) == (result == "sent")
    assert SEND_CONFIG["connect_timeout"] == CONNECTING.total_seconds()
