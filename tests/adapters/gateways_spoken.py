"""What each gateway says when it speaks genuinely: signed here from its documentation, by code that is not the code under test."""

import base64
import hashlib
from datetime import datetime
from urllib.parse import urlencode

from recobro.ports import Webhook
from tests.adapters.gateways_base import (
    NOW,
    REFERENCE,
    Payload,
    Spoken,
    as_json,
    at_path,
    changed,
    digest,
    flipped,
    flipped_bytes,
    hex_stamped,
    stamped,
    with_header,
)
from tests.adapters.gateways_keys import PUBLIC_KEYS, rsa_sign
from tests.adapters.gateways_tried import TRIED

__all__ = [
    "NOW",
    "REFERENCE",
    "SPOKEN",
    "Spoken",
    "as_json",
    "at_path",
    "changed",
    "flipped",
    "flipped_bytes",
    "with_header",
]


def _khipu(secret: str, body: bytes, at: datetime) -> tuple[str, str]:
    stamp = str(int(at.timestamp() * 1000))
    return stamp, base64.b64encode(digest(secret, f"{stamp}.".encode() + body)).decode()


def _standard(payload: Payload, secret: str, at: datetime) -> Webhook:
    body, stamp = as_json(payload), str(int(at.timestamp()))
    made = digest(base64.b64decode(secret[6:]), f"msg_1.{stamp}.".encode() + body)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(made).decode(),
    }
    return Webhook(body, headers)


def _mercado_pago(payload: Payload, secret: str, at: datetime) -> Webhook:
    stamp, there = str(int(at.timestamp() * 1000)), str(payload["query"].get("data.id", ""))
    manifest = f"id:{there};request-id:req-1;ts:{stamp};" if there else f"request-id:req-1;ts:{stamp};"
    made = digest(secret, manifest.encode("utf-8", "surrogatepass")).hex()
    query = urlencode({name: str(one) for name, one in payload["query"].items()}, errors="surrogatepass")
    return Webhook(
        as_json(payload["body"]), {"x-signature": f"ts={stamp},v1={made}", "x-request-id": "req-1"}, query
    )


def _conekta(payload: Payload, secret: str, at: datetime) -> Webhook:
    body = as_json(payload)
    return Webhook(body, {"digest": base64.b64encode(rsa_sign(secret, body)).decode()})


def _wompi(payload: Payload, secret: str, at: datetime) -> Webhook:
    stamp = int(at.timestamp())
    signed = ""
    for path in payload["signature"]["properties"]:
        try:
            signed += str(at_path(payload["data"], tuple(str(path).split("."))))
        except (KeyError, TypeError):
            signed += ""
    made = hashlib.sha256(f"{signed}{stamp}{secret}".encode("utf-8", "surrogatepass")).hexdigest().upper()
    body = {
        **payload,
        "timestamp": stamp,
        "signature": {**payload["signature"], "checksum": made},
    }
    return Webhook(as_json(body), {"x-event-checksum": made})


