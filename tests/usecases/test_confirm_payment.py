"""A hint is not money: its gateway's API is asked first, and until it answers nobody is credited and nobody is chased."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
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
from recobro.domain.said import unanswered
from recobro.errors import NotFound, Unavailable
from recobro.house import House
from recobro.ports import HttpReply
from recobro.usecases.confirm_payment import confirm_payment
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.journal import journal
from recobro.usecases.receive_payment import receive_payment
from recobro.usecases.reconcile_payments import reconcile_payments
from tests.adapters.gateways_api import MERCADO_PAGO, OPENPAY, WOMPI, Api, spoken, told_by
from tests.adapters.gateways_spoken import NOW
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debtor, playbook

HINT = spoken("mercado_pago")
INTENT = "mercado_pago#123456"
OURS = {**MERCADO_PAGO, "external_reference": f"{AMINTA}:muebles/A1", "transaction_amount": 400}


@pytest.fixture
def api() -> Api:
    return Api([OURS])


@contextmanager
def telling(name: str, api: Any, clock: Clock | None = None) -> Iterator[House]:
    """A house that the gateway tells of payments."""
    book, one = playbook(), spoken(name)
    setup = {name: Gateway("main", merchant=one.merchant)}
    book = replace(book, client=replace(book.client, gateways={**book.client.gateways, **setup}))
    keys = {f"{name}/main": {"secrets": list(one.secrets[:2]), "api_key": one.api_key}}
    with house(clock or Clock(NOW), book=book, http=api, gateways=keys) as opened:
        settle_in(opened, debtor())
        yield opened


@pytest.fixture
def known(api: Api) -> Iterator[House]:
    """A house that Mercado Pago tells of payments."""
    with telling("mercado_pago", api) as opened:
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


OPENPAY_CHARGE = {**OPENPAY, "order_id": f"{AMINTA}:muebles/A1", "amount": 400}
GAVE_BACK = {"amount": 10, "operation_date": "2026-03-09T12:30:00-06:00"}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("mercado_pago", {**OURS, "transaction_amount_refunded": 10}),
        ("openpay", {**OPENPAY_CHARGE, "refund": GAVE_BACK}),
    ],
)
def test_what_was_kept_of_a_payment_is_posted_though_some_went_back_before_we_asked(
    name: str, answer: dict[str, Any]
) -> None:
    one = spoken(name)
    with telling(name, Api([answer])) as home:
        receive_payment(home, gateway_named(name), "main", one.genuine())
        confirm_payment(home, told_by(name).intent)
        person = standing(home, AMINTA)

        assert person.debts[0].outstanding.minor == 150_000 - 39_000
        assert [task.reason for task in person.tasks] == ["payment_returned"]


def test_all_that_went_back_before_we_asked_settles_nothing_meanwhile(known: House, api: Api) -> None:
    """The whole answer is in the log before any record hears of it: no letter for a debt that nobody paid."""
    api.answers[:] = [
        {**OURS, "status": "refunded", "transaction_amount": 1500, "transaction_amount_refunded": 1500}
    ]

    assert heard(known).result == "reversed"
    assert standing(known, AMINTA).debts[0].status is DebtStatus.ACTIVE
    assert standing(known, AMINTA).letters == ()


CAPTURE = "3C679366HH908993F"
REFUND_HINT = {
    "id": "WH-2",
    "event_type": "PAYMENT.CAPTURE.REFUNDED",
    "create_time": "2026-03-09T18:05:00Z",
    "resource": {
        "id": "R1",
        "custom_id": f"{AMINTA}:muebles/A1",
        "links": [{"rel": "up", "href": f"https://api.paypal.com/v2/payments/captures/{CAPTURE}"}],
    },
}


class PayPalApi:
    """Of one capture of 400 and what went back of it; `down` is a part of an address that answers `says`."""

    def __init__(self, down: str = "", says: int = 503) -> None:
        self.down, self.says = down, says

    def __call__(
        self, method: str, url: str, headers: Any, body: bytes = b"", *, idempotency: str = ""
    ) -> HttpReply:
        if self.down and self.down in url:
            return HttpReply(self.says, b"{}")
        capture = {
            "id": CAPTURE,
            "status": "PARTIALLY_REFUNDED",
            "amount": {"currency_code": "MXN", "value": "400.00"},
            "custom_id": f"{AMINTA}:muebles/A1",
            "create_time": "2026-03-09T18:00:00Z",
            "update_time": "2026-03-09T18:05:00Z",
        }
        refund = {"id": "R1", "amount": {"currency_code": "MXN", "value": "10.00"}}
        answer = {"access_token": "t"} if "oauth2" in url else capture if "captures" in url else refund
        return HttpReply(200, json.dumps(answer).encode())


def paypal_tells(home: House, order: str) -> None:
    """PayPal's hints on one capture: "c" its completion, "r" its refund."""
    one = spoken("paypal")
    completed = {**one.payload, "resource": {**one.payload["resource"], "custom_id": f"{AMINTA}:muebles/A1"}}
    for which in order:
        payload = completed if which == "c" else REFUND_HINT
        receive_payment(home, gateway_named("paypal"), "main", one.deliver(payload, one.secrets[0], NOW))


