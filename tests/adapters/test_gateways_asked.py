"""What a gateway's API answers is the truth, and a link is made once: asked as its documentation says, and nothing else believed."""

import base64
import json
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from recobro.adapters.gateways import gateway_named
from recobro.domain.money import Money
from recobro.errors import InvalidInput, InvariantBroken, NotFound, Unavailable
from recobro.ports import Asks, Endpoint, HttpReply, PaymentTold
from tests.adapters.gateways_api import (
    CONEKTA,
    KHIPU,
    MERCADO_PAGO,
    OPENPAY,
    PAYU,
    STRIPE,
    WOMPI,
    Api,
    spoken,
    told_by,
)
from tests.adapters.gateways_spoken import NOW, REFERENCE, SPOKEN


def answer(name: str, api: Api, endpoint: Endpoint | None = None) -> list[PaymentTold]:
    """All that the answer says, in its order."""
    where = endpoint or spoken(name).endpoint
    return list(cast("Asks", gateway_named(name)).ask(told_by(name), where, api, NOW))


def ask(name: str, api: Api, endpoint: Endpoint | None = None) -> PaymentTold:
    """Its last word."""
    return answer(name, api, endpoint)[-1]


ANSWERS: dict[str, tuple[dict[str, Any], str, Money]] = {
    "stripe": (STRIPE, "/v1/payment_intents/pi_1", Money(45_990, "CLP")),
    "mercado_pago": (MERCADO_PAGO, "/v1/payments/123456", Money(15_050, "MXN")),
    "conekta": (CONEKTA, "/orders/ord_1", Money(150_000, "MXN")),
    "wompi": (WOMPI, "/v1/transactions/1234-1610641025-49201", Money(4_490_000, "COP")),
    "payu": (PAYU, "/reports-api/4.0/service.cgi", Money(15_000, "COP")),
    "openpay": (OPENPAY, "/v1/mzdtln0bmtms6o3kck8f/charges/trq7yrthx5vc4gtjdkwg", Money(15_050, "MXN")),
    "khipu": (KHIPU, "/v3/payments/zfxnocsow6mz", Money(1000, "CLP")),
}
every_answer = pytest.mark.parametrize("name", ANSWERS)


def test_whoever_proves_nothing_by_its_signature_can_be_asked() -> None:
    for one in SPOKEN:
        if one.told.get("ask"):
            assert hasattr(gateway_named(one.gateway), "ask"), one.gateway


@every_answer
def test_the_answer_is_the_payment_and_is_certain(name: str) -> None:
    reply, path, money = ANSWERS[name]
    api, hint = Api([reply]), told_by(name)
    (found,) = answer(name, api)

    assert urlsplit(api.asked[0][1]).path == path
    assert (found.intent, found.amount, found.status, found.is_certain) == (hint.intent, money, "paid", True)
    assert (found.reference, found.is_live, found.ask) == (REFERENCE, True, "")
    assert found.merchant == spoken(name).merchant
    assert found.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("stripe", {"latest_charge": {"created": 1_773_000_100, "amount_refunded": 1_000}}),
        ("mercado_pago", {"status_detail": "partially_refunded", "transaction_amount_refunded": 10}),
        ("conekta", {"payment_status": "partially_refunded", "amount_refunded": 1_000}),
        ("openpay", {"refund": {"amount": 10, "operation_date": "2026-03-09T12:30:00-06:00"}}),
    ],
)
def test_what_went_back_is_never_said_without_what_was_taken(name: str, changes: dict[str, Any]) -> None:
    reply, _, money = ANSWERS[name]
    taken, back = answer(name, Api([reply | changes]))

    assert (taken.status, taken.amount) == ("paid", money)
    assert (back.status, back.amount.minor, back.intent) == ("refunded", 1_000, taken.intent)


@every_answer
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (HttpReply(404, b"{}"), NotFound),
        (HttpReply(401, b"{}"), InvariantBroken),
        (HttpReply(422, b"{}"), InvalidInput),
        (HttpReply(503, b""), Unavailable),
        (HttpReply(200, b"<html>"), InvalidInput),
        (HttpReply(200, b"[]"), InvalidInput),
        (HttpReply(200, b"{}"), InvalidInput),
    ],
    ids=["unknown", "our key", "our question", "down", "a page", "a list", "nothing"],
)
def test_an_answer_that_is_none_credits_nothing(name: str, reply: HttpReply, error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(name, Api([reply]))


@every_answer
def test_without_a_key_nothing_is_asked(name: str) -> None:
    one, api = spoken(name).endpoint, Api([{}])
    with pytest.raises(InvariantBroken, match="api_key"):
        ask(name, api, Endpoint("main", one.secrets, "", one.merchant, one.options))
    assert api.asked == []


def test_keys_travel_in_headers_and_never_in_addresses() -> None:
    for name, (reply, _, _) in ANSWERS.items():
        api = Api([reply])
        ask(name, api)
        method, url, headers, body, _ = api.asked[0]
        secret = spoken(name).api_key.split()[0]
        assert secret not in url
        sent = " ".join(headers.values()) + body.decode()
        assert secret in sent or base64.b64encode(f"{secret}:".encode()).decode() in sent, name
        assert method == ("POST" if name == "payu" else "GET")


@pytest.mark.parametrize(
    ("changes", "status", "minor"),
    [
        ({"status": "pending", "date_of_expiration": "2026-03-12T23:59:59.000-04:00"}, "pending", 15_050),
        ({"status": "cancelled", "status_detail": "expired"}, "expired", 15_050),
        ({"status": "rejected", "status_detail": "cc_rejected_other_reason"}, "failed", 15_050),
        ({"status": "refunded", "transaction_amount_refunded": 150.5}, "refunded", 15_050),
        ({"status_detail": "partially_refunded", "transaction_amount_refunded": 50}, "refunded", 5_000),
        ({"status": "charged_back", "status_detail": "settled"}, "charged_back", 15_050),
        ({"status": "charged_back", "status_detail": "reimbursed"}, "reinstated", 15_050),
        ({"status": "in_mediation"}, "unrecognised", 15_050),
        ({"status": "something_new"}, "unrecognised", 15_050),
    ],
)
def test_every_status_of_a_mercado_pago_payment_has_its_meaning(
    changes: dict[str, Any], status: str, minor: int
) -> None:
    found = ask("mercado_pago", Api([MERCADO_PAGO | changes]))

    assert (found.status, found.amount.minor) == (status, minor)
    assert (found.expires_at is not None) == (status == "pending")


@pytest.mark.parametrize(
    ("detail", "status"),
    [
        ("normal", "paid"),
        ("reversed", "refunded"),
        ("rejected-by-payer", "failed"),
        ("marked-as-abuse", "failed"),
    ],
)
def test_khipus_done_is_not_always_money(detail: str, status: str) -> None:
    assert ask("khipu", Api([KHIPU | {"status_detail": detail}])).status == status


def test_a_payu_reference_may_have_many_transactions_and_only_the_one_told_of_counts() -> None:
    other = json.loads(json.dumps(PAYU))
    other["result"]["payload"][0]["transactions"][0]["id"] = "another"
    with pytest.raises(NotFound):
        ask("payu", Api([other]))
    declined = json.loads(json.dumps(PAYU))
    declined["result"]["payload"][0]["transactions"][0]["transactionResponse"]["state"] = "DECLINED"
    assert ask("payu", Api([declined])).status == "failed"
    sandbox = json.loads(json.dumps(PAYU))
    sandbox["result"]["payload"][0]["isTest"] = True
    assert not ask("payu", Api([sandbox])).is_live
