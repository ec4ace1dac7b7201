"""A link is made once, carries our reference, ends when it should and can be withdrawn; and what webhooks missed can be listed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from recobro.adapters.gateways import gateway_named
from recobro.domain.money import Money
from recobro.ports import HttpReply, LinkWanted, Lists, MakesLinks, PaymentTold
from tests.adapters.gateways_api import MERCADO_PAGO, OPENPAY, Api, spoken, told_by
from tests.adapters.gateways_spoken import NOW, REFERENCE

ENDS = datetime(2026, 3, 20, 5, 59, tzinfo=UTC)


def link(name: str, api: Callable[..., HttpReply], currency: str = "MXN", minor: int = 150_050) -> Any:
    wanted = LinkWanted(REFERENCE, Money(minor, currency), "Cuota 3", ENDS, "https://pagos.example.com/v")
    return cast("MakesLinks", gateway_named(name)).make_link(wanted, spoken(name).endpoint, api, NOW)


def test_a_stripe_link_carries_our_reference_into_the_payment() -> None:
    api = Api([{"id": "plink_1", "url": "https://buy.stripe.com/x"}])
    made = link("stripe", api, "CLP", 45_990)

    assert (made.id, made.url) == ("plink_1", "https://buy.stripe.com/x")
    assert api.fields["line_items[0][price_data][unit_amount]"] == "45990"
    assert api.fields["line_items[0][price_data][currency]"] == "clp"
    assert api.fields["payment_intent_data[metadata][reference]"] == REFERENCE
    assert api.fields["restrictions[completed_sessions][limit]"] == "1"
    assert api.asked[0][4]
    cast("MakesLinks", gateway_named("stripe")).void_link("plink_1", spoken("stripe").endpoint, api)
    assert (api.asked[1][1], api.fields) == (
        "https://api.stripe.com/v1/payment_links/plink_1",
        {"active": "false"},
    )


def test_a_mercado_pago_link_is_a_preference_with_an_end() -> None:
    api = Api(
        [{"id": "pref_1", "init_point": "https://www.mercadopago.com.mx/checkout/v1/redirect?pref_id=pref_1"}]
    )
    link("mercado_pago", api)

    assert api.body["items"] == [
        {"title": "Cuota 3", "quantity": 1, "unit_price": 1500.5, "currency_id": "MXN"}
    ]
    assert api.body["external_reference"] == REFERENCE
    assert api.body["expiration_date_to"] == "2026-03-20T05:59:00.000+00:00"
    assert "notification_url" not in api.body, "it would be signed with nothing that we have"
    link("mercado_pago", api, "COP", 4_490_000)
    assert b'"unit_price":44900,' in api.asked[-1][3], "COP takes no decimals"
    cast("MakesLinks", gateway_named("mercado_pago")).void_link(
        "pref_1", spoken("mercado_pago").endpoint, api
    )
    assert api.asked[-1][0] == "PUT"


def test_a_conekta_link_is_in_cents_and_ends_in_unix_time() -> None:
    api = Api([{"id": "chk_1", "url": "https://pay.conekta.com/link/x"}])
    link("conekta", api)

    template = api.body["order_template"]
    assert template["line_items"] == [{"name": "Cuota 3", "unit_price": 150_050, "quantity": 1}]
    assert template["metadata"] == {"reference": REFERENCE}
    assert api.body["expires_at"] == int(ENDS.timestamp())
    assert api.asked[0][2]["accept"] == "application/vnd.conekta-v2.3.0+json"
    cast("MakesLinks", gateway_named("conekta")).void_link("chk_1", spoken("conekta").endpoint, api)
    assert api.asked[-1][:2] == ("PUT", "https://api.conekta.io/checkouts/chk_1/cancel")


def test_a_wompi_link_needs_no_call_and_cannot_be_changed_by_its_payer() -> None:
    api = Api([{}])
    made = link("wompi", api, "COP", 4_490_000)
    asked = {name: one[0] for name, one in parse_qs(urlsplit(made.url).query).items()}

    assert api.asked == []
    assert (asked["amount-in-cents"], asked["reference"]) == ("4490000", REFERENCE)
    assert link("wompi", api, "COP", 4_490_000) == made
    other = link("wompi", api, "COP", 4_490_001)
    assert parse_qs(urlsplit(other.url).query)["signature:integrity"][0] != asked["signature:integrity"]


def test_an_openpay_link_ends_in_the_countrys_own_time() -> None:
    api = Api([{"id": "chk_1", "checkout_link": "https://sandbox-api.openpay.mx/x"}])
    link("openpay", api)

    assert api.body["expiration_date"] == "2026-03-19 23:59"
    assert (api.body["amount"], api.body["order_id"], api.body["send_email"]) == (1500.5, REFERENCE, False)


def test_a_khipu_link_asks_to_be_told_in_the_version_that_is_signed() -> None:
    api = Api([{"payment_id": "p1", "payment_url": "https://khipu.com/payment/info/p1"}, HttpReply(404, b"")])
    link("khipu", api, "CLP", 45_990)

    assert (api.body["amount"], api.body["notify_api_version"]) == (45_990, "3.0")
    assert api.body["expires_date"] == "2026-03-20T05:59:00.000Z"
    cast("MakesLinks", gateway_named("khipu")).void_link("p1", spoken("khipu").endpoint, api)
    assert api.asked[-1][0] == "DELETE"


@pytest.mark.parametrize("name", ["stripe", "mercado_pago", "conekta", "openpay", "khipu"])
def test_the_same_link_wanted_twice_has_the_same_key_and_another_has_not(name: str) -> None:
    answer = dict.fromkeys(("id", "url", "init_point", "checkout_link", "payment_id", "payment_url"), "x")
    api = Api([answer])
    for minor in (150_000, 150_000, 150_100):
        link(name, api, "MXN", minor)
    keys = [one[4] for one in api.asked]

    assert keys[0] == keys[1] != keys[2]


def missed(name: str, api: Api) -> list[PaymentTold]:
    one = cast("Lists", gateway_named(name))
    return list(one.missed(NOW - timedelta(days=1), NOW + timedelta(hours=1), spoken(name).endpoint, api))


def test_stripe_lists_events_page_by_page() -> None:
    event = spoken("stripe").payload
    api = Api([{"data": [event], "has_more": True}, {"data": [event | {"id": "evt_2"}], "has_more": False}])

    assert [one.event for one in missed("stripe", api)] == ["evt_1", "evt_2"]
    assert "starting_after=evt_1" in api.asked[1][1]
    assert missed("stripe", Api([{"data": [event], "has_more": False}]))[0] == told_by("stripe")


def test_mercado_pago_lists_what_was_taken_and_what_was_given_back() -> None:
    partly = MERCADO_PAGO | {"status_detail": "partially_refunded", "transaction_amount_refunded": 50}
    words = missed("mercado_pago", Api([{"results": [partly]}]))

    assert [(one.status, one.amount.minor) for one in words] == [("paid", 15_050), ("refunded", 5_000)]
    assert words[0].at < words[1].at


def test_conekta_lists_newest_first_until_the_window_is_left() -> None:
    event = spoken("conekta").payload
    old = event | {"id": "old", "created_at": int((NOW - timedelta(days=2)).timestamp())}
    api = Api([{"data": [event | {"type": "charge.paid"}, event, old], "has_more": True}])

    assert missed("conekta", api) == [told_by("conekta")]
    assert len(api.asked) == 1


def test_openpay_lists_charges_that_answer_as_a_bare_list() -> None:
    api = Api([[OPENPAY, OPENPAY | {"id": "two", "status": "refunded", "refund": {"amount": 150.5}}]])

    assert [one.status for one in missed("openpay", api)] == ["paid", "paid", "refunded"]


def test_openpay_lists_a_voucher_that_was_paid_weeks_after_it_was_made_and_nothing_that_is_over() -> None:
    made = {"creation_date": (NOW - timedelta(days=29)).isoformat()}
    paid = OPENPAY | made
    waiting = paid | {"id": "two", "status": "in_progress", "operation_date": made["creation_date"]}
    over = paid | {"id": "three", "operation_date": made["creation_date"]}
    given_back = over | {"id": "four", "refund": {"amount": 10, "operation_date": NOW.isoformat()}}
    disputed = over | {"id": "five", "status": "chargeback_accepted"}
    api = Api([[paid, waiting, over, given_back, disputed]])
    words = [(one.intent.partition("#")[2], one.status) for one in missed("openpay", api)]

    assert f"creation[gte]={NOW - timedelta(days=32):%Y-%m-%d}&" in api.asked[0][1]
    assert words == [
        (OPENPAY["id"], "paid"),
        ("four", "paid"),
        ("four", "refunded"),
        ("five", "paid"),
        ("five", "charged_back"),
    ]
