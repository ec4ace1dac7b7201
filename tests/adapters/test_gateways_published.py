"""What gateways published of their own signing is believed, byte by byte: their examples, and their own programs."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe
from mercadopago.webhook import InvalidWebhookSignatureError, WebhookSignatureValidator
from standardwebhooks.webhooks import Webhook as StandardPublished

from recobro.adapters.gateways import gateway_named
from recobro.adapters.gateways.payu import new_value
from recobro.adapters.gateways.signing import public_key
from recobro.adapters.gateways.wompi import signed_link
from recobro.domain.money import Money
from recobro.ports import Endpoint, Forged, LinkWanted, Webhook
from tests.adapters.gateways_spoken import NOW, SPOKEN, as_json, with_header

KHIPU_BODY = (
    b'{"payment_id":"zfxnocsow6mz","receiver_id":990939,"subject":"TEST_COBRO","amount":"1000.0000","discount":"0.0000",'
    b'"currency":"CLP","receipt_url":"https:\\/\\/s3.amazonaws.com\\/staging.notifications.khipu.com\\/CPKH-1804240956-zfxno'
    b'csow6mz.pdf","bank":"DemoBank","bank_id":"Bawdf","payer_name":"Cobrador de desarrollo #990.939","payer_email":"test@kh'
    b'ipu.com","personal_identifier":"44.444.444-4","bank_account_number":"000000000000444444444","out_of_date_conciliation"'
    b':false,"transaction_id":"15f836bd-e8a7-4d12-b2f1-56403012b555","responsible_user_email":"test@khipu.com","payment_meth'
    b'od":"simplified_transfer","conciliation_date":"2024-04-18T13:56:54.859Z"}'
)
"""docs.khipu.com, "Instant payments: asynchronous notification", the worked example of version 3.0."""


def spoken(name: str) -> Any:
    return next(one for one in SPOKEN if one.gateway == name)


def test_khipus_worked_example_is_believed_and_none_of_its_bytes_can_change() -> None:
    endpoint = Endpoint("main", ("1a4cbbbeb8bdb7e1d73572b9cc43ce4ce18f79d9",))
    header = "t=1711965600393,s=GYzpjnXlTKQ+BJY7pZJmrM6DZgWMSJdtOr/dleBKTdg="
    webhook = Webhook(KHIPU_BODY, {"x-khipu-signature": header})
    told = gateway_named("khipu").verify_and_parse(webhook, endpoint, NOW)

    assert (told.intent, told.amount, told.status) == ("khipu#zfxnocsow6mz", Money(1000, "CLP"), "paid")
    assert told.reference == "15f836bd-e8a7-4d12-b2f1-56403012b555"
    assert told.merchant == "990939"
    assert told.at == datetime(2024, 4, 18, 13, 56, 54, 859000, UTC)
    for place in range(len(KHIPU_BODY)):
        body = KHIPU_BODY[:place] + bytes([KHIPU_BODY[place] ^ 1]) + KHIPU_BODY[place + 1 :]
        with pytest.raises(Forged):
            gateway_named("khipu").verify_and_parse(replace(webhook, body=body), endpoint, NOW)


def test_conektas_published_signature_opens_to_a_sha256_under_its_published_key() -> None:
    """conekta/conekta-node, issue 105: key and DIGEST stand there whole, of the body only a part. What RSA gives back is the
    padding and the digest that the issue's body had."""
    modulus, exponent = public_key(
        "-----BEGIN PUBLIC KEY-----\n"
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0iz57mpVAvxQtuxOyWsW\n"
        "hM1Jai7WB5cNZFs8xK53A9X9LQiXz30pzoFIhVo9Zm5K5GBpb9frCH8w6yr+/xrX\n"
        "0VUjbp1VTgZ2iGOm83ykLN7YYQJk5pCt/B69eFPYbMCKFzvauwTtN9tf2KcLQQ2y\n"
        "Sohxd3H51uUIGcxnSR5oVPoCdY4geSWfK0/FE4SAyVsTB/b3mS0KUor7R2tZupKm\n"
        "rS26O6QFQrk0ELuGIIriJimjxaQG9V7E/TumKkbDPAcJsiZBF8oep02sXbdNpaxl\n"
        "j5PNkVIQ2F09BfDJl71DrcAIKYXG7HSgDEoiRkZ3jIzudUNA+qkpYwHJ5Qx9qmgy\n"
        "uQIDAQAB\n-----END PUBLIC KEY-----\n"
    )
    signature = base64.b64decode(
        "PY0lEriF5Tt4T0ZVqwEQtS5+skbqUpCWwwDs5EtBEX5vriK15KuLCuTndttDR4jvlSvDsDVSUOCxXrpxMJ0x0cePCa79xGa23r/hcv4CPcfr2UMe4IKJ"
        "uJSlJc3XCfOQB1rfk6fQCMr7AbiVtvacr91yYxg7QoJq2/Y0YRo7RreT61X7/dmGhgzFrG0TALQ2R0PbQyAXIvO7l5+00Yncdc0IeyCBTL3/Wa0zN+Dc"
        "4UZW3iWFpNOIyljDKxmBp+2D0DxPeLfXw7fnVskQMSCM7rCVXSoP7k8BCyIDRZ62QieMXW5CubixFaPFrI1f6K8gh67lguYF2XSY/bYb7IU4Jg=="
    )
    opened = pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(256, "big")
    info = bytes.fromhex("3031300d060960864801650304020105000420")

    assert opened.startswith(b"\0\1" + b"\xff" * (256 - 32 - len(info) - 3) + b"\0" + info)
    assert opened[-32:].hex().startswith("ee2456fe")


