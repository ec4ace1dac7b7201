"""Promises are judged by what was paid, before the day begins, and once."""

from datetime import date

from recobro.domain.facts import FeedRead, PaymentPosted
from recobro.domain.payment import Payment
from recobro.domain.promise import PromiseStatus
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.receive_message import receive_message
from recobro.usecases.review_promises import review_promises
from recobro.usecases.saving import change
from tests.house import Clock, standing
from tests.sample import AMINTA


def promised(known: House) -> None:
    receive_message(known, Inbound("in-1", "sms", "+525550100001", "el viernes 13 te pago todo", known.now()))
    assert standing(known, AMINTA).promises[0].due_on == date(2026, 3, 13)


def test_a_promise_that_nobody_paid_is_broken_after_its_grace_and_judged_once(
    known: House, clock: Clock
) -> None:
    promised(known)
    clock.forward(days=7)
    assert review_promises(known).judged == {}  # Monday the 16th is a holiday: grace ends on the 18th

    clock.forward(days=3)
    assert review_promises(known).judged == {}  # nobody's word is judged by balances of before its last day
    change(known, AMINTA, lambda person, now: (FeedRead("muebles", date(2026, 3, 18), "file"),))
    assert review_promises(known).judged == {"promise_broken": 1}
    assert standing(known, AMINTA).promises[0].status is PromiseStatus.BROKEN
    version = standing(known, AMINTA).version
    assert review_promises(known).judged == {}
    assert standing(known, AMINTA).version == version


def test_a_promise_whose_money_came_is_kept(known: House, clock: Clock) -> None:
    promised(known)
    clock.forward(days=3)
    paid = Payment("standard#1", "muebles/A1", 150_000, "MXN", known.now())
    change(known, AMINTA, lambda person, now: (PaymentPosted(paid),))
    clock.forward(days=7)

    assert review_promises(known).judged == {"promise_kept": 1}
