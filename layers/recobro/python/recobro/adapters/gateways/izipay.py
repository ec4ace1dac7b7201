"""Izipay (Peru), which is Lyra's platform: cards and Yape; it signs the whole answer, with one key for servers and one for browsers.

Docs: docs.lyra.com REST API V4, "IPN"; izipay's examples. Signed: `kr-answer` with `\\/` read as `/`, HMAC-SHA256 hex. What a browser
carries is signed with another key (`kr-hash-key=sha256_hmac`): posted here it would let a payer speak for the bank, so only
`password` is heard. Experimental: refunds (`operationType` CREDIT) and retries were not confirmed. Endpoint: secrets the REST API
password, merchant the shopId, api_key "<shopId>:<password>" for links.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from recobro.adapters.gateways.asking import basic, key_of, once, send
from recobro.adapters.gateways.reading import counted, first, form, ident, iso, loaded, part, text, units
from recobro.adapters.gateways.signing import hmac_hex, signer, unverified, written
from recobro.domain.money import Money, exponent
from recobro.errors import InvalidInput
from recobro.ports import Endpoint, Forged, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {"PAID": "paid", "UNPAID": "failed", "RUNNING": "pending"}
"""A transaction's `status` → ours."""

API = "https://api.micuentaweb.pe/api-payment/V4/Charge/CreatePaymentOrder"


class Izipay:
    """One transaction an IPN; an order paid in parts has one IPN a part."""

    name = "izipay"
    is_experimental = True

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        with unverified():
            fields = form(webhook.body)
        if (fields.get("kr-hash-key"), fields.get("kr-hash-algorithm")) != ("password", "sha256_hmac"):
            raise Forged("not the server's own word")
        answer = fields.get("kr-answer", "").replace("\\/", "/")
        signer(
            endpoint.secrets,
            [fields.get("kr-hash", "")],
            lambda secret: hmac_hex(secret, written(answer)),
        )
        return _told(loaded(answer))

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        body = {
            "amount": counted(wanted.amount, exponent(wanted.amount.currency)),
            "currency": wanted.amount.currency,
            "orderId": wanted.reference,
            "channelOptions": {"channelType": "URL"},
            "expirationDate": wanted.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        }
        user, _, password = key_of(endpoint).partition(":")
        answer = send(http, "POST", API, basic(user, password), body, idempotency=once(wanted))
        if text(answer, "status") != "SUCCESS":
            raise InvalidInput("question", "was not answered SUCCESS", "see Lyra's documentation")
        made = part(answer, "answer")
        return LinkMade(ident(made, "paymentOrderId"), ident(made, "paymentURL"))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        """Nothing that we have seen documented: a payment order ends by its date."""


def _told(answer: Mapping[str, Any]) -> PaymentTold:
    order, found = part(answer, "orderDetails"), first(answer, "transactions")
    here, status = ident(found, "uuid"), STATUSES.get(text(found, "status"), "unrecognised")
    is_credit = text(found, "operationType") == "CREDIT"
    currency = text(found, "currency") or text(order, "orderCurrency")
    value = found.get("amount", order.get("orderTotalAmount"))
    money = units(value, currency, exponent(currency)) if value is not None else Money(0, currency)
    if is_credit:
        status = "refunded" if status == "paid" else "unrecognised"
    if status == "paid" and not money.minor:
        raise InvalidInput("amount", "is missing", "the transaction's amount")
    return PaymentTold(
        gateway="izipay",
        intent=f"izipay#{(text(found, 'transactionDetails', 'parentTransactionUuid') if is_credit else '') or here}",
        event=f"{here} {text(found, 'detailedStatus') or text(found, 'status')}",
        reference=text(order, "orderId"),
        amount=money,
        status=status,
        at=iso(answer.get("serverDate"), "serverDate"),
        merchant=text(answer, "shopId"),
        method=text(found, "paymentMethodType"),
        is_live=text(order, "mode") == "PRODUCTION",
    )
