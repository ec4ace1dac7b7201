"""What became of a message comes home, however often, late and out of order it is told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain.allocation import Split
from recobro.domain.attempt import AttemptStatus
from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointState
from recobro.domain.facts import (
    AttemptClaimed,
    AttemptProgressed,
    FeedRead,
    PaymentPosted,
    PlanMoved,
    PromiseMade,
    StepMarked,
)
from recobro.domain.payment import Payment
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseToPay
from recobro.domain.settle import settled
from recobro.errors import NotFound, Unavailable
from recobro.house import House
from recobro.ports import Receipt, Sent
from recobro.usecases.journal import journal
from recobro.usecases.receive_receipt import (
    LEAST_WEIGHED,
    keep_unrecognised,
    receive_receipt,
    too_many,
    watch_reputation,
)
from recobro.usecases.saving import change
from tests.domain.test_fold_and_chain import attempt
from tests.domain.test_thanking import book
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor, phone, playbook
from tests.usecases.conftest import at_home
from tests.usecases.test_send import sent


def receipt(home: House, status: str, then: str = "", code: str = "") -> str:
    attempt = standing(home, AMINTA).attempts[-1]
    told = Receipt(AMINTA, attempt.id, status, code, home.now(), attempt.channel.value, "m-1", then)
    return receive_receipt(home, told)


def test_a_delivery_moves_its_attempt_and_its_repetition_changes_nothing(known: House) -> None:
    sent(known, PretendCarrier())

    assert receipt(known, "delivered") == "moved"
    version = standing(known, AMINTA).version
    assert receipt(known, "delivered") == "repeated"
    assert receipt(known, "sent") == "repeated"
    assert standing(known, AMINTA).version == version


class Died(BaseException):
    """The process ends between the carrier's answer and our record of it."""


def test_a_receipt_that_is_quicker_than_its_sender_marks_the_step_whatever_else_it_proves(
    known: House, clock: Clock
) -> None:
    def taken() -> None:
        raise Died

    sent(known, PretendCarrier())
    receipt(known, "failed", then="suppress", code="invalid_number")
    clock.forward(days=1)
    with pytest.raises(Died):
        sent(known, PretendCarrier(before=taken), channel="email")
    assert standing(known, AMINTA).attempts[-1].is_first_notice
    receipt(known, "delivered")
    episode, attempt = standing(known, AMINTA).episodes[-1], standing(known, AMINTA).attempts[-1]

    assert episode.noticed_at is not None
    mark = episode.mark_of(attempt.step.mark)
    assert mark is not None
    assert mark.how == "sent"


def test_a_bounced_message_lets_the_next_channel_take_the_step(known: House, clock: Clock) -> None:
    sent(known, PretendCarrier())
    receipt(known, "failed", then="suppress", code="invalid_number")
    clock.forward(days=1)
    mail = PretendCarrier()

    assert standing(known, AMINTA).points[0].state is PointState.BAD
    assert sent(known, mail, channel="email").result == "sent"


def test_a_complaint_suppresses_the_address_for_everybody(known: House) -> None:
    sent(known, PretendCarrier())
    receipt(known, "complaint")
    point = standing(known, AMINTA).points[0]

    assert point.state is PointState.SUPPRESSED
    assert known.suppressions.reason(point.id) == "complaint"


def test_a_receipt_for_nobody_is_handed_back(known: House) -> None:
    with pytest.raises(NotFound):
        receive_receipt(known, Receipt("", "", "delivered", "", known.now(), "sms"))


def untold(home: House, status: str, provider_id: str = "m-1", then: str = "", channel: str = "sms") -> str:
    """A receipt that echoes nothing of ours."""
    return receive_receipt(home, Receipt("", "", status, "", home.now(), channel, provider_id, then))


