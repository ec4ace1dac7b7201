"""What the gateways say that are still experimental: signed here as their documentation, or others' programs, have it."""

import base64
import hashlib
import json
import zlib
from datetime import datetime
from urllib.parse import urlencode

from recobro.ports import Webhook
from tests.adapters.gateways_base import (
    NOW,
    REFERENCE,
    Payload,
    Spoken,
    as_json,
    digest,
    hex_stamped,
    stamped,
)
from tests.adapters.gateways_keys import PUBLIC_KEYS, rsa_sign


def _dlocal(payload: Payload, secret: str, at: datetime) -> Webhook:
    body, date = as_json(payload), at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    made = digest(secret, b"login-1" + date.encode() + body).hex()
    headers = {
        "x-login": "login-1",
        "x-date": date,
        "authorization": f"V2-HMAC-SHA256, Signature: {made}",
    }
    return Webhook(body, headers)


def _kushki(payload: Payload, secret: str, at: datetime) -> Webhook:
    body, stamp = as_json(payload), str(int(at.timestamp()))
    made = digest(secret, body + b"." + stamp.encode()).hex()
    simple = digest(secret, stamp.encode()).hex()
    headers = {
        "x-kushki-key": "20000000100000000000",
        "x-kushki-id": stamp,
        "x-kushki-signature": made,
        "x-kushki-simplesignature": simple,
    }
    return Webhook(body, headers)


def _adyen(payload: Payload, secret: str, at: datetime) -> Webhook:
    """By Adyen's own program."""
    from Adyen.util import generate_notification_sig

    item = payload["notificationItems"][0]["NotificationRequestItem"]
    # Their program writes None and missing alike as text; only what is there is signed here.
    made = generate_notification_sig(item, secret).decode()
    signed = {**item, "additionalData": {"hmacSignature": made}}
    return Webhook(as_json({**payload, "notificationItems": [{"NotificationRequestItem": signed}]}), {})


def _bold(payload: Payload, secret: str, at: datetime) -> Webhook:
    body = as_json(payload)
    return Webhook(body, {"x-bold-signature": digest(secret, base64.b64encode(body)).hex()})


def _epayco(payload: Payload, secret: str, at: datetime) -> Webhook:
    names = ("x_ref_payco", "x_transaction_id", "x_amount", "x_currency_code")
    signed = "^".join(["4321", secret, *(str(payload[one]) for one in names)])
    made = hashlib.sha256(signed.encode("utf-8", "surrogatepass")).hexdigest()
    return Webhook(urlencode({**payload, "x_signature": made}, errors="surrogatepass").encode(), {})


def _izipay(payload: Payload, secret: str, at: datetime) -> Webhook:
    answer = json.dumps(payload, separators=(",", ":"))
    fields = {
        "kr-hash": digest(secret, answer.encode()).hex(),
        "kr-hash-algorithm": "sha256_hmac",
        "kr-hash-key": "password",
        "kr-answer-type": "V4/Payment",
        "kr-answer": answer.replace("/", "\\/"),
    }
    return Webhook(urlencode(fields).encode(), {"content-type": "application/x-www-form-urlencoded"})


def _paypal(payload: Payload, secret: str, at: datetime) -> Webhook:
    body, stamp = as_json(payload), at.strftime("%Y-%m-%dT%H:%M:%SZ")
    webhook_id, _, pem = secret.partition(" ")
    signed = f"transmission-1|{stamp}|{webhook_id}|{zlib.crc32(body)}".encode()
    headers = {
        "paypal-transmission-id": "transmission-1",
        "paypal-transmission-time": stamp,
        "paypal-transmission-sig": base64.b64encode(rsa_sign(pem, signed)).decode(),
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-cert-url": "https://stranger.example.com/cert.pem",
    }
    return Webhook(body, headers)


_HEX = tuple(f"{n}" * 64 for n in "ABC")

