"""What became of a message comes home, however often, late and out of order it is told."""

import pytest

from recobro.domain.contact_point import PointState
from recobro.errors import NotFound
from recobro.house import House
from recobro.ports import Receipt
from recobro.usecases.receive_receipt import receive_receipt
from tests.house import Clock, PretendCarrier, standing
from tests.sample import AMINTA
from tests.usecases.test_send import sent


def receipt(home: House, status: str, then: str = "", code: str = "") -> str:
    attempt = standing(home, AMINTA).attempts[-1]
    told = Receipt(AMINTA, attempt.id, status, code, home.now(), attempt.channel.value, "m-1", then)
    return receive_receipt(home, told)


def test_a_delivery_moves_its_attempt_and_its_repetition_changes_nothing(known: House) -> None:
    sent(known, PretendCarrier())

    assert receipt(known, "delivered") == "moved"
    version = standing(known, AMINTA).version
    assert receipt(known, "delivered") == "repeated"
    assert receipt(known, "sent") == "repeated"
    assert standing(known, AMINTA).version == version


class Died(BaseException):
    """The process ends between the carrier's answer and our record of it."""


def test_a_receipt_that_is_quicker_than_its_sender_marks_the_step_whatever_else_it_proves(
    known: House, clock: Clock
) -> None:
    def taken() -> None:
        raise Died

    sent(known, PretendCarrier())
    receipt(known, "failed", then="suppress", code="invalid_number")
    clock.forward(days=1)
    with pytest.raises(Died):
        sent(known, PretendCarrier(before=taken), channel="email")
    assert standing(known, AMINTA).attempts[-1].is_first_notice
    receipt(known, "delivered")
    episode, attempt = standing(known, AMINTA).episodes[-1], standing(known, AMINTA).attempts[-1]

    assert episode.noticed_at is not None
    mark = episode.mark_of(attempt.step.mark)
    assert mark is not None
    assert mark.how == "sent"


def test_a_bounced_message_lets_the_next_channel_take_the_step(known: House, clock: Clock) -> None:
    sent(known, PretendCarrier())
    receipt(known, "failed", then="suppress", code="invalid_number")
    clock.forward(days=1)
    mail = PretendCarrier()

    assert standing(known, AMINTA).points[0].state is PointState.BAD
    assert sent(known, mail, channel="email").result == "sent"


def test_a_complaint_suppresses_the_address_for_everybody(known: House) -> None:
    sent(known, PretendCarrier())
    receipt(known, "complaint")
    point = standing(known, AMINTA).points[0]

    assert point.state is PointState.SUPPRESSED
    assert known.suppressions.reason(point.id) == "complaint"


def test_a_receipt_for_nobody_is_handed_back(known: House) -> None:
    with pytest.raises(NotFound):
        receive_receipt(known, Receipt("", "", "delivered", "", known.now(), "sms"))
