"""What only people do: a call is claimed by the same law as any message, and what came of it binds the plan."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointState
from recobro.domain.debt import DebtStatus
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseStatus
from recobro.domain.refusal import Refusal
from recobro.domain.settle import settled
from recobro.domain.task import Task
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases import tasks
from recobro.usecases.saving import change
from recobro.usecases.sweep import sweep
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, brand, debt, debtor, playbook
from tests.usecases.test_send import sent


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        settle_in(opened, debtor(debt(due_on=date(2026, 1, 5))))
        sweep(opened, "overdue")
        yield opened


OTHER = "d" + "0" * 22 + "2"


def task_id(home: House) -> str:
    return next(standing(home, AMINTA).open_tasks()).id


def test_a_call_is_claimed_before_it_is_made_and_counts_against_the_day(home: House) -> None:
    attempt = tasks.call(home, AMINTA, task_id(home), "ana")
    second = tasks.call(home, AMINTA, task_id(home), "ana")

    assert isinstance(attempt, str)
    assert isinstance(second, Refusal)


def test_a_call_whose_end_nobody_recorded_is_not_made_again(home: House, clock: Clock) -> None:
    ident = task_id(home)
    attempt = tasks.call(home, AMINTA, ident, "ana")
    clock.forward(days=1)
    sweep(home, "overdue")
    again = tasks.call(home, AMINTA, ident, "ana")

    assert standing(home, AMINTA).attempts[0].status is AttemptStatus.UNKNOWN
    assert isinstance(again, Refusal)
    assert (again.rule, again.detail) == ("attempt.unknown", attempt)


def test_nobody_is_called_at_night(home: House, clock: Clock) -> None:
    clock.forward(hours=11)

    assert isinstance(tasks.call(home, AMINTA, task_id(home), "ana"), Refusal)


def test_a_promise_made_on_the_phone_silences_the_machine_until_it_is_due(home: House, clock: Clock) -> None:
    ident = task_id(home)
    tasks.take(home, AMINTA, ident, "ana")
    attempt = tasks.call(home, AMINTA, ident, "ana")
    assert isinstance(attempt, str)
    tasks.close(home, AMINTA, ident, "promise", attempt=attempt, amount=150_000, due_on=date(2026, 3, 20))
    person = standing(home, AMINTA)
    clock.forward(days=1)

    assert person.attempts[0].status is AttemptStatus.ANSWERED
    assert sent(home, PretendCarrier()).reason == "promise.open"


@pytest.mark.parametrize(
    ("amount", "days", "field"),
    [(10_000, 5, "amount"), (150_000, 31, "due_on"), (150_000, -1, "due_on")],
)
def test_a_promise_outside_the_rules_is_not_taken(home: House, amount: int, days: int, field: str) -> None:
    due_on = date(2026, 3, 9) + timedelta(days=days)

    with pytest.raises(InvalidInput) as caught:
        tasks.close(home, AMINTA, task_id(home), "promise", amount=amount, due_on=due_on)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("said", "hold"),
    [("dispute", "hold.dispute"), ("hardship", "hold.hardship"), ("already_paid", "hold.already_paid")],
)
def test_what_the_person_says_holds_what_it_concerns(home: House, said: str, hold: str) -> None:
    tasks.close(home, AMINTA, task_id(home), said)

    assert sent(home, PretendCarrier()).reason == hold


def test_what_is_said_on_a_day_of_stale_balances_binds_all_the_same(home: House, clock: Clock) -> None:
    clock.forward(days=10)  # no file came
    tasks.close(home, AMINTA, task_id(home), "dispute")

    assert [one.reason for one in standing(home, AMINTA).holds] == [HoldReason.DISPUTE]


def test_a_dispute_told_to_an_agent_rests_its_debt_and_brings_it_before_somebody(home: House) -> None:
    change(home, AMINTA, lambda debtor, now: (f.DebtRecorded(debt("A2", due_on=date(2026, 1, 5))),))
    tasks.close(home, AMINTA, task_id(home), "dispute", debts=("muebles/A2",))
    person = standing(home, AMINTA)

    assert [one.debts for one in person.holds] == [("muebles/A2",)]
    assert [(one.reason, one.debts) for one in person.open_tasks()] == [("dispute", ("muebles/A2",))]
    with pytest.raises(InvalidInput):
        tasks.close(home, AMINTA, task_id(home), "dispute", debts=("muebles/Z9",))


def test_a_claim_to_have_paid_that_an_agent_hears_rests_three_whole_business_days(home: House) -> None:
    tasks.close(home, AMINTA, task_id(home), "already_paid")

    # said on Monday the 9th: the 10th, 11th and 12th are quiet to their end
    assert standing(home, AMINTA).holds[0].review_at == datetime.fromisoformat("2026-03-13T06:00:00+00:00")


@pytest.mark.parametrize(
    ("said", "reason", "state"),
    [
        ("deceased", "deceased", "active"),
        ("minor", "minor_answered", "bad"),
        ("complaint", "complaint", "active"),
    ],
)
def test_a_death_a_child_and_a_complaint_on_the_phone_are_no_talk_with_the_debtor(
    home: House, said: str, reason: str, state: str
) -> None:
    ident = task_id(home)
    attempt = tasks.call(home, AMINTA, ident, "ana")
    assert isinstance(attempt, str)
    tasks.close(home, AMINTA, ident, said, attempt=attempt)
    person = standing(home, AMINTA)

    assert [one.reason for one in person.open_tasks()] == [reason]
    assert person.points[0].state.value == state
    if said != "complaint":
        assert person.episodes[0].noticed_at is None


def test_a_hold_that_was_looked_into_is_lifted_by_closing_its_task(home: House) -> None:
    tasks.close(home, AMINTA, task_id(home), "dispute")
    tasks.close(home, AMINTA, task_id(home), "resume")
    person = standing(home, AMINTA)

    assert all(one.lifted_at is not None for one in person.holds)
    assert not list(person.open_tasks())


def test_only_a_task_about_a_hold_can_resume(home: House) -> None:
    with pytest.raises(InvalidInput) as caught:
        tasks.close(home, AMINTA, task_id(home), "resume")
    assert caught.value.field == "disposition"


def test_a_new_promise_on_the_phone_takes_the_place_of_the_old_one(home: House) -> None:
    tasks.close(home, AMINTA, task_id(home), "promise", amount=150_000, due_on=date(2026, 3, 20))
    another = Task("t2", "asks_person", 1, home.now(), home.now())
    change(home, AMINTA, lambda debtor, now: (f.TaskOpened(another),))
    tasks.close(home, AMINTA, "t2", "promise", amount=150_000, due_on=date(2026, 3, 24))

    assert [one.status.value for one in standing(home, AMINTA).promises] == ["void", "open"]


def test_a_number_that_is_somebody_elses_is_never_dialled_again(home: House, clock: Clock) -> None:
    ident = task_id(home)
    attempt = tasks.call(home, AMINTA, ident, "ana")
    assert isinstance(attempt, str)
    tasks.close(home, AMINTA, ident, "wrong_person", attempt=attempt)

    assert standing(home, AMINTA).points[0].state.value == "bad"


def test_a_task_that_is_closed_cannot_be_closed_again(home: House) -> None:
    ident = task_id(home)
    tasks.close(home, AMINTA, ident, "done")

    with pytest.raises(NotFound):
        tasks.close(home, AMINTA, ident, "done")


def test_an_unknown_disposition_names_the_choice(home: House) -> None:
    with pytest.raises(InvalidInput) as caught:
        tasks.close(home, AMINTA, task_id(home), "shrugged")
    assert "promise" in caught.value.fix


def test_a_vague_word_after_a_call_counts_as_a_talk(home: House) -> None:
    ident = task_id(home)
    attempt = tasks.call(home, AMINTA, ident, "ana")
    assert isinstance(attempt, str)
    tasks.close(home, AMINTA, ident, "done", attempt=attempt)

    assert standing(home, AMINTA).attempts[0].status is AttemptStatus.ANSWERED


def test_a_hold_stops_a_call_from_another_open_task(home: House) -> None:
    hold = Hold("h1", HoldReason.DISPUTE, home.now(), "ops")
    change(home, AMINTA, lambda debtor, now: (f.HoldPlaced(hold),))
    answer = tasks.call(home, AMINTA, task_id(home), "ana")

    assert isinstance(answer, Refusal)
    assert answer.rule == "hold.dispute"


def test_no_means_no_to_a_person_as_well(home: House) -> None:
    first = task_id(home)
    tasks.close(home, AMINTA, first, "opt_out")
    another = Task("t2", "call", 1, home.now(), home.now())
    change(home, AMINTA, lambda debtor, now: (f.TaskOpened(another),))
    answer = tasks.call(home, AMINTA, "t2", "ana")

    assert isinstance(answer, Refusal)
    assert answer.rule == "person.stopped"


def test_an_agents_note_is_kept_and_the_agent_hears_what_the_law_forbids(home: House) -> None:
    task = next(iter(standing(home, AMINTA).open_tasks()))
    found = tasks.close(
        home, AMINTA, task.id, "no_answer", note="Le dije que habría embargo. Tarjeta 4111 1111 1111 1111"
    )
    assert {one.rule for one in found} == {"mx-no-judicial-lookalike"}
    closed = next(one.fact for one in home.ledger.history(AMINTA) if isinstance(one.fact, f.TaskClosed))
    assert closed.flagged == ("mx-no-judicial-lookalike",)
    kept = home.ledger.content(AMINTA, closed.note)
    assert kept is not None
    assert "embargo" in kept.variables["body"]
    assert "4111" not in kept.variables["body"]


def test_a_clean_note_flags_nothing_and_no_note_keeps_nothing(home: House) -> None:
    task = next(iter(standing(home, AMINTA).open_tasks()))
    assert tasks.close(home, AMINTA, task.id, "no_answer", note="Pidió que le escribamos el viernes.") == ()


def of_two_brands() -> Playbook:
    book = playbook()
    another = brand("ropa", "Ropa Sol", "Ropa Sol, S.A.", "MX", "55 5010 0002")
    return replace(book, client=replace(book.client, brands=(*book.client.brands, another)))


@pytest.fixture
def owing_two(clock: Clock) -> Iterator[House]:
    """Two invoices of one creditor, and an older one of another."""
    with house(clock, book=of_two_brands()) as opened:
        older = debt("R1", creditor="ropa", due_on=date(2026, 1, 5), amount=90_000)
        settle_in(opened, debtor(debt("A1"), debt("A2"), older))
        change(opened, AMINTA, lambda one, now: settled(one, opened.playbook, now)[1])
        yield opened


def to_do(home: House, ident: str = "t1", creditor: str = "", debts: tuple[str, ...] = ()) -> str:
    """A task for one creditor or some debts; for nothing in particular where none are named."""
    opened = Task(ident, "call", 1, home.now(), home.now(), creditor=creditor, debts=debts)
    change(home, AMINTA, lambda debtor, now: (f.TaskOpened(opened),))
    return ident


def called(home: House, task: str) -> ContactAttempt:
    attempt = tasks.call(home, AMINTA, task, "ana")
    assert isinstance(attempt, str), attempt
    made = standing(home, AMINTA).attempt(attempt)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("creditor", "debts", "about"),
    [
        ("muebles", (), ("muebles/A1", "muebles/A2")),
        ("muebles", ("muebles/A2",), ("muebles/A2",)),
        ("", ("muebles/A2",), ("muebles/A2",)),
        ("", (), ("ropa/R1",)),  # nothing named: what is owed most urgently
    ],
)
def test_a_call_is_about_what_its_task_is_about_and_so_is_the_promise_made_in_it(
    owing_two: House, creditor: str, debts: tuple[str, ...], about: tuple[str, ...]
) -> None:
    task = to_do(owing_two, creditor=creditor, debts=debts)
    call = called(owing_two, task)
    tasks.close(owing_two, AMINTA, task, "promise", attempt=call.id, amount=90_000, due_on=date(2026, 3, 13))
    (promise,) = standing(owing_two, AMINTA).promises

    assert (call.creditor, call.debts) == (about[0].partition("/")[0], about)
    assert (promise.creditor, promise.debts) == (call.creditor, about)


def test_who_may_not_be_called_for_one_creditor_is_not_called_in_anothers_name(owing_two: House) -> None:
    called(owing_two, to_do(owing_two, creditor="muebles"))
    again = tasks.call(owing_two, AMINTA, to_do(owing_two, "t2", creditor="muebles"), "ana")

    assert isinstance(again, Refusal)
    assert again.rule == "mx-policy-day"
    assert called(owing_two, to_do(owing_two, "t3", creditor="ropa")).creditor == "ropa"


@pytest.mark.parametrize("debts", [(), ("muebles/A1",)])
def test_a_task_about_debts_that_are_in_dispute_calls_about_nothing_else(
    owing_two: House, debts: tuple[str, ...]
) -> None:
    hold = Hold("h1", HoldReason.DISPUTE, owing_two.now(), "ops", debts=debts or ("muebles/A1", "muebles/A2"))
    change(owing_two, AMINTA, lambda debtor, now: (f.HoldPlaced(hold),))
    answer = tasks.call(owing_two, AMINTA, to_do(owing_two, creditor="muebles", debts=debts), "ana")

    assert isinstance(answer, Refusal)
    assert answer.rule == "hold.dispute"


def test_what_one_creditor_is_no_longer_owed_is_not_promised_to_another(owing_two: House) -> None:
    paid = [f.DebtStatusChanged(f"muebles/{one}", DebtStatus.RECALLED) for one in ("A1", "A2")]
    task = to_do(owing_two, creditor="muebles")
    change(owing_two, AMINTA, lambda debtor, now: paid)

    with pytest.raises(NotFound):
        tasks.close(owing_two, AMINTA, task, "promise", amount=90_000, due_on=date(2026, 3, 13))


def test_a_promise_is_for_the_debts_that_were_chosen(owing_two: House) -> None:
    """And not for what another creditor is owed longer: that one has been promised nothing."""
    task = to_do(owing_two)
    tasks.close(
        owing_two, AMINTA, task, "promise", amount=90_000, due_on=date(2026, 3, 13), debts=("muebles/A2",)
    )
    (promise,) = standing(owing_two, AMINTA).promises

    assert (promise.creditor, promise.debts) == ("muebles", ("muebles/A2",))


def test_a_promise_for_a_debt_under_the_minimum_for_contacting_is_taken() -> None:
    """Nobody is bothered about it alone; who says that they will pay it is taken at their word, and is not chased for it."""
    with house(Clock()) as home:
        under, chosen = home.playbook.strategy.min_actionable["MXN"] - 1, ("muebles/A1",)
        settle_in(home, debtor(debt("A1", amount=under), debt("A2", amount=90_000)))
        change(home, AMINTA, lambda one, now: settled(one, home.playbook, now)[1])
        task = to_do(home, creditor="muebles")
        tasks.close(home, AMINTA, task, "promise", amount=under, due_on=date(2026, 3, 13), debts=chosen)
        (promise,) = standing(home, AMINTA).promises

        assert (promise.amount, promise.debts) == (under, chosen)


@pytest.mark.parametrize("overdue", [4_900, 5_100])
def test_who_was_spoken_with_yesterday_is_not_called_because_what_is_overdue_is_little(overdue: int) -> None:
    """Under the least for a message or over it: a call names what is overdue, and Regulation F closes the phone for seven days."""
    with house(Clock()) as home:
        person = debtor(debt("A1", amount=overdue), debt("A2", due_on=date(2026, 3, 20)))
        profile = replace(person.profile, country="US", subdivision="TX", zones=("America/Chicago",))
        settle_in(home, replace(person, profile=profile))
        yesterday = home.now() - timedelta(days=1)
        talk = ContactAttempt(
            "talk", StepKey(9, "task", "t0"), 1, "muebles", Channel.VOICE, "p1", yesterday, "c", yesterday,
            debts=("muebles/A1",), status=AttemptStatus.ANSWERED, outcome="conversation", by="ana",
        )  # fmt: skip
        change(home, AMINTA, lambda one, now: (f.ContactReported(talk),))
        refused = tasks.call(home, AMINTA, to_do(home, creditor="muebles"), "ana")

        assert isinstance(refused, Refusal)
        assert refused.rule.startswith("us-")


@pytest.mark.parametrize("debts", [("muebles/A2", "ropa/R1"), ("muebles/A9",), ("ropa/R1", "muebles/A9")])
def test_a_promise_for_what_is_not_owed_to_one_creditor_names_it(
    owing_two: House, debts: tuple[str, ...]
) -> None:
    task = to_do(owing_two)
    with pytest.raises(InvalidInput, match="one creditor") as caught:
        tasks.close(owing_two, AMINTA, task, "promise", amount=90_000, due_on=date(2026, 3, 13), debts=debts)

    assert caught.value.field == "debts"
    assert not standing(owing_two, AMINTA).promises


def test_a_call_that_was_mistyped_is_said_and_its_end_is_not_lost(home: House) -> None:
    task = task_id(home)
    call = called(home, task)
    with pytest.raises(InvalidInput, match="tasks call"):
        tasks.close(home, AMINTA, task, "no_answer", attempt=f"{call.id}x")
    tasks.close(home, AMINTA, task, "no_answer", attempt=call.id)

    made = standing(home, AMINTA).attempt(call.id)
    assert made is not None
    assert made.outcome == "no_answer"


def promised_on_the_phone(home: House, task: str, amount: int, due_on: date) -> None:
    """After a day's balances have come, and what was due by then was judged."""
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
    change(home, AMINTA, lambda debtor, now: settled(debtor, home.playbook, now)[1])
    tasks.close(home, AMINTA, to_do(home, task, creditor="muebles"), "promise", amount=amount, due_on=due_on)


