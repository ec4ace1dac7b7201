"""The gateways that are still experimental: what was published of them, and what of each is a trap."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from Adyen.util import is_valid_hmac_notification

from recobro.adapters.gateways import GATEWAYS, ONE_TAP, gateway_named
from recobro.domain.money import Money
from recobro.ports import Endpoint, Forged, PaymentTold, Webhook
from tests.adapters.gateways_api import spoken
from tests.adapters.gateways_base import NOW, as_json, changed
from tests.adapters.gateways_tried import TRIED
from tests.sample import ROOT

ITEM = ("notificationItems", "0", "NotificationRequestItem")


def heard(name: str, webhook: Webhook, endpoint: Endpoint | None = None) -> PaymentTold:
    return gateway_named(name).verify_and_parse(webhook, endpoint or spoken(name).endpoint, NOW)


def saying(name: str, *changes: tuple[tuple[str, ...], Any]) -> PaymentTold:
    """What we hear when the gateway says something else, genuinely."""
    one, payload = spoken(name), spoken(name).payload
    for path, value in changes:
        payload = changed(payload, path, value)
    return heard(name, one.deliver(payload, one.secrets[0], NOW))


def test_a_message_leads_to_every_gateway_that_makes_links_and_is_confirmed() -> None:
    known = {name: gateway_named(name) for name in GATEWAYS}
    makes = {name for name, one in known.items() if hasattr(one, "make_link") and not one.is_experimental}

    assert makes == ONE_TAP


def test_only_what_no_oracle_confirms_is_experimental() -> None:
    experimental = {name for name in GATEWAYS if gateway_named(name).is_experimental}

    assert experimental == {one.gateway for one in TRIED}


def test_fintocs_static_example_is_believed_within_five_minutes() -> None:
    """fintoc-python, tests/test_webhook.py: secret, header and body, of a test payment."""
    body = (
        b'{"id":"evt_2AaZeLCz0GjOW5zj","type":"payment_intent.succeeded","mode":"test","created_at":"2025-04-05T21:57:31.834Z",'
        b'"data":{"id":"pi_2vKOKniSGXRhXTKrJ67VXZxGCVt","mode":"test","amount":1,"object":"payment_intent","status":"succeeded"'
        b',"currency":"MXN","metadata":{},"created_at":"2025-04-05T21:57:17Z","expires_at":null,"error_reason":null,"payment_ty'
        b'pe":"bank_transfer","reference_id":null,"widget_token":null,"customer_email":null,"sender_account":{"type":"checking_'
        b'account","number":"501514890244223279","holder_id":"mfiu593501oe4","institution_id":"mx_stp"},"business_profile":null'
        b',"transaction_date":null,"recipient_account":{"type":"checking_account","number":"646180357600000000","holder_id":"fs'
        b'm211008hz9","institution_id":"mx_stp"},"payment_type_options":{}},"object":"event"}'
    )
    header = "t=1743890251,v1=11b98dd8f5500109246aa4d9875fad2e97d462560b012a5f50ff924411de0b0f"
    webhook, endpoint = Webhook(body, {"fintoc-signature": header}), Endpoint("main", ("whsec_test_secret",))
    then = datetime(2025, 4, 5, 21, 57, 31, tzinfo=UTC)
    told = gateway_named("fintoc").verify_and_parse(webhook, endpoint, then)

    assert (told.amount, told.status, told.is_live) == (Money(1, "MXN"), "paid", False)
    for place in range(len(body)):
        other = replace(webhook, body=body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])
        with pytest.raises(Forged):
            gateway_named("fintoc").verify_and_parse(other, endpoint, then)
    with pytest.raises(Forged):
        gateway_named("fintoc").verify_and_parse(webhook, endpoint, then + timedelta(minutes=6))


def test_adyens_published_notification_is_believed() -> None:
    """adyen-python-api-library, test/UtilTest.py."""
    item = {
        "pspReference": "7914073381342284",
        "merchantReference": "TestPayment-1407325143704",
        "merchantAccountCode": "TestMerchant",
        "amount": {"currency": "EUR", "value": 1130},
        "eventCode": "AUTHORISATION",
        "success": "true",
        "eventDate": "2019-05-06T17:15:34.121+02:00",
        "operations": ["CANCEL", "CAPTURE", "REFUND"],
        "paymentMethod": "visa",
        "additionalData": {"hmacSignature": "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},
    }
    key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
    body = as_json({"live": "false", "notificationItems": [{"NotificationRequestItem": item}]})
    endpoint = Endpoint("main", (key,), options={"environment": "test"})
    told = heard("adyen", Webhook(body, {}), endpoint)

    assert (told.amount, told.status, told.is_live) == (Money(1130, "EUR"), "paid", False)
    assert is_valid_hmac_notification({"notificationItems": [{"NotificationRequestItem": item}]}, key)
    with pytest.raises(Forged):
        heard("adyen", Webhook(body, {}), replace(endpoint, options={}))


@pytest.mark.parametrize("reference", ["a:b", "a\\b", "a/b", "a:b\\c/d"])
def test_adyen_escapes_nothing_and_no_field_reaches_into_another(reference: str) -> None:
    told = saying("adyen", ((*ITEM, "merchantReference"), reference))

    assert told.reference == reference
    one = spoken("adyen")
    genuine = one.deliver(
        changed(one.payload, (*ITEM, "merchantReference"), "AgenciaECOM:b"), one.secrets[0], NOW
    )
    moved = json.loads(genuine.body)
    moved = changed(
        changed(moved, (*ITEM, "merchantAccountCode"), "AgenciaECOM:AgenciaECOM"),
        (*ITEM, "merchantReference"),
        "b",
    )
    with pytest.raises(Forged):
        heard("adyen", replace(genuine, body=json.dumps(moved).encode()))


@pytest.mark.parametrize(
    ("code", "success", "status"),
    [
        ("AUTHORISATION", "false", "failed"),
        ("CAPTURE_FAILED", "true", "refunded"),
        ("CANCELLATION", "true", "refunded"),
        ("CANCELLATION", "false", "unrecognised"),
        ("CANCEL_OR_REFUND", "true", "refunded"),
        ("CANCEL_OR_REFUND", "false", "unrecognised"),
        ("REFUND", "true", "refunded"),
        ("REFUND", "false", "unrecognised"),
        ("NOTIFICATION_OF_CHARGEBACK", "true", "unrecognised"),
        ("CHARGEBACK", "true", "charged_back"),
        ("CHARGEBACK_REVERSED", "true", "reinstated"),
        ("REPORT_AVAILABLE", "true", "unrecognised"),
    ],
)
def test_a_modification_speaks_of_the_original_money(code: str, success: str, status: str) -> None:
    told = saying(
        "adyen",
        ((*ITEM, "eventCode"), code),
        ((*ITEM, "success"), success),
        ((*ITEM, "originalReference"), "8814073381342284"),
    )

    assert (told.intent, told.status) == ("adyen#8814073381342284", status)


@pytest.mark.parametrize("value", [0, 4_599_000])
def test_an_authorisation_that_adyen_cancels_was_money_only_where_nothing_has_to_be_captured(
    value: int,
) -> None:
    one = spoken("adyen")
    payload = changed(
        changed(one.payload, (*ITEM, "eventCode"), "CANCELLATION"), (*ITEM, "amount", "value"), value
    )
    webhook = one.deliver(payload, one.secrets[0], NOW)
    manual = replace(one.endpoint, options={**one.endpoint.options, "capture": "manual"})
    told = heard("adyen", webhook)

    assert (told.status, told.amount.minor) == ("refunded", value // 100)
    assert heard("adyen", webhook, manual).status == "failed"


def test_lyras_published_ipn_is_believed_and_its_browsers_key_is_not() -> None:
    """lyra/rest-php-sdk, src/Lyra/Tests/ClientTest.php, `fakePostData("password")`: password, hash and answer."""
    answer = (ROOT / "tests/adapters/published/lyra_ipn_answer.json").read_text("utf-8")
    fields = {
        "kr-answer": answer,
        "kr-hash": "88fb7b4838a73c2674ca00ee545454d78dd4b1b733a07c855a1d4460d4417f85",
        "kr-hash-algorithm": "sha256_hmac",
        "kr-hash-key": "password",
    }
    endpoint = Endpoint("main", ("testpassword_DEMOPRIVATEKEY23G4475zXZQ2UA5x7M",))
    for text in (answer, answer.replace("/", "\\/")):
        webhook = Webhook(urlencode({**fields, "kr-answer": text}).encode(), {})
        told = heard("izipay", webhook, endpoint)
        assert (told.amount, told.status, told.is_live) == (Money(990, "EUR"), "paid", False)
        assert (told.reference, told.merchant) == ("myOrderId-618776", "69876357")
    for place in range(0, len(answer), 7):
        other = answer[:place] + ("~" if answer[place] != "~" else "-") + answer[place + 1 :]
        with pytest.raises(Forged):
            heard("izipay", Webhook(urlencode({**fields, "kr-answer": other}).encode(), {}), endpoint)
    browser = replace(endpoint, secrets=("38453613e7f44dc58732bad3dca2bca3",))
    with pytest.raises(Forged):
        heard("izipay", Webhook(urlencode(fields).encode(), {}), browser)


def test_what_a_browser_carries_is_not_the_servers_word() -> None:
    """Its key is another, and the payer could post it here."""
    one = spoken("izipay")
    genuine = one.genuine()
    for other in ("sha256_hmac", "", "PASSWORD"):
        body = genuine.body.replace(b"kr-hash-key=password", f"kr-hash-key={other}".encode())
        with pytest.raises(Forged):
            heard("izipay", replace(genuine, body=body))


def test_a_refund_at_izipay_is_of_the_money_that_was_taken() -> None:
    told = saying(
        "izipay",
        (("transactions", "0", "operationType"), "CREDIT"),
        (("transactions", "0", "transactionDetails"), {"parentTransactionUuid": "parent"}),
    )

    assert (told.intent, told.status) == ("izipay#parent", "refunded")


def test_kushkis_simple_signature_proves_nothing_of_the_body() -> None:
    genuine = spoken("kushki").genuine()
    simple = {**genuine.headers, "x-kushki-signature": genuine.headers["x-kushki-simplesignature"]}
    with pytest.raises(Forged):
        heard("kushki", replace(genuine, headers=simple))


def test_kushkis_check_of_the_address_moves_nothing() -> None:
    one = spoken("kushki")

    assert heard("kushki", one.deliver({}, one.secrets[0], NOW)).status == "unrecognised"
    reversal = saying("kushki", (("transaction_type",), "VOID"), (("sale_ticket_number",), "1709"))
    assert (reversal.intent, reversal.status) == ("kushki#1709", "refunded")


def test_bolds_empty_key_of_its_test_mode_opens_nothing() -> None:
    one = spoken("bold")
    body = as_json(one.payload)
    empty = hmac.new(b"", base64.b64encode(body), hashlib.sha256).hexdigest()
    for secrets in (one.secrets, ("",), ()):
        with pytest.raises(Forged):
            heard("bold", Webhook(body, {"x-bold-signature": empty}), replace(one.endpoint, secrets=secrets))


@pytest.mark.parametrize("when", [int(NOW.timestamp()), int(NOW.timestamp()) * 10**9])
def test_bolds_time_is_read_in_seconds_and_in_nanoseconds(when: int) -> None:
    assert saying("bold", (("time",), when)).at == NOW


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("PAID", "paid"),
        ("PENDING", "pending"),
        ("REJECTED", "failed"),
        ("EXPIRED", "expired"),
        ("NEW", "unrecognised"),
    ],
)
def test_every_status_of_dlocal_has_its_meaning(status: str, ours: str) -> None:
    assert saying("dlocal", (("status",), status)).status == ours


def test_a_dlocal_login_cannot_be_moved_into_the_date() -> None:
    genuine = spoken("dlocal").genuine()
    login, date = genuine.headers["x-login"], genuine.headers["x-date"]
    headers = {**genuine.headers, "x-login": login[:-1], "x-date": login[-1] + date}
    with pytest.raises(Forged):
        heard("dlocal", replace(genuine, headers=headers))


PAYPAL_KEY = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAyF4MCY9RPrzzizQO3t5x\n"
    "bEaUKuxtQhXKAjXkYBSBkX3eIrbdowUT3x139Xnlzg0OlcEzD+q1WKyNxwULuUmU\n"
    "WSjt4ACz4gVk3M+RYVaL2A8/3fw7WrAOS+5dcZkTPhhjxHvw9xEz3sspuhkwLiM0\n"
    "dY7tQbkkJVZyK3CCwx6xWaNEcqhR9XjS96GH4M/mQr/lh+ua4UutFaMIiwG9pbAE\n"
    "XJCdj/MCiKbN2FMQKlRuUifR+PbngQyNNcBMxP/ufSfLPRk4ZmzE6j+seDJ3gHBj\n"
    "dUz4phnfcGZW8MKwmA7QqKhQ3MTFYLw/N7j6yIpxcEyDl8Ot0Er/P/gDbmsAXDSQ\n"
    "6wIDAQAB\n"
    "-----END PUBLIC KEY-----\n"
)
"""Of the sandbox certificate in paypal/PayPal-node-SDK's mocks, by `openssl x509 -pubkey`."""


