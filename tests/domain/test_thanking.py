"""Who paid is thanked once, by their own channel, at an hour at which one may write, and is asked for nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from infra.playbook.checks_words import COLLECTS
from recobro.domain import facts as f
from recobro.domain.allocation import Split
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey, attempt_id
from recobro.domain.channel import Channel, Kind
from recobro.domain.client import SETUP_NAMES, PaymentRules
from recobro.domain.contact_point import PointState
from recobro.domain.debt import Role
from recobro.domain.debtor import Approach, Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Wait
from recobro.domain.fold import apply
from recobro.domain.hand_over import unsayable_task
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.lawful_words import words_refused
from recobro.domain.payment import Payment
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.refusal import Refusal
from recobro.domain.rendering import used
from recobro.domain.thanking import STAGE, WITHIN, still_thanked
from recobro.domain.wording import compose
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, email, phone, playbook, shipped


@cache
def book(*, thank: bool = True) -> Playbook:
    """The sample's, with the words of a receipt as they ship."""
    sample = playbook()
    templates = {**sample.templates, "payment_receipt.es": shipped("payment_receipt")}
    client = replace(sample.client, payments=PaymentRules(thank=thank))
    return replace(sample, templates=templates, client=client)


def paid(person: Debtor | None = None, *, amount: int = 50_000, at: datetime = NOW) -> Debtor:
    posted = Payment("standard#1", "muebles/A1", amount, "MXN", at, split=Split(principal=amount))
    return apply(person or debtor(), f.PaymentPosted(posted), at)


def thanked(person: Debtor, now: datetime = NOW, of: Playbook | None = None) -> Contact | None:
    found = decide(person, of or book(), now)
    return found if isinstance(found, Contact) and found.step.stage == STAGE else None


def tried(person: Debtor, status: AttemptStatus, *, is_spent: bool = False) -> Debtor:
    """After one try of what is decided, which came to that."""
    contact = thanked(person)
    assert contact is not None
    ident = attempt_id(person.id, contact.recipient, contact.creditor, contact.step, contact.number)
    claim = ContactAttempt(
        ident, contact.step, contact.number, contact.creditor, contact.channel, contact.point,
        NOW, "c1", NOW + timedelta(seconds=15), contact.kind, debts=contact.debts,
    )  # fmt: skip
    person = apply(person, f.AttemptClaimed(claim), NOW)
    progressed = f.AttemptProgressed(ident, status, is_spent=is_spent)
    return apply(person, progressed, NOW) if status is not AttemptStatus.CLAIMED else person


def test_where_thanks_cannot_be_said_who_paid_is_thanked_elsewhere_or_left_in_peace() -> None:
    """In the demonstration whoever paid by a shared phone got "we have a message for you" on the same day."""
    person = paid()
    others_too = replace(person, points=tuple(one.shared for one in person.points))
    words = book().templates["payment_receipt.es"]
    silent = replace(
        words, parts={name: one for name, one in words.parts.items() if name in ("email", "whatsapp")}
    )
    mute = replace(book(), templates={**book().templates, "payment_receipt.es": silent})

    said = thanked(others_too)
    assert said is not None
    assert said.channel is Channel.SMS
    assert thanked(person, of=mute) is not None
    assert thanked(others_too, of=mute) is None


def test_where_the_months_money_is_spent_thanks_are_said_by_another_channel() -> None:
    first = thanked(paid())
    assert first is not None
    name = SETUP_NAMES[first.channel]
    over = Switches(spent={name: Refusal(f"budget.{name}", "client.toml", NOW + timedelta(days=20))})
    other = decide(paid(), book(), NOW, over)

    assert isinstance(other, Contact)
    assert other.step == first.step
    assert other.channel is not first.channel


def test_who_paid_a_part_is_thanked_and_told_the_balance_and_asked_for_nothing() -> None:
    person = paid()
    contact = thanked(person)
    assert contact is not None
    assert (contact.kind, contact.debts, contact.due.minor) == (Kind.PAYMENT_RECEIPT, ("muebles/A1",), 0)

    for channel, point in ((Channel.EMAIL, "p2"), (Channel.WHATSAPP, "p1"), (Channel.SMS, "p1")):
        one = replace(contact, channel=channel, point=point)
        said = compose(person, one, book(), today=NOW.date(), link="https://x/p/1", now=NOW)
        template = book().templates[said.name]
        assert not COLLECTS & set(used(said.part, template.parts[said.part]))
        assert words_refused(said, person, one, book(), NOW.date()) == ()
        tells = "$1,000.00" in said.rendered.text and "$500.00" in said.rendered.text
        assert tells == (channel is not Channel.SMS)


def test_who_paid_all_of_it_is_thanked_too() -> None:
    person = paid(amount=150_000)
    contact = thanked(person)
    assert contact is not None
    said = compose(person, contact, book(), today=NOW.date(), link="https://x/p/1", now=NOW)
    assert said.variables["balance"] == "$0.00"


@pytest.mark.parametrize(
    "status",
    [AttemptStatus.CLAIMED, AttemptStatus.UNKNOWN, AttemptStatus.SENT, AttemptStatus.DELIVERED],
)
def test_a_payment_is_thanked_for_once(status: AttemptStatus) -> None:
    assert thanked(tried(paid(), status)) is None


def test_thanks_that_certainly_reached_nobody_are_said_again_by_what_did_not_fail() -> None:
    released, failed = (thanked(tried(paid(), AttemptStatus(one))) for one in ("released", "failed"))
    assert released is not None
    assert failed is not None
    assert (released.channel, failed.channel) == (Channel.EMAIL, Channel.SMS)