def test_a_key_that_is_weak_or_none_opens_nothing() -> None:
    for pem in ("", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----", "MAA=", "x" * 40):
        with pytest.raises(ValueError, match=r"cut short|no RSA key|padding"):
            public_key(pem)


def test_stripes_own_program_signs_as_we_verify_and_refuses_what_we_refuse() -> None:
    one = spoken("stripe")
    body, stamp = as_json(one.payload), int(NOW.timestamp())
    made = stripe.WebhookSignature._compute_signature(f"{stamp}.{body.decode()}", one.secrets[0])
    header = f"t={stamp},v0=aaaa,v1={'0' * 64},v1={made}"
    told = gateway_named("stripe").verify_and_parse(
        Webhook(body, {"stripe-signature": header}), one.endpoint, NOW
    )

    assert told.intent == "stripe#pi_1"
    genuine = one.genuine()
    assert stripe.WebhookSignature.verify_header(
        body.decode(), genuine.headers["stripe-signature"], one.secrets[0]
    )
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(
            body.decode() + " ", genuine.headers["stripe-signature"], one.secrets[0]
        )


@pytest.mark.parametrize("there", ["123456", "ORD01JQ4S4KY8HWQ6NA5PXB65B3D3"])
def test_mercado_pagos_own_program_believes_what_we_believe(there: str) -> None:
    one = spoken("mercado_pago")
    payload = {
        "query": {"data.id": there, "type": "payment"},
        "body": {**one.payload["body"], "data": {"id": there}},
    }
    webhook = one.deliver(payload, one.secrets[0], NOW)
    WebhookSignatureValidator.validate(webhook.headers["x-signature"], "req-1", there, one.secrets[0])
    told = gateway_named("mercado_pago").verify_and_parse(webhook, one.endpoint, NOW)

    assert told.ask == ("123456" if there.isdigit() else "")
    for other in ("123457", there + "0"):
        with pytest.raises(InvalidWebhookSignatureError):
            WebhookSignatureValidator.validate(webhook.headers["x-signature"], "req-1", other, one.secrets[0])
        with pytest.raises(Forged):
            gateway_named("mercado_pago").verify_and_parse(
                replace(webhook, query=f"data.id={other}&type=payment"), one.endpoint, NOW
            )


def test_mercado_pagos_docs_sign_the_lower_case_of_an_id_and_that_is_believed_too() -> None:
    one, there = spoken("mercado_pago"), "ORD01JQ4S4KY8HWQ6NA5PXB65B3D3"
    lower = hmac.new(
        one.secrets[0].encode(), f"id:{there.lower()};request-id:r;ts:1742505638683;".encode(), hashlib.sha256
    ).hexdigest()
    headers = {"x-signature": f"ts=1742505638683,v1={lower}", "x-request-id": "r"}
    webhook = Webhook(as_json({"type": "order", "user_id": 42}), headers, f"data.id={there}&type=order")
    told = gateway_named("mercado_pago").verify_and_parse(webhook, one.endpoint, NOW)

    assert (told.status, told.is_certain, told.at.year) == ("unrecognised", True, 2025)


def test_the_published_program_of_standard_webhooks_signs_as_we_verify() -> None:
    one = spoken("standard")
    body = as_json(one.payload)
    headers = {
        "webhook-id": "msg_9",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": "v1,bm9wZQ== "
        + StandardPublished(one.secrets[1]).sign("msg_9", NOW, body.decode()),
    }
    told = gateway_named("standard").verify_and_parse(Webhook(body, headers), one.endpoint, NOW)

    assert told.event == "msg_9"
    future = with_header(one.genuine(at=NOW + timedelta(minutes=6)), "x", "")
    with pytest.raises(Forged):
        gateway_named("standard").verify_and_parse(future, one.endpoint, NOW)


def test_wompis_published_link_signature_is_ours() -> None:
    """docs.wompi.co, "Widget & Checkout Web", with the optional expiry left out in the example and always there in ours."""
    secret = "prod_integrity_Z5mMke9x0k8gpErbDqwrJXMqsI6SFli6"
    published = "37c8407747e595535433ef8f6a811d853cd943046624a0ec04662b17bbf33bf5"

    assert hashlib.sha256(f"sk8-438k4-xmxm392-sn2m2490000COP{secret}".encode()).hexdigest() == published
    ends = datetime(2023, 6, 9, 20, 28, 50, tzinfo=UTC)
    wanted = LinkWanted("sk8-438k4-xmxm392-sn2m", Money(2_490_000, "COP"), "Cuota", ends)
    signed = f"sk8-438k4-xmxm392-sn2m2490000COP2023-06-09T20:28:50.000Z{secret}"
    assert f"signature:integrity={hashlib.sha256(signed.encode()).hexdigest()}" in signed_link(
        wanted, "pub_x", secret
    )


def test_wompis_printed_checksum_is_not_believed_since_it_is_not_of_the_string_beside_it() -> None:
    """docs.wompi.co, "Eventos". The two were published together and do not belong together."""
    body = {
        "event": "transaction.updated",
        "data": {
            "transaction": {"id": "1234-1610641025-49201", "status": "APPROVED", "amount_in_cents": 4_490_000}
            | {"currency": "COP", "reference": "r"}
        },
        "signature": {
            "properties": ["transaction.id", "transaction.status", "transaction.amount_in_cents"],
            "checksum": "3476DDA50F64CD7CBD160689640987FEBEA93239BC524FC0469B2C68A3CC8BD0",
        },
        "timestamp": 1530291411,
    }
    secret = "prod_events_OcHnIzeBl5socpwByQ4hA52Em3USQ93Z"
    endpoint = Endpoint("main", (secret,))
    with pytest.raises(Forged):
        gateway_named("wompi").verify_and_parse(Webhook(json.dumps(body).encode(), {}), endpoint, NOW)
    signed = f"1234-1610641025-49201APPROVED44900001530291411{secret}"
    body["signature"]["checksum"] = hashlib.sha256(signed.encode()).hexdigest().upper()  # type: ignore[index]
    told = gateway_named("wompi").verify_and_parse(Webhook(json.dumps(body).encode(), {}), endpoint, NOW)

    assert told.amount == Money(4_490_000, "COP")


@pytest.mark.parametrize(
    ("value", "signed"),
    [("150.00", "150.0"), ("150.25", "150.25"), ("150.26", "150.26"), ("150", "150.0"), ("150.20", "150.2")],
)
def test_payus_rule_on_the_text_of_the_value(value: str, signed: str) -> None:
    """developers.payulatam.com, "Confirmation page": "if the second decimal is zero …"."""
    assert new_value(value) == signed


def test_payus_published_form_signature_has_the_same_head() -> None:
    """developers.payulatam.com, "WebCheckout": the sandbox key and its published MD5, the same `key~merchant~…` as ours."""
    signed = b"4Vj8eK4rloUd272L48hsrarnUA~508029~TestPayU~20000~COP"

    assert hashlib.md5(signed, usedforsecurity=False).hexdigest() == "7ee7cf808ce6a39b17481c54f2c57acc"


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "hmac-sha256"])
def test_payu_signs_by_the_algorithm_of_the_account_and_by_no_other(algorithm: str) -> None:
    one = spoken("payu")
    key = "apikey" if algorithm == "hmac-sha256" else one.secrets[0]
    signed = f"{key}~508029~{one.payload['reference_sale']}~150.0~COP~4".encode()
    sign = (
        hmac.new(one.secrets[0].encode(), signed, hashlib.sha256).hexdigest()
        if algorithm == "hmac-sha256"
        else hashlib.new(algorithm, signed, usedforsecurity=False).hexdigest()
    )
    body = json.dumps({**one.payload, "sign": sign}).encode()
    webhook = Webhook(body, {"content-type": "application/json"})
    for configured in ("md5", "sha1", "sha256", "hmac-sha256"):
        endpoint = replace(one.endpoint, options={"algorithm": configured})
        if configured == algorithm:
            assert gateway_named("payu").verify_and_parse(webhook, endpoint, NOW).amount == Money(
                15_000, "COP"
            )
        else:
            with pytest.raises(Forged):
                gateway_named("payu").verify_and_parse(webhook, endpoint, NOW)
