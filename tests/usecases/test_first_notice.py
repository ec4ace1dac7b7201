"""The first contact stays the first until its notice has arrived, in whatever order carriers tell us what became of it."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.domain.answered import done_by_an_answer
from recobro.domain.attempt import RANK, AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.facts import AttemptClaimed, EpisodeOpened, Fact, NoticeGiven
from recobro.domain.fold import apply
from recobro.ports import Receipt
from recobro.usecases.receive_receipt import facts_of
from tests.sample import MONDAY_NOON_MX, debt, debtor, playbook

NOW = MONDAY_NOON_MX
REACHED = ("delivered", "read", "answered")
TOLD = ("sent", *REACHED, "failed", "complaint")
Told = list[tuple[str, str]]
"""(attempt, what its carrier says), in the order in which it comes."""


def claim(name: str, channel: Channel, *, carries: bool) -> ContactAttempt:
    """A message of an earlier step, with or without the notice in it."""
    step = StepKey(1, "early", f"before_{name}")
    return ContactAttempt(
        name,
        step,
        1,
        "muebles",
        channel,
        "p2",
        NOW,
        name,
        NOW,
        debts=("muebles/A1",),
        is_first_notice=carries,
    )


def contacted() -> Debtor:
    """Somebody who was sent an SMS that could not carry the notice and two e-mails that could."""
    person = replace(debtor(debt(due_on=date(2026, 3, 4))), version=1)
    facts: list[Fact] = [
        EpisodeOpened(1, "muebles", "MXN"),
        AttemptClaimed(claim("sms", Channel.SMS, carries=False)),
        AttemptClaimed(claim("mail", Channel.EMAIL, carries=True)),
        AttemptClaimed(claim("again", Channel.EMAIL, carries=True)),
    ]
    for fact in facts:
        person = apply(person, fact, NOW)
    return person


def after(told: Told) -> Debtor:
    """The person once all of that has come."""
    person = contacted()
    for minute, (name, status) in enumerate(told):
        at = NOW + timedelta(minutes=minute)
        sent = person.attempt(name)
        assert sent is not None
        for fact in facts_of(person, Receipt(person.id, name, status, "", at, "email"), at, sent):
            person = apply(person, fact, at)
    return person


def arrived(told: Told) -> bool:
    """Whether a message that carries the notice was told to have reached its point before it was told to have failed.

    A failure is final (AttemptStatus ranks it last): a carrier that says afterwards that it arrived is not believed.
    """
    for name in ("mail", "again"):
        mine = [status for one, status in told if one == name and status != "complaint"]
        until = mine.index("failed") if "failed" in mine else len(mine)
        if any(status in REACHED for status in mine[:until]):
            return True
    return False


def is_noticed(person: Debtor) -> bool:
    episode = person.episode(1)
    assert episode is not None
    return episode.noticed_at is not None


TELLING = st.lists(st.tuples(st.sampled_from(["sms", "mail", "again"]), st.sampled_from(TOLD)), max_size=14)


@settings(max_examples=400, deadline=None)
@given(TELLING)
def test_the_notice_was_given_exactly_when_it_arrived_by_what_can_carry_it(told: Told) -> None:
    assert is_noticed(after(told)) == arrived(told)


@settings(max_examples=200, deadline=None)
@given(TELLING, TELLING)
def test_once_given_it_stays_given_and_told_again_changes_nothing(told: Told, more: Told) -> None:
    before, later = after(told), after([*told, *more])
    first, second = before.episode(1), later.episode(1)
    assert first is not None
    assert second is not None
    assert first.noticed_at is None or second.noticed_at == first.noticed_at
    doubled = after([one for each in told for one in (each, each)])
    assert [one.status for one in doubled.attempts] == [one.status for one in before.attempts]
    assert is_noticed(doubled) == is_noticed(before)


@settings(max_examples=100, deadline=None)
@given(TELLING)
def test_the_next_contact_is_the_first_again_until_then(told: Told) -> None:
    person = after(told)
    later = NOW + timedelta(days=8)
    fed = replace(person, feeds={"muebles": later.date()}, points=debtor().points)
    decision = decide(fed, playbook(), later)
    assert isinstance(decision, Contact), decision
    assert decision.is_first_notice is not arrived(told)


def test_a_failure_ranks_after_every_arrival() -> None:
    assert all(RANK[AttemptStatus.FAILED] > RANK[AttemptStatus(status)] for status in REACHED)


def test_who_answers_before_the_receipt_comes_has_had_the_notice() -> None:
    person = contacted()
    given = done_by_an_answer(person, "mail")

    assert NoticeGiven(1, "mail") in given
    for fact in given:
        person = apply(person, fact, NOW)
    assert is_noticed(person)
    assert done_by_an_answer(person, "mail") == ()
    assert all(not isinstance(one, NoticeGiven) for one in done_by_an_answer(contacted(), "sms"))