@pytest.mark.parametrize("order", ["cr", "rc", "r"])
def test_a_captures_hint_and_its_refunds_are_answered_each_by_itself(order: str) -> None:
    with telling("paypal", PayPalApi()) as home:
        paypal_tells(home, order)
        confirm_payment(home, f"paypal#{CAPTURE}")
        entry = home.payments.entry(f"paypal#{CAPTURE}")

        assert entry is not None
        assert unanswered(entry.words) == []
        assert standing(home, AMINTA).debts[0].outstanding.minor == 150_000 - 39_000


@pytest.mark.parametrize(
    ("says", "left"), [(401, "R1"), (404, "")], ids=["our key is refused for it", "it is denied"]
)
def test_a_refund_that_cannot_be_confirmed_takes_nothing_from_what_its_capture_brought(
    says: int, left: str
) -> None:
    with telling("paypal", PayPalApi("refunds", says)) as home:
        paypal_tells(home, "cr")
        confirm_payment(home, f"paypal#{CAPTURE}")
        entry = home.payments.entry(f"paypal#{CAPTURE}")

        assert entry is not None
        assert [left in one.told.ask for one in unanswered(entry.words)] == ([True] if left else [])
        assert (entry.status == "quarantined") == bool(left)
        assert standing(home, AMINTA).debts[0].outstanding.minor == 150_000 - 40_000


def test_an_answer_that_is_cut_off_half_way_leaves_its_question_open() -> None:
    with telling("paypal", PayPalApi()) as home:
        paypal_tells(home, "r")
        hear = home.payments.hear

        def dies(told: PaymentTold, *rest: Any, **named: Any) -> Any:
            if told.status == "refunded":
                raise RuntimeError
            return hear(told, *rest, **named)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(home.payments, "hear", dies)
            with pytest.raises(RuntimeError):
                confirm_payment(home, f"paypal#{CAPTURE}")
        assert confirm_payment(home, f"paypal#{CAPTURE}").result == "reversed"
        assert standing(home, AMINTA).debts[0].outstanding.minor == 150_000 - 39_000


@pytest.mark.parametrize("forged_at", [-5, 5], ids=["before it", "after it"])
def test_who_denies_a_forged_word_has_not_denied_the_genuine_one_beside_it(forged_at: int) -> None:
    """PayU signs no transaction's id: an old confirmation may be sent again under somebody else's."""
    ours, hint = f"{AMINTA}:muebles/A1", told_by("payu")
    there = hint.intent.partition("#")[2]
    found = {
        "id": there,
        "transactionResponse": {"state": "APPROVED", "operationDate": int(NOW.timestamp() * 1000)},
        "additionalValues": {"TX_VALUE": {"value": 400.0, "currency": "MXN"}},
    }
    order = {"referenceCode": ours, "merchantId": hint.merchant, "transactions": [found]}

    def api(method: str, url: str, headers: Any, body: bytes = b"", *, idempotency: str = "") -> HttpReply:
        orders = [order] if ours in body.decode() else []
        return HttpReply(200, json.dumps({"code": "SUCCESS", "result": {"payload": orders}}).encode())

    with telling("payu", api) as home:
        for reference, minutes in ((ours, 0), ("another", forged_at)):
            at, ask = NOW + timedelta(minutes=minutes), f"{there} {reference}"
            money = Money(40_000, "MXN" if reference == ours else "COP")
            told = replace(hint, reference=reference, ask=ask, at=at, amount=money)
            hear_payment(home, told, b"raw", "main", merchant=hint.merchant)
        confirm_payment(home, hint.intent)

        assert standing(home, AMINTA).debts[0].outstanding.minor == 110_000


def wompi_says(status: str) -> dict[str, Any]:
    """What Wompi's API answers of a transaction of 400.00 for our debt."""
    ours = {"reference": f"{AMINTA}:muebles/A1", "amount_in_cents": 40_000, "currency": "MXN"}
    return {"data": {**WOMPI["data"], **ours, "status": status}}