def _payu(payload: Payload, secret: str, at: datetime) -> Webhook:
    value = str(payload["value"])
    if "." not in value:
        value += ".0"
    elif value.endswith("0") and len(value.partition(".")[2]) == 2:
        value = value[:-1]
    names = ("merchant_id", "reference_sale", "", "currency", "state_pol")
    signed = "~".join([secret, *(str(payload[one]) if one else value for one in names)])
    made = hashlib.md5(signed.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    body = urlencode({**payload, "sign": made}, errors="surrogatepass").encode()
    return Webhook(body, {"content-type": "application/x-www-form-urlencoded"})


def _openpay(payload: Payload, secret: str, at: datetime) -> Webhook:
    made = "Basic " + base64.b64encode(secret.encode()).decode()
    return Webhook(as_json(payload), {"authorization": made})


_WHSEC = tuple(
    "whsec_" + base64.b64encode(f"standard secret {n}, 32 bytes ".encode()).decode() for n in "123"
)

KEPT = [
    Spoken(
        "standard",
        {
            "type": "payment.succeeded",
            "data": {"id": "pi_1", "reference": REFERENCE, "amount": 150_000, "currency": "MXN"},
        },
        _standard,
        {"intent": "standard#pi_1", "minor": 150_000, "currency": "MXN", "status": "paid"},
        amount=("data", "amount"),
        header="webhook-signature",
        secrets=(_WHSEC[0], _WHSEC[1], _WHSEC[2]),
        nothing="whsec_",
        is_windowed=True,
    ),
    Spoken(
        "stripe",
        {
            "id": "evt_1",
            "object": "event",
            "type": "payment_intent.succeeded",
            "created": int(NOW.timestamp()),
            "livemode": True,
            "data": {
                "object": {
                    "id": "pi_1",
                    "object": "payment_intent",
                    "amount": 45_990,
                    "amount_received": 45_990,
                    "currency": "clp",
                    "metadata": {"reference": REFERENCE},
                    "payment_method_types": ["card"],
                }
            },
        },
        stamped("stripe-signature", "v1", hex_stamped),
        {"intent": "stripe#pi_1", "minor": 45_990, "currency": "CLP", "status": "paid"},
        amount=("data", "object", "amount_received"),
        header="stripe-signature",
        secrets=("whsec_one", "whsec_two", "whsec_three"),
        is_windowed=True,
    ),
    Spoken(
        "mercado_pago",
        {
            "query": {"data.id": "123456", "type": "payment"},
            "body": {
                "action": "payment.updated",
                "type": "payment",
                "data": {"id": "123456"},
                "user_id": 42,
                "live_mode": True,
            },
        },
        _mercado_pago,
        {"intent": "mercado_pago#123456", "minor": 0, "currency": "", "ask": "123456"},
        signed=(("query", "data.id"),),
        header="x-signature",
        merchant="42",
    ),
    Spoken(
        "conekta",
        {
            "id": "5f000000",
            "object": "event",
            "type": "order.paid",
            "created_at": int(NOW.timestamp()),
            "livemode": True,
            "data": {
                "object": {
                    "id": "ord_1",
                    "amount": 150_000,
                    "currency": "MXN",
                    "payment_status": "paid",
                    "metadata": {"reference": REFERENCE},
                    "charges": {"data": [{"payment_method": {"type": "oxxo"}}]},
                },
                "previous_attributes": {},
            },
        },
        _conekta,
        {"intent": "conekta#ord_1", "minor": 150_000, "currency": "MXN", "status": "paid", "method": "oxxo"},
        amount=("data", "object", "amount"),
        header="digest",
        secrets=PUBLIC_KEYS,
        nothing="-",
    ),
    Spoken(
        "wompi",
        {
            "event": "transaction.updated",
            "data": {
                "transaction": {
                    "id": "1234-1610641025-49201",
                    "amount_in_cents": 4_490_000,
                    "reference": REFERENCE,
                    "currency": "COP",
                    "payment_method_type": "NEQUI",
                    "status": "APPROVED",
                }
            },
            "environment": "prod",
            "signature": {
                "properties": ["transaction.id", "transaction.status", "transaction.amount_in_cents"]
            },
            "sent_at": "2026-03-09T18:00:00.000Z",
        },
        _wompi,
        {
            "intent": "wompi#1234-1610641025-49201",
            "minor": 4_490_000,
            "currency": "COP",
            "status": "paid",
            "ask": "1234-1610641025-49201",
        },
        amount=("data", "transaction", "amount_in_cents"),
        signed=(
            ("data", "transaction", "id"),
            ("data", "transaction", "status"),
            ("data", "transaction", "amount_in_cents"),
            ("timestamp",),
        ),
        header="x-event-checksum",
        secrets=("prod_events_one", "prod_events_two", "prod_events_three"),
        api_key="prv_prod_key prod_integrity_key",
        options={"public_key": "pub_prod_key"},
    ),
    Spoken(
        "payu",
        {
            "merchant_id": "508029",
            "state_pol": "4",
            "reference_sale": REFERENCE,
            "transaction_id": "f5e668f1-7ecc-4b83-a4d1-0aaa68260862",
            "value": "150.00",
            "currency": "COP",
            "transaction_date": "2026-03-09 13:00:00",
            "payment_method_name": "PSE",
            "test": "0",
        },
        _payu,
        {
            "intent": "payu#f5e668f1-7ecc-4b83-a4d1-0aaa68260862",
            "minor": 15_000,
            "currency": "COP",
            "status": "paid",
            "at": NOW,
            "method": "PSE",
            "ask": f"f5e668f1-7ecc-4b83-a4d1-0aaa68260862 {REFERENCE}",
        },
        amount=("value",),
        signed=(("merchant_id",), ("reference_sale",), ("value",), ("currency",), ("state_pol",)),
        signature=("sign",),
        merchant="508029",
        api_key="login apikey",
    ),
    Spoken(
        "openpay",
        {
            "type": "charge.succeeded",
            "event_date": "2026-03-09T12:00:00-06:00",
            "transaction": {
                "id": "trq7yrthx5vc4gtjdkwg",
                "amount": 150.5,
                "order_id": REFERENCE,
                "status": "completed",
                "method": "store",
            },
        },
        _openpay,
        {"intent": "openpay#trq7yrthx5vc4gtjdkwg", "minor": 0, "at": NOW, "ask": "trq7yrthx5vc4gtjdkwg"},
        header="authorization",
        secrets=("user:password-one", "user:password-two", "user:password-three"),
        merchant="mzdtln0bmtms6o3kck8f",
        nothing=":",
    ),
    Spoken(
        "khipu",
        {
            "payment_id": "zfxnocsow6mz",
            "receiver_id": 990939,
            "amount": "1000.0000",
            "currency": "CLP",
            "transaction_id": REFERENCE,
            "payment_method": "simplified_transfer",
            "conciliation_date": "2026-03-09T18:00:00.000Z",
            "personal_identifier": "44.444.444-4",
        },
        stamped("x-khipu-signature", "s", _khipu),
        {"intent": "khipu#zfxnocsow6mz", "minor": 1000, "currency": "CLP", "status": "paid", "at": NOW},
        amount=("amount",),
        header="x-khipu-signature",
        merchant="990939",
        options={"notify_url": "https://pagos.example.com/hooks/khipu/main"},
    ),
]

SPOKEN = [*KEPT, *TRIED]
