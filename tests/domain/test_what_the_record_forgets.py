"""What the record forgets in time is never needed again: no try's number is given twice, no step is begun anew."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey, attempt_id
from recobro.domain.channel import Channel
from recobro.domain.compact import KEEP_ATTEMPTS, compact
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.fold import apply
from recobro.domain.strategy import Stage, Step
from recobro.domain.task import Task
from tests.sample import AMINTA, debt, debtor, phone, with_strategy
from tests.sample import MONDAY_NOON_MX as NOW

LONG = KEEP_ATTEMPTS + timedelta(days=1)
FIRST = StepKey(1, "early", "first")
CALL = StepKey(1, "task", "t1")


def tried(at: datetime, number: int, step: StepKey = FIRST) -> f.AttemptClaimed:
    ident = attempt_id(AMINTA, "", "muebles", step, number)
    return f.AttemptClaimed(
        ContactAttempt(
            ident, step, number, "muebles", Channel.SMS, f"p{number}", at, "c", at + timedelta(seconds=15),
            debts=("muebles/A1",),
        )
    )  # fmt: skip


def released(claim: f.AttemptClaimed) -> f.AttemptProgressed:
    return f.AttemptProgressed(claim.attempt.id, AttemptStatus.RELEASED, is_spent=True)


def in_episode(*facts: f.Fact, at: datetime = NOW) -> Debtor:
    person = apply(debtor(), f.EpisodeOpened(1, "muebles", "MXN"), NOW)
    for fact in facts:
        person = apply(person, fact, at)
    return person


def numbers(person: Debtor) -> list[int]:
    return [one.number for one in person.attempts]


def test_what_was_tried_of_a_step_that_is_still_to_be_done_is_not_forgotten() -> None:
    first = tried(NOW, 1)
    person = in_episode(first, released(first))

    assert numbers(compact(person, NOW + LONG)) == [1]


def test_what_was_tried_of_a_step_that_is_done_is_forgotten_and_stays_done() -> None:
    person = in_episode(tried(NOW, 1), f.StepMarked(1, "early.first", "sent"))
    later = compact(person, NOW + LONG)

    assert (numbers(later), [one.how for one in later.episodes[0].marks]) == ([], ["sent"])


def test_what_was_tried_of_a_step_whose_message_failed_late_is_not_forgotten() -> None:
    first, second = tried(NOW, 1), tried(NOW, 2)
    person = in_episode(first, released(first), second, f.StepMarked(1, "early.first", "sent"))
    later = NOW + timedelta(days=40)
    failed = apply(person, f.AttemptProgressed(second.attempt.id, AttemptStatus.FAILED), later)
    reopened = apply(failed, f.StepMarked(1, "early.first", "reopened"), later)

    assert numbers(compact(reopened, NOW + 2 * LONG)) == [1, 2]


def test_when_the_episode_is_over_its_tries_are_forgotten() -> None:
    first = tried(NOW, 1)
    person = in_episode(first, released(first), f.EpisodeClosed(1, "cured"))

    assert numbers(compact(person, NOW + LONG)) == []


def test_the_calls_of_a_task_are_remembered_while_it_is_open() -> None:
    call = tried(NOW, 1, CALL)
    person = in_episode(f.TaskOpened(Task("t1", "call", 1, NOW, NOW)), call, released(call))

    assert numbers(compact(person, NOW + LONG)) == [1]
    assert numbers(compact(apply(person, f.TaskClosed("t1", "done"), NOW), NOW + LONG)) == []


def test_the_next_try_has_a_number_that_none_before_it_had() -> None:
    """A record that forgot its first try before it was kept: two are known of, and the second has number three."""
    stages = (Stage("early", 1, 400, (Step("first", 3, (Channel.SMS,), "late"),)),)
    second, third = tried(NOW, 2), tried(NOW, 3)
    person = in_episode(second, released(second), third, released(third))
    person = replace(person, points=(phone("p9"),))
    answer = decide(person, with_strategy(stages=stages, max_tries=9), NOW)

    assert isinstance(answer, Contact)
    assert answer.number == 4


@st.composite
def lives_of_a_step(draw: st.DrawFn) -> list[tuple[datetime, f.Fact]]:
    """One step of an episode: tried, refused, sent and failed after weeks, until it is done or its episode ends."""
    at = NOW
    facts: list[tuple[datetime, f.Fact]] = [(at, f.EpisodeOpened(1, "muebles", "MXN"))]
    for number in range(1, draw(st.integers(1, 6)) + 1):
        at += timedelta(days=draw(st.integers(0, 50)))
        claim = tried(at, number)
        facts.append((at, claim))
        if draw(st.booleans()):
            facts.append((at, released(claim)))
            continue
        facts.append((at, f.AttemptProgressed(claim.attempt.id, AttemptStatus.SENT)))
        facts.append((at, f.StepMarked(1, "early.first", "sent")))
        if draw(st.booleans()):
            break
        at += timedelta(days=draw(st.integers(0, 44)))
        facts.append((at, f.AttemptProgressed(claim.attempt.id, AttemptStatus.FAILED)))
        facts.append((at, f.StepMarked(1, "early.first", "reopened")))
    if draw(st.booleans()):
        at += timedelta(days=draw(st.integers(0, 50)))
        facts.append((at, f.EpisodeClosed(1, "cured")))
    for _ in range(draw(st.integers(0, 3))):
        at += timedelta(days=draw(st.integers(0, 50)))
        facts.append((at, f.FeedRead("muebles", at.date(), "file")))
    return facts


@given(lives_of_a_step())
def test_forgetting_a_steps_tries_at_every_save_or_once_at_the_end_leaves_the_same_record(
    life: list[tuple[datetime, f.Fact]],
) -> None:
    assert_forgets_alike(life)


@st.composite
def lives_of_a_debt_that_comes_and_goes(draw: st.DrawFn) -> list[tuple[datetime, f.Fact]]:
    """Episodes one after another, with days or months between them."""
    at = NOW
    facts: list[tuple[datetime, f.Fact]] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        creditor = draw(st.sampled_from(["muebles", "andes"]))
        facts.append((at, f.EpisodeOpened(number, creditor, "MXN")))
        facts.append((at, f.StepMarked(number, "early.first", "sent")))
        at += timedelta(days=draw(st.integers(0, 90)))
        facts.append((at, f.EpisodeClosed(number, "recalled")))
        at += timedelta(days=draw(st.integers(0, 60)))
    facts.append((at, f.FeedRead("muebles", at.date(), "file")))
    return facts


@given(lives_of_a_debt_that_comes_and_goes())
def test_forgetting_episodes_at_every_save_or_once_at_the_end_leaves_the_same_record(
    life: list[tuple[datetime, f.Fact]],
) -> None:
    assert_forgets_alike(life)


def assert_forgets_alike(life: list[tuple[datetime, f.Fact]]) -> None:
    stepwise = whole = debtor(debt())
    for at, fact in life:
        stepwise = compact(apply(stepwise, fact, at), at)
        whole = apply(whole, fact, at)
    assert stepwise == compact(whole, life[-1][0])
