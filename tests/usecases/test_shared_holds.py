"""What one of two people who owe a debt contests rests for the other, and rests no longer than it does for them."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from recobro.domain import facts as f
from recobro.domain.acting import Statement
from recobro.domain.channel import Channel
from recobro.domain.debt import Role
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.playbook import Switches
from recobro.domain.refusal import Refusal
from recobro.domain.settle import settled
from recobro.domain.task import Task
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases import tasks
from recobro.usecases.acting import dispute
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from recobro.usecases.send import send
from recobro.usecases.shared_holds import resolved_meanwhile, rest_for_all
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor, phone

VOUCHES = "d" + "0" * 22 + "2"


@pytest.fixture
def both(known: House) -> House:
    """A debtor and who vouches for one of their debts, and has another of their own."""
    vouched = replace(debt(), role=Role.GUARANTOR)
    settle_in(known, replace(debtor(vouched, debt("Z9"), points=(phone("p9"),)), id=VOUCHES))
    known.obligors.add(known.keys.short_debt("muebles/A1"), {AMINTA, VOUCHES})
    return known


@pytest.fixture
def vouched(known: House) -> House:
    """Somebody who vouches for one debt and has none of their own."""
    settle_in(known, replace(debtor(replace(debt(), role=Role.GUARANTOR), points=(phone("p9"),)), id=VOUCHES))
    known.obligors.add(known.keys.short_debt("muebles/A1"), {AMINTA, VOUCHES})
    return known


def contests(home: House, ident: str = "in-1") -> None:
    words = "no reconozco esa deuda, yo no compré eso"
    receive_message(home, Inbound(ident, "sms", "+525550100001", words, home.now()))


def held(home: House, who: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.reason.value, one.debts) for one in standing(home, who).holds if one.lifted_at is None]


def test_what_the_debtor_disputes_is_not_asked_of_who_vouches_for_it(both: House) -> None:
    contests(both)

    assert held(both, AMINTA) == held(both, VOUCHES) == [("dispute", ("muebles/A1",))]


def test_a_word_told_twice_reaches_whom_it_missed_and_is_placed_once(both: House) -> None:
    contests(both)
    contests(both)

    assert len(standing(both, VOUCHES).holds) == 1


@pytest.fixture
def several(both: House) -> House:
    """The debtor has a second debt, which nobody vouches for."""
    change(both, AMINTA, lambda person, now: (f.DebtRecorded(debt("B2")),))
    return both


@pytest.mark.parametrize(
    ("words", "reason"),
    [("no reconozco esa deuda, yo no compré eso", "dispute"), ("ya pagué ayer", "already_paid")],
)
def test_who_says_it_of_all_they_owe_says_it_of_what_others_owe_with_them(
    several: House, words: str, reason: str
) -> None:
    receive_message(several, Inbound("in-1", "sms", "+525550100001", words, several.now()))

    assert held(several, AMINTA) == [(reason, ())]
    assert held(several, VOUCHES) == [(reason, ("muebles/A1",))]


def test_what_was_said_of_everything_is_over_for_everybody_when_somebody_has_looked(several: House) -> None:
    contests(several)
    review = next(one.id for one in standing(several, AMINTA).open_tasks())
    tasks.close(several, AMINTA, review, "resume")

    assert held(several, AMINTA) == held(several, VOUCHES) == []


def test_hard_times_of_who_owes_several_debts_are_their_own(several: House) -> None:
    words = "me quedé sin trabajo y no tengo ni para comer"
    receive_message(several, Inbound("in-2", "sms", "+525550100001", words, several.now()))

    assert held(several, VOUCHES) == []


def test_hard_times_are_the_persons_own(both: House) -> None:
    words = "me quedé sin trabajo y no tengo ni para comer"
    receive_message(both, Inbound("in-2", "sms", "+525550100001", words, both.now()))

    assert [one for one, _ in held(both, AMINTA)] == ["hardship"]
    assert held(both, VOUCHES) == []


def test_a_dispute_that_somebody_closed_is_over_for_everybody(both: House) -> None:
    asked = Task("t1", "call", 1, both.now(), both.now())
    change(both, AMINTA, lambda person, now: (f.TaskOpened(asked),))
    tasks.close(both, AMINTA, "t1", "dispute")
    assert held(both, VOUCHES) == [("dispute", ("muebles/A1",))]

    review = next(one.id for one in standing(both, AMINTA).open_tasks())
    tasks.close(both, AMINTA, review, "resume")
    assert held(both, AMINTA) == held(both, VOUCHES) == []


def test_who_was_never_saved_is_passed_over(both: House) -> None:
    both.obligors.add(both.keys.short_debt("muebles/A1"), {"d" + "0" * 22 + "3"})
    contests(both)

    assert [one for one, _ in held(both, VOUCHES)] == ["dispute"]


def asked_at_once(home: House) -> None:
    """Both are to be called, handed out in the same minute: the plan names such tasks alike."""
    task = Task("t1.middle.call", "call_to_agree", 3, home.now(), home.now(), creditor="muebles")
    for who in (AMINTA, VOUCHES):
        change(home, who, lambda person, now: (f.TaskOpened(task),))


def test_what_one_tells_an_agent_is_never_taken_for_what_the_other_tells(both: House) -> None:
    asked_at_once(both)
    tasks.close(both, AMINTA, "t1.middle.call", "dispute")
    tasks.close(both, VOUCHES, "t1.middle.call", "dispute")
    mine = next(one for one in standing(both, AMINTA).open_tasks() if one.reason == "dispute")
    tasks.close(both, AMINTA, mine.id, "resume")

    assert ("dispute", ("muebles/A1", "muebles/Z9")) in held(both, VOUCHES)


def test_who_says_to_an_agent_that_it_is_paid_is_believed_beside_the_other(both: House) -> None:
    asked_at_once(both)
    tasks.close(both, AMINTA, "t1.middle.call", "already_paid")
    tasks.close(both, VOUCHES, "t1.middle.call", "already_paid")

    assert all(is_in_peace(both, VOUCHES, key) for key in ("muebles/A1", "muebles/Z9"))


def is_in_peace(home: House, who: str, key: str) -> bool:
    """Whether nothing is sent about that debt: it is held, or a person is to look at it first."""
    person = standing(home, who)
    return any(one.binds(key, home.now()) for one in person.holds) or any(
        one.binds(key) for one in person.open_tasks()
    )


def test_each_hold_has_its_own_name_so_it_is_reviewed_once(both: House) -> None:
    asked_at_once(both)
    tasks.close(both, AMINTA, "t1.middle.call", "dispute")
    tasks.close(both, VOUCHES, "t1.middle.call", "dispute")
    for who in (AMINTA, VOUCHES):
        names = [one.id for one in standing(both, who).holds]
        assert len(names) == len(set(names))


class LostConnection(Exception):
    pass


def losing_call(home: House, number: int) -> list[int]:
    """Let that request to the tables fail; nothing after it is asked any more."""
    left = [number]

    def count(**_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise LostConnection

    home._dynamodb.meta.events.register("before-call", count)
    return left


@pytest.mark.parametrize("disposition", ["dispute", "already_paid"])
@pytest.mark.parametrize("place", range(1, 14))
def test_an_agent_whose_connection_is_lost_leaves_nobody_to_be_asked_and_a_task_to_be_done(
    both: House, disposition: str, place: int
) -> None:
    """Wherever it is lost: what is closed here rests there as well, and what is not closed can be closed again."""
    call = Task("t1.early.call", "call", 2, both.now(), both.now(), creditor="muebles", debts=("muebles/A1",))
    change(both, AMINTA, lambda person, now: (f.TaskOpened(call),))
    left = losing_call(both, place)
    with suppress(LostConnection):
        tasks.close(both, AMINTA, call.id, disposition)
    left[0] = 0
    is_closed = not [one for one in standing(both, AMINTA).open_tasks() if one.id == call.id]

    assert not is_closed or held(both, VOUCHES) == [(disposition, ("muebles/A1",))]
    if not is_closed:
        tasks.close(both, AMINTA, call.id, disposition)
    assert held(both, AMINTA) == held(both, VOUCHES) == [(disposition, ("muebles/A1",))]


def said_and_not_told(home: House, reason: HoldReason = HoldReason.DISPUTE, *debts: str) -> None:
    """The debtor's word stands in their own record; the others' turn waits among the dead letters."""
    hold = Hold(f"h{reason.value[:4]}-0123456789ab", reason, home.now(), "operations", debts=debts)
    change(home, AMINTA, lambda person, now: (f.HoldPlaced(hold),))


def asks(home: House, who: str) -> str:
    carrier = PretendCarrier()
    outcome = send(home, carrier, "sms", who, home.now() + timedelta(minutes=15), Switches)
    assert bool(carrier.asked) == (outcome.result == "sent")
    return outcome.result


@pytest.mark.parametrize("reason", [HoldReason.DISPUTE, HoldReason.ALREADY_PAID])
@pytest.mark.parametrize("debts", [("muebles/A1",), ()])
def test_a_word_that_has_not_reached_who_vouches_stops_the_message_to_them_all_the_same(
    vouched: House, reason: HoldReason, debts: tuple[str, ...]
) -> None:
    said_and_not_told(vouched, reason, *debts)

    assert asks(vouched, VOUCHES) == "refused"
    assert held(vouched, VOUCHES) == [(reason.value, ("muebles/A1",))]


def test_a_word_of_who_vouches_stops_the_message_to_the_debtor(vouched: House) -> None:
    hold = Hold("hdisp-0123456789ab", HoldReason.DISPUTE, vouched.now(), "operations", debts=("muebles/A1",))
    change(vouched, VOUCHES, lambda person, now: (f.HoldPlaced(hold),))

    assert asks(vouched, AMINTA) == "refused"
    assert held(vouched, AMINTA) == [("dispute", ("muebles/A1",))]


def test_hard_times_and_what_is_over_stop_no_message_to_another(vouched: House) -> None:
    said_and_not_told(vouched, HoldReason.HARDSHIP)
    said_and_not_told(vouched, HoldReason.DISPUTE)
    change(vouched, AMINTA, lambda person, now: (f.HoldLifted("hdisp-0123456789ab", "ana"),))

    assert asks(vouched, VOUCHES) == "sent"


def test_what_a_person_has_looked_at_for_who_vouches_is_not_placed_again(vouched: House) -> None:
    said_and_not_told(vouched, HoldReason.DISPUTE, "muebles/A1")
    asks(vouched, VOUCHES)
    change(vouched, VOUCHES, lambda person, now: (f.HoldLifted("hdisp-0123456789ab", "ana"),))

    assert asks(vouched, VOUCHES) == "sent"


def test_a_word_that_has_not_reached_who_vouches_stops_the_call_to_them(both: House) -> None:
    task = Task("t1.middle.call", "call_to_agree", 3, both.now(), both.now(), debts=("muebles/A1",))
    change(both, VOUCHES, lambda person, now: (f.TaskOpened(task),))
    said_and_not_told(both, HoldReason.DISPUTE, "muebles/A1")
    answer = tasks.call(both, VOUCHES, task.id, "ana")

    assert isinstance(answer, Refusal)
    assert answer.rule == "hold.dispute"
    assert held(both, VOUCHES) == [("dispute", ("muebles/A1",))]


def test_an_agent_who_stood_still_before_the_claim_hears_what_another_has_contested_meanwhile(
    both: House, clock: Clock
) -> None:
    task = Task("t1.middle.call", "call_to_agree", 3, both.now(), both.now(), debts=("muebles/A1",))
    change(both, VOUCHES, lambda person, now: (f.TaskOpened(task),))
    ready, times = both.ledger.save, list[int]()

    def save(before: Any, *args: Any, **more: Any) -> Any:
        if before.debtor.id == VOUCHES and not times:
            times.append(1)
            clock.forward(minutes=2)
            said_and_not_told(both, HoldReason.DISPUTE, "muebles/A1")
        return ready(before, *args, **more)

    both.ledger.save = save  # type: ignore[method-assign]
    answer = tasks.call(both, VOUCHES, task.id, "ana")

    assert isinstance(answer, Refusal)
    assert answer.rule == "hold.dispute"
    assert standing(both, VOUCHES).attempts == ()


def test_ones_own_dispute_stays_ones_own_though_its_task_is_long_forgotten(clock: Clock) -> None:
    """What somebody finds out with the guarantor of one contested debt says nothing of the other."""
    with house(clock) as home:
        first, second = debt("D1"), debt("D2")
        settle_in(home, debtor(first, second))
        settle_in(home, replace(debtor(replace(first, role=Role.GUARANTOR)), id=VOUCHES))
        home.obligors.add(home.keys.short_debt("muebles/D1"), {AMINTA, VOUCHES})
        for who in (AMINTA, VOUCHES):
            home.lookups.add(home.keys.debt("muebles/D1"), who)
        dispute(home, AMINTA, Statement(Channel.SMS, "m-77", "p1"), ("muebles/D1", "muebles/D2"))
        rest_for_all(home, standing(home, AMINTA), standing(home, AMINTA).holds)
        (task,) = standing(home, AMINTA).open_tasks()
        tasks.close(home, AMINTA, task.id, "done")
        for _ in range(50):
            clock.forward(days=1)
            for who in (AMINTA, VOUCHES):
                change(home, who, lambda _debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
                change(home, who, lambda one, now: settled(one, home.playbook, now)[1])
        (review,) = standing(home, VOUCHES).open_tasks()
        tasks.close(home, VOUCHES, review.id, "resume")
        change(home, AMINTA, partial(resolved_meanwhile, home))

        assert [one.lifted_at for one in standing(home, AMINTA).holds] == [None]