def test_every_promise_made_on_the_phone_has_a_name_of_its_own_and_is_judged_once(
    home: House, clock: Clock
) -> None:
    promised_on_the_phone(home, "t1", 100_000, date(2026, 3, 12))
    clock.forward(days=115)
    same_day = clock.now.date() + timedelta(days=20)
    promised_on_the_phone(home, "t2", 100_000, same_day)
    clock.forward(days=7)  # the first one is forgotten by now
    promised_on_the_phone(home, "t3", 120_000, same_day)
    clock.forward(days=30)
    for _ in range(3):
        change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
        sweep(home, "overdue")
        clock.forward(minutes=15)
    person = standing(home, AMINTA)

    assert [one.status for one in person.promises] == [PromiseStatus.VOID, PromiseStatus.BROKEN]
    assert len({one.id for one in person.promises}) == 2
    assert person.episodes[-1].broken_promises == 2
    assert sum(one.reason == "broken_promises" for one in person.tasks) == 1


def test_a_task_that_is_older_than_the_episode_still_leads_to_one_call(home: House, clock: Clock) -> None:
    """Called before the first sweep had opened the episode; nobody wrote down what came of it."""
    settle_in(home, replace(debtor(debt(due_on=date(2026, 1, 5))), id=OTHER))
    ident = "t1"
    opened = Task(ident, "call", 1, home.now(), home.now(), creditor="muebles")
    change(home, OTHER, lambda debtor, now: (f.TaskOpened(opened),))
    assert isinstance(tasks.call(home, OTHER, ident, "ana"), str)
    clock.forward(hours=3)
    change(home, OTHER, lambda debtor, now: settled(debtor, home.playbook, now)[1])
    assert standing(home, OTHER).open_episodes()
    clock.forward(days=1)
    again = tasks.call(home, OTHER, ident, "ana")

    assert isinstance(again, Refusal)
    assert again.rule == "attempt.unknown"


def test_who_may_have_paid_is_not_called_before_the_money_is_placed(home: House) -> None:
    call = to_do(home, "t1", creditor="muebles")
    waits = Task("t2", "payment_quarantined", 1, home.now(), home.now(), step="payment:standard#pi_1")
    change(home, AMINTA, lambda debtor, now: (f.TaskOpened(waits),))
    answers = [tasks.call(home, AMINTA, one, "ana") for one in (call, waits.id)]

    assert [getattr(one, "rule", one) for one in answers] == ["task.open", "task.open"]
    assert all("recobro payments resolve" in getattr(one, "change", "") for one in answers)


def test_a_number_that_somebody_closed_is_not_called_before_every_record_says_so(home: House) -> None:
    home.suppressions.add("p1", "opt_out", "2026-03-09T17:00:00Z")

    assert isinstance(tasks.call(home, AMINTA, to_do(home), "ana"), Refusal)
    assert standing(home, AMINTA).points[0].state is PointState.SUPPRESSED