def journalled(home: House) -> None:
    """As the stream does, a moment after each save."""
    client = home.client("dynamodb")
    journal(
        home, JournalItems(client, "ledger"), client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    )


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP, Channel.VOICE_AUTO, Channel.EMAIL])
def test_a_receipt_that_echoes_nothing_finds_its_message_by_the_carriers_id(
    known: House, channel: Channel
) -> None:
    claimed = AttemptClaimed(attempt(at=known.now(), channel=channel))
    taken = AttemptProgressed("a1", AttemptStatus.SENT, provider_id=f"id-{channel}")
    change(known, AMINTA, lambda one, now: [claimed, taken])
    journalled(known)

    assert untold(known, "delivered", f"id-{channel}", channel=channel.value) == "moved"
    assert untold(known, "delivered", f"id-{channel}", channel=channel.value) == "repeated"
    assert untold(known, "sent", f"id-{channel}", channel=channel.value) == "repeated"
    assert standing(known, AMINTA).attempts[-1].status is AttemptStatus.DELIVERED


def test_a_receipt_that_is_quicker_than_the_history_comes_again_and_an_old_one_is_set_aside(
    known: House, clock: Clock
) -> None:
    sent(known, PretendCarrier())
    with pytest.raises(Unavailable):
        untold(known, "delivered")
    journalled(known)
    assert untold(known, "delivered") == "moved"
    told = Receipt("", "", "delivered", "", known.now(), "sms", "m-9")
    clock.forward(minutes=5)
    with pytest.raises(NotFound):
        receive_receipt(known, told)


def test_a_complaint_closes_its_address_however_late_and_whatever_it_echoes(
    known: House, clock: Clock
) -> None:
    sent(known, PretendCarrier())
    message = standing(known, AMINTA).attempts[-1]
    journalled(known)
    clock.forward(days=50)
    change(known, AMINTA, lambda one, now: [PlanMoved("drill", now)])
    assert standing(known, AMINTA).attempt(message.id) is None
    journalled(known)

    assert untold(known, "complaint") == "moved"
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED
    assert known.suppressions.reason(message.point) == "complaint"
    assert untold(known, "delivered") == "repeated"


def test_a_number_that_does_not_exist_exists_for_nobody_else_either(known: House) -> None:
    sent(known, PretendCarrier())
    point = standing(known, AMINTA).points[0]
    other = "d" + "0" * 22 + "3"
    settle_in(known, replace(debtor(debt("C1"), points=(replace(phone(), id=point.id),)), id=other))
    receipt(known, "failed", then="suppress", code="invalid_number")

    assert standing(known, other).points[0].state is PointState.BAD
    assert known.suppressions.reason(point.id) == ""  # the number may be given to somebody else one day


def test_a_channel_that_is_closed_at_a_number_is_closed_there_for_everybody_and_no_other_is(
    known: House,
) -> None:
    sent(known, PretendCarrier())
    point = standing(known, AMINTA).points[0]
    other = "d" + "0" * 22 + "3"
    settle_in(known, replace(debtor(debt("C1"), points=(replace(phone(), id=point.id),)), id=other))
    for _ in range(2):
        receipt(known, "failed", then="block_channel", code="undelivered")

    there = standing(known, other).points[0]
    assert (there.state, there.blocked) == (PointState.ACTIVE, (Channel.SMS,))
    assert standing(known, other).version == 2


def test_a_complaint_is_everybodys_there_and_whoever_a_file_is_about_to_bring(known: House) -> None:
    sent(known, PretendCarrier())
    point = standing(known, AMINTA).points[0]
    other, newcomer = "d" + "0" * 22 + "3", "d" + "0" * 23
    settle_in(known, replace(debtor(debt("C1"), points=(replace(phone(), id=point.id),)), id=other))
    known.lookups.add(point.id, newcomer)
    receipt(known, "complaint")

    there = standing(known, other).points[0]
    assert (there.state, there.reason) == (PointState.SUPPRESSED, "complaint")
    loaded = known.ledger.load(newcomer)
    assert loaded is not None
    assert loaded.debtor.version > 0