def test_paypals_published_delivery_is_believed_and_only_for_its_own_webhook() -> None:
    """paypal/PayPal-Python-SDK, webhook tests of 2015: body, signature and webhook id."""
    body = (ROOT / "tests/adapters/published/paypal_sale.json").read_bytes()
    headers = {
        "paypal-transmission-id": "dfb3be50-fd74-11e4-8bf3-77339302725b",
        "paypal-transmission-time": "2015-05-18T15:45:13Z",
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-transmission-sig": (
            "thy4/U002quzxFavHPwbfJGcc46E8rc5jzgyeafWm5mICTBdY/8rl7WJpn8JA0GKA+oDTPsSruqusw+XXg5RLAP7ip53Euh9Xu3UbUhQFX7Ugwz"
            "E2FeYoY6lyRMiiiQLzy9BvHfIzNIVhPad4KnC339dr6y2l+mN8ALgI4GCdIh3/SoJO5wE64Bh/ueWtt8EVuvsvXfda2Le5a2TrOI9vLEzsm9GS79"
            "hAR/5oLexNz8UiZr045Mr5ObroH4w4oNfmkTaDk9Rj0G19uvISs5QzgmBpauKr7Nw++JI0pr/v5mFctQkoWJSGfBGzPRXawrvIIVHQ9Wer48GR2"
            "g9ZiApWg=="
        ),
    }
    endpoint = Endpoint("main", (f"4JH86294D6297924G {PAYPAL_KEY}",))
    told = heard("paypal", Webhook(body, headers), endpoint)

    assert (told.status, told.amount.minor) == ("unrecognised", 0), "an event of the old API moves nothing"
    for place in range(0, len(body), 11):
        other = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        with pytest.raises(Forged):
            heard("paypal", Webhook(other, headers), endpoint)
    for secret in (
        f"3RN13029J36659323 {PAYPAL_KEY}",
        f" {PAYPAL_KEY}",
        "4JH86294D6297924G",
        "4JH86294D6297924G x",
    ):
        with pytest.raises(Forged):
            heard("paypal", Webhook(body, headers), replace(endpoint, secrets=(secret,)))