def wompi_tells(home: House, status: str = "APPROVED") -> str:
    """Wompi's signed word of it. Returns the payment."""
    one = spoken("wompi")
    transaction = {**one.payload["data"]["transaction"], **wompi_says(status)["data"]}
    webhook = one.deliver({**one.payload, "data": {"transaction": transaction}}, one.secrets[0], NOW)
    assert receive_payment(home, gateway_named("wompi"), "main", webhook).result == "held"
    return f"wompi#{transaction['id']}"


behind = pytest.mark.parametrize(
    "answer", [wompi_says("PENDING"), HttpReply(404, b"{}")], ids=["it waits", "it knows of none"]
)


@behind
def test_an_api_a_moment_behind_its_gateways_own_word_is_asked_again_and_loses_no_money(answer: Any) -> None:
    api = Api([answer, wompi_says("APPROVED")])
    with telling("wompi", api) as home:
        intent = wompi_tells(home)
        with pytest.raises(Unavailable):
            confirm_payment(home, intent)
        assert any(one.binds("muebles/A1", NOW) for one in standing(home, AMINTA).holds)
        assert confirm_payment(home, intent).result == "posted"
        assert standing(home, AMINTA).debts[0].outstanding.minor == 110_000


@behind
def test_once_the_queue_has_given_up_the_hourly_run_asks_and_a_lag_is_no_failure(answer: Any) -> None:
    api, clock = Api([answer]), Clock(NOW)
    with telling("wompi", api, clock) as home:
        wompi_tells(home)
        done = reconcile_payments(home, clock.now + timedelta(minutes=9))
        assert (done.heard, done.failed) == ({"lagging": 1}, {})
        api.answers[:] = [wompi_says("APPROVED")]
        clock.forward(hours=6)
        assert reconcile_payments(home, clock.now + timedelta(minutes=9)).heard == {"posted": 1}


@behind
def test_what_an_api_does_not_know_for_a_day_is_a_persons_to_look_at_and_keeps_nobody_waiting(
    answer: Any,
) -> None:
    clock = Clock(NOW)
    with telling("wompi", Api([answer]), clock) as home:
        intent = wompi_tells(home)
        clock.forward(hours=23)
        with pytest.raises(Unavailable):
            confirm_payment(home, intent)
        clock.forward(hours=1)
        assert confirm_payment(home, intent).result == "quarantined"
        assert [one.intent for one in home.payments.quarantined()] == [intent]
        person = standing(home, AMINTA)
        assert not any(one.binds("muebles/A1", NOW + timedelta(hours=25)) for one in person.holds)
        assert person.debts[0].outstanding.minor == 150_000


@pytest.mark.parametrize("hours", [-48, 48], ids=["long past", "to come"])
def test_no_instant_that_a_hint_gives_itself_makes_us_wait_for_longer(hours: int) -> None:
    api, clock, hint = Api([HttpReply(404, b"{}")]), Clock(NOW), told_by("wompi")
    hint = replace(hint, reference=f"{AMINTA}:muebles/A1", amount=Money(40_000, "MXN"))
    with telling("wompi", api, clock) as home:
        hear_payment(home, replace(hint, at=NOW + timedelta(hours=hours)), b"raw", "main")
        with pytest.raises(Unavailable):
            confirm_payment(home, hint.intent)
        clock.forward(hours=24)
        assert confirm_payment(home, hint.intent).result == "quarantined"


@pytest.mark.parametrize("said", ["DECLINED", "ERROR"])
def test_an_api_that_says_it_failed_is_not_behind(said: str) -> None:
    with telling("wompi", Api([wompi_says(said)])) as home:
        confirm_payment(home, wompi_tells(home))

        assert not any(one.binds("muebles/A1", NOW) for one in standing(home, AMINTA).holds)


def test_a_word_that_only_waits_is_answered_by_an_api_that_waits_or_denies() -> None:
    with telling("wompi", Api([HttpReply(404, b"{}")])) as home:
        confirm_payment(home, wompi_tells(home, "PENDING"))

        assert not any(one.binds("muebles/A1", NOW) for one in standing(home, AMINTA).holds)


def test_a_lag_about_money_for_nobody_whom_we_know_is_answered_and_asked_about_later() -> None:
    """No record waits for it, so no gateway has to repeat it: it is in the log, and asked about from there."""
    api, clock, one = Api([HttpReply(404, b"{}")]), Clock(NOW), spoken("wompi")
    with telling("wompi", api, clock) as home:
        assert receive_payment(home, gateway_named("wompi"), "main", one.genuine()).result == "asks"
        api.answers[:] = [{"data": {**WOMPI["data"], "reference": "nothing/1"}}]
        done = reconcile_payments(home, clock.now + timedelta(minutes=9))

        assert (done.asked, done.heard) == (1, {"quarantined": 1})
        assert [waiting.reason for waiting in home.payments.quarantined()] == ["unknown reference"]
