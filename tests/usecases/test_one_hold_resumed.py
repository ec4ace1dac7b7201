"""Whoever answers one thing that a person wrote has answered that, and nothing else of the same message."""

import pytest

from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.facts import FeedRead, HoldPlaced, TaskOpened
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.task import Task
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases import tasks
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from tests.house import Clock, PretendCarrier, standing
from tests.sample import AMINTA
from tests.usecases.test_send import sent
from tests.visitor import Visitor, link_to


def write(home: House, words: str) -> None:
    receive_message(home, Inbound(f"in-{words}", "sms", "+525550100001", words, home.now()))


def close(home: House, reason: str, disposition: str) -> None:
    task = next(one for one in standing(home, AMINTA).open_tasks() if one.reason == reason)
    tasks.close(home, AMINTA, task.id, disposition)


def held(home: House) -> set[str]:
    return {one.reason.value for one in standing(home, AMINTA).holds if one.lifted_at is None}


@pytest.mark.parametrize(
    ("words", "stays"),
    [
        ("no reconozco esa deuda, y además perdí mi trabajo y no tengo dinero", "hardship"),
        ("el señor falleció y no reconocemos esa deuda", "deceased"),
    ],
)
def test_a_dispute_that_was_answered_ends_nothing_else_of_the_same_message(
    known: House, words: str, stays: str
) -> None:
    write(known, words)
    assert held(known) == {"dispute", stays}
    close(known, "dispute", "resume")

    assert held(known) == {stays}
    assert [one.reason for one in standing(known, AMINTA).open_tasks()] == [stays]


def test_nobody_writes_to_an_heir_because_a_dispute_was_answered(known: House, clock: Clock) -> None:
    write(known, "el señor falleció y no reconocemos esa deuda")
    close(known, "dispute", "resume")
    close(known, "deceased", "done")
    clock.forward(days=8)
    change(known, AMINTA, lambda debtor, now: (FeedRead("muebles", now.date(), "file"),))

    assert not isinstance(decide(standing(known, AMINTA), known.playbook, known.now()), Contact)


def test_a_death_ends_no_dispute_and_its_own_task_ends_it(known: House) -> None:
    write(known, "el señor falleció y no reconocemos esa deuda")
    close(known, "deceased", "resume")

    assert held(known) == {"dispute"}


def test_a_message_that_was_read_ends_no_hold_whose_own_task_is_forgotten(known: House) -> None:
    now = known.now()
    gone = Hold("hdece-0a1b", HoldReason.DECEASED, now, "operations")
    read = Task("tread_message-0a1b", "read_message", 2, now, now, step="said:in-1")
    change(known, AMINTA, lambda debtor, at: (HoldPlaced(gone), TaskOpened(read)))
    with pytest.raises(InvalidInput):
        close(known, "read_message", "resume")

    assert held(known) == {"deceased"}


def test_a_proof_that_was_looked_at_ends_the_peace_that_it_brought(known: House) -> None:
    sent(known, PretendCarrier())
    Visitor(known, link_to(known)).enter().open("paid").upload("paid", b"%PDF-1.7")
    assert held(known) == {"already_paid"}
    close(known, "payment_proof", "resume")

    assert held(known) == set()
