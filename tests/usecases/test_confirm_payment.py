"""A hint is not money: its gateway's API is asked first, and until it answers nobody is credited and nobody is chased."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recobro.adapters.gateways import gateway_named
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain.client import Gateway
from recobro.domain.debt import DebtStatus
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.errors import NotFound, Unavailable
from recobro.house import House
from recobro.ports import HttpReply
from recobro.usecases.confirm_payment import confirm_payment
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.journal import journal
from recobro.usecases.receive_payment import receive_payment
from tests.adapters.gateways_api import MERCADO_PAGO, Api, spoken
from tests.adapters.gateways_spoken import NOW
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debtor, playbook

HINT = spoken("mercado_pago")
INTENT = "mercado_pago#123456"
OURS = {**MERCADO_PAGO, "external_reference": f"{AMINTA}:muebles/A1", "transaction_amount": 400}


@pytest.fixture
def api() -> Api:
    return Api([OURS])


@pytest.fixture
def known(api: Api) -> Iterator[House]:
    """A house that Mercado Pago tells of payments."""
    book = playbook()
    setup = {"mercado_pago": Gateway("main", merchant=HINT.merchant)}
    book = replace(book, client=replace(book.client, gateways={**book.client.gateways, **setup}))
    keys = {"mercado_pago/main": {"secrets": list(HINT.secrets[:2]), "api_key": HINT.api_key}}
    with house(Clock(NOW), book=book, http=api, gateways=keys) as opened:
        settle_in(opened, debtor())
        yield opened


def heard(home: House) -> Any:
    return receive_payment(home, gateway_named("mercado_pago"), "main", HINT.genuine())


def journaled(home: House) -> None:
    image = home.client("dynamodb").get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    journal(home, JournalItems(home.client("dynamodb"), "ledger"), image)


def test_what_carries_only_an_id_is_asked_for_before_the_answer_and_then_posted(
    known: House, api: Api
) -> None:
    assert heard(known).result == "posted"
    assert standing(known, AMINTA).debts[0].outstanding.minor == 150_000 - 40_000
    assert len(api.asked) == 1


def test_told_again_it_is_neither_asked_nor_counted_again(known: House, api: Api) -> None:
    heard(known)
    assert heard(known).result == "repeated"
    assert confirm_payment(known, INTENT).result == "repeated"
    assert (len(api.asked), standing(known, AMINTA).debts[0].outstanding.minor) == (1, 110_000)


def test_while_the_gateway_is_down_we_do_not_say_that_we_heard_so_it_comes_again(
    known: House, api: Api
) -> None:
    api.answers[:] = [HttpReply(503, b"")]
    with pytest.raises(Unavailable):
        heard(known)
    api.answers.append(OURS)

    assert heard(known).result == "posted"


def test_a_payment_that_its_gateway_denies_credits_nothing_and_waits_for_nobody(
    known: House, api: Api
) -> None:
    api.answers[:] = [HttpReply(404, b"{}")]

    assert heard(known).result == "ignored"
    assert list(known.payments.quarantined()) == []
    assert standing(known, AMINTA).debts[0].outstanding.minor == 150_000


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (HttpReply(401, b"{}"), "refuses our API key"),
        (HttpReply(200, b"[]"), "body"),
        ({**OURS, "transaction_amount": 400.123}, "amount"),
        ({**OURS, "id": 99}, "another payment"),
    ],
    ids=["our key", "no object", "an odd amount", "another payment"],
)
def test_an_answer_that_cannot_be_used_is_listed_with_its_reason_and_can_be_asked_again(
    known: House, api: Api, answer: Any, reason: str
) -> None:
    api.answers[:] = [answer]
    assert heard(known).result == "quarantined"
    (waiting,) = known.payments.quarantined()
    assert reason in waiting.reason
    api.answers[:] = [OURS]
    assert confirm_payment(known, INTENT).result == "posted"
    journaled(known)

    assert list(known.payments.quarantined()) == []
    assert standing(known, AMINTA).debts[0].outstanding.minor == 110_000


def test_an_answer_for_nobody_we_know_is_quarantined_with_its_money(known: House, api: Api) -> None:
    api.answers[:] = [{**OURS, "external_reference": "nothing/1"}]

    assert (heard(known).reason, [one.intent for one in known.payments.quarantined()]) == (
        "unknown reference",
        [INTENT],
    )


def test_another_merchants_money_is_never_ours(known: House, api: Api) -> None:
    api.answers[:] = [{**OURS, "collector_id": 666}]

    assert heard(known).reason == "paid to another merchant than ours"


@pytest.fixture
def asked_later(known: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A hint that names its debt: peace at once, and the journal hands the question on."""
    url = known.client("sqs").create_queue(QueueName="payment-questions")["QueueUrl"]
    monkeypatch.setenv("QUEUE_PAYMENT_QUESTIONS", url)
    hint = PaymentTold(
        "mercado_pago", INTENT, "e1", f"{AMINTA}:muebles/A1", Money(0, ""), "unrecognised", known.now(),
        merchant=HINT.merchant, is_certain=False, ask="123456",
    )  # fmt: skip
    assert hear_payment(known, hint, b"raw", "main", merchant=HINT.merchant).result == "held"
    journaled(known)
    (message,) = known.client("sqs").receive_message(QueueUrl=url)["Messages"]
    return json.loads(message["Body"])


def test_a_hint_that_names_its_debt_keeps_the_peace_until_the_answer(
    known: House, asked_later: dict[str, str]
) -> None:
    before = standing(known, AMINTA)
    assert before.holds[0].binds("muebles/A1", known.now() + timedelta(hours=23))
    assert not before.holds[0].binds("muebles/A1", known.now() + timedelta(hours=25))
    assert before.debts[0].outstanding.minor == 150_000
    assert confirm_payment(known, asked_later["intent"]).result == "posted"
    after = standing(known, AMINTA)

    assert after.debts[0].outstanding.minor == 110_000
    assert not any(one.binds("muebles/A1", known.now()) for one in after.holds)


def test_a_hint_that_is_denied_ends_the_peace(known: House, api: Api, asked_later: dict[str, str]) -> None:
    api.answers[:] = [HttpReply(404, b"{}")]
    confirm_payment(known, asked_later["intent"])
    person = standing(known, AMINTA)

    assert person.debts[0].status is DebtStatus.ACTIVE
    assert not any(one.binds("muebles/A1", known.now()) for one in person.holds)


def test_a_payment_that_nobody_told_us_of_cannot_be_asked_for(known: House) -> None:
    with pytest.raises(NotFound):
        confirm_payment(known, "mercado_pago#1")


def test_no_key_no_belief(known: House) -> None:
    hint = PaymentTold(
        "standard", "standard#x", "e", f"{AMINTA}:muebles/A1", Money(0, ""), "unrecognised", known.now(), is_certain=False
    )  # fmt: skip
    hear_payment(known, hint, b"raw", "main")

    assert "no API" in confirm_payment(known, "standard#x").reason
