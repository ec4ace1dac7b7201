"""What counts as a contact: each rung of the ladder, each outcome of a call, whoever made it."""

from dataclasses import replace

import pytest

from recobro.domain.channel import Channel, Kind
from recobro.law.contact import PastContact, Rung
from recobro.law.counting import by_counts, counted, in_scope, reaches
from recobro.law.measures import Cap
from recobro.law.rule import Conf
from tests.law.scene import at, colombian, past

WHEN = at("2026-11-24 10:00")
CALL = past(WHEN, channel=Channel.VOICE)
CAP = Cap(
    id="c",
    article="a",
    conf=Conf.POLICY,
    since=WHEN.date(),
    channels=frozenset(Channel),
    scope=("person",),
    counts=Rung.SENT,
    at_most=1,
    rolling_days=7,
)


@pytest.mark.parametrize("counts", [rung for rung in Rung if rung is not Rung.RELEASED])
def test_a_released_claim_counts_for_nobody(counts: Rung) -> None:
    assert not reaches(replace(CALL, rung=Rung.RELEASED, outcome="no_answer"), counts)


@pytest.mark.parametrize(
    ("rung", "outcome", "counts", "yes"),
    [
        (Rung.ATTEMPT, "", Rung.ATTEMPT, True),
        (Rung.ATTEMPT, "", Rung.SENT, False),
        (Rung.ATTEMPT, "hard_bounce", Rung.SENT, True),  # it was accepted first
        (Rung.ATTEMPT, "busy", Rung.CONNECTED, False),
        (Rung.ATTEMPT, "not_in_service", Rung.CONNECTED, False),
        (Rung.ATTEMPT, "no_answer", Rung.CONNECTED, True),  # it rang
        (Rung.SENT, "voicemail", Rung.CONNECTED, True),
        (Rung.SENT, "", Rung.CONNECTED, True),  # nobody knows, so it counts
        (Rung.SENT, "busy", Rung.CONNECTED, False),
        (Rung.SENT, "", Rung.DELIVERED, True),
        (Rung.SENT, "hard_bounce", Rung.DELIVERED, False),
        (Rung.CONNECTED, "voicemail", Rung.DELIVERED, True),
        (Rung.SENT, "", Rung.CONVERSATION, True),  # a call that nobody wrote down may have been one
        (Rung.SENT, "no_answer", Rung.CONVERSATION, False),
        (Rung.CONNECTED, "", Rung.CONVERSATION, False),
        (Rung.CONNECTED, "right_party", Rung.CONVERSATION, True),
        (Rung.CONVERSATION, "", Rung.ATTEMPT, True),
    ],
)
def test_how_far_a_call_got(rung: Rung, outcome: str, counts: Rung, *, yes: bool) -> None:
    assert reaches(replace(CALL, rung=rung, outcome=outcome), counts) is yes


def test_a_message_and_a_machines_call_are_never_taken_for_conversations() -> None:
    for channel in (Channel.SMS, Channel.VOICE_AUTO):
        assert not reaches(past(WHEN, channel=channel), Rung.CONVERSATION)


def test_whose_contacts_count() -> None:
    assert [by_counts(CAP, by) for by in ("collector", "creditor", "other_agency", "debtor")] == [
        True,
        True,
        True,
        False,
    ]
    ours = CAP.but(shared_with=())
    assert [by_counts(ours, by) for by in ("collector", "creditor", "other_agency", "debtor")] == [
        True,
        False,
        False,
        False,
    ]
    some = CAP.but(shared_with=("creditor",))
    assert by_counts(some, "creditor")
    assert not by_counts(some, "other_agency")


def test_a_cap_per_collector_counts_that_collector_alone() -> None:
    per_collector = CAP.but(scope=("collector", "person", "debt"))
    assert not by_counts(per_collector, "other_agency")
    assert by_counts(per_collector, "collector")


@pytest.mark.parametrize(
    ("scope", "contact", "yes"),
    [
        (("person",), past(WHEN, creditor="other", debts=("d9",)), True),
        (("person", "creditor"), past(WHEN, creditor="other"), False),
        (("person", "creditor"), past(WHEN, creditor=""), True),
        (("person", "debt"), past(WHEN, debts=("d9",)), False),
        (("person", "debt"), past(WHEN, debts=("d9", "d1")), True),
        (("person", "debt"), past(WHEN, debts=()), True),
        (("contact_point",), past(WHEN, point="p2"), False),
        (("contact_point",), past(WHEN, point=""), True),
    ],
)
def test_what_shares_a_bucket(scope: tuple[str, ...], contact: PastContact, *, yes: bool) -> None:
    assert in_scope(CAP.but(scope=scope), contact, colombian(point="p1")) is yes


def test_what_a_pack_exempts_and_excludes_does_not_count() -> None:
    receipt = past(WHEN, kind=Kind.PAYMENT_RECEIPT)
    assert counted(CAP, frozenset(), receipt, colombian())
    assert not counted(CAP, frozenset({"payment_receipt"}), receipt, colombian())
    bounce = past(WHEN, outcome="hard_bounce")
    assert not counted(CAP.but(exclude_outcomes=frozenset({"hard_bounce"})), frozenset(), bounce, colombian())
    assert not counted(CAP.but(channels=frozenset({Channel.VOICE})), frozenset(), past(WHEN), colombian())
