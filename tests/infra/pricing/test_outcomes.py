"""What the money bought: fees at the carrier's own word, no currency added to another, no payment of two debtors counted twice."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from infra.pricing.account import account_of
from infra.pricing.outcomes import Outcomes, add_person
from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.chain import Recorded
from recobro.domain.channel import Channel
from recobro.domain.payment import Payment
from recobro.domain.promise import PromiseStatus, PromiseToPay
from tests.sample import MONDAY_NOON_MX as NOW

DEBTS = {"muebles/A1": "MXN", "movil/B1": "COP"}


def history(*facts: f.Fact) -> Iterable[Recorded]:
    return [Recorded(number, 0, NOW, fact, "", "") for number, fact in enumerate(facts, 1)]


def claimed(name: str, debt: str = "muebles/A1", channel: Channel = Channel.SMS) -> f.AttemptClaimed:
    attempt = ContactAttempt(
        id=name,
        step=StepKey(1, "early", "s1"),
        number=1,
        creditor="muebles",
        channel=channel,
        point="p1",
        claimed_at=NOW,
        claim_id="c",
        send_by=NOW + timedelta(seconds=15),
        debts=(debt,),
    )
    return f.AttemptClaimed(attempt)


def progressed(name: str, status: AttemptStatus, cost: int = 0) -> f.AttemptProgressed:
    return f.AttemptProgressed(name, status, cost=cost)


def bought(*people: Iterable[Recorded]) -> Outcomes:
    done = Outcomes()
    for one in people:
        done.debtors += 1
        add_person(done, one, DEBTS)
    return done


PAID = Payment("standard#1", "muebles/A1", 150_000, "MXN", NOW)


def test_a_receipts_price_replaces_the_expected_one() -> None:
    done = bought(
        history(
            claimed("a1"),
            progressed("a1", AttemptStatus.SENT, 30_000),
            progressed("a1", AttemptStatus.DELIVERED, 47_000),
            claimed("a2"),
            progressed("a2", AttemptStatus.SENT, 30_000),
        )
    )
    assert done.fees == {"sms": 77_000}
    assert (done.contacts["sms"], done.billed) == (2, 1)


def test_what_was_certainly_not_sent_is_neither_a_contact_nor_a_fee() -> None:
    done = bought(history(claimed("a1"), progressed("a1", AttemptStatus.RELEASED)))
    assert (done.contacts.total(), done.fees.total()) == (0, 0)


def test_a_payment_that_stands_in_two_debtors_records_is_recovered_once() -> None:
    paid = f.PaymentPosted(PAID)
    back = f.PaymentReversed("standard#1", "muebles/A1", 50_000, "refund")
    done = bought(history(paid, back), history(paid, back))
    assert done.recovered == {"MXN": 100_000}


def test_money_is_divided_in_its_own_currency_only() -> None:
    pesos = replace(PAID, intent="standard#2", debt="movil/B1", amount=4_000_000, currency="COP")
    done = bought(
        history(claimed("a1"), progressed("a1", AttemptStatus.SENT, 30_000), f.PaymentPosted(PAID)),
        history(
            claimed("b1", "movil/B1", Channel.EMAIL),
            progressed("b1", AttemptStatus.SENT, 160),
            f.PaymentPosted(pesos),
        ),
    )
    account = account_of({"dynamodb_write": Decimal("0.01")}, done)
    each = account.per_thousand_recovered()
    assert each["MXN"] == (Decimal("0.03") + Decimal("0.005")) * 1000 / 1500
    assert each["COP"] == (Decimal("0.00016") + Decimal("0.005")) * 1000 / 40_000
    assert account.usd == Decimal("0.04016")
    assert account.per(done.debtors) == account.usd / 2
    assert account.per(done.promises) is None


def test_promises_are_counted_when_made_and_when_kept() -> None:
    promise = PromiseToPay("pr1", 1, "muebles", "MXN", 150_000, NOW.date(), NOW.date(), NOW)
    done = bought(history(f.PromiseMade(promise), f.PromiseJudged("pr1", PromiseStatus.KEPT, 150_000)))
    assert (done.promises, done.kept) == (1, 1)
