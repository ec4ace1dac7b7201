"""Five hundred workers come at the same instant for one person with one slot left: exactly one message leaves."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from recobro.domain.playbook import Switches
from recobro.house import House
from recobro.usecases.send import send
from tests.house import Clock, PretendCarrier, attempts, house, settle_in
from tests.sample import AMINTA, debtor

WORKERS = 500


@pytest.fixture
def home() -> Iterator[House]:
    with house(Clock()) as opened:
        settle_in(opened, debtor())
        yield opened


def test_five_hundred_workers_with_one_slot_left_send_once(home: House) -> None:
    carrier, ends = PretendCarrier(), list[str]()
    valid_until = home.now() + timedelta(minutes=15)
    home.ledger.load(AMINTA)
    together = threading.Barrier(WORKERS)

    def work() -> None:
        together.wait()
        try:
            ends.append(send(home, carrier, "sms", AMINTA, valid_until, Switches).result)
        except Exception as error:
            ends.append(repr(error))

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    results = Counter(ends)
    assert len(carrier.asked) == 1
    assert results["sent"] == 1
    assert set(results) <= {"sent", "refused", "lost_race"}
    assert results.total() == WORKERS
    assert attempts(home, AMINTA) == [("sms", "sent")]
