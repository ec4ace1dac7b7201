"""What the experimental gateways' APIs are asked, and the links that they make."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from recobro.adapters.gateways import gateway_named
from recobro.domain.money import Money
from recobro.errors import InvalidInput
from recobro.ports import Asks, LinkWanted, MakesLinks
from tests.adapters.gateways_api import Api, spoken, told_by
from tests.adapters.gateways_base import NOW, REFERENCE, changed

EPAYCO = {
    "success": True,
    "data": {
        "x_cust_id_cliente": "4321",
        "x_ref_payco": 123456789,
        "x_id_invoice": REFERENCE,
        "x_amount": 44900,
        "x_currency_code": "COP",
        "x_cod_transaction_state": 2,
        "x_transaction_date": "2026-03-09 13:00:00",
        "x_test_request": "FALSE",
    },
}


def test_epaycos_unsigned_state_is_only_believed_from_its_own_address() -> None:
    api = Api([EPAYCO])
    hint = told_by("epayco")
    (found,) = cast("Asks", gateway_named("epayco")).ask(hint, spoken("epayco").endpoint, api, NOW)

    assert (hint.status, hint.is_certain) == ("paid", False)
    assert (found.status, found.is_certain, found.merchant) == ("failed", True, "4321")
    assert api.asked[0][1] == "https://secure.epayco.co/validation/v1/reference/123456789"
    other = Api([changed(EPAYCO, ("data", "x_ref_payco"), 5)])
    with pytest.raises(InvalidInput):
        cast("Asks", gateway_named("epayco")).ask(hint, spoken("epayco").endpoint, other, NOW)


def test_fintoc_can_be_asked() -> None:
    found = {
        **spoken("fintoc").payload["data"],
        "status": "rejected",
        "created_at": "2026-03-09T18:00:00Z",
    }
    api = Api([found])

    (answer,) = cast("Asks", gateway_named("fintoc")).ask(
        told_by("fintoc"), spoken("fintoc").endpoint, api, NOW
    )

    assert answer.status == "failed"
    assert api.asked[0][1] == "https://api.fintoc.com/v1/payment_intents/pi_1"


def link(name: str, api: Api, currency: str, minor: int, key: str = "key") -> Any:
    wanted = LinkWanted(
        REFERENCE, Money(minor, currency), "Cuota 3", NOW + timedelta(days=5), "https://pagos.example.com/v"
    )
    return cast("MakesLinks", gateway_named(name)).make_link(
        wanted, replace(spoken(name).endpoint, api_key=key), api, NOW
    )


def test_an_adyen_link_counts_chilean_pesos_with_two_decimals() -> None:
    api = Api([{"id": "PL1", "url": "https://eu.adyen.link/PL1"}])
    link("adyen", api, "CLP", 45_990)

    assert api.body["amount"] == {"currency": "CLP", "value": 4_599_000}
    assert urlhost(api) == "1797a841fbb37ca7-Agencia-checkout-live.adyenpayments.com"
    cast("MakesLinks", gateway_named("adyen")).void_link("PL1", spoken("adyen").endpoint, api)
    assert (api.asked[-1][0], api.body) == ("PATCH", {"status": "expired"})


def urlhost(api: Api) -> str:
    return api.asked[-1][1].split("/")[2]


def test_a_bold_link_is_in_whole_pesos() -> None:
    api = Api([{"payload": {"payment_link": "LNK_1", "url": "https://checkout.bold.co/LNK_1"}}])
    link("bold", api, "COP", 4_490_000)

    assert api.body["amount"]["total_amount"] == 44_900
    with pytest.raises(InvalidInput):
        link("bold", api, "COP", 4_490_050)


def test_an_izipay_link_is_a_payment_order() -> None:
    api = Api(
        [
            {
                "status": "SUCCESS",
                "answer": {"paymentOrderId": "po1", "paymentURL": "https://micuentaweb.pe/t/x"},
            }
        ]
    )
    made = link("izipay", api, "PEN", 15_050, "33148340:secret")

    assert made.url == "https://micuentaweb.pe/t/x"
    assert (api.body["amount"], api.body["orderId"]) == (15_050, REFERENCE)
    with pytest.raises(InvalidInput):
        link("izipay", Api([{"status": "ERROR", "answer": {}}]), "PEN", 15_050, "33148340:secret")


CAPTURE = {
    "id": "3C679366HH908993F",
    "status": "COMPLETED",
    "amount": {"currency_code": "MXN", "value": "150.50"},
    "custom_id": REFERENCE,
    "update_time": "2026-03-09T18:00:00Z",
    "payee": {"merchant_id": "SELLER1"},
}


def test_paypals_checksum_is_no_proof_and_its_capture_is_asked_for() -> None:
    api = Api([{"access_token": "token"}, CAPTURE])
    (found,) = cast("Asks", gateway_named("paypal")).ask(
        told_by("paypal"), spoken("paypal").endpoint, api, NOW
    )

    assert (found.intent, found.amount, found.status) == (
        told_by("paypal").intent,
        Money(15_050, "MXN"),
        "paid",
    )
    assert (found.reference, found.merchant, found.is_certain) == (REFERENCE, "SELLER1", True)
    assert api.asked[1][1] == "https://api-m.paypal.com/v2/payments/captures/3C679366HH908993F"
    assert api.asked[1][2] == {"authorization": "Bearer token"}


def test_a_paypal_refund_is_asked_for_with_the_sum_of_all_refunds() -> None:
    one = spoken("paypal")
    up = {"rel": "up", "href": "https://api.paypal.com/v2/payments/captures/3C679366HH908993F"}
    event: dict[str, Any] = {
        "event_type": "PAYMENT.CAPTURE.REFUNDED",
        "resource": {"id": "1JU08902781691411", "links": [up]},
    }
    hint = gateway_named("paypal").verify_and_parse(one.genuine(**event), one.endpoint, NOW)
    total = {"total_refunded_amount": {"value": "70.00", "currency_code": "MXN"}}
    api = Api(
        [
            {"access_token": "token"},
            CAPTURE | {"status": "PARTIALLY_REFUNDED"},
            {"id": "1JU08902781691411", "seller_payable_breakdown": total},
        ]
    )
    taken, found = cast("Asks", gateway_named("paypal")).ask(hint, one.endpoint, api, NOW)

    assert (taken.intent, taken.status, taken.amount) == (found.intent, "paid", Money(15_050, "MXN"))
    assert (found.intent, found.status, found.amount) == (
        told_by("paypal").intent,
        "refunded",
        Money(7_000, "MXN"),
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("REFUNDED", ["paid", "refunded"]),
        ("PENDING", ["pending", "refunded"]),
        ("DECLINED", ["failed", "refunded"]),
    ],
)
def test_a_refunds_hint_makes_no_money_of_a_paypal_capture_that_is_none(
    status: str, words: list[str]
) -> None:
    hint = replace(told_by("paypal"), ask="3C679366HH908993F R1 refunded")
    refund = {"id": "R1", "amount": {"value": "10.00", "currency_code": "MXN"}}
    api = Api([{"access_token": "token"}, CAPTURE | {"status": status}, refund])
    found = cast("Asks", gateway_named("paypal")).ask(hint, spoken("paypal").endpoint, api, NOW)

    assert [one.status for one in found] == words