TRIED = [
    Spoken(
        "fintoc",
        {
            "id": "evt_1",
            "type": "payment_intent.succeeded",
            "mode": "live",
            "created_at": "2026-03-09T18:00:00.000Z",
            "data": {
                "id": "pi_1",
                "mode": "live",
                "amount": 45_990,
                "currency": "CLP",
                "status": "succeeded",
                "metadata": {"reference": REFERENCE},
                "payment_type": "bank_transfer",
            },
        },
        stamped("fintoc-signature", "v1", hex_stamped),
        {"intent": "fintoc#pi_1", "minor": 45_990, "currency": "CLP", "status": "paid", "at": NOW},
        amount=("data", "amount"),
        header="fintoc-signature",
        is_windowed=True,
    ),
    Spoken(
        "dlocal",
        {
            "id": "D-4-1",
            "amount": 150.5,
            "currency": "MXN",
            "country": "MX",
            "status": "PAID",
            "status_code": "200",
            "order_id": REFERENCE,
            "payment_method_id": "OX",
            "approved_date": "2026-03-09T18:00:00.000+0000",
        },
        _dlocal,
        {"intent": "dlocal#D-4-1", "minor": 15_050, "currency": "MXN", "status": "paid", "at": NOW},
        amount=("amount",),
        header="authorization",
        merchant="login-1",
    ),
    Spoken(
        "kushki",
        {
            "ticket_number": "170912345678901234",
            "transaction_status": "APPROVAL",
            "transaction_type": "SALE",
            "approved_transaction_amount": 44_900.0,
            "currency_code": "COP",
            "payment_method": "transfer",
            "metadata": {"reference": REFERENCE},
        },
        _kushki,
        {
            "intent": "kushki#170912345678901234",
            "minor": 4_490_000,
            "currency": "COP",
            "status": "paid",
            "at": NOW,
        },
        amount=("approved_transaction_amount",),
        header="x-kushki-signature",
        merchant="20000000100000000000",
    ),
    Spoken(
        "adyen",
        {
            "live": "true",
            "notificationItems": [
                {
                    "NotificationRequestItem": {
                        "pspReference": "7914073381342284",
                        "originalReference": "",
                        "merchantAccountCode": "AgenciaECOM",
                        "merchantReference": REFERENCE,
                        "amount": {"value": 4_599_000, "currency": "CLP"},
                        "eventCode": "AUTHORISATION",
                        "success": "true",
                        "eventDate": "2026-03-09T19:00:00+01:00",
                        "paymentMethod": "visa",
                    }
                }
            ],
        },
        _adyen,
        {"intent": "adyen#7914073381342284", "minor": 45_990, "currency": "CLP", "status": "paid", "at": NOW},
        amount=("notificationItems", "0", "NotificationRequestItem", "amount", "value"),
        signed=tuple(
            ("notificationItems", "0", "NotificationRequestItem", *path)
            for path in (
                ("pspReference",),
                ("merchantAccountCode",),
                ("merchantReference",),
                ("amount", "value"),
                ("amount", "currency"),
                ("eventCode",),
                ("success",),
            )
        ),
        signature=("notificationItems", "0", "NotificationRequestItem", "additionalData", "hmacSignature"),
        secrets=(_HEX[0], _HEX[1], _HEX[2]),
        merchant="AgenciaECOM",
        options={"prefix": "1797a841fbb37ca7-Agencia"},
    ),
    Spoken(
        "bold",
        {
            "id": "e7c1c7a6-0000-4000-8000-000000000001",
            "type": "SALE_APPROVED",
            "subject": "TX-1",
            "source": "/payments",
            "time": int(NOW.timestamp()) * 10**9,
            "data": {
                "payment_id": "TX-1",
                "merchant_id": "M1",
                "amount": {"total": 59_900, "currency": "COP", "taxes": [], "tip": 0},
                "payment_method": "PSE",
                "metadata": {"reference": REFERENCE},
            },
        },
        _bold,
        {"intent": "bold#TX-1", "minor": 5_990_000, "currency": "COP", "status": "paid", "at": NOW},
        amount=("data", "amount", "total"),
        header="x-bold-signature",
        merchant="M1",
    ),
    Spoken(
        "epayco",
        {
            "x_ref_payco": "123456789",
            "x_id_invoice": REFERENCE,
            "x_transaction_id": "9876",
            "x_amount": "44900.00",
            "x_currency_code": "COP",
            "x_cod_transaction_state": "1",
            "x_transaction_date": "2026-03-09 13:00:00",
            "x_test_request": "FALSE",
        },
        _epayco,
        {
            "intent": "epayco#123456789",
            "minor": 4_490_000,
            "currency": "COP",
            "status": "paid",
            "at": NOW,
            "ask": "123456789",
        },
        amount=("x_amount",),
        signed=(("x_ref_payco",), ("x_transaction_id",), ("x_amount",), ("x_currency_code",)),
        signature=("x_signature",),
        merchant="4321",
    ),
    Spoken(
        "izipay",
        {
            "shopId": "33148340",
            "orderCycle": "CLOSED",
            "orderStatus": "PAID",
            "serverDate": "2026-03-09T18:00:00+00:00",
            "orderDetails": {
                "orderTotalAmount": 15_050,
                "orderCurrency": "PEN",
                "mode": "PRODUCTION",
                "orderId": REFERENCE,
            },
            "transactions": [
                {
                    "uuid": "9b7ad826931542198131fd939cf88816",
                    "status": "PAID",
                    "detailedStatus": "AUTHORISED",
                    "operationType": "DEBIT",
                    "amount": 15_050,
                    "currency": "PEN",
                    "paymentMethodType": "CARD",
                    "_type": "V4/PaymentTransaction",
                }
            ],
        },
        _izipay,
        {
            "intent": "izipay#9b7ad826931542198131fd939cf88816",
            "minor": 15_050,
            "currency": "PEN",
            "status": "paid",
            "at": NOW,
        },
        amount=("transactions", "0", "amount"),
        signed=(("kr-answer",),),
        signature=("kr-hash",),
        merchant="33148340",
    ),
    Spoken(
        "paypal",
        {
            "id": "WH-1",
            "event_type": "PAYMENT.CAPTURE.COMPLETED",
            "create_time": "2026-03-09T18:00:00Z",
            "resource": {
                "id": "3C679366HH908993F",
                "status": "COMPLETED",
                "amount": {"currency_code": "MXN", "value": "150.50"},
                "custom_id": REFERENCE,
            },
        },
        _paypal,
        {"intent": "paypal#3C679366HH908993F", "minor": 0, "at": NOW, "ask": "3C679366HH908993F"},
        header="paypal-transmission-sig",
        secrets=(
            f"WEBHOOK1 {PUBLIC_KEYS[0]}",
            f"WEBHOOK1 {PUBLIC_KEYS[1]}",
            f"WEBHOOK1 {PUBLIC_KEYS[2]}",
        ),
        nothing="-",
        merchant="SELLER1",
        api_key="client:secret",
    ),
]
