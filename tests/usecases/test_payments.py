"""No money is ever dropped, and no decision about it is final: a person places it, refuses it, returns it, or takes that back."""

from typing import Any

import pytest

from recobro.domain.debt import DebtStatus
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases import tasks
from recobro.usecases.payments import assign, close, undo
from tests.house import standing
from tests.sample import AMINTA
from tests.usecases.test_hear_payment import journaled, told

PI = "standard#pi_1"
LOST: dict[str, Any] = {"reference": "ilegible"}


def waiting(home: House) -> list[str]:
    return [one.intent for one in home.payments.quarantined()]


def test_money_that_a_person_places_is_posted_like_any_other(known: House) -> None:
    told(known, **LOST)
    made = assign(known, PI, "muebles/A1", "ana", "the receipt names the contract")
    journaled(known)
    entry = known.payments.entry(PI)

    assert (made.status, standing(known, AMINTA).debts[0].status) == ("posted", DebtStatus.PAID)
    assert entry is not None
    assert (entry.status, waiting(known)) == ("posted", [])
    assert [(one["who"], one["reason"]) for one in known.payments.decided(PI)] == [
        ("ana", "unknown reference")
    ]


def test_a_rehearsal_shows_what_would_be_written_and_writes_nothing(known: House) -> None:
    told(known, **LOST)
    before = standing(known, AMINTA).version
    made = assign(known, PI, "muebles/A1", "ana", "", is_rehearsal=True)

    assert {type(one).__name__ for one in made.facts[AMINTA]} >= {"PaymentHeard", "PaymentPosted"}
    assert (standing(known, AMINTA).version, waiting(known), known.payments.decided(PI)) == (before, [PI], [])


@pytest.mark.parametrize(
    ("how", "reference", "problem"),
    [
        ({"reference": "x", "currency": "USD"}, "muebles/A1", "in USD"),
        ({"reference": "x"}, "muebles/NOBODY", "unknown reference"),
        ({"reference": "x", "is_live": False}, "muebles/A1", "a test payment"),
    ],
)
def test_what_cannot_be_posted_there_either_goes_on_waiting(
    known: House, how: dict[str, Any], reference: str, problem: str
) -> None:
    told(known, **how)
    with pytest.raises(InvalidInput, match=problem):
        assign(known, PI, reference, "ana", "a guess")

    assert waiting(known) == [PI]


def test_nobody_is_written_to_because_a_task_about_their_money_was_ticked_off(known: House) -> None:
    told(known, currency="USD")
    (task,) = standing(known, AMINTA).open_tasks()

    with pytest.raises(InvalidInput, match=rf"waits for {PI}, which nobody has placed — place it: recobro"):
        tasks.close(known, AMINTA, task.id, "done")
    for disposition in ("no_answer", "opt_out"):
        (task,) = standing(known, AMINTA).open_tasks()
        tasks.close(known, AMINTA, task.id, disposition)

    (task,) = standing(known, AMINTA).open_tasks()
    assert (task.reason, task.owner, task.binds("muebles/A1")) == ("payment_quarantined", "", True)
    assert standing(known, AMINTA).stopped  # what was said meanwhile is not lost
    close(known, PI, "reject", "ana", "not ours")
    assert not list(standing(known, AMINTA).open_tasks())


def test_a_task_about_money_that_was_placed_meanwhile_is_closed_like_any_other(known: House) -> None:
    told(known, currency="USD")
    (task,) = standing(known, AMINTA).open_tasks()
    entry = known.payments.entry(PI)
    assert entry is not None
    known.payments.close(entry, "rejected", "and then the connection was lost")

    tasks.close(known, AMINTA, task.id, "done")
    assert not list(standing(known, AMINTA).open_tasks())


@pytest.mark.parametrize(("how", "status"), [("reject", "rejected"), ("send_back", "sent_back")])
def test_what_is_refused_or_returned_frees_its_people_and_moves_nothing(
    known: House, how: str, status: str
) -> None:
    told(known, currency="USD")
    assert [one.reason for one in standing(known, AMINTA).open_tasks()] == ["payment_quarantined"]
    close(known, PI, how, "ana", "not ours")

    assert not list(standing(known, AMINTA).open_tasks())
    assert standing(known, AMINTA).debts[0].outstanding.minor == 150_000
    assert (told(known, currency="USD").reason, waiting(known)) == (status, [])


def test_a_refusal_taken_back_waits_again_with_its_old_reason(known: House) -> None:
    told(known, **LOST)
    close(known, PI, "reject", "ana", "a mistake")
    undo(known, PI, "berta", "it was ours")
    (entry,) = known.payments.quarantined()

    assert (entry.reason, [one["what"] for one in known.payments.decided(PI)]) == (
        "unknown reference",
        ["rejected", "undone"],
    )


def test_money_placed_wrongly_comes_off_and_a_person_looks_before_anybody_writes(known: House) -> None:
    told(known, amount=50_000, **LOST)
    assign(known, PI, "muebles/A1", "ana", "a guess")
    journaled(known)
    undo(known, PI, "berta", "it was another person's")
    journaled(known)
    person = standing(known, AMINTA)

    assert (person.debts[0].outstanding.minor, waiting(known)) == (150_000, [PI])
    assert any(one.binds("muebles/A1", known.now()) for one in person.holds)
    assert "payment_returned" in [one.reason for one in person.open_tasks()]


def test_what_was_taken_back_can_be_placed_again_and_counts_once(known: House) -> None:
    told(known, amount=50_000, **LOST)
    for _ in range(2):
        assign(known, PI, "muebles/A1", "ana", "a guess")
        journaled(known)
        undo(known, PI, "ana", "no")
        journaled(known)
    assign(known, PI, "muebles/A1", "ana", "now I know")
    journaled(known)
    told(known, amount=50_000, **LOST)
    entry = known.payments.entry(PI)

    assert standing(known, AMINTA).debts[0].outstanding.minor == 100_000
    assert entry is not None
    assert (entry.status, waiting(known)) == ("posted", [])


def test_a_refund_of_placed_money_finds_where_it_was_placed(known: House) -> None:
    told(known, amount=50_000, **LOST)
    assign(known, PI, "muebles/A1", "ana", "the receipt")

    assert told(known, "refunded", 50_000, minutes=5, **LOST).result == "reversed"
    assert standing(known, AMINTA).debts[0].outstanding.minor == 150_000


def test_only_what_waits_is_decided_and_only_a_decision_is_undone(known: House) -> None:
    told(known)
    with pytest.raises(InvalidInput, match="only what is quarantined"):
        close(known, PI, "reject", "ana", "x")
    with pytest.raises(InvalidInput, match="decided by nobody"):
        undo(known, PI, "ana", "x")
    with pytest.raises(NotFound):
        undo(known, "standard#none", "ana", "x")
    told(known, intent="standard#pi_2", **LOST)
    with pytest.raises(InvalidInput, match="why"):
        close(known, "standard#pi_2", "reject", "ana", " ")