def test_a_receipt_settles_an_attempt_in_doubt_however_late(known: House, clock: Clock) -> None:
    sent(known, PretendCarrier(Sent("unknown", code="timeout")))
    assert standing(known, AMINTA).attempts[-1].status is AttemptStatus.UNKNOWN
    clock.forward(hours=60)

    assert receipt(known, "delivered") == "moved"
    person = standing(known, AMINTA)
    assert person.attempts[-1].status is AttemptStatus.DELIVERED
    assert person.episodes[-1].marks[-1].how == "sent"


def test_an_account_that_meta_restricts_closes_the_channel_though_no_message_is_named(known: House) -> None:
    told = Receipt(
        "",
        "",
        "unrecognised",
        "account",
        known.now(),
        "whatsapp",
        then="open_circuit",
        detail="account_update",
    )
    assert receive_receipt(known, told) == "unrecognised"
    assert "channel:whatsapp" in known.switches.read().off


def test_words_that_we_do_not_know_yet_are_kept_whole_and_counted(known: House) -> None:
    told = Receipt("", "", "unrecognised", "text_new", known.now(), "sms", detail="TEXT_NEW")
    keep_unrecognised(known, "the body", [(told, receive_receipt(known, told))])

    (kept,) = known.asides.list("unrecognised_receipts")
    assert (kept["reason"], kept["body"]) == ("TEXT_NEW", "the body")


@pytest.mark.parametrize(
    ("delivered", "bounced", "complained", "stops"),
    [
        (LEAST_WEIGHED - 50, 49, 9, False),  # a handful says nothing
        (5_000, 100, 0, False),
        (4_875, 125, 0, True),  # 2.5 %
        (6_000, 0, 2, False),
        (6_000, 0, 3, True),  # 0.05 %
    ],
)
def test_email_stops_at_half_of_what_makes_its_carrier_review_us(
    delivered: int, bounced: int, complained: int, *, stops: bool
) -> None:
    lately = {"delivered": delivered, "bounced": bounced, "complained": complained}
    assert bool(too_many(lately)) is stops


def test_the_circuit_opens_when_the_week_adds_up(known: House, clock: Clock) -> None:
    known.reputation.count("email", known.now().date(), delivered=900, bounced=20)
    clock.forward(days=3)
    known.reputation.count("email", known.now().date(), delivered=100, bounced=5)
    bounce = Receipt(AMINTA, "a", "failed", "hard_bounce", known.now(), "email")
    watch_reputation(known, [(bounce, "moved")])

    assert "channel:email" in known.switches.read().off
    clock.forward(days=5)
    assert known.reputation.lately("email", known.now().date())["delivered"] == 100


def halfway_paid(home: House) -> None:
    """Somebody who has just paid a part, and is to be thanked."""
    at_home(home)
    posted = Payment("standard#1", "muebles/A1", 50_000, "MXN", home.now(), split=Split(principal=50_000))
    change(home, AMINTA, lambda debtor, now: (PaymentPosted(posted),))


def test_thanks_that_did_not_arrive_may_be_said_again_once_the_history_says_so(clock: Clock) -> None:
    with house(clock, book=book()) as home:
        halfway_paid(home)
        assert sent(home, PretendCarrier(), "email").result == "sent"
        assert standing(home, AMINTA).attempts[-1].step.stage == "thanks"
        receipt(home, "failed", then="suppress", code="hard_bounce")
        receipt(home, "failed", then="suppress", code="hard_bounce")
        marks = [one.fact.how for one in home.ledger.history(AMINTA) if isinstance(one.fact, StepMarked)]
        assert marks == ["sent", "reopened"]
        assert sent(home, PretendCarrier()).result == "sent"
        assert sent(home, PretendCarrier()).result == "refused"
        assert [one.channel for one in standing(home, AMINTA).attempts] == [Channel.EMAIL, Channel.SMS]


LATE: dict[str, dict[str, Any]] = {
    "its price": {"status": "sent", "code": "sent", "cost": 60_000},
    "a closed channel": {"status": "failed", "code": "undelivered", "then": "block_channel"},
}
"""What carriers still tell of a message that is known to have failed."""


