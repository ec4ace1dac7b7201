"""A stored decision is made again from facts, kept rules and time: byte for byte, or with every difference listed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from infra.connect import keep_rules
from recobro.domain import facts as f
from recobro.domain.channel import Channel
from recobro.domain.payment import Payment
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.replay import as_it_stood, claim_of
from recobro.errors import NotFound
from recobro.house import House
from recobro.playbook_file import addresses, document, from_documents
from recobro.usecases.replay import replay, replayed
from recobro.usecases.saving import change
from recobro.usecases.send import send
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor, playbook, shipped


def addressed(book: Playbook) -> Playbook:
    return replace(book, hashes={**addresses(book), "plan": book.hashes["plan"]})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock, book=addressed(playbook())) as opened:
        keep_rules(opened.playbook, opened.client("s3"), "files")
        settle_in(opened, debtor())
        yield opened


def sent(home: House, channel: str, switches: Switches | None = None) -> str:
    valid_until = home.now() + timedelta(minutes=15)
    outcome = send(home, PretendCarrier(), channel, AMINTA, valid_until, lambda: switches or Switches())
    assert outcome.result == "sent", outcome
    return outcome.attempt


def test_a_decision_is_made_again_byte_for_byte(home: House) -> None:
    found = replay(home, AMINTA, sent(home, "sms"))

    assert found.is_same
    assert found.differences == ()
    assert found.rules == "deployed"
    assert found.words == "same"
    assert found.broken == ""
    assert json.loads(found.stored)["channel"] == "sms"


def test_it_is_made_again_after_much_else_has_happened(home: House, clock: Clock) -> None:
    first = sent(home, "sms")
    clock.forward(days=8)
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
    second = sent(home, "sms")
    clock.forward(days=60)
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))

    assert standing(home, AMINTA).attempts == (), "the record has forgotten both by now"
    assert replay(home, AMINTA, first).is_same
    assert replay(home, AMINTA, second).is_same


def test_it_is_made_again_with_the_switches_that_it_met(home: House) -> None:
    stopped = Switches({"channel:whatsapp": "operator", "channel:sms": "circuit"})
    found = replay(home, AMINTA, sent(home, "email", stopped))

    assert found.is_same
    assert "switch.off" in found.stored


def test_it_is_made_again_where_a_switch_kept_another_brand_quiet(home: House) -> None:
    owed = debt("B1", creditor="andes", currency="COP", amount=90_000_000, due_on=date(2026, 2, 20))
    told = (f.DebtRecorded(owed), f.FeedRead("andes", home.now().date(), "file"))
    change(home, AMINTA, lambda debtor, now: told)
    found = replay(home, AMINTA, sent(home, "email", Switches({"creditor:muebles": "operator"})))

    assert json.loads(found.stored)["creditor"] == "andes"
    assert "switch.off" not in found.stored
    assert found.differences == ()
    assert found.is_same


def test_thanks_are_decided_again_by_the_channel_that_a_circuit_left_them(clock: Clock) -> None:
    book = playbook()
    payments = replace(book.client.payments, thank=True, channels=(Channel.SMS, Channel.EMAIL))
    templates = {**book.templates, "payment_receipt.es": shipped("payment_receipt")}
    thanking = replace(book, client=replace(book.client, payments=payments), templates=templates)
    paid = f.PaymentPosted(Payment("standard#pi_1", "muebles/A1", 50_000, "MXN", clock.now))
    with house(clock, book=addressed(thanking)) as home:
        settle_in(home, debtor())
        change(home, AMINTA, lambda debtor, now: (paid,))
        found = replay(home, AMINTA, sent(home, "email", Switches({"channel:sms": "circuit"})))

    assert json.loads(found.stored)["kind"] == "payment_receipt"
    assert found.differences == ()
    assert found.is_same


def test_what_was_switched_off_is_part_of_the_claim_and_nothing_off_takes_no_room(home: House) -> None:
    attempt = sent(home, "email", Switches({"channel:sms": "ana: why", "channel:whatsapp": "circuit"}))
    _, claimed = claim_of(home.ledger.history(AMINTA), attempt)

    assert claimed.off == ("channel:sms", "channel:whatsapp"), "the scopes, not who and why"
    assert "off" not in f.fact_to_plain(replace(claimed, off=()))


def test_a_claim_that_an_older_release_recorded_is_made_again_with_the_switches_it_met(home: House) -> None:
    attempt = sent(home, "email", Switches({"channel:sms": "operator", "channel:whatsapp": "circuit"}))
    history = home.ledger.history(AMINTA)
    older = [
        replace(one, fact=replace(one.fact, off=())) if isinstance(one.fact, f.AttemptClaimed) else one
        for one in history
    ]

    assert replayed(home, standing(home, AMINTA), older, attempt).is_same


def test_every_article_that_was_asked_is_named(home: House) -> None:
    found = replay(home, AMINTA, sent(home, "sms"))

    assert {"hours", "stop events"} <= {one.about for one in found.asked}
    assert all(one.source for one in found.asked)


def test_a_later_strategy_changes_nothing_in_an_old_decision(home: House) -> None:
    attempt = sent(home, "sms")
    later = home.playbook
    stages = tuple(replace(stage, steps=stage.steps[:1]) for stage in later.strategy.stages[:1])
    home._playbook = addressed(replace(later, strategy=replace(later.strategy, stages=stages)))
    del home.__dict__["playbook"]
    found = replay(home, AMINTA, attempt)

    assert found.rules == "kept"
    assert found.is_same


def test_without_the_rules_of_that_day_every_difference_is_listed(home: House) -> None:
    attempt = sent(home, "sms")
    later = home.playbook
    home._playbook = addressed(replace(later, strategy=replace(later.strategy, max_tries=1, stages=())))
    del home.__dict__["playbook"]
    book = addresses(playbook())["book"]
    home.client("s3").delete_object(Bucket="files", Key=f"strategies/{book}")
    found = replay(home, AMINTA, attempt)

    assert found.rules == "lost"
    assert not found.is_same
    assert found.differences[0].stored == "Contact"
    assert {"channel", "point"} <= {one.where for one in found.differences}


def test_an_altered_decision_is_told_field_by_field(home: House) -> None:
    attempt = sent(home, "sms")
    history = home.ledger.history(AMINTA)
    place, claimed = next((n, one) for n, one in enumerate(history) if isinstance(one.fact, f.AttemptClaimed))
    assert isinstance(claimed.fact, f.AttemptClaimed)
    assert claimed.fact.decision is not None
    decision = replace(claimed.fact.decision, dpd=99, channel=Channel.EMAIL)
    history[place] = replace(claimed, fact=replace(claimed.fact, decision=decision))
    found = replayed(home, standing(home, AMINTA), history, attempt)

    assert [(one.where, one.stored) for one in found.differences] == [("channel", "email"), ("dpd", 99)]
    assert "is not what was recorded" in found.broken


def test_words_that_no_longer_render_to_their_hash_are_told(home: House) -> None:
    attempt = sent(home, "sms")
    person = standing(home, AMINTA)
    other_key = replace(person, personal=replace(person.personal, key="11" * 16))

    assert replayed(home, other_key, home.ledger.history(AMINTA), attempt).words == "differ"


def test_the_record_as_it_stood_is_the_record_that_was_saved(home: House, clock: Clock) -> None:
    sent(home, "sms")
    clock.forward(days=50)
    change(home, AMINTA, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
    there = standing(home, AMINTA)
    history = home.ledger.history(AMINTA)
    again = as_it_stood(AMINTA, history, there.version + 1)

    assert replace(again, personal=there.personal) == there


def test_nobody_s_attempt_is_not_found(home: House) -> None:
    with pytest.raises(NotFound):
        replay(home, AMINTA, "a" + "0" * 23)


def test_a_book_brings_back_the_whole_playbook() -> None:
    book = addressed(playbook())
    documents = {digest: document(book, name) for name, digest in book.hashes.items() if name != "plan"}
    again = from_documents(documents[book.hashes["book"]], documents.__getitem__)

    assert replace(again, hashes=book.hashes) == book