def test_more_captured_of_the_same_payment_brings_no_second_thanks() -> None:
    once = tried(paid(), AttemptStatus.SENT)
    more = Payment("standard#1", "muebles/A1", 10_000, "MXN", NOW, part=2, split=Split(principal=10_000))
    assert thanked(apply(once, f.PaymentPosted(more), NOW)) is None


def test_what_went_back_is_not_thanked_for_even_when_it_was_claimed_already() -> None:
    claimed = tried(paid(), AttemptStatus.CLAIMED)
    assert still_thanked(claimed, claimed.attempts[0])

    back = f.PaymentReversed("standard#1", "muebles/A1", 20_000, "charged_back", Split(principal=20_000))
    assert thanked(apply(paid(), back, NOW)) is None
    assert not still_thanked(apply(claimed, back, NOW), claimed.attempts[0])


def test_a_channel_that_the_person_closed_stays_closed() -> None:
    whatsapp_only = debtor(points=(phone(),))
    assert thanked(paid(apply(whatsapp_only, f.ChannelStopped("*", "person"), NOW))) is None

    stopped = paid(apply(whatsapp_only, f.ChannelStopped("whatsapp", "person"), NOW))
    contact = thanked(stopped)
    assert contact is not None
    assert contact.channel is Channel.SMS

    suppressed = f.PointStateChanged("p1", PointState.SUPPRESSED, "opt_out")
    assert thanked(paid(apply(whatsapp_only, suppressed, NOW))) is None


def test_by_the_persons_own_channel() -> None:
    wrote = replace(debtor(), approaches=(Approach(NOW - timedelta(days=9), Channel.EMAIL, "p2"),))
    contact = thanked(paid(wrote))
    assert contact is not None
    assert contact.channel is Channel.EMAIL


def test_by_a_phone_of_the_persons_own_before_one_that_others_have() -> None:
    shared = replace(phone(), id="p0").shared
    person = replace(paid(), points=(shared, replace(phone(), id="p9")))
    client = book().client
    texted = replace(client, payments=replace(client.payments, channels=(Channel.SMS,)))
    contact = thanked(person, of=replace(book(), client=texted))

    assert contact is not None
    assert contact.point == "p9"


def test_nobody_is_woken_by_thanks_though_the_law_would_allow_it() -> None:
    night = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # 03:00 in Mexico City
    person = paid(at=night)
    waits = decide(person, book(), night)
    assert isinstance(waits, Wait)
    assert night < waits.until < night + timedelta(hours=9)
    assert thanked(person, waits.until) is not None


def test_in_colombia_only_by_a_channel_that_was_authorised() -> None:
    owed = debt(creditor="andes", currency="COP", amount=20_000_000)
    points = (phone(authorised=(Channel.SMS,), provenance="debtor_authorised"), email())
    person = replace(debtor(owed, points=points, country="CO"))
    posted = Payment("standard#1", "andes/A1", 5_000_000, "COP", NOW, split=Split(principal=5_000_000))
    contact = thanked(apply(person, f.PaymentPosted(posted), NOW))
    assert contact is not None
    assert contact.channel is Channel.SMS


def test_caps_that_are_full_do_not_hold_thanks_back() -> None:
    asked = ContactAttempt(
        "a1", StepKey(1, "early", "first"), 1, "muebles", Channel.WHATSAPP, "p1", NOW - timedelta(hours=1),
        "c0", NOW, Kind.COLLECTION, status=AttemptStatus.SENT, debts=("muebles/A1",),
    )  # fmt: skip
    person = apply(debtor(), f.AttemptClaimed(asked), NOW)
    assert thanked(paid(person)) is not None


def test_who_only_vouches_for_a_debt_is_not_thanked_for_what_another_paid() -> None:
    assert thanked(paid()) is not None
    assert thanked(paid(debtor(debt(role=Role.GUARANTOR)))) is None


def test_who_pays_before_the_due_date_is_thanked_at_an_hour_for_everybody() -> None:
    """Mexico's pack leaves a reminder before the due date Saturday from eight, and collection from nine."""
    saturday = datetime(2026, 3, 14, 14, 15, tzinfo=UTC)
    early = debtor(debt(due_on=date(2026, 3, 20)))

    assert thanked(paid(early, at=saturday), saturday) is None
    assert thanked(paid(early, at=saturday), saturday + timedelta(hours=1)) is not None


def test_no_machine_thanks_the_heirs() -> None:
    hold = Hold("h1", HoldReason.DECEASED, NOW, "operations", resumes=False)
    assert thanked(paid(apply(debtor(), f.HoldPlaced(hold), NOW))) is None


def test_what_is_long_past_is_not_thanked_for_and_a_client_may_turn_it_off() -> None:
    assert thanked(paid(), NOW + WITHIN) is None
    assert thanked(paid(), of=book(thank=False)) is None
    assert thanked(paid(), of=playbook()) is None, "no words for it"


def test_thanks_whose_words_somebody_has_to_correct_wait_for_that_and_ask_once() -> None:
    person = paid()
    contact = thanked(person)
    assert contact is not None
    asked = apply(person, f.TaskOpened(unsayable_task(person, contact, book(), NOW)), NOW)
    assert thanked(asked) is None

    (task,) = asked.open_tasks()
    assert thanked(apply(asked, f.TaskClosed(task.id, "done"), NOW)) == contact
