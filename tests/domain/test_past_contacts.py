"""What a law counts is decided by the law: the record keeps how each contact ended in the word that was told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.fold import apply
from recobro.domain.past_contacts import past_contacts
from recobro.law.contact import Rung
from recobro.law.counting import reaches
from recobro.usecases.tasks import CALL_OUTCOMES
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debtor

COUNTED = (Rung.ATTEMPT, Rung.SENT, Rung.CONNECTED, Rung.DELIVERED, Rung.CONVERSATION)


def called(channel: Channel = Channel.VOICE, **more: object) -> Debtor:
    attempt = ContactAttempt("a1", StepKey(1, "early", "call"), 1, "muebles", channel, "p1", NOW, "c", NOW)
    return apply(debtor(), f.AttemptClaimed(replace(attempt, **more)), NOW)  # type: ignore[arg-type]


def counts(person: Debtor) -> tuple[Rung, ...]:
    """The rungs at which some rule would see the person's one contact."""
    (contact,) = past_contacts(person)
    return tuple(rung for rung in COUNTED if reaches(contact, rung))


@pytest.mark.parametrize(
    ("status", "outcome", "seen"),
    [
        (AttemptStatus.FAILED, "busy", COUNTED[:1]),
        (AttemptStatus.FAILED, "not_in_service", COUNTED[:1]),
        (AttemptStatus.SENT, "no_answer", COUNTED[:4]),  # it rang, and nothing proves that it was not heard
        (AttemptStatus.SENT, "voicemail", COUNTED[:4]),
        (AttemptStatus.SENT, "wrong_party", COUNTED[:4]),
        (AttemptStatus.ANSWERED, "conversation", COUNTED),
        (AttemptStatus.SENT, "", COUNTED),  # nobody wrote it down: it may have been a talk
        (AttemptStatus.UNKNOWN, "lease_ended", COUNTED),
        (AttemptStatus.CLAIMED, "", COUNTED),
        (AttemptStatus.SENT, "what_nobody_knows", COUNTED),
        (AttemptStatus.RELEASED, "no_answer", ()),
    ],
)
def test_how_far_a_persons_call_counts(status: AttemptStatus, outcome: str, seen: tuple[Rung, ...]) -> None:
    assert counts(called(status=status, outcome=outcome)) == seen


@pytest.mark.parametrize("disposition", sorted(CALL_OUTCOMES))
def test_every_word_that_an_agent_may_record_of_a_call_keeps_its_own_rung(disposition: str) -> None:
    status, outcome = CALL_OUTCOMES[disposition]
    seen = counts(called(status=status, outcome=outcome))

    assert Rung.CONVERSATION not in seen
    assert (Rung.CONNECTED in seen) is (disposition not in {"busy", "not_in_service"})


@pytest.mark.parametrize(
    ("receipts", "seen"),
    [
        ([("sent", "initiated"), ("sent", "ringing"), ("failed", "no_answer")], COUNTED[:4]),
        ([("sent", "initiated"), ("failed", "busy")], COUNTED[:1]),
        ([("sent", "initiated"), ("sent", "picked_up"), ("delivered", "completed")], COUNTED[:4]),
        ([("failed", "undelivered")], COUNTED[:2]),
        ([("failed", "expired")], COUNTED[:2]),
    ],
)
def test_a_machines_calls_receipts_move_it_to_its_rung(
    receipts: list[tuple[str, str]], seen: tuple[Rung, ...]
) -> None:
    person = called(Channel.VOICE_AUTO)
    for status, outcome in [("sent", ""), *receipts]:
        person = apply(person, f.AttemptProgressed("a1", AttemptStatus(status), outcome=outcome), NOW)

    assert counts(person) == seen


def test_a_bounce_counts_as_sent_unless_a_rule_lets_it_go() -> None:
    person = called(Channel.EMAIL, status=AttemptStatus.SENT)
    bounced = apply(person, f.AttemptProgressed("a1", AttemptStatus.FAILED, outcome="hard_bounce"), NOW)

    assert counts(person) == COUNTED[:4]
    assert counts(bounced) == COUNTED[:2]


@pytest.mark.parametrize("by", ["creditor", "other_agency", "debtor"])
def test_what_others_did_is_seen_as_theirs(by: str) -> None:
    (contact,) = past_contacts(called(by=by))
    assert contact.by == by


def test_an_agents_call_is_the_collectors() -> None:
    (contact,) = past_contacts(called(by="ana"))
    assert contact.by == "collector"


def test_a_message_from_the_person_is_a_talk_that_they_began() -> None:
    person = apply(debtor(), f.MessageReceived(Channel.WHATSAPP, "p1", "x", "to_review"), NOW)
    (contact,) = past_contacts(person)

    assert (contact.by, contact.channel, contact.rung) == ("debtor", Channel.WHATSAPP, Rung.CONVERSATION)
    assert contact.at == NOW


def test_what_the_person_began_is_forgotten_when_no_law_asks_for_it_any_more() -> None:
    from recobro.domain.compact import compact

    person = apply(debtor(), f.MessageReceived(Channel.SMS, "p1", "x", "to_review"), NOW)

    assert compact(person, NOW + timedelta(days=44)).approaches
    assert compact(person, NOW + timedelta(days=46)).approaches == ()


def test_what_was_made_with_another_of_the_household_says_so() -> None:
    (contact,) = past_contacts(called(by="shared.household"))
    assert (contact.of, contact.by) == ("household", "collector")