def told_late(home: House, attempt: str, word: str) -> str:
    more = LATE[word]
    return receive_receipt(
        home, Receipt(AMINTA, attempt, at=home.now(), channel="sms", provider_id="m-1", **more)
    )


def marks(home: House, step: str) -> list[str]:
    """How the step was marked, one after the other."""
    told = (one.fact for one in home.ledger.history(AMINTA))
    return [one.how for one in told if isinstance(one, StepMarked) and one.step == step]


@pytest.mark.parametrize("word", LATE)
def test_a_late_word_about_a_message_that_failed_repeats_nothing_that_another_has_said_since(
    known: House, clock: Clock, word: str
) -> None:
    sent(known, PretendCarrier())
    first = standing(known, AMINTA).attempts[-1]
    receipt(known, "failed", code="undelivered")
    clock.forward(days=1)
    assert sent(known, PretendCarrier(), channel="email").result == "sent"

    assert told_late(known, first.id, word) == "moved"
    assert sent(known, PretendCarrier(), channel="email").reason == "step.done"
    assert marks(known, first.step.mark) == ["sent", "reopened", "sent"]


def that_reminds() -> Playbook:
    book = playbook()
    reminder = replace(book.templates["late.es"], name="promise_reminder")
    return replace(book, templates={**book.templates, "promise_reminder.es": reminder})


def promised_for_tuesday(home: House, clock: Clock) -> None:
    """And it is the day on which that is reminded of."""
    at_home(home)
    tuesday, judged_on = date(2026, 3, 17), date(2026, 3, 19)
    promise = PromiseToPay("pr1", 1, "muebles", "MXN", 150_000, tuesday, judged_on, clock.now)
    change(home, AMINTA, lambda one, now: (*settled(one, home.playbook, now)[1], PromiseMade(promise)))
    clock.forward(days=4)  # to Friday; Monday is a holiday
    change(home, AMINTA, lambda one, now: (FeedRead("muebles", now.date(), "file"),))


@pytest.mark.parametrize("word", LATE)
def test_a_reminder_that_a_second_channel_brought_is_not_brought_again(clock: Clock, word: str) -> None:
    with house(clock, book=that_reminds()) as home:
        promised_for_tuesday(home, clock)
        sent(home, PretendCarrier())
        first = standing(home, AMINTA).attempts[-1]
        receipt(home, "failed", code="undelivered")
        clock.forward(days=1)
        assert sent(home, PretendCarrier(), channel="email").result == "sent"
        told_late(home, first.id, word)

        assert first.step.mark == "promise.pr1"
        assert marks(home, "promise.pr1") == ["sent", "reopened", "sent"]


@pytest.mark.parametrize("word", LATE)
def test_thanks_that_a_second_channel_brought_stand(clock: Clock, word: str) -> None:
    with house(clock, book=book()) as home:
        at_home(home)
        posted = Payment("standard#1", "muebles/A1", 50_000, "MXN", home.now(), split=Split(principal=50_000))
        change(home, AMINTA, lambda debtor, now: (PaymentPosted(posted),))
        sent(home, PretendCarrier(), "email")
        first = standing(home, AMINTA).attempts[-1]
        receipt(home, "failed", code="undelivered")
        assert sent(home, PretendCarrier()).result == "sent"
        told_late(home, first.id, word)

        assert marks(home, first.step.mark) == ["sent", "reopened", "sent"]


def test_a_message_that_fails_opens_no_step_while_another_try_of_it_may_have_arrived(known: House) -> None:
    sent(known, PretendCarrier())
    first = standing(known, AMINTA).attempts[-1]
    other = replace(first, id="a2", number=2, channel=Channel.EMAIL, status=AttemptStatus.UNKNOWN)
    change(known, AMINTA, lambda one, now: (AttemptClaimed(other),))
    told = Receipt(AMINTA, first.id, "failed", "undelivered", known.now(), "sms", "m-1")

    assert receive_receipt(known, told) == "moved"
    assert marks(known, first.step.mark) == ["sent"]
