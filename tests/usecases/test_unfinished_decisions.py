"""What a person decides about money is carried out to its end, wherever the process that began it dies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from recobro.errors import InvalidInput
from recobro.house import House
from recobro.usecases.payments import assign, close, finish, undo
from recobro.usecases.reconcile_payments import reconcile_payments
from tests.house import Clock, house, standing
from tests.sample import AMINTA
from tests.usecases.conftest import at_home
from tests.usecases.test_hear_payment import BERTA, journaled, shared, told

PI = "standard#pi_1"
DECISIONS: dict[str, Callable[[House], object]] = {
    "assign": lambda home: assign(home, PI, "muebles/A1", "ana", "the receipt"),
    "reject": lambda home: close(home, PI, "reject", "ana", "not ours"),
    "send_back": lambda home: close(home, PI, "send_back", "ana", "returned"),
    "undo": lambda home: undo(home, PI, "berta", "it was another person's"),
}
NEVER = 10_000


class Died(BaseException):
    """The process is gone: nobody catches this."""


@contextmanager
def before_the_decision(what: str) -> Iterator[House]:
    """A debt of two people, and money that waits for somebody to say whose it is, or was placed with that debt."""
    with house(Clock()) as home:
        at_home(home)
        shared(home, BERTA)
        if what in {"assign", "undo"}:
            told(home, amount=50_000, reference="ilegible")
        else:
            told(home, amount=50_000, currency="USD")
        if what == "undo":
            DECISIONS["assign"](home)
            journaled(home, AMINTA, BERTA)
        yield home


def dies_within(home: House, what: str, number: int) -> bool:
    """Whether the process that decides made as many as `number` requests of the table, before which it dies."""
    made = count(1)

    def die(**_: Any) -> None:
        if next(made) >= number:
            raise Died

    home._dynamodb.meta.events.register("before-call.dynamodb", die, unique_id="die")
    try:
        DECISIONS[what](home)
    except Died:
        return True
    finally:
        home._dynamodb.meta.events.unregister("before-call.dynamodb", unique_id="die")
    return False


def as_it_stands(home: House) -> dict[str, Any]:
    """All that a decision changes."""
    journaled(home, AMINTA, BERTA)
    entry, people = home.payments.entry(PI), [standing(home, AMINTA), standing(home, BERTA)]
    assert entry is not None
    return {
        "payment": (entry.status, entry.assigned, entry.reason),
        "waiting": [one.intent for one in home.payments.quarantined()],
        "decided": [(one["what"], one["who"], one["reason"]) for one in home.payments.decided(PI)],
        "owed": [one.debts[0].outstanding.minor for one in people],
        "tasks": [sorted(task.reason for task in one.open_tasks()) for one in people],
        "held": [sorted(hold.id for hold in one.holds if hold.lifted_at is None) for one in people],
        "open": [*home.payments.all_unfinished(), *home.payments.unfinished(PI)],
    }


def reconciled(home: House) -> None:
    reconcile_payments(home, home.now() + timedelta(minutes=9))


def test_who_carries_a_decision_out_second_takes_back_nothing() -> None:
    """It had read the payment before the first was done, and wrote after its journal: "received" for good (seed 24)."""
    with before_the_decision("assign") as home:
        seen = home.payments.entry(PI)
        assert seen is not None
        DECISIONS["assign"](home)
        journaled(home, AMINTA, BERTA)
        home.payments.assign(seen, "muebles/A1")

        assert as_it_stands(home)["payment"] == ("posted", "muebles/A1", "")


@pytest.mark.parametrize("again", ["by the next reconciliation", "by whoever decides it once more"])
@pytest.mark.parametrize("what", DECISIONS)
def test_a_decision_that_died_anywhere_is_carried_out(what: str, again: str) -> None:
    """Money that was placed just as the connection went stood "received" for good: nobody could place it again (seed 12)."""
    with before_the_decision(what) as home:
        before = as_it_stands(home)
        assert not dies_within(home, what, NEVER)
        wanted = as_it_stands(home)
    ends = []
    for number in count(1):
        with before_the_decision(what) as home:
            if not dies_within(home, what, number):
                break
            if again == "by the next reconciliation":
                reconciled(home)
            else:
                with suppress(InvalidInput):  # it is carried out, and there is nothing left to decide
                    DECISIONS[what](home)
            ends.append(as_it_stands(home))
    begun = [one for one in ends if one != before]
    assert begun == [wanted] * len(begun)
    assert len(begun) > 5
    if again != "by the next reconciliation":
        assert begun == ends


def test_a_word_that_came_first_is_not_undone_by_a_decision_that_had_died() -> None:
    with house(Clock()) as home:
        at_home(home)
        told(home, amount=50_000, reference="")
        note = {
            "at": "2026-03-09T18:00:00Z",
            "what": "rejected",
            "who": "ana",
            "why": "x",
            "reason": "no reference",
        }
        home.payments.begin(PI, {**note, "how": "reject"}, home.now())
        told(home, amount=50_000, minutes=5)  # its gateway says what it is for
        journaled(home)

        assert (finish(home, PI), finish(home, PI)) == ("posted", "")
        entry = home.payments.entry(PI)
        assert entry is not None
        assert (entry.status, standing(home, AMINTA).debts[0].outstanding.minor) == ("posted", 100_000)
