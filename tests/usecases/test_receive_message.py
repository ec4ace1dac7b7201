"""What people answer binds before anything else happens, and every word reaches somebody."""

import pytest

from recobro.domain.contact_point import PointState
from recobro.errors import NotFound
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.receive_message import receive_message
from tests.house import PretendCarrier, standing
from tests.sample import AMINTA
from tests.usecases.test_send import sent


def message(home: House, body: str, ident: str = "in-1", sender: str = "+525550100001") -> str:
    return receive_message(home, Inbound(ident, "sms", sender, body, home.now())).intent


def test_an_opt_out_binds_the_address_before_it_is_answered(known: House) -> None:
    assert message(known, "BAJA") == "opt_out"
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED
    carrier = PretendCarrier()

    assert sent(known, carrier).result == "refused"
    assert carrier.asked == []


def test_mexicos_old_one_before_the_number_is_the_same_phone(known: House) -> None:
    assert message(known, "baja", sender="+5215550100001") == "opt_out"


def test_any_other_word_reaches_a_person_and_the_history_once(known: House) -> None:
    message(known, "el viernes te pago")
    message(known, "el viernes te pago")
    person = standing(known, AMINTA)

    assert [task.reason for task in person.tasks] == ["read_message"]
    assert sent(known, PretendCarrier()).reason == "task.open"


class Died(BaseException):
    """The process ends between the carrier's answer and our record of it."""


def test_an_answer_proves_that_its_message_left_though_its_sender_died(known: House) -> None:
    def taken() -> None:
        raise Died

    with pytest.raises(Died):
        sent(known, PretendCarrier(before=taken))
    message(known, "ya voy")
    person = standing(known, AMINTA)
    mark = person.episodes[-1].mark_of(person.attempts[-1].step.mark)

    assert mark is not None
    assert mark.how == "sent"


def test_a_message_from_nobody_we_know_waits_in_the_review_queue(known: House) -> None:
    with pytest.raises(NotFound):
        message(known, "hola", sender="+525550109999")


def test_a_lookup_whose_save_never_came_does_not_keep_an_opt_out_from_the_others(known: House) -> None:
    point = known.keys.point("+525550100001")
    known.lookups.add(point, "d" + "0" * 23)

    assert message(known, "BAJA") == "opt_out"
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED
